//! The entry point: what an alignment is asked for.

use std::ops::Range;
use std::sync::Arc;

use super::alignment::{Alignment, Bead};
use super::features::Side;
use super::fixed::{Bond, Lines, Refused, keep};
use super::pipeline;
use super::similarity::{Ask, Similarity};
use super::three::{self, PairBead};
use crate::lexicon::Lexicon;
use crate::lexicon::core_words::core_words;
use crate::{Document, Lang};

/// What other texts say of words counts so much in these documents. From a quarter to all makes no
/// difference that can be told from chance; with less, a memory of another field does less harm.
const ELSEWHERE: f32 = 0.25;

/// Aligns the sentences of documents that translate each other.
///
/// An aligner holds what is known beforehand, nothing by default, and can be used for any number
/// of documents.
///
/// # Resource usage
///
/// A novel of 5,800 and 7,100 sentences takes 3.3 s on one core and 82 MB.
#[derive(Clone, Debug, Default)]
pub struct Aligner {
    fixed: Vec<Vec<Range<usize>>>,
    lexicons: Vec<Lexicon>,
    similarity: Option<Arc<dyn Similarity>>,
}

impl Aligner {
    /// An aligner that knows nothing but the documents.
    pub fn new() -> Aligner {
        Aligner::default()
    }

    /// Fixes beads: each is a range of sentences for each document, source first, counted from 0.
    /// A bead with an empty range says that its sentences have no translation in that language.
    ///
    /// The rest is aligned around them. A bead that does not fit the documents or crosses another
    /// is left out, and [`Alignment::refused`] says so. Beads of several calls add up.
    ///
    /// ```
    /// use chancery::align::Aligner;
    /// use chancery::{Document, Lang};
    ///
    /// let fr = Document::segmented("Oui.\nNon.\nPeut-être.", Lang::FR);
    /// let en = Document::segmented("Yes and no.\nPerhaps.", Lang::EN);
    /// let alignment = Aligner::new().fix([vec![0..2, 0..1]]).align(&fr, &en);
    /// assert!(alignment.refused().is_empty());
    /// assert!(alignment.beads()[0].is_fixed());
    /// assert_eq!(alignment.beads()[1].source(), 2..3);
    /// ```
    pub fn fix(mut self, beads: impl IntoIterator<Item = Vec<Range<usize>>>) -> Aligner {
        self.fixed.extend(beads);
        self
    }

    /// Starts from a lexicon of the languages at hand, either way round, instead of from nothing.
    /// Lexicons of several calls add up; those of other languages are passed over.
    ///
    /// What the documents themselves say outweighs it where they say enough, so that a lexicon
    /// helps short and literary texts most.
    ///
    /// ```
    /// use chancery::align::Aligner;
    /// use chancery::lexicon::Lexicon;
    /// use chancery::{Document, Lang};
    ///
    /// let mut builder = Lexicon::builder(Lang::FR, Lang::EN);
    /// builder.term("pêche", "fishing").term("frontière", "border");
    /// let fr = Document::new("La pêche est ouverte. La frontière est fermée.", Lang::FR);
    /// let en = Document::new("Fishing is open. The border is closed.", Lang::EN);
    /// let alignment = Aligner::new().lexicon(&builder.learn()).align(&fr, &en);
    /// assert_eq!(alignment.beads().len(), 2);
    /// ```
    pub fn lexicon(mut self, lexicon: &Lexicon) -> Aligner {
        self.lexicons.push(lexicon.clone());
        self
    }

    /// Adds the evidence of another program: see [`Similarity`]. A second call replaces the first.
    pub fn similarity(mut self, similarity: Arc<dyn Similarity>) -> Aligner {
        self.similarity = Some(similarity);
        self
    }

    /// Aligns a document with its translation.
    ///
    /// Nothing is too short, too long or too different: where the texts are no translations of
    /// each other the confidence is low. Time and memory grow linearly with the number of
    /// sentences.
    pub fn align(&self, source: &Document, target: &Document) -> Alignment {
        let lengths = [source.sentences().len(), target.sentences().len()];
        let (kept, refused) = keep(&self.fixed, &lengths);
        let kept: Vec<[Range<usize>; 2]> =
            kept.iter().map(|bead| [bead[0].clone(), bead[1].clone()]).collect();
        let beads = self.pair(source, target, &kept);
        let beads = (beads.into_iter())
            .map(|PairBead { sides, confidence, is_fixed }| Bead {
                sides: sides.into(),
                confidence,
                is_fixed,
            })
            .collect();
        Alignment { documents: vec![source.clone(), target.clone()], beads, refused }
    }

    /// Aligns a document with its translations into two languages.
    ///
    /// Each bead holds sentences of all three, so that the alignment is consistent by
    /// construction: wherever a sentence is in one bead with another and that with a third, all
    /// three are in one bead. The three pairs of languages are aligned each on their own; the
    /// beads are the finest that cover what most of the pairs say, and where they contradict each
    /// other, the confidence of the bead falls.
    ///
    /// ```
    /// use chancery::align::Aligner;
    /// use chancery::{Document, Lang};
    ///
    /// let fr = Document::new("La séance est ouverte à 10 heures. Elle est publique.", Lang::FR);
    /// let en = Document::new("The meeting is open at 10 o’clock. It is public.", Lang::EN);
    /// let ru = Document::new("Заседание открыто в 10 часов. Оно открытое.", Lang::RU);
    /// let alignment = Aligner::new().align_three(&fr, &en, &ru);
    /// assert_eq!(alignment.beads()[1].side(2), 1..2);
    /// ```
    pub fn align_three(&self, source: &Document, first: &Document, second: &Document) -> Alignment {
        let documents = [source, first, second];
        let lengths = documents.map(|document| document.sentences().len());
        let (kept, mut refused) = keep(&self.fixed, &lengths);
        let pairs = three::PAIRS.map(|[one, other]| {
            let fixed: Vec<[Range<usize>; 2]> = (kept.iter())
                .map(|bead| [bead[one].clone(), bead[other].clone()])
                .filter(|bead| bead.iter().any(|side| !side.is_empty()))
                .collect();
            self.pair(documents[one], documents[other], &fixed)
        });
        let (beads, lost) = three::join(lengths, &pairs, &kept);
        refused.extend(lost.into_iter().filter_map(|lost| {
            let number = self.fixed.iter().position(|fixed| *fixed == kept[lost])?;
            Some(Refused::crossing(number))
        }));
        Alignment { documents: documents.map(Document::clone).into(), beads, refused }
    }

    /// The beads of two documents.
    ///
    /// The search goes one way whichever document is called source, so that swapping them mirrors
    /// the beads exactly, ties included.
    fn pair(
        &self,
        source: &Document,
        target: &Document,
        kept: &[[Range<usize>; 2]],
    ) -> Vec<PairBead> {
        let key = |document: &Document| document.lang().canonical().to_owned();
        if (key(source), source.text()) <= (key(target), target.text()) {
            return self.pair_one_way(source, target, kept);
        }
        let swap = |[one, other]: [Range<usize>; 2]| [other, one];
        let kept: Vec<[Range<usize>; 2]> = kept.iter().cloned().map(swap).collect();
        let beads = self.pair_one_way(target, source, &kept).into_iter();
        beads.map(|bead| PairBead { sides: swap(bead.sides), ..bead }).collect()
    }

    fn pair_one_way(
        &self,
        source: &Document,
        target: &Document,
        kept: &[[Range<usize>; 2]],
    ) -> Vec<PairBead> {
        let lines = [
            Lines::new(source.sentences().len(), kept, 0),
            Lines::new(target.sentences().len(), kept, 1),
        ];
        let langs = [source.lang(), target.lang()];
        let ask = self.similarity.as_ref().map(|similarity| {
            let lines = &lines;
            move |one: Range<usize>, other: Range<usize>| {
                let (one, other) = (lines[0].sentences(one), lines[1].sentences(other));
                similarity.similarity((source, one), (target, other))
            }
        });
        let sides = [source, target];
        let source = Side::new(lines[0].texts(sides[0]), &lines[0].bonds);
        let target = Side::new(lines[1].texts(sides[1]), &lines[1].bonds);
        let vocabularies = [&source.vocabulary, &target.vocabulary];
        let mut entries = Vec::new();
        let frequencies = [source.frequencies.as_slice(), &target.frequencies];
        core_words(langs, vocabularies, frequencies, |s, t, likely| {
            entries.push((s, t, ELSEWHERE * likely));
        });
        for lexicon in &self.lexicons {
            let [one, other] = lexicon.langs();
            let matches =
                |a: &Lang, b: &Lang| langs[0].same_language(a) && langs[1].same_language(b);
            let swapped = matches(other, one);
            if swapped || matches(one, other) {
                lexicon.entries(vocabularies, swapped, |s, t, likely| {
                    entries.push((s, t, ELSEWHERE * likely));
                });
            }
        }
        let fixed: Vec<(usize, usize)> = lines[0].paired().zip(lines[1].paired()).collect();
        let beads =
            pipeline::align(&source, &target, &fixed, entries, ask.as_ref().map(|ask| ask as Ask));
        (beads.into_iter())
            .map(|bead| {
                let sides = [
                    lines[0].sentences(bead.i..bead.i + bead.a),
                    lines[1].sentences(bead.j..bead.j + bead.b),
                ];
                let is_fixed = source.bonds[bead.i..bead.i + bead.a]
                    .iter()
                    .chain(&target.bonds[bead.j..bead.j + bead.b])
                    .any(|bond| *bond != Bond::Free);
                let confidence = if is_fixed { 1.0 } else { f64::from(bead.probability) };
                PairBead { sides, confidence, is_fixed }
            })
            .collect()
    }
}
