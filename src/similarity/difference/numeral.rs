//! Numbers in digits, whatever groups them.

use std::ops::Range;

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

/// The numbers of a text in digits, as its language groups them.
pub(crate) fn numerals(text: &str, lang: &Lang) -> Vec<Numeral> {
    let english = lang.primary() == "en";
    let bytes: Vec<(usize, char)> = text.char_indices().collect();
    let digits = |mut at: usize| {
        let start = at;
        while bytes.get(at).is_some_and(|(_, c)| c.is_ascii_digit()) {
            at += 1;
        }
        at - start
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let first = digits(at);
        if first == 0 {
            at += 1;
            continue;
        }
        let start = at;
        // 23.11.2012
        if first <= 2
            && let Some(&(_, sign @ ('.' | '/' | '-'))) = bytes.get(at + first)
            && let second @ 1..=2 = digits(at + first + 1)
            && bytes.get(at + first + 1 + second).is_some_and(|(_, c)| *c == sign)
            && digits(at + first + second + 2) == 4
        {
            at += first + second + 6;
            let value = bytes[start..at].iter().map(|&(_, c)| if c == sign { '-' } else { c });
            let value = value.collect();
            let span = bytes[start].0..bytes.get(at).map_or(text.len(), |(offset, _)| *offset);
            found.push(Numeral { span, value, group: None, date: Some(sign) });
            continue;
        }
        let mut value: String = bytes[at..at + first].iter().map(|(_, c)| *c).collect();
        at += first;
        let mut group = None;
        // A run of four digits and more is not the first of several groups.
        let mut grouped = first <= 3;
        while grouped {
            let sign = bytes.get(at).map_or('\0', |&(_, sign)| sign);
            let groups = match sign {
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => true,
                ',' => english,
                '.' => !english,
                _ => false,
            };
            let same = group.is_none_or(|group| group == sign) && !value.starts_with('0');
            grouped = groups && same && digits(at + 1) == 3;
            if grouped {
                group = Some(sign);
                value.extend(bytes[at + 1..at + 4].iter().map(|(_, c)| *c));
                at += 4;
            }
        }
        let point = if english { '.' } else { ',' };
        if bytes.get(at).is_some_and(|(_, c)| *c == point) && digits(at + 1) > 0 {
            let fraction = digits(at + 1);
            value.push('.');
            value.extend(bytes[at + 1..at + 1 + fraction].iter().map(|(_, c)| *c));
            at += 1 + fraction;
        }
        let offset = |at: usize| bytes.get(at).map_or(text.len(), |(offset, _)| *offset);
        found.push(Numeral { span: offset(start)..offset(at), value, group, date: None });
    }
    found
}
