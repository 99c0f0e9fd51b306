//! Which words may be part of a term.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::Lang;
use crate::similarity::function_words;
use crate::text::{Stemmer, Token, TokenKind};

/// What a word can be in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Carries matter.
    Content,
    /// Begins no term, like *expiration* or *recommandation*, which belong to the sentence around.
    Later,
    /// Holds a group together: *de*, *of*.
    Link,
    /// No part of a term: verbs, adverbs, numbers, punctuation marks.
    Break,
}

/// The words of a language as numbers.
#[derive(Debug)]
pub(super) struct Vocabulary {
    stemmer: Stemmer,
    lists: &'static Lists,
    function: Option<&'static HashSet<&'static str>>,
    words: HashMap<Box<str>, Word>,
    stems: HashMap<Box<str>, u32>,
}

/// A word, by its number and class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The number of its stem: inflected forms share it.
    pub(super) stem: u32,
    pub(super) class: Class,
}

/// The lists of a language.
#[derive(Debug, Default)]
pub(super) struct Lists {
    breaks: HashSet<&'static str>,
    later: HashSet<&'static str>,
    links: HashMap<&'static str, &'static str>,
}

impl Vocabulary {
    pub(super) fn new(lang: &Lang) -> Vocabulary {
        let lists = match lang.primary() {
            "fr" => &*FR,
            "en" => &*EN,
            "ru" => &*RU,
            _ => &*NONE,
        };
        Vocabulary {
            stemmer: Stemmer::new(lang),
            lists,
            function: function_words(lang),
            words: HashMap::new(),
            stems: HashMap::new(),
        }
    }

    pub(super) fn word(&mut self, token: &Token) -> Word {
        if let Some(word) = self.words.get(token.key()) {
            return *word;
        }
        let key = token.key();
        let class = self.class(token);
        // All forms of a link are one: du, des and de la are de.
        let stem = match self.lists.links.get(key) {
            Some(link) => (*link).into(),
            None => self.stemmer.stem(key),
        };
        let next = self.stems.len() as u32;
        let stem = *self.stems.entry(Box::from(&*stem)).or_insert(next);
        let word = Word { stem, class };
        self.words.insert(key.into(), word);
        word
    }

    fn class(&self, token: &Token) -> Class {
        let key = token.key();
        let letters = key.chars().filter(|c| c.is_alphabetic()).count();
        if self.lists.links.contains_key(key) {
            Class::Link
        } else if token.kind() != TokenKind::Word
            || letters < 2
            || key.contains(|c: char| c.is_numeric() || c == '_' || c == '.')
            || self.lists.breaks.contains(key)
            || self.function.is_some_and(|list| list.contains(key))
        {
            Class::Break
        } else if self.lists.later.contains(key) {
            Class::Later
        } else {
            Class::Content
        }
    }
}

impl Lists {
    /// Reads a list: lines of words after `break`, `later` or `link`; a link and its forms, the
    /// first of which stands for all, on one line.
    fn read(text: &'static str) -> Lists {
        let mut lists = Lists::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("break") => lists.breaks.extend(words),
                Some("later") => lists.later.extend(words),
                Some("link") => {
                    let mut words = words.peekable();
                    if let Some(first) = words.peek().copied() {
                        lists.links.extend(words.map(|word| (word, first)));
                    }
                }
                _ => {}
            }
        }
        lists
    }
}

static FR: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words/fr.txt")));
static EN: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words/en.txt")));
static RU: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words/ru.txt")));
static NONE: LazyLock<Lists> = LazyLock::new(Lists::default);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn words_have_their_class_and_forms_their_stem() {
        let mut vocabulary = Vocabulary::new(&Lang::FR);
        let classes = |vocabulary: &mut Vocabulary, text: &str| -> Vec<Class> {
            tokens(text, &Lang::FR).iter().map(|token| vocabulary.word(token).class).collect()
        };
        assert_eq!(
            classes(&mut vocabulary, "le traité de paix doit 12,"),
            [
                Class::Link,
                Class::Content,
                Class::Link,
                Class::Content,
                Class::Break,
                Class::Break,
                Class::Break,
            ]
        );
        let stem = |vocabulary: &mut Vocabulary, word: &str| {
            vocabulary.word(&tokens(word, &Lang::FR)[0]).stem
        };
        assert_eq!(stem(&mut vocabulary, "traités"), stem(&mut vocabulary, "traité"));
        assert_eq!(stem(&mut vocabulary, "du"), stem(&mut vocabulary, "de"));
    }
}
