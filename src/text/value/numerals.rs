//! Numbers in digits as they are written, to be written elsewhere in the same way.

use std::ops::Range;

use super::numbers;
use super::scan::Cursor;
use crate::Lang;

/// A number in a text.
#[derive(Clone, Debug)]
pub(crate) struct Numeral {
    pub(crate) span: Range<usize>,
    /// Digits, and after a point those of the fraction.
    pub(crate) value: String,
    /// What stands between groups of three digits.
    group: Option<char>,
    /// What stands between the parts of a date in digits.
    date: Option<char>,
}

impl Numeral {
    /// Whether it covers some of a span.
    pub(crate) fn holds(&self, span: &Range<usize>) -> bool {
        !span.is_empty() && self.span.start < span.end && span.start < self.span.end
    }

    /// The value in the notation of another number.
    pub(crate) fn written_like(&self, place: &Numeral, lang: &Lang) -> String {
        if self.date.is_some() {
            return self.value.replace('-', &place.date.unwrap_or('.').to_string());
        }
        let (whole, fraction) = self.value.split_once('.').unwrap_or((&self.value, ""));
        let english = lang.primary() == "en";
        // Four digits are grouped where the target groups four, and where its language does.
        let of_place = place.value.split('.').next().unwrap_or_default().len();
        let grouped = match (whole.len(), of_place) {
            (..4, _) => false,
            (4, 4) => place.group.is_some(),
            (4, _) => self.group.is_some() && lang.primary() != "ru",
            _ => place.group.is_some() || self.group.is_some() || of_place < 5,
        };
        let default = if english { ',' } else { '\u{a0}' };
        let group = grouped.then(|| place.group.unwrap_or(default));
        let mut text = String::new();
        for (number, digit) in whole.char_indices() {
            if let Some(group) = group
                && number > 0
                && (whole.len() - number) % 3 == 0
            {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(if english { '.' } else { ',' });
            text.push_str(fraction);
        }
        text
    }
}

/// The numbers of a text in digits, as its language groups them; also those inside a word or a
/// symbol, and dates of digits alone as they are written.
pub(crate) fn numerals(text: &str, lang: &Lang) -> Vec<Numeral> {
    let mut found = Vec::new();
    let mut cursor = Cursor::new(text);
    while let Some(c) = cursor.rest().chars().next() {
        if !c.is_ascii_digit() {
            cursor.advance(c.len_utf8());
            continue;
        }
        let start = cursor.at();
        if let Some((length, sign)) = date_of_digits(cursor.rest()) {
            let value = cursor.rest()[..length].replace(sign, "-");
            cursor.advance(length);
            let span = start..cursor.at();
            found.push(Numeral { span, value, group: None, date: Some(sign) });
            continue;
        }
        let mut ahead = cursor;
        let Some(number) = numbers::read(&mut ahead, lang) else {
            cursor.advance(1);
            continue;
        };
        let span = start..ahead.at();
        let whole = number.integer();
        let sign = text[span.clone()].chars().find(|c| !c.is_ascii_digit());
        let group = sign.filter(|_| !text[span.clone()].starts_with(whole));
        let value = match number.fraction() {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        };
        found.push(Numeral { span, value, group, date: None });
        cursor = ahead;
    }
    found
}

/// The number or time of day that a text begins with: its length, and its digits with a point
/// before those of the fraction. The minutes of a time count as a fraction, so that `14.30` is
/// `14:30`.
pub(crate) fn leading_number(text: &str, lang: &Lang) -> Option<(usize, String)> {
    if date_of_digits(text).is_some() {
        return None;
    }
    if let Some(time) = time(text, lang) {
        return Some(time);
    }
    let mut cursor = Cursor::new(text);
    let number = numbers::read(&mut cursor, lang)?;
    let key = match number.fraction() {
        "" => number.integer().to_owned(),
        fraction => format!("{}.{fraction}", number.integer()),
    };
    Some((cursor.at(), key))
}

/// `14:30`, and in French `14 h 30` and `14 h`.
fn time(text: &str, lang: &Lang) -> Option<(usize, String)> {
    let mut cursor = Cursor::new(text);
    let hour = cursor.digits().filter(|digits| digits.len() <= 2)?;
    let minutes = |cursor: &mut Cursor<'_>| {
        let ends = |c: char| c.is_alphanumeric() || c == ':';
        let minutes = cursor.digits().filter(|digits| digits.len() == 2 && *digits < "60")?;
        (!cursor.rest().starts_with(ends)).then(|| minutes.to_owned())
    };
    if cursor.rest().starts_with(':') {
        cursor.advance(1);
        return minutes(&mut cursor).map(|minutes| (cursor.at(), format!("{hour}.{minutes}")));
    }
    if lang.primary() != "fr" {
        return None;
    }
    cursor.spaces();
    let after = cursor.rest().strip_prefix('h')?;
    if after.starts_with(char::is_alphabetic) {
        return None;
    }
    cursor.advance(1);
    let mut ahead = cursor;
    ahead.spaces();
    match minutes(&mut ahead) {
        Some(minutes) => Some((ahead.at(), format!("{hour}.{minutes}"))),
        None if after.starts_with(char::is_alphanumeric) => None,
        None => Some((cursor.at(), format!("{hour}.00"))),
    }
}

/// The length of a date such as `23.11.2012` and the sign between its parts, whatever the order of
/// day and month.
fn date_of_digits(text: &str) -> Option<(usize, char)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(text);
    let sign = text[first..].chars().next().filter(|sign| matches!(sign, '.' | '/' | '-'))?;
    let second = digits(&text[first + 1..]);
    let year = text[first + 1 + second..].strip_prefix(sign)?;
    let fits = (1..=2).contains(&first) && (1..=2).contains(&second) && digits(year) == 4;
    fits.then_some((first + second + 6, sign))
}
