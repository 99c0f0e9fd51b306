//! What differs between two segments.

use super::comparison::Comparison;
use super::side::Side;
use super::{CriticalWords, Difference};
use crate::similarity::prepared::KnownTokens;
use crate::similarity::{Prepared, Preparer};
use crate::text::Token;
use crate::{Lang, Segment};

/// Finds what differs between two segments of one language.
///
/// The differences of *a* and *b* are those of *b* and *a* with the sides exchanged, and there
/// are none exactly when the [score](crate::similarity::Score) is 100.
///
/// Cost: that of preparing both segments and of [aligning](crate::similarity::alignment()) them.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{Differ, DifferenceKind}};
///
/// let query = Segment::from("Les deux États ne s’engagent pas à coopérer en 2015.");
/// let stored = Segment::from("Les deux États s’engagent à coopérer en 2014.");
/// let kinds: Vec<DifferenceKind> = Differ::new(&Lang::FR)
///     .differences(&query, &stored)
///     .iter()
///     .map(|difference| difference.kind())
///     .collect();
/// assert_eq!(kinds, [DifferenceKind::Negation, DifferenceKind::Date]);
/// ```
#[derive(Clone, Debug)]
pub struct Differ {
    lang: Lang,
    preparer: Preparer,
    words: CriticalWords,
}

fn key(side: &Side) -> (&str, &[(u8, usize)]) {
    (side.prepared.normal(), &side.codes)
}

/// What is known of a query alone.
pub(crate) struct Known {
    side: Side,
    tokens: KnownTokens,
}

impl Differ {
    /// A differ for segments of this language, with its [critical words](CriticalWords::of).
    pub fn new(lang: &Lang) -> Differ {
        Differ::with_words(CriticalWords::of(lang))
    }

    /// A differ with other critical words, for segments of their language.
    pub fn with_words(words: CriticalWords) -> Differ {
        let lang = words.lang().clone();
        Differ { preparer: Preparer::new(&lang), lang, words }
    }

    /// The differences, in the order of the query.
    pub fn differences(&self, query: &Segment, source: &Segment) -> Vec<Difference> {
        self.differences_from(&self.known(query, &self.preparer.prepare(query)), source)
    }

    /// A query that is compared with several segments, and was prepared.
    pub(crate) fn known(&self, query: &Segment, prepared: &Prepared) -> Known {
        let side = Side::new(query, &self.lang, &self.words, |_, _| prepared.clone());
        Known { tokens: KnownTokens::of(&side.text, prepared), side }
    }

    /// The differences, in the order of the query.
    pub(crate) fn differences_from(&self, query: &Known, source: &Segment) -> Vec<Difference> {
        let prepare = |text: &str, tokens: &[Token]| {
            self.preparer.prepare_tokens(source, text, tokens.to_vec(), &query.tokens)
        };
        let right = Side::new(source, &self.lang, &self.words, prepare);
        let (left, right) = (&query.side, &right);
        if left.prepared.equals(&right.prepared) {
            return Vec::new();
        }
        // Whatever an alignment decides by which side comes first, it decides alike both ways.
        let mut found = match key(left) <= key(right) {
            true => Comparison::new(left, right, &self.words).run(),
            false => {
                let found = Comparison::new(right, left, &self.words).run();
                found.into_iter().map(Difference::flipped).collect()
            }
        };
        found.sort_by_key(|d| (d.query.start, d.query.end, d.kind, d.source.start, d.source.end));
        found
    }
}
