//! One door for every format that holds terms.

use std::fmt;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use super::diagnostic::Log;
use super::tbx::{TbxHeader, TbxReader};
use super::xml::source::{declared_encoding, decode_all};
use super::{Diagnostic, Error, ErrorKind, Format, Problem, ReadOptions, glossary, xliff};
use crate::Lang;
use crate::term::{Concept, Termbase};

/// A format that holds terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TermFormat {
    /// TBX.
    Tbx,
    /// A table with commas or semicolons.
    Csv,
    /// A table with tabs and a header.
    Tsv,
    /// UTX, the simple glossary of AAMT.
    Utx,
    /// A glossary of OmegaT: source, target and comment with tabs between them.
    OmegaT,
    /// A spreadsheet, with the feature `spreadsheet`.
    Xlsx,
    /// The glossary module of XLIFF 2: read only.
    Xliff,
}

impl TermFormat {
    /// The format that a file of this name is written in, by its extension.
    ///
    /// ```
    /// use chancery::exchange::TermFormat;
    ///
    /// assert_eq!(TermFormat::of_name("treaties.tbx".as_ref()), Some(TermFormat::Tbx));
    /// assert_eq!(TermFormat::of_name("glossary.txt".as_ref()), Some(TermFormat::OmegaT));
    /// assert_eq!(TermFormat::of_name("glossary".as_ref()), None);
    /// ```
    pub fn of_name(name: &Path) -> Option<TermFormat> {
        let extension = name.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "tbx" | "xml" => TermFormat::Tbx,
            "csv" => TermFormat::Csv,
            "tsv" => TermFormat::Tsv,
            "utx" => TermFormat::Utx,
            "txt" | "utf8" | "tab" => TermFormat::OmegaT,
            "xlsx" => TermFormat::Xlsx,
            "xlf" | "xliff" => TermFormat::Xliff,
            _ => return None,
        })
    }
}

impl fmt::Display for TermFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TermFormat::Tbx => "TBX",
            TermFormat::Csv => "CSV",
            TermFormat::Tsv => "TSV",
            TermFormat::Utx => "UTX",
            TermFormat::OmegaT => "OmegaT glossary",
            TermFormat::Xlsx => "XLSX",
            TermFormat::Xliff => "XLIFF",
        })
    }
}

/// What a file of terms held.
#[derive(Clone, Debug)]
pub struct TermFile {
    /// The concepts. One that had no id has one made of its first term, which stays the same from
    /// one reading to the next.
    pub base: Termbase,
    /// What a TBX file says of itself; empty for other formats.
    pub header: TbxHeader,
    /// The format.
    pub format: TermFormat,
    /// What the columns of a table are about, in the names that [`write_glossary`] gives them; empty
    /// for formats that are no tables. Of what has no column the file says nothing.
    ///
    /// [`write_glossary`]: super::write_glossary
    pub columns: Vec<&'static str>,
    /// What was found odd, in the order of the file, up to the limit of the options.
    pub diagnostics: Vec<Diagnostic>,
    /// How many diagnostics there were, those beyond the limit included.
    pub diagnostic_count: u64,
    /// How many concepts or rows could not be read.
    pub rejected: u64,
}

/// Reads a file of terms in whatever format: TBX, CSV, TSV, UTX, a glossary of OmegaT, the
/// glossaries in an XLIFF 2 document; with the feature `spreadsheet` XLSX.
///
/// Tables name their columns in the first row, or are source, target and comment in the
/// [languages](ReadOptions::langs) of the options. Terms of one source term without an id become
/// one concept.
///
/// # Errors
///
/// If the file cannot be read, is in no such format, or has no term in it.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("glossary.txt");
/// use chancery::Lang;
/// use chancery::exchange::{ReadOptions, TermFormat, read_terms};
///
/// std::fs::write(&path, "Conseil de sécurité\tSecurity Council\tUnited Nations\n")?;
/// let file = read_terms(&path, ReadOptions::new())?;
/// assert_eq!(file.format, TermFormat::OmegaT);
/// let concept = &file.base.concepts()[0];
/// assert_eq!(concept.terms(&Lang::EN).next().unwrap().text, "Security Council");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_terms(path: impl AsRef<Path>, options: ReadOptions) -> Result<TermFile, Error> {
    let path = path.as_ref();
    let options = options.named_after(path);
    let name = options.name.clone();
    let read = (|| {
        let mut file =
            File::open(path).map_err(|error| Error::io(error, "the file cannot be opened"))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            let message = "this is a folder; give the files in it one by one";
            return Err(Error::new(ErrorKind::OtherFormat, message));
        }
        let mut head = Vec::new();
        (&mut file).take(16 << 10).read_to_end(&mut head).map_err(Error::reading)?;
        let format = detect(&head, path)?;
        let input = Cursor::new(head).chain(file);
        match format {
            TermFormat::Tbx => of_tbx(input, options),
            TermFormat::Xlsx => of_workbook(Box::new(input), path, options),
            TermFormat::Xliff => of_xliff(input, options),
            format => of_table(input, format, options),
        }
    })();
    read.map_err(|error| error.named(name.as_deref()))
}

fn detect(head: &[u8], path: &Path) -> Result<TermFormat, Error> {
    let named = TermFormat::of_name(path);
    let format = match Format::detect(head, path) {
        Some(Format::Tbx) => Some(TermFormat::Tbx),
        Some(Format::Xlsx) => Some(TermFormat::Xlsx),
        Some(Format::Csv) => Some(TermFormat::Csv),
        Some(Format::Xliff) => Some(TermFormat::Xliff),
        Some(Format::Tsv) | None => match named {
            Some(TermFormat::Tbx | TermFormat::Xlsx | TermFormat::Xliff) => None,
            Some(named) => Some(named),
            None => Some(TermFormat::Tsv).filter(|_| memchr::memchr(b'\t', head).is_some()),
        },
        Some(_) => None,
    };
    format.ok_or_else(|| {
        let message = "no format that holds terms is recognised; TBX, CSV, TSV, UTX, OmegaT \
                       glossaries, XLIFF and XLSX are read";
        Error::new(ErrorKind::OtherFormat, message)
    })
}

fn of_tbx(input: impl Read, options: ReadOptions) -> Result<TermFile, Error> {
    let mut reader = TbxReader::new(input, options)?;
    let concepts = reader.by_ref().collect::<Result<Vec<_>, _>>()?;
    Ok(TermFile {
        base: with_ids(concepts),
        header: reader.header().clone(),
        format: TermFormat::Tbx,
        columns: Vec::new(),
        diagnostics: reader.diagnostics().to_vec(),
        diagnostic_count: reader.diagnostic_count(),
        rejected: reader.counts().1,
    })
}

fn of_xliff(input: impl Read, options: ReadOptions) -> Result<TermFile, Error> {
    let mut log = Log::new(options);
    let limit = log.options.limits.bytes.min(log.options.limits.document_bytes);
    let decoded = decode_all(input, limit, declared_encoding).map_err(Error::reading)?;
    let concepts = xliff::concepts(&decoded.text, &mut log)?;
    finish((concepts, Vec::new()), TermFormat::Xliff, log)
}

fn of_table(input: impl Read, format: TermFormat, options: ReadOptions) -> Result<TermFile, Error> {
    let mut log = Log::new(options);
    let limit = log.options.limits.bytes.min(log.options.limits.document_bytes);
    let decoded =
        decode_all(input, limit, |bytes, _| declared_coding(bytes)).map_err(Error::reading)?;
    for (problem, message) in &decoded.notes {
        log.report(*problem, (1, 1), None, message.clone())?;
    }
    if let Some(&at) = decoded.malformed.first() {
        let line = 1 + decoded.text[..at].matches('\n').count() as u64;
        let message = "bytes that are not in the file's encoding; read as windows-1252";
        log.report(Problem::MalformedBytes, (line, 1), None, message)?;
    }
    if decoded.text.contains('\0') {
        let message = "a byte of value 0, so it is binary, not text; give a text file";
        return Err(Error::new(ErrorKind::OtherFormat, message));
    }
    let rows = glossary::rows(&decoded.text, format != TermFormat::Csv, &mut log)?;
    let content = glossary::read(rows, &mut log)?;
    finish(content, format, log)
}

#[cfg(feature = "spreadsheet")]
fn of_workbook(
    input: Box<dyn Read + Send>,
    path: &Path,
    options: ReadOptions,
) -> Result<TermFile, Error> {
    let origin = super::archive::Origin::new(input, Some(path), &options)?;
    let sheets = super::table::rows_of_workbook(&origin, &options.limits)?;
    let mut log = Log::new(options);
    let (mut concepts, mut columns) = (Vec::new(), Vec::new());
    for rows in sheets {
        let (more, names) = glossary::read(rows, &mut log)?;
        concepts.extend(more);
        columns.extend(names);
    }
    finish((concepts, columns), TermFormat::Xlsx, log)
}

#[cfg(not(feature = "spreadsheet"))]
fn of_workbook(
    _input: Box<dyn Read + Send>,
    _path: &Path,
    _options: ReadOptions,
) -> Result<TermFile, Error> {
    let message = "this build does not read spreadsheets; build with the feature `spreadsheet`, or \
                   save the sheet as CSV";
    Err(Error::new(ErrorKind::Unsupported, message))
}

fn finish(
    (concepts, columns): glossary::Content,
    format: TermFormat,
    log: Log,
) -> Result<TermFile, Error> {
    if concepts.is_empty() {
        let message = "there is no term in the file; is it the right one?";
        return Err(Error::new(ErrorKind::Malformed, message));
    }
    Ok(TermFile {
        base: with_ids(concepts),
        header: TbxHeader::default(),
        format,
        columns,
        diagnostic_count: log.diagnostics.total,
        diagnostics: log.diagnostics.kept,
        rejected: log.rejected,
    })
}

/// The encoding that the first line of a glossary names: `# -*- coding: utf-8 -*-`.
fn declared_coding(bytes: &[u8]) -> Option<String> {
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let (_, after) = line.strip_prefix('#')?.split_once("coding:")?;
    let name = after.trim_start().split(|c: char| c.is_whitespace() || c == ';').next()?;
    Some(name.to_owned())
}

fn with_ids(concepts: Vec<Concept>) -> Termbase {
    let mut base = Termbase::new();
    for mut concept in concepts {
        if concept.id.is_empty() {
            let first = concept.languages.iter().find_map(|section| {
                section.terms.first().map(|term| stable_id(&section.lang, &term.text))
            });
            concept.id = first.unwrap_or_else(|| format!("concept-{}", base.len() + 1));
        }
        base.add(concept);
    }
    base
}

/// An id made of a term, the same for the same term.
pub(super) fn stable_id(lang: &Lang, text: &str) -> String {
    let key = format!("{}\t{text}", lang.canonical());
    format!("t-{:016x}", xxhash_rust::xxh3::xxh3_64(key.as_bytes()))
}
