//! Brackets and quotation marks without their counterpart.

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;

/// A sign whose counterpart is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alone {
    pub(super) at: usize,
    pub(super) sign: char,
    /// Which signs belong together.
    pub(super) family: Family,
    pub(super) opens: bool,
}

/// Signs that open and close each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Round,
    Square,
    Curly,
    /// All quotation marks: styles are mixed more often than marks are forgotten.
    Quote,
}

/// Finds signs of the target that stand alone, unless those of the source do so too: a
/// quotation may go on in the next segment.
pub(super) fn check(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let theirs = alone(&target.text);
    if theirs.is_empty() {
        return;
    }
    let ours = alone(&source.text);
    for sign in theirs {
        if ours.iter().any(|other| other.family == sign.family && other.opens == sign.opens) {
            continue;
        }
        let kind = match sign.family {
            Family::Quote => FindingKind::QuotationMark,
            _ => FindingKind::Bracket,
        };
        let what = if sign.opens { "is never closed" } else { "was never opened" };
        let draft = Draft::new(kind, format!("`{}` {what}", sign.sign));
        found.push(draft.target(sign.at..sign.at + sign.sign.len_utf8()));
    }
}

/// The signs of a text without counterpart, in order.
pub(super) fn alone(text: &str) -> Vec<Alone> {
    let mut open: Vec<Alone> = Vec::new();
    let mut found = Vec::new();
    for (at, sign) in text.char_indices() {
        let Some((family, side)) = family(sign) else { continue };
        let alone = |opens| Alone { at, sign, family, opens };
        let closes = match side {
            Acts::Opens => false,
            Acts::Closes => true,
            // “ closes what „ opened; " closes whatever is open.
            Acts::Either => {
                let quoted = open.iter().rev().find(|other| other.family == Family::Quote);
                match sign {
                    '"' => quoted.is_some_and(|other| other.sign == '"'),
                    _ => quoted.is_some_and(|other| other.sign == '„'),
                }
            }
        };
        if !closes {
            open.push(alone(true));
            continue;
        }
        match open.iter().rposition(|other| other.family == family) {
            // What stands open inside is alone.
            Some(partner) => found.extend(open.drain(partner..).skip(1)),
            None if family == Family::Round && is_enumerator(text, at) => {}
            None => found.push(alone(false)),
        }
    }
    found.extend(open);
    found.sort_by_key(|alone| alone.at);
    found
}

enum Acts {
    Opens,
    Closes,
    Either,
}

fn family(sign: char) -> Option<(Family, Acts)> {
    Some(match sign {
        '(' => (Family::Round, Acts::Opens),
        ')' => (Family::Round, Acts::Closes),
        '[' => (Family::Square, Acts::Opens),
        ']' => (Family::Square, Acts::Closes),
        '{' => (Family::Curly, Acts::Opens),
        '}' => (Family::Curly, Acts::Closes),
        '«' | '„' => (Family::Quote, Acts::Opens),
        '»' | '”' => (Family::Quote, Acts::Closes),
        '“' | '"' => (Family::Quote, Acts::Either),
        _ => return None,
    })
}

/// Whether a closing bracket stands after the number or letter of an item: `a)`, `12)`, `iv)`.
fn is_enumerator(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let start = before.trim_end_matches(char::is_alphanumeric).len();
    let (before, label) = before.split_at(start);
    let starts = before.is_empty()
        || before.ends_with(|c: char| c.is_whitespace() || matches!(c, '(' | '«' | '"' | '-'));
    let is_label = label.chars().count() == 1
        || (1..=4).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_digit())
        || (1..=5).contains(&label.len()) && label.bytes().all(|byte| b"ivxlc".contains(&byte));
    starts && is_label
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> String {
        alone(text).iter().map(|alone| alone.sign).collect()
    }

    #[test]
    fn pairs_are_found_however_they_are_nested() {
        for text in [
            "a (b [c] d) e",
            "« a “b” c »",
            "„a“ и «б»",
            "\"a\" and \"b\"",
            "a) premier; b) second",
            "alinéa b) du paragraphe 2 iv)",
            "1) и 2)",
        ] {
            assert_eq!(signs(text), "", "{text}");
        }
    }

    #[test]
    fn what_has_no_counterpart_is_alone() {
        assert_eq!(signs("a (b"), "(");
        assert_eq!(signs("premier) b"), ")");
        assert_eq!(signs("(a [b)"), "[");
        assert_eq!(signs("« a"), "«");
        assert_eq!(signs("a » b"), "»");
        assert_eq!(signs("\"a\" b\""), "\"");
    }
}
