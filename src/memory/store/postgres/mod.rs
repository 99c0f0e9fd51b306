//! A store on a PostgreSQL server.
//!
//! The tables are those of `schema.sql`, in a schema of the memory's own. A reader holds one state
//! by a transaction of isolation REPEATABLE READ; a writer holds an advisory lock of the server, so
//! that there is one at a time, and its revision is there for all when its transaction commits.

mod address;
mod buffer;
mod fault;
mod migrate;
mod read;
mod session;
mod transaction;

use std::time::{Duration, Instant};

use super::{Head, Read, Result, Store, Transaction};
use crate::memory::MemoryError;
pub(crate) use address::Address;
use fault::fault;
use read::{Connected, Tables};
use session::{Lease, Outcome, Pool, Session};
use tokio_postgres::error::SqlState;
use transaction::PostgresTransaction;

/// Units and journal on a PostgreSQL server.
#[derive(Debug)]
pub(crate) struct PostgresStore {
    pool: Pool,
}

impl PostgresStore {
    pub(crate) fn open(address: Address) -> Result<PostgresStore> {
        let pool = Pool::new(address);
        let look = |session: &Session| migrate::bring_up_to_date(session, pool.address()).map(Ok);
        drop(pool.lease(look)?);
        Ok(PostgresStore { pool })
    }

    pub(crate) fn create(address: Address) -> Result<PostgresStore> {
        let pool = Pool::new(address);
        let make = |session: &Session| migrate::create(session, pool.address()).map(Ok);
        drop(pool.lease(make)?);
        PostgresStore::open(pool.address().clone())
    }
}

impl Store for PostgresStore {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let head = |session: &Session| Ok(read::begin(session, begin));
        let (lease, head) = self.pool.lease(head)?;
        Ok(Box::new(Tables(Snapshot { lease, head })))
    }

    fn write(&self, purpose: &str, patience: Duration) -> Result<Box<dyn Transaction + '_>> {
        let start = Instant::now();
        let (lease, head) = self.pool.lease(|session| {
            let left = patience.saturating_sub(start.elapsed());
            match lock(session, self.pool.address(), purpose, left) {
                Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                    Err(MemoryError::Busy {
                        holder: holder(session, self.pool.address()),
                        waited: start.elapsed().as_secs_f64(),
                    })
                }
                locked => Ok(locked.and_then(|()| read::head(session))),
            }
        })?;
        Ok(Box::new(Tables(PostgresTransaction::begin(lease, head))))
    }
}

/// Begins a transaction and becomes the one writer.
fn lock(session: &Session, address: &Address, purpose: &str, patience: Duration) -> Outcome<()> {
    // 0 would mean to wait for ever.
    let wait = patience.as_millis().clamp(1, i32::MAX as u128);
    session.batch(&format!("BEGIN; SET LOCAL lock_timeout = {wait}"))?;
    let name = format!("chancery: {purpose}");
    session.query("SELECT set_config('application_name', $1, true)", &[&name])?;
    let (class, object) = migrate::lock_key(address);
    session.batch(&format!(
        "SELECT pg_advisory_xact_lock({class}, {object}); SET LOCAL lock_timeout = 0"
    ))
}

/// Who has the lock.
fn holder(session: &Session, address: &Address) -> String {
    let (class, object) = migrate::lock_key(address);
    let ask = || -> Outcome<Option<String>> {
        session.batch("ROLLBACK")?;
        let sql = "SELECT coalesce(application_name, '') || ' (backend ' || pid || ', role '
            || coalesce(usename::text, '?') || ')'
            FROM pg_catalog.pg_locks JOIN pg_catalog.pg_stat_activity USING (pid)
            WHERE locktype = 'advisory' AND granted AND objsubid = 2
            AND datname = current_database()
            AND classid::bigint = $1 AND objid::bigint = $2";
        let row = session.first(sql, &[&i64::from(class as u32), &i64::from(object as u32)])?;
        Ok(row.map(|row| row.get(0)))
    };
    // The holder may have finished in this very moment.
    ask().ok().flatten().unwrap_or_else(|| "another program".to_owned())
}

struct Snapshot<'s> {
    lease: Lease<'s>,
    head: Head,
}

impl Connected for Snapshot<'_> {
    fn lease(&self) -> &Lease<'_> {
        &self.lease
    }

    fn seen_head(&self) -> Head {
        self.head
    }
}

/// Turns what the server reports into errors of the memory.
fn failed(lease: &Lease<'_>) -> impl Fn(tokio_postgres::Error) -> MemoryError {
    fault(&lease.address().shown)
}
