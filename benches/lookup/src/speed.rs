//! Index against brute force.

use std::error::Error;
use std::time::{Duration, Instant};

use chancery::memory::{Memory, SearchStatistics};
use chancery::similarity::{Comparator, Prepared, Preparer};
use chancery::{Lang, Segment, Unit};

use crate::Pair;
use crate::corpus::{KINDS, corpus};

const BRUTE_QUERIES_OF_A_KIND: usize = 4;
pub const BEST: usize = 5;

/// A memory of these units, with its index, of which it tells the size and how long it took.
fn memory(units: &[Pair]) -> Result<Memory, Box<dyn Error>> {
    let memory = Memory::new();
    let start = Instant::now();
    memory.add(
        units.iter().map(|(source, _)| Unit::pair((Lang::FR, source.as_str()), (Lang::EN, "."))),
    )?;
    let stored = start.elapsed();
    let start = Instant::now();
    let stats = memory.index_stats()?;
    let indexed = start.elapsed();
    println!(
        "\n{} units, {} distinct segments: stored in {:.1} s, indexed in {:.1} s ({:.0} units/s), \
         index of French {} MB in {} runs, {:.0} bytes a unit",
        memory.len()?,
        stats.segments,
        stored.as_secs_f64(),
        indexed.as_secs_f64(),
        units.len() as f64 / indexed.as_secs_f64(),
        stats.bytes / 1_000_000,
        stats.runs,
        stats.bytes as f64 / units.len() as f64,
    );
    Ok(memory)
}

/// The times of lookups alone.
pub fn index(real: &[Pair], size: usize) -> Result<(), Box<dyn Error>> {
    let (units, queries) = corpus(real, size);
    let memory = memory(&units)?;
    drop(units);
    println!("| threshold | p50 ms | p95 ms | p99 ms | max ms |\n|---|---|---|---|---|");
    for threshold in [85.0, 70.0, 50.0] {
        let mut times = Vec::with_capacity(queries.len());
        for (_, query) in &queries {
            let start = Instant::now();
            memory.lookup(query).threshold(threshold).limit(BEST).findings()?;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1.0].map(|share| ms(&times, share));
        println!("| {threshold} | {p50:.3} | {p95:.3} | {p99:.3} | {max:.3} |");
    }
    Ok(())
}

pub fn run(real: &[Pair], sizes: &[usize]) -> Result<(), Box<dyn Error>> {
    for &size in sizes {
        let (units, queries) = corpus(real, size);
        let memory = memory(&units)?;

        let preparer = Preparer::new(&Lang::FR);
        // Of what the memory took: it keeps equal units once.
        let prepared = memory
            .units()?
            .map(|unit| Ok(preparer.prepare(&unit?.1.variants[0].segment)))
            .collect::<Result<Vec<Prepared>, chancery::memory::MemoryError>>()?;

        println!(
            "| threshold | kind | p50 ms | p95 ms | p99 ms | max ms | brute force p50 ms | ratio at p50 |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        for threshold in [85.0, 70.0, 50.0] {
            let mut statistics = SearchStatistics::default();
            let mut times: Vec<Vec<Duration>> = vec![Vec::new(); KINDS.len()];
            let mut slow: Vec<Vec<Duration>> = vec![Vec::new(); KINDS.len()];
            for (kind, query) in &queries {
                let start = Instant::now();
                let found = memory.lookup(query).threshold(threshold).limit(BEST).findings()?;
                times[*kind].push(start.elapsed());
                statistics += found.statistics;
                if slow[*kind].len() < BRUTE_QUERIES_OF_A_KIND {
                    let start = Instant::now();
                    brute_force(query, &prepared, threshold, BEST);
                    slow[*kind].push(start.elapsed());
                    check(&memory, query, &prepared, threshold)?;
                }
            }
            let all: Vec<Duration> = times.iter().flatten().copied().collect();
            let all_slow: Vec<Duration> = slow.iter().flatten().copied().collect();
            for (kind, (times, slow)) in KINDS.iter().zip(times.into_iter().zip(slow)) {
                row(threshold, kind, times, slow);
            }
            row(threshold, "all", all, all_slow);
            println!("\n{statistics}\n");
        }
    }
    Ok(())
}

/// The time in milliseconds that this share of the times, in order, does not exceed.
pub fn ms(times: &[Duration], share: f64) -> f64 {
    let at = ((times.len() - 1) as f64 * share).round() as usize;
    times[at].as_secs_f64() * 1000.0
}

fn row(threshold: f64, kind: &str, mut times: Vec<Duration>, mut slow: Vec<Duration>) {
    times.sort_unstable();
    slow.sort_unstable();
    let (p50, brute) = (ms(&times, 0.5), ms(&slow, 0.5));
    println!(
        "| {threshold} | {kind} | {p50:.3} | {:.3} | {:.3} | {:.3} | {brute:.1} | {:.0} |",
        ms(&times, 0.95),
        ms(&times, 0.99),
        ms(&times, 1.0),
        brute / p50,
    );
}

/// The best scores by comparing every prepared segment, each only as far as it can still count.
fn brute_force(query: &str, prepared: &[Prepared], threshold: f64, limit: usize) -> Vec<f64> {
    let comparator = Comparator::new(&Segment::from(query), &Lang::FR);
    let mut best: Vec<f64> = Vec::new();
    for other in prepared {
        let least = best.get(limit - 1).map_or(threshold, |&last| last.max(threshold));
        if let Some(score) = comparator.score_at_least(other, least) {
            let at = best.partition_point(|&kept| kept >= score.value());
            best.insert(at, score.value());
            best.truncate(limit);
        }
    }
    best
}

/// The rank of a match whose meaning differs is capped here, whatever its score.
const GUARD: f64 = 84.0;

/// Holds all scores from the threshold up against those of a scan.
fn check(
    memory: &Memory,
    query: &str,
    prepared: &[Prepared],
    threshold: f64,
) -> Result<(), Box<dyn Error>> {
    let lookup = memory.lookup(query).threshold(threshold.min(GUARD)).limit(usize::MAX);
    let mut scores: Vec<f64> = lookup.run()?.iter().map(|found| found.score()).collect();
    scores.retain(|&score| score >= threshold);
    scores.sort_by(|one, other| other.total_cmp(one));
    let scan = brute_force(query, prepared, threshold, usize::MAX);
    match scores == scan {
        true => Ok(()),
        false => Err(format!("index and scan disagree on {query:?}: {scores:?}, {scan:?}").into()),
    }
}
