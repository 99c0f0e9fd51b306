//! Elements as trees, from markup and back to it.

use quick_xml::events::{BytesStart, Event};

use super::{category, children, take_attribute, xml_id};
use crate::exchange::Problem;
use crate::exchange::xml::markup::{Halt, Markup, is_white};
use crate::exchange::xml::resolve::is_name;
use crate::exchange::xml::write;
use crate::term::{Extra, ExtraContent};
use crate::unit::Attribute;

/// How a file names its elements.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The prefix of the elements of TBX itself, with its colon; mostly empty.
    pub(super) prefix: String,
    /// The prefixes that the root declares (`xmlns:min`, …).
    pub(super) spaces: Vec<Attribute>,
}

impl Names {
    /// Learns from the root element.
    pub(super) fn new(root: &str, attributes: &[Attribute]) -> Names {
        let prefix =
            root.rsplit_once(':').map_or(String::new(), |(prefix, _)| format!("{prefix}:"));
        let spaces = attributes.iter().filter(|a| a.name.starts_with("xmlns:")).cloned().collect();
        Names { prefix, spaces }
    }

    /// The name of an element without the prefix of TBX.
    pub(super) fn plain<'n>(&self, name: &'n str) -> &'n str {
        name.strip_prefix(&*self.prefix).unwrap_or(name)
    }

    /// Brings an element into style DCA, which has data categories as attributes.
    fn settle(&self, mut element: Extra) -> Extra {
        element.name = self.plain(&element.name).to_owned();
        // Addresses outside the file are none of our ids.
        let outside = matches!(element.name.rsplit(':').next(), Some("xref" | "xGraphic"));
        for attribute in &mut element.attributes {
            if attribute.name == "id" || (attribute.name == "target" && !outside) {
                attribute.value = xml_id::decode(&attribute.value);
            }
        }
        let blank =
            |part: &ExtraContent| matches!(part, ExtraContent::Text(text) if is_white(text));
        if element.content.iter().all(|part| blank(part) || !matches!(part, ExtraContent::Text(_)))
            && children(&element).next().is_some()
        {
            // Only elements: what is between them is layout.
            element.content.retain(|part| !blank(part));
        }
        match element.name.split_once(':') {
            Some((prefix, local)) => {
                let meta = take_attribute(&mut element.attributes, "metaType");
                let known = category::by_name(local).map(|category| category.element.to_owned());
                match known.or(meta) {
                    Some(name) => {
                        element.attributes.insert(0, Attribute::new("type", local));
                        element.name = name;
                    }
                    None => {
                        let declared = format!("xmlns:{prefix}");
                        let space = self.spaces.iter().find(|space| space.name == declared);
                        if let Some(space) = space
                            && element.attribute(&declared).is_none()
                        {
                            element.attributes.push(space.clone());
                        }
                    }
                }
                element
            }
            None => of_min(element),
        }
    }
}

/// TBX-Min of 2013 had tags of its own.
fn of_min(mut element: Extra) -> Extra {
    let (name, kind) = match element.name.as_str() {
        "subjectField" => ("descrip", "subjectField"),
        "partOfSpeech" => ("termNote", "partOfSpeech"),
        "termStatus" => ("termNote", "administrativeStatus"),
        "customer" => ("admin", "customerSubset"),
        "noteGrp" => {
            let notes = children(&element)
                .map(|note| children(note).map(Extra::text).collect::<Vec<_>>().join(": "));
            let text = notes.collect::<Vec<_>>().join("; ");
            if !text.is_empty() {
                element.content = vec![ExtraContent::Text(text)];
            }
            element.name = "note".to_owned();
            return element;
        }
        _ => return element,
    };
    element.name = name.to_owned();
    element.attributes.insert(0, Attribute::new("type", kind));
    element
}

/// Reads an element, down to its end tag.
pub(super) fn read<'a>(
    markup: &mut Markup<'a, '_>,
    start: &BytesStart<'a>,
    empty: bool,
    names: &Names,
) -> Result<Extra, Halt> {
    let mut done = begin(markup, start)?;
    if empty {
        return Ok(names.settle(done));
    }
    // The elements around the one at hand.
    let mut open: Vec<Extra> = Vec::new();
    let mut text = String::new();
    loop {
        let event = markup.next()?;
        match event {
            Event::Text(piece) => markup.resolver.text(&piece, markup.at, &mut text),
            Event::CData(piece) => markup.resolver.verbatim(&piece, markup.at, &mut text),
            Event::GeneralRef(name) => markup.resolver.reference(&name, markup.at, &mut text),
            Event::Start(start) => {
                take_text(markup, &mut text, &mut done);
                if open.len() + 2 > markup.limits.nesting() {
                    let limit = markup.limits.nesting();
                    let message = format!("more than {limit} elements inside each other");
                    return Err(markup.bad(Problem::LimitExceeded, message));
                }
                let inner = begin(markup, &start)?;
                open.push(std::mem::replace(&mut done, inner));
            }
            Event::Empty(start) => {
                take_text(markup, &mut text, &mut done);
                let inner = names.settle(begin(markup, &start)?);
                done.content.push(ExtraContent::Element(inner));
            }
            Event::End(end) => {
                take_text(markup, &mut text, &mut done);
                let name = end.name();
                let name: &str = name.as_ref();
                if name != done.name {
                    return Err(markup.mismatch(&done.name, name));
                }
                let settled = names.settle(done);
                match open.pop() {
                    None => return Ok(settled),
                    Some(mut around) => {
                        around.content.push(ExtraContent::Element(settled));
                        done = around;
                    }
                }
            }
            _ => {}
        }
    }
}

fn begin<'a>(markup: &mut Markup<'a, '_>, start: &BytesStart<'a>) -> Result<Extra, Halt> {
    let name = start.name();
    let name: &str = name.as_ref();
    if !is_name(name) {
        return Err(markup.bad(Problem::IllFormed, format!("`{name}` is no name for an element")));
    }
    let mut attributes = Vec::new();
    markup.attributes(start, &mut attributes, None)?;
    Ok(Extra { name: name.to_owned(), attributes, content: Vec::new() })
}

fn take_text(markup: &mut Markup<'_, '_>, text: &mut String, element: &mut Extra) {
    markup.resolver.end_surrogate(markup.at, text);
    if !text.is_empty() {
        // A comment in a text does not cut it in two.
        match element.content.last_mut() {
            Some(ExtraContent::Text(before)) => before.push_str(text),
            _ => element.content.push(ExtraContent::Text(std::mem::take(text))),
        }
        text.clear();
    }
}

/// Appends an element, each element that holds only elements on lines of their own. The result says
/// how much was left out because XML does not allow it.
///
/// Trees are nested no deeper than the limit of the reader, or than a caller nested values; so this
/// may recurse.
pub(super) fn write(element: &Extra, indent: usize, out: &mut String) -> u64 {
    let mut dropped = 0;
    if !is_name(&element.name) {
        return 1;
    }
    new_line(indent, out);
    open_tag(&element.name, &element.attributes, &mut dropped, out);
    if element.content.is_empty() {
        out.push_str("/>");
        return dropped;
    }
    out.push('>');
    let mixed = element.content.iter().any(|part| matches!(part, ExtraContent::Text(_)));
    if mixed {
        dropped += inline(&element.content, out);
    } else {
        for inner in children(element) {
            dropped += write(inner, indent + 1, out);
        }
        new_line(indent, out);
    }
    close_tag(&element.name, out);
    dropped
}

fn inline(content: &[ExtraContent], out: &mut String) -> u64 {
    let mut dropped = 0;
    for part in content {
        match part {
            ExtraContent::Text(text) => dropped += write::escape_text(text, out),
            ExtraContent::Element(element) if !is_name(&element.name) => dropped += 1,
            ExtraContent::Element(element) => {
                open_tag(&element.name, &element.attributes, &mut dropped, out);
                if element.content.is_empty() {
                    out.push_str("/>");
                    continue;
                }
                out.push('>');
                dropped += inline(&element.content, out);
                close_tag(&element.name, out);
            }
        }
    }
    dropped
}

pub(super) fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Appends a start tag without what ends it.
pub(super) fn open_tag(name: &str, attributes: &[Attribute], dropped: &mut u64, out: &mut String) {
    out.push('<');
    out.push_str(name);
    *dropped += write::attributes(attributes, &[], out);
}

pub(super) fn close_tag(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
