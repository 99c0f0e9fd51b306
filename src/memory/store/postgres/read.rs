//! Reading the tables.

use std::cell::Ref;
use std::ops::RangeInclusive;

use tokio_postgres::Row;

use super::buffer::Buffer;
use super::failed;
use super::session::{Lease, Outcome, Session};
use crate::memory::MemoryError;
use crate::memory::finder::Finder;
use crate::memory::journal::{Counts, Operation, Revision};
use crate::memory::record::{Keys, Record};
use crate::memory::store::{Alike, Head, Place, Read, Result, places};
use crate::memory::verify::damaged;

/// Something that holds a connection within a transaction: then it can be read from.
pub(super) trait Connected {
    fn lease(&self) -> &Lease;
    fn seen_head(&self) -> Head;
    /// What is not in the tables yet.
    fn held_back(&self) -> Option<Ref<'_, Buffer>> {
        None
    }
    /// Whether it is certain, without a look at the tables, that no unit has this source.
    fn is_new_source(&self, _source: u64) -> Result<bool> {
        Ok(false)
    }
    /// The unit, where that is known without a look at the tables.
    fn known(&self, _unit: u64) -> Option<Option<Record>> {
        None
    }
    /// Fetches these, so that they are known.
    fn expect(&self, _units: &[u64]) -> Result<()> {
        Ok(())
    }
    /// This, where it can search.
    fn finder(tables: &Tables<Self>) -> Option<&dyn Finder>
    where
        Self: Sized,
    {
        let _ = tables;
        None
    }
    /// Whether the signatures fit the units.
    fn verify_signatures(&self) -> Result<()> {
        Ok(())
    }
    /// Writes what is held back, so that the tables have everything.
    fn settle(&self) -> Result<()> {
        Ok(())
    }
}

/// What is read from the tables, and, in a transaction, from what is not in them yet.
pub(super) struct Tables<T>(pub(super) T);

impl<T: Connected> Read for Tables<T> {
    fn head(&self) -> Result<Head> {
        Ok(self.0.seen_head())
    }

    fn get(&self, unit: u64) -> Result<Option<Record>> {
        if let Some(known) = self.0.known(unit) {
            return Ok(known);
        }
        let sql = "SELECT record FROM unit WHERE id = $1";
        let row = self.0.lease().session().first(sql, &[&number(unit)]);
        Ok(row.map_err(failed(self.0.lease()))?.map(|row| record(&row, 0)))
    }

    fn page(&self, after: u64, limit: usize) -> Result<Vec<(u64, Record)>> {
        self.0.settle()?;
        let sql = "SELECT id, record FROM unit WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = self.0.lease().session().query(sql, &[&number(after), &count(limit)]);
        let rows = rows.map_err(failed(self.0.lease()))?;
        Ok(rows.iter().map(|row| (id(row, 0), record(row, 1))).collect())
    }

    fn alike(
        &self,
        keys: Keys,
        alike: Alike,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>> {
        if self.0.is_new_source(keys.source)? {
            return Ok(Vec::new());
        }
        let held_back = self.0.held_back();
        let (first, last) = alike.bounds(keys);
        // No unit has the number 0, so nothing is at `first` itself.
        let mut from = after.map_or(first, |after| after.max(first));
        let mut found = Vec::new();
        while found.len() < limit {
            let sql = "SELECT context, texts, body, unit FROM unit_key WHERE source = $1
                AND (context, texts, body, unit) > ($2, $3, $4, $5)
                AND (context, texts, body, unit) <= ($6, $7, $8, $9)
                ORDER BY context, texts, body, unit LIMIT $10";
            let [context, texts, body, unit] = place(&from);
            let [last_context, last_texts, last_body, last_unit] = place(&last);
            let rows = self.0.lease().session().query(
                sql,
                &[
                    &(keys.source as i64),
                    &context,
                    &texts,
                    &body,
                    &unit,
                    &last_context,
                    &last_texts,
                    &last_body,
                    &last_unit,
                    &count(limit),
                ],
            );
            let rows = rows.map_err(failed(self.0.lease()))?;
            for row in &rows {
                let key = |column: usize| row.get::<_, i64>(column) as u32;
                let (context, texts, body) = (key(0), key(1), key(2));
                from = (Keys { source: keys.source, context, texts, body }, id(row, 3));
                let forgotten = |held: &Ref<'_, Buffer>| held.forgotten.contains(&from);
                if !held_back.as_ref().is_some_and(forgotten) {
                    found.push(from);
                }
            }
            if rows.len() < limit {
                break;
            }
        }
        if let Some(held) = held_back {
            found.extend(places(&held.keys, keys, alike, after, limit));
            found.sort_unstable();
            found.truncate(limit);
        }
        Ok(found)
    }

    fn revision(&self, revision: u64) -> Result<Option<Revision>> {
        let found = self.revisions(revision.saturating_add(1), 1)?;
        Ok(found.into_iter().find(|found| found.id == revision))
    }

    fn revisions(&self, below: u64, limit: usize) -> Result<Vec<Revision>> {
        let sql = "SELECT id, time, author, operation, origin, undoes, added, changed, removed,
            reversible FROM revision WHERE id < $1 ORDER BY id DESC LIMIT $2";
        let rows = self.0.lease().session().query(sql, &[&number(below), &count(limit)]);
        rows.map_err(failed(self.0.lease()))?.iter().map(revision).collect()
    }

    fn touched(&self, by: RangeInclusive<u64>, after: u64, limit: usize) -> Result<Vec<u64>> {
        self.0.settle()?;
        let session = self.0.lease().session();
        let touched = || -> Outcome<Vec<u64>> {
            let (first, last, after_unit) = (number(*by.start()), number(*by.end()), number(after));
            let sql = "SELECT DISTINCT unit FROM change WHERE revision BETWEEN $1 AND $2
                AND unit > $3 ORDER BY unit LIMIT $4";
            let rows = session.query(sql, &[&first, &last, &after_unit, &count(limit)])?;
            let mut units: Vec<u64> = rows.iter().map(|row| id(row, 0)).collect();
            // Each range has a unit at least, so that no more than `limit` of them are needed.
            let sql = "SELECT first, last FROM added WHERE revision BETWEEN $1 AND $2
                AND last > $3 ORDER BY first LIMIT $4";
            let ranges = session.query(sql, &[&first, &last, &after_unit, &count(limit)])?;
            // Whatever was found before: those may all have greater numbers.
            let mut room = limit;
            for row in &ranges {
                let known = units.len();
                units.extend((id(row, 0).max(after + 1)..=id(row, 1)).take(room));
                room -= units.len() - known;
            }
            units.sort_unstable();
            units.dedup();
            units.truncate(limit);
            Ok(units)
        };
        touched().map_err(failed(self.0.lease()))
    }

    fn at(&self, unit: u64, revision: u64) -> Result<Option<Record>> {
        self.0.settle()?;
        let before = || -> Outcome<Option<Option<Record>>> {
            let session = self.0.lease().session();
            if added_by(session, unit)?.is_some_and(|added| added > revision) {
                return Ok(Some(None));
            }
            let sql = "SELECT before FROM change WHERE unit = $1 AND revision > $2
                ORDER BY revision LIMIT 1";
            let row = session.first(sql, &[&number(unit), &number(revision)])?;
            Ok(row.map(|row| row.get::<_, Option<&[u8]>>(0).map(Record::from_bytes)))
        };
        match before().map_err(failed(self.0.lease()))? {
            Some(before) => Ok(before),
            None => self.get(unit),
        }
    }

    fn history(&self, unit: u64) -> Result<Vec<u64>> {
        self.0.settle()?;
        let history = || -> Outcome<Vec<u64>> {
            let session = self.0.lease().session();
            let mut revisions: Vec<u64> = added_by(session, unit)?.into_iter().collect();
            let sql = "SELECT revision FROM change WHERE unit = $1 ORDER BY revision";
            let rows = session.query(sql, &[&number(unit)])?;
            revisions.extend(rows.iter().map(|row| id(row, 0)));
            Ok(revisions)
        };
        history().map_err(failed(self.0.lease()))
    }

    fn concept(&self, id: &str) -> Result<Option<String>> {
        let row = self.0.lease().session().first("SELECT text FROM concept WHERE id = $1", &[&id]);
        Ok(row.map_err(failed(self.0.lease()))?.map(|row| row.get(0)))
    }

    fn concepts(&self, after: &str, limit: usize) -> Result<Vec<(String, String)>> {
        let sql = "SELECT id, text FROM concept WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = self.0.lease().session().query(sql, &[&after, &count(limit)]);
        let rows = rows.map_err(failed(self.0.lease()))?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    fn touched_concepts(&self, by: u64) -> Result<Vec<String>> {
        let sql = "SELECT concept FROM concept_change WHERE revision = $1 ORDER BY concept";
        let rows = self.0.lease().session().query(sql, &[&number(by)]);
        Ok(rows.map_err(failed(self.0.lease()))?.iter().map(|row| row.get(0)).collect())
    }

    fn concept_at(&self, id: &str, revision: u64) -> Result<Option<String>> {
        let sql = "SELECT before FROM concept_change WHERE concept = $1 AND revision > $2
            ORDER BY revision LIMIT 1";
        let row = self.0.lease().session().first(sql, &[&id, &number(revision)]);
        match row.map_err(failed(self.0.lease()))? {
            Some(row) => Ok(row.get(0)),
            None => self.concept(id),
        }
    }

    fn verify(&self) -> Result<()> {
        self.0.settle()?;
        // Every unit has the one row of keys that its record begins with, and every change
        // belongs to a revision.
        let astray = [
            (
                "the table of keys",
                "SELECT count(*) || ' rows, ' || (SELECT count(*) FROM unit) || ' units'
                 FROM unit_key HAVING count(*) <> (SELECT count(*) FROM unit)",
            ),
            (
                "the table of keys",
                "SELECT 'unit ' || k.unit || ' is not there' FROM unit_key k
                 WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = k.unit) LIMIT 1",
            ),
            (
                "the journal",
                "SELECT 'a change of unknown revision ' || c.revision FROM change c
                 WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.id = c.revision) LIMIT 1",
            ),
            (
                "the journal",
                "SELECT 'a concept changed by unknown revision ' || c.revision
                 FROM concept_change c
                 WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.id = c.revision) LIMIT 1",
            ),
        ];
        for (what, sql) in astray {
            let found = self.0.lease().session().first(sql, &[]).map_err(failed(self.0.lease()))?;
            if let Some(row) = found {
                return Err(damaged(what, row.get(0)));
            }
        }
        self.0.verify_signatures()
    }

    fn finder(&self) -> Option<&dyn Finder> {
        T::finder(self)
    }

    fn expect(&self, units: &[u64]) -> Result<()> {
        self.0.expect(units)
    }
}

/// The revision with which a unit first came.
fn added_by(session: &Session, unit: u64) -> Outcome<Option<u64>> {
    let sql = "SELECT last, revision FROM added WHERE first <= $1 ORDER BY first DESC LIMIT 1";
    let row = session.first(sql, &[&number(unit)])?;
    let range = row.map(|row| (id(&row, 0), id(&row, 1)));
    Ok(range.filter(|&(last, _)| unit <= last).map(|(_, revision)| revision))
}

/// Where the memory stands, and the version of its topology.
pub(super) const HEAD: &str = "SELECT revision, units, next_unit, purged, topology FROM memory";

/// What [`HEAD`] says.
pub(super) fn head(rows: &[Row]) -> (Head, i32) {
    let Some(row) = rows.first() else { return <_>::default() };
    let (revision, units) = (id(row, 0), id(row, 1));
    (Head { revision, units, next_unit: id(row, 2), purged: id(row, 3) }, row.get(4))
}

fn revision(row: &Row) -> Result<Revision> {
    let (id_, operation): (u64, &str) = (id(row, 0), row.get(3));
    let operation = Operation::from_name(operation).ok_or_else(|| MemoryError::Damaged {
        what: format!("revision {id_}"),
        cause: format!("it has an unknown operation `{operation}`"),
    })?;
    Ok(Revision {
        id: id_,
        time: row.get(1),
        author: row.get(2),
        operation,
        origin: row.get(4),
        undoes: row.get::<_, Option<i64>>(5).map(|undoes| undoes as u64),
        counts: Counts { added: id(row, 6), changed: id(row, 7), removed: id(row, 8) },
        reversible: row.get(9),
    })
}

/// Numbers of units and revisions stay far below 2⁶³; what is asked for beyond is not there.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

pub(super) fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn id(row: &Row, column: usize) -> u64 {
    row.get::<_, i64>(column) as u64
}

pub(super) fn record(row: &Row, column: usize) -> Record {
    Record::from_bytes(row.get::<_, &[u8]>(column))
}

/// What follows the source in a row of keys.
pub(super) fn place((keys, unit): &Place) -> [i64; 4] {
    [keys.context.into(), keys.texts.into(), keys.body.into(), number(*unit)]
}
