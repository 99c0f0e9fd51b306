//! Making one [run](super::run) of several, without what is dead.
//!
//! What the new run holds is read from the old ones as it is written, so that merging takes little
//! more memory than the new run.

use super::bytes::{Damaged, Sound};
use super::language::LiveRun;
use super::writer::{Entries, Entry, Vocabulary, write};

/// The bytes of one run of what is alive in some, the same as if it had been made of that alone; none
/// if nothing is.
pub(super) fn merge(runs: &[&LiveRun]) -> Sound<Option<Vec<u8>>> {
    let mut alive: Vec<(u64, u32, u32)> = Vec::new();
    for (live, run) in runs.iter().zip(0..) {
        for pair in live.run.fingerprints()? {
            let (fingerprint, entry) = pair?;
            if live.dead.is_empty() || is_alive(live, entry)? {
                alive.push((fingerprint, run, entry));
            }
        }
    }
    if alive.is_empty() {
        return Ok(None);
    }
    alive.sort_unstable();
    let mut vocabulary = Vocabulary::default();
    let mut sources = runs
        .iter()
        .map(|&live| Ok(Source { live, numbers: vec![NONE; live.run.tables()?.tokens() as usize] }))
        .collect::<Sound<Vec<_>>>()?;
    let mut order = Vec::with_capacity(alive.len());
    let mut start = 0;
    for equal in alive.chunk_by(|one, other| one.0 == other.0) {
        let (fingerprint, run, entry) = equal[0];
        let Source { live, numbers } = &mut sources[run as usize];
        let tables = live.run.tables()?;
        live.run.record(entry)?.tokens(|token| {
            let number = numbers.get_mut(token as usize).ok_or(Damaged)?;
            if *number == NONE {
                let key = std::str::from_utf8(tables.key(token)?).map_err(|_| Damaged)?;
                *number = vocabulary.number(&tables.atom(token)?, || key.into());
            }
            vocabulary.count(*number);
            Ok(())
        })?;
        order.push((live.run.weight(entry), fingerprint, start as u32, equal.len() as u32));
        start += equal.len();
    }
    order.sort_unstable();
    write(Merged { vocabulary, sources, alive, order }).map(Some)
}

/// Whether any unit of an entry is alive.
fn is_alive(live: &LiveRun, entry: u32) -> Sound<bool> {
    for unit in live.run.record(entry)?.tokens(|_| Ok(()))?.codes(|_| ())? {
        if !live.dead.contains(&unit?) {
            return Ok(true);
        }
    }
    Ok(false)
}

const NONE: u32 = u32::MAX;

/// What is alive in some runs.
struct Merged<'r> {
    vocabulary: Vocabulary,
    sources: Vec<Source<'r>>,
    /// Fingerprint, run and entry, equal ones side by side. Of these the first is written, with the
    /// units of all.
    alive: Vec<(u64, u32, u32)>,
    /// Weight and fingerprint of each new entry, and which of those alive it is: the first, and
    /// how many.
    order: Vec<(u32, u64, u32, u32)>,
}

struct Source<'r> {
    live: &'r LiveRun,
    /// The number of each of its tokens in the vocabulary.
    numbers: Vec<u32>,
}

impl Entries for Merged<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    fn read(&self, nth: usize, into: &mut Entry) -> Sound<()> {
        let (weight, fingerprint, start, count) = self.order[nth];
        (into.weight, into.fingerprint) = (weight, fingerprint);
        let equal = &self.alive[start as usize..(start + count) as usize];
        for (at, &(_, run, entry)) in equal.iter().enumerate() {
            let Source { live, numbers } = &self.sources[run as usize];
            let first = at == 0;
            let codes = live.run.record(entry)?.tokens(|token| {
                if first {
                    into.tokens.push(*numbers.get(token as usize).ok_or(Damaged)?);
                }
                Ok(())
            })?;
            let units = codes.codes(|code| {
                if first {
                    into.codes.push(code);
                }
            })?;
            for unit in units {
                let unit = unit?;
                if !live.dead.contains(&unit) {
                    into.units.push(unit);
                }
            }
        }
        into.units.sort_unstable();
        into.units.dedup();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::memory::index::builder::RunBuilder;
    use crate::memory::index::tests::FRENCH;
    use crate::similarity::Outliner;
    use crate::{Lang, Segment};

    /// A run of segments, each with the number of its unit.
    fn run<'s>(segments: impl Iterator<Item = (u64, &'s Segment)>) -> Option<LiveRun> {
        let mut outliner = Outliner::new(&Lang::FR);
        let mut builder = RunBuilder::default();
        for (unit, segment) in segments {
            let (outline, keys) = outliner.outline(segment);
            builder.push(outline, keys, unit);
        }
        (builder.units() > 0).then(|| LiveRun::build(builder).unwrap())
    }

    proptest! {
        #[test]
        fn merged_runs_are_the_run_of_what_is_alive(
            // Few words, so that there are equal segments.
            runs in prop::collection::vec(
                prop::collection::vec(
                    (prop::collection::vec(select(&FRENCH[..12]), 0..3), any::<bool>()),
                    1..12,
                ),
                1..5,
            ),
            all_live in any::<bool>(),
        ) {
            let mut units = 0..;
            let runs: Vec<Vec<(u64, Segment, bool)>> = runs
                .into_iter()
                .map(|segments| {
                    let units = segments.into_iter().zip(&mut units);
                    units.map(|((words, live), unit)| {
                        (unit, Segment::from(words.join(" ")), live || all_live)
                    }).collect()
                })
                .collect();
            let live: Vec<LiveRun> = runs
                .iter()
                .map(|units| {
                    let mut live = run(units.iter().map(|(unit, s, _)| (*unit, s))).unwrap();
                    let dead: HashSet<u64> =
                        units.iter().filter(|unit| !unit.2).map(|unit| unit.0).collect();
                    live.dead = Arc::new(dead);
                    live
                })
                .collect();
            let merged = merge(&live.iter().collect::<Vec<_>>()).unwrap();
            let alive = runs.iter().flatten().filter(|unit| unit.2);
            let wanted = run(alive.map(|(unit, segment, _)| (*unit, segment)));
            let wanted = wanted.map(|live| live.run.bytes().unwrap().to_vec());
            prop_assert_eq!(merged, wanted);
        }
    }
}
