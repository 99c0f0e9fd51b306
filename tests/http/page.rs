//! The page, as it is served and as a browser shows it.

use std::path::Path;
use std::process::Command;

use super::Running;

#[test]
fn the_page_loads_from_here_and_nowhere_else() {
    let running = Running::new();
    let page = running.get("/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    let (mut loaded, mut rest) = (0, page.body.as_str());
    while let Some(at) = rest.find(" src=\"").or_else(|| rest.find("stylesheet\" href=\"")) {
        let (_, after) = rest[at..].split_once("=\"").expect("an attribute");
        let address = after.trim_start_matches("href=\"").split('"').next().expect("its end");
        assert_eq!(running.get(&format!("/{address}")).status, 200, "{address}");
        (loaded, rest) = (loaded + 1, after);
    }
    assert!(loaded >= 2, "{loaded}");
    assert_eq!(running.send("POST", "/", &[], "").refused(), (405, "method".to_owned()));
}

#[test]
fn a_link_of_another_site_opens_the_page_but_reads_nothing() {
    let running = Running::new();
    let headers = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
    let page = running.send("GET", "/", &headers, "");
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("meeting"));
    assert_eq!(running.send("GET", "/api/stats", &headers, "").status, 403);
    assert_eq!(running.send("GET", "/", &[("Host", "evil.example")], "").status, 403);
}

/// The keys of a language in the texts of the page.
fn keys(texts: &str, lang: &str) -> Vec<String> {
    let (_, block) = texts.split_once(&format!("\n  {lang}: {{")).expect("the language");
    let block = block.split("\n  },").next().expect("its end");
    // A name before a colon is a key where it begins an entry; else it stands in a text.
    let is_name = |c: char| c.is_ascii_alphabetic();
    let key = |(at, _): (usize, &str)| {
        let before = &block[..at];
        let name = &before[before.trim_end_matches(is_name).len()..];
        let begins = before[..before.len() - name.len()].trim_end_matches(' ');
        (!name.is_empty() && begins.ends_with([',', '{', '\n'])).then(|| name.to_owned())
    };
    let mut keys: Vec<String> = block.match_indices(": ").filter_map(key).collect();
    keys.sort();
    keys
}

#[test]
fn each_language_says_everything() {
    let running = Running::new();
    let (page, texts) = (running.get("/").body, running.get("/texts.js").body);
    let french = keys(&texts, "fr");
    assert!(french.len() > 40, "{french:?}");
    assert_eq!(keys(&texts, "en"), french);
    assert_eq!(keys(&texts, "ru"), french);
    for attribute in ["data-text=\"", "data-title=\""] {
        for key in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(french.iter().any(|known| known == key), "{key}");
        }
    }
}

/// What a browser makes of an address, if there is one.
fn shown(address: &str) -> Option<String> {
    let scratch = tempfile::tempdir().unwrap();
    let browser = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = browser else {
        assert!(std::env::var_os("CI").is_none(), "chromium is not installed");
        eprintln!("skipped: chromium is not installed");
        return None;
    };
    let output = Command::new(browser)
        .args(["--headless", "--disable-gpu", "--lang=fr", "--virtual-time-budget=20000"])
        // It will not sandbox itself for root, as which checks are often run.
        .args(["--no-sandbox", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", Path::new(scratch.path()).display()))
        .arg("--dump-dom")
        .arg(address)
        .output()
        .expect("it runs");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_browser_shows_what_was_found_side_by_side() {
    let running = Running::new();
    let text = "La%20contribution%20s%E2%80%99%C3%A9l%C3%A8ve%20%C3%A0%201%20375%20euros.";
    let base = format!("http://{}/#", running.address);
    let Some(page) = shown(&format!("{base}interface=fr&mode=sentence&text={text}")) else {
        return;
    };
    for part in [
        // The stored source with what differs, the suggestion with what was carried over.
        "<mark class=\"critical\" title=\"nombre\">1 250</mark>",
        "The contribution amounts to 1,250 euros.",
        ">1,375</mark> euros.",
        "1 correspondance",
        "valeurs reportées",
        "ministry : 5 unités",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let page = shown(&format!("{base}interface=ru&text=publier%20les%20r%C3%A9sultats"));
    let page = page.expect("there is a browser").replace(" title=\"\"", "");
    for part in
        ["<mark>publier les résultats</mark>", "<mark class=\"carried\">publish the results</mark>"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let terms = super::api::with_terms();
    let page = shown(&format!(
        "http://{}/#interface=en&mode=words&text=commission%20d%E2%80%99enqu%C3%AAte",
        terms.address
    ));
    let page = page.expect("there is a browser");
    for part in ["<b>commission d’enquête</b> → commission of inquiry", "No unit has these words."]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let page = shown(&format!("{base}interface=en&mode=words&text=s%C3%A9ance%20NOT%20lever"));
    let page = page.expect("there is a browser").replace(" title=\"\"", "");
    for part in
        ["La <mark>séance</mark> est suspendue.", "lines: 1; units that have these words: 1"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    // What stands after the `#` is not told to the server.
    assert!(!running.logged().contains("contribution"));
}
