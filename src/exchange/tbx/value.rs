//! What an element of a concept says in the words of the model, and how that is written.

use super::category::Level;
use super::children;
use crate::term::{
    Extra, ExtraContent, Gender, PartOfSpeech, Relation, RelationKind, Ruling, Status, TermKind,
};
use crate::unit::Attribute;

/// Something a concept, a language or a term says in a field of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Domain(String),
    Definition(String),
    Source(String),
    Institution(String),
    Note(String),
    Image(String),
    Relation(Relation),
    Proposed,
    Kind(TermKind),
    PartOfSpeech(PartOfSpeech),
    Gender(Gender),
    Status(Status),
    Ruling(Ruling),
    Reliability(u8),
    Gap(u8),
    Context(String),
}

impl Value {
    /// What an element says at a level; `None` where no field stands for it.
    pub(super) fn read(level: Level, item: &Extra) -> Option<Value> {
        match item.name.as_str() {
            "termNoteGrp" if level == Level::Term => {
                ruling(item).or_else(|| Value::read(level, children(item).next()?))
            }
            "descripGrp" | "adminGrp" | "termNoteGrp" => Value::read(level, children(item).next()?),
            name => Value::of_leaf(level, name, item),
        }
    }

    fn of_leaf(level: Level, element: &str, item: &Extra) -> Option<Value> {
        let kind = item.attribute("type").unwrap_or_default();
        let text = item.text();
        let text = text.trim();
        if let Some(relation) = relation(element, kind, item, text) {
            return (level == Level::Concept).then_some(Value::Relation(relation));
        }
        if level == Level::Concept && (element, kind) == ("xref", "xGraphic") {
            return Some(Value::Image(item.attribute("target")?.to_owned()));
        }
        if text.is_empty() {
            return None;
        }
        let owned = || text.to_owned();
        Some(match (level, element, kind) {
            (_, "note", _) => Value::Note(owned()),
            (Level::Concept, "descrip", "subjectField") => Value::Domain(owned()),
            (Level::Concept | Level::Language, "descrip", "definition") => {
                Value::Definition(owned())
            }
            (Level::Concept | Level::Term, "admin", "source") => Value::Source(owned()),
            (Level::Concept, "admin", "originatingInstitution") => Value::Institution(owned()),
            (Level::Concept | Level::Term, "admin", "projectSubset") if text == "proposed" => {
                Value::Proposed
            }
            (Level::Term, "descrip", "context") => Value::Context(owned()),
            (Level::Term, "termNote", "termType") => Value::Kind(kind_of_term(text)?),
            (Level::Term, "termNote", "partOfSpeech") => Value::PartOfSpeech(part_of_speech(text)),
            (Level::Term, "termNote", "grammaticalGender") => Value::Gender(gender(text)?),
            (
                Level::Term,
                "termNote",
                "administrativeStatus" | "normativeAuthorization" | "termStatus",
            ) => Value::Status(status(text)?),
            (Level::Term, "descrip" | "termNote" | "admin", "reliabilityCode") => {
                Value::Reliability(text.parse().ok().filter(|code| (1..=10).contains(code))?)
            }
            (Level::Term, "termNote", "x-gap") => Value::Gap(text.parse().ok()?),
            _ => return None,
        })
    }

    /// The element that says it, where nothing is beside it.
    pub(super) fn spell(&self) -> Extra {
        match self {
            Value::Domain(text) => Extra::new("descrip", "subjectField", text),
            Value::Definition(text) => Extra::new("descrip", "definition", text),
            Value::Source(text) => Extra::new("admin", "source", text),
            Value::Institution(text) => Extra::new("admin", "originatingInstitution", text),
            Value::Note(text) => Extra {
                name: "note".to_owned(),
                attributes: Vec::new(),
                content: vec![ExtraContent::Text(text.clone())],
            },
            Value::Image(target) => targeted("xref", "xGraphic", target, target),
            Value::Relation(relation) => {
                let (element, kind) = match &relation.kind {
                    RelationKind::Broader => ("descrip", "broaderConceptGeneric"),
                    RelationKind::Narrower => ("descrip", "subordinateConceptGeneric"),
                    RelationKind::ReplacedBy => ("ref", "x-replacedBy"),
                    RelationKind::Related => ("ref", "crossReference"),
                    RelationKind::Other(name) => ("ref", name.as_str()),
                };
                targeted(element, kind, &relation.target, &relation.label)
            }
            Value::Proposed => Extra::new("admin", "projectSubset", "proposed"),
            Value::Kind(kind) => Extra::new("termNote", "termType", spelling(KINDS, kind)),
            Value::PartOfSpeech(part) => Extra::new("termNote", "partOfSpeech", part.as_str()),
            Value::Gender(gender) => Extra::new("termNote", "grammaticalGender", gender.as_str()),
            Value::Status(status) => {
                Extra::new("termNote", "administrativeStatus", spelling(STATUSES, status))
            }
            Value::Ruling(ruling) => spell_ruling(ruling),
            Value::Reliability(code) => Extra::new("descrip", "reliabilityCode", code.to_string()),
            Value::Gap(words) => Extra::new("termNote", "x-gap", words.to_string()),
            Value::Context(text) => Extra::new("descrip", "context", text),
        }
    }
}

fn targeted(element: &str, kind: &str, target: &str, text: &str) -> Extra {
    let mut item = Extra::new(element, kind, text);
    item.attributes.push(Attribute::new("target", target));
    if text.is_empty() {
        item.content.clear();
    }
    item
}

/// The spellings of a value, lower case and without what follows; the first is the one to write.
type Spellings<T> = &'static [(T, &'static [&'static str])];

const KINDS: Spellings<TermKind> = &[
    (TermKind::Full, &["fullForm", "full", "entryTerm"]),
    (TermKind::Acronym, &["acronym", "initialism"]),
    (TermKind::Abbreviation, &["abbreviation", "abbrev", "clippedTerm"]),
    (TermKind::Short, &["shortForm", "short"]),
    (TermKind::Variant, &["variant", "synonym", "transliteratedForm"]),
    (TermKind::Phrase, &["phrase", "phraseologicalUnit", "setPhrase", "standardText"]),
];

const STATUSES: Spellings<Status> = &[
    (
        Status::Preferred,
        &[
            "preferredTerm-admn-sts",
            "preferredTerm",
            "preferred",
            "standardizedTerm",
            "legalTerm",
            "regulatedTerm",
            "approved",
        ],
    ),
    (Status::Admitted, &["admittedTerm-admn-sts", "admittedTerm", "admitted", "allowed"]),
    (
        Status::Deprecated,
        &[
            "deprecatedTerm-admn-sts",
            "deprecatedTerm",
            "deprecated",
            "supersededTerm",
            "superseded",
            "obsolete",
            "notRecommended",
        ],
    ),
    (Status::Forbidden, &["forbidden", "forbiddenTerm", "prohibited"]),
    (Status::Proposed, &["proposed", "proposal"]),
];

const PARTS: Spellings<PartOfSpeech> = &[
    (PartOfSpeech::Noun, &["noun", "n", "n.", "nom", "substantive"]),
    (PartOfSpeech::ProperNoun, &["properNoun", "proper noun", "propn"]),
    (PartOfSpeech::Verb, &["verb", "v", "v.", "verbe"]),
    (PartOfSpeech::Adjective, &["adjective", "adj", "adj.", "adjectif"]),
    (PartOfSpeech::Adverb, &["adverb", "adv", "adv.", "adverbe"]),
];

const GENDERS: Spellings<Gender> = &[
    (Gender::Masculine, &["masculine", "masc", "m", "m."]),
    (Gender::Feminine, &["feminine", "fem", "f", "f."]),
    (Gender::Neuter, &["neuter", "neut", "n", "n."]),
];

fn find<T: Copy>(spellings: Spellings<T>, text: &str) -> Option<T> {
    let known = |(_, all): &&(T, &[&str])| all.iter().any(|one| one.eq_ignore_ascii_case(text));
    spellings.iter().find(known).map(|&(value, _)| value)
}

fn spelling<T: PartialEq>(spellings: Spellings<T>, value: &T) -> &'static str {
    spellings.iter().find(|(known, _)| known == value).map_or("", |(_, all)| all[0])
}

pub(in crate::exchange) fn kind_of_term(text: &str) -> Option<TermKind> {
    find(KINDS, text)
}

/// The status of a spelling; tools write it in some fifteen ways.
pub(in crate::exchange) fn status(text: &str) -> Option<Status> {
    find(STATUSES, text.strip_suffix("-admn-sts").unwrap_or(text)).or_else(|| find(STATUSES, text))
}

pub(in crate::exchange) fn part_of_speech(text: &str) -> PartOfSpeech {
    find(PARTS, text).unwrap_or(PartOfSpeech::Other)
}

pub(in crate::exchange) fn gender(text: &str) -> Option<Gender> {
    find(GENDERS, text)
}

/// A relation to another concept.
fn relation(element: &str, kind: &str, item: &Extra, text: &str) -> Option<Relation> {
    let target = item.attribute("target")?.to_owned();
    let kind = match (element, kind) {
        (
            "descrip" | "ref",
            "broaderConceptGeneric"
            | "broaderConceptPartitive"
            | "superordinateConceptGeneric"
            | "superordinateConceptPartitive"
            | "relatedConceptBroader",
        ) => RelationKind::Broader,
        (
            "descrip" | "ref",
            "subordinateConceptGeneric"
            | "subordinateConceptPartitive"
            | "narrowerConceptGeneric"
            | "narrowerConceptPartitive"
            | "relatedConceptNarrower",
        ) => RelationKind::Narrower,
        ("descrip" | "ref", "relatedConcept") | ("ref", "crossReference") => RelationKind::Related,
        ("ref", "x-replacedBy") => RelationKind::ReplacedBy,
        ("ref", name) => RelationKind::Other(name.to_owned()),
        _ => return None,
    };
    Some(Relation { kind, target, label: text.to_owned() })
}

const HOUSE: &str = "x-house";
const FROM: &str = "x-from";
const TO: &str = "x-to";

/// What a house says of a term: a group of its own, which only a private dialect has.
fn ruling(group: &Extra) -> Option<Value> {
    let mut parts = children(group);
    let head = parts.next().filter(|head| head.attribute("type") == Some("x-ruling"))?;
    let mut ruling = Ruling { status: head.text().parse().ok()?, ..Ruling::default() };
    for part in parts {
        let text = part.text();
        match part.attribute("type") {
            Some(HOUSE) => ruling.house = Some(text),
            Some(FROM) => ruling.from = Some(text.parse().ok()?),
            Some(TO) => ruling.to = Some(text.parse().ok()?),
            _ => return None,
        }
    }
    Some(Value::Ruling(ruling))
}

fn spell_ruling(ruling: &Ruling) -> Extra {
    let mut parts = vec![Extra::new("termNote", "x-ruling", ruling.status.as_str())];
    parts.extend(ruling.house.as_ref().map(|house| Extra::new("admin", HOUSE, house)));
    if ruling.status == Status::Unset {
        parts[0].content.clear();
    }
    parts.extend(ruling.from.map(|day| Extra::new("admin", FROM, day.to_string())));
    parts.extend(ruling.to.map(|day| Extra::new("admin", TO, day.to_string())));
    Extra {
        name: "termNoteGrp".to_owned(),
        attributes: Vec::new(),
        content: parts.into_iter().map(ExtraContent::Element).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_every_spelling_of_the_field() {
        for (text, expected) in [
            ("preferredTerm-admn-sts", Status::Preferred),
            ("standardizedTerm-admn-sts", Status::Preferred),
            ("Preferred", Status::Preferred),
            ("supersededTerm-admn-sts", Status::Deprecated),
            ("obsolete", Status::Deprecated),
            ("forbidden", Status::Forbidden),
        ] {
            let item = Extra::new("termNote", "administrativeStatus", text);
            assert_eq!(Value::read(Level::Term, &item), Some(Value::Status(expected)), "{text}");
        }
        let item = Extra::new("termNote", "administrativeStatus", "whatever");
        assert_eq!(Value::read(Level::Term, &item), None);
    }

    #[test]
    fn what_is_spelled_is_read_back() {
        let relation = |kind| Relation { kind, target: "a b".to_owned(), label: String::new() };
        let ruling = Ruling {
            status: Status::Preferred,
            house: Some("MAE".to_owned()),
            from: Some("2002-05-28".parse().unwrap()),
            to: None,
        };
        for (level, value) in [
            (Level::Concept, Value::Domain("treaties".to_owned())),
            (Level::Concept, Value::Image("https://example.org/a.png".to_owned())),
            (Level::Concept, Value::Relation(relation(RelationKind::ReplacedBy))),
            (Level::Concept, Value::Relation(relation(RelationKind::Broader))),
            (Level::Concept, Value::Relation(relation(RelationKind::Other("see".to_owned())))),
            (Level::Term, Value::Kind(TermKind::Acronym)),
            (Level::Term, Value::PartOfSpeech(PartOfSpeech::ProperNoun)),
            (Level::Term, Value::Status(Status::Forbidden)),
            (Level::Term, Value::Ruling(ruling)),
            (Level::Term, Value::Proposed),
        ] {
            assert_eq!(Value::read(level, &value.spell()), Some(value));
        }
    }
}
