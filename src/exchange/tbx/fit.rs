//! Making what a concept says fit a dialect.

use std::collections::{HashMap, HashSet};

use super::category::{self, Category, Level};
use super::value::{self, Value};
use super::{TbxDialect, children, xml_id};
use crate::exchange::loss::{Losses, shortened};
use crate::term::{
    Concept, Day, Extra, ExtraContent, PartOfSpeech, RelationKind, Status, Termbase,
};
use crate::unit::Attribute;

/// Reduces elements to what a dialect allows, and keeps account of what is lost.
#[derive(Debug)]
pub(super) struct Fit {
    pub(super) dialect: TbxDialect,
    pub(super) losses: Losses,
    /// The ids of concepts, terms and objects, as they are written.
    ids: HashMap<String, String>,
    used: HashSet<String>,
}

impl Fit {
    pub(super) fn new(dialect: TbxDialect) -> Fit {
        Fit { dialect, losses: Losses::default(), ids: HashMap::new(), used: HashSet::new() }
    }

    /// Gives every concept and term an id that is the only one of its kind in the file.
    pub(super) fn assign_ids(&mut self, base: &Termbase, back: &[Extra]) -> Ids {
        let mut ids = Ids::default();
        for concept in base.concepts() {
            self.losses.in_concept(concept);
            // One without a term is not written.
            let written = concept.languages.iter().any(|section| !section.terms.is_empty());
            let id = written.then(|| self.assign(&concept.id, "a concept"));
            ids.concepts.push(id.unwrap_or_default());
        }
        for concept in base.concepts() {
            self.losses.in_concept(concept);
            for term in concept.languages.iter().flat_map(|section| &section.terms) {
                self.losses.in_term(Some(term));
                let id = term.id.as_deref().map(|id| self.assign(id, "a term"));
                ids.terms.push(id);
            }
        }
        self.losses.in_concept(&Concept::default());
        for object in back.iter().flat_map(children).filter(|object| object.name == "refObject") {
            if let Some(id) = object.attribute("id") {
                let (id, written) = (id.to_owned(), xml_id::encode(id));
                self.used.insert(written.clone());
                self.ids.entry(id).or_insert(written);
            }
        }
        ids
    }

    fn assign(&mut self, id: &str, what: &str) -> String {
        let wanted = xml_id::encode(id);
        let mut written = wanted.clone();
        let mut number = self.used.len();
        while written.is_empty() || !self.used.insert(written.clone()) {
            number += 1;
            written = match wanted.as_str() {
                "" => format!("c{number}"),
                wanted => format!("{wanted}.{number}"),
            };
        }
        if written != wanted {
            let message = match wanted.as_str() {
                "" => format!("{what} without an id; written with `{written}`"),
                _ => format!("the id `{id}` is there twice; written as `{written}`"),
            };
            self.losses.lose(message);
        }
        self.ids.entry(id.to_owned()).or_insert_with(|| written.clone());
        written
    }

    /// The id that a reference is written with, where something has that id.
    fn target(&self, target: &str) -> Option<String> {
        self.ids.get(target).cloned()
    }

    fn is_v3(&self) -> bool {
        self.dialect != TbxDialect::V2
    }

    /// An element of a level as the dialect allows it; `None` where it has no place for it.
    pub(super) fn item(&mut self, level: Level, mut item: Extra) -> Option<Extra> {
        if self.dialect == TbxDialect::Private {
            self.point_private(&mut item);
            return Some(item);
        }
        let fitted = match item.name.as_str() {
            "descripGrp" | "adminGrp" | "transacGrp" => self.group(level, item),
            "termNoteGrp" if level == Level::Term => self.group(level, item),
            "termCompList" if level == Level::Term && !self.is_v3() => Some(item),
            "descrip" | "admin" | "note" | "ref" | "xref" => self.leaf(level, item),
            "termNote" if level == Level::Term => self.leaf(level, item),
            _ => {
                self.lose_item(&item);
                None
            }
        }?;
        Some(if self.dialect.tags() { with_tags(fitted) } else { fitted })
    }

    /// Ids are written as names of XML, and references lead to the ids that are written.
    fn point_private(&self, item: &mut Extra) {
        for attribute in &mut item.attributes {
            match &*attribute.name {
                "id" => attribute.value = xml_id::encode(&attribute.value),
                "target" if item.name != "xref" => {
                    let known = self.target(&attribute.value);
                    attribute.value = known.unwrap_or_else(|| xml_id::encode(&attribute.value));
                }
                _ => {}
            }
        }
        for part in &mut item.content {
            if let ExtraContent::Element(inner) = part {
                self.point_private(inner);
            }
        }
    }

    fn lose_item(&mut self, item: &Extra) {
        let text = item.text();
        let kind = item.attribute("type").unwrap_or(&item.name);
        let inner = children(item).next().and_then(|head| head.attribute("type"));
        let kind = inner.unwrap_or(kind);
        self.losses.lose(format!("`{kind}`: {}", shortened(text.trim())));
    }

    /// A group: its head, and what it says of the head.
    fn group(&mut self, level: Level, item: Extra) -> Option<Extra> {
        let (head_name, allowed): (_, &[&str]) = match item.name.as_str() {
            "descripGrp" => (
                "descrip",
                &["descripNote", "admin", "adminGrp", "transacGrp", "note", "ref", "xref"],
            ),
            "adminGrp" => ("admin", &["adminNote", "note", "ref", "xref"]),
            "termNoteGrp" => {
                ("termNote", &["admin", "adminGrp", "transacGrp", "note", "ref", "xref"])
            }
            _ => ("transac", &["transacNote", "date", "note", "ref", "xref"]),
        };
        let mut inner: Vec<Extra> = children(&item).cloned().collect();
        let Some(at) = inner.iter().position(|child| child.name == head_name) else {
            self.lose_item(&item);
            return None;
        };
        let head = inner.remove(at);
        let head = self.leaf(level, head)?;
        let mut content = vec![ExtraContent::Element(head)];
        for child in inner {
            let fitted = match child.name.as_str() {
                name if !allowed.contains(&name) => {
                    self.lose_item(&child);
                    None
                }
                // The rules of the public dialects know transactions of concepts, languages and terms.
                "transacGrp" if self.is_v3() => {
                    self.lose_item(&child);
                    None
                }
                "adminGrp" | "transacGrp" => self.group(level, child),
                _ => self.leaf(level, child),
            };
            content.extend(fitted.map(ExtraContent::Element));
        }
        let attributes = self.attributes(&item.name, item.attributes);
        Some(Extra { name: item.name, attributes, content })
    }

    /// An element that holds text.
    fn leaf(&mut self, level: Level, item: Extra) -> Option<Extra> {
        let mut item = self.translated(level, item)?;
        let known = match item.name.as_str() {
            "note" | "date" => None,
            _ => Some(self.category(level, &item)?),
        };
        item.attributes = self.attributes(&item.name, item.attributes);
        let target = item.attribute("target");
        let needs_target = match item.name.as_str() {
            "xref" => true,
            "ref" => self.dialect.tags(),
            _ => false,
        };
        let blank = target.is_none() && item.name != "note" && item.text().trim().is_empty();
        if blank || (needs_target && target.is_none()) {
            self.lose_item(&item);
            return None;
        }
        let tag = self.dialect.tags() && known.is_some();
        if tag {
            let points = matches!(item.name.as_str(), "ref" | "xref" | "transacNote");
            let lost = |a: &Attribute| a.name != "type" && !(points && a.name == "target");
            let lost: Vec<Attribute> = item.attributes.extract_if(.., |a| lost(a)).collect();
            self.lose_attributes(&lost);
        }
        if item.name == "date" && self.is_v3() {
            let text = item.text();
            let text = text.trim();
            let day = text.get(..10).filter(|day| day.parse::<Day>().is_ok());
            if day != Some(text) {
                let written = day.unwrap_or("nothing");
                self.losses.lose(format!("the date `{}` written as `{written}`", shortened(text)));
            }
            item.content = vec![ExtraContent::Text(day?.to_owned())];
        }
        let mixed = matches!(item.name.as_str(), "descrip" | "admin" | "termNote" | "note");
        item.content = self.content(item.content, mixed && !tag);
        Some(item)
    }

    /// Says something the dialect has another word for in that word.
    fn translated(&mut self, level: Level, mut item: Extra) -> Option<Extra> {
        let value = Value::read(level, &item);
        if let Some(Value::Relation(relation)) = &value {
            let ours = relation.kind == RelationKind::ReplacedBy;
            if (self.is_v3() || ours) && relation.kind != RelationKind::Related {
                let kind = item.attribute("type").unwrap_or_default();
                let message = format!("the relation `{kind}` written as a cross reference");
                self.losses.lose(message);
            }
            if self.is_v3() || ours {
                let mut written = cross_reference(relation);
                written.attributes.extend(
                    item.attributes.into_iter().filter(|a| a.name != "type" && a.name != "target"),
                );
                return Some(written);
            }
            return Some(item);
        }
        let kind = item.attribute("type").unwrap_or_default();
        if item.name == "termNote" {
            let text = item.text();
            let text = text.trim();
            let written = match (kind, &value) {
                ("administrativeStatus", Some(Value::Status(status))) => self.status(*status, text),
                ("partOfSpeech", Some(Value::PartOfSpeech(part))) if self.is_v3() => {
                    self.part_of_speech(*part, text)
                }
                ("termType", Some(value @ Value::Kind(_))) if self.is_v3() => value.spell().text(),
                ("grammaticalGender", Some(value @ Value::Gender(_))) if self.is_v3() => {
                    value.spell().text()
                }
                _ => return Some(item),
            };
            if written != text {
                item.content = vec![ExtraContent::Text(written)];
            }
        }
        Some(item)
    }

    fn status(&mut self, status: Status, text: &str) -> String {
        let written = match status {
            Status::Forbidden => "deprecatedTerm-admn-sts".to_owned(),
            _ if category::by_name("administrativeStatus").is_some_and(|c| c.allows(text)) => {
                return text.to_owned();
            }
            // Version 2 knows more of them.
            _ if !self.is_v3() => return text.to_owned(),
            status => Value::Status(status).spell().text(),
        };
        if value::status(&written) != Some(status) || status == Status::Preferred {
            self.losses.lose(format!("status `{text}` written as `{written}`"));
        }
        written
    }

    fn part_of_speech(&mut self, part: PartOfSpeech, text: &str) -> String {
        let written = match part {
            PartOfSpeech::ProperNoun => PartOfSpeech::Noun.as_str(),
            part => part.as_str(),
        };
        if value::part_of_speech(text) != value::part_of_speech(written)
            || (part == PartOfSpeech::Other && text != written)
        {
            self.losses.lose(format!("part of speech `{text}` written as `{written}`"));
        }
        written.to_owned()
    }

    /// The category of an element, if the dialect has it here.
    fn category(&mut self, level: Level, item: &Extra) -> Option<Option<&'static Category>> {
        let kind = item.attribute("type").unwrap_or_default();
        if !self.is_v3() {
            // Version 2 leaves the categories to the file, but not those that only we know.
            return match kind.is_empty() || kind.starts_with("x-") {
                true => {
                    self.lose_item(item);
                    None
                }
                false => Some(None),
            };
        }
        let known = category::by_name(kind).filter(|category| {
            category.element == item.name
                && category.is_in(self.dialect)
                && category.allowed_at(level)
                && category.allows(item.text().trim())
        });
        if known.is_none() {
            self.lose_item(item);
        }
        known.map(Some)
    }

    fn attributes(&mut self, element: &str, attributes: Vec<Attribute>) -> Vec<Attribute> {
        let allowed: &[&str] = match element {
            "note" | "foreign" => &["id", "xml:lang"],
            "xref" => &["type", "id", "target"],
            "hi" => &["type", "target", "xml:lang"],
            "date" | "term" | "descripGrp" | "adminGrp" | "transacGrp" | "termNoteGrp" => &["id"],
            _ => &["type", "id", "target", "xml:lang", "datatype"],
        };
        let mut kept: Vec<Attribute> = Vec::with_capacity(attributes.len());
        let mut lost = Vec::new();
        for mut attribute in attributes {
            let name = &*attribute.name;
            let written = match name {
                _ if !allowed.contains(&name) => None,
                "id" => {
                    let id = xml_id::encode(&attribute.value);
                    (!id.is_empty() && self.used.insert(id.clone())).then_some(id)
                }
                "target" if element == "xref" => {
                    let web = ["http://", "https://"].iter().any(|scheme| {
                        attribute.value.len() > scheme.len() && attribute.value.starts_with(scheme)
                    });
                    let fits = !self.is_v3() || (web && is_uri(&attribute.value));
                    fits.then(|| attribute.value.clone())
                }
                "target" => self.target(&attribute.value),
                "type" if element == "hi" && self.is_v3() => {
                    HIGHLIGHTS.contains(&&*attribute.value).then(|| attribute.value.clone())
                }
                "xml:lang" => is_language(&attribute.value).then(|| attribute.value.clone()),
                _ => Some(attribute.value.clone()),
            };
            match written {
                Some(value) => {
                    attribute.value = value;
                    kept.push(attribute);
                }
                None => lost.push(attribute),
            }
        }
        self.lose_attributes(&lost);
        kept
    }

    fn lose_attributes(&mut self, lost: &[Attribute]) {
        for attribute in lost {
            // Prefixes are declared at the root.
            if !attribute.name.starts_with("xmlns") {
                let value = shortened(&attribute.value);
                self.losses.lose(format!("the attribute `{}` (`{value}`)", attribute.name));
            }
        }
    }

    /// The content of an element that holds text, with the markup in it that is allowed.
    pub(super) fn content(&mut self, content: Vec<ExtraContent>, mixed: bool) -> Vec<ExtraContent> {
        let mut kept: Vec<ExtraContent> = Vec::with_capacity(content.len());
        let text = |piece: &str, kept: &mut Vec<ExtraContent>| match kept.last_mut() {
            Some(ExtraContent::Text(before)) => before.push_str(piece),
            _ => kept.push(ExtraContent::Text(piece.to_owned())),
        };
        for part in content {
            match part {
                ExtraContent::Text(piece) => text(&piece, &mut kept),
                ExtraContent::Element(inner) if mixed && inner.name == "hi" => {
                    let plain = inner.text();
                    let attributes = self.attributes("hi", inner.attributes);
                    let content = vec![ExtraContent::Text(plain)];
                    kept.push(ExtraContent::Element(Extra { content, attributes, ..inner }));
                }
                ExtraContent::Element(inner) => {
                    self.losses.lose(format!("the markup `{}` in a text", inner.name));
                    text(&inner.text(), &mut kept);
                }
            }
        }
        kept
    }

    /// The element with the text of a term.
    pub(super) fn designation(&mut self, mut element: Extra) -> Extra {
        if self.dialect == TbxDialect::Private {
            self.point_private(&mut element);
        } else {
            element.attributes = self.attributes("term", element.attributes);
            element.content = self.content(element.content, true);
        }
        element
    }

    /// The attributes of the element of a level itself, beside id and language.
    pub(super) fn of_section(&mut self, attributes: &[Attribute]) -> Vec<Attribute> {
        if self.dialect == TbxDialect::Private {
            return attributes.to_vec();
        }
        self.lose_attributes(attributes);
        Vec::new()
    }
}

/// The ids as they are written, in the order of concepts and terms.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) concepts: Vec<String>,
    pub(super) terms: Vec<Option<String>>,
}

/// A cross reference in place of a relation of another kind.
fn cross_reference(relation: &crate::term::Relation) -> Extra {
    let plain = crate::term::Relation { kind: RelationKind::Related, ..relation.clone() };
    Value::Relation(plain).spell()
}

/// The kinds of highlighting in version 3.
const HIGHLIGHTS: &[&str] =
    &["entailedTerm", "hotkey", "italics", "bold", "superscript", "subscript", "math"];

/// An element with data categories as tags.
fn with_tags(mut item: Extra) -> Extra {
    for part in &mut item.content {
        if let ExtraContent::Element(inner) = part {
            *inner = with_tags(std::mem::take(inner));
        }
    }
    let Some(category) = item.attribute("type").and_then(category::by_name) else { return item };
    if category.element == item.name {
        item.name = format!("{}:{}", category.prefix(), category.name);
        item.attributes.retain(|attribute| attribute.name != "type");
    }
    item
}

/// Whether a text is a language tag as XML Schema has them.
pub(super) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let sized = |part: &str| (1..=8).contains(&part.len());
    sized(first)
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| sized(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether nothing stands in an address that does not belong there.
fn is_uri(text: &str) -> bool {
    let percent = |rest: &str| {
        rest.get(..2).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
        && text.split('%').skip(1).all(percent)
        && text.matches('#').count() <= 1
}
