//! One unit, or the head of a file, from its markup.

use quick_xml::events::{BytesStart, Event};

use super::Header;
use crate::Lang;
use crate::exchange::Problem;
use crate::exchange::xml::markup::{Halt, Markup, is_element, is_white};
use crate::exchange::xml::resolve::is_name;
use crate::exchange::xml::segment::SegmentBuilder;
use crate::unit::{Metadata, Note, Property, Unit, Variant};

impl<'a> Markup<'a, '_> {
    /// Reads a unit; the text begins with its start tag. The unit's memory is used again.
    pub(super) fn unit(&mut self, unit: &mut Unit) -> Result<(), Halt> {
        unit.metadata.properties.clear();
        unit.metadata.notes.clear();
        unit.metadata.foreign.clear();
        let mut variants = 0;
        let (start, empty) = match self.next()? {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            _ => return Err(self.bad(Problem::IllFormed, "no unit begins here")),
        };
        self.attributes(&start, &mut unit.metadata.attributes, None)?;
        if !empty {
            self.unit_content(unit, &mut variants)?;
        }
        unit.variants.truncate(variants);
        match variants {
            0 => Err(self.bad(Problem::EmptyUnit, "the unit has no segment in any language")),
            _ => Ok(()),
        }
    }

    fn unit_content(&mut self, unit: &mut Unit, variants: &mut usize) -> Result<(), Halt> {
        loop {
            match self.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "tuv" => self.variant(&start, false, unit, variants)?,
                    "tu" => {
                        let message = "the unit is not closed where the next one begins";
                        return Err(self.bad(Problem::IllFormed, message));
                    }
                    _ => self.child(&start, false, &mut unit.metadata)?,
                },
                Event::Empty(start) if start.name().as_ref() == "tuv" => {
                    self.variant(&start, true, unit, variants)?;
                }
                Event::Empty(start) => self.child(&start, true, &mut unit.metadata)?,
                Event::End(end) if end.name().as_ref() == "tu" => return Ok(()),
                Event::End(end) => return Err(self.mismatch("tu", end.name().as_ref())),
                event => self.between(&event),
            }
        }
    }

    fn variant(
        &mut self,
        start: &BytesStart<'a>,
        empty: bool,
        unit: &mut Unit,
        count: &mut usize,
    ) -> Result<(), Halt> {
        let begin = self.at;
        if *count == unit.variants.len() {
            unit.variants.push(Variant {
                lang: Lang::from_written(""),
                segment: Default::default(),
                metadata: Metadata::default(),
            });
        }
        let variant = &mut unit.variants[*count];
        let metadata = &mut variant.metadata;
        metadata.properties.clear();
        metadata.notes.clear();
        metadata.foreign.clear();
        self.attributes(start, &mut metadata.attributes, Some(&mut variant.lang))?;
        let mut builder = SegmentBuilder::new(&mut variant.segment);
        let seen = !empty && self.variant_content(&mut builder, metadata)?;
        builder.finish();
        if !seen && variant.segment.is_empty() {
            self.resolver.find(Problem::MissingSegment, begin, "a variant without a segment");
        }
        if variant.lang.as_written().is_empty() {
            let message = "a variant without a language";
            self.resolver.find(Problem::MissingLanguage, begin, message);
        }
        *count += 1;
        Ok(())
    }

    /// True if there is an element for the segment.
    fn variant_content(
        &mut self,
        builder: &mut SegmentBuilder<'_>,
        metadata: &mut Metadata,
    ) -> Result<bool, Halt> {
        let mut seen = false;
        loop {
            match self.next()? {
                Event::Start(start) if start.name().as_ref() == "seg" => {
                    if seen {
                        self.find(Problem::UnexpectedElement, "a second segment in one variant");
                        builder.separate();
                    }
                    seen = true;
                    self.segment("seg", builder)?;
                }
                Event::Empty(start) if start.name().as_ref() == "seg" => seen = true,
                Event::Start(start) => self.child(&start, false, metadata)?,
                Event::Empty(start) => self.child(&start, true, metadata)?,
                Event::End(end) if end.name().as_ref() == "tuv" => return Ok(seen),
                Event::End(end) => return Err(self.mismatch("tuv", end.name().as_ref())),
                Event::Text(text) if !seen && !is_white(&text) => {
                    // Some tools leave the segment's element out.
                    self.find(Problem::MissingSegment, "text in a variant, outside a segment");
                    self.resolver.text(&text, self.at, builder.text());
                }
                Event::GeneralRef(name) if !seen => {
                    self.resolver.reference(&name, self.at, builder.text());
                }
                event => self.between(&event),
            }
        }
    }

    /// Reads an element of a unit, a variant or the header that is no part of the structure.
    fn child(
        &mut self,
        start: &BytesStart<'a>,
        empty: bool,
        metadata: &mut Metadata,
    ) -> Result<(), Halt> {
        match start.name().as_ref() {
            "prop" => {
                let mut property = Property::default();
                self.attributes(start, &mut property.attributes, None)?;
                match property.attributes.iter().position(|a| a.name == "type") {
                    Some(at) => property.kind = property.attributes.remove(at).value,
                    None => {
                        self.find(Problem::MissingAttribute, "a property without `type`");
                    }
                }
                if !empty {
                    self.plain("prop", &mut property.value)?;
                }
                metadata.properties.push(property);
            }
            "note" => {
                let mut note = Note::default();
                self.attributes(start, &mut note.attributes, None)?;
                if !empty {
                    self.plain("note", &mut note.text)?;
                }
                metadata.notes.push(note);
            }
            name if !is_name(name) => {
                let message = format!("`{name}` is no name for an element");
                return Err(self.bad(Problem::IllFormed, message));
            }
            name => {
                if name != "ude" {
                    let message = format!("`{name}` is not expected here; kept as it is");
                    self.find(Problem::UnexpectedElement, message);
                }
                let begin = self.at;
                if !empty {
                    self.skip(name)?;
                }
                let raw = &self.text[begin..self.consumed()];
                let element = self.resolver.markup(raw, begin);
                if is_element(&element) {
                    metadata.foreign.push(element);
                } else {
                    // Written again it would be read as something else.
                    let message = format!("`{name}` holds markup that is ill-formed; left out");
                    self.resolver.find(Problem::IllFormed, begin, message);
                }
            }
        }
        Ok(())
    }

    /// Reads what stands before the first unit: declaration, document type, root, header. True if
    /// the root is one of TMX.
    pub(super) fn head(&mut self, header: &mut Header, tail: &mut Tail) -> Result<bool, Halt> {
        let mut header_seen = false;
        loop {
            let event = match self.next() {
                Err(Halt::Incomplete) => return Ok(tail.root),
                other => other?,
            };
            match event {
                Event::DocType(doctype) => self.resolver.declare(&doctype),
                Event::Start(start) | Event::Empty(start) if !tail.root => {
                    if start.name().as_ref() != "tmx" {
                        let name = start.name();
                        let name: &str = name.as_ref();
                        return Err(self.bad(Problem::UnexpectedElement, name));
                    }
                    tail.root = true;
                    tail.root_closed = self.text[..self.consumed()].ends_with("/>");
                    self.attributes(&start, &mut header.root, None)?;
                }
                Event::Start(start) if start.name().as_ref() == "header" => {
                    header_seen = true;
                    self.attributes(&start, &mut header.metadata.attributes, None)?;
                    self.header_content(header)?;
                }
                Event::Empty(start) if start.name().as_ref() == "header" => {
                    header_seen = true;
                    self.attributes(&start, &mut header.metadata.attributes, None)?;
                }
                event => {
                    if matches!(&event, Event::Start(start) if start.name().as_ref() == "body")
                        && !header_seen
                    {
                        self.find(Problem::MissingHeader, "the file has no header");
                    }
                    self.gap_event(event, tail)?;
                }
            }
        }
    }

    fn header_content(&mut self, header: &mut Header) -> Result<(), Halt> {
        loop {
            match self.next()? {
                Event::Start(start) => self.child(&start, false, &mut header.metadata)?,
                Event::Empty(start) => self.child(&start, true, &mut header.metadata)?,
                Event::End(end) if end.name().as_ref() == "header" => return Ok(()),
                Event::End(end) => return Err(self.mismatch("header", end.name().as_ref())),
                event => self.between(&event),
            }
        }
    }

    /// Reads what stands between or after units.
    pub(super) fn gap(&mut self, tail: &mut Tail) -> Result<(), Halt> {
        loop {
            match self.next() {
                Err(Halt::Incomplete) => return Ok(()),
                Err(halt) => return Err(halt),
                Ok(event) => self.gap_event(event, tail)?,
            }
        }
    }

    fn gap_event(&mut self, event: Event<'a>, tail: &mut Tail) -> Result<(), Halt> {
        match event {
            Event::Start(start) if start.name().as_ref() == "body" && !tail.body_closed => {}
            Event::Empty(start) if start.name().as_ref() == "body" => tail.body_closed = true,
            Event::End(end) if end.name().as_ref() == "body" => tail.body_closed = true,
            Event::End(end) if end.name().as_ref() == "tmx" => tail.root_closed = true,
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name();
                let message = format!("`{}` is not expected here; left out", name.as_ref() as &str);
                self.find(Problem::UnexpectedElement, message);
            }
            Event::Text(text) if is_white(&text) => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                let message = "text where only elements may stand; left out";
                let problem = match tail.root_closed {
                    true => Problem::TrailingContent,
                    false => Problem::UnexpectedText,
                };
                self.find(problem, message);
            }
            _ => {}
        }
        Ok(())
    }
}

/// What has been seen of the frame around the units.
#[derive(Debug, Default)]
pub(super) struct Tail {
    pub(super) root: bool,
    pub(super) body_closed: bool,
    pub(super) root_closed: bool,
}
