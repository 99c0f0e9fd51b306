//! The index of an import, made beside it on other threads.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::index::{Damaged, Index, Part, Stamp, Update};
use super::policy::UnitName;
use super::store::{Read, Result};
use super::{Memory, RevisionId};
use crate::Unit;
use crate::unit::Variant;

/// How many segments go to another thread at a time, and how many such portions may wait there: so
/// many that the threads seldom wait for each other, and some megabytes of them.
const PORTION: usize = 1024;
const WAITING: usize = 16;

type Portion = Vec<(u64, Variant)>;

/// The index of an import in the making. Each language goes to a thread, and becomes visible when
/// the import is committed. Dropping it leaves the index as it was.
///
/// An index that could not be made this way is made by the next lookup: nothing of the import
/// depends on it.
pub(super) struct Indexing<'s, 'e> {
    index: &'s Index,
    scope: &'s Scope<'s, 'e>,
    update: Update<'s>,
    makers: Vec<Maker<'s>>,
    most: usize,
    /// The languages so far, each with its place among the makers.
    languages: Vec<(Box<str>, usize)>,
    /// Units that were replaced or removed after they were there, perhaps by this very import.
    changed: BTreeSet<u64>,
}

/// A thread that makes the index of some languages.
struct Maker<'s> {
    /// Nothing once all was sent.
    to: Option<SyncSender<Portion>>,
    thread: ScopedJoinHandle<'s, std::result::Result<Part<'s>, Damaged>>,
    portion: Portion,
}

impl<'s, 'e> Indexing<'s, 'e> {
    /// Begins, on so many threads, on top of an index that shows this revision; not if it shows
    /// another.
    pub(super) fn begin(
        memory: &'s Memory,
        revision: u64,
        threads: usize,
        scope: &'s Scope<'s, 'e>,
    ) -> Option<Indexing<'s, 'e>> {
        let index = &memory.index;
        let update = index.update();
        (update.stamp().revision == revision).then(|| Indexing {
            index,
            scope,
            update,
            makers: Vec::new(),
            most: threads.max(1),
            languages: Vec::new(),
            changed: BTreeSet::new(),
        })
    }

    /// A unit was added.
    pub(super) fn added(&mut self, number: u64, unit: Unit) {
        self.update.expect(number);
        for variant in unit.variants {
            let maker = self.maker(variant.lang.primary());
            maker.portion.push((number, variant));
            if maker.portion.len() == PORTION {
                maker.flush();
            }
        }
    }

    /// A unit was replaced or removed.
    pub(super) fn changed(&mut self, number: u64) {
        self.changed.insert(number);
    }

    /// All units were added: what is left to do need not wait for the commit.
    pub(super) fn settle(&mut self) {
        for maker in &mut self.makers {
            maker.flush();
            maker.to = None;
        }
    }

    /// Makes the index that of the revision, which was committed to the store.
    pub(super) fn commit(mut self, revision: RevisionId, read: &dyn Read) -> Result<()> {
        let Some(entry) = read.revision(revision.number())? else { return Ok(()) };
        let stamp = Stamp { revision: revision.number(), time: entry.time };
        self.settle();
        for maker in self.makers {
            match maker.thread.join() {
                Ok(Ok(part)) => self.update.join(part),
                Ok(Err(Damaged)) => {
                    drop(self.update);
                    self.index.forget();
                    return Ok(());
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        // Some of the units may come again.
        self.update.settle()?;
        for number in self.changed {
            let record = read.get(number)?;
            let unit = record.map(|record| record.decode(UnitName(number))).transpose()?;
            self.update.put(number, unit.as_ref())?;
        }
        Ok(self.update.commit(stamp)?)
    }

    /// Who makes the index of a language: the languages go round.
    fn maker(&mut self, primary: &str) -> &mut Maker<'s> {
        let known = self.languages.iter().find(|(known, _)| **known == *primary);
        let at = known.map_or(self.languages.len() % self.most, |&(_, at)| at);
        if known.is_none() {
            self.languages.push((primary.into(), at));
        }
        if at == self.makers.len() {
            let (to, from) = sync_channel(WAITING);
            let part = self.index.part();
            let thread = self.scope.spawn(move || make(part, &from));
            self.makers.push(Maker { to: Some(to), thread, portion: Vec::new() });
        }
        &mut self.makers[at]
    }
}

impl Maker<'_> {
    fn flush(&mut self) {
        let portion = std::mem::replace(&mut self.portion, Vec::with_capacity(PORTION));
        if let Some(to) = &self.to {
            // Only a thread that panicked does not receive; that comes out when it is joined.
            let _ = to.send(portion);
        }
    }
}

fn make<'s>(
    mut part: Part<'s>,
    from: &Receiver<Portion>,
) -> std::result::Result<Part<'s>, Damaged> {
    let mut put = || -> std::result::Result<(), Damaged> {
        for (number, variant) in from.iter().flatten() {
            part.put(number, &variant)?;
        }
        part.finish()
    };
    let made = put();
    // The import must not wait for a thread that gave up.
    while from.recv().is_ok() {}
    made.map(|()| part)
}
