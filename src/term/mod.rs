//! Terminology: concepts, their terms, and where they stand in a text.
//!
//! A [`Termbase`] holds [`Concept`]s; each has [`Term`]s in several languages, with a
//! [`Status`] that may differ from house to house and from period to period ([`Ruling`]).
//! A [`Recognizer`] finds them in texts, however they are inflected. Nothing here knows a file
//! format.

mod base;
mod concept;
mod explain;
pub mod extract;
mod inflect;
mod lexicon;
mod pattern;
mod recognizer;
mod scanner;
mod status;
mod trie;
mod words;

pub use base::{MergeError, TermRef, Termbase};
pub use concept::{
    Concept, Extra, ExtraContent, Gender, Language, PartOfSpeech, Relation, RelationKind, Term,
    TermKind, UnknownName,
};
pub use explain::{How, WordMatch};
pub use recognizer::Recognizer;
pub use scanner::{Hit, Scanner};
pub use status::{Day, ParseDayError, Ruling, Scope, Status};
