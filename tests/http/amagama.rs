//! What the clients of amaGama and tmserver rely on, rule by rule.

use chancery::http::Server;
use chancery::memory::Memory;
use chancery::{Lang, Unit};
use serde_json::Value;

use super::{Running, memory};

const MEETING: &str = "La%20s%C3%A9ance%20est%20suspendue.";

#[test]
fn quality_is_a_number_with_a_point() {
    let body = Running::new().get(&format!("/tmserver/fr/en/unit/{MEETING}")).body;
    // Okapi casts it to a Double: 100 alone would fail there.
    assert!(body.contains("\"quality\":100.0"), "{body}");
}

#[test]
fn answers_are_sorted_by_quality() {
    let running = Running::new();
    let answer = running.get(&format!("/tmserver/fr/en/unit/{MEETING}?min_similarity=0"));
    let found = answer.json();
    let qualities: Vec<f64> =
        found.as_array().unwrap().iter().map(|found| found["quality"].as_f64().unwrap()).collect();
    assert!(qualities.len() == 5 && qualities.is_sorted_by(|a, b| a >= b), "{qualities:?}");
    assert_eq!(found[0]["source"], "La séance est suspendue.");
    assert_eq!(found[0]["target"], "The meeting is suspended.");
    let answer = running.get(&format!(
        "/tmserver/fr/en/unit/{MEETING}?min_similarity=0&max_candidates=2&style=gnome"
    ));
    assert_eq!(answer.json().as_array().unwrap().len(), 2);
}

#[test]
fn both_bases_answer_alike() {
    let running = Running::new();
    for path in [format!("fr/en/unit/{MEETING}"), "languages/".to_owned()] {
        let [tmserver, amagama] = ["/tmserver/", "/api/v1/"].map(|base| {
            let answer = running.get(&format!("{base}{path}"));
            answer.json()
        });
        assert_eq!(tmserver, amagama);
    }
}

#[test]
fn languages_come_in_every_form() {
    let running = Running::new();
    for source in ["fr", "FR", "fr_fr", "fr_FR", "fr-FR", "fr-fr", "fr_FR.UTF-8", "fr_CA"] {
        for target in ["en", "en_us", "en_GB", "EN"] {
            let answer = running.get(&format!("/tmserver/{source}/{target}/unit/{MEETING}"));
            assert_eq!(answer.json()[0]["quality"], 100.0, "{source} {target}");
        }
    }
    assert_eq!(running.get("/tmserver/f!/en/unit/x").refused(), (400, "language".to_owned()));
    let none = running.get(&format!("/tmserver/de/en/unit/{MEETING}")).json();
    assert_eq!(none, serde_json::json!([]));
}

#[test]
fn a_region_that_is_held_counts() {
    let memory = Memory::new();
    let units = [("fr", "Le canot"), ("fr-CA", "La chaloupe")]
        .map(|(tag, fr)| Unit::pair((tag.parse().unwrap(), fr), (Lang::EN, "The rowing boat")));
    memory.add(units).unwrap();
    let running = Running::of(Server::new("boats", memory));
    let quality = |source: &str, text: &str| {
        running.get(&format!("/tmserver/{source}/en/unit/{text}")).json()[0]["quality"].clone()
    };
    assert_eq!(quality("fr_ca", "La%20chaloupe"), 100.0);
    assert_eq!(quality("fr_ca", "Le%20canot"), 99.0);
    // Nothing is held of French in Belgium: that asks for French.
    assert_eq!(quality("fr_be", "Le%20canot"), 100.0);
}

#[test]
fn a_slash_comes_encoded_or_as_it_is() {
    let running = Running::new();
    for text in ["Voir%20le%20document%20A%2FRES%2F76%2F1.", "Voir%20le%20document%20A/RES/76/1."] {
        let found = running.get(&format!("/tmserver/fr/en/unit/{text}")).json();
        assert_eq!(found[0]["quality"], 100.0, "{text}");
    }
}

#[test]
fn the_text_may_stand_in_the_query() {
    let running = Running::new();
    for text in [MEETING, "La+s%C3%A9ance+est+suspendue."] {
        let found = running.get(&format!("/api/v1/fr/en/unit/?source={text}")).json();
        assert_eq!(found[0]["quality"], 100.0, "{text}");
    }
}

#[test]
fn languages_are_listed_and_what_is_unknown_is_not_found() {
    let running = Running::new();
    let languages = running.get("/tmserver/languages/").json();
    let both = serde_json::json!(["en", "fr"]);
    assert_eq!(languages["sourceLanguages"], both);
    assert_eq!(languages["targetLanguages"], both);
    for path in ["/tmserver/", "/tmserver/language/", "/api/v1/fr/en/", "/tmserver/fr/en/units/x"] {
        assert_eq!(running.get(path).refused(), (404, "not-found".to_owned()), "{path}");
    }
}

#[test]
fn units_are_added_in_three_ways() {
    let running = Running::new();
    let unit = r#"{"source": "Point d’ordre", "target": "Point of order"}"#;
    let path = "/tmserver/fr/en/unit/Point%20d%E2%80%99ordre";
    assert_eq!(running.send("PUT", path, &[], unit).status, 200);
    assert_eq!(running.get(path).json()[0]["target"], "Point of order");
    let path = "/tmserver/fr_fr/en/unit/Motion%20d%E2%80%99ordre";
    assert_eq!(running.send("POST", path, &[], r#"{"target": "Procedural motion"}"#).status, 200);
    assert_eq!(running.get(path).json()[0]["target"], "Procedural motion");
    let store = r#"[{"source": "Quorum", "target": "Quorum", "context": "rules"},
                    {"source": "Scrutin", "target": "Ballot"}]"#;
    assert_eq!(running.send("POST", "/api/v1/fr/en/store/rules.po", &[], store).status, 200);
    assert_eq!(running.get("/api/v1/fr/en/unit/Scrutin").json()[0]["target"], "Ballot");
    let store = r#"[{"target": "Vote"}]"#;
    let answer = running.send("POST", "/api/v1/fr/en/store/rules.po", &[], store);
    assert_eq!(answer.refused(), (400, "body".to_owned()));
    let answer = running.send("PUT", "/api/v1/fr/en/store/rules.po", &[], "x");
    assert_eq!(answer.refused(), (405, "method".to_owned()));
    assert_eq!(answer.header("allow"), Some("post"));
}

#[test]
fn pages_of_an_allowed_site_may_read_the_answer() {
    let running = Running::with(|server| {
        server.access(chancery::http::Access::new().origin("https://pootle.example.org"))
    });
    let path = format!("/api/v1/fr/en/unit/{MEETING}");
    let answer = running.send("GET", &path, &[("Origin", "https://pootle.example.org")], "");
    assert_eq!(answer.status, 200);
    let allowed = "https://pootle.example.org";
    assert_eq!(answer.header("access-control-allow-origin"), Some(allowed));
    let headers = [("Origin", allowed), ("Access-Control-Request-Method", "GET")];
    let preflight = running.send("OPTIONS", &path, &headers, "");
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some(allowed));
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("get"));
}

/// A client that decides by the number alone must not take a match that says something else.
#[test]
fn matches_of_another_meaning_stay_below_the_floor() {
    let asked = [
        "Les deux Parties ne s’engagent pas à publier les résultats de l’enquête.",
        // The value could be carried over, but what is told is the target as it is stored.
        "La contribution s’élève à 1 375 euros.",
        "La séance est levée à 19 heures.",
    ];
    for (floor, running) in [
        (70.0, Running::new()),
        (55.0, Running::of(Server::new("ministry", memory()).guarded_below(55.0))),
    ] {
        for text in asked {
            let text: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let path = format!("/tmserver/fr/en/unit/{text}?min_similarity=");
            let found = running.get(&format!("{path}{floor}")).json();
            assert_eq!(found, Value::Array(Vec::new()));
            let found = running.get(&format!("{path}50")).json();
            let quality = found[0]["quality"].as_f64().expect("it is found below");
            assert!((floor - 0.2..floor).contains(&quality), "{floor} {found}");
        }
    }
}
