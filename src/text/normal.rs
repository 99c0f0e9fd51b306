//! The normal form that matching works on, with a map back to the original bytes.

use std::ops::Range;

use unicode_normalization::{
    IsNormalized, UnicodeNormalization,
    char::{canonical_combining_class, decompose_canonical},
    is_nfc, is_nfc_quick,
};

/// A text in normal form, with the way back to the bytes it came from.
///
/// The normal form makes equal what a typist, a keyboard or a converter writes differently and a
/// reader takes for the same:
///
/// - Unicode normalization form C ([UAX #15](https://www.unicode.org/reports/tr15/));
/// - every apostrophe (`’ ʼ ‘ ′ ´` and the grave accent) is `'`;
/// - every double or angle quotation mark (`« » “ ” „ ‟ ‹ › ″`) is `"`;
/// - every hyphen, dash and minus sign is `-`;
/// - every kind of white space is one space, a run of them too; none at either end;
/// - `…` is `...`;
/// - `ё` is `е`, `œ` is `oe`, `æ` is `ae`, in both cases;
/// - soft hyphens, zero-width characters and byte order marks are gone.
///
/// Case is kept. The form is idempotent: the normal form of a normal form is itself.
///
/// Cost: one pass; about one byte of text and eight of map for each byte.
///
/// ```
/// use chancery::text::Normal;
///
/// let normal = Normal::new("l’œuvre\u{a0}: «\u{a0}paix\u{a0}» …");
/// assert_eq!(normal.text(), "l'oeuvre : \" paix \" ...");
/// // The normal form of « is one byte, the original has two:
/// assert_eq!(normal.original(11..12), 14..16);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normal {
    text: String,
    /// For each byte of `text`, the original range of the character it comes from.
    map: Vec<(u32, u32)>,
    original_len: usize,
}

impl Normal {
    /// Brings a text into normal form.
    ///
    /// # Panics
    ///
    /// If the text is longer than 4 GiB: readers refuse such a segment long before.
    pub fn new(original: &str) -> Normal {
        assert!(u32::try_from(original.len()).is_ok(), "a text of over 4 GiB is no segment");
        let (mut normal, mut plain) = Normal::pass(original);
        // What was folded may join a mark that stood behind it (`œ` with a loose accent).
        while !plain && !normal.text.is_ascii() && !is_nfc(&normal.text) {
            let (again, no_marks) = Normal::pass(&normal.text);
            let map = again.map.iter().map(|&(start, end)| {
                (normal.map[start as usize].0, normal.map[end as usize - 1].1)
            });
            normal.map = map.collect();
            (normal.text, plain) = (again.text, no_marks);
        }
        normal
    }

    /// Composes and folds once. Says whether all characters were [plain](is_plain), so that there
    /// is nothing left to compose.
    fn pass(original: &str) -> (Normal, bool) {
        let mut normal = Normal {
            text: String::with_capacity(original.len()),
            map: Vec::with_capacity(original.len()),
            original_len: original.len(),
        };
        let mut plain = true;
        for cluster in clusters(original) {
            let span = (cluster.start as u32, cluster.end as u32);
            let text = &original[cluster];
            let mut characters = text.chars();
            match (characters.next(), characters.next()) {
                (Some(only), None) if is_plain(only) => normal.push(only, span),
                _ => {
                    plain = false;
                    text.nfc().for_each(|composed| normal.push(composed, span));
                }
            }
        }
        if normal.text.ends_with(' ') {
            normal.text.pop();
            normal.map.pop();
        }
        (normal, plain)
    }

    fn push(&mut self, character: char, span: (u32, u32)) {
        match fold(character) {
            Folded::Nothing => {}
            Folded::Space => {
                // A run of white space is one space that stands for the whole run.
                if self.text.ends_with(' ') {
                    if let Some(last) = self.map.last_mut() {
                        last.1 = span.1;
                    }
                } else if !self.text.is_empty() {
                    self.append(' ', span);
                }
            }
            Folded::Same => self.append(character, span),
            Folded::Text(text) => text.chars().for_each(|c| self.append(c, span)),
        }
    }

    fn append(&mut self, character: char, span: (u32, u32)) {
        self.text.push(character);
        self.map.extend(std::iter::repeat_n(span, character.len_utf8()));
    }

    /// The text in normal form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a range of bytes of [`text`](Normal::text) comes from.
    ///
    /// The result starts and ends at character boundaries of the original. An empty range maps to
    /// the empty range before the character at its start.
    ///
    /// # Panics
    ///
    /// If the range ends beyond the text.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.map.get(range.start).map_or(self.original_len, |span| span.0 as usize);
        if range.is_empty() {
            return start..start;
        }
        start..self.map[range.end - 1].1 as usize
    }
}

/// The ranges of a text that composition can not reach across, in order and without gaps.
fn clusters(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest
            .char_indices()
            .skip(1)
            .find(|&(_, character)| starts_cluster(character))
            .map_or(rest.len(), |(offset, _)| offset);
        let range = start..start + length;
        start = range.end;
        Some(range)
    })
}

/// Whether no normalization can join a character to what stands before it: whether what it begins
/// with, taken apart, is joined to nothing (an en quad is changed by form C, yet is no part of the
/// letter before it).
fn starts_cluster(character: char) -> bool {
    if is_plain(character) {
        return true;
    }
    let mut first = None;
    decompose_canonical(character, |part| {
        first.get_or_insert(part);
    });
    first.is_some_and(|first| {
        canonical_combining_class(first) == 0
            && is_nfc_quick(std::iter::once(first)) == IsNormalized::Yes
    })
}

/// Whether a character is of those that no normalization changes and that are joined to nothing:
/// Latin, Cyrillic but for its marks, general punctuation. Nearly all there is, told quickly.
pub(crate) fn is_plain(character: char) -> bool {
    matches!(character, ..'\u{300}' | '\u{400}'..'\u{483}' | '\u{2002}'..'\u{2060}')
}

/// Whether a character leaves nothing in the normal form.
pub(crate) fn is_invisible(character: char) -> bool {
    !character.is_ascii() && matches!(fold(character), Folded::Nothing)
}

enum Folded {
    Same,
    Space,
    Nothing,
    Text(&'static str),
}

fn fold(character: char) -> Folded {
    use Folded::{Nothing, Same, Space, Text};
    match character {
        ' ' => Space,
        '`' | '´' => Text("'"),
        _ if character.is_ascii() && !character.is_whitespace() => Same,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Nothing,
        '’' | '‘' | '‛' | '‚' | 'ʼ' | 'ʹ' | '′' | '＇' => Text("'"),
        '«' | '»' | '“' | '”' | '„' | '‟' | '‹' | '›' | '″' | '＂' => Text("\""),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' | '﹣' | '－' => Text("-"),
        '…' => Text("..."),
        'ё' => Text("е"),
        'Ё' => Text("Е"),
        'œ' => Text("oe"),
        'Œ' => Text("OE"),
        'æ' => Text("ae"),
        'Æ' => Text("AE"),
        _ if character.is_whitespace() => Space,
        _ => Same,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts of letters with loose and joined accents, and of the signs that are folded.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-zàéœëЁёй \u{300}-\u{308}\u{a0}\u{202f}\u{ad}'’«»“„–—…\r\n\t]{0,30}",
        ]
    }

    proptest! {
        #[test]
        fn the_normal_form_of_a_normal_form_is_itself(text in text()) {
            let once = Normal::new(&text).text().to_owned();
            let again = Normal::new(&once);
            prop_assert_eq!(again.text(), &once);
        }

        #[test]
        fn the_map_is_sound(text in text()) {
            let normal = Normal::new(&text);
            let length = normal.text().len();
            let mut last = 0..0;
            for (start, c) in normal.text().char_indices() {
                let original = normal.original(start..start + c.len_utf8());
                // In order, within the text, at characters.
                prop_assert!(original.start >= last.start && original.end >= last.end);
                prop_assert!(text.get(original.clone()).is_some_and(|piece| !piece.is_empty()));
                last = original;
            }
            // What a range comes from has the normal form that holds the range.
            let whole = normal.original(0..length);
            let from_it = Normal::new(&text[whole]).text().to_owned();
            prop_assert_eq!(from_it.trim(), normal.text().trim());
        }
    }

    #[test]
    fn no_normalization_changes_or_joins_plain_characters() {
        for character in (char::MIN..=char::MAX).filter(|&character| is_plain(character)) {
            assert_eq!(canonical_combining_class(character), 0, "{character:?}");
            let alone = is_nfc_quick(std::iter::once(character));
            assert_eq!(alone, IsNormalized::Yes, "{character:?}");
        }
    }

    #[test]
    fn what_is_joined_to_nothing_has_bytes_of_its_own() {
        // Form C changes each of them, and joins none to the letter before it.
        for character in ['\u{2000}', '\u{212a}', '\u{212b}'] {
            let normal = Normal::new(&format!("A{character}b"));
            assert_eq!(normal.original(0..1), 0..1, "{character:?}");
        }
    }

    #[test]
    fn what_looks_alike_becomes_alike() {
        for (left, right) in [
            ("l'État", "l’E\u{301}tat"),
            ("Совет Россия — НАТО", "Совет  Россия - НАТО"),
            ("« non »", "“ non „"),
            ("ещё", "еще"),
            ("\u{feff}a\u{200b}b", "ab"),
            ("a\r\n\tb\u{2028}", " a b"),
        ] {
            assert_eq!(Normal::new(left).text(), Normal::new(right).text());
        }
    }

    #[test]
    fn case_accents_and_digits_stay_apart() {
        for (left, right) in [("État", "état"), ("a", "à"), ("1", "2"), ("ou", "où")] {
            assert_ne!(Normal::new(left).text(), Normal::new(right).text());
        }
    }

    #[test]
    fn a_run_of_spaces_maps_to_the_whole_run() {
        let normal = Normal::new("a \u{a0} b");
        assert_eq!(normal.text(), "a b");
        assert_eq!(normal.original(1..2), 1..5);
    }

    #[test]
    fn the_end_of_the_text_maps_to_the_end_of_the_original() {
        assert_eq!(Normal::new("é ").original(2..2), 3..3);
        assert_eq!(Normal::new("").original(0..0), 0..0);
    }
}
