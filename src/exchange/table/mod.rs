//! Tables: CSV, TSV, two-column text, spreadsheets.

mod columns;
mod reader;
mod record;
#[cfg(feature = "spreadsheet")]
mod spreadsheet;
mod writer;

pub use reader::TableReader;
#[cfg(feature = "spreadsheet")]
pub(crate) use spreadsheet::SpreadsheetReader;
pub use writer::TableWriter;
