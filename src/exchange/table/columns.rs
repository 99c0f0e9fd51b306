//! What the columns of a table hold.

use std::borrow::Cow;

use crate::exchange::diagnostic::Log;
use crate::exchange::{Error, Problem};
use crate::unit::Property;
use crate::{Lang, Unit};

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// Segments in a language.
    Segment(Lang),
    /// The id of the unit.
    Id,
    /// A note for people.
    Note,
    /// A property of this type.
    Property(String),
    /// Nothing: the column has neither name nor, so far, content.
    Unnamed(usize),
}

/// The columns of a table without a header.
pub(super) fn without_header(langs: &[Lang]) -> Vec<Column> {
    langs.iter().cloned().map(Column::Segment).collect()
}

/// The columns that a first row names; None if it names fewer than two languages, so that it is no
/// header.
pub(super) fn of_header(cells: &[String], langs: &[Lang]) -> Option<Vec<Column>> {
    let mut side = langs.iter();
    let columns: Vec<Column> = cells
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let name = cell.trim();
            let lower = name.to_lowercase();
            match lower.as_str() {
                "" => Column::Unnamed(at + 1),
                "id" | "tuid" | "unit id" => Column::Id,
                "note" | "notes" | "comment" | "comments" => Column::Note,
                _ => match language(name, &lower, &mut side) {
                    Some(lang) => Column::Segment(lang),
                    None => {
                        Column::Property(format!("x-{}", lower.replace(char::is_whitespace, "-")))
                    }
                },
            }
        })
        .collect();
    let segments = |column: &&Column| matches!(column, Column::Segment(_));
    (columns.iter().filter(segments).count() > 1).then_some(columns)
}

/// The columns where the caller says that the first row names them, whatever is in it: those that
/// name no language are the caller's languages, in order.
pub(super) fn of_forced_header(cells: &[String], langs: &[Lang]) -> Vec<Column> {
    of_header(cells, langs).unwrap_or_else(|| without_header(langs))
}

fn language<'l>(
    name: &str,
    lower: &str,
    side: &mut impl Iterator<Item = &'l Lang>,
) -> Option<Lang> {
    if matches!(lower, "source" | "target" | "source text" | "target text" | "translation") {
        return side.next().cloned();
    }
    language_of(name)
}

/// The language that a cell of a header names: `fr-CA`, `French`, `source (fr)`.
pub(in crate::exchange) fn language_of(name: &str) -> Option<Lang> {
    let lower = name.to_lowercase();
    let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    for name in [inside, Some(name)].into_iter().flatten() {
        let lang: Option<Lang> = name.trim().parse().ok();
        if let Some(lang) = lang.filter(|lang| CODES.binary_search(&lang.primary()).is_ok()) {
            return Some(lang);
        }
    }
    let code = match lower.split(['(', '-']).next()?.trim() {
        "french" | "français" | "французский" => "fr",
        "english" | "anglais" | "английский" => "en",
        "russian" | "russe" | "русский" => "ru",
        "german" | "allemand" | "deutsch" => "de",
        "spanish" | "espagnol" | "español" => "es",
        "italian" | "italien" | "italiano" => "it",
        "arabic" | "arabe" => "ar",
        "chinese" | "chinois" => "zh",
        "portuguese" | "portugais" => "pt",
        _ => return None,
    };
    Some(Lang::from_written(code))
}

/// Makes a unit of a row; None if the row is empty or left out.
pub(super) fn take_row(
    cells: &[Cow<'_, str>],
    columns: &[Column],
    log: &mut Log,
    place: (u64, u64),
    raw: &str,
) -> Result<Option<Unit>, Error> {
    if cells.iter().all(|cell| cell.is_empty()) {
        return Ok(None);
    }
    log.count(place)?;
    let mut unit = Unit::new();
    for (at, cell) in cells.iter().enumerate() {
        put(columns.get(at), at, cell, &mut unit);
    }
    let limit = log.options.limits.segment_bytes;
    let why = if cells.iter().any(|cell| cell.len() > limit) {
        (Problem::LimitExceeded, format!("a cell of more than {limit} bytes"))
    } else if unit.variants.len() < 2 {
        let message = "a row with text in fewer than two languages".to_owned();
        (Problem::MissingSegment, message)
    } else {
        return Ok(Some(unit));
    };
    let id = unit.metadata.attribute("tuid");
    log.reject(why.0, place, id, why.1, raw)?;
    Ok(None)
}

/// Puts a cell where it belongs; an empty one says nothing.
fn put(column: Option<&Column>, at: usize, cell: &str, unit: &mut Unit) {
    if cell.is_empty() {
        return;
    }
    match column {
        Some(Column::Segment(lang)) => unit.push(lang.clone(), cell),
        Some(Column::Id) => unit.metadata.set_attribute("tuid", cell),
        Some(Column::Note) => unit.metadata.notes.push(crate::unit::Note::new(cell)),
        Some(Column::Property(kind)) => {
            unit.metadata.properties.push(Property::new(kind.clone(), cell));
        }
        Some(Column::Unnamed(_)) | None => {
            let kind = format!("x-column-{}", at + 1);
            unit.metadata.properties.push(Property::new(kind, cell));
        }
    }
}

/// Codes of languages that tables really have in their headers. Only these make a first row a
/// header: `or` is a code too, but a word first.
const CODES: [&str; 96] = [
    "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "deu", "el", "en",
    "eng", "eo", "es", "et", "eu", "fa", "fi", "fr", "fra", "fre", "ga", "ger", "gl", "gu", "ha",
    "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ita", "ja", "ka", "kk", "km", "ko", "ky",
    "la", "lb", "lo", "lt", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl",
    "nn", "no", "pa", "pl", "ps", "pt", "ro", "ru", "rus", "rw", "sk", "sl", "so", "spa", "sq",
    "sr", "sv", "sw", "ta", "te", "tg", "th", "tk", "tr", "tt", "uk", "ur", "uz", "vi", "wo", "yi",
    "yo", "zh", "zho", "zu",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cells: &[&str]) -> Option<Vec<Column>> {
        let cells: Vec<String> = cells.iter().map(|&cell| cell.to_owned()).collect();
        of_header(&cells, &[Lang::FR, Lang::EN])
    }

    #[test]
    fn a_header_names_two_languages() {
        assert!(CODES.is_sorted());
        let segment = |tag: &str| Column::Segment(Lang::from_written(tag));
        let read = header(&["ID", "fr-CA", "Anglais", "Domain name", ""]).unwrap();
        let expected = [
            Column::Id,
            segment("fr-CA"),
            segment("en"),
            Column::Property("x-domain-name".to_owned()),
            Column::Unnamed(5),
        ];
        assert_eq!(read, expected);
        assert_eq!(header(&["Source", "target"]), Some(vec![segment("fr"), segment("en")]));
        assert_eq!(
            header(&["source (ru)", "French (fr)"]),
            Some(vec![segment("ru"), segment("fr")])
        );
        assert_eq!(header(&["Oui", "Yes"]), None);
        assert_eq!(header(&["fr", "note"]), None);
    }
}
