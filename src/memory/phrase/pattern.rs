//! A phrase as a pattern, and the best place of a segment that has it.
//!
//! The words of matter of a phrase, its content words and numbers, must stand in the segment in
//! their order, in any inflection (numbers: of the same value), with at most [`MOST_BETWEEN`]
//! tokens more between two of them than the phrase has there. Words of grammar may differ or be
//! missing; what differs costs. A phrase of words of grammar alone must have them all.

use std::ops::Range;

use super::word::Word;
use crate::memory::index::{Sought, Tokens};
use crate::similarity::{Atom, Class, PreparedToken, Preparer};
use crate::{Lang, Segment};

/// How many tokens may stand between two words of a phrase that it does not have itself.
const MOST_BETWEEN: usize = 3;
/// Words of grammar before and after the words of matter are looked for so near to them.
const NEAR: usize = 2;

/// Costs, in tenths of a token's weight.
const MISSING: u32 = 10;
const EXTRA: u32 = 5;
const INFLECTED: u32 = 1;

/// A phrase ready to be found.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    words: Vec<Word>,
    /// The places in `words` of those that must be there.
    required: Vec<usize>,
    /// The number of each of these among what the whole phrase [seeks](Pattern::sought).
    groups: Vec<usize>,
    /// What the words missing from the start cost.
    cost: u32,
    /// The sum of all weights, in tenths.
    weight: u32,
    lost: Option<Lost>,
}

/// Where a word of matter was taken away, before this place of `required`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lost(usize);

/// A place of a segment that has the phrase.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hit {
    /// The tokens of the segment.
    pub(super) tokens: Range<usize>,
    /// How exactly, 0–100: 100 only for the very words.
    pub(super) exactness: f64,
}

fn missing(word: &Word) -> u32 {
    MISSING * u32::from(word.atom().weight)
}

/// What a token that is like a word costs.
fn cost_of(word: &Word, atom: &Atom) -> u32 {
    if word.is(atom) { 0 } else { INFLECTED * u32::from(word.atom().weight) }
}

fn extra(atom: &Atom) -> u32 {
    EXTRA * u32::from(atom.weight)
}

impl Pattern {
    /// The pattern of a phrase; nothing where it has no word.
    pub(super) fn new(phrase: &Segment, lang: &Lang) -> Option<Pattern> {
        let preparer = Preparer::new(lang);
        let prepared = preparer.prepare(phrase);
        let mark = |atom: &Atom| atom.class == Class::Punctuation;
        let atoms: Vec<Atom> = prepared.tokens().iter().map(PreparedToken::atom).collect();
        // Marks inside count like words of grammar, those around the phrase not at all.
        let first = atoms.iter().position(|atom| !mark(atom))?;
        let last = atoms.iter().rposition(|atom| !mark(atom))?;
        let words: Vec<Word> =
            (atoms[first..=last].iter()).map(|&atom| Word::new(atom, lang)).collect();
        let matter = |word: &Word| matches!(word.class(), Class::Content | Class::Number);
        let places = |wanted: &dyn Fn(&Word) -> bool| -> Vec<usize> {
            (0..words.len()).filter(|&at| wanted(&words[at])).collect()
        };
        let mut required = places(&matter);
        if required.is_empty() {
            required = places(&|word| word.class() != Class::Punctuation);
        }
        let weight = words.iter().map(missing).sum();
        let groups = (0..required.len()).collect();
        Some(Pattern { words, required, groups, cost: 0, weight, lost: None })
    }

    /// How many words must be there.
    pub(super) fn required(&self) -> usize {
        self.required.len()
    }

    /// What the index has of each word that must be there.
    pub(super) fn sought(&self) -> Vec<Vec<Sought>> {
        self.required.iter().map(|&at| self.words[at].sought()).collect()
    }

    /// The same phrase without one of the words that must be there.
    pub(super) fn without(&self, number: usize) -> Pattern {
        let mut pattern = self.clone();
        let place = pattern.required.remove(number);
        pattern.groups.remove(number);
        let lost = pattern.words.remove(place);
        pattern.required[number..].iter_mut().for_each(|at| *at -= 1);
        pattern.cost += missing(&lost);
        pattern.lost = Some(Lost(number));
        pattern
    }

    /// The best place of a segment; of several as good the first.
    pub(super) fn find(&self, tokens: &Tokens<'_>) -> Option<Hit> {
        if !self.may_stand(tokens) {
            return None;
        }
        let first = &self.words[*self.required.first()?];
        // The cheapest way to each place of the word looked at, with where it began.
        let mut ways: Vec<(usize, u32, usize)> = Vec::new();
        for at in tokens.places(self.groups[0]) {
            let atom = tokens.atom(at);
            if first.is_like(&atom) {
                let (cost, start) = self.before(tokens, at);
                ways.push((at, cost + cost_of(first, &atom), start));
            }
        }
        for number in 1..self.required.len() {
            let word = &self.words[self.required[number]];
            let between = &self.words[self.required[number - 1] + 1..self.required[number]];
            let free = usize::from(self.lost == Some(Lost(number)));
            let farthest = self.farthest(number);
            let mut next: Vec<(usize, u32, usize)> = Vec::new();
            let mut oldest = 0;
            for at in tokens.places(self.groups[number]) {
                while ways.get(oldest).is_some_and(|way| way.0 + farthest < at) {
                    oldest += 1;
                }
                let mut near = ways[oldest..].iter().take_while(|way| way.0 < at).peekable();
                let Some(atom) = near.peek().map(|_| tokens.atom(at)) else { continue };
                if word.is_like(&atom) {
                    let best = near
                        .map(|&(from, cost, start)| {
                            (cost + self.between(between, tokens, from + 1..at, free), start)
                        })
                        .min_by_key(|&(cost, start)| (cost, start));
                    next.extend(best.map(|(cost, start)| (at, cost + cost_of(word, &atom), start)));
                }
            }
            ways = next;
        }
        let ends = ways.into_iter().map(|(at, cost, start)| {
            let (more, end) = self.after(tokens, at);
            (cost + more, start, end)
        });
        let (cost, start, end) = ends.min()?;
        let weight = f64::from(self.weight);
        let exactness = 100.0 * weight / (weight + f64::from(cost + self.cost));
        Some(Hit { tokens: start..end, exactness })
    }

    /// Whether the words that must be there may stand in their order near enough to each other, as
    /// far as is known without reading them.
    fn may_stand(&self, tokens: &Tokens<'_>) -> bool {
        let places = |number: usize| tokens.places(self.groups[number]);
        let mut before: Vec<usize> = places(0).collect();
        for number in 1..self.required.len() {
            let farthest = self.farthest(number);
            let is_near = |at: &usize| {
                let last = before[..before.partition_point(|place| place < at)].last();
                last.is_some_and(|last| last + farthest >= *at)
            };
            before = places(number).filter(is_near).collect();
        }
        !before.is_empty()
    }

    /// How many places a word of matter may stand after the one before it.
    fn farthest(&self, number: usize) -> usize {
        let between = self.required[number] - self.required[number - 1] - 1;
        between + MOST_BETWEEN + usize::from(self.lost == Some(Lost(number))) + 1
    }

    /// What words between two of matter cost: those of the phrase that are missing, and those of
    /// the segment that it does not have.
    fn between(
        &self,
        wanted: &[Word],
        tokens: &Tokens<'_>,
        found: Range<usize>,
        free: usize,
    ) -> u32 {
        if wanted.is_empty() && found.is_empty() {
            return 0;
        }
        let found: Vec<Atom> = found.map(|at| tokens.atom(at)).collect();
        let all: u32 =
            wanted.iter().map(missing).sum::<u32>() + found.iter().map(extra).sum::<u32>();
        // A token in the place of the word taken away is no more than that.
        let spared = (found.iter().filter(|atom| atom.class == Class::Content))
            .take(free)
            .map(extra)
            .sum::<u32>();
        // The weightiest common subsequence of two lists of a few words.
        let mut gains = vec![0; found.len() + 1];
        for word in wanted {
            let mut diagonal = 0;
            for (at, atom) in found.iter().enumerate() {
                let above = gains[at + 1];
                let taken = match word.is_like(atom) {
                    true => diagonal + missing(word) + extra(atom) - cost_of(word, atom),
                    false => 0,
                };
                gains[at + 1] = taken.max(above).max(gains[at]);
                diagonal = above;
            }
        }
        all - (gains[found.len()] + spared).min(all)
    }

    /// What stands before the first word of matter: its cost, and where the phrase begins.
    fn before(&self, tokens: &Tokens<'_>, at: usize) -> (u32, usize) {
        let (mut cost, mut start) = (0, at);
        for word in self.words[..self.required[0]].iter().rev() {
            let near = start.saturating_sub(NEAR)..start;
            let passable =
                |place: usize| (place + 1..start).all(|at| tokens.class(at) == Class::Function);
            match near.rev().find(|&place| word.is_like(&tokens.atom(place)) && passable(place)) {
                Some(place) => {
                    cost += cost_of(word, &tokens.atom(place));
                    cost += (place + 1..start).map(|at| extra(&tokens.atom(at))).sum::<u32>();
                    start = place;
                }
                None => cost += missing(word),
            }
        }
        if self.lost == Some(Lost(0)) {
            let near = start.saturating_sub(NEAR)..start;
            let place = near.rev().find(|&place| tokens.class(place) == Class::Content);
            start = place.unwrap_or(start);
        }
        (cost, start)
    }

    /// What stands after the last word of matter: its cost, and where the phrase ends.
    fn after(&self, tokens: &Tokens<'_>, at: usize) -> (u32, usize) {
        let (mut cost, mut end) = (0, at + 1);
        let last = self.required.last().map_or(0, |last| last + 1);
        for word in &self.words[last..] {
            let mut near = end..(end + NEAR).min(tokens.count());
            let passable =
                |place: usize| (end..place).all(|at| tokens.class(at) == Class::Function);
            match near.find(|&place| word.is_like(&tokens.atom(place)) && passable(place)) {
                Some(place) => {
                    cost += cost_of(word, &tokens.atom(place));
                    cost += (end..place).map(|at| extra(&tokens.atom(at))).sum::<u32>();
                    end = place + 1;
                }
                None => cost += missing(word),
            }
        }
        if self.lost == Some(Lost(self.required.len())) {
            let mut near = end..(end + NEAR).min(tokens.count());
            let place = near.find(|&place| tokens.class(place) == Class::Content);
            end = place.map_or(end, |place| place + 1);
        }
        (cost, end)
    }
}
