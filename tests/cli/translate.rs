//! `analyse` and `pretranslate`: the same matches as `lookup`, in the way of each format.

use std::path::Path;
use std::process::Command;

use chancery::exchange::{BilingualFile, ReadOptions, State};
use serde_json::Value;

use super::{Shell, sample};
use crate::data::data;

/// A memory of made-up minutes.
const MEMORY: &str = "Ouverture de la séance\tOpening of the meeting\n\
    La séance est levée à 18 h 30.\tThe meeting rose at 6.30 p.m.\n\
    Les Parties s’engagent à publier les résultats de l’enquête avant la fin de l’année.\t\
    The Parties undertake to publish the results of the investigation before the end of the year.\n\
    La contribution du Fonds s’élève à 1 250 000 euros.\tThe contribution of the Fund amounts to 1,250,000 euros.\n\
    Adopté.\tCarried.\n\
    Adopté.\tAgreed to.\n";

/// What is to be translated: exact, another number, another meaning, repeated, ambiguous, new.
const SOURCES: [&str; 7] = [
    "Ouverture de la séance",
    "La contribution du Fonds s’élève à 1 475 000 euros.",
    "Les Parties ne s’engagent pas à publier les résultats de l’enquête avant la fin de l’année.",
    "Ouverture de la séance",
    "Adopté.",
    "Rien de pareil n’avait été consigné.",
    "Rien de pareil n’avait été consigné.",
];

fn po(sources: &[&str]) -> String {
    let message = |(number, text): (usize, &&str)| {
        format!("#: minutes:{number}\nmsgctxt \"{number}\"\nmsgid \"{text}\"\nmsgstr \"\"\n")
    };
    let messages: Vec<String> = sources.iter().enumerate().map(message).collect();
    format!(
        "msgid \"\"\nmsgstr \"\"\n\"Language: en\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\
         \"X-Source-Language: fr\\n\"\n\n{}",
        messages.join("\n")
    )
}

fn xliff_1(sources: &[&str]) -> String {
    let unit = |(number, text): (usize, &&str)| {
        format!("<trans-unit id=\"{number}\"><source>{text}</source></trans-unit>\n")
    };
    let units: String = sources.iter().enumerate().map(unit).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n\
         <file original=\"minutes\" source-language=\"fr\" target-language=\"en\" datatype=\"plaintext\">\
         <body>\n{units}</body></file></xliff>\n"
    )
}

fn xliff_2(sources: &[&str]) -> String {
    let unit = |(number, text): (usize, &&str)| {
        format!(
            "<unit id=\"u{number}\"><segment id=\"s\"><source>{text}</source></segment></unit>\n"
        )
    };
    let units: String = sources.iter().enumerate().map(unit).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.1\" srcLang=\"fr\" trgLang=\"en\">\n\
         <file id=\"f\">\n{units}</file></xliff>\n"
    )
}

fn shell() -> Shell {
    let shell = Shell::new();
    shell.write("memory.tsv", MEMORY);
    shell.output(["import", "m.chancery", "memory.tsv"]);
    shell
}

#[test]
fn every_format_gets_the_matches_of_lookup() {
    let shell = shell();
    for (name, file) in
        [("a.xlf", xliff_1(&SOURCES)), ("b.xlf", xliff_2(&SOURCES)), ("c.po", po(&SOURCES))]
    {
        shell.write(name, file);
        let out = format!("out-{name}");
        let json = shell.output(["pretranslate", "m.chancery", name, "-o", &out, "--json"]);
        let report: Value = serde_json::from_str(&json).unwrap();
        for (what, count) in [
            ("segments", 7),
            ("translated", 2),
            ("drafts", 2),
            ("repaired", 1),
            ("ambiguous", 1),
            ("guarded", 1),
            ("unmatched", 2),
        ] {
            assert_eq!(report[what], count, "{name}: {what}: {json}");
        }
        let document = BilingualFile::open(shell.path(&out), ReadOptions::new()).unwrap();
        let targets: Vec<String> = document
            .entries()
            .iter()
            .map(|entry| entry.target.as_ref().map_or(String::new(), |t| t.text().into_owned()))
            .collect();
        assert_eq!(targets[0], "Opening of the meeting", "{name}");
        assert_eq!(targets[1], "The contribution of the Fund amounts to 1,475,000 euros.");
        assert_eq!(targets[2], "", "a promise and its denial");
        assert!(["Carried.", "Agreed to."].contains(&targets[4].as_str()));
        let states: Vec<State> = document.entries().iter().map(|entry| entry.state).collect();
        assert_eq!(
            states[..6],
            [
                State::Translated,
                State::Draft,
                State::Initial,
                State::Translated,
                State::Draft,
                State::Initial
            ],
            "{name}"
        );
        for (entry, source) in document.entries().iter().zip(SOURCES) {
            let args =
                ["lookup", "m.chancery", source, "--threshold", "75", "--limit", "3", "--json"];
            let found: Value = serde_json::from_str(&shell.output(args)).unwrap();
            let found = found["matches"].as_array().unwrap();
            // What goes in is the suggestion of the first match, unless its meaning differs.
            let first = found
                .first()
                .filter(|first| first["limit"].is_null() || first["limit"] == REPAIRED);
            let suggested = first.map(|first| first["suggestion"]["target"].as_str().unwrap());
            let target = entry.target.as_ref().map(|target| target.text().into_owned());
            assert_eq!(target.as_deref().filter(|t| !t.is_empty()), suggested, "{name}: {source}");
            if name == "c.po" {
                assert!(entry.proposals.is_empty());
                continue;
            }
            assert_eq!(entry.proposals.len(), found.len(), "{name}: {source}");
            for (proposal, found) in entry.proposals.iter().zip(found) {
                assert_eq!(found["target"], proposal.target.text().as_ref());
                let rank = found["rank_score"].as_f64().unwrap().floor();
                assert_eq!(proposal.score.map(f64::from), Some(rank), "{source}");
            }
        }
    }
}

/// The highest rank of a match whose differences were carried over.
const REPAIRED: f64 = 99.0;

#[test]
fn an_analysis_counts_every_segment_in_the_band_of_its_lookup() {
    let shell = shell();
    shell.write(
        "other.tsv",
        "Rien de pareil n’avait été noté.\tNothing like it had been noted.\n\
         Ouverture de la séance\tBeginning of the meeting\n",
    );
    shell.output(["import", "other.tmx", "other.tsv"]);
    type Write = fn(&[&str]) -> String;
    let formats: [(&str, Write); 3] = [("a.xlf", xliff_1), ("b.xlf", xliff_2), ("c.po", po)];
    for options in [&[][..], &["--also", "other.tmx=4", "--penalty", "machine=3"]] {
        for source in SOURCES {
            let lookup = ["lookup", "m.chancery", source, "--threshold", "50", "--json"];
            let found = shell.output(lookup.iter().chain(options));
            let found: Value = serde_json::from_str(&found).unwrap();
            let expected = match found["matches"].get(0) {
                None => "new",
                Some(best) if best["limit"] == REPAIRED => "repaired",
                Some(best) => match best["rank_score"].as_f64().unwrap() {
                    100.0.. => "100",
                    95.0.. => "95-99",
                    85.0.. => "85-94",
                    75.0.. => "75-84",
                    _ => "50-74",
                },
            };
            for (name, write) in formats {
                shell.write(name, write(&[source]));
                let args = ["analyse", "m.chancery", name, "--json"];
                let report = shell.output(args.iter().chain(options));
                let report: Value = serde_json::from_str(&report).unwrap();
                let bands = report["bands"].as_array().unwrap().iter();
                let band: Vec<&str> = bands
                    .filter(|band| band["segments"] == 1)
                    .map(|band| band["band"].as_str().unwrap())
                    .collect();
                assert_eq!(band, [expected], "{name} {options:?}: {source}");
            }
        }
    }
}

#[test]
fn several_memories_fill_a_file_in_the_ranking_of_lookup() {
    let shell = shell();
    shell.write("other.tsv", "Rien de pareil n’avait été noté.\tNothing like it had been noted.\n");
    shell.output(["import", "other.tmx", "other.tsv"]);
    shell.write("a.xlf", xliff_1(&SOURCES));
    let also = ["--also", "other.tmx=2"];
    let args = ["pretranslate", "m.chancery", "a.xlf", "-o", "out.xlf"];
    shell.output(args.iter().chain(&also));
    let document = BilingualFile::open(shell.path("out.xlf"), ReadOptions::new()).unwrap();
    let args = ["lookup", "m.chancery", SOURCES[5], "--threshold", "75", "--json"];
    let found: Value = serde_json::from_str(&shell.output(args.iter().chain(&also))).unwrap();
    let best = &found["matches"][0];
    assert_eq!(best["memory"], "other.tmx");
    let entry = &document.entries()[5];
    assert_eq!(entry.target.as_ref().unwrap().text(), "Nothing like it had been noted.");
    let rank = best["rank_score"].as_f64().unwrap().floor();
    assert_eq!(entry.proposals[0].score.map(f64::from), Some(rank));
}

#[test]
fn what_was_filled_passes_the_validators() {
    let shell = shell();
    for (name, file, check) in [
        ("a.xlf", xliff_1(&SOURCES), "formats/schemas/xliff-1.2/xliff-core-1.2-strict.xsd"),
        ("b.xlf", xliff_2(&SOURCES), "formats/schemas/xliff-2.1/xliff_core_2.0.xsd"),
        ("c.po", po(&SOURCES), ""),
    ] {
        shell.write(name, file);
        let out = format!("out-{name}");
        shell.output(["pretranslate", "m.chancery", name, "-o", &out]);
        let mut command = match check {
            "" => Command::new("msgfmt"),
            _ => Command::new("xmllint"),
        };
        if check.is_empty() {
            command.args(["-c", "-o", "/dev/null"]);
        } else {
            let Some(schema) = data(check) else { continue };
            command.args(["--nonet", "--noout", "--schema"]).arg(schema);
            let folder = data("formats/schemas").unwrap();
            command.env("XML_CATALOG_FILES", catalogs(&folder));
        }
        let done = match command.arg(shell.path(&out)).output() {
            Ok(done) => done,
            Err(_) => {
                assert!(std::env::var_os("CI").is_none(), "xmllint and msgfmt are needed");
                eprintln!("skipped: xmllint or msgfmt is not installed");
                continue;
            }
        };
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{name}: {said}\n{}", shell.read(&out));
    }
}

fn catalogs(folder: &Path) -> String {
    let names = ["catalog.xml", "xliff-2.1/catalog.xml", "xliff-2.0/catalog.xml"];
    names.map(|name| folder.join(name).display().to_string()).join(" ")
}

#[test]
fn a_text_gets_exact_matches_only() {
    let shell = shell();
    let text = "Ouverture de la séance\n\nRien de pareil. La séance est levée à 18 h 30.\n";
    shell.write("minutes.txt", text);
    let args = ["pretranslate", "m.chancery", "minutes.txt", "-o", "out.txt", "--json"];
    let report: Value = serde_json::from_str(&shell.output(args)).unwrap();
    assert_eq!((&report["translated"], &report["drafts"]), (&2.into(), &0.into()));
    let expected = "Opening of the meeting\n\nRien de pareil. The meeting rose at 6.30 p.m.\n";
    assert_eq!(shell.read("out.txt"), expected);
}

#[test]
fn locked_and_translated_segments_stay() {
    let shell = shell();
    let unit = |id: u8, attribute: &str, target: &str| {
        format!(
            "<trans-unit id=\"{id}\"{attribute}><source>Ouverture de la séance</source>{target}</trans-unit>"
        )
    };
    let old = "<target state=\"translated\">Beginning</target>";
    let file = format!(
        "<xliff version=\"1.2\"><file original=\"m\" source-language=\"fr\" target-language=\"en\" \
         datatype=\"plaintext\"><body>{}{}</body></file></xliff>",
        unit(1, "", old),
        unit(2, " translate=\"no\"", "")
    );
    shell.write("a.xlf", &file);
    let targets = |overwrite: &[&str]| {
        let args = ["pretranslate", "m.chancery", "a.xlf", "-o", "out.xlf"];
        shell.output(args.iter().chain(overwrite));
        let document = BilingualFile::open(shell.path("out.xlf"), ReadOptions::new()).unwrap();
        let target =
            |at: usize| document.entries()[at].target.clone().map(|t| t.text().into_owned());
        (target(0), target(1))
    };
    assert_eq!(targets(&[]), (Some("Beginning".to_owned()), None));
    assert_eq!(shell.read("out.xlf"), file);
    assert_eq!(targets(&["--overwrite"]), (Some("Opening of the meeting".to_owned()), None));
}

#[test]
fn an_analysis_counts_each_segment_once() {
    let shell = shell();
    let bands = |name: &str| {
        let out = shell.output(["analyse", "m.chancery", name, "--json"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["total"]["segments"], 7, "{out}");
        let bands = report["bands"].as_array().unwrap().iter();
        let counts = bands.filter_map(|band| {
            let count = band["segments"].as_u64().filter(|&count| count > 0)?;
            Some((band["band"].as_str().unwrap().to_owned(), count))
        });
        counts.collect::<Vec<_>>()
    };
    let expected = [("repetition", 2), ("100", 2), ("repaired", 1), ("75-84", 1), ("new", 1)];
    let expected: Vec<(String, u64)> = expected.map(|(name, n)| (name.to_owned(), n)).into();
    for (name, file) in
        [("a.xlf", xliff_1(&SOURCES)), ("b.xlf", xliff_2(&SOURCES)), ("c.po", po(&SOURCES))]
    {
        shell.write(name, file);
        assert_eq!(bands(name), expected, "{name}");
    }
}

#[test]
fn an_analysis_is_a_table_for_people_and_for_sheets() {
    let shell = Shell::new();
    let (fr, en) = (sample("communique.fr.txt"), sample("communique.en.txt"));
    shell.output(["align", &fr, &en, "-o", "x.tmx"]);
    let table = shell.output(["analyse", "x.tmx", &fr]);
    assert!(table.contains("band") && table.contains("weighted"), "{table}");
    let csv = shell.output(["analyse", "x.tmx", &fr, "--csv", "--weight", "100=0.5"]);
    let rows: Vec<Vec<&str>> =
        csv.lines().skip(1).map(|line| line.rsplitn(6, ',').collect()).collect();
    let exact = rows.iter().find(|row| row[4] == "100").unwrap();
    let (words, weighted): (f64, f64) = (exact[2].parse().unwrap(), exact[0].parse().unwrap());
    assert!(words > 0.0 && (weighted - words / 2.0).abs() < 0.051, "{exact:?}");
    let wrong = shell.run(["analyse", "x.tmx", &fr, "--weight", "99=1"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("repetition"), "{}", wrong.err);
    assert_eq!(shell.run(["analyse", "x.tmx", "x.tmx"]).status, 2);
}
