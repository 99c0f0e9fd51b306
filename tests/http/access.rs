//! Who may ask: names, pages, tokens.

use chancery::http::{Access, HttpError, Right, Server};
use chancery::memory::Memory;
use serde_json::json;

use super::Running;

const PATH: &str = "/tmserver/fr/en/unit/La%20s%C3%A9ance%20est%20suspendue.";
const READ: &str = "reader-0123456789abcdef";
const WRITE: &str = "writer-0123456789abcdef";

#[test]
fn a_page_of_another_site_reads_nothing_and_writes_nothing() {
    let running = Running::new();
    for headers in [
        [("Origin", "https://evil.example"), ("X", "")],
        [("Origin", "null"), ("X", "")],
        [("Origin", "http://127.0.0.1:1"), ("X", "")],
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
        [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "cors")],
        // A name of the attacker's that leads to this machine.
        [("Host", "evil.example"), ("X", "")],
        [("Host", "127.0.0.1.evil.example:80"), ("Origin", "http://127.0.0.1.evil.example:80")],
    ] {
        let answer = running.send("GET", PATH, &headers, "");
        assert_eq!(answer.status, 403, "{headers:?}");
        assert!(!answer.body.contains("meeting"), "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        let added = running.send("POST", PATH, &headers, r#"{"target": "x"}"#);
        assert_eq!(added.status, 403, "{headers:?}");
        assert_eq!(running.send("OPTIONS", PATH, &headers, "").status, 403);
    }
    let twice = format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
    assert!(
        running.raw(twice.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).contains(" 400 ")
    );
    assert_eq!(running.get("/api/stats").json()["memories"][0]["units"], 5);
}

#[test]
fn tokens_give_rights() {
    let access = Access::new().token(Right::Read, READ).unwrap().token(Right::Write, WRITE);
    let running = Running::guarded(access.unwrap());
    let unit = json!({"units": [{"segments": {"fr": "Oui.", "en": "Yes."}}]}).to_string();
    let send = |method: &str, path: &str, credentials: &str, body: &str| {
        let headers = [("Authorization", credentials), ("Content-Type", "application/json")];
        running.send(method, path, &headers, body).status
    };
    let (read, write) = (format!("Bearer {READ}"), format!("bearer {WRITE}"));
    // weblate:reader-0123456789abcdef
    let password = "Basic d2VibGF0ZTpyZWFkZXItMDEyMzQ1Njc4OWFiY2RlZg==";
    for credentials in [read.as_str(), &write, password] {
        assert_eq!(send("GET", PATH, credentials, ""), 200, "{credentials}");
        assert_eq!(send("POST", "/api/lookup", credentials, r#"{"text":"Oui."}"#), 200);
    }
    assert_eq!(send("POST", "/api/add", &read, &unit), 403);
    assert_eq!(send("POST", PATH, password, r#"{"target": "x"}"#), 403);
    assert_eq!(send("POST", "/api/add", &write, &unit), 200);
    for wrong in ["Bearer ", "Bearer reader", "Bearer reader-0123456789abcdeg", "Basic !", READ] {
        assert_eq!(send("GET", PATH, wrong, ""), 401, "{wrong}");
        assert_eq!(send("POST", "/api/add", wrong, &unit), 401, "{wrong}");
    }
    let none = running.get(PATH);
    assert_eq!(none.refused(), (401, "no-token".to_owned()));
    assert!(none.header("www-authenticate").is_some());
    assert!(!running.logged().contains("reader") && !running.logged().contains("writer"));
}

#[test]
fn other_machines_are_served_with_tokens_alone() {
    let server = || Server::new("ministry", Memory::new());
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused = server().bind(address.parse().unwrap());
        assert!(matches!(refused, Err(HttpError::Unprotected { .. })), "{refused:?}");
    }
    let access = Access::new().token(Right::Read, READ).unwrap();
    assert!(server().access(access).bind("0.0.0.0:0".parse().unwrap()).is_ok());
    let taken = server().bind("127.0.0.1:0".parse().unwrap()).unwrap();
    assert!(matches!(server().bind(taken.address()), Err(HttpError::Bind { .. })));
}
