//! What a memory holds, in numbers.

use std::collections::BTreeMap;

use super::policy::UnitName;
use super::store::Result;
use super::{Memory, trust};
use crate::Lang;

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
        let read = self.read()?;
        let head = read.head()?;
        let mut stats =
            MemoryStats { units: head.units, revisions: head.revision, ..MemoryStats::default() };
        let mut languages: BTreeMap<Lang, (u64, u64)> = BTreeMap::new();
        super::each(&*read, |id, record| {
            let unit = record.decode(UnitName(id))?;
            if let Some(date) = trust::date(&unit) {
                let (first, last) = stats.dates.get_or_insert_with(|| (date.clone(), date.clone()));
                if date < *first {
                    *first = date;
                } else if date > *last {
                    *last = date;
                }
            }
            for variant in unit.variants {
                let text = variant.segment.text().chars().count() as u64;
                stats.with_codes += u64::from(variant.segment.codes().next().is_some());
                let (segments, chars) = languages.entry(variant.lang).or_default();
                *segments += 1;
                *chars += text;
            }
            Ok(())
        })?;
        stats.languages = languages
            .into_iter()
            .map(|(lang, (segments, chars))| LanguageStats { lang, segments, chars })
            .collect();
        Ok(stats)
    }
}
