//! Tables as spreadsheets, in builds without them.

use crate::exchange::{Error, ErrorKind};

/// There is none: making one fails.
pub(crate) enum WorkbookWriter {}

impl WorkbookWriter {
    pub(crate) fn new(_header: &[&str], _widths: &[u16]) -> Result<WorkbookWriter, Error> {
        let message = "this build does not write spreadsheets; build with the feature \
                       `spreadsheet`, or write CSV";
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    pub(crate) fn row<'c>(
        &mut self,
        _cells: impl IntoIterator<Item = &'c str>,
    ) -> Result<(), Error> {
        match *self {}
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, Error> {
        match self {}
    }
}
