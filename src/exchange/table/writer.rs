//! Writing tables.

use std::io::Write;

use super::record::{Dialect, write_cell};
use crate::exchange::Error;
use crate::{Lang, Unit};

/// A writer of tables: one column for each language, one row for each unit.
///
/// A table holds the text of segments and nothing else; [`dropped`](TableWriter::dropped) says what
/// had no place. Cells that need it stand in quotation marks (RFC 4180); CSV has a header with the
/// languages, a table with tabs has none. In a table with tabs, a segment that holds both a tab and
/// a line end may be taken for several when it is read; use CSV where there are such.
///
/// ```
/// use chancery::exchange::TableWriter;
/// use chancery::{Lang, Unit};
///
/// let mut writer = TableWriter::csv(Vec::new(), [Lang::FR, Lang::EN])?;
/// writer.write(&Unit::pair((Lang::FR, "Paix, sécurité"), (Lang::EN, "Peace")))?;
/// assert_eq!(String::from_utf8(writer.finish()?)?, "fr,en\n\"Paix, sécurité\",Peace\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TableWriter<W: Write> {
    out: W,
    dialect: Dialect,
    langs: Vec<Lang>,
    buffer: String,
    dropped: u64,
}

impl<W: Write> TableWriter<W> {
    /// Begins a table with commas, and a header with the languages.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn csv(out: W, langs: impl IntoIterator<Item = Lang>) -> Result<TableWriter<W>, Error> {
        let mut writer = TableWriter::new(out, b',', langs);
        let names: Vec<String> = writer.langs.iter().map(|l| l.as_written().to_owned()).collect();
        writer.row(names.iter().map(String::as_str))?;
        Ok(writer)
    }

    /// Begins a table with tabs, without a header: what the command line takes for pairs.
    ///
    /// ```
    /// # use chancery::exchange::TableWriter;
    /// # use chancery::{Lang, Unit};
    /// let mut writer = TableWriter::tabs(Vec::new(), [Lang::FR, Lang::EN]);
    /// writer.write(&Unit::pair((Lang::FR, "Paix"), (Lang::EN, "Peace")))?;
    /// assert_eq!(writer.finish()?, b"Paix\tPeace\n");
    /// # Ok::<(), chancery::exchange::Error>(())
    /// ```
    pub fn tabs(out: W, langs: impl IntoIterator<Item = Lang>) -> TableWriter<W> {
        TableWriter::new(out, b'\t', langs)
    }

    fn new(out: W, delimiter: u8, langs: impl IntoIterator<Item = Lang>) -> TableWriter<W> {
        let always_quoted = delimiter != b'\t';
        TableWriter {
            out,
            dialect: Dialect { delimiter, always_quoted, width: 0, cr_ends_line: false },
            langs: langs.into_iter().collect(),
            buffer: String::new(),
            dropped: 0,
        }
    }

    /// Writes a row: for each language, the text of the segment that
    /// [`Unit::segment`] gives. A unit with text in none of them is left out.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn write(&mut self, unit: &Unit) -> Result<(), Error> {
        let variants: Vec<_> = self.langs.iter().map(|lang| unit.variant(lang)).collect();
        let codes: usize =
            variants.iter().flatten().map(|variant| variant.segment.codes().count()).sum();
        let rest = unit.variants.len().saturating_sub(variants.iter().flatten().count());
        let said = unit.metadata.properties.len() + unit.metadata.notes.len();
        self.dropped += (codes + rest + said) as u64;
        let texts: Vec<_> = variants
            .iter()
            .map(|variant| variant.map(|v| v.segment.text()).unwrap_or_default())
            .collect();
        if texts.iter().all(|text| text.is_empty()) {
            return Ok(());
        }
        self.row(texts.iter().map(|text| &**text))
    }

    fn row<'t>(&mut self, cells: impl Iterator<Item = &'t str>) -> Result<(), Error> {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.buffer.push(char::from(self.dialect.delimiter));
            }
            write_cell(self.dialect, cell, &mut self.buffer);
        }
        self.buffer.push('\n');
        let written = self.out.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        written.map_err(|error| Error::io(error, "the table cannot be written"))
    }

    /// How many codes, segments, properties and notes had no place in the table so far.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Ends the table and gives back what it was written to.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn finish(mut self) -> Result<W, Error> {
        self.out.flush().map_err(|error| Error::io(error, "the table cannot be written"))?;
        Ok(self.out)
    }
}
