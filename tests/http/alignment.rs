//! Alignments over the JSON interface: made, opened, written, saved.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chancery::http::ServerLimits;
use serde_json::{Value, json};

use super::Running;

const FRENCH: &str = "La séance est ouverte à 10 heures. Elle est publique.\n\n\
                      Le Président salue les délégations. Il les remercie.";
const ENGLISH: &str = "The meeting is open at 10 a.m. It is public.\n\n\
                       The President greets and thanks the delegations.";

fn documents() -> Value {
    json!([{"lang": "fr", "text": FRENCH}, {"lang": "en", "text": ENGLISH}])
}

fn sides(alignment: &Value) -> Vec<Value> {
    let beads = alignment["beads"].as_array().expect("beads").iter();
    beads.map(|bead| bead["sides"].clone()).collect()
}

#[test]
fn documents_are_aligned_around_what_a_person_settled() {
    let running = Running::new();
    let made = running.post("/api/align", json!({"documents": documents()})).json();
    let texts = &made["documents"][0]["sentences"];
    assert_eq!(texts[1], json!({"text": "Elle est publique.", "paragraph": 1}));
    assert_eq!(texts[2]["paragraph"], 2);
    assert_eq!(sides(&made)[0], json!([[0, 1], [0, 1]]));
    let fixed = json!([[[0, 2], [0, 2]], [[9, 10], [0, 1]]]);
    let asked = json!({"documents": documents(), "fixed": fixed, "memory": true});
    let made = running.post("/api/align", asked).json();
    assert_eq!(
        made["beads"][0],
        json!({"sides": [[0, 2], [0, 2]], "confidence": 1.0, "fixed": true})
    );
    let refused = made["refused"].as_array().unwrap();
    assert!(refused.len() == 1 && refused[0].as_str().unwrap().contains("no sentence of that"));
    let three = json!([
        {"lang": "fr", "text": "Oui."}, {"lang": "en", "text": "Yes."}, {"lang": "ru", "text": "Да."},
    ]);
    let made = running.post("/api/align", json!({"documents": three})).json();
    assert_eq!(sides(&made), [json!([[0, 1], [0, 1], [0, 1]])]);
}

#[test]
fn a_file_is_a_document_too() {
    let running = Running::new();
    let utf_16: Vec<u8> = "\u{feff}Oui.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = |name: &str, bytes: &[u8]| json!({"name": name, "content": BASE64.encode(bytes)});
    let asked = |file: Value| json!({"documents": [{"lang": "fr", "file": file}, {"lang": "en", "text": "Yes."}]});
    let mut files = vec![file("../../etc/oui.txt", &utf_16)];
    if cfg!(feature = "documents") {
        files.push(file("oui.html", b"<p>Oui.</p><script>evil()</script>"));
    }
    for file in files {
        let made = running.post("/api/align", asked(file)).json();
        assert_eq!(made["documents"][0]["sentences"][0]["text"], "Oui.");
    }
    for file in [
        file("oui.txt", b"\x7fELF\x01\0\0\0\0\0"),
        file("oui.docx", b"no archive"),
        json!({"name": "oui.txt", "content": "no base64!"}),
    ] {
        let refused = running.post("/api/align", asked(file.clone())).refused();
        assert_eq!(refused, (422, "document".to_owned()), "{file}");
    }
}

#[test]
fn what_is_written_is_opened_again() {
    let running = Running::new();
    let beads = json!([
        {"sides": [[0, 2], [0, 2]], "confidence": 0.5, "fixed": true},
        {"sides": [[2, 3], [2, 3]], "confidence": 0.97},
        {"sides": [[3, 4], [3, 3]], "confidence": 0.41, "fixed": false},
    ]);
    let alignment = json!({"documents": documents(), "beads": beads, "name": "A/76/PV.1"});
    let write = |format: &str| {
        let asked = json!({"alignment": alignment, "format": format});
        running.post("/api/alignment/write", asked).json()["text"].as_str().unwrap().to_owned()
    };
    let ladder = write("ladder");
    assert_eq!(ladder, "[0,1]:[0,1]:1.00\n[2]:[2]:0.97\n[3]:[]:0.41\n");
    let opened = json!({"ladder": ladder, "documents": documents()});
    let opened = running.post("/api/alignment/open", opened).json();
    assert_eq!(
        opened["beads"][2],
        json!({"sides": [[3, 4], [3, 3]], "confidence": 0.41, "fixed": false})
    );
    let opened = json!({"tsv": write("tsv"), "langs": ["fr", "en"]});
    let opened = running.post("/api/alignment/open", opened).json();
    assert_eq!(opened["beads"][0]["sides"], json!([[0, 2], [0, 2]]));
    assert_eq!(opened["documents"][0]["sentences"][3]["text"], "Il les remercie.");
    assert!(write("tmx").contains("A/76/PV.1"));
    assert!(write("html").contains("<title>A/76/PV.1</title>"));
}

#[test]
fn what_a_reviser_saves_is_one_revision_of_the_memory() {
    let running = Running::new();
    let beads = json!([
        {"sides": [[0, 1], [0, 1]], "confidence": 0.4, "fixed": true},
        {"sides": [[1, 2], [1, 2]], "confidence": 0.8},
        {"sides": [[2, 4], [2, 3]], "confidence": 0, "fixed": true},
    ]);
    let asked = json!({"documents": documents(), "beads": beads, "name": "A/76/PV.1"});
    let saved = running.post("/api/alignment/save", asked).json();
    assert_eq!((&saved["added"], &saved["revision"]), (&json!(3), &json!(2)));
    let text = "Le Président salue les délégations. Il les remercie.";
    let found = running.post("/api/lookup", json!({"text": text, "limit": 1})).json();
    let found = &found["matches"][0];
    assert_eq!(found["target"], "The President greets and thanks the delegations.");
    assert_eq!((&found["document"], &found["paragraph"]), (&json!("A/76/PV.1"), &json!(2)));
    assert_eq!(found["penalties"], json!([]), "a person accepted it");
    // Saved again with two of the beads joined, one unit takes the place of two.
    let beads = json!([
        {"sides": [[0, 2], [0, 2]], "confidence": 1, "fixed": true},
        {"sides": [[2, 4], [2, 3]], "confidence": 0, "fixed": true},
    ]);
    let asked = json!({"documents": documents(), "beads": beads, "name": "A/76/PV.1"});
    let saved = running.post("/api/alignment/save", asked).json();
    assert!(saved["superseded"].as_u64() >= Some(2), "{saved}");
    assert_eq!(running.get("/api/stats").json()["memories"][0]["units"], 7);
    running.post("/api/undo", json!({"revision": 3})).json();
    running.post("/api/undo", json!({"revision": 2})).json();
    assert_eq!(running.get("/api/stats").json()["memories"][0]["units"], 5);
}

#[test]
fn alignments_that_are_none_are_refused() {
    let limits = ServerLimits { align_sentences: 6, ..Default::default() };
    let running = Running::limited(limits);
    let bead = |from: [[i64; 2]; 2]| json!({"sides": from, "confidence": 1});
    let save = |beads: Value| json!({"documents": documents(), "beads": beads});
    let fr = json!({"lang": "fr", "text": "Oui."});
    for (path, body, status, code) in [
        ("/api/align", json!({"documents": []}), 422, "document"),
        ("/api/align", json!({"documents": [fr]}), 422, "document"),
        ("/api/align", json!({"documents": [fr, fr]}), 422, "document"),
        ("/api/align", json!({"documents": [fr, {"lang": "en"}]}), 422, "document"),
        ("/api/align", json!({"documents": documents()}), 413, "too-many-sentences"),
        ("/api/alignment/open", json!({}), 422, "alignment"),
        (
            "/api/alignment/open",
            json!({"tsv": "a\tb\tc\td", "langs": ["fr", "en"]}),
            422,
            "alignment",
        ),
        ("/api/alignment/open", json!({"tsv": "a\tb", "langs": []}), 422, "document"),
        (
            "/api/alignment/open",
            json!({"ladder": "[0]:x", "documents": documents()}),
            422,
            "alignment",
        ),
        (
            "/api/alignment/open",
            json!({"ladder": "[7]:[0]", "documents": documents()}),
            422,
            "alignment",
        ),
        ("/api/alignment/save", save(json!([])), 422, "alignment"),
        ("/api/alignment/save", save(json!([bead([[0, 4], [0, 2]])])), 422, "alignment"),
        ("/api/alignment/save", save(json!([bead([[3, 1], [9, 2]])])), 422, "alignment"),
        ("/api/alignment/save", save(json!([bead([[0, -1], [0, 3]])])), 400, "body"),
        ("/api/alignment/save", save(json!([bead([[0, i64::MAX], [0, 3]])])), 400, "body"),
        (
            "/api/alignment/save",
            save(json!([{"sides": [[0, 4]], "confidence": 1}])),
            422,
            "alignment",
        ),
        (
            "/api/alignment/write",
            json!({"alignment": save(json!([bead([[0, 4], [0, 3]])])), "format": "a/../b.tmx"}),
            400,
            "format",
        ),
    ] {
        let refused = running.post(path, body.clone()).refused();
        assert_eq!(refused, (status, code.to_owned()), "{path} {body}");
    }
    let read_only = Running::with(|server| server.read_only(true));
    let whole = save(json!([bead([[0, 4], [0, 3]])]));
    let refused = read_only.post("/api/alignment/save", whole).refused();
    assert_eq!(refused, (403, "read-only".to_owned()));
    running.still_serves();
}
