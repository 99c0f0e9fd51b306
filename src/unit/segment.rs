//! Segments: text with inline codes.

use std::borrow::Cow;

use super::Attribute;

/// A sentence, title or cell of one language: text with inline codes, in order.
///
/// ```
/// use chancery::Segment;
///
/// let segment = Segment::from("La séance est ouverte.");
/// assert_eq!(segment.text(), "La séance est ouverte.");
/// assert!(segment.codes().next().is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Segment {
    parts: Vec<Part>,
}

impl Segment {
    /// A segment of these parts. Texts that follow each other are joined, empty ones left out.
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Segment {
        let mut segment = Segment::default();
        parts.into_iter().for_each(|part| segment.push(part));
        segment
    }

    /// Adds a part at the end.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, part) => self.parts.push(part),
        }
    }

    /// Empties the segment and gives its first text as an empty string, so that a reader fills the
    /// same memory again.
    pub(crate) fn recycle(&mut self) -> String {
        let first = self.parts.iter_mut().find_map(|part| match part {
            Part::Text(text) => Some(std::mem::take(text)),
            Part::Code(_) => None,
        });
        self.parts.clear();
        let mut text = first.unwrap_or_default();
        text.clear();
        text
    }

    /// The parts: no two texts follow each other, and none is empty.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text a reader sees: everything but the codes, text between paired codes included.
    pub fn text(&self) -> Cow<'_, str> {
        match self.parts.as_slice() {
            [] => "".into(),
            [Part::Text(text)] => text.as_str().into(),
            parts => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Text(text) => Some(text.as_str()),
                    Part::Code(_) => None,
                })
                .collect::<String>()
                .into(),
        }
    }

    /// The codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.parts.iter().filter_map(|part| match part {
            Part::Code(code) => Some(code),
            Part::Text(_) => None,
        })
    }

    /// Whether there is neither text nor code.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl From<String> for Segment {
    fn from(text: String) -> Segment {
        Segment::new([Part::Text(text)])
    }
}

impl From<&str> for Segment {
    fn from(text: &str) -> Segment {
        Segment::from(text.to_owned())
    }
}

/// A piece of a [`Segment`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Text to translate.
    Text(String),
    /// An inline code.
    Code(Code),
}

/// An inline code: markup of the original document, kept as it was written.
///
/// An element that wraps translatable text (TMX `hi`, XLIFF `g`) is two codes of the kinds
/// [`Open`](CodeKind::Open) and [`Close`](CodeKind::Close) with `wraps` set; its text stands
/// between them as ordinary parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// How it takes part in the structure.
    pub kind: CodeKind,
    /// The name of the element that wrote it: `bpt`, `ph`, `g`, …
    pub element: Cow<'static, str>,
    /// Whether start and end tag of one element wrap the text in between.
    pub wraps: bool,
    /// The attributes of the element, in order, with raw values. A closing tag has none.
    pub attributes: Vec<Attribute>,
    /// What stands inside the element: native markup, and texts in it.
    pub content: Vec<CodeContent>,
}

impl Code {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }
}

/// How a [`Code`] takes part in the structure of its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// Begins a pair whose end stands in the same segment (`bpt`, start of `hi` or `g`).
    Open,
    /// Ends a pair that began in the same segment (`ept`, end of `hi` or `g`).
    Close,
    /// Stands alone (`ph`, `x`, `ut`).
    Standalone,
    /// Begins a pair whose end is in another segment (`it pos="begin"`, `bx`).
    IsolatedOpen,
    /// Ends a pair that began in another segment (`it pos="end"`, `ex`).
    IsolatedClose,
}

/// What stands inside a [`Code`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CodeContent {
    /// Native markup, not for translation.
    Native(String),
    /// A text inside the markup (TMX `sub`): the alternative text of an image, a footnote.
    SubFlow {
        /// The name of the element that wrote it.
        element: Cow<'static, str>,
        /// Its attributes, with raw values.
        attributes: Vec<Attribute>,
        /// The text, with codes of its own.
        segment: Segment,
    },
}
