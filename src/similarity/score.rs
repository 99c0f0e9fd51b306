//! The score itself: a function of what two segments have in common.

use std::fmt;

/// How similar two segments are, with the reasons.
///
/// The [value](Score::value) is 100 less the points of all [components](Component). It is 100
/// exactly when the segments are equal after [normal form](crate::text::Normal), with codes of
/// the same kinds before the same tokens; whatever differs costs at least one point.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{Component, score}};
///
/// let query = Segment::from("Les Parties coopèrent en 2014.");
/// let stored = Segment::from("Les parties coopèrent en 2013.");
/// let score = score(&query, &stored, &Lang::FR);
/// assert!(score.lost(Component::Words) == 0.0 && score.lost(Component::Numbers) > 0.0);
/// let lost: f64 = Component::ALL.iter().map(|&component| score.lost(component)).sum();
/// assert!((score.value() + lost - 100.0).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Score {
    value: f64,
    lost: [f64; 6],
}

impl Score {
    const EQUAL: Score = Score { value: 100.0, lost: [0.0; 6] };

    /// The similarity, 0–100.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether the segments are equal after normal form: the value is 100.
    pub fn is_equal(&self) -> bool {
        self.value == 100.0
    }

    /// The points out of 100 that one component costs.
    pub fn lost(&self, component: Component) -> f64 {
        self.lost[component as usize]
    }

    /// The components that cost something, with their points.
    pub fn components(&self) -> impl Iterator<Item = (Component, f64)> + '_ {
        let lost = |&component: &Component| (component, self.lost(component));
        Component::ALL.iter().map(lost).filter(|&(_, points)| points > 0.0)
    }
}

impl fmt::Debug for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.value)?;
        self.components().try_for_each(|(component, lost)| write!(f, " {component} −{lost:.2}"))
    }
}

/// What points of a [`Score`] are lost for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component {
    /// Words that only one segment has, or that have another inflection or derivation.
    Words,
    /// Shared tokens in another order.
    Order,
    /// Numbers, dates and references of another value or notation.
    Numbers,
    /// Inline codes of other kinds or in other places.
    Codes,
    /// Capital letters.
    Case,
    /// Punctuation marks, symbols, and spacing.
    Punctuation,
}

impl Component {
    /// All components, in the order of their declaration.
    pub const ALL: [Component; 6] = [
        Component::Words,
        Component::Order,
        Component::Numbers,
        Component::Codes,
        Component::Case,
        Component::Punctuation,
    ];

    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            Component::Words => "words",
            Component::Order => "order",
            Component::Numbers => "numbers",
            Component::Codes => "codes",
            Component::Case => "case",
            Component::Punctuation => "punctuation",
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How much of a token's weight counts as shared when it is alike only in root, or only in stem,
/// in thousandths.
const ROOT_CREDIT: u64 = 500;
const STEM_CREDIT: u64 = 800;

/// The share of the shared weight that is lost when no two shared tokens keep their order.
const ORDER_SHARE: f64 = 0.3;
/// The points lost when every shared word differs in case, or every number in notation.
const SURFACE_POINTS: f64 = 4.0;
/// The points lost when the codes have nothing in common.
const CODE_POINTS: f64 = 4.0;
/// The points lost when the codes are the same but none is in its place.
const CODE_PLACE_POINTS: f64 = 2.0;
/// What any difference costs at least.
const LEAST_LOSS: f64 = 1.0;

/// What the tokens of one [component](Component) have in common, in units of weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shared {
    /// The weight of the tokens of both segments.
    pub(crate) total: u32,
    /// The weight of what is shared (counted once) at each tier, the coarsest first. No number is
    /// greater than the one before it.
    pub(crate) tiers: [u32; 4],
}

impl Shared {
    /// The shared weight of both segments after the credits of the tiers, in thousandths.
    fn credit(&self) -> u64 {
        let [root, stem, key, _] = self.tiers.map(u64::from);
        2 * (ROOT_CREDIT * root + (STEM_CREDIT - ROOT_CREDIT) * stem + (1000 - STEM_CREDIT) * key)
    }

    /// What is lost for want of shared tokens, in thousandths.
    fn lost(&self) -> u64 {
        1000 * u64::from(self.total) - self.credit()
    }

    /// The weight of both segments that differs in surface only.
    fn surface(&self) -> u32 {
        2 * (self.tiers[2] - self.tiers[3])
    }
}

/// What two segments have in common, counted. The score is a function of this and nothing else,
/// and every part of it is symmetric in the two segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Agreement {
    pub(crate) words: Shared,
    pub(crate) numbers: Shared,
    pub(crate) punctuation: Shared,
    /// How many tokens are shared by root (counted once), and how many of them can be matched
    /// without crossing.
    pub(crate) shared: u32,
    pub(crate) in_order: u32,
    /// The codes of both segments; those shared by kind, and by kind and place, counted once.
    pub(crate) codes: u32,
    pub(crate) codes_shared: u32,
    pub(crate) codes_in_place: u32,
    /// Whether they are equal after normal form.
    pub(crate) equal: bool,
}

impl Agreement {
    pub(crate) fn score(&self) -> Score {
        if self.equal {
            return Score::EQUAL;
        }
        let classes = [self.words, self.numbers, self.punctuation];
        let weight: u32 = classes.iter().map(|class| class.total).sum();
        // Two segments without tokens differ in codes at most.
        let scale = 100.0 / f64::from(weight.max(1));
        let [words, numbers, punctuation] = classes.map(|c| scale * c.lost() as f64 / 1000.0);
        let shared = match weight {
            0 => 100.0,
            _ => scale * classes.iter().map(Shared::credit).sum::<u64>() as f64 / 1000.0,
        };
        let order = match self.shared {
            0 => 0.0,
            shared_tokens => {
                let crossing = f64::from(shared_tokens - self.in_order) / f64::from(shared_tokens);
                ORDER_SHARE * shared * crossing
            }
        };
        let surface = |class: Shared| SURFACE_POINTS / 100.0 * scale * f64::from(class.surface());
        let codes = match self.codes {
            0 => 0.0,
            codes => {
                let share = |both: u32| 1.0 - 2.0 * f64::from(both) / f64::from(codes);
                let kinds = (CODE_POINTS - CODE_PLACE_POINTS) * share(self.codes_shared);
                let places = CODE_PLACE_POINTS * share(self.codes_in_place);
                (kinds + places) / 100.0 * (shared - order)
            }
        };
        let mut lost = [
            words,
            order,
            numbers + surface(self.numbers),
            codes,
            surface(self.words),
            punctuation + surface(self.punctuation),
        ];
        let mut sum: f64 = lost.iter().sum();
        if sum == 0.0 {
            lost[Component::Punctuation as usize] = LEAST_LOSS;
            sum = LEAST_LOSS;
        } else if sum < LEAST_LOSS {
            lost.iter_mut().for_each(|points| *points *= LEAST_LOSS / sum);
            sum = LEAST_LOSS;
        }
        // Where nothing is shared the sum is 100 but for rounding.
        let value = if weight > 0 && self.shared == 0 { 0.0 } else { (100.0 - sum).max(0.0) };
        Score { value, lost }
    }
}

/// Scores are computed in floating point, [bounds](bound) of them too: a bound counts as reached
/// within this margin, far above any rounding and far below any difference one can see.
pub(crate) const MARGIN: f64 = 1e-6;

/// What two segments can score at most if their tokens weigh `weight` together and those shared by
/// root weigh `shared` (counted once).
///
/// Every credit is at most that of the root, and what order, case and codes cost only lowers the
/// score: so no score is above twice the shared weight in the whole weight.
pub(crate) fn bound(shared: u32, weight: u32) -> f64 {
    match weight {
        0 => 100.0,
        _ => 200.0 * f64::from(shared) / f64::from(weight),
    }
}
