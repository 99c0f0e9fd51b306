//! What a translator calls batch tasks: memories opened by name, files imported and exported.
//!
//! Here memories and formats meet, which know nothing of each other.

mod alignments;
mod analyse;
mod concordance;
mod error;
mod export;
mod findings;
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
mod unit_table;
mod units;

pub use alignments::{AlignedDocumentReport, AlignmentReport, BeadReport, SentenceReport};
pub use analyse::{Analysis, Band, Leverage, Volume, Weights};
pub use concordance::ConcordanceReport;
pub use error::TaskError;
pub use export::{ExportReport, FileExport};
pub use findings::{FindingReport, PlaceReport};
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
pub use unit_table::UnitChange;
