//! Segments as words, and the word groups in them that may be terms.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3;

use super::vocabulary::{Class, Vocabulary, Word};
use crate::Lang;
use crate::text::tokens;

/// The most words of a candidate, links included.
pub(super) const LONGEST: usize = 10;
/// Of a segment with more words than this the first are read: it is a list, not a sentence.
const MOST_WORDS: usize = 1000;

/// Segments of one language.
#[derive(Debug)]
pub(super) struct Sentences {
    lang: Lang,
    vocabulary: Vocabulary,
    pub(super) texts: Vec<String>,
    words: Vec<Placed>,
    /// Where the words of each segment end.
    ends: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    word: Word,
    start: u32,
    end: u32,
}

/// A group of words in a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// A hash of its stems: inflected forms share it.
    pub(super) hash: u64,
    /// The number of its segment.
    pub(super) sentence: u32,
    /// The bytes it stands at.
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many words it has, links included.
    pub(super) words: u8,
}

impl Sentences {
    pub(super) fn new(lang: &Lang) -> Sentences {
        Sentences {
            lang: lang.clone(),
            vocabulary: Vocabulary::new(lang),
            texts: Vec::new(),
            words: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub(super) fn lang(&self) -> &Lang {
        &self.lang
    }

    pub(super) fn push(&mut self, text: &str) {
        for token in tokens(text, &self.lang).iter().take(MOST_WORDS) {
            // A hyphen holds a word together, as far as terms go.
            let word = match token.key() {
                "-" => Word { stem: u32::MAX, class: Class::Link },
                _ => self.vocabulary.word(token),
            };
            let span = token.span();
            self.words.push(Placed { word, start: span.start as u32, end: span.end as u32 });
        }
        self.ends.push(self.words.len());
        self.texts.push(text.to_owned());
    }

    /// Calls `each` with every group that may be a term.
    pub(super) fn groups(&self, mut each: impl FnMut(Group)) {
        let mut from = 0;
        for (sentence, &to) in self.ends.iter().enumerate() {
            self.groups_of(sentence as u32, &self.words[from..to], &mut each);
            from = to;
        }
    }

    fn groups_of(&self, sentence: u32, words: &[Placed], each: &mut impl FnMut(Group)) {
        let text = &self.texts[sentence as usize];
        for first in 0..words.len() {
            if words[first].word.class != Class::Content {
                continue;
            }
            let mut hash = Xxh3::new();
            let (mut hyphens, mut linked) = (0, 0);
            for (at, placed) in words.iter().enumerate().skip(first).take(2 * LONGEST) {
                let glued = at > first && words[at - 1].end == placed.start;
                match placed.word.class {
                    Class::Break => break,
                    // A dash between spaces is no hyphen.
                    Class::Link if placed.word.stem == u32::MAX => {
                        let next = words.get(at + 1).map(|next| next.start);
                        if !glued || next != Some(placed.end) {
                            break;
                        }
                        hyphens += 1;
                        continue;
                    }
                    Class::Link => linked += 1,
                    Class::Content | Class::Later => linked = 0,
                }
                let count = at + 1 - first - hyphens;
                if count > LONGEST || linked > 2 {
                    break;
                }
                hash.update(&placed.word.stem.to_le_bytes());
                let cut = words
                    .get(at + 1)
                    .is_some_and(|next| next.word.stem == u32::MAX && next.start == placed.end);
                if matches!(placed.word.class, Class::Content | Class::Later) && !cut {
                    let (start, end) = (words[first].start, placed.end);
                    // An elided word is no end of a term, and a group across lines is none.
                    if text[start as usize..end as usize].contains('\n') {
                        break;
                    }
                    each(Group { hash: hash.digest(), sentence, start, end, words: count as u8 });
                }
            }
        }
    }

    /// What is written at a group.
    pub(super) fn text(&self, group: &Group) -> &str {
        &self.texts[group.sentence as usize][group.start as usize..group.end as usize]
    }
}

/// A group that stands in enough places.
#[derive(Debug)]
pub(super) struct Frequent {
    pub(super) count: u32,
    pub(super) words: u8,
    /// Spellings with their counts.
    forms: HashMap<Box<str>, u32>,
    /// The segments it stands in, in order; each once.
    pub(super) sentences: Vec<u32>,
    /// How often it stands in longer frequent groups, and in how many different ones.
    nested: u32,
    longer: u32,
    /// How often it stands in the longer group that has most of it.
    most: u32,
    /// How often a longer group begins where it begins, and ends where it ends.
    beginnings: u32,
    ends: u32,
}

impl Frequent {
    /// The spelling that is found most often; of several the first by alphabet.
    pub(super) fn form(&self) -> &str {
        let best =
            self.forms.iter().max_by_key(|(form, count)| (**count, std::cmp::Reverse(*form)));
        best.map_or("", |(form, _)| form)
    }

    /// The C-value: how often it stands, weighed by its length, less what longer terms explain
    /// (Frantzi, Ananiadou, Mima, "Automatic recognition of multi-word terms", 2000; with one more
    /// word in the logarithm, so that single words have a value).
    pub(super) fn value(&self) -> f64 {
        let count = f64::from(self.count);
        let alone = match self.longer {
            0 => count,
            longer => count - f64::from(self.nested) / f64::from(longer),
        };
        f64::from(self.words + 1).log2() * alone.max(0.0)
    }

    /// Whether it is hardly ever found but as a part of one longer group, or as the beginning or
    /// the end of several (*ministre des Affaires*).
    pub(super) fn is_fragment(&self) -> bool {
        let part = |of: u32, share: f64| f64::from(of) >= share * f64::from(self.count);
        part(self.most, 0.8) || part(self.beginnings, 0.9) || part(self.ends, 0.9)
    }
}

/// The groups that stand in a text `least` times or more, by their hash.
pub(super) fn frequent(sentences: &Sentences, least: u32) -> HashMap<u64, Frequent> {
    let mut counts: HashMap<u64, u32> = HashMap::new();
    sentences.groups(|group| *counts.entry(group.hash).or_default() += 1);
    counts.retain(|_, count| *count >= least.max(2));
    let mut found: HashMap<u64, Frequent> = HashMap::with_capacity(counts.len());
    let mut here: Vec<Group> = Vec::new();
    // For each pair of a group and a longer one, how often one stands in the other.
    let mut inside: HashMap<(u64, u64), u32> = HashMap::new();
    let mut edges: HashMap<u64, [u32; 2]> = HashMap::new();
    let mut settle = |here: &mut Vec<Group>| {
        for group in here.iter() {
            let longer = |other: &&Group| other.end - other.start > group.end - group.start;
            let begins = here.iter().filter(longer).any(|other| other.start == group.start);
            let ends = here.iter().filter(longer).any(|other| other.end == group.end);
            let counts = edges.entry(group.hash).or_default();
            counts[0] += u32::from(begins);
            counts[1] += u32::from(ends);
            for other in here.iter() {
                let longer = other.end - other.start > group.end - group.start;
                if longer && other.start <= group.start && group.end <= other.end {
                    *inside.entry((group.hash, other.hash)).or_default() += 1;
                }
            }
        }
        here.clear();
    };
    sentences.groups(|group| {
        if !counts.contains_key(&group.hash) {
            return;
        }
        let entry = found.entry(group.hash).or_insert_with(|| Frequent {
            count: 0,
            words: group.words,
            forms: HashMap::new(),
            sentences: Vec::new(),
            nested: 0,
            longer: 0,
            most: 0,
            beginnings: 0,
            ends: 0,
        });
        entry.count += 1;
        *entry.forms.entry(sentences.text(&group).into()).or_default() += 1;
        if entry.sentences.last() != Some(&group.sentence) {
            entry.sentences.push(group.sentence);
        }
        if here.first().is_some_and(|first| first.sentence != group.sentence) {
            settle(&mut here);
        }
        here.push(group);
    });
    settle(&mut here);
    for (hash, [beginnings, ends]) in edges {
        if let Some(entry) = found.get_mut(&hash) {
            (entry.beginnings, entry.ends) = (beginnings, ends);
        }
    }
    for ((short, _), count) in inside {
        if let Some(entry) = found.get_mut(&short) {
            entry.nested += count;
            entry.longer += 1;
            entry.most = entry.most.max(count);
        }
    }
    found
}
