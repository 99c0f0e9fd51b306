//! Word-translation probabilities, learnt from texts that translate each other.
//!
//! A [`Lexicon`] is learnt from units, from the pairs of a glossary or from both. The
//! [aligner](crate::align::Aligner::lexicon) can start from one instead of from nothing, and
//! [`Lexicon::links`] says which words of a unit translate each other.
//!
//! Words are taken as their first six letters in lower case, which brings inflected forms
//! together in any language with an alphabet; digits are whole, punctuation marks are words of
//! their own, and languages written without spaces give one word a character.

pub(crate) mod cognates;
pub(crate) mod core_words;
mod links;
pub(crate) mod model;
#[cfg(feature = "sqlite")]
pub(crate) mod saved;
pub(crate) mod table;
pub(crate) mod words;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use links::Linker;
pub use links::{Link, WordLinks};

use crate::text::Normal;
use crate::{Lang, Unit};
use model::{Corpus, Pair, Training, learn};
use table::Table;
use words::{Vocabulary, words};

/// Word-translation probabilities of two languages, in both directions.
///
/// Cloning is cheap: clones share one table.
///
/// # Resource usage
///
/// Learning from 100,000 units of laws takes about 8 s on one core; the whole process with these
/// units in RAM needs 250 MB. The lexicon itself holds twelve bytes a pair of words.
///
/// ```
/// use chancery::lexicon::Lexicon;
/// use chancery::{Lang, Unit};
///
/// let units: Vec<Unit> = [
///     ("la paix", "the peace"),
///     ("la sécurité", "the security"),
///     ("la paix et la sécurité", "peace and security"),
///     ("l’espace de paix", "the area of peace"),
/// ]
/// .map(|(fr, en)| Unit::pair((Lang::FR, fr), (Lang::EN, en)))
/// .into();
/// let lexicon = Lexicon::learn(&units, &Lang::FR, &Lang::EN);
/// assert!(lexicon.probability("paix", "peace") > lexicon.probability("paix", "security"));
/// ```
#[derive(Clone, Debug)]
pub struct Lexicon(Arc<Tables>);

#[derive(Debug)]
struct Tables {
    langs: [Lang; 2],
    vocabularies: [Vocabulary; 2],
    /// How often each word was seen.
    masses: [Vec<f32>; 2],
    /// How often words were seen to translate each other, a row for each source word.
    counts: Table,
}

impl Lexicon {
    /// Learns from units. Those that lack one of the languages say nothing.
    pub fn learn<'u>(
        units: impl IntoIterator<Item = &'u Unit>,
        source: &Lang,
        target: &Lang,
    ) -> Lexicon {
        let mut builder = Lexicon::builder(source.clone(), target.clone());
        for unit in units {
            builder.unit(unit);
        }
        builder.learn()
    }

    /// Collects units, texts and glossary pairs to learn from, one by one.
    ///
    /// ```
    /// use chancery::lexicon::Lexicon;
    /// use chancery::Lang;
    ///
    /// let mut builder = Lexicon::builder(Lang::FR, Lang::EN);
    /// builder.term("note verbale", "verbal note").term("démarche", "démarche");
    /// builder.pair("La note verbale est jointe.", "The verbal note is attached.");
    /// let lexicon = builder.learn();
    /// assert!(lexicon.probability("démarche", "démarche") > 0.5);
    /// ```
    pub fn builder(source: Lang, target: Lang) -> LexiconBuilder {
        LexiconBuilder {
            langs: [source, target],
            vocabularies: Default::default(),
            words: Default::default(),
            pairs: Vec::new(),
        }
    }

    /// The two languages, source first.
    pub fn langs(&self) -> &[Lang; 2] {
        &self.0.langs
    }

    /// Whether this is a clone of the other.
    pub(crate) fn same(&self, other: &Lexicon) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How probable a target word is as translation of a source word, 0–1; 0 if either is unknown.
    pub fn probability(&self, source: &str, target: &str) -> f64 {
        self.both(source, target)[0]
    }

    /// How probable each of two words is as translation of the other, 0–1.
    pub(crate) fn both(&self, source: &str, target: &str) -> [f64; 2] {
        let id = |side: usize, text: &str| {
            let mut found = None;
            words(&Normal::new(text), |word, _| {
                found = found.or(self.0.vocabularies[side].id(word));
            });
            found
        };
        let (Some(s), Some(t)) = (id(0, source), id(1, target)) else { return [0.0; 2] };
        let count = self.0.counts.get(s, t);
        let masses = [self.0.masses[0][s as usize], self.0.masses[1][t as usize]];
        masses.map(|mass| f64::from(count / mass.max(count).max(f32::MIN_POSITIVE)))
    }

    /// Which words of two texts translate each other, the first in the source language of the
    /// lexicon and the second in its target language.
    ///
    /// Spans are bytes of the texts that come in, so that the words can be laid over the
    /// [tokens](crate::text::tokens) or codes of a segment. A link's probability is the agreement
    /// of both directions: of the words of one side, each of which asks for its origin on the
    /// other. Words that the lexicon does not know are linked by likeness (names, numbers).
    ///
    /// Cost: a binary search for each pair of words, about 20 µs for two sentences of 25 words. Of
    /// a text of more than 1,000 words the first 1,000 are linked.
    ///
    /// ```
    /// use chancery::lexicon::Lexicon;
    /// use chancery::Lang;
    ///
    /// let mut builder = Lexicon::builder(Lang::FR, Lang::EN);
    /// builder.pair("la paix", "the peace").pair("la mer", "the sea").pair("paix", "peace");
    /// let (source, target) = ("paix en mer", "peace at sea");
    /// let links = builder.learn().links(source, target);
    /// let link = links.of_source(0).next().unwrap();
    /// assert_eq!(&target[links.target()[link.target()].clone()], "peace");
    /// assert!(link.probability() > 0.5);
    /// ```
    pub fn links(&self, source: &str, target: &str) -> WordLinks {
        Linker::new(self.clone()).links(source, target)
    }

    /// Calls `each` with pairs of words and how sure it is that one is translated by the other
    /// (0–1), for all words of two texts' vocabularies.
    pub(crate) fn entries(
        &self,
        [source, target]: [&Vocabulary; 2],
        swapped: bool,
        mut each: impl FnMut(u32, u32, f32),
    ) {
        let tables = &*self.0;
        let (first, second) = if swapped { (target, source) } else { (source, target) };
        // Numbers of the lexicon's second vocabulary in the text's.
        let known: Vec<Option<u32>> =
            tables.vocabularies[1].words().iter().map(|word| second.id(word)).collect();
        for (id, word) in first.words().iter().enumerate() {
            let Some(row) = tables.vocabularies[0].id(word) else { continue };
            for (column, count) in tables.counts.row(row) {
                let Some(other) = known[column as usize] else { continue };
                let of_both = tables.masses[0][row as usize].max(count)
                    * tables.masses[1][column as usize].max(count);
                let likely = count / of_both.sqrt();
                if swapped {
                    each(other, id as u32, likely);
                } else {
                    each(id as u32, other, likely);
                }
            }
        }
    }
}

/// What a [`Lexicon`] is learnt from. Made by [`Lexicon::builder`].
#[derive(Clone, Debug)]
pub struct LexiconBuilder {
    langs: [Lang; 2],
    vocabularies: [Vocabulary; 2],
    words: [Vec<u32>; 2],
    pairs: Vec<Pair>,
}

/// Words of a text that are looked at. A longer one is not a segment that a person aligned.
const MOST_WORDS: usize = 200;
/// A pair of terms weighs as much as this many units: somebody has written that they go together.
const TERM: f32 = 4.0;
const TRAINING: Training = Training { rounds: 5, discount: 0.3, negligible: 1e-3 };

impl LexiconBuilder {
    /// Adds a unit. One that lacks either language is passed over.
    pub fn unit(&mut self, unit: &Unit) -> &mut LexiconBuilder {
        let [source, target] = [&self.langs[0], &self.langs[1]].map(|lang| unit.segment(lang));
        if let (Some(source), Some(target)) = (source, target) {
            self.add(&source.text(), &target.text(), 1.0);
        }
        self
    }

    /// Adds a text and its translation: a sentence or two. Of texts of more than 200 words the
    /// first 200 are read.
    pub fn pair(&mut self, source: &str, target: &str) -> &mut LexiconBuilder {
        self.add(source, target, 1.0);
        self
    }

    /// Adds a term and its translation, which weigh as much as four units.
    pub fn term(&mut self, source: &str, target: &str) -> &mut LexiconBuilder {
        self.add(source, target, TERM);
        self
    }

    /// Adds the words of grammar, months and small numbers, where there is a list of them: for
    /// any two of French, English and Russian. A small memory does not show them often enough.
    ///
    /// ```
    /// use chancery::lexicon::Lexicon;
    /// use chancery::Lang;
    ///
    /// let mut builder = Lexicon::builder(Lang::RU, Lang::FR);
    /// builder.function_words();
    /// assert!(builder.learn().probability("между", "entre") > 0.3);
    /// ```
    pub fn function_words(&mut self) -> &mut LexiconBuilder {
        let column = |lang: &Lang| ["fr", "en", "ru"].iter().position(|&l| l == lang.primary());
        let (Some(from), Some(to)) = (column(&self.langs[0]), column(&self.langs[1])) else {
            return self;
        };
        let lines = include_str!("function_words.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let words = |column: usize| fields.get(column).into_iter().flat_map(|f| f.split('|'));
            for source in words(from).filter(|word| !word.is_empty()) {
                words(to).for_each(|target| self.add(source, target, 1.0));
            }
        }
        self
    }

    /// Learns from all that was added.
    pub fn learn(self) -> Lexicon {
        let [source_words, target_words] = [0, 1].map(|side| self.vocabularies[side].len());
        let corpus = Corpus {
            source: &self.words[0],
            target: &self.words[1],
            source_words,
            target_words,
            pairs: &self.pairs,
        };
        let prior = Table::from_entries(source_words, Vec::new());
        let counts = learn(&corpus, &prior, TRAINING);
        let (source, target) = corpus.masses();
        Lexicon(Arc::new(Tables {
            langs: self.langs,
            masses: [source, target],
            vocabularies: self.vocabularies,
            counts,
        }))
    }

    fn add(&mut self, source: &str, target: &str, weight: f32) {
        let source = self.read(0, source);
        let target = self.read(1, target);
        if !source.is_empty() && !target.is_empty() {
            self.pairs.push(Pair { source, target, weight });
        }
    }

    fn read(&mut self, side: usize, text: &str) -> Range<u32> {
        let start = self.words[side].len();
        words(&Normal::new(text), |word, _| {
            if self.words[side].len() - start < MOST_WORDS {
                let id = self.vocabularies[side].intern(word);
                self.words[side].push(id);
            }
        });
        start as u32..self.words[side].len() as u32
    }
}
