//! Glossaries as tables: CSV, TSV, OmegaT's glossaries, UTX, spreadsheets.
//!
//! Two layouts are read. In the long one a row is a term, and columns `concept` and `lang` say
//! where it belongs; it is the one that is written. In the wide one a row is a concept or a pair of
//! terms, with a column for each language.
//!
//! OmegaT's glossary is a table with tabs and no header: source, target, comment. UTX
//! ([AAMT](https://aamt.info/english/utx/)) is a table with tabs whose header stands in lines that begin
//! with `#`. Version 1.11 is written, which the converters of the field read; read are 1.20 too, which
//! names the language behind each column (`term:en`) and may declare them as `lang: en/ja`, and the older
//! ones.

mod columns;
mod read;
mod write;

pub(super) use read::{Content, read, rows};
pub use write::write_glossary;
