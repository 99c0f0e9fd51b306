//! One side of a pair, with what several checks look at.

use std::borrow::Cow;

use crate::text::{Token, Valued, tokens, values};
use crate::{Lang, Segment};

/// A segment, read once for all checks.
pub(super) struct Side<'s> {
    pub(super) lang: &'s Lang,
    pub(super) segment: &'s Segment,
    pub(super) text: Cow<'s, str>,
    pub(super) tokens: Vec<Token>,
    pub(super) values: Vec<Valued>,
}

impl<'s> Side<'s> {
    pub(super) fn new(segment: &'s Segment, lang: &'s Lang) -> Side<'s> {
        let text = segment.text();
        let tokens = tokens(&text, lang);
        let values = values(&text, lang);
        Side { lang, segment, text, tokens, values }
    }

    /// What is written at a token.
    pub(super) fn written(&self, token: &Token) -> &str {
        &self.text[token.span()]
    }
}
