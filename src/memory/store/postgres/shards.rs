//! Signatures on several servers.
//!
//! Units and journal stay where they are, so that a change is made by one commit of one server.
//! What is distributed is what searching takes: each shard has the signatures of the units that
//! [jump hashing](https://arxiv.org/abs/1406.2294) gives it, and says which revision they show. A
//! writer brings the shards up to date after its commit. One that was away is behind until then: a
//! reader scores the units that changed since by itself, and so misses nothing; if they are many,
//! it brings the shard up to date first. A shard that is lost is made anew from the units.
//!
//! A reader takes its state of the shards first and that of the memory after it: so no shard is ever
//! ahead of the memory it reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::address::Address;
use super::buffer::{learn_frequencies, write_signatures};
use super::failed;
use super::migrate::{SIGNATURES, clear_signatures};
use super::read::{id, number};
use super::session::{Lease, Outcome, Pool, Session};
use super::signature::{Signer, rules};
use crate::memory::store::{Read, Result};
use crate::memory::{MemoryError, each};

const TABLES: &str = include_str!("shard.sql");

/// How many units at most a reader scores because a shard does not show them yet.
const MOST_BEHIND: usize = 2000;

/// How many units are signed at a time.
const PAGE: usize = 1 << 14;

/// The shards of a memory.
#[derive(Debug, Default)]
pub(super) struct Topology {
    pub(super) version: i32,
    pub(super) shards: Vec<Arc<Pool>>,
}

impl Topology {
    /// As the memory knows them. Who is to be on a shard is who is on the memory.
    pub(super) fn load(lease: &Lease, version: i32) -> Result<Topology> {
        let rows = lease.session().query("SELECT address FROM shard ORDER BY number", &[]);
        let rows = rows.map_err(failed(lease))?;
        let pool = |row| Ok(Pool::new(Address::beside(row, lease.address())?));
        let shards = rows.iter().map(|row| pool(row.get(0))).collect::<Result<_>>()?;
        Ok(Topology { version, shards })
    }
}

/// The shard of a unit, of so many.
fn owner(unit: u64, shards: usize) -> usize {
    let mut key = xxhash_rust::xxh3::xxh3_64(&unit.to_le_bytes());
    let (mut at, mut next) = (0_i64, 0_i64);
    while next < shards as i64 {
        at = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        next = ((at + 1) as f64 * ((1_u64 << 31) as f64 / ((key >> 33) + 1) as f64)) as i64;
    }
    at as usize
}

/// A shard, held still, and the revision it shows.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) lease: Lease,
    pub(super) revision: u64,
}

const STATE: &str = "SELECT revision, signed FROM part";

impl Part {
    pub(super) fn begin(pool: &Arc<Pool>, begin: &str) -> Result<Part> {
        let (lease, revision) =
            pool.lease(|session| Ok(session.begin(begin, STATE).map(|rows| state(&rows))))?;
        Ok(Part { lease, revision })
    }
}

/// The revision it shows; 0 if its signatures were made by other rules.
fn state(rows: &[tokio_postgres::Row]) -> u64 {
    let row = rows.first().filter(|row| row.get::<_, &str>(1) == rules());
    row.map_or(0, |row| id(row, 0))
}

/// The units that one shard or another does not show yet; none if those are too many.
pub(super) fn behind(read: &dyn Read, parts: &[Part]) -> Result<Option<BTreeSet<u64>>> {
    let head = read.head()?;
    let mut units = BTreeSet::new();
    for part in parts.iter().filter(|part| part.revision < head.revision) {
        if part.revision == 0 || part.revision < head.purged {
            return Ok(None);
        }
        units.extend(read.touched(part.revision + 1..=head.revision, 0, MOST_BEHIND)?);
        if units.len() >= MOST_BEHIND {
            return Ok(None);
        }
    }
    Ok(Some(units))
}

/// Makes a shard show the revision that is read.
pub(super) fn catch_up(read: &dyn Read, pool: &Arc<Pool>, at: usize, shards: usize) -> Result<()> {
    let begin = "BEGIN; LOCK TABLE part IN EXCLUSIVE MODE";
    let Part { lease, revision } = Part::begin(pool, begin)?;
    let (session, head) = (lease.session(), read.head()?);
    if revision >= head.revision && head.revision > 0 {
        return Ok(());
    }
    let mut signer = Signer::default();
    let mut written = 0;
    let mut write = |units: &mut Vec<(u64, crate::memory::record::Record)>| -> Result<()> {
        let (mut signatures, mut words) = (Vec::new(), Vec::new());
        for (unit, record) in units.drain(..) {
            if owner(unit, shards) == at {
                signatures.extend(signer.sign(unit, &record, &mut words)?);
                words.clear();
            }
        }
        written += signatures.len() as u64;
        write_signatures(session, signatures).map_err(failed(&lease))
    };
    let mut units = Vec::new();
    if revision == 0 || revision < head.purged {
        clear_signatures(session).map_err(failed(&lease))?;
        each(read, |unit, record| {
            units.push((unit, record));
            if units.len() >= PAGE { write(&mut units) } else { Ok(()) }
        })?;
        write(&mut units)?;
    } else {
        let mut after = 0;
        loop {
            let page = read.touched(revision + 1..=head.revision, after, PAGE)?;
            let numbers: Vec<i64> = page.iter().map(|&unit| number(unit)).collect();
            let sql = "DELETE FROM signature WHERE unit = ANY ($1)";
            session.execute(sql, &[&numbers]).map_err(failed(&lease))?;
            read.expect(&page)?;
            for &unit in &page {
                units.extend(read.get(unit)?.map(|record| (unit, record)));
            }
            write(&mut units)?;
            match page.last() {
                Some(&last) if page.len() == PAGE => after = last,
                _ => break,
            }
        }
    }
    learn_frequencies(session, written, head.units / shards as u64).map_err(failed(&lease))?;
    let sql = "UPDATE part SET revision = $1, signed = $2, number = $3, shards = $4";
    let (at, shards) = (at as i32, shards as i32);
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
        [&number(head.revision), &rules(), &at, &shards];
    session.execute(sql, &values).map_err(failed(&lease))?;
    session.batch("COMMIT").map_err(failed(&lease))
}

/// Makes the tables of a shard where there are none.
pub(super) fn create(pool: &Arc<Pool>) -> Result<()> {
    let (lease, ()) = pool.lease(|session| Ok(session.batch("BEGIN")))?;
    let session: &Session = lease.session();
    let sql = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1
        AND tablename IN ('part', 'memory')";
    let schema = &lease.address().schema;
    if session.first(sql, &[schema]).map_err(failed(&lease))?.is_some() {
        return Err(MemoryError::Exists { path: lease.address().shown.clone() });
    }
    let make = || -> Outcome<()> {
        session.batch(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))?;
        session.batch(SIGNATURES)?;
        session.batch(TABLES)?;
        session.batch(
            "INSERT INTO part (number, shards, revision, signed) VALUES (0, 0, 0, ''); COMMIT",
        )
    };
    make().map_err(failed(&lease))
}

/// Removes from a shard what is on another since there are more of them.
pub(super) fn drop_moved(pool: &Arc<Pool>, at: usize, shards: usize) -> Result<()> {
    let (lease, ()) =
        pool.lease(|session| Ok(session.batch("BEGIN; LOCK TABLE part IN EXCLUSIVE MODE")))?;
    let session = lease.session();
    let mut after = 0_i64;
    loop {
        let sql = "SELECT unit FROM signature WHERE unit > $1 ORDER BY unit LIMIT 65536";
        let rows = session.query(sql, &[&after]).map_err(failed(&lease))?;
        let Some(last) = rows.last() else { break };
        after = last.get(0);
        let moved = rows.iter().filter(|row| owner(id(row, 0), shards) != at);
        let moved: Vec<i64> = moved.map(|row| row.get(0)).collect();
        let sql = "DELETE FROM signature WHERE unit = ANY ($1)";
        session.execute(sql, &[&moved]).map_err(failed(&lease))?;
    }
    session.batch("COMMIT").map_err(failed(&lease))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A new shard takes units from all others, and no other gets any.
        #[test]
        fn a_new_shard_moves_units_to_itself_only(unit in any::<u64>(), shards in 1_usize..50) {
            let (before, after) = (owner(unit, shards), owner(unit, shards + 1));
            prop_assert!(before < shards);
            prop_assert!(after == before || after == shards);
        }
    }

    #[test]
    fn shards_have_about_as_many_units() {
        let mut counts = [0_u32; 7];
        (0..70_000).for_each(|unit| counts[owner(unit, 7)] += 1);
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
    }
}
