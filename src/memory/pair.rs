//! Which two segments of a unit answer a question for a source and a target language.

use crate::unit::Variant;
use crate::{Lang, Unit};

/// How near a stored language is to the one asked for: 0 the same, 1 a variety of it, 2 another
/// variety of the same language.
pub(super) fn distance(asked: &Lang, stored: &Lang) -> Option<u8> {
    if asked == stored {
        Some(0)
    } else if asked.covers(stored) {
        Some(1)
    } else if asked.same_language(stored) {
        Some(2)
    } else {
        None
    }
}

/// A source variant and its target variant, by their places in the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) source: usize,
    pub(super) target: usize,
    /// Whether both are in the very languages that were asked for.
    pub(super) exact: bool,
}

/// The pairs that answer a question: for every source variant in the language the nearest target
/// variant (of several as near, the first).
///
/// Where both languages are varieties of one (`en-US` to `en-GB`), a variant stands for a variety
/// only if it is that variety or a variety of it: else each would stand for the other.
pub(super) fn pairs(unit: &Unit, source: &Lang, target: &Lang) -> impl Iterator<Item = Pair> {
    let farthest = if source.same_language(target) { 1 } else { 2 };
    let near = move |asked: &Lang, variant: &Variant| {
        distance(asked, &variant.lang).filter(|&distance| distance <= farthest)
    };
    unit.variants.iter().enumerate().filter_map(move |(at, variant)| {
        let from = near(source, variant)?;
        let (to, place) = unit
            .variants
            .iter()
            .enumerate()
            .filter(|&(other, candidate)| other != at && candidate.lang != variant.lang)
            .filter_map(|(other, candidate)| Some((near(target, candidate)?, other)))
            .min()?;
        Some(Pair { source: at, target: place, exact: from == 0 && to == 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(languages: &[&str]) -> Unit {
        let mut unit = Unit::new();
        for &lang in languages {
            unit.push(Lang::from_written(lang), lang);
        }
        unit
    }

    fn found(languages: &[&str], source: &str, target: &str) -> Vec<(usize, usize, bool)> {
        let (source, target) = (Lang::from_written(source), Lang::from_written(target));
        pairs(&unit(languages), &source, &target).map(|p| (p.source, p.target, p.exact)).collect()
    }

    #[test]
    fn any_pair_in_both_directions() {
        assert_eq!(found(&["fr", "en", "ru"], "ru", "fr"), [(2, 0, true)]);
        assert_eq!(found(&["fr", "en"], "fr", "ru"), []);
    }

    #[test]
    fn the_nearest_variety_is_the_target() {
        assert_eq!(found(&["en-US", "fr-CA", "fr"], "en", "fr"), [(0, 2, false)]);
        assert_eq!(found(&["en", "fr-CA", "fr-FR"], "en", "fr-FR"), [(0, 2, true)]);
        assert_eq!(found(&["en", "fr-CA"], "en", "fr-FR"), [(0, 1, false)]);
    }

    #[test]
    fn varieties_of_one_language_do_not_stand_for_each_other() {
        assert_eq!(found(&["en-US", "en-GB"], "en-GB", "en-US"), [(1, 0, true)]);
        assert_eq!(found(&["en-US", "en-AU"], "en-GB", "en-US"), []);
    }
}
