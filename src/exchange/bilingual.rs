//! Documents to translate: XLIFF and PO, read, filled and written back.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::ops::Range;
use std::path::Path;

use super::diagnostic::{Diagnostics, Log};
use super::open::Reading;
use super::po::PoFile;
use super::xliff::XliffFile;
use super::xml::source::Decoded;
use super::{AtomicFile, Diagnostic, Error, ErrorKind, Format, ReadOptions};
use crate::unit::{Metadata, Segment};
use crate::{Lang, Unit};

/// A document to translate, as a translator's tool exchanges it: XLIFF 1.0 to 2.2 (SDLXLIFF and
/// MQXLIFF too) or PO.
///
/// It is read as a whole. [`fill`](BilingualFile::fill) and [`propose`](BilingualFile::propose)
/// say what is to change; writing gives back the file with exactly that changed, and every other
/// byte as it was, in the encoding it came in.
///
/// ```
/// use chancery::exchange::{BilingualFile, Fill, ReadOptions, State};
///
/// let file = "# menu\nmsgid \"Peace\"\nmsgstr \"\"\n\nmsgid \"War\"\nmsgstr \"Guerre\"\n";
/// let mut document = BilingualFile::read(file.as_bytes(), "x.po".as_ref(), ReadOptions::new())?;
/// assert_eq!(document.entries()[0].source.text(), "Peace");
/// assert_eq!(document.entries()[0].state, State::Initial);
///
/// document.fill(0, Fill::new("Paix", State::Translated))?;
/// let written = String::from_utf8(document.to_bytes()?)?;
/// assert_eq!(written, file.replacen("\"\"", "\"Paix\"", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BilingualFile {
    inner: Inner,
    decoded: Decoded,
    entries: Vec<Entry>,
    fills: BTreeMap<usize, Fill>,
    proposals: BTreeMap<usize, Vec<Proposal>>,
    log: Log,
}

#[derive(Debug)]
enum Inner {
    Xliff(XliffFile),
    Po(PoFile),
}

/// One segment of a document to translate.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The id in the file: of the unit, with that of the segment after a `/`; empty where there is
    /// none.
    pub id: String,
    /// The line it begins in.
    pub line: u64,
    /// The language of the source.
    pub source_lang: Lang,
    /// The language of the target.
    pub target_lang: Lang,
    /// What is to be translated.
    pub source: Segment,
    /// Its translation, if there is one.
    pub target: Option<Segment>,
    /// How far the translation is.
    pub state: State,
    /// Whether it must not be changed.
    pub locked: bool,
    /// Notes, document, context.
    pub metadata: Metadata,
    /// Translations that the file offers.
    pub proposals: Vec<Proposal>,
}

impl Entry {
    /// The unit of source and target; None where there is no translation.
    pub fn unit(&self) -> Option<Unit> {
        let target = self.target.as_ref().filter(|target| !target.is_empty())?;
        let mut unit = Unit::pair(
            (self.source_lang.clone(), self.source.clone()),
            (self.target_lang.clone(), target.clone()),
        );
        unit.metadata = self.metadata.clone();
        if !self.id.is_empty() {
            unit.metadata.set_attribute("tuid", self.id.clone());
        }
        if self.state != State::Initial {
            unit.metadata.set_property("x-status", self.state.as_str());
        }
        Some(unit)
    }
}

/// How far a translation is.
///
/// ```
/// use chancery::exchange::State;
///
/// assert!(State::Draft < State::Translated);
/// assert_eq!(State::Final.as_str(), "final");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not translated.
    #[default]
    Initial,
    /// Translated, but to be looked at (PO `fuzzy`, XLIFF 1.2 `needs-review-translation`).
    Draft,
    /// Translated.
    Translated,
    /// Translated and reviewed.
    Reviewed,
    /// Approved.
    Final,
}

impl State {
    /// The name of XLIFF 2.1; `draft` is ours.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Initial => "initial",
            State::Draft => "draft",
            State::Translated => "translated",
            State::Reviewed => "reviewed",
            State::Final => "final",
        }
    }
}

/// A translation to put into a document.
///
/// ```
/// use chancery::exchange::{Fill, State};
///
/// let fill = Fill::new("Paix", State::Draft).score(93).origin("ministry.tmx");
/// assert_eq!(fill.state, State::Draft);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// The translation. Codes that the source does not have are replaced by those it has, in
    /// order, or left out.
    pub target: Segment,
    /// How far it is.
    pub state: State,
    /// The score of the match it comes from, 0–102.
    pub score: Option<u8>,
    /// Where it comes from, for people.
    pub origin: Option<String>,
}

impl Fill {
    /// A translation.
    pub fn new(target: impl Into<Segment>, state: State) -> Fill {
        Fill { target: target.into(), state, score: None, origin: None }
    }

    /// Sets the score of the match it comes from, 0–102.
    pub fn score(mut self, score: u8) -> Fill {
        self.score = Some(score);
        self
    }

    /// Says where it comes from.
    pub fn origin(mut self, origin: impl Into<String>) -> Fill {
        self.origin = Some(origin.into());
        self
    }
}

/// A translation offered beside the text: XLIFF 1.2 `alt-trans`, XLIFF 2 `mtc:match`.
///
/// ```
/// use chancery::exchange::Proposal;
///
/// let proposal = Proposal::new("Les paix", "The peaces", 87);
/// assert_eq!(proposal.target.text(), "The peaces");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The source it was a translation of.
    pub source: Segment,
    /// The translation.
    pub target: Segment,
    /// How similar that source is, 0–102; None where the file does not say.
    pub score: Option<u8>,
    /// Where it comes from.
    pub origin: Option<String>,
}

impl Proposal {
    /// A translation of something similar.
    pub fn new(source: impl Into<Segment>, target: impl Into<Segment>, score: u8) -> Proposal {
        Proposal { source: source.into(), target: target.into(), score: Some(score), origin: None }
    }
}

impl BilingualFile {
    /// Opens a document.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is neither XLIFF nor PO, or cannot be read to its end.
    pub fn open(path: impl AsRef<Path>, options: ReadOptions) -> Result<BilingualFile, Error> {
        let path = path.as_ref();
        let options = options.named_after(path);
        let name = options.name.clone();
        File::open(path)
            .map_err(|error| Error::io(error, "the file cannot be opened"))
            .and_then(|file| BilingualFile::read(file, path, options))
            .map_err(|error| error.named(name.as_deref()))
    }

    /// Reads a document. The name only helps to tell the format.
    ///
    /// # Errors
    ///
    /// As [`open`](BilingualFile::open).
    pub fn read(
        mut input: impl Read,
        name: &Path,
        options: ReadOptions,
    ) -> Result<BilingualFile, Error> {
        let mut head = Vec::new();
        (&mut input).take(16 << 10).read_to_end(&mut head).map_err(Error::reading)?;
        let format = Format::detect(&head, name);
        let input = std::io::Cursor::new(head).chain(input);
        let file_name = options.name.clone();
        let read = match format {
            Some(Format::Po) => BilingualFile::po(input, options),
            Some(Format::Xliff) => BilingualFile::xliff(input, options),
            other => {
                let what = other.map_or("in no format that is known".to_owned(), |f| f.to_string());
                let message = format!("this is {what}; a document to translate is XLIFF or PO");
                Err(Error::new(ErrorKind::OtherFormat, message))
            }
        };
        read.map_err(|error| error.named(file_name.as_deref()))
    }

    pub(super) fn po(input: impl Read, options: ReadOptions) -> Result<BilingualFile, Error> {
        let mut log = Log::new(options);
        let (decoded, file, entries) = PoFile::read(input, &mut log)?;
        Ok(BilingualFile::new(Inner::Po(file), decoded, entries, log))
    }

    pub(super) fn xliff(input: impl Read, options: ReadOptions) -> Result<BilingualFile, Error> {
        let mut log = Log::new(options);
        let (decoded, file, entries) = XliffFile::read(input, &mut log)?;
        Ok(BilingualFile::new(Inner::Xliff(file), decoded, entries, log))
    }

    fn new(inner: Inner, decoded: Decoded, entries: Vec<Entry>, log: Log) -> BilingualFile {
        let (fills, proposals) = (BTreeMap::new(), BTreeMap::new());
        BilingualFile { inner, decoded, entries, fills, proposals, log }
    }

    /// The format.
    pub fn format(&self) -> Format {
        match self.inner {
            Inner::Xliff(_) => Format::Xliff,
            Inner::Po(_) => Format::Po,
        }
    }

    /// The segments, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was found odd.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.log.diagnostics.kept
    }

    /// Gives an entry a translation; it takes the place of the one before.
    ///
    /// # Errors
    ///
    /// If there is no such entry, or if it is locked.
    pub fn fill(&mut self, entry: usize, fill: Fill) -> Result<(), Error> {
        let Some(at) = self.entries.get(entry) else { return Err(no_entry(entry)) };
        if at.locked {
            let message = format!("the segment {} is locked; it stays as it is", at.id);
            return Err(Error::new(ErrorKind::Unsupported, message).at(at.line, 1));
        }
        self.fills.insert(entry, fill);
        Ok(())
    }

    /// Offers a translation beside an entry, for the translator to choose. Best first.
    ///
    /// # Errors
    ///
    /// If there is no such entry, or if the format has no place for it: PO has none.
    pub fn propose(&mut self, entry: usize, proposal: Proposal) -> Result<(), Error> {
        if self.entries.get(entry).is_none() {
            return Err(no_entry(entry));
        }
        if let Inner::Po(_) = self.inner {
            let message = "PO has no place for translations beside the text";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        self.proposals.entry(entry).or_default().push(proposal);
        Ok(())
    }

    /// The bytes of the file with what was filled and proposed.
    ///
    /// # Errors
    ///
    /// If a translation has a character that the encoding of the file does not have, if bytes of the
    /// file were not in its encoding, so that they could not be given back, or if something is put
    /// into a file whose attributes are not well-formed.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        if let Some(&at) = self.decoded.malformed.first() {
            let line = 1 + self.decoded.text[..at].matches('\n').count() as u64;
            let message = "bytes that are not in the encoding of the file could not be given back \
                           as they are; convert the file to UTF-8 first";
            return Err(Error::new(ErrorKind::Malformed, message).at(line, 1));
        }
        if let Inner::Xliff(XliffFile { ill_formed: Some(line), .. }) = &self.inner
            && !(self.fills.is_empty() && self.proposals.is_empty())
        {
            let message = "attributes that are not written as XML demands; repair the file before \
                           anything is put into it";
            return Err(Error::new(ErrorKind::Malformed, message).at(*line, 1));
        }
        let edits = match &self.inner {
            Inner::Xliff(file) => {
                file.edits(&self.decoded.text, &self.entries, &self.fills, &self.proposals)
            }
            Inner::Po(file) => file.edits(&self.decoded.text, &self.fills),
        };
        let text = apply(&self.decoded.text, edits);
        self.decoded.encode(&text).map_err(|character| {
            let message = format!(
                "the encoding of the file, {}, does not have the character {character:?}; convert \
                 the file to UTF-8 first",
                self.decoded.encoding.name()
            );
            Error::new(ErrorKind::Unsupported, message)
        })
    }

    /// Writes the file, with what was filled and proposed.
    ///
    /// # Errors
    ///
    /// As [`to_bytes`](BilingualFile::to_bytes), and if writing fails.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let bytes = self.to_bytes()?;
        let mut file = AtomicFile::create(path)?;
        file.write_all(&bytes).map_err(|error| Error::io(error, "the file cannot be written"))?;
        file.commit()
    }
}

/// Gives the translated entries of a document as units.
pub(super) struct EntryReader {
    entries: std::vec::IntoIter<Entry>,
    log: Log,
    given: u64,
}

impl EntryReader {
    pub(super) fn new(file: BilingualFile) -> EntryReader {
        EntryReader { entries: file.entries.into_iter(), log: file.log, given: 0 }
    }
}

impl Reading for EntryReader {
    fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        // What has no translation yet is no unit, and nothing is wrong with it.
        match self.entries.find_map(|entry| entry.unit()) {
            Some(found) => {
                self.given += 1;
                *unit = found;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.log.diagnostics
    }

    fn seen(&self) -> &Diagnostics {
        &self.log.diagnostics
    }

    fn counts(&self) -> (u64, u64) {
        (self.given + self.log.rejected, self.log.rejected)
    }
}

fn no_entry(entry: usize) -> Error {
    Error::new(ErrorKind::Unsupported, format!("the document has no segment number {entry}"))
}

/// A text to put in the place of a range.
pub(super) type Edit = (Range<usize>, String);

/// Applies edits; of two that touch the same text, the first in the text counts. Those that insert
/// at one place keep their order, and stand before what is replaced there.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (range, replacement) in edits {
        if range.start >= from {
            out.push_str(&text[from..range.start]);
            out.push_str(&replacement);
            from = range.end;
        }
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn what_is_inserted_before_a_replaced_tag_stays() {
        let edits = [(3..6, "<B>"), (3..3, "1"), (3..3, "2"), (4..5, "lost"), (6..6, "3")];
        let edits = edits.map(|(range, text)| (range, text.to_owned())).to_vec();
        assert_eq!(apply("<a><b></b></a>", edits), "<a>12<B>3</b></a>");
    }
}
