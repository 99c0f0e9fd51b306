//! Tables as spreadsheets, in builds without them.

use crate::exchange::{Error, ErrorKind};

/// There is none: making one fails.
pub(in crate::exchange) enum WorkbookWriter {}

impl WorkbookWriter {
    pub(in crate::exchange) fn new(_header: &[&str]) -> Result<WorkbookWriter, Error> {
        let message = "this build does not write spreadsheets; build with the feature \
                       `spreadsheet`, or write CSV";
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    pub(in crate::exchange) fn row<'c>(
        &mut self,
        _cells: impl IntoIterator<Item = &'c str>,
    ) -> Result<(), Error> {
        match *self {}
    }

    pub(in crate::exchange) fn finish(self) -> Result<Vec<u8>, Error> {
        match self {}
    }
}
