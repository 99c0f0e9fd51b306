//! Numbers and ordinals.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::scan::{Cursor, is_space};
use crate::Lang;

/// A number as it is written in decimal digits, of any length. Equal numbers may be written with
/// more or fewer zeros after the point.
///
/// ```
/// use chancery::Lang;
/// use chancery::text::Number;
///
/// let number = Number::new("1250000", "50").unwrap();
/// assert_eq!(number.write(&Lang::EN), "1,250,000.50");
/// assert_eq!(number.write(&Lang::FR), "1\u{a0}250\u{a0}000,50");
/// assert_eq!(number, Number::new("1250000", "5").unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct Number {
    integer: String,
    fraction: String,
}

impl Number {
    /// A number from the digits before and after the point; none if there are others than the
    /// ASCII digits, or none before the point.
    pub fn new(integer: &str, fraction: &str) -> Option<Number> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if integer.is_empty() || !digits(integer) || !digits(fraction) {
            return None;
        }
        Some(Number { integer: integer.to_owned(), fraction: fraction.to_owned() })
    }

    /// The number in the notation of a language: groups of three digits from 1,000 in French and
    /// English, from 10,000 in Russian.
    ///
    /// Zeros before and after it are kept. A number that begins with a zero is not grouped.
    pub fn write(&self, lang: &Lang) -> String {
        let (separator, point, from) = match lang.primary() {
            "en" => (',', '.', 4),
            "ru" => ('\u{a0}', ',', 5),
            _ => ('\u{a0}', ',', 4),
        };
        let mut text = String::new();
        let grouped = self.integer.len() >= from && !self.integer.starts_with('0');
        for (nth, digit) in self.integer.chars().enumerate() {
            if grouped && nth > 0 && (self.integer.len() - nth).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        if !self.fraction.is_empty() {
            text.push(point);
            text.push_str(&self.fraction);
        }
        text
    }

    /// The digits before the point.
    pub fn integer(&self) -> &str {
        &self.integer
    }

    /// The digits after the point, as written.
    pub fn fraction(&self) -> &str {
        &self.fraction
    }

    /// What the value is, without zeros that do not count.
    fn significant(&self) -> (&str, &str) {
        (self.integer.trim_start_matches('0'), self.fraction.trim_end_matches('0'))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.significant() == other.significant()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.significant().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (integer, fraction) = self.significant();
        f.write_str(if integer.is_empty() { "0" } else { integer })?;
        if !fraction.is_empty() {
            write!(f, ".{fraction}")?;
        }
        Ok(())
    }
}

/// Reads a number. The cursor stands at a digit.
pub(super) fn read(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<Number> {
    let english = lang.primary() == "en";
    let mut integer = cursor.digits()?.to_owned();
    let mut separator = None;
    while integer.len() <= 3 || separator.is_some() {
        let rest = cursor.rest();
        let mut chars = rest.chars();
        let Some(next) = chars.next() else { break };
        let groups = match separator {
            Some(used) => next == used,
            // So does technical English.
            None if is_space(next) => !integer.starts_with('0'),
            None => next == if english { ',' } else { '.' } && !integer.starts_with('0'),
        };
        let group = chars.as_str();
        let group_digits = group.bytes().take_while(u8::is_ascii_digit).count();
        if !groups || group_digits != 3 {
            break;
        }
        integer.push_str(&group[..3]);
        separator = Some(next);
        cursor.advance(next.len_utf8() + 3);
    }
    let point = match (english, cursor.rest().chars().next()) {
        (true, Some('.')) | (false, Some(',')) => true,
        // Technical notation, also in French and Russian; never where the point groups digits.
        (false, Some('.')) => separator.is_none(),
        _ => false,
    };
    let mut fraction = String::new();
    if point {
        let digits = cursor.rest()[1..].bytes().take_while(u8::is_ascii_digit).count();
        let after = cursor.rest()[1 + digits..].chars();
        // `1.2.3` and `11.18.2014` are no numbers with a fraction.
        let ends = after
            .as_str()
            .strip_prefix(['.', ','])
            .is_none_or(|more| !more.starts_with(|c: char| c.is_ascii_digit()));
        if digits > 0 && ends {
            fraction.push_str(&cursor.rest()[1..=digits]);
            cursor.advance(1 + digits);
        }
    }
    Number::new(&integer, &fraction)
}

/// Reads what makes an ordinal of the number before it.
pub(super) fn read_ordinal(cursor: &mut Cursor<'_>, number: &str, lang: &Lang) -> Option<u32> {
    let suffixes: &[&str] = match lang.primary() {
        "fr" => {
            &["ères", "ère", "ers", "er", "res", "re", "ièmes", "ième", "èmes", "ème", "es", "e"]
        }
        "en" => &["st", "nd", "rd", "th"],
        "ru" => &[
            "-ого", "-его", "-ому", "-ему", "-ый", "-ий", "-ой", "-ая", "-ое", "-ые", "-ым", "-ых",
            "-й", "-го", "-му", "-м", "-я", "-ю", "-е", "-х", "-ми",
        ],
        _ => return None,
    };
    let value = number.parse().ok()?;
    let suffix = suffixes.iter().find(|suffix| {
        let rest = cursor.rest().strip_prefix(**suffix);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })?;
    cursor.advance(suffix.len());
    Some(value)
}

pub(super) fn write_ordinal(number: u32, lang: &Lang) -> String {
    let suffix = match lang.primary() {
        "en" => match (number % 10, number % 100) {
            (_, 11..=13) => "th",
            (1, _) => "st",
            (2, _) => "nd",
            (3, _) => "rd",
            _ => "th",
        },
        "ru" => "-й",
        _ if number == 1 => "er",
        _ => "e",
    };
    format!("{number}{suffix}")
}
