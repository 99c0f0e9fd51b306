//! Spreadsheets as tables.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx};

use super::columns::{self, Column};
use super::record::Row;
use crate::exchange::archive::Origin;
use crate::exchange::diagnostic::{Diagnostics, Log};
use crate::exchange::open::Reading;
use crate::exchange::{Error, ErrorKind, Limits, ReadOptions};
use crate::unit::Unit;

/// Reads the sheets of a workbook, each as a table of its own; a row is a unit.
pub(crate) struct SpreadsheetReader {
    sheets: std::vec::IntoIter<(String, Range<Data>)>,
    current: Option<Sheet>,
    log: Log,
}

struct Sheet {
    rows: Range<Data>,
    next: usize,
    columns: Vec<Column>,
}

impl SpreadsheetReader {
    pub(crate) fn new(origin: Origin, options: ReadOptions) -> Result<SpreadsheetReader, Error> {
        let sheets = sheets(&origin, &options.limits)?;
        Ok(SpreadsheetReader { sheets: sheets.into_iter(), current: None, log: Log::new(options) })
    }

    fn next_sheet(&mut self) -> bool {
        let Some((_, rows)) = self.sheets.next() else { return false };
        let langs = self.log.options.languages();
        let first: Vec<String> = rows.rows().next().map(texts).unwrap_or_default();
        let named = match self.log.options.header_row {
            Some(false) => None,
            Some(true) => Some(columns::of_forced_header(&first, &langs)),
            None => columns::of_header(&first, &langs),
        };
        let next = usize::from(named.is_some());
        let columns = named.unwrap_or_else(|| columns::without_header(&langs));
        self.current = Some(Sheet { rows, next, columns });
        true
    }

    fn try_read(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        loop {
            let Some(sheet) = &mut self.current else {
                if !self.next_sheet() {
                    return Ok(false);
                }
                continue;
            };
            if sheet.next >= sheet.rows.height() {
                self.current = None;
                continue;
            }
            let cells = texts(&sheet.rows[sheet.next]);
            let first_row = sheet.rows.start().map_or(0, |(row, _)| u64::from(row));
            let place = (first_row + sheet.next as u64 + 1, 1);
            sheet.next += 1;
            let raw = cells.join("\t");
            let cells: Vec<Cow<'_, str>> = cells.into_iter().map(Cow::Owned).collect();
            let taken = columns::take_row(&cells, &sheet.columns, &mut self.log, place, &raw)?;
            if let Some(taken) = taken {
                *unit = taken;
                return Ok(true);
            }
        }
    }
}

/// The rows of each sheet, with their numbers; empty ones left out.
pub(in crate::exchange) fn rows_of_workbook(
    origin: &Origin,
    limits: &Limits,
) -> Result<Vec<Vec<Row>>, Error> {
    let numbered = |range: Range<Data>| {
        let first = range.start().map_or(0, |(row, _)| u64::from(row)) + 1;
        let rows = range.rows().zip(first..).map(|(row, number)| (number, texts(row)));
        rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty())).collect()
    };
    Ok(sheets(origin, limits)?.into_iter().map(|(_, range)| numbered(range)).collect())
}

fn sheets(origin: &Origin, limits: &Limits) -> Result<Vec<(String, Range<Data>)>, Error> {
    // All files inside are unpacked once before anything trusts their sizes.
    let mut left = limits.document_bytes;
    for member in origin.members()? {
        let input = origin.member(&member, limits.archive_ratio)?;
        let size = io::copy(&mut input.take(left + 1), &mut io::sink()).map_err(Error::reading)?;
        if size > left {
            let message = format!(
                "the workbook unpacks to more than {} bytes; raise the limit",
                limits.document_bytes
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        left -= size;
    }
    let mut bytes = Vec::new();
    let mut file = origin.open().map_err(Error::reading)?;
    file.read_to_end(&mut bytes).map_err(Error::reading)?;
    let damaged = |error: calamine::XlsxError| {
        let message = format!("the workbook cannot be read: {error}; is it complete?");
        Error::new(ErrorKind::Malformed, message)
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        sheets.push((name.clone(), book.worksheet_range(&name).map_err(damaged)?));
    }
    Ok(sheets)
}

fn texts(row: &[Data]) -> Vec<String> {
    row.iter().map(|cell| cell.to_string()).collect()
}

impl Reading for SpreadsheetReader {
    fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        let read = self.try_read(unit);
        if read.is_err() {
            (self.sheets, self.current) = (Vec::new().into_iter(), None);
        }
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
