//! Finding the entries that have what is [wanted](super::words).
//!
//! Of *n* groups of which *m* may be lacking, an entry has at least one of any *m* + 1; so the lists
//! of the *m* + 1 rarest groups together hold every entry there is to find. They are read whole.
//! Where none may be lacking, what is not on the lists of the other groups drops out, and so does
//! what is on a list of nothing but refused forms, as long as a list is not much longer than what
//! is left. Then the records decide; signatures before them, where not all lists were read.
//!
//! Of words that very many units have only the newest units are wanted. Where many more entries come
//! into question than units are wanted, the units are walked through from the newest on, until so
//! many are found; where lists are as long as there are entries, without reading them.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Snapshot;
use super::bits::Bits;
use super::bytes::{Damaged, Sound};
use super::language::LiveRun;
use super::run::{Codes, Root, Tables};
use super::signature::{Places, Signature, Sketch};
use super::words::{MASKED, REFUSED, Sought, Tokens, Visit, Wanted};
use crate::Lang;
use crate::similarity::Atom;

impl Snapshot<'_> {
    /// Hands on the distinct segments in the language, or a variety of it, that have the words,
    /// in no order that means anything, with their units: all of them, or if there are more than
    /// [`most`](Wanted::most), the newest of that number and perhaps some that are older. A
    /// segment may come more than once, with other units or the same.
    ///
    /// Cost: reads the lists of the rarest groups whole, those of the others as long as it pays, and
    /// the records of what is left, until there are units enough.
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
            let tokens = Tokens::from(atoms.as_slice());
            if wanted.is_met(&atoms) && !into.is_done() && into.tokens(&tokens) {
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
        let few = most <= wanted.most.saturating_mul(FEW);
        // Runs are made one after another, so that most of what is new is in the last.
        runs.sort_by_key(|(run, _)| Reverse(run.live.run.greatest_unit()));
        for (run, entries) in runs {
            match few {
                true => all(&run, wanted, &entries, into)?,
                false => newest(&run, wanted, entries, into, &mut told)?,
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
                let key = tables.key(token)?;
                // Most differ in the first byte.
                if key.first() == start.as_bytes().first() && key.starts_with(start.as_bytes()) {
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

/// A run that may have what is wanted.
struct Searched<'r> {
    live: &'r LiveRun,
    /// The rarest first.
    groups: Vec<Group>,
    refused: Forms,
    /// Whether every entry is on a list of every group.
    listed: bool,
    /// Whether every entry has what is wanted, by the lists alone.
    settled: bool,
}

/// A list is read to take something out of the candidates if it is at most so many times as long
/// as they are: reading on costs little, looking at a candidate much.
const WORTH: usize = 16;

/// If no more entries come into question for each unit that is wanted, all are looked at.
const FEW: usize = 4;

/// A group as one run sees it.
struct Group {
    /// Which of those wanted.
    number: usize,
    forms: Forms,
    /// The entries on its lists, one by one.
    count: usize,
    /// What may stand for one of its roots in sketches and signatures.
    places: Places,
}

/// Forms that a run has, and the lists that hold them.
struct Forms {
    /// Those of one list stand side by side.
    forms: Vec<(Sought, usize)>,
    lists: Vec<Root>,
}

impl Forms {
    fn of(tables: &Tables<'_>, ascending: &[Sought]) -> Sound<Forms> {
        let mut found = Forms { forms: Vec::with_capacity(ascending.len()), lists: Vec::new() };
        for sought in ascending {
            let last = found.lists.last().map_or(0, |list: &Root| list.number);
            let Some(list) = tables.root_near(last, sought.list)? else { continue };
            if found.lists.is_empty() || list.number != last {
                found.lists.push(list);
            }
            found.forms.push((*sought, found.lists.len() - 1));
        }
        Ok(found)
    }

    /// The lists, each with its forms.
    fn by_list(&self) -> impl Iterator<Item = (&Root, FormsOf<'_>)> {
        let of_lists = self.forms.chunk_by(|one, other| one.1 == other.1);
        of_lists.map(|forms| (&self.lists[forms[0].1], FormsOf(forms)))
    }

    /// The lists, each with whether it has no other forms than these.
    fn unmixed(&self, tables: &Tables<'_>) -> impl Iterator<Item = Sound<(&Root, bool)>> {
        self.by_list().map(|(list, forms)| {
            if !forms.are_list() {
                for token in tables.tokens_of(list)? {
                    if !forms.have(&tables.atom(token)?) {
                        return Ok((list, false));
                    }
                }
            }
            Ok((list, true))
        })
    }
}

/// The forms of a list, some of them.
struct FormsOf<'f>(&'f [(Sought, usize)]);

impl FormsOf<'_> {
    /// Whether the list has nothing else, as is known without looking.
    fn are_list(&self) -> bool {
        self.0.iter().any(|(form, _)| form.is_list())
    }

    fn have(&self, atom: &Atom) -> bool {
        self.0.iter().any(|(form, _)| form.is_of(atom))
    }
}

impl<'r> Searched<'r> {
    /// Nothing where a run lacks too many of the groups.
    fn new(live: &'r LiveRun, wanted: &Wanted) -> Sound<Option<Searched<'r>>> {
        let tables = live.run.tables()?;
        let mut groups = Vec::with_capacity(wanted.groups.len());
        for (number, group_wanted) in wanted.groups.iter().enumerate() {
            let forms = Forms::of(&tables, group_wanted)?;
            let mut places = Places::default();
            forms.forms.iter().for_each(|(form, _)| places.include(tables.place(form.root)));
            let count = forms.lists.iter().map(|list| list.count as usize).sum();
            groups.push(Group { number, forms, count, places });
        }
        let absent = groups.iter().filter(|group| group.count == 0).count();
        if !wanted.allows(absent) {
            return Ok(None);
        }
        groups.sort_by_key(|group| group.count);
        let refused = Forms::of(&tables, &wanted.refused)?;
        Ok(Some(Searched { live, groups, refused, listed: false, settled: false }))
    }

    /// The groups of which an entry must have one.
    fn rarest(&self, wanted: &Wanted) -> impl Iterator<Item = &Group> {
        self.groups.iter().take(wanted.lacking + 1)
    }

    /// The entries that come into question. Where the visitor is [decided](Visit::is_decided) by what
    /// is wanted, it is found out whether these entries are settled.
    fn entries(&mut self, wanted: &Wanted, decided: bool) -> Sound<Bits> {
        let tables = self.live.run.tables()?;
        let count = self.live.run.entries();
        let mut entries = Bits::new(count);
        let all_rarest: usize = self.rarest(wanted).map(|group| group.count).sum();
        // Most entries are on lists that together are as long: those that are not are found out
        // sooner than the lists are read, if few units are wanted. Not where forms are refused, which
        // may leave nothing of the lists.
        let common = all_rarest >= (count as usize).max(wanted.most.saturating_mul(FEW))
            && wanted.refused.is_empty();
        let mut all_read = wanted.lacking == 0 && !self.groups.is_empty() && !common;
        let mut left = count as usize;
        if self.groups.is_empty() || common {
            (0..count).for_each(|entry| entries.insert(entry));
        } else {
            for list in self.rarest(wanted).flat_map(|group| &group.forms.lists) {
                self.live.run.postings(list, 0..count)?.each(|entry| entries.insert(entry))?;
            }
            left = entries.count();
        }
        let others = self.groups.iter().skip(1).filter(|_| wanted.lacking == 0 && !common);
        for group in others {
            if group.count / WORTH > left {
                all_read = false;
                break;
            }
            let mut listed = Bits::new(count);
            for list in &group.forms.lists {
                let postings = self.live.run.postings(list, 0..count)?;
                postings.each(|entry| listed.insert(entry))?;
            }
            entries.keep(&listed);
            left = entries.count();
        }
        self.listed = all_read;
        // Whether the lists say everything.
        let mut settled = decided && all_read;
        for list in self.refused.unmixed(&tables) {
            let (list, unmixed) = list?;
            if unmixed && list.count as usize / WORTH <= left {
                self.live.run.postings(list, 0..count)?.each(|entry| entries.remove(entry))?;
            } else {
                settled = false;
            }
        }
        let mut lists = self.groups.iter().flat_map(|group| group.forms.unmixed(&tables));
        while settled && let Some(list) = lists.next() {
            settled = list?.1;
        }
        drop(lists);
        self.settled = settled;
        Ok(entries)
    }
}

/// Looks at all candidates of a run.
fn all(run: &Searched<'_>, wanted: &Wanted, entries: &Bits, into: &mut impl Visit) -> Sound<()> {
    let mut looker = Looker::new(run, wanted)?;
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
    wanted: &Wanted,
    mut left: Bits,
    into: &mut impl Visit,
    told: &mut Vec<u64>,
) -> Sound<()> {
    // A unit may have several segments.
    told.sort_unstable_by(|one, other| other.cmp(one));
    told.dedup();
    let before = told.len();
    let newest = run.live.run.greatest_unit();
    if told.iter().filter(|&&unit| unit > newest).count() >= wanted.most {
        return Ok(());
    }
    let mut looker = (!run.settled).then(|| Looker::new(run, wanted)).transpose()?;
    let mut found = 0;
    // How many of those told before are newer than the unit at hand.
    let mut newer = 0;
    let mut units = run.live.run.newest()?;
    let mut ahead: Vec<(u64, u32)> = Vec::with_capacity(AHEAD);
    loop {
        ahead.clear();
        while ahead.len() < AHEAD
            && let Some((unit, entry)) = units.next_of(&left)?
        {
            if !run.live.dead.contains(&unit) {
                ahead.push((unit, entry));
            }
        }
        if ahead.is_empty() {
            return Ok(());
        }
        if looker.is_some() {
            run.live.run.fetch(ahead.iter().map(|&(_, entry)| entry))?;
        }
        for &(unit, entry) in &ahead {
            while told[..before].get(newer).is_some_and(|&other| other > unit) {
                newer += 1;
            }
            if newer + found >= wanted.most || into.is_done() {
                return Ok(());
            }
            // Another unit may have been looked at for the same entry.
            if !left.contains(entry) {
                continue;
            }
            let is_wanted = match &mut looker {
                Some(looker) => looker.look(entry, into)?.is_some(),
                None => true,
            };
            match is_wanted {
                true => {
                    into.unit(unit);
                    // Two segments of one unit stand side by side, or were told before.
                    let known = told[..before].get(newer) == Some(&unit);
                    if !known && told[before..].last() != Some(&unit) {
                        told.push(unit);
                        found += 1;
                    }
                }
                false => left.remove(entry),
            }
        }
    }
}

/// So many records are fetched at once: the memory finds many as fast as one. (Tests have few.)
const AHEAD: usize = if cfg!(test) { 2 } else { 32 };

/// Looks at entries.
struct Looker<'r> {
    live: &'r LiveRun,
    tables: Tables<'r>,
    wanted: &'r Wanted,
    /// What signatures, and sketches, show of each group, where they can rule entries out.
    places_of: Vec<Places>,
    /// The tokens that are of any of the first [`MASKED`] groups or [refused](REFUSED), and of which.
    met: Bits,
    groups_of: HashMap<u32, u64, RandomState>,
    masked: u32,
    /// The tokens of the entry looked at, and which of them are of which groups.
    numbers: Vec<u32>,
    met_here: Vec<(usize, u64)>,
}

impl<'r> Looker<'r> {
    fn new(run: &Searched<'r>, wanted: &'r Wanted) -> Sound<Looker<'r>> {
        let tables = run.live.run.tables()?;
        let mut met = Bits::new(tables.tokens());
        let mut groups_of: HashMap<u32, u64, RandomState> = HashMap::default();
        let masked = run.groups.iter().filter(|group| group.number < MASKED);
        let of_groups = masked.clone().map(|group| (&group.forms, 1 << group.number));
        for (forms, bit) in of_groups.chain([(&run.refused, REFUSED)]) {
            for (list, forms) in forms.by_list() {
                let all = forms.are_list();
                for token in tables.tokens_of(list)? {
                    if all || forms.have(&tables.atom(token)?) {
                        met.insert(token);
                        *groups_of.entry(token).or_default() |= bit;
                    }
                }
            }
        }
        let places_of = match run.listed {
            true => Vec::new(),
            false => run.groups.iter().map(|group| group.places).collect(),
        };
        Ok(Looker {
            live: run.live,
            tables,
            wanted,
            places_of,
            met,
            groups_of,
            masked: masked.count() as u32,
            numbers: Vec::new(),
            met_here: Vec::new(),
        })
    }

    /// What follows the tokens of an entry, if its units are to be told.
    fn look(&mut self, entry: u32, into: &mut impl Visit) -> Sound<Option<Codes<'r>>> {
        if !self.places_of.is_empty() {
            let signature = Signature::from_bytes(self.tables.signature(entry)?);
            let sketch = match self.places_of.iter().any(Places::are_counted) {
                true => Sketch::from_bytes(*self.tables.sketch(entry)?),
                false => Sketch::default(),
            };
            let may_have = |places: &&Places| places.meet(sketch, &signature);
            let missing = self.places_of.len() - self.places_of.iter().filter(may_have).count();
            if !self.wanted.allows(missing) {
                return Ok(None);
            }
        }
        let (numbers, met_here) = (&mut self.numbers, &mut self.met_here);
        numbers.clear();
        met_here.clear();
        let mut has = 0;
        let codes = self.live.run.record(entry)?.tokens(|token| {
            if self.met.contains(token) {
                let groups = self.groups_of.get(&token).copied().unwrap_or(0);
                met_here.push((numbers.len(), groups));
                has |= groups;
            }
            numbers.push(token);
            Ok(())
        })?;
        let missing = self.masked - (has & !REFUSED).count_ones();
        if has & REFUSED != 0 || !self.wanted.allows(missing as usize) {
            return Ok(None);
        }
        if into.is_decided() && self.masked as usize == self.wanted.groups.len() {
            return Ok(Some(codes));
        }
        let damaged = Cell::new(false);
        let tokens = Tokens::stored(&self.tables, &self.numbers, &self.met_here, &damaged);
        let told = into.tokens(&tokens);
        if damaged.get() { Err(Damaged) } else { Ok(told.then_some(codes)) }
    }
}
