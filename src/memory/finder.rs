//! Who searches: the index of this program, or a store that can do it where the units are.

use std::time::Instant;

use super::MemoryError;
use super::index::{
    Collect, Damaged, IndexQuery, IndexStats, SearchStatistics, Snapshot, Visit, Wanted,
};
use super::store::Result;
use crate::Lang;
use crate::similarity::Atom;

/// A store that searches. What it finds is what the [index](super::index) would find: the same
/// plan with the same proofs, and the same score.
pub(crate) trait Finder {
    /// See [`Snapshot::search`].
    fn search(
        &self,
        lang: &Lang,
        query: &IndexQuery,
        threshold: f64,
        deadline: Option<Instant>,
        into: &mut dyn Collect,
        statistics: &mut SearchStatistics,
    ) -> Result<bool>;

    /// See [`Snapshot::containing`].
    fn containing(&self, lang: &Lang, wanted: &Wanted, into: &mut dyn Visit) -> Result<()>;

    /// See [`Snapshot::vocabulary`]. Of the tiers the root and the key are given.
    fn vocabulary(&self, lang: &Lang, start: &str) -> Result<Vec<Atom>>;

    /// See [`Snapshot::stats`].
    fn stats(&self) -> Result<IndexStats>;

    /// Parts of the memory that were left out because their servers are away.
    fn missing(&self) -> &[String];
}

/// The one of the two that searches a memory.
pub(super) enum Searcher<'s> {
    Index(Snapshot<'s>),
    Store(&'s dyn Finder),
}

/// Why a search did not come to its end.
#[derive(Debug)]
pub(super) enum Failure {
    /// The index is damaged, and can be built anew.
    Damaged(Damaged),
    Memory(MemoryError),
}

impl From<Damaged> for Failure {
    fn from(damaged: Damaged) -> Failure {
        Failure::Damaged(damaged)
    }
}

impl From<MemoryError> for Failure {
    fn from(error: MemoryError) -> Failure {
        Failure::Memory(error)
    }
}

impl Searcher<'_> {
    pub(super) fn search(
        &self,
        lang: &Lang,
        query: &IndexQuery,
        threshold: f64,
        deadline: Option<Instant>,
        into: &mut impl Collect,
        statistics: &mut SearchStatistics,
    ) -> std::result::Result<bool, Failure> {
        Ok(match self {
            Searcher::Index(index) => {
                index.search(lang, query, threshold, deadline, into, statistics)?
            }
            Searcher::Store(store) => {
                store.search(lang, query, threshold, deadline, into, statistics)?
            }
        })
    }

    pub(super) fn containing(
        &self,
        lang: &Lang,
        wanted: &Wanted,
        into: &mut impl Visit,
    ) -> std::result::Result<(), Failure> {
        match self {
            Searcher::Index(index) => index.containing(lang, wanted, into)?,
            Searcher::Store(store) => store.containing(lang, wanted, into)?,
        }
        Ok(())
    }

    /// Parts of the memory that are left out.
    pub(super) fn missing(&self) -> Vec<String> {
        match self {
            Searcher::Index(_) => Vec::new(),
            Searcher::Store(store) => store.missing().to_vec(),
        }
    }

    pub(super) fn vocabulary(
        &self,
        lang: &Lang,
        start: &str,
    ) -> std::result::Result<Vec<Atom>, Failure> {
        Ok(match self {
            Searcher::Index(index) => index.vocabulary(lang, start)?,
            Searcher::Store(store) => store.vocabulary(lang, start)?,
        })
    }
}
