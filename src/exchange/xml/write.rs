//! Escaping.

use super::resolve::is_xml_char;

/// Appends a text, escaped so that every XML reader gets the same characters back: also CR, which
/// would become a line feed. Characters that XML does not allow are left out (white space becomes
/// a space); the result says how many.
pub(crate) fn escape_text(text: &str, out: &mut String) -> usize {
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
pub(crate) fn escape_attribute(text: &str, out: &mut String) -> usize {
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

fn escape(text: &str, out: &mut String, replace: impl Fn(u8) -> Option<&'static str>) -> usize {
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
