//! The lists of words on which the meaning hangs, and where they stand in a sentence.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;

use super::DifferenceKind;
use crate::Lang;
use crate::text::{Token, TokenKind, tokens};

/// Words on which the meaning of a sentence hangs: negations, modal verbs, contraries, numbers in
/// letters, parties. French, English and Russian have lists; a caller can add to them or make
/// lists for other languages.
///
/// # Format
///
/// A list is text. Every line is a directive and phrases, separated by `;`. Phrases that mean the
/// same form a pole; poles are separated by `|`. A line that begins with `#` is a comment.
///
/// In a phrase, `*` at the end of a word stands for any ending, and `…` for up to six words with
/// no punctuation mark among them. Case does not count. Of the phrases at one place, the one of
/// more words wins, then the shorter.
///
/// | directive | what it lists |
/// |---|---|
/// | `negation! …` | negations |
/// | `negation+ …` | words that negate alone, but are part of a negation that stands beside them (*aucun*) |
/// | `modality! … \| …` | modal expressions, a pole for each strength |
/// | `polarity … \| …` | contraries: a word of one pole in the place of a word of another is a difference |
/// | `number`, `date`, `party`, `term` | the same for numbers in letters, dates, roles, terms |
/// | `not …` | phrases that look like one of the others and are none (*un pas*, *not only*) |
/// | `party name …` | names of parties, written with a capital |
/// | `party head …` | words beside which a changed word names a party (*la partie russe*) |
/// | `relation …` | words whose two sides do not change places (*A against B*) |
/// | `prefix …` | prefixes that turn a word into its contrary (*possible*, *impossible*) |
///
/// A directive with `!` (`polarity! sans`) also counts where the other side has nothing.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{CriticalWords, Differ, DifferenceKind}};
///
/// let mut words = CriticalWords::of(&Lang::FR);
/// words.add("polarity à titre gracieux; gratuit* | à titre onéreux; payant*")?;
/// let differ = Differ::with_words(words);
/// let [query, stored] = ["L’accès est gratuit.", "L’accès est payant."].map(Segment::from);
/// assert_eq!(differ.differences(&query, &stored)[0].kind(), DifferenceKind::Polarity);
/// # Ok::<(), chancery::similarity::CriticalWordsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CriticalWords {
    lang: Lang,
    lists: Arc<Lists>,
}

/// A line of a list of [critical words](CriticalWords) that can not be read.
///
/// ```
/// use chancery::{Lang, similarity::CriticalWords};
///
/// let error = CriticalWords::of(&Lang::FR).add("# mine\nnegotiation peu").unwrap_err();
/// assert!(error.to_string().starts_with("line 2: `negotiation` is no directive"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CriticalWordsError {
    line: usize,
    reason: String,
}

#[derive(Clone, Debug, Default)]
struct Lists {
    rules: Vec<Rule>,
    phrases: Vec<Phrase>,
    /// Phrases by the key of their first word.
    whole: HashMap<Box<str>, Vec<u32>, RandomState>,
    /// Phrases whose first word may have any ending, by what it begins with.
    beginning: HashMap<Box<str>, Vec<u32>, RandomState>,
    prefixes: Vec<Box<str>>,
}

/// What the phrases of one line are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) role: Role,
    /// Whether it counts where the other side has nothing.
    pub(super) alone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Marks(DifferenceKind),
    /// Negates alone, but is part of a negation beside it.
    WeakNegation,
    /// Looks like a marker and is none.
    Nothing,
    PartyName,
    PartyHead,
    /// Stands between two that are not to change places.
    Relation,
}

#[derive(Clone, Debug)]
struct Phrase {
    rule: u32,
    pole: u8,
    words: Vec<Word>,
}

#[derive(Clone, Debug)]
struct Word {
    key: Box<str>,
    /// Any ending will do.
    open: bool,
    /// Other words may stand before it.
    gap: bool,
}

/// A phrase of the lists in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) rule: usize,
    pub(super) pole: u8,
    /// The numbers of the tokens that are its words, in order.
    pub(super) tokens: Vec<usize>,
}

/// A phrase on which the meaning of a sentence hangs, seen from outside.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) kind: DifferenceKind,
    /// Whether it negates only where no other negation stands beside it.
    pub(crate) weak: bool,
    /// For a modal expression its strength: duty, recommendation, permission, possibility.
    pub(crate) pole: u8,
    /// The number of its first token.
    pub(crate) first: usize,
    /// The bytes from its first word to its last.
    pub(crate) span: Range<usize>,
}

/// How many words `…` stands for at most.
const GAP: usize = 6;
/// The shortest beginning of a word that `*` may follow.
const SHORTEST_BEGINNING: usize = 2;

impl CriticalWords {
    /// The lists of a language, or empty ones if it has none.
    pub fn of(lang: &Lang) -> CriticalWords {
        let lists = match lang.primary() {
            "fr" => Arc::clone(&FR),
            "en" => Arc::clone(&EN),
            "ru" => Arc::clone(&RU),
            _ => Arc::default(),
        };
        CriticalWords { lang: lang.clone(), lists }
    }

    /// Empty lists.
    pub fn empty(lang: &Lang) -> CriticalWords {
        CriticalWords { lang: lang.clone(), lists: Arc::default() }
    }

    /// The language of the words.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// Adds lines in the [format](CriticalWords#format) of the lists.
    ///
    /// # Errors
    ///
    /// The first line that can not be read. Then nothing was added.
    pub fn add(&mut self, text: &str) -> Result<(), CriticalWordsError> {
        let mut lists = Lists::clone(&self.lists);
        lists.add(text, &self.lang)?;
        self.lists = Arc::new(lists);
        Ok(())
    }

    /// The negations, modal expressions and contraries in a text, for a comparison across
    /// languages; of contraries only those that count where the other side has nothing.
    pub(crate) fn marks(&self, tokens: &[Token], text: &str) -> Vec<Mark> {
        let markers = self.find(text, tokens).into_iter();
        markers
            .filter_map(|marker| {
                let rule = self.rule(marker.rule);
                let (kind, weak) = match rule.role {
                    Role::WeakNegation => (DifferenceKind::Negation, true),
                    Role::Marks(kind) if rule.alone => (kind, false),
                    _ => return None,
                };
                let (first, last) = (marker.tokens[0], marker.tokens[marker.tokens.len() - 1]);
                let span = tokens[first].span().start..tokens[last].span().end;
                Some(Mark { kind, weak, pole: marker.pole, first, span })
            })
            .collect()
    }

    pub(super) fn rule(&self, number: usize) -> &Rule {
        &self.lists.rules[number]
    }

    pub(super) fn prefixes(&self) -> &[Box<str>] {
        &self.lists.prefixes
    }

    /// The markers of a sentence, in order.
    pub(super) fn find(&self, text: &str, tokens: &[Token]) -> Vec<Marker> {
        let lists = &*self.lists;
        let mut candidates = Vec::new();
        for at in 0..tokens.len() {
            let key = tokens[at].key();
            let whole = lists.whole.get(key).into_iter().flatten();
            let beginnings = key
                .char_indices()
                .map(|(end, _)| &key[..end])
                .skip(SHORTEST_BEGINNING)
                .chain(std::iter::once(key))
                .filter_map(|beginning| lists.beginning.get(beginning))
                .flatten();
            for &number in whole.chain(beginnings) {
                let phrase = &lists.phrases[number as usize];
                let is_name = lists.rules[phrase.rule as usize].role == Role::PartyName;
                if is_name && !text[tokens[at].span()].starts_with(char::is_uppercase) {
                    continue;
                }
                if let Some(found) = phrase.at(tokens, at) {
                    let (rule, pole) = (phrase.rule as usize, phrase.pole);
                    candidates.push(Marker { rule, pole, tokens: found });
                }
            }
        }
        let extent = |marker: &Marker| marker.tokens[marker.tokens.len() - 1] - marker.tokens[0];
        candidates.sort_by_key(|marker| {
            (usize::MAX - marker.tokens.len(), extent(marker), marker.tokens[0], marker.rule)
        });
        let mut taken: Vec<Option<usize>> = vec![None; tokens.len()];
        let mut found: Vec<Marker> = Vec::new();
        for candidate in candidates {
            // A word is part of one phrase; but the same phrase may stand in several lists.
            let holder = candidate.tokens.iter().find_map(|&token| taken[token]);
            match holder {
                Some(holder) if found[holder].tokens != candidate.tokens => continue,
                Some(_)
                    if found.iter().any(|f| {
                        f.tokens == candidate.tokens
                            && (f.rule == candidate.rule
                                || lists.rules[f.rule].role == Role::Nothing)
                    }) =>
                {
                    continue;
                }
                Some(_) => {}
                None => candidate.tokens.iter().for_each(|&token| taken[token] = Some(found.len())),
            }
            found.push(candidate);
        }
        found.retain(|marker| lists.rules[marker.rule].role != Role::Nothing);
        found.sort_by(|a, b| (&a.tokens, a.rule).cmp(&(&b.tokens, b.rule)));
        self.join_negations(tokens, &mut found);
        found
    }

    /// *Ne … en aucun cas*, *никто не*: several words, one negation.
    fn join_negations(&self, tokens: &[Token], found: &mut Vec<Marker>) {
        let role = |marker: &Marker| self.rule(marker.rule).role;
        let strong: Vec<usize> = found
            .iter()
            .filter(|&marker| role(marker) == Role::Marks(DifferenceKind::Negation))
            .flat_map(|marker| marker.tokens.iter().copied())
            .collect();
        let mut last_weak: Option<usize> = None;
        found.retain(|marker| {
            if role(marker) != Role::WeakNegation {
                return true;
            }
            let at = marker.tokens[0];
            let near = |&other: &usize| {
                let (from, to) = (at.min(other), at.max(other));
                to - from <= 10 && tokens[from..to].iter().all(|token| !ends_clause(token.key()))
            };
            let joined = strong.iter().any(near) || last_weak.as_ref().is_some_and(near);
            last_weak = Some(at);
            !joined
        });
    }
}

fn ends_clause(key: &str) -> bool {
    matches!(key, "." | ";" | ":" | "!" | "?" | "(" | ")")
}

impl Phrase {
    /// The tokens it stands at, if it begins at this one.
    fn at(&self, tokens: &[Token], start: usize) -> Option<Vec<usize>> {
        let mut found = Vec::with_capacity(self.words.len());
        let mut next = start;
        for word in &self.words {
            let limit = if word.gap { GAP } else { 0 };
            let mut at = next;
            while !word.is(tokens.get(at)?.key()) {
                if at - next == limit || tokens[at].kind() == TokenKind::Punctuation {
                    return None;
                }
                at += 1;
            }
            found.push(at);
            next = at + 1;
        }
        Some(found)
    }
}

impl Word {
    fn is(&self, key: &str) -> bool {
        if self.open { key.starts_with(&*self.key) } else { *self.key == *key }
    }
}

impl Lists {
    fn add(&mut self, text: &str, lang: &Lang) -> Result<(), CriticalWordsError> {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                self.add_line(line, lang)
                    .map_err(|reason| CriticalWordsError { line: number + 1, reason })?;
            }
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str, lang: &Lang) -> Result<(), String> {
        let (directive, rest) = line.split_once(' ').unwrap_or((line, ""));
        if directive == "prefix" {
            self.prefixes.extend(rest.split_whitespace().map(Box::from));
            return Ok(());
        }
        let alone = directive.ends_with('!');
        let marks = Role::Marks;
        let (role, rest) = match directive.trim_end_matches('!') {
            "negation" => (marks(DifferenceKind::Negation), rest),
            "negation+" => (Role::WeakNegation, rest),
            "modality" => (marks(DifferenceKind::Modality), rest),
            "polarity" => (marks(DifferenceKind::Polarity), rest),
            "number" => (marks(DifferenceKind::Number), rest),
            "date" => (marks(DifferenceKind::Date), rest),
            "term" => (marks(DifferenceKind::Term), rest),
            "not" => (Role::Nothing, rest),
            "relation" => (Role::Relation, rest),
            "party" => match (rest.strip_prefix("name "), rest.strip_prefix("head ")) {
                (Some(rest), _) => (Role::PartyName, rest),
                (_, Some(rest)) => (Role::PartyHead, rest),
                _ => (marks(DifferenceKind::Party), rest),
            },
            other => {
                let known = "negation, modality, polarity, number, date, term, party, relation, \
                             not, prefix";
                return Err(format!("`{other}` is no directive; write one of {known}"));
            }
        };
        // Negations are compared with each other whatever line they come from, and so are modal
        // expressions.
        let rule = Rule { role, alone: alone || role == Role::WeakNegation };
        let shared = matches!(
            role,
            Role::Marks(DifferenceKind::Negation | DifferenceKind::Modality)
                | Role::WeakNegation
                | Role::Nothing
                | Role::PartyName
                | Role::PartyHead
        );
        let known = self.rules.iter().position(|other| shared && *other == rule);
        let number = known.unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        });
        for (pole, phrases) in rest.split('|').enumerate() {
            let pole = u8::try_from(pole).map_err(|_| "more than 256 poles".to_owned())?;
            for text in phrases.split(';').map(str::trim).filter(|text| !text.is_empty()) {
                let words = words(text, lang)?;
                let Some(first) = words.first() else {
                    return Err(format!("`{text}` has no words"));
                };
                let by = if first.open { &mut self.beginning } else { &mut self.whole };
                by.entry(first.key.clone()).or_default().push(self.phrases.len() as u32);
                self.phrases.push(Phrase { rule: number as u32, pole, words });
            }
        }
        Ok(())
    }
}

fn words(text: &str, lang: &Lang) -> Result<Vec<Word>, String> {
    let mut found = Vec::new();
    let mut gap = false;
    for piece in text.split_whitespace() {
        if piece == "…" {
            gap = true;
            continue;
        }
        let open = piece.ends_with('*');
        let piece = piece.trim_end_matches('*');
        if open && piece.chars().count() < SHORTEST_BEGINNING {
            return Err(format!("`{piece}*` would stand for too many words"));
        }
        // An elided word is one only before another.
        let elided = piece.ends_with('\'');
        let written = if elided { format!("{piece}a") } else { piece.to_owned() };
        let mut keys: Vec<Box<str>> =
            tokens(&written, lang).iter().map(|token| token.key().into()).collect();
        if elided && keys.last().is_some_and(|key| **key == *"a") {
            keys.pop();
        }
        let last = keys.len();
        for (number, key) in keys.into_iter().enumerate() {
            let open = open && number + 1 == last;
            found.push(Word { key, open, gap: std::mem::take(&mut gap) && !found.is_empty() });
        }
    }
    Ok(found)
}

fn list(lang: &Lang, texts: [&'static str; 2]) -> Arc<Lists> {
    let mut lists = Lists::default();
    for text in texts {
        if let Err(error) = lists.add(text, lang) {
            // The lists are part of the program; a test reads them all.
            unreachable!("{lang}: {error}");
        }
    }
    Arc::new(lists)
}

static FR: LazyLock<Arc<Lists>> = LazyLock::new(|| {
    list(&Lang::FR, [include_str!("words/fr.txt"), include_str!("words/states.fr.txt")])
});
static EN: LazyLock<Arc<Lists>> = LazyLock::new(|| {
    list(&Lang::EN, [include_str!("words/en.txt"), include_str!("words/states.en.txt")])
});
static RU: LazyLock<Arc<Lists>> = LazyLock::new(|| {
    list(&Lang::RU, [include_str!("words/ru.txt"), include_str!("words/states.ru.txt")])
});
