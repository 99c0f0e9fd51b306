//! What the aligner sees of a text: words as numbers, lengths, how sentences open and close.

use std::borrow::Cow;
use std::ops::Range;

use super::fixed::Bond;
use crate::lexicon::words::{Vocabulary, words};
use crate::text::Normal;

/// Words of one sentence that are looked at. A longer one is a text that nobody segmented: its
/// first words tell what it is, its length is known in full.
pub(crate) const MOST_WORDS: usize = 600;

/// The ways a sentence opens, as classes.
pub(crate) const OPENINGS: usize = 7;
/// The ways a sentence closes, as classes.
pub(crate) const CLOSINGS: usize = 9;
/// The class of a sentence that opens in lower case.
pub(crate) const OPENS_LOWER: u8 = 4;
/// The class of a sentence that closes in a colon or semicolon.
pub(crate) const CLOSES_OPEN: u8 = 5;
/// The class of a sentence that closes in a letter or digit.
pub(crate) const CLOSES_IN_WORD: u8 = 7;

/// One side of an alignment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) vocabulary: Vocabulary,
    /// How often each word of the vocabulary stands in the text.
    pub(crate) frequencies: Vec<u32>,
    pub(crate) words: Vec<u32>,
    /// Where each sentence's words start; one more at the end.
    starts: Vec<u32>,
    /// A fingerprint of each sentence's normal form; zero for one without any sign.
    pub(crate) prints: Vec<u64>,
    /// Letters and digits of each sentence.
    pub(crate) letters: Vec<f32>,
    pub(crate) openings: Vec<u8>,
    pub(crate) closings: Vec<u8>,
    /// Whether a paragraph ends after each sentence.
    pub(crate) paragraph_ends: Vec<bool>,
    /// What the search may do with each line.
    pub(crate) bonds: Vec<Bond>,
    /// Whether the text has paragraphs of more than one sentence, so that their ends tell.
    pub(crate) has_paragraphs: bool,
}

impl Side {
    /// Reads lines, each with the number of the paragraph it ends in.
    pub(crate) fn new<'t>(
        lines: impl Iterator<Item = (Cow<'t, str>, usize)>,
        bonds: &[Bond],
    ) -> Side {
        let mut side = Side { starts: vec![0], bonds: bonds.to_vec(), ..Side::default() };
        let mut paragraphs = Vec::new();
        for (text, paragraph) in lines {
            let normal = Normal::new(&text);
            let mut count = 0;
            words(&normal, |word, _| {
                count += 1;
                if count <= MOST_WORDS {
                    let id = side.vocabulary.intern(word);
                    if id as usize == side.frequencies.len() {
                        side.frequencies.push(0);
                    }
                    side.frequencies[id as usize] += 1;
                    side.words.push(id);
                }
            });
            side.starts.push(side.words.len() as u32);
            side.letters.push(normal.text().chars().filter(|c| c.is_alphanumeric()).count() as f32);
            let print = xxhash_rust::xxh3::xxh3_64(normal.text().as_bytes());
            side.prints.push(if normal.text().is_empty() { 0 } else { print.max(1) });
            side.openings.push(opening(normal.text()));
            side.closings.push(closing(normal.text()));
            paragraphs.push(paragraph);
        }
        let count = paragraphs.last().map_or(0, |last| last + 1);
        side.has_paragraphs = count > 1 && count < paragraphs.len();
        side.paragraph_ends = (0..paragraphs.len())
            .map(|at| paragraphs.get(at + 1).is_none_or(|next| *next != paragraphs[at]))
            .collect();
        side
    }

    /// The number of sentences.
    pub(crate) fn len(&self) -> usize {
        self.letters.len()
    }

    /// Where the words of a stretch of sentences stand.
    pub(crate) fn span(&self, sentences: Range<usize>) -> Range<u32> {
        self.starts[sentences.start]..self.starts[sentences.end]
    }

    pub(crate) fn words_of(&self, sentence: usize) -> &[u32] {
        &self.words[self.starts[sentence] as usize..self.starts[sentence + 1] as usize]
    }

    /// Whether a sentence ends in a letter or digit and the next does not go on in lower case.
    pub(crate) fn is_title(&self, sentence: usize) -> bool {
        let next = self.openings.get(sentence + 1);
        self.closings[sentence] == CLOSES_IN_WORD && next.is_some_and(|&next| next != OPENS_LOWER)
    }

    pub(crate) fn start(&self, sentence: usize) -> usize {
        self.starts[sentence] as usize
    }
}

fn opening(text: &str) -> u8 {
    match text.chars().next() {
        None => 0,
        Some('-') => 1,
        Some('"' | '\'' | '(' | '[') => 2,
        Some(first) if first.is_numeric() => 3,
        Some(first) if first.is_lowercase() => OPENS_LOWER,
        Some(first) if first.is_alphabetic() => 5,
        Some(_) => 6,
    }
}

fn closing(text: &str) -> u8 {
    match text.chars().next_back() {
        None => 0,
        Some('.') if text.ends_with("..") => 1,
        Some('.') => 2,
        Some('!') => 3,
        Some('?') => 4,
        Some(':' | ';') => CLOSES_OPEN,
        Some('"' | '\'' | ')' | ']') => 6,
        Some(last) if last.is_alphanumeric() => CLOSES_IN_WORD,
        Some(_) => 8,
    }
}
