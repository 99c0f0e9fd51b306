//! What differs between a query and a stored segment, and what of it changes the meaning.

mod comparison;
mod differ;
mod guard;
mod side;
#[cfg(test)]
mod tests;
mod words;

pub use differ::Differ;
pub(crate) use differ::Known;
pub use guard::Guard;
pub use words::{CriticalWords, CriticalWordsError};

use std::fmt;
use std::ops::Range;

/// One change between a query and a stored source segment.
///
/// The spans are bytes of the [text](crate::Segment::text) of each side. A span is empty where a
/// side has nothing, and stands where something would have to be put. The span of a marker of
/// several words (*ne … pas*) reaches from its first word to its last, so that spans of different
/// differences may overlap.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{Differ, DifferenceKind}};
///
/// let query = Segment::from("Les Parties peuvent agir sans préavis.");
/// let stored = Segment::from("Les Parties peuvent agir avec préavis.");
/// let found = Differ::new(&Lang::FR).differences(&query, &stored);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].kind(), DifferenceKind::Polarity);
/// assert_eq!(&query.text()[found[0].query()], "sans");
/// assert_eq!(found[0].to_string(), "polarity: sans, stored avec");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    kind: DifferenceKind,
    query: Range<usize>,
    source: Range<usize>,
    query_text: Box<str>,
    source_text: Box<str>,
}

impl Difference {
    /// What kind of change it is.
    pub fn kind(&self) -> DifferenceKind {
        self.kind
    }

    /// Where the query has it.
    pub fn query(&self) -> Range<usize> {
        self.query.clone()
    }

    /// Where the stored source has it.
    pub fn source(&self) -> Range<usize> {
        self.source.clone()
    }

    /// The words of the query at [`query`](Difference::query); empty for a code.
    pub fn query_text(&self) -> &str {
        &self.query_text
    }

    /// The words of the stored source at [`source`](Difference::source); empty for a code.
    pub fn source_text(&self) -> &str {
        &self.source_text
    }

    /// Whether the [kind](DifferenceKind::is_critical) changes what is said.
    pub fn is_critical(&self) -> bool {
        self.kind.is_critical()
    }

    fn flipped(self) -> Difference {
        Difference {
            kind: self.kind,
            query: self.source,
            source: self.query,
            query_text: self.source_text,
            source_text: self.query_text,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.query_text, &*self.source_text) {
            ("", "") => write!(f, "{}", self.kind),
            (query, "") => write!(f, "{}: {query}, not stored", self.kind),
            ("", source) => write!(f, "{}: stored {source}", self.kind),
            (query, source) => write!(f, "{}: {query}, stored {source}", self.kind),
        }
    }
}

/// What a [`Difference`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// One side denies what the other says (*s’engagent*, *ne s’engagent pas*), or denies
    /// something else.
    Negation,
    /// Duty, recommendation, permission: *doit*, *devrait*, *peut*.
    Modality,
    /// Contraries: *avec* and *sans*, *avant* and *après*, *augmenter* and *réduire*.
    Polarity,
    /// A state, an organisation, a person or a role (*acheteur*, *vendeur*) changed or took the
    /// place of another.
    Party,
    /// A number has another value.
    Number,
    /// A date has another value.
    Date,
    /// A reference names another document or another part.
    Reference,
    /// A proper name that only one side has.
    Name,
    /// Another term, where terms are [known](CriticalWords::add).
    Term,
    /// Another word.
    Word,
    /// Another form of the same word.
    Inflection,
    /// The same words in another place.
    Order,
    /// Capital letters.
    Case,
    /// The same value in another notation: `1 250,50` and `1,250.50`.
    Notation,
    /// The number or letter before a paragraph or an item (`2.`, `b)`).
    Enumerator,
    /// A footnote call that sticks to a word.
    Footnote,
    /// Punctuation marks, symbols and spaces.
    Punctuation,
    /// Inline codes.
    Code,
}

impl DifferenceKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [DifferenceKind; 18] = {
        use DifferenceKind::*;
        [
            Negation,
            Modality,
            Polarity,
            Party,
            Number,
            Date,
            Reference,
            Name,
            Term,
            Word,
            Inflection,
            Order,
            Case,
            Notation,
            Enumerator,
            Footnote,
            Punctuation,
            Code,
        ]
    };

    /// Whether such a difference changes who has to do what, when or how much: negation,
    /// modality, polarity, party, number, date and reference do. A match with one is capped by
    /// the [`Guard`].
    pub fn is_critical(self) -> bool {
        self <= DifferenceKind::Reference
    }

    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            DifferenceKind::Negation => "negation",
            DifferenceKind::Modality => "modality",
            DifferenceKind::Polarity => "polarity",
            DifferenceKind::Party => "party",
            DifferenceKind::Number => "number",
            DifferenceKind::Date => "date",
            DifferenceKind::Reference => "reference",
            DifferenceKind::Name => "name",
            DifferenceKind::Term => "term",
            DifferenceKind::Word => "word",
            DifferenceKind::Inflection => "inflection",
            DifferenceKind::Order => "order",
            DifferenceKind::Case => "case",
            DifferenceKind::Notation => "notation",
            DifferenceKind::Enumerator => "enumerator",
            DifferenceKind::Footnote => "footnote",
            DifferenceKind::Punctuation => "punctuation",
            DifferenceKind::Code => "code",
        }
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
