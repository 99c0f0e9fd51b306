//! Tokens: the words, numbers and signs of a text.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::normal::{Normal, is_invisible, is_plain};
use super::value::leading_number;
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
    /// of an abbreviation; of a number its digits, with a point before those of the fraction.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Cuts a text into tokens, in order. White space is not a token.
///
/// French elided words are tokens of their own (`l’` and `article`, but `aujourd’hui`); an
/// abbreviation such as `c.-à-d.` is one word, and `O.N.U.` is compared like `ONU`. A number is one
/// token however its language groups the digits, and so is a time: `1 250 000,50` is compared like
/// `1250000,50`, and `14 h 30` like `14:30`. So is `per cent`, compared like `percent`.
/// [`values`](super::values()) finds dates and references.
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
        if let Some((length, key)) = number(after, word, lang) {
            end = start + length;
            push(start..end, key);
            continue;
        }
        if let Some(length) = per_cent(after, word).filter(|_| lang.primary() == "en") {
            end = start + length;
            push(start..end, "percent".to_owned());
            continue;
        }
        match elision(after, word).filter(|_| lang.primary() == "fr") {
            // A space after the apostrophe makes no word of it.
            Some(cut) if cut > word.len() => {
                end = start + cut;
                push(start..end, normal_text[start..end].to_lowercase());
            }
            Some(cut) => {
                push(start..start + cut, word[..cut].to_lowercase());
                push(start + cut..start + word.len(), word[cut..].to_lowercase());
            }
            None => push(start..start + word.len(), word.to_lowercase()),
        }
    }
    found
}

/// Whether each piece between white space is cut by itself, whatever stands beside it. If not, the
/// text must be cut as a whole; few texts must.
pub(crate) fn is_separable(text: &str) -> bool {
    let mut before = Edges::default();
    let mut pieces = text.split(char::is_whitespace).filter(|piece| !piece.is_empty());
    pieces.all(|piece| {
        let edges = Edges::of(piece);
        let apart = edges.is_some_and(|edges| !before.joins(edges));
        before = edges.unwrap_or_default();
        apart
    })
}

/// How a piece between white space begins and ends, as far as it matters to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Edges {
    digit_last: bool,
    per_last: bool,
    digit_first: bool,
    c_first: bool,
}

impl Edges {
    /// Those of a piece; nothing if it has characters that change with what stands beside them.
    pub(crate) fn of(piece: &str) -> Option<Edges> {
        if !piece.chars().all(|c| is_plain(c) && !is_invisible(c)) {
            return None;
        }
        let end = piece.as_bytes().last_chunk::<3>();
        Some(Edges {
            digit_last: piece.ends_with(|c: char| c.is_ascii_digit()),
            per_last: end.is_some_and(|end| end.eq_ignore_ascii_case(b"per")),
            digit_first: piece.starts_with(|c: char| c.is_ascii_digit() || c == 'h'),
            c_first: piece.starts_with(['c', 'C']),
        })
    }

    /// Whether a token may go on from this piece to the next.
    pub(crate) fn joins(self, next: Edges) -> bool {
        self.digit_last && next.digit_first || self.per_last && next.c_first
    }
}

/// The length of the number or time that a text begins with, and its key; none if it ends inside
/// a word (`1er`, `1.2.3`).
fn number(text: &str, word: &str, lang: &Lang) -> Option<(usize, String)> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (length, key) = leading_number(text, lang)?;
    if length != word.len() {
        let mut end = 0;
        let mut ends = text.split_word_bounds().map(|piece| {
            end += piece.len();
            end
        });
        if ends.find(|&end| end >= length) != Some(length) {
            return None;
        }
    }
    Some((length, key))
}

/// The length of *per cent*, if a text begins with it.
fn per_cent(text: &str, word: &str) -> Option<usize> {
    if !word.eq_ignore_ascii_case("per") {
        return None;
    }
    let next = text[word.len()..].strip_prefix(' ')?.split_word_bounds().next()?;
    next.eq_ignore_ascii_case("cent").then_some(word.len() + 1 + next.len())
}

/// The length of an elided word at the beginning of a word, with its apostrophe.
fn elision(text: &str, word: &str) -> Option<usize> {
    let (before, after) = match word.split_once('\'') {
        Some(parts) => parts,
        None => (word, text[word.len()..].strip_prefix('\'')?),
    };
    let elided =
        ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];
    let is_elided = elided.iter().any(|known| before.eq_ignore_ascii_case(known));
    let stands_alone = word.len() == before.len();
    (is_elided && (stands_alone || !after.is_empty())).then_some(before.len() + 1)
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
        assert_eq!(keys("qu’ au sujet, l' État"), ["qu'", "au", "sujet", ",", "l'", "état"]);
    }

    #[test]
    fn a_number_is_one_token_in_every_notation() {
        for (lang, texts) in [
            (
                Lang::FR,
                &["1 250 000,50", "1.250.000,50", "1250000,50", "1\u{202f}250\u{a0}000,50"][..],
            ),
            (Lang::FR, &["14 h 30", "14h30", "14:30"]),
            (Lang::FR, &["1 850", "1850"]),
            (Lang::EN, &["1,250,000.50", "1 250 000.50"]),
            (Lang::EN, &["2.30", "2:30"]),
            (Lang::EN, &["per cent", "Per\u{a0}cent", "percent"]),
            (Lang::RU, &["14:30", "14.30"]),
            (Lang::RU, &["24 600", "24600"]),
        ] {
            for text in texts {
                let found = [text, texts[0]].map(|text| tokens(&format!("a {text} b"), &lang));
                assert_eq!(found[0].len(), 3, "{text}: {:?}", found[0]);
                assert_eq!(found[0][1].key(), found[1][1].key(), "{text}");
            }
        }
        assert_eq!(
            keys("1er 12a 1.2.3 2014 250 14 h"),
            ["1er", "12a", "1.2.3", "2014", "250", "14.00"]
        );
        assert_eq!(keys("12 250er"), ["12", "250er"]);
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
