//! What an alignment gives: beads, and units made of them.

use std::ops::Range;

use super::fixed::Refused;
use crate::{Document, Unit};

/// The property of a unit that holds the confidence of its bead: a number in 0–1, as `0.97`.
pub const CONFIDENCE: &str = "x-chancery-confidence";
/// The property of a unit that holds the name of the document it comes from.
pub const DOCUMENT: &str = "x-document";
/// The property of a unit that holds the paragraph of the source document it begins in, from 1.
pub const PARAGRAPH: &str = "x-chancery-paragraph";
/// The property of a unit that holds which sentence of the source document it begins with, from 1.
pub const SENTENCE: &str = "x-chancery-sentence";

/// Two or three documents and the beads between them.
///
/// The beads are in order on every side, and every sentence of every document is in exactly one.
#[derive(Clone, Debug)]
pub struct Alignment {
    pub(super) documents: Vec<Document>,
    pub(super) beads: Vec<Bead>,
    pub(super) refused: Vec<Refused>,
}

impl Alignment {
    /// An alignment of documents that was made before, or by hand.
    ///
    /// The beads are in order on every side, each holds sentences of some side, and together they
    /// hold every sentence once. Where a bead has nothing on a side, the range there may stand
    /// anywhere.
    ///
    /// ```
    /// use chancery::align::{Alignment, Bead};
    /// use chancery::{Document, Lang};
    ///
    /// let fr = Document::segmented("Oui.\nNon.", Lang::FR);
    /// let en = Document::segmented("Yes and no.", Lang::EN);
    /// let alignment = Alignment::of([fr, en], [Bead::new([0..2, 0..1], 0.8)])?;
    /// assert_eq!(alignment.units().count(), 1);
    /// # Ok::<(), chancery::align::BeadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BeadError`] names the first bead that does not fit.
    pub fn of(
        documents: impl Into<Vec<Document>>,
        beads: impl IntoIterator<Item = Bead>,
    ) -> Result<Alignment, BeadError> {
        let documents = documents.into();
        let mut ends = vec![0; documents.len()];
        let mut beads: Vec<Bead> = beads.into_iter().collect();
        for (number, bead) in (1..).zip(&mut beads) {
            let error = |problem| BeadError { bead: number, problem };
            if bead.sides.len() != documents.len() {
                return Err(error("it has not as many languages as there are documents"));
            }
            if bead.sides.iter().all(|side| side.is_empty()) {
                return Err(error("it has no sentence in any language"));
            }
            for ((side, end), document) in bead.sides.iter_mut().zip(&mut ends).zip(&documents) {
                if Range::is_empty(side) {
                    *side = *end..*end;
                }
                if side.end > document.sentences().len() {
                    return Err(error("a document has no sentence of that number"));
                }
                if side.start != *end {
                    return Err(error("its sentences do not follow those of the bead before it"));
                }
                *end = side.end;
            }
        }
        if documents.iter().zip(ends).any(|(document, end)| end < document.sentences().len()) {
            let problem = "after it there are sentences that are in no bead";
            return Err(BeadError { bead: beads.len(), problem });
        }
        Ok(Alignment { documents, beads, refused: Vec::new() })
    }

    /// The documents: source, target, and the second target if there is one.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The beads, in order.
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// The fixed beads that could not be kept, with the reason; empty where all were.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// A unit for each bead that has text in two languages or more, in order.
    ///
    /// The sentences of a bead are joined by a space (by nothing in languages that are written
    /// without spaces), languages without a sentence are left out. The confidence is kept in the
    /// property [`CONFIDENCE`], from where the memory takes its penalty.
    ///
    /// ```
    /// use chancery::align::{Aligner, CONFIDENCE, DOCUMENT};
    /// use chancery::{Document, Lang};
    ///
    /// let fr = Document::new("La séance est levée à 18 h 15.", Lang::FR);
    /// let en = Document::new("The meeting rose at 6.15 p.m.", Lang::EN);
    /// let alignment = Aligner::new().align(&fr, &en);
    /// let unit = alignment.units().document("A/68/PV.12").next().unwrap();
    /// assert!(unit.metadata.property(CONFIDENCE).is_some());
    /// assert_eq!(unit.metadata.property(DOCUMENT), Some("A/68/PV.12"));
    /// ```
    pub fn units(&self) -> Units<'_> {
        Units { alignment: self, next: 0, document: None, neighbours: false }
    }
}

/// Sentences of one language and their translations into the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Bead {
    pub(super) sides: Box<[Range<usize>]>,
    pub(super) confidence: f64,
    pub(super) is_fixed: bool,
}

impl Bead {
    /// A bead of these sentences, a range for each document, with a confidence of 0–1.
    ///
    /// What lies outside is taken as 0 or 1, and what is no number as 0.
    pub fn new(sides: impl Into<Box<[Range<usize>]>>, confidence: f64) -> Bead {
        let confidence = if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) };
        Bead { sides: sides.into(), confidence, is_fixed: false }
    }

    /// The same bead, settled or not: see [`is_fixed`](Bead::is_fixed).
    pub fn fixed(self, yes: bool) -> Bead {
        Bead { is_fixed: yes, ..self }
    }

    /// The sentences of every document, the source first.
    pub fn sides(&self) -> &[Range<usize>] {
        &self.sides
    }

    /// The sentences of a document, by the document's number: 0 is the source. Empty where the
    /// language has nothing here; it then starts where the bead before it ends.
    ///
    /// # Panics
    ///
    /// If there are fewer documents.
    pub fn side(&self, document: usize) -> Range<usize> {
        self.sides[document].clone()
    }

    /// The sentences of the source.
    pub fn source(&self) -> Range<usize> {
        self.side(0)
    }

    /// The sentences of the (first) target.
    pub fn target(&self) -> Range<usize> {
        self.side(1)
    }

    /// How probable it is that the bead is right, sentence for sentence: 0–1.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// Whether the bead was given and not found.
    pub fn is_fixed(&self) -> bool {
        self.is_fixed
    }
}

/// Why beads are no [`Alignment`] of their documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bead {bead}: {problem}")]
pub struct BeadError {
    bead: usize,
    problem: &'static str,
}

impl BeadError {
    /// The number of the bead, from 1; 0 where there is none.
    pub fn bead(&self) -> usize {
        self.bead
    }
}

/// The units of an alignment, in order. Made by [`Alignment::units`].
#[derive(Clone, Debug)]
pub struct Units<'a> {
    alignment: &'a Alignment,
    next: usize,
    document: Option<String>,
    neighbours: bool,
}

impl Units<'_> {
    /// Names the document that the units come from, in the property [`DOCUMENT`], and says where
    /// in the source document each stands, in [`PARAGRAPH`] and [`SENTENCE`].
    pub fn document(mut self, name: impl Into<String>) -> Self {
        self.document = Some(name.into());
        self
    }

    /// Keeps the source texts before and after each unit, in the properties `prev` and `next` of
    /// OmegaT: then an exact match in the same place ranks above others.
    ///
    /// ```
    /// use chancery::align::Aligner;
    /// use chancery::{Document, Lang};
    ///
    /// let fr = Document::segmented("Article premier\nDéfinitions\n", Lang::FR);
    /// let en = Document::segmented("Article 1\nDefinitions\n", Lang::EN);
    /// let alignment = Aligner::new().align(&fr, &en);
    /// let units: Vec<_> = alignment.units().neighbours(true).collect();
    /// assert_eq!(units[1].previous_text().as_deref(), Some("Article premier"));
    /// assert_eq!((units[0].previous_text(), units[1].next_text()), (None, None));
    /// ```
    pub fn neighbours(mut self, yes: bool) -> Self {
        self.neighbours = yes;
        self
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        let beads = &self.alignment.beads;
        let bead = beads.get(at)?;
        let mut unit = Unit::new();
        for (number, document) in self.alignment.documents.iter().enumerate() {
            if let Some(text) = self.text(bead, number) {
                unit.push(document.lang().clone(), text);
            }
        }
        if unit.variants.len() < 2 {
            return None;
        }
        unit.metadata.set_property(CONFIDENCE, format!("{:.2}", bead.confidence));
        if let Some(name) = &self.document {
            unit.metadata.set_property(DOCUMENT, name);
            let first = bead.source().start;
            let source = self.alignment.documents.first();
            let sentence = source.and_then(|source| source.sentences().get(first));
            if let Some(sentence) = sentence.filter(|_| !bead.source().is_empty()) {
                unit.metadata.set_property(PARAGRAPH, (sentence.paragraph() + 1).to_string());
                unit.metadata.set_property(SENTENCE, (first + 1).to_string());
            }
        }
        if self.neighbours && !bead.source().is_empty() {
            let before = beads[..at].iter().rev().find_map(|bead| self.text(bead, 0));
            let after = beads[at + 1..].iter().find_map(|bead| self.text(bead, 0));
            for (kind, text) in [("prev", before), ("next", after)] {
                text.into_iter().for_each(|text| unit.metadata.set_property(kind, text));
            }
        }
        Some(unit)
    }

    /// The sentences of a bead in one document, as one text; nothing if there are none.
    fn text(&self, bead: &Bead, number: usize) -> Option<String> {
        let document = self.alignment.documents.get(number)?;
        let sentences = document.sentences()[bead.sides.get(number)?.clone()].iter();
        let texts: Vec<&str> =
            sentences.map(|sentence| sentence.text()).filter(|text| !text.is_empty()).collect();
        let spaced = !matches!(document.lang().primary(), "zh" | "ja" | "th" | "lo" | "km" | "my");
        (!texts.is_empty()).then(|| texts.join(if spaced { " " } else { "" }))
    }
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        loop {
            let at = self.next;
            self.alignment.beads.get(at)?;
            self.next += 1;
            if let Some(unit) = self.unit(at) {
                return Some(unit);
            }
        }
    }
}
