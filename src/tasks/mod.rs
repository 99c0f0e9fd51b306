//! What a translator calls batch tasks: memories opened by name, files imported and exported.
//!
//! Here memories and formats meet, which know nothing of each other.

mod error;
mod export;
mod glossaries;
mod import;
mod opened;
mod report;
mod units;

pub use error::TaskError;
pub use export::{ExportReport, FileExport};
pub use glossaries::Glossaries;
pub use import::{FileImport, FileReport};
pub use opened::OpenMemory;
pub use report::{
    ChangeReport, DifferenceReport, LookupReport, MatchReport, PenaltyReport, RefusalReport,
    SuggestionReport, shown,
};
