//! The core vocabulary: words that every reader of French, English and Russian knows.
//!
//! What a short text says once cannot be learnt from it, and most words of a novel are rare. The
//! list has six thousand lines of everyday words and what usually translates them; how often they
//! really do in the texts at hand is learnt from these.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{Vocabulary, beginning};
use crate::Lang;

/// Three columns: French, English, Russian. Alternatives are separated by bars.
const LIST: &str = include_str!("core_words.tsv");
const LANGS: [&str; 3] = ["fr", "en", "ru"];

/// Endings of inflection, the longest first, as far as they stand within the letters of a word
/// that count.
const ENDINGS: [&[&str]; 3] = [
    &[
        "ais", "ait", "ant", "ent", "ées", "ons", "ont", "ai", "an", "en", "er", "es", "ez", "ée",
        "és", "ie", "ir", "is", "it", "on", "ra", "re", "us", "ut", "a", "e", "i", "s", "t", "u",
        "x", "é",
    ],
    &["ied", "ies", "ing", "ed", "er", "es", "in", "ly", "d", "e", "i", "s", "y"],
    &[
        "ает", "ала", "али", "ами", "ать", "ают", "его", "ему", "еть", "ими", "ить", "ого", "ому",
        "ыми", "ями", "ал", "ам", "ат", "ах", "ая", "ев", "ее", "ей", "ем", "ет", "ие", "ий", "ил",
        "им", "ит", "их", "ию", "ла", "ли", "ло", "ов", "ое", "ой", "ом", "ся", "ть", "ую", "ут",
        "ые", "ый", "ым", "ых", "юю", "ют", "ям", "ят", "яя", "а", "е", "и", "й", "л", "о", "т",
        "у", "ы", "ь", "ю", "я",
    ],
];
/// Letters that are left of a word without its ending, at least.
const LEAST_STEM: usize = 3;

/// The lines of the list that hold a word.
struct Column {
    words: HashMap<&'static str, Vec<u32>>,
    stems: HashMap<&'static str, Vec<u32>>,
}

static COLUMNS: [LazyLock<Column>; 3] = [
    LazyLock::new(|| Column::read(0)),
    LazyLock::new(|| Column::read(1)),
    LazyLock::new(|| Column::read(2)),
];

impl Column {
    fn read(number: usize) -> Column {
        let mut column = Column { words: HashMap::new(), stems: HashMap::new() };
        for (line, field) in (0..).zip(fields(number)) {
            for word in field.split('|').filter(|word| !word.is_empty()).map(beginning) {
                for (map, key) in
                    [(&mut column.words, word), (&mut column.stems, stem(word, number))]
                {
                    let lines: &mut Vec<u32> = map.entry(key).or_default();
                    if lines.last() != Some(&line) {
                        lines.push(line);
                    }
                }
            }
        }
        column
    }

    /// The lines of a word as it stands in the list, else of its stem.
    fn lines(&self, word: &str, number: usize) -> &[u32] {
        let found = self.words.get(word).or_else(|| self.stems.get(stem(word, number)));
        found.map_or(&[], Vec::as_slice)
    }
}

/// A column of the list, line by line.
fn fields(column: usize) -> impl Iterator<Item = &'static str> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.map(move |line| line.split('\t').nth(column).unwrap_or_default())
}

fn stem(word: &str, column: usize) -> &str {
    (ENDINGS[column].iter())
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|stem| stem.chars().count() >= LEAST_STEM)
        .unwrap_or(word)
}

/// Calls `each` with the pairs of words of two texts that share a line of the list, and how likely
/// they translate each other (0–1) if all words of a line took turns. `frequencies` says how often
/// each word stands in its text. Nothing for languages that the list does not have.
///
/// Cost: two look-ups for each word of the vocabularies and a step for each pair; a few
/// milliseconds once to read the list.
pub(crate) fn core_words(
    langs: [&Lang; 2],
    vocabularies: [&Vocabulary; 2],
    frequencies: [&[u32]; 2],
    mut each: impl FnMut(u32, u32, f32),
) {
    let column = |lang: &Lang| LANGS.iter().position(|&known| known == lang.primary());
    let (Some(one), Some(other)) = (column(langs[0]), column(langs[1])) else { return };
    if one == other {
        return;
    }
    let [left, right] = [(one, 0), (other, 1)].map(|(column, side)| {
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (id, word) in (0..).zip(vocabularies[side].words()) {
            let lines = COLUMNS[column].lines(word, column);
            found.extend(lines.iter().map(|&line| (line, id)));
        }
        found.sort_unstable();
        found
    });
    let frequency = |side: usize, id: u32| frequencies[side][id as usize] as f32;
    let total = |side: usize, words: &[(u32, u32)]| -> f32 {
        words.iter().map(|&(_, id)| frequency(side, id)).sum()
    };
    let mut rest = right.as_slice();
    for left in left.chunk_by(|one, other| one.0 == other.0) {
        let line = left[0].0;
        rest = &rest[rest.partition_point(|other| other.0 < line)..];
        let right = &rest[..rest.partition_point(|other| other.0 == line)];
        let most = total(0, left).max(total(1, right));
        for &(_, s) in left {
            for &(_, t) in right {
                each(s, t, frequency(0, s).max(frequency(1, t)) / most);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;
    use crate::text::Normal;
    use proptest::prelude::*;

    fn pairs(source: (Lang, &str), target: (Lang, &str)) -> Vec<(String, String, f32)> {
        let read = |text: &str| {
            let (mut vocabulary, mut frequencies) = (Vocabulary::default(), Vec::new());
            words(&Normal::new(text), |word, _| {
                let id = vocabulary.intern(word) as usize;
                frequencies.resize(vocabulary.len(), 0);
                frequencies[id] += 1;
            });
            (vocabulary, frequencies)
        };
        let ((s, of_s), (t, of_t)) = (read(source.1), read(target.1));
        let mut found = Vec::new();
        core_words([&source.0, &target.0], [&s, &t], [&of_s, &of_t], |one, other, likely| {
            found.push((s.word(one).to_owned(), t.word(other).to_owned(), likely));
        });
        found
    }

    #[test]
    fn the_list_is_in_normal_form_and_pairs_words() {
        for column in 0..3 {
            for (line, field) in fields(column).enumerate() {
                for word in field.split('|').filter(|word| !word.is_empty()) {
                    let mut read = Vec::new();
                    words(&Normal::new(word), |word, _| read.push(word.to_owned()));
                    assert_eq!(read, [beginning(word)], "line {line} of the list");
                }
            }
        }
        let lines = LIST.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let filled = line.split('\t').filter(|field| !field.is_empty()).count();
            assert!(line.split('\t').count() == 3 && filled >= 2, "{line}");
        }
    }

    #[test]
    fn inflected_words_are_found() {
        let found = pairs((Lang::FR, "les maisons qu’il voyait"), (Lang::EN, "houses he saw"));
        for (one, other) in [("maison", "houses"), ("voyait", "saw"), ("il", "he")] {
            assert!(found.iter().any(|(s, t, _)| (s, t) == (&one.into(), &other.into())), "{one}");
        }
        let found = pairs((Lang::RU, "в домах"), (Lang::FR, "dans les maisons"));
        assert!(found.iter().any(|(s, t, _)| s == "домах" && t == "maison"));
        assert!(pairs((Lang::FR, "la maison"), ("de".parse().unwrap(), "das Haus")).is_empty());
        assert!(pairs((Lang::FR, "la maison"), ("fr-CA".parse().unwrap(), "la maison")).is_empty());
    }

    proptest! {
        #[test]
        fn swapping_the_texts_mirrors_the_pairs(
            french in "(maison |voir |vu |grand |la |il |roi ){0,12}",
            english in "(house |home |saw |big |great |the |king ){0,12}",
        ) {
            let mut there = pairs((Lang::FR, &french), (Lang::EN, &english));
            let mut back: Vec<_> = pairs((Lang::EN, &english), (Lang::FR, &french))
                .into_iter()
                .map(|(s, t, likely)| (t, s, likely))
                .collect();
            let order = |one: &(String, String, f32), other: &(String, String, f32)| {
                (&one.0, &one.1).cmp(&(&other.0, &other.1)).then(one.2.total_cmp(&other.2))
            };
            there.sort_by(order);
            back.sort_by(order);
            prop_assert!(there.iter().all(|pair| pair.2 > 0.0 && pair.2 <= 1.0));
            prop_assert_eq!(there, back);
        }
    }
}
