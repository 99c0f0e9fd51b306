//! Finding the entries that have certain words, whatever else they have.
//!
//! What is wanted are groups of roots: an entry is handed on if it has a root of every group, but
//! for a number of groups it may lack. Of *n* groups of which *m* may be lacking, an entry has at
//! least one of any *m* + 1; so the lists of the *m* + 1 rarest groups together hold every entry
//! there is to find. They are read whole; signatures, then the records decide.

use super::Snapshot;
use super::bytes::Sound;
use super::language::LiveRun;
use super::run::{Root, signature_bit};
use crate::Lang;
use crate::similarity::{Atom, Tier};

/// Which roots an entry must have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Of each group one root at least. Without a group every entry is wanted.
    pub(crate) groups: Vec<Vec<u64>>,
    /// How many groups may be missing. One group must be there in any case.
    pub(crate) lacking: usize,
}

/// What takes the segments that have the words wanted.
pub(crate) trait Visit {
    /// A segment, by its tokens. Whether its units are to be told.
    fn tokens(&mut self, atoms: &[Atom]) -> bool;

    /// A unit that has the segment told last.
    fn unit(&mut self, unit: u64);

    /// Whether no more is wanted.
    fn is_done(&self) -> bool {
        false
    }
}

impl Snapshot<'_> {
    /// Hands on every distinct segment in the language, or a variety of it, that has the words,
    /// in no order that means anything. A segment may come more than once, with other units.
    ///
    /// Cost: reads the lists of the rarest groups whole, and the record of every entry in them
    /// whose signature has the bits of the other groups.
    pub(crate) fn containing(
        &self,
        lang: &Lang,
        wanted: &Wanted,
        into: &mut impl Visit,
    ) -> Sound<()> {
        let Some(language) = self.state.languages.get(lang.primary()) else { return Ok(()) };
        let mut atoms = Vec::new();
        for live in &language.runs {
            of_run(live, wanted, &mut atoms, into)?;
        }
        for fresh in &language.fresh {
            atoms.clear();
            atoms.extend(fresh.prepared.tokens().iter().map(|token| token.atom()));
            if wanted.is_met(&atoms) && !into.is_done() && into.tokens(&atoms) {
                into.unit(fresh.unit);
            }
        }
        Ok(())
    }

    /// The distinct tokens of the language, or a variety of it, whose key begins with this text.
    /// A token may come more than once.
    ///
    /// Cost: looks at every distinct token.
    pub(crate) fn vocabulary(&self, lang: &Lang, start: &str) -> Sound<Vec<Atom>> {
        let mut found = Vec::new();
        let Some(language) = self.state.languages.get(lang.primary()) else { return Ok(found) };
        for live in &language.runs {
            let tables = live.run.tables()?;
            for token in 0..tables.tokens() {
                if tables.key(token)?.starts_with(start.as_bytes()) {
                    found.push(tables.atom(token)?);
                }
            }
        }
        for fresh in &language.fresh {
            let tokens = fresh.prepared.tokens().iter();
            found.extend(tokens.filter(|t| t.key().starts_with(start)).map(|token| token.atom()));
        }
        Ok(found)
    }
}

impl Wanted {
    /// Whether a segment with these tokens has what is wanted.
    pub(crate) fn is_met(&self, atoms: &[Atom]) -> bool {
        let has = |group: &Vec<u64>| {
            group.iter().any(|root| atoms.iter().any(|a| a.tiers[Tier::Root as usize] == *root))
        };
        self.allows(self.groups.iter().filter(|group| !has(group)).count())
    }

    fn allows(&self, missing: usize) -> bool {
        missing <= self.lacking && (missing < self.groups.len() || self.groups.is_empty())
    }
}

/// A group as one run sees it.
struct Group {
    roots: Vec<Root>,
    count: usize,
    /// The bits of its roots in a signature, any of which may stand for it.
    bits: u128,
}

fn of_run(
    live: &LiveRun,
    wanted: &Wanted,
    atoms: &mut Vec<Atom>,
    into: &mut impl Visit,
) -> Sound<()> {
    let tables = live.run.tables()?;
    let mut groups = Vec::with_capacity(wanted.groups.len());
    for hashes in &wanted.groups {
        let mut group = Group { roots: Vec::new(), count: 0, bits: 0 };
        for &hash in hashes {
            if let Some(root) = tables.root(hash)? {
                group.count += root.count as usize;
                group.bits |= signature_bit(hash);
                group.roots.push(root);
            }
        }
        groups.push(group);
    }
    let absent = groups.iter().filter(|group| group.count == 0).count();
    if !wanted.allows(absent) {
        return Ok(());
    }
    groups.sort_by_key(|group| group.count);
    let entries = match groups.is_empty() {
        true => (0..live.run.entries()).collect(),
        false => candidates(live, &groups[..(wanted.lacking + 1).min(groups.len())])?,
    };
    // The roots of a group as numbers of the run, to be found in records.
    let mut numbers: Vec<(u32, usize)> = (groups.iter().enumerate())
        .flat_map(|(at, group)| group.roots.iter().map(move |root| (root.number, at)))
        .collect();
    numbers.sort_unstable();
    let mut has = vec![false; groups.len()];
    let mut tokens = Vec::new();
    for entry in entries {
        if into.is_done() {
            break;
        }
        let signature = tables.signature(entry)?;
        let missing = groups.iter().filter(|group| group.bits & signature == 0).count();
        if !wanted.allows(missing) {
            continue;
        }
        has.fill(false);
        tokens.clear();
        let rest = live.run.record(entry)?.tokens(|token| {
            let root = tables.root_of(token)?;
            let start = numbers.partition_point(|&(number, _)| number < root);
            for &(_, group) in numbers[start..].iter().take_while(|&&(number, _)| number == root) {
                has[group] = true;
            }
            tokens.push(token);
            Ok(())
        })?;
        if !wanted.allows(has.iter().filter(|has| !**has).count()) {
            continue;
        }
        atoms.clear();
        for &token in &tokens {
            atoms.push(tables.atom(token)?);
        }
        if into.tokens(atoms) {
            for unit in rest.codes(|_| ())? {
                let unit = unit?;
                if !live.dead.contains(&unit) {
                    into.unit(unit);
                }
            }
        }
    }
    Ok(())
}

/// The entries in the lists of any of these groups, ascending.
fn candidates(live: &LiveRun, groups: &[Group]) -> Sound<Vec<u32>> {
    let mut entries = Vec::with_capacity(groups.iter().map(|group| group.count).sum());
    let roots = groups.iter().flat_map(|group| &group.roots);
    let several = roots.clone().count() > 1;
    for root in roots {
        live.run.postings(root, 0..live.run.entries())?.each(|entry| entries.push(entry))?;
    }
    if several {
        entries.sort_unstable();
        entries.dedup();
    }
    // A damaged list may name what is not there.
    entries.retain(|&entry| entry < live.run.entries());
    Ok(entries)
}
