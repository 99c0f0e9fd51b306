//! Points that matches lose for reasons of trust.

use super::found::{Penalty, PenaltyKind};
use super::trust;
use crate::Unit;
use crate::align::CONFIDENCE;

/// How many points of 100 a match loses for what its unit says of itself.
///
/// All are added up, named in [`Match::penalties`](super::Match::penalties), and taken from the
/// score; so more of them never raises a match. A number that is negative or none counts as 0. By
/// default matches lose points for what a unit says, never for what it leaves out, and nothing for
/// age.
///
/// | field | by default | taken from |
/// |---|---|---|
/// | `variety` | 1 | units in another variety of a language than was asked for |
/// | `draft` | 2 | property `x-status` is `draft` |
/// | `deprecated` | 20 | property `x-status` is `deprecated` |
/// | `alignment` | 10 | doubtful alignments: at a [confidence](crate::align::CONFIDENCE) of 0 all, from 0.9 on nothing, in between in proportion |
/// | `machine` | 10 | property `x-origin` is `mt` |
/// | `age` | 0 | each whole year before `today`, up to `oldest` |
/// | `oldest` | 10 | the most that `age` can come to |
/// | `context` | 0 | units that do not say what stood before or after them, nor have an id |
/// | `memory` | 0 | all units of the memory |
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memory, Penalties, PenaltyKind}};
///
/// let memory = Memory::new();
/// let mut unit = Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting rose."));
/// unit.metadata.set_property("x-status", "draft");
/// unit.metadata.set_attribute("changedate", "20140315T120000Z");
/// memory.add([unit])?;
/// let penalties = Penalties { age: 0.5, ..Penalties::default() }.on("2024-11-24");
/// let found = memory.lookup("La séance est levée.").penalties(penalties).run()?;
/// assert_eq!((found[0].score(), found[0].rank_score()), (100.0, 93.0));
/// let kinds: Vec<_> = found[0].penalties().iter().map(|penalty| penalty.kind()).collect();
/// assert_eq!(kinds, [PenaltyKind::Draft, PenaltyKind::Age]);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Penalties {
    /// For another variety of a language: `fr-CA` for `fr-FR`, or `fr-FR` for plain `fr`.
    pub variety: f64,
    /// For drafts.
    pub draft: f64,
    /// For what must not be used any more.
    pub deprecated: f64,
    /// For doubtful alignments: all of it at a confidence of 0, nothing from 0.9 on.
    pub alignment: f64,
    /// For machine translation.
    pub machine: f64,
    /// For each whole year between the unit's date and [today](Penalties::today).
    pub age: f64,
    /// The most for age.
    pub oldest: f64,
    /// The day that ages are counted to: digits, `20241124`. Without one nothing is old, for a
    /// lookup asks no clock.
    pub today: String,
    /// For units that do not say where they stood.
    pub context: f64,
    /// For all units of this memory: so one memory goes before another.
    pub memory: f64,
    /// For units that are not among those a lookup [prefers](super::Lookup::prefer).
    pub preference: f64,
}

/// From this confidence on an alignment is not in doubt.
const SURE: f64 = 0.9;

impl Default for Penalties {
    fn default() -> Penalties {
        Penalties {
            variety: 1.0,
            draft: 2.0,
            deprecated: 20.0,
            alignment: 10.0,
            machine: 10.0,
            age: 0.0,
            oldest: 10.0,
            today: String::new(),
            context: 0.0,
            memory: 0.0,
            preference: 3.0,
        }
    }
}

impl Penalties {
    /// No penalties: every rank is the score, but for the limit where the meaning differs.
    pub fn none() -> Penalties {
        Penalties {
            variety: 0.0,
            draft: 0.0,
            deprecated: 0.0,
            alignment: 0.0,
            machine: 0.0,
            oldest: 0.0,
            preference: 0.0,
            ..Penalties::default()
        }
    }

    /// Says from which day ages are counted: `2024-11-24`.
    pub fn on(mut self, day: &str) -> Penalties {
        self.today = trust::digits(day);
        self
    }

    /// Sets the points for a reason.
    pub fn set(&mut self, kind: PenaltyKind, points: f64) {
        match kind {
            PenaltyKind::Variety => self.variety = points,
            PenaltyKind::Draft => self.draft = points,
            PenaltyKind::Deprecated => self.deprecated = points,
            PenaltyKind::Alignment => self.alignment = points,
            PenaltyKind::Machine => self.machine = points,
            PenaltyKind::Age => self.age = points,
            PenaltyKind::Context => self.context = points,
            PenaltyKind::Memory => self.memory = points,
            PenaltyKind::Preference => self.preference = points,
        }
    }

    /// What a unit loses; `exact` is whether both languages are the very ones asked for.
    pub(super) fn of(&self, unit: &Unit, exact: bool) -> Vec<Penalty> {
        let status = unit.metadata.property("x-status");
        let confidence = || -> Option<f64> { unit.metadata.property(CONFIDENCE)?.parse().ok() };
        let points = [
            (PenaltyKind::Variety, if exact { 0.0 } else { self.variety }),
            (PenaltyKind::Draft, if status == Some("draft") { self.draft } else { 0.0 }),
            (
                PenaltyKind::Deprecated,
                if status == Some("deprecated") { self.deprecated } else { 0.0 },
            ),
            (
                PenaltyKind::Alignment,
                confidence()
                    .map_or(0.0, |c| self.alignment.max(0.0) * (1.0 - c / SURE).clamp(0.0, 1.0)),
            ),
            (
                PenaltyKind::Machine,
                match unit.metadata.property("x-origin") {
                    Some("mt") => self.machine,
                    _ => 0.0,
                },
            ),
            (PenaltyKind::Age, self.for_age(unit)),
            (PenaltyKind::Context, if has_context(unit) { 0.0 } else { self.context }),
            (PenaltyKind::Memory, self.memory),
        ];
        let taken = points.into_iter().filter(|&(_, points)| points > 0.0);
        taken.map(|(kind, points)| Penalty::new(kind, points)).collect()
    }

    fn for_age(&self, unit: &Unit) -> f64 {
        if self.age.max(0.0) == 0.0 || self.today.is_empty() {
            return 0.0;
        }
        let day = |date: &str| date.get(..8)?.parse::<u32>().ok();
        let Some((date, today)) =
            trust::date(unit).and_then(|date| day(&date)).zip(day(&self.today))
        else {
            return 0.0;
        };
        // Days are written so that whole years are differences of 10,000.
        let years = today.saturating_sub(date) / 10_000;
        (self.age * f64::from(years)).min(self.oldest.max(0.0))
    }
}

fn has_context(unit: &Unit) -> bool {
    super::context::of(unit).next().is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::memory::{Memories, Memory};
    use crate::{Lang, Unit};

    /// Points for every reason, some of them of no use.
    fn penalties() -> impl Strategy<Value = [f64; 9]> {
        prop::array::uniform9(prop_oneof![
            0.0..30.0,
            Just(0.0),
            select(&[f64::NAN, f64::INFINITY, -5.0][..])
        ])
    }

    fn of(points: [f64; 9]) -> Penalties {
        let mut penalties = Penalties::none().on("2026-11-24");
        for (kind, points) in PenaltyKind::ALL.into_iter().zip(points) {
            penalties.set(kind, points);
        }
        penalties
    }

    proptest! {
        /// More points for any reason never raise a match, never bring one that was not there, and
        /// never touch the score; neither do points for a memory.
        #[test]
        fn penalties_are_monotone(
            properties in prop::collection::vec(
                select(&[
                    ("x-status", "draft"),
                    ("x-status", "deprecated"),
                    ("x-origin", "mt"),
                    (CONFIDENCE, "0.4"),
                    ("x-context-pre", "Vu."),
                ][..]),
                0..4,
            ),
            changed in select(&["20190101T000000Z", "20260101T000000Z", ""][..]),
            tag in select(&["fr", "fr-CA"][..]),
            query in select(&["La séance est levée.", "La séance est ouverte.", "Elle ne l’est pas."][..]),
            less in penalties(),
            kind in 0_usize..9,
            more in prop_oneof![0.0..50.0, Just(f64::INFINITY)],
            memory in 0.0..20.0,
            threshold in prop_oneof![Just(0.0), 40.0..100.0],
        ) {
            let mut unit = Unit::pair((tag.parse().unwrap(), "La séance est levée."), (Lang::EN, "It rose."));
            for (kind, value) in properties {
                unit.metadata.set_property(kind, value);
            }
            if !changed.is_empty() {
                unit.metadata.set_attribute("changedate", changed);
            }
            let stored = Memory::new();
            stored.add([unit]).unwrap();
            let mut greater = less;
            greater[kind] = greater[kind].max(0.0) + more;
            let ask = |points: [f64; 9], memory: f64| {
                let memories = Memories::new().with_penalty("m", &stored, memory);
                let lookup = memories.lookup(query).threshold(threshold).penalties(of(points));
                let found = lookup.run().unwrap();
                found.first().map(|found| (found.found().rank_score(), found.found().score()))
            };
            let (before, after) = (ask(less, 0.0), ask(greater, memory));
            if let Some((rank, score)) = after {
                let (rank_before, score_before) = before.expect("a match that was not there");
                prop_assert!((0.0..=rank_before + 1e-9).contains(&rank), "{rank} {rank_before}");
                prop_assert_eq!(score, score_before);
            }
        }
    }
}
