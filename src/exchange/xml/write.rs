//! Writing markup.

use super::resolve::{is_name, is_xml_char};
use crate::exchange::{Error, ErrorKind};
use crate::unit::{Attribute, Code, CodeContent, CodeKind, Part, Segment};

/// Appends a segment with its codes as elements; the result says how much was left out because XML
/// does not allow it.
///
/// # Errors
///
/// If the codes do not close what they open, or have no name: nothing well-formed could be written.
///
/// Segments inside codes are nested no deeper than the reader's limit, or than a caller nested
/// values; so this may recurse.
pub(crate) fn segment(segment: &Segment, out: &mut String) -> Result<u64, Error> {
    let mut dropped = 0;
    let mut open: Vec<&str> = Vec::new();
    for part in segment.parts() {
        match part {
            Part::Text(text) => dropped += escape_text(text, out),
            Part::Code(code) if code.wraps && code.kind == CodeKind::Close => {
                if open.pop() != Some(&*code.element) {
                    return Err(unbalanced(&code.element));
                }
                end_tag(&code.element, out);
            }
            Part::Code(code) => {
                if code.wraps {
                    open.push(&code.element);
                }
                dropped += self::code(code, out)?;
            }
        }
    }
    match open.last() {
        Some(element) => Err(unbalanced(element)),
        None => Ok(dropped),
    }
}

fn code(code: &Code, out: &mut String) -> Result<u64, Error> {
    if !is_name(&code.element) {
        let message = format!("`{}` is no name for an element; repair the code", code.element);
        return Err(Error::new(ErrorKind::Malformed, message));
    }
    out.push('<');
    out.push_str(&code.element);
    let mut dropped = attributes(&code.attributes, &[], out);
    if code.wraps {
        out.push('>');
        return Ok(dropped);
    }
    if code.content.is_empty() {
        out.push_str("/>");
        return Ok(dropped);
    }
    out.push('>');
    for content in &code.content {
        match content {
            CodeContent::Native(text) => dropped += escape_text(text, out),
            CodeContent::SubFlow { element, attributes: all, segment: inner } => {
                if !is_name(element) {
                    let message = format!("`{element}` is no name for an element; repair the code");
                    return Err(Error::new(ErrorKind::Malformed, message));
                }
                out.push('<');
                out.push_str(element);
                dropped += attributes(all, &[], out);
                out.push('>');
                dropped += segment(inner, out)?;
                end_tag(element, out);
            }
        }
    }
    end_tag(&code.element, out);
    Ok(dropped)
}

fn end_tag(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn unbalanced(element: &str) -> Error {
    let message = format!(
        "the codes `{element}` of a segment do not open and close each other; repair the segment"
    );
    Error::new(ErrorKind::Malformed, message)
}

/// Appends attributes but those that are written already; of one name, the first. The result says
/// how much was left out.
pub(crate) fn attributes(attributes: &[Attribute], written: &[&str], out: &mut String) -> u64 {
    let mut dropped = 0;
    for (at, one) in attributes.iter().enumerate() {
        let name = &*one.name;
        let again = written.contains(&name) || attributes[..at].iter().any(|a| a.name == name);
        dropped += match again || !is_name(name) {
            true => 1,
            false => attribute(name, &one.value, out),
        };
    }
    dropped
}

/// Appends an attribute.
pub(crate) fn attribute(name: &str, value: &str, out: &mut String) -> u64 {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    let dropped = escape_attribute(value, out);
    out.push('"');
    dropped
}

/// Appends a text, escaped so that every XML reader gets the same characters back: also CR, which
/// would become a line feed. Characters that XML does not allow are left out (white space becomes
/// a space); the result says how many.
pub(crate) fn escape_text(text: &str, out: &mut String) -> u64 {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        // Only `]]>` needs it, but many readers are happier so.
        b'>' => Some("&gt;"),
        b'\r' => Some("&#13;"),
        _ => None,
    })
}

/// Appends an attribute value, escaped for double quotation marks, white space included.
pub(crate) fn escape_attribute(text: &str, out: &mut String) -> u64 {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        b'\r' => Some("&#13;"),
        _ => None,
    })
}

fn escape(text: &str, out: &mut String, replace: impl Fn(u8) -> Option<&'static str>) -> u64 {
    let bytes = text.as_bytes();
    let mut illegal = 0;
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let special = byte < 0x20 || matches!(byte, b'&' | b'<' | b'>' | b'"' | 0xef);
        if !special {
            continue;
        }
        if let Some(replacement) = replace(byte) {
            out.push_str(&text[from..at]);
            out.push_str(replacement);
            from = at + 1;
        } else if (byte < 0x20 && !matches!(byte, b'\t' | b'\n')) || byte == 0xef {
            let Some(c) = text[at..].chars().next().filter(|&c| !is_xml_char(c)) else { continue };
            out.push_str(&text[from..at]);
            if matches!(c, '\u{b}' | '\u{c}') {
                out.push(' ');
            }
            from = at + c.len_utf8();
            illegal += 1;
        }
    }
    out.push_str(&text[from..]);
    illegal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_left_out() {
        let mut out = String::new();
        assert_eq!(escape_text("a\u{1}b\u{b}c\u{ffff}\u{fffd}\r\n\t<&>\"", &mut out), 3);
        assert_eq!(out, "ab c\u{fffd}&#13;\n\t&lt;&amp;&gt;\"");
        out.clear();
        assert_eq!(escape_attribute("\"\n\t\r\u{a0}\u{2028}", &mut out), 0);
        assert_eq!(out, "&quot;&#10;&#9;&#13;\u{a0}\u{2028}");
    }
}
