//! TBX: termbases.
//!
//! The standards are ISO 30042:2008 (TBX version 2, root `martif`) and
//! [ISO 30042:2019](https://www.iso.org/standard/62510.html) (version 3, root `tbx`), with the
//! public dialects TBX-Core, TBX-Min and TBX-Basic.
//!
//! Every element is first a tree ([`Extra`](crate::term::Extra)); what a field of
//! [`Concept`](crate::term::Concept) stands for is read from it, and what no field says in full (an
//! attribute, a value in another spelling, a group with a source of its own) stays beside the
//! field as it was written. Writing goes the same way back.

mod category;
mod dialect;
mod fit;
mod map;
mod reader;
mod tree;
mod value;
mod writer;
mod xml_id;

pub use dialect::{TbxDialect, UnknownTbxDialect};
pub use reader::TbxReader;
pub(super) use value::{gender, kind_of_term, part_of_speech, status};
pub use writer::write_tbx;
pub(crate) use {reader::concept_of_entry, writer::entry_of_concept};

use crate::Lang;
use crate::term::{Extra, ExtraContent, Status, Term};
use crate::unit::Attribute;
use category::Level;
use value::Value;

/// What a TBX file says of itself, besides its concepts.
///
/// ```
/// use chancery::exchange::TbxHeader;
///
/// let header = TbxHeader::new("Treaties");
/// assert_eq!(header.title().as_deref(), Some("Treaties"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TbxHeader {
    /// The type that the root names, such as `TBX-Basic`; empty where it names none.
    pub kind: String,
    /// The language of what is said of the terms (`xml:lang` of the root).
    pub lang: Option<Lang>,
    /// What stands in the header: `fileDesc` and its siblings.
    pub parts: Vec<Extra>,
    /// What stands behind the concepts, in `back`: who is responsible, and other lists.
    pub back: Vec<Extra>,
}

impl TbxHeader {
    /// A header with a title.
    pub fn new(title: &str) -> TbxHeader {
        let text = |name: &str, text: &str| element(name, ExtraContent::Text(text.to_owned()));
        let inside = |name: &str, inner: Extra| element(name, ExtraContent::Element(inner));
        let mut parts = inside("fileDesc", inside("titleStmt", text("title", title)));
        let source = inside("sourceDesc", text("p", title));
        parts.content.push(ExtraContent::Element(source));
        TbxHeader { parts: vec![parts], ..TbxHeader::default() }
    }

    /// The title, where there is one.
    pub fn title(&self) -> Option<String> {
        let file = self.parts.iter().find(|part| part.name == "fileDesc")?;
        let statement = children(file).find(|child| child.name == "titleStmt")?;
        children(statement).find(|child| child.name == "title").map(Extra::text)
    }

    /// The dialect that the root names, where it is one that can be written.
    pub fn dialect(&self) -> Option<TbxDialect> {
        TbxDialect::of_kind(&self.kind)
    }
}

fn element(name: &str, content: ExtraContent) -> Extra {
    Extra { name: name.to_owned(), attributes: Vec::new(), content: vec![content] }
}

/// The elements in an element.
fn children(parent: &Extra) -> impl Iterator<Item = &Extra> {
    parent.content.iter().filter_map(|part| match part {
        ExtraContent::Element(element) => Some(element),
        ExtraContent::Text(_) => None,
    })
}

/// The status that a proposed term gets when it is approved: the one its file gave it beside the
/// mark, else preferred.
pub(crate) fn status_when_approved(term: &Term) -> Status {
    let said = term.extra.iter().filter_map(|item| match Value::read(Level::Term, item) {
        Some(Value::Status(status)) if status != Status::Proposed => Some(status),
        _ => None,
    });
    said.into_iter().next().unwrap_or(Status::Preferred)
}

/// Takes an attribute out.
fn take_attribute(attributes: &mut Vec<Attribute>, name: &str) -> Option<String> {
    let at = attributes.iter().position(|attribute| attribute.name == name)?;
    Some(attributes.remove(at).value)
}
