//! Tokens: the words, numbers and signs of a text.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Normal;
use crate::Lang;

/// A word, number, date, reference or punctuation mark, with the place it stands at.
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
    /// A number, whatever its notation: its key is its value.
    Number,
    /// A date or a time: its key is its value in the form of ISO 8601.
    Date,
    /// A reference to a document or a part of one (`S/RES/1973 (2011)`, `article 5, alinéa b)`).
    Reference,
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

    /// What two tokens are compared by: the [normal form](Normal) in lower case; for numbers,
    /// dates and references the value, so that `1 250 000,50` and `1,250,000.50` have one key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Cuts a text into tokens, in order. White space is not a token.
pub fn tokens(text: &str, lang: &Lang) -> Vec<Token> {
    let normal = Normal::new(text);
    let mut found = Vec::new();
    for (start, word) in normal.text().split_word_bound_indices() {
        if word.trim().is_empty() {
            continue;
        }
        let mut push = |range: Range<usize>| {
            let piece = &normal.text()[range.clone()];
            let kind = if piece.starts_with(char::is_numeric) {
                TokenKind::Number
            } else if piece.contains(char::is_alphanumeric) {
                TokenKind::Word
            } else {
                TokenKind::Punctuation
            };
            let key = piece.to_lowercase().into_boxed_str();
            found.push(Token { span: normal.original(range), kind, key });
        };
        match word.find('\'').map(|at| at + 1) {
            Some(cut) if cut < word.len() && lang.primary() == "fr" => {
                push(start..start + cut);
                push(start + cut..start + word.len());
            }
            _ => push(start..start + word.len()),
        }
    }
    found
}
