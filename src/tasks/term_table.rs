//! What a table of terms does not say.

use crate::Lang;
use crate::exchange::TermFile;
use crate::term::{Concept, Language, Term};

/// Copies one thing said, from what was there to what a table has.
type Copy<T> = fn(&mut T, &T);

/// What is said of a concept, by the column that says it; without one no table does.
const OF_CONCEPT: &[(&str, Copy<Concept>)] = &[
    ("domain", |new, old| new.domains.clone_from(&old.domains)),
    ("definition", |new, old| new.definition.clone_from(&old.definition)),
    ("institution", |new, old| new.institution.clone_from(&old.institution)),
    ("concept source", |new, old| new.sources.clone_from(&old.sources)),
    ("concept note", |new, old| new.notes.clone_from(&old.notes)),
    ("proposed", |new, old| new.proposed = old.proposed),
    ("", |new, old| new.relations.clone_from(&old.relations)),
    ("", |new, old| new.images.clone_from(&old.images)),
    ("", |new, old| keep_new(&mut new.extra, &old.extra)),
];

const OF_LANGUAGE: &[Copy<Language>] = &[
    |new, old| new.definition.clone_from(&old.definition),
    |new, old| new.notes.clone_from(&old.notes),
    |new, old| new.extra.clone_from(&old.extra),
];

const OF_TERM: &[(&str, Copy<Term>)] = &[
    ("status", |new, old| new.status = old.status),
    ("kind", |new, old| new.kind = old.kind),
    ("part of speech", |new, old| new.part_of_speech = old.part_of_speech),
    ("gender", |new, old| new.gender = old.gender),
    ("note", |new, old| new.notes.clone_from(&old.notes)),
    ("source", |new, old| new.sources.clone_from(&old.sources)),
    ("context", |new, old| new.contexts.clone_from(&old.contexts)),
    ("reliability", |new, old| new.reliability = old.reliability),
    ("gap", |new, old| new.gap = old.gap),
    ("term id", |new, old| new.id.clone_from(&old.id)),
    ("", |new, old| new.rulings.clone_from(&old.rulings)),
    ("", |new, old| keep_new(&mut new.extra, &old.extra)),
];

fn keep_new<T: Clone>(new: &mut Vec<T>, old: &[T]) {
    if new.is_empty() {
        new.extend_from_slice(old);
    }
}

/// Fills in what a table says nothing of from what was known: whatever has no column, and the
/// languages of which the whole table has no term.
pub(super) struct Completer {
    columns: Vec<&'static str>,
    langs: Vec<Lang>,
}

impl Completer {
    /// That of a file; `None` if it is no table.
    pub(super) fn new(file: &TermFile) -> Option<Completer> {
        let mut langs: Vec<Lang> = Vec::new();
        for section in file.base.concepts().iter().flat_map(|concept| &concept.languages) {
            if !langs.contains(&section.lang) {
                langs.push(section.lang.clone());
            }
        }
        let columns = file.columns.clone();
        (!columns.is_empty()).then_some(Completer { columns, langs })
    }

    /// Completes a concept from the one that has its id.
    pub(super) fn complete(&self, new: &mut Concept, old: &Concept) {
        let has = |column: &str| self.columns.contains(&column);
        for (_, copy) in OF_CONCEPT.iter().filter(|(column, _)| !has(column)) {
            copy(new, old);
        }
        for section in &old.languages {
            if !self.langs.contains(&section.lang) {
                new.languages.push(section.clone());
                continue;
            }
            let Some(now) = new.languages.iter_mut().find(|now| now.lang == section.lang) else {
                continue;
            };
            OF_LANGUAGE.iter().for_each(|copy| copy(now, section));
            // A term may stand twice: the first is the first.
            let mut left: Vec<&Term> = section.terms.iter().collect();
            for term in &mut now.terms {
                let Some(at) = left.iter().position(|known| known.text == term.text) else {
                    continue;
                };
                let known = left.remove(at);
                for (_, copy) in OF_TERM.iter().filter(|(column, _)| !has(column)) {
                    copy(term, known);
                }
            }
        }
        // Languages stay in the order they had.
        let place =
            |section: &Language| old.languages.iter().position(|known| known.lang == section.lang);
        new.languages.sort_by_key(|section| place(section).unwrap_or(usize::MAX));
    }
}
