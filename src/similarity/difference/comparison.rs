//! Two segments compared.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::side::{At, NameKind, Quantity, Side};
use super::words::{Marker, Role};
use super::{CriticalWords, Difference, DifferenceKind};
use crate::similarity::{Class, Step, Tier, alignment};
use crate::text::TokenKind;

/// Whether two markers belong together.
type Test<'t> = dyn Fn(&Marker, &Marker) -> bool + 't;

/// Two segments being compared: the work goes from the kinds that matter most to those that
/// matter least, and whatever is explained by one is not explained again.
pub(super) struct Comparison<'s> {
    left: &'s Side,
    right: &'s Side,
    words: &'s CriticalWords,
    /// The token that stands for each, and how closely.
    left_pairs: Vec<Option<(At, Tier)>>,
    right_pairs: Vec<Option<(At, Tier)>>,
    /// How many pairs in order stand before each: unpaired tokens of one slot face each other.
    left_slots: Vec<usize>,
    right_slots: Vec<usize>,
    left_done: Vec<bool>,
    right_done: Vec<bool>,
    found: Vec<Difference>,
}

impl<'s> Comparison<'s> {
    pub(super) fn new(left: &'s Side, right: &'s Side, words: &'s CriticalWords) -> Comparison<'s> {
        let (lefts, rights) = (left.tokens.len(), right.tokens.len());
        let mut comparison = Comparison {
            left,
            right,
            words,
            left_pairs: vec![None; lefts],
            right_pairs: vec![None; rights],
            left_slots: vec![0; lefts],
            right_slots: vec![0; rights],
            left_done: vec![false; lefts],
            right_done: vec![false; rights],
            found: Vec::new(),
        };
        let mut slot = 0;
        for step in alignment(&left.prepared, &right.prepared) {
            match step {
                Step::Pair(l, r, tier) => {
                    comparison.left_pairs[l] = Some((r, tier));
                    comparison.right_pairs[r] = Some((l, tier));
                    let apart = tier == Tier::Root;
                    slot += usize::from(!apart);
                    (comparison.left_slots[l], comparison.right_slots[r]) = (slot, slot);
                    slot += usize::from(!apart);
                }
                Step::Left(l) => comparison.left_slots[l] = slot,
                Step::Right(r) => comparison.right_slots[r] = slot,
            }
        }
        comparison
    }

    pub(super) fn run(mut self) -> Vec<Difference> {
        self.enumerators();
        self.footnotes();
        self.moments();
        self.values();
        self.markers();
        self.prefixes();
        self.swapped_parties();
        self.swapped_sides();
        self.facing_names();
        self.moved();
        self.pairs();
        self.rest();
        self.codes();
        if self.found.is_empty() {
            self.spaces();
        }
        self.found
    }

    fn push(&mut self, kind: DifferenceKind, left: Range<usize>, right: Range<usize>) {
        self.found.push(Difference {
            kind,
            query_text: self.left.text[left.clone()].into(),
            source_text: self.right.text[right.clone()].into(),
            query: left,
            source: right,
        });
    }

    /// Records a difference of these tokens; where a side has none, at the place they would have.
    fn explain(&mut self, kind: DifferenceKind, left: &[At], right: &[At]) {
        let (l, r) = match (self.left.hull(left), self.right.hull(right)) {
            (Some(l), Some(r)) => (l, r),
            (Some(l), None) => (l, place(left[0], &self.left_pairs, self.right)),
            (None, Some(r)) => (place(right[0], &self.right_pairs, self.left), r),
            (None, None) => return,
        };
        left.iter().for_each(|&at| self.left_done[at] = true);
        right.iter().for_each(|&at| self.right_done[at] = true);
        self.push(kind, l, r);
    }

    /// Whether a token has no partner, or one that is a number of another value.
    fn left_open(&self, at: At) -> bool {
        !self.left_done[at] && self.left_pairs[at].is_none_or(|(_, tier)| tier == Tier::Root)
    }

    fn right_open(&self, at: At) -> bool {
        !self.right_done[at] && self.right_pairs[at].is_none_or(|(_, tier)| tier == Tier::Root)
    }

    fn lefts(&self, keep: impl Fn(At) -> bool) -> Vec<At> {
        (0..self.left.tokens.len()).filter(|&at| self.left_open(at) && keep(at)).collect()
    }

    fn rights(&self, keep: impl Fn(At) -> bool) -> Vec<At> {
        (0..self.right.tokens.len()).filter(|&at| self.right_open(at) && keep(at)).collect()
    }

    fn enumerators(&mut self) {
        let (l, r) = (self.left.enumerator(), self.right.enumerator());
        let (lefts, rights) = (self.lefts(|at| at < l), self.rights(|at| at < r));
        self.explain(DifferenceKind::Enumerator, &lefts, &rights);
    }

    fn footnotes(&mut self) {
        let lefts = self.lefts(|at| self.left.footnote(at).is_some());
        let mut rights = self.rights(|at| self.right.footnote(at).is_some());
        for at in lefts {
            let slot = self.left_slots[at];
            let same = |&other: &At| self.right_slots[other].abs_diff(slot) <= 1;
            let other = rights.iter().position(same).map(|place| rights.remove(place));
            let bare = self.left.footnote(at).filter(|bare| !bare.is_empty()).and_then(|bare| {
                self.rights(|other| self.right.tokens[other].key() == bare.to_lowercase())
                    .first()
                    .copied()
            });
            if other.is_some() || bare.is_some() || self.left.footnote(at) == Some("") {
                let facing: Vec<At> = bare.or(other).into_iter().collect();
                self.explain(DifferenceKind::Footnote, &[at], &facing);
            }
        }
        for at in rights {
            let bare = self.right.footnote(at).filter(|bare| !bare.is_empty()).and_then(|bare| {
                self.lefts(|other| self.left.tokens[other].key() == bare.to_lowercase())
                    .first()
                    .copied()
            });
            if bare.is_some() || self.right.footnote(at) == Some("") {
                let facing: Vec<At> = bare.into_iter().collect();
                self.explain(DifferenceKind::Footnote, &facing, &[at]);
            }
        }
    }

    /// Days and times of one value in two notations: `31.12.2016`, *31 декабря 2016 года*.
    fn moments(&mut self) {
        let mut rights = self.right.moments();
        for (value, left) in self.left.moments() {
            let Some(place) = rights.iter().position(|right| right.0 == value) else { continue };
            let (_, right) = rights.remove(place);
            let open = left.iter().any(|&at| self.left_open(at))
                || right.iter().any(|&at| self.right_open(at));
            let written =
                |side: &Side, at: &[At]| side.hull(at).map(|span| side.text[span].to_owned());
            if open && written(self.left, &left) != written(self.right, &right) {
                self.explain(DifferenceKind::Notation, &left, &right);
            }
        }
    }

    /// Numbers, dates and references of another value.
    fn values(&mut self) {
        self.labels();
        let lefts = self.left.quantities();
        let mut rights = self.right.quantities();
        let is_open =
            |comparison: &Self, q: &Quantity| q.tokens.iter().any(|&at| comparison.left_open(at));
        let lefts: Vec<Quantity> = lefts.into_iter().filter(|q| is_open(self, q)).collect();
        rights.retain(|q| q.tokens.iter().any(|&at| self.right_open(at)));
        // What has the same value is written otherwise, or has moved.
        let mut rest = Vec::new();
        for left in lefts {
            match rights.iter().position(|right| right.value == left.value) {
                Some(place) => {
                    let right = rights.remove(place);
                    let written = |side: &Side, q: &Quantity| {
                        side.hull(&q.tokens).map(|span| side.text[span].to_owned())
                    };
                    let same = written(self.left, &left) == written(self.right, &right);
                    let kind = if same { DifferenceKind::Order } else { DifferenceKind::Notation };
                    self.explain(kind, &left.tokens, &right.tokens);
                }
                None => rest.push(left),
            }
        }
        // What was paired has changed, and then what faces each other.
        let mut facing = Vec::new();
        for left in rest {
            let paired = |right: &Quantity| {
                left.tokens.iter().any(|&at| {
                    self.left_pairs[at].is_some_and(|(other, _)| right.tokens.contains(&other))
                })
            };
            match rights.iter().position(paired) {
                Some(place) => self.value(&left, Some(&rights.remove(place))),
                None => facing.push(left),
            }
        }
        for left in facing {
            let slot = self.left_slots[left.tokens[0]];
            let near = |right: &Quantity| self.right_slots[right.tokens[0]] == slot;
            match rights.iter().position(near) {
                Some(place) => self.value(&left, Some(&rights.remove(place))),
                None => self.value(&left, None),
            }
        }
        for right in rights {
            let kind = self.right.quantity_kind(&right);
            self.explain(kind, &[], &right.tokens);
        }
    }

    fn value(&mut self, left: &Quantity, right: Option<&Quantity>) {
        let kind = self.left.quantity_kind(left);
        let kind = right.map_or(kind, |right| kind.max(self.right.quantity_kind(right)));
        self.explain(kind, &left.tokens, right.map_or(&[], |right| &right.tokens));
    }

    /// *annexe IV*, *alinéa b)*: a letter or Roman number in the place of another.
    fn labels(&mut self) {
        for at in self.lefts(|at| self.left.is_label(at)) {
            let facing = self.rights(|other| {
                self.right.is_label(other)
                    && self.right_slots[other] == self.left_slots[at]
                    && self.left.tokens[at].key() != self.right.tokens[other].key()
            });
            if let Some(&other) = facing.first() {
                self.explain(DifferenceKind::Reference, &[at], &[other]);
            }
        }
    }

    /// The groups of rules whose markers are compared with each other.
    fn groups(&self) -> Vec<(DifferenceKind, Vec<usize>)> {
        let mut rules: Vec<usize> =
            self.left.markers.iter().chain(&self.right.markers).map(|m| m.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let mut groups: Vec<(DifferenceKind, Vec<usize>)> = Vec::new();
        for number in rules {
            let kind = match self.words.rule(number).role {
                Role::Marks(kind) => kind,
                Role::WeakNegation => DifferenceKind::Negation,
                _ => continue,
            };
            match groups.iter_mut().find(|(k, _)| *k == kind) {
                Some((_, numbers)) if kind == DifferenceKind::Negation => numbers.push(number),
                _ => groups.push((kind, vec![number])),
            }
        }
        groups.sort();
        groups
    }

    /// Negations, modal expressions, contraries and whatever else is listed.
    fn markers(&mut self) {
        for (kind, rules) in self.groups() {
            let alone = rules.iter().all(|&rule| self.words.rule(rule).alone);
            self.group(kind, &rules, alone);
        }
    }

    fn group(&mut self, kind: DifferenceKind, rules: &[usize], alone: bool) {
        let (left, right) = (self.left, self.right);
        let mut lefts: Vec<&Marker> =
            left.markers.iter().filter(|m| rules.contains(&m.rule)).collect();
        let mut rights: Vec<&Marker> =
            right.markers.iter().filter(|m| rules.contains(&m.rule)).collect();
        let paired = |l: &Marker, r: &Marker| {
            l.tokens
                .iter()
                .any(|&at| self.left_pairs[at].is_some_and(|(other, _)| r.tokens.contains(&other)))
        };
        let facing = |l: &Marker, r: &Marker| {
            l.tokens
                .iter()
                .any(|&a| r.tokens.iter().any(|&b| self.left_slots[a] == self.right_slots[b]))
        };
        let same_head = |l: &Marker, r: &Marker| match (head(left, l), head(right, r)) {
            (Some(a), Some(b)) => {
                left.token(a).alike(right.token(b)).is_some_and(|tier| tier >= Tier::Stem)
            }
            _ => false,
        };
        // The same on both sides, in the same place or before the same word.
        let tests: [&Test; 3] = [&paired, &facing, &same_head];
        for test in tests {
            take(&mut lefts, &mut rights, |l, r| l.pole == r.pole && test(l, r));
        }
        let mut changed = Vec::new();
        for test in tests {
            changed.extend(take(&mut lefts, &mut rights, |l, r| l.pole != r.pole && test(l, r)));
        }
        if alone {
            // Another strength or another place: something else is denied or demanded.
            changed.extend(take(&mut lefts, &mut rights, |l, r| l.pole != r.pole));
            changed.extend(take(&mut lefts, &mut rights, |_, _| true));
        } else {
            // A contrary elsewhere: only where neither word has a partner of its own.
            let unpaired = |l: &Marker, r: &Marker| {
                l.pole != r.pole
                    && l.tokens.iter().all(|&at| self.left_pairs[at].is_none())
                    && r.tokens.iter().all(|&at| self.right_pairs[at].is_none())
            };
            changed.extend(take(&mut lefts, &mut rights, unpaired));
        }
        let done = |done: &[bool], marker: &Marker| marker.tokens.iter().all(|&at| done[at]);
        for (l, r) in changed {
            if !done(&self.left_done, l) && !done(&self.right_done, r) {
                self.explain(kind, &l.tokens, &r.tokens);
            }
        }
        if alone {
            for marker in lefts {
                if !done(&self.left_done, marker) {
                    self.explain(kind, &marker.tokens, &[]);
                }
            }
            for marker in rights {
                if !done(&self.right_done, marker) {
                    self.explain(kind, &[], &marker.tokens);
                }
            }
        }
    }

    /// *possible*, *impossible*: a prefix makes the contrary.
    fn prefixes(&mut self) {
        let word = |side: &Side, at: At| side.tokens[at].kind() == TokenKind::Word;
        for at in self.lefts(|at| word(self.left, at)) {
            let key = self.left.tokens[at].key();
            let facing = self.rights(|other| {
                let near = self.right_slots[other] == self.left_slots[at];
                let contrary = self.right.tokens[other].key();
                near && (self.is_prefixed(key, contrary) || self.is_prefixed(contrary, key))
            });
            if let Some(&other) = facing.first() {
                self.explain(DifferenceKind::Polarity, &[at], &[other]);
            }
        }
    }

    fn is_prefixed(&self, long: &str, short: &str) -> bool {
        const SHORTEST: usize = 4;
        let Some(prefix) = long.strip_suffix(short) else { return false };
        let prefix = prefix.strip_suffix('-').unwrap_or(prefix);
        short.chars().count() >= SHORTEST && self.words.prefixes().iter().any(|p| **p == *prefix)
    }

    /// Two parties that both sides name, in another order: each in the place of the other.
    fn swapped_parties(&mut self) {
        let named = |side: &Side| -> Vec<At> {
            (0..side.tokens.len()).filter(|&at| side.names[at] > NameKind::No).collect()
        };
        let stem = |side: &Side, at: At| side.token(at).tier(Tier::Stem);
        let common = |one: &Side, other: &Side| -> Vec<At> {
            let mut there: Vec<u64> = named(other).iter().map(|&at| stem(other, at)).collect();
            let mut found = named(one);
            found.retain(|&at| {
                let place = there.iter().position(|&key| key == stem(one, at));
                place.map(|place| there.swap_remove(place)).is_some()
            });
            found
        };
        let (lefts, rights) = (common(self.left, self.right), common(self.right, self.left));
        if lefts.len() != rights.len() {
            return;
        }
        let differs: Vec<usize> = (0..lefts.len())
            .filter(|&n| stem(self.left, lefts[n]) != stem(self.right, rights[n]))
            .collect();
        let (Some(&first), Some(&last)) = (differs.first(), differs.last()) else { return };
        if last == first + 1
            && is_enumeration(self.left, lefts[first], lefts[last])
            && is_enumeration(self.right, rights[first], rights[last])
        {
            return;
        }
        let pick = |all: &[At]| differs.iter().map(|&n| all[n]).collect::<Vec<At>>();
        self.explain(DifferenceKind::Party, &pick(&lefts), &pick(&rights));
    }

    /// *A against B*, *B against A*.
    fn swapped_sides(&mut self) {
        let (left, right) = (self.left, self.right);
        let relations = |side: &'s Side| {
            side.markers.iter().filter(|m| self.words.rule(m.rule).role == Role::Relation)
        };
        let alike = |l: &At, r: &At| left.token(*l).alike(right.token(*r)) >= Some(Tier::Stem);
        let shared = |one: &[At], other: &[At]| -> (Vec<At>, Vec<At>) {
            let has = |l: &At| other.iter().any(|r| alike(l, r));
            let is = |r: &At| one.iter().any(|l| alike(l, r));
            let lefts = one.iter().copied().filter(has).collect();
            (lefts, other.iter().copied().filter(is).collect())
        };
        let mut swapped = Vec::new();
        for l in relations(left) {
            for r in relations(right).filter(|r| (r.rule, r.pole) == (l.rule, l.pole)) {
                let [[lb, la], [rb, ra]] = [left.beside(l), right.beside(r)];
                let (first, second) = (shared(&lb, &ra), shared(&la, &rb));
                let stays = !shared(&lb, &rb).0.is_empty() || !shared(&la, &ra).0.is_empty();
                if !first.0.is_empty() && !second.0.is_empty() && !stays {
                    let lefts = [first.0, second.0].concat();
                    swapped.push((lefts, [first.1, second.1].concat()));
                }
            }
        }
        for (lefts, rights) in swapped {
            if !lefts.iter().any(|&at| self.left_done[at]) {
                self.explain(DifferenceKind::Party, &lefts, &rights);
            }
        }
    }

    /// Names that face other names, and names that only one side has.
    fn facing_names(&mut self) {
        let elsewhere = |one: &Side, at: At, other: &Side, open: &[At]| {
            let key = one.token(at).tier(Tier::Stem);
            open.iter().any(|&there| other.token(there).tier(Tier::Stem) == key)
        };
        let (open_left, open_right) = (self.lefts(|_| true), self.rights(|_| true));
        let lefts = self.lefts(|at| {
            self.left.names[at] >= NameKind::Name
                && !elsewhere(self.left, at, self.right, &open_right)
        });
        let rights = self.rights(|at| {
            self.right.names[at] >= NameKind::Name
                && !elsewhere(self.right, at, self.left, &open_left)
        });
        let mut slots: Vec<usize> = (lefts.iter().map(|&at| self.left_slots[at]))
            .chain(rights.iter().map(|&at| self.right_slots[at]))
            .collect();
        slots.sort_unstable();
        slots.dedup();
        for slot in slots {
            let l: Vec<At> =
                lefts.iter().copied().filter(|&at| self.left_slots[at] == slot).collect();
            let r: Vec<At> =
                rights.iter().copied().filter(|&at| self.right_slots[at] == slot).collect();
            let bare = |side: &Side, all: &[At]| -> Vec<String> {
                all.iter().map(|&at| unaccented(side.tokens[at].key())).collect()
            };
            let kinds = l.iter().map(|&at| self.left.names[at]);
            let kind = match kinds.chain(r.iter().map(|&at| self.right.names[at])).max() {
                // The same without its accents: *Etat*, *État*.
                _ if bare(self.left, &l) == bare(self.right, &r) => DifferenceKind::Word,
                Some(NameKind::Party) => DifferenceKind::Party,
                // One name in the place of another.
                _ if !l.is_empty() && !r.is_empty() => DifferenceKind::Party,
                _ => DifferenceKind::Name,
            };
            self.explain(kind, &l, &r);
        }
        self.words_beside_heads();
    }

    /// *la partie russe*, *la partie ukrainienne*: a word that says which party.
    fn words_beside_heads(&mut self) {
        let beside = |side: &Side| -> Vec<At> {
            let heads = side.markers.iter();
            let heads = heads.filter(|m| self.words.rule(m.rule).role == Role::PartyHead);
            heads
                .flat_map(|m| [m.tokens[0].wrapping_sub(1), m.tokens[m.tokens.len() - 1] + 1])
                .collect()
        };
        let content = |side: &Side, at: At| side.token(at).class() == Class::Content;
        let (left_beside, right_beside) = (beside(self.left), beside(self.right));
        let lefts = self.lefts(|at| left_beside.contains(&at) && content(self.left, at));
        for at in lefts {
            let facing = self.rights(|other| {
                right_beside.contains(&other)
                    && content(self.right, other)
                    && self.right_slots[other] == self.left_slots[at]
                    && self.left.token(at).alike(self.right.token(other)).is_none()
            });
            if let Some(&other) = facing.first() {
                self.explain(DifferenceKind::Party, &[at], &[other]);
            }
        }
    }

    /// Words that both sides have, in another place.
    fn moved(&mut self) {
        let content = |side: &Side, at: At| {
            matches!(side.token(at).class(), Class::Content | Class::Function)
        };
        let lefts = self.lefts(|at| self.left_pairs[at].is_none() && content(self.left, at));
        let mut rights =
            self.rights(|at| self.right_pairs[at].is_none() && content(self.right, at));
        let mut moved: Vec<(At, At)> = Vec::new();
        for at in lefts {
            let alike = |&other: &At| {
                self.left.token(at).alike(self.right.token(other)) >= Some(Tier::Stem)
            };
            if let Some(place) = rights.iter().position(alike) {
                moved.push((at, rights.remove(place)));
            }
        }
        // Articles and prepositions alone do not move: others stand there.
        let mut run: Vec<(At, At)> = Vec::new();
        let mut runs = Vec::new();
        for pair in moved {
            if run.last().is_some_and(|&(l, r)| pair.0 != l + 1 || pair.1 != r + 1) {
                runs.push(std::mem::take(&mut run));
            }
            run.push(pair);
        }
        runs.push(run);
        for run in runs {
            if run.iter().any(|&(l, _)| self.left.token(l).class() == Class::Content) {
                let (l, r): (Vec<At>, Vec<At>) = run.into_iter().unzip();
                self.explain(DifferenceKind::Order, &l, &r);
            }
        }
    }

    /// Tokens that stand for each other and are not the same.
    fn pairs(&mut self) {
        for at in 0..self.left.tokens.len() {
            let Some((other, tier)) = self.left_pairs[at] else { continue };
            if self.left_done[at] || self.right_done[other] {
                continue;
            }
            let kind = match tier {
                Tier::Surface => continue,
                Tier::Key if self.left.is_value(at) => DifferenceKind::Notation,
                Tier::Key => DifferenceKind::Case,
                Tier::Stem => DifferenceKind::Inflection,
                Tier::Root if self.left.is_punctuation(at) => DifferenceKind::Punctuation,
                Tier::Root => DifferenceKind::Word,
            };
            self.explain(kind, &[at], &[other]);
        }
    }

    /// What is left: words and signs that face each other, or nothing.
    fn rest(&mut self) {
        let mut slots: Vec<usize> = (self.lefts(|_| true).iter().map(|&at| self.left_slots[at]))
            .chain(self.rights(|_| true).iter().map(|&at| self.right_slots[at]))
            .collect();
        slots.sort_unstable();
        slots.dedup();
        for slot in slots {
            let lefts = self.lefts(|at| self.left_slots[at] == slot);
            let rights = self.rights(|at| self.right_slots[at] == slot);
            let words = |side: &Side, all: &[At]| -> Vec<At> {
                all.iter().copied().filter(|&at| !side.is_punctuation(at)).collect()
            };
            let (l, r) = (words(self.left, &lefts), words(self.right, &rights));
            self.explain(DifferenceKind::Word, &l, &r);
            let signs = |all: Vec<At>, done: &[bool]| -> Vec<At> {
                all.into_iter().filter(|&at| !done[at]).collect()
            };
            let l = signs(lefts, &self.left_done);
            let r = signs(rights, &self.right_done);
            self.explain(DifferenceKind::Punctuation, &l, &r);
        }
    }

    /// Codes that only one side has, or that stand before another token.
    fn codes(&mut self) {
        // A code stands before the same token when those of the two sides face each other.
        let before = |side: &Side, slots: &[usize]| -> Vec<(u8, usize, usize, usize)> {
            let token =
                |offset: usize| side.tokens.partition_point(|token| token.span().start < offset);
            let slot = |at: usize| slots.get(at).copied().unwrap_or(usize::MAX);
            let codes = side.codes.iter();
            codes.map(|&(kind, at)| (kind, slot(token(at)), token(at), at)).collect()
        };
        let mut lefts = before(self.left, &self.left_slots);
        let mut rights = before(self.right, &self.right_slots);
        lefts.retain(|l| {
            let there = rights.iter().position(|r| (l.0, l.1) == (r.0, r.1));
            there.map(|place| rights.remove(place)).is_none()
        });
        for (kind, _, token, at) in lefts {
            let there = match rights.iter().position(|r| r.0 == kind) {
                Some(place) => rights.remove(place).3,
                None => place(token, &self.left_pairs, self.right).start,
            };
            self.push(DifferenceKind::Code, at..at, there..there);
        }
        for (_, _, token, at) in rights {
            let here = place(token, &self.right_pairs, self.left).start;
            self.push(DifferenceKind::Code, here..here, at..at);
        }
    }

    /// All tokens are the same, and still the texts differ: by a space.
    fn spaces(&mut self) {
        let gap = |side: &Side, at: usize| {
            let end = |n: usize| side.tokens.get(n).map_or(side.text.len(), |t| t.span().start);
            let start = if at == 0 { 0 } else { side.tokens[at - 1].span().end };
            start..end(at).max(start)
        };
        let tokens = self.left.tokens.len();
        for at in 1..tokens.min(self.right.tokens.len()) {
            let (l, r) = (gap(self.left, at), gap(self.right, at));
            if l.is_empty() != r.is_empty() {
                self.push(DifferenceKind::Punctuation, l, r);
            }
        }
        if self.found.is_empty() {
            let (l, r) = (0..self.left.text.len(), 0..self.right.text.len());
            self.push(DifferenceKind::Punctuation, l, r);
        }
    }
}

fn unaccented(key: &str) -> String {
    key.nfd().filter(|&character| !is_combining_mark(character)).collect()
}

/// Takes out pairs that pass a test, each once, in order.
fn take<'m>(
    lefts: &mut Vec<&'m Marker>,
    rights: &mut Vec<&'m Marker>,
    test: impl Fn(&Marker, &Marker) -> bool,
) -> Vec<(&'m Marker, &'m Marker)> {
    let mut taken = Vec::new();
    lefts.retain(|l| match rights.iter().position(|r| test(l, r)) {
        Some(place) => {
            taken.push((*l, rights.remove(place)));
            false
        }
        None => true,
    });
    taken
}

/// The word a marker bears on: the next one that carries matter, or the one inside it.
fn head(side: &Side, marker: &Marker) -> Option<At> {
    let from = marker.tokens[0] + 1;
    (from..side.tokens.len().min(from + 6))
        .find(|&at| !marker.tokens.contains(&at) && side.token(at).class() == Class::Content)
}

/// Whether two names are members of one enumeration: *la France et l’Allemagne*.
fn is_enumeration(side: &Side, first: At, last: At) -> bool {
    let between = &side.tokens[first + 1..last];
    let joins = |key: &str| matches!(key, "et" | "and" | "и" | "ou" | "or" | "или" | "," | "-");
    between.iter().any(|token| joins(token.key()))
        && (first + 1..last)
            .all(|at| side.token(at).class() == Class::Function || side.is_punctuation(at))
}

/// Where on the other side something would stand: after the partner of what stands before it.
fn place(at: At, pairs: &[Option<(At, Tier)>], other: &Side) -> Range<usize> {
    let before = pairs[..at.min(pairs.len())].iter().rev().find_map(|pair| *pair);
    let offset = match before {
        Some((partner, _)) => other.tokens[partner].span().end,
        None => other.tokens.first().map_or(0, |token| token.span().start),
    };
    offset..offset
}
