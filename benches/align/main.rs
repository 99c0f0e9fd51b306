//! How well and how fast documents are aligned.
//!
//! `cargo bench --bench align` runs over the gold sets (`../shared/data/align`, or under
//! `CHANCERY_DATA`), with Gale and Church's length model in the same run, tells how far the
//! confidence can be trusted, and then goes over made-up documents of growing length and over one
//! with a chapter missing or moved. `-- gold`, `-- growth` or `-- chapters` runs one of them.

// A bench may panic.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/data.rs"]
mod data;
mod gale_church;
#[path = "../../tests/gold.rs"]
mod gold;

use std::fs;
use std::ops::Range;
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

fn growth() {
    println!(
        "\n| sentences a side | strict F1 | seconds | times the one before | peak memory, MB |"
    );
    println!("|---|---|---|---|---|");
    let mut before: Option<f64> = None;
    for sentences in [1_000, 10_000, 100_000] {
        let gold = arranged(&made_up(sentences), &Chapter::Kept);
        let (score, time, _) = measure(std::slice::from_ref(&gold), ours);
        let seconds = time.as_secs_f64();
        let times = before.map_or("—".to_owned(), |before| format!("{:.1}", seconds / before));
        println!("| {} | {:.3} | {seconds:.2} | {times} | {} |", gold.name, score.strict(), peak());
        before = Some(seconds);
    }
}

fn ours(gold: &Gold) -> Vec<Pair> {
    let alignment = Aligner::new().align(&gold.source, &gold.target);
    gold::found(&alignment).into_iter().map(|(pair, _)| pair).collect()
}

/// A document of 20,000 sentences of which the translation lacks a chapter or has it elsewhere.
fn chapters() {
    println!("\n| a chapter of 2,000 of 20,000 sentences | strict F1 | seconds |");
    println!("|---|---|---|");
    let beads = made_up(20_000);
    for (name, chapter) in [
        ("in its place", Chapter::Kept),
        ("missing in the translation", Chapter::Missing(6_000..8_000)),
        ("moved by 6,000 sentences", Chapter::Moved(6_000..8_000, 14_000)),
    ] {
        let gold = arranged(&beads, &chapter);
        let (score, time, _) = measure(std::slice::from_ref(&gold), ours);
        println!("| {name} | {:.3} | {:.2} |", score.strict(), time.as_secs_f64());
    }
}

/// What becomes of a chapter in the translation; beads by their numbers.
enum Chapter {
    Kept,
    Missing(Range<usize>),
    /// It stands before the bead of this number, which comes after it.
    Moved(Range<usize>, usize),
}

/// The sentences of a bead on both sides.
type Sentences = (Vec<String>, Vec<String>);

fn arranged(beads: &[Sentences], chapter: &Chapter) -> Gold {
    let (mut source, mut target) = (Vec::<String>::new(), Vec::<String>::new());
    let mut gold: Vec<Pair> = Vec::new();
    let mut add = |one: &[String], other: &[String]| {
        let (i, j) = (source.len(), target.len());
        source.extend_from_slice(one);
        target.extend_from_slice(other);
        if !one.is_empty() && !other.is_empty() {
            gold.push(((i..i + one.len()).collect(), (j..j + other.len()).collect()));
        } else {
            gold.extend((0..one.len()).map(|at| (vec![i + at], vec![])));
            gold.extend((0..other.len()).map(|at| (vec![], vec![j + at])));
        }
    };
    for (number, (one, other)) in beads.iter().enumerate() {
        match chapter {
            Chapter::Moved(range, to) if *to == number => {
                beads[range.clone()].iter().for_each(|(_, other)| add(&[], other));
                add(one, other);
            }
            Chapter::Missing(range) | Chapter::Moved(range, _) if range.contains(&number) => {
                add(one, &[]);
            }
            _ => add(one, other),
        }
    }
    let name = format!("{} and {}", source.len(), target.len());
    let document = |lines: Vec<String>, lang| Document::segmented(lines.join("\n"), lang);
    let (source, target) = (document(source, Lang::FR), document(target, Lang::EN));
    Gold { name, source, target, beads: gold }
}

/// A made-up document: words by Zipf's law, each with one translation, and numbers; of the
/// sentences some are merged, some missing, a tenth of the words something else.
fn made_up(sentences: usize) -> Vec<Sentences> {
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
    let mut beads: Vec<Sentences> = Vec::new();
    let (mut missing, mut count) = (0usize, 0usize);
    while count < sentences {
        let mut pair = [String::new(), String::new()];
        for _ in 0..4 + random(18) {
            // A rank by Zipf's law over 50,000 words.
            let rank = (50_000f64.powf(random(10_000) as f64 / 10_000.0)) as usize;
            let other = if random(10) == 0 { random(50_000) } else { rank };
            // As in any text of the trade, one word in thirty is a number.
            if random(30) == 0 {
                let number = format!("{} ", random(3_000));
                pair.iter_mut().for_each(|side| side.push_str(&number));
                continue;
            }
            pair[0] += &(word(rank, &french) + " ");
            pair[1] += &(word(other, &english) + " ");
        }
        // Now and then a section is missing.
        if missing == 0 && random(2_000) == 0 {
            missing = 100;
        }
        let [one, other] = pair;
        let bead = match random(40) {
            _ if missing > 0 => {
                missing -= 1;
                (vec![one], vec![])
            }
            0 => (vec![], vec![other]),
            1 | 2 if one.len() > 60 => {
                // A space stands at a character's boundary, whatever the middle is.
                let spaces = one.match_indices(' ').map(|(at, _)| at);
                let middle = spaces.min_by_key(|at| at.abs_diff(one.len() / 2)).unwrap_or(0);
                let (first, second) = one.split_at(middle);
                (vec![first.to_owned(), second.to_owned()], vec![other])
            }
            _ => (vec![one], vec![other]),
        };
        count += bead.0.len();
        beads.push(bead);
    }
    beads
}

/// The most memory that the process has held so far.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or("not known".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
