//! Which ranking finds the unit whose translation helps most?
//!
//! For each query the best unit by each ranking is found by comparing all; its translation is then
//! compared with the one a person wrote for the query, by three measures.

use std::error::Error;
use std::hash::Hash;

use chancery::memory::Memory;
use chancery::text::{Stemmer, tokens};
use chancery::{Lang, Unit};
use rapidfuzz::distance::{indel, levenshtein};

use crate::Pair;

const RANKINGS: [&str; 5] =
    ["words, Levenshtein", "characters, Indel", "stems, Dice", "trigrams, Jaccard", "chrF"];

pub fn run(memory: &[Pair], queries: &[Pair]) -> Result<(), Box<dyn Error>> {
    println!("| ranking | chrF | word | char | sum |\n|---|---|---|---|---|");
    let ours = Memory::new();
    ours.add(memory.iter().map(|(source, target)| {
        Unit::pair((Lang::FR, source.as_str()), (Lang::EN, target.as_str()))
    }))?;
    let mut figures = Vec::new();
    let mut bands: [Vec<[f64; 3]>; 21] = Default::default();
    for (source, reference) in queries {
        let found = ours.lookup(source).threshold(0.0).limit(1).run()?;
        let Some(best) = found.first() else { continue };
        let figure = usefulness(&best.target().text(), reference);
        bands[(best.score() / 5.0) as usize].push(figure);
        figures.push(figure);
    }
    row("chancery", &figures, queries.len());

    let stemmer = Stemmer::new(&Lang::FR);
    let wanted: Vec<Features> = queries.iter().map(|q| Features::new(&q.0, &stemmer)).collect();
    let by_chars: Vec<_> = wanted
        .iter()
        .map(|features| indel::BatchComparator::new(features.chars.iter().copied()))
        .collect();
    let by_words: Vec<_> = wanted
        .iter()
        .map(|features| levenshtein::BatchComparator::new(features.words.iter().copied()))
        .collect();
    let mut best = vec![[(-1.0, 0); RANKINGS.len()]; queries.len()];
    for (unit, (source, _)) in memory.iter().enumerate() {
        let has = Features::new(source, &stemmer);
        for (query, wants) in wanted.iter().enumerate() {
            let scores = [
                by_words[query].normalized_similarity(has.words.iter().copied()),
                by_chars[query].normalized_similarity(has.chars.iter().copied()),
                dice(&wants.stems, &has.stems),
                jaccard(&wants.trigrams, &has.trigrams),
                chrf_of(&wants.grams, &has.grams),
            ];
            for (kept, score) in best[query].iter_mut().zip(scores) {
                if score > kept.0 {
                    *kept = (score, unit);
                }
            }
        }
    }
    for (ranking, name) in RANKINGS.iter().enumerate() {
        let figures: Vec<_> = best
            .iter()
            .zip(queries)
            .map(|(best, query)| usefulness(&memory[best[ranking].1].1, &query.1))
            .collect();
        row(name, &figures, queries.len());
    }
    println!("\n| score | queries | chrF | word | char |\n|---|---|---|---|---|");
    for (band, figures) in bands.iter().enumerate().filter(|(_, figures)| !figures.is_empty()) {
        let [chrf, word, char] = mean(figures, figures.len());
        println!("| {}– | {} | {chrf:.3} | {word:.3} | {char:.3} |", 5 * band, figures.len());
    }
    Ok(())
}

fn row(name: &str, figures: &[[f64; 3]], queries: usize) {
    let [chrf, word, char] = mean(figures, queries);
    println!("| {name} | {chrf:.4} | {word:.4} | {char:.4} | {:.4} |", chrf + word + char);
}

fn mean(figures: &[[f64; 3]], count: usize) -> [f64; 3] {
    std::array::from_fn(|at| figures.iter().map(|figure| figure[at]).sum::<f64>() / count as f64)
}

struct Features {
    chars: Vec<char>,
    words: Vec<u64>,
    /// The rest sorted.
    stems: Vec<u64>,
    trigrams: Vec<u64>,
    grams: Vec<Vec<u64>>,
}

impl Features {
    fn new(text: &str, stemmer: &Stemmer) -> Features {
        let found = tokens(text, &Lang::FR);
        let lower = text.to_lowercase();
        let padded = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .flat_map(|word| {
                let padded: Vec<char> = format!("  {word} ").chars().collect();
                padded.windows(3).map(hash).collect::<Vec<_>>()
            });
        let mut trigrams = sorted(padded);
        trigrams.dedup();
        Features {
            chars: text.chars().collect(),
            words: found.iter().map(|token| hash(token.key())).collect(),
            stems: sorted(found.iter().map(|token| hash(&*stemmer.stem(token.key())))),
            trigrams,
            grams: grams(text),
        }
    }
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn sorted(values: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values
}

/// The character n-grams of lengths 1 to 6, without spaces.
fn grams(text: &str) -> Vec<Vec<u64>> {
    let chars: Vec<char> = text.chars().filter(|&c| c != ' ').collect();
    (1..=6).map(|length| sorted(chars.windows(length).map(hash))).collect()
}

fn common(one: &[u64], other: &[u64]) -> f64 {
    let (mut left, mut right, mut both) = (0, 0, 0);
    while left < one.len() && right < other.len() {
        let (a, b) = (one[left], other[right]);
        both += u32::from(a == b);
        left += usize::from(a <= b);
        right += usize::from(b <= a);
    }
    both.into()
}

fn dice(one: &[u64], other: &[u64]) -> f64 {
    2.0 * common(one, other) / (one.len() + other.len()).max(1) as f64
}

fn jaccard(one: &[u64], other: &[u64]) -> f64 {
    let both = common(one, other);
    both / ((one.len() + other.len()) as f64 - both).max(1.0)
}

/// chrF2 of a hypothesis (the second) against a reference.
fn chrf_of(reference: &[Vec<u64>], hypothesis: &[Vec<u64>]) -> f64 {
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for (wanted, given) in reference.iter().zip(hypothesis) {
        if wanted.is_empty() || given.is_empty() {
            continue;
        }
        let both = common(wanted, given);
        precision += both / given.len() as f64;
        recall += both / wanted.len() as f64;
        orders += 1.0;
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (precision / orders, recall / orders);
    5.0 * precision * recall / (4.0 * precision + recall)
}

/// chrF2, word-level and character-level edit similarity.
fn usefulness(target: &str, reference: &str) -> [f64; 3] {
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    let hashed = |text: &str| words(text).into_iter().map(hash).collect::<Vec<u64>>();
    let (one, other) = (hashed(target), hashed(reference));
    [
        chrf_of(&grams(reference), &grams(target)),
        levenshtein::normalized_similarity(one, other),
        levenshtein::normalized_similarity(chars(target), chars(reference)),
    ]
}

/// Runs of letters, digits and underscores, and every other character but white space.
fn words(text: &str) -> Vec<&str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        if inside(character) {
            start.get_or_insert(at);
            continue;
        }
        found.extend(start.take().map(|start| &text[start..at]));
        if !character.is_whitespace() {
            found.push(&text[at..at + character.len_utf8()]);
        }
    }
    found.extend(start.map(|start| &text[start..]));
    found
}
