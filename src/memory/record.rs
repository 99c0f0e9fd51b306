//! Units as bytes: the form in which every store keeps them.
//!
//! A record is a header of 21 bytes and a body. All numbers are little-endian.
//!
//! | bytes | content |
//! |---|---|
//! | 0 | version of this format, 1 |
//! | 1–8 | key of the source: language and segment, with the set of the other languages |
//! | 9–12 | key of the context |
//! | 13–16 | key of all the texts |
//! | 17–20 | key of the body, which is its checksum too |
//! | 21– | body |
//!
//! Keys are the low bits of XXH3-64. They find units that might be equal; whether they are is
//! always decided by comparing the units themselves.
//!
//! The body is built from variable-length numbers (seven bits a byte, lowest first, the high bit
//! set on all bytes but the last), texts (length in bytes, then UTF-8) and lists (length, then
//! items):
//!
//! ```text
//! unit      = metadata, list of variants
//! variant   = language as written: text, segment, metadata
//! metadata  = list of attributes, list of properties, list of notes, list of foreign elements
//! attribute = name: text, value: text
//! property  = type: text, value: text, list of attributes
//! note      = text, list of attributes
//! segment   = list of parts
//! part      = 0, text | 1 + kind + (8 if it wraps): one byte, element: text,
//!             list of attributes, list of contents
//! content   = 0, native: text | 1, element: text, list of attributes, segment
//! ```

use std::sync::Arc;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::MemoryError;
use crate::Lang;
use crate::unit::{
    Attribute, Code, CodeContent, CodeKind, Metadata, Note, Part, Property, Segment, Unit, Variant,
    intern,
};

const VERSION: u8 = 1;
const HEADER: usize = 21;
/// How deep texts inside markup inside texts may nest: more is an attack, not a document.
const MAX_DEPTH: usize = 64;

/// A unit as bytes. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Record(Arc<[u8]>);

/// By what a unit is found among those that might be equal to it, from the coarse to the fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Keys {
    pub(crate) source: u64,
    pub(crate) context: u32,
    pub(crate) texts: u32,
    pub(crate) body: u32,
}

impl Record {
    /// Writes a unit. Fails, with the reason, on one that nests texts deeper than any document.
    pub(crate) fn encode(unit: &Unit) -> Result<Record, String> {
        // Most units are shorter, and those that are not grow it once or twice.
        let mut out = Encoder(Vec::with_capacity(1024));
        out.0.resize(HEADER, 0);
        out.unit(unit)?;
        let mut bytes = out.0;
        let keys = keys(unit, &bytes[HEADER..]);
        bytes[0] = VERSION;
        bytes[1..9].copy_from_slice(&keys.source.to_le_bytes());
        bytes[9..13].copy_from_slice(&keys.context.to_le_bytes());
        bytes[13..17].copy_from_slice(&keys.texts.to_le_bytes());
        bytes[17..21].copy_from_slice(&keys.body.to_le_bytes());
        Ok(Record(bytes.into()))
    }

    /// Takes bytes that a store on disk gives back. They are looked at by [`decode`](Record::decode).
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Record {
        Record(bytes.into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The keys in the header; zeros where there is none.
    pub(crate) fn keys(&self) -> Keys {
        let field = |at: usize| match self.0.get(at..at + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        };
        Keys {
            source: u64::from(field(1)) | u64::from(field(5)) << 32,
            context: field(9),
            texts: field(13),
            body: field(17),
        }
    }

    /// Reads the unit back. `name` is what an error calls it.
    pub(crate) fn decode(&self, name: impl std::fmt::Display) -> Result<Unit, MemoryError> {
        self.checked().and_then(|body| Decoder(body).unit()).map_err(|cause| MemoryError::Damaged {
            what: name.to_string(),
            cause: cause.to_owned(),
        })
    }

    fn checked(&self) -> Result<&[u8], &'static str> {
        let body = self.0.get(HEADER..).ok_or("the record is cut off")?;
        if self.0[0] != VERSION {
            return Err("the record has an unknown version");
        }
        if xxh3_64(body) as u32 != self.keys().body {
            return Err("the checksum does not fit");
        }
        Ok(body)
    }
}

/// The language that a unit was translated from: `srclang` where the unit names one it has, else
/// the language of its first segment.
pub(crate) fn source_variant(unit: &Unit) -> Option<&Variant> {
    let named = unit.metadata.attribute("srclang").map(Lang::from_written);
    named
        .and_then(|lang| unit.variants.iter().find(|variant| variant.lang == lang))
        .or(unit.variants.first())
}

/// The languages of a unit in order, each once.
pub(crate) fn languages(unit: &Unit) -> Vec<&str> {
    let mut languages: Vec<&str> = unit.variants.iter().map(|v| v.lang.canonical()).collect();
    languages.sort_unstable();
    languages.dedup();
    languages
}

/// The variants in the order of their languages; those of one language in the order of the unit.
pub(crate) fn by_language(unit: &Unit) -> Vec<&Variant> {
    let mut variants: Vec<&Variant> = unit.variants.iter().collect();
    variants.sort_by_key(|variant| variant.lang.canonical());
    variants
}

fn keys(unit: &Unit, body: &[u8]) -> Keys {
    let mut scratch = Encoder(Vec::with_capacity(body.len()));
    if let Some(source) = source_variant(unit) {
        scratch.text(source.lang.canonical());
        scratch.segment_bounded(&source.segment);
    }
    for language in languages(unit) {
        scratch.text(language);
    }
    let source = xxh3_64(&scratch.0);

    scratch.0.clear();
    for variant in by_language(unit) {
        scratch.text(variant.lang.canonical());
        scratch.segment_bounded(&variant.segment);
    }
    let texts = xxh3_64(&scratch.0) as u32;

    let mut context = Xxh3::new();
    for (kind, value) in super::context::of(unit) {
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        context.update(&[0]);
    }
    Keys { source, context: context.digest() as u32, texts, body: xxh3_64(body) as u32 }
}

struct Encoder(Vec<u8>);

impl Encoder {
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn unit(&mut self, unit: &Unit) -> Result<(), String> {
        self.metadata(&unit.metadata);
        self.number(unit.variants.len());
        for variant in &unit.variants {
            self.text(variant.lang.as_written());
            self.segment(&variant.segment, 0)?;
            self.metadata(&variant.metadata);
        }
        Ok(())
    }

    fn metadata(&mut self, metadata: &Metadata) {
        self.attributes(&metadata.attributes);
        self.number(metadata.properties.len());
        for property in &metadata.properties {
            self.text(&property.kind);
            self.text(&property.value);
            self.attributes(&property.attributes);
        }
        self.number(metadata.notes.len());
        for note in &metadata.notes {
            self.text(&note.text);
            self.attributes(&note.attributes);
        }
        self.number(metadata.foreign.len());
        for element in &metadata.foreign {
            self.text(element);
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        self.number(attributes.len());
        for attribute in attributes {
            self.text(&attribute.name);
            self.text(&attribute.value);
        }
    }

    /// A segment of a unit that was written before, so that its depth is known to be within bounds.
    fn segment_bounded(&mut self, segment: &Segment) {
        let written = self.segment(segment, 0);
        debug_assert!(written.is_ok(), "keys are made after the body");
    }

    fn segment(&mut self, segment: &Segment, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("texts inside inline codes nest deeper than {MAX_DEPTH} levels"));
        }
        self.number(segment.parts().len());
        for part in segment.parts() {
            match part {
                Part::Text(text) => {
                    self.0.push(0);
                    self.text(text);
                }
                Part::Code(code) => self.code(code, depth)?,
            }
        }
        Ok(())
    }

    fn code(&mut self, code: &Code, depth: usize) -> Result<(), String> {
        let kind = match code.kind {
            CodeKind::Open => 0,
            CodeKind::Close => 1,
            CodeKind::Standalone => 2,
            CodeKind::IsolatedOpen => 3,
            CodeKind::IsolatedClose => 4,
        };
        self.0.push(1 + kind + if code.wraps { 8 } else { 0 });
        self.text(&code.element);
        self.attributes(&code.attributes);
        self.number(code.content.len());
        for content in &code.content {
            match content {
                CodeContent::Native(text) => {
                    self.0.push(0);
                    self.text(text);
                }
                CodeContent::SubFlow { element, attributes, segment } => {
                    self.0.push(1);
                    self.text(element);
                    self.attributes(attributes);
                    self.segment(segment, depth + 1)?;
                }
            }
        }
        Ok(())
    }
}

type Decoded<T> = Result<T, &'static str>;

/// Reads what [`Encoder`] wrote. Lengths are believed only as far as there are bytes.
struct Decoder<'b>(&'b [u8]);

impl<'b> Decoder<'b> {
    fn byte(&mut self) -> Decoded<u8> {
        let (&first, rest) = self.0.split_first().ok_or("the record ends too early")?;
        self.0 = rest;
        Ok(first)
    }

    fn number(&mut self) -> Decoded<usize> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(number).map_err(|_| "a length is beyond all memory");
            }
        }
        Err("a number does not end")
    }

    fn text(&mut self) -> Decoded<&'b str> {
        let length = self.number()?;
        let (text, rest) = self.0.split_at_checked(length).ok_or("a text ends too early")?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| "a text is not UTF-8")
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Decoded<T>) -> Decoded<Vec<T>> {
        let length = self.number()?;
        // Every item takes a byte at least, so this never reserves more than was stored.
        let mut items = Vec::with_capacity(length.min(self.0.len()));
        for _ in 0..length {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn unit(mut self) -> Decoded<Unit> {
        let metadata = self.metadata()?;
        let variants = self.list(|this| {
            Ok(Variant {
                lang: Lang::from_written(this.text()?),
                segment: this.segment(0)?,
                metadata: this.metadata()?,
            })
        })?;
        if !self.0.is_empty() {
            return Err("the record has bytes too many");
        }
        Ok(Unit { metadata, variants })
    }

    fn metadata(&mut self) -> Decoded<Metadata> {
        Ok(Metadata {
            attributes: self.attributes()?,
            properties: self.list(|this| {
                Ok(Property {
                    kind: this.text()?.to_owned(),
                    value: this.text()?.to_owned(),
                    attributes: this.attributes()?,
                })
            })?,
            notes: self.list(|this| {
                Ok(Note { text: this.text()?.to_owned(), attributes: this.attributes()? })
            })?,
            foreign: self.list(|this| this.text().map(str::to_owned))?,
        })
    }

    fn attributes(&mut self) -> Decoded<Vec<Attribute>> {
        self.list(|this| {
            Ok(Attribute { name: intern(this.text()?), value: this.text()?.to_owned() })
        })
    }

    fn segment(&mut self, depth: usize) -> Decoded<Segment> {
        if depth > MAX_DEPTH {
            return Err("texts nest too deep");
        }
        let parts = self.list(|this| match this.byte()? {
            0 => Ok(Part::Text(this.text()?.to_owned())),
            tag => this.code(tag - 1, depth).map(Part::Code),
        })?;
        Ok(Segment::new(parts))
    }

    fn code(&mut self, tag: u8, depth: usize) -> Decoded<Code> {
        let kind = match tag & 7 {
            0 => CodeKind::Open,
            1 => CodeKind::Close,
            2 => CodeKind::Standalone,
            3 => CodeKind::IsolatedOpen,
            4 => CodeKind::IsolatedClose,
            _ => return Err("an inline code has an unknown kind"),
        };
        Ok(Code {
            kind,
            wraps: tag & 8 != 0,
            element: intern(self.text()?),
            attributes: self.attributes()?,
            content: self.list(|this| match this.byte()? {
                0 => Ok(CodeContent::Native(this.text()?.to_owned())),
                1 => Ok(CodeContent::SubFlow {
                    element: intern(this.text()?),
                    attributes: this.attributes()?,
                    segment: this.segment(depth + 1)?,
                }),
                _ => Err("the content of an inline code is of an unknown kind"),
            })?,
        })
    }
}
