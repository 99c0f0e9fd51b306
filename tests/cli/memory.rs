//! `import`, `export`, `lookup`, `stats`.

use serde_json::Value;

use super::{Shell, sample};

/// The TMX of the communiqué.
fn aligned() -> Shell {
    let shell = Shell::new();
    let (fr, en) = (sample("communique.fr.txt"), sample("communique.en.txt"));
    shell.output(["align", &fr, &en, "-o", "x.tmx"]);
    shell
}

/// The French sentences of the communiqué.
fn sentences() -> Vec<String> {
    let text = std::fs::read_to_string(sample("communique.fr.sentences.txt")).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn an_exact_match_scores_a_hundred() {
    let shell = aligned();
    let query = &sentences()[10];
    let out = shell.output(["lookup", "x.tmx", query, "--threshold", "100", "--limit", "1"]);
    let first = out.lines().next().unwrap_or_default();
    assert!(first.trim_start().starts_with("100 ") && first.contains(query.as_str()), "{out}");
}

#[test]
fn json_keeps_the_contract() {
    let shell = aligned();
    let out = shell.output(["lookup", "x.tmx", &sentences()[12], "--threshold", "0", "--json"]);
    let answer: Value = serde_json::from_str(&out).expect("one object on one line");
    assert_eq!(answer["query"], sentences()[12]);
    let matches = answer["matches"].as_array().expect("a list");
    assert_eq!(matches.len(), 5);
    for found in matches {
        assert!(found["score"].is_number() && found["rank_score"].is_number());
        assert!(found["source"].is_string() && found["target"].is_string());
        assert!(found["penalties"].is_array());
        assert!(found["unit"].is_string());
    }
    let ranks: Vec<f64> = matches.iter().map(|m| m["rank_score"].as_f64().unwrap()).collect();
    assert!(ranks.is_sorted_by(|a, b| a >= b), "{ranks:?}");
}

#[test]
fn a_batch_answers_each_line_in_order() {
    let shell = aligned();
    let queries = sentences().join("\n");
    shell.write("queries.txt", &queries);
    let out = shell.output(["lookup", "x.tmx", "--batch", "queries.txt", "--json"]);
    let asked: Vec<String> = out
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["query"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(asked, sentences());
    let piped = shell.run_with_input(["lookup", "x.tmx", "--batch", "-", "--json"], &queries);
    assert_eq!(piped.out, out);
}

#[test]
fn no_match_is_no_failure() {
    let shell = aligned();
    let done = shell.run(["lookup", "x.tmx", "zzz"]);
    assert_eq!(done.status, 0);
    assert!(done.out.contains("no match"), "{}", done.out);
}

#[test]
fn both_directions_are_searched() {
    let shell = aligned();
    let arguments =
        ["lookup", "x.tmx", "ministers", "--source", "en", "--target", "fr", "--threshold", "0"];
    assert!(!shell.output(arguments).contains("no match"));
}

#[test]
fn importing_and_exporting_gives_the_same_units() {
    let shell = aligned();
    for memory in memories() {
        let done = shell.run(["import", memory, "x.tmx"]);
        assert_eq!(done.status, 0, "{}", done.err);
        let again = shell.run(["import", memory, "x.tmx"]);
        assert!(again.out.contains("duplicate"), "importing again changes nothing: {}", again.out);
        shell.output(["export", memory, "-o", "y.tmx"]);
        let segments = |text: &str| -> Vec<String> {
            text.lines().filter(|l| l.contains("<seg>")).map(str::to_owned).collect()
        };
        assert_eq!(segments(&shell.read("y.tmx")), segments(&shell.read("x.tmx")));
    }
}

/// The kinds of memory there are in this build.
fn memories() -> &'static [&'static str] {
    if cfg!(feature = "sqlite") { &["m.tmx", "m.chancery"] } else { &["m.tmx"] }
}

#[test]
fn a_dry_run_changes_nothing() {
    let shell = aligned();
    let done = shell.run(["import", "new.tmx", "x.tmx", "--dry-run"]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(!shell.path("new.tmx").exists());
}

#[test]
fn stats_count_what_is_there() {
    let shell = aligned();
    let stats: Value =
        serde_json::from_str(&shell.output(["stats", "x.tmx", "--json"])).expect("one object");
    let units = shell.read("x.tmx").matches("</tu>").count();
    assert_eq!(stats["units"], units);
    assert!(shell.output(["stats", "x.tmx"]).contains(&units.to_string()));
}
#[test]
fn tab_separated_pairs_are_imported() {
    let shell = Shell::new();
    shell.write("pairs.tsv", "La séance est levée.\tThe meeting rose.\nOui.\tYes.\n");
    shell.output(["import", "m.tmx", "pairs.tsv"]);
    assert!(
        shell.output(["lookup", "m.tmx", "La séance est levée."]).contains("The meeting rose.")
    );
    shell.write("ru.tsv", "Oui.\tYes.\tДа.\n");
    shell.output(["import", "r.tmx", "ru.tsv", "--lang", "fr", "--lang", "en", "--lang", "ru"]);
    let out = shell.output(["lookup", "r.tmx", "Да.", "--source", "ru", "--target", "fr"]);
    assert!(out.contains("Oui."), "{out}");
}

#[test]
fn a_changed_number_is_listed_and_carried_over() {
    let shell = Shell::new();
    shell.write("p.tsv", "Le budget est arrêté à 475 euros.\tThe budget is set at 475 euros.\n");
    shell.output(["import", "m.tmx", "p.tsv"]);
    let out = shell.output(["lookup", "m.tmx", "Le budget est arrêté à 512 euros."]);
    assert!(out.contains("· number") && out.contains("→ The budget is set at 512 euros."), "{out}");
    let out = shell.output(["lookup", "m.tmx", "Le budget est arrêté à 512 euros.", "--json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    let found = &answer["matches"][0];
    assert_eq!(found["differences"][0]["kind"], "number");
    assert_eq!(found["suggestion"]["target"], "The budget is set at 512 euros.");
}

#[test]
fn threads_do_not_change_the_answers() {
    let shell = aligned();
    shell.write("queries.txt", sentences().join("\n"));
    let one = shell.output(["lookup", "x.tmx", "--batch", "queries.txt", "--json"]);
    let two =
        shell.output(["lookup", "x.tmx", "--batch", "queries.txt", "--json", "--threads", "2"]);
    assert_eq!(one, two);
}

#[cfg(feature = "sqlite")]
#[test]
fn maintenance_is_journalled_and_undone() {
    let shell = aligned();
    shell.output(["import", "m.chancery", "x.tmx"]);
    let units =
        |stats: &str| stats.lines().next().unwrap().split_whitespace().last().unwrap().to_owned();
    let all = shell.output(["stats", "m.chancery"]);
    let dry =
        shell.output(["maintain", "m.chancery", "filter", "--pattern", "ministres", "--dry-run"]);
    assert!(dry.contains("dry run"), "{dry}");
    assert_eq!(shell.output(["stats", "m.chancery"]), all);
    shell.output([
        "maintain",
        "m.chancery",
        "filter",
        "--pattern",
        "ministres",
        "--author",
        "a.leroy",
    ]);
    assert!(shell.output(["history", "m.chancery"]).contains("a.leroy"));
    let set = ["maintain", "m.chancery", "set", "x-status", "draft", "--dry-run"];
    assert!(shell.output(set).contains("(dry run)"));
    let with = [&set[..], &["--property", "x-status=approved"]].concat();
    assert!(shell.output(with).starts_with("0 units looked at"));
    assert!(
        shell.output(["lookup", "m.chancery", "Les ministres", "--threshold", "0"]).contains('\n')
    );
    shell.output(["undo", "m.chancery", "2"]);
    assert_eq!(units(&shell.output(["stats", "m.chancery"])), units(&all));
    assert_eq!(shell.run(["maintain", "m.chancery", "filter"]).status, 2);
}

#[cfg(feature = "sqlite")]
#[test]
fn an_audit_finds_what_someone_should_look_at() {
    let shell = Shell::new();
    shell.write(
        "a.tsv",
        "La séance est levée.\tThe meeting rose.\nLa séance est levée.\tThe meeting is closed.\n",
    );
    shell.output(["import", "m.chancery", "a.tsv"]);
    let done = shell.run(["maintain", "m.chancery", "audit", "--json"]);
    assert_eq!(done.status, 1, "{done:#?}");
    let kinds: Vec<Value> = done.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.iter().all(|finding| finding["kind"] == "different-targets"));
    let none = ["maintain", "m.chancery", "audit", "--kind", "untranslated"];
    assert_eq!(shell.run(none).status, 0);
}

#[cfg(feature = "sqlite")]
#[test]
fn a_reviewed_list_makes_people_anonymous() {
    let shell = Shell::new();
    shell.write("a.tsv", "Écrire à Mme Anne Valcourt.\tWrite to Ms Anne Valcourt.\n");
    shell.output(["import", "m.chancery", "a.tsv"]);
    let list = shell.output(["maintain", "m.chancery", "anonymise"]);
    assert_eq!(list, "Anne Valcourt\t[name]\tname\t2\n");
    shell.write("list.tsv", list);
    let dry = shell.output(["maintain", "m.chancery", "anonymise", "list.tsv", "--dry-run"]);
    assert!(dry.contains("1 changed"), "{dry}");
    shell.output(["maintain", "m.chancery", "anonymise", "list.tsv"]);
    let found = shell.output(["lookup", "m.chancery", "Écrire à Mme [name]."]);
    assert!(found.contains("Write to Ms [name]."), "{found}");
    shell.write("bad.tsv", "Anne Valcourt\n");
    let bad = shell.run(["maintain", "m.chancery", "anonymise", "bad.tsv"]);
    assert!(bad.status == 2 && bad.err.contains("line 1"), "{bad:#?}");
}

#[cfg(feature = "sqlite")]
#[test]
fn a_memory_takes_in_another() {
    let shell = aligned();
    shell.output(["import", "m.chancery", "x.tmx"]);
    shell.write("a.tsv", "Oui.\tYes.\n");
    shell.output(["import", "other.chancery", "a.tsv"]);
    let dry = shell.output(["maintain", "m.chancery", "merge", "other.chancery", "--dry-run"]);
    assert_eq!(dry, "1 read: 1 added (dry run)\n");
    shell.output(["maintain", "m.chancery", "merge", "other.chancery"]);
    let again = shell.output(["maintain", "m.chancery", "merge", "other.chancery"]);
    assert_eq!(again, "1 read: 1 skipped as duplicate; nothing to do\n");
}

#[test]
fn penalties_are_given_and_told() {
    let shell = Shell::new();
    shell.write(
        "x.tmx",
        r#"<tmx version="1.4"><header srclang="fr"/><body><tu><prop type="x-status">draft</prop>
        <tuv xml:lang="fr"><seg>Oui.</seg></tuv><tuv xml:lang="en"><seg>Yes.</seg></tuv>
        </tu></body></tmx>"#,
    );
    let json = |more: &[&str]| -> Value {
        let arguments = ["lookup", "x.tmx", "Oui.", "--json"].iter().chain(more);
        let answer: Value = serde_json::from_str(&shell.output(arguments)).unwrap();
        answer["matches"][0].clone()
    };
    let found = json(&["--penalty", "draft=7.5"]);
    assert_eq!((&found["score"], &found["rank_score"]), (&100.0.into(), &92.5.into()));
    assert_eq!(found["penalties"][0]["kind"], "draft");
    assert_eq!(json(&["--penalty", "draft=0"])["rank_score"], 100.0);
    assert_eq!(shell.run(["lookup", "x.tmx", "Oui.", "--penalty", "mood=1"]).status, 2);
}

#[test]
fn several_memories_give_one_ranking_and_name_themselves() {
    let shell = Shell::new();
    let store = |name: &str, english: &str| {
        shell.write("m.tsv", format!("Le Conseil adopte 12 décisions.\t{english}\n"));
        shell.output(["import", name, "m.tsv", "--lang", "fr", "--lang", "en"]);
    };
    store("house.tmx", "The Council adopts 12 decisions.");
    store("other.tmx", "The Council takes 21 decisions.");
    let lookup = ["lookup", "house.tmx", "Le Conseil adopte 12 décisions."];
    let out = shell.output(lookup.iter().chain(&["--also", "other.tmx=4", "--json"]));
    let answer: serde_json::Value = serde_json::from_str(&out).expect("one object");
    let told = |at: usize, field: &str| answer["matches"][at][field].clone();
    assert_eq!((told(0, "memory"), told(1, "memory")), ("house.tmx".into(), "other.tmx".into()));
    assert_eq!((told(0, "rank_score"), told(1, "rank_score")), (100.0.into(), 96.0.into()));
    assert_eq!(told(0, "doubts"), serde_json::Value::Null);
    assert_eq!(told(1, "doubts")[0]["kind"], "number");
    let out = shell.output(lookup.iter().chain(&["--also", "other.tmx"]));
    assert!(out.contains("in house.tmx") && out.contains("! number:"), "{out}");
    assert_eq!(shell.run(lookup.iter().chain(&["--also", "none.tmx"])).status, 2);
    assert_eq!(shell.run(lookup.iter().chain(&["--also", "other.tmx=200"])).status, 2);
}

#[test]
fn documents_are_preferred_and_left_out() {
    let shell = Shell::new();
    let unit = |document: &str, english: &str| {
        format!(
            "<tu><prop type=\"x-document\">{document}</prop>\
             <tuv xml:lang=\"fr\"><seg>Adopté.</seg></tuv>\
             <tuv xml:lang=\"en\"><seg>{english}</seg></tuv></tu>"
        )
    };
    let header = "<header creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" \
                  o-tmf=\"t\" adminlang=\"en\" srclang=\"fr\" datatype=\"plaintext\"/>";
    let body = unit("A", "Carried.") + &unit("B", "Agreed to.");
    shell.write("m.tmx", format!("<tmx version=\"1.4\">{header}<body>{body}</body></tmx>"));
    let targets = |arguments: &[&str]| -> Vec<String> {
        let out = shell.output(["lookup", "m.tmx", "Adopté.", "--json"].iter().chain(arguments));
        let answer: serde_json::Value = serde_json::from_str(&out).expect("one object");
        let matches = answer["matches"].as_array().unwrap().iter();
        matches.map(|found| found["target"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(targets(&[]), ["Carried.", "Agreed to."]);
    assert_eq!(targets(&["--prefer-document", "B"]), ["Agreed to.", "Carried."]);
    assert_eq!(targets(&["--document", "B"]), ["Agreed to."]);
    assert_eq!(targets(&["--not-document", "B"]), ["Carried."]);
}

#[test]
fn the_past_can_be_asked() {
    let shell = aligned();
    let query = &sentences()[10];
    shell.output(["import", "m.chancery", "x.tmx"]);
    let lookup = |moment: &str| {
        shell.output(["lookup", "m.chancery", query, "--threshold", "100", "--as-of", moment])
    };
    shell.output(["undo", "m.chancery", "1"]);
    assert!(lookup("1").trim_start().starts_with("100 "));
    for moment in ["0", "2", "1999-12-31", "2999-01-01", "1999-12-31T10:00:00Z"] {
        assert!(lookup(moment).contains("no match"), "{moment}");
    }
    let refused = shell.run(["lookup", "m.chancery", query, "--as-of", "3"]);
    assert!(refused.status != 0 && refused.err.contains("no revision 3"), "{}", refused.err);
    let refused = shell.run(["lookup", "m.chancery", query, "--as-of", "yesterday"]);
    assert!(refused.err.contains("no day, time or revision"), "{}", refused.err);
}

#[cfg(feature = "sqlite")]
#[test]
fn what_a_reviser_fixed_reaches_the_memory_and_the_past_can_be_forgotten() {
    let shell = aligned();
    shell.output(["import", "m.chancery", "x.tmx"]);
    // Two beads become one.
    let fix = "0:0\n1:1\n2,3:2,3\n";
    shell.write("fixed.ladder", fix);
    let (fr, en) = (sample("communique.fr.txt"), sample("communique.en.txt"));
    shell.output(["align", &fr, &en, "--fix", "fixed.ladder", "-o", "y.tmx"]);
    let supersede = ["import", "m.chancery", "y.tmx", "--supersede"];
    let out = shell.output(supersede);
    // Two of them, and their neighbours, which stand beside another unit now.
    assert!(out.contains("1 added") && out.contains("4 superseded"), "{out}");
    assert!(!shell.output(supersede).contains("added"));
    shell.output(["import", "other.chancery", "y.tmx"]);
    let units = |memory: &str| {
        let stats = shell.output(["stats", memory]);
        stats.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(units("m.chancery"), units("other.chancery"));
    assert!(shell.output(["purge", "m.chancery", "1", "--dry-run"]).contains("import x.tmx"));
    assert!(shell.output(["purge", "m.chancery", "1"]).contains("import x.tmx"));
    assert_eq!(shell.run(["undo", "m.chancery", "1"]).status, 2);
    assert_eq!(shell.run(["undo", "m.chancery", "2"]).status, 0);
}
