//! What is asked of a memory.

use std::borrow::Cow;

use crate::Segment;

/// What is looked up: a segment, or a text without codes.
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
}

impl Query<'_> {
    /// The segment that is looked up.
    pub fn segment(&self) -> &Segment {
        &self.segment
    }
}

impl From<&str> for Query<'_> {
    fn from(text: &str) -> Self {
        Query { segment: Cow::Owned(Segment::from(text)) }
    }
}

impl From<String> for Query<'_> {
    fn from(text: String) -> Self {
        Query { segment: Cow::Owned(Segment::from(text)) }
    }
}

impl From<&String> for Query<'_> {
    fn from(text: &String) -> Self {
        Query::from(text.as_str())
    }
}

impl From<Segment> for Query<'_> {
    fn from(segment: Segment) -> Self {
        Query { segment: Cow::Owned(segment) }
    }
}

impl<'q> From<&'q Segment> for Query<'q> {
    fn from(segment: &'q Segment) -> Self {
        Query { segment: Cow::Borrowed(segment) }
    }
}
