//! The JSON interface.

use chancery::check::FindingKind;
use chancery::http::Server;
use chancery::memory::Memory;
use chancery::tasks::TermStore;
use chancery::term::{Concept, Term};
use chancery::{Lang, Unit};
use serde_json::{Value, json};

use super::{Running, memory};

#[test]
fn what_is_added_is_found_and_undone() {
    let running = Running::new();
    let unit = json!({
        "segments": {"fr": "Le point est clos.", "en": "The item is closed."},
        "properties": {"x-document": "A/76/PV.1"},
    });
    let added = running.post("/api/add", json!({"units": [unit]})).json();
    assert_eq!((&added["added"], &added["revision"]), (&json!(1), &json!(2)));
    let asked = json!({"text": "Le point est clos.", "limit": 1});
    let found = running.post("/api/lookup", asked.clone()).json();
    assert_eq!(found["matches"][0]["target"], "The item is closed.");
    assert_eq!(found["matches"][0]["memory"], "ministry");
    assert_eq!(found["complete"], true);
    let undone = running.post("/api/undo", json!({"revision": 2.0})).json();
    assert_eq!(undone["revision"], 3);
    assert_eq!(running.post("/api/lookup", asked).json()["matches"], json!([]));
    let stats = running.get("/api/stats").json();
    let expected = json!({"memories": [{
        "name": "ministry", "units": 5, "revisions": 3, "languages": {"en": 5, "fr": 5},
    }]});
    assert_eq!(stats, expected);
}

#[test]
fn a_lookup_tells_what_differs_and_what_it_suggests() {
    let asked = json!({"text": "La contribution s’élève à 1 375 euros."});
    let found = Running::new().post("/api/lookup", asked).json();
    let best = &found["matches"][0];
    assert_eq!(best["suggestion"]["target"], "The contribution amounts to 1,375 euros.");
    assert_eq!(best["differences"][0]["kind"], "number");
    assert_eq!(best["limit"], 99.0);
}

/// The memories of matches.
fn names(found: &Value) -> Vec<&str> {
    let matches = found["matches"].as_array().unwrap().iter();
    matches.map(|found| found["memory"].as_str().unwrap()).collect()
}

#[test]
fn several_memories_are_searched_together_and_the_first_is_written_to() {
    let other = Memory::new();
    let unit = Unit::pair((Lang::FR, "La séance est suspendue."), (Lang::EN, "Suspended."));
    other.add([unit]).unwrap();
    let running = Running::of(Server::new("ministry", memory()).memory("other", other));
    let asked = json!({"text": "La séance est suspendue.", "threshold": 100});
    let found = running.post("/api/lookup", asked.clone()).json();
    assert_eq!(names(&found), ["ministry", "other"]);
    let limited = json!({"text": "La séance est suspendue.", "limit": 1});
    assert_eq!(names(&running.post("/api/lookup", limited).json()), ["ministry"]);
    running.post("/api/add", json!({"units": [{"segments": {"fr": "Oui.", "en": "Yes."}}]}));
    let units: Vec<Value> = (running.get("/api/stats").json()["memories"].as_array().unwrap())
        .iter()
        .map(|memory| memory["units"].clone())
        .collect();
    assert_eq!(units, [6, 1]);
}

#[test]
fn what_can_not_be_done_is_said() {
    let running = Running::new();
    let unit = json!({"units": [{"segments": {"fr": "Oui."}}]});
    for (path, body, status, code) in [
        ("/api/add", unit, 422, "rejected"),
        ("/api/undo", json!({"revision": 9}), 404, "no-such-revision"),
        ("/api/undo", json!({"revision": -1}), 400, "body"),
        ("/api/undo", json!({"revision": 1.5}), 400, "body"),
        ("/api/lookup", json!({"text": "x", "limit": 1e300}), 400, "body"),
        ("/api/lookup", json!({}), 400, "body"),
        ("/api/lookup", json!({"text": "x", "threshhold": 1}), 400, "body"),
        ("/api/lookup", json!({"text": "x", "threshold": 103}), 400, "threshold"),
        ("/api/lookup", json!({"text": "x", "source": "f!"}), 400, "language"),
        ("/api/lookup", json!([]), 400, "body"),
        ("/api/look", json!({}), 404, "not-found"),
    ] {
        let refused = running.post(path, body.clone()).refused();
        assert_eq!(refused, (status, code.to_owned()), "{path} {body}");
    }
    let typed = running.send("POST", "/api/lookup", &[("Content-Type", "text/plain")], "{}");
    assert_eq!(typed.refused(), (415, "content-type".to_owned()));
    let answer = running.get("/api/lookup");
    assert_eq!(answer.refused(), (405, "method".to_owned()));
    assert_eq!(answer.header("allow"), Some("post"));
}

#[test]
fn what_is_served_for_reading_is_not_written_to() {
    let running = Running::with(|server| server.read_only(true));
    let unit = json!({"units": [{"segments": {"fr": "Oui.", "en": "Yes."}}]});
    let refused = (403, "read-only".to_owned());
    assert_eq!(running.post("/api/add", unit).refused(), refused);
    assert_eq!(running.post("/api/undo", json!({"revision": 1})).refused(), refused);
    let put = running.send("PUT", "/tmserver/fr/en/unit/Oui.", &[], r#"{"target":"Yes."}"#);
    assert_eq!(put.refused(), refused);
    running.still_serves();
}

#[test]
fn a_phrase_is_found_inside_sentences_with_its_place() {
    let running = Running::new();
    let found = running.post("/api/phrase", json!({"text": "résultats de l’enquête"})).json();
    let memory = &found["memories"][0];
    assert_eq!((&memory["memory"], &memory["units"]), (&json!("ministry"), &json!(1)));
    let example = &memory["translations"][0]["examples"][0];
    let span = |text: &str, span: &str| {
        let at = |nth: usize| example[span][nth].as_u64().unwrap() as usize;
        example[text].as_str().unwrap()[at(0)..at(1)].to_owned()
    };
    assert_eq!(span("source", "source_span"), "résultats de l’enquête");
    assert!(span("target", "target_span").contains("results"), "{found}");
    let none = json!({"text": "résultats de l’enquête", "status": "approved"});
    let none = running.post("/api/phrase", none).json();
    assert_eq!(none["memories"][0]["translations"], json!([]));
    let empty = running.post("/api/phrase", json!({"text": ""})).json();
    assert_eq!(empty["memories"][0]["translations"], json!([]));
}

#[test]
fn a_concordance_lists_lines_with_their_words() {
    let running = Running::new();
    let found = running.post("/api/concordance", json!({"query": "séance NOT lever"})).json();
    let memory = &found["memories"][0];
    assert_eq!((&memory["memory"], &memory["units"]), (&json!("ministry"), &json!(1)));
    assert_eq!(memory["complete"], true);
    assert_eq!(memory["lines"][0]["text"], "La séance est suspendue.");
    assert_eq!(memory["lines"][0]["spans"], json!([[3, 10]]));
    let asked = json!({"query": "meeting", "in_target": true, "limit": 1});
    let found = running.post("/api/concordance", asked).json();
    assert_eq!(found["memories"][0]["units"], 2);
    assert_eq!(found["memories"][0]["lines"].as_array().unwrap().len(), 1);
    let refused = running.post("/api/concordance", json!({"query": "NOT"}));
    assert_eq!(refused.refused(), (422, "query".to_owned()));
    running.still_serves();
}

/// A server whose memory holds a termbase too.
pub(super) fn with_terms() -> Running {
    let memory = super::memory();
    let mut concept = Concept::new("inquiry");
    concept.add(Lang::FR, Term::new("commission d’enquête"));
    concept.add(Lang::EN, Term::new("commission of inquiry"));
    let store = TermStore::new(&memory);
    store.commit(store.compare([concept]).unwrap(), "inquiry.tbx").unwrap();
    Running::of(Server::new("ministry", memory))
}

#[test]
fn the_terms_of_a_text_are_told_with_what_to_write() {
    let running = with_terms();
    let text = "Deux commissions d’enquête ont été créées.";
    let found = running.post("/api/terms", json!({"text": text})).json();
    let hit = &found["hits"][0];
    assert_eq!(hit["memory"], "ministry");
    assert_eq!((&hit["start"], &hit["end"]), (&json!(5), &json!(29)));
    assert_eq!(hit["equivalents"], json!({"en": "commission of inquiry"}));
    assert_eq!(hit["words"][0]["how"], "inflection");
    let day = running.post("/api/terms", json!({"text": text, "day": "hier"}));
    assert_eq!(day.refused(), (400, "day".to_owned()));
    // What is undone is not told any more.
    running.post("/api/undo", json!({"revision": 2})).json();
    let found = running.post("/api/terms", json!({"text": text})).json();
    assert_eq!(found["hits"], json!([]));
}

#[test]
fn a_translation_is_checked_with_the_terms_of_the_memories() {
    let running = with_terms();
    let pair = json!({
        "text": "La commission d’enquête a siégé 3 jours.",
        "translation": "The fact-finding body met for 4 days.",
    });
    let found = running.post("/api/check", pair.clone()).json();
    let kinds = |found: &Value| -> Vec<String> {
        let findings = found["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = kinds(&found);
    all.sort();
    all.dedup();
    assert_eq!(all, ["number", "term-missing"], "{found}");
    let term = found["findings"].as_array().unwrap().iter().find(|f| f["kind"] == "term-missing");
    assert_eq!(term.unwrap()["suggestion"], "commission of inquiry");
    assert_eq!(term.unwrap()["source"]["text"], "commission d’enquête");
    let mut without = pair.clone();
    without["without"] = json!(["number"]);
    let found = running.post("/api/check", without.clone()).json();
    assert_eq!(kinds(&found), ["term-missing"]);
    without["without"] = json!(["numbers"]);
    assert_eq!(running.post("/api/check", without).refused(), (400, "kind".to_owned()));
    let right = json!({
        "text": "La commission d’enquête a siégé 3 jours.",
        "translation": "The commission of inquiry met for 3 days.",
    });
    assert_eq!(running.post("/api/check", right).json()["findings"], json!([]));
    // A term that is undone is not asked for any more.
    running.post("/api/undo", json!({"revision": 2})).json();
    assert!(!kinds(&running.post("/api/check", pair).json()).contains(&"term-missing".to_owned()));
}

/// What is told has the fields that the description promises, and no other.
#[test]
fn the_description_is_true() {
    let running = Running::new();
    let described = running.get("/api/openapi.json").json();
    let schema = |name: &str| described["components"]["schemas"][name].clone();
    let named = |schema: &Value| schema["$ref"].as_str().map(str::to_owned);
    let resolve = |schema: Value| match named(&schema).or(named(&schema["anyOf"][0])) {
        Some(at) => described.pointer(at.trim_start_matches('#')).expect("it is there").clone(),
        None => schema,
    };
    fn check(value: &Value, schema: Value, resolve: &dyn Fn(Value) -> Value, at: &str) {
        let schema = resolve(schema);
        match (value, &schema["properties"], &schema["items"]) {
            (Value::Object(fields), Value::Object(properties), _) => {
                let required: Vec<&str> = schema["required"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                let told: Vec<&str> = fields.keys().map(String::as_str).collect();
                assert!(required.iter().all(|name| told.contains(name)), "{at}: {told:?}");
                assert!(told.iter().all(|name| properties.contains_key(*name)), "{at}: {told:?}");
                for (name, value) in fields {
                    check(value, properties[name].clone(), resolve, &format!("{at}.{name}"));
                }
            }
            (Value::Array(items), _, each) if !each.is_null() => {
                for item in items {
                    check(item, each.clone(), resolve, at);
                }
            }
            _ => assert!(!schema.is_null(), "{at} is not described"),
        }
    }
    let asked = json!({"text": "La contribution ne s’élève pas à 1 375 euros.", "threshold": 0});
    let found = running.post("/api/lookup", asked).json();
    assert!(found["matches"][0]["suggestion"]["refused"][0].is_object(), "{found}");
    check(&found, schema("LookupAnswer"), &resolve, "lookup");
    let found = running.post("/api/phrase", json!({"text": "enquête"})).json();
    assert!(found["memories"][0]["translations"][0]["examples"][0].is_object(), "{found}");
    check(&found, schema("PhraseAnswer"), &resolve, "phrase");
    let found = running.post("/api/concordance", json!({"query": "séance"})).json();
    assert!(found["memories"][0]["lines"][0].is_object(), "{found}");
    check(&found, schema("ConcordanceAnswer"), &resolve, "concordance");
    let found = with_terms().post("/api/terms", json!({"text": "commission d’enquête"})).json();
    assert!(found["hits"][0].is_object(), "{found}");
    check(&found, schema("TermsAnswer"), &resolve, "terms");
    let asked = json!({"text": "Elle a duré 3 jours.", "translation": "It lasted 4 days."});
    let found = running.post("/api/check", asked).json();
    assert!(found["findings"][0].is_object(), "{found}");
    check(&found, schema("CheckAnswer"), &resolve, "check");
    let kinds: Vec<&str> = FindingKind::ALL.iter().map(|kind| kind.name()).collect();
    let asked = &described["components"]["schemas"]["CheckRequest"]["properties"];
    assert_eq!(asked["without"]["items"]["enum"], json!(kinds));
    check(&running.get("/api/stats").json(), schema("Stats"), &resolve, "stats");
    let unit = json!({"units": [{"segments": {"fr": "Oui.", "en": "Yes."}}]});
    check(&running.post("/api/add", unit).json(), schema("Added"), &resolve, "add");
    check(
        &running.post("/api/undo", json!({"revision": 2})).json(),
        schema("Undone"),
        &resolve,
        "undo",
    );
    let refused: Value = serde_json::from_str(&running.get("/x").body).unwrap();
    check(&refused, schema("Refused"), &resolve, "refused");
}
