//! Sentence alignment: which sentences of two or three documents translate each other.
//!
//! Nothing but the documents is needed. The words that translate each other are learnt from them,
//! together with what their beads are like: how long sentences of one language are in the other,
//! how often two become one, how both open and close. Between French, English and Russian the
//! learning begins with a built-in list of everyday words; other languages do without. What is
//! known from elsewhere can be added: a [lexicon](crate::lexicon::Lexicon) from a memory or a glossary,
//! beads a reviser has settled, the [similarity](Similarity) of sentences as another program sees it.
//!
//! ```
//! use chancery::align::Aligner;
//! use chancery::{Document, Lang};
//!
//! let fr = Document::new("La séance est ouverte à 10 heures. Elle est publique.", Lang::FR);
//! let en = Document::new("The meeting is open at 10 o’clock. It is public.", Lang::EN);
//! let alignment = Aligner::new().align(&fr, &en);
//! assert_eq!(alignment.beads().len(), 2);
//! assert_eq!(alignment.beads()[1].source(), 1..2);
//! let unit = alignment.units().next().expect("two beads");
//! assert_eq!(unit.segment(&Lang::EN).unwrap().text(), "The meeting is open at 10 o’clock.");
//! ```
//!
//! # How it works
//!
//! 1. Words that look alike, or are known to translate each other, and are rare in both texts give
//!    *anchors*; the search is kept to a band around them ("any length" below).
//! 2. All ways through the band are summed forward and backward, so that every bead has a
//!    probability, not only those of the best way. Beads hold up to six sentences on one side;
//!    untranslated runs have any length.
//! 3. From the beads, weighted by probability, word translations are learnt (IBM model 1 in both
//!    directions, Brown et al. 1993), and the habits of the document; then the search is repeated.
//! 4. The beads that are likely at all are judged once more, their words linked one to one.
//! 5. The beads shown are those with the most probability in all.
//!
//! # Any length
//!
//! Time and memory grow linearly with the length of the documents, also where they are no
//! translations of each other: the band has a bounded width between anchors. A chapter that is
//! missing on one side is an untranslated run; a chapter that was moved is an untranslated run on
//! each side, since beads never cross.
//!
//! Where a text has no numbers, names or words that look alike to mark the course, or where such
//! words lie as if by accident, a few stretches of the source are looked for all over the target
//! by their lengths and punctuation alone; the words that the first search learns around them
//! then give anchors everywhere else.

mod aligner;
mod alignment;
mod anchors;
mod band;
mod confidence;
mod evidence;
mod features;
mod fixed;
mod judge;
mod lattice;
mod parameters;
mod pipeline;
mod probes;
mod search;
mod similarity;
mod three;

pub use aligner::Aligner;
pub use alignment::{Alignment, Bead, BeadError, CONFIDENCE, DOCUMENT, PARAGRAPH, SENTENCE, Units};
pub use fixed::{Refusal, Refused};
pub use similarity::Similarity;
