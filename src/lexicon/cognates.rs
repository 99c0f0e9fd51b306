//! Words that look alike across languages and alphabets: names, numbers, learned vocabulary.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::words::Vocabulary;

/// The least likeness of two words to count as cognates: Dice's coefficient of their trigrams.
const LEAST_DICE: f32 = 0.6;
/// A trigram that stands in more words than this says little and costs much.
const MOST_WORDS: usize = 400;

/// Pairs of a source and a target word that look alike, with their likeness (0–1).
///
/// Cost: for each source word a few hundred steps at most, however large the vocabularies.
pub(crate) fn cognates(source: &Vocabulary, target: &Vocabulary) -> Vec<(u32, u32, f32)> {
    let mut found = Vec::new();
    let mut grams: HashMap<[char; 3], Vec<u32>> = HashMap::new();
    let mut sizes = Vec::with_capacity(target.len());
    for (id, word) in target.words().iter().enumerate() {
        let of_word = trigrams(word);
        sizes.push(of_word.len());
        for gram in of_word {
            grams.entry(gram).or_default().push(id as u32);
        }
    }
    let mut shared = vec![0u16; target.len()];
    let mut touched = Vec::new();
    for (id, word) in source.words().iter().enumerate() {
        let of_word = trigrams(word);
        if of_word.is_empty() {
            if let Some(same) = target.id(word).filter(|_| tells(word)) {
                found.push((id as u32, same, 1.0));
            }
            continue;
        }
        for gram in &of_word {
            for &other in grams.get(gram).map_or(&[][..], Vec::as_slice).iter().take(MOST_WORDS) {
                if shared[other as usize] == 0 {
                    touched.push(other);
                }
                shared[other as usize] += 1;
            }
        }
        for other in touched.drain(..) {
            let common = std::mem::take(&mut shared[other as usize]);
            let dice = 2.0 * f32::from(common) / (of_word.len() + sizes[other as usize]) as f32;
            if dice >= LEAST_DICE {
                found.push((id as u32, other, dice));
            }
        }
    }
    found
}

/// A word ready to be compared with many others.
#[derive(Clone, Debug)]
pub(crate) struct Looks {
    word: Box<str>,
    trigrams: Vec<[char; 3]>,
    /// A bit for each trigram; several may have the same.
    bits: u64,
}

impl Looks {
    pub(crate) fn new(word: &str) -> Looks {
        let trigrams = trigrams(word);
        let bits = trigrams.iter().fold(0, |bits, gram| bits | bit(gram));
        Looks { word: word.into(), trigrams, bits }
    }

    #[cfg(test)]
    pub(crate) fn word(&self) -> &str {
        &self.word
    }

    /// How alike two words look, 0–1; 0 if they are no cognates.
    #[inline]
    pub(crate) fn likeness(&self, other: &Looks) -> f32 {
        if self.may_be_like(other) { self.dice(other) } else { 0.0 }
    }

    /// Whether numbers of trigrams, and the bits of them, leave it open. They rule nearly all out.
    #[inline]
    fn may_be_like(&self, other: &Looks) -> bool {
        let (one, two) = (self.trigrams.len() as u32, other.trigrams.len() as u32);
        // Each bit of one word's that both have stands for one trigram, but for those that share
        // a bit.
        let bits = (self.bits & other.bits).count_ones() + one - self.bits.count_ones();
        let most = bits.min(one).min(two);
        2.0 * most as f32 >= LEAST_DICE * (one + two) as f32
    }

    fn dice(&self, other: &Looks) -> f32 {
        let (one, two) = (&self.trigrams, &other.trigrams);
        if one.is_empty() || two.is_empty() {
            return if self.word == other.word && tells(&self.word) { 1.0 } else { 0.0 };
        }
        let all = (one.len() + two.len()) as f32;
        let common = one.iter().filter(|gram| two.binary_search(gram).is_ok()).count();
        let dice = 2.0 * common as f32 / all;
        if dice >= LEAST_DICE { dice } else { 0.0 }
    }
}

fn bit(gram: &[char; 3]) -> u64 {
    let mixed = gram.iter().fold(0_u64, |hash, &letter| {
        (hash ^ u64::from(letter)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    1 << (mixed >> 58)
}

/// Whether a word without trigrams says something by being the same in both languages.
fn tells(word: &str) -> bool {
    word.starts_with(|first: char| !first.is_alphabetic())
}

/// The trigrams of a word's sound, its start marked; none for numbers and short words.
fn trigrams(word: &str) -> Vec<[char; 3]> {
    let sound = sound(word);
    if sound.len() < 3 || word.starts_with(|first: char| !first.is_alphabetic()) {
        return Vec::new();
    }
    let mut padded = vec![' ', ' '];
    padded.extend(sound);
    let mut grams: Vec<[char; 3]> = padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// A rough common spelling of what words of Latin, Cyrillic and Greek letters sound like.
///
/// It is for comparison alone: it takes together what French, English, German and the usual
/// transcriptions of Russian write differently, and loses what does not help to tell words apart.
fn sound(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(word.len());
    for letter in word.nfd().filter(|&c| !unicode_normalization::char::is_combining_mark(c)) {
        letters.extend(latin(letter).chars().chain(is_kept(letter).then_some(letter)));
    }
    let mut sound: Vec<char> = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let (length, heard) = SPELLINGS
            .iter()
            .find(|(spelling, _)| {
                rest.len() >= spelling.len() && spelling.chars().zip(rest).all(|(a, &b)| a == b)
            })
            .map_or((1, None), |&(spelling, heard)| (spelling.len(), Some(heard)));
        for letter in heard.map_or(rest[0].to_string(), str::to_owned).chars() {
            if sound.last() != Some(&letter) {
                sound.push(letter);
            }
        }
        at += length;
    }
    sound
}

/// Spellings of one sound, longer ones first.
const SPELLINGS: [(&str, &str); 26] = [
    ("tsch", "s"),
    ("sch", "s"),
    ("tch", "s"),
    ("ch", "s"),
    ("sh", "s"),
    ("zh", "j"),
    ("kh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("qu", "k"),
    ("ck", "k"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ts", "s"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("c", "k"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
    ("x", "ks"),
    ("z", "s"),
    ("dj", "j"),
    ("h", "h"),
];

/// Letters that stay as they are.
fn is_kept(letter: char) -> bool {
    !matches!(letter, 'а'..='я' | 'α'..='ω') && latin(letter).is_empty()
}

/// The Latin letters for a Cyrillic or Greek one; nothing for any other.
fn latin(letter: char) -> &'static str {
    match letter {
        'а' | 'α' => "a",
        'б' | 'β' => "b",
        'в' => "v",
        'г' | 'γ' | 'ґ' => "g",
        'д' | 'δ' => "d",
        'е' | 'э' | 'ε' | 'є' => "e",
        'ж' => "j",
        'з' | 'ζ' => "z",
        'и' | 'й' | 'ы' | 'ι' | 'і' | 'η' => "i",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'т' | 'τ' | 'θ' => "t",
        'у' | 'υ' => "u",
        'ф' | 'φ' => "f",
        'х' | 'χ' => "h",
        'ц' | 'ч' | 'ш' | 'щ' => "s",
        'ю' => "iu",
        'я' => "ia",
        'ξ' => "ks",
        'ψ' => "ps",
        'ß' => "s",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "t",
        'ı' => "i",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn bits_rule_nothing_out_that_counting_finds(one in "[a-eтрп]{1,9}", other in "[a-eтрп]{1,9}") {
            let (one, other) = (Looks::new(&one), Looks::new(&other));
            let common = one.trigrams.iter().filter(|gram| other.trigrams.contains(gram)).count();
            let all = (one.trigrams.len() + other.trigrams.len()) as f32;
            let dice = if all > 0.0 { 2.0 * common as f32 / all } else { 0.0 };
            let found = one.likeness(&other);
            if one.trigrams.is_empty() || other.trigrams.is_empty() {
                return Ok(());
            }
            proptest::prop_assert_eq!(found, if dice >= LEAST_DICE { dice } else { 0.0 });
        }
    }

    #[test]
    fn cognates_are_found_across_alphabets() {
        let mut french = Vocabulary::default();
        let mut russian = Vocabulary::default();
        for word in ["lavrov", "centre", "minist", "2010", "la"] {
            french.intern(word);
        }
        for word in ["лавров", "центра", "минист", "2010", "ла", "перего"]
        {
            russian.intern(word);
        }
        let found = cognates(&french, &russian);
        let word =
            |vocabulary: &'_ Vocabulary, id: u32| vocabulary.words()[id as usize].to_string();
        let pairs: Vec<(String, String)> =
            found.iter().map(|&(s, t, _)| (word(&french, s), word(&russian, t))).collect();
        assert_eq!(
            pairs,
            [("lavrov", "лавров"), ("centre", "центра"), ("minist", "минист"), ("2010", "2010")]
                .map(|(s, t)| (s.to_owned(), t.to_owned()))
        );
    }
}
