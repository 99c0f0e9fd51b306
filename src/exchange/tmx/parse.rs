//! One unit, or the head of a file, from its markup.

use quick_xml::Reader;
use quick_xml::errors::{Error as XmlError, SyntaxError};
use quick_xml::events::{BytesStart, Event};

use super::Header;
use super::segment::SegmentBuilder;
use crate::Lang;
use crate::exchange::diagnostic::Finding;
use crate::exchange::xml::attributes::Attributes;
use crate::exchange::xml::resolve::{Resolver, is_name};
use crate::exchange::{Limits, Problem};
use crate::unit::{Attribute, Metadata, Note, Property, Unit, Variant, intern};

/// Why a piece of markup could not be taken.
#[derive(Debug)]
pub(super) enum Halt {
    /// It ends too early: more text may help.
    Incomplete,
    /// It is wrong.
    Bad(Finding),
}

/// Reads a piece of markup that is at hand as a whole.
pub(super) struct Parser<'a, 'r> {
    xml: Reader<&'a [u8]>,
    text: &'a str,
    /// Where the event at hand began.
    at: usize,
    pub(super) resolver: &'r mut Resolver,
    limits: &'r Limits,
}

impl<'a, 'r> Parser<'a, 'r> {
    pub(super) fn new(text: &'a str, resolver: &'r mut Resolver, limits: &'r Limits) -> Self {
        let mut xml = Reader::from_str(text);
        let config = xml.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Parser { xml, text, at: 0, resolver, limits }
    }

    /// How much of the text has been read.
    pub(super) fn consumed(&self) -> usize {
        self.xml.buffer_position() as usize
    }

    pub(super) fn next(&mut self) -> Result<Event<'a>, Halt> {
        self.at = self.consumed();
        match self.xml.read_event() {
            Ok(Event::Eof) => Err(Halt::Incomplete),
            Ok(event) => Ok(event),
            Err(XmlError::Syntax(
                SyntaxError::UnclosedComment | SyntaxError::UnclosedCData | SyntaxError::UnclosedPI,
            )) => Err(Halt::Incomplete),
            Err(error) => Err(self.bad(Problem::IllFormed, format!("ill-formed markup: {error}"))),
        }
    }

    pub(super) fn bad(&self, problem: Problem, message: impl Into<String>) -> Halt {
        Halt::Bad(Finding::new(problem, self.at, message))
    }

    pub(super) fn find(&mut self, problem: Problem, message: impl Into<String>) {
        self.resolver.find(problem, self.at, message);
    }

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
                    self.segment(builder)?;
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

    /// Reads the content of a segment, down to its end tag.
    fn segment(&mut self, builder: &mut SegmentBuilder<'_>) -> Result<(), Halt> {
        let begin = self.consumed();
        loop {
            let event = self.next()?;
            match event {
                Event::Text(text) => self.resolver.text(&text, self.at, builder.text()),
                Event::GeneralRef(name) => {
                    self.resolver.reference(&name, self.at, builder.text());
                    continue;
                }
                Event::CData(text) => {
                    // No reference stands in it: an `&` is an `&`.
                    for (n, part) in text.split('&').enumerate() {
                        if n > 0 {
                            builder.text().push('&');
                        }
                        self.resolver.text(part, self.at, builder.text());
                    }
                }
                Event::Start(start) => self.inline(&start, false, builder)?,
                Event::Empty(start) => self.inline(&start, true, builder)?,
                Event::End(end) => {
                    self.resolver.end_surrogate(self.at, builder.text());
                    let name = end.name();
                    let name: &str = name.as_ref();
                    match builder.open_element() {
                        Some(open) if open == name => builder.close(),
                        Some(open) => {
                            let open = open.to_owned();
                            return Err(self.mismatch(&open, name));
                        }
                        None if name == "seg" => break,
                        None => return Err(self.mismatch("seg", name)),
                    }
                }
                Event::Comment(_) => {}
                _ => self.find(Problem::UnexpectedElement, "a processing instruction in a segment"),
            }
        }
        if self.at - begin > self.limits.segment_bytes {
            let limit = self.limits.segment_bytes;
            let message = format!("a segment of more than {limit} bytes");
            return Err(self.bad(Problem::LimitExceeded, message));
        }
        Ok(())
    }

    fn inline(
        &mut self,
        start: &BytesStart<'a>,
        empty: bool,
        builder: &mut SegmentBuilder<'_>,
    ) -> Result<(), Halt> {
        self.resolver.end_surrogate(self.at, builder.text());
        if builder.depth() >= self.limits.nesting() {
            let message = format!("more than {} elements inside each other", self.limits.nesting());
            return Err(self.bad(Problem::LimitExceeded, message));
        }
        if !is_name(start.name().as_ref()) {
            let message = format!("`{}` is no name for an element", start.name().as_ref() as &str);
            return Err(self.bad(Problem::IllFormed, message));
        }
        let mut attributes = Vec::new();
        self.attributes(start, &mut attributes, None)?;
        if let Some(message) = builder.open(start.name().as_ref(), attributes, empty) {
            self.find(Problem::UnexpectedElement, message);
        }
        Ok(())
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
                metadata.foreign.push(self.resolver.markup(raw, begin));
            }
        }
        Ok(())
    }

    /// The text of an element, down to its end tag. Elements in it give their text.
    fn plain(&mut self, name: &str, out: &mut String) -> Result<(), Halt> {
        let mut open: Vec<String> = Vec::new();
        loop {
            match self.next()? {
                Event::Text(text) => self.resolver.text(&text, self.at, out),
                Event::GeneralRef(reference) => self.resolver.reference(&reference, self.at, out),
                Event::CData(text) => out.push_str(&text),
                Event::Start(start) => {
                    if open.len() >= self.limits.nesting() {
                        return Err(self.bad(Problem::LimitExceeded, "elements nested too deep"));
                    }
                    self.find(Problem::UnexpectedElement, "an element in a text; its text is kept");
                    open.push(start.name().as_ref().to_owned());
                }
                Event::End(end) => {
                    let inner = open.pop();
                    let expected = inner.as_deref().unwrap_or(name);
                    if end.name().as_ref() != expected {
                        return Err(self.mismatch(expected, end.name().as_ref()));
                    }
                    if inner.is_none() {
                        self.resolver.end_surrogate(self.at, out);
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }

    /// Passes over an element, down to its end tag.
    fn skip(&mut self, name: &str) -> Result<(), Halt> {
        let mut open = vec![name.to_owned()];
        while let Some(expected) = open.last() {
            match self.next()? {
                Event::Start(start) => open.push(start.name().as_ref().to_owned()),
                Event::End(end) if end.name().as_ref() == expected => {
                    open.pop();
                }
                Event::End(end) => {
                    let expected = expected.clone();
                    return Err(self.mismatch(&expected, end.name().as_ref()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What may stand between elements: white space and comments.
    fn between(&mut self, event: &Event<'a>) {
        match event {
            Event::Text(text) if is_white(text) => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                self.find(Problem::UnexpectedText, "text where only elements may stand; left out");
            }
            _ => {}
        }
    }

    fn mismatch(&self, expected: &str, found: &str) -> Halt {
        self.bad(Problem::IllFormed, format!("`</{found}>` where `</{expected}>` should stand"))
    }

    /// Reads the attributes of a tag. The memory of `into` is used again. With `lang`, the language
    /// goes there: `xml:lang`, or `lang` as TMX 1.1 had it.
    pub(super) fn attributes(
        &mut self,
        start: &BytesStart<'_>,
        into: &mut Vec<Attribute>,
        mut lang: Option<&mut Lang>,
    ) -> Result<(), Halt> {
        let mut count = 0;
        let mut lang_seen = false;
        let base = self.text.as_ptr() as usize;
        for raw in Attributes::new(start.attributes_raw()) {
            let offset = (raw.value.as_ptr() as usize).wrapping_sub(base).min(self.text.len());
            if !raw.well_formed || !is_name(raw.name) {
                let message = format!("the attribute `{}` is not well-formed", raw.name);
                self.resolver.find(Problem::MalformedAttribute, self.at, message);
            }
            if count >= self.limits.attributes || raw.value.len() > self.limits.attribute_bytes {
                let message = "too many attributes, or one that is too long";
                return Err(self.bad(Problem::LimitExceeded, message));
            }
            if let Some(lang) = lang.as_deref_mut().filter(|_| raw.name == "xml:lang") {
                self.set_lang(lang, raw.value, offset);
                lang_seen = true;
                continue;
            }
            if !is_name(raw.name) {
                // It could not be written again.
                continue;
            }
            if count == into.len() {
                into.push(Attribute::new(intern(raw.name), String::new()));
            }
            let slot = &mut into[count];
            if slot.name != raw.name {
                slot.name = intern(raw.name);
            }
            slot.value.clear();
            self.resolver.attribute(raw.value, offset, &mut slot.value);
            count += 1;
        }
        into.truncate(count);
        self.drop_duplicates(into);
        if let Some(lang) = lang.filter(|_| !lang_seen) {
            // Without xml:lang, the attribute of TMX 1.1 counts.
            let old = into.iter().position(|a| a.name == "lang");
            let written = old.map(|at| into.remove(at).value).unwrap_or_default();
            if lang.as_written() != written {
                *lang = Lang::from_written(written);
            }
        }
        Ok(())
    }

    fn set_lang(&mut self, lang: &mut Lang, raw: &str, offset: usize) {
        // Unit after unit has the same languages: nothing to do, mostly.
        if lang.as_written() != raw || raw.contains('&') {
            let mut value = String::new();
            self.resolver.attribute(raw, offset, &mut value);
            *lang = Lang::from_written(value);
        }
    }

    /// Of attributes of one name, the first counts.
    fn drop_duplicates(&mut self, attributes: &mut Vec<Attribute>) {
        let mut at = 1;
        while at < attributes.len() {
            // The number of attributes is limited, and nearly always below ten.
            if attributes[..at].iter().any(|a| a.name == attributes[at].name) {
                let name = attributes.remove(at).name;
                let message = format!("a second attribute `{name}`; the first counts");
                self.find(Problem::DuplicateAttribute, message);
            } else {
                at += 1;
            }
        }
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

fn is_white(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}
