//! The translation memory: units that can be searched, and whose every change can be undone.
//!
//! [`Memory`] is the one entry. Units go in by [`add`](Memory::add) and
//! [`import`](Memory::import); [`lookup`](Memory::lookup) finds those whose source is like a
//! query, [`phrase`](Memory::phrase) those that have it somewhere inside; [`history`](Memory::history) and [`undo`](Memory::undo) look back.
//!
//! ```
//! use chancery::{Lang, Unit, memory::Memory};
//!
//! let memory = Memory::new();
//! memory.add([
//!     Unit::pair((Lang::FR, "La séance est ouverte."), (Lang::EN, "The meeting is open.")),
//!     Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting rose.")),
//! ])?;
//! for found in memory.lookup("La séance est levée !").threshold(60.0).run()? {
//!     println!("{:.0} {}", found.score(), found.target().text());
//! }
//! # Ok::<(), chancery::memory::MemoryError>(())
//! ```

pub(crate) mod address;
mod audit;
mod concepts;
mod concordance;
mod context;
mod error;
mod finder;
mod found;
mod fragments;
mod import;
mod index;
mod indexing;
mod journal;
mod lexicon;
mod lookup;
mod maintain;
mod memories;
mod options;
mod pair;
mod past;
mod penalties;
mod personal;
mod phrase;
mod policy;
mod query;
mod record;
mod reindex;
mod repair;
mod selection;
mod shards;
mod stats;
mod store;
mod suggestion;
mod superseded;
pub(crate) mod trust;
mod undo;
mod units;
mod verify;

pub use audit::{Audit, AuditFinding, AuditKind, AuditReport};
pub use concepts::Concepts;
pub use concordance::{
    Concordance, ConcordanceFindings, ConcordanceLine, ConcordanceQuery, ConcordanceQueryError,
};
pub use error::MemoryError;
pub use found::{Match, Penalty, PenaltyKind};
pub use fragments::{Fragment, Fragments};
pub use import::{AddReport, Import, Rejection};
pub use index::{IndexStats, SearchStatistics};
pub use journal::{Counts, Operation, Revision, RevisionId, UnitId};
pub use lookup::{BatchLookup, Findings, Lookup, is_ambiguous};

pub use maintain::{Maintenance, MaintenanceReport, PersonalData, PersonalKind};
pub use memories::{Memories, MemoriesBatch, MemoriesFindings, MemoriesLookup, MemoryMatch};
pub use options::MemoryBuilder;
pub use past::{Moment, Purge, PurgeReport};
pub use penalties::Penalties;
pub use phrase::{PhraseFindings, PhraseLookup, PhraseMatch, PhraseTranslation};
pub use policy::DuplicatePolicy;
pub use query::{ContextMatch, Query};
pub use selection::{InvalidPattern, Selection};
pub use shards::Shard;
pub use stats::{LanguageStats, MemoryStats};
pub use suggestion::{Change, Refusal, RefusalReason, Suggestion};
pub use units::Units;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::Unit;
use index::Index;
use policy::UnitName;
use record::Record;
use store::{Read, Result, Store, Transaction};

/// A collection of units that can be searched and journalled.
///
/// A memory can be shared between threads: every call takes `&self`. Lookups see one consistent
/// state and go on while another thread writes; writers wait for each other.
///
/// # Resource usage
///
/// In RAM a unit takes about the bytes of its texts and metadata and 250 more.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// let report =
///     memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
/// assert_eq!(memory.len()?, 1);
/// memory.undo(report.revision.unwrap())?;
/// assert_eq!(memory.len()?, 0);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Debug)]
pub struct Memory {
    store: Box<dyn Store>,
    options: MemoryBuilder,
    index: Index,
    lexicons: lexicon::Lexicons,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::new()
    }
}

impl Memory {
    /// An empty memory in RAM, gone when it is dropped.
    pub fn new() -> Memory {
        Memory::builder().build()
    }

    /// Opens the memory in a file or on a server, with the default options.
    ///
    /// The file is one SQLite database; several programs may have it open at once. See
    /// [`MemoryBuilder::open`] for the errors.
    ///
    #[cfg_attr(feature = "sqlite", doc = "```")]
    #[cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
    /// use chancery::memory::Memory;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("ministry.chancery");
    /// Memory::create(&path)?;
    /// let memory = Memory::open(&path)?;
    /// assert!(memory.is_empty()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Memory> {
        Memory::builder().open(path)
    }

    /// Creates an empty memory in a new file or on a server, with the default options.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub fn create(path: impl AsRef<std::path::Path>) -> Result<Memory> {
        Memory::builder().create(path)
    }

    /// Options for a memory.
    pub fn builder() -> MemoryBuilder {
        MemoryBuilder::default()
    }

    fn with_store(store: Box<dyn Store>, options: MemoryBuilder, index: Index) -> Memory {
        Memory { store, options, index, lexicons: lexicon::Lexicons::default() }
    }

    /// How many units it holds.
    pub fn len(&self) -> Result<u64> {
        Ok(self.read()?.head()?.units)
    }

    /// Whether it holds no unit.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// The newest revision: it tells whether anything changed since it was asked last, in this
    /// process or another. None before the first.
    pub fn revision(&self) -> Result<Option<RevisionId>> {
        let newest = self.read()?.head()?.revision;
        Ok((newest > 0).then(|| RevisionId::new(newest)))
    }

    /// The unit with this id.
    pub fn get(&self, id: UnitId) -> Result<Option<Unit>> {
        let record = self.read()?.get(id.number())?;
        record.map(|record| record.decode(UnitName(id.number()))).transpose()
    }

    fn options(&self) -> &MemoryBuilder {
        &self.options
    }

    fn read(&self) -> Result<Box<dyn Read + '_>> {
        self.store.read()
    }

    fn write(&self, operation: Operation, origin: &str) -> Result<Box<dyn Transaction + '_>> {
        let space = if origin.is_empty() { "" } else { " " };
        let purpose = format!("{operation}{space}{origin}");
        self.store.write(&purpose, self.options.patience)
    }
}

/// All units that these revisions changed.
fn changed(read: &dyn Read, by: RangeInclusive<u64>) -> Result<BTreeSet<u64>> {
    const PAGE: usize = 1024;
    let mut changed = BTreeSet::new();
    while !by.is_empty() {
        let after = changed.last().copied().unwrap_or(0);
        let page = read.touched(by.clone(), after, PAGE)?;
        changed.extend(&page);
        if page.len() < PAGE {
            break;
        }
    }
    Ok(changed)
}

/// Visits all units in the order of their ids.
fn each(read: &dyn Read, mut visit: impl FnMut(u64, Record) -> Result<()>) -> Result<()> {
    const PAGE: usize = 1024;
    let mut after = 0;
    loop {
        let page = read.page(after, PAGE)?;
        let more = page.len() == PAGE;
        for (id, record) in page {
            after = id;
            visit(id, record)?;
        }
        if !more {
            return Ok(());
        }
    }
}
