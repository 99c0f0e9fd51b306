//! A query made ready to be looked for in segments.

use std::collections::HashSet;
use std::ops::Range;

use super::query::{Piece, Term};
use crate::Lang;
use crate::memory::finder::Failure;
use crate::memory::index::{Sought, Tokens, Wanted};
use crate::memory::phrase::Word;
use crate::similarity::{Atom, Class, Preparer, Tier};
use crate::text::Normal;

/// A query, ready.
#[derive(Debug)]
pub(super) struct Matcher {
    terms: Vec<Demand>,
}

/// Words that must stand side by side, or must not.
#[derive(Debug)]
struct Demand {
    negated: bool,
    wishes: Vec<Wish>,
    /// Which group of what is [wanted](Matcher::wanted) the first of them is, if they must be there.
    first: Option<usize>,
}

/// What a token must be.
#[derive(Debug)]
enum Wish {
    /// A form of this word.
    Inflected(Word),
    /// This key.
    Exact(Atom),
    /// One of these keys.
    Begins { keys: HashSet<u64>, sought: Vec<Sought> },
}

/// Gives the distinct tokens of all segments whose key begins with a text.
pub(super) type Vocabulary<'v> = &'v dyn Fn(&str) -> Result<Vec<Atom>, Failure>;

impl Matcher {
    pub(super) fn new(
        terms: &[Term],
        lang: &Lang,
        vocabulary: Vocabulary<'_>,
    ) -> Result<Matcher, Failure> {
        let preparer = Preparer::new(lang);
        let mut groups = 0;
        let mut demands = Vec::with_capacity(terms.len());
        for term in terms {
            let mut wishes = Vec::new();
            for piece in &term.pieces {
                wishes.extend(Wish::of(piece, &preparer, lang, vocabulary)?);
            }
            let first = (!term.negated).then_some(groups);
            groups += first.map_or(0, |_| wishes.len());
            demands.push(Demand { negated: term.negated, wishes, first });
        }
        Ok(Matcher { terms: demands })
    }

    /// What the index is to look for, in so many units.
    pub(super) fn wanted(&self, most: usize) -> Wanted {
        let there = self.terms.iter().filter(|demand| !demand.negated);
        let groups = there.flat_map(|demand| &demand.wishes).map(Wish::sought);
        let refused = self.terms.iter().filter_map(|demand| match demand.wishes.as_slice() {
            [only] if demand.negated => Some(only.sought()),
            _ => None,
        });
        let mut refused: Vec<Sought> = refused.flatten().collect();
        refused.sort_unstable();
        Wanted { groups: groups.collect(), lacking: 0, refused, most }
    }

    /// Whether a segment that has what is [wanted](Matcher::wanted) has what is asked for: no words
    /// have to stand side by side.
    pub(super) fn is_decided(&self) -> bool {
        self.terms
            .iter()
            .all(|demand| demand.wishes.len() == 1 || demand.negated && demand.wishes.is_empty())
    }

    /// Whether a segment has what is asked for, and nothing that it must not have.
    pub(super) fn is_met(&self, tokens: &Tokens<'_>) -> bool {
        self.terms.iter().all(|demand| demand.is_met(tokens) != demand.negated)
    }

    /// Where a segment has what is asked for, in tokens, in order and apart; nothing if it lacks
    /// something or has what it must not have.
    pub(super) fn find(&self, atoms: &[Atom]) -> Option<Vec<Range<usize>>> {
        // Punctuation does not count.
        let words: Vec<usize> =
            (0..atoms.len()).filter(|&at| atoms[at].class != Class::Punctuation).collect();
        let mut places = Vec::new();
        for demand in &self.terms {
            let found = occurrences(&demand.wishes, atoms, &words);
            if found.is_empty() != demand.negated {
                return None;
            }
            places.extend(found);
        }
        places.sort_unstable_by_key(|place| (place.start, place.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
        for place in places {
            match apart.last_mut().filter(|last| place.start < last.end) {
                Some(last) => last.end = last.end.max(place.end),
                None => apart.push(place),
            }
        }
        Some(apart)
    }
}

impl Demand {
    /// Whether the words stand side by side anywhere. Punctuation does not count.
    fn is_met(&self, tokens: &Tokens<'_>) -> bool {
        let stand = |start| {
            self.may_stand(tokens, start, |_, _| true)
                && self.may_stand(tokens, start, |at, number| {
                    self.wishes[number].is_met(&tokens.atom(at))
                })
        };
        match self.first {
            _ if self.wishes.is_empty() => false,
            Some(group) => tokens.places(group).any(stand),
            None => (0..tokens.count()).any(stand),
        }
    }

    /// Whether the words may stand from a token on, by what is known of tokens without reading
    /// them; and what else is to be true of each token and the number of its word.
    fn may_stand(
        &self,
        tokens: &Tokens<'_>,
        start: usize,
        is: impl Fn(usize, usize) -> bool,
    ) -> bool {
        let may = |at: usize, number: usize| {
            let known = self.first.and_then(|first| tokens.is_of(at, first + number));
            known.unwrap_or_else(|| tokens.class(at) != Class::Punctuation) && is(at, number)
        };
        let mut at = start;
        for number in 0..self.wishes.len() {
            while at < tokens.count() && !may(at, number) {
                if number == 0 || tokens.class(at) != Class::Punctuation {
                    return false;
                }
                at += 1;
            }
            if at == tokens.count() {
                return false;
            }
            at += 1;
        }
        true
    }
}

fn occurrences(wishes: &[Wish], atoms: &[Atom], words: &[usize]) -> Vec<Range<usize>> {
    if wishes.is_empty() {
        return Vec::new();
    }
    let windows = words.windows(wishes.len());
    windows
        .filter(|window| window.iter().zip(wishes).all(|(&at, wish)| wish.is_met(&atoms[at])))
        .filter_map(|window| Some(*window.first()?..window.last()? + 1))
        .collect()
}

impl Wish {
    /// The words of a piece; where it is a beginning, that is true of the last of them.
    fn of(
        piece: &Piece,
        preparer: &Preparer,
        lang: &Lang,
        vocabulary: Vocabulary<'_>,
    ) -> Result<Vec<Wish>, Failure> {
        let prepared = preparer.prepare(&piece.text.as_str().into());
        let tokens: Vec<_> = (prepared.tokens().iter())
            .filter(|token| token.class() != Class::Punctuation)
            .collect();
        let mut wishes = Vec::with_capacity(tokens.len());
        for (number, token) in tokens.iter().enumerate() {
            let atom = token.atom();
            wishes.push(if piece.prefix && number + 1 == tokens.len() {
                let written = Normal::new(&piece.text[token.span()]).text().to_lowercase();
                let found = vocabulary(&written)?;
                let mut sought: Vec<Sought> =
                    found.iter().map(|atom| Sought::of(atom, Tier::Key)).collect();
                sought.sort_unstable();
                sought.dedup();
                let keys = found.iter().map(|atom| atom.tiers[Tier::Key as usize]).collect();
                Wish::Begins { keys, sought }
            } else if piece.exact {
                Wish::Exact(atom)
            } else {
                Wish::Inflected(Word::new(atom, lang))
            });
        }
        Ok(wishes)
    }

    fn is_met(&self, atom: &Atom) -> bool {
        let key = Tier::Key as usize;
        match self {
            Wish::Inflected(word) => word.is_like(atom),
            Wish::Exact(wanted) => wanted.tiers[key] == atom.tiers[key],
            Wish::Begins { keys, .. } => keys.contains(&atom.tiers[key]),
        }
    }

    fn sought(&self) -> Vec<Sought> {
        match self {
            Wish::Inflected(word) => word.sought(),
            Wish::Exact(atom) => vec![Sought::of(atom, Tier::Key)],
            Wish::Begins { sought, .. } => sought.clone(),
        }
    }
}
