//! The index of one language: immutable runs, and the fresh units that are in none yet.

use std::collections::HashSet;
use std::sync::Arc;

use super::builder::RunBuilder;
use super::bytes::Sound;
use super::merge::merge;
use super::run::Run;
use super::storage::Storage;
use crate::similarity::Prepared;

/// The state of a language's index. Cheap to clone: what is in it is shared.
#[derive(Clone, Debug, Default)]
pub(super) struct Language {
    /// The oldest and greatest first.
    pub(super) runs: Vec<LiveRun>,
    pub(super) fresh: Vec<Arc<Fresh>>,
}

/// A run and those of its units that are no longer as they were.
#[derive(Clone, Debug)]
pub(super) struct LiveRun {
    pub(super) run: Arc<Run>,
    pub(super) dead: Arc<HashSet<u64>>,
    /// The name of its file, once it has one.
    #[cfg(feature = "sqlite")]
    pub(super) file: Option<Box<str>>,
}

/// A segment of a unit that is in no run.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) unit: u64,
    pub(super) prepared: Prepared,
}

/// Fresh segments are compared one by one, at under a microsecond each: more than this many
/// become a run.
pub(super) const MOST_FRESH: usize = if cfg!(test) { 6 } else { 512 };
/// Runs are merged when the older one is not at least so many times greater.
const MERGE_RATIO: u64 = 4;
/// A run does not grow beyond this, in units and in bytes: merging takes about a microsecond for
/// each unit, and RAM in proportion to the bytes; every run more costs a search some fifteen
/// microseconds. (Offsets, of 32 bits, would allow for much more.)
pub(super) const MOST_UNITS: u64 = if cfg!(test) { 16 } else { 1_000_000 };
const MOST_MERGED: usize = 48 << 20;
/// What is collected for a run before it is written. Writing it takes about three times as many
/// bytes of RAM, for each language at once.
pub(super) const MOST_BYTES: usize = 16 << 20;

impl Language {
    /// Whether a unit may be in it.
    pub(super) fn may_have(&self, unit: u64) -> bool {
        self.runs.iter().any(|live| live.run.spans(unit))
            || self.fresh.iter().any(|fresh| fresh.unit == unit)
    }

    pub(super) fn remove(&mut self, units: &HashSet<u64>) {
        self.fresh.retain(|fresh| !units.contains(&fresh.unit));
        for live in &mut self.runs {
            let new = || units.iter().filter(|&&unit| live.run.spans(unit));
            if new().next().is_some() {
                let dead: HashSet<u64> = live.dead.iter().chain(new()).copied().collect();
                live.dead = Arc::new(dead);
            }
        }
    }

    /// Makes a run of these and the fresh segments.
    pub(super) fn freeze(&mut self, mut builder: RunBuilder) -> Sound<()> {
        for fresh in self.fresh.drain(..) {
            builder.push_fresh(&fresh);
        }
        if builder.units() > 0 {
            self.runs.push(LiveRun::build(builder)?);
        }
        Ok(())
    }

    /// Merges runs until each is a good deal greater than the next, and rewrites those of which
    /// much is dead: so there are few, and a unit is written anew a few times only. New runs are
    /// `kept` as soon as they are made.
    pub(super) fn tidy(&mut self, mut kept: impl FnMut(LiveRun) -> LiveRun) -> Sound<()> {
        let mut end = self.runs.len();
        while end > 0 {
            let (mut start, mut units, mut bytes) = (end, 0, 0);
            for live in self.runs[..end].iter().rev() {
                let run = &live.run;
                let much = start < end && run.units() > MERGE_RATIO * units;
                if much || units + run.units() > MOST_UNITS || bytes + run.len() > MOST_MERGED {
                    break;
                }
                (start, units, bytes) = (start - 1, units + run.units(), bytes + run.len());
            }
            // One that is greater than any merged one stays as it is.
            start = start.min(end - 1);
            if end - start > 1 {
                let merged = LiveRun::merged(&self.runs[start..end])?;
                self.runs.splice(start..end, merged.map(&mut kept));
            }
            end = start;
        }
        for at in (0..self.runs.len()).rev() {
            let live = &self.runs[at];
            if live.dead.len() as u64 * MERGE_RATIO > live.run.units() {
                let merged = LiveRun::merged(&self.runs[at..=at])?;
                self.runs.splice(at..=at, merged.map(&mut kept));
            }
        }
        Ok(())
    }
}

impl LiveRun {
    pub(super) fn build(builder: RunBuilder) -> Sound<LiveRun> {
        LiveRun::of(builder.finish()?)
    }

    /// One run of what is alive in some; none if nothing is.
    fn merged(runs: &[LiveRun]) -> Sound<Option<LiveRun>> {
        let runs: Vec<&LiveRun> = runs.iter().collect();
        merge(&runs)?.map(LiveRun::of).transpose()
    }

    fn of(bytes: Vec<u8>) -> Sound<LiveRun> {
        let run = Run::open(Storage::Ram(bytes))?;
        Ok(LiveRun {
            run: Arc::new(run),
            dead: Arc::default(),
            #[cfg(feature = "sqlite")]
            file: None,
        })
    }
}
