//! Word classes: how much a token weighs, known in advance and never learnt from a memory.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Lang;
use crate::text::TokenKind;

/// What a token contributes to a sentence, and with it how much it weighs in the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A word that carries matter.
    Content,
    /// A word that carries grammar: articles, pronouns, prepositions, conjunctions, auxiliaries,
    /// negations. French, English and Russian have lists; in other languages short words count
    /// little without one.
    Function,
    /// A number, date, time or reference.
    Number,
    /// A punctuation mark or symbol.
    Punctuation,
}

impl Class {
    pub(crate) const COUNT: usize = 4;
    pub(crate) const ALL: [Class; Class::COUNT] =
        [Class::Content, Class::Function, Class::Number, Class::Punctuation];
}

/// How many letters of a stem make its root. Longer stems that begin alike are of one family
/// more often than not (*négociation*, *négocier*, *négociateur*).
const ROOT_LETTERS: usize = 5;

/// The signs that divide sentences and their parts.
const STOPS: [&str; 4] = [".", ",", ";", ":"];

/// The weights, tuned on held-out translations for the usefulness of the best unit. A word of one
/// or two letters that is on no list is mostly a number in letters or a foreign particle.
const FUNCTION: u8 = 1;
const PUNCTUATION: u8 = 1;
const NUMBER: u8 = 2;
const fn content(letters: usize) -> u8 {
    if letters <= 2 { 1 } else { 2 }
}

/// The class and weight of a token, and its root: what is left of it at the coarsest tier of
/// comparison. The weight is a function of the root.
pub(super) struct Classified {
    pub(super) class: Class,
    pub(super) weight: u8,
    pub(super) root: String,
}

/// The function words of a language, as token keys; none where it has no list.
pub(crate) fn function_words(lang: &Lang) -> Option<&'static HashSet<&'static str>> {
    match lang.primary() {
        "en" => Some(&*EN),
        "fr" => Some(&*FR),
        "ru" => Some(&*RU),
        _ => None,
    }
}

/// The rules of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classifier {
    function_words: Option<&'static HashSet<&'static str>>,
}

impl Classifier {
    pub(super) fn new(lang: &Lang) -> Classifier {
        Classifier { function_words: function_words(lang) }
    }

    pub(super) fn classify(&self, kind: TokenKind, key: &str, stem: &str) -> Classified {
        let (class, weight, root) = match kind {
            // One stop in the place of another is a small change, whichever they are.
            TokenKind::Punctuation => {
                let root = if STOPS.contains(&key) { STOPS[0] } else { key };
                (Class::Punctuation, PUNCTUATION, root.to_owned())
            }
            TokenKind::Word if self.function_words.is_some_and(|list| list.contains(key)) => {
                (Class::Function, FUNCTION, key.to_owned())
            }
            TokenKind::Word => {
                let bare = stem.nfd().filter(|&character| !is_combining_mark(character));
                let root: String = bare.take(ROOT_LETTERS).collect();
                (Class::Content, content(root.chars().count()), root)
            }
            // One number in the place of another is a small change, whatever their digits.
            _ => (Class::Number, NUMBER, String::new()),
        };
        Classified { class, weight, root }
    }
}

static EN: LazyLock<HashSet<&str>> = LazyLock::new(|| list(include_str!("function_words/en.txt")));
static FR: LazyLock<HashSet<&str>> = LazyLock::new(|| list(include_str!("function_words/fr.txt")));
static RU: LazyLock<HashSet<&str>> = LazyLock::new(|| list(include_str!("function_words/ru.txt")));

fn list(text: &'static str) -> HashSet<&'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Stemmer, tokens};

    #[test]
    fn every_function_word_is_a_token_of_its_language() {
        for (lang, list) in [(Lang::EN, &*EN), (Lang::FR, &*FR), (Lang::RU, &*RU)] {
            assert!(list.len() > 100);
            for &word in list {
                // An elided word is one only before another.
                let text = if word.ends_with('\'') { format!("{word}a") } else { word.to_owned() };
                assert_eq!(tokens(&text, &lang)[0].key(), word, "{lang}");
            }
        }
    }

    #[test]
    fn a_weight_is_a_function_of_class_and_root() {
        let text = "Les négociations, le négociateur et 12 négociants à Genève en 2014 : été.";
        let stemmer = Stemmer::new(&Lang::FR);
        let classifier = Classifier::new(&Lang::FR);
        let mut seen = std::collections::HashMap::new();
        for token in tokens(text, &Lang::FR) {
            let found = classifier.classify(token.kind(), token.key(), &stemmer.stem(token.key()));
            let weight = *seen.entry((found.class, found.root)).or_insert(found.weight);
            assert_eq!(weight, found.weight);
        }
        assert_eq!(seen.get(&(Class::Content, "negoc".to_owned())), Some(&2));
    }
}
