//! Markup that is at hand as a whole, event by event.

use quick_xml::Reader;
use quick_xml::errors::{Error as XmlError, SyntaxError};
use quick_xml::events::{BytesStart, Event};

use super::attributes::Attributes;
use super::resolve::{Resolver, is_name};
use super::segment::SegmentBuilder;
use crate::Lang;
use crate::exchange::diagnostic::Finding;
use crate::exchange::{Limits, Problem};
use crate::unit::{Attribute, intern};

/// Why a piece of markup could not be taken.
#[derive(Debug)]
pub(crate) enum Halt {
    /// It ends too early: more text may help.
    Incomplete,
    /// It is wrong.
    Bad(Finding),
}

/// Reads a piece of markup that is at hand as a whole.
pub(crate) struct Markup<'a, 'r> {
    xml: Reader<&'a [u8]>,
    pub(crate) text: &'a str,
    /// Where the event at hand began.
    pub(crate) at: usize,
    pub(crate) resolver: &'r mut Resolver,
    pub(crate) limits: &'r Limits,
}

impl<'a, 'r> Markup<'a, 'r> {
    pub(crate) fn new(text: &'a str, resolver: &'r mut Resolver, limits: &'r Limits) -> Self {
        let mut xml = Reader::from_str(text);
        let config = xml.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Markup { xml, text, at: 0, resolver, limits }
    }

    /// How much of the text has been read.
    pub(crate) fn consumed(&self) -> usize {
        self.xml.buffer_position() as usize
    }

    pub(crate) fn next(&mut self) -> Result<Event<'a>, Halt> {
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

    pub(crate) fn bad(&self, problem: Problem, message: impl Into<String>) -> Halt {
        Halt::Bad(Finding::new(problem, self.at, message))
    }

    pub(crate) fn find(&mut self, problem: Problem, message: impl Into<String>) {
        self.resolver.find(problem, self.at, message);
    }

    /// The text of an element, down to its end tag. Elements in it give their text.
    pub(crate) fn plain(&mut self, name: &str, out: &mut String) -> Result<(), Halt> {
        let mut open: Vec<String> = Vec::new();
        loop {
            match self.next()? {
                Event::Text(text) => self.resolver.text(&text, self.at, out),
                Event::GeneralRef(reference) => self.resolver.reference(&reference, self.at, out),
                Event::CData(text) => self.resolver.verbatim(&text, self.at, out),
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
    pub(crate) fn skip(&mut self, name: &str) -> Result<(), Halt> {
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
    pub(crate) fn between(&mut self, event: &Event<'a>) {
        match event {
            Event::Text(text) if is_white(text) => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                self.find(Problem::UnexpectedText, "text where only elements may stand; left out");
            }
            _ => {}
        }
    }

    pub(crate) fn mismatch(&self, expected: &str, found: &str) -> Halt {
        self.bad(Problem::IllFormed, format!("`</{found}>` where `</{expected}>` should stand"))
    }

    /// Reads the attributes of a tag. The memory of `into` is used again. With `lang`, the language
    /// goes there: `xml:lang`, or `lang` as TMX 1.1 had it.
    pub(crate) fn attributes(
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
            // Element after element has the same attributes: the name was looked at before.
            let seen = into.get(count).is_some_and(|slot| slot.name == raw.name);
            let named = seen || is_name(raw.name);
            if !raw.well_formed || !named {
                let message = format!("the attribute `{}` is not well-formed", raw.name);
                self.resolver.find(Problem::MalformedAttribute, self.at, message);
            }
            if count >= self.limits.attributes {
                let message = format!("more than {} attributes", self.limits.attributes);
                return Err(self.bad(Problem::LimitExceeded, message));
            }
            if let Some(lang) = lang.as_deref_mut().filter(|_| raw.name == "xml:lang") {
                self.set_lang(lang, raw.value, offset);
                if lang.as_written().len() > self.limits.attribute_bytes {
                    return Err(self.too_long());
                }
                lang_seen = true;
                continue;
            }
            if !named {
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
            // What counts is the value, whether it is written with references or without: else
            // what was read could be too long when it is written again.
            if slot.value.len() > self.limits.attribute_bytes {
                return Err(self.too_long());
            }
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

    fn too_long(&self) -> Halt {
        let limit = self.limits.attribute_bytes;
        self.bad(Problem::LimitExceeded, format!("an attribute of more than {limit} bytes"))
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

    /// Reads the content of a segment, down to the end tag of this name.
    pub(crate) fn segment(
        &mut self,
        end_name: &str,
        builder: &mut SegmentBuilder<'_>,
    ) -> Result<(), Halt> {
        self.inline_content(end_name, builder, true)
    }

    /// As [`segment`](Markup::segment); `tmx` says whether elements that TMX does not know are
    /// reported.
    pub(crate) fn inline_content(
        &mut self,
        end_name: &str,
        builder: &mut SegmentBuilder<'_>,
        tmx: bool,
    ) -> Result<(), Halt> {
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
                    self.resolver.verbatim(&text, self.at, builder.text());
                }
                Event::Start(start) => self.inline(&start, false, builder, tmx)?,
                Event::Empty(start) => self.inline(&start, true, builder, tmx)?,
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
                        None if name == end_name => break,
                        None => return Err(self.mismatch(end_name, name)),
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
        tmx: bool,
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
        if !tmx
            && start.name().as_ref() == "cp"
            && let Some(character) = code_point(&attributes)
        {
            // XLIFF 2 writes so what XML does not allow; the end tag is that of an empty element.
            builder.text().push(character);
            return if empty { Ok(()) } else { self.skip("cp") };
        }
        let odd = builder.open(start.name().as_ref(), attributes, empty);
        if let Some(message) = odd.filter(|_| tmx) {
            self.find(Problem::UnexpectedElement, message);
        }
        Ok(())
    }
}

pub(crate) fn is_white(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Whether a text is one element, well-formed by itself.
pub(crate) fn is_element(text: &str) -> bool {
    let mut xml = Reader::from_str(text);
    let mut depth = 0usize;
    loop {
        let at_start = xml.buffer_position() == 0;
        match xml.read_event() {
            Ok(Event::Start(start)) if at_start || depth > 0 => {
                if !is_start_tag(&start) {
                    return false;
                }
                depth += 1;
            }
            Ok(Event::Empty(start)) if at_start || depth > 0 => {
                if !is_start_tag(&start) {
                    return false;
                }
            }
            Ok(Event::End(_)) if depth > 0 => depth -= 1,
            Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::Comment(_))
                if depth > 0 => {}
            Ok(Event::Eof) => return depth == 0 && !at_start,
            // Instructions and declarations have no place in a unit.
            _ => return false,
        }
    }
}

fn is_start_tag(start: &BytesStart<'_>) -> bool {
    let name = start.name();
    let name: &str = name.as_ref();
    is_name(name)
        && Attributes::new(start.attributes_raw()).all(|a| a.well_formed && is_name(a.name))
}

/// The character of a `<cp hex="…"/>`.
fn code_point(attributes: &[Attribute]) -> Option<char> {
    let hex = attributes.iter().find(|attribute| attribute.name == "hex")?;
    char::from_u32(u32::from_str_radix(&hex.value, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::is_element;

    #[test]
    fn only_one_whole_element_is_one() {
        for whole in ["<a/>", "<a b=\"1\">x &amp; <c/><!-- d --></a>", "<x:a>é</x:a>"] {
            assert!(is_element(whole), "{whole}");
        }
        for other in ["", "a", "<a>", "<a></b>", "<a/><a/>", "<a/>b", "<a b>", "<a b=1/>", "<a<b/>"]
        {
            assert!(!is_element(other), "{other}");
        }
        assert!(!is_element("<a><map(u=\"1</n><b x=\"2\"></a>"));
    }
}
