//! Why a term was found.

use std::fmt;
use std::ops::Range;

use super::Term;
use super::inflect::Rules;
use super::pattern::Pattern;
use crate::Lang;

/// A word of a text that stands for a word of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordMatch {
    /// The bytes of the word in the term.
    pub term: Range<usize>,
    /// The bytes of the word in the text.
    pub text: Range<usize>,
    /// In what way they differ.
    pub how: How,
}

/// In what way a word of a text differs from the word of a term it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum How {
    /// Not at all.
    Exact,
    /// In capitals.
    Case,
    /// In spelling: apostrophe, hyphen, ligature, accent of a capital, ё.
    Spelling,
    /// Elided or contracted: `d’`, `du` and `des` for *de*.
    Contraction,
    /// By inflection: number, gender, case, tense or person.
    Inflection,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            How::Exact => "exact",
            How::Case => "case",
            How::Spelling => "spelling",
            How::Contraction => "contraction",
            How::Inflection => "inflection",
        })
    }
}

pub(super) fn explain(
    words: &[Range<usize>],
    text: &str,
    term: &Term,
    lang: &Lang,
) -> Vec<WordMatch> {
    let rules = Rules::new(lang);
    let pattern = Pattern::new(rules, term)
        .and_then(|pattern| match pattern.words.len() == words.len() {
            true => Some(pattern),
            false => pattern.joined(),
        })
        .map(|pattern| pattern.words)
        .unwrap_or_default();
    words
        .iter()
        .zip(&pattern)
        .map(|(range, word)| {
            let ours = &term.text[word.span.clone()];
            // An apostrophe at the end is no part of what was found: `driver's`.
            let apostrophe = text[range.end..].chars().next().filter(|&c| ours.ends_with(c));
            let end =
                range.end + apostrophe.filter(|c| !c.is_alphanumeric()).map_or(0, char::len_utf8);
            let theirs = &text[range.start..end];
            // Or it was found with it: `l'État`.
            let theirs = if ours == &text[range.clone()] { ours } else { theirs };
            let how = compare(rules, ours, theirs, &word.folded);
            WordMatch { term: word.span.clone(), text: range.clone(), how }
        })
        .collect()
}

fn compare(rules: Rules, term: &str, text: &str, folded: &str) -> How {
    let plain = |word: &str| {
        let mut word = crate::text::Normal::new(word).text().to_lowercase();
        word.retain(|c| !matches!(c, '-' | '\'' | '.'));
        word
    };
    if term == text {
        return How::Exact;
    }
    if term.to_lowercase() == text.to_lowercase() {
        return How::Case;
    }
    if plain(term) == plain(text) {
        return How::Spelling;
    }
    let theirs = rules.fold(text);
    if theirs == folded || rules.expand(&theirs).is_some_and(|parts| parts.contains(&folded)) {
        return How::Contraction;
    }
    let capital = text.starts_with(char::is_uppercase);
    if capital && without_marks(&plain(term)) == without_marks(&plain(text)) {
        return How::Spelling;
    }
    How::Inflection
}

fn without_marks(word: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    word.nfd().filter(|&c| !is_combining_mark(c)).collect()
}
