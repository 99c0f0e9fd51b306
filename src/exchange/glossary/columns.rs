//! What the columns of a glossary hold.

use crate::Lang;
use crate::exchange::table::language_of;

/// What is said of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Text,
    Id,
    Kind,
    PartOfSpeech,
    Gender,
    Status,
    Reliability,
    Gap,
    Context,
    Source,
    Note,
    /// A column that only says that a term is forbidden.
    Forbidden,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    Concept,
    Domain,
    Definition,
    Institution,
    ConceptSource,
    ConceptNote,
    Proposed,
    /// Long layout: the language of the row.
    Lang,
    /// Something about the term of the row or, in the wide layout, about all of them.
    Row(Field),
    /// Wide layout: something about the term of a language.
    Of(Lang, Field),
    /// A name that says nothing to us.
    Other(String),
}

/// The names of the columns of the long layout, in the order in which they are written.
pub(super) const LONG: [(&str, Column); 19] = [
    ("concept", Column::Concept),
    ("lang", Column::Lang),
    ("term", Column::Row(Field::Text)),
    ("status", Column::Row(Field::Status)),
    ("kind", Column::Row(Field::Kind)),
    ("part of speech", Column::Row(Field::PartOfSpeech)),
    ("gender", Column::Row(Field::Gender)),
    ("note", Column::Row(Field::Note)),
    ("source", Column::Row(Field::Source)),
    ("context", Column::Row(Field::Context)),
    ("reliability", Column::Row(Field::Reliability)),
    ("gap", Column::Row(Field::Gap)),
    ("term id", Column::Row(Field::Id)),
    ("domain", Column::Domain),
    ("definition", Column::Definition),
    ("institution", Column::Institution),
    ("concept source", Column::ConceptSource),
    ("concept note", Column::ConceptNote),
    ("proposed", Column::Proposed),
];

/// The columns that a first row names; `None` if it is no header.
pub(super) fn of_header(cells: &[String], langs: &[Lang]) -> Option<Vec<Column>> {
    let names: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    if has(&["term"]) && has(&["lang", "language", "langue"]) {
        return Some(names.iter().map(|name| long(name)).collect());
    }
    let mut sides = langs.iter();
    let mut columns = Vec::new();
    let mut before: Option<Lang> = None;
    for (cell, name) in cells.iter().zip(&names) {
        let column = match wide(cell, name, &mut sides, langs) {
            Some(column) => column,
            None => about(name, names.iter().filter(|other| *other == name).count(), &before),
        };
        if let Column::Of(lang, Field::Text) = &column {
            before = Some(lang.clone());
        }
        columns.push(column);
    }
    let terms = columns.iter().filter(|column| matches!(column, Column::Of(_, Field::Text)));
    let unknown = columns.iter().any(|column| matches!(column, Column::Other(_)));
    let named = match terms.count() {
        0 => false,
        // A word may look like the code of a language.
        1 => columns.len() > 1 && !unknown,
        _ => true,
    };
    named.then_some(columns)
}

/// The columns of a table without a header: terms in the languages, then a comment.
pub(super) fn without_header(langs: &[Lang], width: usize) -> Vec<Column> {
    let terms = langs.iter().map(|lang| Column::Of(lang.clone(), Field::Text));
    let mut columns: Vec<Column> = terms.take(width.max(1)).collect();
    if width > columns.len()
        && let Some(target) = langs.last()
    {
        columns.push(Column::Of(target.clone(), Field::Note));
    }
    columns
}

/// What columns are about, in the names of the long layout.
pub(super) fn names(columns: &[Column]) -> Vec<&'static str> {
    let is_about = |wanted: &Column| {
        columns.iter().any(|column| match (column, wanted) {
            (Column::Row(Field::Forbidden) | Column::Of(_, Field::Forbidden), wanted) => {
                *wanted == Column::Row(Field::Status)
            }
            (Column::Of(_, field), Column::Row(wanted)) => field == wanted,
            (column, wanted) => column == wanted,
        })
    };
    LONG.iter().filter(|(_, wanted)| is_about(wanted)).map(|(name, _)| *name).collect()
}

fn plain(cell: &str) -> String {
    cell.trim().trim_start_matches('#').trim().to_lowercase().replace(['_', '-'], " ")
}

fn long(name: &str) -> Column {
    match name {
        "language" | "langue" => Column::Lang,
        _ => {
            let known = LONG.iter().find(|(known, _)| *known == name);
            known.map_or_else(|| about(name, 1, &None), |(_, column)| column.clone())
        }
    }
}

/// A column of the wide layout that names a language.
fn wide<'l>(
    cell: &str,
    name: &str,
    sides: &mut impl Iterator<Item = &'l Lang>,
    langs: &[Lang],
) -> Option<Column> {
    // The code of Indonesian, too.
    if name == "id" {
        return None;
    }
    if matches!(name, "source" | "src" | "target" | "tgt" | "term" | "translation") {
        return Some(Column::Of(sides.next()?.clone(), Field::Text));
    }
    // `src:pos`, `fr:gender`, `fr status`.
    let side = |name: &str| match name {
        "src" | "source" => langs.first().cloned(),
        "tgt" | "target" => langs.get(1).cloned(),
        name => language_of(name),
    };
    let parts = cell.trim().trim_start_matches('#').split_once([':', ' ']);
    if let Some((first, rest)) = parts
        && let Some(field) = field(&plain(rest))
        && let Some(lang) = side(first.trim())
    {
        return Some(Column::Of(lang, field));
    }
    // UTX from 1.20 on: `term:en`, `termStatus:ja`.
    if let Some((first, rest)) = cell.trim().trim_start_matches('#').split_once(':')
        && let Some(field) = field(&plain(first))
        && let Some(lang) = language_of(rest.trim())
    {
        return Some(Column::Of(lang, field));
    }
    language_of(cell.trim()).map(|lang| Column::Of(lang, Field::Text))
}

/// A column that names no language: where its name comes once it is about the concept, where it
/// comes again and again it is about the language before it.
fn about(name: &str, times: usize, before: &Option<Lang>) -> Column {
    let field = field(name);
    if let (Some(field), true, Some(lang)) = (field, times > 1, before) {
        return Column::Of(lang.clone(), field);
    }
    match name {
        "concept" | "concept id" | "conceptid" | "id" | "entry" | "entry id" => Column::Concept,
        "domain" | "subject" | "subject field" | "subjectfield" | "domaine" => Column::Domain,
        "definition" | "définition" => Column::Definition,
        "institution" => Column::Institution,
        "concept source" => Column::ConceptSource,
        "note" | "notes" | "comment" | "comments" | "description" => Column::ConceptNote,
        "proposed" => Column::Proposed,
        _ => match field {
            Some(field) => Column::Row(field),
            None => Column::Other(name.to_owned()),
        },
    }
}

fn field(name: &str) -> Option<Field> {
    Some(match name {
        "term" => Field::Text,
        "term id" => Field::Id,
        "kind" | "type" | "term type" => Field::Kind,
        "pos" | "part of speech" | "partofspeech" => Field::PartOfSpeech,
        "gender" => Field::Gender,
        "status" | "term status" | "termstatus" | "state" => Field::Status,
        "reliability" => Field::Reliability,
        "gap" => Field::Gap,
        "context" | "example" | "example of use" => Field::Context,
        "source" => Field::Source,
        "note" | "notes" | "comment" => Field::Note,
        "forbidden" => Field::Forbidden,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Option<Vec<Column>> {
        let cells: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        of_header(&cells, &[Lang::FR, Lang::EN])
    }

    #[test]
    fn every_column_that_is_written_is_read() {
        let names: Vec<&str> = LONG.iter().map(|(name, _)| *name).collect();
        let columns: Vec<Column> = LONG.iter().map(|(_, column)| column.clone()).collect();
        assert_eq!(header(&names), Some(columns));
    }

    #[test]
    fn a_column_belongs_to_the_language_before_it_where_each_has_one() {
        let of = Column::Of;
        let read = header(&["Domain", "en-GB", "Notes", "fr", "Notes"]).unwrap();
        let english = Lang::from_written("en-GB");
        assert_eq!(read[2], of(english, Field::Note));
        assert_eq!(read[4], of(Lang::FR, Field::Note));
        let read = header(&["fr", "en", "note", "status"]).unwrap();
        assert_eq!(read[2..], [Column::ConceptNote, Column::Row(Field::Status)]);
        let read = header(&["#src", "tgt", "src:pos", "term status", "concept ID"]).unwrap();
        assert_eq!(read[0], of(Lang::FR, Field::Text));
        assert_eq!(read[2], of(Lang::FR, Field::PartOfSpeech));
        assert_eq!(read[3..], [Column::Row(Field::Status), Column::Concept]);
        assert_eq!(header(&["paix", "peace"]), None);
    }

    #[test]
    fn the_language_of_a_column_stands_before_or_behind_what_it_is_about() {
        let read = header(&["#term:fr", "term:en", "fr:gender", "termStatus:en", "conceptID"]);
        let of = Column::Of;
        let expected = [
            of(Lang::FR, Field::Text),
            of(Lang::EN, Field::Text),
            of(Lang::FR, Field::Gender),
            of(Lang::EN, Field::Status),
            Column::Concept,
        ];
        assert_eq!(read.as_deref(), Some(&expected[..]));
        assert_eq!(names(&expected), ["concept", "term", "status", "gender"]);
    }
}
