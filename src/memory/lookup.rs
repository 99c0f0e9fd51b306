//! Lookup: the units whose source is like a query.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::found::{Match, Penalty, PenaltyKind};
use super::index::{Collect, IndexQuery, SearchStatistics};
use super::pair::{Pair, pairs};
use super::past::{Moment, Past};
use super::policy::UnitName;
use super::repair::Repair;
use super::store::{Read, Result};
use super::{Memory, Penalties, Query, Selection, Suggestion, UnitId};
use crate::similarity::{Differ, Difference, Guard, Known, Prepared, Score};
use crate::unit::Variant;
use crate::{Lang, Segment, Unit};

/// What a lookup asks for, but for the query.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) source: Lang,
    pub(super) target: Lang,
    pub(super) threshold: f64,
    pub(super) limit: usize,
    pub(super) time: Option<Duration>,
    pub(super) partial: bool,
    pub(super) guard: Guard,
    pub(super) penalties: Penalties,
    pub(super) selection: Selection,
    pub(super) preferred: Option<Selection>,
    pub(super) as_of: Option<Moment>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            source: Lang::FR,
            target: Lang::EN,
            threshold: 70.0,
            limit: 5,
            time: None,
            partial: false,
            guard: Guard::default(),
            penalties: Penalties::default(),
            selection: Selection::default(),
            preferred: None,
            as_of: None,
        }
    }
}

/// The options that all lookups have alike.
macro_rules! options {
    () => {
        /// The language of the query. French by default.
        pub fn source(mut self, lang: Lang) -> Self {
            self.settings.source = lang;
            self
        }

        /// The language to translate into. English by default.
        pub fn target(mut self, lang: Lang) -> Self {
            self.settings.target = lang;
            self
        }

        /// The lowest [`rank_score`](Match::rank_score) of a match, 0–102; 0 finds every unit that
        /// has both languages. 70 by default.
        pub fn threshold(mut self, threshold: f64) -> Self {
            self.settings.threshold = threshold;
            self
        }

        /// How many matches at most. 5 by default.
        pub fn limit(mut self, limit: usize) -> Self {
            self.settings.limit = limit;
            self
        }

        /// How matches are limited whose meaning differs. [`Guard::default`] by default.
        pub fn guard(mut self, guard: Guard) -> Self {
            self.settings.guard = guard;
            self
        }

        /// What matches lose for reasons of trust. [`Penalties::default`] by default.
        pub fn penalties(mut self, penalties: Penalties) -> Self {
            self.settings.penalties = penalties;
            self
        }

        /// In which units. In all by default; a document is included or excluded so.
        pub fn selection(mut self, selection: Selection) -> Self {
            self.settings.selection = selection;
            self
        }

        /// Which units go before others, such as those of one document: the others lose the points
        /// of [`Penalties::preference`]. None by default.
        pub fn prefer(mut self, preferred: Selection) -> Self {
            self.settings.preferred = Some(preferred);
            self
        }

        /// In the memory as it was at a [moment](super::Moment). As it is now by default.
        ///
        /// Cost: beside the lookup every unit that was changed since is read and compared, at some
        /// ten microseconds each. A past that was purged is an error.
        pub fn as_of(mut self, moment: impl Into<super::Moment>) -> Self {
            self.settings.as_of = Some(moment.into());
            self
        }

        /// How long a lookup may take. No limit by default.
        ///
        /// A lookup that is not done by then gives the best it has met, which may not be the best
        /// there are: [`Findings::complete`] says so. Time that goes into bringing the index up to
        /// date after a change does not count.
        pub fn time_limit(mut self, time: Duration) -> Self {
            self.settings.time = Some(time);
            self
        }

        /// Whether parts of the memory may be left out whose servers are away, of a memory that is
        /// on several. By default that is an error.
        pub fn partial(mut self, partial: bool) -> Self {
            self.settings.partial = partial;
            self
        }
    };
}
pub(super) use options;

/// A lookup about to run. Made by [`Memory::lookup`].
///
/// Defaults: from French to English, threshold 70, limit 5. Any pair of languages that units have
/// can be asked for, in either direction. A language finds its varieties and they find it, at a
/// [penalty](Penalties) of one point: `fr` finds `fr-FR`, `fr-FR` finds `fr` and `fr-CA`.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair(
///     (Lang::FR, "La séance est levée."),
///     ("en-GB".parse()?, "The meeting rose."),
/// )])?;
/// let found = memory.lookup("The meeting rose.").source(Lang::EN).target(Lang::FR).run()?;
/// assert_eq!(found[0].target().text(), "La séance est levée.");
/// assert_eq!((found[0].score(), found[0].rank_score()), (100.0, 99.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a lookup finds nothing until it is run"]
pub struct Lookup<'m, 'q> {
    memory: &'m Memory,
    query: Query<'q>,
    settings: Settings,
}

impl Lookup<'_, '_> {
    options!();

    /// Finds the matches, the best first.
    ///
    /// Cost: see [`Memory::lookup`].
    ///
    /// # Errors
    ///
    /// Only what the store reports: a memory in RAM has nothing to report.
    pub fn run(self) -> Result<Vec<Match>> {
        Ok(self.findings()?.matches)
    }

    /// Finds the matches, and tells how they were found.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
    /// let findings = memory.lookup("Article 2").threshold(50.0).findings()?;
    /// assert!(findings.complete);
    /// assert_eq!((findings.matches.len(), findings.statistics.entries), (1, 1));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`run`](Lookup::run).
    pub fn findings(self) -> Result<Findings> {
        self.memory.find(&self.query, &self.settings)
    }
}

/// Many lookups about to run. Made by [`Memory::lookup_batch`].
///
/// ```
/// use std::num::NonZeroUsize;
///
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
/// let queries = ["Article premier", "Préambule"].map(|text| text.into());
/// let found = memory.lookup_batch(&queries).threads(NonZeroUsize::MIN).run()?;
/// assert_eq!(found[0].matches[0].score(), 100.0);
/// assert!(found[1].matches.is_empty());
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a lookup finds nothing until it is run"]
pub struct BatchLookup<'m, 'q> {
    memory: &'m Memory,
    queries: &'q [Query<'q>],
    threads: NonZeroUsize,
    settings: Settings,
}

impl<'m, 'q> BatchLookup<'m, 'q> {
    options!();

    pub(super) fn of(
        memory: &'m Memory,
        queries: &'q [Query<'q>],
        threads: NonZeroUsize,
        settings: Settings,
    ) -> Self {
        BatchLookup { memory, queries, threads, settings }
    }

    /// On how many threads. One by default: the caller's.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Finds the matches for each query, in the order of the queries. They are the same on any
    /// number of threads.
    ///
    /// # Errors
    ///
    /// As [`Lookup::run`]; of several the one of the first query.
    pub fn run(self) -> Result<Vec<Findings>> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(query) = self.queries.get(at) else { return found };
                found.push((at, self.memory.find(query, &self.settings)));
            }
        };
        let mut found = std::thread::scope(|scope| {
            let others = self.threads.get().min(self.queries.len()).saturating_sub(1);
            let others: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
            let mut found = work();
            for other in others {
                match other.join() {
                    Ok(more) => found.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            found
        });
        found.sort_unstable_by_key(|&(at, _)| at);
        found.into_iter().map(|(_, findings)| findings).collect()
    }
}

/// What a lookup found, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Findings {
    /// The matches, the best first.
    pub matches: Vec<Match>,
    /// Whether all there are were found: not so only where a
    /// [time limit](Lookup::time_limit) was hit, or a part is [missing](Findings::missing).
    pub complete: bool,
    /// The servers that were away, so that their part of the memory was not searched: only where a
    /// [partial answer](Lookup::partial) was asked for.
    pub missing: Vec<String>,
    /// What was read, and how much each step ruled out.
    pub statistics: SearchStatistics,
}

/// Whether several exact matches, best first, share the highest rank and translate differently: their
/// order says nothing then, and a person has to choose.
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memory, is_ambiguous}};
///
/// let memory = Memory::new();
/// memory.add([
///     Unit::pair((Lang::FR, "Adopté."), (Lang::EN, "Carried.")),
///     Unit::pair((Lang::FR, "Adopté."), (Lang::EN, "Agreed to.")),
/// ])?;
/// assert!(is_ambiguous(&memory.lookup("Adopté.").run()?));
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
pub fn is_ambiguous<M: AsRef<Match>>(matches: &[M]) -> bool {
    let mut matches = matches.iter().map(AsRef::as_ref);
    let Some(best) = matches.next().filter(|best| best.score() >= 100.0) else { return false };
    let target = best.target().text();
    let mut equals = matches.take_while(|other| other.rank_score() >= best.rank_score());
    equals.any(|other| other.score() >= 100.0 && other.target().text() != target)
}

impl Settings {
    /// The best pair of a unit, if it reaches the threshold. `known` is the score of the unit's
    /// only segment in the language of the query.
    fn compare(
        &self,
        query: &IndexQuery,
        asked: &Asked<'_>,
        known: &Score,
        id: u64,
        unit: Unit,
    ) -> Option<Match> {
        if !self.selection.accepts(&unit) {
            return None;
        }
        let same = |pair: &Pair| unit.variants[pair.source].lang.same_language(&self.source);
        let mut alike = unit.variants.iter().filter(|v| v.lang.same_language(&self.source));
        let only = alike.next().is_some() && alike.next().is_none();
        let scored = pairs(&unit, &self.source, &self.target).map(|pair| {
            let segment = &unit.variants[pair.source].segment;
            let score = match only && same(&pair) {
                true => *known,
                false => query.comparator().score(segment),
            };
            let penalties = self.taken(&unit, pair.exact);
            let context = (score.value() >= 100.0).then(|| asked.query.context(&unit)).flatten();
            // Below the cap nothing is limited, so that only near matches are looked at closely.
            let near = score.value() > self.guard.cap();
            let differences = near.then(|| asked.differences(segment));
            let limit = differences
                .as_deref()
                .and_then(|differences| asked.limit(&self.guard, differences, &unit, &pair));
            let limited = limit.map_or(score.value(), |limit| score.value().min(limit));
            let rank = limited - penalties.iter().map(Penalty::points).sum::<f64>();
            (pair, (score, penalties, differences, limit, context), rank)
        });
        // Of several as good the first, whatever max_by would take.
        let (pair, (score, penalties, differences, limit, context), _) =
            scored.reduce(|best, next| match next.2 > best.2 {
                true => next,
                false => best,
            })?;
        let (source, target) = (pair.source, pair.target);
        let target_segment = unit.variants[target].segment.clone();
        let suggestion =
            Suggestion { target: target_segment, changes: Vec::new(), refused: Vec::new() };
        let id = UnitId::new(id);
        let found = Match {
            id,
            unit,
            source,
            target,
            score,
            penalties,
            context,
            differences,
            limit,
            suggestion,
            doubts: Vec::new(),
        };
        (found.rank_score() >= self.threshold).then_some(found)
    }
}

impl Settings {
    /// What a unit loses.
    fn taken(&self, unit: &Unit, exact: bool) -> Vec<Penalty> {
        let mut penalties = self.penalties.of(unit, exact);
        let points = self.penalties.preference;
        if points > 0.0 && self.preferred.as_ref().is_some_and(|wanted| !wanted.accepts(unit)) {
            penalties.push(Penalty::new(PenaltyKind::Preference, points));
        }
        penalties
    }
}

/// The query, for those who look closely.
struct Asked<'q> {
    query: &'q Query<'q>,
    segment: &'q Segment,
    prepared: &'q Prepared,
    differ: Differ,
    known: OnceCell<Known>,
    /// What was compared last: units of one segment come one after another.
    last: RefCell<Option<(Segment, Vec<Difference>)>>,
}

impl Asked<'_> {
    fn differences(&self, source: &Segment) -> Vec<Difference> {
        let mut last = self.last.borrow_mut();
        if let Some((segment, differences)) = &*last
            && segment == source
        {
            return differences.clone();
        }
        let known = self.known.get_or_init(|| self.differ.known(self.segment, self.prepared));
        let differences = self.differ.differences_from(known, source);
        *last = Some((source.clone(), differences.clone()));
        differences
    }

    /// The highest rank of a match with these differences: higher where all that change the
    /// meaning are values that were carried into the target.
    fn limit(
        &self,
        guard: &Guard,
        differences: &[Difference],
        unit: &Unit,
        pair: &Pair,
    ) -> Option<f64> {
        let limit = guard.limit(differences)?;
        let (source, target) = (&unit.variants[pair.source], &unit.variants[pair.target]);
        let certain = self.repair(source, target, differences).is_certain();
        Some(if certain { guard.repaired() } else { limit })
    }

    fn repair(&self, source: &Variant, target: &Variant, differences: &[Difference]) -> Suggestion {
        let repair = Repair {
            query: self.segment,
            source: &source.segment,
            source_lang: &source.lang,
            target: &target.segment,
            target_lang: &target.lang,
        };
        repair.run(differences)
    }
}

/// The best matches so far.
struct Best<'r> {
    read: &'r dyn Read,
    query: &'r IndexQuery,
    asked: Asked<'r>,
    settings: &'r Settings,
    /// In order once there are as many as wanted.
    found: Vec<Match>,
    ids: HashSet<u64>,
    past: Option<Past>,
    /// The first thing that went wrong: nothing more is wanted then.
    error: Option<super::MemoryError>,
}

impl Best<'_> {
    fn unit(&self, id: u64) -> Result<Option<Unit>> {
        let record = self.read.get(id)?;
        record.map(|record| record.decode(UnitName(id))).transpose()
    }

    /// Compares the units that have changed since the moment that is asked about.
    fn look_back(&mut self) -> Result<()> {
        let Some(past) = &self.past else { return Ok(()) };
        let mut found = Vec::new();
        for unit in past.units(self.read) {
            let (id, unit) = unit?;
            let segment =
                unit.variants.iter().find(|v| v.lang.same_language(&self.settings.source));
            let Some(segment) = segment else { continue };
            let score = self.query.comparator().score(&segment.segment);
            found.extend(self.settings.compare(self.query, &self.asked, &score, id, unit));
        }
        found.into_iter().for_each(|found| self.keep(found));
        Ok(())
    }

    fn keep(&mut self, found: Match) {
        let (limit, id) = (self.settings.limit, found.id().number());
        if self.found.len() < limit {
            self.found.push(found);
            if self.found.len() == limit {
                self.found.sort_by(Match::order);
            }
        } else {
            let at = self.found.partition_point(|other| other.order(&found).is_lt());
            if at == limit {
                return;
            }
            self.found.insert(at, found);
            if let Some(last) = self.found.pop() {
                self.ids.remove(&last.id().number());
            }
        }
        self.ids.insert(id);
    }

    fn into_matches(mut self) -> Vec<Match> {
        self.found.sort_by(Match::order);
        for found in &mut self.found {
            let asked = &self.asked;
            let differences =
                found.differences.take().unwrap_or_else(|| asked.differences(found.source()));
            let (source, target) =
                (&found.unit.variants[found.source], &found.unit.variants[found.target]);
            found.suggestion = asked.repair(source, target, &differences);
            found.limit = self.settings.guard.limit(&differences).map(|limit| {
                match found.suggestion.is_certain() {
                    true => self.settings.guard.repaired(),
                    false => limit,
                }
            });
            found.differences = Some(differences);
            if found.score() >= 100.0 {
                found.doubts = found.checked();
            }
        }
        self.found
    }
}

impl Collect for Best<'_> {
    fn cutoff(&self) -> f64 {
        let Settings { limit, threshold, .. } = *self.settings;
        let cutoff = match self.found.last() {
            _ if self.error.is_some() || limit == 0 => return f64::INFINITY,
            Some(last) if self.found.len() == limit => last.rank_score().max(threshold),
            _ => threshold,
        };
        // The context lifts exact matches above their score, so all of them must be seen.
        if self.asked.query.has_context() { cutoff.min(100.0) } else { cutoff }
    }

    fn found(&mut self, id: u64, score: &Score) {
        if self.cutoff().is_infinite()
            || self.ids.contains(&id)
            || self.past.as_ref().is_some_and(|past| past.differs(id))
        {
            return;
        }
        match self.unit(id) {
            Ok(Some(unit)) => {
                if let Some(found) = self.settings.compare(self.query, &self.asked, score, id, unit)
                {
                    self.keep(found);
                }
            }
            Ok(None) => {}
            Err(error) => self.error = Some(error),
        }
    }
}

impl Memory {
    /// Begins a lookup of a segment or text.
    ///
    /// It finds every unit that reaches the threshold, or the best of them where there are more
    /// than the limit: the same as comparing all units, about a thousand times faster among a
    /// million of them at a threshold of 70. The first lookup after a change brings the index up
    /// to date first.
    ///
    /// Cost: grows with how common the words of the query are, and with how low the threshold is.
    /// All units of a segment that equals the query are read to put them in order: a million equal
    /// units take a second or so.
    pub fn lookup<'q>(&self, query: impl Into<Query<'q>>) -> Lookup<'_, 'q> {
        Lookup { memory: self, query: query.into(), settings: Settings::default() }
    }

    /// Begins lookups of many segments or texts.
    pub fn lookup_batch<'q>(&self, queries: &'q [Query<'q>]) -> BatchLookup<'_, 'q> {
        BatchLookup::of(self, queries, NonZeroUsize::MIN, Settings::default())
    }

    pub(super) fn find(&self, asked: &Query<'_>, settings: &Settings) -> Result<Findings> {
        let segment = asked.segment();
        let query = IndexQuery::new(segment, &settings.source);
        // The context lifts exact matches above their score.
        let threshold = match asked.has_context() {
            true => settings.threshold.min(100.0),
            false => settings.threshold,
        };
        let (_, findings) = self.searched_in_part(settings.partial, |read, searcher| {
            let deadline = settings.time.and_then(|time| Instant::now().checked_add(time));
            let mut statistics = SearchStatistics::default();
            let mut best = Best {
                read,
                query: &query,
                asked: Asked {
                    query: asked,
                    segment,
                    prepared: query.comparator().prepared(),
                    differ: Differ::new(&settings.source),
                    known: OnceCell::new(),
                    last: RefCell::new(None),
                },
                settings,
                found: Vec::new(),
                ids: HashSet::new(),
                past: settings.as_of.map(|moment| Past::new(read, moment)).transpose()?,
                error: None,
            };
            best.look_back()?;
            let complete = searcher.search(
                &settings.source,
                &query,
                threshold,
                deadline,
                &mut best,
                &mut statistics,
            );
            if let Some(error) = best.error.take() {
                return Err(error.into());
            }
            let (complete, missing) = (complete?, searcher.missing());
            let complete = complete && missing.is_empty();
            Ok(Findings { complete, missing, matches: best.into_matches(), statistics })
        })?;
        Ok(findings)
    }
}
