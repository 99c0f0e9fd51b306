//! Terms that a termbase does not have yet: candidates from texts.
//!
//! A [`TermExtractor`] reads segments of one language and gives the word groups that behave like
//! terms; a [`PairExtractor`] reads units and gives groups of both languages that stand for each
//! other. Candidates are proposals for a person: each comes with counts and the segments it
//! stands in. The same input gives the same list on every machine.
//!
//! A candidate begins and ends with a word that carries matter; within it the language's small
//! words may stand that hold a noun group together (*de*, *of*). French, English and Russian have
//! lists of words that are no part of terms; in other languages every word may be one.

mod bilingual;
mod monolingual;
mod sentences;
mod vocabulary;

pub use bilingual::{PairCandidate, PairExtractor};
pub use monolingual::{TermCandidate, TermExtractor};
