//! Why a function failed.

use chancery::exchange;
use chancery::memory::MemoryError;
use chancery::tasks::{TaskError, TermStoreError};

/// What a function returns that can fail.
pub type Status = i32;

/// As in the header.
pub const CHANCERY_ABI_VERSION: u32 = 1;
/// As in the header.
pub const CHANCERY_OK: Status = 0;
/// As in the header.
pub const CHANCERY_INVALID_ARGUMENT: Status = 1;
/// As in the header.
pub const CHANCERY_INVALID_UTF8: Status = 2;
/// As in the header.
pub const CHANCERY_NO_SUCH_HANDLE: Status = 3;
/// As in the header.
pub const CHANCERY_NOT_FOUND: Status = 4;
/// As in the header.
pub const CHANCERY_BUSY: Status = 5;
/// As in the header.
pub const CHANCERY_REJECTED: Status = 6;
/// As in the header.
pub const CHANCERY_CONFLICT: Status = 7;
/// As in the header.
pub const CHANCERY_FAILED: Status = 8;
/// As in the header.
pub const CHANCERY_INTERNAL: Status = 9;

/// A status with its message.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into() }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Failure {
        Failure::new(CHANCERY_INVALID_ARGUMENT, message)
    }
}

fn status(error: &MemoryError) -> Status {
    match error {
        MemoryError::NoSuchUnit { .. }
        | MemoryError::NoSuchRevision { .. }
        | MemoryError::Missing { .. } => CHANCERY_NOT_FOUND,
        MemoryError::Busy { .. } => CHANCERY_BUSY,
        MemoryError::Rejected { .. } => CHANCERY_REJECTED,
        MemoryError::ChangedSince { .. } | MemoryError::Purged { .. } => CHANCERY_CONFLICT,
        _ => CHANCERY_FAILED,
    }
}

impl From<MemoryError> for Failure {
    fn from(error: MemoryError) -> Failure {
        Failure::new(status(&error), error.to_string())
    }
}

impl From<TaskError> for Failure {
    fn from(error: TaskError) -> Failure {
        let status = match &error {
            TaskError::Memory { cause, .. } => status(cause),
            TaskError::Missing { .. } => CHANCERY_NOT_FOUND,
            _ => CHANCERY_FAILED,
        };
        Failure::new(status, error.to_string())
    }
}

impl From<TermStoreError> for Failure {
    fn from(error: TermStoreError) -> Failure {
        let status = match &error {
            TermStoreError::Memory(cause) => status(cause),
            _ => CHANCERY_FAILED,
        };
        Failure::new(status, error.to_string())
    }
}

impl From<exchange::Error> for Failure {
    fn from(error: exchange::Error) -> Failure {
        Failure::new(CHANCERY_FAILED, error.to_string())
    }
}
