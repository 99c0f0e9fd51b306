//! Searching the index of one language: the plan that the [module](super) proves complete.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Instant;

use super::bits::Bits;
use super::bytes::Sound;
use super::language::{Language, LiveRun};
use super::run::{BLOCK, Root, Tables};
use super::signature::{Place, SIGNATURE, SKETCH, Shares};
use super::statistics::SearchStatistics;
use crate::similarity::{Atom, Class, Comparator, MARGIN, PreparedCode, Score, Side, Tier, bound};
use crate::{Lang, Segment};

/// What takes the units that a search finds, and says what it still wants.
pub(crate) trait Collect {
    /// The rank score below which a unit is not wanted. It never falls.
    fn cutoff(&self) -> f64;

    /// A unit whose segment has this score. May come twice for a unit with several segments in
    /// the language.
    fn found(&mut self, unit: u64, score: &Score);
}

/// A segment to search for, ready for every run.
#[derive(Debug)]
pub(crate) struct IndexQuery {
    comparator: Comparator,
    fingerprint: u64,
    weight: u32,
    slots: Vec<QueryRoot>,
}

/// A distinct root of the query.
#[derive(Clone, Copy, Debug)]
struct QueryRoot {
    hash: u64,
    /// Where the longest common subsequence finds it.
    place: u32,
    weight: u32,
    count: u32,
}

impl IndexQuery {
    pub(crate) fn new(segment: &Segment, lang: &Lang) -> IndexQuery {
        let comparator = Comparator::new(segment, lang);
        let prepared = comparator.prepared();
        let mut slots: Vec<QueryRoot> = Vec::new();
        for atom in prepared.atoms() {
            let hash = atom.tiers[Tier::Root as usize];
            match slots.last_mut() {
                Some(last) if last.hash == hash => last.count += 1,
                _ => slots.push(QueryRoot {
                    hash,
                    place: comparator.sequence().place(hash).unwrap_or_default(),
                    weight: atom.weight.into(),
                    count: 1,
                }),
            }
        }
        let (fingerprint, weight) = (prepared.fingerprint(), prepared.weight());
        IndexQuery { fingerprint, weight, slots, comparator }
    }

    pub(crate) fn comparator(&self) -> &Comparator {
        &self.comparator
    }

    /// The weight of all tokens.
    #[cfg(feature = "postgres")]
    pub(crate) fn weight(&self) -> u32 {
        self.weight
    }

    /// The distinct roots, and the weight the query has in each.
    #[cfg(feature = "postgres")]
    pub(crate) fn roots(&self) -> impl Iterator<Item = (u64, u32)> {
        self.slots.iter().map(|slot| (slot.hash, slot.weight * slot.count))
    }
}

/// Memory that searches use again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    shares: Box<Shares>,
    /// The entries of a list that are left by their sketches, with the places of their weights among
    /// those of the run.
    sketched: Vec<(u32, usize)>,
    /// The candidates of a pass; none between uses.
    known: Bits,
    /// For each root of a run the slot of the query, or [`NONE`]; all NONE between uses.
    slots: Vec<u32>,
    counts: Vec<u32>,
    matched: Vec<(u32, u32)>,
    atoms: Vec<Atom>,
    codes: Vec<PreparedCode>,
}

const NONE: u32 = u32::MAX;
/// How many signatures are read together.
const AT_ONCE: usize = 16;

/// Thresholds tried on the way down to the one asked for: the best are found cheaply at the top,
/// and once there are enough of them the rest need not be looked at.
pub(crate) const LEVELS: [f64; 8] = [90.0, 75.0, 60.0, 45.0, 30.0, 15.0, 5.0, 1.0];
/// A level so close to the threshold asked for saves nothing.
pub(crate) const LEVEL_GAP: f64 = 8.0;

/// So many places of lists are read at once rather than level by level.
pub(crate) const LITTLE: f64 = 20_000.0;

/// A search of one language.
pub(super) struct Search<'s> {
    pub(super) query: &'s IndexQuery,
    pub(super) threshold: f64,
    pub(super) deadline: Option<Instant>,
    pub(super) scratch: &'s mut Scratch,
    pub(super) statistics: &'s mut SearchStatistics,
}

/// A run as one query sees it.
struct View<'r> {
    live: &'r LiveRun,
    tables: Tables<'r>,
    /// The roots that query and run share: first those that rule out the most for the least
    /// reading.
    active: Vec<Active>,
    /// The entry that equals the query.
    exact: Option<u32>,
    /// Entries that were scored.
    scored: HashSet<u32>,
}

struct Active {
    slot: u32,
    root: Root,
    place: Place,
    weight: u32,
    count: u32,
}

impl Active {
    /// The greatest weight an entry can share by it.
    fn worth(&self) -> u32 {
        self.weight * self.count
    }

    fn part(&self) -> (Place, u32, u32) {
        (self.place, self.weight, self.count)
    }
}

impl Search<'_> {
    /// Runs the search. `false` if the deadline came first; what was found so far was collected.
    pub(super) fn run(&mut self, language: &Language, into: &mut impl Collect) -> Sound<bool> {
        self.statistics.queries += 1;
        let mut views = Vec::with_capacity(language.runs.len());
        for live in &language.runs {
            views.push(self.view(live)?);
        }
        for view in &mut views {
            if let Some(entry) = view.exact {
                self.with_slots(view, |search, view| search.scored(view, entry, into))?;
            }
        }
        self.fresh(language, into);
        let lowest = match self.is_little(&views, self.threshold) {
            true => f64::INFINITY,
            false => self.threshold + LEVEL_GAP,
        };
        for level in LEVELS.into_iter().take_while(|&level| level > lowest) {
            let least = level.max(into.cutoff());
            if !self.pass(&mut views, least, into)? {
                return Ok(false);
            }
            // Everything not found yet scores below `least`, and no rank is above its score.
            if into.cutoff() >= least {
                return Ok(true);
            }
        }
        let least = self.threshold.max(into.cutoff());
        self.pass(&mut views, least, into)
    }

    fn view<'r>(&mut self, live: &'r LiveRun) -> Sound<View<'r>> {
        let tables = live.run.tables()?;
        let mut active = Vec::with_capacity(self.query.slots.len());
        for (slot, wanted) in self.query.slots.iter().enumerate() {
            if let Some(root) = tables.root(wanted.hash)? {
                let place = tables.place(wanted.hash);
                let QueryRoot { weight, count, .. } = *wanted;
                active.push(Active { slot: slot as u32, root, place, weight, count });
            }
        }
        let cost = |active: &Active| f64::from(active.root.count) / f64::from(active.worth());
        active.sort_by(|one, other| cost(one).total_cmp(&cost(other)));
        self.statistics.entries += u64::from(live.run.entries());
        let exact = live.run.exact(self.query.fingerprint)?;
        Ok(View { live, tables, active, exact, scored: HashSet::new() })
    }

    /// Compares the fresh units, which are few, one by one.
    fn fresh(&mut self, language: &Language, into: &mut impl Collect) {
        self.statistics.entries += language.fresh.len() as u64;
        for fresh in &language.fresh {
            let equal = fresh.prepared.equals(self.query.comparator.prepared());
            // An exact match may rank above its score, for its context.
            let least = if equal { 0.0 } else { self.threshold.max(into.cutoff()) };
            if let Some(score) = self.query.comparator.score_at_least(&fresh.prepared, least) {
                self.statistics.scored += 1;
                self.statistics.found += 1;
                into.found(fresh.unit, &score);
            }
        }
    }

    /// Finds every entry not scored yet that scores at least this much. `false` if the deadline
    /// came.
    fn pass(&mut self, views: &mut [View], least: f64, into: &mut impl Collect) -> Sound<bool> {
        self.statistics.passes += 1;
        for view in views {
            let mut candidates = self.candidates(view, least)?;
            self.statistics.candidates += candidates.len() as u64;
            candidates
                .sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            let verify =
                |search: &mut Self, view: &mut View| search.verify(view, &candidates, least, into);
            if !self.with_slots(view, verify)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Does something while the slot of each root of a run is known.
    fn with_slots<T>(
        &mut self,
        view: &mut View,
        work: impl FnOnce(&mut Self, &mut View) -> Sound<T>,
    ) -> Sound<T> {
        self.scratch.slots.resize(view.tables.roots().max(self.scratch.slots.len()), NONE);
        for active in &view.active {
            self.scratch.slots[active.root.number as usize] = active.slot;
        }
        let done = work(self, view);
        for active in &view.active {
            self.scratch.slots[active.root.number as usize] = NONE;
        }
        done
    }

    /// Every entry that can score at least this much, with what it can score at most.
    fn candidates(&mut self, view: &View, least: f64) -> Sound<Vec<(f64, u32)>> {
        let run = &view.live.run;
        let query = f64::from(self.query.weight);
        if least <= 0.0 {
            return Ok((0..run.entries()).map(|entry| (100.0, entry)).collect());
        }
        if self.query.weight == 0 {
            // Only what has no token either can be like a query without tokens.
            return Ok((0..run.first_of_weight(1)).map(|entry| (100.0, entry)).collect());
        }
        let least = least - MARGIN;
        // What an entry of each weight must share.
        let least_shared =
            |weight: u32| (least * (query + f64::from(weight)) / 200.0).ceil().max(0.0) as u32;
        let needed: Vec<u32> =
            run.weights().iter().map(|&(weight, _)| least_shared(weight)).collect();
        let mut candidates = Vec::new();
        let mut read = Ok(());
        self.scratch.shares.set(view.active.iter().map(Active::part));
        for (number, window) in self.windows(view, least).into_iter().enumerate() {
            read = self.list(view, number, window, &needed, &mut candidates);
            if read.is_err() {
                break;
            }
        }
        for &(_, entry) in &candidates {
            self.scratch.known.remove(entry);
        }
        read.map(|()| candidates)
    }

    /// The lists that must be read for entries that score at least this much are the first ones: the
    /// window of each.
    fn windows(&self, view: &View, least: f64) -> Vec<Range<u32>> {
        let run = &view.live.run;
        let query = f64::from(self.query.weight);
        let lightest = (least * query / (200.0 - least)).ceil().max(0.0);
        let first = run.first_of_weight(lightest as u64);
        let mut windows = Vec::with_capacity(view.active.len());
        let mut rest: u32 = view.active.iter().map(Active::worth).sum();
        for active in &view.active {
            let heaviest = (200.0 * f64::from(rest) / least - query).floor();
            if heaviest < lightest {
                break;
            }
            windows.push(first..run.first_of_weight(heaviest as u64 + 1));
            rest -= active.worth();
        }
        windows
    }

    /// Whether little has to be read for entries that score at least this much, about.
    fn is_little(&self, views: &[View], least: f64) -> bool {
        if least <= 0.0 {
            return false;
        }
        let of_view = |view: &View| -> f64 {
            let windows = self.windows(view, least);
            let lists = view.active.iter().zip(windows);
            let entries =
                lists.map(|(active, window)| f64::from(active.root.count) * window.len() as f64);
            entries.sum::<f64>() / f64::from(view.live.run.entries().max(1))
        };
        views.iter().map(of_view).sum::<f64>() <= LITTLE
    }

    /// Adds to the candidates those of a list that can share what is needed, and were in none of
    /// the lists before.
    fn list(
        &mut self,
        view: &View,
        number: usize,
        window: Range<u32>,
        needed: &[u32],
        candidates: &mut Vec<(f64, u32)>,
    ) -> Sound<()> {
        let (run, active) = (&view.live.run, &view.active[number]);
        let worth = active.worth();
        let Scratch { shares, sketched, known, .. } = &mut *self.scratch;
        let (place, weight, count) = active.part();
        shares.remove(place, weight, count);
        sketched.clear();
        // Entries ascend, and with them their weights.
        let weights = run.weights();
        let (mut step, mut next, mut others) = (0, 0, 0);
        let met = run.postings(&active.root, window)?.each_block(|entries| {
            self.statistics.touched += entries.len() as u64;
            // They are far apart in memory: all are asked for before the first is waited for.
            let mut sketches = [[0; SKETCH]; BLOCK];
            for (sketch, &entry) in sketches.iter_mut().zip(entries) {
                *sketch = *view.tables.sketch(entry)?;
            }
            for (sketch, &entry) in sketches.iter().zip(entries) {
                if entry >= next {
                    step = run.step(entry);
                    next = weights.get(step + 1).map_or(u32::MAX, |&(_, first)| first);
                    others = needed.get(step).map_or(u32::MAX, |n| n.saturating_sub(worth));
                }
                if shares.of_sketch(sketch) >= others {
                    sketched.push((entry, step));
                }
            }
            Ok(())
        })?;
        self.statistics.postings += met;
        self.statistics.sketched += sketched.len() as u64;
        known.grow(run.entries());
        for few in sketched.chunks(AT_ONCE) {
            let mut signatures = [[0; SIGNATURE]; AT_ONCE];
            for (signature, &(entry, _)) in signatures.iter_mut().zip(few) {
                *signature = *view.tables.signature(entry)?;
            }
            for (signature, &(entry, step)) in signatures.iter().zip(few) {
                let others = shares.of_both(view.tables.sketch(entry)?, signature);
                let weight = weights[step].0;
                let most = (worth + others).min(weight).min(self.query.weight);
                // By an earlier list more is known of it.
                if most >= needed[step] && !known.contains(entry) {
                    known.insert(entry);
                    candidates.push((bound(most, self.query.weight + weight), entry));
                }
            }
        }
        Ok(())
    }

    /// Reads the candidates, the most promising first, and scores those that can still matter. Done
    /// [with slots](Search::with_slots).
    fn verify(
        &mut self,
        view: &mut View,
        candidates: &[(f64, u32)],
        least: f64,
        into: &mut impl Collect,
    ) -> Sound<bool> {
        for (number, &(most, entry)) in candidates.iter().enumerate() {
            if number % 256 == 255 && self.deadline.is_some_and(|at| Instant::now() >= at) {
                return Ok(false);
            }
            let least = least.max(into.cutoff()) - MARGIN;
            if most < least {
                break;
            }
            if view.scored.contains(&entry) {
                continue;
            }
            self.statistics.read += 1;
            if self.shared(view, entry)? >= least {
                self.scored(view, entry, into)?;
            }
        }
        Ok(true)
    }

    /// What an entry can score at most, by the roots it shares, all of them counted.
    fn shared(&mut self, view: &View, entry: u32) -> Sound<f64> {
        let Scratch { slots, counts, .. } = &mut *self.scratch;
        counts.clear();
        counts.resize(self.query.slots.len(), 0);
        let mut shared = 0;
        view.live.run.record(entry)?.tokens(|token| {
            let root = view.tables.root_of(token)?;
            if let Some(&slot) = slots.get(root as usize)
                && slot != NONE
            {
                let wanted = &self.query.slots[slot as usize];
                let count = &mut counts[slot as usize];
                if *count < wanted.count {
                    *count += 1;
                    shared += wanted.weight;
                }
            }
            Ok(())
        })?;
        Ok(bound(shared, self.query.weight + view.live.run.weight(entry)))
    }

    /// Scores an entry and hands its units on if they are wanted. Done
    /// [with slots](Search::with_slots).
    fn scored(&mut self, view: &mut View, entry: u32, into: &mut impl Collect) -> Sound<()> {
        view.scored.insert(entry);
        self.statistics.scored += 1;
        let Scratch { slots, matched, atoms, codes, .. } = &mut *self.scratch;
        matched.clear();
        atoms.clear();
        codes.clear();
        let mut totals = [0; Class::COUNT];
        let rest = view.live.run.record(entry)?.tokens(|token| {
            let root = view.tables.root_of(token)?;
            let (class, weight) = view.tables.kind(root)?;
            totals[class as usize] += u32::from(weight);
            if let Some(&slot) = slots.get(root as usize)
                && slot != NONE
            {
                matched.push((token, self.query.slots[slot as usize].place));
                atoms.push(view.tables.atom(token)?);
            }
            Ok(())
        })?;
        let units = rest.codes(|code| codes.push(code))?;
        atoms.sort_unstable_by_key(|atom| atom.tiers);
        let places = matched.iter().map(|&(_, place)| place);
        let comparator = &self.query.comparator;
        let side = Side {
            atoms,
            totals,
            codes,
            in_order: comparator.sequence().in_order(places),
            equal: view.exact == Some(entry),
        };
        let score = comparator.agreement_with(&side).score();
        for unit in units {
            let unit = unit?;
            // An exact match may rank above its score, for its context.
            if score.value() < self.threshold.max(into.cutoff()) && !score.is_equal() {
                break;
            }
            if !view.live.dead.contains(&unit) {
                self.statistics.found += 1;
                into.found(unit, &score);
            }
        }
        Ok(())
    }
}
