//! Gettext PO files.
//!
//! The format is that of the manual of GNU gettext, chapter "The Format of PO Files".

mod parse;
mod write;

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

use super::bilingual::{Edit, Entry, Fill, State};
use super::diagnostic::Log;
use super::xml::source::{Decoded, decode_all};
use super::{Error, ErrorKind};
use crate::Lang;
use crate::unit::{Metadata, Note, Property};

/// The places in a PO file that a translation touches.
#[derive(Debug)]
pub(super) struct PoFile {
    messages: Vec<Message>,
    /// For each entry: its message, and which of the message's translations it is.
    places: Vec<(usize, usize)>,
    line_end: &'static str,
}

/// One message of the file.
#[derive(Debug, Default)]
struct Message {
    line: u64,
    obsolete: bool,
    comments: Vec<String>,
    references: Vec<String>,
    flags: Vec<String>,
    /// The lines of flags, with their line ends.
    flag_lines: Vec<Range<usize>>,
    /// The lines that tell the message as it was before (`#|`).
    previous_lines: Vec<Range<usize>>,
    context: Option<String>,
    id: Option<String>,
    plural: Option<String>,
    /// The translations, and where their strings stand.
    texts: Vec<(String, Range<usize>)>,
    /// Where the keywords begin: flags go before.
    keywords: usize,
}

impl Message {
    fn is_fuzzy(&self) -> bool {
        self.flags.iter().any(|flag| flag == "fuzzy")
    }
}

impl PoFile {
    pub(super) fn read(
        input: impl Read,
        log: &mut Log,
    ) -> Result<(Decoded, PoFile, Vec<Entry>), Error> {
        let limit = log.options.limits.bytes.min(log.options.limits.document_bytes);
        let decoded = decode_all(input, limit, declared_charset).map_err(Error::reading)?;
        for (problem, message) in &decoded.notes {
            log.report(*problem, (1, 1), None, message.clone())?;
        }
        if let Some(&at) = decoded.malformed.first() {
            let line = 1 + decoded.text[..at].matches('\n').count() as u64;
            let message = format!(
                "{} place(s) from here with bytes that are not in the file's encoding; read as \
                 windows-1252",
                decoded.malformed.len()
            );
            log.report(super::Problem::MalformedBytes, (line, 1), None, message)?;
        }
        let messages = parse::parse(&decoded.text, log)?;
        if messages.is_empty() && !decoded.text.trim().is_empty() {
            let message = "this is no PO file: there is no `msgid` in it";
            return Err(Error::new(ErrorKind::OtherFormat, message).at(1, 1));
        }
        let (source, target) = languages(&messages, log);
        let mut entries = Vec::new();
        let mut places = Vec::new();
        for (at, message) in messages.iter().enumerate() {
            let Some(id) = message.id.as_deref() else { continue };
            if id.is_empty() && message.context.is_none() {
                continue;
            }
            for (number, (text, _)) in message.texts.iter().enumerate() {
                log.count((message.line, 1))?;
                let source_text = match &message.plural {
                    Some(plural) if number > 0 => plural,
                    _ => id,
                };
                let state = match (text.is_empty(), message.is_fuzzy()) {
                    (true, _) => State::Initial,
                    (_, true) => State::Draft,
                    (_, false) => State::Translated,
                };
                places.push((at, number));
                entries.push(Entry {
                    id: String::new(),
                    line: message.line,
                    source_lang: source.clone(),
                    target_lang: target.clone(),
                    source: source_text.into(),
                    target: (!text.is_empty()).then(|| text.as_str().into()),
                    state,
                    locked: message.obsolete,
                    metadata: metadata(message),
                    proposals: Vec::new(),
                });
            }
        }
        let line_end = if decoded.text.contains("\r\n") { "\r\n" } else { "\n" };
        Ok((decoded, PoFile { messages, places, line_end }, entries))
    }

    /// What has to change in the text.
    pub(super) fn edits(&self, text: &str, fills: &BTreeMap<usize, Fill>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut touched: BTreeMap<usize, State> = BTreeMap::new();
        for (&entry, fill) in fills {
            let (at, number) = self.places[entry];
            let message = &self.messages[at];
            let (_, range) = &message.texts[number];
            edits.push((range.clone(), write::string(&fill.target.text(), self.line_end)));
            let state = touched.entry(at).or_insert(fill.state);
            *state = fill.state.min(*state);
        }
        for (at, state) in touched {
            write::flags(text, &self.messages[at], state, self.line_end, &mut edits);
        }
        edits
    }
}

/// Source and target: as the header says, else as the options say.
fn languages(messages: &[Message], log: &Log) -> (Lang, Lang) {
    let header = messages
        .iter()
        .find(|message| message.id.as_deref() == Some("") && message.context.is_none())
        .and_then(|message| message.texts.first())
        .map(|(text, _)| text.as_str())
        .unwrap_or_default();
    let field = |name: &str| {
        let value = header.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })?;
        (!value.is_empty()).then(|| Lang::from_written(value))
    };
    let mut langs = log.options.languages().into_iter();
    let (source, target) = (langs.next(), langs.next());
    (
        field("X-Source-Language").or(source).unwrap_or(Lang::FR),
        field("Language").or(target).unwrap_or(Lang::EN),
    )
}

fn metadata(message: &Message) -> Metadata {
    let mut metadata = Metadata::default();
    let mut property = |kind: &str, value: String| {
        if !value.is_empty() {
            metadata.properties.push(Property::new(kind, value));
        }
    };
    property("context", message.context.clone().unwrap_or_default());
    property("x-reference", message.references.join(" "));
    let flags: Vec<&str> =
        message.flags.iter().map(String::as_str).filter(|&flag| flag != "fuzzy").collect();
    property("x-flags", flags.join(", "));
    let comments = message.comments.iter().filter(|comment| !comment.is_empty());
    metadata.notes.extend(comments.map(Note::new));
    metadata
}

/// The charset of the header: `"Content-Type: text/plain; charset=…\n"`.
fn declared_charset(head: &[u8], seen: Option<&'static encoding_rs::Encoding>) -> Option<String> {
    if seen.is_some() {
        return None;
    }
    let head = &head[..head.len().min(8 << 10)];
    let at = memchr::memmem::find(head, b"charset=")? + "charset=".len();
    let label: String = head[at..]
        .iter()
        .map(|&byte| char::from(byte))
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c))
        .collect();
    // The template of xgettext.
    (!label.is_empty() && label != "CHARSET").then_some(label)
}
