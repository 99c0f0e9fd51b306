//! Going through a text for values.

use super::{Value, Valued, dates, numbers, references};
use crate::Lang;

/// Finds the values of a text, in order; they do not overlap.
///
/// Digits inside a word (`Jahr10`, `G20`) are no values. Cost: linear in the text; only at digits
/// and at the beginnings of words is anything looked at.
///
/// ```
/// use chancery::Lang;
/// use chancery::text::values;
///
/// let found = values("резолюция S/RES/1973 (2011) от 17 марта 2011 г., статья 5", &Lang::RU);
/// let keys: Vec<String> = found.iter().map(|valued| valued.value().key()).collect();
/// assert_eq!(keys, ["S/RES/1973(2011)", "2011-03-17", "Article 5"]);
/// ```
pub fn values(text: &str, lang: &Lang) -> Vec<Valued> {
    let mut found = Vec::new();
    let mut cursor = Cursor::new(text);
    let mut inside_word = false;
    while let Some(c) = cursor.rest().chars().next() {
        let start = cursor.at;
        if !inside_word && let Some(value) = value_at(&mut cursor, c, lang) {
            found.push(Valued { span: start..cursor.at, value });
            inside_word = false;
            continue;
        }
        cursor.at = start + c.len_utf8();
        inside_word = c.is_alphanumeric();
    }
    found
}

fn value_at(cursor: &mut Cursor<'_>, first: char, lang: &Lang) -> Option<Value> {
    if first.is_ascii_digit() {
        return from_digits(cursor, lang);
    }
    if first.is_alphabetic() || first == '§' {
        let mut attempt = |read: &mut dyn FnMut(&mut Cursor<'_>) -> Option<Value>| {
            let mut ahead = *cursor;
            let value = read(&mut ahead)?;
            *cursor = ahead;
            Some(value)
        };
        if first.is_ascii_uppercase()
            && let Some(value) = attempt(&mut references::read_symbol)
        {
            return Some(value);
        }
        return attempt(&mut |cursor| dates::read_from_month(cursor, lang))
            .or_else(|| attempt(&mut |cursor| references::read_parts(cursor, lang)));
    }
    None
}

fn from_digits(cursor: &mut Cursor<'_>, lang: &Lang) -> Option<Value> {
    let start = *cursor;
    for read in [dates::read_from_digits, dates::read_time] {
        let mut ahead = start;
        if let Some(value) = read(&mut ahead, lang) {
            *cursor = ahead;
            return Some(value);
        }
    }
    let mut ahead = start;
    let digits = ahead.digits()?;
    if let Some(value) = numbers::read_ordinal(&mut ahead, digits, lang) {
        *cursor = ahead;
        return Some(Value::Ordinal(value));
    }
    let mut ahead = start;
    let number = numbers::read(&mut ahead, lang)?;
    *cursor = ahead;
    Some(Value::Number(number))
}

/// A place in a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { text, at: 0 }
    }

    /// The bytes before it.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Takes digits, if there are any.
    pub(super) fn digits(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        (count > 0).then(|| &rest[..count])
    }

    /// Takes white space within a line, and says how many characters.
    pub(super) fn spaces(&mut self) -> usize {
        let mut count = 0;
        while let Some(space) = self.rest().chars().next().filter(|c| is_space(*c)) {
            self.at += space.len_utf8();
            count += 1;
        }
        count
    }

    /// Takes a word, if it stands here as a whole.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest().strip_prefix(word) else { return false };
        let whole = word.ends_with('.') || !rest.starts_with(char::is_alphanumeric);
        if whole {
            self.at += word.len();
        }
        whole
    }

    /// Takes a word in lower case, capitalised or in capitals.
    pub(super) fn word_any_case(&mut self, word: &str) -> bool {
        let mut chars = self.rest().char_indices();
        for expected in word.chars() {
            match chars.next() {
                // Tried at the beginning of every word: told by its first letter as a rule.
                Some((_, c)) if c.is_ascii() => {
                    if c.to_ascii_lowercase() != expected {
                        return false;
                    }
                }
                Some((_, c)) if c == expected || c.to_lowercase().eq([expected]) => {}
                _ => return false,
            }
        }
        let rest = chars.as_str();
        let whole = word.ends_with('.') || !rest.starts_with(char::is_alphanumeric);
        if whole {
            self.at = self.text.len() - rest.len();
        }
        whole
    }
}

/// White space within a line.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}')
}
