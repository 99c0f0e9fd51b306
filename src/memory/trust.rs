//! How far a unit can be trusted, by what is said of it.

use crate::Unit;
use crate::unit::Metadata;

/// When a unit was changed last, else created: the digits of the date, which sort as the dates
/// do. Written on the unit, or else the latest of its languages.
pub(crate) fn date(unit: &Unit) -> Option<String> {
    let own = |metadata: &Metadata| {
        let raw = metadata.attribute("changedate").or(metadata.attribute("creationdate"))?;
        let digits: String = raw.chars().filter(char::is_ascii_digit).take(14).collect();
        (digits.len() >= 8).then_some(digits)
    };
    own(&unit.metadata).or_else(|| unit.variants.iter().filter_map(|v| own(&v.metadata)).max())
}

/// Whether someone approved it.
pub(crate) fn is_approved(unit: &Unit) -> bool {
    unit.metadata.property("x-status") == Some("approved")
}

/// The digits of a date as people write it: `2014-03-15`.
pub(crate) fn digits(date: &str) -> String {
    date.chars().filter(char::is_ascii_digit).collect()
}
