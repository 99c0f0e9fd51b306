//! Tokens: the words, numbers and signs of a text.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Normal;
use crate::Lang;

/// A word, number or punctuation mark, with the place it stands at.
///
/// ```
/// use chancery::{Lang, text::{Token, TokenKind, tokens}};
///
/// let text = "L’article 5 s’applique.";
/// let found = tokens(text, &Lang::FR);
/// let keys: Vec<&str> = found.iter().map(Token::key).collect();
/// assert_eq!(keys, ["l'", "article", "5", "s'", "applique", "."]);
/// assert_eq!(&text[found[0].span()], "L’");
/// assert_eq!(found[5].kind(), TokenKind::Punctuation);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    span: Range<usize>,
    kind: TokenKind,
    key: Box<str>,
}

/// What a [`Token`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// A word, an elided word with its apostrophe (`l’`), an abbreviation (`c.-à-d.`), an acronym.
    Word,
    /// A number, or a word that begins with a digit.
    Number,
    /// A punctuation mark or symbol.
    Punctuation,
}

impl Token {
    /// The bytes of the text it stands in.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    pub(crate) fn into_key(self) -> Box<str> {
        self.key
    }

    /// What two tokens are compared by: the [normal form](Normal) in lower case, without the points
    /// of an abbreviation.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Cuts a text into tokens, in order. White space is not a token.
///
/// French elided words are tokens of their own (`l’` and `article`, but `aujourd’hui`); an
/// abbreviation such as `c.-à-d.` is one word, and `O.N.U.` is compared like `ONU`. Numbers are cut
/// at every space; [`values`](super::values()) finds them whole, with dates and references.
pub fn tokens(text: &str, lang: &Lang) -> Vec<Token> {
    let mut found = Vec::new();
    let normal = Normal::new(text);
    let normal_text = normal.text();
    let mut end = 0;
    for (start, word) in normal_text.split_word_bound_indices() {
        // A part of an abbreviation that was taken as a whole.
        if start < end || word.trim().is_empty() {
            continue;
        }
        let mut push = |range: Range<usize>, key: String| {
            let piece = &normal_text[range.clone()];
            let kind = if piece.starts_with(char::is_numeric) {
                TokenKind::Number
            } else if piece.contains(char::is_alphanumeric) {
                TokenKind::Word
            } else {
                TokenKind::Punctuation
            };
            found.push(Token { span: normal.original(range), kind, key: key.into_boxed_str() });
        };
        let after = &normal_text[start..];
        if let Some(length) = abbreviation(after) {
            end = start + length;
            let key = after[..length].to_lowercase().replace('.', "");
            push(start..end, key);
            continue;
        }
        match elision(word).filter(|_| lang.primary() == "fr") {
            Some(cut) => {
                push(start..start + cut, word[..cut].to_lowercase());
                push(start + cut..start + word.len(), word[cut..].to_lowercase());
            }
            None => push(start..start + word.len(), word.to_lowercase()),
        }
    }
    found
}

/// The length of an elided word at the beginning of a word, with its apostrophe.
fn elision(word: &str) -> Option<usize> {
    let (before, after) = word.split_once('\'')?;
    let elided =
        ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];
    let is_elided = elided.iter().any(|known| before.eq_ignore_ascii_case(known));
    (is_elided && !after.is_empty()).then_some(before.len() + 1)
}

/// The length of an abbreviation with points inside, if the text begins with one: letters with a
/// point after each (`O.N.U.`, `т.е.`), or `c.-à-d.`.
fn abbreviation(text: &str) -> Option<usize> {
    for known in ["c.-à-d.", "C.-à-d.", "C.-À-D."] {
        if text.starts_with(known) {
            return Some(known.len());
        }
    }
    let mut length = 0;
    let mut letters = 0;
    let mut chars = text.chars();
    while let (Some(letter), Some('.')) = (chars.next(), chars.next()) {
        if !letter.is_alphabetic() {
            break;
        }
        letters += 1;
        length += letter.len_utf8() + 1;
    }
    let ends = !text[length..].starts_with(char::is_alphanumeric);
    (letters >= 2 && ends).then_some(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(text: &str) -> Vec<String> {
        tokens(text, &Lang::FR).iter().map(|token| token.key().to_owned()).collect()
    }

    #[test]
    fn elided_words_are_cut_off_and_others_are_not() {
        assert_eq!(keys("l’ONU aujourd'hui"), ["l'", "onu", "aujourd'hui"]);
        assert_eq!(keys("qu’elle, jusqu’à"), ["qu'", "elle", ",", "jusqu'", "à"]);
        assert_eq!(keys("quelqu’un c.-à-d. O.N.U."), ["quelqu'un", "c-à-d", "onu"]);
    }

    proptest! {
        #[test]
        fn tokens_stand_in_the_order_of_the_text(text in any::<String>()) {
            // Characters that the normal form joins share their place.
            let mut last = 0..0;
            for token in tokens(&text, &Lang::FR) {
                let span = token.span();
                prop_assert!(span.start >= last.start && span.end >= last.end);
                prop_assert!(text.get(span.clone()).is_some_and(|text| !text.is_empty()));
                last = span;
            }
        }
    }
}
