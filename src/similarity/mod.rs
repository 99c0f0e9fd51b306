//! How similar two segments are: one score, with its reasons, and which token stands for which.
//!
//! The score is a pure function of two segments and their language. It never depends on what else
//! a memory holds: an analysis says on Friday what it said on Monday, on every backend.
//!
//! # Definition
//!
//! A segment is a sequence of [tokens](crate::text::Token). Each has a [`Class`] and with it a
//! weight: a content word and a number weigh 2; a function word, a content word of one or two letters
//! and a punctuation mark weigh 1. Tokens are alike at four [tiers](Tier): root, stem, key, surface. With
//! *W* the weight of all tokens of both segments, and *o*₁, *o*₂, *o*₃, *o*₄ the weight of the
//! tokens both share at these tiers (as multisets, counted once):
//!
//! - **overlap**: *D* = 2 (0.5 *o*₁ + 0.3 *o*₂ + 0.2 *o*₃) / *W*; 100 (1 − *D*) points are lost in
//!   all, each class of tokens in its own component (words, numbers, punctuation);
//! - **order**: if *m* tokens are shared by root, and the longest common subsequence of the roots
//!   has *l* tokens, 30 *D* (1 − *l* / *m*) points are lost;
//! - **case** (and notation of numbers): 4 · 2 (*o*₃ − *o*₄) / *W* points;
//! - **codes**: up to 4 points for codes of other kinds or in other places, the less the less the
//!   texts share;
//! - any difference at all costs at least one point.
//!
//! # Laws
//!
//! 0 ≤ score ≤ 100; 100 exactly for segments equal after normal form; symmetric; deterministic,
//! to the last bit, on every machine; one word more or less never changes it by more than the
//! share of its weight and order. One content word changed in a sentence of twenty words leaves
//! about 95.

mod alignment;
mod class;
mod comparator;
mod difference;
mod order;
mod outline;
mod prepared;
mod score;
#[cfg(test)]
mod tests;

pub use alignment::{Step, alignment};
pub use class::Class;
pub use comparator::{Comparator, score};
pub use difference::{
    CriticalWords, CriticalWordsError, Differ, Difference, DifferenceKind, Guard,
};
pub use prepared::{Prepared, PreparedToken, Preparer, Tier};
pub use score::{Component, Score};

pub(crate) use class::function_words;
pub(crate) use comparator::Side;
pub(crate) use difference::Known;
pub(crate) use outline::{Keys, Outline, Outliner};
pub(crate) use prepared::{Atom, PreparedCode};
pub(crate) use score::{MARGIN, bound};
