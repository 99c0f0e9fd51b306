//! What a lookup finds.

use std::cmp::{Ordering, Reverse};
use std::fmt;

use super::{ContextMatch, Suggestion, UnitId, trust};
use crate::check::{Checker, Finding};
use crate::similarity::{Difference, Score};
use crate::{Lang, Segment, Unit};

/// A unit found for a query.
///
/// Matches are ordered by [`rank_score`](Match::rank_score), the highest first. Among equals
/// come first: the higher [`score`](Match::score); the more recent
/// [date](super::DuplicatePolicy::NewestWins) (changed, else created; none comes last); the unit
/// that was added first. So the order never depends on how the memory is stored.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair(
///     (Lang::FR, "La séance est levée à 18 heures."),
///     (Lang::EN, "The meeting rose at 6 p.m."),
/// )])?;
/// let found = memory.lookup("La séance est levée à 18 heures.").run()?;
/// assert_eq!(found[0].score(), 100.0);
/// assert_eq!(found[0].target().text(), "The meeting rose at 6 p.m.");
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Match {
    pub(super) id: UnitId,
    pub(super) unit: Unit,
    /// Which variants were the source and the target.
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) score: Score,
    pub(super) penalties: Vec<Penalty>,
    pub(super) context: Option<ContextMatch>,
    /// Filled in before the match leaves the memory.
    pub(super) differences: Option<Vec<Difference>>,
    pub(super) limit: Option<f64>,
    pub(super) suggestion: Suggestion,
    pub(super) doubts: Vec<Finding>,
}

impl AsRef<Match> for Match {
    fn as_ref(&self) -> &Match {
        self
    }
}

impl Match {
    /// The similarity of query and source: 0–100, 100 only when they are equal after the
    /// normal form.
    pub fn score(&self) -> f64 {
        self.score.value()
    }

    /// The score with its components, which explain it.
    pub fn explained(&self) -> &Score {
        &self.score
    }

    /// What order and threshold look at: the score, [limited](Match::limit) where the meaning
    /// differs, with the points of the [context](Match::context), less the penalties; never below
    /// 0, at most 102.
    pub fn rank_score(&self) -> f64 {
        let penalties: f64 = self.penalties.iter().map(|penalty| penalty.points).sum();
        let limited = self.limit.map_or(self.score(), |limit| self.score().min(limit));
        let context = self.context.map_or(0.0, ContextMatch::points);
        (limited + context - penalties).max(0.0)
    }

    /// How far the place of an exact match is that of the query; `None` where nothing of it is,
    /// where the query does not [say](super::Query::previous) where it stands, and for matches
    /// that are not exact.
    pub fn context(&self) -> Option<ContextMatch> {
        self.context
    }

    /// What differs between the query and the source, in the order of the query.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair(
    ///     (Lang::FR, "Les deux Parties s’engagent à publier les résultats de l’enquête."),
    ///     (Lang::EN, "Both Parties undertake to publish the results of the investigation."),
    /// )])?;
    /// let query = "Les deux Parties ne s’engagent pas à publier les résultats de l’enquête.";
    /// let found = memory.lookup(query).run()?;
    /// assert_eq!(found[0].differences()[0].to_string(), "negation: ne s’engagent pas, not stored");
    /// assert_eq!((found[0].limit(), found[0].rank_score()), (Some(84.0), 84.0));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn differences(&self) -> &[Difference] {
        self.differences.as_deref().unwrap_or_default()
    }

    /// The target with what could be carried over from the query.
    pub fn suggestion(&self) -> &Suggestion {
        &self.suggestion
    }

    /// The highest [`rank_score`](Match::rank_score) that the [guard](crate::similarity::Guard)
    /// allows, because the meaning differs; `None` if it does not. A match with a limit is never
    /// to be inserted unattended.
    pub fn limit(&self) -> Option<f64> {
        self.limit
    }

    /// The points taken for other reasons than a difference of the segments.
    pub fn penalties(&self) -> &[Penalty] {
        &self.penalties
    }

    /// The id of the unit.
    pub fn id(&self) -> UnitId {
        self.id
    }

    /// The unit, with all its languages and metadata.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// The stored segment that is like the query.
    pub fn source(&self) -> &Segment {
        &self.unit.variants[self.source].segment
    }

    /// The language of [`source`](Match::source).
    pub fn source_lang(&self) -> &Lang {
        &self.unit.variants[self.source].lang
    }

    /// Its translation.
    pub fn target(&self) -> &Segment {
        &self.unit.variants[self.target].segment
    }

    /// The language of [`target`](Match::target).
    pub fn target_lang(&self) -> &Lang {
        &self.unit.variants[self.target].lang
    }

    /// What speaks against the stored translation of an exact match itself: a number, date or
    /// reference of another value than its source has, a negation or duty that only one of them
    /// has. It costs no points, for two of a hundred sound translations are found too; whoever
    /// takes a match over unread should look here first. Empty for matches that are not exact,
    /// which a person reads in any case.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair(
    ///     (Lang::FR, "Le Conseil a adopté 12 décisions."),
    ///     (Lang::EN, "The Council adopted 21 decisions."),
    /// )])?;
    /// let found = memory.lookup("Le Conseil a adopté 12 décisions.").run()?;
    /// assert_eq!(found[0].rank_score(), 100.0);
    /// assert_eq!(found[0].doubts()[0].kind().name(), "number");
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn doubts(&self) -> &[Finding] {
        &self.doubts
    }

    /// What the checks of translations find in source and target.
    pub(super) fn checked(&self) -> Vec<Finding> {
        let checker = Checker::new(self.source_lang().clone(), self.target_lang().clone());
        checker.check_meaning(self.source(), self.target())
    }

    /// The order in which matches are given.
    pub(super) fn order(&self, other: &Match) -> Ordering {
        self.order_but_place(other).then_with(|| self.id.cmp(&other.id))
    }

    /// The same, but for where they stand in the memory.
    pub(crate) fn order_but_place(&self, other: &Match) -> Ordering {
        let by_score = |left: f64, right: f64| right.total_cmp(&left);
        by_score(self.rank_score(), other.rank_score())
            .then_with(|| by_score(self.score(), other.score()))
            .then_with(|| Reverse(trust::date(&self.unit)).cmp(&Reverse(trust::date(&other.unit))))
    }
}

/// Points taken from a score for a named reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalty {
    kind: PenaltyKind,
    points: f64,
}

impl Penalty {
    pub(super) fn new(kind: PenaltyKind, points: f64) -> Penalty {
        Penalty { kind, points }
    }

    /// The reason.
    pub fn kind(&self) -> PenaltyKind {
        self.kind
    }

    /// How many points of 100, never negative.
    pub fn points(&self) -> f64 {
        self.points
    }
}

impl fmt::Display for Penalty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} −{}", self.kind, self.points)
    }
}

/// The reason of a [`Penalty`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PenaltyKind {
    /// The unit is in another variety of a language than was asked for: `fr-CA` for `fr-FR`, or
    /// `fr-FR` for plain `fr`.
    Variety,
    /// The unit is a draft.
    Draft,
    /// The unit must not be used any more.
    Deprecated,
    /// The unit was aligned, with less than full confidence.
    Alignment,
    /// The unit is machine translation.
    Machine,
    /// The unit is old.
    Age,
    /// The unit does not say where it stood.
    Context,
    /// The memory comes after another.
    Memory,
    /// The unit is not among those that the lookup prefers.
    Preference,
}

impl PenaltyKind {
    /// All of them.
    pub const ALL: [PenaltyKind; 9] = [
        PenaltyKind::Variety,
        PenaltyKind::Draft,
        PenaltyKind::Deprecated,
        PenaltyKind::Alignment,
        PenaltyKind::Machine,
        PenaltyKind::Age,
        PenaltyKind::Context,
        PenaltyKind::Memory,
        PenaltyKind::Preference,
    ];

    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            PenaltyKind::Variety => "variety",
            PenaltyKind::Draft => "draft",
            PenaltyKind::Deprecated => "deprecated",
            PenaltyKind::Alignment => "alignment",
            PenaltyKind::Machine => "machine",
            PenaltyKind::Age => "age",
            PenaltyKind::Context => "context",
            PenaltyKind::Memory => "memory",
            PenaltyKind::Preference => "preference",
        }
    }
}

impl fmt::Display for PenaltyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
