//! Values: numbers, ordinals, dates, times and references, recognised by what they mean.
//!
//! `1 250 000,50` in French is `1,250,000.50` in English; `1er mars 2014` is `1 March 2014` and
//! `1 марта 2014 г.`. [`values`] finds them in a text of one language, [`Value::write`] writes
//! them in the notation of another.
//!
//! French, English and Russian have dates, times and ordinals; in other languages numbers (in the
//! French notation) and the symbols of documents are found.

mod dates;
mod months;
mod numbers;
mod numerals;
mod references;
mod scan;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::Lang;

pub(crate) use months::{may_be_month, month_forms, month_of_word};
pub use numbers::Number;
pub(crate) use numerals::{Numeral, leading_number, numerals};
pub use scan::values;

/// A value and the place it stands at. Made by [`values`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valued {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

impl Valued {
    /// The bytes of the text it stands in.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// What a number, date or reference means, whatever its notation.
///
/// ```
/// use chancery::Lang;
/// use chancery::text::{Value, values};
///
/// let found = values("Fait à Vellin, le 1er mars 2014, en 1 250 exemplaires.", &Lang::FR);
/// assert_eq!(found[0].value(), &Value::Date { year: Some(2014), month: 3, day: Some(1) });
/// assert_eq!(found[0].value().write(&Lang::RU), "1 марта 2014 г.");
/// assert_eq!(found[1].value().write(&Lang::EN), "1,250");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// A cardinal number.
    Number(Number),
    /// An ordinal number written with digits: `1er`, `2nd`, `3-й`.
    Ordinal(u32),
    /// A day of a year, a day of any year, or a month of a year.
    Date {
        /// The year; none for a day of any year.
        year: Option<u16>,
        /// The month, 1–12.
        month: u8,
        /// The day, 1–31; none for a whole month.
        day: Option<u8>,
    },
    /// A time of the day.
    Time {
        /// The hour, 0–23.
        hour: u8,
        /// The minute, 0–59.
        minute: u8,
    },
    /// The symbol of a document, such as `S/RES/1973 (2011)`: in capitals, without spaces.
    Document(String),
    /// A part of a text: the article, paragraph and so on, from the largest, with their labels.
    Part(Vec<(Level, String)>),
}

/// A level of the division of a text, from the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Annexe, annex, приложение.
    Annex,
    /// Chapitre, chapter, глава.
    Chapter,
    /// Section, section, раздел.
    Section,
    /// Article, article, статья.
    Article,
    /// Paragraphe, paragraph, пункт.
    Paragraph,
    /// Alinéa, subparagraph, подпункт.
    Subparagraph,
}

impl Value {
    /// The value in the notation of a language; in the French one where it has none of its own.
    ///
    /// Reading it again gives the same value.
    pub fn write(&self, lang: &Lang) -> String {
        match self {
            Value::Number(number) => number.write(lang),
            Value::Ordinal(number) => numbers::write_ordinal(*number, lang),
            Value::Date { year, month, day } => dates::write_date(*year, *month, *day, lang),
            Value::Time { hour, minute } => dates::write_time(*hour, *minute, lang),
            Value::Document(symbol) => references::write_symbol(symbol),
            Value::Part(parts) => references::write_parts(parts, lang),
        }
    }

    /// A text that is equal for equal values and for no others: the number with a decimal point
    /// and no zeros at its end, the date as in ISO 8601.
    pub fn key(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Ordinal(number) => write!(f, "#{number}"),
            Value::Date { year: Some(year), month, day: Some(day) } => {
                write!(f, "{year:04}-{month:02}-{day:02}")
            }
            Value::Date { year: Some(year), month, day: None } => write!(f, "{year:04}-{month:02}"),
            Value::Date { year: None, month, day } => {
                write!(f, "--{month:02}-{:02}", day.unwrap_or_default())
            }
            Value::Time { hour, minute } => write!(f, "T{hour:02}:{minute:02}"),
            Value::Document(symbol) => f.write_str(symbol),
            Value::Part(parts) => {
                for (nth, (level, label)) in parts.iter().enumerate() {
                    let comma = if nth > 0 { "," } else { "" };
                    write!(f, "{comma}{level:?} {label}")?;
                }
                Ok(())
            }
        }
    }
}
