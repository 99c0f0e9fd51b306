//! Files to be translated: XLIFF and PO with their states, texts and documents sentence by sentence.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::TaskError;
use crate::exchange::{BilingualFile, Format, ReadOptions, State};
use crate::memory::Query;
use crate::text::decode;
use crate::{Document, Lang, Segment};

/// A file to be translated, as its segments in order.
///
/// XLIFF and PO say their languages, states, ids and what is locked; a text is cut into
/// sentences. With the feature `documents` the text of DOCX, ODT and HTML files counts as a
/// text.
///
/// ```
/// use chancery::{Lang, tasks::TranslatableFile};
///
/// let file = TranslatableFile::open("tests/texts/communique.fr.txt", &Lang::FR, &Lang::EN)?;
/// assert!(file.segments().len() > 20);
/// assert_eq!(file.segments()[0].source_lang, Lang::FR);
/// # Ok::<(), chancery::tasks::TaskError>(())
/// ```
#[derive(Debug)]
pub struct TranslatableFile {
    pub(super) path: PathBuf,
    pub(super) content: Content,
    segments: Vec<TranslatableSegment>,
}

#[derive(Debug)]
pub(super) enum Content {
    Bilingual(Box<BilingualFile>),
    /// A text that can be written again.
    Text(Document),
    /// The text of a document that can not.
    #[cfg(feature = "documents")]
    ReadOnly,
}

/// A segment to be translated.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TranslatableSegment {
    /// What is to be translated.
    pub source: Segment,
    /// Its language.
    pub source_lang: Lang,
    /// The language to translate into.
    pub target_lang: Lang,
    /// Its id or key in the file; empty where it has none.
    pub id: String,
    /// Whether it must not be changed.
    pub locked: bool,
    /// How far its translation is.
    pub state: State,
    /// Whether it has a translation, in whatever state.
    pub translated: bool,
    /// The text before it in its file.
    previous: Option<String>,
    /// The text after it in its file.
    next: Option<String>,
}

impl TranslatableSegment {
    /// The query for a lookup of it, with its neighbours and id.
    pub fn query(&self) -> Query<'_> {
        let mut query = Query::from(&self.source);
        if let Some(previous) = &self.previous {
            query = query.previous(previous);
        }
        if let Some(next) = &self.next {
            query = query.next(next);
        }
        if !self.id.is_empty() {
            query = query.id(self.id.as_str());
        }
        query
    }
}

impl TranslatableFile {
    /// Opens a file. The languages are those of a text, and of a file that does not say its own.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is a memory or a table of units, which there is nothing to
    /// translate in.
    pub fn open(
        path: impl AsRef<Path>,
        source: &Lang,
        target: &Lang,
    ) -> Result<TranslatableFile, TaskError> {
        let path = path.as_ref();
        let io = |cause| TaskError::Io { path: path.to_owned(), cause };
        let mut head = Vec::new();
        File::open(path).and_then(|file| file.take(16 << 10).read_to_end(&mut head)).map_err(io)?;
        let content = match Format::detect(&head, path) {
            Some(Format::Xliff | Format::Po) => {
                Content::Bilingual(Box::new(BilingualFile::open(path, ReadOptions::new())?))
            }
            #[cfg(feature = "documents")]
            _ if crate::exchange::documents::DocumentFormat::detect(&head, path).is_some() => {
                let document = crate::exchange::documents::read_document(
                    path,
                    source.clone(),
                    &ReadOptions::new(),
                )?;
                let segments = of_document(&document, target);
                let path = path.to_owned();
                return Ok(TranslatableFile { path, content: Content::ReadOnly, segments });
            }
            Some(_) => {
                let problem = "holds translations, not a text to translate; give XLIFF, PO or text";
                return Err(TaskError::Unsupported { path: path.to_owned(), problem });
            }
            None => {
                let bytes = std::fs::read(path).map_err(io)?;
                let invalid =
                    |cause| io(std::io::Error::new(std::io::ErrorKind::InvalidData, cause));
                let text = decode(&bytes).map_err(invalid)?;
                Content::Text(Document::new(text, source.clone()))
            }
        };
        let segments = match &content {
            Content::Bilingual(file) => of_entries(file, source, target),
            Content::Text(document) => of_document(document, target),
            #[cfg(feature = "documents")]
            Content::ReadOnly => Vec::new(),
        };
        Ok(TranslatableFile { path: path.to_owned(), content, segments })
    }

    /// The name it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The segments, in the order of the file.
    pub fn segments(&self) -> &[TranslatableSegment] {
        &self.segments
    }
}

fn of_entries(file: &BilingualFile, source: &Lang, target: &Lang) -> Vec<TranslatableSegment> {
    let said = |lang: &Lang, default: &Lang| match lang.as_written().is_empty() {
        true => default.clone(),
        false => lang.clone(),
    };
    let entries = file.entries();
    let text = |at: usize| entries.get(at).map(|entry| entry.source.text().into_owned());
    let segment = |(at, entry): (usize, &crate::exchange::Entry)| TranslatableSegment {
        source: entry.source.clone(),
        source_lang: said(&entry.source_lang, source),
        target_lang: said(&entry.target_lang, target),
        id: entry.id.clone(),
        locked: entry.locked,
        state: entry.state,
        translated: entry.target.as_ref().is_some_and(|target| !target.is_empty()),
        previous: at.checked_sub(1).and_then(text),
        next: text(at + 1),
    };
    entries.iter().enumerate().map(segment).collect()
}

fn of_document(document: &Document, target: &Lang) -> Vec<TranslatableSegment> {
    let sentences = document.sentences();
    let text = |at: usize| sentences.get(at).map(|sentence| sentence.text().to_owned());
    let segment = |(at, sentence): (usize, &crate::text::Sentence)| TranslatableSegment {
        source: Segment::from(sentence.text()),
        source_lang: document.lang().clone(),
        target_lang: target.clone(),
        id: String::new(),
        locked: false,
        state: State::Initial,
        translated: false,
        previous: at.checked_sub(1).and_then(text),
        next: text(at + 1),
    };
    sentences.iter().enumerate().map(segment).collect()
}
