//! A store in one SQLite file.
//!
//! The tables are those of `schema.sql`. The journal of SQLite is a write-ahead log: readers go on
//! while one process writes, and a change is on the disk when its commit returns. Beside the file
//! `m` lie `m-wal` and `m-shm` (SQLite's, gone when the last program closes the memory) and
//! `m.lock` (empty but while someone writes; may be deleted when nobody does).

mod connection;
mod fault;
mod lock;
mod migrate;
mod read;
#[cfg(test)]
mod tests;
mod transaction;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::{Head, Read, Result, Store, Transaction};
use connection::{Lease, Pool};
use fault::fault;
use lock::WriterLock;
use read::Connected;
use transaction::SqliteTransaction;

/// Units and journal in one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    pool: Pool,
}

impl SqliteStore {
    pub(crate) fn open(path: &Path) -> Result<SqliteStore> {
        Pool::open(path).map(|pool| SqliteStore { pool })
    }

    pub(crate) fn create(path: &Path) -> Result<SqliteStore> {
        Pool::create(path).map(|pool| SqliteStore { pool })
    }
}

impl Store for SqliteStore {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        let lease = self.pool.lease()?;
        let begin = || {
            lease.connection().execute_batch("BEGIN")?;
            read::head(lease.connection())
        };
        let head = begin().map_err(fault(lease.path()))?;
        Ok(Box::new(Snapshot { lease, head }))
    }

    fn write(&self, purpose: &str, patience: Duration) -> Result<Box<dyn Transaction + '_>> {
        let lease = self.pool.lease()?;
        let lock = WriterLock::acquire(self.pool.path(), purpose, patience)?;
        Ok(Box::new(SqliteTransaction::begin(lease, lock)?))
    }
}

struct Snapshot<'s> {
    lease: Lease<'s>,
    head: Head,
}

impl Connected for Snapshot<'_> {
    fn connection(&self) -> &Connection {
        self.lease.connection()
    }

    fn path(&self) -> &Path {
        self.lease.path()
    }

    fn seen_head(&self) -> Head {
        self.head
    }
}
