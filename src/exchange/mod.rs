//! Readers and writers of exchange formats.
//!
//! A reader is an iterator of [units](crate::Unit), a writer takes them; termbases are read by
//! [`read_terms`] and written by [`write_tbx`] and [`write_glossary`]. What a file says is kept
//! as it was written, understood or not, and given back; what is odd is reported as
//! [`Diagnostic`]s with their place. Nothing but the file itself is ever opened.

mod alignment;
#[cfg(feature = "archives")]
mod archive;
mod bilingual;
mod diagnostic;
#[cfg(feature = "documents")]
pub mod documents;
mod error;
mod file;
mod findings;
mod format;
mod glossary;
mod ladder;
mod loss;
mod open;
mod options;
mod po;
pub(crate) mod review;
mod table;
mod tbx;
mod termbase;
mod tmx;
mod validate;
mod xliff;
mod xml;

pub use alignment::{AlignmentError, AlignmentFormat, read_alignment, write_alignment};
pub use bilingual::{BilingualFile, Entry, Fill, Proposal, State};
pub use diagnostic::{Diagnostic, Problem, Rejected};
pub use error::{Error, ErrorKind};
pub use file::AtomicFile;
pub use findings::FindingsPage;
pub use format::Format;
pub use glossary::write_glossary;
pub use ladder::{LadderError, read_ladder, write_ladder};
pub use loss::Loss;
pub use open::{UnitReader, open, read};
pub use options::{Limits, ReadOptions};
pub use review::ReviewPage;
pub(crate) use table::WorkbookWriter;
pub use table::{TableReader, TableWriter};
pub use tbx::{TbxDialect, TbxHeader, TbxReader, UnknownTbxDialect, write_tbx};
pub(crate) use tbx::{concept_of_entry, entry_of_concept, status_when_approved};
pub use termbase::{TermFile, TermFormat, read_terms};
pub use tmx::{Flavour, Header, IntoUnits, TmxReader, TmxWriter, Units};
pub use validate::{Validation, validate};
