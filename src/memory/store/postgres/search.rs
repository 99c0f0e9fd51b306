//! Searching on the server: the plan of the [index](crate::memory::index), over tables.
//!
//! The server finds candidates: the segments that have what the [plan](super::plan) says, within the
//! window of weights, as far as their bits allow them to reach the threshold (the *signature*). They
//! come in the order of their bounds, a page at a time. Here their units are read and scored, until
//! no other can score what is still wanted. The proofs are those of the index: a key that two roots
//! share only adds candidates.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use super::frequencies::Counts;
use super::plan::Plan;
use super::read::{Tables, count, id, number, record};
use super::session::{Lease, Outcome, Session};
use super::signature::{HEAVIEST, Keyring};
use super::{Signatures, Snapshot, failed};
use crate::Lang;
use crate::memory::finder::Finder;
use crate::memory::index::{
    Collect, IndexQuery, IndexStats, LEVEL_GAP, LEVELS, LITTLE, SearchStatistics, Tokens, Visit,
    Wanted,
};
use crate::memory::policy::UnitName;
use crate::memory::record::Record;
use crate::memory::store::{Read, Result};
use crate::similarity::{Atom, Class, MARGIN, Outliner, PreparedToken, Preparer};

/// How many candidates are asked for at first, and at most.
const FIRST_PAGE: usize = 1 << 14;
const LAST_PAGE: usize = 1 << 15;

/// How many units are fetched together.
const AT_ONCE: usize = 32;

/// A segment that may score enough.
struct Candidate {
    /// What it can score at most by its bits: the order in which they come.
    bound: f64,
    unit: u64,
    /// What it can score at most by its keys.
    most: f64,
}

/// The first candidates in the order of their bounds, of all servers: those after one, if so.
fn candidates(
    plan: &Plan,
    leases: &[&Lease],
    after: Option<(f64, u64)>,
    limit: usize,
) -> Result<Outcome<Vec<Candidate>>> {
    let after = after.map(|(bound, unit)| (bound, number(unit)));
    let count = count(limit);
    let (sql, values) = plan.statement(after.as_ref(), &count);
    // All are asked before the first has answered.
    let mut asked = Vec::with_capacity(leases.len());
    for lease in leases {
        asked.push((lease, lease.session().ask(&sql, &values).map_err(failed(lease))?));
    }
    let mut found = Vec::new();
    for (lease, asked) in asked {
        match asked.answer() {
            Ok(rows) => found.extend(rows.iter().map(|row| {
                let keys: Vec<i32> = row.get(3);
                let most = plan.bound(row.get(2), &keys);
                Candidate { bound: row.get(1), unit: id(row, 0), most }
            })),
            Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => return Ok(Err(error)),
            Err(error) => return Err(failed(lease)(error)),
        }
    }
    if leases.len() > 1 {
        found.sort_by(|one: &Candidate, other| {
            other.bound.total_cmp(&one.bound).then(one.unit.cmp(&other.unit))
        });
        found.truncate(limit);
    }
    Ok(Ok(found))
}

/// A search under way.
struct Search<'s> {
    snapshot: &'s Tables<Snapshot<'s>>,
    lang: &'s Lang,
    query: &'s IndexQuery,
    threshold: f64,
    deadline: Option<Instant>,
    outliner: Outliner,
    counts: Arc<Counts>,
    scored: HashSet<u64>,
    into: &'s mut dyn Collect,
    statistics: &'s mut SearchStatistics,
}

impl Search<'_> {
    /// `false` if the deadline came.
    fn run(&mut self) -> Result<bool> {
        self.statistics.queries += 1;
        self.score(self.snapshot.fresh())?;
        let plan = match self.query.weight() > 0 && self.threshold > 0.0 {
            true => self.plan(self.threshold - MARGIN),
            false => None,
        };
        let lowest = match plan {
            Some(plan) if f64::from(plan.places()) <= LITTLE => f64::INFINITY,
            _ => self.threshold + LEVEL_GAP,
        };
        for level in LEVELS.into_iter().take_while(|&level| level > lowest) {
            let least = level.max(self.into.cutoff());
            if !self.pass(least)? {
                return Ok(false);
            }
            // Everything not found yet scores below `least`, and no rank is above its score.
            if self.into.cutoff() >= least {
                return Ok(true);
            }
        }
        self.pass(self.threshold.max(self.into.cutoff()))
    }

    fn pass(&mut self, least: f64) -> Result<bool> {
        self.statistics.passes += 1;
        if least <= 0.0 {
            return self.all();
        }
        if self.query.weight() == 0 {
            return self.weightless();
        }
        let least = least - MARGIN;
        let Some(plan) = self.plan(least) else { return Ok(true) };
        let (mut after, mut limit) = (None, FIRST_PAGE);
        loop {
            if !self.allow_time()? {
                return Ok(false);
            }
            let page = candidates(&plan, &self.snapshot.signed(), after, limit)?;
            let Some(mut page) = self.in_time(page)? else { return Ok(false) };
            self.statistics.candidates += page.len() as u64;
            after = page.last().map(|one| (one.bound, one.unit));
            let is_last = page.len() < limit;
            page.sort_by(|one, other| other.most.total_cmp(&one.most));
            for chunk in page.chunks(AT_ONCE) {
                let wanted = self.wanted(least);
                let able = &chunk[..chunk.partition_point(|one| one.most >= wanted)];
                self.score(able.iter().map(|one| one.unit).collect())?;
                if able.len() < chunk.len() {
                    break;
                }
            }
            let wanted = self.wanted(least);
            if is_last || after.is_none_or(|(bound, _)| bound < wanted) {
                return Ok(true);
            }
            limit = LAST_PAGE;
        }
    }

    fn plan(&self, least: f64) -> Option<Plan> {
        Plan::new(self.lang, self.query, &self.counts, least)
    }

    /// What the score of a unit must be.
    fn wanted_score(&self) -> f64 {
        self.threshold.max(self.into.cutoff())
    }

    /// What a candidate must be able to score, of those that can score at least this much.
    fn wanted(&self, least: f64) -> f64 {
        least.max(self.into.cutoff()) - MARGIN
    }

    /// Scores these units, but for those that were scored before.
    fn score(&mut self, mut units: Vec<u64>) -> Result<()> {
        units.retain(|unit| self.scored.insert(*unit));
        self.snapshot.expect(&units)?;
        for unit in units {
            if let Some(record) = self.snapshot.get(unit)? {
                self.score_record(unit, &record)?;
            }
        }
        Ok(())
    }

    fn score_record(&mut self, unit: u64, record: &Record) -> Result<()> {
        self.statistics.read += 1;
        let decoded = record.decode(UnitName(unit))?;
        for variant in decoded.variants.iter().filter(|v| v.lang.same_language(self.lang)) {
            let (comparator, wanted) = (self.query.comparator(), self.wanted_score());
            let (outline, _) = self.outliner.outline(&variant.segment);
            let score = match outline.fingerprint == comparator.prepared().fingerprint() {
                true => {
                    let score = comparator.score(&variant.segment);
                    // An exact match may rank above its score, for its context.
                    Some(score).filter(|score| score.is_equal() || score.value() >= wanted)
                }
                false => comparator.score_outline(outline, wanted),
            };
            if let Some(score) = score {
                self.statistics.scored += 1;
                self.statistics.found += 1;
                self.into.found(unit, &score);
            }
        }
        Ok(())
    }

    /// Scores every unit.
    fn all(&mut self) -> Result<bool> {
        let mut after = 0;
        loop {
            if !self.allow_time()? {
                return Ok(false);
            }
            let page = self.snapshot.page(after, LAST_PAGE)?;
            for (unit, record) in &page {
                if self.scored.insert(*unit) {
                    self.score_record(*unit, record)?;
                }
            }
            match page.last() {
                Some(&(last, _)) => after = last,
                None => return Ok(true),
            }
        }
    }

    /// Only what has no token either can be like a query without tokens.
    fn weightless(&mut self) -> Result<bool> {
        for lease in self.snapshot.signed() {
            let mut after = 0;
            loop {
                if !self.allow_time()? {
                    return Ok(false);
                }
                let sql = "SELECT unit FROM signature WHERE lang = $1 AND weight = 0
                    AND unit > $2 ORDER BY unit LIMIT $3";
                let primary = self.lang.primary();
                let values: [&(dyn ToSql + Sync); 3] =
                    [&primary, &number(after), &count(LAST_PAGE)];
                let rows = lease.session().query(sql, &values);
                let Some(rows) = self.in_time(rows)? else { return Ok(false) };
                let units: Vec<u64> = rows.iter().map(|row| id(row, 0)).collect();
                match units.last() {
                    Some(&last) => after = last,
                    None => break,
                }
                self.score(units)?;
            }
        }
        Ok(true)
    }

    /// Lets the next statement take no longer than there is time. `false` if there is none.
    fn allow_time(&self) -> Result<bool> {
        let Some(deadline) = self.deadline else { return Ok(true) };
        let left = deadline.saturating_duration_since(Instant::now()).as_millis();
        if left == 0 {
            return Ok(false);
        }
        let set = format!("SET LOCAL statement_timeout = {}", left.min(i32::MAX as u128));
        for lease in self.snapshot.signed() {
            lease.session().batch(&set).map_err(failed(lease))?;
        }
        Ok(true)
    }

    /// None if the time was over.
    fn in_time<T>(&self, outcome: Outcome<T>) -> Result<Option<T>> {
        match outcome {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => Ok(None),
            Err(error) => Err(failed(&self.snapshot.0.lease)(error)),
        }
    }
}

impl Tables<Snapshot<'_>> {
    fn session(&self) -> &Session {
        self.0.lease.session()
    }

    /// Where the signatures are.
    fn signed(&self) -> Vec<&Lease> {
        match &self.0.signatures {
            Signatures::Here => vec![&self.0.lease],
            Signatures::Shards { parts, .. } => parts.iter().map(|part| &part.lease).collect(),
        }
    }

    /// Units that may be in the signatures as they were, or not at all.
    fn fresh(&self) -> Vec<u64> {
        match &self.0.signatures {
            Signatures::Here => Vec::new(),
            Signatures::Shards { fresh, .. } => fresh.iter().copied().collect(),
        }
    }

    /// Estimates of a server that has signatures: shards are alike.
    fn counts(&self) -> Result<Arc<Counts>> {
        let leases = self.signed();
        let Some(lease) = leases.first() else { return Ok(Arc::default()) };
        let found = self.0.searching.frequencies.get(lease.session(), &lease.address().schema);
        found.map_err(failed(lease))
    }
}

impl Finder for Tables<Snapshot<'_>> {
    fn search(
        &self,
        lang: &Lang,
        query: &IndexQuery,
        threshold: f64,
        deadline: Option<Instant>,
        into: &mut dyn Collect,
        statistics: &mut SearchStatistics,
    ) -> Result<bool> {
        let counts = self.counts()?;
        statistics.entries += self.0.head.units;
        let lock = || self.0.searching.outliners.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().remove(lang.primary());
        let outliner = known.unwrap_or_else(|| Outliner::new(&Lang::from_written(lang.primary())));
        let mut search = Search {
            snapshot: self,
            lang,
            query,
            threshold,
            deadline,
            outliner,
            counts,
            scored: HashSet::new(),
            into,
            statistics,
        };
        let found = search.run();
        lock().insert(lang.primary().into(), search.outliner);
        found
    }

    fn containing(&self, lang: &Lang, wanted: &Wanted, into: &mut dyn Visit) -> Result<()> {
        let preparer = Preparer::new(lang);
        let mut visit = |unit: u64, record: &Record| -> Result<()> {
            let decoded = record.decode(UnitName(unit))?;
            for variant in decoded.variants.iter().filter(|v| v.lang.same_language(lang)) {
                let prepared = preparer.prepare(&variant.segment);
                let atoms: Vec<Atom> = prepared.tokens().iter().map(PreparedToken::atom).collect();
                if wanted.is_met(&atoms) && into.tokens(&Tokens::from(atoms.as_slice())) {
                    into.unit(unit);
                }
            }
            Ok(())
        };
        if wanted.groups.is_empty() {
            return crate::memory::each(self, |unit, record| visit(unit, &record));
        }
        let counts = self.counts()?;
        let keyring = Keyring::new(lang.primary());
        let mut groups: Vec<(f32, Vec<i32>)> = Vec::with_capacity(wanted.groups.len());
        for group in &wanted.groups {
            let keys =
                group.iter().flat_map(|s| (0..=HEAVIEST).map(move |c| keyring.key(s.root(), c)));
            let keys: Vec<i32> = keys.collect();
            let common = keys.iter().map(|&key| counts.of(key)).sum();
            groups.push((common, keys));
        }
        groups.sort_by(|one, other| one.0.total_cmp(&other.0));
        // At least one of these groups; and where none may be missing, also the two after it.
        let some: Vec<i32> = groups
            .iter()
            .take(wanted.lacking + 1)
            .flat_map(|group| group.1.iter().copied())
            .collect();
        let other = |at: usize| match groups.get(at) {
            Some((_, keys)) if wanted.lacking == 0 => keys,
            _ => &some,
        };
        let mut seen: HashSet<u64> = self.fresh().into_iter().collect();
        for chunk in self.fresh().chunks(AT_ONCE) {
            self.expect(chunk)?;
            for &unit in chunk {
                if let Some(record) = self.get(unit)? {
                    visit(unit, &record)?;
                }
            }
        }
        for lease in self.signed() {
            let mut after = 0;
            loop {
                let sql = "SELECT DISTINCT unit FROM signature
                    WHERE keys OPERATOR(pg_catalog.&&) $1
                    AND keys OPERATOR(pg_catalog.&&) $2 AND keys OPERATOR(pg_catalog.&&) $3
                    AND unit > $4 ORDER BY unit LIMIT $5";
                let values: [&(dyn ToSql + Sync); 5] =
                    [&some, other(1), other(2), &number(after), &count(MOST_UNITS)];
                let rows = lease.session().query(sql, &values).map_err(failed(lease))?;
                let mut units: Vec<u64> = rows.iter().map(|row| id(row, 0)).collect();
                let last = units.last().copied().filter(|_| units.len() == MOST_UNITS);
                // One may be on two shards while it moves.
                units.retain(|&unit| seen.insert(unit));
                for chunk in units.chunks(AT_ONCE) {
                    self.expect(chunk)?;
                    for &unit in chunk {
                        if let Some(record) = self.get(unit)? {
                            visit(unit, &record)?;
                        }
                    }
                }
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn missing(&self) -> &[String] {
        match &self.0.signatures {
            Signatures::Here => &[],
            Signatures::Shards { missing, .. } => missing,
        }
    }

    fn vocabulary(&self, lang: &Lang, start: &str) -> Result<Vec<Atom>> {
        // No text has the byte 0xff.
        let end = [start.as_bytes(), &[0xff]].concat();
        let sql = "SELECT root, token FROM word WHERE lang = $1 AND key >= $2 AND key < $3";
        let rows = self.session().query(sql, &[&lang.primary(), &start.as_bytes(), &end]);
        let rows = rows.map_err(failed(&self.0.lease))?;
        let atom =
            |row| Atom { tiers: [id(row, 0), 0, id(row, 1), 0], class: Class::Content, weight: 0 };
        Ok(rows.iter().map(atom).collect())
    }

    fn stats(&self) -> Result<IndexStats> {
        let mut stats = IndexStats::default();
        for lease in self.signed() {
            let sql = "SELECT count(*), pg_total_relation_size('signature') FROM signature";
            if let Some(row) = lease.session().first(sql, &[]).map_err(failed(lease))? {
                stats.segments += id(&row, 0);
                stats.bytes += id(&row, 1) as usize;
            }
        }
        Ok(stats)
    }
}

/// How many units that have certain words are asked for at a time.
const MOST_UNITS: usize = 1 << 20;

/// Units that were fetched before they are got.
#[derive(Debug, Default)]
pub(super) struct Expected(RefCell<HashMap<u64, Option<Record>>>);

impl Expected {
    pub(super) fn get(&self, unit: u64) -> Option<Option<Record>> {
        self.0.borrow().get(&unit).cloned()
    }

    /// Fetches these, and forgets those before.
    pub(super) fn fetch(&self, lease: &Lease, units: &[u64]) -> Result<()> {
        let mut held = self.0.borrow_mut();
        if held.len() >= LAST_PAGE {
            held.clear();
        }
        let missing: Vec<i64> = units
            .iter()
            .filter(|unit| !held.contains_key(unit))
            .map(|&unit| number(unit))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let sql = "SELECT id, record FROM unit WHERE id = ANY ($1)";
        let rows = lease.session().query(sql, &[&missing]).map_err(failed(lease))?;
        held.extend(missing.iter().map(|&unit| (unit as u64, None)));
        held.extend(rows.iter().map(|row| (id(row, 0), Some(record(row, 1)))));
        Ok(())
    }
}
