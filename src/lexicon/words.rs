//! The words that translations are learnt on: shorter and coarser than tokens.
//!
//! Inflection scatters the evidence that a short document has, so a word here is the first
//! letters of a word there, in lower case. Cutting works for any language with an alphabet and
//! costs nothing; languages written without spaces give one word a character.

use std::collections::HashMap;
use std::ops::Range;

use crate::text::Normal;

/// Letters of a word that count. Six is the measured optimum of five to eight over the languages
/// at hand; a stemmer is no better and knows fewer languages.
const LETTERS: usize = 6;

/// The letters that count of a word that is in normal form and in lower case.
pub(crate) fn beginning(word: &str) -> &str {
    word.char_indices().nth(LETTERS).map_or(word, |(end, _)| &word[..end])
}

/// Calls `each` with every word of a text and the bytes of the normal form it stands in, in order:
/// words, runs of digits, punctuation marks.
///
/// Digits are grouped in many ways (`1 250 000,50`, `1,250,000.50`); runs of digits alone are the
/// same in all of them. Leading zeros go: `01.02` and `1.2` are one date.
pub(crate) fn words(text: &Normal, mut each: impl FnMut(&str, Range<usize>)) {
    let mut word = String::new();
    let (mut letters, mut start) = (0, 0);
    let mut kind = Kind::Space;
    for (at, character) in text.text().char_indices() {
        let next = Kind::of(character);
        let joins = next == kind && matches!(next, Kind::Letter | Kind::Digit);
        if !joins {
            finish(&mut word, kind, start..at, &mut each);
            (letters, start) = (0, at);
        }
        kind = next;
        match next {
            Kind::Space => {}
            Kind::Letter => {
                if letters < LETTERS {
                    word.extend(character.to_lowercase());
                }
                letters += 1;
            }
            Kind::Digit | Kind::Alone => word.push(character),
        }
    }
    finish(&mut word, kind, start..text.text().len(), &mut each);
}

fn finish(
    word: &mut String,
    kind: Kind,
    span: Range<usize>,
    each: &mut impl FnMut(&str, Range<usize>),
) {
    if !word.is_empty() {
        match kind {
            Kind::Digit => {
                let digits = word.trim_start_matches('0');
                each(if digits.is_empty() { "0" } else { digits }, span);
            }
            _ => each(word, span),
        }
        word.clear();
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Space,
    Letter,
    Digit,
    /// Punctuation, and characters of scripts written without spaces.
    Alone,
}

impl Kind {
    fn of(character: char) -> Kind {
        match character {
            ' ' => Kind::Space,
            'a'..='z' | 'A'..='Z' => Kind::Letter,
            '0'..='9' => Kind::Digit,
            // Thai to Khmer, then kana, ideographs and their extensions.
            '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}' => Kind::Alone,
            _ if character.is_numeric() => Kind::Digit,
            _ if character.is_alphanumeric() || is_mark(character) => Kind::Letter,
            _ if character.is_control() => Kind::Space,
            _ => Kind::Alone,
        }
    }
}

/// Vowel signs and accents that stand inside words.
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// Words as numbers, in the order in which they were first seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
}

impl Vocabulary {
    /// The number of a word, a new one if it has none yet.
    pub(crate) fn intern(&mut self, word: &str) -> u32 {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.words.len() as u32;
        self.ids.insert(word.into(), id);
        self.words.push(word.into());
        id
    }

    pub(crate) fn id(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    pub(crate) fn word(&self, id: u32) -> &str {
        &self.words[id as usize]
    }

    pub(crate) fn words(&self) -> &[Box<str>] {
        &self.words
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        words(&Normal::new(text), |word, _| found.push(word.to_owned()));
        found
    }

    #[test]
    fn words_are_cut_and_digits_are_not() {
        assert_eq!(
            all("L’Assemblée, 1 250 000 fois"),
            ["l", "'", "assemb", ",", "1", "250", "0", "fois"]
        );
        assert_eq!(all("01.02.2014"), all("1.2.2014"));
        assert_eq!(all("和平 2014"), ["和", "平", "2014"]);
    }
}
