//! Keeping the index in step with the store.

use super::finder::{Failure, Searcher};
use super::index::{IndexStats, Snapshot, Stamp, Update};
use super::policy::UnitName;
use super::store::{Read, Result};
use super::{Memory, MemoryError, Operation, changed, each};

impl Memory {
    /// What the index is made of. Brings it up to date first.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
    /// assert_eq!(memory.index_stats()?.segments, 2);
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn index_stats(&self) -> Result<IndexStats> {
        let read = self.store.searching(false)?;
        match read.as_ref().and_then(|read| read.finder()) {
            Some(finder) => finder.stats(),
            None => Ok(self.indexed()?.1.stats()),
        }
    }

    /// Searches, all of the memory; an index that turns out to be damaged is built anew, once.
    pub(super) fn searched<T>(
        &self,
        search: impl Fn(&dyn Read, &Searcher<'_>) -> std::result::Result<T, Failure>,
    ) -> Result<(Box<dyn Read + '_>, T)> {
        self.searched_in_part(false, search)
    }

    /// Searches, without servers that are away if the answer may be `partial`.
    pub(super) fn searched_in_part<T>(
        &self,
        partial: bool,
        search: impl Fn(&dyn Read, &Searcher<'_>) -> std::result::Result<T, Failure>,
    ) -> Result<(Box<dyn Read + '_>, T)> {
        let mut again = false;
        loop {
            let (read, found) = match self.store.searching(partial)? {
                Some(read) => {
                    let finder = read.finder().ok_or_else(no_finder)?;
                    let found = search(&*read, &Searcher::Store(finder));
                    (read, found)
                }
                None => {
                    let (read, snapshot) = self.indexed()?;
                    let found = search(&*read, &Searcher::Index(snapshot));
                    (read, found)
                }
            };
            match found {
                Ok(found) => return Ok((read, found)),
                Err(Failure::Memory(error)) => return Err(error),
                Err(Failure::Damaged(damaged)) if again => return Err(damaged.into()),
                Err(Failure::Damaged(_)) => self.index.forget(),
            }
            again = true;
        }
    }

    /// A state of the store and the index of that very state.
    pub(super) fn indexed(&self) -> Result<(Box<dyn Read + '_>, Snapshot<'_>)> {
        loop {
            let read = self.read()?;
            let wanted = read.head()?.revision;
            let snapshot = self.index.snapshot();
            if snapshot.revision() == wanted {
                return Ok((read, snapshot));
            }
            // An index that is ahead was brought there by another thread: look at the store again.
            if snapshot.revision() < wanted {
                catch_up(self.index.update(), &*read)?;
            }
        }
    }
}

/// Of a store that promised one.
fn no_finder() -> MemoryError {
    let cause = "a state to be searched cannot search";
    MemoryError::Damaged { what: "the store".to_owned(), cause: cause.to_owned() }
}

/// Whether a purge came after a revision: what was made then may hold words that nobody must know
/// any more.
pub(super) fn purged_since(read: &dyn Read, revision: u64) -> Result<bool> {
    let head = read.head()?;
    if revision < head.purged {
        return Ok(true);
    }
    const PAGE: usize = 1024;
    let mut below = head.revision + 1;
    while head.purged > 0 && below > revision + 1 {
        let page = read.revisions(below, PAGE)?;
        let Some(last) = page.last() else { break };
        below = last.id().number();
        let mut since = page.iter().take_while(|entry| entry.id().number() > revision);
        if since.any(|entry| entry.operation() == Operation::Purge) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Brings the index to the state that is read, unless another thread has done so meanwhile.
fn catch_up(mut update: Update<'_>, read: &dyn Read) -> Result<()> {
    let head = read.head()?;
    if update.stamp().revision >= head.revision {
        return Ok(());
    }
    #[cfg(feature = "sqlite")]
    let fresh = update.take_up();
    #[cfg(not(feature = "sqlite"))]
    let fresh = Vec::<u64>::new();
    let from = update.stamp();
    let time = |revision| -> Result<Option<i64>> {
        Ok(read.revision(revision)?.map(|revision| revision.time))
    };
    let stamp = Stamp { revision: head.revision, time: time(head.revision)?.unwrap_or_default() };
    // The memory may have been replaced by another copy of itself since the index was written.
    let known = from.revision <= head.revision && time(from.revision)? == Some(from.time);
    if from.revision == 0 || !known || purged_since(read, from.revision)? {
        update.clear();
        each(read, |number, record| {
            let unit = record.decode(UnitName(number))?;
            Ok(update.put(number, Some(&unit))?)
        })?;
        return Ok(update.commit(stamp)?);
    }
    let mut again = changed(read, from.revision + 1..=head.revision)?;
    again.extend(fresh);
    for number in again {
        let record = read.get(number)?;
        let unit = record.map(|record| record.decode(UnitName(number))).transpose()?;
        update.put(number, unit.as_ref())?;
    }
    Ok(update.commit(stamp)?)
}
