//! Measures lookup: the index against brute force by the same score, and the usefulness of the
//! score against plainer rankings.
//!
//! ```text
//! cargo run --release -- speed TM.tsv [UNITS...]
//! cargo run --release -- index TM.tsv UNITS
//! cargo run --release -- every TM.tsv THRESHOLD
//! cargo run --release -- server TM.tsv ADDRESS UNITS [SHARD...]
//! cargo run --release -- phrases TM.tsv [UNITS...]
//! cargo run --release -- units TM.tsv UNITS > UNITS.tsv
//! cargo run --release -- load TM.tsv UNITS CHANCERY STORE [SECONDS]
//! cargo run --release -- usefulness TM.tsv QUERIES.tsv [FROM COUNT]
//! ```
//!
//! `ADDRESS` is that of a memory on a PostgreSQL server, `postgres://…?schema=bench`; it is made if
//! it is not there, and is there afterwards. `SHARD`s are such addresses on other servers; those that it does not have
//! yet are added to it.
//!
//! `index` is `speed` without brute force, which holds every segment prepared in memory; `every` asks for each unit of `TM.tsv` among all of them.
//!
//! `units` writes the units that the others measure with, and `load` asks `CHANCERY serve STORE`, where
//! `STORE` is what `CHANCERY import` made of them.
//!
//! `TM.tsv` holds `source <TAB> target` lines in French and English (unpack `tm/fr-en.tsv.xz`),
//! `QUERIES.tsv` the same for sentences that are not in it.

mod corpus;
mod every;
mod load;
mod phrases;
mod random;
mod server;
mod speed;
mod usefulness;

use std::error::Error;
use std::io::{BufWriter, Write};

/// A segment and its translation.
type Pair = (String, String);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &&str| text.parse::<usize>();
    match texts.as_slice() {
        ["speed", memory, sizes @ ..] => {
            let sizes = sizes.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
            speed::run(&read(memory)?, &sizes)
        }
        ["index", memory, size] => speed::index(&read(memory)?, number(size)?),
        ["every", memory, threshold] => every::run(&read(memory)?, threshold.parse()?),
        ["server", memory, address, size, shards @ ..] => {
            server::run(&read(memory)?, address, number(size)?, shards)
        }
        ["units", memory, size] => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            for (source, target) in corpus::corpus(&read(memory)?, number(size)?).0 {
                writeln!(out, "{source}\t{target}")?;
            }
            Ok(out.flush()?)
        }
        ["load", memory, size, program, store, seconds @ ..] => {
            let seconds = seconds.first().map_or(Ok(60), |seconds| seconds.parse())?;
            let (_, queries) = corpus::corpus(&read(memory)?, number(size)?);
            load::run(program, store, &queries, seconds)
        }
        ["phrases", memory, sizes @ ..] => {
            let sizes = sizes.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            let sizes = if sizes.is_empty() { vec![100_000, 1_000_000] } else { sizes };
            phrases::run(&read(memory)?, &sizes)
        }
        ["usefulness", memory, queries, range @ ..] => {
            let range = range.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            let (from, count) = match range.as_slice() {
                [from, count] => (*from, *count),
                _ => (0, 500),
            };
            let queries = read(queries)?;
            let end = queries.len().min(from + count);
            usefulness::run(&read(memory)?, &queries[from..end])
        }
        _ => Err("speed|phrases TM.tsv [UNITS...] | index TM.tsv UNITS | every TM.tsv THRESHOLD | server TM.tsv ADDRESS UNITS [SHARD...] | \
                 units TM.tsv UNITS | load TM.tsv UNITS CHANCERY STORE [SECONDS] | usefulness TM.tsv QUERIES.tsv [FROM COUNT]"
            .into()),
    }
}

fn read(path: &str) -> Result<Vec<Pair>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|cause| format!("{path}: {cause}"))?;
    let pairs = text.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?.to_owned(), columns.next()?.to_owned()))
    });
    Ok(pairs.collect())
}
