//! Which units are meant.

use regex::Regex;

use super::trust;
use crate::align::CONFIDENCE;
use crate::{Lang, Unit};

/// Units by what is said of them. All conditions must hold; without any, all units are meant.
///
/// ```
/// use chancery::{Lang, Unit, memory::Selection};
///
/// let mut unit = Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."));
/// unit.metadata.set_property("x-status", "draft");
/// unit.metadata.set_attribute("changedate", "20140315T120000Z");
/// assert!(Selection::default().property("x-status", "draft").accepts(&unit));
/// assert!(!Selection::default().dated_before("2014").accepts(&unit));
/// assert!(!Selection::default().language(Lang::RU).accepts(&unit));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pattern: Option<Regex>,
    properties: Vec<(String, String)>,
    languages: Vec<Lang>,
    author: Option<String>,
    document: Option<String>,
    not_documents: Vec<String>,
    from: Option<String>,
    before: Option<String>,
    below: Option<f64>,
    inverted: bool,
}

impl Selection {
    /// Only units with this value of a property, such as `x-status`.
    pub fn property(mut self, kind: impl Into<String>, value: impl Into<String>) -> Self {
        self.properties.push((kind.into(), value.into()));
        self
    }

    /// Only units with a segment in this language or a variety of it.
    pub fn language(mut self, lang: Lang) -> Self {
        self.languages.push(lang);
        self
    }

    /// Only units with this status (property `x-status`), such as `approved`; with `None` as
    /// before, so that a filter which was not given can be handed on.
    ///
    /// ```
    /// # use chancery::memory::Selection;
    /// let given: Option<String> = None;
    /// assert!(Selection::default().status(given.as_deref()).is_all());
    /// assert!(!Selection::default().status("draft").is_all());
    /// ```
    pub fn status<'a>(self, status: impl Into<Option<&'a str>>) -> Self {
        match status.into() {
            Some(status) => self.property("x-status", status),
            None => self,
        }
    }

    /// Only units that this person changed last, or else made; with `None` as before.
    pub fn author<'a>(mut self, author: impl Into<Option<&'a str>>) -> Self {
        self.author = author.into().map(str::to_owned).or(self.author);
        self
    }

    /// Only units from this document; with `None` as before.
    pub fn document<'a>(mut self, document: impl Into<Option<&'a str>>) -> Self {
        self.document = document.into().map(str::to_owned).or(self.document);
        self
    }

    /// No units from this document. Each call adds one.
    ///
    /// ```
    /// # use chancery::{Lang, Unit, memory::Selection};
    /// let mut unit = Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."));
    /// unit.metadata.set_property("x-document", "A/68/908");
    /// assert!(!Selection::default().not_document("A/68/908").accepts(&unit));
    /// assert!(Selection::default().not_document("A/68/1").accepts(&unit));
    /// ```
    pub fn not_document(mut self, name: impl Into<String>) -> Self {
        self.not_documents.push(name.into());
        self
    }

    /// Only units changed, or else made, at this date or later: its beginning is enough
    /// (`2014`, `2014-03-15`). Units without a date are left out. With `None` as before.
    pub fn dated_from<'a>(mut self, date: impl Into<Option<&'a str>>) -> Self {
        self.from = date.into().map(trust::digits).or(self.from);
        self
    }

    /// Only units changed, or else made, before this date. Units without a date are left out. With
    /// `None` as before.
    pub fn dated_before<'a>(mut self, date: impl Into<Option<&'a str>>) -> Self {
        self.before = date.into().map(trust::digits).or(self.before);
        self
    }

    /// Only units whose alignment has a confidence below this, 0–1. Units without one are left
    /// out.
    pub fn confidence_below(mut self, confidence: f64) -> Self {
        self.below = Some(confidence);
        self
    }

    /// Only units of which a segment's text matches a regular expression, in the syntax of the
    /// crate `regex`.
    ///
    /// # Errors
    ///
    /// The pattern's mistake, in words, with its place.
    pub fn pattern(mut self, pattern: &str) -> Result<Self, InvalidPattern> {
        self.pattern =
            Some(Regex::new(pattern).map_err(|error| InvalidPattern(error.to_string()))?);
        Ok(self)
    }

    /// All units but these.
    pub fn inverted(mut self) -> Self {
        self.inverted = !self.inverted;
        self
    }

    /// Whether there is no condition, so that all units are meant.
    pub fn is_all(&self) -> bool {
        let Selection {
            pattern,
            properties,
            languages,
            author,
            document,
            not_documents,
            from,
            before,
            below,
            inverted,
        } = self;
        !inverted
            && not_documents.is_empty()
            && pattern.is_none()
            && properties.is_empty()
            && languages.is_empty()
            && below.is_none()
            && [author, document, from, before].into_iter().all(Option::is_none)
    }

    /// Whether a unit is meant.
    pub fn accepts(&self, unit: &Unit) -> bool {
        self.holds(unit) != self.inverted
    }

    fn holds(&self, unit: &Unit) -> bool {
        let property = |(kind, value): &(String, String)| {
            unit.metadata.properties.iter().any(|p| p.kind == *kind && p.value == *value)
        };
        let language = |lang: &Lang| unit.variants.iter().any(|v| lang.covers(&v.lang));
        let confidence = || unit.metadata.property(CONFIDENCE)?.parse::<f64>().ok();
        let date = match self.from.is_some() || self.before.is_some() {
            true => trust::date(unit),
            false => None,
        };
        let dated = |test: &dyn Fn(&str) -> bool| date.as_deref().is_some_and(test);
        self.properties.iter().all(property)
            && self.languages.iter().all(language)
            && self.author.as_deref().is_none_or(|author| unit.author() == Some(author))
            && self.document.as_deref().is_none_or(|name| unit.document() == Some(name))
            && !self.not_documents.iter().any(|name| unit.document() == Some(name))
            && self.from.as_deref().is_none_or(|from| dated(&|date| date >= from))
            && self.before.as_deref().is_none_or(|before| dated(&|date| date < before))
            && self.below.is_none_or(|below| confidence().is_some_and(|found| found < below))
            && self.pattern.as_ref().is_none_or(|pattern| {
                unit.variants.iter().any(|variant| pattern.is_match(&variant.segment.text()))
            })
    }
}

/// A pattern is not a regular expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; correct the pattern")]
pub struct InvalidPattern(String);
