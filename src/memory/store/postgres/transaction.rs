//! Writing the tables.

use std::cell::{Cell, Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use super::buffer::{Buffer, learn_frequencies};
use super::fault::{is_away, told};
use super::migrate::lock_key;
use super::read::{Connected, Tables, id, number};
use super::session::{Lease, Outcome, Session};
use super::{PostgresStore, failed};
use crate::memory::journal::{Counts, Revision};
use crate::memory::record::Record;
use crate::memory::store::sources::Sources;
use crate::memory::store::{Head, Read, Result, Transaction};
use crate::memory::{MemoryError, RevisionId};

/// After how many questions for units that are alike the sources are kept in RAM.
const ASKED_OFTEN: u64 = 1000;

/// How long it is tried to learn what became of a commit when the line broke within it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A change in the making: a transaction of the server under the writer's lock.
pub(super) struct PostgresTransaction<'s> {
    store: &'s PostgresStore,
    lease: Lease,
    base: Head,
    next_unit: u64,
    buffer: RefCell<Buffer>,
    /// Which sources there are, once that was asked often.
    sources: RefCell<Option<Sources>>,
    asked: Cell<u64>,
    /// Units that were not new, and how they were changed.
    touched: BTreeMap<u64, Touched>,
    /// New units that were removed again.
    dropped: u64,
    /// Concepts that were changed, and what they were before.
    touched_concepts: BTreeMap<String, Option<String>>,
    purge: Option<u64>,
}

#[derive(Clone, Copy)]
struct Touched {
    existed: bool,
    exists: bool,
    /// Whether it was changed more than once, so that it may be again what it was.
    often: bool,
}

impl Connected for PostgresTransaction<'_> {
    fn lease(&self) -> &Lease {
        &self.lease
    }

    fn seen_head(&self) -> Head {
        Head { next_unit: self.next_unit, ..self.base }
    }

    fn held_back(&self) -> Option<Ref<'_, Buffer>> {
        Some(self.buffer.borrow())
    }

    fn is_new_source(&self, source: u64) -> Result<bool> {
        let mut sources = self.sources.borrow_mut();
        if sources.is_none() {
            self.asked.set(self.asked.get() + 1);
            // To read all keys pays when so many questions came that as many more must be feared.
            if self.asked.get() < ASKED_OFTEN.max(self.base.units / 64) {
                return Ok(false);
            }
            let mut known = Sources::default();
            let read = self.session().each("SELECT source FROM unit_key", &[], |row| {
                known.add(row.get::<_, i64>(0) as u64);
                Ok(())
            });
            read.map_err(failed(&self.lease))?;
            self.buffer.borrow().keys.iter().for_each(|(keys, _)| known.add(keys.source));
            *sources = Some(known);
        }
        Ok(sources.as_ref().is_some_and(|known| !known.may_have(source)))
    }

    fn known(&self, unit: u64) -> Option<Option<Record>> {
        self.buffer.borrow().unit(unit)
    }

    fn settle(&self) -> Result<()> {
        self.buffer.borrow_mut().write(&self.lease, self.revision())
    }
}

impl<'s> PostgresTransaction<'s> {
    /// A transaction in a connection that has the lock.
    pub(super) fn begin(
        store: &'s PostgresStore,
        lease: Lease,
        base: Head,
        sharded: bool,
    ) -> PostgresTransaction<'s> {
        PostgresTransaction {
            store,
            lease,
            base,
            next_unit: base.next_unit,
            buffer: RefCell::new(Buffer::new(base.next_unit, sharded)),
            sources: RefCell::default(),
            asked: Cell::default(),
            touched: BTreeMap::new(),
            dropped: 0,
            touched_concepts: BTreeMap::new(),
            purge: None,
        }
    }

    fn session(&self) -> &Session {
        self.lease.session()
    }

    fn is_new(&self, unit: u64) -> bool {
        unit >= self.base.next_unit
    }

    /// The revision that this will be.
    fn revision(&self) -> u64 {
        self.base.revision + 1
    }

    fn remember(&mut self, unit: u64, before: Option<Record>, exists: bool) {
        let existed = before.is_some();
        if let Some(touched) = self.touched.get_mut(&unit) {
            touched.exists = exists;
            touched.often = true;
            return;
        }
        self.touched.insert(unit, Touched { existed, exists, often: false });
        self.buffer.get_mut().remember(unit, before);
    }

    fn make_room(&mut self) -> Result<()> {
        let revision = self.revision();
        self.buffer.get_mut().make_room(&self.lease, revision)
    }

    /// Units changed more than once that are again what they were.
    fn unchanged(&self) -> Outcome<BTreeSet<u64>> {
        let often = self.touched.iter().filter(|(_, touched)| touched.often);
        let often: Vec<i64> = often.map(|(&unit, _)| number(unit)).collect();
        if often.is_empty() {
            return Ok(BTreeSet::new());
        }
        let sql = "SELECT change.unit FROM change LEFT JOIN unit ON unit.id = change.unit
            WHERE change.revision = $1 AND change.unit = ANY ($2)
            AND change.before IS NOT DISTINCT FROM unit.record";
        let rows = self.session().query(sql, &[&number(self.revision()), &often])?;
        Ok(rows.iter().map(|row| id(row, 0)).collect())
    }

    fn unit_counts(&self, unchanged: &BTreeSet<u64>) -> Counts {
        let added = self.next_unit - self.base.next_unit - self.dropped;
        let mut counts = Counts { added, ..Counts::default() };
        for (unit, touched) in &self.touched {
            match (touched.existed, touched.exists) {
                (false, false) => {}
                (false, true) => counts.added += 1,
                (true, false) => counts.removed += 1,
                (true, true) => counts.changed += u64::from(!unchanged.contains(unit)),
            }
        }
        counts
    }

    /// Writes all but the end of the transaction.
    fn write_journal(
        &self,
        revision: &Revision,
        counts: Counts,
        unchanged: &BTreeSet<u64>,
        stamp: i64,
    ) -> Outcome<()> {
        let session = self.session();
        let this = number(self.revision());
        if !unchanged.is_empty() {
            let units: Vec<i64> = unchanged.iter().map(|&unit| number(unit)).collect();
            let sql = "DELETE FROM change WHERE revision = $1 AND unit = ANY ($2)";
            session.execute(sql, &[&this, &units])?;
        }
        for (id, before) in &self.touched_concepts {
            let now = session.first("SELECT text FROM concept WHERE id = $1", &[id])?;
            let now: Option<String> = now.map(|row| row.get(0));
            if now != *before {
                let sql = "INSERT INTO concept_change (concept, revision, before)
                    VALUES ($1, $2, $3)";
                session.execute(sql, &[id, &this, before])?;
            }
        }
        if self.next_unit > self.base.next_unit {
            let (first, last) = (number(self.base.next_unit), number(self.next_unit - 1));
            let sql = "INSERT INTO added (first, last, revision) VALUES ($1, $2, $3)";
            session.execute(sql, &[&first, &last, &this])?;
        }
        let purged = number(self.base.purged.max(self.purge.unwrap_or_default()));
        if let Some(through) = self.purge {
            let through = number(through);
            session.execute("DELETE FROM change WHERE revision <= $1", &[&through])?;
            session.execute("DELETE FROM concept_change WHERE revision <= $1", &[&through])?;
            let sql = "UPDATE revision SET reversible = false WHERE id <= $1 AND reversible";
            session.execute(sql, &[&through])?;
        }
        let sql = "INSERT INTO revision (id, time, author, operation, origin, undoes, added,
            changed, removed, reversible, stamp)
            VALUES ($1::bigint, greatest($2::bigint,
            (SELECT time FROM revision WHERE id = $1::bigint - 1)),
            $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        session.execute(
            sql,
            &[
                &this,
                &revision.time,
                &revision.author,
                &revision.operation.name(),
                &revision.origin,
                &revision.undoes.map(number),
                &number(revision.counts.added),
                &number(revision.counts.changed),
                &number(revision.counts.removed),
                &revision.reversible,
                &stamp,
            ],
        )?;
        let sql = "UPDATE memory SET revision = $1, next_unit = $2, units = $3, purged = $4";
        let units = number(self.base.units + counts.added - counts.removed);
        session.execute(sql, &[&this, &number(self.next_unit), &units, &purged])?;
        Ok(())
    }

    /// Whether the revision with this stamp was made, asked on a new line under the writer's lock:
    /// so the end of the old transaction is waited for. None if that can not be learnt.
    fn was_made(&self, stamp: i64) -> Option<bool> {
        let address = self.lease.address();
        let (class, object) = lock_key(address);
        let start = Instant::now();
        let ask = || -> Result<bool> {
            let session = Session::connect(address)?;
            let found = || -> Outcome<bool> {
                session.batch(&format!(
                    "BEGIN; SET LOCAL lock_timeout = {}; SELECT pg_advisory_xact_lock({class}, \
                     {object})",
                    PATIENCE.as_millis()
                ))?;
                let sql = "SELECT 1 FROM revision WHERE id = $1 AND stamp = $2";
                Ok(session.first(sql, &[&number(self.revision()), &stamp])?.is_some())
            };
            found().map_err(failed(&self.lease))
        };
        loop {
            match ask() {
                Ok(made) => return Some(made),
                Err(MemoryError::Unreachable { .. }) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(_) => return None,
            }
        }
    }
}

impl Transaction for Tables<PostgresTransaction<'_>> {
    fn insert(&mut self, record: Record) -> Result<u64> {
        let unit = self.0.next_unit;
        self.0.next_unit += 1;
        let keys = record.keys();
        if let Some(sources) = self.0.sources.get_mut() {
            sources.add(keys.source);
        }
        self.0.buffer.get_mut().add_key(unit, keys);
        self.0.buffer.get_mut().put(unit, Some(record));
        self.0.make_room()?;
        Ok(unit)
    }

    fn put(&mut self, unit: u64, record: Option<Record>) -> Result<()> {
        let before = self.get(unit)?;
        if before == record {
            return Ok(());
        }
        let (old, new) = (before.as_ref().map(Record::keys), record.as_ref().map(Record::keys));
        if self.0.is_new(unit) {
            self.0.dropped =
                self.0.dropped + u64::from(before.is_some()) - u64::from(record.is_some());
        } else {
            self.0.remember(unit, before, record.is_some());
        }
        let buffer = self.0.buffer.get_mut();
        if old != new {
            if let Some(old) = old {
                buffer.forget_key(unit, old);
            }
            if let Some(new) = new {
                buffer.add_key(unit, new);
                if let Some(sources) = self.0.sources.get_mut() {
                    sources.add(new.source);
                }
            }
        }
        buffer.put(unit, record);
        self.0.make_room()
    }

    fn put_concept(&mut self, id: &str, text: Option<String>) -> Result<()> {
        let before = self.concept(id)?;
        if before == text {
            return Ok(());
        }
        self.0.touched_concepts.entry(id.to_owned()).or_insert(before);
        let put = match text {
            Some(text) => {
                let sql = "INSERT INTO concept (id, text) VALUES ($1, $2)
                    ON CONFLICT (id) DO UPDATE SET text = excluded.text";
                self.0.session().execute(sql, &[&id, &text])
            }
            None => self.0.session().execute("DELETE FROM concept WHERE id = $1", &[&id]),
        };
        put.map(drop).map_err(failed(&self.0.lease))
    }

    fn purge(&mut self, through: u64) -> Result<()> {
        self.0.purge = Some(through);
        Ok(())
    }

    fn counts(&mut self) -> Result<Counts> {
        self.0.settle()?;
        let unchanged = self.0.unchanged().map_err(failed(&self.0.lease))?;
        let mut counts = self.0.unit_counts(&unchanged);
        for (id, before) in &self.0.touched_concepts {
            counts.add(before.as_ref(), self.concept(id)?.as_ref());
        }
        Ok(counts)
    }

    fn commit(self: Box<Self>, revision: Revision) -> Result<u64> {
        self.0.settle()?;
        // Random enough to tell one writer from another.
        let stamp = RandomState::new().hash_one(revision.time) as i64;
        let write = || -> Outcome<()> {
            let unchanged = self.0.unchanged()?;
            let counts = self.0.unit_counts(&unchanged);
            let signatures = self.0.buffer.borrow().signatures();
            learn_frequencies(self.0.session(), signatures, self.0.base.units)?;
            self.0.write_journal(&revision, counts, &unchanged, stamp)
        };
        write().map_err(failed(&self.0.lease))?;
        let made = match self.0.session().batch("COMMIT") {
            Ok(()) => self.0.revision(),
            // The line broke: whether before or after the commit only the server knows.
            Err(error) if is_away(&error) => match self.0.was_made(stamp) {
                Some(true) => self.0.revision(),
                Some(false) => return Err(failed(&self.0.lease)(error)),
                None => {
                    return Err(MemoryError::Uncertain {
                        path: self.0.lease.address().shown.clone(),
                        revision: RevisionId::new(self.0.revision()),
                        cause: told(&error),
                    });
                }
            },
            Err(error) => return Err(failed(&self.0.lease)(error)),
        };
        let PostgresTransaction { store, lease, buffer, .. } = self.0;
        drop(lease);
        if buffer.into_inner().is_sharded() {
            // The change is made, whatever becomes of the shards: searches make up for them.
            let _ = store.update_shards();
        }
        Ok(made)
    }
}
