//! Looking back: history, undo, single changes.

use super::journal::{Operation, Revision, RevisionId, UnitId};
use super::policy::UnitName;
use super::record::{Record, languages};
use super::store::Result;
use super::{Memory, MemoryError, Rejection};
use crate::Unit;

/// How many units or revisions are read at a time.
const PAGE: usize = 1024;

impl Memory {
    /// All revisions, the newest first.
    pub fn history(&self) -> Result<Vec<Revision>> {
        self.read()?.revisions(u64::MAX, usize::MAX)
    }

    /// Undoes one revision: every unit and concept it changed is again what it was before.
    ///
    /// The undo is a revision itself, and can be undone. Cost: a few look-ups for each unit.
    ///
    /// # Errors
    ///
    /// [`MemoryError::ChangedSince`] if a later revision changed the same: undo that first.
    /// [`MemoryError::Purged`] if what was there before is forgotten.
    pub fn undo(&self, revision: RevisionId) -> Result<RevisionId> {
        let mut tx = self.write(Operation::Undo, &revision.to_string())?;
        let undone = revision.number();
        let Some(entry) = tx.revision(undone)? else {
            return Err(MemoryError::NoSuchRevision { revision });
        };
        if !entry.is_reversible() {
            return Err(MemoryError::Purged { revision });
        }
        let newest = tx.head()?.revision == undone;
        let (mut after, mut conflicts) = (0, 0);
        loop {
            let page = tx.touched(undone..=undone, after, PAGE)?;
            for &unit in &page {
                after = unit;
                if newest || tx.at(unit, undone)? == tx.get(unit)? {
                    let before = tx.at(unit, undone - 1)?;
                    tx.put(unit, before)?;
                } else {
                    conflicts += 1;
                }
            }
            if page.len() < PAGE {
                break;
            }
        }
        for id in tx.touched_concepts(undone)? {
            if newest || tx.concept_at(&id, undone)? == tx.concept(&id)? {
                let before = tx.concept_at(&id, undone - 1)?;
                tx.put_concept(&id, before)?;
            } else {
                conflicts += 1;
            }
        }
        if conflicts > 0 {
            return Err(MemoryError::ChangedSince { revision, units: conflicts });
        }
        let counts = tx.counts()?;
        let author = &self.options().author;
        let mut undo = Revision::now(author, Operation::Undo, entry.origin(), counts);
        undo.undoes = Some(undone);
        tx.commit(undo).map(RevisionId::new)
    }

    /// Replaces a unit by an edited one, as one revision; none if they are equal.
    ///
    /// # Errors
    ///
    /// [`MemoryError::NoSuchUnit`]; [`MemoryError::Rejected`] as in [`add`](Memory::add).
    pub fn replace(&self, id: UnitId, unit: Unit) -> Result<Option<RevisionId>> {
        let mut tx = self.write(Operation::Change, &id.to_string())?;
        if tx.get(id.number())?.is_none() {
            return Err(MemoryError::NoSuchUnit { unit: id });
        }
        let record = acceptable(unit)?;
        tx.put(id.number(), Some(record))?;
        let counts = tx.counts()?;
        if counts.is_zero() {
            return Ok(None);
        }
        self.commit(tx, Operation::Change, "", counts).map(Some)
    }

    /// Changes units by a function of what they are now, as one revision; none if it changes nothing.
    /// The function is told which of the given units it is, from 0. Units that are not there are
    /// passed over.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))])?;
    /// let (id, _) = memory.units()?.next().unwrap()?;
    /// let revision = memory.replace_each("reviewed.xlsx", [id], |_, unit| {
    ///     let mut unit = unit.clone();
    ///     unit.metadata.set_property("x-status", "approved");
    ///     unit
    /// })?;
    /// assert_eq!(memory.get(id)?.unwrap().metadata.property("x-status"), Some("approved"));
    /// memory.undo(revision.unwrap())?;
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MemoryError::Rejected`] as in [`add`](Memory::add); then nothing is changed.
    pub fn replace_each(
        &self,
        origin: &str,
        units: impl IntoIterator<Item = UnitId>,
        mut change: impl FnMut(usize, &Unit) -> Unit,
    ) -> Result<Option<RevisionId>> {
        let mut tx = self.write(Operation::Change, origin)?;
        for (nth, id) in units.into_iter().enumerate() {
            let Some(record) = tx.get(id.number())? else { continue };
            let unit = record.decode(UnitName(id.number()))?;
            let changed = change(nth, &unit);
            if changed != unit {
                tx.put(id.number(), Some(acceptable(changed)?))?;
            }
        }
        let counts = tx.counts()?;
        if counts.is_zero() {
            return Ok(None);
        }
        self.commit(tx, Operation::Change, origin, counts).map(Some)
    }

    /// Removes units, as one revision; none if there is nothing to remove.
    ///
    /// # Errors
    ///
    /// [`MemoryError::NoSuchUnit`] if one of them is not there: then none is removed.
    pub fn remove(&self, units: impl IntoIterator<Item = UnitId>) -> Result<Option<RevisionId>> {
        let mut tx = self.write(Operation::Remove, "")?;
        for unit in units {
            if tx.get(unit.number())?.is_none() {
                return Err(MemoryError::NoSuchUnit { unit });
            }
            tx.put(unit.number(), None)?;
        }
        let counts = tx.counts()?;
        if counts.is_zero() {
            return Ok(None);
        }
        self.commit(tx, Operation::Remove, "", counts).map(Some)
    }
}

fn acceptable(unit: Unit) -> Result<Record> {
    let reason = match (languages(&unit).len(), Record::encode(&unit)) {
        (0 | 1, _) => super::import::TOO_FEW_LANGUAGES.to_owned(),
        (_, Err(reason)) => reason,
        (_, Ok(record)) => return Ok(record),
    };
    let rejection = Box::new(Rejection::new(reason).with_unit(unit));
    Err(MemoryError::Rejected { rejection })
}
