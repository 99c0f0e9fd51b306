//! Finding the entries that have certain words, whatever else they have.
//!
//! What is wanted are groups of forms: an entry is handed on if it has a form of every group, but
//! for a number of groups it may lack, and none that is refused. Of *n* groups of which *m* may be
//! lacking, an entry has at least one of any *m* + 1; so the lists of the *m* + 1 rarest groups
//! together hold every entry there is to find. They are read whole. Where none may be lacking, what
//! is not on the lists of the other groups drops out, and so does what is on a list of nothing
//! but refused forms, as long as a list is not much longer than what is left. Then signatures, then
//! the records decide.
//!
//! Of words that very many units have only the newest units are wanted. Where more entries come into
//! question than units are wanted, the units are walked through from the newest on, until so many
//! are found.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Snapshot;
use super::bytes::{Damaged, Sound};
use super::language::LiveRun;
use super::run::{Codes, Root, Tables};
use super::signature::Signature;
use crate::Lang;
use crate::similarity::{Atom, Class, Tier};

/// Which forms of words an entry must have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Of each group one form at least, in ascending order. Without a group every entry is wanted.
    pub(crate) groups: Vec<Vec<Sought>>,
    /// None of these.
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
    list: u64,
    root: u64,
    form: u64,
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

    fn is_of(&self, atom: &Atom) -> bool {
        atom.tiers.contains(&self.form)
    }

    /// Whether its list has nothing else: that of a number's value has not, that of a root may.
    fn is_list(&self) -> bool {
        self.list == self.form
    }
}

/// What a number has a list of its own by: all numbers have one root.
pub(super) fn value(atom: &Atom) -> Option<u64> {
    (atom.class == Class::Number).then_some(atom.tiers[Tier::Key as usize])
}

/// What takes the segments that have the words wanted.
pub(crate) trait Visit {
    /// A segment, by its tokens. Whether its units are to be told.
    fn tokens(&mut self, atoms: &[Atom]) -> bool;

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

impl Snapshot<'_> {
    /// Hands on the distinct segments in the language, or a variety of it, that have the words,
    /// in no order that means anything, with their units: all of them, or if there are more than
    /// [`most`](Wanted::most), the newest of that number and perhaps some that are older. A
    /// segment may come more than once, with other units or the same.
    ///
    /// Cost: reads the lists of the rarest groups whole, those of the others as long as it pays, and
    /// the record of every entry that is left and whose signature has the bits of all groups,
    /// until there are units enough.
    pub(crate) fn containing(
        &self,
        lang: &Lang,
        wanted: &Wanted,
        into: &mut impl Visit,
    ) -> Sound<()> {
        let Some(language) = self.state.languages.get(lang.primary()) else { return Ok(()) };
        let mut atoms = Vec::new();
        let mut told = Vec::new();
        for fresh in &language.fresh {
            atoms.clear();
            atoms.extend(fresh.prepared.tokens().iter().map(|token| token.atom()));
            if wanted.is_met(&atoms) && !into.is_done() && into.tokens(&atoms) {
                into.unit(fresh.unit);
                told.push(fresh.unit);
            }
        }
        let mut runs = Vec::with_capacity(language.runs.len());
        let mut most = 0;
        for live in &language.runs {
            if let Some(mut run) = Searched::new(live, wanted)? {
                let entries = run.entries(wanted, into.is_decided())?;
                most += entries.count();
                runs.push((run, entries));
            }
        }
        let few = most <= wanted.most;
        // Runs are made one after another, so that most of what is new is in the last.
        runs.sort_by_key(|(run, _)| Reverse(run.live.run.greatest_unit()));
        for (run, entries) in runs {
            let mut looker = Looker::new(&run, wanted, &mut atoms)?;
            match few {
                true => all(&run, entries, &mut looker, into)?,
                false => newest(&run, entries, &mut looker, into, &mut told)?,
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
        let has = |group: &Vec<Sought>| {
            group.iter().any(|sought| atoms.iter().any(|atom| sought.is_of(atom)))
        };
        self.allows(self.groups.iter().filter(|group| !has(group)).count()) && !has(&self.refused)
    }

    fn allows(&self, missing: usize) -> bool {
        missing <= self.lacking && (missing < self.groups.len() || self.groups.is_empty())
    }
}

/// A run that may have what is wanted.
struct Searched<'r> {
    live: &'r LiveRun,
    /// The rarest first.
    groups: Vec<Group>,
    /// The lists that have nothing but refused forms, and whether these are all lists of them.
    refused: (Vec<Root>, bool),
    /// Whether every entry has what is wanted, by the lists alone.
    settled: bool,
}

/// A list is read to take something out of the candidates if it is at most so many times as long
/// as they are: reading on costs little, looking at a candidate much.
const WORTH: usize = 16;

/// A group as one run sees it.
struct Group {
    lists: Vec<Root>,
    count: usize,
    /// What may stand for one of its roots in a signature.
    places: Signature,
    sought: Vec<Sought>,
}

impl<'r> Searched<'r> {
    /// Nothing where a run lacks too many of the groups.
    fn new(live: &'r LiveRun, wanted: &Wanted) -> Sound<Option<Searched<'r>>> {
        let tables = live.run.tables()?;
        let mut groups = Vec::with_capacity(wanted.groups.len());
        for group_wanted in &wanted.groups {
            let mut group = Group {
                lists: Vec::new(),
                count: 0,
                places: Signature::default(),
                sought: Vec::new(),
            };
            for sought in group_wanted {
                if let Some(list) = tables.root(sought.list)? {
                    group.places.include(tables.place(sought.root));
                    group.sought.push(*sought);
                    // Several forms have one list, and stand side by side.
                    if group.lists.last().is_none_or(|known| known.number != list.number) {
                        group.count += list.count as usize;
                        group.lists.push(list);
                    }
                }
            }
            groups.push(group);
        }
        let absent = groups.iter().filter(|group| group.count == 0).count();
        if !wanted.allows(absent) {
            return Ok(None);
        }
        groups.sort_by_key(|group| group.count);
        let refused = unmixed(&tables, &wanted.refused)?;
        Ok(Some(Searched { live, groups, refused, settled: false }))
    }

    /// The groups of which an entry must have one.
    fn rarest(&self, wanted: &Wanted) -> impl Iterator<Item = &Group> {
        self.groups.iter().take(wanted.lacking + 1)
    }

    /// The entries that come into question. Where the visitor is [decided](Visit::is_decided) by what
    /// is wanted, it is found out whether these entries are settled.
    fn entries(&mut self, wanted: &Wanted, decided: bool) -> Sound<Bits> {
        let count = self.live.run.entries();
        let mut entries = Bits::new(count);
        if self.groups.is_empty() {
            (0..count).for_each(|entry| entries.insert(entry));
        }
        for list in self.rarest(wanted).flat_map(|group| &group.lists) {
            self.live.run.postings(list, 0..count)?.each(|entry| entries.insert(entry))?;
        }
        let mut left = entries.count();
        let mut all_read = wanted.lacking == 0 && !self.groups.is_empty();
        let others = self.groups.iter().skip(1).filter(|_| wanted.lacking == 0);
        for group in others {
            if group.count / WORTH > left {
                all_read = false;
                break;
            }
            let mut both = Bits::new(count);
            for list in &group.lists {
                let postings = self.live.run.postings(list, 0..count)?;
                postings.each(|entry| {
                    if entries.contains(entry) {
                        both.insert(entry);
                    }
                })?;
            }
            entries = both;
            left = entries.count();
        }
        let (refused, all_refused) = &self.refused;
        for list in refused {
            if list.count as usize / WORTH <= left {
                self.live.run.postings(list, 0..count)?.each(|entry| entries.remove(entry))?;
            } else {
                all_read = false;
            }
        }
        if decided && all_read && *all_refused {
            let tables = self.live.run.tables()?;
            let mut settled = true;
            for group in &self.groups {
                settled = settled && unmixed(&tables, &group.sought)?.1;
            }
            self.settled = settled;
        }
        Ok(entries)
    }
}

/// The lists that have no other forms than these, and whether these are all lists of them.
fn unmixed(tables: &Tables<'_>, forms: &[Sought]) -> Sound<(Vec<Root>, bool)> {
    let mut lists: BTreeMap<u32, Root> = BTreeMap::new();
    // The roots of which any token may be something else.
    let mut mixed = Bits::new(tables.roots() as u32);
    let mut clean = Bits::new(tables.roots() as u32);
    for sought in forms {
        if let Some(list) = tables.root(sought.list)? {
            clean.insert(list.number);
            if !sought.is_list() {
                mixed.insert(list.number);
            }
            lists.insert(list.number, list);
        }
    }
    if mixed.count() > 0 {
        let mut wanted: Vec<u64> = forms.iter().map(|sought| sought.form).collect();
        wanted.sort_unstable();
        for token in 0..tables.tokens() {
            let root = tables.root_of(token)?;
            if mixed.contains(root) {
                let atom = tables.atom(token)?;
                if !atom.tiers.iter().any(|form| wanted.binary_search(form).is_ok()) {
                    mixed.remove(root);
                    clean.remove(root);
                }
            }
        }
    }
    let all = lists.len();
    let lists: Vec<Root> = lists.into_values().filter(|list| clean.contains(list.number)).collect();
    let complete = lists.len() == all;
    Ok((lists, complete))
}

/// Looks at all candidates of a run.
fn all(
    run: &Searched<'_>,
    entries: Bits,
    looker: &mut Looker<'_>,
    into: &mut impl Visit,
) -> Sound<()> {
    for entry in entries.iter() {
        if into.is_done() {
            break;
        }
        let Some(codes) = looker.look(entry, into)? else { continue };
        for unit in codes.codes(|_| ())? {
            let unit = unit?;
            if !run.live.dead.contains(&unit) {
                into.unit(unit);
            }
        }
    }
    Ok(())
}

/// Looks at the candidates of a run from the newest unit on, until as many newer units as are
/// wanted were told, of this run or those before.
fn newest(
    run: &Searched<'_>,
    mut left: Bits,
    looker: &mut Looker<'_>,
    into: &mut impl Visit,
    told: &mut Vec<u64>,
) -> Sound<()> {
    // A unit may have several segments.
    told.sort_unstable_by(|one, other| other.cmp(one));
    told.dedup();
    let before = told.len();
    if told.iter().filter(|&&unit| unit > run.live.run.greatest_unit()).count()
        >= looker.wanted.most
    {
        return Ok(());
    }
    // How many of those told before are newer than the unit at hand.
    let mut newer = 0;
    for pair in run.live.run.newest()? {
        let (unit, entry) = pair?;
        if !left.contains(entry) || run.live.dead.contains(&unit) {
            continue;
        }
        while told[..before].get(newer).is_some_and(|&other| other > unit) {
            newer += 1;
        }
        if newer + told.len() - before >= looker.wanted.most || into.is_done() {
            break;
        }
        match run.settled || looker.look(entry, into)?.is_some() {
            true => {
                into.unit(unit);
                // Two segments of one unit stand side by side, or were told before.
                let known = told[..before].get(newer) == Some(&unit);
                if !known && told[before..].last() != Some(&unit) {
                    told.push(unit);
                }
            }
            false => left.remove(entry),
        }
    }
    Ok(())
}

/// Looks at entries.
struct Looker<'r> {
    live: &'r LiveRun,
    tables: Tables<'r>,
    wanted: &'r Wanted,
    /// The places of each group.
    places_of: Vec<Signature>,
    /// The forms of the first [`MASKED`] groups, ascending, each with its group as a bit, and those
    /// refused with [`REFUSED`].
    forms: Vec<(u64, u64)>,
    masked: u32,
    /// Whether no group goes unasked.
    whole: bool,
    /// For each token of the run one more than its place in `met`; 0 if it was not met yet.
    places: Vec<u32>,
    /// The tokens met, with the groups they are of.
    met: Vec<(Atom, u64)>,
    tokens: Vec<u32>,
    atoms: &'r mut Vec<Atom>,
}

/// For so many groups records are asked; the visitor asks for the rest.
const MASKED: usize = 63;
/// The bit after them: of a form that must not be there.
const REFUSED: u64 = 1 << MASKED;

impl<'r> Looker<'r> {
    fn new(run: &Searched<'r>, wanted: &'r Wanted, atoms: &'r mut Vec<Atom>) -> Sound<Looker<'r>> {
        let tables = run.live.run.tables()?;
        let masked = run.groups.len().min(MASKED);
        let mut forms: Vec<(u64, u64)> = (run.groups.iter().take(masked).enumerate())
            .flat_map(|(at, group)| group.sought.iter().map(move |sought| (sought.form, 1 << at)))
            .chain(wanted.refused.iter().map(|sought| (sought.form, REFUSED)))
            .collect();
        forms.sort_unstable();
        Ok(Looker {
            live: run.live,
            tables,
            wanted,
            places_of: run.groups.iter().map(|group| group.places).collect(),
            forms,
            masked: masked as u32,
            whole: masked == run.groups.len(),
            places: vec![0; tables.tokens() as usize],
            met: Vec::new(),
            tokens: Vec::new(),
            atoms,
        })
    }

    /// What follows the tokens of an entry, if its units are to be told.
    fn look(&mut self, entry: u32, into: &mut impl Visit) -> Sound<Option<Codes<'r>>> {
        let signature = Signature::from_bytes(self.tables.signature(entry)?);
        let missing = self.places_of.iter().filter(|places| !signature.meets(places)).count();
        if !self.wanted.allows(missing) {
            return Ok(None);
        }
        let decided = self.whole && into.is_decided();
        let Looker { tables, forms, places, met, tokens, atoms, .. } = self;
        tokens.clear();
        let mut has = 0;
        let codes = self.live.run.record(entry)?.tokens(|token| {
            let place = places.get_mut(token as usize).ok_or(Damaged)?;
            if *place == 0 {
                let atom = tables.atom(token)?;
                let of = |form: u64| {
                    let start = forms.partition_point(|&(other, _)| other < form);
                    let same = forms[start..].iter().take_while(move |&&(other, _)| other == form);
                    same.fold(0, |mask, &(_, bit)| mask | bit)
                };
                met.push((atom, atom.tiers.into_iter().map(of).fold(0, |all, mask| all | mask)));
                *place = met.len() as u32;
            }
            has |= met[*place as usize - 1].1;
            if !decided {
                tokens.push(*place - 1);
            }
            Ok(())
        })?;
        let refused = has & REFUSED != 0;
        let missing = self.masked - (has & !REFUSED).count_ones();
        if refused || !self.wanted.allows(missing as usize) {
            return Ok(None);
        }
        if decided {
            return Ok(Some(codes));
        }
        atoms.clear();
        atoms.extend(tokens.iter().map(|&place| met[place as usize].0));
        Ok(into.tokens(atoms).then_some(codes))
    }
}

/// A set of entries.
#[derive(Clone)]
struct Bits {
    words: Vec<u64>,
    entries: u32,
}

impl Bits {
    fn new(entries: u32) -> Bits {
        Bits { words: vec![0; (entries as usize).div_ceil(64)], entries }
    }

    /// Adds an entry. A damaged list may name what is not there.
    fn insert(&mut self, entry: u32) {
        if entry < self.entries {
            self.words[entry as usize / 64] |= 1 << (entry % 64);
        }
    }

    fn remove(&mut self, entry: u32) {
        if let Some(word) = self.words.get_mut(entry as usize / 64) {
            *word &= !(1 << (entry % 64));
        }
    }

    fn contains(&self, entry: u32) -> bool {
        self.words.get(entry as usize / 64).is_some_and(|word| word >> (entry % 64) & 1 == 1)
    }

    fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The entries, ascending.
    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0_u32..).flat_map(|(&word, at)| {
            let rest = std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)));
            rest.take_while(|&word| word > 0).map(move |word| 64 * at + word.trailing_zeros())
        })
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
