//! Concordance: every segment that has certain words, with its translation.

mod matcher;
mod query;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

pub use query::{ConcordanceQuery, ConcordanceQueryError};

use super::index::{Newest, Tokens, Visit};
use super::pair::pairs;
use super::phrase::MOST_COUNTED;
use super::policy::UnitName;
use super::store::Result;
use super::{Memory, Selection, UnitId};
use crate::similarity::Outliner;
use crate::text::Normal;
use crate::{Lang, Segment, Unit};
use matcher::Matcher;

/// A concordance about to be made. Made by [`Memory::concordance`].
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([
///     Unit::pair((Lang::FR, "Les négociations ont repris."), (Lang::EN, "Talks have resumed.")),
///     Unit::pair((Lang::FR, "Le négociateur est arrivé."), (Lang::EN, "The negotiator arrived.")),
/// ])?;
/// let findings = memory.concordance(&"négoc* NOT arriver".parse()?).run()?;
/// assert_eq!((findings.units, findings.lines.len()), (1, 1));
/// assert_eq!(findings.lines[0].translation().text(), "Talks have resumed.");
/// let findings = memory.concordance(&"talk".parse()?).in_target(true).run()?;
/// assert_eq!(findings.lines[0].spans(), [0..5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a concordance finds nothing until it is run"]
pub struct Concordance<'m, 'q> {
    memory: &'m Memory,
    query: &'q ConcordanceQuery,
    source: Lang,
    target: Lang,
    in_target: bool,
    limit: usize,
    counted: usize,
    distinct: bool,
    selection: Selection,
}

impl Concordance<'_, '_> {
    /// The language of the sources. French by default.
    pub fn source(mut self, lang: Lang) -> Self {
        self.source = lang;
        self
    }

    /// The language of their translations. English by default.
    pub fn target(mut self, lang: Lang) -> Self {
        self.target = lang;
        self
    }

    /// Whether the words are looked for in the translations. In the sources by default.
    pub fn in_target(mut self, yes: bool) -> Self {
        self.in_target = yes;
        self
    }

    /// How many lines at most. 50 by default.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Whether units with equal texts (after the [normal form](Normal)) in both languages are one
    /// line, which counts those met before the limit was reached. Not by default.
    pub fn distinct(mut self, yes: bool) -> Self {
        self.distinct = yes;
        self
    }

    /// How many units that have the words are counted at most: the newest. Of what more units
    /// have, older ones are not found, and [`ConcordanceFindings::complete`] says so. 1,000 by
    /// default: of a word that half of all units have, each of these would be looked at otherwise.
    pub fn count(mut self, units: usize) -> Self {
        self.counted = units;
        self
    }

    /// In which units. In all by default. With a selection all units are counted, for the newest
    /// may not be selected.
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Finds the lines, those of the units added last first.
    ///
    /// # Errors
    ///
    /// Only what the store reports: a memory in RAM has nothing to report.
    pub fn run(self) -> Result<ConcordanceFindings> {
        let (searched, other) = match self.in_target {
            true => (&self.target, &self.source),
            false => (&self.source, &self.target),
        };
        let most = if self.selection.is_all() { self.counted.max(self.limit) } else { usize::MAX };
        let (read, (matcher, (units, complete))) = self.memory.searched(|_, searcher| {
            let vocabulary = |start: &str| searcher.vocabulary(searched, start);
            let matcher = Matcher::new(&self.query.terms, searched, &vocabulary)?;
            let mut found = Found { matcher: &matcher, units: Newest::new(most) };
            // One more, to know whether there is one.
            let wanted = matcher.wanted(most.saturating_add(1));
            searcher.containing(searched, &wanted, &mut found)?;
            let units = found.units.finish();
            Ok((matcher, units))
        })?;
        let count = units.len() as u64;
        let mut findings = ConcordanceFindings { lines: Vec::new(), units: count, complete };
        let mut outliner = Outliner::new(searched);
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        for (number, ()) in units {
            if findings.lines.len() >= self.limit {
                break;
            }
            let Some(record) = read.get(number)? else { continue };
            let unit = record.decode(UnitName(number))?;
            if !self.selection.accepts(&unit) {
                continue;
            }
            let line = pairs(&unit, searched, other).find_map(|pair| {
                let (outline, _) = outliner.outline(&unit.variants[pair.source].segment);
                let places = matcher.find(&outline.atoms)?.into_iter();
                let start = |token: usize| outline.spans[token].0 as usize;
                let end = |token: usize| outline.spans[token].1 as usize;
                let spans = places.map(|place| start(place.start)..end(place.end - 1)).collect();
                Some((pair, spans))
            });
            let Some((pair, spans)) = line else { continue };
            let id = UnitId::new(number);
            let line = ConcordanceLine {
                id,
                searched: pair.source,
                other: pair.target,
                spans,
                count: 1,
                unit,
            };
            if self.distinct {
                let text = |segment: &Segment| Normal::new(&segment.text()).text().to_owned();
                let key = (text(line.segment()), text(line.translation()));
                let next = findings.lines.len();
                let at = *known.entry(key).or_insert(next);
                if at < next {
                    findings.lines[at].count += 1;
                    continue;
                }
            }
            findings.lines.push(line);
        }
        Ok(findings)
    }
}

struct Found<'m> {
    matcher: &'m Matcher,
    units: Newest<()>,
}

impl Visit for Found<'_> {
    fn tokens(&mut self, tokens: &Tokens<'_>) -> bool {
        self.matcher.is_met(tokens)
    }

    fn is_decided(&self) -> bool {
        self.matcher.is_decided()
    }

    fn unit(&mut self, unit: u64) {
        self.units.push(unit, ());
    }
}

/// What a concordance found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConcordanceFindings {
    /// The lines, those of the units added last first.
    pub lines: Vec<ConcordanceLine>,
    /// How many units have what was asked for in the language that was searched, translated or
    /// not, of those selected or not; the number that is [counted](Concordance::count) where
    /// there are more.
    pub units: u64,
    /// Whether these are all. If not, more and older ones have it too.
    pub complete: bool,
}

/// A unit that has the words.
#[derive(Clone, Debug)]
pub struct ConcordanceLine {
    id: UnitId,
    unit: Unit,
    searched: usize,
    other: usize,
    spans: Vec<Range<usize>>,
    count: usize,
}

impl ConcordanceLine {
    /// The id of the unit.
    pub fn id(&self) -> UnitId {
        self.id
    }

    /// The unit, with all its languages and metadata.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// The segment that has the words.
    pub fn segment(&self) -> &Segment {
        &self.unit.variants[self.searched].segment
    }

    /// The segment in the other language.
    pub fn translation(&self) -> &Segment {
        &self.unit.variants[self.other].segment
    }

    /// Where the words stand: bytes of the [segment](ConcordanceLine::segment)'s text, in order
    /// and apart.
    pub fn spans(&self) -> &[Range<usize>] {
        &self.spans
    }

    /// How many units this line stands for: more than one only where lines are
    /// [distinct](Concordance::distinct).
    pub fn count(&self) -> usize {
        self.count
    }
}

impl Memory {
    /// Begins a concordance of the segments that have certain words: see [`ConcordanceQuery`] for
    /// what can be asked. It is complete: it finds every unit that looking at all would find, or
    /// the newest of them where there are more than are [counted](Concordance::count).
    ///
    /// Cost: grows with how common the rarest of the words is: each segment that has it is looked
    /// at, until as many units are found as are counted. A beginning of a word reads the list of all distinct words.
    pub fn concordance<'q>(&self, query: &'q ConcordanceQuery) -> Concordance<'_, 'q> {
        Concordance {
            memory: self,
            query,
            source: Lang::FR,
            target: Lang::EN,
            in_target: false,
            limit: 50,
            counted: MOST_COUNTED,
            distinct: false,
            selection: Selection::default(),
        }
    }
}
