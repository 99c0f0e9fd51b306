//! The page, as it is served and as a browser shows it.

use chancery::http::Server;
use chancery::memory::Memory;
use chancery::{Lang, Unit};
use serde_json::json;

use super::Running;
use super::browser::Browser;

#[test]
fn the_page_loads_from_here_and_nowhere_else() {
    for path in ["/", "/review"] {
        loads_from_here(path);
    }
}

fn loads_from_here(path: &str) {
    let running = Running::new();
    let page = running.get(path);
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
    assert_eq!(running.send("POST", path, &[], "").refused(), (405, "method".to_owned()));
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
    let page = running.get("/").body + &running.get("/review").body;
    let texts = running.get("/texts.js").body;
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

#[test]
fn a_browser_shows_what_was_found_side_by_side() {
    let running = Running::new();
    let base = format!("http://{}/", running.address);
    let text = "La%20contribution%20s%E2%80%99%C3%A9l%C3%A8ve%20%C3%A0%201%20375%20euros.";
    let address = format!("{base}#interface=fr&mode=sentence&text={text}");
    let Some(mut browser) = Browser::open(&address) else { return };
    let html = |browser: &mut Browser| {
        browser.wait("document.querySelector('#results li') !== null");
        browser.evaluate("document.body.innerHTML").as_str().unwrap().replace(" title=\"\"", "")
    };
    let page = html(&mut browser);
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
    for scheme in ["light", "dark"] {
        browser.picture("search", scheme);
    }
    // A filter hides what is not approved; the keyboard leads to what was found.
    browser.evaluate("document.querySelector('#filters').open = true");
    browser.evaluate(
        "const status = $('status'); status.value = 'approved'; \
         status.dispatchEvent(new Event('input', { bubbles: true }))",
    );
    browser.wait("document.querySelector('#state').innerText.includes('1 masquée')");
    assert_eq!(browser.evaluate("document.querySelectorAll('#results li').length"), 0);
    browser.evaluate("$('status').value = ''");

    browser.go(&format!("{base}#interface=ru&mode=phrase&text=publier%20les%20r%C3%A9sultats"));
    browser.wait("document.querySelector('mark.carried') !== null && $('phrase').checked");
    let page = html(&mut browser);
    for part in
        ["<mark>publier les résultats</mark>", "<mark class=\"carried\">publish the results</mark>"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    browser.write("#query", "");
    browser.press("ArrowDown");
    assert_eq!(browser.evaluate("document.activeElement.dataset.target"), "publish the results");

    browser.go(&format!("{base}#interface=en&mode=words&text=s%C3%A9ance%20NOT%20lever"));
    browser.wait("document.querySelector('#state').innerText.startsWith('lines: 1')");
    let page = html(&mut browser);
    for part in
        ["La <mark>séance</mark> est suspendue.", "lines: 1; units that have these words: 1"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert_eq!(browser.problems(&base), Vec::<String>::new());
    // What stands after the `#` is not told to the server.
    assert!(!running.logged().contains("contribution"));
}

#[test]
fn a_browser_says_that_more_units_may_have_the_words() {
    let memory = Memory::new();
    let units = (0..=1_000).map(|number| {
        Unit::pair((Lang::FR, format!("Article {number}")), (Lang::EN, format!("Section {number}")))
    });
    memory.add(units).expect("they are taken");
    let running = Running::of(Server::new("articles", memory));
    for (way, field) in [("concordance", "query"), ("phrase", "text")] {
        let answer = running.post(&format!("/api/{way}"), json!({field: "article"})).json();
        let told = &answer["memories"][0];
        assert_eq!((&told["units"], &told["complete"]), (&json!(1_000), &json!(false)), "{way}");
    }
    let base = format!("http://{}/", running.address);
    let address = format!("{base}#interface=en&mode=words&text=article");
    let Some(mut browser) = Browser::open(&address) else { return };
    browser.wait("document.querySelector('#results li') !== null");
    assert!(browser.text("#state").ends_with("units that have these words: at least 1,000"));
    browser.go(&format!("{base}#interface=fr&mode=phrase&text=article"));
    browser.wait("document.querySelector('mark.carried') !== null");
    assert!(browser.text("#state").ends_with("20 sur au moins 1\u{202f}000"));
    assert_eq!(browser.problems(&base), Vec::<String>::new());
}

#[test]
fn a_browser_shows_the_terms_of_the_question() {
    let running = super::api::with_terms();
    let base = format!("http://{}/", running.address);
    let address =
        format!("{base}#interface=en&mode=words&text=commission%20d%E2%80%99enqu%C3%AAte");
    let Some(mut browser) = Browser::open(&address) else { return };
    browser.wait("document.querySelector('#terms li') !== null");
    assert_eq!(browser.text("#terms li"), "commission d’enquête → commission of inquiry");
    assert_eq!(browser.text("#state"), "No unit has these words.");
    assert_eq!(browser.problems(&base), Vec::<String>::new());
}

/// Two texts and a ladder with two slips: the first bead is two, the second and third are one.
const FRENCH: &str = "La séance est ouverte à 10 heures. Elle est publique. Le Président prend la \
                      parole et salue les délégations. Il les remercie. La contribution s’élève à \
                      1 250 euros. La séance est levée à 18 heures.";
const ENGLISH: &str = "The meeting is open at 10 a.m. It is public. The President takes the floor, \
                       greets the delegations and thanks them. The contribution amounts to 1,250 \
                       euros. The meeting rose at 6 p.m.";
const LADDER: &str = "[0,1]:[0,1]:0.55\n[2]:[2]:0.72\n[3]:[]:0.40\n[4]:[3]:0.97\n[5]:[4]:0.98\n";

#[test]
fn a_reviser_mends_an_alignment_with_the_keyboard_and_saves_it() {
    let running = Running::new();
    let base = format!("http://{}/", running.address);
    let Some(mut browser) = Browser::open(&format!("{base}review#interface=fr")) else { return };
    let scratch = tempfile::tempdir().unwrap();
    let ladder = scratch.path().join("PV.1.ladder");
    std::fs::write(&ladder, LADDER).unwrap();
    browser.write("fieldset:nth-of-type(1) textarea", FRENCH);
    browser.write("fieldset:nth-of-type(2) textarea", ENGLISH);
    browser.choose("#made", &ladder);
    browser.click("#open button");
    browser.wait("!$('work').hidden");
    let beads = |browser: &mut Browser| {
        let ladder = "beads.map(({ sides }) => sides.map(String).join(':')).join(' ')";
        browser.evaluate(ladder).as_str().unwrap().to_owned()
    };
    assert_eq!(beads(&mut browser), "0,2:0,2 2,3:2,3 3,4:3,3 4,5:3,4 5,6:4,5");
    assert_eq!(browser.text("#progress"), "blocs : 5 ; acceptés : 0 ; douteux : 3");
    for scheme in ["light", "dark"] {
        browser.picture("review", scheme);
    }

    // It begins at the first doubtful bead, whose second sentence begins a bead of its own.
    browser.press("s");
    assert!(browser.text("#state").starts_with("Placez-vous"));
    browser.press("ArrowDown");
    browser.press("s");
    assert_eq!(beads(&mut browser), "0,1:0,1 1,2:1,2 2,3:2,3 3,4:3,3 4,5:3,4 5,6:4,5");
    browser.press("n");
    assert_eq!(browser.evaluate("at.bead"), 2);
    browser.press("m");
    let mended = "0,1:0,1 1,2:1,2 2,4:2,3 4,5:3,4 5,6:4,5";
    assert_eq!(beads(&mut browser), mended);

    // A sentence is linked upwards and downwards, a bead taken apart, and all that undone.
    browser.press("Alt+ArrowUp");
    assert_eq!(beads(&mut browser), "0,1:0,1 1,3:1,2 3,4:2,3 4,5:3,4 5,6:4,5");
    browser.press("Alt+ArrowDown");
    assert_eq!(beads(&mut browser), "0,1:0,1 1,2:1,2 2,4:2,3 4,5:3,4 5,6:4,5");
    browser.press("x");
    assert_eq!(beads(&mut browser), "0,1:0,1 1,2:1,2 2,4:2,2 4,4:2,3 4,5:3,4 5,6:4,5");
    browser.press("u");
    browser.press("Ctrl+z");
    browser.press("u");
    assert_eq!(beads(&mut browser), mended);
    browser.press("u");
    browser.press("y");
    assert_eq!(beads(&mut browser), mended);
    assert_eq!(browser.text("#progress"), "blocs : 5 ; acceptés : 3 ; douteux : 0");
    for scheme in ["light", "dark"] {
        browser.picture("reviewed", scheme);
    }

    // What is accepted is fed back: the aligner keeps it.
    browser.press("r");
    browser.wait("$('state').innerText.startsWith('réaligné autour')");
    assert_eq!(beads(&mut browser), mended);
    assert_eq!(browser.evaluate("beads.filter(({ fixed }) => fixed).length"), 3);
    browser.press("Ctrl+s");
    browser.wait("$('state').innerText.startsWith('Unités ajoutées')");
    assert_eq!(browser.text("#state"), "Unités ajoutées : 5 ; déjà connues : 0.");
    let text = "Le Président prend la parole et salue les délégations. Il les remercie.";
    let found = running.post("/api/lookup", json!({"text": text, "limit": 1})).json();
    let found = &found["matches"][0];
    assert_eq!((&found["score"], &found["document"]), (&json!(100.0), &json!("PV.1")));
    assert_eq!(browser.problems(&base), Vec::<String>::new());
}
