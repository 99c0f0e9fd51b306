//! One door for every format that holds units.

use std::fmt;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

#[cfg(feature = "archives")]
use super::archive::Origin;
use super::bilingual::{BilingualFile, EntryReader};
use super::diagnostic::Diagnostics;
use super::{
    Diagnostic, Error, ErrorKind, Format, Header, ReadOptions, Rejected, TableReader, TmxReader,
};
use crate::Unit;

/// Bytes looked at to tell the format.
pub(super) const HEAD: usize = 16 << 10;

/// What every reader of units does.
pub(crate) trait Reading {
    /// Reads the next unit; false at the end.
    fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error>;
    fn diagnostics(&mut self) -> &mut Diagnostics;
    fn seen(&self) -> &Diagnostics;
    /// Units seen, and how many of them were left out.
    fn counts(&self) -> (u64, u64);
    fn header(&self) -> Option<&Header> {
        None
    }
}

pub(super) type Input = Box<dyn Read + Send>;

/// Opens a file of any format that holds units: TMX, XLIFF, PO, CSV, TSV; with the feature
/// `spreadsheet` XLSX; with the feature `archives` such files in gzip and ZIP archives.
///
/// The content tells the format, and the name where the content does not.
///
/// # Errors
///
/// If the file cannot be opened, or is in no such format.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("pairs.tsv");
/// use chancery::Lang;
/// use chancery::exchange::{self, ReadOptions};
///
/// std::fs::write(&path, "La séance est ouverte.\tЗаседание открыто.\n")?;
/// let options = ReadOptions::new().langs([Lang::FR, Lang::RU]);
/// for unit in exchange::open(&path, options)? {
///     assert_eq!(unit?.segment(&Lang::RU).unwrap().text(), "Заседание открыто.");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open(path: impl AsRef<Path>, options: ReadOptions) -> Result<UnitReader, Error> {
    let path = path.as_ref();
    let options = options.named_after(path);
    let name = options.name.clone();
    let opened = (|| {
        let file =
            File::open(path).map_err(|error| Error::io(error, "the file cannot be opened"))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            let message = "this is a folder; give the files in it one by one";
            return Err(Error::new(ErrorKind::OtherFormat, message));
        }
        begin(Box::new(file), path, options, Some(path))
    })();
    opened.map_err(|error| error.named(name.as_deref()))
}

/// Reads units from an input, as [`open`] does from a file. The name only helps to tell the
/// format.
///
/// # Errors
///
/// If the input cannot be read, or is in no format that holds units.
///
/// ```
/// use chancery::exchange::{self, Format, ReadOptions};
///
/// let input = "msgid \"Peace\"\nmsgstr \"Paix\"\n".as_bytes();
/// let reader = exchange::read(input, "-".as_ref(), ReadOptions::new())?;
/// assert_eq!(reader.format(), Format::Po);
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
pub fn read(
    input: impl Read + Send + 'static,
    name: &Path,
    options: ReadOptions,
) -> Result<UnitReader, Error> {
    begin(Box::new(input), name, options, None)
}

/// `path` is where the input is a file that can be opened again.
pub(super) fn begin(
    mut input: Input,
    name: &Path,
    options: ReadOptions,
    path: Option<&Path>,
) -> Result<UnitReader, Error> {
    let mut head = Vec::new();
    (&mut input).take(HEAD as u64).read_to_end(&mut head).map_err(Error::reading)?;
    let format = Format::detect(&head, name).ok_or_else(|| unknown(&head))?;
    let input: Input = Box::new(Cursor::new(head).chain(input));
    UnitReader::of_format(format, input, name, options, path)
}

fn unknown(head: &[u8]) -> Error {
    let text = super::xml::source::decode_head(head);
    let known = "TMX, XLIFF, PO, CSV, TSV and XLSX are read";
    let message = match super::format::root_element(&text) {
        Some(root) => {
            format!("this is XML of another kind, its first element is `{root}`; {known}")
        }
        None if head.is_empty() => format!("the file is empty; {known}"),
        None if head.starts_with(b"\xfd7zXZ") => {
            "this is an archive of xz; unpack it first: xz -d".to_owned()
        }
        None if text.contains('\0') => format!("this is a binary file; {known}"),
        None => format!(
            "no format that holds units is recognised; {known}, and two columns of text with a \
             tab between them"
        ),
    };
    Error::new(ErrorKind::OtherFormat, message)
}

/// A reader of units in whatever format, from [`open`].
///
/// It is an iterator; after an error it ends.
pub struct UnitReader {
    inner: Box<dyn Reading + Send>,
    format: Format,
}

impl UnitReader {
    fn of_format(
        format: Format,
        input: Input,
        name: &Path,
        options: ReadOptions,
        path: Option<&Path>,
    ) -> Result<UnitReader, Error> {
        #[cfg(not(feature = "archives"))]
        let _ = path;
        let inner: Box<dyn Reading + Send> = match format {
            Format::Tmx => Box::new(TmxReader::with_options(input, options)?),
            Format::Csv => Box::new(TableReader::new(input, options)?),
            Format::Tsv => Box::new(TableReader::tabs(input, options)?),
            Format::Po => Box::new(EntryReader::new(BilingualFile::po(input, options)?)),
            Format::Xliff => Box::new(EntryReader::new(BilingualFile::xliff(input, options)?)),
            Format::Tbx => return Err(no_units("a termbase", "terms")),
            Format::Srx => return Err(no_units("a file of segmentation rules", "segment --srx")),
            #[cfg(feature = "archives")]
            Format::Gzip => return super::archive::gzip(input, name, options),
            #[cfg(feature = "archives")]
            Format::Zip => Box::new(super::archive::ZipReader::new(
                Origin::new(input, path, &options)?,
                options,
            )?),
            #[cfg(feature = "spreadsheet")]
            Format::Xlsx => {
                let origin = Origin::new(input, path, &options)?;
                Box::new(super::table::SpreadsheetReader::new(origin, options)?)
            }
            #[cfg(not(feature = "spreadsheet"))]
            Format::Xlsx => return Err(not_built(format, name)),
            #[cfg(not(feature = "archives"))]
            Format::Gzip | Format::Zip => return Err(not_built(format, name)),
        };
        Ok(UnitReader { inner, format })
    }

    /// The format; that of the file inside, for an archive.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The header, where the format is TMX.
    pub fn header(&self) -> Option<&Header> {
        self.inner.header()
    }

    /// Reads the next unit into one that is there; false at the end.
    ///
    /// # Errors
    ///
    /// If the file ends too early, cannot be read, or goes beyond a limit of the whole file; with
    /// strict options, at the first violation.
    pub fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        self.inner.read_unit(unit)
    }

    /// What was found odd so far, in the order of the file, up to the limit of the options.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.inner.seen().kept
    }

    /// How many diagnostics there were so far, those beyond the limit included.
    pub fn diagnostic_count(&self) -> u64 {
        self.inner.seen().total
    }

    /// How many units were read so far, and how many of them were left out.
    pub fn counts(&self) -> (u64, u64) {
        self.inner.counts()
    }

    pub(super) fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.inner.diagnostics().kept)
    }

    #[cfg(feature = "archives")]
    pub(super) fn diagnostics_mut(&mut self) -> &mut Diagnostics {
        self.inner.diagnostics()
    }

    /// The units left out since this was last called, with their text, where
    /// [`ReadOptions::keep_rejected`] asks for them.
    pub fn take_rejected(&mut self) -> Vec<Rejected> {
        self.inner.diagnostics().take_rejected()
    }
}

impl Iterator for UnitReader {
    type Item = Result<Unit, Error>;

    fn next(&mut self) -> Option<Result<Unit, Error>> {
        let mut unit = Unit::new();
        match self.read_unit(&mut unit) {
            Ok(true) => Some(Ok(unit)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl fmt::Debug for UnitReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnitReader")
            .field("format", &self.format)
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}

fn no_units(what: &str, command: &str) -> Error {
    let message = format!("this is {what}, which holds no units; see the command `{command}`");
    Error::new(ErrorKind::OtherFormat, message)
}

#[cfg(not(feature = "spreadsheet"))]
fn not_built(format: Format, name: &Path) -> Error {
    let feature = if format == Format::Xlsx { "spreadsheet" } else { "archives" };
    let message = format!(
        "`{}` is {format}, which this build does not read; build with the feature `{feature}`, or \
         unpack it first",
        name.display()
    );
    Error::new(ErrorKind::Unsupported, message)
}
