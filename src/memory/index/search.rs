//! Searching the index of one language: the plan that the [module](super) proves complete.

use std::collections::HashSet;
use std::time::Instant;

use super::bytes::Sound;
use super::language::{Language, LiveRun};
use super::run::{Root, Tables};
use super::signature::{Place, SIGNATURE, Shares};
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
    /// Which bits of a signature stand for a weight that has the binary digit of this place.
    #[cfg(feature = "postgres")]
    masks: Vec<u128>,
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
        IndexQuery {
            fingerprint,
            weight,
            #[cfg(feature = "postgres")]
            masks: masks(&slots),
            slots,
            comparator,
        }
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

    /// Which bits of a signature stand for a weight that has the binary digit of this place.
    #[cfg(feature = "postgres")]
    pub(crate) fn masks(&self) -> &[u128] {
        &self.masks
    }
}

/// The bit that stands for a root in the signature of a segment that has it, on a server.
#[cfg(feature = "postgres")]
pub(crate) fn signature_bit(root: u64) -> u128 {
    1 << (root >> 57)
}

#[cfg(feature = "postgres")]
fn masks(slots: &[QueryRoot]) -> Vec<u128> {
    let mut weights = [0_u32; 128];
    for slot in slots {
        let bit = signature_bit(slot.hash).trailing_zeros() as usize;
        weights[bit] = weights[bit].saturating_add(slot.weight * slot.count);
    }
    let places = weights.iter().map(|weight| u32::BITS - weight.leading_zeros()).max();
    (0..places.unwrap_or(0))
        .map(|place| {
            let bits = weights.iter().enumerate().filter(|&(_, weight)| weight >> place & 1 == 1);
            bits.fold(0, |mask, (bit, _)| mask | 1 << bit)
        })
        .collect()
}

/// Memory that searches use again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// For each entry the weight found so far, in postings, of what it shares; all 0 between uses.
    shared: Vec<u16>,
    touched: Vec<u32>,
    met: Vec<Met>,
    /// The same, those together that were looked for in equally many lists.
    sorted: Vec<Met>,
    shares: Box<Shares>,
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

/// An entry that was met in the lists and can reach the threshold by what is known of it so far.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    /// How many lists it was looked for in.
    lists: u32,
    entry: u32,
    /// The weight of what it shares by those.
    shared: u32,
    /// The place of its weight among those of the run.
    step: u32,
}

/// Thresholds tried on the way down to the one asked for: the best are found cheaply at the top,
/// and once there are enough of them the rest need not be looked at.
pub(crate) const LEVELS: [f64; 8] = [90.0, 75.0, 60.0, 45.0, 30.0, 15.0, 5.0, 1.0];
/// A level so close to the threshold asked for saves nothing.
pub(crate) const LEVEL_GAP: f64 = 8.0;

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
    /// The greatest weight an entry can share by it.
    worth: u32,
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
                self.scored(view, entry, into)?;
            }
        }
        self.fresh(language, into);
        let lowest = self.threshold + LEVEL_GAP;
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
                let worth = wanted.weight * wanted.count;
                let place = tables.place(wanted.hash);
                active.push(Active { slot: slot as u32, root, place, worth });
            }
        }
        let cost = |active: &Active| f64::from(active.root.count) / f64::from(active.worth);
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
            self.scratch.slots.resize(view.tables.roots().max(self.scratch.slots.len()), NONE);
            for active in &view.active {
                self.scratch.slots[active.root.number as usize] = active.slot;
            }
            let finished = self.verify(view, &candidates, least, into);
            for active in &view.active {
                self.scratch.slots[active.root.number as usize] = NONE;
            }
            if !finished? {
                return Ok(false);
            }
        }
        Ok(true)
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
        let lightest = (least * query / (200.0 - least)).ceil().max(0.0);
        let first = run.first_of_weight(lightest as u64);

        let Scratch { shared, touched, met, sorted, shares, .. } = &mut *self.scratch;
        shared.resize(shared.len().max(run.entries() as usize), 0);
        touched.clear();
        let mut rest: u32 = view.active.iter().map(|active| active.worth).sum();
        // Entries from `.0` on were not looked for in the lists from there on, worth `.1`.
        let mut windows: Vec<(u32, u32)> = Vec::with_capacity(view.active.len() + 1);
        for active in &view.active {
            let heaviest = (200.0 * f64::from(rest) / least - query).floor();
            if heaviest < lightest {
                break;
            }
            let end = run.first_of_weight(heaviest as u64 + 1);
            let worth = u16::try_from(active.worth).unwrap_or(u16::MAX);
            let list = run.postings(&active.root, first..end)?;
            let read = list.each(|entry| {
                if let Some(sum) = shared.get_mut(entry as usize) {
                    if *sum == 0 {
                        touched.push(entry);
                    }
                    *sum = sum.saturating_add(worth);
                }
            });
            windows.push((end, rest));
            rest -= active.worth;
            match read {
                Ok(read) => self.statistics.postings += read,
                Err(damaged) => {
                    touched.iter().for_each(|&entry| shared[entry as usize] = 0);
                    return Err(damaged);
                }
            }
        }
        windows.push((0, rest));
        self.statistics.touched += touched.len() as u64;

        // What an entry of each weight must share; exactly, but for the margin.
        let weights = run.weights();
        let least_shared = |weight: u32| least * (query + f64::from(weight)) / 200.0;
        let needed: Vec<f64> = weights.iter().map(|&(weight, _)| least_shared(weight)).collect();
        met.clear();
        for &entry in &*touched {
            let lists = windows.partition_point(|&(end, _)| end > entry);
            let shared = match std::mem::take(&mut shared[entry as usize]) {
                u16::MAX => u32::MAX,
                sum => sum.into(),
            };
            let step = run.step(entry);
            let most = shared.saturating_add(windows[lists].1).min(self.query.weight);
            if f64::from(most) >= needed[step] {
                met.push(Met { lists: lists as u32, entry, shared, step: step as u32 });
            }
        }

        // Of the roots they were not looked for by, signatures know something.
        let mut ends = vec![0_usize; windows.len()];
        met.iter().for_each(|met| ends[met.lists as usize] += 1);
        let mut start = 0;
        ends.iter_mut().for_each(|end| start += std::mem::replace(end, start));
        sorted.clear();
        sorted.resize(met.len(), Met::default());
        for &met in &*met {
            let end = &mut ends[met.lists as usize];
            sorted[*end] = met;
            *end += 1;
        }
        let signed = self.query.weight < u16::MAX.into();
        let part = |active: &Active| {
            let slot = &self.query.slots[active.slot as usize];
            (active.place, slot.weight, slot.count)
        };
        if signed && !met.is_empty() {
            shares.set(view.active.iter().map(part));
        }
        let mut candidates = Vec::new();
        let mut taken = 0;
        for group in sorted.chunk_by(|one, other| one.lists == other.lists) {
            let lists = group.first().map_or(0, |met| met.lists as usize);
            if signed {
                for (place, weight, count) in view.active[taken..lists].iter().map(part) {
                    shares.remove(place, weight, count);
                }
                taken = lists;
            }
            for few in group.chunks(AT_ONCE) {
                // They are far apart in memory: all are asked for before the first is waited for.
                let mut signatures = [[0; SIGNATURE]; AT_ONCE];
                for (met, signature) in few.iter().zip(&mut signatures) {
                    *signature = *view.tables.signature(met.entry)?;
                }
                for (met, signature) in few.iter().zip(&signatures) {
                    let unread = if signed { shares.of(signature) } else { windows[lists].1 };
                    let weight = weights[met.step as usize].0;
                    let most = met.shared.saturating_add(unread).min(weight).min(self.query.weight);
                    if f64::from(most) >= needed[met.step as usize] {
                        candidates.push((bound(most, self.query.weight + weight), met.entry));
                    }
                }
            }
        }
        Ok(candidates)
    }

    /// Reads the candidates, the most promising first, and scores those that can still matter.
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

    /// Scores an entry and hands its units on if they are wanted.
    fn scored(&mut self, view: &mut View, entry: u32, into: &mut impl Collect) -> Sound<()> {
        view.scored.insert(entry);
        self.statistics.scored += 1;
        let Scratch { matched, atoms, codes, .. } = &mut *self.scratch;
        matched.clear();
        atoms.clear();
        codes.clear();
        let mut totals = [0; Class::COUNT];
        let rest = view.live.run.record(entry)?.tokens(|token| {
            let root = view.tables.root_of(token)?;
            let (class, weight) = view.tables.kind(root)?;
            totals[class as usize] += u32::from(weight);
            let atom = view.tables.atom(token)?;
            let hash = atom.tiers[Tier::Root as usize];
            if let Ok(slot) = self.query.slots.binary_search_by_key(&hash, |slot| slot.hash) {
                matched.push((token, self.query.slots[slot].place));
                atoms.push(atom);
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
