//! Reading glossaries.

use std::collections::HashMap;

use super::columns::{self, Column, Field};
use crate::Lang;
use crate::exchange::diagnostic::Log;
use crate::exchange::table::{Dialect, Record, Row, detect};
use crate::exchange::tbx;
use crate::exchange::termbase::stable_id;
use crate::exchange::{Error, Problem};
use crate::term::{Concept, Extra, Status, Term};

/// Cuts a text into rows.
pub(in crate::exchange) fn rows(text: &str, tabs: bool, log: &mut Log) -> Result<Vec<Row>, Error> {
    let mut dialect = detect(front(text, 64 << 10), true, tabs);
    let mut rows: Vec<Row> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let Some(record) = record(&dialect, &text[at..]) else { break };
        if record.unclosed.is_some() {
            let message = "a quotation mark that no other closes; read as itself";
            log.report(Problem::UnclosedQuote, (line, 1), None, message)?;
        }
        let cells: Vec<String> = record.cells.into_iter().map(|cell| cell.into_owned()).collect();
        dialect.width = cells.len().max(dialect.width);
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((line, cells));
        }
        let end = at + record.length;
        line += text[at..end].matches('\n').count() as u64;
        at = end;
    }
    Ok(rows)
}

/// The record at the front of a text. No more of the text is looked at than needed, so that a long
/// table takes time in proportion to its length.
fn record<'a>(dialect: &Dialect, text: &'a str) -> Option<Record<'a>> {
    let mut bytes = 4 << 10;
    loop {
        let part = front(text, bytes);
        let last = part.len() == text.len();
        match dialect.record(part, last) {
            None if !last => bytes *= 4,
            record => return record,
        }
    }
}

/// At most so many bytes of a text, in whole characters.
fn front(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The concepts of a table, and what its columns are about in the names of the long layout.
pub(in crate::exchange) type Content = (Vec<Concept>, Vec<&'static str>);

/// Makes concepts of the rows of a table.
pub(in crate::exchange) fn read(rows: Vec<Row>, log: &mut Log) -> Result<Content, Error> {
    let mut langs = log.options.languages();
    let mut header = None;
    // Where the header is no comment, no other row is one: `#` may begin a term or an id.
    let mut has_comments = true;
    let mut data = Vec::new();
    for (line, cells) in rows {
        let first = cells[0].trim();
        if has_comments && let Some(comment) = first.strip_prefix('#') {
            // Comments of OmegaT's glossaries; the header of UTX.
            let comment = comment.trim().to_lowercase();
            if ["utx", "version:", "lang:"].iter().any(|name| comment.starts_with(name)) {
                if let Some(declared) = utx_langs(&first[1..]) {
                    langs = declared;
                }
            } else if cells.len() > 1 && data.is_empty() {
                header = columns::of_header(&cells, &langs).or(header);
            }
            continue;
        }
        if data.is_empty() && header.is_none() && log.options.header_row != Some(false) {
            header = columns::of_header(&cells, &langs);
            if header.is_some() {
                has_comments = false;
                continue;
            }
        }
        data.push((line, cells));
    }
    let width = data.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let columns = header.unwrap_or_else(|| columns::without_header(&langs, width));
    let names = columns::names(&columns);
    let mut reader = Reader { columns, concepts: Vec::new(), by_id: HashMap::new() };
    for (line, cells) in data {
        log.count((line, 1))?;
        let limit = log.options.limits.segment_bytes;
        if cells.iter().any(|cell| cell.len() > limit) {
            let message = format!("a cell of more than {limit} bytes");
            log.reject(Problem::LimitExceeded, (line, 1), None, message, &cells.join("\t"))?;
            continue;
        }
        reader.row(line, &cells, log)?;
    }
    Ok((reader.concepts, names))
}

/// The languages that a line of a UTX header declares: `UTX 1.11; en-US/fr-FR; …` or, from version
/// 1.20 on, `UTX 1.20; lang: en/fr; …`.
fn utx_langs(line: &str) -> Option<Vec<Lang>> {
    let langs = |property: &str| -> Option<Vec<Lang>> {
        let property = property.trim();
        let tags = match property.split_once(':') {
            Some((name, tags)) => Some(tags).filter(|_| name.eq_ignore_ascii_case("lang"))?,
            None => property,
        };
        let langs: Vec<Lang> = tags.split('/').filter_map(|tag| tag.trim().parse().ok()).collect();
        (langs.len() > 1).then_some(langs)
    };
    line.split(';').find_map(langs)
}

struct Reader {
    columns: Vec<Column>,
    concepts: Vec<Concept>,
    by_id: HashMap<String, usize>,
}

impl Reader {
    fn row(&mut self, line: u64, cells: &[String], log: &mut Log) -> Result<(), Error> {
        let cell = |wanted: &Column| {
            let at = self.columns.iter().position(|column| column == wanted)?;
            cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
        };
        let is_long = self.columns.contains(&Column::Lang);
        // The terms of the row: where each stands in its concept comes later.
        let mut terms: Vec<(Lang, Term)> = Vec::new();
        if is_long {
            let lang = Lang::from_written(cell(&Column::Lang).unwrap_or_default());
            if let Some(text) = cell(&Column::Row(Field::Text)) {
                terms.push((lang, Term::new(text)));
            }
        } else {
            for (column, text) in self.columns.iter().zip(cells) {
                if let Column::Of(lang, Field::Text) = column {
                    let texts = text.lines().map(str::trim).filter(|text| !text.is_empty());
                    terms.extend(texts.map(|text| (lang.clone(), Term::new(text))));
                }
            }
        }
        let Some((first_lang, first)) = terms.first() else {
            let raw = cells.join("\t");
            let id = cell(&Column::Concept);
            return log.reject(Problem::EmptyUnit, (line, 1), id, "a row without a term", &raw);
        };
        let id = match cell(&Column::Concept) {
            Some(id) => id.to_owned(),
            None => stable_id(first_lang, &first.text),
        };
        let at = *self.by_id.entry(id.clone()).or_insert_with(|| {
            self.concepts.push(Concept::new(&id));
            self.concepts.len() - 1
        });
        let concept = &mut self.concepts[at];
        for (number, text) in cells.iter().enumerate() {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            match self.columns.get(number) {
                Some(Column::Domain) => add(&mut concept.domains, text),
                Some(Column::Definition) => concept.definition = Some(text.to_owned()),
                Some(Column::Institution) => concept.institution = Some(text.to_owned()),
                Some(Column::ConceptSource) => add(&mut concept.sources, text),
                Some(Column::ConceptNote) => add(&mut concept.notes, text),
                Some(Column::Proposed) => concept.proposed = is_yes(text),
                Some(Column::Row(field)) => {
                    for (_, term) in &mut terms {
                        set(term, *field, text, line, log)?;
                    }
                }
                Some(Column::Of(lang, field)) => {
                    for (_, term) in terms.iter_mut().filter(|(of, _)| of == lang) {
                        set(term, *field, text, line, log)?;
                    }
                }
                Some(Column::Other(name)) => {
                    add_extra(&mut concept.extra, Extra::new("descrip", name, text));
                }
                None => {
                    let name = format!("x-column-{}", number + 1);
                    add_extra(&mut concept.extra, Extra::new("descrip", &name, text));
                }
                Some(Column::Concept | Column::Lang) => {}
            }
        }
        for (lang, term) in terms {
            let known = concept
                .languages
                .iter_mut()
                .filter(|section| section.lang == lang)
                .flat_map(|section| &mut section.terms)
                .find(|known| !is_long && known.text == term.text);
            match known {
                Some(known) => join(known, term),
                None => concept.add(lang, term),
            }
        }
        Ok(())
    }
}

/// Adds what is not there yet: a line break stands between two values of one cell.
fn add(list: &mut Vec<String>, text: &str) {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !list.iter().any(|known| known == line) {
            list.push(line.to_owned());
        }
    }
}

fn add_extra(list: &mut Vec<Extra>, item: Extra) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// The same term in another row.
fn join(known: &mut Term, term: Term) {
    if known.status == Status::Unset {
        known.status = term.status;
    }
    for note in term.notes {
        add(&mut known.notes, &note);
    }
    for context in term.contexts {
        add(&mut known.contexts, &context);
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "yes" | "true" | "1" | "x" | "oui" | "да")
}

fn set(term: &mut Term, field: Field, text: &str, line: u64, log: &mut Log) -> Result<(), Error> {
    let mut odd = None;
    match field {
        Field::Text => {}
        Field::Id => term.id = Some(text.to_owned()),
        Field::Kind => match text.parse().ok().or_else(|| tbx::kind_of_term(text)) {
            Some(kind) => term.kind = kind,
            None => odd = Some("termType"),
        },
        // UTX writes a hyphen where it knows none.
        Field::PartOfSpeech if text == "-" => {}
        Field::PartOfSpeech => term.part_of_speech = tbx::part_of_speech(text),
        Field::Gender => match tbx::gender(text) {
            Some(gender) => term.gender = Some(gender),
            None => odd = Some("grammaticalGender"),
        },
        Field::Status => match status(text) {
            Some(status) => term.status = status,
            None => odd = Some("administrativeStatus"),
        },
        Field::Reliability => match text.parse() {
            Ok(code @ 1..=10) => term.reliability = Some(code),
            _ => odd = Some("reliabilityCode"),
        },
        Field::Gap => match text.parse() {
            Ok(words) => term.gap = Some(words),
            Err(_) => odd = Some("x-gap"),
        },
        Field::Context => add(&mut term.contexts, text),
        Field::Source => add(&mut term.sources, text),
        Field::Note => add(&mut term.notes, text),
        Field::Forbidden => {
            if is_yes(text) {
                term.status = Status::Forbidden;
            }
        }
    }
    if let Some(kind) = odd {
        let message = format!("`{text}` is none of the values known for `{kind}`; kept as it is");
        log.report(Problem::InvalidValue, (line, 1), None, message)?;
        term.extra.push(Extra::new("termNote", kind, text));
    }
    Ok(())
}

/// A status in the words of this project, of TBX or of UTX.
fn status(text: &str) -> Option<Status> {
    match text.to_lowercase().as_str() {
        "provisional" => Some(Status::Proposed),
        "non-standard" => Some(Status::Deprecated),
        lower => lower.parse().ok().or_else(|| tbx::status(text)),
    }
}
