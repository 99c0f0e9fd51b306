//! Lookup: the units whose source is like a query.

use super::found::{Match, Penalty, PenaltyKind};
use super::pair::pairs;
use super::policy::UnitName;
use super::store::Result;
use super::{Memory, Query, UnitId};
use crate::similarity::Comparator;
use crate::{Lang, Unit};

/// A lookup about to run. Made by [`Memory::lookup`].
///
/// Defaults: from French to English, threshold 70, limit 5. Any pair of languages that units have
/// can be asked for, in either direction. A language finds its varieties and they find it, at a
/// penalty of one point: `fr` finds `fr-FR`, `fr-FR` finds `fr` and `fr-CA`.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair(
///     (Lang::FR, "La séance est levée."),
///     ("en-GB".parse()?, "The meeting rose."),
/// )])?;
/// let found = memory.lookup("The meeting rose.").source(Lang::EN).target(Lang::FR).run()?;
/// assert_eq!(found[0].target().text(), "La séance est levée.");
/// assert_eq!((found[0].score(), found[0].rank_score()), (100.0, 99.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a lookup finds nothing until it is run"]
pub struct Lookup<'m, 'q> {
    memory: &'m Memory,
    query: Query<'q>,
    source: Lang,
    target: Lang,
    threshold: f64,
    limit: usize,
}

/// Points taken where a unit is in another variety of a language than was asked for.
const VARIETY_PENALTY: f64 = 1.0;

impl Lookup<'_, '_> {
    /// The language of the query. French by default.
    pub fn source(mut self, lang: Lang) -> Self {
        self.source = lang;
        self
    }

    /// The language to translate into. English by default.
    pub fn target(mut self, lang: Lang) -> Self {
        self.target = lang;
        self
    }

    /// The lowest [`rank_score`](Match::rank_score) of a match, 0–100; 0 finds every unit that
    /// has both languages. 70 by default.
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// How many matches at most. 5 by default.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Finds the matches, the best first.
    ///
    /// # Errors
    ///
    /// Only what the store reports: a memory in RAM has nothing to report.
    pub fn run(self) -> Result<Vec<Match>> {
        let read = self.memory.read()?;
        let comparator = Comparator::new(self.query.segment(), &self.source);
        let mut best = Best { limit: self.limit, found: Vec::new() };
        let mut after = 0;
        while best.limit > 0 {
            let page = read.page(after, PAGE)?;
            for (id, record) in &page {
                after = *id;
                best.extend(self.compare(&comparator, *id, record.decode(UnitName(*id))?));
            }
            if page.len() < PAGE {
                break;
            }
        }
        Ok(best.into_sorted())
    }

    fn compare(&self, comparator: &Comparator, id: u64, unit: Unit) -> Option<Match> {
        let scored = pairs(&unit, &self.source, &self.target).map(|pair| {
            let score = comparator.score(&unit.variants[pair.source].segment);
            let penalties = match pair.exact {
                true => Vec::new(),
                false => vec![Penalty::new(PenaltyKind::Variety, VARIETY_PENALTY)],
            };
            let rank = score.value() - penalties.iter().map(Penalty::points).sum::<f64>();
            (pair, score, penalties, rank)
        });
        // Of several as good the first, whatever max_by would take.
        let (pair, score, penalties, _) = scored.reduce(|best, next| match next.3 > best.3 {
            true => next,
            false => best,
        })?;
        let (source, target) = (pair.source, pair.target);
        let found = Match { id: UnitId::new(id), unit, source, target, score, penalties };
        (found.rank_score() >= self.threshold).then_some(found)
    }
}

/// How many units are read at a time.
const PAGE: usize = 256;

/// The best matches so far.
struct Best {
    limit: usize,
    found: Vec<Match>,
}

impl Best {
    fn extend(&mut self, found: impl IntoIterator<Item = Match>) {
        self.found.extend(found);
        if self.found.len() >= 2 * self.limit.clamp(64, usize::MAX / 2) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.found.sort_by(Match::order);
        self.found.truncate(self.limit);
    }

    fn into_sorted(mut self) -> Vec<Match> {
        self.cut();
        self.found
    }
}

impl Memory {
    /// Begins a lookup of a segment or text.
    ///
    /// Cost: every unit is compared.
    pub fn lookup<'q>(&self, query: impl Into<Query<'q>>) -> Lookup<'_, 'q> {
        Lookup {
            memory: self,
            query: query.into(),
            source: Lang::FR,
            target: Lang::EN,
            threshold: 70.0,
            limit: 5,
        }
    }
}
