//! Lookup on a PostgreSQL server, by `pg_trgm` on the same data, the usual way of other tools, and on
//! shards.

use std::error::Error;
use std::time::{Duration, Instant};

use chancery::memory::{DuplicatePolicy, Memory, MemoryError, SearchStatistics};
use chancery::{Lang, Unit};
use postgres::{Client, NoTls};

use crate::Pair;
use crate::corpus::{KINDS, corpus};
use crate::speed::{BEST, ms};

const THRESHOLD: f64 = 70.0;
const WARM_UP: usize = 200;
const TRIGRAM_QUERIES: usize = 60;

pub fn run(
    real: &[Pair],
    address: &str,
    size: usize,
    shards: &[&str],
) -> Result<(), Box<dyn Error>> {
    let (pairs, queries) = corpus(real, size);
    let sources: Vec<&str> = pairs.iter().map(|(source, _)| source.as_str()).collect();
    let memory = match Memory::create(address) {
        Err(MemoryError::Exists { .. }) => Memory::open(address)?,
        made => made?,
    };
    if memory.is_empty()? {
        let start = Instant::now();
        let units = sources
            .iter()
            .map(|source| Unit::pair((Lang::FR, *source), (Lang::EN, ".")))
            .map(Ok::<_, std::convert::Infallible>);
        let report = memory.import("bench").duplicates(DuplicatePolicy::KeepAll).run(units)?;
        let time = start.elapsed().as_secs_f64();
        println!("imported in {time:.1} s, {:.0} units/s: {report}", size as f64 / time);
    }
    measure("one server", &memory, &queries)?;
    trigrams(&sources, &queries, address)?;
    if !shards.is_empty() {
        for shard in &shards[memory.shards()?.len()..] {
            let start = Instant::now();
            memory.add_shard(shard)?;
            println!("\n{shard} added in {:.1} s", start.elapsed().as_secs_f64());
        }
        measure(&format!("{} shards", shards.len()), &memory, &queries)?;
    }
    Ok(())
}

fn measure(what: &str, memory: &Memory, queries: &[(usize, String)]) -> Result<(), Box<dyn Error>> {
    let stats = memory.index_stats()?;
    println!(
        "{what}: {} units, {} signatures in {} MB with their indexes",
        memory.len()?,
        stats.segments,
        stats.bytes / 1_000_000
    );
    println!("| what | p50 ms | p95 ms | p99 ms | max ms |\n|---|---|---|---|---|");
    let mut statistics = SearchStatistics::default();
    let mut times = vec![Vec::new(); KINDS.len()];
    for (number, (kind, query)) in queries.iter().cycle().take(queries.len() + WARM_UP).enumerate()
    {
        let start = Instant::now();
        let found = memory.lookup(query).threshold(THRESHOLD).limit(BEST).findings()?;
        if number >= WARM_UP {
            times[*kind].push(start.elapsed());
            statistics += found.statistics;
        }
    }
    let all: Vec<Duration> = times.iter().flatten().copied().collect();
    for (kind, times) in KINDS.iter().zip(times) {
        row(kind, times);
    }
    row("all", all);
    println!("{statistics}");
    Ok(())
}

/// The same sentences by `pg_trgm`.
fn trigrams(
    sources: &[&str],
    queries: &[(usize, String)],
    address: &str,
) -> Result<(), Box<dyn Error>> {
    let mut client = Client::connect(&without_schema(address), NoTls)?;
    if client.query("SELECT 1 FROM pg_class WHERE relname = 'trigrams'", &[])?.is_empty() {
        client.batch_execute(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE TABLE trigrams (text text)",
        )?;
        let mut copy = client
            .copy_in("COPY trigrams FROM STDIN (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')")?;
        for source in sources {
            std::io::Write::write_all(&mut copy, format!("{source}\n").as_bytes())?;
        }
        copy.finish()?;
        client.batch_execute(
            "CREATE INDEX ON trigrams USING gin (text gin_trgm_ops); ANALYZE trigrams",
        )?;
    }
    client.batch_execute("SET pg_trgm.similarity_threshold = 0.5")?;
    let find = client.prepare(
        "SELECT text, similarity(text, $1) AS score FROM trigrams WHERE text % $1
         ORDER BY score DESC LIMIT 5",
    )?;
    let mut times = Vec::new();
    for (_, query) in queries.iter().take(TRIGRAM_QUERIES) {
        let start = Instant::now();
        client.query(&find, &[query])?;
        times.push(start.elapsed());
    }
    row("pg_trgm, .5", times);
    Ok(())
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let ms = |share| ms(&times, share);
    println!("| {what} | {:.2} | {:.2} | {:.2} | {:.2} |", ms(0.5), ms(0.95), ms(0.99), ms(1.0));
}

/// The address for a client that knows nothing of memories.
fn without_schema(address: &str) -> String {
    let (base, query) = address.split_once('?').unwrap_or((address, ""));
    let others: Vec<&str> = query.split('&').filter(|o| !o.starts_with("schema=")).collect();
    format!("{base}?{}", others.join("&"))
}
