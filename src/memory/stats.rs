//! What a memory holds, in numbers.

use std::collections::BTreeMap;

use super::policy::UnitName;
use super::store::{Head, Read, Result};
use super::{Memory, trust};
use crate::{Lang, Unit};

/// What a memory holds, in numbers. Made by [`Memory::stats`].
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
/// let stats = memory.stats()?;
/// assert_eq!((stats.units, stats.revisions), (1, 1));
/// assert_eq!(stats.languages[0].segments, 1);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryStats {
    /// Units.
    pub units: u64,
    /// Revisions in the journal.
    pub revisions: u64,
    /// What there is of each language, in the order of the tags.
    pub languages: Vec<LanguageStats>,
    /// Earliest and latest date on a unit, as digits (`20140315T120000Z` is `20140315120000`).
    pub dates: Option<(String, String)>,
    /// Segments with inline codes.
    pub with_codes: u64,
}

/// What a memory holds of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LanguageStats {
    /// The language, in the spelling met first.
    pub lang: Lang,
    /// Segments in it.
    pub segments: u64,
    /// Characters of their texts, codes left out.
    pub chars: u64,
}

impl Memory {
    /// Counts what there is. Cost: every unit is read.
    pub fn stats(&self) -> Result<MemoryStats> {
        count(&*self.read()?)
    }

    /// Counts what there is, beginning from what was counted earlier. Cost: every unit that was
    /// changed since is read, unless that past was purged; then it is that of
    /// [`stats`](Memory::stats).
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"))])?;
    /// let earlier = memory.stats()?;
    /// memory.add([Unit::pair((Lang::FR, "Préambule"), (Lang::EN, "Preamble"))])?;
    /// assert_eq!(memory.stats_after(&earlier)?, memory.stats()?);
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn stats_after(&self, earlier: &MemoryStats) -> Result<MemoryStats> {
        let read = self.read()?;
        let head = read.head()?;
        let behind = head.revision.checked_sub(earlier.revisions);
        if behind.is_none() || head.purged > earlier.revisions {
            return count(&*read);
        }
        let mut tally = Tally::of(earlier);
        for id in super::changed(&*read, earlier.revisions + 1..=head.revision)? {
            if let Some(record) = read.at(id, earlier.revisions)? {
                let unit = record.decode(UnitName(id))?;
                if tally.is_outermost(&unit) {
                    // Which date is the first or the last now, only the others know.
                    return count(&*read);
                }
                tally.take(unit);
            }
            if let Some(record) = read.get(id)? {
                tally.add(record.decode(UnitName(id))?);
            }
        }
        Ok(tally.finish(head))
    }
}

fn count(read: &dyn Read) -> Result<MemoryStats> {
    let mut tally = Tally::default();
    super::each(read, |id, record| {
        tally.add(record.decode(UnitName(id))?);
        Ok(())
    })?;
    Ok(tally.finish(read.head()?))
}

/// What was counted so far.
#[derive(Debug, Default)]
struct Tally {
    /// Segments and characters.
    languages: BTreeMap<Lang, (u64, u64)>,
    dates: Option<(String, String)>,
    with_codes: u64,
}

impl Tally {
    fn of(stats: &MemoryStats) -> Tally {
        let languages = stats.languages.iter();
        Tally {
            languages: languages.map(|of| (of.lang.clone(), (of.segments, of.chars))).collect(),
            dates: stats.dates.clone(),
            with_codes: stats.with_codes,
        }
    }

    fn add(&mut self, unit: Unit) {
        if let Some(date) = trust::date(&unit) {
            let (first, last) = self.dates.get_or_insert_with(|| (date.clone(), date.clone()));
            if date < *first {
                *first = date;
            } else if date > *last {
                *last = date;
            }
        }
        for variant in unit.variants {
            self.with_codes += u64::from(variant.segment.codes().next().is_some());
            let (segments, chars) = self.languages.entry(variant.lang).or_default();
            *segments += 1;
            *chars += variant.segment.text().chars().count() as u64;
        }
    }

    /// Takes away a unit that was counted.
    fn take(&mut self, unit: Unit) {
        for variant in unit.variants {
            let with_codes = u64::from(variant.segment.codes().next().is_some());
            self.with_codes = self.with_codes.saturating_sub(with_codes);
            let (segments, chars) = self.languages.entry(variant.lang).or_default();
            *segments = segments.saturating_sub(1);
            *chars = chars.saturating_sub(variant.segment.text().chars().count() as u64);
        }
    }

    /// Whether the unit bears the first date or the last.
    fn is_outermost(&self, unit: &Unit) -> bool {
        let (Some((first, last)), Some(date)) = (&self.dates, trust::date(unit)) else {
            return false;
        };
        date == *first || date == *last
    }

    fn finish(self, head: Head) -> MemoryStats {
        let languages = self.languages.into_iter();
        let languages = languages.filter(|(_, (segments, _))| *segments > 0);
        MemoryStats {
            units: head.units,
            revisions: head.revision,
            languages: languages
                .map(|(lang, (segments, chars))| LanguageStats { lang, segments, chars })
                .collect(),
            dates: self.dates,
            with_codes: self.with_codes,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::memory::RevisionId;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Counting on from any earlier moment gives what counting everything gives.
        #[test]
        fn counting_on_is_counting(
            steps in prop::collection::vec((0..6_u64, 0..4_usize, 0..9_u8, any::<bool>()), 1..12),
            at in 0..12_usize,
        ) {
            let memory = Memory::new();
            let mut earlier = MemoryStats::default();
            for (nth, (number, lang, day, undo)) in steps.iter().enumerate() {
                if nth == at {
                    earlier = memory.stats()?;
                }
                if *undo {
                    // It may be undone already, or changed since: then nothing happens.
                    let _ = memory.undo(RevisionId::new(*number + 1));
                    continue;
                }
                let lang = ["en", "ru", "de", "en-GB"][*lang].parse().unwrap();
                let mut unit = Unit::pair((Lang::FR, format!("N° {number}")), (lang, "x"));
                unit.metadata.set_attribute("creationdate", format!("2014031{day}T120000Z"));
                memory.add([unit])?;
            }
            prop_assert_eq!(memory.stats_after(&earlier)?, memory.stats()?);
        }
    }
}
