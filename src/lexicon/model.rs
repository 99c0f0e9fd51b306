//! IBM model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", 1993) in both
//! directions, on flat arrays, joined into one table of links.

use std::ops::Range;

use super::table::Table;

/// Texts as numbers of words, and which stretches of them translate each other.
pub(crate) struct Corpus<'c> {
    pub(crate) source: &'c [u32],
    pub(crate) target: &'c [u32],
    pub(crate) source_words: usize,
    pub(crate) target_words: usize,
    pub(crate) pairs: &'c [Pair],
}

impl Corpus<'_> {
    /// How often each source and each target word stands in the pairs, by their weight.
    pub(crate) fn masses(&self) -> (Vec<f32>, Vec<f32>) {
        (
            masses(self.pairs, self.source, self.source_words, |pair| &pair.source),
            masses(self.pairs, self.target, self.target_words, |pair| &pair.target),
        )
    }
}

/// Two stretches of words taken for translations of each other, and how sure that is (0–1).
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) source: Range<u32>,
    pub(crate) target: Range<u32>,
    pub(crate) weight: f32,
}

/// How the learning goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Training {
    pub(crate) rounds: usize,
    /// Taken from each expected count before it is believed. A pair of words that was seen
    /// together once confirms the alignment it came from and nothing else.
    pub(crate) discount: f32,
    /// Expected counts below this are forgotten between rounds.
    pub(crate) negligible: f32,
}

/// The strength of the empty word that stands in every source.
const EMPTY_WORD: f32 = 1.0;

/// What one word says of the other, both ways, as ratios to what chance would say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// P(target | source) / P(target), a row for each source word.
    pub(crate) forward: Table,
    /// P(source | target) / P(source), at the same places as `forward`.
    pub(crate) backward: Vec<f32>,
    /// The share of each source word's translations that is not known.
    pub(crate) source_unused: Vec<f32>,
    /// The same for each target word.
    pub(crate) target_unused: Vec<f32>,
}

impl Links {
    /// Links from counts of pairs of words (a row is a source word) and of the words themselves.
    pub(crate) fn new(counts: &Table, source: &[f32], target: &[f32]) -> Links {
        let mut links = Links {
            source_unused: vec![1.0; source.len()],
            target_unused: vec![1.0; target.len()],
            ..Links::default()
        };
        let source_total: f32 = source.iter().sum::<f32>().max(1.0);
        let target_total: f32 = target.iter().sum::<f32>().max(1.0);
        for s in 0..counts.rows() as u32 {
            for (t, count) in counts.row(s) {
                let of_source = source[s as usize].max(count);
                let of_target = target[t as usize].max(count);
                links.forward.push(t, count / of_source * target_total / of_target);
                links.backward.push(count / of_target * source_total / of_source);
                links.source_unused[s as usize] -= count / of_source;
                links.target_unused[t as usize] -= count / of_target;
            }
            links.forward.end_row();
        }
        for unused in links.source_unused.iter_mut().chain(&mut links.target_unused) {
            *unused = unused.max(LEAST_UNUSED);
        }
        links
    }

    /// The links of a source word: the place in `backward`, the target word, the forward ratio.
    pub(crate) fn row(&self, source: u32) -> impl Iterator<Item = (usize, u32, f32)> + '_ {
        let start = self.forward.start(source);
        (self.forward.row(source).enumerate())
            .map(move |(at, (word, ratio))| (start + at, word, ratio))
    }
}

/// Learns how often words translate each other: a row for each source word, columns ascending.
/// `prior` holds pseudo-counts of the same shape.
///
/// Cost: a few nanoseconds for each pair of words that stand in one pair, round and direction.
pub(crate) fn learn(corpus: &Corpus, prior: &Table, training: Training) -> Table {
    let forward = expected_counts(corpus, prior, training);
    let mirrored: Vec<Pair> = (corpus.pairs.iter())
        .map(|pair| Pair {
            source: pair.target.clone(),
            target: pair.source.clone(),
            weight: pair.weight,
        })
        .collect();
    let backward = expected_counts(
        &Corpus {
            source: corpus.target,
            target: corpus.source,
            source_words: corpus.target_words,
            target_words: corpus.source_words,
            pairs: &mirrored,
        },
        &prior.transposed(corpus.target_words),
        training,
    );
    let forward = forward.transposed(corpus.target_words).transposed(corpus.source_words);
    join(&forward, &backward.transposed(corpus.source_words), training.discount)
}

/// Joins the two directions: the geometric mean keeps what both agree on.
fn join(forward: &Table, backward: &Table, discount: f32) -> Table {
    let mut joint = Table::default();
    for source in 0..forward.rows() as u32 {
        let mut other = backward.row(source).peekable();
        for (target, count) in forward.row(source) {
            while other.next_if(|&(column, _)| column < target).is_some() {}
            if let Some((_, reverse)) = other.next_if(|&(column, _)| column == target) {
                let count = (count * reverse).sqrt() - discount;
                if count > 0.0 {
                    joint.push(target, count);
                }
            }
        }
        joint.end_row();
    }
    joint
}

/// However well a word's translations are known, this share stays for those never seen.
const LEAST_UNUSED: f32 = 0.1;

fn masses(
    pairs: &[Pair],
    tokens: &[u32],
    words: usize,
    side: impl Fn(&Pair) -> &Range<u32>,
) -> Vec<f32> {
    let mut mass = vec![0.0; words];
    for pair in pairs {
        for &word in &tokens[as_usize(side(pair))] {
            mass[word as usize] += pair.weight;
        }
    }
    mass
}

fn as_usize(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// How often each source word is expected to be the origin of each target word.
///
/// The loops run over source words, not over pairs: the row at hand lies open in an array, so that
/// no table is searched; what a pair's denominators need is kept between rounds.
fn expected_counts(corpus: &Corpus, prior: &Table, training: Training) -> Table {
    let pairs = corpus.pairs;
    let occurrences = occurrences(corpus);
    let mut offsets = Vec::with_capacity(pairs.len() + 1);
    let mut end = 0usize;
    for pair in pairs {
        offsets.push(end);
        end += pair.target.len();
    }
    let background = {
        let mass = masses(pairs, corpus.target, corpus.target_words, |pair| &pair.target);
        let total = mass.iter().sum::<f32>().max(1.0);
        mass.into_iter().map(|mass| mass / total).collect::<Vec<f32>>()
    };
    let empty_word = |denominators: &mut Vec<f32>| {
        denominators.clear();
        for pair in pairs {
            let target = &corpus.target[as_usize(&pair.target)];
            denominators.extend(target.iter().map(|&word| EMPTY_WORD * background[word as usize]));
        }
    };
    let mut denominators = Vec::with_capacity(end);
    let mut next_denominators = Vec::with_capacity(end);
    // Before the first round every word is as likely as any other, but for what the prior says.
    let mut base = 1.0 / corpus.target_words.max(1) as f32;
    let mut row = vec![0.0f32; corpus.target_words];
    empty_word(&mut denominators);
    let add = |row: &[f32], base: f32, source: u32, denominators: &mut [f32]| {
        for &pair in
            &occurrences.1[occurrences.0[source as usize]..occurrences.0[source as usize + 1]]
        {
            let target = &corpus.target[as_usize(&pairs[pair as usize].target)];
            let start = offsets[pair as usize];
            for (sum, &word) in denominators[start..].iter_mut().zip(target) {
                *sum += row[word as usize] + base;
            }
        }
    };
    let mut table = Table::default();
    for source in 0..corpus.source_words as u32 {
        let total: f32 = prior.row(source).map(|(_, count)| count).sum();
        for (word, count) in prior.row(source) {
            let value = count / (total + 1.0);
            table.push(word, value);
            row[word as usize] = value;
        }
        table.end_row();
        add(&row, base, source, &mut denominators);
        prior.row(source).for_each(|(word, _)| row[word as usize] = 0.0);
    }
    let mut counts = vec![0.0f32; corpus.target_words];
    let mut touched: Vec<u32> = Vec::new();
    for round in 0..training.rounds {
        let last = round + 1 == training.rounds;
        let mut next = Table::default();
        // From here on what each place of a pair has to share out.
        for (pair, &start) in pairs.iter().zip(&offsets) {
            let of_pair = &mut denominators[start..start + pair.target.len()];
            of_pair.iter_mut().for_each(|denominator| *denominator = pair.weight / *denominator);
        }
        empty_word(&mut next_denominators);
        for source in 0..corpus.source_words as u32 {
            table.row(source).for_each(|(word, value)| row[word as usize] = value);
            for &pair in
                &occurrences.1[occurrences.0[source as usize]..occurrences.0[source as usize + 1]]
            {
                let start = offsets[pair as usize];
                let target = &corpus.target[as_usize(&pairs[pair as usize].target)];
                for (share, &word) in denominators[start..].iter().zip(target) {
                    let value = row[word as usize] + base;
                    if value > 0.0 {
                        let count = &mut counts[word as usize];
                        if *count == 0.0 {
                            touched.push(word);
                        }
                        *count += value * share;
                    }
                }
            }
            table.row(source).for_each(|(word, _)| row[word as usize] = 0.0);
            for (word, count) in prior.row(source) {
                if counts[word as usize] == 0.0 {
                    touched.push(word);
                }
                counts[word as usize] += count;
            }
            let total: f32 = touched.iter().map(|&word| counts[word as usize]).sum();
            for &word in &touched {
                let count = std::mem::take(&mut counts[word as usize]);
                if count > training.negligible {
                    let value = if last { count } else { count / total };
                    next.push(word, value);
                    row[word as usize] = value;
                }
            }
            next.end_row();
            if !last {
                add(&row, 0.0, source, &mut next_denominators);
            }
            touched.drain(..).for_each(|word| row[word as usize] = 0.0);
        }
        base = 0.0;
        table = next;
        std::mem::swap(&mut denominators, &mut next_denominators);
    }
    table
}

/// For each source word the pairs it stands in, as many times as it does: starts, then pairs.
fn occurrences(corpus: &Corpus) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0usize; corpus.source_words + 1];
    for pair in corpus.pairs {
        for &word in &corpus.source[as_usize(&pair.source)] {
            starts[word as usize + 1] += 1;
        }
    }
    for word in 0..corpus.source_words {
        starts[word + 1] += starts[word];
    }
    let mut next = starts.clone();
    let mut found = vec![0; starts[corpus.source_words]];
    for (number, pair) in corpus.pairs.iter().enumerate() {
        for &word in &corpus.source[as_usize(&pair.source)] {
            found[next[word as usize]] = number as u32;
            next[word as usize] += 1;
        }
    }
    (starts, found)
}
