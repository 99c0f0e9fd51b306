//! Measures lookup: the index against brute force by the same score, and the usefulness of the
//! score against plainer rankings.
//!
//! ```text
//! cargo run --release -- speed TM.tsv [UNITS...]
//! cargo run --release -- server TM.tsv ADDRESS UNITS
//! cargo run --release -- phrases TM.tsv [UNITS...]
//! cargo run --release -- usefulness TM.tsv QUERIES.tsv [FROM COUNT]
//! ```
//!
//! `ADDRESS` is that of a memory on a PostgreSQL server, `postgres://…?schema=bench`; it is made if
//! it is not there, and is there afterwards.
//!
//! `TM.tsv` holds `source <TAB> target` lines in French and English (unpack `tm/fr-en.tsv.xz`),
//! `QUERIES.tsv` the same for sentences that are not in it.

mod phrases;
mod random;
mod server;
mod speed;
mod usefulness;

use std::error::Error;

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
        ["server", memory, address, size] => server::run(&read(memory)?, address, number(size)?),
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
        _ => Err("speed|phrases TM.tsv [UNITS...] | server TM.tsv ADDRESS UNITS | \
                 usefulness TM.tsv QUERIES.tsv [FROM COUNT]"
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
