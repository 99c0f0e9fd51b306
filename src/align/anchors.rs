//! Anchors: places where two texts surely meet, found before any search.
//!
//! Words that are rare in both texts and look alike (names, numbers, learned words) or are linked
//! by what is known of the two languages give points; the heaviest chain of points that rises in
//! both texts gives anchors; those off the course of their neighbours are dropped.
//!
//! Where such words are missing over a long stretch, a few [probes](super::probes) say roughly where
//! to begin, and what the first search has learnt there gives points all over the texts.

use super::features::Side;
use crate::lexicon::model::Links;

/// A word more frequent than this is no anchor.
const MOST_FREQUENT: u32 = 6;
/// How many neighbours on each side say what the course is.
const NEIGHBOURS: usize = 8;

/// A source sentence and a target sentence that seem to meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Anchor {
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) weight: f32,
}

/// Finds anchors from linked words (source word, target word, likelihood of the link in 0–1).
///
/// Nothing where the points rise no more than by chance.
///
/// Cost: n log n in the number of points, of which a word gives 36 at most.
pub(crate) fn anchors(source: &Side, target: &Side, links: &[(u32, u32, f32)]) -> Vec<Anchor> {
    let source_places = places(source, MOST_FREQUENT);
    let target_places = places(target, MOST_FREQUENT);
    let mut points: Vec<Anchor> = Vec::new();
    for &(s, t, likelihood) in links {
        let (here, there) = (&source_places[s as usize], &target_places[t as usize]);
        if here.is_empty() || there.is_empty() {
            continue;
        }
        // Each of its points is as likely as any other: one in each row and column is right.
        let weight = likelihood / here.len().max(there.len()) as f32;
        for &i in here {
            for &j in there {
                points.push(Anchor { source: i as usize, target: j as usize, weight });
            }
        }
    }
    points.sort_by_key(|point| (point.source, point.target));
    points.dedup_by(|next, kept| {
        let same = next.source == kept.source && next.target == kept.target;
        if same {
            kept.weight += next.weight;
        }
        same
    });
    let chain = heaviest_chain(&points, target.len());
    // As long a chain rises through points that lie anywhere (Hammersley, "A few seedlings of
    // research", 1972): then words look alike by accident, and the chain says nothing.
    if (chain.len() as f32) < 2.0 * (points.len() as f32).sqrt() {
        return Vec::new();
    }
    on_course(&chain)
}

/// A word that was learnt may be this frequent: several of them make an anchor.
const MOST_LEARNT: u32 = 200;
/// Translations of a word that are looked for, the most likely ones.
const TRANSLATIONS: usize = 3;
/// The points that a source sentence may have.
const POINTS: usize = 3;
/// How much more than chance would say for some pair of sentences in the two texts must speak for
/// a point, as a logarithm.
const BEYOND_CHANCE: f32 = 4.0;

/// Finds anchors from links that were learnt somewhere in the texts: pairs of sentences that have
/// so many linked words in common as no other of the source sentence.
///
/// Cost: a few hundred steps for each word of the source, and n log n in the number of sentences.
pub(crate) fn learnt(source: &Side, target: &Side, links: &Links) -> Vec<Anchor> {
    let places = places(target, MOST_LEARNT);
    // Points are rare and their words several: what is on no course is dropped below.
    let translations = translations(links, source.vocabulary.len(), &places);
    let least = (target.len().max(2) as f32).ln() + BEYOND_CHANCE;
    let mut said = vec![0.0f32; target.len()];
    let mut touched: Vec<u32> = Vec::new();
    let mut words: Vec<u32> = Vec::new();
    let mut points = Vec::new();
    for sentence in 0..source.len() {
        words.clear();
        words.extend(source.words_of(sentence));
        words.sort_unstable();
        words.dedup();
        for &word in &words {
            for &(other, strength) in &translations[word as usize] {
                for &place in &places[other as usize] {
                    let said = &mut said[place as usize];
                    if *said == 0.0 {
                        touched.push(place);
                    }
                    *said += strength;
                }
            }
        }
        let mut best: Vec<Anchor> = (touched.drain(..))
            .map(|place| (place, std::mem::take(&mut said[place as usize]) - least))
            .filter(|&(_, weight)| weight > 0.0)
            .map(|(place, weight)| Anchor { source: sentence, target: place as usize, weight })
            .collect();
        best.sort_unstable_by(|one, other| {
            other.weight.total_cmp(&one.weight).then(one.target.cmp(&other.target))
        });
        best.truncate(POINTS);
        best.sort_unstable_by_key(|point| point.target);
        points.extend(best);
    }
    on_course(&heaviest_chain(&points, target.len()))
}

/// For each source word the likeliest target words that are rare enough, and how much they say.
fn translations(links: &Links, words: usize, places: &[Vec<u32>]) -> Vec<Vec<(u32, f32)>> {
    (0..words as u32)
        .map(|word| {
            let mut found: Vec<(u32, f32)> = (links.row(word))
                .filter(|&(_, other, _)| !places[other as usize].is_empty())
                .map(|(at, other, forward)| (other, 0.5 * (forward * links.backward[at]).ln()))
                .filter(|&(_, strength)| strength > 1.0)
                .collect();
            found
                .sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            found.truncate(TRANSLATIONS);
            found
        })
        .collect()
}

/// For each word that is rare enough the sentences it stands in; nothing for the others.
fn places(side: &Side, most: u32) -> Vec<Vec<u32>> {
    let mut places = vec![Vec::new(); side.vocabulary.len()];
    for sentence in 0..side.len() {
        for &word in side.words_of(sentence) {
            let of_word = &mut places[word as usize];
            if side.frequencies[word as usize] <= most && of_word.last() != Some(&(sentence as u32))
            {
                of_word.push(sentence as u32);
            }
        }
    }
    places
}

/// The heaviest chain of points that strictly rises on both sides. The points are sorted.
pub(super) fn heaviest_chain(points: &[Anchor], target_len: usize) -> Vec<Anchor> {
    // A Fenwick tree over target sentences: the heaviest chain that ends before each.
    let mut tree: Vec<(f32, u32)> = vec![(0.0, u32::MAX); target_len + 1];
    let mut weights = vec![0.0f32; points.len()];
    let mut previous = vec![u32::MAX; points.len()];
    let mut start = 0;
    while start < points.len() {
        let row = points[start].source;
        let end = start + points[start..].iter().take_while(|point| point.source == row).count();
        for at in start..end {
            let mut best = (0.0, u32::MAX);
            let mut place = points[at].target;
            while place > 0 {
                if tree[place].0 > best.0 {
                    best = tree[place];
                }
                place &= place - 1;
            }
            weights[at] = best.0 + points[at].weight;
            previous[at] = best.1;
        }
        for at in start..end {
            let mut place = points[at].target + 1;
            while place <= target_len {
                if weights[at] > tree[place].0 {
                    tree[place] = (weights[at], at as u32);
                }
                place += place & place.wrapping_neg();
            }
        }
        start = end;
    }
    let mut last = None;
    for (at, weight) in weights.iter().enumerate() {
        if last.is_none_or(|last: usize| *weight > weights[last]) {
            last = Some(at);
        }
    }
    let mut chain = Vec::new();
    while let Some(at) = last {
        chain.push(points[at]);
        last = (previous[at] != u32::MAX).then_some(previous[at] as usize);
    }
    chain.reverse();
    chain
}

/// Drops anchors that are off the median diagonal of their neighbours on both sides of them.
///
/// After a missing chapter the course jumps: an anchor is kept if it agrees with those before it
/// or with those after it.
fn on_course(chain: &[Anchor]) -> Vec<Anchor> {
    let diagonal = |anchor: &Anchor| anchor.target as i64 - anchor.source as i64;
    let mut buffer = Vec::new();
    let mut median = |anchors: &[Anchor]| {
        buffer.clear();
        buffer.extend(anchors.iter().map(diagonal));
        buffer.sort_unstable();
        buffer.get(buffer.len() / 2).copied()
    };
    (chain.iter().enumerate())
        .filter(|&(at, anchor)| {
            let before = &chain[at.saturating_sub(NEIGHBOURS)..at];
            let after = &chain[at + 1..(at + 1 + NEIGHBOURS).min(chain.len())];
            [before, after].into_iter().any(|neighbours| {
                // Two neighbours can be wrong together; of three the middle one counts.
                let reach = neighbours.iter().map(|n| n.source.abs_diff(anchor.source)).max();
                neighbours.len() > 2
                    && median(neighbours).is_some_and(|course| {
                        let off = diagonal(anchor).abs_diff(course) as usize;
                        off <= 6 + reach.unwrap_or(0) / 4
                    })
            })
        })
        .map(|(_, anchor)| *anchor)
        .collect()
}
