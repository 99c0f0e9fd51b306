//! Recognition against 100,000 terms: building, memory, reading a text, one segment.
//!
//! `CHANCERY_BENCH_TEXT` names a French text, one segment a line; without it the sample texts are
//! read over and over. The terms are 100,000 distinct sequences of words of the text that neither begin
//! nor end in a word of under four letters, made in two ways: of two to four words from places spread
//! over the text, as a glossary of its field has them; and of one to four words, all there are from its
//! beginning on, so that nearly every word of the text is a term.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use chancery::Lang;
use chancery::term::{Concept, Recognizer, Term, Termbase};

const TERMS: usize = 100_000;

fn main() {
    let text = text();
    measure("spread", &text, &termbase(spread(&text)));
    measure("dense", &text, &termbase(dense(&text)));
}

fn measure(what: &str, text: &str, base: &Termbase) {
    let start = Instant::now();
    let recognizer = Recognizer::new(base, &Lang::FR);
    let built = start.elapsed();
    println!(
        "{what}: {} terms, built in {:.2} s, {} bytes a term",
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
        "{what}: {:.1} MB in {took:.2} s: {:.1} MB/s, {hits} hits; segment: median {:.1} µs, 99 % {:.1} µs",
        bytes as f64 / 1e6,
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

/// The words of a line, and whether a term may begin or end with a word.
fn words(line: &str) -> Vec<&str> {
    line.split(|c: char| !c.is_alphanumeric()).collect()
}

fn bears(word: &str) -> bool {
    word.chars().count() >= 4
}

/// Terms from places that a generator of numbers names.
fn spread(text: &str) -> HashSet<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut seen = HashSet::new();
    let mut state = 1u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    // A small text does not have so many.
    for _ in 0..TERMS * 100 {
        let words = words(lines[next(lines.len())]);
        let (from, length) = (next(words.len()), 2 + next(3));
        if let Some(term) = words.get(from..from + length)
            && bears(term[0])
            && bears(term[length - 1])
        {
            seen.insert(term.join(" "));
            if seen.len() == TERMS {
                break;
            }
        }
    }
    seen
}

/// The first terms there are.
fn dense(text: &str) -> HashSet<String> {
    let mut seen = HashSet::new();
    for line in text.lines() {
        let words = words(line);
        for length in 1..=4 {
            for window in words.windows(length) {
                if seen.len() < TERMS && bears(window[0]) && bears(window[length - 1]) {
                    seen.insert(window.join(" "));
                }
            }
        }
        if seen.len() == TERMS {
            break;
        }
    }
    seen
}

fn termbase(terms: HashSet<String>) -> Termbase {
    let mut terms: Vec<_> = terms.into_iter().collect();
    terms.sort_unstable();
    (terms.into_iter().enumerate())
        .map(|(at, text)| {
            let mut concept = Concept::new(at.to_string());
            concept.add(Lang::FR, Term::new(text));
            concept
        })
        .collect()
}
