//! Translation units: segments that say the same in two or more languages.
//!
//! The model is lossless: what a file said of a unit is kept as it was written, in
//! [`Metadata`], also where nobody here understands it. What Chancery does understand is read
//! through typed methods over the same raw data, so that there is one truth.

mod context;
mod metadata;
mod segment;

pub(crate) use metadata::intern;
pub use metadata::{Attribute, Metadata, Note, Property};
pub use segment::{Code, CodeContent, CodeKind, Part, Segment};

use crate::Lang;

/// A translation unit: one segment for each of two or more languages, with metadata.
///
/// Several variants of one language are allowed (some tools write them); the first is the one
/// [`segment`](Unit::segment) gives.
///
/// ```
/// use chancery::{Lang, Segment, Unit};
///
/// let mut unit = Unit::new();
/// unit.push(Lang::FR, "La séance est ouverte.");
/// unit.push(Lang::EN, "The meeting is called to order.");
/// assert_eq!(unit.segment(&Lang::EN).unwrap().text(), "The meeting is called to order.");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unit {
    /// What is said of the unit as a whole. The id is the attribute `tuid`.
    pub metadata: Metadata,
    /// The segments, in the order of the file.
    pub variants: Vec<Variant>,
}

impl Unit {
    /// A unit with no segment yet.
    pub fn new() -> Unit {
        Unit::default()
    }

    /// A unit of two segments.
    pub fn pair(source: (Lang, impl Into<Segment>), target: (Lang, impl Into<Segment>)) -> Unit {
        let mut unit = Unit::new();
        unit.push(source.0, source.1);
        unit.push(target.0, target.1);
        unit
    }

    /// Adds a segment.
    pub fn push(&mut self, lang: Lang, segment: impl Into<Segment>) {
        self.variants.push(Variant {
            lang,
            segment: segment.into(),
            metadata: Metadata::default(),
        });
    }

    /// The first segment in exactly this language, else the first in a variety of it (`fr-FR` for
    /// `fr`), else the first with the same primary language.
    pub fn segment(&self, lang: &Lang) -> Option<&Segment> {
        self.variant(lang).map(|variant| &variant.segment)
    }

    /// The variant whose segment [`segment`](Unit::segment) gives.
    pub fn variant(&self, lang: &Lang) -> Option<&Variant> {
        let variants = &self.variants;
        (variants.iter().find(|variant| variant.lang == *lang))
            .or_else(|| variants.iter().find(|variant| lang.covers(&variant.lang)))
            .or_else(|| variants.iter().find(|variant| lang.same_language(&variant.lang)))
    }
}

/// One language of a [`Unit`].
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The language of the segment.
    pub lang: Lang,
    /// The text with its inline codes.
    pub segment: Segment,
    /// What is said of this language alone.
    pub metadata: Metadata,
}
