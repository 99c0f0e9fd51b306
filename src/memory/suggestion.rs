//! What a match suggests: its target, with what could be carried over from the query.

use std::fmt;
use std::ops::Range;

use crate::Segment;
use crate::similarity::DifferenceKind;

/// The target of a match with the harmless differences carried into it, what was changed, and
/// what was not and why.
///
/// A difference is carried over only where its old value stands in the target exactly once, and
/// in the notation that the target uses. A wrong repair is worse than none.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair(
///     (Lang::FR, "La contribution s’élève à 1 250 000 euros au 12 mars 2014."),
///     (Lang::EN, "The contribution amounts to 1,250,000 euros as at 12 March 2014."),
/// )])?;
/// let query = "La contribution s’élève à 1 375 000 euros au 12 mai 2015.";
/// let found = memory.lookup(query).threshold(50.0).run()?;
/// let suggestion = found[0].suggestion();
/// assert_eq!(
///     suggestion.target().text(),
///     "The contribution amounts to 1,375,000 euros as at 12 May 2015.",
/// );
/// assert_eq!(suggestion.changes().len(), 3);
/// assert!(suggestion.refused().is_empty());
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub(super) target: Segment,
    pub(super) changes: Vec<Change>,
    pub(super) refused: Vec<Refusal>,
}

impl Suggestion {
    /// The target with the changes made; the stored target if there are none.
    pub fn target(&self) -> &Segment {
        &self.target
    }

    /// What was changed, in the order of the target.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The differences that were not carried over, in the order of the query.
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// Whether every difference that changes the meaning was carried over.
    pub fn is_certain(&self) -> bool {
        self.refused.iter().all(|refusal| !refusal.kind.is_critical())
    }
}

/// A place of the target that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(super) kind: DifferenceKind,
    pub(super) stored: Range<usize>,
    pub(super) suggested: Range<usize>,
    pub(super) from: String,
    pub(super) to: String,
}

impl Change {
    /// The difference that was carried over.
    pub fn kind(&self) -> DifferenceKind {
        self.kind
    }

    /// The bytes of the stored target's text that were replaced.
    pub fn stored(&self) -> Range<usize> {
        self.stored.clone()
    }

    /// The bytes of the suggested target's text that replace them.
    pub fn suggested(&self) -> Range<usize> {
        self.suggested.clone()
    }

    /// What stood there.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// What stands there now.
    pub fn to(&self) -> &str {
        &self.to
    }
}

/// A difference that was not carried into the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub(super) kind: DifferenceKind,
    pub(super) query: Range<usize>,
    pub(super) reason: RefusalReason,
}

impl Refusal {
    /// The difference.
    pub fn kind(&self) -> DifferenceKind {
        self.kind
    }

    /// Where the query has it, in bytes of its text.
    pub fn query(&self) -> Range<usize> {
        self.query.clone()
    }

    /// Why it was not carried over.
    pub fn reason(&self) -> RefusalReason {
        self.reason
    }
}

/// Why a difference was not carried into the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The old value stands more than once in the source or the target.
    Ambiguous,
    /// The target does not have the old value, or one side of the difference has none.
    Absent,
    /// The words beside it would change their form: another plural, another case.
    Form,
    /// No translation of the new words is known.
    Unknown,
    /// Nothing tells where in the target it belongs.
    Unplaced,
    /// It changes the meaning in a way that takes a translator.
    Meaning,
}

impl RefusalReason {
    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            RefusalReason::Ambiguous => "ambiguous",
            RefusalReason::Absent => "absent",
            RefusalReason::Form => "form",
            RefusalReason::Unknown => "unknown",
            RefusalReason::Unplaced => "unplaced",
            RefusalReason::Meaning => "meaning",
        }
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
