//! Maintenance: changes of many units at once, tried first and undone as one.

use std::collections::{BTreeMap, HashMap};

use super::import::{AddReport, Import, Rejection, TOO_FEW_LANGUAGES};
use super::journal::{Operation, RevisionId};
use super::personal;
use super::policy::UnitName;
use super::record::{Record, languages};
use super::store::Result;
use super::{Memory, MemoryError, Selection, trust};
use crate::unit::Part;
use crate::{Lang, Segment, Unit};

/// Maintenance about to run. Made by [`Memory::maintain`].
///
/// Every run is one revision, which [`Memory::undo`] takes back as a whole. A
/// [dry run](Maintenance::dry_run) says what would change and changes nothing.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// let unit = |by: &str| {
///     let mut unit = Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"));
///     unit.metadata.set_attribute("creationid", by);
///     unit
/// };
/// memory.add([unit("a.leroy"), unit("b.martin")])?;
/// assert_eq!(memory.maintain().dry_run(true).dedupe()?.removed, 1);
/// let report = memory.maintain().dedupe()?;
/// assert_eq!((report.removed, memory.len()?), (1, 1));
/// memory.undo(report.revision.unwrap())?;
/// assert_eq!(memory.len()?, 2);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "maintenance does nothing until an operation is called"]
pub struct Maintenance<'m> {
    memory: &'m Memory,
    selection: Selection,
    dry_run: bool,
}

/// What maintenance did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MaintenanceReport {
    /// Units looked at.
    pub read: u64,
    /// Units that are not the same afterwards.
    pub changed: u64,
    /// Units that are gone afterwards.
    pub removed: u64,
    /// The revision that undoes it; none if nothing changed or it was a dry run.
    pub revision: Option<RevisionId>,
}

/// What becomes of a unit.
enum Fate {
    Keep,
    Change(Unit),
    Remove,
}

impl Memory {
    /// Begins maintenance of all units, or of those [selected](Maintenance::select).
    pub fn maintain(&self) -> Maintenance<'_> {
        Maintenance { memory: self, selection: Selection::default(), dry_run: false }
    }
}

impl Maintenance<'_> {
    /// Which units to look at; the others stay as they are. All by default.
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Whether only to say what would change.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Removes units whose segments are equal to those of another, text and codes, in every
    /// language. The approved one stays, of several the most recent, of these the one added first.
    ///
    /// Memory: a fingerprint for each unit looked at, 50 bytes or so.
    ///
    /// # Errors
    ///
    /// What the store reports, here and in all other operations; then nothing has changed.
    pub fn dedupe(&self) -> Result<MaintenanceReport> {
        let mut best: HashMap<u128, Vec<(Rank, u64)>> = HashMap::new();
        let read = self.memory.read()?;
        super::each(&*read, |id, record| {
            let unit = record.decode(UnitName(id))?;
            if self.selection.accepts(&unit) {
                let rank = (trust::is_approved(&unit), trust::date(&unit));
                best.entry(fingerprint(&unit)).or_default().push((rank, id));
            }
            Ok(())
        })?;
        drop(read);
        let mut superfluous: HashMap<u64, u64> = HashMap::new();
        for alike in best.values().filter(|alike| alike.len() > 1) {
            let kept = alike
                .iter()
                .max_by(|(one, first), (other, second)| one.cmp(other).then(second.cmp(first)));
            let Some(&(_, kept)) = kept else { continue };
            let others = alike.iter().map(|&(_, id)| id).filter(|&id| id != kept);
            superfluous.extend(others.map(|id| (id, kept)));
        }
        // Another writer may have come between: what is removed is compared again.
        self.run("dedupe", |get, id, unit| {
            let Some(&kept) = superfluous.get(&id) else { return Ok(Fate::Keep) };
            let kept = get(kept)?;
            Ok(match kept.is_some_and(|kept| same_texts(&kept, unit)) {
                true => Fate::Remove,
                false => Fate::Keep,
            })
        })
    }

    /// Removes the units that are selected.
    pub fn remove(&self) -> Result<MaintenanceReport> {
        self.run("remove", |_, _, _| Ok(Fate::Remove))
    }

    /// Makes a language the source: its segments come first in each unit that has it, and the
    /// unit's `srclang` names it.
    pub fn reverse(&self, source: &Lang) -> Result<MaintenanceReport> {
        self.change(&format!("reverse to {source}"), |unit| {
            if unit.variants.iter().any(|variant| variant.lang == *source) {
                unit.variants.sort_by_key(|variant| variant.lang != *source);
                unit.metadata.set_attribute("srclang", source.to_string());
            }
        })
    }

    /// Takes inline codes out; the texts they wrap stay.
    pub fn strip_codes(&self) -> Result<MaintenanceReport> {
        self.change("strip inline codes", |unit| {
            for variant in &mut unit.variants {
                if variant.segment.codes().next().is_some() {
                    variant.segment = Segment::from(variant.segment.text().into_owned());
                }
            }
        })
    }

    /// Gives a property of the units a value, or takes it out.
    pub fn set_property(&self, kind: &str, value: Option<&str>) -> Result<MaintenanceReport> {
        self.change(&format!("property {kind}"), |unit| match value {
            Some(value) => unit.metadata.set_property(kind, value),
            None => unit.metadata.remove_property(kind),
        })
    }

    /// Lists what looks like people, e-mail addresses, telephone and document numbers, with what
    /// it would be replaced by and how often it is there, for someone to review.
    ///
    /// It is found by patterns: a name needs a title before it (`Mme`, `Mr`, `г-н`). Names
    /// without one are to be added by hand.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair(
    ///     (Lang::FR, "Écrire à Mme Anne Valcourt (a.valcourt@example.org)."),
    ///     (Lang::EN, "Write to Ms Anne Valcourt (a.valcourt@example.org)."),
    /// )])?;
    /// let reviewed = memory.maintain().personal_data()?;
    /// assert_eq!(reviewed.len(), 2);
    /// let replacements = reviewed.iter().map(|found| (found.text.as_str(), found.kind.label()));
    /// let report = memory.maintain().anonymise(replacements)?;
    /// let (_, unit) = memory.units()?.next().unwrap()?;
    /// assert_eq!(unit.segment(&Lang::FR).unwrap().text(), "Écrire à Mme [name] ([e-mail]).");
    /// // What was there before is gone once its revision is purged.
    /// memory.purge(report.revision.unwrap()).run()?;
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn personal_data(&self) -> Result<Vec<PersonalData>> {
        let mut found = BTreeMap::new();
        let read = self.memory.read()?;
        super::each(&*read, |id, record| {
            let unit = record.decode(UnitName(id))?;
            if self.selection.accepts(&unit) {
                for variant in &unit.variants {
                    for (kind, text) in personal::find(&variant.segment.text()) {
                        *found.entry((kind, text)).or_default() += 1;
                    }
                }
            }
            Ok(())
        })?;
        let list = found.into_iter();
        Ok(list.map(|((kind, text), count)| PersonalData { kind, text, count }).collect())
    }

    /// Replaces texts by others in every segment: what someone reviewed of
    /// [`personal_data`](Maintenance::personal_data), and added. Longer texts go first.
    ///
    /// A text that an inline code interrupts is not found, metadata are not changed, and the
    /// journal keeps what was there before until it is [purged](Memory::purge).
    pub fn anonymise<'t>(
        &self,
        replacements: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<MaintenanceReport> {
        let mut list: Vec<_> =
            replacements.into_iter().filter(|(text, _)| !text.is_empty()).collect();
        list.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let replace = |text: &str| {
            list.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
        };
        self.change("anonymise", |unit| {
            for variant in &mut unit.variants {
                let parts = variant.segment.parts().iter().map(|part| match part {
                    Part::Text(text) => Part::Text(replace(text)),
                    code => code.clone(),
                });
                variant.segment = Segment::new(parts);
            }
        })
    }

    /// Changes the units by a function, under a name for the journal.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Rejected`] if it leaves a unit without segments in two languages.
    pub fn change(
        &self,
        name: &str,
        mut change: impl FnMut(&mut Unit),
    ) -> Result<MaintenanceReport> {
        self.run(name, |_, _, unit| {
            let mut changed = unit.clone();
            change(&mut changed);
            Ok(if changed == *unit { Fate::Keep } else { Fate::Change(changed) })
        })
    }

    fn run(
        &self,
        name: &str,
        mut decide: impl FnMut(&dyn Fn(u64) -> Result<Option<Unit>>, u64, &Unit) -> Result<Fate>,
    ) -> Result<MaintenanceReport> {
        let mut tx = self.memory.write(Operation::Maintain, name)?;
        let mut report = MaintenanceReport::default();
        let mut after = 0;
        loop {
            let page = tx.page(after, PAGE)?;
            let more = page.len() == PAGE;
            for (id, record) in page {
                after = id;
                let unit = record.decode(UnitName(id))?;
                if !self.selection.accepts(&unit) {
                    continue;
                }
                report.read += 1;
                let get = |id: u64| -> Result<Option<Unit>> {
                    tx.get(id)?.map(|record| record.decode(UnitName(id))).transpose()
                };
                match decide(&get, id, &unit)? {
                    Fate::Keep => {}
                    Fate::Change(unit) => tx.put(id, Some(encode(unit)?))?,
                    Fate::Remove => tx.put(id, None)?,
                }
            }
            if !more {
                break;
            }
        }
        let counts = tx.counts()?;
        (report.changed, report.removed) = (counts.changed, counts.removed);
        if !self.dry_run && !counts.is_zero() {
            let revision = self.memory.commit(tx, Operation::Maintain, name, counts)?;
            report.revision = Some(revision);
        }
        Ok(report)
    }
}

/// How many units are read at a time.
const PAGE: usize = 256;

/// Of equal units the greatest stays: whether it is approved, and its date.
type Rank = (bool, Option<String>);

fn encode(unit: Unit) -> Result<Record> {
    let reason = match (languages(&unit).len(), Record::encode(&unit)) {
        (0 | 1, _) => TOO_FEW_LANGUAGES.to_owned(),
        (_, Err(reason)) => reason,
        (_, Ok(record)) => return Ok(record),
    };
    let rejection = Box::new(Rejection::new(reason).with_unit(unit));
    Err(MemoryError::Rejected { rejection })
}

fn texts(unit: &Unit) -> Vec<(&str, &Segment)> {
    let mut texts: Vec<_> =
        unit.variants.iter().map(|v| (v.lang.canonical(), &v.segment)).collect();
    texts.sort_by_key(|&(lang, _)| lang);
    texts
}

fn same_texts(one: &Unit, other: &Unit) -> bool {
    texts(one) == texts(other)
}

/// 128 bits of the texts: equal for equal texts, and compared again before anything is removed.
fn fingerprint(unit: &Unit) -> u128 {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    std::hash::Hash::hash(&texts(unit), &mut hasher);
    hasher.digest128()
}

/// Something that may tell who a person is. Listed by [`Maintenance::personal_data`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PersonalData {
    /// What it looks like.
    pub kind: PersonalKind,
    /// The text as it stands in a segment.
    pub text: String,
    /// How often it was found.
    pub count: u64,
}

/// What a [`PersonalData`] looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PersonalKind {
    /// A name after a title.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number in international form (`+33 1 …`).
    Phone,
    /// The number of a passport or other document of a person.
    Document,
}

impl PersonalKind {
    /// The word for it in lists.
    pub fn name(self) -> &'static str {
        match self {
            PersonalKind::Name => "name",
            PersonalKind::Email => "e-mail",
            PersonalKind::Phone => "phone",
            PersonalKind::Document => "document",
        }
    }

    /// A text to put in its place.
    pub fn label(self) -> &'static str {
        match self {
            PersonalKind::Name => "[name]",
            PersonalKind::Email => "[e-mail]",
            PersonalKind::Phone => "[phone]",
            PersonalKind::Document => "[document]",
        }
    }
}

impl Import<'_> {
    /// Imports the units of another memory, which stays as it is.
    ///
    /// # Errors
    ///
    /// As [`run`](Import::run); a unit of the other memory that can not be read is rejected, and
    /// reading ends there.
    pub fn merge(self, other: &Memory) -> Result<AddReport> {
        let units = other.units()?.map(|unit| match unit {
            Ok((_, unit)) => Ok(unit),
            Err(error) => Err(Rejection::new(error.to_string())),
        });
        self.run(units)
    }
}
