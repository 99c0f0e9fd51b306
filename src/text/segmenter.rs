//! Paragraphs into sentences.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::paragraph::trimmed;
use crate::Lang;

/// Finds where the sentences of a paragraph end, by the rules of a language.
///
/// ```
/// use chancery::{Lang, text::Segmenter};
///
/// let segmenter = Segmenter::for_lang(&Lang::FR);
/// let paragraph = "La séance est ouverte. M. Hellmark prend la parole.";
/// let spans = segmenter.sentences(paragraph);
/// assert_eq!(&paragraph[spans[1].clone()], "M. Hellmark prend la parole.");
/// ```
#[derive(Clone, Debug)]
pub struct Segmenter {
    end: Regex,
    abbreviation: Regex,
}

static DEFAULT: LazyLock<Segmenter> = LazyLock::new(|| Segmenter {
    end: pattern(r"[.!?…]+[»”)\x22]*\s+"),
    abbreviation: pattern(r"\b(M|MM|Mr|Mrs|Dr|art|p|cf|S|E|H|No|г|ст|т|п|с|см|\p{Lu})\.\s+$"),
});

#[expect(clippy::expect_used, reason = "the patterns are constants")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern compiles")
}

impl Segmenter {
    /// The segmenter with the built-in rules of a language.
    pub fn for_lang(_lang: &Lang) -> Segmenter {
        DEFAULT.clone()
    }

    /// The sentences of a paragraph, in order, without the white space around them.
    ///
    /// Together they hold every character of the paragraph that is not white space.
    pub fn sentences(&self, paragraph: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        let ends = self.end.find_iter(paragraph).map(|end| end.end());
        for end in ends.chain([paragraph.len()]) {
            let next = paragraph[end..].chars().next();
            if next.is_some_and(char::is_lowercase)
                || end < paragraph.len() && self.abbreviation.is_match(&paragraph[start..end])
            {
                continue;
            }
            let span = trimmed(paragraph, start..end);
            if !span.is_empty() {
                found.push(span);
            }
            start = end;
        }
        found
    }
}
