//! Phrase lookup, concordance and fragments: how long they take.

use std::error::Error;
use std::time::{Duration, Instant};

use chancery::memory::{ConcordanceQuery, Memory};
use chancery::{Lang, Unit};

use crate::Pair;
use crate::random::Random;
use crate::speed::ms;

const QUERIES: usize = 400;
const SENTENCES: usize = 40;

pub fn run(real: &[Pair], sizes: &[usize]) -> Result<(), Box<dyn Error>> {
    for &size in sizes {
        let mut random = Random(size as u64);
        // The real units, evenly spread, then the same with a word behind that no query has, which
        // keeps their words as common as they are.
        let step = (real.len() / size).max(1);
        let units = (0..size).map(|number| {
            let (source, target) = &real[number * step % real.len()];
            let round = number * step / real.len();
            let numbered = |text: &str| match round {
                0 => text.to_owned(),
                _ => format!("{text} xx{round}"),
            };
            Unit::pair((Lang::FR, numbered(source)), (Lang::EN, numbered(target)))
        });
        let memory = Memory::new();
        memory.add(units)?;
        memory.index_stats()?;
        let start = Instant::now();
        memory.lexicon(&Lang::FR, &Lang::EN)?;
        println!(
            "\n{} units; lexicon learnt in {:.2} s\n\n| what | p50 ms | p95 ms | p99 ms | max ms |\n|---|---|---|---|---|",
            memory.len()?,
            start.elapsed().as_secs_f64()
        );
        let mut words = |least: usize, most: usize| loop {
            let sentence: Vec<&str> = real[random.below(real.len())].0.split(' ').collect();
            let count = least + random.below(most - least + 1);
            if sentence.len() >= count {
                let from = random.below(sentence.len() - count + 1);
                return sentence[from..from + count].join(" ");
            }
        };
        let clean = |text: &str| {
            text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>()
        };
        let mut phrases = Vec::new();
        for (name, least, most) in [("phrase, 2–3 words", 2, 3), ("phrase, 4–8 words", 4, 8)] {
            let times = measure(name, (0..QUERIES).map(|_| words(least, most)), |query| {
                memory.phrase(query).run()?;
                Ok(())
            })?;
            phrases.extend(times);
        }
        print("phrase, these together", phrases);
        let mut concordance = |name: &str, write: &dyn Fn(&str, &str) -> String| {
            let queries: Vec<String> = (0..QUERIES)
                .map(|_| write(&clean(&words(1, 1)), &clean(&words(2, 2))))
                .filter(|query| query.parse::<ConcordanceQuery>().is_ok())
                .collect();
            measure(name, queries.into_iter(), |query| {
                memory.concordance(&query.parse()?).run()?;
                Ok(())
            })
        };
        concordance("concordance, a word", &|word, _| word.to_owned())?;
        concordance("concordance, two words in quotes", &|_, two| format!("\"{two}\""))?;
        concordance("concordance, a word NOT another", &|word, two| {
            format!("{word} NOT {}", two.split(' ').next().unwrap_or("de"))
        })?;
        concordance("concordance, a beginning", &|word, _| {
            word.chars().take(4).collect::<String>() + "*"
        })?;
        measure("fragments of a sentence", (0..SENTENCES).map(|_| words(12, 30)), |query| {
            memory.fragments(query).run()?;
            Ok(())
        })?;
    }
    Ok(())
}

/// How long each query took.
fn measure(
    name: &str,
    queries: impl Iterator<Item = String>,
    run: impl Fn(&str) -> Result<(), Box<dyn Error>>,
) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut times: Vec<Duration> = Vec::new();
    for query in queries {
        let start = Instant::now();
        run(&query)?;
        times.push(start.elapsed());
    }
    print(name, times.clone());
    Ok(times)
}

fn print(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let ms = |share| ms(&times, share);
    println!("| {name} | {:.2} | {:.2} | {:.2} | {:.2} |", ms(0.5), ms(0.95), ms(0.99), ms(1.0));
}
