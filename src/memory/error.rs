//! What can go wrong with a memory.

use std::path::PathBuf;

use super::{RevisionId, UnitId};

/// A memory could not do what it was asked.
///
/// Whatever the error, the memory holds what it held before the call: a change happens as a whole
/// or not at all. Each message says what to do.
///
/// ```
/// use chancery::memory::{Memory, MemoryError, RevisionId};
///
/// let error = Memory::new().undo(RevisionId::new(7)).unwrap_err();
/// assert!(matches!(error, MemoryError::NoSuchRevision { .. }));
/// assert_eq!(error.to_string(), "there is no revision 7; the history lists those there are");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// A unit was asked for by an id that the memory does not hold.
    #[error("there is no unit {unit} in the memory (any more); look it up again")]
    NoSuchUnit {
        /// The id.
        unit: UnitId,
    },
    /// A revision was asked for that the journal never had.
    #[error("there is no revision {revision}; the history lists those there are")]
    NoSuchRevision {
        /// The id.
        revision: RevisionId,
    },
    /// A revision can not be undone because what was there before it was purged.
    #[error("revision {revision} can not be undone: what was there before it has been purged")]
    Purged {
        /// The revision.
        revision: RevisionId,
    },
    /// The memory was asked for as it was before a purge.
    #[error("what the memory was before revision {revision} has been purged")]
    PastPurged {
        /// The first revision whose state is still known.
        revision: RevisionId,
    },
    /// A revision can not be undone because later ones changed the same units.
    #[error(
        "revision {revision} can not be undone: {units} of its units were changed since; undo the \
         later revisions first"
    )]
    ChangedSince {
        /// The revision.
        revision: RevisionId,
        /// How many of its units are not as it left them.
        units: u64,
    },
    /// A unit of an import was not acceptable, and the import was not told to go on without it.
    #[error(
        "{rejection}; nothing was imported; correct it, or import with rejected units left out"
    )]
    Rejected {
        /// The unit, where it stood and what is wrong with it.
        rejection: Box<super::Rejection>,
    },
    /// Stored bytes are not what was written: the medium or another program damaged them.
    #[error(
        "{what} is damaged ({cause}); copy the memory to another place, then restore a backup or \
         export what can still be read"
    )]
    Damaged {
        /// What is damaged: a unit, a page, the file.
        what: String,
        /// How that was noticed.
        cause: String,
    },
    /// There is no file of this name.
    #[error("there is no memory {}; check the name, or create the memory first", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// A memory was to be created where there is a file already.
    #[error("{} exists already; open it, or choose another name", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// A file is not a memory. It was not touched.
    #[error("{} is not a memory: {what}; check the name", path.display())]
    NotAMemory {
        /// The path.
        path: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// A memory was written by a newer version of this program. It was not touched.
    #[error(
        "{} has format {found}, and this program knows formats up to {known}; use a newer version",
        path.display()
    )]
    NewerFormat {
        /// The path.
        path: PathBuf,
        /// The format of the file.
        found: usize,
        /// The newest format known here.
        known: usize,
    },
    /// The file under the path is not the one that was opened.
    #[error("{} was replaced, moved or deleted while it was open; open it again", path.display())]
    Replaced {
        /// The path.
        path: PathBuf,
    },
    /// The memory can be read but not written.
    #[error(
        "{} can not be written ({cause}); give yourself the right to write the file and its \
         folder, or work on a copy",
        path.display()
    )]
    ReadOnly {
        /// The path.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The file system has not the locks that several programs need to share a file.
    #[error(
        "{} is on a drive without the locks a memory needs ({cause}); move it to a local disk",
        path.display()
    )]
    NoLocks {
        /// The path.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The disk is full, or the file may not grow.
    #[error("no room to write {} ({cause}); free some space and try again", path.display())]
    Full {
        /// The path.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A server can not be reached, or went away.
    #[error(
        "the server of {} can not be reached ({cause}); see that it runs and that address and \
         encryption are right, then try again: of this call nothing was kept",
        path.display()
    )]
    Unreachable {
        /// The address.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The line to a server broke while a revision was being made, and the server did not come back
    /// to tell what became of it.
    #[error(
        "the server of {} went away ({cause}) while revision {revision} was being made: look at \
         the history when it is back, before you repeat the change",
        path.display()
    )]
    Uncertain {
        /// The address.
        path: PathBuf,
        /// The revision that was being made. It is the caller's if the history has it with the
        /// caller's author, operation and origin.
        revision: RevisionId,
        /// What the system said.
        cause: String,
    },
    /// A server does not allow what was asked for.
    #[error("{} refuses this ({cause}); ask its administrator for the rights you need", path.display())]
    Refused {
        /// The address.
        path: PathBuf,
        /// What the server said.
        cause: String,
    },
    /// A server or a database is not one that can hold a memory.
    #[error("{} can not hold a memory: {what}", path.display())]
    Unsuitable {
        /// The address.
        path: PathBuf,
        /// What is wrong, and what to do.
        what: String,
    },
    /// Something else went wrong with the file.
    #[error("{}: {cause}; the memory is as it was; when the cause is removed, try again", path.display())]
    Store {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another writer holds the memory.
    #[error(
        "the memory is being written by {holder}; waited {waited:.1} s; try again when that is done"
    )]
    Busy {
        /// Who: process, operation and start, as far as it is known.
        holder: String,
        /// How long this call waited, in seconds.
        waited: f64,
    },
}

impl From<super::index::Damaged> for MemoryError {
    /// Of an index that was just built from the store: then it is the machine that errs.
    fn from(_: super::index::Damaged) -> MemoryError {
        MemoryError::Damaged {
            what: "the index".to_owned(),
            cause: "what was just written reads differently".to_owned(),
        }
    }
}
