//! Paragraphs into sentences.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use super::paragraph::trimmed;
use super::srx::{Breaker, Problem, Rules};
use crate::Lang;

/// Finds where the sentences of a paragraph end, by the rules of a language.
///
/// Rules are those of [SRX](super::srx). At a place of the text a rule matches if its
/// `beforebreak` matches some text that ends there, and its `afterbreak` some text that begins
/// there; the first rule that matches decides. A pattern sees 2,048 bytes on either side.
///
/// Cost: cloning is cheap. Time is linear in the text; the built-in rules segment about
/// 35 MB/s of French and 7 of English or Russian on one core.
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
    breaker: Arc<Breaker>,
}

impl Segmenter {
    /// The segmenter with the built-in rules of a language. French, English and Russian have rules
    /// of their own; all others share a set that knows no abbreviations.
    pub fn for_lang(lang: &Lang) -> Segmenter {
        static BUILT_IN: LazyLock<[(&str, Segmenter); 4]> = LazyLock::new(|| {
            let rules = Rules::built_in();
            ["fr", "en", "ru", "und"]
                .map(|tag| (tag, Segmenter::new(rules, &Lang::from_written(tag)).0))
        });
        let primary = lang.primary();
        let named = BUILT_IN.iter().find(|(tag, _)| *tag == primary).unwrap_or(&BUILT_IN[3]);
        named.1.clone()
    }

    /// A segmenter with rules of your own, and what in them can not be used for this language.
    ///
    /// Cost: patterns are compiled here, once; some 50 µs each.
    pub fn new(rules: &Rules, lang: &Lang) -> (Segmenter, Vec<Problem>) {
        let (breaker, problems) = Breaker::new(rules, lang);
        (Segmenter { breaker: Arc::new(breaker) }, problems)
    }

    /// The sentences of a paragraph, in order, without the white space around them.
    ///
    /// Together they hold every character of the paragraph that is not white space. A rule with
    /// look-around that needs too many steps on this text is passed over;
    /// [`sentences_with`](Segmenter::sentences_with) tells of it.
    pub fn sentences(&self, paragraph: &str) -> Vec<Range<usize>> {
        self.sentences_with(paragraph, &mut Vec::new())
    }

    /// The same as [`sentences`](Segmenter::sentences); rules given up on this text are added to
    /// `problems`, each once.
    pub fn sentences_with(
        &self,
        paragraph: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<Range<usize>> {
        let mut start = 0;
        let ends = self.breaker.breaks(paragraph, problems).into_iter().chain([paragraph.len()]);
        ends.map(|end| trimmed(paragraph, std::mem::replace(&mut start, end)..end))
            .filter(|span| !span.is_empty())
            .collect()
    }
}
