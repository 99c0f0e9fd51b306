//! What SQLite reports, in terms of what to do about it.

use std::path::Path;

use rusqlite::ffi;

use crate::memory::MemoryError;

/// Turns SQLite's errors about a file into errors that say what to do.
pub(super) fn fault(path: &Path) -> impl Fn(rusqlite::Error) -> MemoryError + '_ {
    move |error| classify(path, error)
}

fn classify(path: &Path, error: rusqlite::Error) -> MemoryError {
    let path = path.to_owned();
    let code = match &error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.extended_code,
        _ => ffi::SQLITE_ERROR,
    };
    match code {
        ffi::SQLITE_IOERR_SHMOPEN
        | ffi::SQLITE_IOERR_SHMMAP
        | ffi::SQLITE_IOERR_SHMLOCK
        | ffi::SQLITE_IOERR_LOCK
        | ffi::SQLITE_IOERR_RDLOCK
        | ffi::SQLITE_PROTOCOL => MemoryError::NoLocks { path, cause: error.to_string() },
        _ => match code & 0xff {
            ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => {
                MemoryError::Damaged { what: path.display().to_string(), cause: error.to_string() }
            }
            ffi::SQLITE_FULL => MemoryError::Full { path, cause: error.to_string() },
            ffi::SQLITE_READONLY | ffi::SQLITE_PERM => {
                MemoryError::ReadOnly { path, cause: error.to_string() }
            }
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => MemoryError::Busy {
                holder: "a program that is not Chancery".to_owned(),
                waited: 0.0,
            },
            _ => MemoryError::Store { path, cause: Box::new(error) },
        },
    }
}
