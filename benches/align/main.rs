//! How well and how fast documents are aligned.
//!
//! `cargo bench --bench align` runs over the gold sets (`../shared/data/align`, or under
//! `CHANCERY_DATA`), with Gale and Church's length model in the same run, tells how far the
//! confidence can be trusted, and then goes over made-up documents of growing length and over one
//! with a chapter missing or moved. `-- gold`, `-- growth` or `-- chapters` runs one of them. Times
//! are of the processor, so that a busy machine tells the same as one at rest.

// A bench may panic.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/data.rs"]
mod data;
mod gale_church;
#[path = "../../tests/gold.rs"]
mod gold;
#[path = "../../tests/made_up.rs"]
mod made_up;

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use chancery::Document;
use chancery::align::Aligner;
use gold::{Gold, Pair, Score};
use made_up::{Chapter, arranged, made_up};

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let runs = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    if runs("gold") {
        gold_sets();
    }
    if runs("growth") {
        growth();
    }
    if runs("chapters") {
        chapters();
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
    let mut trust = Vec::new();
    for set in &sets {
        let documents = gold::read(set);
        let mut judged = Vec::new();
        let (ours, time, beads) = measure(&documents, |gold| {
            let alignment = Aligner::new().align(&gold.source, &gold.target);
            let found = gold::found(&alignment);
            judged.extend(found.iter().map(|(pair, sure)| (*sure, gold.beads.contains(pair))));
            found.into_iter().map(|(pair, _)| pair).collect()
        });
        trust.push(confidence(&set.file_name().unwrap().to_string_lossy(), judged));
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
    println!(
        "\n| set | beads given .9 or more | right of these | calibration error | AUROC | wrong beads among the least sure 5 % |"
    );
    println!("|---|---|---|---|---|---|");
    trust.iter().for_each(|line| println!("{line}"));
}

/// How far the confidence of a set's beads can be trusted: a row of the table.
fn confidence(name: &str, mut beads: Vec<(f64, bool)>) -> String {
    beads.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all = beads.len() as f64;
    let right = |beads: &[(f64, bool)]| beads.iter().filter(|bead| bead.1).count() as f64;
    let sure = &beads[beads.partition_point(|bead| bead.0 < 0.9)..];
    let error: f64 = (0..10)
        .map(|bin| {
            let start = beads.partition_point(|bead| bead.0 * 10.0 < f64::from(bin));
            let end = beads.partition_point(|bead| bin == 9 || bead.0 * 10.0 < f64::from(bin + 1));
            let of_bin = &beads[start..end];
            (of_bin.iter().map(|bead| bead.0).sum::<f64>() - right(of_bin)).abs() / all
        })
        .sum();
    // How often a right bead is surer than a wrong one; beads that are equally sure count half.
    let (hits, wrong) = (right(&beads), all - right(&beads));
    let mut ahead = 0.0;
    let mut wrong_before = 0.0;
    for same in beads.chunk_by(|one, other| one.0 == other.0) {
        let wrong_here = same.len() as f64 - right(same);
        ahead += right(same) * (wrong_before + wrong_here / 2.0);
        wrong_before += wrong_here;
    }
    let least = &beads[..beads.len() / 20];
    let found = least.len() as f64 - right(least);
    format!(
        "| {name} | {:.2} | {:.3} | {error:.3} | {:.3} | {found} of {wrong} |",
        sure.len() as f64 / all,
        right(sure) / sure.len() as f64,
        ahead / (hits * wrong),
    )
}

fn measure(
    documents: &[Gold],
    mut align: impl FnMut(&Gold) -> Vec<Pair>,
) -> (Score, Duration, usize) {
    let (mut score, mut time, mut beads) = (Score::default(), Duration::ZERO, 0);
    for gold in documents {
        let start = processor_time();
        let found = align(gold);
        time += processor_time() - start;
        beads += found.len();
        score.add(&gold.beads, &found);
    }
    (score, time, beads)
}

/// How long the one thread of this process has run so far, not counting while others did; where the
/// system does not tell, how long it has been.
fn processor_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|field| field.parse().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
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

fn growth() {
    println!("\n| sentences | numbers | strict F1 | seconds | times the one before | peak, MB |");
    println!("|---|---|---|---|---|---|");
    for (numbers, words) in [(true, "as usual"), (false, "none")] {
        let mut before: Option<f64> = None;
        for sentences in [1_000, 10_000, 100_000] {
            let gold = arranged(&made_up(sentences, numbers), &Chapter::Kept);
            let (score, time, _) = measure(std::slice::from_ref(&gold), ours);
            let (strict, seconds) = (score.strict(), time.as_secs_f64());
            let times =
                before.map_or("—".to_owned(), |before| format!("{:.1}", seconds / before));
            let peak = peak();
            println!("| {} | {words} | {strict:.3} | {seconds:.2} | {times} | {peak} |", gold.name);
            before = Some(seconds);
        }
    }
}

fn ours(gold: &Gold) -> Vec<Pair> {
    let alignment = Aligner::new().align(&gold.source, &gold.target);
    gold::found(&alignment).into_iter().map(|(pair, _)| pair).collect()
}

/// A document of 20,000 sentences of which the translation lacks a chapter or has it elsewhere.
fn chapters() {
    println!("\n| a chapter of 2,000 of 20,000 sentences | numbers | strict F1 | seconds |");
    println!("|---|---|---|---|");
    for (numbers, words) in [(true, "as usual"), (false, "none")] {
        let beads = made_up(20_000, numbers);
        for (name, chapter) in [
            ("in its place", Chapter::Kept),
            ("missing in the translation", Chapter::Missing(6_000..8_000)),
            ("missing, the first", Chapter::Missing(0..2_000)),
            ("moved by 6,000 sentences", Chapter::Moved(6_000..8_000, 14_000)),
            ("moved to the end", Chapter::Moved(0..2_000, beads.len() - 1)),
        ] {
            let gold = arranged(&beads, &chapter);
            let (score, time, _) = measure(std::slice::from_ref(&gold), ours);
            let (strict, seconds) = (score.strict(), time.as_secs_f64());
            println!("| {name} | {words} | {strict:.3} | {seconds:.2} |");
        }
    }
}

/// The most memory that the process has held so far.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or("not known".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
