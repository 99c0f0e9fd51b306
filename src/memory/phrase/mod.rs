//! Phrase lookup: a query found inside longer segments, with its translations.

mod found;
mod pattern;
mod place;
mod search;
#[cfg(test)]
mod tests;
mod word;

pub use found::{PhraseFindings, PhraseMatch, PhraseTranslation};
pub(super) use search::Tools;
pub(super) use word::Word;

use super::store::Result;
use super::{Memory, Query, Selection};
use crate::Lang;
use crate::lexicon::Lexicon;

/// A phrase lookup about to run. Made by [`Memory::phrase`].
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([
///     Unit::pair(
///         (Lang::FR, "Les ministres se sont déclarés préoccupés par la situation humanitaire."),
///         (Lang::EN, "The ministers expressed their concern at the humanitarian situation."),
///     ),
///     Unit::pair((Lang::FR, "La situation humanitaire."), (Lang::EN, "Humanitarian situation.")),
/// ])?;
/// let findings = memory.phrase("situations humanitaires").run()?;
/// assert_eq!(findings.translations[0].text(), "humanitarian situation");
/// assert_eq!(findings.units, 2);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a lookup finds nothing until it is run"]
pub struct PhraseLookup<'m, 'q> {
    memory: &'m Memory,
    query: Query<'q>,
    source: Lang,
    target: Lang,
    limit: usize,
    examined: usize,
    counted: usize,
    selection: Selection,
    lexicon: Option<Lexicon>,
    whole: bool,
}

impl PhraseLookup<'_, '_> {
    /// The language of the phrase. French by default.
    pub fn source(mut self, lang: Lang) -> Self {
        self.source = lang;
        self
    }

    /// The language to translate into. English by default.
    pub fn target(mut self, lang: Lang) -> Self {
        self.target = lang;
        self
    }

    /// How many translations at most. 10 by default.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// In how many units at most the translation is looked for: those that have the phrase most
    /// exactly, of these the newest. 20 by default; each takes about a tenth of a millisecond.
    /// All units that have the phrase are [counted](PhraseLookup::count) in any case.
    pub fn examine(mut self, units: usize) -> Self {
        self.examined = units;
        self
    }

    /// How many units that have the phrase are counted at most: the newest. Of a phrase that more
    /// have, older ones do not count, and [`PhraseFindings::complete`] says so. 1,000 by
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

    /// By which words translations are placed. By default [that of the memory](Memory::lexicon).
    pub fn lexicon(mut self, lexicon: Lexicon) -> Self {
        self.lexicon = Some(lexicon);
        self
    }

    /// Whether only units that have the whole phrase are wanted. By default those that lack a
    /// word are found where no unit has them all.
    pub fn whole(mut self, yes: bool) -> Self {
        self.whole = yes;
        self
    }

    /// How many units are looked for.
    fn most(&self) -> usize {
        if self.selection.is_all() { self.counted } else { usize::MAX }
    }

    /// Whether any unit has the whole phrase, translated or not.
    pub(super) fn exists(&self) -> Result<bool> {
        search::exists(self)
    }

    /// Finds the translations, the best first.
    ///
    /// # Errors
    ///
    /// Only what the store reports: a memory in RAM has nothing to report.
    pub fn run(self) -> Result<PhraseFindings> {
        search::run(&self)
    }
}

/// How many units are counted by default, by phrase lookups and concordances.
pub(super) const MOST_COUNTED: usize = 1_000;

impl Memory {
    /// Begins a lookup of a phrase, of one to a dozen words or so, inside longer segments.
    ///
    /// Its content words and numbers must stand there in their order, in any inflection (numbers:
    /// with the same value), with at most three other tokens between two of them; its words of
    /// grammar may differ. If no unit has them all, and there are three or more, units are found
    /// that lack one of them ([`PhraseFindings::nearest`]). The search is complete: it finds every unit
    /// that comparing all would find, or the newest of them where there are more than are
    /// [counted](PhraseLookup::count).
    ///
    /// Where the translation stands in the target is decided by word links from the
    /// [lexicon of the memory](Memory::lexicon), cognates, values, neighbours and the ends of
    /// clauses, so that a phrase that occurs once is translated too. It is a proposal with a
    /// confidence, not a certainty.
    ///
    /// Cost: grows with how common the rarest word of the phrase is.
    pub fn phrase<'q>(&self, query: impl Into<Query<'q>>) -> PhraseLookup<'_, 'q> {
        PhraseLookup {
            memory: self,
            query: query.into(),
            source: Lang::FR,
            target: Lang::EN,
            limit: 10,
            examined: 20,
            counted: MOST_COUNTED,
            selection: Selection::default(),
            lexicon: None,
            whole: false,
        }
    }
}
