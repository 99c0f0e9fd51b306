//! Tables: CSV, TSV, two-column text, spreadsheets.

mod columns;
mod reader;
mod record;
#[cfg(feature = "spreadsheet")]
mod spreadsheet;
#[cfg_attr(not(feature = "spreadsheet"), path = "no_workbook.rs")]
mod workbook;
mod writer;

pub(super) use columns::language_of;
pub use reader::TableReader;
pub(super) use record::{Dialect, Record, Row, detect, write_row};
#[cfg(feature = "spreadsheet")]
pub(crate) use spreadsheet::SpreadsheetReader;
#[cfg(feature = "spreadsheet")]
pub(super) use spreadsheet::rows_of_workbook;
pub(crate) use workbook::WorkbookWriter;
pub use writer::TableWriter;
