//! Writing the tables.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::connection::Lease;
use super::fault::fault;
use super::lock::WriterLock;
use super::read::{Connected, head, number};
use crate::memory::journal::{Counts, Revision};
use crate::memory::record::{Keys, Record};
use crate::memory::store::sources::Sources;
use crate::memory::store::{Head, Place, Read, Result, Transaction};

/// How many keys of new units are held back, to be written in their order: writing them as they
/// come would touch another page of the table for each.
const KEYS_HELD: usize = 1 << 20;

/// After how many questions for units that are alike the sources are kept in RAM.
const ASKED_OFTEN: u64 = 1000;

/// A change in the making: an SQLite transaction under the writer's lock.
pub(super) struct SqliteTransaction<'s> {
    lease: Lease<'s>,
    base: Head,
    next_unit: u64,
    /// Keys of new units that are not yet in the table.
    held_back: BTreeSet<Place>,
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
    _lock: WriterLock,
}

#[derive(Clone, Copy)]
struct Touched {
    existed: bool,
    exists: bool,
    /// Whether it was changed more than once, so that it may be again what it was.
    often: bool,
}

impl Connected for SqliteTransaction<'_> {
    fn connection(&self) -> &Connection {
        self.lease.connection()
    }

    fn path(&self) -> &Path {
        self.lease.path()
    }

    fn seen_head(&self) -> Head {
        Head { next_unit: self.next_unit, ..self.base }
    }

    fn held_back(&self) -> Option<&BTreeSet<Place>> {
        Some(&self.held_back)
    }

    fn is_new_source(&self, source: u64) -> rusqlite::Result<bool> {
        let mut sources = self.sources.borrow_mut();
        if sources.is_none() {
            self.asked.set(self.asked.get() + 1);
            // To read all keys pays when so many questions came that as many more must be feared.
            if self.asked.get() < ASKED_OFTEN.max(self.base.units / 64) {
                return Ok(false);
            }
            let sql = "SELECT source FROM unit_key";
            let mut statement = self.connection().prepare_cached(sql)?;
            let mut known = Sources::default();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                known.add(row.get::<_, i64>(0)? as u64);
            }
            self.held_back.iter().for_each(|(keys, _)| known.add(keys.source));
            *sources = Some(known);
        }
        Ok(sources.as_ref().is_some_and(|known| !known.may_have(source)))
    }
}

impl<'s> SqliteTransaction<'s> {
    /// Begins a transaction with the lock in hand.
    pub(super) fn begin(lease: Lease<'s>, lock: WriterLock) -> Result<SqliteTransaction<'s>> {
        let begin = || {
            lease.connection().execute_batch("BEGIN IMMEDIATE")?;
            head(lease.connection())
        };
        let base = begin().map_err(fault(lease.path()))?;
        Ok(SqliteTransaction {
            lease,
            base,
            next_unit: base.next_unit,
            held_back: BTreeSet::new(),
            sources: RefCell::default(),
            asked: Cell::default(),
            touched: BTreeMap::new(),
            dropped: 0,
            touched_concepts: BTreeMap::new(),
            purge: None,
            _lock: lock,
        })
    }

    fn is_new(&self, unit: u64) -> bool {
        unit >= self.base.next_unit
    }

    /// The revision that this will be.
    fn revision(&self) -> u64 {
        self.base.revision + 1
    }

    fn remember(&mut self, unit: u64, before: Option<&Record>, exists: bool) -> Result<()> {
        let existed = before.is_some();
        if let Some(touched) = self.touched.get_mut(&unit) {
            touched.exists = exists;
            touched.often = true;
            return Ok(());
        }
        self.touched.insert(unit, Touched { existed, exists, often: false });
        let sql = "INSERT INTO change (unit, revision, before) VALUES (?1, ?2, ?3)";
        let values = params![number(unit), number(self.revision()), before.map(Record::as_bytes)];
        self.run(sql, values)
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        let run = || self.connection().prepare_cached(sql)?.execute(values);
        run().map(drop).map_err(fault(self.path()))
    }

    fn forget_key(&mut self, unit: u64, keys: Keys) -> Result<()> {
        if self.held_back.remove(&(keys, unit)) {
            return Ok(());
        }
        let sql = "DELETE FROM unit_key WHERE source = ?1 AND context = ?2 AND texts = ?3
            AND body = ?4 AND unit = ?5";
        self.run(sql, key_values(&(keys, unit)))
    }

    fn hold_back(&mut self, unit: u64, keys: Keys) -> Result<()> {
        self.held_back.insert((keys, unit));
        if let Some(sources) = self.sources.get_mut() {
            sources.add(keys.source);
        }
        if self.held_back.len() >= KEYS_HELD { self.write_keys() } else { Ok(()) }
    }

    fn write_keys(&mut self) -> Result<()> {
        let keys = std::mem::take(&mut self.held_back);
        let write = || {
            let sql = "INSERT INTO unit_key (source, context, texts, body, unit)
                VALUES (?1, ?2, ?3, ?4, ?5)";
            let mut insert = self.connection().prepare_cached(sql)?;
            // In the order of the table, whose numbers have a sign.
            let (lower, upper): (Vec<_>, Vec<_>) =
                keys.iter().partition(|(keys, _)| keys.source > i64::MAX as u64);
            for place in lower.into_iter().chain(upper) {
                insert.execute(key_values(place))?;
            }
            Ok(())
        };
        write().map_err(fault(self.path()))
    }

    /// Whether a unit changed more than once is again what it was.
    fn is_as_before(&self, unit: u64) -> rusqlite::Result<bool> {
        let sql = "SELECT change.before IS unit.record FROM change
            LEFT JOIN unit ON unit.id = change.unit
            WHERE change.unit = ?1 AND change.revision = ?2";
        self.connection()
            .prepare_cached(sql)?
            .query_row([number(unit), number(self.revision())], |row| row.get(0))
    }

    fn write_journal(&self, revision: &Revision, counts: Counts) -> rusqlite::Result<()> {
        let connection = self.connection();
        for (&unit, touched) in &self.touched {
            if touched.often && self.is_as_before(unit)? {
                let sql = "DELETE FROM change WHERE unit = ?1 AND revision = ?2";
                let row = [number(unit), number(self.revision())];
                connection.prepare_cached(sql)?.execute(row)?;
            }
        }
        for (id, before) in &self.touched_concepts {
            let sql = "SELECT text FROM concept WHERE id = ?1";
            let mut now = connection.prepare_cached(sql)?;
            let now: Option<String> = now.query_row([id], |row| row.get(0)).optional()?;
            if now != *before {
                let sql = "INSERT INTO concept_change (concept, revision, before)
                    VALUES (?1, ?2, ?3)";
                let row = params![id, number(self.revision()), before];
                connection.prepare_cached(sql)?.execute(row)?;
            }
        }
        if self.next_unit > self.base.next_unit {
            let range = [self.base.next_unit, self.next_unit - 1, self.revision()].map(number);
            let sql = "INSERT INTO added (first, last, revision) VALUES (?1, ?2, ?3)";
            connection.prepare_cached(sql)?.execute(range)?;
        }
        let purged = self.base.purged.max(self.purge.unwrap_or_default());
        if let Some(through) = self.purge {
            let through = [number(through)];
            let sql = "DELETE FROM change WHERE revision <= ?1";
            connection.prepare_cached(sql)?.execute(through)?;
            let sql = "DELETE FROM concept_change WHERE revision <= ?1";
            connection.prepare_cached(sql)?.execute(through)?;
            let sql = "UPDATE revision SET reversible = 0 WHERE id <= ?1";
            connection.prepare_cached(sql)?.execute(through)?;
        }
        let sql = "SELECT max(time) FROM revision WHERE id = ?1";
        let last: Option<i64> = connection
            .prepare_cached(sql)?
            .query_row([number(self.base.revision)], |row| row.get(0))
            .optional()?
            .flatten();
        let sql = "INSERT INTO revision (id, time, author, operation, origin, undoes, added,
            changed, removed, reversible, stamp)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, random())";
        connection.prepare_cached(sql)?.execute(params![
            number(self.revision()),
            last.unwrap_or(i64::MIN).max(revision.time),
            revision.author,
            revision.operation.name(),
            revision.origin,
            revision.undoes.map(number),
            number(revision.counts.added),
            number(revision.counts.changed),
            number(revision.counts.removed),
            revision.reversible,
        ])?;
        let sql = "UPDATE memory SET revision = ?1, next_unit = ?2, units = ?3, purged = ?4";
        let units = self.base.units + counts.added - counts.removed;
        let row = [self.revision(), self.next_unit, units, purged].map(number);
        connection.prepare_cached(sql)?.execute(row)?;
        connection.execute_batch("COMMIT")?;
        if self.purge.is_some() {
            // What is forgotten must leave the log of writes, too. Where others still read it, it
            // leaves when the last of them closes the memory.
            let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        Ok(())
    }
}

fn key_values((keys, unit): &Place) -> [i64; 5] {
    let Keys { source, context, texts, body } = *keys;
    [source as i64, context.into(), texts.into(), body.into(), number(*unit)]
}

impl Transaction for SqliteTransaction<'_> {
    fn insert(&mut self, record: Record) -> Result<u64> {
        let unit = self.next_unit;
        let sql = "INSERT INTO unit (id, record) VALUES (?1, ?2)";
        self.run(sql, params![number(unit), record.as_bytes()])?;
        self.next_unit += 1;
        self.hold_back(unit, record.keys())?;
        Ok(unit)
    }

    fn put(&mut self, unit: u64, record: Option<Record>) -> Result<()> {
        let before = self.get(unit)?;
        if before == record {
            return Ok(());
        }
        if self.is_new(unit) {
            self.dropped = self.dropped + u64::from(before.is_some()) - u64::from(record.is_some());
        } else {
            self.remember(unit, before.as_ref(), record.is_some())?;
        }
        let (old, new) = (before.as_ref().map(Record::keys), record.as_ref().map(Record::keys));
        if let Some(old) = old
            && Some(old) != new
        {
            self.forget_key(unit, old)?;
        }
        if let Some(new) = new
            && Some(new) != old
        {
            self.hold_back(unit, new)?;
        }
        match record {
            Some(record) => self.run(
                "INSERT OR REPLACE INTO unit (id, record) VALUES (?1, ?2)",
                params![number(unit), record.as_bytes()],
            ),
            None => self.run("DELETE FROM unit WHERE id = ?1", [number(unit)]),
        }
    }

    fn put_concept(&mut self, id: &str, text: Option<String>) -> Result<()> {
        let before = self.concept(id)?;
        if before == text {
            return Ok(());
        }
        self.touched_concepts.entry(id.to_owned()).or_insert(before);
        match text {
            Some(text) => {
                self.run("INSERT OR REPLACE INTO concept (id, text) VALUES (?1, ?2)", [id, &text])
            }
            None => self.run("DELETE FROM concept WHERE id = ?1", [id]),
        }
    }

    fn purge(&mut self, through: u64) -> Result<()> {
        self.purge = Some(through);
        Ok(())
    }

    fn counts(&mut self) -> Result<Counts> {
        let mut counts = self.unit_counts()?;
        for (id, before) in &self.touched_concepts {
            counts.add(before.as_ref(), self.concept(id)?.as_ref());
        }
        Ok(counts)
    }

    fn commit(mut self: Box<Self>, revision: Revision) -> Result<u64> {
        self.write_keys()?;
        let counts = self.unit_counts()?;
        self.write_journal(&revision, counts).map_err(fault(self.path()))?;
        Ok(self.revision())
    }
}

impl SqliteTransaction<'_> {
    fn unit_counts(&self) -> Result<Counts> {
        let added = self.next_unit - self.base.next_unit - self.dropped;
        let mut counts = Counts { added, ..Counts::default() };
        for (&unit, touched) in &self.touched {
            match (touched.existed, touched.exists) {
                (false, false) => {}
                (false, true) => counts.added += 1,
                (true, false) => counts.removed += 1,
                (true, true) => {
                    let same =
                        touched.often && self.is_as_before(unit).map_err(fault(self.path()))?;
                    counts.changed += u64::from(!same);
                }
            }
        }
        Ok(counts)
    }
}
