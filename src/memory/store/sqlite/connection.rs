//! Connections to the file, and what makes a file a memory.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::fault::fault;
use super::lock::beside;
use super::migrate;
use crate::memory::MemoryError;
use crate::memory::store::Result;

/// Connections to one file, handed out one at a time.
#[derive(Debug)]
pub(super) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// Which file it was that was opened.
    opened: FileId,
}

/// A connection for a while. Given back, with whatever it began rolled back, when dropped.
#[derive(Debug)]
pub(super) struct Lease<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
}

/// How many connections are kept when nobody uses them.
const IDLE: usize = 8;

impl Pool {
    pub(super) fn open(path: &Path) -> Result<Pool> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let missing = |_| MemoryError::Missing { path: path.clone() };
        let opened = FileId::of(&path).map_err(missing)?;
        check_header(&path)?;
        let connection = connect(&path)?;
        migrate::bring_up_to_date(&connection, &path)?;
        // Reading shows at once whether the file system has what WAL needs.
        super::read::head(&connection).map_err(fault(&path))?;
        Ok(Pool { path, idle: Mutex::new(vec![connection]), opened })
    }

    /// Makes a new memory. It is made under another name, so that the file is never there but
    /// whole.
    pub(super) fn create(path: &Path) -> Result<Pool> {
        let making = beside(path, &format!(".new-{}", std::process::id()));
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::AlreadyExists => MemoryError::Exists { path: path.to_owned() },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                MemoryError::ReadOnly { path: path.to_owned(), cause: error.to_string() }
            }
            ErrorKind::StorageFull => {
                MemoryError::Full { path: path.to_owned(), cause: error.to_string() }
            }
            _ => MemoryError::Store { path: path.to_owned(), cause: Box::new(error) },
        };
        if path.exists() {
            return Err(MemoryError::Exists { path: path.to_owned() });
        }
        let make = || {
            File::create(&making).and_then(|file| file.set_len(0)).map_err(failed)?;
            migrate::create(&connect(&making)?, &making)?;
            // A link, unlike a rename, never takes the place of a file that came meanwhile.
            match std::fs::hard_link(&making, path) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
                    std::fs::rename(&making, path)
                }
                linked => linked,
            }
            .map_err(failed)
        };
        let made = make();
        let _ = std::fs::remove_file(&making);
        made?;
        Pool::open(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A connection to the file that was opened, if it is still that file.
    pub(super) fn lease(&self) -> Result<Lease<'_>> {
        if FileId::of(&self.path).ok() != Some(self.opened) {
            return Err(MemoryError::Replaced { path: self.path.clone() });
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| connect(&self.path), Ok)?;
        Ok(Lease { pool: self, connection: Some(connection) })
    }
}

impl Lease<'_> {
    pub(super) fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("it is taken only when the lease is dropped")
    }

    pub(super) fn path(&self) -> &Path {
        &self.pool.path
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
            return;
        }
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
    }
}

/// Opens a connection and makes it durable and patient.
fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(64);
        // Else SQLite, as it is bundled, plans a query with a range anew for every value.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // FULL: a commit is on the disk when it returns. secure_delete: what was purged is gone
        // from the file, from pages that are not in use any more, too. The cache, 16 MB, bounds
        // what a connection takes.
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;
             PRAGMA journal_size_limit = 67108864;
             PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )?;
        Ok(connection)
    };
    open().map_err(fault(path))
}

/// Refuses what is not a memory before SQLite touches it.
fn check_header(path: &Path) -> Result<()> {
    use std::io::Read;
    let foreign = |what: &str| MemoryError::NotAMemory { path: path.into(), what: what.into() };
    let mut header = [0; 100];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    match read {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(foreign("it is too short to be one"));
        }
        Err(error) if error.kind() == ErrorKind::IsADirectory => {
            return Err(foreign("it is a directory"));
        }
        Err(error) => {
            return Err(MemoryError::Store { path: path.into(), cause: Box::new(error) });
        }
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(foreign("it is not an SQLite file"));
    }
    let field = |at: usize| {
        i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    if field(68) != migrate::APPLICATION_ID {
        return Err(foreign("it is the SQLite file of another program"));
    }
    Ok(())
}

/// Tells a file from another one under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId(u64, u64);

impl FileId {
    #[cfg(unix)]
    fn of(path: &Path) -> std::io::Result<FileId> {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).map(|metadata| FileId(metadata.dev(), metadata.ino()))
    }

    /// Elsewhere an open file can not be replaced; that it is there is enough.
    #[cfg(not(unix))]
    fn of(path: &Path) -> std::io::Result<FileId> {
        std::fs::metadata(path).map(|_| FileId(0, 0))
    }
}
