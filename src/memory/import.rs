//! Adding units: one by one or a file at a time, as a whole or not at all.

use std::fmt;
use std::num::NonZeroUsize;

use super::indexing::Indexing;
use super::journal::{Counts, Operation, Revision, RevisionId};
use super::policy::{Judge, Verdict};
use super::record::{Record, languages};
use super::store::{Result, Transaction};
use super::superseded::Documents;
use super::{DuplicatePolicy, Memory, MemoryError};
use crate::Unit;

/// What became of the units that were given to a memory.
///
/// Every unit read is in exactly one of the counts up to `rejected`.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let unit = Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"));
/// let report = Memory::new().add([unit.clone(), unit])?;
/// assert_eq!((report.read, report.added, report.variants), (2, 1, 1));
/// assert_eq!(report.to_string(), "2 read: 1 added, 1 kept as variant");
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddReport {
    /// Units given.
    pub read: u64,
    /// Units added whose source was new.
    pub added: u64,
    /// Units that took the place of an older one (or of several).
    pub changed: u64,
    /// Units added beside others of the same source and languages.
    pub variants: u64,
    /// Units left out because the memory holds what they say.
    pub duplicates: u64,
    /// Units that were not acceptable.
    pub rejected: u64,
    /// Units of the memory, none of those given, that gave way to a new state of their document:
    /// see [`Import::supersede`].
    pub superseded: u64,
    /// The revision that undoes all of it; none if nothing changed or it was a dry run.
    pub revision: Option<RevisionId>,
}

impl fmt::Display for AddReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} read", self.read)?;
        let mut separator = ": ";
        for (count, what) in [
            (self.added, "added"),
            (self.changed, "changed"),
            (self.variants, "kept as variant"),
            (self.duplicates, "skipped as duplicate"),
            (self.rejected, "rejected"),
            (self.superseded, "superseded"),
        ] {
            if count > 0 {
                write!(f, "{separator}{count} {what}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// A unit that was not acceptable, and why.
///
/// A reader makes one for what it can not read; the memory makes one for what it does not take.
///
/// ```
/// use chancery::memory::Rejection;
///
/// let rejection = Rejection::new("the element `tuv` has no language").at_line(1204);
/// assert_eq!(rejection.to_string(), "line 1204: the element `tuv` has no language");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    line: Option<u64>,
    number: Option<u64>,
    reason: String,
    unit: Option<Box<Unit>>,
}

impl Rejection {
    /// A rejection for this reason.
    pub fn new(reason: impl Into<String>) -> Rejection {
        Rejection { line: None, number: None, reason: reason.into(), unit: None }
    }

    /// Says in which line of the file the unit began, counted from 1.
    pub fn at_line(mut self, line: u64) -> Rejection {
        self.line = Some(line);
        self
    }

    /// Says what could be read of the unit.
    pub fn with_unit(mut self, unit: Unit) -> Rejection {
        self.unit = Some(Box::new(unit));
        self
    }

    /// The line of the file, counted from 1, if a reader knew it.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// Which unit of the import it was, counted from 1.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    /// What is wrong.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What could be read of the unit.
    pub fn unit(&self) -> Option<&Unit> {
        self.unit.as_deref()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.number) {
            (Some(line), _) => write!(f, "line {line}: {}", self.reason),
            (None, Some(number)) => write!(f, "unit {number}: {}", self.reason),
            (None, None) => f.write_str(&self.reason),
        }
    }
}

impl From<std::convert::Infallible> for Rejection {
    fn from(never: std::convert::Infallible) -> Rejection {
        match never {}
    }
}

/// An import about to run. Made by [`Memory::import`].
///
/// It is all or nothing: after [`run`](Import::run) the memory holds every acceptable unit as one
/// revision, or what it held before. Units are taken one at a time, so that a file of any size
/// can be imported.
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memory, Rejection}};
///
/// let memory = Memory::new();
/// let read = [
///     Ok(Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))),
///     Err(Rejection::new("`tuv` has no language").at_line(12)),
/// ];
/// let mut rejects = Vec::new();
/// let report = memory
///     .import("treaty.tmx")
///     .keep_going(true)
///     .on_reject(|rejection| rejects.push(rejection.to_string()))
///     .run(read)?;
/// assert_eq!((report.added, report.rejected), (1, 1));
/// assert_eq!(rejects, ["line 12: `tuv` has no language"]);
/// memory.undo(report.revision.unwrap())?;
/// assert!(memory.is_empty()?);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[must_use = "an import does nothing until it is run"]
pub struct Import<'m> {
    memory: &'m Memory,
    operation: Operation,
    origin: String,
    policy: DuplicatePolicy,
    supersede: bool,
    keep_going: bool,
    dry_run: bool,
    on_reject: Option<Hear<'m, Rejection>>,
    on_progress: Option<Hear<'m, u64>>,
    threads: NonZeroUsize,
}

/// Who hears of something.
type Hear<'m, T> = Box<dyn FnMut(&T) + 'm>;

impl fmt::Debug for Import<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("origin", &self.origin)
            .field("policy", &self.policy)
            .field("keep_going", &self.keep_going)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

impl<'m> Import<'m> {
    pub(super) fn new(memory: &'m Memory, operation: Operation, origin: String) -> Import<'m> {
        Import {
            memory,
            operation,
            origin,
            policy: memory.options().policy,
            supersede: false,
            keep_going: false,
            dry_run: false,
            on_reject: None,
            on_progress: None,
            threads: NonZeroUsize::MIN,
        }
    }

    /// What happens to a unit that is like one already there. By default what the
    /// [builder](super::MemoryBuilder::duplicates) said.
    pub fn duplicates(mut self, policy: DuplicatePolicy) -> Import<'m> {
        self.policy = policy;
        self
    }

    /// Whether the units take the place of their documents: a text that was aligned again.
    ///
    /// What the memory holds of a document that these units say they come from (property
    /// [`DOCUMENT`](crate::align::DOCUMENT)), in no other languages than they, and is not among
    /// them, is removed by the same revision. Units are then compared in everything, whatever the
    /// [policy](Import::duplicates). Units of no document are added as always.
    ///
    /// Cost: the memory is read once, about a microsecond a unit, and some 40 bytes of RAM are taken
    /// for each unit that comes with a document.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use chancery::align::{Aligner, Alignment};
    /// use chancery::{Document, Lang, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// let save = |alignment: &Alignment| {
    ///     let units = alignment.units().document("A/68/PV.12").map(Ok::<_, Infallible>);
    ///     memory.import("A/68/PV.12").supersede(true).run(units)
    /// };
    /// let fr = Document::new("La séance est levée. Merci.", Lang::FR);
    /// let en = Document::new("The meeting rose. Thank you.", Lang::EN);
    /// save(&Aligner::new().fix([vec![0..2, 0..2]]).align(&fr, &en))?;
    /// let report = save(&Aligner::new().fix([vec![0..1, 0..1]]).align(&fr, &en))?;
    /// assert_eq!((report.added, report.superseded, memory.len()?), (2, 1, 2));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn supersede(mut self, supersede: bool) -> Import<'m> {
        self.supersede = supersede;
        self
    }

    /// Whether to import the rest when a unit is rejected. By default nothing is imported then.
    pub fn keep_going(mut self, keep_going: bool) -> Import<'m> {
        self.keep_going = keep_going;
        self
    }

    /// Whether to do everything but keep the result: the report says what would have happened.
    pub fn dry_run(mut self, dry_run: bool) -> Import<'m> {
        self.dry_run = dry_run;
        self
    }

    /// Hears of every rejected unit.
    pub fn on_reject(mut self, hear: impl FnMut(&Rejection) + 'm) -> Import<'m> {
        self.on_reject = Some(Box::new(hear));
        self
    }

    /// Hears how many units were read so far, once for every thousand.
    pub fn on_progress(mut self, mut hear: impl FnMut(u64) + 'm) -> Import<'m> {
        self.on_progress = Some(Box::new(move |read| hear(*read)));
        self
    }

    /// On how many threads. One by default, the caller's: then the first lookup after the import
    /// brings the index up to date. With more the index is made while the import runs, each
    /// language on one of the others: for units in two languages there is no use for more than three.
    ///
    /// ```
    /// use std::{convert::Infallible, num::NonZeroUsize};
    ///
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// let units = (1..=1000).map(|number| {
    ///     let (french, english) = (format!("Article {number}"), format!("Section {number}"));
    ///     Ok::<_, Infallible>(Unit::pair((Lang::FR, french.as_str()), (Lang::EN, english.as_str())))
    /// });
    /// let two = NonZeroUsize::new(2).unwrap();
    /// memory.import("law").threads(two).run(units)?;
    /// assert_eq!(memory.lookup("Article 17").run()?[0].target().text(), "Section 17");
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn threads(mut self, threads: NonZeroUsize) -> Import<'m> {
        self.threads = threads;
        self
    }

    /// Imports the units of a reader.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Rejected`] at the first rejected unit unless told to
    /// [keep going](Import::keep_going); [`MemoryError::Busy`] while another writer holds the
    /// memory; else what the store reports. The memory is then as it was.
    pub fn run<E: Into<Rejection>>(
        mut self,
        units: impl IntoIterator<Item = std::result::Result<Unit, E>>,
    ) -> Result<AddReport> {
        let memory = self.memory;
        if self.threads == NonZeroUsize::MIN || self.dry_run || memory.store.finds() {
            return self.run_in(memory.write(self.operation, &self.origin)?, None, units);
        }
        // The index is made on top of that of now.
        drop(memory.indexed()?);
        std::thread::scope(|scope| {
            let tx = memory.write(self.operation, &self.origin)?;
            let revision = tx.head()?.revision;
            let makers = self.threads.get() - 1;
            let indexing = Indexing::begin(memory, revision, makers, scope);
            self.run_in(tx, indexing, units)
        })
    }

    fn run_in<E: Into<Rejection>>(
        &mut self,
        mut tx: Box<dyn Transaction + 'm>,
        mut indexing: Option<Indexing<'_, '_>>,
        units: impl IntoIterator<Item = std::result::Result<Unit, E>>,
    ) -> Result<AddReport> {
        let memory = self.memory;
        let first_new = tx.head()?.next_unit;
        let policy = if self.supersede { DuplicatePolicy::KeepAll } else { self.policy };
        let mut judge = Judge::new(policy, first_new);
        let mut documents = self.supersede.then(Documents::default);
        let mut report = AddReport::default();
        for unit in units {
            report.read += 1;
            if report.read.is_multiple_of(1000)
                && let Some(hear) = &mut self.on_progress
            {
                hear(&report.read);
            }
            let taken = match unit {
                Ok(unit) => {
                    let documents = documents.as_mut();
                    take(&mut *tx, &mut judge, documents, &mut indexing, unit, &mut report)?
                }
                Err(error) => Err(error.into()),
            };
            if let Err(mut rejection) = taken {
                rejection.number = Some(report.read);
                report.rejected += 1;
                if let Some(hear) = &mut self.on_reject {
                    hear(&rejection);
                }
                if !self.keep_going {
                    return Err(MemoryError::Rejected { rejection: Box::new(rejection) });
                }
            }
        }
        if let Some(documents) = documents {
            for superseded in documents.superseded(&*tx, first_new)? {
                tx.put(superseded, None)?;
                report.superseded += 1;
                if let Some(indexing) = &mut indexing {
                    indexing.changed(superseded);
                }
            }
        }
        if let Some(indexing) = &mut indexing {
            indexing.settle();
        }
        let counts = tx.counts()?;
        if !self.dry_run && !counts.is_zero() {
            let revision = memory.commit(tx, self.operation, &self.origin, counts)?;
            report.revision = Some(revision);
            if let Some(indexing) = indexing {
                // The import is made, whatever becomes of the index: the next lookup looks after it.
                let _ = memory.read().and_then(|read| indexing.commit(revision, &*read));
            }
        }
        Ok(report)
    }
}

pub(super) const TOO_FEW_LANGUAGES: &str = "it has segments in fewer than two languages";

/// Takes one unit, or says why not.
fn take(
    tx: &mut dyn Transaction,
    judge: &mut Judge,
    documents: Option<&mut Documents>,
    indexing: &mut Option<Indexing<'_, '_>>,
    unit: Unit,
    report: &mut AddReport,
) -> Result<std::result::Result<(), Rejection>> {
    let reject = |reason: &str, unit| Ok(Err(Rejection::new(reason).with_unit(unit)));
    if languages(&unit).len() < 2 {
        return reject(TOO_FEW_LANGUAGES, unit);
    }
    let record = match Record::encode(&unit) {
        Ok(record) => record,
        Err(reason) => return reject(&reason, unit),
    };
    let verdict = judge.decide(tx, &unit, &record)?;
    if let Some(documents) = documents {
        documents.note(&unit, &record);
    }
    match verdict {
        Verdict::Add | Verdict::AddVariant => {
            match verdict {
                Verdict::Add => report.added += 1,
                _ => report.variants += 1,
            }
            let number = tx.insert(record)?;
            if let Some(indexing) = indexing {
                indexing.added(number, unit);
            }
        }
        Verdict::Replace(held) => {
            for (nth, &other) in held.iter().enumerate() {
                tx.put(other, (nth == 0).then(|| record.clone()))?;
                if let Some(indexing) = indexing {
                    indexing.changed(other);
                }
            }
            report.changed += 1;
        }
        Verdict::Duplicate => report.duplicates += 1,
        Verdict::Reject(reason) => return reject(reason, unit),
    }
    Ok(Ok(()))
}

impl Memory {
    /// Adds units as one revision, which [`undo`](Memory::undo) takes back as a whole.
    ///
    /// What happens to a unit that is like one already there is up to the
    /// [`DuplicatePolicy`] of the memory.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Rejected`] for a unit that does not have segments in two languages: then
    /// none is added. Use [`import`](Memory::import) to go on without it.
    pub fn add(&self, units: impl IntoIterator<Item = Unit>) -> Result<AddReport> {
        let units = units.into_iter().map(Ok::<Unit, std::convert::Infallible>);
        Import::new(self, Operation::Add, String::new()).run(units)
    }

    /// Begins an import, with the name of what is imported for the journal.
    pub fn import(&self, origin: impl Into<String>) -> Import<'_> {
        Import::new(self, Operation::Import, origin.into())
    }

    /// Makes a transaction last as one revision.
    pub(super) fn commit(
        &self,
        tx: Box<dyn Transaction + '_>,
        operation: Operation,
        origin: &str,
        counts: Counts,
    ) -> Result<RevisionId> {
        let revision = Revision::now(&self.options().author, operation, origin, counts);
        tx.commit(revision).map(RevisionId::new)
    }
}
