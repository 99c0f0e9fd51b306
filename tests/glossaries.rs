//! The rules that the glossaries of this project keep.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use chancery::Lang;
use chancery::exchange::{ReadOptions, TermFile, read_terms};
use chancery::term::{Concept, Recognizer, Status, Term, TermKind, Termbase};

use crate::data::data;

const LANGS: [Lang; 3] = [Lang::FR, Lang::EN, Lang::RU];

fn glossaries() -> Vec<(String, PathBuf, TermFile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("glossaries");
    let mut all: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tbx"))
        .map(|path| {
            let file = read_terms(&path, ReadOptions::new().strict(true)).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, path, file)
        })
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(all.len() >= 17);
    all
}

/// Fails with all that breaks a rule, one a line.
fn none(broken: Vec<String>) {
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
}

fn terms(concept: &Concept) -> impl Iterator<Item = (&Lang, &Term)> {
    let sections = concept.languages.iter();
    sections.flat_map(|section| section.terms.iter().map(|term| (&section.lang, term)))
}

#[test]
fn every_glossary_is_valid_against_the_schema_of_its_dialect() {
    let schema =
        "formats/schemas/tbx-v3/byutrg-integrated/TBXcoreStructV03_TBX-Basic_integrated.rng";
    let Some(schema) = data(schema) else { return };
    if Command::new("jing").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "jing is missing");
        eprintln!("skipped: jing is not installed");
        return;
    }
    let paths = glossaries().into_iter().map(|(_, path, _)| path);
    let output = Command::new("jing").arg(schema).args(paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_concept_has_a_name_in_each_language_and_an_id_of_its_own() {
    let mut broken = Vec::new();
    let mut ids: HashMap<String, String> = HashMap::new();
    for (file, _, read) in glossaries() {
        for concept in read.base.concepts() {
            let id = &concept.id;
            if let Some(other) = ids.insert(id.clone(), file.clone()) {
                broken.push(format!("{file}: {id} is in {other} too"));
            }
            for lang in &LANGS {
                let mut of_lang = concept.terms(lang).peekable();
                if of_lang.peek().is_none() {
                    broken.push(format!("{file}: {id} has no {lang}"));
                }
                for term in of_lang {
                    let text = &term.text;
                    if text.trim() != text || text.is_empty() || text.contains("  ") {
                        broken.push(format!("{file}: {id}: white space in `{text}`"));
                    }
                }
            }
            if concept.domains.is_empty() {
                broken.push(format!("{file}: {id} has no subject"));
            }
            if concept.sources.is_empty()
                && !concept.proposed
                && terms(concept).all(|(_, term)| term.sources.is_empty())
            {
                broken.push(format!("{file}: {id} is not proposed, but has no source"));
            }
        }
    }
    none(broken);
}

/// Two concepts of one file with the same names in all three languages are one concept.
#[test]
fn no_concept_stands_twice_in_a_file() {
    let mut broken = Vec::new();
    for (file, _, read) in glossaries() {
        let mut seen: HashMap<Vec<String>, &str> = HashMap::new();
        for concept in read.base.concepts() {
            let names: Vec<String> = LANGS
                .iter()
                .map(|lang| concept.terms(lang).next().map_or("", |term| &term.text).to_lowercase())
                .collect();
            if let Some(other) = seen.insert(names, &concept.id) {
                broken.push(format!("{file}: {other} and {} have the same names", concept.id));
            }
            for lang in &LANGS {
                let mut texts = BTreeSet::new();
                for term in concept.terms(lang).filter(|term| !texts.insert(&term.text)) {
                    broken.push(format!("{file}: {}: `{}` stands twice", concept.id, term.text));
                }
            }
        }
    }
    none(broken);
}

/// A reader must be able to tell two things with one acronym apart: by a note.
#[test]
fn acronyms_are_the_only_ones_of_their_file_or_explained() {
    let mut broken = Vec::new();
    for (file, _, read) in glossaries() {
        let mut seen: BTreeMap<(String, String), Vec<&Concept>> = BTreeMap::new();
        for concept in read.base.concepts() {
            for (lang, term) in terms(concept) {
                if term.kind == TermKind::Acronym {
                    let key = (lang.to_string(), term.text.clone());
                    seen.entry(key).or_default().push(concept);
                }
            }
        }
        for ((lang, acronym), concepts) in seen {
            let explained = |concept: &&Concept| {
                let of_term =
                    |(_, term): (_, &Term)| term.text == acronym && !term.notes.is_empty();
                !concept.notes.is_empty() || terms(concept).any(of_term)
            };
            if concepts.len() > 1 && !concepts.iter().all(explained) {
                let ids: Vec<&str> = concepts.iter().map(|concept| &*concept.id).collect();
                broken.push(format!("{file}: {acronym} ({lang}) is {}", ids.join(" and ")));
            }
        }
    }
    none(broken);
}

/// A name that should be written is not one that must not be, in the same concept.
#[test]
fn every_concept_has_one_name_to_write_or_none_is_ruled_out() {
    let mut broken = Vec::new();
    for (file, _, read) in glossaries() {
        for concept in read.base.concepts() {
            for lang in &LANGS {
                let usable = concept.terms(lang).filter(|term| term.status.passes()).count();
                if usable == 0 {
                    broken.push(format!("{file}: {}: nothing to write in {lang}", concept.id));
                }
            }
        }
    }
    none(broken);
}

/// Every name is found in a sentence it stands in, alone and among all others, in every language.
#[test]
fn every_name_is_found_in_a_sentence() {
    let all: Termbase =
        glossaries().into_iter().flat_map(|(_, _, read)| read.base.into_concepts()).collect();
    let frames = [
        (Lang::FR, "Le texte porte ici : ", " ; il est adopté."),
        (Lang::EN, "The text reads here: ", "; it is adopted."),
        (Lang::RU, "Здесь стоит: ", "; текст принят."),
    ];
    let mut broken = Vec::new();
    let mut count = 0;
    for (lang, before, after) in frames {
        let recognizer = Recognizer::new(&all, &lang);
        assert_eq!(recognizer.skipped(), [], "{lang}: a name without a word");
        let mut scanner = recognizer.scanner();
        for (at, term) in all.terms(&lang) {
            count += 1;
            let sentence = format!("{before}{}{after}", term.text);
            let name = before.len()..before.len() + term.text.len();
            // The words of the name, perhaps without its article and closing marks.
            let found = scanner.find_all(&sentence).into_iter().any(|hit| {
                let span = hit.span();
                hit.term == at && name.start <= span.start && span.end <= name.end
            });
            if !found {
                let (concept, _) = all.term(at);
                broken.push(format!("{}: `{}` ({lang})", concept.id, term.text));
            }
        }
    }
    println!("{count} names found");
    none(broken);
}

/// What is said of the glossaries in their README is what they hold.
#[test]
fn the_readme_counts_what_is_there() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("glossaries/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let mut broken = Vec::new();
    let (mut concepts, mut proposed, mut names) = (0, 0, 0);
    for (file, _, read) in glossaries() {
        let base = &read.base;
        let of_file = base.concepts().iter().filter(|concept| concept.proposed).count();
        let terms: usize = base.concepts().iter().map(|concept| terms(concept).count()).sum();
        (concepts, proposed, names) = (concepts + base.len(), proposed + of_file, names + terms);
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{file}`")));
        let cells: Vec<usize> = row
            .unwrap_or_default()
            .split('|')
            .filter_map(|cell| cell.trim().parse().ok())
            .collect();
        let expected = [base.len() - of_file, of_file, terms];
        let said = match cells.as_slice() {
            [attested, partly, proposed, names] => [attested + partly, *proposed, *names],
            _ => [0; 3],
        };
        if said != expected {
            broken.push(format!("{file}: {said:?} said, {expected:?} there"));
        }
    }
    println!("{concepts} concepts, {proposed} of them proposed, {names} names");
    none(broken);
}

/// A proposed name says so, in the words the model has for it.
#[test]
fn proposed_names_are_marked() {
    let all = glossaries();
    let concepts = || all.iter().flat_map(|(_, _, read)| read.base.concepts());
    let unattested = concepts()
        .filter(|concept| concept.proposed)
        .filter(|concept| terms(concept).all(|(_, term)| term.status != Status::Proposed));
    none(unattested.map(|concept| format!("{}: no name is marked", concept.id)).collect());
}
