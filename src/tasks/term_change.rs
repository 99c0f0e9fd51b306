//! What changes in a concept, in words.

use std::fmt;

use crate::term::{Concept, Term};

/// What an import or an edit makes of one concept.
///
/// Its text has a line for each thing that changes, for a person to read before it is committed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TermChange {
    /// It was not there.
    Added(Concept),
    /// It was otherwise.
    Changed {
        /// What it was.
        before: Box<Concept>,
        /// What it is to be.
        after: Box<Concept>,
    },
    /// It is to be there no more.
    Removed(Concept),
}

impl TermChange {
    /// The id of the concept.
    pub fn id(&self) -> &str {
        match self {
            TermChange::Added(concept) | TermChange::Removed(concept) => &concept.id,
            TermChange::Changed { after, .. } => &after.id,
        }
    }

    /// The concept as it is to be.
    pub fn after(&self) -> Option<&Concept> {
        match self {
            TermChange::Added(concept) => Some(concept),
            TermChange::Changed { after, .. } => Some(after),
            TermChange::Removed(_) => None,
        }
    }
}

impl fmt::Display for TermChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TermChange::Added(concept) => write!(f, "+ {}: {}", concept.id, names(concept)),
            TermChange::Removed(concept) => write!(f, "- {}: {}", concept.id, names(concept)),
            TermChange::Changed { before, after } => {
                write!(f, "~ {}", after.id)?;
                differences(before, after).iter().try_for_each(|line| write!(f, "\n    {line}"))
            }
        }
    }
}

fn names(concept: &Concept) -> String {
    let first = |section: &crate::term::Language| {
        section.terms.first().map(|term| format!("{} {}", section.lang, term.text))
    };
    concept.languages.iter().filter_map(first).collect::<Vec<_>>().join(", ")
}

/// Each term with the language it is in.
fn terms(concept: &Concept) -> Vec<(&str, &Term)> {
    let sections = concept.languages.iter();
    sections
        .flat_map(|section| section.terms.iter().map(|term| (section.lang.canonical(), term)))
        .collect()
}

fn differences(before: &Concept, after: &Concept) -> Vec<String> {
    let mut lines = Vec::new();
    let mut compare = |what: &str, before: String, after: String| {
        if before != after {
            lines.push(match (&*before, &*after) {
                ("", after) => format!("{what}: {after}"),
                (before, "") => format!("{what}: {before} taken away"),
                (before, after) => format!("{what}: {before} -> {after}"),
            });
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let yes = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    compare("definition", text(&before.definition), text(&after.definition));
    compare("institution", text(&before.institution), text(&after.institution));
    compare("domains", before.domains.join("; "), after.domains.join("; "));
    compare("sources", before.sources.join("; "), after.sources.join("; "));
    compare("notes", before.notes.join("; "), after.notes.join("; "));
    compare("proposed", yes(before.proposed), yes(after.proposed));
    let (old, new) = (terms(before), terms(after));
    for (lang, term) in &old {
        let same = |other: &&(&str, &Term)| other.0 == *lang && other.1.text == term.text;
        let what = format!("{lang} {}", term.text);
        match new.iter().find(same) {
            None => lines.push(format!("- {what}")),
            Some((_, now)) if now != term => {
                let said = said(term, now);
                let said = if said.is_empty() { "other details".to_owned() } else { said };
                lines.push(format!("{what}: {said}"));
            }
            Some(_) => {}
        }
    }
    for (lang, term) in &new {
        if !old.iter().any(|(other, known)| other == lang && known.text == term.text) {
            lines.push(format!("+ {lang} {}", term.text));
        }
    }
    if lines.is_empty() {
        lines.push("other details".to_owned());
    }
    lines
}

/// What is said of a term that was said otherwise.
fn said(before: &Term, after: &Term) -> String {
    let optional = |value: Option<String>| value.unwrap_or_default();
    let pairs = [
        ("status", before.status.to_string(), after.status.to_string()),
        ("kind", before.kind.to_string(), after.kind.to_string()),
        ("part of speech", before.part_of_speech.to_string(), after.part_of_speech.to_string()),
        (
            "gender",
            optional(before.gender.map(|gender| gender.to_string())),
            optional(after.gender.map(|gender| gender.to_string())),
        ),
        ("notes", before.notes.join("; "), after.notes.join("; ")),
        ("sources", before.sources.join("; "), after.sources.join("; ")),
        ("contexts", before.contexts.join("; "), after.contexts.join("; ")),
    ];
    let or_nothing = |text: String| if text.is_empty() { "nothing".to_owned() } else { text };
    let changed = pairs.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(what, before, after)| {
            format!("{what} {} -> {}", or_nothing(before), or_nothing(after))
        })
        .collect::<Vec<_>>()
        .join(", ")
}
