//! What programs are told of an alignment: the JSON of the server.

use serde::Serialize;

use crate::align::{Alignment, Bead};

/// An alignment, to be serialised: what a person needs to review it.
///
/// Field names are a contract with the programs that read them; fields may be added.
///
/// ```
/// use chancery::align::Aligner;
/// use chancery::tasks::AlignmentReport;
/// use chancery::{Document, Lang};
///
/// let fr = Document::new("La séance est ouverte.", Lang::FR);
/// let en = Document::new("The meeting is open.", Lang::EN);
/// let report = AlignmentReport::new(&Aligner::new().align(&fr, &en));
/// let json = serde_json::to_value(report)?;
/// assert_eq!(json["documents"][1]["sentences"][0]["text"], "The meeting is open.");
/// assert_eq!(json["beads"][0]["sides"], serde_json::json!([[0, 1], [0, 1]]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AlignmentReport {
    /// The documents, the source first.
    pub documents: Vec<AlignedDocumentReport>,
    /// The beads, in order.
    pub beads: Vec<BeadReport>,
    /// Why beads that were to be kept were not, in words.
    pub refused: Vec<String>,
}

/// A document of an alignment, to be serialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AlignedDocumentReport {
    /// Its language.
    pub lang: String,
    /// Its sentences, in order.
    pub sentences: Vec<SentenceReport>,
}

/// A sentence, to be serialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SentenceReport {
    /// It, on one line.
    pub text: String,
    /// The paragraph it stands in, from 1.
    pub paragraph: usize,
}

/// A bead, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BeadReport {
    /// For each document where the sentences begin and end, counted from 0.
    pub sides: Vec<[usize; 2]>,
    /// How probable it is that the bead is right, 0–1, with two digits after the point, never
    /// rounded up.
    pub confidence: f64,
    /// Whether a person settled it.
    pub fixed: bool,
}

impl AlignmentReport {
    /// The report of an alignment.
    pub fn new(alignment: &Alignment) -> AlignmentReport {
        let documents = alignment.documents().iter().map(|document| AlignedDocumentReport {
            lang: document.lang().as_written().to_owned(),
            sentences: (document.sentences().iter())
                .map(|sentence| SentenceReport {
                    text: sentence.text().to_owned(),
                    paragraph: sentence.paragraph() + 1,
                })
                .collect(),
        });
        AlignmentReport {
            documents: documents.collect(),
            beads: alignment.beads().iter().map(BeadReport::new).collect(),
            refused: alignment.refused().iter().map(ToString::to_string).collect(),
        }
    }
}

impl BeadReport {
    fn new(bead: &Bead) -> BeadReport {
        BeadReport {
            sides: bead.sides().iter().map(|side| [side.start, side.end]).collect(),
            confidence: ((bead.confidence() + 1e-9) * 100.0).floor() / 100.0,
            fixed: bead.is_fixed(),
        }
    }
}
