//! Leverage: how much of a file a memory covers, by band.

use std::fmt;

use serde::Serialize;

use super::{TaskError, TranslatableFile, TranslatableSegment};
use crate::memory::{DuplicatePolicy, Match, Memories, Memory, MemoryError, Penalties};
use crate::text::{TokenKind, tokens};
use crate::{Segment, Unit};

/// What a segment costs a translator, best first. Every segment is in one band.
///
/// ```
/// use chancery::tasks::Band;
///
/// let names: Vec<&str> = Band::ALL.iter().map(|band| band.name()).collect();
/// assert_eq!(names[..4], ["102", "101", "repetition", "100"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Band {
    /// Must not be changed.
    Locked,
    /// An exact match with the same neighbours and id.
    Context102,
    /// An exact match with the same neighbours or the same id.
    Context101,
    /// Occurred before in the files analysed.
    Repetition,
    /// An exact match. One that ranks lower for a penalty is in the band of its rank.
    Exact,
    /// A match whose critical differences were all carried over into its suggestion.
    Repaired,
    /// A match of 95 or more.
    From95,
    /// A match of 85 or more.
    From85,
    /// A match of 75 or more.
    From75,
    /// A match of 50 or more.
    From50,
    /// Like an earlier segment of the files, by 95 or more, and less like anything in the memory.
    Internal95,
    /// As [`Internal95`](Band::Internal95), by 85 or more.
    Internal85,
    /// As [`Internal95`](Band::Internal95), by 75 or more.
    Internal75,
    /// As [`Internal95`](Band::Internal95), by 50 or more.
    Internal50,
    /// Nothing is like it.
    New,
}

impl Band {
    /// All bands, as reports list them.
    pub const ALL: [Band; 15] = [
        Band::Context102,
        Band::Context101,
        Band::Repetition,
        Band::Exact,
        Band::Repaired,
        Band::From95,
        Band::From85,
        Band::From75,
        Band::From50,
        Band::Internal95,
        Band::Internal85,
        Band::Internal75,
        Band::Internal50,
        Band::New,
        Band::Locked,
    ];

    /// The word for it in results and weights.
    pub fn name(self) -> &'static str {
        match self {
            Band::Locked => "locked",
            Band::Context102 => "102",
            Band::Context101 => "101",
            Band::Repetition => "repetition",
            Band::Exact => "100",
            Band::Repaired => "repaired",
            Band::From95 => "95-99",
            Band::From85 => "85-94",
            Band::From75 => "75-84",
            Band::From50 => "50-74",
            Band::Internal95 => "internal 95-99",
            Band::Internal85 => "internal 85-94",
            Band::Internal75 => "internal 75-84",
            Band::Internal50 => "internal 50-74",
            Band::New => "new",
        }
    }

    fn of_rank(rank: f64) -> Band {
        match rank {
            rank if rank >= 102.0 => Band::Context102,
            rank if rank >= 101.0 => Band::Context101,
            rank if rank >= 100.0 => Band::Exact,
            rank if rank >= 95.0 => Band::From95,
            rank if rank >= 85.0 => Band::From85,
            rank if rank >= 75.0 => Band::From75,
            rank if rank >= 50.0 => Band::From50,
            _ => Band::New,
        }
    }

    fn of_match(found: &Match) -> Band {
        match found.limit() {
            Some(_) if found.suggestion().is_certain() => Band::Repaired,
            _ => Band::of_rank(found.rank_score()),
        }
    }

    fn internal(self) -> Band {
        match self {
            Band::Exact => Band::Repetition,
            Band::From95 | Band::Repaired => Band::Internal95,
            Band::From85 => Band::Internal85,
            Band::From75 => Band::Internal75,
            Band::From50 => Band::Internal50,
            other => other,
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a word of each band is paid, of 1 for a new one.
///
/// There is no norm: agencies and ministries have grids of their own. The default is a grid as
/// many use: nothing for locked segments and 101 or more, 0.1 for repetitions and exact
/// matches, 0.3 for repaired ones and from 95, 0.5 from 85, 0.7 from 75, else 1; internal matches
/// as those of the memory.
///
/// ```
/// use chancery::tasks::{Band, Weights};
///
/// let weights = Weights::default().with(Band::Exact, 0.25);
/// assert_eq!((weights.of(Band::Exact), weights.of(Band::New)), (0.25, 1.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Weights([f64; Band::ALL.len()]);

impl Default for Weights {
    fn default() -> Weights {
        Weights(Band::ALL.map(|band| match band {
            Band::Locked | Band::Context102 | Band::Context101 => 0.0,
            Band::Repetition | Band::Exact => 0.1,
            Band::Repaired | Band::From95 | Band::Internal95 => 0.3,
            Band::From85 | Band::Internal85 => 0.5,
            Band::From75 | Band::Internal75 => 0.7,
            Band::From50 | Band::Internal50 | Band::New => 1.0,
        }))
    }
}

impl Weights {
    /// Sets the weight of a band: 0 for what costs nothing, 1 for what costs as much as new text.
    pub fn with(mut self, band: Band, weight: f64) -> Weights {
        self.0[place(band)] = weight;
        self
    }

    /// The weight of a band.
    pub fn of(&self, band: Band) -> f64 {
        self.0[place(band)]
    }
}

fn place(band: Band) -> usize {
    // Every band is in the list.
    Band::ALL.iter().position(|&other| other == band).unwrap_or_default()
}

/// The segments, words and characters of one band.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// How many segments.
    pub segments: u64,
    /// How many words of the source: what is between spaces and punctuation, numbers too.
    pub words: u64,
    /// How many characters of the source that are not white space.
    pub characters: u64,
}

impl Volume {
    fn add(&mut self, other: Volume) {
        self.segments += other.segments;
        self.words += other.words;
        self.characters += other.characters;
    }

    fn of(segment: &TranslatableSegment) -> Volume {
        let text = segment.source.text();
        let is_word = |kind| matches!(kind, TokenKind::Word | TokenKind::Number);
        let tokens = tokens(&text, &segment.source_lang);
        Volume {
            segments: 1,
            words: tokens.iter().filter(|token| is_word(token.kind())).count() as u64,
            characters: text.chars().filter(|c| !c.is_whitespace()).count() as u64,
        }
    }
}

/// How much of a file, or of all files, is in each band.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leverage([Volume; Band::ALL.len()]);

impl Leverage {
    /// What is in a band.
    pub fn of(&self, band: Band) -> Volume {
        self.0[place(band)]
    }

    /// All bands together.
    pub fn total(&self) -> Volume {
        let mut total = Volume::default();
        self.0.iter().for_each(|&volume| total.add(volume));
        total
    }

    /// The words by their weights: so many new words the work is worth.
    pub fn weighted_words(&self, weights: &Weights) -> f64 {
        Band::ALL.iter().map(|&band| self.of(band).words as f64 * weights.of(band)).sum()
    }

    /// Adds what another file has.
    pub fn add(&mut self, other: &Leverage) {
        for (mine, &theirs) in self.0.iter_mut().zip(&other.0) {
            mine.add(theirs);
        }
    }
}

/// What ranks below this is in no band.
const LOWEST: f64 = 50.0;

/// Analyses files against a memory, before their translation.
///
/// Matches are those of [`Memories::lookup`], with the same ranks, and of a single memory those of
/// [`Memory::lookup`]. What occurs in the files more
/// than once is translated once: repetitions and *internal* matches are found among the segments
/// of all files given so far, so the order of the files counts.
///
/// ```
/// use chancery::tasks::{Analysis, Band, TranslatableFile};
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting rose."))])?;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("letter.txt");
/// std::fs::write(&path, "La séance est levée. Rien de tel. Rien de tel.")?;
/// let file = TranslatableFile::open(&path, &Lang::FR, &Lang::EN)?;
/// let leverage = Analysis::new(&memory).file(&file)?;
/// let segments = |band| leverage.of(band).segments;
/// assert_eq!([Band::Exact, Band::Repetition, Band::New].map(segments), [1, 1, 1]);
/// assert_eq!(leverage.total().words, 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Analysis<'m> {
    memories: Memories<'m>,
    penalties: Penalties,
    /// The segments met so far, in both languages.
    met: Memory,
}

impl<'m> Analysis<'m> {
    /// Begins an analysis against a memory or several.
    pub fn new(memories: impl Into<Memories<'m>>) -> Analysis<'m> {
        let met = Memory::builder().duplicates(DuplicatePolicy::KeepAll).build();
        Analysis { memories: memories.into(), penalties: Penalties::default(), met }
    }

    /// What matches of the memories lose. By default what they lose in a lookup.
    pub fn penalties(mut self, penalties: Penalties) -> Self {
        self.penalties = penalties;
        self
    }

    /// Analyses a file.
    ///
    /// Cost: two lookups a segment.
    ///
    /// # Errors
    ///
    /// What the store of the memory reports.
    pub fn file(&mut self, file: &TranslatableFile) -> Result<Leverage, TaskError> {
        let failed = |cause| TaskError::memory(file.path(), cause);
        let mut leverage = Leverage::default();
        for segment in file.segments() {
            let band = match segment.locked {
                true => Band::Locked,
                false => self.band(segment).map_err(failed)?,
            };
            leverage.0[place(band)].add(Volume::of(segment));
        }
        Ok(leverage)
    }

    fn band(&self, segment: &TranslatableSegment) -> Result<Band, MemoryError> {
        let best = |found: Option<&Match>| found.map_or(Band::New, Band::of_match);
        let found = (self.memories.lookup(segment.query()).limit(1).threshold(LOWEST))
            .source(segment.source_lang.clone())
            .target(segment.target_lang.clone())
            .penalties(self.penalties.clone())
            .run()?;
        let stored = best(found.first().map(AsRef::as_ref));
        let found = (self.met.lookup(&segment.source).limit(1).threshold(LOWEST))
            .source(segment.source_lang.clone())
            .target(segment.target_lang.clone())
            .run()?;
        let internal = best(found.first());
        if internal != Band::Exact {
            self.remember(segment)?;
        }
        // A repetition counts before an exact match without its context; what is as good in the
        // memory as in the file itself is there translated.
        Ok(match internal {
            Band::Exact if stored > Band::Repetition => Band::Repetition,
            internal if internal < stored => internal.internal(),
            _ => stored,
        })
    }

    fn remember(&self, segment: &TranslatableSegment) -> Result<(), MemoryError> {
        let of = |lang: &crate::Lang| -> (crate::Lang, Segment) {
            (lang.clone(), segment.source.clone())
        };
        if segment.source.is_empty() || segment.source_lang.same_language(&segment.target_lang) {
            return Ok(());
        }
        self.met.add([Unit::pair(of(&segment.source_lang), of(&segment.target_lang))])?;
        Ok(())
    }
}
