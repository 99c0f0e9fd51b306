//! Text as data: normal form, tokens, stems, values, sentences.
//!
//! Everything here is a pure function of a string and its language. Spans are byte ranges of the
//! string that came in, never of a normalised copy.

mod language;
mod normal;
mod stem;
mod token;

pub use language::guess_language;
pub use normal::Normal;
pub use stem::{STEMS_VERSION, Stemmer};
pub use token::{Token, TokenKind, tokens};
