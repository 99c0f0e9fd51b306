//! Reading tables of text.

use std::io::Read;

use super::columns::{self, Column};
use super::record::{self, Dialect};
use crate::exchange::diagnostic::{Diagnostics, Log};
use crate::exchange::open::Reading;
use crate::exchange::xml::source::Source;
use crate::exchange::{Diagnostic, Error, ErrorKind, Problem, ReadOptions, Rejected};
use crate::unit::Unit;

/// Bytes looked at to find out how a table is written.
const SAMPLE: usize = 64 << 10;

/// A reader of tables: CSV, TSV, two-column text; a row is a unit.
///
/// Encoding and delimiter are found out, and whether the first row names the columns. Without such
/// a header, the columns are the [languages](ReadOptions::langs) of the options, in order. A column
/// that holds no language becomes a property of its name; a cell without a column, a property
/// `x-column-N`. An empty cell is no segment, and a row with fewer than two segments is left out
/// and reported. Cells may stand in quotation marks and then hold line ends (RFC 4180); in tables
/// with tabs, marks that are not needed are text. A backslash is text.
///
/// It streams: memory is bounded by [`Limits::unit_bytes`](crate::exchange::Limits::unit_bytes).
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::{ReadOptions, TableReader};
///
/// let table = "fr;en;domain\n\"Paix; sécurité\";Peace, security;politics\n";
/// let mut reader = TableReader::new(table.as_bytes(), ReadOptions::new())?;
/// let unit = reader.units().next().unwrap()?;
/// assert_eq!(unit.segment(&Lang::FR).unwrap().text(), "Paix; sécurité");
/// assert_eq!(unit.metadata.property("x-domain"), Some("politics"));
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Debug)]
pub struct TableReader<R> {
    source: Source<R>,
    dialect: Dialect,
    columns: Vec<Column>,
    log: Log,
    done: bool,
}

impl<R: Read> TableReader<R> {
    /// Looks at the beginning of a table.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, or is no text.
    pub fn new(input: R, options: ReadOptions) -> Result<TableReader<R>, Error> {
        TableReader::begin(input, options, None)
    }

    /// Looks at the beginning of a table whose cells have tabs between them.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, or is no text.
    ///
    /// ```
    /// use chancery::exchange::{ReadOptions, TableReader};
    ///
    /// let pairs = "Paix, paix\tPeace, peace\n\"Titre\"\t\"Title\"\n";
    /// let mut reader = TableReader::tabs(pairs.as_bytes(), ReadOptions::new())?;
    /// let units = reader.units().collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(units[1].variants[0].segment.text(), "\"Titre\"");
    /// # Ok::<(), chancery::exchange::Error>(())
    /// ```
    pub fn tabs(input: R, options: ReadOptions) -> Result<TableReader<R>, Error> {
        TableReader::begin(input, options, Some(()))
    }

    fn begin(input: R, options: ReadOptions, tabs: Option<()>) -> Result<TableReader<R>, Error> {
        let name = options.name.clone();
        let begun = (|| {
            let mut source = Source::new(input, options.limits.bytes).map_err(Error::reading)?;
            let mut more = true;
            while more && source.window().len() < SAMPLE {
                more = source.fill().map_err(Error::reading)?;
            }
            let sample = source.window();
            if let Some(at) = sample.find('\0') {
                let (line, column) = source.place(at);
                let message = "a byte of value 0, so it is binary, not text; give a text file";
                return Err(Error::new(ErrorKind::OtherFormat, message).at(line, column));
            }
            let dialect = record::detect(sample, !more, tabs.is_some());
            let log = Log::new(options);
            let mut reader = TableReader { source, dialect, columns: Vec::new(), log, done: false };
            reader.read_header()?;
            Ok(reader)
        })();
        begun.map_err(|error: Error| error.named(name.as_deref()))
    }

    fn read_header(&mut self) -> Result<(), Error> {
        for (problem, message) in std::mem::take(&mut self.source.notes) {
            self.log.report(problem, (1, 1), None, message)?;
        }
        let langs = self.log.options.languages();
        let window = self.source.window();
        let first = self.dialect.record(window, true);
        let cells: Vec<String> = match &first {
            Some(record) if !window.is_empty() => {
                record.cells.iter().map(|cell| cell.to_string()).collect()
            }
            _ => Vec::new(),
        };
        let named = match self.log.options.header_row {
            Some(false) => None,
            Some(true) => Some(columns::of_forced_header(&cells, &langs)),
            None => columns::of_header(&cells, &langs),
        };
        match (named, first.map(|record| record.length)) {
            (Some(named), Some(length)) => {
                self.columns = named;
                self.source.advance(length);
            }
            _ => self.columns = columns::without_header(&langs),
        }
        self.dialect.width = self.columns.len();
        Ok(())
    }

    /// What was found odd so far, up to [`Limits::diagnostics`](crate::exchange::Limits).
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.log.diagnostics.kept
    }

    /// The rows left out since this was last called, where
    /// [`ReadOptions::keep_rejected`] asks for them.
    pub fn take_rejected(&mut self) -> Vec<Rejected> {
        self.log.diagnostics.take_rejected()
    }

    /// The units that are left to read. After an error there are no more.
    pub fn units(&mut self) -> impl Iterator<Item = Result<Unit, Error>> {
        std::iter::from_fn(|| {
            let mut unit = Unit::new();
            match Reading::read_unit(self, &mut unit) {
                Ok(true) => Some(Ok(unit)),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            }
        })
    }

    fn try_read(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        loop {
            let Some((length, unclosed)) = self.whole_record()? else { return Ok(false) };
            let place = self.source.place(0);
            if let Some(at) = unclosed {
                let place = self.source.place(at);
                let message = "a quotation mark that no other closes; read as itself";
                self.log.report(Problem::UnclosedQuote, place, None, message)?;
            }
            if let Some((at, count)) = self.source.malformed_in(length) {
                let message = format!(
                    "{count} place(s) from here with bytes that are not in the file's encoding; \
                     read as windows-1252"
                );
                self.log.report(Problem::MalformedBytes, self.source.place(at), None, message)?;
            }
            let text = &self.source.window()[..length];
            let Some(record) = self.dialect.record(text, true) else { return Ok(false) };
            let raw = text.trim_end_matches(['\r', '\n']);
            let taken = columns::take_row(&record.cells, &self.columns, &mut self.log, place, raw)?;
            self.source.advance(length);
            if let Some(taken) = taken {
                *unit = taken;
                return Ok(true);
            }
        }
    }

    /// Brings a whole record into the window: its length, and where a mark in it is not closed.
    fn whole_record(&mut self) -> Result<Option<(usize, Option<usize>)>, Error> {
        let limit = self.log.options.limits.unit_bytes;
        let mut last = false;
        loop {
            let window = self.source.window();
            if window.is_empty() && last {
                return Ok(None);
            }
            // Beyond the limit, a quotation mark is taken for one that is never closed.
            let at_hand = last || window.len() > limit;
            if !window.is_empty()
                && let Some(record) = self.dialect.record(window, at_hand)
            {
                if record.length > limit {
                    let (line, column) = self.source.place(0);
                    let message = format!("a row of more than {limit} bytes; raise the limit");
                    return Err(Error::new(ErrorKind::Limit, message).at(line, column));
                }
                return Ok(Some((record.length, record.unclosed)));
            }
            last = !self.source.fill().map_err(Error::reading)?;
        }
    }
}

impl<R: Read> Reading for TableReader<R> {
    fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        if self.done {
            return Ok(false);
        }
        let read = self.try_read(unit);
        self.done = !matches!(read, Ok(true));
        read.map_err(|error| error.named(self.log.options.name.as_deref()))
    }

    fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.log.diagnostics
    }

    fn seen(&self) -> &Diagnostics {
        &self.log.diagnostics
    }

    fn counts(&self) -> (u64, u64) {
        (self.log.units, self.log.rejected)
    }
}
