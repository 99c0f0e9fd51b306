//! Several memories asked as one.

use std::num::NonZeroUsize;
use std::time::Duration;

use super::lookup::{Settings, options};
use super::store::Result;
use super::{BatchLookup, Findings, Match, Memory, Penalties, Query, Selection};
use crate::Lang;
use crate::similarity::Guard;

/// Memories that are asked together, in the order of their priority.
///
/// Their matches come in one ranking, by [`rank_score`](Match::rank_score), whatever memory they
/// are from. A memory that is trusted less gives up points, which each of its matches names as a
/// [penalty](super::PenaltyKind::Memory). Among matches of the same rank, score and date those of
/// the memory that was added first come first.
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memories, Memory}};
///
/// let (house, partner) = (Memory::new(), Memory::new());
/// house.add([Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting rose."))])?;
/// partner.add([
///     Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The sitting is closed.")),
///     Unit::pair((Lang::FR, "La séance est ouverte."), (Lang::EN, "The sitting is open.")),
/// ])?;
/// let memories = Memories::new().with("house", &house).with_penalty("partner", &partner, 3.0);
/// let found = memories.lookup("La séance est levée.").threshold(60.0).run()?;
/// let names: Vec<&str> = found.iter().map(|found| found.memory()).collect();
/// assert_eq!(names, ["house", "partner", "partner"]);
/// assert_eq!(found[1].found().rank_score(), 97.0);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memories<'m> {
    members: Vec<Member<'m>>,
}

#[derive(Clone, Debug)]
struct Member<'m> {
    name: String,
    memory: &'m Memory,
    penalty: f64,
}

/// One memory, without a name.
impl<'m> From<&'m Memory> for Memories<'m> {
    fn from(memory: &'m Memory) -> Memories<'m> {
        Memories::new().with("", memory)
    }
}

impl<'m> Memories<'m> {
    /// No memory yet.
    pub fn new() -> Memories<'m> {
        Memories::default()
    }

    /// Adds a memory, after those that are there.
    pub fn with(self, name: impl Into<String>, memory: &'m Memory) -> Memories<'m> {
        self.with_penalty(name, memory, 0.0)
    }

    /// Adds a memory all of whose matches lose some points, 0–100, besides those that a lookup
    /// [takes](Penalties::memory) from every match.
    pub fn with_penalty(
        mut self,
        name: impl Into<String>,
        memory: &'m Memory,
        points: f64,
    ) -> Memories<'m> {
        self.members.push(Member { name: name.into(), memory, penalty: points.max(0.0) });
        self
    }

    /// Begins a lookup in all of them, with the defaults of [`Memory::lookup`].
    ///
    /// It finds what looking at every unit of every memory would find. Cost: that of the lookups
    /// in each.
    pub fn lookup<'q>(&'m self, query: impl Into<Query<'q>>) -> MemoriesLookup<'m, 'q> {
        MemoriesLookup { memories: self, query: query.into(), settings: Settings::default() }
    }

    /// Begins lookups of many segments or texts in all of them.
    pub fn lookup_batch<'q>(&'m self, queries: &'q [Query<'q>]) -> MemoriesBatch<'m, 'q> {
        let (threads, settings) = (NonZeroUsize::MIN, Settings::default());
        MemoriesBatch { memories: self, queries, threads, settings }
    }

    /// One ranking of what each memory found.
    fn merged(
        &'m self,
        found: impl Iterator<Item = Findings>,
        limit: usize,
    ) -> MemoriesFindings<'m> {
        let mut merged =
            MemoriesFindings { matches: Vec::new(), complete: true, missing: Vec::new() };
        for (member, findings) in self.members.iter().zip(found) {
            merged.complete &= findings.complete;
            merged.missing.extend(findings.missing);
            let matches = findings.matches.into_iter();
            merged.matches.extend(matches.map(|found| MemoryMatch { memory: &member.name, found }));
        }
        // A stable sort: what comes from one memory keeps its order, and of equals the memory that
        // was added first comes first.
        merged.matches.sort_by(|one, other| one.found.order_but_place(&other.found));
        merged.matches.truncate(limit);
        merged
    }
}

impl Member<'_> {
    fn settings(&self, settings: &Settings) -> Settings {
        let mut settings = settings.clone();
        settings.penalties.memory = settings.penalties.memory.max(0.0) + self.penalty;
        settings
    }
}

/// A lookup in several memories about to run. Made by [`Memories::lookup`].
#[derive(Clone, Debug)]
#[must_use = "a lookup finds nothing until it is run"]
pub struct MemoriesLookup<'m, 'q> {
    memories: &'m Memories<'m>,
    query: Query<'q>,
    settings: Settings,
}

impl<'m> MemoriesLookup<'m, '_> {
    options!();

    /// Finds the matches, the best first.
    ///
    /// # Errors
    ///
    /// As [`Lookup::run`](super::Lookup::run); of several the one of the memory added first.
    pub fn run(self) -> Result<Vec<MemoryMatch<'m>>> {
        Ok(self.findings()?.matches)
    }

    /// Finds the matches, and tells whether these are all.
    ///
    /// # Errors
    ///
    /// As [`run`](MemoriesLookup::run).
    pub fn findings(self) -> Result<MemoriesFindings<'m>> {
        let members = self.memories.members.iter();
        let found = members.map(|m| m.memory.find(&self.query, &m.settings(&self.settings)));
        let found: Vec<Findings> = found.collect::<Result<_>>()?;
        Ok(self.memories.merged(found.into_iter(), self.settings.limit))
    }
}

/// Many lookups in several memories about to run. Made by [`Memories::lookup_batch`].
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memories, Memory}};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
/// let queries = ["Article premier", "Préambule"].map(|text| text.into());
/// let memories = Memories::new().with("laws", &memory);
/// let found = memories.lookup_batch(&queries).run()?;
/// assert_eq!((found[0].matches.len(), found[1].matches.len()), (1, 0));
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a lookup finds nothing until it is run"]
pub struct MemoriesBatch<'m, 'q> {
    memories: &'m Memories<'m>,
    queries: &'q [Query<'q>],
    threads: NonZeroUsize,
    settings: Settings,
}

impl<'m> MemoriesBatch<'m, '_> {
    options!();

    /// On how many threads. One by default: the caller's.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Finds the matches for each query, in the order of the queries.
    ///
    /// # Errors
    ///
    /// As [`MemoriesLookup::run`].
    pub fn run(self) -> Result<Vec<MemoriesFindings<'m>>> {
        let of_member = |member: &Member<'m>| {
            let settings = member.settings(&self.settings);
            BatchLookup::of(member.memory, self.queries, self.threads, settings).run()
        };
        let found: Vec<Vec<Findings>> =
            self.memories.members.iter().map(of_member).collect::<Result<_>>()?;
        let mut found: Vec<_> = found.into_iter().map(Vec::into_iter).collect();
        let merge = |_| {
            let of_query = found.iter_mut().filter_map(Iterator::next);
            self.memories.merged(of_query, self.settings.limit)
        };
        Ok(self.queries.iter().map(merge).collect())
    }
}

/// What a lookup in several memories found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MemoriesFindings<'m> {
    /// The matches of all memories, the best first.
    pub matches: Vec<MemoryMatch<'m>>,
    /// Whether all there are were found, in every memory.
    pub complete: bool,
    /// Parts of the memories that were left out: see [`Findings::missing`].
    pub missing: Vec<String>,
}

/// A match, and the memory it is from.
#[derive(Clone, Debug)]
pub struct MemoryMatch<'m> {
    memory: &'m str,
    found: Match,
}

impl<'m> MemoryMatch<'m> {
    /// The name of the memory.
    pub fn memory(&self) -> &'m str {
        self.memory
    }

    /// The match.
    pub fn found(&self) -> &Match {
        &self.found
    }

    /// The match alone.
    pub fn into_found(self) -> Match {
        self.found
    }
}

impl AsRef<Match> for MemoryMatch<'_> {
    fn as_ref(&self) -> &Match {
        &self.found
    }
}
