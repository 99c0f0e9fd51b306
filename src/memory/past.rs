//! The past of a memory: units as they were, and forgetting it.

use std::collections::BTreeSet;
use std::time::SystemTime;

use super::journal::{Operation, Revision, RevisionId, UnitId, millis};
use super::policy::UnitName;
use super::store::{Read, Result};
use super::{Memory, MemoryError, changed};
use crate::Unit;

/// A moment in the past of a memory.
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memory, RevisionId}};
///
/// let memory = Memory::new();
/// let unit = |english: &str| Unit::pair((Lang::FR, "Article premier"), (Lang::EN, english));
/// memory.add([unit("First article")])?;
/// let (id, _) = memory.units()?.next().unwrap()?;
/// memory.replace(id, unit("Article 1"))?;
/// let then = memory.lookup("Article premier").as_of(RevisionId::new(1)).run()?;
/// assert_eq!(then[0].target().text(), "First article");
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When this revision was the newest.
    Revision(RevisionId),
    /// A point in time, to the millisecond: when the last revision made until then was the newest.
    Time(SystemTime),
}

impl From<RevisionId> for Moment {
    fn from(revision: RevisionId) -> Moment {
        Moment::Revision(revision)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Moment {
        Moment::Time(time)
    }
}

/// A state of a memory before the one that is read.
#[derive(Debug)]
pub(super) struct Past {
    revision: u64,
    /// The units that were changed since.
    changed: BTreeSet<u64>,
}

impl Past {
    pub(super) fn new(read: &dyn Read, moment: Moment) -> Result<Past> {
        let head = read.head()?;
        let revision = match moment {
            Moment::Revision(id) if id.number() > head.revision => {
                return Err(MemoryError::NoSuchRevision { revision: id });
            }
            Moment::Revision(id) => id.number(),
            Moment::Time(time) => last_until(read, head.revision, millis(time))?,
        };
        if revision < head.purged {
            return Err(MemoryError::PastPurged { revision: RevisionId::new(head.purged) });
        }
        let changed = changed(read, revision + 1..=head.revision)?;
        Ok(Past { revision, changed })
    }

    /// Whether a unit may have been another one, or none, then.
    pub(super) fn differs(&self, unit: u64) -> bool {
        self.changed.contains(&unit)
    }

    /// The units that were changed since, as they were; but for those that were not there.
    pub(super) fn units(&self, read: &dyn Read) -> impl Iterator<Item = Result<(u64, Unit)>> {
        self.changed.iter().filter_map(move |&number| {
            let unit = read.at(number, self.revision).and_then(|record| {
                record.map(|record| record.decode(UnitName(number))).transpose()
            });
            unit.map(|unit| Some((number, unit?))).transpose()
        })
    }
}

/// The last revision made until a time, in milliseconds since 1970; 0 if there was none yet.
fn last_until(read: &dyn Read, newest: u64, time: i64) -> Result<u64> {
    // No revision is made before the one before it.
    let (mut low, mut high) = (0, newest);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        match read.revision(middle)?.is_none_or(|revision| revision.time <= time) {
            true => low = middle,
            false => high = middle - 1,
        }
    }
    Ok(low)
}

impl Memory {
    /// The revisions that changed a unit, the oldest first; none for a unit that never was.
    ///
    /// Cost: one look-up for each of its changes.
    pub fn unit_history(&self, unit: UnitId) -> Result<Vec<RevisionId>> {
        let revisions = self.read()?.history(unit.number())?;
        Ok(revisions.into_iter().map(RevisionId::new).collect())
    }

    /// A unit as it was when `revision` was the newest; none if it was not there then.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// let unit = |english: &str| Unit::pair((Lang::FR, "Article premier"), (Lang::EN, english));
    /// let added = memory.add([unit("First article")])?.revision.unwrap();
    /// let (id, _) = memory.units()?.next().unwrap()?;
    /// memory.replace(id, unit("Article 1"))?;
    /// assert_eq!(memory.unit_history(id)?.len(), 2);
    /// assert_eq!(memory.unit_at(id, added)?, Some(unit("First article")));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MemoryError::NoSuchRevision`]; [`MemoryError::Purged`] if that past is forgotten.
    pub fn unit_at(&self, unit: UnitId, revision: RevisionId) -> Result<Option<Unit>> {
        let read = self.read()?;
        let head = read.head()?;
        if revision.number() > head.revision {
            return Err(MemoryError::NoSuchRevision { revision });
        }
        if revision.number() < head.purged {
            return Err(MemoryError::Purged { revision });
        }
        let record = read.at(unit.number(), revision.number())?;
        record.map(|record| record.decode(UnitName(unit.number()))).transpose()
    }

    /// Begins to forget the past up to a revision: what units were before it and before those
    /// that came earlier. The units that are there now stay.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::{Memory, MemoryError}};
    ///
    /// let memory = Memory::new();
    /// let unit = Unit::pair((Lang::FR, "M. Hellmark"), (Lang::EN, "Mr Hellmark"));
    /// let added = memory.add([unit])?.revision.unwrap();
    /// let plan = memory.purge(added).dry_run(true).run()?;
    /// assert_eq!(plan.irreversible.len(), 1);
    /// memory.purge(added).run()?;
    /// assert!(matches!(memory.undo(added), Err(MemoryError::Purged { .. })));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn purge(&self, through: RevisionId) -> Purge<'_> {
        Purge { memory: self, through, dry_run: false }
    }
}

/// A purge about to run. Made by [`Memory::purge`].
#[derive(Clone, Debug)]
#[must_use = "a purge does nothing until it is run"]
pub struct Purge<'m> {
    memory: &'m Memory,
    through: RevisionId,
    dry_run: bool,
}

/// What a [`Purge`] does.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// let unit = Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."));
/// let added = memory.add([unit])?.revision.unwrap();
/// let report = memory.purge(added).run()?;
/// assert_eq!(report.irreversible[0].id(), added);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PurgeReport {
    /// The revisions that can not be undone any more, the newest first.
    pub irreversible: Vec<Revision>,
    /// The revision of the purge itself; none for a dry run, or if there was nothing to forget.
    pub revision: Option<RevisionId>,
}

impl Purge<'_> {
    /// Whether only to say what would become irreversible.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Forgets, and says what can not be undone any more.
    ///
    /// What was made from the units before, the index and lexicons, is forgotten with them and
    /// made anew when it is next needed: some twenty seconds a million units.
    ///
    /// # Errors
    ///
    /// [`MemoryError::NoSuchRevision`], else what the store reports.
    pub fn run(self) -> Result<PurgeReport> {
        let through = self.through;
        let mut tx = self.memory.write(Operation::Purge, &through.to_string())?;
        if tx.revision(through.number())?.is_none() {
            return Err(MemoryError::NoSuchRevision { revision: through });
        }
        let mut irreversible = tx.revisions(through.number().saturating_add(1), usize::MAX)?;
        irreversible.retain(Revision::is_reversible);
        let mut report = PurgeReport { irreversible, revision: None };
        if !self.dry_run && !report.irreversible.is_empty() {
            tx.purge(through.number())?;
            let counts = tx.counts()?;
            let origin = format!("through {through}");
            let revision = self.memory.commit(tx, Operation::Purge, &origin, counts)?;
            report.revision = Some(revision);
            self.memory.forget_learnt();
            self.memory.index.wipe();
        }
        Ok(report)
    }
}
