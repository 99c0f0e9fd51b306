//! The index of an import, made beside it on another thread.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::index::{Damaged, Index, Stamp};
use super::policy::UnitName;
use super::store::{Read, Result};
use super::{Memory, RevisionId};
use crate::Unit;

/// How many units go to the other thread at a time, and how many such portions may wait there: a
/// few megabytes of them.
const PORTION: usize = 64;
const WAITING: usize = 128;

/// The index of an import in the making. What is imported goes to a thread of its own, and becomes
/// visible when the import is committed. Dropping it leaves the index as it was.
///
/// An index that could not be made this way is made by the next lookup: nothing of the import
/// depends on it.
pub(super) struct Indexing<'s> {
    to: SyncSender<Message>,
    thread: ScopedJoinHandle<'s, ()>,
    portion: Vec<(u64, Option<Unit>)>,
    /// Units that were replaced or removed after they were there, perhaps by this very import.
    changed: BTreeSet<u64>,
}

enum Message {
    Units(Vec<(u64, Option<Unit>)>),
    /// The units so far are complete; some of them may come again.
    Settle,
    Commit(Stamp),
}

impl<'s> Indexing<'s> {
    /// Begins, on top of an index that shows this revision.
    pub(super) fn begin<'m: 's>(
        memory: &'m Memory,
        revision: u64,
        scope: &'s Scope<'s, '_>,
    ) -> Indexing<'s> {
        let (to, from) = sync_channel(WAITING);
        let index = &memory.index;
        let thread = scope.spawn(move || {
            if serve(index, revision, &from).is_err() {
                index.forget();
            }
            // The import must not wait for a thread that gave up.
            while from.recv().is_ok() {}
        });
        Indexing { to, thread, portion: Vec::with_capacity(PORTION), changed: BTreeSet::new() }
    }

    /// A unit was added.
    pub(super) fn added(&mut self, number: u64, unit: Unit) {
        self.put(number, Some(unit));
    }

    /// A unit was replaced or removed.
    pub(super) fn changed(&mut self, number: u64) {
        self.changed.insert(number);
    }

    /// All units were added: those that are waiting need not wait for the commit.
    pub(super) fn settle(&mut self) {
        self.flush();
        self.send(Message::Settle);
    }

    /// Makes the index that of the revision, which was committed to the store.
    pub(super) fn commit(mut self, revision: RevisionId, read: &dyn Read) -> Result<()> {
        let Some(entry) = read.revision(revision.number())? else { return Ok(()) };
        for number in std::mem::take(&mut self.changed) {
            let record = read.get(number)?;
            let unit = record.map(|record| record.decode(UnitName(number))).transpose()?;
            self.put(number, unit);
        }
        self.flush();
        let stamp = Stamp { revision: revision.number(), time: entry.time };
        self.send(Message::Commit(stamp));
        let Indexing { to, thread, .. } = self;
        drop(to);
        match thread.join() {
            Ok(()) => Ok(()),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn put(&mut self, number: u64, unit: Option<Unit>) {
        self.portion.push((number, unit));
        if self.portion.len() == PORTION {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let portion = std::mem::replace(&mut self.portion, Vec::with_capacity(PORTION));
        self.send(Message::Units(portion));
    }

    fn send(&self, message: Message) {
        // Only a thread that panicked does not receive; that comes out when it is joined.
        let _ = self.to.send(message);
    }
}

fn serve(
    index: &Index,
    revision: u64,
    from: &Receiver<Message>,
) -> std::result::Result<(), Damaged> {
    let mut update = index.update();
    if update.stamp().revision != revision {
        return Ok(());
    }
    for message in from {
        match message {
            Message::Units(units) => {
                for (number, unit) in units {
                    update.put(number, unit.as_ref())?;
                }
            }
            Message::Settle => update.settle()?,
            Message::Commit(stamp) => return update.commit(stamp),
        }
    }
    Ok(())
}
