//! Where the translation of a phrase stands in a translated segment.
//!
//! The words of both segments are linked by a lexicon and by likeness (names, cognates, values).
//! A link with others beside it is believed more, and words of matter that nothing links are
//! given to those of the other side that nothing links either and that stand in the same place
//! between linked neighbours. Every stretch of the target is then weighed: words linked into the
//! phrase speak for it, words linked to the rest of the source against it, as do a number of words
//! that the phrase would not have, and the end of a clause that only one side has. The best
//! stretch is the span.

use std::ops::Range;

use crate::lexicon::{Linker, WordLinks};
use crate::similarity::{Class, Outline};

/// A stretch of the target.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    /// Bytes of the target.
    pub(super) span: Range<usize>,
    /// How well the links bear it out, 0–1.
    pub(super) confidence: f64,
}

// The values were tuned on the phrases of `tests/texts`, in rough steps: each may be a third more
// or less for a loss of under .01 of overlap.

/// What a word of grammar or a mark weighs beside a word of matter.
const LIGHT: f32 = 0.6;
/// What a link to the rest of the source costs beside what one into the phrase gains.
const OUTSIDE: f32 = 0.7;
/// What a word too many or too few costs, by the root of how many there should be.
const WORDS: f32 = 0.25;
/// The same for words of matter, whose number most translations keep.
const MATTER: f32 = 1.0;
/// What it costs to begin or end with a word of grammar where the phrase does not, or the other
/// way round.
const EDGE: f32 = 0.2;
/// What the end of a clause inside costs that only one side has; half of it is gained for each end
/// of a clause or of the segment that both have at the same side of the phrase.
const BOUNDARY: f32 = 0.6;
/// How much a link gains from a certain one beside it.
const SUPPORT: f32 = 0.6;
/// From this probability on a link is a neighbour to go by.
const ANCHOR: f32 = 0.5;
/// A word of matter without a link of this probability is free.
const FREE: f32 = 0.3;
/// The sum of the links that a free word gets; the share that stands for no translation at all;
/// by how many places words move about.
const FREE_LINKS: f32 = 0.7;
const NO_WORD: f32 = 0.3;
const REACH: f32 = 1.5;

/// Places the phrase that stands at these bytes of the source; nothing where the target has no
/// word.
///
/// Cost: grows with the product of the numbers of words, and with the square of the target's.
pub(super) fn place(
    linker: &mut Linker,
    (source_text, source): (&str, &Outline),
    (target_text, target): (&str, &Outline),
    phrase: Range<usize>,
) -> Option<Placed> {
    let links = linker.links(source_text, target_text);
    let from = Side::new(source_text, links.source(), source);
    let to = Side::new(target_text, links.target(), target);
    let within = |span: &Range<usize>| span.start < phrase.end && phrase.start < span.end;
    let first = from.spans.iter().position(within)?;
    let last = from.spans.iter().rposition(within)?;
    let phrase = first..last + 1;
    let cells = Cells::new(&links, &from, &to);
    let columns = to.spans.len();

    let weight = |column: usize| if to.is_matter[column] { 1.0 } else { LIGHT };
    // What links each word of the target into the phrase, and to the rest.
    let mut sums = vec![(0.0, 0.0); columns];
    for (row, column, value) in cells.supported() {
        let (inside, outside) = &mut sums[column];
        *(if phrase.contains(&row) { inside } else { outside }) += value;
    }
    let mut gains = Vec::with_capacity(columns);
    let mut into = Vec::with_capacity(columns);
    for (column, (inside, outside)) in sums.into_iter().enumerate() {
        let over = f32::max(inside + outside, 1.0);
        gains.push(weight(column) * (inside - OUTSIDE * outside) / over);
        into.push(weight(column) * inside / over);
    }

    // What can be gained at most from each word on.
    let mut later = vec![0.0; columns + 1];
    for column in (0..columns).rev() {
        later[column] = later[column + 1] + gains[column].max(0.0);
    }
    let wanted = Shape::of(&from, phrase, &to);
    let mut best: Option<(f32, Range<usize>)> = None;
    for start in (0..columns).filter(|&start| !to.is_mark[start]) {
        let (mut sum, mut count) = (0.0, Count::default());
        for (end, gain) in gains.iter().enumerate().skip(start) {
            sum += gain;
            count.add(&to, end);
            let most = sum + later[end + 1] - wanted.differs_at_least(&count);
            if best.as_ref().is_some_and(|(kept, _)| most < *kept) {
                break;
            }
            if to.is_mark[end] {
                continue;
            }
            let score = sum - wanted.differs(&to, start..end + 1, &count);
            if best.as_ref().is_none_or(|(kept, _)| score > *kept) {
                best = Some((score, start..end + 1));
            }
        }
    }
    let (_, found) = best?;
    let held: f32 = found.clone().map(|column| into[column]).sum();
    let all = into.iter().sum::<f32>() + found.clone().map(weight).sum::<f32>();
    let found = to.whole(target_text, found);
    let span = to.spans[found.start].start..to.spans[found.end - 1].end;
    let confidence = f64::from(2.0 * held / all.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    Some(Placed { span, confidence })
}

/// How probable it is that words translate each other.
struct Cells {
    columns: usize,
    /// A row for each word of the source.
    values: Vec<f32>,
    /// The words that are linked.
    linked: Vec<(usize, usize)>,
}

impl Cells {
    fn new(links: &WordLinks, from: &Side, to: &Side) -> Cells {
        let (rows, columns) = (from.spans.len(), to.spans.len());
        let mut cells = Cells { columns, values: vec![0.0; rows * columns], linked: Vec::new() };
        for link in links.all() {
            cells.link(link.source(), link.target(), link.probability() as f32);
        }
        for (row, column, share) in cells.free(from, to) {
            cells.link(row, column, share);
        }
        cells
    }

    fn link(&mut self, row: usize, column: usize, value: f32) {
        let cell = &mut self.values[row * self.columns + column];
        if *cell == 0.0 {
            self.linked.push((row, column));
        }
        *cell = cell.max(value);
    }

    fn get(&self, row: usize, column: usize) -> f32 {
        match column < self.columns {
            true => self.values.get(row * self.columns + column).copied().unwrap_or(0.0),
            false => 0.0,
        }
    }

    /// The words that are linked, and how well, by what stands beside them too.
    fn supported(&self) -> impl Iterator<Item = (usize, usize, f32)> {
        self.linked.iter().map(|&(row, column)| {
            let beside = [(0, 0), (2, 2), (0, 2), (2, 0)].map(|(down, right)| {
                match (row + down).checked_sub(1).zip((column + right).checked_sub(1)) {
                    Some((row, column)) => self.get(row, column),
                    None => 0.0,
                }
            });
            let support = 1.0 + SUPPORT * beside.into_iter().fold(0.0, f32::max);
            (row, column, self.get(row, column) * support)
        })
    }

    /// Links for words of matter that nothing links, by their place between those that are linked.
    fn free(&self, from: &Side, to: &Side) -> Vec<(usize, usize, f32)> {
        let matter = |side: &Side| -> Vec<usize> {
            (0..side.spans.len()).filter(|&at| side.is_matter[at]).collect()
        };
        let (rows, columns) = (matter(from), matter(to));
        // The strongest link of each, by its place among the words of matter; of several the first.
        let mut strongest = vec![(0, 0.0); rows.len()];
        let mut is_free = vec![true; columns.len()];
        for &(row, column) in &self.linked {
            let places = (rows.binary_search(&row).ok()).zip(columns.binary_search(&column).ok());
            let Some((row_at, column_at)) = places else { continue };
            let value = self.get(row, column);
            if value > strongest[row_at].1 {
                strongest[row_at] = (column_at, value);
            }
            is_free[column_at] &= value < FREE;
        }
        let free: Vec<usize> = (0..columns.len()).filter(|&at| is_free[at]).collect();
        let anchor = |at: usize| (strongest[at].1 >= ANCHOR).then(|| (at, strongest[at].0));
        let mut before = None;
        let mut links = Vec::new();
        for (at, &row) in rows.iter().enumerate() {
            if strongest[at].1 >= FREE {
                before = anchor(at).or(before);
                continue;
            }
            let after = (at + 1..rows.len()).find_map(anchor);
            let place = |signed: (usize, usize)| (signed.0 as f32, signed.1 as f32);
            let (left_row, left) = before.map_or((-1.0, -1.0), place);
            let (right_row, right) = after.map_or((rows.len() as f32, columns.len() as f32), place);
            let at = at as f32;
            let distance = |column: f32| match left < right {
                true => {
                    let slope = (right - left) / (right_row - left_row);
                    (column - left - (at - left_row) * slope).abs()
                }
                // The neighbours changed places: near to either will do.
                false => {
                    let from_left = (column - left - (at - left_row)).abs();
                    from_left.min((right - (right_row - at) - column).abs())
                }
            };
            let shares: Vec<f32> =
                free.iter().map(|&column| (-distance(column as f32) / REACH).exp()).collect();
            let all = NO_WORD + shares.iter().sum::<f32>();
            for (&column, share) in free.iter().zip(shares) {
                links.push((row, columns[column], FREE_LINKS * share / all));
            }
        }
        links
    }
}

/// What a stretch is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    words: usize,
    matter: usize,
    breaks: usize,
}

impl Count {
    fn add(&mut self, side: &Side, at: usize) {
        self.words += usize::from(!side.is_mark[at]);
        self.matter += usize::from(side.is_matter[at]);
        self.breaks += usize::from(side.is_break[at]);
    }

    fn of(side: &Side, range: Range<usize>) -> Count {
        let mut count = Count::default();
        range.for_each(|at| count.add(side, at));
        count
    }
}

/// What the stretch of the target is expected to look like, by the phrase.
struct Shape {
    words: f32,
    matter: f32,
    /// What one word, and one word of matter, too many or too few costs.
    per_word: f32,
    per_matter: f32,
    breaks: usize,
    edges: Edges,
}

/// More than sums of a few hundred gains are off by.
const ROUNDING: f32 = 1e-2;

/// What stands at both ends of a stretch.
struct Edges {
    /// Whether it begins and ends with a word of matter.
    matter: [bool; 2],
    /// Whether a clause begins and ends there, then whether the segment does.
    limits: [bool; 4],
}

impl Shape {
    fn of(from: &Side, phrase: Range<usize>, to: &Side) -> Shape {
        let count = Count::of(from, phrase.clone());
        let all = Count::of(from, 0..from.spans.len());
        let every = Count::of(to, 0..to.spans.len());
        let part = |part: usize, whole: usize, other: usize| {
            part as f32 * other as f32 / whole.max(1) as f32
        };
        let words = part(count.words, all.words, every.words).max(1.0);
        let matter = part(count.matter, all.matter, every.matter);
        Shape {
            words,
            matter,
            per_word: WORDS / words.sqrt(),
            per_matter: MATTER / matter.max(0.5).sqrt(),
            breaks: count.breaks,
            edges: from.edges(phrase),
        }
    }

    /// How little any stretch looks like it at least that has these words and perhaps more.
    fn differs_at_least(&self, count: &Count) -> f32 {
        let over = |found: usize, wanted: f32| (found as f32 - wanted).max(0.0);
        self.per_word * over(count.words, self.words)
            + self.per_matter * over(count.matter, self.matter)
            - 2.0 * BOUNDARY
            - ROUNDING
    }

    /// How little a stretch looks like it.
    fn differs(&self, to: &Side, range: Range<usize>, count: &Count) -> f32 {
        let off = |found: usize, wanted: f32| (found as f32 - wanted).abs();
        let edges = to.edges(range);
        let same =
            self.edges.limits.iter().zip(edges.limits).filter(|(one, other)| **one && *other);
        let other = self.edges.matter.iter().zip(edges.matter).enumerate().filter(
            // A phrase that begins with a word of grammar is often translated without.
            |(end, (one, other))| if *end == 0 { **one && !*other } else { **one != *other },
        );
        self.per_word * off(count.words, self.words)
            + self.per_matter * off(count.matter, self.matter)
            + EDGE * other.count() as f32
            + BOUNDARY * (self.breaks.abs_diff(count.breaks) as f32 - 0.5 * same.count() as f32)
    }
}

/// The words of a segment as the lexicon cuts them.
struct Side<'l> {
    spans: &'l [Range<usize>],
    /// Content words and numbers.
    is_matter: Vec<bool>,
    is_mark: Vec<bool>,
    /// Marks at which a clause ends.
    is_break: Vec<bool>,
    /// The first and the last word that is no mark.
    words: Option<(usize, usize)>,
}

impl<'l> Side<'l> {
    fn new(text: &str, spans: &'l [Range<usize>], outline: &Outline) -> Side<'l> {
        let class = |span: &Range<usize>| {
            let at = outline.spans.partition_point(|token| token.1 as usize <= span.start);
            outline.atoms.get(at).map(|atom| atom.class)
        };
        let is_matter = |span| matches!(class(span), Some(Class::Content | Class::Number));
        let mark = |span: &Range<usize>| !text[span.clone()].contains(char::is_alphanumeric);
        let ends = |span: &Range<usize>| text[span.clone()].contains(CLAUSE_ENDS);
        let is_mark: Vec<bool> = spans.iter().map(mark).collect();
        let first = is_mark.iter().position(|mark| !mark);
        Side {
            is_matter: spans.iter().map(is_matter).collect(),
            is_break: spans.iter().map(|span| mark(span) && ends(span)).collect(),
            words: first.zip(is_mark.iter().rposition(|mark| !mark)),
            is_mark,
            spans,
        }
    }

    fn edges(&self, range: Range<usize>) -> Edges {
        let ends =
            |at: Option<usize>| at.and_then(|at| self.is_break.get(at).copied()).unwrap_or(true);
        let (start, last) = (range.start, range.end - 1);
        let (is_first, is_last) = match self.words {
            Some((first, end)) => (start <= first, last >= end),
            None => (true, true),
        };
        Edges {
            matter: [self.is_matter[start], self.is_matter[last]],
            limits: [ends(start.checked_sub(1)), ends(Some(range.end)), is_first, is_last],
        }
    }

    /// Does not cut a word with a hyphen in two.
    fn whole(&self, text: &str, mut range: Range<usize>) -> Range<usize> {
        let joins = |at: usize| {
            let joined = |one: usize, other: usize| self.spans[one].end == self.spans[other].start;
            at > 0
                && at + 1 < self.spans.len()
                && matches!(&text[self.spans[at].clone()], "-" | "\u{2010}" | "\u{2011}")
                && joined(at - 1, at)
                && joined(at, at + 1)
        };
        while range.start > 1 && joins(range.start - 1) {
            range.start -= 2;
        }
        while joins(range.end) {
            range.end += 2;
        }
        range
    }
}

const CLAUSE_ENDS: [char; 9] = [',', ';', ':', '.', '!', '?', '(', ')', '—'];
