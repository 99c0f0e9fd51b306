//! The units and queries that everything here is measured with.

use crate::Pair;
use crate::random::Random;

pub const KINDS: [&str; 5] = ["exact", "one word", "70-85", "50-70", "unseen"];
const QUERIES_OF_A_KIND: usize = 400;

/// Puts other words in the place of some.
fn changed(text: &str, share: f64, vocabulary: &[&str], random: &mut Random) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let count = ((words.len() as f64 * share).round() as usize).max(1);
    for _ in 0..count {
        let at = random.below(words.len());
        words[at] = vocabulary[random.below(vocabulary.len())];
    }
    words.join(" ")
}

/// So many units, each with the translation of the sentence it is or was made of, and queries with
/// their kinds.
pub fn corpus(real: &[Pair], size: usize) -> (Vec<Pair>, Vec<(usize, String)>) {
    // One sentence in fifty is kept out of the memory, for the queries it has not seen.
    let (unseen, known): (Vec<_>, Vec<_>) =
        real.iter().enumerate().partition(|(at, _)| at % 50 == 7);
    let vocabulary: Vec<&str> =
        known.iter().step_by(17).flat_map(|(_, pair)| pair.0.split(' ')).collect();
    let mut random = Random(size as u64);
    let mut units: Vec<Pair> = Vec::with_capacity(size);
    let mut add = |units: &mut Vec<Pair>, number: usize| {
        let (source, target) = known[number % known.len()].1;
        // The real ones once, then variants of them.
        let source = match number < known.len() {
            true => source.clone(),
            false => changed(source, 0.15, &vocabulary, &mut random),
        };
        units.push((source, target.clone()));
    };
    let step = if size < known.len() { known.len() / size } else { 1 };
    (0..size).for_each(|number| add(&mut units, number * step));
    let queries: Vec<(usize, String)> = (0..KINDS.len() * QUERIES_OF_A_KIND)
        .map(|number| {
            let kind = number % KINDS.len();
            let text = units[random.below(units.len())].0.as_str();
            let query = match kind {
                0 => text.to_owned(),
                1 => changed(text, 0.0, &vocabulary, &mut random),
                2 => changed(text, 0.22, &vocabulary, &mut random),
                3 => changed(text, 0.40, &vocabulary, &mut random),
                _ => unseen[random.below(unseen.len())].1.0.clone(),
            };
            (kind, query)
        })
        .collect();
    (units, queries)
}
