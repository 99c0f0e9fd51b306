//! Dates and times.

use super::Value;
use super::months::{month_forms, month_names};
use super::scan::Cursor;
use crate::Lang;

/// Reads the name of a month; case is free but for English, where `may` is another word.
fn month(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<u8> {
    let any_case = lang.primary() != "en";
    let (nth, _) = month_names(lang)
        .find(|(_, name)| cursor.word(name) || (any_case && cursor.word_any_case(name)))?;
    Some(nth as u8 + 1)
}

fn year(cursor: &mut Cursor<'_>) -> Option<u16> {
    let mut ahead = *cursor;
    let digits = ahead.digits()?;
    let year = (digits.len() == 4).then(|| digits.parse().ok())??;
    if ahead.rest().starts_with(char::is_alphanumeric) {
        return None;
    }
    *cursor = ahead;
    Some(year)
}

/// Reads `г.`, `года`, `году` after a year.
fn russian_year_word(cursor: &mut Cursor<'_>) {
    let mut ahead = *cursor;
    ahead.spaces();
    if ["г.", "года", "году"].iter().any(|word| ahead.word(word)) {
        *cursor = ahead;
    }
}

/// Reads a date that begins with digits.
pub(super) fn read_from_digits(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<Value> {
    let mut ahead = *cursor;
    let digits = ahead.digits()?;
    if digits.len() == 4 {
        let rest = ahead.rest().strip_prefix('-')?;
        let date = numeric(rest, '-')?;
        let (month, day, length) = date;
        let value = checked(Some(digits.parse().ok()?), month, Some(day))?;
        ahead.advance(1 + length);
        *cursor = ahead;
        return Some(value);
    }
    let day: u8 = (digits.len() <= 2).then(|| digits.parse().ok())??;
    // 18.03.2016, 18/03/2016
    if let Some(separator) = ahead.rest().chars().next().filter(|c| matches!(c, '.' | '/')) {
        let mut inner = ahead;
        inner.advance(1);
        let month: Option<u8> =
            inner.digits().filter(|d| d.len() <= 2).and_then(|d| d.parse().ok());
        if let Some(month) = month
            && inner.rest().starts_with(separator)
        {
            inner.advance(1);
            if let Some(year) = year(&mut inner) {
                // In American usage the month comes first.
                let (day, month) =
                    match lang.as_written().eq_ignore_ascii_case("en-us") || month > 12 {
                        true => (month, day),
                        false => (day, month),
                    };
                let value = checked(Some(year), month, Some(day))?;
                *cursor = inner;
                return Some(value);
            }
        }
        return None;
    }
    if lang.primary() == "fr" && day == 1 {
        ahead.word("er");
    }
    if ahead.spaces() == 0 {
        return None;
    }
    let month = month(&mut ahead, lang)?;
    *cursor = ahead;
    let year = year_after(cursor, lang);
    checked(year, month, Some(day))
}

/// Reads a date that begins with a month: `March 1, 2014`, `March 2014`, `mars 2014`.
pub(super) fn read_from_month(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<Value> {
    let mut ahead = *cursor;
    let month = month(&mut ahead, lang)?;
    if ahead.spaces() == 0 {
        return None;
    }
    let mut with_year = ahead;
    if let Some(year) = year(&mut with_year) {
        if lang.primary() == "ru" {
            russian_year_word(&mut with_year);
        }
        *cursor = with_year;
        return checked(Some(year), month, None);
    }
    if lang.primary() != "en" {
        return None;
    }
    let day: u8 = ahead.digits().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    if ahead.rest().starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut with_year = ahead;
    if with_year.rest().starts_with(',') {
        with_year.advance(1);
    }
    let year = if with_year.spaces() > 0 { year(&mut with_year) } else { None };
    let value = checked(year, month, Some(day))?;
    *cursor = if year.is_some() { with_year } else { ahead };
    Some(value)
}

fn year_after(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<u16> {
    let mut ahead = *cursor;
    if ahead.spaces() == 0 {
        return None;
    }
    let year = year(&mut ahead)?;
    if lang.primary() == "ru" {
        russian_year_word(&mut ahead);
    }
    *cursor = ahead;
    Some(year)
}

/// `03-18` after a year: month, day, bytes.
fn numeric(text: &str, separator: char) -> Option<(u8, u8, usize)> {
    let (month, rest) = text.split_once(separator)?;
    let day = rest.get(..2)?;
    let ends = rest.get(2..)?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = two(month) && two(day) && !ends.starts_with(char::is_alphanumeric);
    fits.then(|| Some((month.parse().ok()?, day.parse().ok()?, 5)))?
}

fn checked(year: Option<u16>, month: u8, day: Option<u8>) -> Option<Value> {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let possible = day.is_none_or(|day| (1..=days).contains(&day));
    possible.then_some(Value::Date { year, month, day })
}

pub(super) fn write_date(year: Option<u16>, month: u8, day: Option<u8>, lang: &Lang) -> String {
    let nth = usize::from(month.clamp(1, 12) - 1);
    let day = day.map(|day| match (lang.primary(), day) {
        ("fr", 1) => "1er ".to_owned(),
        _ => format!("{day} "),
    });
    let Some(forms) = month_forms(lang) else {
        let year = year.map(|year| format!("{year:04}-")).unwrap_or_else(|| "--".to_owned());
        let day = day.map(|day| format!("-{:0>2}", day.trim())).unwrap_or_default();
        return format!("{year}{month:02}{day}");
    };
    // Where a month has a form of its own to stand alone, it is the second.
    let form = if day.is_none() { forms[nth].get(1) } else { None };
    let name = form.unwrap_or(&forms[nth][0]);
    let year = year.map(|year| match lang.primary() {
        "ru" => format!(" {year:04} г."),
        _ => format!(" {year:04}"),
    });
    format!("{}{name}{}", day.unwrap_or_default(), year.unwrap_or_default())
}

/// Reads a time that begins with digits.
pub(super) fn read_time(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<Value> {
    let mut ahead = *cursor;
    let mut hour: u8 = ahead.digits().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    let mut minute = 0;
    let two = |ahead: &mut Cursor<'_>| -> Option<u8> {
        ahead.digits().filter(|digits| digits.len() == 2)?.parse().ok()
    };
    let mut known = false;
    if ahead.rest().starts_with(':') || (lang.primary() == "en" && ahead.rest().starts_with('.')) {
        let colon = ahead.rest().starts_with(':');
        let mut inner = ahead;
        inner.advance(1);
        if let Some(read) = two(&mut inner) {
            minute = read;
            known = colon && !inner.rest().starts_with(':');
            ahead = inner;
        }
    }
    match lang.primary() {
        "en" => {
            let mut inner = ahead;
            inner.spaces();
            let half = ["a.m.", "am", "p.m.", "pm"].iter().position(|word| inner.word(word));
            if let Some(half) = half {
                if !(1..=12).contains(&hour) {
                    return None;
                }
                hour = hour % 12 + if half >= 2 { 12 } else { 0 };
                (ahead, known) = (inner, true);
            }
        }
        "fr" if !known => {
            let mut inner = ahead;
            inner.spaces();
            // `18h15`: a letter that a digit may follow.
            let after = inner
                .rest()
                .strip_prefix('h')
                .filter(|after| !after.starts_with(char::is_alphabetic));
            if after.is_some() {
                inner.advance(1);
                ahead = inner;
                known = true;
                inner.spaces();
                if let Some(read) = two(&mut inner)
                    && !inner.rest().starts_with(char::is_alphanumeric)
                {
                    minute = read;
                    ahead = inner;
                }
            }
        }
        "ru" if !known => {
            let mut inner = ahead;
            inner.spaces();
            if inner.word("ч.") || inner.word("час.") {
                ahead = inner;
                known = true;
                inner.spaces();
                if let Some(read) = two(&mut inner) {
                    inner.spaces();
                    if inner.word("мин.") {
                        minute = read;
                        ahead = inner;
                    }
                }
            }
        }
        _ => {}
    }
    if !known || hour > 23 || minute > 59 || ahead.rest().starts_with(char::is_alphanumeric) {
        return None;
    }
    *cursor = ahead;
    Some(Value::Time { hour, minute })
}

pub(super) fn write_time(hour: u8, minute: u8, lang: &Lang) -> String {
    match lang.primary() {
        "fr" if minute == 0 => format!("{hour}\u{a0}h"),
        "fr" => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
        "en" => {
            let half = if hour < 12 { "a.m." } else { "p.m." };
            let hour = (hour + 11) % 12 + 1;
            if minute == 0 {
                format!("{hour} {half}")
            } else {
                format!("{hour}.{minute:02} {half}")
            }
        }
        _ => format!("{hour:02}:{minute:02}"),
    }
}
