//! The check of a segment, without terms and against 100,000 of them.
//!
//! `CHANCERY_BENCH_PAIRS` names a table of French and English segments with a tab between them; without
//! it the sample texts are read over and over. The terms are 100,000 distinct sequences of two to four words
//! of the French side, from places spread over the pairs, each with as many words of the same place of
//! the English side. Few of these are translations: more is found than in any real text.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use chancery::check::Checker;
use chancery::term::{Concept, Term, Termbase};
use chancery::{Lang, Segment};

fn main() {
    let pairs = pairs();
    let base = termbase(&pairs, 100_000);
    measure("without terms", &Checker::new(Lang::FR, Lang::EN), &pairs);
    let start = Instant::now();
    let checker = Checker::new(Lang::FR, Lang::EN).termbase(&base);
    println!("{} terms indexed in {:.2} s", base.len(), start.elapsed().as_secs_f64());
    measure("with terms", &checker, &pairs);
}

fn measure(what: &str, checker: &Checker<'_>, pairs: &[[String; 2]]) {
    let segments: Vec<[Segment; 2]> =
        pairs.iter().map(|pair| pair.each_ref().map(|text| Segment::from(text.as_str()))).collect();
    let mut run = checker.run();
    let mut times: Vec<Duration> = Vec::with_capacity(segments.len());
    for [source, target] in &segments {
        let start = Instant::now();
        run.pair(None, source, target);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
    println!(
        "{what}: {} pairs, median {:.1} µs, 99 % {:.1} µs, {} findings",
        times.len(),
        at(50),
        at(99),
        run.finish().findings().count()
    );
}

fn pairs() -> Vec<[String; 2]> {
    let table = match std::env::var("CHANCERY_BENCH_PAIRS") {
        Ok(path) => {
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
        }
        Err(_) => samples(),
    };
    let rows = table.lines().filter_map(|line| line.split_once('\t'));
    rows.map(|(fr, en)| [fr.to_owned(), en.split('\t').next().unwrap_or_default().to_owned()])
        .collect()
}

fn samples() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts");
    let mut table = String::new();
    for name in ["communique", "comment", "statement", "note-verbale"] {
        let [fr, en] = ["fr", "en"].map(|lang| {
            let path = folder.join(format!("{name}.{lang}.sentences.txt"));
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
        });
        for (fr, en) in fr.lines().zip(en.lines()) {
            table.push_str(&format!("{fr}\t{en}\n"));
        }
    }
    table.repeat(100)
}

fn termbase(pairs: &[[String; 2]], count: usize) -> Termbase {
    let mut terms: BTreeMap<String, String> = BTreeMap::new();
    let mut state = 1u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
    };
    let bears = |word: &String| word.chars().count() >= 4;
    // A small text does not have so many.
    for _ in 0..count * 100 {
        let [fr, en] = pairs[next(pairs.len())].each_ref().map(|text| words(text));
        let (from, length) = (next(fr.len()), 2 + next(3));
        let (Some(ours), Some(theirs)) = (fr.get(from..from + length), en.get(from..from + length))
        else {
            continue;
        };
        if [&ours[0], &ours[length - 1], &theirs[0]].into_iter().all(bears) {
            terms.entry(ours.join(" ")).or_insert_with(|| theirs.join(" "));
            if terms.len() == count {
                break;
            }
        }
    }
    let concepts = terms.into_iter().enumerate().map(|(nth, (fr, en))| {
        let mut concept = Concept::new(nth.to_string());
        concept.add(Lang::FR, Term::new(fr));
        concept.add(Lang::EN, Term::new(en));
        concept
    });
    concepts.collect()
}
