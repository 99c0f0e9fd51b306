//! The tree of an entry as a concept.

use super::category::Level;
use super::value::Value;
use super::{children, take_attribute};
use crate::Lang;
use crate::exchange::Problem;
use crate::term::{Concept, Extra, ExtraContent, Language, PartOfSpeech, Status, Term, TermKind};
use crate::unit::Attribute;

/// A concept, and what was odd about it.
#[derive(Debug)]
pub(super) struct Mapped {
    pub(super) concept: Concept,
    pub(super) problems: Vec<(Problem, String)>,
}

/// The names of entries, in the versions of the standard.
pub(super) const ENTRIES: [&str; 3] = ["termEntry", "conceptEntry", "entry"];

/// Makes a concept of an entry.
pub(super) fn concept(mut entry: Extra) -> Mapped {
    let mut problems = Vec::new();
    let id = take_attribute(&mut entry.attributes, "id");
    if id.is_none() {
        problems.push((Problem::MissingAttribute, "a concept without an id".to_owned()));
    }
    let mut concept = Concept::new(id.unwrap_or_default());
    keep_attributes(CONCEPT, entry.attributes, &mut concept.extra);
    for child in elements(entry.content, &mut problems) {
        match child.name.as_str() {
            "langSet" | "langSec" | "langGroup" => {
                concept.languages.push(language(child, &mut problems));
            }
            name if has_term(&child) && child.attribute("xml:lang").is_some() => {
                problems.push((Problem::UnexpectedElement, format!("`{name}` read as `langSec`")));
                concept.languages.push(language(child, &mut problems));
            }
            _ => on_concept(&mut concept, child, &mut problems),
        }
    }
    if concept.languages.iter().all(|language| language.terms.is_empty()) {
        problems.push((Problem::EmptyUnit, "a concept without a term".to_owned()));
    }
    Mapped { concept, problems }
}

/// What stands in [`Extra::name`] for attributes of the element of a level itself.
pub(super) const CONCEPT: &str = "conceptEntry";
pub(super) const LANGUAGE: &str = "langSec";
pub(super) const TERM: &str = "termSec";

fn keep_attributes(name: &str, attributes: Vec<Attribute>, extra: &mut Vec<Extra>) {
    if !attributes.is_empty() {
        extra.push(Extra { name: name.to_owned(), attributes, content: Vec::new() });
    }
}

type Problems = Vec<(Problem, String)>;

fn elements(content: Vec<ExtraContent>, problems: &mut Problems) -> Vec<Extra> {
    let mut found = Vec::with_capacity(content.len());
    for part in content {
        match part {
            ExtraContent::Element(element) => found.push(element),
            ExtraContent::Text(text) if text.trim().is_empty() => {}
            ExtraContent::Text(text) => {
                let text: String = text.trim().chars().take(40).collect();
                let message = format!("text where only elements may stand, left out: `{text}`");
                problems.push((Problem::UnexpectedText, message));
            }
        }
    }
    found
}

fn language(mut section: Extra, problems: &mut Problems) -> Language {
    let written = take_attribute(&mut section.attributes, "xml:lang")
        .or_else(|| take_attribute(&mut section.attributes, "lang"));
    if written.as_deref().unwrap_or_default().trim().is_empty() {
        let message = "terms without a language".to_owned();
        problems.push((Problem::MissingLanguage, message));
    }
    let mut language = Language::new(Lang::from_written(written.unwrap_or_default()));
    keep_attributes(LANGUAGE, section.attributes, &mut language.extra);
    for child in elements(section.content, problems) {
        match child.name.as_str() {
            "tig" | "ntig" | "termSec" | "termGroup" | "termGrp" | "term" => {
                terms(child, &mut language.terms, problems);
            }
            name if has_term(&child) => {
                problems.push((Problem::UnexpectedElement, format!("`{name}` read as `termSec`")));
                terms(child, &mut language.terms, problems);
            }
            _ => on_language(&mut language, child, problems),
        }
    }
    language
}

/// Whether a term stands in an element or in its children.
fn has_term(element: &Extra) -> bool {
    children(element)
        .any(|child| child.name == "term" || children(child).any(|inner| inner.name == "term"))
}

/// Reads a term, or several where a file has them in one section.
fn terms(mut section: Extra, into: &mut Vec<Term>, problems: &mut Problems) {
    if section.name == "term" {
        // Without a section of its own: it is its own section.
        let whole = ExtraContent::Element(section);
        section = Extra { name: TERM.to_owned(), attributes: Vec::new(), content: vec![whole] };
    }
    let id = take_attribute(&mut section.attributes, "id");
    let mut items = Vec::new();
    let mut group_id = None;
    for child in elements(section.content, problems) {
        if child.name == "termGrp" {
            let mut child = child;
            group_id = take_attribute(&mut child.attributes, "id");
            items.extend(elements(child.content, problems));
        } else {
            items.push(child);
        }
    }
    let mut designations: Vec<Extra> = items.extract_if(.., |item| item.name == "term").collect();
    designations.retain(|item| !item.text().trim().is_empty());
    if designations.is_empty() {
        let what = items.iter().map(Extra::text).collect::<Vec<_>>().join(", ");
        let what: String = what.trim().chars().take(40).collect();
        let message = match what.is_empty() {
            true => "a term without text; left out".to_owned(),
            false => format!("a term without text; left out, with `{what}`"),
        };
        problems.push((Problem::MissingElement, message));
        return;
    }
    let mut term = Term::default();
    keep_attributes(TERM, section.attributes, &mut term.extra);
    let mut designations = designations.into_iter();
    if let Some(first) = designations.next() {
        designate(&mut term, first, id.or(group_id));
    }
    let mut proposed = false;
    for item in items {
        on_term(&mut term, &mut proposed, item, problems);
    }
    if proposed {
        // What it will be when it is approved stays beside it.
        let said = term.extra.iter().any(|extra| {
            matches!(Value::read(Level::Term, extra), Some(Value::Status(s)) if s == term.status)
        });
        if term.status != Status::Unset && !said {
            term.extra.push(Value::Status(term.status).spell());
        }
        term.status = Status::Proposed;
    }
    into.push(term);
    for other in designations {
        let message = format!("a second term in one section: `{}`", other.text().trim());
        problems.push((Problem::UnexpectedElement, message));
        let mut term = Term::default();
        designate(&mut term, other, None);
        into.push(term);
    }
}

/// Takes the text and the id. An element with more than these stays beside them.
fn designate(term: &mut Term, mut element: Extra, id: Option<String>) {
    term.text = element.text().trim().to_owned();
    term.id = match id {
        Some(id) => {
            if element.attribute("id") == Some(&id) {
                take_attribute(&mut element.attributes, "id");
            }
            Some(id)
        }
        None => take_attribute(&mut element.attributes, "id"),
    };
    let plain = element.content.iter().all(|part| matches!(part, ExtraContent::Text(_)));
    if !element.attributes.is_empty() || !plain {
        term.extra.push(element);
    }
}

fn on_concept(concept: &mut Concept, item: Extra, problems: &mut Problems) {
    let Some(value) = Value::read(Level::Concept, &item) else {
        if has_term(&item) {
            let message = format!("terms in `{}`, which is no language; kept as text", item.name);
            problems.push((Problem::UnexpectedElement, message));
        }
        concept.extra.push(item);
        return;
    };
    let plain = value.spell() == trimmed(&item);
    let taken = match value {
        Value::Domain(text) => push(&mut concept.domains, text),
        Value::Definition(text) => set(&mut concept.definition, text),
        Value::Source(text) => push(&mut concept.sources, text),
        Value::Institution(text) => set(&mut concept.institution, text),
        Value::Note(text) => push(&mut concept.notes, text),
        Value::Image(target) => push(&mut concept.images, target),
        Value::Relation(relation) => push(&mut concept.relations, relation),
        Value::Proposed => {
            concept.proposed = true;
            true
        }
        _ => false,
    };
    keep(taken, plain, item, &mut concept.extra, problems);
}

fn on_language(language: &mut Language, item: Extra, problems: &mut Problems) {
    let Some(value) = Value::read(Level::Language, &item) else {
        language.extra.push(item);
        return;
    };
    let plain = value.spell() == trimmed(&item);
    let taken = match value {
        Value::Definition(text) => set(&mut language.definition, text),
        Value::Note(text) => push(&mut language.notes, text),
        _ => false,
    };
    keep(taken, plain, item, &mut language.extra, problems);
}

fn on_term(term: &mut Term, proposed: &mut bool, item: Extra, problems: &mut Problems) {
    let Some(value) = Value::read(Level::Term, &item) else {
        term.extra.push(item);
        return;
    };
    let plain = value.spell() == trimmed(&item);
    let taken = match value {
        Value::Source(text) => push(&mut term.sources, text),
        Value::Note(text) => push(&mut term.notes, text),
        Value::Context(text) => push(&mut term.contexts, text),
        Value::Ruling(ruling) => push(&mut term.rulings, ruling),
        Value::Proposed => {
            *proposed = true;
            true
        }
        Value::Kind(kind) => settle(&mut term.kind, kind, TermKind::Unset),
        Value::PartOfSpeech(part) => settle(&mut term.part_of_speech, part, PartOfSpeech::Unset),
        Value::Status(status) => settle(&mut term.status, status, Status::Unset),
        Value::Gender(gender) => set(&mut term.gender, gender),
        Value::Reliability(code) => set(&mut term.reliability, code),
        Value::Gap(words) => set(&mut term.gap, words),
        _ => false,
    };
    keep(taken, plain, item, &mut term.extra, problems);
}

/// Keeps an element beside the field it was read into where the field does not say all of it, or
/// where the field was taken.
fn keep(taken: bool, plain: bool, item: Extra, extra: &mut Vec<Extra>, problems: &mut Problems) {
    if !taken {
        let kind = item.attribute("type").unwrap_or(&item.name);
        let message = format!("a second `{kind}`: `{}`; kept beside the first", item.text().trim());
        problems.push((Problem::UnexpectedElement, message));
    }
    if !taken || !plain {
        extra.push(item);
    }
}

/// An element whose text, if it holds nothing else, has no white space at its ends.
fn trimmed(item: &Extra) -> Extra {
    let mut item = item.clone();
    if let [ExtraContent::Text(text)] = item.content.as_mut_slice() {
        *text = text.trim().to_owned();
    }
    item
}

fn push<T>(list: &mut Vec<T>, item: T) -> bool {
    list.push(item);
    true
}

fn set<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    match slot {
        Some(before) => *before == value,
        None => {
            *slot = Some(value);
            true
        }
    }
}

fn settle<T: PartialEq>(slot: &mut T, value: T, unset: T) -> bool {
    if *slot == unset {
        *slot = value;
        return true;
    }
    *slot == value
}
