//! Termbases of memories that go out as tables, are edited and come back.

use std::fs;

use chancery::Lang;
use chancery::exchange::{ReadOptions, TermFormat, read_terms, write_glossary};
use chancery::memory::Memory;
use chancery::tasks::{TermChange, TermStore};
use chancery::term::{Concept, Extra, Relation, RelationKind, Ruling, Status, Term, Termbase};
use proptest::prelude::*;

use crate::exchange::glossary::{TABLES, termbase};

/// Adds what no table holds to some of the concepts.
fn with_more(base: Termbase) -> Termbase {
    let mut concepts = base.into_concepts();
    for (number, concept) in concepts.iter_mut().enumerate().filter(|(number, _)| number % 2 == 0) {
        concept.relations.push(Relation {
            kind: RelationKind::Broader,
            target: "c-1".to_owned(),
            label: String::new(),
        });
        concept.images.push(format!("{number}.png"));
        concept.extra.push(Extra::new("descrip", "x-own", "kept"));
        for section in &mut concept.languages {
            section.definition = Some("of the language".to_owned());
            section.terms[0].rulings.push(Ruling {
                status: Status::Forbidden,
                house: Some("MID".to_owned()),
                ..Ruling::default()
            });
        }
    }
    concepts.into_iter().collect()
}

fn stored(base: &Termbase) -> Memory {
    let memory = Memory::new();
    let store = TermStore::new(&memory);
    let changes = store.compare(base.concepts().to_vec()).unwrap();
    store.commit(changes, "").unwrap();
    memory
}

/// Writes concepts as a table and compares what is read from it with a memory.
fn come_back(memory: &Memory, base: &Termbase, format: TermFormat, name: &str) -> Vec<TermChange> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut file = Vec::new();
    write_glossary(&mut file, base, format, &[Lang::FR, Lang::EN]).unwrap();
    fs::write(&path, file).unwrap();
    let read = read_terms(&path, ReadOptions::new()).unwrap();
    TermStore::new(memory).compare_files([read]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A table that nobody edited changes nothing; an edit comes back as this edit and nothing else,
    /// with all that the table does not hold.
    #[test]
    fn what_comes_back_is_what_was_edited(
        base in termbase(),
        at in any::<prop::sample::Index>(),
        removed: bool,
    ) {
        let base = with_more(base);
        let memory = stored(&base);
        let mut edited = base.clone().into_concepts();
        let number = at.index(edited.len());
        let sections = &mut edited[number].languages;
        let term = at.index(sections[0].terms.len());
        if removed && sections[0].terms.len() > 1 {
            sections[0].terms.remove(term);
        } else {
            sections[0].terms[term].notes.push("an edit".to_owned());
        }
        let wanted = edited[number].clone();
        let edited: Termbase = edited.into_iter().collect();
        for &(format, name) in TABLES {
            prop_assert_eq!(come_back(&memory, &base, format, name), vec![], "{}", format);
            let changes = come_back(&memory, &edited, format, name);
            prop_assert_eq!(changes.len(), 1, "{}", format);
            prop_assert_eq!(changes[0].after(), Some(&wanted), "{}", format);
        }
    }
}

/// A table of two columns says nothing of other languages, statuses and definitions.
#[test]
fn what_has_no_column_stays() {
    let mut concept = Concept::new("council");
    concept.definition = Some("a body".to_owned());
    for (lang, text) in [(Lang::FR, "conseil"), (Lang::EN, "council"), (Lang::RU, "совет")] {
        concept.add(lang, Term::new(text).with_status(Status::Preferred));
    }
    let memory = stored(&Termbase::from_iter([concept.clone()]));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "concept,fr,en\ncouncil,conseil,board\n").unwrap();
    let read = read_terms(&path, ReadOptions::new()).unwrap();
    assert_eq!(read.columns, ["concept", "term"]);
    let changes = TermStore::new(&memory).compare_files([read]).unwrap();
    concept.languages[1].terms = vec![Term::new("board")];
    assert_eq!(changes[0].after(), Some(&concept));
    assert_eq!(changes[0].to_string(), "~ council\n    - en council\n    + en board");
}
