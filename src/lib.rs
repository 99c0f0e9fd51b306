//! Chancery aligns, remembers and finds again translations of diplomatic French, and manages its
//! terminology.

pub mod align;
pub mod check;
pub mod exchange;
#[cfg(feature = "http")]
pub mod http;
pub mod lexicon;
pub mod memory;
pub mod similarity;
pub mod tasks;
pub mod term;
pub mod text;
pub mod unit;

mod lang;

pub use lang::{Lang, ParseLangError};
pub use text::Document;
pub use unit::{Segment, Unit};

/// The examples of the README are compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
