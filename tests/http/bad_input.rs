//! Requests that are wrong, too large, too slow or meant to do harm.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use chancery::http::ServerLimits;
use proptest::prelude::*;
use serde_json::json;

use super::Running;

#[test]
fn malformed_requests_are_refused_and_others_served() {
    let head_time = Duration::from_millis(500);
    let running = Running::limited(ServerLimits { head_time, ..Default::default() });
    for request in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "G\u{e9}T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /api/lookup HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /api/stats HTTP/1.1\r\nConnection: close\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = running.raw(request);
        let status = answer.split(' ').nth(1).unwrap_or("closed");
        assert!(matches!(status, "400" | "505" | "415" | "closed"), "{request:?}: {answer}");
    }
    running.still_serves();
}

#[test]
fn what_is_too_large_is_refused() {
    let running =
        Running::limited(ServerLimits { body_bytes: 1000, query_bytes: 100, ..Default::default() });
    let long = "x".repeat(2000);
    let body = json!({"text": long});
    assert_eq!(running.post("/api/lookup", body).refused(), (413, "body".to_owned()));
    let chunked = format!(
        "POST /api/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n{long}\r\n0\r\n\r\n"
    );
    assert!(running.raw(chunked).contains(" 413 "));
    let text = "x".repeat(200);
    let refused = (400, "query-too-long".to_owned());
    assert_eq!(running.post("/api/lookup", json!({"text": text})).refused(), refused);
    assert_eq!(running.get(&format!("/tmserver/fr/en/unit/{text}")).refused(), refused);
    let address = format!("/tmserver/fr/en/unit/{}", "x".repeat(70_000));
    assert_eq!(running.get(&address).status, 414);
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    assert!(running.raw(head).contains(" 431 "));
    let deep = "[".repeat(900);
    let headers = [("Content-Type", "application/json")];
    assert_eq!(
        running.send("POST", "/api/add", &headers, &deep).refused(),
        (400, "body".to_owned())
    );
    running.still_serves();
}

#[test]
fn slow_clients_are_cut_off_and_others_served_meanwhile() {
    let limits = ServerLimits {
        head_time: Duration::from_millis(500),
        request_time: Duration::from_millis(500),
        ..Default::default()
    };
    let running = Running::limited(limits);
    let head = "POST /api/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\
                Content-Type: application/json\r\n";
    let slow: Vec<_> = ["", "GET /api/st", head, &format!("{head}\r\n{{")]
        .iter()
        .map(|begun| {
            let mut stream = running.connect();
            stream.write_all(begun.as_bytes()).unwrap();
            stream
        })
        .collect();
    running.still_serves();
    for mut stream in slow {
        let start = Instant::now();
        let mut answer = Vec::new();
        // It may answer that this took too long, or break off.
        let _ = stream.read_to_end(&mut answer);
        assert!(start.elapsed() < Duration::from_secs(30), "it waits for ever");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.contains(" 408 "), "{answer}");
    }
}

#[test]
fn more_connections_than_allowed_have_to_wait() {
    let running = Running::limited(ServerLimits {
        connections: 2,
        head_time: Duration::from_millis(500),
        ..Default::default()
    });
    // They say nothing, and are cut off.
    let _silent: Vec<_> = (0..4).map(|_| running.connect()).collect();
    running.still_serves();
}

#[test]
fn paths_lead_nowhere_else() {
    let running = Running::new();
    for path in [
        "/../../etc/passwd",
        "/tmserver/../../etc/passwd",
        "/api/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/api/openapi.json/../../Cargo.toml",
        "/API/STATS",
        "/api/stats/",
        "http://evil.example/etc/passwd",
    ] {
        let answer = running.get(path);
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    // After /unit/ everything is text, to be looked up and nothing else.
    let text = running.get("/tmserver/fr/en/unit/../../../etc/passwd");
    assert_eq!(text.json(), json!([]));
    assert_eq!(running.get("/tmserver/fr/en/unit/%ff%fe").refused(), (400, "encoding".to_owned()));
    let numbers = "min_similarity=NaN&max_candidates=-1e308";
    assert_eq!(running.get(&format!("/tmserver/fr/en/unit/x?{numbers}")).status, 400);
}

#[test]
fn many_ask_while_one_adds() {
    let running = Running::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    running.still_serves();
                }
            });
        }
        for number in 0..20 {
            let unit = json!({"segments": {"fr": format!("Article {number}"), "en": "An article"}});
            assert_eq!(running.post("/api/add", json!({"units": [unit]})).status, 200);
        }
    });
    assert_eq!(running.get("/api/stats").json()["memories"][0]["units"], 25);
}

/// The file is removed, then another stands in its place: who asks is told that something is wrong,
/// but not where the memory lies, and the server goes on.
#[cfg(feature = "sqlite")]
#[test]
fn a_memory_that_vanishes_is_an_error_and_no_end() {
    use chancery::http::Server;
    use chancery::memory::Memory;
    use chancery::{Lang, Unit};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.chancery");
    let memory = Memory::create(&path).unwrap();
    memory.add([Unit::pair((Lang::FR, "Le point est clos."), (Lang::EN, "Closed."))]).unwrap();
    let running = Running::of(Server::new("gone", memory).memory("there", super::memory()));
    running.still_serves();
    let requests = || {
        let unit = json!({"segments": {"fr": "Oui.", "en": "Yes."}});
        let told = [
            running.post("/api/lookup", json!({"text": "Le point est clos."})),
            running.post("/api/phrase", json!({"text": "point"})),
            running.post("/api/concordance", json!({"query": "point"})),
            running.post("/api/terms", json!({"text": "point"})),
            running.post("/api/add", json!({"units": [unit]})),
            running.post("/api/undo", json!({"revision": 1})),
            running.get("/api/stats"),
            running.get("/tmserver/languages/"),
        ];
        for answer in told {
            assert!(matches!(answer.status, 200 | 404 | 500 | 503), "{answer:?}");
            assert!(!answer.body.contains("secret.chancery"), "{answer:?}");
        }
        assert_eq!(running.get("/").status, 200);
        assert_eq!(running.get("/api/openapi.json").status, 200);
    };
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap().path();
        let gone = if entry.is_dir() { std::fs::remove_dir_all } else { std::fs::remove_file };
        gone(entry).unwrap();
    }
    requests();
    std::fs::write(&path, "This is no database, but it stands where one was. ".repeat(200))
        .unwrap();
    requests();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is sent, the answer is one of HTTP or none, and the next is served.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), path in "\\PC{0,40}") {
        let limits = ServerLimits { head_time: Duration::from_millis(50), ..Default::default() };
        let running = Running::limited(limits);
        let answer = running.raw(&bytes);
        prop_assert!(answer.is_empty() || answer.starts_with("HTTP/1."), "{answer}");
        let path = path.replace(' ', "%20");
        let request = format!("GET /tmserver/fr/en/unit/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let answer = running.raw(request);
        prop_assert!(answer.is_empty() || answer.starts_with("HTTP/1."), "{answer}");
        running.still_serves();
    }
}
