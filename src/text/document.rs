//! Documents: texts cut into paragraphs and sentences.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::decode::{DecodeError, decode};
use super::paragraph::{lines, paragraphs, trimmed};
use super::segmenter::Segmenter;
use crate::Lang;

/// A text of one language, cut into paragraphs and sentences.
///
/// Paragraphs come first: no sentence reaches across a paragraph's end. Every character of the
/// text that is not white space stands in exactly one sentence, and the sentences are in the order
/// of the text.
///
/// ```
/// use chancery::{Document, Lang};
///
/// let text = "Communiqué\n\nLe ministre a reçu M. Hellmark. L’entretien a duré une heure.";
/// let document = Document::new(text, Lang::FR);
/// let sentences: Vec<&str> = document.sentences().iter().map(|s| s.text()).collect();
/// assert_eq!(
///     sentences,
///     ["Communiqué", "Le ministre a reçu M. Hellmark.", "L’entretien a duré une heure."],
/// );
/// assert_eq!(document.sentences()[2].paragraph(), 1);
/// assert_eq!(document.text(), text);
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    lang: Lang,
    sentences: Vec<Sentence>,
}

impl Document {
    /// Segments a text by the built-in rules of its language.
    pub fn new(text: impl Into<String>, lang: Lang) -> Document {
        let segmenter = Segmenter::for_lang(&lang);
        Document::with_segmenter(text, lang, &segmenter)
    }

    /// Segments a text by rules of your own.
    pub fn with_segmenter(text: impl Into<String>, lang: Lang, segmenter: &Segmenter) -> Document {
        let text = text.into();
        let mut sentences = Vec::new();
        for (paragraph, range) in paragraphs(&text).into_iter().enumerate() {
            for span in segmenter.sentences(&text[range.clone()]) {
                let span = range.start + span.start..range.start + span.end;
                sentences.push(Sentence::new(&text, span, paragraph));
            }
        }
        Document { text, lang, sentences }
    }

    /// Takes a text that holds one sentence a line.
    ///
    /// Every line is a sentence, an empty one too, so that the number of a sentence is the number
    /// of its line. Empty lines also begin a new paragraph.
    ///
    /// ```
    /// use chancery::{Document, Lang};
    ///
    /// let document = Document::segmented("Un. Deux.\n\nTrois.\n", Lang::FR);
    /// let sentences: Vec<&str> = document.sentences().iter().map(|s| s.text()).collect();
    /// assert_eq!(sentences, ["Un. Deux.", "", "Trois."]);
    /// ```
    pub fn segmented(text: impl Into<String>, lang: Lang) -> Document {
        let text = text.into();
        let mut sentences = Vec::new();
        let mut paragraph = 0;
        for line in lines(&text) {
            let span = trimmed(&text, line);
            if span.is_empty() && !sentences.is_empty() {
                paragraph += 1;
            }
            sentences.push(Sentence::new(&text, span, paragraph));
        }
        Document { text, lang, sentences }
    }

    /// Reads a text file in UTF-8 or UTF-16 ([`decode`](super::decode())) and segments it by the
    /// built-in rules.
    ///
    /// # Errors
    ///
    /// If there is no such file, if it can not be read (it may be a directory), if it is no text,
    /// or if there is nothing in it.
    pub fn from_path(path: impl AsRef<Path>, lang: Lang) -> Result<Document, ReadError> {
        read(path.as_ref()).map(|text| Document::new(text, lang))
    }

    /// Reads a text file and segments it by rules of your own.
    ///
    /// # Errors
    ///
    /// The same as those of [`from_path`](Document::from_path).
    pub fn from_path_with(
        path: impl AsRef<Path>,
        lang: Lang,
        segmenter: &Segmenter,
    ) -> Result<Document, ReadError> {
        read(path.as_ref()).map(|text| Document::with_segmenter(text, lang, segmenter))
    }

    /// Reads a text file that holds one sentence a line, as [`segmented`](Document::segmented).
    ///
    /// # Errors
    ///
    /// The same as those of [`from_path`](Document::from_path).
    pub fn segmented_from_path(path: impl AsRef<Path>, lang: Lang) -> Result<Document, ReadError> {
        read(path.as_ref()).map(|text| Document::segmented(text, lang))
    }

    /// The language.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// The text as it came in.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The sentences, in order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }
}

/// A sentence, title, list item or number standing alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    text: Box<str>,
    span: Range<usize>,
    paragraph: usize,
}

impl Sentence {
    fn new(document: &str, span: Range<usize>, paragraph: usize) -> Sentence {
        Sentence { text: on_one_line(&document[span.clone()]).into(), span, paragraph }
    }

    /// The text on one line: where the document wraps a line inside the sentence, the line's end
    /// and the white space around it are one space here.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the document's text it stands in.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The paragraph it stands in, counted from 0. Paragraphs have no gaps: the next sentence is
    /// in the same paragraph or in the one after it.
    pub fn paragraph(&self) -> usize {
        self.paragraph
    }
}

fn on_one_line(text: &str) -> Cow<'_, str> {
    let mut pieces = lines(text).map(|line| &text[line]);
    let first = pieces.next().unwrap_or_default();
    if first.len() == text.len() {
        return Cow::Borrowed(text);
    }
    pieces
        .map(str::trim)
        .fold(first.trim_end().to_owned(), |joined, piece| joined + " " + piece)
        .into()
}

fn read(path: &Path) -> Result<String, ReadError> {
    let error = |problem| ReadError { path: path.to_owned(), problem };
    if path.is_dir() {
        return Err(error(ReadProblem::Directory));
    }
    let bytes = fs::read(path).map_err(|cause| error(ReadProblem::Io(cause)))?;
    let text = decode(&bytes).map_err(|cause| error(ReadProblem::Decode(cause)))?;
    if text.trim().is_empty() {
        return Err(error(ReadProblem::Empty));
    }
    Ok(text)
}

/// A file that no document could be read from: names the file, the place in it and what to do.
///
/// ```
/// use chancery::{Document, Lang};
///
/// let error = Document::from_path("there/is/no.txt", Lang::FR).unwrap_err();
/// assert!(error.to_string().starts_with("there/is/no.txt: "));
/// ```
#[derive(Debug)]
pub struct ReadError {
    path: PathBuf,
    problem: ReadProblem,
}

#[derive(Debug)]
enum ReadProblem {
    Io(io::Error),
    Directory,
    Empty,
    Decode(DecodeError),
}

impl ReadError {
    /// The file that was to be read.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.problem {
            ReadProblem::Io(cause) if cause.kind() == io::ErrorKind::NotFound => {
                f.write_str("there is no such file; check the name")
            }
            ReadProblem::Io(cause) => write!(f, "cannot be read: {cause}"),
            ReadProblem::Directory => f.write_str("is a directory; give a file in it"),
            ReadProblem::Empty => f.write_str("there is no text in it"),
            ReadProblem::Decode(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            ReadProblem::Io(cause) => Some(cause),
            ReadProblem::Decode(cause) => Some(cause),
            ReadProblem::Directory | ReadProblem::Empty => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<String> {
        let document = Document::new(text, Lang::FR);
        document.sentences().iter().map(|s| s.text().to_owned()).collect()
    }

    #[test]
    fn wrapped_lines_are_joined_in_the_text_and_kept_in_the_span() {
        let text = "Les ministres ont approuvé le rapport annuel\n\
                    du groupe de travail. Ils ont remercié le\nSecrétariat.";
        let document = Document::new(text, Lang::FR);
        assert_eq!(
            sentences(text),
            [
                "Les ministres ont approuvé le rapport annuel du groupe de travail.",
                "Ils ont remercié le Secrétariat.",
            ]
        );
        let spans: String = document.sentences().iter().map(|s| &text[s.span()]).collect();
        assert_eq!(spans.len(), text.len() - 1);
    }

    #[test]
    fn every_line_of_a_segmented_text_is_a_sentence() {
        let document = Document::segmented("a\r\n\r\n  b. c \n\nd", Lang::FR);
        let found: Vec<_> =
            document.sentences().iter().map(|s| (s.text(), s.span(), s.paragraph())).collect();
        let expected =
            [("a", 0..1, 0), ("", 3..3, 1), ("b. c", 7..11, 1), ("", 13..13, 2), ("d", 14..15, 2)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_that_is_no_text_is_named_with_what_to_do() {
        let directory = tempfile::tempdir().unwrap();
        let message = |name: &str, content: &[u8]| {
            let path = directory.path().join(name);
            fs::write(&path, content).unwrap();
            Document::from_path(&path, Lang::FR).unwrap_err().to_string()
        };
        assert!(message("empty.txt", b" \n").ends_with("empty.txt: there is no text in it"));
        assert!(message("old.txt", b"d\xe9j\xe0 vu et entendu").contains("iconv -f WINDOWS-1252"));
        assert!(message("binary.txt", b"\x7fELF\x01\0\0\0\0\0").contains("binary"));
        let directory = Document::from_path(directory.path(), Lang::FR).unwrap_err();
        assert!(directory.to_string().contains("is a directory"));
    }
}
