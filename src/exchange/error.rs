//! Why a file could not be read or written.

use std::fmt;
use std::io;

use super::Diagnostic;

/// Why a file could not be read to its end, or not be written.
///
/// Its text names the file and the place, and says what to do. One word in size.
///
/// ```
/// use chancery::exchange::{ErrorKind, TmxReader};
///
/// let cut = r#"<tmx version="1.4"><header srclang="fr"/><body>
///   <tu><tuv xml:lang="fr"><seg>Un.</seg></tuv><tuv xml:lang="en"><seg>One.</seg></tuv></tu>
///   <tu><tuv xml:lang="fr"><seg>Deux"#;
/// let items: Vec<_> = TmxReader::new(cut.as_bytes())?.into_units().collect();
/// assert!(items[0].is_ok());
/// let error = items[1].as_ref().unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::CutOff));
/// assert_eq!(error.line(), Some(3));
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    file: Option<String>,
    place: Option<(u64, u64)>,
    message: String,
}

/// What went wrong, in kinds a program can tell apart.
///
/// ```
/// use chancery::exchange::{ErrorKind, TmxReader};
///
/// let error = TmxReader::new("plain text".as_bytes()).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::OtherFormat));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed.
    Io(io::Error),
    /// The file ends too early. What came before was given.
    CutOff,
    /// The file is not of this format.
    OtherFormat,
    /// The file is of this format, but in a way that cannot be read.
    Malformed,
    /// A violation of the standard, in a strict reader.
    Violation(Box<Diagnostic>),
    /// A limit of the whole file was hit.
    Limit,
    /// Something this build or this format cannot do.
    Unsupported,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner { kind, file: None, place: None, message: message.into() }))
    }

    pub(crate) fn io(error: io::Error, doing: &str) -> Error {
        let message = format!("{doing}: {error}");
        Error::new(ErrorKind::Io(error), message)
    }

    /// An error of reading; one that says that the file is too large is a limit.
    pub(crate) fn reading(error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::FileTooLarge {
            let message = format!("{error}; raise the limit if the file can be trusted");
            return Error::new(ErrorKind::Limit, message);
        }
        Error::io(error, "the file cannot be read")
    }

    pub(crate) fn unreadable_folder(error: io::Error, name: &str) -> Error {
        Error::io(error, "the folder cannot be read").named(Some(name))
    }

    pub(crate) fn no_glossary(name: &str) -> Error {
        let message =
            "the folder holds no glossary; TBX, CSV, TSV, UTX and XLSX files in it are read";
        Error::new(ErrorKind::OtherFormat, message).named(Some(name))
    }

    pub(crate) fn violation(diagnostic: Diagnostic) -> Error {
        let clause = &*diagnostic.clause;
        let message = match clause {
            "" => format!("{} [{}]", diagnostic.message, diagnostic.code()),
            _ => format!("{} [{}; {clause}]", diagnostic.message, diagnostic.code()),
        };
        let (line, column) = (diagnostic.line, diagnostic.column);
        let file = diagnostic.file.clone();
        Error::new(ErrorKind::Violation(Box::new(diagnostic)), message)
            .at(line, column)
            .named(file.as_deref())
    }

    pub(crate) fn at(mut self, line: u64, column: u64) -> Error {
        self.0.place = Some((line, column));
        self
    }

    pub(crate) fn named(mut self, file: Option<&str>) -> Error {
        if self.0.file.is_none() {
            self.0.file = file.map(str::to_owned);
        }
        self
    }

    /// The error of a file in an archive, whose name goes before.
    #[cfg(feature = "documents")]
    pub(crate) fn within(mut self, archive: Option<&str>) -> Error {
        if let Some(archive) = archive {
            self.0.file = Some(match self.0.file.take() {
                Some(file) => format!("{archive}/{file}"),
                None => archive.to_owned(),
            });
        }
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The name of the file, where one is known.
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// The line, from 1, where the error has a place in the file.
    pub fn line(&self) -> Option<u64> {
        self.0.place.map(|place| place.0)
    }

    /// The character in the line, from 1.
    pub fn column(&self) -> Option<u64> {
        self.0.place.map(|place| place.1)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.0.file {
            write!(f, "{file}:")?;
        }
        if let Some((line, column)) = self.0.place {
            write!(f, "{line}:{column}:")?;
        }
        let space = if self.0.file.is_some() || self.0.place.is_some() { " " } else { "" };
        write!(f, "{space}{}", self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        let message = error.to_string();
        Error::new(ErrorKind::Io(error), message)
    }
}
