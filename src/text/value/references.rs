//! References: symbols of documents, and parts of a text.

use super::scan::Cursor;
use super::{Level, Value};
use crate::Lang;

/// The longest symbol that is looked at, in bytes.
const LONGEST: usize = 80;

/// Reads the symbol of a document: `A/HRC/25/63`, `S/RES/1973 (2011)`. It begins with a capital
/// and has a stroke and a digit.
pub(super) fn read_symbol(cursor: &mut Cursor<'_>) -> Option<Value> {
    let rest = cursor.rest();
    let head = rest.bytes().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if !(1..=8).contains(&head) || rest.as_bytes().get(head) != Some(&b'/') {
        return None;
    }
    let body = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-');
    let mut length = rest.bytes().take(LONGEST).take_while(body).count();
    while length > 0 && matches!(rest.as_bytes()[length - 1], b'/' | b'.' | b'-') {
        length -= 1;
    }
    let symbol = &rest[..length];
    let follows = rest[length..].starts_with(char::is_alphanumeric);
    if follows || !symbol.contains('/') || !symbol.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut value = symbol.to_ascii_uppercase();
    cursor.advance(length);
    let mut year = *cursor;
    year.spaces();
    if year.rest().starts_with('(') {
        year.advance(1);
        if let Some(digits) = year.digits().filter(|digits| digits.len() == 4)
            && year.rest().starts_with(')')
        {
            value.push_str(&format!("({digits})"));
            year.advance(1);
            *cursor = year;
        }
    }
    Some(Value::Document(value))
}

pub(super) fn write_symbol(symbol: &str) -> String {
    symbol.replacen('(', " (", 1)
}

/// Words for a level: the one that is written, then others that are read, without their case
/// endings in Russian.
type Names = [(Level, &'static [&'static str]); 6];

const FRENCH: Names = [
    (Level::Annex, &["annexe"]),
    (Level::Chapter, &["chapitre", "chap."]),
    (Level::Section, &["section", "sect."]),
    (Level::Article, &["article", "articles", "art."]),
    (Level::Paragraph, &["paragraphe", "paragraphes", "par.", "§"]),
    (Level::Subparagraph, &["alinéa", "alinéas", "al."]),
];
const ENGLISH: Names = [
    (Level::Annex, &["annex"]),
    (Level::Chapter, &["chapter", "chap."]),
    (Level::Section, &["section", "sect."]),
    (Level::Article, &["article", "articles", "art."]),
    (Level::Paragraph, &["paragraph", "paragraphs", "para.", "paras.", "§"]),
    (Level::Subparagraph, &["subparagraph", "subparagraphs", "sub-paragraph", "subpara."]),
];
const RUSSIAN: Names = [
    (Level::Annex, &["приложение", "приложения", "приложению", "приложении"]),
    (Level::Chapter, &["глава", "главы", "главе", "главу", "гл."]),
    (Level::Section, &["раздел", "раздела", "разделе", "разделу", "разд."]),
    (Level::Article, &["статья", "статьи", "статье", "статью", "статьей", "ст."]),
    (Level::Paragraph, &["пункт", "пункта", "пункте", "пункту", "пунктом", "п.", "§"]),
    (Level::Subparagraph, &["подпункт", "подпункта", "подпункте", "подпункту", "подп."]),
];

fn names(lang: &Lang) -> Option<&'static Names> {
    match lang.primary() {
        "fr" => Some(&FRENCH),
        "en" => Some(&ENGLISH),
        "ru" => Some(&RUSSIAN),
        _ => None,
    }
}

/// Reads a part of a text: `article 5, alinéa b)`.
pub(super) fn read_parts(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<Value> {
    let names = names(lang)?;
    let mut parts: Vec<(Level, String)> = Vec::new();
    loop {
        let mut ahead = *cursor;
        if !parts.is_empty() {
            if ahead.rest().starts_with(',') {
                ahead.advance(1);
            }
            if ahead.spaces() == 0 {
                break;
            }
        }
        let Some(part) = read_part(&mut ahead, names) else { break };
        // Only downwards: `paragraph 3 of article 5` is two references.
        if parts.last().is_some_and(|(level, _)| *level >= part.0) {
            break;
        }
        parts.push(part);
        *cursor = ahead;
    }
    (!parts.is_empty()).then_some(Value::Part(parts))
}

fn read_part(cursor: &mut Cursor<'_>, names: &Names) -> Option<(Level, String)> {
    let mut ahead = *cursor;
    let level = names.iter().find_map(|(level, words)| {
        let found = words.iter().any(|word| ahead.word_any_case(word));
        found.then_some(*level)
    })?;
    if ahead.spaces() == 0 {
        return None;
    }
    let label = label(&mut ahead)?;
    *cursor = ahead;
    Some((level, label))
}

/// A label: a number, a Roman numeral in capitals, or a letter with a parenthesis (which is not
/// part of the value).
fn label(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut ahead = *cursor;
    let open = ahead.rest().starts_with('(');
    if open {
        ahead.advance(1);
    }
    let rest = ahead.rest();
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let label = &rest[..length];
    let digits = label.bytes().all(|byte| byte.is_ascii_digit());
    let roman = label.bytes().all(|byte| b"IVXLCDM".contains(&byte));
    let letter = label.len() == 1 && label.bytes().all(|byte| byte.is_ascii_lowercase());
    ahead.advance(length);
    let closed = ahead.rest().starts_with(')');
    let is_label = !label.is_empty()
        && length <= 8
        && !ahead.rest().starts_with(char::is_alphanumeric)
        && (digits || roman || (letter && closed));
    if !is_label || (open && !closed) {
        return None;
    }
    if closed && (open || letter) {
        ahead.advance(1);
    }
    *cursor = ahead;
    Some(label.to_owned())
}

pub(super) fn write_parts(parts: &[(Level, String)], lang: &Lang) -> String {
    let names = names(lang).unwrap_or(&FRENCH);
    let written = parts.iter().map(|(level, label)| {
        let name = names.iter().find(|(other, _)| other == level).map_or("", |(_, words)| words[0]);
        let letter = label.bytes().all(|byte| byte.is_ascii_lowercase());
        match (letter, lang.primary()) {
            (true, "en") => format!("{name} ({label})"),
            (true, _) => format!("{name} {label})"),
            (false, _) => format!("{name} {label}"),
        }
    });
    written.collect::<Vec<_>>().join(", ")
}
