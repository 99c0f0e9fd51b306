//! What the server reports, in terms of what to do about it.

use std::error::Error as _;
use std::path::Path;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::memory::MemoryError;

/// Turns errors of the server, or of the line to it, into errors that say what to do.
pub(super) fn fault(path: &Path) -> impl Fn(Error) -> MemoryError + '_ {
    move |error| classify(path, error)
}

/// Whether the line to the server is gone, or the server is on its way down or up: the same may
/// succeed on another line, later.
pub(super) fn is_away(error: &Error) -> bool {
    let down = |state: &SqlState| {
        state.code().starts_with("08")
            || [
                SqlState::ADMIN_SHUTDOWN,
                SqlState::CRASH_SHUTDOWN,
                SqlState::CANNOT_CONNECT_NOW,
                SqlState::TOO_MANY_CONNECTIONS,
            ]
            .contains(state)
    };
    match error.code() {
        Some(state) => down(state),
        None => {
            error.is_closed()
                || error.source().is_some_and(|cause| cause.is::<std::io::Error>())
                || error.to_string().contains("connect")
        }
    }
}

fn classify(path: &Path, error: Error) -> MemoryError {
    let path = path.to_owned();
    let cause = told(&error);
    if is_away(&error) {
        return MemoryError::Unreachable { path, cause };
    }
    let Some(state) = error.code() else {
        return MemoryError::Store { path, cause: cause.into() };
    };
    match state {
        &SqlState::DISK_FULL => MemoryError::Full { path, cause },
        &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => {
            MemoryError::Damaged { what: path.display().to_string(), cause }
        }
        &SqlState::INSUFFICIENT_PRIVILEGE => MemoryError::Refused { path, cause },
        &SqlState::READ_ONLY_SQL_TRANSACTION => {
            let cause = format!("{cause}; is this a read replica? write to the primary");
            MemoryError::Refused { path, cause }
        }
        &SqlState::INVALID_CATALOG_NAME | &SqlState::UNDEFINED_TABLE => {
            MemoryError::Missing { path }
        }
        state if state.code().starts_with("28") => MemoryError::Refused { path, cause },
        _ => MemoryError::Store { path, cause: cause.into() },
    }
}

/// What the server said, with its hints, or what happened to the line.
pub(super) fn told(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => {
            let more = [said.detail(), said.hint()].into_iter().flatten();
            more.fold(said.message().to_owned(), |text, more| format!("{text}; {more}"))
        }
        None => match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}
