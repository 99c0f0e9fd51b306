//! Is a file what its format demands?

use std::path::Path;

use super::{Diagnostic, Error, ErrorKind, Format, ReadOptions, open};
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
    /// How many units were seen, and how many of them cannot be read.
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
/// It does not stop at the first violation, as a strict reader does.
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
    let mut reader = match open(path, options) {
        Ok(reader) => reader,
        Err(error) => {
            // Opened, of a known format, and wrong from the start.
            let wrong = !matches!(
                error.kind(),
                ErrorKind::Io(_) | ErrorKind::OtherFormat | ErrorKind::Unsupported
            );
            let format = Format::of_name(path).filter(|_| wrong);
            let Some(format) = format else { return Err(error) };
            return Ok(Validation {
                format,
                diagnostics: Vec::new(),
                diagnostic_count: 0,
                counts: (0, 0),
                error: Some(error),
            });
        }
    };
    let mut unit = Unit::new();
    let error = loop {
        match reader.read_unit(&mut unit) {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
    };
    Ok(Validation {
        format: reader.format(),
        diagnostic_count: reader.diagnostic_count(),
        counts: reader.counts(),
        diagnostics: reader.take_diagnostics(),
        error,
    })
}
