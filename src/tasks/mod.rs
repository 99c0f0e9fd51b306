//! What a translator calls batch tasks: memories opened by name, files imported and exported.
//!
//! Here memories and formats meet, which know nothing of each other.

mod analyse;
mod concordance;
mod error;
mod export;
mod glossaries;
mod import;
mod opened;
mod phrases;
mod pretranslate;
mod report;
mod term_change;
mod term_store;
mod term_table;
mod terms;
mod translatable;
mod units;

pub use analyse::{Analysis, Band, Leverage, Volume, Weights};
pub use concordance::ConcordanceReport;
pub use error::TaskError;
pub use export::{ExportReport, FileExport};
pub use glossaries::Glossaries;
pub use import::{FileImport, FileReport};
pub use opened::OpenMemory;
pub use phrases::{ExampleReport, FragmentReport, PhraseReport, TranslationReport};
pub use pretranslate::{Pretranslation, PretranslationReport};
pub use report::{
    ChangeReport, DifferenceReport, DoubtReport, LookupReport, MatchReport, PenaltyReport,
    RefusalReport, SuggestionReport, shown,
};
pub use term_change::TermChange;
pub use term_store::{TermStore, TermStoreError};
pub use terms::{TermReport, TermWordReport};
pub use translatable::{TranslatableFile, TranslatableSegment};
