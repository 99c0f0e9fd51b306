//! Reading the tables.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::fault;
use crate::memory::MemoryError;
use crate::memory::journal::{Counts, Operation, Revision};
use crate::memory::record::{Keys, Record};
use crate::memory::store::{Alike, Head, Place, Read, Result, places};
use crate::memory::verify::damaged;

/// Something that holds a connection within a transaction: then it can be read from.
pub(super) trait Connected {
    fn connection(&self) -> &Connection;
    fn path(&self) -> &std::path::Path;
    fn seen_head(&self) -> Head;
    /// Keys that belong into the table but are not there yet.
    fn held_back(&self) -> Option<&BTreeSet<Place>> {
        None
    }
    /// Whether it is certain, without a look at the tables, that no unit has this source.
    fn is_new_source(&self, _source: u64) -> rusqlite::Result<bool> {
        Ok(false)
    }
}

impl<T: Connected> Read for T {
    fn head(&self) -> Result<Head> {
        Ok(self.seen_head())
    }

    fn get(&self, unit: u64) -> Result<Option<Record>> {
        let get = || -> rusqlite::Result<_> {
            let sql = "SELECT record FROM unit WHERE id = ?1";
            self.connection()
                .prepare_cached(sql)?
                .query_row([number(unit)], |row| record(row, 0))
                .optional()
        };
        get().map_err(fault(self.path()))
    }

    fn page(&self, after: u64, limit: usize) -> Result<Vec<(u64, Record)>> {
        let page = || -> rusqlite::Result<Vec<_>> {
            let sql = "SELECT id, record FROM unit WHERE id > ?1 ORDER BY id LIMIT ?2";
            self.connection()
                .prepare_cached(sql)?
                .query_map([number(after), count(limit)], |row| Ok((id(row, 0)?, record(row, 1)?)))?
                .collect()
        };
        page().map_err(fault(self.path()))
    }

    fn alike(
        &self,
        keys: Keys,
        alike: Alike,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>> {
        if self.is_new_source(keys.source).map_err(fault(self.path()))? {
            return Ok(Vec::new());
        }
        let (first, last) = alike.bounds(keys);
        // No unit has the number 0, so nothing is at `first` itself.
        let from = after.map_or(first, |after| after.max(first));
        let stored = || -> rusqlite::Result<Vec<Place>> {
            let sql = "SELECT context, texts, body, unit FROM unit_key WHERE source = ?1
                AND (context, texts, body, unit) > (?2, ?3, ?4, ?5)
                AND (context, texts, body, unit) <= (?6, ?7, ?8, ?9)
                ORDER BY context, texts, body, unit LIMIT ?10";
            self.connection()
                .prepare_cached(sql)?
                .query_map(
                    params![
                        keys.source as i64,
                        from.0.context,
                        from.0.texts,
                        from.0.body,
                        number(from.1),
                        last.0.context,
                        last.0.texts,
                        last.0.body,
                        number(last.1),
                        count(limit),
                    ],
                    |row| {
                        let (context, texts, body) = (row.get(0)?, row.get(1)?, row.get(2)?);
                        Ok((Keys { source: keys.source, context, texts, body }, id(row, 3)?))
                    },
                )?
                .collect()
        };
        let mut found = stored().map_err(fault(self.path()))?;
        if let Some(held_back) = self.held_back() {
            found.extend(places(held_back, keys, alike, after, limit));
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
            reversible FROM revision WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
        let rows = || -> rusqlite::Result<Vec<(Revision, String)>> {
            self.connection()
                .prepare_cached(sql)?
                .query_map([number(below), count(limit)], revision)?
                .collect()
        };
        let rows = rows().map_err(fault(self.path()))?;
        rows.into_iter().map(|(row, operation)| named(row, &operation)).collect()
    }

    fn touched(&self, by: RangeInclusive<u64>, after: u64, limit: usize) -> Result<Vec<u64>> {
        let connection = self.connection();
        let touched = || -> rusqlite::Result<Vec<u64>> {
            let sql = "SELECT DISTINCT unit FROM change WHERE revision BETWEEN ?1 AND ?2
                AND unit > ?3 ORDER BY unit LIMIT ?4";
            let (first, last) = (number(*by.start()), number(*by.end()));
            let mut units: Vec<u64> = connection
                .prepare_cached(sql)?
                .query_map([first, last, number(after), count(limit)], |row| id(row, 0))?
                .collect::<rusqlite::Result<_>>()?;
            let sql = "SELECT first, last FROM added WHERE revision BETWEEN ?1 AND ?2
                AND last > ?3 ORDER BY first";
            let mut statement = connection.prepare_cached(sql)?;
            let mut ranges = statement.query([first, last, number(after)])?;
            // Whatever was found before: those may all have greater numbers.
            let mut room = limit;
            while room > 0
                && let Some(row) = ranges.next()?
            {
                let known = units.len();
                units.extend((id(row, 0)?.max(after + 1)..=id(row, 1)?).take(room));
                room -= units.len() - known;
            }
            units.sort_unstable();
            units.dedup();
            units.truncate(limit);
            Ok(units)
        };
        touched().map_err(fault(self.path()))
    }

    fn at(&self, unit: u64, revision: u64) -> Result<Option<Record>> {
        let before = || -> rusqlite::Result<Option<Option<Record>>> {
            if added_by(self.connection(), unit)?.is_some_and(|added| added > revision) {
                return Ok(Some(None));
            }
            let sql = "SELECT before FROM change WHERE unit = ?1 AND revision > ?2
                ORDER BY revision LIMIT 1";
            self.connection()
                .prepare_cached(sql)?
                .query_row([number(unit), number(revision)], |row| {
                    Ok(row.get::<_, Option<Vec<u8>>>(0)?.map(Record::from_bytes))
                })
                .optional()
        };
        match before().map_err(fault(self.path()))? {
            Some(before) => Ok(before),
            None => self.get(unit),
        }
    }

    fn history(&self, unit: u64) -> Result<Vec<u64>> {
        let history = || -> rusqlite::Result<Vec<u64>> {
            let mut revisions: Vec<u64> = added_by(self.connection(), unit)?.into_iter().collect();
            let sql = "SELECT revision FROM change WHERE unit = ?1 ORDER BY revision";
            let mut statement = self.connection().prepare_cached(sql)?;
            for revision in statement.query_map([number(unit)], |row| id(row, 0))? {
                revisions.push(revision?);
            }
            Ok(revisions)
        };
        history().map_err(fault(self.path()))
    }

    fn concept(&self, id: &str) -> Result<Option<String>> {
        let sql = "SELECT text FROM concept WHERE id = ?1";
        let get = || {
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.query_row([id], |row| row.get(0)).optional()
        };
        get().map_err(fault(self.path()))
    }

    fn concepts(&self, after: &str, limit: usize) -> Result<Vec<(String, String)>> {
        let page = || -> rusqlite::Result<Vec<_>> {
            let sql = "SELECT id, text FROM concept WHERE id > ?1 ORDER BY id LIMIT ?2";
            self.connection()
                .prepare_cached(sql)?
                .query_map(params![after, count(limit)], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        page().map_err(fault(self.path()))
    }

    fn touched_concepts(&self, by: u64) -> Result<Vec<String>> {
        let touched = || -> rusqlite::Result<Vec<String>> {
            let sql = "SELECT concept FROM concept_change WHERE revision = ?1 ORDER BY concept";
            self.connection()
                .prepare_cached(sql)?
                .query_map([number(by)], |row| row.get(0))?
                .collect()
        };
        touched().map_err(fault(self.path()))
    }

    fn concept_at(&self, id: &str, revision: u64) -> Result<Option<String>> {
        let before = || -> rusqlite::Result<Option<Option<String>>> {
            let sql = "SELECT before FROM concept_change WHERE concept = ?1 AND revision > ?2
                ORDER BY revision LIMIT 1";
            self.connection()
                .prepare_cached(sql)?
                .query_row(params![id, number(revision)], |row| row.get(0))
                .optional()
        };
        match before().map_err(fault(self.path()))? {
            Some(before) => Ok(before),
            None => self.concept(id),
        }
    }

    fn verify(&self) -> Result<()> {
        let ask = |sql: &str| -> rusqlite::Result<String> {
            self.connection().query_row(sql, [], |row| row.get(0))
        };
        let whole = ask("PRAGMA integrity_check(1)").map_err(fault(self.path()))?;
        if whole != "ok" {
            return Err(damaged(self.path().display(), &whole));
        }
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
                "SELECT 'unit ' || unit || ' is not there' FROM unit_key
                 WHERE unit NOT IN (SELECT id FROM unit) LIMIT 1",
            ),
            (
                "the journal",
                "SELECT 'a change of unknown revision ' || revision FROM change
                 WHERE revision NOT IN (SELECT id FROM revision) LIMIT 1",
            ),
            (
                "the journal",
                "SELECT 'a concept changed by unknown revision ' || revision FROM concept_change
                 WHERE revision NOT IN (SELECT id FROM revision) LIMIT 1",
            ),
        ];
        for (what, sql) in astray {
            if let Some(cause) = ask(sql).optional().map_err(fault(self.path()))? {
                return Err(damaged(what, &cause));
            }
        }
        Ok(())
    }
}

/// The revision with which a unit first came.
fn added_by(connection: &Connection, unit: u64) -> rusqlite::Result<Option<u64>> {
    let sql = "SELECT last, revision FROM added WHERE first <= ?1 ORDER BY first DESC LIMIT 1";
    let range = connection
        .prepare_cached(sql)?
        .query_row([number(unit)], |row| Ok((id(row, 0)?, id(row, 1)?)))
        .optional()?;
    Ok(range.filter(|&(last, _)| unit <= last).map(|(_, revision)| revision))
}

pub(super) fn head(connection: &Connection) -> rusqlite::Result<Head> {
    let sql = "SELECT revision, units, next_unit, purged FROM memory";
    connection.prepare_cached(sql)?.query_row([], |row| {
        Ok(Head {
            revision: id(row, 0)?,
            units: id(row, 1)?,
            next_unit: id(row, 2)?,
            purged: id(row, 3)?,
        })
    })
}

fn revision(row: &Row<'_>) -> rusqlite::Result<(Revision, String)> {
    let revision = Revision {
        id: id(row, 0)?,
        time: row.get(1)?,
        author: row.get(2)?,
        operation: Operation::Add,
        origin: row.get(4)?,
        undoes: row.get::<_, Option<i64>>(5)?.map(|undoes| undoes as u64),
        counts: Counts { added: id(row, 6)?, changed: id(row, 7)?, removed: id(row, 8)? },
        reversible: row.get(9)?,
    };
    Ok((revision, row.get(3)?))
}

fn named(mut revision: Revision, operation: &str) -> Result<Revision> {
    revision.operation = Operation::from_name(operation).ok_or_else(|| MemoryError::Damaged {
        what: format!("revision {}", revision.id),
        cause: format!("it has an unknown operation `{operation}`"),
    })?;
    Ok(revision)
}

/// Numbers of units and revisions stay far below 2⁶³; what is asked for beyond is not there.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|id| id as u64)
}

fn record(row: &Row<'_>, column: usize) -> rusqlite::Result<Record> {
    Ok(Record::from_bytes(row.get_ref(column)?.as_blob()?))
}
