//! Comparing a segment with many others.

use super::class::Class;
use super::order::Sequence;
#[cfg(feature = "postgres")]
use super::outline::Outline;
use super::prepared::{Atom, Prepared, PreparedCode, Preparer, Tier};
use super::score::{Agreement, MARGIN, Score, Shared, bound};
use crate::{Lang, Segment};

/// The [`Score`] of two segments of one language.
///
/// Use a [`Comparator`] to compare one segment with many.
///
/// ```
/// use chancery::{Lang, Segment, similarity::score};
///
/// let [query, stored] = ["La séance est ouverte.", "La séance est levée."].map(Segment::from);
/// let score = score(&query, &stored, &Lang::FR);
/// assert!((60.0..80.0).contains(&score.value()));
/// assert_eq!(score, chancery::similarity::score(&stored, &query, &Lang::FR));
/// ```
pub fn score(one: &Segment, other: &Segment, lang: &Lang) -> Score {
    Comparator::new(one, lang).score(other)
}

/// Compares one segment with many.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{Comparator, Preparer}};
///
/// let comparator = Comparator::new(&Segment::from("La séance est ouverte."), &Lang::FR);
/// assert_eq!(comparator.score(&Segment::from("La séance est ouverte.")).value(), 100.0);
/// // Prepared segments are compared faster.
/// let prepared = Preparer::new(&Lang::FR).prepare(&Segment::from("La séance est levée."));
/// assert!(comparator.score_prepared(&prepared).value() < 80.0);
/// ```
#[derive(Clone, Debug)]
pub struct Comparator {
    preparer: Preparer,
    prepared: Prepared,
    sequence: Sequence,
}

impl Comparator {
    /// A comparator for this segment of this language.
    pub fn new(segment: &Segment, lang: &Lang) -> Comparator {
        let preparer = Preparer::new(lang);
        let prepared = preparer.prepare(segment);
        let roots = prepared.tokens().iter().map(|token| token.tier(Tier::Root));
        let sequence = Sequence::new(roots);
        Comparator { preparer, prepared, sequence }
    }

    /// The segment, prepared.
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Compares with a segment of the same language. Cost: that of preparing it.
    pub fn score(&self, other: &Segment) -> Score {
        self.score_prepared(&self.preparer.prepare(other))
    }

    /// Compares with a segment that was prepared for the same language. Cost: under a microsecond
    /// for sentences; for very long segments the product of their lengths in tokens, by 64 at a
    /// time.
    pub fn score_prepared(&self, other: &Prepared) -> Score {
        self.agreement(other).score()
    }

    /// The score if it is at least this much: the way to scan many segments, of which few are.
    ///
    /// Cost: some nanoseconds where the lengths rule it out, a tenth of a microsecond where the
    /// shared roots do.
    ///
    /// ```
    /// use chancery::{Lang, Segment, similarity::{Comparator, Preparer}};
    ///
    /// let comparator = Comparator::new(&Segment::from("La séance est ouverte."), &Lang::FR);
    /// let prepared = Preparer::new(&Lang::FR).prepare(&Segment::from("La séance est levée."));
    /// assert!(comparator.score_at_least(&prepared, 60.0).is_some());
    /// assert!(comparator.score_at_least(&prepared, 90.0).is_none());
    /// ```
    pub fn score_at_least(&self, other: &Prepared, least: f64) -> Option<Score> {
        let (one, two) = (self.prepared.weight(), other.weight());
        if bound(one.min(two), one + two) + MARGIN < least {
            return None;
        }
        let mut shared = 0;
        overlap(self.prepared.atoms(), other.atoms(), Tier::Root, |atom| {
            shared += u32::from(atom.weight);
        });
        if bound(shared, one + two) + MARGIN < least {
            return None;
        }
        Some(self.score_prepared(other)).filter(|score| score.value() >= least)
    }

    /// The score of a segment that is not [equal](Prepared::equals), if it is at least this much.
    #[cfg(feature = "postgres")]
    pub(crate) fn score_outline(&self, other: &Outline, least: f64) -> Option<Score> {
        let roots = other.atoms.iter().map(|atom| atom.tiers[Tier::Root as usize]);
        let places = roots.map(|root| self.sequence.place(root));
        let shared = other.atoms.iter().zip(places.clone()).filter(|(_, place)| place.is_some());
        let mut atoms: Vec<Atom> = shared.map(|(atom, _)| *atom).collect();
        let weigh = |atoms: &[Atom]| atoms.iter().map(|atom| u32::from(atom.weight)).sum::<u32>();
        let (one, two) = (self.prepared.weight(), weigh(&other.atoms));
        if bound(weigh(&atoms).min(one), one + two) + MARGIN < least {
            return None;
        }
        atoms.sort_unstable_by_key(|atom| atom.tiers);
        let totals = totals(&other.atoms);
        let in_order = self.sequence.in_order(places.flatten());
        let side = Side { atoms: &atoms, totals, codes: &other.codes, in_order, equal: false };
        Some(self.agreement_with(&side).score()).filter(|score| score.value() >= least)
    }

    pub(crate) fn agreement(&self, other: &Prepared) -> Agreement {
        let roots = other.tokens().iter().map(|token| token.tier(Tier::Root));
        self.agreement_with(&Side {
            atoms: other.atoms(),
            totals: totals(other.atoms()),
            codes: other.codes(),
            in_order: self.sequence.in_order(roots.filter_map(|root| self.sequence.place(root))),
            equal: self.prepared.equals(other),
        })
    }

    pub(crate) fn agreement_with(&self, other: &Side<'_>) -> Agreement {
        let mut agreement = Agreement {
            equal: other.equal,
            in_order: other.in_order,
            codes: (self.prepared.codes().len() + other.codes.len()) as u32,
            codes_shared: count(self.prepared.codes(), other.codes, |code| code.kind.into()),
            codes_in_place: count(self.prepared.codes(), other.codes, PreparedCode::packed),
            ..Agreement::default()
        };
        for atom in self.prepared.atoms() {
            agreement.class_mut(atom.class).total += u32::from(atom.weight);
        }
        for class in Class::ALL {
            agreement.class_mut(class).total += other.totals[class as usize];
        }
        for tier in [Tier::Root, Tier::Stem, Tier::Key, Tier::Surface] {
            overlap(self.prepared.atoms(), other.atoms, tier, |atom| {
                agreement.class_mut(atom.class).tiers[tier as usize] += u32::from(atom.weight);
                agreement.shared += u32::from(tier == Tier::Root);
            });
        }
        agreement
    }

    /// The roots of the segment's tokens, in order.
    pub(crate) fn sequence(&self) -> &Sequence {
        &self.sequence
    }
}

/// What is compared with the segment of a [`Comparator`].
pub(crate) struct Side<'s> {
    /// The tokens in the order of their tiers; those that the comparator's segment does not share
    /// by root may be left out.
    pub(crate) atoms: &'s [Atom],
    /// The weight of all tokens, by class.
    pub(crate) totals: [u32; Class::COUNT],
    pub(crate) codes: &'s [PreparedCode],
    pub(crate) in_order: u32,
    pub(crate) equal: bool,
}

impl Agreement {
    pub(crate) fn class_mut(&mut self, class: Class) -> &mut Shared {
        match class {
            Class::Content | Class::Function => &mut self.words,
            Class::Number => &mut self.numbers,
            Class::Punctuation => &mut self.punctuation,
        }
    }
}

/// The weight of tokens, by class.
fn totals(atoms: &[Atom]) -> [u32; Class::COUNT] {
    let mut totals = [0; Class::COUNT];
    for atom in atoms {
        totals[atom.class as usize] += u32::from(atom.weight);
    }
    totals
}

/// Visits the tokens both have at a tier, each as often as the segment that has fewer of it.
fn overlap(one: &[Atom], other: &[Atom], tier: Tier, mut visit: impl FnMut(&Atom)) {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let (mut left, mut right) = (0, 0);
    let depth = tier as usize + 1;
    while let (Some(a), Some(b)) = (one.get(left), other.get(right)) {
        let order = a.tiers[..depth].cmp(&b.tiers[..depth]);
        if order == Equal {
            visit(a);
        }
        left += usize::from(order != Greater);
        right += usize::from(order != Less);
    }
}

/// How many codes both have, compared by what `by` gives; that must be ascending in sorted codes.
fn count(one: &[PreparedCode], other: &[PreparedCode], by: impl Fn(PreparedCode) -> u64) -> u32 {
    let (mut left, mut right, mut both) = (0, 0, 0);
    while left < one.len() && right < other.len() {
        let (a, b) = (by(one[left]), by(other[right]));
        both += u32::from(a == b);
        left += usize::from(a <= b);
        right += usize::from(b <= a);
    }
    both
}
