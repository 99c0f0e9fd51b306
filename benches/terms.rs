//! Recognition against 100,000 terms: building, memory, reading a text, one segment.
//!
//! `CHANCERY_BENCH_TEXT` names a French text, one segment a line; without it the sample texts are
//! read over and over. The terms are the first 100,000 distinct sequences of one to four words of
//! the text that neither begin nor end in a word of under four letters.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use chancery::Lang;
use chancery::term::{Concept, Recognizer, Term, Termbase};

fn main() {
    let text = text();
    let base = termbase(&text, 100_000);
    let start = Instant::now();
    let recognizer = Recognizer::new(&base, &Lang::FR);
    let built = start.elapsed();
    println!(
        "{} terms: built in {:.2} s, {} bytes a term",
        base.len(),
        built.as_secs_f64(),
        recognizer.memory() / base.len()
    );

    let mut scanner = recognizer.scanner();
    let mut times: Vec<Duration> = Vec::new();
    let (mut bytes, mut hits) = (0, 0);
    let start = Instant::now();
    for line in text.lines() {
        let begun = Instant::now();
        hits += scanner.find(line).len();
        times.push(begun.elapsed());
        bytes += line.len();
    }
    let took = start.elapsed().as_secs_f64();
    times.sort_unstable();
    println!(
        "{:.1} MB in {:.2} s: {:.1} MB/s, {hits} hits; segment: median {:.1} µs, 99 % {:.1} µs",
        bytes as f64 / 1e6,
        took,
        bytes as f64 / 1e6 / took,
        times[times.len() / 2].as_secs_f64() * 1e6,
        times[times.len() * 99 / 100].as_secs_f64() * 1e6,
    );
}

fn text() -> String {
    if let Ok(path) = std::env::var("CHANCERY_BENCH_TEXT") {
        return std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts");
    let names = ["communique", "comment", "statement", "note-verbale"];
    let texts = names.map(|name| {
        std::fs::read_to_string(folder.join(format!("{name}.fr.sentences.txt")))
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    });
    texts.concat().repeat(500)
}

fn termbase(text: &str, count: usize) -> Termbase {
    let mut seen = HashSet::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).collect();
        for length in 1..=4 {
            for window in words.windows(length) {
                let long = |word: &str| word.chars().count() >= 4;
                if seen.len() < count && long(window[0]) && long(window[length - 1]) {
                    seen.insert(window.join(" "));
                }
            }
        }
        if seen.len() >= count {
            break;
        }
    }
    let mut terms: Vec<_> = seen.into_iter().collect();
    terms.sort_unstable();
    (terms.into_iter().enumerate())
        .map(|(at, text)| {
            let mut concept = Concept::new(at.to_string());
            concept.add(Lang::FR, Term::new(text));
            concept
        })
        .collect()
}
