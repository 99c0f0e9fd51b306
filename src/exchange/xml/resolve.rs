//! Text and attribute values: references, line ends and characters.

use std::collections::HashMap;

use super::super::diagnostic::Finding;
use super::super::{Limits, Problem};

/// Resolves references, within the budget of the file, and notes what is odd.
///
/// Nothing outside the file is ever fetched: a reference to an external entity, or to one that is
/// not declared and not HTML's, stays in the text as it was written.
#[derive(Debug, Default)]
pub(crate) struct Resolver {
    entities: HashMap<String, Entity>,
    /// Expansions and bytes left.
    expansions: u64,
    bytes: u64,
    /// The high surrogate that the last reference gave.
    surrogate: Option<u32>,
    pub(crate) findings: Vec<Finding>,
    /// Whether an entity went over the budget since this was last cleared.
    pub(crate) over_budget: bool,
}

#[derive(Debug)]
enum Entity {
    Internal(String),
    External,
}

impl Resolver {
    pub(crate) fn new(limits: &Limits) -> Resolver {
        Resolver {
            expansions: limits.entity_expansions,
            bytes: limits.entity_bytes,
            ..Resolver::default()
        }
    }

    /// Learns the entities of a document type declaration (what stands after `<!DOCTYPE`).
    pub(crate) fn declare(&mut self, doctype: &str) {
        let Some((_, subset)) = doctype.split_once('[') else { return };
        let mut rest = subset;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("<!--") {
                rest = after.split_once("-->").map_or("", |(_, rest)| rest);
            } else if let Some(after) = rest.strip_prefix("<!ENTITY") {
                rest = self.declare_entity(after);
            } else {
                rest = &rest[1..];
            }
        }
    }

    fn declare_entity<'a>(&mut self, after: &'a str) -> &'a str {
        let declaration = after.trim_ascii_start();
        let name_end = declaration.find(|c: char| c.is_ascii_whitespace());
        let Some((name, value)) = name_end.map(|end| declaration.split_at(end)) else { return "" };
        if name == "%" {
            // Parameter entities only serve declarations, none of which is needed here.
            return value;
        }
        let value = value.trim_ascii_start();
        let quote = value.chars().next();
        let (entity, rest) = match quote {
            Some(quote @ ('"' | '\'')) => match value[1..].split_once(quote) {
                Some((text, rest)) => (Entity::Internal(self.entity_text(text)), rest),
                None => return "",
            },
            _ => (Entity::External, value.split_once('>').map_or("", |(_, rest)| rest)),
        };
        if !is_name(name) {
            return rest;
        }
        // The first declaration of a name is binding (XML 1.0, 4.2).
        self.entities.entry(name.to_owned()).or_insert(entity);
        rest
    }

    /// The text of an entity, with what XML does not allow dropped here, once.
    fn entity_text(&mut self, raw: &str) -> String {
        let mut text = String::with_capacity(raw.len());
        self.odd_text(raw, 0, &mut text);
        text
    }

    /// Appends text that holds no reference: line ends become LF, characters that XML does not
    /// allow are dropped or become spaces.
    pub(crate) fn text(&mut self, raw: &str, offset: usize, out: &mut String) {
        self.end_surrogate(offset, out);
        let bytes = raw.as_bytes();
        if bytes.first() == Some(&b'&') {
            let message = "an `&` that begins no reference; read as itself";
            self.find(Problem::BareAmpersand, offset, message);
        }
        if is_plain(bytes) {
            out.push_str(raw);
        } else {
            self.odd_text(raw, offset, out);
        }
    }

    /// Appends text in which no reference stands: an `&` is an `&`.
    pub(crate) fn verbatim(&mut self, raw: &str, offset: usize, out: &mut String) {
        self.end_surrogate(offset, out);
        self.odd_text(raw, offset, out);
    }

    fn odd_text(&mut self, raw: &str, offset: usize, out: &mut String) {
        let mut characters = raw.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            match c {
                '\r' => {
                    characters.next_if(|next| next.1 == '\n');
                    out.push('\n');
                }
                c if is_xml_char(c) => out.push(c),
                c => self.illegal(u32::from(c), offset + at, out),
            }
        }
    }

    /// A character that XML does not allow: white space becomes a space, the rest is dropped.
    fn illegal(&mut self, code: u32, offset: usize, out: &mut String) {
        let white = matches!(code, 0x0b | 0x0c);
        let made = if white { "read as a space" } else { "dropped" };
        let message = format!("the character U+{code:04X} is not allowed in XML; {made}");
        self.find(Problem::IllegalCharacter, offset, message);
        if white {
            out.push(' ');
        }
    }

    /// Appends what a reference (the text between `&` and `;`) stands for.
    pub(crate) fn reference(&mut self, name: &str, offset: usize, out: &mut String) {
        if let Some(number) = name.strip_prefix('#') {
            self.character(name, number, offset, out);
            return;
        }
        self.end_surrogate(offset, out);
        match name {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "apos" => out.push('\''),
            _ => self.entity(name, offset, out),
        }
    }

    fn character(&mut self, name: &str, number: &str, offset: usize, out: &mut String) {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let code = match code {
            // `from_str_radix` takes a sign, XML does not.
            Ok(code) if !number.contains(['+', '-']) => code,
            _ => {
                self.end_surrogate(offset, out);
                self.unresolved(name, offset, out, "is no reference to a character");
                return;
            }
        };
        match (self.surrogate.take(), code) {
            (Some(high), low @ 0xdc00..=0xdfff) => {
                let combined = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                out.extend(char::from_u32(combined));
                let message = "a character written as references to two surrogates";
                self.find(Problem::SurrogateReference, offset, message);
            }
            (high, code) => {
                if let Some(high) = high {
                    self.illegal(high, offset, out);
                }
                match char::from_u32(code) {
                    Some(c) if is_xml_char(c) => out.push(c),
                    _ if (0xd800..0xdc00).contains(&code) => self.surrogate = Some(code),
                    _ => self.illegal(code, offset, out),
                }
            }
        }
    }

    /// Must be called where a text ends.
    pub(crate) fn end_surrogate(&mut self, offset: usize, out: &mut String) {
        if let Some(high) = self.surrogate.take() {
            self.illegal(high, offset, out);
        }
    }

    fn entity(&mut self, name: &str, offset: usize, out: &mut String) {
        if self.entities.contains_key(name) {
            self.declared(name, offset, out);
        } else if let Some(text) = quick_xml::escape::resolve_html5_entity(name) {
            let message = format!("the entity `{name}` is not declared; read as HTML's");
            self.find(Problem::UndeclaredEntity, offset, message);
            out.push_str(text);
        } else {
            self.unresolved(name, offset, out, "is not declared");
        }
    }

    fn unresolved(&mut self, name: &str, offset: usize, out: &mut String, why: &str) {
        let problem = if name.starts_with(|c: char| c.is_alphabetic() || "#_:".contains(c)) {
            Problem::UndeclaredEntity
        } else {
            Problem::BareAmpersand
        };
        self.find(problem, offset, format!("`&{name};` {why}; kept as it is written"));
        out.push('&');
        self.odd_text(name, offset + 1, out);
        out.push(';');
    }

    /// Expands a declared entity, by a loop: what is still to do is a stack of texts.
    fn declared(&mut self, name: &str, offset: usize, out: &mut String) {
        let begin = out.len();
        let mut todo = Vec::new();
        let mut reference = Some(name);
        loop {
            match reference.and_then(|name| self.entities.get(name).map(|entity| (name, entity))) {
                Some((_, Entity::Internal(text))) => {
                    let cost = text.len() as u64;
                    if self.expansions == 0 || self.bytes < cost || todo.len() > 256 {
                        out.truncate(begin);
                        self.over_budget = true;
                        let message = "the entities of the file expand to more than the limits \
                                       allow, or contain themselves";
                        self.find(Problem::EntityLimit, offset, message);
                        return;
                    }
                    self.expansions -= 1;
                    self.bytes -= cost;
                    todo.push(text.as_str());
                }
                Some((name, Entity::External)) => {
                    out.extend(["&", name, ";"]);
                    let message = format!(
                        "`&{name};` stands for something outside the file, which is never \
                         fetched; kept as it is written"
                    );
                    self.findings.push(Finding::new(Problem::ExternalEntity, offset, message));
                }
                None => match (reference, reference.and_then(predefined)) {
                    (_, Some(c)) => out.push(c),
                    (Some(name), None) => out.extend(["&", name, ";"]),
                    (None, None) => {}
                },
            }
            let Some(text) = todo.pop() else { return };
            let (before, after) = text.split_once('&').unwrap_or((text, ""));
            out.push_str(before);
            reference = match after.split_once(';') {
                Some((name, rest)) => {
                    todo.push(rest);
                    Some(name)
                }
                None => {
                    out.push_str(&text[before.len()..]);
                    None
                }
            };
        }
    }

    /// Appends an attribute value: references are resolved, white space becomes spaces.
    pub(crate) fn attribute(&mut self, raw: &str, offset: usize, out: &mut String) {
        let odd = |b: u8| b < 0x20 || b == b'&' || b == 0xef;
        if !raw.bytes().any(odd) {
            out.push_str(raw);
            return;
        }
        let mut rest = raw;
        while !rest.is_empty() {
            let at = offset + (raw.len() - rest.len());
            let end = rest.find(['&', '\t', '\n', '\r']).unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            if !text.is_empty() {
                self.text(text, at, out);
            }
            rest = after;
            let at = at + end;
            if let Some(after) = rest.strip_prefix("\r\n") {
                out.push(' ');
                rest = after;
            } else if let Some(after) = rest.strip_prefix(['\t', '\n', '\r']) {
                out.push(' ');
                rest = after;
            } else if let Some(after) = rest.strip_prefix('&') {
                rest = match after.find([';', '&']) {
                    Some(end) if after[end..].starts_with(';') => {
                        self.reference(&after[..end], at, out);
                        &after[end + 1..]
                    }
                    _ => {
                        self.text("&", at, out);
                        after
                    }
                };
            }
        }
        self.end_surrogate(offset + raw.len(), out);
    }

    /// A piece of markup as it may be written into another file: references that only this file can
    /// resolve are resolved, characters that XML does not allow are dropped, the rest stays.
    pub(crate) fn markup(&mut self, raw: &str, offset: usize) -> String {
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find(['&', '<']) {
            let (text, after) = rest.split_at(at);
            let place = offset + (raw.len() - after.len());
            self.odd_text(text, place - text.len(), &mut out);
            let untouched = match after {
                _ if after.starts_with("<![CDATA[") => after.find("]]>").map(|end| end + 3),
                _ if after.starts_with("<!--") => after.find("-->").map(|end| end + 3),
                _ if after.starts_with('<') => Some(1),
                _ => reference_length(after).filter(|&end| {
                    let name = &after[1..end - 1];
                    predefined(name).is_some()
                }),
            };
            let end = match untouched {
                Some(end) => {
                    out.push_str(&after[..end]);
                    end
                }
                None => {
                    let mut text = String::new();
                    let end = match reference_length(after) {
                        Some(end) => {
                            self.reference(&after[1..end - 1], place, &mut text);
                            self.end_surrogate(place, &mut text);
                            end
                        }
                        None => {
                            self.text("&", place, &mut text);
                            1
                        }
                    };
                    super::write::escape_text(&text, &mut out);
                    end
                }
            };
            rest = &after[end..];
        }
        self.odd_text(rest, offset + raw.len() - rest.len(), &mut out);
        out
    }

    pub(crate) fn find(&mut self, problem: Problem, offset: usize, message: impl Into<String>) {
        self.findings.push(Finding::new(problem, offset, message));
    }
}

/// The length of the reference that begins here with an `&`.
fn reference_length(text: &str) -> Option<usize> {
    let end = text[1..].find([';', '&', '<', '"', '\''])? + 1;
    text[end..].starts_with(';').then_some(end + 1)
}

/// Whether a text is a name of XML (clause 2.3), with at most one prefix.
pub(crate) fn is_name(text: &str) -> bool {
    // Nearly all names are of this kind, and all are looked at.
    if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && text.starts_with(|first: char| first.is_ascii_lowercase())
    {
        return true;
    }
    let start = |c: char| c == '_' || c.is_alphabetic();
    let inside = |c: char| start(c) || c.is_numeric() || "-.\u{b7}".contains(c);
    let part = |part: &str| part.starts_with(start) && part.chars().all(inside);
    match text.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(text),
    }
}

fn predefined(name: &str) -> Option<char> {
    let code = |number: &str| match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name
            .strip_prefix('#')
            .and_then(code)
            .and_then(char::from_u32)
            .filter(|&c| is_xml_char(c)),
    }
}

/// Whether a text can be taken as it is. No false yes; a no only costs time.
fn is_plain(bytes: &[u8]) -> bool {
    // U+FFFE and U+FFFF begin with EF BF; so do only specials and some half-width forms.
    let odd = |b: u8| (b < 0x20 && b != b'\t' && b != b'\n') || b == 0xef;
    // Without a branch per byte, so that it is vectorised.
    !bytes.chunks(64).any(|chunk| chunk.iter().fold(false, |seen, &b| seen | odd(b)))
}

/// The characters of XML 1.0 (clause 2.2).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolver(doctype: &str) -> Resolver {
        let mut resolver = Resolver::new(&Limits { entity_bytes: 1000, ..Limits::default() });
        resolver.declare(doctype);
        resolver
    }

    fn attribute(resolver: &mut Resolver, raw: &str) -> (String, Vec<Problem>) {
        let mut out = String::new();
        resolver.attribute(raw, 0, &mut out);
        (out, std::mem::take(&mut resolver.findings).into_iter().map(|f| f.problem).collect())
    }

    #[test]
    fn references_and_white_space_in_attributes() {
        let plain = &mut resolver("");
        let read = attribute(plain, "a\tb\r\nc&#10;d&#x9;&amp;&lt;&quot;é&#233;");
        assert_eq!(read, ("a b c\nd\t&<\"éé".to_owned(), vec![]));
        let (text, problems) = attribute(plain, "A & B; C &amp");
        assert_eq!(text, "A & B; C &amp");
        assert_eq!(problems, [Problem::BareAmpersand, Problem::BareAmpersand]);
    }

    #[test]
    fn characters_that_xml_forbids() {
        let plain = &mut resolver("");
        let read = attribute(plain, "a&#x1F;b&#0;c&#xB;d\u{1}e\u{ffff}f");
        assert_eq!(read, ("abc def".to_owned(), vec![Problem::IllegalCharacter; 5]));
        let read = attribute(plain, "&#xD83D;&#xDE00;");
        assert_eq!(read, ("😀".to_owned(), vec![Problem::SurrogateReference]));
        let read = attribute(plain, "&#xD83D;x&#xDE00;");
        assert_eq!(read, ("x".to_owned(), vec![Problem::IllegalCharacter; 2]));
    }

    #[test]
    fn internal_entities_are_expanded_nested_ones_too() {
        let doctype = r#" tmx SYSTEM "tmx14.dtd" [ <!-- <!ENTITY ca "no"> -->
            <!ENTITY ca "Conseil de s&#xE9;curit&#xE9;"><!ENTITY onu '&ca; de l&apos;ONU, &ca;!'>
            <!ENTITY % p SYSTEM "file:///p"> %p; <!ENTITY x SYSTEM "file:///x">
            <!ENTITY ca "twice"> ]"#;
        let declared = &mut resolver(doctype);
        let expected = "<Conseil de sécurité de l'ONU, Conseil de sécurité!>";
        assert_eq!(attribute(declared, "&lt;&onu;>"), (expected.to_owned(), vec![]));
        let read = attribute(declared, "a&x;b&nbsp;c&foo;");
        let problems =
            [Problem::ExternalEntity, Problem::UndeclaredEntity, Problem::UndeclaredEntity];
        assert_eq!(read, ("a&x;b\u{a0}c&foo;".to_owned(), problems.to_vec()));
    }

    #[test]
    fn entities_that_explode_are_stopped() {
        let doctype = r#"[<!ENTITY a "&b;&b;&b;"><!ENTITY b "&a;x">"#;
        let hostile = &mut resolver(doctype);
        assert_eq!(attribute(hostile, "&a;"), (String::new(), vec![Problem::EntityLimit]));
        assert!(hostile.over_budget);
    }
}
