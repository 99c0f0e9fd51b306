//! Keeping the index in step with the store.

use super::index::{Snapshot, Update};
use super::policy::UnitName;
use super::store::{Read, Result};
use super::{Memory, each};

/// How many changed units are asked for at a time.
const PAGE: usize = 1024;

impl Memory {
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

/// Brings the index to the state that is read, unless another thread has done so meanwhile.
fn catch_up(mut update: Update<'_>, read: &dyn Read) -> Result<()> {
    let head = read.head()?;
    let from = update.revision();
    if from >= head.revision {
        return Ok(());
    }
    if from == 0 || from < head.purged {
        update.clear();
        each(read, |number, record| {
            let unit = record.decode(UnitName(number))?;
            Ok(update.put(number, Some(&unit))?)
        })?;
    } else {
        let mut after = 0;
        loop {
            let page = read.touched(from + 1..=head.revision, after, PAGE)?;
            for &number in &page {
                let record = read.get(number)?;
                let unit = record.map(|record| record.decode(UnitName(number))).transpose()?;
                update.put(number, unit.as_ref())?;
            }
            match page.last() {
                Some(&last) if page.len() == PAGE => after = last,
                _ => break,
            }
        }
    }
    Ok(update.commit(head.revision)?)
}
