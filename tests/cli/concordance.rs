//! `concordance`, and the fragments of `lookup`.

use serde_json::Value;

use super::Shell;

/// A memory of a few units.
fn stored() -> Shell {
    let shell = Shell::new();
    shell.write(
        "m.tsv",
        "Le Conseil prend note du rapport.\tThe Council takes note of the report.\n\
         Les États prennent note des rapports annuels.\tStates take note of the annual reports.\n\
         Le rapport annuel est publié.\tThe annual report is published.\n",
    );
    shell.output(["import", "m.tmx", "m.tsv", "--lang", "fr", "--lang", "en"]);
    shell
}

/// The words marked in each line.
fn marked(out: &str) -> Vec<Vec<String>> {
    let lines = out.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("one object on one line");
        let text = line["text"].as_str().unwrap();
        let spans = line["spans"].as_array().unwrap().iter();
        let at = |end: &Value| end.as_u64().unwrap() as usize;
        spans.map(|span| text[at(&span[0])..at(&span[1])].to_owned()).collect()
    });
    lines.collect()
}

#[test]
fn words_are_marked_in_their_forms() {
    let shell = stored();
    let find = |query: &str| marked(&shell.output(["concordance", "m.tmx", query, "--json"]));
    assert_eq!(find("rapport"), [["rapport"], ["rapports"], ["rapport"]]);
    assert_eq!(find("=rapport NOT publi*"), [["rapport"]]);
    assert_eq!(find("\"prendre note\" annuel"), [["prennent note", "annuels"]]);
    assert!(find("-rapport note").is_empty());
    let out = shell.output(["concordance", "m.tmx", "report*", "--target", "--limit", "1"]);
    assert!(out.contains("The annual [report] is published."), "{out}");
    assert!(out.contains("1 lines; 3 units"), "{out}");
}

#[test]
fn lines_are_grouped() {
    let shell = stored();
    let group = |by: &str| shell.output(["concordance", "m.tmx", "rapport", "--group", by]);
    assert_eq!(group("text").lines().count(), 7);
    assert!(group("document").starts_with("no document:"));
}

#[test]
fn several_memories_are_listed_one_after_another() {
    let shell = stored();
    shell.write("n.tsv", "Un rapport secret.\tA secret report.\n");
    shell.output(["import", "n.tmx", "n.tsv", "--lang", "fr", "--lang", "en"]);
    let also = ["--also", "n.tmx"];
    let json = shell.output(["concordance", "m.tmx", "rapport", "--json"].iter().chain(&also));
    let memories = json.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let memories: Vec<String> =
        memories.map(|line| line["memory"].as_str().unwrap().to_owned()).collect();
    assert_eq!(memories, ["m.tmx", "m.tmx", "m.tmx", "n.tmx"]);
    let out = shell.output(["phrase", "m.tmx", "rapport"].iter().chain(&also));
    assert!(out.contains("\nn.tmx:\n") && out.contains("Un [rapport] secret."), "{out}");
}

#[test]
fn a_query_that_can_not_be_understood_is_explained() {
    let shell = stored();
    let done = shell.run(["concordance", "m.tmx", "NOT rapport"]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("names no word"), "{}", done.err);
}

#[test]
fn a_sentence_without_a_match_is_covered_by_fragments() {
    let shell = stored();
    let query = "Nos ministres prennent note du rapport annuel.";
    let out = shell.output(["lookup", "m.tmx", query, "--threshold", "95", "--fragments"]);
    assert!(out.contains("annual report"), "{out}");
    let json =
        shell.output(["lookup", "m.tmx", query, "--threshold", "95", "--fragments", "--json"]);
    let answer: Value = serde_json::from_str(&json).unwrap();
    assert!(answer["matches"].as_array().unwrap().is_empty());
    let fragment = &answer["fragments"][0];
    assert!(fragment["translations"][0]["text"].is_string(), "{json}");
    assert!(!shell.output(["lookup", "m.tmx", "zzz", "--json"]).contains("fragments"));
}
