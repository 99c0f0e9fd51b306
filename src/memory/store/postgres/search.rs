//! Searching on the server: the plan of the [index](crate::memory::index), over tables.
//!
//! The server finds candidates: the segments that have one of the rarest roots of the query within
//! the window of weights of each (the *prefix* and the *length window* there), as far as their bits
//! allow them to reach the threshold (the *signature*). They come in the order of their bounds, a
//! page at a time. Here their units are read and scored, until the bound of the next one is below
//! what is still wanted. The proofs are those of the index: a class of weights is read whole where
//! a window ends in it, and a key that two roots share only adds candidates.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use super::read::{Tables, count, id, number, record};
use super::session::{Lease, Outcome, Session};
use super::signature::{Bits, HEAVIEST, Keyring, class};
use super::{Signatures, Snapshot, failed};
use crate::Lang;
use crate::memory::finder::Finder;
use crate::memory::index::{
    Collect, IndexQuery, IndexStats, LEVEL_GAP, LEVELS, SearchStatistics, Tokens, Visit, Wanted,
};
use crate::memory::policy::UnitName;
use crate::memory::record::Record;
use crate::memory::store::{Read, Result};
use crate::similarity::{Atom, Class, MARGIN, PreparedToken, Preparer, bound};

/// How many candidates are asked for at first, and at most.
const FIRST_PAGE: usize = 64;
const LAST_PAGE: usize = 4096;

/// How many binary digits the weight of a query behind one bit may have for the bits to be used.
const DIGITS: usize = 10;

/// How common keys are, as far as it is known which are common: this decides which lists are read,
/// and so how long a search takes, but never what it finds.
#[derive(Debug, Default)]
pub(super) struct Frequencies {
    known: Mutex<Option<(Instant, Shares)>>,
}

/// Of common keys, the share of the segments that have them.
type Shares = Arc<HashMap<i32, f32>>;

/// For how long an estimate is believed: a new one costs some milliseconds.
const FRESH: Duration = Duration::from_secs(300);
/// For how long it is believed that nothing is known.
const EMPTY: Duration = Duration::from_secs(5);

impl Frequencies {
    fn get(&self, session: &Session, schema: &str) -> Outcome<Shares> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, frequencies)) = &*known
            && since.elapsed() < if frequencies.is_empty() { EMPTY } else { FRESH }
        {
            return Ok(Arc::clone(frequencies));
        }
        let sql = "SELECT most_common_elems::text::int[], most_common_elem_freqs
            FROM pg_catalog.pg_stats
            WHERE schemaname = $1 AND tablename = 'signature' AND attname = 'keys'";
        let row = session.first(sql, &[&schema])?;
        let (keys, shares): (Option<Vec<i32>>, Option<Vec<f32>>) =
            row.map_or((None, None), |row| (row.get(0), row.get(1)));
        let pairs = keys.into_iter().flatten().zip(shares.into_iter().flatten());
        let frequencies = Arc::new(pairs.collect());
        *known = Some((Instant::now(), Arc::clone(&frequencies)));
        Ok(frequencies)
    }
}

/// What the server is asked for.
struct Request {
    keys: Vec<i32>,
    /// The window of weights.
    lightest: i32,
    heaviest: i32,
    /// The least score, and the weight of the query.
    least: f64,
    query: i32,
    /// The distinct roots of the query, and the weight it has in each.
    roots: Vec<(u64, u32)>,
    keyring: Keyring,
    /// What the bits of a segment may be worth, and what is added because they can not tell.
    masks: [Bits; DIGITS],
    unknown: i64,
}

/// A segment that may score enough.
struct Candidate {
    /// What it can score at most by its bits: the order in which they come.
    bound: f64,
    unit: u64,
    /// What it can score at most by its keys.
    most: f64,
}

/// Candidates of at least a score, by their bounds.
const CANDIDATES: &str = "
    SELECT unit, bound, weight, keys FROM (
        SELECT unit, weight, keys, 200::float8 * least(weight, $5::int, shared) / ($5::int + weight) AS bound
        FROM (
            SELECT unit, weight, keys, $16::bigint + bit_count(bits & $6) + (bit_count(bits & $7) << 1)
                + (bit_count(bits & $8) << 2) + (bit_count(bits & $9) << 3)
                + (bit_count(bits & $10) << 4) + (bit_count(bits & $11) << 5)
                + (bit_count(bits & $12) << 6) + (bit_count(bits & $13) << 7)
                + (bit_count(bits & $14) << 8) + (bit_count(bits & $15) << 9) AS shared
            FROM signature
            WHERE keys OPERATOR(pg_catalog.&&) $1::int[] AND weight BETWEEN $2::int AND $3::int
        ) met
    ) bounded
    WHERE bound >= $4::float8
        AND (bound < $17::float8 OR bound = $17::float8 AND unit > $18::bigint)
    ORDER BY bound DESC, unit LIMIT $19::bigint";

impl Request {
    /// What a segment of this weight with these keys can score at most: all that it shares is
    /// counted, where the bits only tell what it may share.
    fn bound(&self, weight: i32, keys: &[i32]) -> f64 {
        let class = class(weight.max(0) as u32);
        let shared = self.roots.iter().filter(|&&(root, _)| {
            // Sorted, as they were signed.
            keys.binary_search(&self.keyring.key(root, class)).is_ok()
        });
        let shared: u32 = shared.map(|&(_, worth)| worth).sum();
        let (weight, query) = (weight.max(0) as u32, self.query.max(0) as u32);
        bound(shared.min(weight).min(query), weight.saturating_add(query))
    }

    /// The first of them in the order of their bounds, of all servers.
    fn candidates(
        &self,
        leases: &[&Lease],
        after: (f64, u64),
        limit: usize,
    ) -> Result<Outcome<Vec<Candidate>>> {
        let m = &self.masks;
        let (unit, count) = (number(after.1), count(limit));
        let values: [&(dyn ToSql + Sync); 19] = [
            &self.keys,
            &self.lightest,
            &self.heaviest,
            &self.least,
            &self.query,
            &m[0],
            &m[1],
            &m[2],
            &m[3],
            &m[4],
            &m[5],
            &m[6],
            &m[7],
            &m[8],
            &m[9],
            &self.unknown,
            &after.0,
            &unit,
            &count,
        ];
        // All are asked before the first has answered.
        let mut asked = Vec::with_capacity(leases.len());
        for lease in leases {
            let question = lease.session().ask(CANDIDATES, &values);
            asked.push((lease, question.map_err(failed(lease))?));
        }
        let mut found = Vec::new();
        for (lease, asked) in asked {
            match asked.answer() {
                Ok(rows) => found.extend(rows.iter().map(|row| {
                    let keys: Vec<i32> = row.get(3);
                    let most = self.bound(row.get(2), &keys);
                    Candidate { bound: row.get(1), unit: id(row, 0), most }
                })),
                Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
                    return Ok(Err(error));
                }
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
}

/// A search under way.
struct Search<'s> {
    snapshot: &'s Tables<Snapshot<'s>>,
    lang: &'s Lang,
    query: &'s IndexQuery,
    threshold: f64,
    deadline: Option<Instant>,
    preparer: Preparer,
    frequencies: Shares,
    scored: HashSet<u64>,
    into: &'s mut dyn Collect,
    statistics: &'s mut SearchStatistics,
}

impl Search<'_> {
    /// `false` if the deadline came.
    fn run(&mut self) -> Result<bool> {
        self.statistics.queries += 1;
        self.score(self.snapshot.fresh())?;
        let lowest = self.threshold + LEVEL_GAP;
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
        let Some(request) = self.request(least) else { return Ok(true) };
        let (mut after, mut limit) = ((f64::INFINITY, 0), FIRST_PAGE);
        loop {
            if !self.allow_time()? {
                return Ok(false);
            }
            let page = request.candidates(&self.snapshot.signed(), after, limit)?;
            let Some(page) = self.in_time(page)? else { return Ok(false) };
            self.statistics.candidates += page.len() as u64;
            let Some(last) = page.last().map(|one| (one.bound, one.unit)) else {
                return Ok(true);
            };
            let more = page.len() == limit;
            for chunk in page.chunks(FIRST_PAGE) {
                let wanted = least.max(self.into.cutoff()) - MARGIN;
                let chunk = &chunk[..chunk.partition_point(|one| one.bound >= wanted)];
                if chunk.is_empty() {
                    return Ok(true);
                }
                let able = chunk.iter().filter(|one| one.most >= wanted);
                self.score(able.map(|one| one.unit).collect())?;
            }
            if !more {
                return Ok(true);
            }
            (after, limit) = (last, (limit * 8).min(LAST_PAGE));
        }
    }

    /// What to ask for; none if nothing can score as much.
    fn request(&self, least: f64) -> Option<Request> {
        let weight = self.query.weight();
        let query = f64::from(weight);
        let lightest = (least * query / (200.0 - least)).ceil().max(0.0);
        let keyring = Keyring::new(self.lang.primary());
        let mut roots: Vec<(u64, u32, f32)> = Vec::new();
        let heaviest_class = |rest: u32| {
            let heaviest = (200.0 * f64::from(rest) / least - query).floor();
            (heaviest >= lightest).then(|| (heaviest, class(heaviest.min(2e9) as u32)))
        };
        let (heaviest, last_class) = heaviest_class(weight)?;
        let first_class = class(lightest as u32);
        for (root, worth) in self.query.roots() {
            let keys = (first_class..=last_class).map(|class| keyring.key(root, class));
            let common: f32 = keys.filter_map(|key| self.frequencies.get(&key)).sum();
            // What is not among the common keys is rare.
            roots.push((root, worth, common.max(1e-6) / worth.max(1) as f32));
        }
        roots.sort_by(|one, other| one.2.total_cmp(&other.2));
        let mut rest: u32 = roots.iter().map(|&(_, worth, _)| worth).sum();
        let mut keys = Vec::new();
        for (root, worth, _) in roots {
            let Some((_, last_class)) = heaviest_class(rest) else { break };
            keys.extend((first_class..=last_class).map(|class| keyring.key(root, class)));
            rest -= worth;
        }
        let mut masks = [Bits(0); DIGITS];
        let usable = self.query.masks().len() <= DIGITS;
        if usable {
            masks.iter_mut().zip(self.query.masks()).for_each(|(bits, &mask)| bits.0 = mask);
        }
        Some(Request {
            keys,
            lightest: lightest as i32,
            heaviest: heaviest.min(f64::from(i32::MAX)) as i32,
            least,
            query: i32::try_from(weight).unwrap_or(i32::MAX),
            roots: self.query.roots().collect(),
            keyring,
            masks,
            unknown: if usable { 0 } else { weight.into() },
        })
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
            let prepared = self.preparer.prepare(&variant.segment);
            let comparator = self.query.comparator();
            // An exact match may rank above its score, for its context.
            let least = match prepared.equals(comparator.prepared()) {
                true => 0.0,
                false => self.threshold.max(self.into.cutoff()),
            };
            if let Some(score) = comparator.score_at_least(&prepared, least) {
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
    fn frequencies(&self) -> Result<Shares> {
        let leases = self.signed();
        let Some(lease) = leases.first() else { return Ok(Arc::default()) };
        let found = self.0.frequencies.get(lease.session(), &lease.address().schema);
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
        let frequencies = self.frequencies()?;
        statistics.entries += self.0.head.units;
        let preparer = Preparer::new(lang);
        let scored = HashSet::new();
        Search {
            snapshot: self,
            lang,
            query,
            threshold,
            deadline,
            preparer,
            frequencies,
            scored,
            into,
            statistics,
        }
        .run()
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
        let frequencies = self.frequencies()?;
        let keyring = Keyring::new(lang.primary());
        let mut groups: Vec<(f32, Vec<i32>)> = Vec::with_capacity(wanted.groups.len());
        for group in &wanted.groups {
            let keys =
                group.iter().flat_map(|s| (0..=HEAVIEST).map(move |c| keyring.key(s.root(), c)));
            let keys: Vec<i32> = keys.collect();
            let common = keys.iter().filter_map(|key| frequencies.get(key)).sum();
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
        for chunk in self.fresh().chunks(FIRST_PAGE) {
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
                for chunk in units.chunks(FIRST_PAGE) {
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
