//! How well and how fast documents are aligned.
//!
//! `cargo bench --bench align` runs over the gold sets (`../shared/data/align`, or under
//! `CHANCERY_DATA`), with Gale and Church's length model in the same run, and then over made-up
//! documents of growing length. `-- gold` or `-- growth` runs one of them.

// A bench may panic.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/data.rs"]
mod data;
mod gale_church;
#[path = "../../tests/gold.rs"]
mod gold;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chancery::align::Aligner;
use chancery::{Document, Lang};
use gold::{Gold, Pair, Score};

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let runs = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    if runs("gold") {
        gold_sets();
    }
    if runs("growth") {
        growth();
    }
}

fn gold_sets() {
    let Some(root) = data::data("align") else { return };
    let mut sets: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && path.to_string_lossy().contains('_'))
        .collect();
    sets.sort();
    println!(
        "| set | documents | strict F1 | lax F1 | seconds | beads/s | Gale–Church strict | lax | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut means = [0.0; 2];
    for set in &sets {
        let documents = gold::read(set);
        let (ours, time, beads) = measure(&documents, |gold| {
            let alignment = Aligner::new().align(&gold.source, &gold.target);
            gold::found(&alignment).into_iter().map(|(pair, _)| pair).collect()
        });
        let (theirs, their_time, _) = measure(&documents, by_length);
        println!(
            "| {} | {} | {:.3} | {:.3} | {:.2} | {:.0} | {:.3} | {:.3} | {:.2} |",
            set.file_name().unwrap().to_string_lossy(),
            documents.len(),
            ours.strict(),
            ours.lax(),
            time.as_secs_f64(),
            beads as f64 / time.as_secs_f64(),
            theirs.strict(),
            theirs.lax(),
            their_time.as_secs_f64(),
        );
        means[0] += ours.strict() / sets.len() as f64;
        means[1] += theirs.strict() / sets.len() as f64;
    }
    println!("\nmean strict F1: {:.4}, by length alone {:.4}", means[0], means[1]);
}

fn measure(documents: &[Gold], align: impl Fn(&Gold) -> Vec<Pair>) -> (Score, Duration, usize) {
    let (mut score, mut time, mut beads) = (Score::default(), Duration::ZERO, 0);
    for gold in documents {
        let start = Instant::now();
        let found = align(gold);
        time += start.elapsed();
        beads += found.len();
        score.add(&gold.beads, &found);
    }
    (score, time, beads)
}

fn by_length(gold: &Gold) -> Vec<Pair> {
    let lengths = |document: &Document| -> Vec<usize> {
        document.sentences().iter().map(|sentence| sentence.text().chars().count()).collect()
    };
    let (mut i, mut j) = (0, 0);
    (gale_church::align(&lengths(&gold.source), &lengths(&gold.target)).into_iter())
        .map(|(a, b)| {
            (i, j) = (i + a, j + b);
            ((i - a..i).collect(), (j - b..j).collect())
        })
        .collect()
}

/// Made-up documents: words by Zipf's law, each with one translation; of the sentences some are
/// merged, some missing, a tenth of the words something else.
fn growth() {
    println!(
        "\n| sentences a side | strict F1 | seconds | times the one before | peak memory, MB |"
    );
    println!("|---|---|---|---|---|");
    let mut before: Option<f64> = None;
    for sentences in [1_000, 10_000, 100_000] {
        let gold = made_up(sentences);
        let (score, time, _) = measure(std::slice::from_ref(&gold), |gold| {
            let alignment = Aligner::new().align(&gold.source, &gold.target);
            gold::found(&alignment).into_iter().map(|(pair, _)| pair).collect()
        });
        let seconds = time.as_secs_f64();
        let times = before.map_or("—".to_owned(), |before| format!("{:.1}", seconds / before));
        println!("| {} | {:.3} | {seconds:.2} | {times} | {} |", gold.name, score.strict(), peak());
        before = Some(seconds);
    }
}

fn made_up(sentences: usize) -> Gold {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let word = |rank: usize, syllables: &[&str]| -> String {
        let mut rest = rank + 7;
        let mut word = String::new();
        while rest > 0 {
            word.push_str(syllables[rest % syllables.len()]);
            rest /= syllables.len();
        }
        word
    };
    let french = ["ra", "mi", "lou", "ché", "tan", "vi", "so", "ber"];
    let english = ["th", "ow", "ing", "ack", "est", "lum", "ry", "dge"];
    let (mut source, mut target) = (Vec::<String>::new(), Vec::<String>::new());
    let mut beads = Vec::new();
    let mut missing = 0usize;
    while source.len() < sentences {
        let mut pair = [String::new(), String::new()];
        for _ in 0..4 + random(18) {
            // A rank by Zipf's law over 50,000 words.
            let rank = (50_000f64.powf(random(10_000) as f64 / 10_000.0)) as usize;
            let other = if random(10) == 0 { random(50_000) } else { rank };
            pair[0] += &(word(rank, &french) + " ");
            pair[1] += &(word(other, &english) + " ");
        }
        // Now and then a chapter is missing.
        if missing == 0 && random(2_000) == 0 {
            missing = 100;
        }
        let (i, j) = (source.len(), target.len());
        let [one, other] = pair;
        match random(40) {
            _ if missing > 0 => {
                missing -= 1;
                source.push(one);
                beads.push((vec![i], vec![]));
            }
            0 => {
                target.push(other);
                beads.push((vec![], vec![j]));
            }
            1 | 2 if one.len() > 60 => {
                // A space stands at a character's boundary, whatever the middle is.
                let spaces = one.match_indices(' ').map(|(at, _)| at);
                let middle = spaces.min_by_key(|at| at.abs_diff(one.len() / 2)).unwrap_or(0);
                let (first, second) = one.split_at(middle);
                source.extend([first.to_owned(), second.to_owned()]);
                target.push(other);
                beads.push((vec![i, i + 1], vec![j]));
            }
            _ => {
                source.push(one);
                target.push(other);
                beads.push((vec![i], vec![j]));
            }
        }
    }
    let name = format!("{} and {}", source.len(), target.len());
    let document = |lines: Vec<String>, lang| Document::segmented(lines.join("\n"), lang);
    Gold { name, source: document(source, Lang::FR), target: document(target, Lang::EN), beads }
}

/// The most memory that the process has held so far.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or("not known".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
