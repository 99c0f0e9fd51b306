//! Readers and writers of exchange formats.
//!
//! A reader is an iterator of [units](crate::Unit), a writer takes them. What a file says is kept
//! as it was written, understood or not, and given back; what is odd is reported as
//! [`Diagnostic`]s with their place. Nothing but the file itself is ever opened.

mod alignment;
mod diagnostic;
mod error;
mod file;
mod ladder;
mod options;
mod review;
mod tmx;
mod xml;

pub use alignment::{AlignmentFormat, write_alignment};
pub use diagnostic::{Diagnostic, Problem, Rejected};
pub use error::{Error, ErrorKind};
pub use file::AtomicFile;
pub use ladder::{LadderError, read_ladder, write_ladder};
pub use options::{Limits, ReadOptions};
pub use review::ReviewPage;
pub use tmx::{Header, IntoUnits, TmxReader, TmxWriter, Units};
