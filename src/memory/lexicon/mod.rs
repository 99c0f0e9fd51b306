//! The lexicon of a memory: learnt from its own units when it is first needed.

#[cfg(feature = "sqlite")]
mod kept;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Memory;
use super::phrase::Tools;
use super::policy::UnitName;
use super::store::{Read, Result};
use crate::Lang;
use crate::lexicon::Lexicon;

/// The lexicons learnt so far.
#[derive(Debug, Default)]
pub(super) struct Lexicons(Mutex<HashMap<(Lang, Lang), Learnt>>);

#[derive(Debug)]
struct Learnt {
    /// How many units the memory had then.
    units: u64,
    lexicon: Lexicon,
    /// What earlier phrase lookups learnt of its words, for the next ones.
    tools: Vec<Tools>,
}

/// From how many units a lexicon is learnt. More add rare words, which cognates and neighbours
/// place as well, and take time.
const MOST_UNITS: u64 = 20_000;
/// How many units are read in a row: of larger memories such stretches are read, evenly spread.
const STRETCH: usize = 50;
/// A lexicon is learnt anew when the number of units has changed by more than this part.
const CHANGED: u64 = 10;

impl Memory {
    /// Word-translation probabilities learnt from the units of this memory: what
    /// [`phrase`](Memory::phrase) places translations by.
    ///
    /// It is learnt when it is first asked for, from 20,000 units spread evenly over the memory
    /// (or all of a smaller one), and kept, by a memory in a file beside its index, until a tenth
    /// of the units have come or gone or a past was [purged](Memory::purge).
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([
    ///     Unit::pair((Lang::FR, "la paix"), (Lang::EN, "peace")),
    ///     Unit::pair((Lang::FR, "la paix et la mer"), (Lang::EN, "peace and the sea")),
    /// ])?;
    /// let lexicon = memory.lexicon(&Lang::FR, &Lang::EN)?;
    /// assert!(lexicon.probability("paix", "peace") > lexicon.probability("paix", "sea"));
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn lexicon(&self, source: &Lang, target: &Lang) -> Result<Lexicon> {
        self.lexicon_of(&*self.read()?, source, target)
    }

    /// The same from up to so many units: what the aligner starts from. A memory in RAM or on a
    /// server learns it anew at each call.
    ///
    /// Cost: about 8 s on one core for 100,000 units, some milliseconds where it is kept.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair((Lang::FR, "pêche"), (Lang::EN, "fishing"))])?;
    /// let lexicon = memory.lexicon_from(100_000, &Lang::FR, &Lang::EN)?;
    /// assert!(lexicon.probability("pêche", "fishing") > 0.0);
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn lexicon_from(&self, units: u64, source: &Lang, target: &Lang) -> Result<Lexicon> {
        self.kept_or_learnt(&*self.read()?, units, source, target)
    }

    pub(super) fn lexicon_of(
        &self,
        read: &dyn Read,
        source: &Lang,
        target: &Lang,
    ) -> Result<Lexicon> {
        let units = read.head()?.units;
        // Held while learning, so that of several threads one learns and the others wait.
        let mut known = self.lexicons.0.lock().unwrap_or_else(PoisonError::into_inner);
        let languages = (source.clone(), target.clone());
        if let Some(learnt) = known.get(&languages)
            && is_recent(learnt.units, units)
        {
            return Ok(learnt.lexicon.clone());
        }
        let lexicon = self.kept_or_learnt(read, MOST_UNITS, source, target)?;
        known.insert(languages, Learnt { units, lexicon: lexicon.clone(), tools: Vec::new() });
        Ok(lexicon)
    }

    /// Forgets what was learnt.
    pub(super) fn forget_learnt(&self) {
        self.lexicons.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Learns, or reads what was learnt earlier and is still true.
    fn kept_or_learnt(
        &self,
        read: &dyn Read,
        units: u64,
        source: &Lang,
        target: &Lang,
    ) -> Result<Lexicon> {
        #[cfg(feature = "sqlite")]
        let name = kept::name(units, source, target);
        #[cfg(feature = "sqlite")]
        if let Some(kept) = self.index.beside_it(&name).and_then(|b| kept::Kept::from_bytes(&b))
            && kept.is_true(read)?
        {
            return Ok(kept.lexicon);
        }
        let lexicon = learn(read, units, source, target)?;
        #[cfg(feature = "sqlite")]
        if let Some(kept) = kept::Kept::now(read, lexicon.clone())? {
            self.index.put_beside_it(&name, &kept.to_bytes());
        }
        Ok(lexicon)
    }

    /// What places translations by the [lexicon](Memory::lexicon) of this memory. To be
    /// [given back](Memory::give_back).
    pub(super) fn tools(&self, read: &dyn Read, source: &Lang, target: &Lang) -> Result<Tools> {
        let lexicon = self.lexicon_of(read, source, target)?;
        let mut known = self.lexicons.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = known.get_mut(&(source.clone(), target.clone())).and_then(|l| l.tools.pop());
        Ok(left.unwrap_or_else(|| Tools::new(lexicon, source, target)))
    }

    /// Keeps what a lookup has learnt for the next one.
    pub(super) fn give_back(&self, tools: Tools) {
        let mut known = self.lexicons.0.lock().unwrap_or_else(PoisonError::into_inner);
        let languages = tools.linker.lexicon().langs().clone();
        if let Some(learnt) = known.get_mut(&<(Lang, Lang)>::from(languages))
            && learnt.lexicon.same(tools.linker.lexicon())
        {
            learnt.tools.push(tools);
        }
    }
}

/// Whether a memory of so many units still says what it said when it had so many.
fn is_recent(then: u64, now: u64) -> bool {
    then.abs_diff(now) * CHANGED <= then
}

fn learn(read: &dyn Read, units: u64, source: &Lang, target: &Lang) -> Result<Lexicon> {
    let mut builder = Lexicon::builder(source.clone(), target.clone());
    builder.function_words();
    let head = read.head()?;
    let stretches = (units / STRETCH as u64).max(1);
    let step = (head.next_unit / stretches).max(STRETCH as u64);
    let (mut after, mut begin) = (0, 0);
    loop {
        let page = read.page(after.max(begin), STRETCH)?;
        let Some(&(last, _)) = page.last() else { break };
        for (number, record) in page {
            builder.unit(&record.decode(UnitName(number))?);
        }
        after = last;
        begin += step;
    }
    Ok(builder.learn())
}
