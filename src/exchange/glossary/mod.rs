//! Glossaries as tables: CSV, TSV, OmegaT's glossaries, UTX, spreadsheets.
//!
//! Two layouts are read. In the long one a row is a term, and columns `concept` and `lang` say
//! where it belongs; it is the one that is written. In the wide one a row is a concept or a pair of
//! terms, with a column for each language.
//!
//! OmegaT's glossary is a table with tabs and no header: source, target, comment. UTX
//! ([AAMT](https://aamt.info/english/utx/), version 1.11) is a table with tabs whose header stands in
//! lines that begin with `#`.

mod columns;
mod read;
mod write;

pub(super) use read::{read, rows};
pub use write::write_glossary;
