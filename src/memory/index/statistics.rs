//! What searches read, and how much each step ruled out.

use std::fmt;

/// How much work lookups were, and how much each step of the search ruled out. Numbers add up over
/// lookups.
///
/// ```
/// use chancery::memory::SearchStatistics;
///
/// let statistics = SearchStatistics::default();
/// assert_eq!(statistics.queries, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchStatistics {
    /// Lookups.
    pub queries: u64,
    /// Distinct segments in the language of the query: what a scan would score.
    pub entries: u64,
    /// Thresholds tried on the way down to the one asked for.
    pub passes: u64,
    /// Places read in the lists of words.
    pub postings: u64,
    /// Segments met in them, whose length fits: once for each word of the query by which they were
    /// met.
    pub touched: u64,
    /// Of these, those that could reach the threshold by their sketches.
    pub sketched: u64,
    /// Segments that could reach it by their signatures too.
    pub candidates: u64,
    /// Segments whose words were read.
    pub read: u64,
    /// Segments that were scored: by all their words they could reach the threshold.
    pub scored: u64,
    /// Units whose score reached the threshold, and the best so far where a limit is set.
    pub found: u64,
}

impl std::ops::AddAssign for SearchStatistics {
    fn add_assign(&mut self, other: SearchStatistics) {
        self.queries += other.queries;
        self.entries += other.entries;
        self.passes += other.passes;
        self.postings += other.postings;
        self.touched += other.touched;
        self.sketched += other.sketched;
        self.candidates += other.candidates;
        self.read += other.read;
        self.scored += other.scored;
        self.found += other.found;
    }
}

impl fmt::Display for SearchStatistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} lookups over {} segments: {} list places read, {} segments met, {} left by \
             sketches, {} by signatures, {} read, {} scored, {} found",
            self.queries,
            self.entries,
            self.postings,
            self.touched,
            self.sketched,
            self.candidates,
            self.read,
            self.scored,
            self.found
        )
    }
}

/// What the index of a memory is made of. Made by [`Memory::index_stats`](super::super::Memory::index_stats).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexStats {
    /// Distinct segments, of all languages.
    pub segments: u64,
    /// Segments that are compared one by one, because there are too few for a run.
    pub fresh: u64,
    /// Immutable runs.
    pub runs: usize,
    /// Their bytes, in RAM or in mapped files.
    pub bytes: usize,
    /// Why the index is not kept beside the memory, or had to be built anew.
    pub notice: Option<String>,
}
