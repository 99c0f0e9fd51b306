//! Documents that are made up, with their beads.

use std::ops::Range;

use chancery::{Document, Lang};

use crate::gold::{Gold, Pair};

/// What becomes of a chapter in the translation; beads by their numbers.
pub(crate) enum Chapter {
    Kept,
    Missing(Range<usize>),
    /// It stands before the bead of this number, which comes after it.
    Moved(Range<usize>, usize),
}

/// The sentences of a bead on both sides.
pub(crate) type Sentences = (Vec<String>, Vec<String>);

pub(crate) fn arranged(beads: &[Sentences], chapter: &Chapter) -> Gold {
    let (mut source, mut target) = (Vec::<String>::new(), Vec::<String>::new());
    let mut gold: Vec<Pair> = Vec::new();
    let mut add = |one: &[String], other: &[String]| {
        let (i, j) = (source.len(), target.len());
        source.extend_from_slice(one);
        target.extend_from_slice(other);
        if !one.is_empty() && !other.is_empty() {
            gold.push(((i..i + one.len()).collect(), (j..j + other.len()).collect()));
        } else {
            gold.extend((0..one.len()).map(|at| (vec![i + at], vec![])));
            gold.extend((0..other.len()).map(|at| (vec![], vec![j + at])));
        }
    };
    for (number, (one, other)) in beads.iter().enumerate() {
        match chapter {
            Chapter::Moved(range, to) if *to == number => {
                beads[range.clone()].iter().for_each(|(_, other)| add(&[], other));
                add(one, other);
            }
            Chapter::Missing(range) | Chapter::Moved(range, _) if range.contains(&number) => {
                add(one, &[]);
            }
            _ => add(one, other),
        }
    }
    let name = format!("{} and {}", source.len(), target.len());
    let document = |lines: Vec<String>, lang| Document::segmented(lines.join("\n"), lang);
    let (source, target) = (document(source, Lang::FR), document(target, Lang::EN));
    Gold { name, source, target, beads: gold }
}

/// A made-up document: words by Zipf's law, each with one translation, and numbers if asked for;
/// of the sentences some are merged, some missing, a tenth of the words something else.
pub(crate) fn made_up(sentences: usize, numbers: bool) -> Vec<Sentences> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    // Syllables of a consonant and a vowel: three of them tell all words apart, and no word of one
    // language looks like one of the other.
    let word = |rank: usize, consonants: &str| -> String {
        let (consonants, vowels) = (consonants.as_bytes(), b"aeiou");
        let mut rest = rank + 41;
        let mut word = String::new();
        while rest > 0 || word.len() < 4 {
            word.push(char::from(consonants[rest / 5 % consonants.len()]));
            word.push(char::from(vowels[rest % 5]));
            rest /= 5 * consonants.len();
        }
        word
    };
    let (french, english) = ("bdfglmrv", "hknpstwy");
    let mut beads: Vec<Sentences> = Vec::new();
    let (mut missing, mut count) = (0usize, 0usize);
    while count < sentences {
        let mut pair = [String::new(), String::new()];
        for _ in 0..4 + random(18) {
            // A rank by Zipf's law over 50,000 words.
            let rank = (50_000f64.powf(random(10_000) as f64 / 10_000.0)) as usize;
            let other = if random(10) == 0 { random(50_000) } else { rank };
            // As in any text of the trade, one word in thirty is a number; a longer text has more
            // different ones.
            if numbers && random(30) == 0 {
                let number = format!("{} ", random(3_000 + sentences));
                pair.iter_mut().for_each(|side| side.push_str(&number));
                continue;
            }
            pair[0] += &(word(rank, french) + " ");
            pair[1] += &(word(other, english) + " ");
        }
        // Now and then a section is missing.
        if missing == 0 && random(2_000) == 0 {
            missing = 100;
        }
        let [one, other] = pair;
        let bead = match random(40) {
            _ if missing > 0 => {
                missing -= 1;
                (vec![one], vec![])
            }
            0 => (vec![], vec![other]),
            1 | 2 if one.len() > 60 => {
                // A space stands at a character's boundary, whatever the middle is.
                let spaces = one.match_indices(' ').map(|(at, _)| at);
                let middle = spaces.min_by_key(|at| at.abs_diff(one.len() / 2)).unwrap_or(0);
                let (first, second) = one.split_at(middle);
                (vec![first.to_owned(), second.to_owned()], vec![other])
            }
            _ => (vec![one], vec![other]),
        };
        count += bead.0.len();
        beads.push(bead);
    }
    beads
}
