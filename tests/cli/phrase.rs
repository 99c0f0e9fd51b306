//! `phrase`.

use serde_json::Value;

use super::Shell;

/// A memory of a few units.
fn stored() -> Shell {
    let shell = Shell::new();
    shell.write(
        "m.tsv",
        "Le Conseil prend note avec satisfaction du rapport.\tThe Council takes note with satisfaction of the report.\n\
         Les États ont pris note avec une vive satisfaction du bilan.\tStates took note with great satisfaction of the results.\n\
         Le rapport est publié.\tThe report is published.\n",
    );
    shell.output(["import", "m.tmx", "m.tsv", "--lang", "fr", "--lang", "en"]);
    shell
}

#[test]
fn a_phrase_and_its_translation_are_marked() {
    let shell = stored();
    let out = shell.output(["phrase", "m.tmx", "prend note avec satisfaction"]);
    assert!(out.contains("[prend note avec satisfaction] du rapport"), "{out}");
    assert!(out.contains("[takes note with satisfaction] of the report"), "{out}");
    assert!(out.contains("[pris note avec une vive satisfaction]"), "{out}");
}

#[test]
fn json_tells_places_in_bytes() {
    let shell = stored();
    let out = shell.output(["phrase", "m.tmx", "rapport", "--json", "--examples", "2"]);
    let answer: Value = serde_json::from_str(&out).expect("one object on one line");
    assert_eq!((&answer["query"], &answer["units"]), (&"rapport".into(), &2.into()));
    let best = &answer["translations"][0];
    assert_eq!((&best["text"], &best["count"]), (&"report".into(), &2.into()));
    for example in best["examples"].as_array().unwrap() {
        let cut = |text: &str, span: &str| {
            let at = |end: usize| example[span][end].as_u64().unwrap() as usize;
            example[text].as_str().unwrap()[at(0)..at(1)].to_owned()
        };
        assert_eq!(cut("source", "source_span"), "rapport");
        assert_eq!(cut("target", "target_span"), "report");
    }
}

#[test]
fn nothing_found_is_no_failure_and_an_empty_phrase_is() {
    let shell = stored();
    assert!(shell.output(["phrase", "m.tmx", "pêche hauturière"]).contains("no unit"));
    assert!(shell.output(["phrase", "m.tmx", "…"]).contains("no unit"));
    let done = shell.run(["phrase", "m.tmx", "  "]);
    assert_eq!(done.status, 2, "{done:?}");
    let narrowed = ["phrase", "m.tmx", "rapport", "--document", "none"];
    assert!(shell.output(narrowed).contains("no unit"));
}
