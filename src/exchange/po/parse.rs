//! The lines of a PO file.

use std::ops::Range;

use super::Message;
use crate::exchange::diagnostic::Log;
use crate::exchange::{Error, Problem};

/// Reads all messages, the header among them. A line that is none of the format's is reported and
/// passed over.
pub(super) fn parse(text: &str, log: &mut Log) -> Result<Vec<Message>, Error> {
    let mut parser =
        Parser { messages: Vec::new(), message: Message::default(), field: Field::None };
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let range = at..at + line.len();
        at = range.end;
        if let Err(what) = parser.line(line, range, number as u64 + 1) {
            log.report(Problem::UnexpectedLine, (number as u64 + 1, 1), None, what)?;
        }
    }
    parser.end_message();
    Ok(parser.messages)
}

struct Parser {
    messages: Vec<Message>,
    message: Message,
    /// What a string in a line of its own continues.
    field: Field,
}

#[derive(Clone, Copy, PartialEq)]
enum Field {
    None,
    Context,
    Id,
    Plural,
    Text,
}

impl Parser {
    fn line(&mut self, line: &str, range: Range<usize>, number: u64) -> Result<(), String> {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return Ok(());
        }
        if let Some(rest) = trimmed.strip_prefix("#~") {
            let rest = rest.trim_start();
            if rest.starts_with('|') {
                // What an obsolete message was before.
                return Ok(());
            }
            let begin = range.start + line.find(rest).unwrap_or(0);
            let read = self.content(rest, begin, range.start, number);
            self.message.obsolete = true;
            return read;
        }
        if let Some(comment) = trimmed.strip_prefix('#') {
            self.comment(comment, range, number);
            return Ok(());
        }
        let begin = range.start + (line.len() - line.trim_start().len());
        self.content(trimmed, begin, range.start, number)
    }

    fn comment(&mut self, comment: &str, range: Range<usize>, number: u64) {
        if !self.message.texts.is_empty() {
            self.end_message();
        }
        self.begin(number);
        let kind = comment.chars().next();
        match kind {
            Some(',') => {
                let flags = comment[1..].split(',').map(|flag| flag.trim().to_owned());
                self.message.flags.extend(flags.filter(|flag| !flag.is_empty()));
                self.message.flag_lines.push(range);
            }
            Some(':') => {
                let references = comment[1..].split_whitespace().map(str::to_owned);
                self.message.references.extend(references);
            }
            Some('|') => self.message.previous_lines.push(range),
            Some('.') => self.message.comments.push(comment[1..].trim().to_owned()),
            _ => self.message.comments.push(comment.trim().to_owned()),
        }
    }

    fn begin(&mut self, number: u64) {
        if self.message.line == 0 {
            self.message.line = number;
        }
    }

    /// A keyword with its string, or a string that continues. `line` is where the line begins.
    fn content(&mut self, text: &str, at: usize, line: usize, number: u64) -> Result<(), String> {
        let (keyword, rest) = match text.find(['"', ' ', '\t', '[']) {
            Some(end) => text.split_at(end),
            None => (text, ""),
        };
        let before = rest.len();
        let (index, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((index, rest)) => (index.trim().parse().ok(), rest),
            None => (None, rest),
        };
        let rest = rest.trim_start();
        let string_at = at + keyword.len() + (before - rest.len());
        let begins = matches!(keyword, "msgctxt" | "msgid");
        if begins
            && (self.message.id.is_some()
                || (keyword == "msgctxt" && self.message.context.is_some()))
        {
            self.end_message();
        }
        let string = match unquote(rest) {
            Some(string) => string,
            None if begins || keyword.starts_with("msg") || keyword.is_empty() => {
                return Err("a string that is not closed or not readable; left out".to_owned());
            }
            None => return Err("a line that is no part of a message; left out".to_owned()),
        };
        let range = string_at..string_at + rest.len();
        self.begin(number);
        let field = match keyword {
            "msgctxt" => Field::Context,
            "msgid" => Field::Id,
            "msgid_plural" => Field::Plural,
            "msgstr" => Field::Text,
            "" => {
                return self.continued(&string, range);
            }
            _ => return Err(format!("`{keyword}` is no keyword of a message; left out")),
        };
        if matches!(field, Field::Context | Field::Id) && self.message.keywords == 0 {
            self.message.keywords = line;
        }
        let message = &mut self.message;
        self.field = field;
        match field {
            Field::Context => message.context = Some(string),
            Field::Id => message.id = Some(string),
            Field::Plural => message.plural = Some(string),
            Field::Text if message.id.is_none() => {
                self.field = Field::None;
                return Err("a translation without `msgid`; left out".to_owned());
            }
            Field::Text => {
                let expected = message.texts.len();
                message.texts.push((string, range));
                if index.unwrap_or(0) != expected {
                    return Err(format!(
                        "a translation numbered {} where {expected} should stand; kept",
                        index.unwrap_or(0)
                    ));
                }
            }
            Field::None => {}
        }
        Ok(())
    }

    fn continued(&mut self, string: &str, range: Range<usize>) -> Result<(), String> {
        let message = &mut self.message;
        let text = match self.field {
            Field::Context => message.context.as_mut(),
            Field::Id => message.id.as_mut(),
            Field::Plural => message.plural.as_mut(),
            Field::Text => message.texts.last_mut().map(|(text, place)| {
                place.end = range.end;
                text
            }),
            Field::None => None,
        };
        match text {
            Some(text) => text.push_str(string),
            None => return Err("a string that belongs to nothing; left out".to_owned()),
        }
        Ok(())
    }

    fn end_message(&mut self) {
        self.field = Field::None;
        let message = std::mem::take(&mut self.message);
        if message.id.is_some() {
            self.messages.push(message);
        }
    }
}

/// The text of a string in quotation marks; None if it is not closed.
fn unquote(raw: &str) -> Option<String> {
    let inner = raw.trim_end().strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find(['\\', '"']) {
        out.push_str(&rest[..at]);
        if rest[at..].starts_with('"') {
            // A mark that is not escaped: some tools write it so.
            out.push('"');
            rest = &rest[at + 1..];
            continue;
        }
        rest = escape(&rest[at + 1..], &mut out)?;
    }
    out.push_str(rest);
    Some(out)
}

/// Reads what follows a backslash; None at the end of the string.
fn escape<'a>(rest: &'a str, out: &mut String) -> Option<&'a str> {
    let c = rest.chars().next()?;
    let after = &rest[c.len_utf8()..];
    let digits = |text: &str, radix: u32, most: usize| {
        text.bytes().take(most).take_while(|&b| char::from(b).is_digit(radix)).count()
    };
    let number = |length: usize, text: &str, radix: u32| {
        u32::from_str_radix(&text[..length], radix).ok().and_then(char::from_u32)
    };
    match c {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'a' => out.push('\u{7}'),
        'b' => out.push('\u{8}'),
        'v' => out.push('\u{b}'),
        'f' => out.push('\u{c}'),
        '"' | '\\' | '\'' | '?' => out.push(c),
        'x' if digits(after, 16, 2) > 0 => {
            let length = digits(after, 16, 2);
            out.extend(number(length, after, 16));
            return Some(&after[length..]);
        }
        '0'..='7' => {
            let length = digits(rest, 8, 3);
            out.extend(number(length, rest, 8));
            return Some(&rest[length..]);
        }
        // Unknown to the format: kept as it is written.
        _ => {
            out.push('\\');
            out.push(c);
        }
    }
    Some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_strings() {
        assert_eq!(
            unquote(r#""a\n\t\"b\\ \x41\101 \q é""#).as_deref(),
            Some("a\n\t\"b\\ AA \\q é")
        );
        assert_eq!(unquote(r#""open"#), None);
        assert_eq!(unquote(r#""a\""#), None);
        assert_eq!(unquote(r#""say "x" now""#).as_deref(), Some("say \"x\" now"));
    }
}
