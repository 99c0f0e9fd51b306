//! Text as data: normal form, tokens, stems, values, sentences.
//!
//! Everything here is a pure function of a string and its language. Spans are byte ranges of the
//! string that came in, never of a normalised copy.

pub mod srx;

mod decode;
mod document;
mod language;
mod normal;
mod paragraph;
mod segmenter;
mod stem;
mod token;
mod value;

pub use decode::{DecodeError, decode};
pub use document::{Document, ReadError, Sentence};
pub use language::guess_language;
pub use normal::Normal;
pub use segmenter::Segmenter;
pub use stem::{STEMS_VERSION, Stemmer};
pub(crate) use token::{Edges, is_separable};
pub use token::{Token, TokenKind, tokens};
pub use value::{Level, Number, Value, Valued, values};
pub(crate) use value::{Numeral, may_be_month, month_forms, month_of_word, numerals};
