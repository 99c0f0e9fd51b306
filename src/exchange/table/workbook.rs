//! Tables as spreadsheets.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::exchange::{Error, ErrorKind};

/// Writes one table into a workbook, every cell as text: a spreadsheet program makes no dates,
/// numbers or formulas of terms, not of those that are typed in either.
pub(crate) struct WorkbookWriter {
    book: Workbook,
    rows: u32,
}

/// How wide a column is shown, in characters, where nothing else is said.
const WIDTH: u16 = 24;

impl WorkbookWriter {
    /// A workbook with one sheet whose first row has these names and stays in view; the first
    /// columns may have widths of their own, in characters.
    pub(crate) fn new(header: &[&str], widths: &[u16]) -> Result<WorkbookWriter, Error> {
        let mut book = Workbook::new();
        // The same table is to give the same bytes, whenever it is written.
        let date = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refused)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&date));
        let text = Format::new().set_num_format("@").set_text_wrap();
        let bold = Format::new().set_num_format("@").set_bold();
        let sheet = book.add_worksheet();
        for (column, name) in (0..).zip(header) {
            sheet.set_column_format(column, &text).map_err(refused)?;
            let width = widths.get(usize::from(column)).copied().unwrap_or(WIDTH);
            sheet.set_column_width(column, width).map_err(refused)?;
            sheet.write_string_with_format(0, column, *name, &bold).map_err(refused)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(refused)?;
        Ok(WorkbookWriter { book, rows: 1 })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`] if there are more than 1,048,576 rows or 32,767 characters in a cell.
    pub(crate) fn row<'c>(
        &mut self,
        cells: impl IntoIterator<Item = &'c str>,
    ) -> Result<(), Error> {
        let row = self.rows;
        let sheet: &mut Worksheet = self.book.worksheet_from_index(0).map_err(refused)?;
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell).map_err(refused)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// The file.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.book.save_to_buffer().map_err(refused)
    }
}

fn refused(error: XlsxError) -> Error {
    let limit = match error {
        XlsxError::RowColumnLimitError => "1,048,576 rows",
        XlsxError::MaxStringLengthExceeded => "32,767 characters in a cell",
        error => {
            let message = format!("the workbook cannot be made: {error}");
            return Error::new(ErrorKind::Unsupported, message);
        }
    };
    let message = format!("spreadsheets hold at most {limit}; write TSV or TBX");
    Error::new(ErrorKind::Limit, message)
}
