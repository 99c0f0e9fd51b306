//! `align` and `segment`.

use super::{Shell, sample};

const DOCUMENTS: [&str; 4] = ["communique", "comment", "statement", "note-verbale"];

#[test]
fn a_document_without_an_output_file_is_printed_bead_by_bead() {
    let out =
        Shell::new().output(["align", &sample("communique.fr.txt"), &sample("communique.en.txt")]);
    for line in out.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 3, "{line}");
        let confidence: f64 = fields[2].parse().expect("a confidence");
        assert!((0.0..=1.0).contains(&confidence), "{line}");
    }
}

#[test]
fn every_output_of_one_run_holds_the_same_beads() {
    let shell = Shell::new();
    let done = shell.run([
        "align",
        &sample("comment.fr.txt"),
        &sample("comment.ru.txt"),
        "--target",
        "ru",
        "-o",
        "x.tmx",
        "-o",
        "x.tsv",
        "-o",
        "x.ladder",
        "-o",
        "x.html",
    ]);
    assert_eq!((done.status, done.out.as_str()), (0, ""), "{}", done.err);
    let beads = shell.read("x.ladder").lines().count();
    let full = shell.read("x.tsv").lines().filter(|line| !one_sided(line)).count();
    assert_eq!(shell.read("x.tsv").lines().count(), beads);
    assert_eq!(
        shell.read("x.tmx").matches("<tu ").count() + shell.read("x.tmx").matches("<tu>").count(),
        full
    );
    assert_eq!(shell.read("x.html").matches("<tr id=").count(), beads);
    assert!(done.err.contains(&format!("{beads} beads")), "{}", done.err);
}

fn one_sided(line: &str) -> bool {
    line.split('\t').take(2).any(str::is_empty)
}

#[test]
fn nine_beads_of_ten_are_those_a_person_made() {
    let shell = Shell::new();
    let (mut right, mut all) = (0, 0);
    for (document, lang) in DOCUMENTS.iter().flat_map(|d| [(d, "en"), (d, "ru")]) {
        shell.output([
            "align",
            "--segmented",
            &sample(&format!("{document}.fr.sentences.txt")),
            &sample(&format!("{document}.{lang}.sentences.txt")),
            "--target",
            lang,
            "-o",
            "x.ladder",
        ]);
        let gold =
            std::fs::read_to_string(sample(&format!("{document}.gold.fr-{lang}.tsv"))).unwrap();
        let gold: Vec<String> = gold.lines().map(ladder_of_gold).collect();
        let ladder = shell.read("x.ladder");
        let beads: Vec<&str> = ladder.lines().map(|l| &l[..l.rfind(':').unwrap()]).collect();
        right += beads.iter().filter(|bead| gold.iter().any(|other| other == *bead)).count();
        all += gold.len();
    }
    assert!(10 * right >= 9 * all, "{right} of {all}");
}

/// `4,5 <TAB> 4`, counted from 1, as the ladder writes it.
fn ladder_of_gold(line: &str) -> String {
    let side = |numbers: &str| {
        let numbers = numbers.split(',').filter(|n| !n.trim().is_empty());
        let numbers: Vec<String> =
            numbers.map(|n| (n.trim().parse::<usize>().unwrap() - 1).to_string()).collect();
        format!("[{}]", numbers.join(","))
    };
    let (source, target) = line.split_once('\t').unwrap();
    format!("{}:{}", side(source), side(target))
}

#[test]
fn three_languages_give_units_of_three() {
    let shell = Shell::new();
    shell.output([
        "align",
        &sample("statement.fr.txt"),
        &sample("statement.en.txt"),
        &sample("statement.ru.txt"),
        "-o",
        "x.tmx",
        "-o",
        "x.ladder",
    ]);
    let tmx = shell.read("x.tmx");
    for lang in ["fr", "en", "ru"] {
        assert!(tmx.contains(&format!("xml:lang=\"{lang}\"")));
    }
    assert!(shell.read("x.ladder").lines().all(|line| line.matches('[').count() == 3));
}

#[test]
fn swapped_files_are_warned_of_and_still_aligned() {
    let done =
        Shell::new().run(["align", &sample("communique.en.txt"), &sample("communique.fr.txt")]);
    assert_eq!(done.status, 0);
    assert!(done.err.contains("warning"), "{}", done.err);
    assert!(done.err.contains("--source"), "{}", done.err);
}

#[test]
fn standard_input_is_read_and_rules_of_others_are_used() {
    let shell = Shell::new();
    let rules = r#"<srx xmlns="http://www.lisa.org/srx20" version="2.0">
      <header segmentsubflows="yes" cascade="no"/><body><languagerules>
      <languagerule languagerulename="all"><rule break="yes"><beforebreak>;</beforebreak>
      <afterbreak>\s</afterbreak></rule><rule break="yes"><beforebreak>(</beforebreak></rule>
      </languagerule></languagerules><maprules>
      <languagemap languagepattern=".*" languagerulename="all"/></maprules></body></srx>"#;
    shell.write("own.srx", rules);
    let done =
        shell.run_with_input(["segment", "-", "--srx", "own.srx"], "Rouge. Vert; bleu. Noir");
    assert_eq!((done.status, done.out.as_str()), (0, "Rouge. Vert;\nbleu. Noir\n"));
    assert!(done.err.contains("own.srx"), "the broken rule is reported: {}", done.err);
}
#[test]
fn sentences_are_those_a_person_marked() {
    let shell = Shell::new();
    for document in DOCUMENTS {
        for lang in ["fr", "en", "ru"] {
            let text = sample(&format!("{document}.{lang}.txt"));
            let out = shell.output(["segment", &text, "--lang", lang]);
            let gold = std::fs::read_to_string(sample(&format!("{document}.{lang}.sentences.txt")));
            assert_eq!(out, gold.unwrap(), "{document} {lang}");
        }
    }
}

#[test]
fn known_beads_are_kept_and_memories_and_glossaries_teach() {
    let shell = Shell::new();
    shell.write("known.ladder", "[0,1]:[0]\n");
    let (fr, en) = (sample("comment.fr.txt"), sample("comment.en.txt"));
    shell.output(["align", &fr, &en, "-o", "m.tmx"]);
    shell.output([
        "align",
        &fr,
        &en,
        "--fix",
        "known.ladder",
        "--memory",
        "m.tmx",
        "--glossary",
        concat!(env!("CARGO_MANIFEST_DIR"), "/glossaries/countries.tbx"),
        "-o",
        "x.ladder",
    ]);
    assert!(shell.read("x.ladder").starts_with("[0,1]:[0]:"), "{}", shell.read("x.ladder"));
}

/// A page of the web aligns as its text does.
#[cfg(feature = "documents")]
#[test]
fn documents_align_as_their_texts() {
    let shell = Shell::new();
    for lang in ["fr", "en"] {
        let text = std::fs::read_to_string(sample(&format!("communique.{lang}.txt"))).unwrap();
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let paragraphs: Vec<String> =
            escaped.split("\n\n").map(|paragraph| format!("<p>{}</p>", paragraph.trim())).collect();
        let page = format!("<!doctype html><meta charset=utf-8><body>{}", paragraphs.join("\n"));
        shell.write(&format!("{lang}.html"), page);
        shell.write(&format!("{lang}.txt"), text.replace("\r\n", "\n"));
    }
    shell.output(["align", "fr.html", "en.html", "-o", "page.ladder"]);
    shell.output(["align", "fr.txt", "en.txt", "-o", "text.ladder"]);
    assert_eq!(shell.read("page.ladder"), shell.read("text.ladder"));
    let refused = shell.run(["align", "fr.html", "en.html", "--segmented"]);
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("one sentence a line"), "{}", refused.err);
}
