//! Checks of a translation against its source, and against a termbase.
//!
//! A [`Checker`] looks at one pair of segments or, through [`Checker::run`], at the units of a
//! document one after the other. It knows nothing of how good a translation reads; it looks for
//! what can be shown to be wrong:
//!
//! - **terms**: a term of the source whose concept the target does not name, a deprecated or
//!   forbidden one, one concept named in several ways within a document;
//! - **values**: numbers, dates and references that one side does not have, compared by what they
//!   mean (`1 250,5` is `1,250.5`, `6 mois` is *six months*, `18 тыс.` is `18 000`);
//! - **meaning**: a negation that stands on one side only, a duty that became a permission;
//! - **wording**: passages left in the source language, words written twice, the same source
//!   translated in two ways;
//! - **signs**: spaces and punctuation as the target language wants them, brackets and quotation
//!   marks in pairs, inline codes.
//!
//! Each [`Finding`] has a [`FindingKind`] with a stable name, spans in the text of the segments and
//! a [`Fingerprint`]. A person who disagrees puts the fingerprint on a list of [`Accepted`]
//! findings, and this finding never comes again, while others in the same segment do.
//!
//! French, English and Russian have rules of their own. In other languages numbers, codes,
//! brackets, repeated words and terms are checked.
//!
//! ```
//! use chancery::Lang;
//! use chancery::check::{Checker, FindingKind};
//!
//! let checker = Checker::new(Lang::FR, Lang::EN);
//! let source = "Ce rapport fait état de 240 incidents en 2015.".into();
//! let target = "The report records 420 incidents in 2015.".into();
//! let found = checker.check(&source, &target);
//! assert_eq!(found.len(), 1);
//! assert_eq!(found[0].kind(), FindingKind::Number);
//! assert_eq!(found[0].suggestion(), Some("240"));
//! ```

mod accepted;
mod audit;
mod brackets;
mod checker;
mod codes;
mod finding;
mod meaning;
mod punctuation;
mod run;
mod side;
mod spelled;
mod terms;
#[cfg(test)]
mod tests;
mod values;
mod wording;

pub use accepted::{Accepted, AcceptedError};
pub use audit::{Audit, AuditRun, Auditor, RuledOut, Several};
pub use checker::Checker;
pub use finding::{Finding, FindingKind, Fingerprint, ParseFingerprintError, Severity};
pub use run::{CheckedUnit, Report, Run};
