//! A lexicon as bytes, to be read again by the version that wrote it.

use std::sync::Arc;

use super::table::Table;
use super::words::Vocabulary;
use super::{Lexicon, Tables};
use crate::Lang;

/// What the bytes mean depends on how texts are cut into words, too: whoever changes either must
/// count this up.
pub(crate) const VERSION: u64 = 1;

impl Lexicon {
    /// The bytes of this lexicon: about eight a pair of words.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let tables = &*self.0;
        let mut out = Vec::new();
        let mut put = |section: &[u8]| {
            out.extend((section.len() as u64).to_le_bytes());
            out.extend(section);
        };
        for side in 0..2 {
            put(tables.langs[side].canonical().as_bytes());
            put(tables.vocabularies[side].words().join("\n").as_bytes());
            put(&floats(&tables.masses[side]));
        }
        let (starts, columns, values) = tables.counts.parts();
        put(&numbers(starts.iter().map(|&start| start as u32)));
        put(&numbers(columns.iter().copied()));
        put(&floats(values));
        out
    }

    /// Reads them; nothing if they are not what [`to_bytes`](Lexicon::to_bytes) wrote.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Lexicon> {
        let bytes = &mut bytes;
        let mut side = || {
            let lang: Lang = text(bytes)?.parse().ok()?;
            let mut vocabulary = Vocabulary::default();
            let words = text(bytes)?;
            // No line at all and one empty line are written alike, and there is no empty word.
            words.split('\n').filter(|word| !word.is_empty()).for_each(|word| {
                vocabulary.intern(word);
            });
            let masses: Vec<f32> = read_floats(section(bytes)?)?;
            (masses.len() == vocabulary.len()).then_some((lang, vocabulary, masses))
        };
        let (source, target) = (side()?, side()?);
        let starts = read_numbers(section(bytes)?)?.into_iter().map(|start| start as usize);
        let columns = read_numbers(section(bytes)?)?;
        let values = read_floats(section(bytes)?)?;
        let counts = Table::from_parts(starts.collect(), columns, values)?;
        let fits = counts.rows() == source.1.len() && counts.width() <= target.1.len();
        (fits && bytes.is_empty()).then(|| {
            Lexicon(Arc::new(Tables {
                langs: [source.0, target.0],
                vocabularies: [source.1, target.1],
                masses: [source.2, target.2],
                counts,
            }))
        })
    }
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    numbers.flat_map(u32::to_le_bytes).collect()
}

fn floats(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|float| float.to_le_bytes()).collect()
}

fn section<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (section, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(section)
}

fn text<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    std::str::from_utf8(section(bytes)?).ok()
}

fn read_numbers(section: &[u8]) -> Option<Vec<u32>> {
    let (numbers, rest) = section.as_chunks();
    rest.is_empty().then(|| numbers.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect())
}

fn read_floats(section: &[u8]) -> Option<Vec<f32>> {
    Some(read_numbers(section)?.into_iter().map(f32::from_bits).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lexicon(pairs: &[(String, String)]) -> Lexicon {
        let mut builder = Lexicon::builder(Lang::FR, Lang::EN);
        pairs.iter().for_each(|(french, english)| {
            builder.pair(french, english);
        });
        builder.learn()
    }

    proptest! {
        #[test]
        fn a_lexicon_comes_back_and_damaged_bytes_do_no_harm(
            pairs in prop::collection::vec(("[a-eé, ]{0,20}", "[a-e. ]{0,20}"), 0..12),
            cut in any::<prop::sample::Index>(),
            flip in any::<(prop::sample::Index, u8)>(),
        ) {
            let bytes = lexicon(&pairs).to_bytes();
            let read = Lexicon::from_bytes(&bytes).expect("what was written is read");
            prop_assert_eq!(read.to_bytes(), bytes.clone());
            prop_assert!(Lexicon::from_bytes(&bytes[..cut.index(bytes.len())]).is_none());
            let mut spoilt = bytes.clone();
            spoilt[flip.0.index(bytes.len())] ^= flip.1;
            if let Some(read) = Lexicon::from_bytes(&spoilt) {
                read.links("a b c d e", "a b c d e");
            }
        }
    }
}
