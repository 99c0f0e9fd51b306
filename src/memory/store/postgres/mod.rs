//! A store on a PostgreSQL server.
//!
//! The tables are those of `schema.sql`, in a schema of the memory's own. A reader holds one state
//! by a transaction of isolation REPEATABLE READ; a writer holds an advisory lock of the server, so
//! that there is one at a time, and its revision is there for all when its transaction commits.

mod address;
mod buffer;
mod fault;
mod frequencies;
mod migrate;
mod plan;
mod read;
mod search;
mod session;
mod shards;
mod signature;
mod transaction;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;

use super::{Head, Read, Result, Store, Transaction};
use crate::memory::MemoryError;
use crate::memory::address::without_password;
use crate::memory::finder::Finder;
use crate::memory::record::Record;
use crate::memory::verify::damaged;
use crate::similarity::Outliner;
pub(crate) use address::Address;
use fault::fault;
use frequencies::Frequencies;
use read::{Connected, HEAD, Tables, head};
use search::Expected;
use session::{Lease, Outcome, Pool, Session};
use shards::{Part, Topology};
use transaction::PostgresTransaction;

/// Units and journal on a PostgreSQL server.
#[derive(Debug)]
pub(crate) struct PostgresStore {
    pool: Arc<Pool>,
    topology: Mutex<Arc<Topology>>,
    searching: Searching,
}

/// What searches know of one another.
#[derive(Debug, Default)]
struct Searching {
    frequencies: Frequencies,
    /// By language, what cuts texts into words and remembers them; the last search left it here.
    outliners: Mutex<HashMap<Box<str>, Outliner>>,
}

/// A scan of a table in its order is never what a search is after.
const BEGIN: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_seqscan = off";

/// How long a read replica may take to show what its shards show.
const REPLICA_PATIENCE: Duration = Duration::from_secs(5);

impl PostgresStore {
    pub(crate) fn open(address: Address) -> Result<PostgresStore> {
        let pool = Pool::new(address);
        migrate::bring_up_to_date(&pool.lease(|_| Ok(Ok(())))?.0)?;
        Ok(PostgresStore { pool, topology: Mutex::default(), searching: Searching::default() })
    }

    pub(crate) fn create(address: Address) -> Result<PostgresStore> {
        let pool = Pool::new(address);
        let make = |session: &Session| migrate::create(session, pool.address()).map(Ok);
        drop(pool.lease(make)?);
        PostgresStore::open(pool.address().clone())
    }

    fn snapshot(&self) -> Result<Tables<Snapshot<'_>>> {
        let begin = |session: &Session| Ok(session.begin(BEGIN, HEAD));
        let (lease, rows) = self.pool.lease(begin)?;
        let (head, topology) = head(&rows);
        Ok(Tables(Snapshot {
            lease,
            head,
            topology,
            signatures: Signatures::Here,
            searching: &self.searching,
            expected: Expected::default(),
        }))
    }

    /// A state to fill shards from: by a role that may not see all, units would be lost to searches.
    fn whole(&self) -> Result<Tables<Snapshot<'_>>> {
        let read = self.snapshot()?;
        if read.0.lease.session().is_guarded("unit").map_err(failed(&read.0.lease))? {
            return Err(MemoryError::Refused {
                path: self.pool.address().shown.clone(),
                cause: "its shards are behind, and a role that may not see all units can not fill \
                        them; who owns the memory can, by any change or lookup"
                    .to_owned(),
            });
        }
        Ok(read)
    }

    /// The shards as they are known here.
    fn topology(&self) -> Arc<Topology> {
        Arc::clone(&self.topology.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads what the shards are now, if that is not known.
    fn learn(&self, lease: &Lease, version: i32) -> Result<Arc<Topology>> {
        let mut topology = self.topology.lock().unwrap_or_else(PoisonError::into_inner);
        if topology.version != version {
            *topology = Arc::new(Topology::load(lease, version)?);
        }
        Ok(Arc::clone(&topology))
    }

    /// Brings shards up to date; gives the first thing that went wrong, after all were tried.
    fn update_shards(&self) -> Result<()> {
        let read = self.whole()?;
        let topology = self.learn(&read.0.lease, read.0.topology)?;
        let count = topology.shards.len();
        let update = |(at, pool)| shards::catch_up(&read, pool, at, count);
        let done: Vec<Result<()>> = topology.shards.iter().enumerate().map(update).collect();
        done.into_iter().collect()
    }
}

impl Store for PostgresStore {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.snapshot()?))
    }

    fn searching(&self, partial: bool) -> Result<Option<Box<dyn Read + '_>>> {
        let (mut updated, begun) = (false, Instant::now());
        loop {
            let topology = self.topology();
            let (mut parts, mut missing) = (Vec::new(), Vec::new());
            for pool in &topology.shards {
                match Part::begin(pool, BEGIN) {
                    Ok(part) => parts.push(part),
                    Err(MemoryError::Unreachable { path, .. }) if partial => {
                        missing.push(path.display().to_string());
                    }
                    Err(error) => return Err(error),
                }
            }
            let mut read = self.snapshot()?;
            if read.0.topology != topology.version {
                self.learn(&read.0.lease, read.0.topology)?;
                continue;
            }
            // Of a read replica, that follows the memory later than its shards do.
            if parts.iter().any(|part| part.revision > read.0.head.revision) {
                if begun.elapsed() > REPLICA_PATIENCE {
                    return Err(MemoryError::Unreachable {
                        path: self.pool.address().shown.clone(),
                        cause: "this replica is behind the shards; ask the primary".to_owned(),
                    });
                }
                drop((parts, read));
                std::thread::sleep(Duration::from_millis(20));
                continue;
            }
            if !topology.shards.is_empty() {
                match shards::behind(&read, &parts)? {
                    Some(fresh) => {
                        read.0.signatures = Signatures::Shards { parts, fresh, missing };
                    }
                    None if updated => {
                        let what = "its shards change faster than they can be read; try again";
                        return Err(MemoryError::Unreachable {
                            path: self.pool.address().shown.clone(),
                            cause: what.to_owned(),
                        });
                    }
                    None => {
                        drop((parts, read));
                        match self.update_shards() {
                            Err(MemoryError::Unreachable { .. }) if partial => {}
                            updated => updated?,
                        }
                        updated = true;
                        continue;
                    }
                }
            }
            return Ok(Some(Box::new(read)));
        }
    }

    fn finds(&self) -> bool {
        true
    }

    fn write(&self, purpose: &str, patience: Duration) -> Result<Box<dyn Transaction + '_>> {
        let (lease, head, topology) = self.locked(purpose, patience)?;
        let sharded = topology > 0;
        Ok(Box::new(Tables(PostgresTransaction::begin(self, lease, head, sharded))))
    }

    fn add_shard(&self, address: &str, patience: Duration) -> Result<()> {
        let pool = Pool::new(Address::beside(address, self.pool.address())?);
        let (lease, _, version) = self.locked("add a shard", patience)?;
        let before = match version {
            0 => 0,
            version => self.learn(&lease, version)?.shards.len(),
        };
        shards::create(&pool)?;
        shards::catch_up(&self.whole()?, &pool, before, before + 1)?;
        let add = || -> Outcome<()> {
            let session = lease.session();
            let shown = without_password(address);
            let sql = "INSERT INTO shard (number, address) VALUES ($1, $2)";
            session.execute(sql, &[&(before as i32), &shown])?;
            session.execute("UPDATE memory SET topology = topology + 1", &[])?;
            if before == 0 {
                session.execute("DELETE FROM signature", &[])?;
            }
            session.batch("COMMIT")
        };
        add().map_err(failed(&lease))?;
        drop(lease);
        // What moved is still on the shards it was on, where it only takes room.
        let topology = self.learn_now()?;
        for (at, pool) in topology.shards.iter().enumerate().take(before) {
            shards::drop_moved(pool, at, before + 1)?;
        }
        Ok(())
    }

    fn shards(&self) -> Result<Vec<(String, Option<u64>)>> {
        let topology = self.learn_now()?;
        let told = |pool: &Arc<Pool>| {
            let address = pool.address().shown.display().to_string();
            match Part::begin(pool, BEGIN) {
                Ok(part) => Ok((address, Some(part.revision))),
                Err(MemoryError::Unreachable { .. }) => Ok((address, None)),
                Err(error) => Err(error),
            }
        };
        topology.shards.iter().map(told).collect()
    }
}

impl PostgresStore {
    fn learn_now(&self) -> Result<Arc<Topology>> {
        let read = self.snapshot()?;
        self.learn(&read.0.lease, read.0.topology)
    }

    /// A connection in a transaction that is the one writer's.
    fn locked(&self, purpose: &str, patience: Duration) -> Result<(Lease, Head, i32)> {
        let start = Instant::now();
        let (lease, (head, topology)) = self.pool.lease(|session| {
            let left = patience.saturating_sub(start.elapsed());
            match lock(session, self.pool.address(), purpose, left) {
                Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                    Err(MemoryError::Busy {
                        holder: holder(session, self.pool.address()),
                        waited: start.elapsed().as_secs_f64(),
                    })
                }
                locked => Ok(locked.and_then(|()| Ok(head(&session.query(HEAD, &[])?)))),
            }
        })?;
        Ok((lease, head, topology))
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
    lease: Lease,
    head: Head,
    topology: i32,
    signatures: Signatures,
    searching: &'s Searching,
    expected: Expected,
}

/// Where the signatures are.
enum Signatures {
    Here,
    Shards {
        parts: Vec<Part>,
        /// Units that one of them does not show yet.
        fresh: BTreeSet<u64>,
        /// Those that are away, where they may be.
        missing: Vec<String>,
    },
}

impl Connected for Snapshot<'_> {
    fn lease(&self) -> &Lease {
        &self.lease
    }

    fn seen_head(&self) -> Head {
        self.head
    }

    fn known(&self, unit: u64) -> Option<Option<Record>> {
        self.expected.get(unit)
    }

    fn expect(&self, units: &[u64]) -> Result<()> {
        self.expected.fetch(&self.lease, units)
    }

    fn finder(tables: &Tables<Self>) -> Option<&dyn Finder> {
        Some(tables)
    }

    fn verify_signatures(&self) -> Result<()> {
        if self.topology > 0 {
            return Ok(());
        }
        let astray = [
            "SELECT 'unit ' || u.id || ' has none' FROM unit u
             WHERE NOT EXISTS (SELECT 1 FROM signature s WHERE s.unit = u.id) LIMIT 1",
            "SELECT 'unit ' || s.unit || ' is not there' FROM signature s
             WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = s.unit) LIMIT 1",
        ];
        for sql in astray {
            let found = self.lease.session().first(sql, &[]).map_err(failed(&self.lease))?;
            if let Some(row) = found {
                return Err(damaged("the table of signatures", row.get(0)));
            }
        }
        Ok(())
    }
}

/// Turns what the server reports into errors of the memory.
fn failed(lease: &Lease) -> impl Fn(tokio_postgres::Error) -> MemoryError {
    fault(&lease.address().shown)
}
