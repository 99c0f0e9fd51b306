//! What is wanted of segments that shall have certain words, and what takes those that have them.
//!
//! What is wanted are groups of forms: an entry is handed on if it has a form of every group, but
//! for a number of groups it may lack, and none that is refused.

use std::cell::Cell;

use super::run::Tables;
use crate::similarity::{Atom, Class, Tier};

/// Which forms of words an entry must have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Of each group one form at least, in ascending order. Without a group every entry is wanted.
    pub(crate) groups: Vec<Vec<Sought>>,
    /// None of these, in ascending order.
    pub(crate) refused: Vec<Sought>,
    /// How many groups may be missing. One group must be there in any case.
    pub(crate) lacking: usize,
    /// How many units: the newest of those that there are, and perhaps some that are older.
    pub(crate) most: usize,
}

/// The tokens that are alike at some tier, and the list of the index that has them: that of a root,
/// or of the value of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sought {
    pub(super) list: u64,
    pub(super) root: u64,
    pub(super) form: u64,
}

impl Sought {
    /// All tokens that are like this one at a tier: numbers only at that of their value.
    pub(crate) fn of(atom: &Atom, tier: Tier) -> Sought {
        let root = atom.tiers[Tier::Root as usize];
        let value = value(atom);
        let form = value.unwrap_or(atom.tiers[tier as usize]);
        Sought { list: value.unwrap_or(root), root, form }
    }

    /// The root that an entry of the list has.
    #[cfg(feature = "postgres")]
    pub(crate) fn root(&self) -> u64 {
        self.root
    }

    pub(super) fn is_of(&self, atom: &Atom) -> bool {
        atom.tiers.contains(&self.form)
    }

    /// Whether its list has nothing else: that of a number's value has not, that of a root may.
    pub(super) fn is_list(&self) -> bool {
        self.list == self.form
    }
}

/// What a number has a list of its own by: all numbers have one root.
pub(super) fn value(atom: &Atom) -> Option<u64> {
    (atom.class == Class::Number).then_some(atom.tiers[Tier::Key as usize])
}

/// The tokens of a segment, of which no more is read than is asked for.
pub(crate) struct Tokens<'t>(Kept<'t>);

enum Kept<'t> {
    Read(&'t [Atom]),
    Stored {
        tables: &'t Tables<'t>,
        numbers: &'t [u32],
        /// Those that are of any of the first [`MASKED`] groups, in order, and of which, as bits.
        met: &'t [(usize, u64)],
        damaged: &'t Cell<bool>,
    },
}

/// Of so many groups it is known what is of them without reading it.
pub(super) const MASKED: usize = 63;
/// The bit after them: of a form that must not be there.
pub(super) const REFUSED: u64 = 1 << MASKED;

impl<'t> Tokens<'t> {
    /// Tokens of a run. Where one cannot be read, it is said in `damaged`.
    pub(super) fn stored(
        tables: &'t Tables<'t>,
        numbers: &'t [u32],
        met: &'t [(usize, u64)],
        damaged: &'t Cell<bool>,
    ) -> Tokens<'t> {
        Tokens(Kept::Stored { tables, numbers, met, damaged })
    }

    pub(crate) fn count(&self) -> usize {
        match self.0 {
            Kept::Read(atoms) => atoms.len(),
            Kept::Stored { numbers, .. } => numbers.len(),
        }
    }

    #[inline]
    pub(crate) fn atom(&self, at: usize) -> Atom {
        match self.0 {
            Kept::Read(atoms) => atoms[at],
            Kept::Stored { tables, numbers, damaged, .. } => {
                tables.atom(numbers[at]).unwrap_or_else(|_| {
                    damaged.set(true);
                    Atom { tiers: [0; 4], class: Class::Punctuation, weight: 0 }
                })
            }
        }
    }

    #[inline]
    pub(crate) fn class(&self, at: usize) -> Class {
        match self.0 {
            Kept::Read(atoms) => atoms[at].class,
            Kept::Stored { tables, numbers, damaged, .. } => {
                let class = tables.root_of(numbers[at]).and_then(|root| tables.kind(root));
                class.map_or_else(
                    |_| {
                        damaged.set(true);
                        Class::Punctuation
                    },
                    |kind| kind.0,
                )
            }
        }
    }

    /// The tokens that may be of a group of what is [wanted](Wanted): no other is.
    #[inline]
    pub(crate) fn places(&self, group: usize) -> impl Iterator<Item = usize> + use<'t> {
        let (any, met): (_, &[_]) = match self.0 {
            Kept::Stored { met, .. } if group < MASKED => (0, met),
            _ => (self.count(), &[]),
        };
        let of_group = met.iter().filter(move |(_, groups)| groups >> group & 1 == 1);
        (0..any).chain(of_group.map(|&(at, _)| at))
    }

    /// Whether a token is of a group, if that is known without reading it.
    #[inline]
    pub(crate) fn is_of(&self, at: usize, group: usize) -> Option<bool> {
        match self.0 {
            Kept::Stored { met, .. } if group < MASKED => {
                Some(met.iter().any(|&(other, groups)| other == at && groups >> group & 1 == 1))
            }
            _ => None,
        }
    }
}

impl<'t> From<&'t [Atom]> for Tokens<'t> {
    fn from(atoms: &'t [Atom]) -> Tokens<'t> {
        Tokens(Kept::Read(atoms))
    }
}

/// What takes the segments that have the words wanted.
pub(crate) trait Visit {
    /// A segment, by its tokens. Whether its units are to be told.
    fn tokens(&mut self, tokens: &Tokens<'_>) -> bool;

    /// Whether every segment that has what is [wanted](Wanted) is to be told, whatever else its
    /// tokens say: then they need not be.
    fn is_decided(&self) -> bool {
        false
    }

    /// A unit that has the segment told last.
    fn unit(&mut self, unit: u64);

    /// Whether no more is wanted.
    fn is_done(&self) -> bool {
        false
    }
}

impl Wanted {
    /// Whether a segment with these tokens has what is wanted.
    pub(crate) fn is_met(&self, atoms: &[Atom]) -> bool {
        let has = |group: &Vec<Sought>| {
            group.iter().any(|sought| atoms.iter().any(|atom| sought.is_of(atom)))
        };
        self.allows(self.groups.iter().filter(|group| !has(group)).count()) && !has(&self.refused)
    }

    pub(super) fn allows(&self, missing: usize) -> bool {
        missing <= self.lacking && (missing < self.groups.len() || self.groups.is_empty())
    }
}

/// The newest of the units that were told, each with something that was found in it.
pub(crate) struct Newest<T> {
    most: usize,
    units: Vec<(u64, T)>,
}

impl<T: PartialOrd> Newest<T> {
    /// This many units are wanted.
    pub(crate) fn new(most: usize) -> Newest<T> {
        Newest { most, units: Vec::new() }
    }

    pub(crate) fn push(&mut self, unit: u64, value: T) {
        self.units.push((unit, value));
    }

    /// The units, the newest first, each once with the greatest value; and whether these are all.
    pub(crate) fn finish(mut self) -> (Vec<(u64, T)>, bool) {
        let order = |one: &(u64, T), other: &(u64, T)| {
            let values = other.1.partial_cmp(&one.1).unwrap_or(std::cmp::Ordering::Equal);
            other.0.cmp(&one.0).then(values)
        };
        self.units.sort_unstable_by(order);
        self.units.dedup_by_key(|unit| unit.0);
        let complete = self.units.len() <= self.most;
        self.units.truncate(self.most);
        (self.units, complete)
    }
}
