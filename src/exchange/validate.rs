//! Is a file what its format demands?

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::open::HEAD;
use super::{Diagnostic, Error, ErrorKind, Format, ReadOptions, TbxReader, UnitReader, open};
use crate::Unit;

/// What [`validate`] found.
#[derive(Debug)]
pub struct Validation {
    /// The format of the file.
    pub format: Format,
    /// What is wrong or odd, in the order of the file, up to the limit of the options.
    pub diagnostics: Vec<Diagnostic>,
    /// How many diagnostics there were, those beyond the limit included.
    pub diagnostic_count: u64,
    /// How many units (of a termbase: concepts) were seen, and how many of them cannot be read.
    pub counts: (u64, u64),
    /// What ended the reading before the end of the file.
    pub error: Option<Error>,
}

impl Validation {
    /// Whether nothing was found.
    pub fn is_valid(&self) -> bool {
        self.error.is_none() && self.diagnostic_count == 0
    }
}

/// Reads a file to its end and says all that is wrong with it: with strict options, every violation
/// of the standard; else what a reader has to work around.
///
/// It does not stop at the first violation, as a strict reader does. Any format that [`open`] reads
/// can be judged, and TBX.
///
/// # Errors
///
/// If the file cannot be opened, or is in no format that is known. What is wrong inside is no error
/// here: it is what is asked for.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("memory.tmx");
/// use chancery::exchange::{Problem, ReadOptions, validate};
///
/// std::fs::write(&path, r#"<tmx version="1.4"><header srclang="fr"/><body>
///   <tu><tuv xml:lang="fr"><seg><bpt>{</bpt>Un</seg></tuv></tu></body></tmx>"#)?;
/// assert!(validate(&path, ReadOptions::new())?.is_valid());
///
/// let strict = validate(&path, ReadOptions::new().strict(true))?;
/// assert!(strict.diagnostics.iter().any(|d| d.message == "`bpt` has no `i`"));
/// assert!(strict.diagnostics.iter().all(|d| d.problem == Problem::MissingAttribute));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate(path: impl AsRef<Path>, options: ReadOptions) -> Result<Validation, Error> {
    let path = path.as_ref();
    let check = options.strict;
    let options = ReadOptions { strict: false, check, ..options };
    if is_termbase(path) {
        return match TbxReader::open(path, options) {
            Ok(reader) => Ok(of_concepts(reader)),
            Err(error) => unreadable(path, error),
        };
    }
    match open(path, options) {
        Ok(reader) => Ok(of_units(reader)),
        Err(error) => unreadable(path, error),
    }
}

/// Whether the file is TBX; one that can not be read is left to the error of opening it.
fn is_termbase(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head));
    read.is_ok() && Format::detect(&head, path) == Some(Format::Tbx)
}

/// What was opened, is of a known format, and was wrong from the start.
fn unreadable(path: &Path, error: Error) -> Result<Validation, Error> {
    let wrong =
        !matches!(error.kind(), ErrorKind::Io(_) | ErrorKind::OtherFormat | ErrorKind::Unsupported);
    let Some(format) = Format::of_name(path).filter(|_| wrong) else { return Err(error) };
    Ok(Validation {
        format,
        diagnostics: Vec::new(),
        diagnostic_count: 0,
        counts: (0, 0),
        error: Some(error),
    })
}

fn of_concepts(mut reader: TbxReader<File>) -> Validation {
    let error = reader.by_ref().find_map(Result::err);
    Validation {
        format: Format::Tbx,
        diagnostics: reader.diagnostics().to_vec(),
        diagnostic_count: reader.diagnostic_count(),
        counts: reader.counts(),
        error,
    }
}

fn of_units(mut reader: UnitReader) -> Validation {
    let mut unit = Unit::new();
    let error = loop {
        match reader.read_unit(&mut unit) {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
    };
    Validation {
        format: reader.format(),
        diagnostic_count: reader.diagnostic_count(),
        counts: reader.counts(),
        diagnostics: reader.take_diagnostics(),
        error,
    }
}
