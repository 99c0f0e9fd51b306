//! The passes from two texts to beads with probabilities.

use super::anchors::{Anchor, anchors, heaviest_chain, learnt};
use super::band::Band;
use super::confidence::calibrate;
use super::evidence::{Evidence, MOST_SENTENCES};
use super::features::Side;
use super::judge::judge;
use super::parameters::Parameters;
use super::probes::probes;
use super::search::{Candidate, Posterior, Search, decode};
use super::similarity::{Ask, Meaning};
use crate::lexicon::cognates::cognates;
use crate::lexicon::model::{Corpus, Links, Pair, Training, learn};
use crate::lexicon::table::Table;

/// How many times words are learnt from beads and beads found with them.
const ROUNDS: usize = 3;
/// The learning of words in each of these rounds.
const TRAINING: Training = Training { rounds: 4, discount: 0.3, negligible: 1e-4 };
/// How much the words count against all else. Words of a sentence depend on each other, so that
/// the product of their likelihoods is too sure of itself.
const WEIGHT: f32 = 0.5;
/// What a bead must be worth to be shown: half of a strict F-measure's share.
const COST: f32 = 0.45;
/// Occurrences that a likeness of 1 stands for, for each occurrence of two words that look alike.
const LIKENESS: f32 = 0.5;
/// The last search takes all logarithms times this. The model is too sure of itself; so the beads
/// that are shown have also the support of those alternatives that it all but excludes.
const FLAT: f32 = 0.3;
/// The half width of the band, in sentences, once the course is known.
const MARGIN: usize = 10;
/// Beads less likely than this teach nothing.
const LEAST_TEACHING: f32 = 0.05;

/// Finds the beads of two texts. `fixed` holds the lines that are paired beforehand, `known` pairs
/// of words that are known to translate each other, and how surely (0–1). `ask` gives the
/// similarity of lines as others see it.
pub(crate) fn align(
    source: &Side,
    target: &Side,
    fixed: &[(usize, usize)],
    known: Vec<(u32, u32, f32)>,
    ask: Option<Ask>,
) -> Vec<Candidate> {
    let size = (source.len(), target.len());
    let likely = either(cognates(&source.vocabulary, &target.vocabulary), known);
    let prior = prior(source, target, &likely);
    let counted = |side: &Side| side.frequencies.iter().map(|&n| n as f32).collect::<Vec<f32>>();
    let mut links = Links::new(&prior, &counted(source), &counted(target));
    let mut parameters = Parameters::new(source, target);
    let mut points = anchors(source, target, &likely);
    let mut course = nodes(&points);
    // How many anchors have been learnt, as long as they become more.
    let mut sought = has_long_gap(&course, size).then_some(0);
    if sought.is_some() {
        points.extend(probes(source, target, &parameters));
        points.sort_by_key(|point| (point.source, point.target));
        course = nodes(&heaviest_chain(&points, target.len()));
    }
    let mut band = Band::around(&within(course, fixed), size, 25, 60).bound(fixed);
    let mut meaning = ask.map(|ask| Meaning::new(ask, size));
    let mut round = 0;
    loop {
        // The first pass has little to go by: it is about the course, not the details.
        let is_last = round == ROUNDS;
        let most = if round == 0 { 2 } else { MOST_SENTENCES };
        let evidence = Evidence::new(source, target, &links, &band, most);
        let ratios = meaning.as_ref().map(|meaning| meaning.ratios(&band, most));
        let (evidence, parameters_now) = (&evidence, &parameters);
        let search = Search {
            source,
            target,
            band: &band,
            evidence,
            parameters: parameters_now,
            weight: WEIGHT,
            similar: ratios.as_ref(),
            most,
            temper: if is_last { FLAT } else { 1.0 },
        };
        let posterior = search.run();
        if is_last {
            let (judged, seen) = judge(&search, &links, &posterior);
            let mut beads = decode(&band, &judged, COST);
            calibrate(&mut beads, &posterior, &seen, source, target);
            return beads;
        }
        let beads = decode(&band, &posterior, COST);
        round += 1;
        if let Some(meaning) = &mut meaning {
            meaning.learn(&posterior);
        }
        let pairs = pairs(source, target, &posterior);
        let corpus = Corpus {
            source: &source.words,
            target: &target.words,
            source_words: source.vocabulary.len(),
            target_words: target.vocabulary.len(),
            pairs: &pairs,
        };
        let (source_mass, target_mass) = corpus.masses();
        links = Links::new(&learn(&corpus, &prior, TRAINING), &source_mass, &target_mass);
        parameters = Parameters::estimate(source, target, &posterior.expected);
        if let Some(before) = sought {
            let found = learnt(source, target, &links);
            sought = (found.len() > before + before / 4).then_some(found.len());
            if sought.is_some() {
                band = Band::around(&within(nodes(&found), fixed), size, 25, 60).bound(fixed);
                round = 0;
                continue;
            }
        }
        let course = (beads.iter())
            .filter(|bead| bead.a > 0 && bead.b > 0 && bead.probability > 0.5)
            .map(|bead| (bead.i, bead.j))
            .collect();
        band = Band::around(&within(course, fixed), size, MARGIN, 20).bound(fixed);
    }
}

/// Over so many sentences of both sides a text may be without anchors: the corridor is as wide as
/// a paragraph or two that are missing.
const LONG_GAP: usize = 150;

fn has_long_gap(course: &[(usize, usize)], size: (usize, usize)) -> bool {
    let ends = [(0, 0)].into_iter().chain(course.iter().copied());
    (ends.zip(course.iter().copied().chain([size])))
        .any(|(one, other)| (other.0 - one.0).min(other.1 - one.1) > LONG_GAP)
}

fn nodes(anchors: &[Anchor]) -> Vec<(usize, usize)> {
    anchors.iter().map(|anchor| (anchor.source, anchor.target)).collect()
}

/// A course that passes through the fixed pairs: places that contradict one are left out.
fn within(course: Vec<(usize, usize)>, fixed: &[(usize, usize)]) -> Vec<(usize, usize)> {
    if fixed.is_empty() {
        return course;
    }
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(course.len() + fixed.len());
    let mut next = 0;
    for place in course {
        while next < fixed.len() && fixed[next].0 <= place.0 {
            merged.push(fixed[next]);
            next += 1;
        }
        let after = next == 0 || fixed[next - 1].1 <= place.1;
        let before = fixed.get(next).is_none_or(|fixed| place.1 <= fixed.1);
        if after && before {
            merged.push(place);
        }
    }
    merged.extend(&fixed[next..]);
    merged.dedup();
    merged
}

/// What looks alike and what is known: of a pair that is both the larger likelihood counts.
fn either(mut alike: Vec<(u32, u32, f32)>, known: Vec<(u32, u32, f32)>) -> Vec<(u32, u32, f32)> {
    alike.extend(known);
    alike.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    alike.dedup_by_key(|entry| (entry.0, entry.1));
    alike
}

/// Pseudo-counts of links between words before anything is learnt.
fn prior(source: &Side, target: &Side, likely: &[(u32, u32, f32)]) -> Table {
    let entries = likely.iter().map(|&(s, t, likeness)| {
        let common = source.frequencies[s as usize].min(target.frequencies[t as usize]);
        (s, t, LIKENESS * likeness * common as f32)
    });
    Table::from_entries(source.vocabulary.len(), entries.collect())
}

/// What the next lesson is about: the beads by their probability.
fn pairs(source: &Side, target: &Side, posterior: &Posterior) -> Vec<Pair> {
    (posterior.candidates.iter())
        .filter(|candidate| candidate.probability > LEAST_TEACHING)
        .map(|&Candidate { i, j, a, b, probability }| Pair {
            source: source.span(i..i + a),
            target: target.span(j..j + b),
            weight: probability,
        })
        .collect()
}
