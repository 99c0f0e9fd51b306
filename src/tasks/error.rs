//! Why a task could not be done.

use std::io;
use std::path::{Path, PathBuf};

use super::OpenMemory;
use crate::exchange;
use crate::memory::MemoryError;

/// A task could not be done. What was there before is there still.
///
/// ```
/// use chancery::tasks::OpenMemory;
///
/// let error = OpenMemory::open("no/such.chancery").unwrap_err();
/// assert!(error.to_string().starts_with("no/such.chancery: there is no such memory"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// A file of an exchange format could not be read or written.
    #[error(transparent)]
    Exchange(#[from] exchange::Error),
    /// A memory could not do what it was asked.
    #[error("{}: {cause}", path.display())]
    Memory {
        /// The name of the memory, without a password.
        path: PathBuf,
        /// What went wrong.
        cause: MemoryError,
    },
    /// A file could not be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// There is no such memory.
    #[error("{}: there is no such memory; `chancery import` makes one", path.display())]
    Missing {
        /// The name that was given.
        path: PathBuf,
    },
    /// Something this build can not do.
    #[error("{}: {problem}", path.display())]
    Unsupported {
        /// The name that was given.
        path: PathBuf,
        /// What it is, and what to do.
        problem: &'static str,
    },
    /// A file can not be written again without losing what could not be read of it.
    #[error(
        "{}: {rejected} of its units could not be read and would be lost if it were written \
         again; import it into a new memory instead",
        path.display()
    )]
    WouldLose {
        /// The file.
        path: PathBuf,
        /// How many units.
        rejected: u64,
    },
}

impl TaskError {
    /// Whether there is no memory of the name given.
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            TaskError::Missing { .. }
                | TaskError::Memory { cause: MemoryError::Missing { .. }, .. }
        )
    }

    pub(super) fn memory(path: &Path, cause: MemoryError) -> TaskError {
        let path = OpenMemory::shown(path);
        TaskError::Memory { path, cause }
    }
}
