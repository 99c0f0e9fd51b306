//! Finding elements in a window of text without parsing what stands between them.

use std::io::{self, Read};

use super::source::Source;

/// Where the next element of one of these names begins, from the beginning of the window; None if
/// there is none up to the end of the file. Comments, CDATA sections, processing instructions and
/// the document type declaration are passed over.
pub(crate) fn find_start<R: Read>(
    source: &mut Source<R>,
    names: &[&str],
    limit: usize,
) -> io::Result<Option<usize>> {
    let mut at = 0;
    loop {
        match next_start(source.window(), at, names) {
            Scan::Found(start) => return Ok(Some(start)),
            Scan::More(from) => {
                if source.window().len() > limit {
                    return Err(io::Error::new(
                        io::ErrorKind::FileTooLarge,
                        format!("more than {limit} bytes without a unit"),
                    ));
                }
                if !source.fill()? {
                    return Ok(None);
                }
                at = from;
            }
        }
    }
}

enum Scan {
    Found(usize),
    /// Nothing so far; look on from here when there is more.
    More(usize),
}

fn next_start(window: &str, mut at: usize, names: &[&str]) -> Scan {
    while let Some(tag) = memchr::memchr(b'<', &window.as_bytes()[at..]).map(|found| at + found) {
        let rest = &window[tag..];
        let passed = match rest.as_bytes().get(1) {
            None => None,
            Some(b'!') if rest.starts_with("<!--") => find_after(rest, 4, "-->"),
            Some(b'!') if rest.starts_with("<![CDATA[") => find_after(rest, 9, "]]>"),
            Some(b'!') if rest.starts_with("<!DOCTYPE") => doctype_end(rest),
            Some(b'?') => find_after(rest, 2, "?>"),
            // Too short to tell.
            Some(_) if rest.len() < 32 && !rest.contains('>') => None,
            Some(_) if names.iter().any(|name| begins(&rest[1..], name)) => {
                return Scan::Found(tag);
            }
            Some(_) => Some(1),
        };
        match passed {
            Some(passed) => at = tag + passed,
            None => return Scan::More(tag),
        }
    }
    Scan::More(window.len())
}

/// Whether a name stands here and ends here.
pub(crate) fn begins(text: &str, name: &str) -> bool {
    text.strip_prefix(name)
        .and_then(|rest| rest.bytes().next())
        .is_some_and(|byte| byte.is_ascii_whitespace() || byte == b'>' || byte == b'/')
}

fn find_after(text: &str, from: usize, end: &str) -> Option<usize> {
    Some(memchr::memmem::find(&text.as_bytes()[from..], end.as_bytes())? + from + end.len())
}

/// The length of a document type declaration, internal subset included.
fn doctype_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 2;
    let mut inside = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at += memchr::memchr(byte, &bytes[at + 1..])? + 1,
            b'[' => inside = true,
            b']' => inside = false,
            b'<' if bytes[at..].starts_with(b"<!--") => {
                at += find_after(&text[at..], 4, "-->")? - 1;
            }
            b'>' if !inside => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where in the window the end tag of an element ends, looking from `from`; None at the end of the
/// file.
pub(crate) fn find_end<R: Read>(
    source: &mut Source<R>,
    name: &str,
    from: usize,
    limit: usize,
) -> io::Result<Option<usize>> {
    let tag = format!("</{name}");
    let finder = memchr::memmem::Finder::new(&tag);
    let mut at = from;
    loop {
        let window = source.window();
        while let Some(found) = finder.find(&window.as_bytes()[at.min(window.len())..]) {
            let after = at + found + tag.len();
            match window.as_bytes().get(after) {
                Some(b'>') => return Ok(Some(after + 1)),
                Some(byte) if byte.is_ascii_whitespace() => {
                    match memchr::memchr(b'>', &window.as_bytes()[after..]) {
                        Some(close) => return Ok(Some(after + close + 1)),
                        None => break,
                    }
                }
                Some(_) => at = after,
                None => break,
            }
        }
        let length = window.len();
        if length > limit || !source.fill()? {
            return Ok(None);
        }
        // The tag may have been cut by the end of the window.
        at = at.max(length.saturating_sub(tag.len() + 1));
        while !source.window().is_char_boundary(at) {
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(text: &str) -> Option<usize> {
        let mut source = Source::new(text.as_bytes(), u64::MAX).unwrap();
        find_start(&mut source, &["tu"], 1 << 20).unwrap()
    }

    #[test]
    fn what_only_looks_like_an_element_is_passed_over() {
        let before = "<?pi <tu> ?><!DOCTYPE tmx [<!ENTITY a \"<tu>]>\"><!-- <tu> ]> -->]>\
                      <!-- <tu> --><tuv><![CDATA[<tu>]]></tuv>";
        assert_eq!(start(&format!("{before}<tu\n>")), Some(before.len()));
        assert_eq!(start(before), None);
        assert_eq!(start("<!-- never closed <tu>"), None);
        assert_eq!(start("<tu/>"), Some(0));
    }

    #[test]
    fn the_end_tag_is_the_one_of_the_name() {
        let mut source = Source::new(&b"<tu></tuv></tu\n></tu>"[..], u64::MAX).unwrap();
        assert_eq!(find_end(&mut source, "tu", 0, 1000).unwrap(), Some(16));
        assert_eq!(find_end(&mut source, "tu", 16, 1000).unwrap(), Some(21));
        assert_eq!(find_end(&mut source, "tu", 21, 1000).unwrap(), None);
    }
}
