//! What happens to a unit that is like one already there.

use std::collections::HashMap;

use super::record::{Record, by_language, languages, source_variant};
use super::store::{Alike, Place, Result, Transaction};
use super::{UnitId, context, trust};
use crate::Unit;

/// What happens to a unit that is like one the memory already holds.
///
/// Two units have the same *source* when their source segments are equal, text and codes, and
/// they have the same languages: a French–Russian unit never replaces a French–English one. They
/// have the same *context* when all that they say of it is equal (properties such as memoQ's
/// `x-context-pre`, Trados Studio's `x-ContextContent` or OmegaT's `prev` and `next`).
///
/// Under every policy, importing a file again changes nothing.
///
/// ```
/// use chancery::{Lang, Unit, memory::{DuplicatePolicy, Memory}};
///
/// let unit = |english: &str| Unit::pair((Lang::FR, "Article premier"), (Lang::EN, english));
/// let memory = Memory::builder().duplicates(DuplicatePolicy::Overwrite).build();
/// memory.add([unit("First Article")])?;
/// let report = memory.add([unit("Article 1")])?;
/// assert_eq!((report.changed, memory.len()?), (1, 1));
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DuplicatePolicy {
    /// Every unit is kept, also several that are equal in everything. A unit that was there
    /// before, as often as it has come so far in this import, is skipped.
    #[default]
    KeepAll,
    /// One unit for each source, context and translation: units that differ only in dates,
    /// authors, notes and the like are skipped as duplicates of the one that is there.
    ByContext,
    /// One unit for each source, whatever the context: the one changed (or else created) last. A
    /// unit without a date is older than any with one; of two of the same date the incoming is
    /// the newer.
    NewestWins,
    /// One unit for each source and context: the incoming replaces the one that is there.
    Overwrite,
    /// Only approved units are taken, others rejected. An approved unit replaces those of the
    /// same source and context that are not approved; beyond that as [`ByContext`].
    ///
    /// [`ByContext`]: DuplicatePolicy::ByContext
    ApprovedOnly,
}

/// What to do with an incoming unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Add,
    /// Add it beside others of the same source.
    AddVariant,
    /// Put it in the place of the first, which is the one added first, and remove the others.
    Replace(Vec<u64>),
    Duplicate,
    Reject(&'static str),
}

/// Decides for the units of one import, in order.
pub(super) struct Judge {
    policy: DuplicatePolicy,
    /// Numbers from here on were given by this import.
    first_new: u64,
    /// For records that were there before: how often, and how often they have come so far.
    seen: HashMap<Record, (u64, u64)>,
}

/// How many places are asked for at a time.
const PAGE: usize = 64;

impl Judge {
    pub(super) fn new(policy: DuplicatePolicy, first_new: u64) -> Judge {
        Judge { policy, first_new, seen: HashMap::new() }
    }

    pub(super) fn decide(
        &mut self,
        tx: &dyn Transaction,
        unit: &Unit,
        record: &Record,
    ) -> Result<Verdict> {
        match self.policy {
            DuplicatePolicy::KeepAll => self.keep_all(tx, record),
            DuplicatePolicy::ByContext => by_context(tx, unit, record),
            DuplicatePolicy::NewestWins => newest_wins(tx, unit, record),
            DuplicatePolicy::Overwrite => overwrite(tx, unit, record),
            DuplicatePolicy::ApprovedOnly => approved_only(tx, unit, record),
        }
    }

    fn keep_all(&mut self, tx: &dyn Transaction, record: &Record) -> Result<Verdict> {
        let (held, come) = match self.seen.get_mut(record) {
            Some((held, come)) => {
                *come += 1;
                (*held, *come)
            }
            None => {
                let held = self.held_before(tx, record)?;
                if held > 0 {
                    self.seen.insert(record.clone(), (held, 1));
                }
                (held, 1)
            }
        };
        if come <= held {
            return Ok(Verdict::Duplicate);
        }
        add(tx, record)
    }

    /// How many units equal to this one there were before this import.
    fn held_before(&self, tx: &dyn Transaction, record: &Record) -> Result<u64> {
        let mut held = 0;
        let mut after = None;
        loop {
            let page = tx.alike(record.keys(), Alike::Whole, after, PAGE)?;
            for &(_, unit) in &page {
                // Units with equal keys come in the order of their numbers.
                if unit >= self.first_new {
                    return Ok(held);
                }
                held += u64::from(tx.get(unit)?.as_ref() == Some(record));
            }
            after = page.last().copied();
            if page.len() < PAGE {
                return Ok(held);
            }
        }
    }
}

fn by_context(tx: &dyn Transaction, unit: &Unit, record: &Record) -> Result<Verdict> {
    let held = first(tx, record, Alike::Texts, |other| {
        same_source(unit, other) && same_context(unit, other) && same_texts(unit, other)
    })?;
    if held.is_some() { Ok(Verdict::Duplicate) } else { add(tx, record) }
}

fn newest_wins(tx: &dyn Transaction, unit: &Unit, record: &Record) -> Result<Verdict> {
    let held = all(tx, record, Alike::Source, |other| same_source(unit, other))?;
    let newer = |(_, other): &(u64, Unit)| trust::date(other) > trust::date(unit);
    if held.iter().any(newer) {
        return Ok(Verdict::Duplicate);
    }
    Ok(replace(held, unit))
}

fn overwrite(tx: &dyn Transaction, unit: &Unit, record: &Record) -> Result<Verdict> {
    let held = all(tx, record, Alike::Place, |other| {
        same_source(unit, other) && same_context(unit, other)
    })?;
    match held.is_empty() {
        true => add(tx, record),
        false => Ok(replace(held, unit)),
    }
}

fn approved_only(tx: &dyn Transaction, unit: &Unit, record: &Record) -> Result<Verdict> {
    if !trust::is_approved(unit) {
        return Ok(Verdict::Reject("it is not approved, and only approved units are taken"));
    }
    let same_place = |other: &Unit| same_source(unit, other) && same_context(unit, other);
    let held = all(tx, record, Alike::Place, same_place)?;
    let (approved, others): (Vec<_>, Vec<_>) =
        held.into_iter().partition(|(_, other)| trust::is_approved(other));
    if approved.iter().any(|(_, other)| same_texts(unit, other)) {
        return Ok(Verdict::Duplicate);
    }
    match others.is_empty() {
        true => add(tx, record),
        false => Ok(replace(others, unit)),
    }
}

fn add(tx: &dyn Transaction, record: &Record) -> Result<Verdict> {
    let beside = tx.alike(record.keys(), Alike::Source, None, 1)?;
    Ok(if beside.is_empty() { Verdict::Add } else { Verdict::AddVariant })
}

fn replace(held: Vec<(u64, Unit)>, unit: &Unit) -> Verdict {
    match held.as_slice() {
        [] => Verdict::Add,
        [(_, only)] if only == unit => Verdict::Duplicate,
        _ => Verdict::Replace(held.into_iter().map(|(id, _)| id).collect()),
    }
}

/// The first of the units with agreeing keys that passes a test.
fn first(
    tx: &dyn Transaction,
    record: &Record,
    alike: Alike,
    mut test: impl FnMut(&Unit) -> bool,
) -> Result<Option<u64>> {
    let mut after: Option<Place> = None;
    // The first nearly always passes: one place is asked for, and pages only after that.
    let mut limit = 1;
    loop {
        let page = tx.alike(record.keys(), alike, after, limit)?;
        for &(_, unit) in &page {
            if let Some(other) = tx.get(unit)?
                && test(&other.decode(UnitName(unit))?)
            {
                return Ok(Some(unit));
            }
        }
        after = page.last().copied();
        if page.len() < limit {
            return Ok(None);
        }
        limit = PAGE;
    }
}

/// All the units with agreeing keys that pass a test, in the order of their numbers.
fn all(
    tx: &dyn Transaction,
    record: &Record,
    alike: Alike,
    test: impl Fn(&Unit) -> bool,
) -> Result<Vec<(u64, Unit)>> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = tx.alike(record.keys(), alike, after, PAGE)?;
        for &(_, unit) in &page {
            if let Some(other) = tx.get(unit)? {
                let other = other.decode(UnitName(unit))?;
                if test(&other) {
                    found.push((unit, other));
                }
            }
        }
        after = page.last().copied();
        if page.len() < PAGE {
            found.sort_unstable_by_key(|&(unit, _)| unit);
            return Ok(found);
        }
    }
}

fn same_source(left: &Unit, right: &Unit) -> bool {
    let source = |unit| source_variant(unit).map(|source| (&source.lang, &source.segment));
    source(left) == source(right) && languages(left) == languages(right)
}

fn same_context(left: &Unit, right: &Unit) -> bool {
    context::of(left).eq(context::of(right))
}

fn same_texts(left: &Unit, right: &Unit) -> bool {
    let texts = |unit| by_language(unit).into_iter().map(|v| (&v.lang, &v.segment));
    texts(left).eq(texts(right))
}

/// How an error names a unit.
pub(super) struct UnitName(pub(super) u64);

impl std::fmt::Display for UnitName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unit {}", UnitId::new(self.0))
    }
}
