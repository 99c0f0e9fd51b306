//! What a transaction has not written yet. Rows go to the server many at a time, by COPY.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::types::{ToSql, Type};

use super::failed;
use super::read::{number, place};
use super::session::{Lease, Outcome, Session};
use super::signature::{Signature, Signer, Word};
use crate::memory::record::{Keys, Record};
use crate::memory::store::{Place, Result};

/// When so many units, or bytes of them, are held back they are written.
const MOST_UNITS: usize = 1 << 14;
const MOST_BYTES: usize = 16 << 20;
/// How many keys are held back, to be written in their order: writing them as they come would touch
/// another page of the table for each.
const MOST_KEYS: usize = 1 << 20;

/// A value of a row to be copied.
type Value<'r> = Box<dyn ToSql + Sync + 'r>;

/// Changes that are not in the tables yet.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// What units are now.
    units: BTreeMap<u64, Option<Record>>,
    bytes: usize,
    /// Keys that belong into the table but are not there yet, and those that do not but are.
    pub(super) keys: BTreeSet<Place>,
    pub(super) forgotten: BTreeSet<Place>,
    /// What units were before.
    changes: Vec<(u64, Option<Record>)>,
    /// From this number on no unit is in the tables.
    written: u64,
    signer: Signer,
    /// Whether the signatures are on other servers.
    sharded: bool,
    signatures: u64,
}

impl Buffer {
    /// Of a transaction that will give this number to its first new unit.
    pub(super) fn new(next_unit: u64, sharded: bool) -> Buffer {
        Buffer { written: next_unit, sharded, ..Buffer::default() }
    }

    /// How many signatures were written.
    pub(super) fn signatures(&self) -> u64 {
        self.signatures
    }

    pub(super) fn is_sharded(&self) -> bool {
        self.sharded
    }

    /// The unit, if the tables do not say what it is.
    pub(super) fn unit(&self, unit: u64) -> Option<Option<Record>> {
        let here = self.units.get(&unit).cloned();
        here.or_else(|| (unit >= self.written).then_some(None))
    }

    pub(super) fn put(&mut self, unit: u64, record: Option<Record>) {
        self.bytes += record.as_ref().map_or(0, |record| record.as_bytes().len());
        self.units.insert(unit, record);
    }

    pub(super) fn add_key(&mut self, unit: u64, keys: Keys) {
        if !self.forgotten.remove(&(keys, unit)) {
            self.keys.insert((keys, unit));
        }
    }

    pub(super) fn forget_key(&mut self, unit: u64, keys: Keys) {
        if !self.keys.remove(&(keys, unit)) {
            self.forgotten.insert((keys, unit));
        }
    }

    pub(super) fn remember(&mut self, unit: u64, before: Option<Record>) {
        self.bytes += before.as_ref().map_or(0, |record| record.as_bytes().len());
        self.changes.push((unit, before));
    }

    /// Writes the units, and the keys if there are many, when it is time to.
    pub(super) fn make_room(&mut self, lease: &Lease, revision: u64) -> Result<()> {
        if self.units.len() >= MOST_UNITS || self.bytes >= MOST_BYTES {
            self.write_units(lease, revision)?;
        }
        if self.keys.len() + self.forgotten.len() >= MOST_KEYS {
            self.write_keys(lease.session()).map_err(failed(lease))?;
        }
        Ok(())
    }

    /// Writes everything.
    pub(super) fn write(&mut self, lease: &Lease, revision: u64) -> Result<()> {
        self.write_units(lease, revision)?;
        self.write_keys(lease.session()).map_err(failed(lease))
    }

    fn write_units(&mut self, lease: &Lease, revision: u64) -> Result<()> {
        let units = std::mem::take(&mut self.units);
        let (mut signatures, mut words) = (Vec::new(), Vec::new());
        for (&unit, record) in &units {
            if let Some(record) = record {
                signatures.extend(self.signer.sign(unit, record, &mut words)?);
            }
        }
        if self.sharded {
            signatures.clear();
        }
        self.signatures += signatures.len() as u64;
        let written = self.write_rows(lease.session(), revision, &units);
        let written = written.and_then(|()| write_signatures(lease.session(), signatures));
        written.and_then(|()| write_words(lease.session(), &words)).map_err(failed(lease))
    }

    fn write_rows(
        &mut self,
        session: &Session,
        revision: u64,
        units: &BTreeMap<u64, Option<Record>>,
    ) -> Outcome<()> {
        self.bytes = 0;
        let old = units.keys().filter(|&&unit| unit < self.written).map(|&unit| number(unit));
        let old: Vec<i64> = old.collect();
        if !old.is_empty() {
            session.execute("DELETE FROM unit WHERE id = ANY ($1)", &[&old])?;
            session.execute("DELETE FROM signature WHERE unit = ANY ($1)", &[&old])?;
        }
        let rows = units.iter().filter_map(|(&unit, record)| Some((unit, record.as_ref()?)));
        let rows: Vec<(u64, &Record)> = rows.collect();
        if !rows.is_empty() && session.is_guarded("unit")? {
            let ids: Vec<i64> = rows.iter().map(|&(unit, _)| number(unit)).collect();
            let records: Vec<&[u8]> = rows.iter().map(|(_, record)| record.as_bytes()).collect();
            let sql = "INSERT INTO unit (id, record)
                SELECT * FROM unnest($1::bigint[], $2::bytea[])";
            session.execute(sql, &[&ids, &records])?;
        } else if !rows.is_empty() {
            session.copy(
                "COPY unit (id, record) FROM STDIN BINARY",
                &[Type::INT8, Type::BYTEA],
                rows.iter().map(|(unit, record)| -> [Value<'_>; 2] {
                    [Box::new(number(*unit)), Box::new(record.as_bytes())]
                }),
            )?;
        }
        if let Some((&last, _)) = units.last_key_value() {
            self.written = self.written.max(last + 1);
        }
        let changes = std::mem::take(&mut self.changes);
        if !changes.is_empty() && session.is_guarded("change")? {
            let ids: Vec<i64> = changes.iter().map(|(unit, _)| number(*unit)).collect();
            let before = changes.iter().map(|(_, before)| before.as_ref().map(Record::as_bytes));
            let before: Vec<Option<&[u8]>> = before.collect();
            let sql = "INSERT INTO change (unit, revision, before)
                SELECT unit, $2::bigint, before
                FROM unnest($1::bigint[], $3::bytea[]) given (unit, before)";
            session.execute(sql, &[&ids, &number(revision), &before])?;
        } else if !changes.is_empty() {
            session.copy(
                "COPY change (unit, revision, before) FROM STDIN BINARY",
                &[Type::INT8, Type::INT8, Type::BYTEA],
                changes.iter().map(|(unit, before)| -> [Value<'_>; 3] {
                    let before = before.as_ref().map(Record::as_bytes);
                    [Box::new(number(*unit)), Box::new(number(revision)), Box::new(before)]
                }),
            )?;
        }
        Ok(())
    }

    fn write_keys(&mut self, session: &Session) -> Outcome<()> {
        let forgotten = std::mem::take(&mut self.forgotten);
        if !forgotten.is_empty() {
            let column =
                |value: fn(&Place) -> i64| -> Vec<i64> { forgotten.iter().map(value).collect() };
            let sql = "DELETE FROM unit_key k USING unnest($1::bigint[], $2::bigint[],
                $3::bigint[], $4::bigint[], $5::bigint[]) f (source, context, texts, body, unit)
                WHERE k.source = f.source AND k.context = f.context AND k.texts = f.texts
                AND k.body = f.body AND k.unit = f.unit";
            session.execute(
                sql,
                &[
                    &column(|key| key.0.source as i64),
                    &column(|key| place(key)[0]),
                    &column(|key| place(key)[1]),
                    &column(|key| place(key)[2]),
                    &column(|key| place(key)[3]),
                ],
            )?;
        }
        let keys = std::mem::take(&mut self.keys);
        if keys.is_empty() {
            return Ok(());
        }
        // In the order of the table, whose numbers have a sign.
        let (lower, upper): (Vec<_>, Vec<_>) =
            keys.iter().partition(|(keys, _)| keys.source > i64::MAX as u64);
        session.copy(
            "COPY unit_key (source, context, texts, body, unit) FROM STDIN BINARY",
            &[Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT8],
            lower.into_iter().chain(upper).map(|key| -> [Value<'_>; 5] {
                let [context, texts, body, unit] = place(key);
                [
                    Box::new(key.0.source as i64),
                    Box::new(context),
                    Box::new(texts),
                    Box::new(body),
                    Box::new(unit),
                ]
            }),
        )?;
        Ok(())
    }
}

/// From so many signatures on, and a tenth of the units there were, it is learnt at once how common
/// their keys are, so that the next searches need not wait until the server does that by itself.
const MANY: u64 = 10_000;

/// Learns how common keys are, if that many signatures were written where there were so many units.
/// Only who owns the table can; for others the server does it later.
pub(super) fn learn_frequencies(session: &Session, written: u64, units: u64) -> Outcome<()> {
    if written < MANY.max(units / 10) {
        return Ok(());
    }
    session.batch("ANALYZE signature")
}

/// Copies signatures into their table.
pub(super) fn write_signatures(session: &Session, mut signatures: Vec<Signature>) -> Outcome<()> {
    if signatures.is_empty() {
        return Ok(());
    }
    // Segments that are sought together are to lie together.
    signatures.sort_by(|one, other| (&one.lang, one.weight).cmp(&(&other.lang, other.weight)));
    session.copy(
        "COPY signature (unit, variant, weight, bits, keys, lang) FROM STDIN BINARY",
        &[Type::INT8, Type::INT2, Type::INT4, Type::BIT, Type::INT4_ARRAY, Type::TEXT],
        signatures.iter().map(|row| -> [Value<'_>; 6] {
            [
                Box::new(number(row.unit)),
                Box::new(row.variant),
                Box::new(i32::try_from(row.weight).unwrap_or(i32::MAX)),
                Box::new(row.bits),
                Box::new(row.keys.as_slice()),
                Box::new(&*row.lang),
            ]
        }),
    )?;
    Ok(())
}

/// Adds words to their table, but for those that are there.
pub(super) fn write_words(session: &Session, words: &[Word]) -> Outcome<()> {
    if words.is_empty() {
        return Ok(());
    }
    let langs: Vec<&str> = words.iter().map(|word| &*word.0).collect();
    let keys: Vec<&[u8]> = words.iter().map(|word| word.1.as_bytes()).collect();
    let roots: Vec<i64> = words.iter().map(|word| word.2 as i64).collect();
    let tokens: Vec<i64> = words.iter().map(|word| word.3 as i64).collect();
    let sql = "INSERT INTO word (lang, key, root, token)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[])
        ON CONFLICT DO NOTHING";
    session.execute(sql, &[&langs, &keys, &roots, &tokens])?;
    Ok(())
}
