//! `chancery terms`.

use serde_json::Value;

use super::{Shell, sample};

const GLOSSARY: &str = "concept,lang,term,status,note\n\
    nato.russia-council,fr,Conseil OTAN-Russie,preferred,\n\
    nato.russia-council,fr,Conseil Russie-OTAN,deprecated,\n\
    nato.russia-council,en,NATO-Russia Council,preferred,\n\
    nato.russia-council,ru,Совет Россия – НАТО,preferred,\n\
    armistice,fr,accord d’armistice,,\n\
    armistice,en,armistice agreement,,\n";

fn glossaries() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/glossaries").to_owned()
}

#[test]
fn terms_are_found_with_their_place_and_the_reason() {
    let shell = Shell::new();
    shell.write("g.csv", GLOSSARY);
    shell.write("t.txt", "Le Conseil Russie-OTAN siège.\n\nLes accords d'armistice tiennent.\n");
    let done = shell.run(["terms", "find", "t.txt", "--glossary", "g.csv"]);
    assert_eq!(done.status, 0, "{done:#?}");
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(
        lines[0],
        "t.txt:1:4: Conseil Russie-OTAN [nato.russia-council, deprecated] en: NATO-Russia Council; \
         ru: Совет Россия – НАТО"
    );
    assert!(
        lines[1].starts_with("t.txt:3:5: accords d'armistice = accord d’armistice [armistice]")
    );
    assert!(lines[1].contains("accords for accord (inflection)"), "{}", lines[1]);
    assert_eq!(lines.len(), 2);

    let json = shell.output(["terms", "find", "t.txt", "--glossary", "g.csv", "--json"]);
    let hits: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(hits[1]["concept"], "armistice");
    assert_eq!((hits[1]["line"].as_u64(), hits[1]["column"].as_u64()), (Some(3), Some(5)));
    assert_eq!(hits[1]["equivalents"]["en"], "armistice agreement");
    assert_eq!(hits[1]["words"][0]["how"], "inflection");
    assert_eq!(hits[0]["status"], "deprecated");
}

#[test]
fn a_folder_is_read_whole_and_every_language_is_searched() {
    let shell = Shell::new();
    let find = ["terms", "find", "--glossary", &glossaries()];
    for (file, lang) in [("communique.fr.txt", "fr"), ("communique.ru.txt", "ru")] {
        let text = sample(file);
        let done = shell.run(find.into_iter().chain([text.as_str(), "--lang", lang]));
        assert_eq!(done.status, 0, "{done:#?}");
        assert!(done.out.lines().count() > 20, "{}", done.out);
    }
    let standard = shell.run_with_input(find.into_iter().chain(["-"]), "Le Conseil de sécurité.");
    assert!(standard.out.starts_with("-:1:4: Conseil de sécurité [un.security-council"));
    let more = shell.run_with_input(
        find.into_iter().chain(["-", "--nested"]),
        "Le Conseil de sécurité des Nations Unies.",
    );
    assert!(more.out.lines().count() > 1, "{}", more.out);
}

#[test]
fn glossaries_are_converted_and_losses_reported() {
    let shell = Shell::new();
    shell.write("g.csv", GLOSSARY);
    let done = shell.run(["terms", "convert", "g.csv", "g.tbx"]);
    assert_eq!((done.status, done.out.as_str()), (0, ""), "{done:#?}");
    assert!(done.err.contains("2 concepts, 6 terms, TBX"), "{}", done.err);
    assert!(shell.read("g.tbx").contains("type=\"TBX-Basic\""));

    let done = shell.run(["terms", "convert", "g.tbx", "core.tbx", "--dialect", "core"]);
    assert_eq!(done.status, 1, "{done:#?}");
    assert!(done.err.contains("lost: concept `nato.russia-council`, term `Conseil OTAN-Russie`"));

    let done = shell.run(["terms", "convert", "g.tbx", "back.csv"]);
    assert_eq!(done.status, 0, "{done:#?}");
    assert!(
        shell.read("back.csv").contains("nato.russia-council,fr,Conseil Russie-OTAN,deprecated")
    );

    let done = shell.run(["terms", "convert", "g.tbx", "omegat.txt", "--json"]);
    assert_eq!(done.status, 1);
    let lost: Value = serde_json::from_str(done.out.lines().next().unwrap()).unwrap();
    assert!(lost["lost"].is_string());
    let expected = "Conseil OTAN-Russie\tNATO-Russia Council\n\
                    Conseil Russie-OTAN\tNATO-Russia Council\naccord d’armistice\tarmistice agreement\n";
    assert_eq!(shell.read("omegat.txt"), expected);
}

#[test]
fn our_glossaries_become_one_file() {
    let shell = Shell::new();
    let from = glossaries();
    let done = shell.run(["terms", "convert", &from, "all.tbx", "--dialect", "private"]);
    assert_eq!(done.status, 0, "{done:#?}");
    assert!(done.err.contains("2550 concepts, 9436 terms"), "{}", done.err);
}

#[test]
fn what_cannot_be_done_is_said() {
    let shell = Shell::new();
    shell.write("g.csv", GLOSSARY);
    shell.write("empty.tbx", "<martif type='TBX'><text><body></body></text></martif>");
    std::fs::create_dir(shell.path("none")).unwrap();
    for (arguments, said) in [
        (["terms", "find", "g.csv", "--glossary", "missing.tbx"].as_slice(), "missing.tbx"),
        (&["terms", "find", "g.csv", "--glossary", "none"], "no glossary"),
        (
            &["terms", "find", "g.csv", "--glossary", "g.csv", "--lang", "de"],
            "no terms in the language",
        ),
        (&["terms", "convert", "empty.tbx", "out.csv"], "no term"),
        (&["terms", "convert", "g.csv", "out.pdf"], "tells no format"),
        (&["terms", "convert", "g.csv", "out.csv", "--dialect", "min"], "--dialect"),
        (&["terms", "convert", "g.csv", "out.tbx", "--dialect", "tbx"], "no dialect of TBX"),
        (&["terms", "convert", "g.csv", "out.txt", "--target", "de"], "terms in both"),
        (&["terms", "convert", "g.csv", "out.xlf"], "not written"),
    ] {
        let done = shell.run(arguments);
        assert_eq!(done.status, 2, "{arguments:?}: {done:#?}");
        assert!(done.err.contains(said), "{arguments:?}: {}", done.err);
    }
    assert_eq!(shell.files(), ["empty.tbx", "g.csv", "none"]);
}

#[cfg(feature = "sqlite")]
#[test]
fn a_terminologist_works_in_a_memory() {
    let shell = Shell::new();
    shell.write("g.csv", GLOSSARY);
    let planned = shell.run(["terms", "import", "m", "g.csv", "--dry-run"]);
    assert_eq!(planned.status, 0, "{planned:#?}");
    assert!(planned.out.starts_with("+ nato.russia-council: fr Conseil OTAN-Russie, en NATO-"));
    assert!(!shell.path("m").exists());
    assert_eq!(shell.output(["terms", "import", "m", "g.csv", "--author", "anne"]), planned.out);
    assert_eq!(shell.output(["terms", "import", "m", "g.csv"]), "");

    // A table goes out, is edited, and comes back as the changes that were made.
    shell.output(["terms", "export", "m", "out.csv"]);
    let edited = shell
        .read("out.csv")
        .replace("Conseil Russie-OTAN,deprecated", "Conseil Russie-OTAN,admitted");
    shell.write("out.csv", edited);
    let changed = shell.output(["terms", "import", "m", "out.csv"]);
    let expected =
        "~ nato.russia-council\n    fr Conseil Russie-OTAN: status deprecated -> admitted\n";
    assert_eq!(changed, expected);

    shell.output(["terms", "add", "m", "peace", "--term", "fr=paix", "--term", "en=peace"]);
    let approved = shell.output(["terms", "approve", "m", "peace"]);
    assert!(approved.contains("fr paix: status proposed -> preferred"), "{approved}");
    let set = ["terms", "set", "m", "peace", "--term", "en=pax", "--status", "forbidden"];
    assert_eq!(shell.output(set), "~ peace\n    + en pax\n");
    let merged = shell.output(["terms", "merge", "m", "armistice", "peace"]);
    assert!(merged.contains("+ fr paix") && merged.contains("- peace: fr paix"), "{merged}");

    // Each was one revision.
    let history = shell.output(["history", "m"]);
    assert_eq!(history.lines().count(), 6, "{history}");
    assert!(history.contains("anne"), "{history}");
    shell.output(["undo", "m", "6"]);
    let done = shell.run(["terms", "export", "m", "out.tbx"]);
    assert_eq!(done.status, 0, "{done:#?}");
    assert!(done.err.contains("3 concepts"), "{}", done.err);
    assert!(shell.read("out.tbx").contains("<term>pax</term>"));

    for (arguments, said) in [
        (["terms", "approve", "m", "nothing"].as_slice(), "no concept `nothing`"),
        (&["terms", "merge", "m", "peace", "peace"], "itself"),
        (&["terms", "add", "m", "peace", "--term", "fr=paix"], "already"),
        (&["terms", "add", "m", "x", "--term", "paix"], "write it as"),
        (&["terms", "export", "missing", "x.csv"], "no such memory"),
        (&["terms", "import", "m.tmx", "g.csv"], "holds no terms"),
    ] {
        let done = shell.run(arguments);
        assert_eq!(done.status, 2, "{arguments:?}: {done:#?}");
        assert!(done.err.contains(said), "{arguments:?}: {}", done.err);
    }
}

/// All of our glossaries go into a memory and come out as they were.
#[cfg(feature = "sqlite")]
#[test]
fn our_glossaries_live_in_a_memory() {
    let shell = Shell::new();
    let from = glossaries();
    let done = shell.run(["terms", "import", "m", &from]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(done.out.lines().count(), 2550);
    assert_eq!(shell.output(["terms", "import", "m", &from]), "");
    shell.output(["terms", "export", "m", "out.tbx"]);
    assert_eq!(shell.output(["terms", "import", "m", "out.tbx"]), "");
}

/// A workbook goes out of a memory, is edited and comes back as the edits, under the same ids; what it
/// does not hold stays.
#[cfg(all(feature = "sqlite", feature = "spreadsheet"))]
#[test]
fn a_workbook_comes_back_as_its_edits() {
    let shell = Shell::new();
    shell.write("g.csv", GLOSSARY);
    shell.output(["terms", "import", "m", "g.csv"]);
    shell.output(["terms", "export", "m", "out.xlsx"]);
    assert_eq!(shell.output(["terms", "import", "m", "out.xlsx"]), "");
    // The edit of a person, made by way of a table in text.
    shell.output(["terms", "convert", "out.xlsx", "edit.csv"]);
    let edited = shell.read("edit.csv").replace("Russia Council", "Russia council");
    shell.write("edit.csv", edited);
    shell.output(["terms", "convert", "edit.csv", "out.xlsx"]);
    let expected =
        "~ nato.russia-council\n    - en NATO-Russia Council\n    + en NATO-Russia council\n";
    let planned = shell.run(["terms", "import", "m", "out.xlsx", "--dry-run"]);
    assert_eq!((planned.status, planned.out.as_str()), (0, expected), "{planned:#?}");
    assert_eq!(shell.output(["terms", "import", "m", "out.xlsx"]), expected);
    assert_eq!(shell.output(["terms", "import", "m", "out.xlsx"]), "");
    shell.output(["undo", "m", "2"]);
    assert_eq!(shell.output(["terms", "import", "m", "g.csv"]), "");
}

/// A candidate is extracted, proposed, approved and then asked for; the journal has each step.
#[cfg(feature = "sqlite")]
#[test]
fn a_candidate_is_proposed_and_approved_under_the_journal() {
    let shell = Shell::new();
    let rows = [
        "La trêve olympique est exigée.\tThe olympic truce is demanded.",
        "Une trêve olympique suivra.\tAn olympic truce will follow.",
        "Les trêves olympiques passent.\tThe olympic truces pass.",
        "La paix est exigée.\tPeace is demanded.",
    ];
    shell.write("a.tsv", rows.join("\n"));
    let extract = ["terms", "extract", "a.tsv", "--bilingual", "--least", "2"];
    shell.output(extract.into_iter().chain(["-o", "new.tbx"]));
    let added = shell.output(["terms", "import", "m", "new.tbx", "--author", "ana"]);
    let line = added.lines().find(|line| line.contains("fr trêve olympique")).unwrap();
    let id = line.trim_start_matches("+ ").split(": ").next().unwrap();

    // What is only proposed is not asked for.
    shell.write("b.tsv", "La trêve olympique est violée.\tThe pause is violated.\n");
    let check = ["check", "b.tsv", "--glossary", "m"];
    assert_eq!(shell.output(check), "");
    let approved = shell.output(["terms", "approve", "m", id, "--author", "eva"]);
    assert!(approved.contains("fr trêve olympique: status proposed -> preferred"), "{approved}");
    let done = shell.run(check);
    assert_eq!(done.status, 1, "{done:#?}");
    assert!(done.out.contains("`trêve olympique` is not translated by `olympic truce`"));
    let known = shell.output(extract.into_iter().chain(["--glossary", "m"]));
    assert!(!known.contains("trêve olympique\t"), "{known}");

    let history = shell.output(["history", "m"]);
    assert!(history.contains("new.tbx") && history.contains("ana"), "{history}");
    assert!(history.contains("eva"), "{history}");
    shell.output(["undo", "m", "2"]);
    assert_eq!(shell.output(check), "");
}

#[test]
fn of_several_admitted_names_all_are_shown() {
    let shell = Shell::new();
    let rows = "concept,lang,term,status\nislands,fr,îles Jumelles,admitted\n\
                islands,en,Twin Islands,admitted\nislands,en,Ardel Islands,admitted\n\
                islands,ru,острова Близнецы,admitted\n";
    shell.write("g.csv", rows);
    let find = ["terms", "find", "-", "--glossary", "g.csv"];
    let text = "Les îles Jumelles.";
    let done = shell.run_with_input(find, text);
    let expected = "-:1:5: îles Jumelles [islands, admitted] ru: острова Близнецы; en: Twin Islands \
                    or Ardel Islands\n";
    assert_eq!(done.out, expected);
    let done = shell.run_with_input(find.into_iter().chain(["--json"]), text);
    let hit: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(hit["equivalents"], serde_json::json!({"ru": "острова Близнецы"}));
    let choices = serde_json::json!({"en": ["Twin Islands", "Ardel Islands"]});
    assert_eq!(hit["choices"], choices);
}
