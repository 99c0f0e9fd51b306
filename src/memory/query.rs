//! What is asked of a memory.

use std::borrow::Cow;
use std::fmt;

use crate::text::Normal;
use crate::{Segment, Unit};

/// What is looked up: a segment, or a text without codes, and where it stands.
///
/// ```
/// use chancery::{Segment, memory::Query};
///
/// let segment = Segment::from("La séance est ouverte.");
/// assert_eq!(Query::from("La séance est ouverte.").segment(), &segment);
/// assert_eq!(Query::from(&segment).segment(), &segment);
/// ```
#[derive(Clone, Debug)]
pub struct Query<'q> {
    segment: Cow<'q, Segment>,
    previous: Option<Normal>,
    next: Option<Normal>,
    id: Option<String>,
}

impl<'q> Query<'q> {
    fn new(segment: Cow<'q, Segment>) -> Query<'q> {
        Query { segment, previous: None, next: None, id: None }
    }

    /// The segment that is looked up.
    pub fn segment(&self) -> &Segment {
        &self.segment
    }

    /// Says what stands before it in its document, in its own language. An exact match that stood
    /// behind the same text ranks higher: see [`ContextMatch`].
    ///
    /// ```
    /// use chancery::memory::{ContextMatch, Memory, Query};
    /// use chancery::{Lang, Unit};
    ///
    /// let memory = Memory::new();
    /// let unit = |english, before, after| {
    ///     let mut unit = Unit::pair((Lang::FR, "Adopté."), (Lang::EN, english));
    ///     unit.metadata.set_property("prev", before);
    ///     unit.metadata.set_property("next", after);
    ///     unit
    /// };
    /// memory.add([
    ///     unit("Carried.", "Motion no 1", "Motion no 2"),
    ///     unit("Agreed to.", "Amendement no 1", "Amendement no 2"),
    /// ])?;
    /// let query = Query::from("Adopté.").previous("Amendement no 1").next("Amendement no 2");
    /// let found = memory.lookup(query).run()?;
    /// assert_eq!(found[0].target().text(), "Agreed to.");
    /// assert_eq!(found[0].context(), Some(ContextMatch::Neighbours));
    /// assert_eq!((found[0].score(), found[0].rank_score()), (100.0, 101.0));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn previous(mut self, text: &str) -> Self {
        self.previous = Some(Normal::new(text));
        self
    }

    /// Says what stands after it in its document.
    pub fn next(mut self, text: &str) -> Self {
        self.next = Some(Normal::new(text));
        self
    }

    /// Says by what id or key its document tells it from equal texts elsewhere.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Whether anything is known of where it stands.
    pub(super) fn has_context(&self) -> bool {
        self.previous.is_some() || self.next.is_some() || self.id.is_some()
    }

    /// How far the place of a unit whose source equals the query is that of the query.
    pub(super) fn context(&self, unit: &Unit) -> Option<ContextMatch> {
        let same = |asked: &Option<Normal>, stored: Option<Cow<'_, str>>| {
            let asked = asked.as_ref().filter(|asked| !asked.text().is_empty());
            asked
                .zip(stored)
                .is_some_and(|(asked, stored)| asked.text() == Normal::new(&stored).text())
        };
        let previous = same(&self.previous, unit.previous_text());
        let next = same(&self.next, unit.next_text());
        let id = self.id.as_deref().filter(|id| !id.is_empty());
        let id = id.is_some() && id == unit.context_id();
        match (previous && next, id) {
            (true, true) => Some(ContextMatch::NeighboursAndId),
            (true, false) => Some(ContextMatch::Neighbours),
            (false, true) => Some(ContextMatch::Id),
            (false, false) => (previous || next).then_some(ContextMatch::OneNeighbour),
        }
    }
}

/// How far the place of an exact match is that of the query.
///
/// Neighbours are compared in their normal form; ids byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContextMatch {
    /// The segment before or the one after is the same: a mark, worth no point.
    OneNeighbour,
    /// Both neighbours are the same: ranks at 101.
    Neighbours,
    /// The id is the same: ranks at 101.
    Id,
    /// Both neighbours and the id are the same: ranks at 102.
    NeighboursAndId,
}

impl ContextMatch {
    /// The points it adds to a rank of 100.
    pub fn points(self) -> f64 {
        match self {
            ContextMatch::OneNeighbour => 0.0,
            ContextMatch::Neighbours | ContextMatch::Id => 1.0,
            ContextMatch::NeighboursAndId => 2.0,
        }
    }

    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            ContextMatch::OneNeighbour => "one neighbour",
            ContextMatch::Neighbours => "neighbours",
            ContextMatch::Id => "id",
            ContextMatch::NeighboursAndId => "neighbours and id",
        }
    }
}

impl fmt::Display for ContextMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<&str> for Query<'_> {
    fn from(text: &str) -> Self {
        Query::new(Cow::Owned(Segment::from(text)))
    }
}

impl From<String> for Query<'_> {
    fn from(text: String) -> Self {
        Query::new(Cow::Owned(Segment::from(text)))
    }
}

impl From<&String> for Query<'_> {
    fn from(text: &String) -> Self {
        Query::from(text.as_str())
    }
}

impl From<Segment> for Query<'_> {
    fn from(segment: Segment) -> Self {
        Query::new(Cow::Owned(segment))
    }
}

impl<'q> From<&'q Segment> for Query<'q> {
    fn from(segment: &'q Segment) -> Self {
        Query::new(Cow::Borrowed(segment))
    }
}
