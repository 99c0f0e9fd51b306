//! The units of a file, for an import.

use std::collections::VecDeque;
use std::path::Path;

use crate::Unit;
use crate::exchange::{self, Diagnostic, Error, Header, ReadOptions, Rejected, UnitReader};
use crate::memory::Rejection;

/// The units of a file and, in their places, those that could not be read.
pub(super) struct FileUnits {
    reader: UnitReader,
    waiting: VecDeque<Result<Unit, Rejection>>,
    error: Option<Error>,
    done: bool,
}

impl FileUnits {
    pub(super) fn open(path: &Path, options: ReadOptions) -> Result<FileUnits, Error> {
        let reader = exchange::open(path, options.keep_rejected(true))?;
        Ok(FileUnits { reader, waiting: VecDeque::new(), error: None, done: false })
    }

    pub(super) fn header(&self) -> Option<&Header> {
        self.reader.header()
    }

    pub(super) fn diagnostics(&self) -> &[Diagnostic] {
        self.reader.diagnostics()
    }

    /// Why the file could not be read to its end, if it could not.
    pub(super) fn take_error(&mut self) -> Option<Error> {
        self.error.take()
    }
}

impl Iterator for FileUnits {
    type Item = Result<Unit, Rejection>;

    fn next(&mut self) -> Option<Result<Unit, Rejection>> {
        self.fill();
        self.waiting.pop_front()
    }
}

impl FileUnits {
    /// The next, which stays to be read.
    pub(super) fn peek(&mut self) -> Option<&Result<Unit, Rejection>> {
        self.fill();
        self.waiting.front()
    }

    /// Reads on if nothing waits.
    fn fill(&mut self) {
        if self.waiting.is_empty() && !self.done {
            let mut unit = Unit::new();
            let read = self.reader.read_unit(&mut unit);
            // Those left out on the way stood before the unit that was read.
            let rejected = self.reader.take_rejected();
            self.waiting.extend(rejected.into_iter().map(|rejected| Err(rejection(rejected))));
            match read {
                Ok(true) => self.waiting.push_back(Ok(unit)),
                Ok(false) => self.done = true,
                Err(error) => {
                    self.done = true;
                    let line = error.line();
                    let rejection = Rejection::new(error.to_string());
                    self.waiting.push_back(Err(match line {
                        Some(line) => rejection.at_line(line),
                        None => rejection,
                    }));
                    self.error = Some(error);
                }
            }
        }
    }
}

fn rejection(rejected: Rejected) -> Rejection {
    let Rejected { diagnostic, .. } = rejected;
    let reason = format!("{} [{}]", diagnostic.message, diagnostic.code());
    Rejection::new(reason).at_line(diagnostic.line)
}
