//! How a file is read: strictly or not, and within which limits.

use crate::Lang;

/// How to read a file.
///
/// The default takes whatever can be taken and reports the rest as
/// [diagnostics](super::Diagnostic). A strict reader stops at the first violation of the standard.
///
/// ```
/// use chancery::exchange::{Limits, ReadOptions};
///
/// let options = ReadOptions::new()
///     .strict(true)
///     .limits(Limits { units: 1_000_000, ..Limits::default() });
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    pub(crate) strict: bool,
    /// Whether all that the standard demands is looked at, and reported.
    pub(crate) check: bool,
    pub(crate) keep_rejected: bool,
    pub(crate) limits: Limits,
    pub(crate) name: Option<String>,
    pub(crate) langs: Vec<Lang>,
    pub(crate) header_row: Option<bool>,
}

impl ReadOptions {
    /// The default: lenient, with the default limits.
    pub fn new() -> ReadOptions {
        ReadOptions::default()
    }

    /// Whether a violation of the standard ends the reading with an error.
    pub fn strict(mut self, strict: bool) -> ReadOptions {
        self.strict = strict;
        self.check = strict;
        self
    }

    /// Whether the text of units that cannot be read is kept, to be taken by `take_rejected`. Off
    /// by default: who does not take it should not pay for it.
    pub fn keep_rejected(mut self, keep: bool) -> ReadOptions {
        self.keep_rejected = keep;
        self
    }

    /// Sets the limits.
    pub fn limits(mut self, limits: Limits) -> ReadOptions {
        self.limits = limits;
        self
    }

    /// What errors and diagnostics call the file. Readers that open a path use the path.
    pub fn name(mut self, name: impl Into<String>) -> ReadOptions {
        self.name = Some(name.into());
        self
    }

    /// The languages of a file that does not name its own: of the columns of a table without a
    /// header, in order; of source and target in a PO file. French and English by default.
    pub fn langs(mut self, langs: impl IntoIterator<Item = Lang>) -> ReadOptions {
        self.langs = langs.into_iter().collect();
        self
    }

    /// Whether the first row of a table names the columns. By default that is found out: it does if
    /// at least two of its cells name languages.
    pub fn header_row(mut self, header_row: bool) -> ReadOptions {
        self.header_row = Some(header_row);
        self
    }

    pub(crate) fn languages(&self) -> Vec<Lang> {
        match self.langs.as_slice() {
            [] => vec![Lang::FR, Lang::EN],
            langs => langs.to_vec(),
        }
    }

    pub(crate) fn named_after(mut self, path: &std::path::Path) -> ReadOptions {
        self.name.get_or_insert_with(|| path.display().to_string());
        self
    }
}

/// Bounds on what a reader takes, against hostile and broken input.
///
/// A limit that is hit says so: those on the whole file end the reading with an error, those on one
/// unit cost that unit. The defaults are far above anything a real file needs.
///
/// ```
/// use chancery::exchange::Limits;
///
/// let limits = Limits { segment_bytes: 1 << 20, ..Limits::default() };
/// assert_eq!(limits.depth, 64);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file, unpacked. Default: 64 GiB.
    pub bytes: u64,
    /// Units of the file. Default: 4,000,000,000.
    pub units: u64,
    /// Bytes of the markup of one unit, of the head of the file, or of what stands between two
    /// units. Default: 64 MiB.
    pub unit_bytes: usize,
    /// Bytes of one segment as the file writes it, with its markup and with references in place of
    /// what they stand for. Default: 16 MiB.
    pub segment_bytes: usize,
    /// Elements inside each other, within a unit. Default: 64; more than 256 counts as 256, because
    /// the segments built are nested just as deep.
    pub depth: usize,
    /// Attributes of one element. Default: 1,000.
    pub attributes: usize,
    /// Bytes of one attribute value. Default: 4 MiB.
    pub attribute_bytes: usize,
    /// References to entities that the file declares itself, in the whole file. Default: 1,000,000.
    pub entity_expansions: u64,
    /// Bytes such references give, in the whole file. Default: 16 MiB.
    pub entity_bytes: u64,
    /// Bytes of a file that is read as a whole, unpacked: XLIFF, PO, spreadsheets. Default: 1 GiB.
    pub document_bytes: u64,
    /// How many times larger than the archive its content may be. Default: 200.
    pub archive_ratio: u64,
    /// Diagnostics kept; more are only counted. Default: 10,000.
    pub diagnostics: usize,
    /// Units rejected before the reading ends with an error. Default: unlimited.
    pub rejections: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 64 << 30,
            units: 4_000_000_000,
            unit_bytes: 64 << 20,
            segment_bytes: 16 << 20,
            depth: 64,
            attributes: 1_000,
            attribute_bytes: 4 << 20,
            entity_expansions: 1_000_000,
            entity_bytes: 16 << 20,
            document_bytes: 1 << 30,
            archive_ratio: 200,
            diagnostics: 10_000,
            rejections: u64::MAX,
        }
    }
}

impl Limits {
    /// The depth that is really allowed.
    pub(crate) fn nesting(&self) -> usize {
        self.depth.min(256)
    }
}
