//! One side of a comparison: a segment, with all that is known of it alone.

use std::cell::OnceCell;
use std::ops::Range;

use super::words::{Marker, Role};
use super::{CriticalWords, DifferenceKind};
use crate::similarity::{Class, Prepared, PreparedToken};
use crate::text::{Token, TokenKind, Value, Valued, may_be_month, numerals, tokens, values};
use crate::unit::Part;
use crate::{Lang, Segment};

/// A token, by its place.
pub(super) type At = usize;

/// One segment, with all that is known of it alone.
pub(super) struct Side {
    pub(super) lang: Lang,
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    pub(super) prepared: Prepared,
    pub(super) markers: Vec<Marker>,
    pub(super) names: Vec<NameKind>,
    /// Kind and place of each code, the place in bytes of the text.
    pub(super) codes: Vec<(u8, usize)>,
    /// Looked for when they are needed.
    values: OnceCell<Vec<Valued>>,
}

/// A value in digits.
pub(super) struct Quantity {
    pub(super) tokens: Vec<At>,
    pub(super) value: String,
}

/// Words after which a plain number of four digits is a year.
const YEAR_WORDS: [&str; 16] = [
    "en", "depuis", "dès", "année", "exercice", "jusqu'", "in", "since", "year", "until", "by",
    "в", "с", "до", "на", "за",
];
/// How the words begin after which a number names a text or a part of one.
const PARTS: [&str; 33] = [
    "article",
    "art",
    "paragraphe",
    "par",
    "alinéa",
    "annexe",
    "chapitre",
    "titre",
    "section",
    "résolution",
    "décision",
    "règle",
    "note",
    "document",
    "appendice",
    "paragraph",
    "para",
    "annex",
    "chapter",
    "title",
    "rule",
    "resolution",
    "decision",
    "subparagraph",
    "стать",
    "пункт",
    "подпункт",
    "приложени",
    "глав",
    "раздел",
    "резолюци",
    "решени",
    "нот",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameKind {
    No,
    /// A role (*acheteur*): it counts where two exchange their places.
    Role,
    Name,
    Party,
}

impl Side {
    /// `prepare` gets the text and its tokens.
    pub(super) fn new(
        segment: &Segment,
        lang: &Lang,
        words: &CriticalWords,
        prepare: impl FnOnce(&str, &[Token]) -> Prepared,
    ) -> Side {
        let text = segment.text().into_owned();
        let tokens = tokens(&text, lang);
        let markers = words.find(&text, &tokens);
        let prepared = prepare(&text, &tokens);
        let names = names(&text, &tokens, &prepared, &markers, words);
        let (lang, codes) = (lang.clone(), codes(segment));
        Side { lang, text, tokens, prepared, markers, names, codes, values: OnceCell::new() }
    }

    fn valued(&self) -> &[Valued] {
        self.values.get_or_init(|| values(&self.text, &self.lang))
    }

    pub(super) fn token(&self, at: usize) -> &PreparedToken {
        &self.prepared.tokens()[at]
    }

    pub(super) fn is_value(&self, at: usize) -> bool {
        self.tokens[at].kind() == TokenKind::Number
    }

    pub(super) fn is_punctuation(&self, at: usize) -> bool {
        self.tokens[at].kind() == TokenKind::Punctuation
    }

    /// The values in the text, each with its tokens.
    pub(super) fn quantities(&self) -> Vec<Quantity> {
        let numerals = numerals(&self.text, &self.lang);
        let mut found: Vec<Quantity> = Vec::new();
        let mut last = None;
        for at in (0..self.tokens.len()).filter(|&at| self.is_value(at)) {
            let number = numerals.iter().position(|n| n.holds(&self.tokens[at].span()));
            match found.last_mut() {
                Some(quantity) if number.is_some() && number == last => quantity.tokens.push(at),
                _ => {
                    let whole = number.map(|n| &numerals[n]);
                    // The token may say more than the number: `14h30`, `1er`.
                    let value = match whole {
                        Some(n) if n.span.end >= self.tokens[at].span().end => n.value.clone(),
                        _ => self.tokens[at].key().to_owned(),
                    };
                    found.push(Quantity { tokens: vec![at], value });
                }
            }
            last = number;
        }
        found
    }

    /// What a value is, by what stands beside it.
    pub(super) fn quantity_kind(&self, quantity: &Quantity) -> DifferenceKind {
        let (first, last) = (quantity.tokens[0], quantity.tokens[quantity.tokens.len() - 1]);
        let key = |at: usize| self.tokens.get(at).map_or("", Token::key);
        let before = |back: usize| first.checked_sub(back).map_or("", |at| key(at));
        let is_month = |key: &str| may_be_month(key, &self.lang);
        let near = [before(1), before(2), before(3), key(last + 1), key(last + 2), key(last + 3)];
        if quantity.value.contains('-') || near.into_iter().any(is_month) {
            return DifferenceKind::Date;
        }
        let plain = quantity.value.len() == 4 && self.tokens[first].span().len() == 4;
        let year = plain && ("1500"..="2199").contains(&&*quantity.value);
        if year && YEAR_WORDS.contains(&before(1)) || matches!(key(last + 1), "г" | "год" | "года")
        {
            return DifferenceKind::Date;
        }
        let sign = matches!(before(1), "/" | "-" | "№") || key(last + 1) == "/";
        let part = [before(1), before(2), before(3)];
        let part = part.iter().any(|word| PARTS.iter().any(|p| word.starts_with(p)));
        if sign || part || matches!(before(1), "no" | "nos" | "n°") || self.is_in_symbol(first) {
            return DifferenceKind::Reference;
        }
        DifferenceKind::Number
    }

    /// Whether a token is part of the symbol of a document (`A/CONF.317/L.6`).
    fn is_in_symbol(&self, at: At) -> bool {
        let span = self.tokens[at].span();
        self.valued().iter().any(|found| {
            let holds = found.span().start <= span.start && span.end <= found.span().end;
            holds && matches!(found.value(), Value::Document(_))
        })
    }

    /// The days and times in the text: the value, and the tokens it is written with.
    pub(super) fn moments(&self) -> Vec<(Value, Vec<At>)> {
        // None is written without a digit.
        if !self.text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let is_moment = |value: &Value| {
            matches!(value, Value::Date { year: Some(_), day: Some(_), .. } | Value::Time { .. })
        };
        let tokens = |span: Range<usize>| {
            let inside = |at: &At| {
                let token = self.tokens[*at].span();
                span.start <= token.start && token.end <= span.end
            };
            (0..self.tokens.len()).filter(inside).collect()
        };
        let found = self.valued().iter();
        found
            .filter(|found| is_moment(found.value()))
            .map(|found| (found.value().clone(), tokens(found.span())))
            .collect()
    }

    /// The words on both sides of a marker: each up to the next word of grammar or sign.
    pub(super) fn beside(&self, marker: &Marker) -> [Vec<At>; 2] {
        const MOST: usize = 4;
        let (first, last) = (marker.tokens[0], marker.tokens[marker.tokens.len() - 1]);
        let group = |places: &mut dyn Iterator<Item = At>| -> Vec<At> {
            let is = |at: &At, class: Class| self.token(*at).class() == class;
            let mut places = places.skip_while(|at| is(at, Class::Function)).peekable();
            std::iter::from_fn(|| places.next_if(|at| is(at, Class::Content))).take(MOST).collect()
        };
        [group(&mut (0..first).rev()), group(&mut (last + 1..self.tokens.len()))]
    }

    /// A single letter before a bracket, or a Roman number.
    pub(super) fn is_label(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let written = &self.text[token.span()];
        let roman = !written.is_empty() && written.bytes().all(|byte| b"IVXLC".contains(&byte));
        let letter = written.chars().count() == 1 && written.chars().all(char::is_alphabetic);
        let bracket = self.tokens.get(at + 1).is_some_and(|next| next.key() == ")");
        let capital = written.chars().all(char::is_uppercase);
        token.kind() == TokenKind::Word && (roman || letter && (bracket || capital))
    }

    /// The bytes from the first to the last of some tokens.
    pub(super) fn hull(&self, at: &[usize]) -> Option<Range<usize>> {
        let start = self.tokens[*at.iter().min()?].span().start;
        Some(start..self.tokens[*at.iter().max()?].span().end)
    }

    /// How many tokens at the beginning number the paragraph: `2.`, `b)`, `(iv)`.
    pub(super) fn enumerator(&self) -> usize {
        let key = |at: usize| self.tokens.get(at).map_or("", Token::key);
        let open = usize::from(matches!(key(0), "(" | "["));
        let Some(number) = self.tokens.get(open) else { return 0 };
        let letters = number.key();
        let counts = self.is_value(open) && letters.len() <= 4
            || letters.chars().count() == 1 && letters.chars().all(char::is_alphabetic)
            || !letters.is_empty() && letters.bytes().all(|byte| b"ivxl".contains(&byte));
        let closed = match key(open + 1) {
            ")" | "]" | "°" => true,
            "." | "-" => open == 0,
            _ => false,
        };
        // A value may have its full stop in it.
        let whole = self.is_value(open) && self.text[number.span()].ends_with(['.', ')', '°']);
        let end = open + 1 + usize::from(closed);
        if counts && (closed || whole) && end < self.tokens.len() { end } else { 0 }
    }

    /// Whether a token is a footnote call, or a word that one sticks to (then without it).
    pub(super) fn footnote(&self, at: usize) -> Option<&str> {
        const RAISED: &[char] = &['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁰'];
        let token = &self.tokens[at];
        let written = &self.text[token.span()];
        if !written.is_empty() && written.chars().all(|c| RAISED.contains(&c)) {
            return Some("");
        }
        let before = self.text[..token.span().start].chars().next_back();
        if token.kind() == TokenKind::Number
            && written.len() <= 3
            && written.bytes().all(|byte| byte.is_ascii_digit())
            && before.is_some_and(|c| c.is_alphabetic() && c.is_lowercase())
        {
            return Some("");
        }
        let word = written.trim_end_matches(|c: char| c.is_ascii_digit() || RAISED.contains(&c));
        let sticks = token.kind() == TokenKind::Word
            && word.len() < written.len()
            && word.chars().count() > 2
            && word.ends_with(char::is_lowercase);
        sticks.then_some(word)
    }
}

fn codes(segment: &Segment) -> Vec<(u8, usize)> {
    let mut offset = 0;
    let mut found = Vec::new();
    for part in segment.parts() {
        match part {
            Part::Text(text) => offset += text.len(),
            Part::Code(code) => found.push((code.kind as u8, offset)),
        }
    }
    found
}

/// Which tokens are names, and which of them name parties.
fn names(
    text: &str,
    tokens: &[Token],
    prepared: &Prepared,
    markers: &[Marker],
    words: &CriticalWords,
) -> Vec<NameKind> {
    let mut found = vec![NameKind::No; tokens.len()];
    let written = |at: usize| &text[tokens[at].span()];
    let is_content = |at: usize| {
        tokens[at].kind() == TokenKind::Word && prepared.tokens()[at].class() == Class::Content
    };
    let content = (0..tokens.len()).filter(|&at| is_content(at)).count();
    let capitals = (0..tokens.len())
        .filter(|&at| is_content(at) && written(at).starts_with(char::is_uppercase))
        .count();
    // In a title every word has a capital, so that a capital says nothing.
    let is_title = content > 3 && 3 * capitals > 2 * content;
    let mut begins = true;
    for at in 0..tokens.len() {
        let word = written(at);
        if tokens[at].kind() == TokenKind::Punctuation {
            begins |= matches!(tokens[at].key(), "." | ":" | "!" | "?" | "\"" | "-" | ";");
            continue;
        }
        if is_content(at) && !is_title && word.starts_with(char::is_uppercase) {
            let acronym = word.chars().filter(|c| c.is_alphabetic()).count() > 1
                && word.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
            if acronym {
                found[at] = NameKind::Party;
            } else if begins {
                // Any word has a capital here: it counts where the other side has the name too.
                found[at] = NameKind::Role;
            } else {
                found[at] = NameKind::Name;
            }
        }
        begins = false;
    }
    let role =
        |marker: &&Marker| words.rule(marker.rule).role == Role::Marks(DifferenceKind::Party);
    for &at in markers.iter().filter(role).flat_map(|marker| &marker.tokens) {
        found[at] = found[at].max(NameKind::Role);
    }
    for marker in markers.iter().filter(|m| words.rule(m.rule).role == Role::PartyName) {
        marker.tokens.iter().for_each(|&at| found[at] = NameKind::Party);
    }
    for marker in markers.iter().filter(|m| words.rule(m.rule).role == Role::PartyHead) {
        let (first, last) = (marker.tokens[0], marker.tokens[marker.tokens.len() - 1]);
        let function = |at: &usize| prepared.tokens()[*at].class() == Class::Function;
        let before = (0..first).rev().find(|at| !function(at)).filter(|at| first - at == 1);
        let after = (last + 1..tokens.len()).find(|at| !function(at));
        for at in [before, after.filter(|at| at - last <= 3)].into_iter().flatten() {
            if found[at] == NameKind::Name {
                found[at] = NameKind::Party;
            }
        }
    }
    found
}
