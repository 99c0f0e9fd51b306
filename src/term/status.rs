//! Whether a term may be written, by whom and when.

use std::fmt;
use std::str::FromStr;

use super::concept::{UnknownName, names};

/// Whether a term may be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Nothing was said: as good as admitted.
    #[default]
    Unset,
    /// The one to write.
    Preferred,
    /// May be written too.
    Admitted,
    /// No longer to be written: a former name, a wording given up.
    Deprecated,
    /// Must not be written.
    Forbidden,
    /// Waits for approval: neither asked for nor objected to.
    Proposed,
}

names!(Status, "status",
    Status::Unset => "", Status::Preferred => "preferred", Status::Admitted => "admitted",
    Status::Deprecated => "deprecated", Status::Forbidden => "forbidden",
    Status::Proposed => "proposed");

impl Status {
    /// Whether a translation that uses the term passes.
    pub fn passes(self) -> bool {
        !matches!(self, Status::Deprecated | Status::Forbidden)
    }
}

/// What a house says of a term, and in which period.
///
/// A ministry that writes *Conseil Russie-OTAN* is not wrong in its own house; a name that was
/// right until a treaty changed it is not wrong in a document of that time.
///
/// ```
/// use chancery::term::{Ruling, Scope, Status, Term};
///
/// let mut term = Term::new("Conseil Russie-OTAN").with_status(Status::Deprecated);
/// term.rulings.push(Ruling {
///     status: Status::Preferred,
///     house: Some("MID".to_owned()),
///     from: Some("2002-05-28".parse()?),
///     to: None,
/// });
/// assert_eq!(term.status_in(&Scope::default()), Status::Deprecated);
/// let ministry = Scope { house: Some("MID".to_owned()), day: None };
/// assert_eq!(term.status_in(&ministry), Status::Preferred);
/// let before = Scope { day: Some("1999-01-01".parse()?), ..ministry };
/// assert_eq!(term.status_in(&before), Status::Deprecated);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ruling {
    /// The status it gives.
    pub status: Status,
    /// The house that says so; `None` means all.
    pub house: Option<String>,
    /// The first day it holds.
    pub from: Option<Day>,
    /// The last day it holds.
    pub to: Option<Day>,
}

impl Ruling {
    /// Whether it is about this house and day. A ruling of a house does not apply where no house
    /// was named; one with a period applies where no day was.
    pub fn applies(&self, scope: &Scope) -> bool {
        let house = match (&self.house, &scope.house) {
            (None, _) => true,
            (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
            (Some(_), None) => false,
        };
        house
            && scope.day.is_none_or(|day| {
                self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
            })
    }
}

/// For whom and for which day a text is written: selects among [rulings](Ruling).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The house; `None` is none in particular.
    pub house: Option<String>,
    /// The day; `None` ignores periods.
    pub day: Option<Day>,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

impl FromStr for Day {
    type Err = ParseDayError;

    /// Reads `2002-05-28`.
    fn from_str(text: &str) -> Result<Day, ParseDayError> {
        text.trim().parse().map(Day).map_err(|_| ParseDayError { text: text.to_owned() })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is no day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no day; write it as 2002-05-28")]
pub struct ParseDayError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Term;

    #[test]
    fn a_ruling_of_the_house_goes_before_one_of_everybody() {
        let ruling = |status, house: Option<&str>| Ruling {
            status,
            house: house.map(str::to_owned),
            ..Ruling::default()
        };
        let mut term = Term::new("x");
        term.rulings.push(ruling(Status::Admitted, Some("mae")));
        term.rulings.push(ruling(Status::Forbidden, None));
        let at = |house: Option<&str>| Scope { house: house.map(str::to_owned), day: None };
        assert_eq!(term.status_in(&at(Some("MAE"))), Status::Admitted);
        assert_eq!(term.status_in(&at(Some("UNOG"))), Status::Forbidden);
        assert_eq!(term.status_in(&at(None)), Status::Forbidden);
    }

    #[test]
    fn days_are_read_as_written_and_nothing_else_is() {
        assert_eq!("2002-05-28".parse::<Day>().unwrap().to_string(), "2002-05-28");
        for text in ["", "2002", "2002-02-30", "28.5.2002"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
