//! The index of one language: immutable runs, and the fresh units that are in none yet.

use std::collections::HashSet;
use std::sync::Arc;

use super::builder::RunBuilder;
use super::bytes::{Damaged, Sound};
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
/// A run does not grow beyond this. Building one takes about three times as many bytes of RAM, for
/// each language at once; every run more costs a search some ten microseconds. (Their offsets, of
/// 32 bits, would allow for much more.)
pub(super) const MOST_UNITS: u64 = if cfg!(test) { 16 } else { 1_000_000 };
pub(super) const MOST_BYTES: usize = 32 << 20;

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
    /// much is dead: so there are few, and a unit is written anew a few times only.
    pub(super) fn tidy(&mut self) -> Sound<()> {
        while let [.., older, newer] = self.runs.as_slice() {
            let fits = older.run.units() + newer.run.units() <= MOST_UNITS
                && older.run.len() + newer.run.len() <= MOST_BYTES;
            if !fits || older.run.units() > MERGE_RATIO * newer.run.units() {
                break;
            }
            let merged = merge(&[older, newer])?;
            self.runs.truncate(self.runs.len() - 2);
            self.runs.extend(merged);
        }
        for at in (0..self.runs.len()).rev() {
            let live = &self.runs[at];
            if live.dead.len() as u64 * MERGE_RATIO > live.run.units() {
                let merged = merge(&[live])?;
                self.runs.splice(at..=at, merged);
            }
        }
        Ok(())
    }
}

impl LiveRun {
    pub(super) fn build(builder: RunBuilder) -> Sound<LiveRun> {
        let run = Run::open(Storage::Ram(builder.finish()))?;
        Ok(LiveRun {
            run: Arc::new(run),
            dead: Arc::default(),
            #[cfg(feature = "sqlite")]
            file: None,
        })
    }
}

/// One run of what is alive in some; none if nothing is.
fn merge(runs: &[&LiveRun]) -> Sound<Option<LiveRun>> {
    let mut builder = RunBuilder::default();
    for live in runs {
        let tables = live.run.tables()?;
        let (mut atoms, mut codes) = (Vec::new(), Vec::new());
        for pair in live.run.fingerprints()? {
            let (fingerprint, entry) = pair?;
            atoms.clear();
            codes.clear();
            let rest = live.run.record(entry)?.tokens(|token| {
                let key = std::str::from_utf8(tables.key(token)?).map_err(|_| Damaged)?;
                atoms.push((tables.atom(token)?, key));
                Ok(())
            })?;
            let units = rest.codes(|code| codes.push(code))?;
            let units: Vec<u64> = units
                .filter(|unit| !unit.is_ok_and(|unit| live.dead.contains(&unit)))
                .collect::<Sound<_>>()?;
            if !units.is_empty() {
                let (atoms, codes) = (atoms.iter().copied(), codes.iter().copied());
                builder.push_parts(fingerprint, atoms, codes, units);
            }
        }
    }
    if builder.units() == 0 {
        return Ok(None);
    }
    LiveRun::build(builder).map(Some)
}
