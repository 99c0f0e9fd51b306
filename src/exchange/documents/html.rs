//! The text of web pages.
//!
//! A tokenizer of the HTML standard reads the page as browsers do; no tree is built, since only the
//! order of the text and the borders of its blocks are wanted. What style sheets do is not known.

use encoding_rs::Encoding;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{HtmlString, Tokenizer};

use super::super::{Error, ErrorKind};
use super::Text;
use super::numbering::{AfterZ, Case, Numerals};
use crate::text::decode;

/// Bytes in which a page says what its encoding is (HTML standard, 13.2.3.2).
const PRESCAN: usize = 1024;

/// Elements whose content is not read.
const SKIPPED: &[&[u8]] = &[
    b"script",
    b"style",
    b"template",
    b"title",
    b"noscript",
    b"iframe",
    b"svg",
    b"select",
    b"datalist",
    b"textarea",
    b"rt",
    b"rp",
];

/// Elements that begin and end a paragraph.
const BLOCKS: &[&[u8]] = &[
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"br",
    b"caption",
    b"center",
    b"dd",
    b"details",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hgroup",
    b"hr",
    b"html",
    b"legend",
    b"li",
    b"main",
    b"menu",
    b"nav",
    b"ol",
    b"optgroup",
    b"option",
    b"p",
    b"pre",
    b"search",
    b"section",
    b"summary",
    b"table",
    b"tbody",
    b"td",
    b"tfoot",
    b"th",
    b"thead",
    b"tr",
    b"ul",
];

/// Elements that have no end tag, or may do without: what is hidden in them has no certain end.
const OPEN_ENDED: &[&[u8]] = &[
    b"area",
    b"base",
    b"body",
    b"br",
    b"col",
    b"colgroup",
    b"dd",
    b"dt",
    b"embed",
    b"hr",
    b"html",
    b"img",
    b"input",
    b"li",
    b"link",
    b"meta",
    b"optgroup",
    b"option",
    b"p",
    b"source",
    b"tbody",
    b"td",
    b"tfoot",
    b"th",
    b"thead",
    b"tr",
    b"track",
    b"wbr",
];

/// Whether the first bytes of a file are those of a page.
pub(super) fn looks_like(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(PRESCAN)]);
    let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    text.starts_with("<!doctype html") || text.starts_with("<html")
}

pub(super) fn text(bytes: &[u8]) -> Result<String, Error> {
    let page = decoded(bytes)?;
    let mut reader = Reader::default();
    for token in tokens(&page) {
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&tag.name),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    reader.close();
    Ok(reader.out.0)
}

fn tokens(page: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(page, emitter).map(|token| match token {
        Ok(token) => token,
        Err(never) => match never {},
    })
}

/// The page in the encoding that its mark or itself declares; without either it must be Unicode.
fn decoded(bytes: &[u8]) -> Result<String, Error> {
    let declared = || declared_encoding(&bytes[..bytes.len().min(PRESCAN)]);
    let known = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(declared);
    match known {
        Some(encoding) if encoding != encoding_rs::UTF_8 => {
            let (text, encoding, malformed) = encoding.decode(bytes);
            if malformed {
                let name = encoding.name();
                let message = format!("there are bytes in it that {name}, its encoding, has not");
                return Err(Error::new(ErrorKind::Malformed, message));
            }
            Ok(text.into_owned())
        }
        _ => decode(bytes).map_err(|error| Error::new(ErrorKind::Malformed, error.to_string())),
    }
}

fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head);
    let found = tokens(&head).find_map(|token| {
        let Token::StartTag(tag) = token else { return None };
        if *tag.name != b"meta"[..] {
            return None;
        }
        if let Some(charset) = tag.attributes.get(&b"charset"[..]) {
            return Encoding::for_label(charset);
        }
        let content = tag.attributes.get(&b"content"[..])?.to_ascii_lowercase();
        let at = memchr::memmem::find(&content, b"charset=")? + b"charset=".len();
        let label = content[at..].split(|&byte| byte == b';').next()?;
        Encoding::for_label(label)
    });
    // A page whose letters could be read is not in UTF-16, whatever it says (13.2.3.2).
    let found = found.filter(|encoding| encoding.is_ascii_compatible());
    found.or_else(|| {
        let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
        let label = declaration.split("encoding=").nth(1)?;
        let label = label.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?;
        Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
    })
}

#[derive(Default)]
struct Reader {
    out: Text,
    paragraph: String,
    /// The element whose content is not read, and how many of its name are open.
    skipped: Option<(HtmlString, usize)>,
    /// `pre` elements open.
    preformatted: usize,
    lists: Vec<List>,
    /// The number that stands before the next text.
    label: String,
}

struct List {
    numerals: Numerals,
    next: u32,
}

impl Reader {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        if let Some((skipped, depth)) = &mut self.skipped {
            if *name == ***skipped && !tag.self_closing {
                *depth += 1;
            }
            return;
        }
        let hidden = tag.attributes.contains_key(&b"hidden"[..]) && !OPEN_ENDED.contains(&name);
        if (SKIPPED.contains(&name) && !tag.self_closing) || hidden {
            self.skipped = Some((tag.name.clone(), 1));
            return;
        }
        if BLOCKS.contains(&name) {
            self.close();
        }
        let number = |attribute: &[u8]| -> Option<u32> {
            std::str::from_utf8(tag.attributes.get(attribute)?).ok()?.trim().parse().ok()
        };
        match name {
            b"pre" => self.preformatted += 1,
            b"ul" | b"menu" | b"dir" => {
                self.lists.push(List { numerals: Numerals::None, next: 1 });
            }
            b"ol" => {
                let kind = tag.attributes.get(&b"type"[..]).map(|kind| kind.as_slice());
                let reversed = tag.attributes.contains_key(&b"reversed"[..]);
                let numerals = match kind {
                    // Counted down from a number that only the end of the list tells.
                    _ if reversed => Numerals::None,
                    Some(b"a") => Numerals::Latin(Case::Lower, AfterZ::Counted),
                    Some(b"A") => Numerals::Latin(Case::Upper, AfterZ::Counted),
                    Some(b"i") => Numerals::Roman(Case::Lower),
                    Some(b"I") => Numerals::Roman(Case::Upper),
                    _ => Numerals::Decimal,
                };
                self.lists.push(List { numerals, next: number(b"start").unwrap_or(1) });
            }
            b"li" => {
                if let Some(list) = self.lists.last_mut() {
                    let value = number(b"value").unwrap_or(list.next);
                    list.next = value.saturating_add(1);
                    let number = list.numerals.write(value);
                    self.label = if number.is_empty() { number } else { number + ". " };
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &HtmlString) {
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        let name = name.as_slice();
        if BLOCKS.contains(&name) {
            self.close();
        }
        match name {
            b"pre" => self.preformatted = self.preformatted.saturating_sub(1),
            b"ol" | b"ul" | b"menu" | b"dir" => {
                self.lists.pop();
                self.label.clear();
            }
            b"li" => self.label.clear(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => self.paragraph.push('\n'),
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                    if !self.paragraph.is_empty() && !self.paragraph.ends_with([' ', '\n']) {
                        self.paragraph.push(' ');
                    }
                }
                c => self.paragraph.push(c),
            }
        }
    }

    fn close(&mut self) {
        if self.paragraph.trim().is_empty() {
            self.paragraph.clear();
            return;
        }
        let paragraph = std::mem::take(&mut self.label) + self.paragraph.trim();
        self.out.paragraph(&paragraph);
        self.paragraph.clear();
    }
}
