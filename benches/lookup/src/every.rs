//! Every unit of a memory as a query.

use std::error::Error;
use std::time::{Duration, Instant};

use chancery::memory::Memory;
use chancery::{Lang, Unit};

use crate::Pair;
use crate::speed::{BEST, ms};

/// The times of looking up each source, once each, and the slowest with its beginning.
pub fn run(real: &[Pair], threshold: f64) -> Result<(), Box<dyn Error>> {
    let memory = Memory::new();
    memory.add(real.iter().map(|(source, target)| {
        Unit::pair((Lang::FR, source.as_str()), (Lang::EN, target.as_str()))
    }))?;
    memory.index_stats()?;
    let mut times: Vec<(Duration, usize)> = Vec::with_capacity(real.len());
    for (number, (source, _)) in real.iter().enumerate() {
        let start = Instant::now();
        memory.lookup(source.as_str()).threshold(threshold).limit(BEST).findings()?;
        times.push((start.elapsed(), number));
    }
    times.sort_unstable();
    let sorted: Vec<Duration> = times.iter().map(|&(time, _)| time).collect();
    let ms = |share| ms(&sorted, share);
    println!("{} queries at {threshold}, best {BEST}, milliseconds:", times.len());
    println!("| p50 | p95 | p99 | max |\n|---|---|---|---|");
    println!("| {:.3} | {:.2} | {:.2} | {:.1} |", ms(0.5), ms(0.95), ms(0.99), ms(1.0));
    for &(time, number) in times.iter().rev().take(3) {
        let start: String = real[number].0.chars().take(60).collect();
        println!("{:.1} ms: {start}", time.as_secs_f64() * 1000.0);
    }
    Ok(())
}
