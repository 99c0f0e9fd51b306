//! Documents as translators hold them, read for their text: DOCX, ODT and HTML.
//!
//! What is read is what a reader of the document reads, in its order: paragraphs, headings, cells
//! of tables row by row, text boxes after the paragraph they hang on, and at the end the footnotes
//! and endnotes in the order of their calls. Automatic numbers of lists and headings stand before
//! their paragraphs as they do on the page. Tracked changes count as accepted. Left out are what is
//! no part of the text (comments, headers and footers, hidden text, scripts) and all formatting.
//!
//! The text that comes out has a blank line between paragraphs and none within them, so that
//! [`Document`] sees the same paragraphs; a line break ends a paragraph too.

mod docx;
mod html;
mod markup;
mod numbering;
mod odt;
mod package;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::archive::Origin;
use super::{Error, ErrorKind, ReadOptions};
use crate::text::Segmenter;
use crate::{Document, Lang};
use package::Package;

/// A format of documents that can be read for its text.
///
/// ```
/// use chancery::exchange::documents::DocumentFormat;
///
/// let page = b"<!DOCTYPE html><p>Communiqu\xc3\xa9";
/// assert_eq!(DocumentFormat::detect(page, "page".as_ref()), Some(DocumentFormat::Html));
/// assert_eq!(DocumentFormat::detect(b"PK\x03\x04", "note.DOCX".as_ref()), Some(DocumentFormat::Docx));
/// assert_eq!(DocumentFormat::detect(b"Communiqu\xc3\xa9", "note.txt".as_ref()), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentFormat {
    /// Office Open XML of word processors (ISO/IEC 29500): `.docx`, `.docm`, `.dotx`.
    Docx,
    /// OpenDocument text (ISO/IEC 26300): `.odt`, `.ott`.
    Odt,
    /// HTML and XHTML: `.html`, `.htm`, `.xhtml`.
    Html,
}

impl DocumentFormat {
    /// Tells the format from the first bytes of a file (a few thousand are enough) and its name.
    /// None if it is none of these: plain text, for example.
    ///
    /// Archives are told apart by their name, or by the name of the first file in them.
    pub fn detect(head: &[u8], name: &Path) -> Option<DocumentFormat> {
        let extension = name.extension().and_then(|extension| extension.to_str());
        let extension = extension.map(str::to_ascii_lowercase).unwrap_or_default();
        if head.starts_with(b"PK\x03\x04") {
            return match extension.as_str() {
                "docx" | "docm" | "dotx" | "dotm" => Some(DocumentFormat::Docx),
                "odt" | "ott" => Some(DocumentFormat::Odt),
                _ if holds(head, b"application/vnd.oasis.opendocument.text") => {
                    Some(DocumentFormat::Odt)
                }
                _ if holds(head, b"[Content_Types].xml") && holds(head, b"word/") => {
                    Some(DocumentFormat::Docx)
                }
                _ => None,
            };
        }
        match extension.as_str() {
            "html" | "htm" | "xhtml" | "xht" => Some(DocumentFormat::Html),
            // Named like an archive, but none: an error says so when it is read.
            "docx" | "docm" | "dotx" | "dotm" => Some(DocumentFormat::Docx),
            "odt" | "ott" => Some(DocumentFormat::Odt),
            _ => html::looks_like(head).then_some(DocumentFormat::Html),
        }
    }
}

impl fmt::Display for DocumentFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DocumentFormat::Docx => "DOCX",
            DocumentFormat::Odt => "ODT",
            DocumentFormat::Html => "HTML",
        })
    }
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    memchr::memmem::find(bytes, piece).is_some()
}

/// Reads a document and cuts it into sentences by the built-in rules of its language.
///
/// Of `options` count the limits ([`document_bytes`](super::Limits::document_bytes) and
/// [`archive_ratio`](super::Limits::archive_ratio)) and the name.
///
/// # Errors
///
/// Those of [`read_text`].
///
/// ```
/// use chancery::exchange::{ReadOptions, documents};
/// use chancery::Lang;
///
/// let file = tempfile::Builder::new().suffix(".html").tempfile()?;
/// std::fs::write(&file, "<h1>Communiqué</h1><p>Les ministres se sont réunis. Ils ont signé.")?;
/// let document = documents::read_document(file.path(), Lang::FR, &ReadOptions::new())?;
/// let sentences: Vec<&str> = document.sentences().iter().map(|s| s.text()).collect();
/// assert_eq!(sentences, ["Communiqué", "Les ministres se sont réunis.", "Ils ont signé."]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_document(
    path: impl AsRef<Path>,
    lang: Lang,
    options: &ReadOptions,
) -> Result<Document, Error> {
    read_text(path, options).map(|text| Document::new(text, lang))
}

/// Reads a document and cuts it into sentences by rules of your own.
///
/// # Errors
///
/// Those of [`read_text`].
pub fn read_document_with(
    path: impl AsRef<Path>,
    lang: Lang,
    segmenter: &Segmenter,
    options: &ReadOptions,
) -> Result<Document, Error> {
    read_text(path, options).map(|text| Document::with_segmenter(text, lang, segmenter))
}

/// Reads the text of a document, paragraphs separated by blank lines.
///
/// Memory: the largest part of the document, unpacked, and its text; within the limits.
///
/// # Errors
///
/// If the file cannot be read, is in another format ([`ErrorKind::OtherFormat`]; plain text is
/// [`Document::from_path`]'s), is damaged, encrypted, beyond a limit, or holds no text.
pub fn read_text(path: impl AsRef<Path>, options: &ReadOptions) -> Result<String, Error> {
    let path = path.as_ref();
    let options = options.clone().named_after(path);
    let read = || {
        let doing = "the file cannot be read";
        let mut file = File::open(path).map_err(|error| Error::io(error, doing))?;
        let mut head = Vec::new();
        (&mut file).take(HEAD).read_to_end(&mut head).map_err(|error| Error::io(error, doing))?;
        match format_of(&head, path)? {
            DocumentFormat::Html => {
                let rest = limited(file, head.len(), &options)?;
                html::text(&[head, rest].concat())
            }
            format => from_package(Origin::Path(path.to_owned()), format, &options),
        }
    };
    read().and_then(not_empty).map_err(|error| error.within(options.name.as_deref()))
}

/// Reads the text of a document that is in memory; `name` helps to tell its format.
///
/// # Errors
///
/// Those of [`read_text`].
///
/// ```
/// use chancery::exchange::{ReadOptions, documents};
///
/// let page = "<ul><li>Un&nbsp;;<li>deux.</ul>".as_bytes();
/// let text = documents::text_of(page.to_vec(), "page.html".as_ref(), &ReadOptions::new())?;
/// assert_eq!(text, "Un\u{a0};\n\ndeux.\n");
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
pub fn text_of(bytes: Vec<u8>, name: &Path, options: &ReadOptions) -> Result<String, Error> {
    let options = options.clone().named_after(name);
    let head = &bytes[..bytes.len().min(HEAD as usize)];
    let read = match format_of(head, name) {
        Ok(DocumentFormat::Html) => html::text(&bytes),
        Ok(format) => from_package(Origin::Bytes(bytes.into()), format, &options),
        Err(error) => Err(error),
    };
    read.and_then(not_empty).map_err(|error| error.within(options.name.as_deref()))
}

/// Bytes looked at to tell the format.
const HEAD: u64 = 16 << 10;

fn format_of(head: &[u8], name: &Path) -> Result<DocumentFormat, Error> {
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let message = "a Word file of the old format (.doc) or one with a password; \
                       save it as .docx without a password";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    DocumentFormat::detect(head, name).ok_or_else(|| {
        let message = "neither DOCX nor ODT nor HTML; save it in one of these, or as plain text";
        Error::new(ErrorKind::OtherFormat, message)
    })
}

fn from_package(
    origin: Origin,
    format: DocumentFormat,
    options: &ReadOptions,
) -> Result<String, Error> {
    let package = Package::open(origin, &options.limits)?;
    match format {
        DocumentFormat::Odt => odt::text(&package),
        _ => docx::text(&package),
    }
}

/// The rest of a file, within the limit for whole documents.
fn limited(input: impl Read, read: usize, options: &ReadOptions) -> Result<Vec<u8>, Error> {
    let limit = options.limits.document_bytes;
    let mut bytes = Vec::new();
    let left = limit.saturating_sub(read as u64).saturating_add(1);
    input.take(left).read_to_end(&mut bytes).map_err(Error::reading)?;
    if (bytes.len() + read) as u64 > limit {
        let message =
            format!("more than {limit} bytes; raise the limit if the file can be trusted");
        return Err(Error::new(ErrorKind::Limit, message));
    }
    Ok(bytes)
}

fn not_empty(text: String) -> Result<String, Error> {
    if text.is_empty() {
        return Err(Error::new(ErrorKind::OtherFormat, "there is no text in the document"));
    }
    Ok(text)
}

/// The text that is being put together.
#[derive(Debug, Default)]
struct Text(String);

impl Text {
    /// Adds a paragraph; a line break in it begins another one. White space at the ends goes.
    fn paragraph(&mut self, text: &str) {
        for line in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            if !self.0.is_empty() {
                self.0.push('\n');
            }
            self.0.push_str(line);
            self.0.push('\n');
        }
    }
}
