//! Spaces around punctuation marks, and the mark at the end of a segment.

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;

const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';

/// Finds spaces and final marks of the target that its language writes otherwise.
pub(super) fn check(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let rules = Rules::of(target);
    let text = &*target.text;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next();
        match rules {
            Rules::French { canadian } => {
                french(text, at, before, c, after, canadian, found);
                close(text, at, before, c, after, &[',', '.', ')', ']'], found);
            }
            Rules::Close => {
                let marks = [',', '.', ')', ']', ':', ';', '!', '?', '»', '”'];
                close(text, at, before, c, after, &marks, found);
            }
            Rules::None => {}
        }
        if rules != Rules::None {
            follow(text, at, before, c, after, found);
        }
        before = Some(c);
    }
    double_spaces(source, target, found);
    edges(source, target, found);
    final_mark(source, target, found);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    /// No-break spaces inside « » and before : ; ! ?, the last three not in Canada.
    French {
        canadian: bool,
    },
    /// No space before any mark, none inside quotation marks.
    Close,
    None,
}

impl Rules {
    fn of(side: &Side<'_>) -> Rules {
        match side.lang.primary() {
            "fr" => Rules::French { canadian: side.lang.canonical().ends_with("-ca") },
            "en" | "ru" => Rules::Close,
            _ => Rules::None,
        }
    }
}

fn french(
    text: &str,
    at: usize,
    before: Option<char>,
    c: char,
    after: Option<char>,
    canadian: bool,
    found: &mut Vec<Draft>,
) {
    let no_break = |space: Option<char>| matches!(space, Some(NO_BREAK | NARROW_NO_BREAK));
    let wanted = match c {
        ':' | '»' | '«' => NO_BREAK,
        ';' | '!' | '?' if !canadian => NARROW_NO_BREAK,
        _ => return,
    };
    let suggestion = wanted.to_string();
    let plain = format!("a line may break at the space beside `{c}`");
    if c == '«' {
        let next = at + c.len_utf8();
        match after {
            None => {}
            _ if no_break(after) => {}
            Some(' ') => {
                let draft = Draft::new(FindingKind::NoBreakSpace, plain);
                found.push(draft.target(next..next + 1).suggest(suggestion));
            }
            Some(_) => {
                let draft = Draft::new(FindingKind::Spacing, "no space after `«`");
                found.push(draft.target(next..next).suggest(suggestion));
            }
        }
        return;
    }
    match before {
        None => {}
        _ if no_break(before) => {}
        Some(' ') => {
            let draft = Draft::new(FindingKind::NoBreakSpace, plain);
            found.push(draft.target(at - 1..at).suggest(suggestion));
        }
        // ?! and (?)
        Some('!' | '?' | '(' | '[' | '«' | '\t' | '\n') => {}
        // 15:30, http://, a URL's ?x=1, an entity.
        Some(_) if c != '»' && after.is_some_and(|c| c.is_alphanumeric() || "/=&".contains(c)) => {
        }
        Some(_) if c == ';' && is_entity(&text[..at]) => {}
        Some(_) => {
            let draft = Draft::new(FindingKind::Spacing, format!("no space before `{c}`"));
            found.push(draft.target(at..at).suggest(suggestion));
        }
    }
}

/// Whether a text ends in `&amp`, `&#160`.
fn is_entity(before: &str) -> bool {
    let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    name.ends_with('&') && name.len() < before.len()
}

/// Finds a space before a mark that sticks to what stands before it, or after an opening one.
fn close(
    text: &str,
    at: usize,
    before: Option<char>,
    c: char,
    after: Option<char>,
    marks: &[char],
    found: &mut Vec<Draft>,
) {
    let is_space = |c: Option<char>| matches!(c, Some(' ' | NO_BREAK | NARROW_NO_BREAK));
    if marks.contains(&c) && is_space(before) && !text[..at].trim().is_empty() {
        // .5, .txt, … and smileys
        let is_other = match c {
            '.' | ',' => after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '/')),
            ':' | ';' => after.is_some_and(|c| matches!(c, ')' | '(' | '-' | ':' | '/')),
            '!' | '?' => after.is_some_and(|c| matches!(c, '=' | '!' | '?')),
            // An empty box to fill in: `( )`
            ')' | ']' => text[..at].trim_end().ends_with(['(', '[']),
            _ => false,
        };
        if !is_other {
            let from = text[..at].trim_end().len();
            let draft = Draft::new(FindingKind::Spacing, format!("a space before `{c}`"));
            found.push(draft.target(from..at).suggest(""));
        }
    }
    let opens = matches!(c, '(' | '[') || (matches!(c, '«' | '„') && marks.contains(&'»'));
    if opens && is_space(after) {
        let start = at + c.len_utf8();
        let rest = &text[start..];
        let end = start + rest.len() - rest.trim_start().len();
        if !rest.trim_start().starts_with([')', ']']) {
            let draft = Draft::new(FindingKind::Spacing, format!("a space after `{c}`"));
            found.push(draft.target(start..end).suggest(""));
        }
    }
}

/// Finds a comma or semicolon with a letter glued to it.
fn follow(
    text: &str,
    at: usize,
    before: Option<char>,
    c: char,
    after: Option<char>,
    found: &mut Vec<Draft>,
) {
    let glued = matches!(c, ',' | ';')
        && before.is_some_and(|c| c.is_alphanumeric() || c == ')')
        && after.is_some_and(char::is_alphabetic)
        && !(c == ';' && is_entity(&text[..at]));
    if glued {
        let draft = Draft::new(FindingKind::Spacing, format!("no space after `{c}`"));
        found.push(draft.target(at + 1..at + 1).suggest(" "));
    }
}

fn double_spaces(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let double = |text: &str| text.trim().contains("  ");
    if !double(&target.text) || double(&source.text) {
        return;
    }
    let text = &*target.text;
    let mut at = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    while let Some(offset) = text[at..end].find("  ") {
        let start = at + offset;
        let run = text[start..end].bytes().take_while(|byte| *byte == b' ').count();
        let draft = Draft::new(FindingKind::Spacing, format!("{run} spaces in a row"));
        found.push(draft.target(start..start + run).suggest(" "));
        at = start + run;
    }
}

/// Compares the white space at both ends, which joins segments in the document.
fn edges(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let (ours, theirs) = (&*source.text, &*target.text);
    let lead = |text: &str| text.len() - text.trim_start().len();
    let trail = |text: &str| text.trim_end().len();
    let edge = |mine: &str, span: std::ops::Range<usize>, wanted: &str, place: &str| {
        let message = match wanted.is_empty() {
            true => format!("white space at the {place} that the source does not have"),
            false => format!("no white space at the {place}, which the source has"),
        };
        (mine.is_empty() != wanted.is_empty())
            .then(|| Draft::new(FindingKind::Spacing, message).target(span).suggest(wanted))
    };
    let (from, to) = (lead(theirs), trail(theirs));
    found.extend(edge(&theirs[..from], 0..from, &ours[..lead(ours)], "beginning"));
    found.extend(edge(&theirs[to..], to..theirs.len(), &ours[trail(ours)..], "end"));
}

fn final_mark(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let (ours, theirs) = (Final::of(&source.text), Final::of(&target.text));
    if ours.mark == theirs.mark || ours.may_be(theirs.mark) || theirs.may_be(ours.mark) {
        return;
    }
    let shown = |mark: Option<char>| match mark {
        Some(mark) => format!("with `{mark}`"),
        None => "without a mark".to_owned(),
    };
    let message = format!("ends {}, the source {}", shown(theirs.mark), shown(ours.mark));
    let draft = Draft::new(FindingKind::FinalPunctuation, message);
    found.push(draft.source(ours.span).target(theirs.span));
}

/// Words of three letters and more that a text may end with and that have a point of their own.
const ABBREVIATIONS: [&str; 14] = [
    "etc", "inc", "ltd", "corp", "suiv", "rév", "rev", "art", "par", "проч", "рев", "тыс", "млн",
    "экз",
];

/// How a text ends.
struct Final {
    mark: Option<char>,
    /// Whether the mark is, or may be, the point of an abbreviation.
    abbreviates: bool,
    span: std::ops::Range<usize>,
}

impl Final {
    fn of(text: &str) -> Final {
        let closers = |c: char| c.is_whitespace() || "»”“\"’')]}".contains(c);
        let end = text.trim_end_matches(closers).len();
        let bare = &text[..end];
        let (mark, length) = if bare.ends_with("...") {
            (Some('…'), 3)
        } else {
            match bare.chars().next_back() {
                Some(c @ ('.' | '…' | '!' | '?' | ':' | ';' | ',')) => (Some(c), c.len_utf8()),
                _ => (None, 0),
            }
        };
        let word = bare[..end - length].rsplit(|c: char| !c.is_alphanumeric()).next();
        let short = word.is_some_and(|word| {
            let known = ABBREVIATIONS.contains(&&*word.to_lowercase());
            known || (word.chars().count() <= 2 && word.starts_with(char::is_alphabetic))
        });
        Final { mark, abbreviates: mark == Some('.') && short, span: end - length..end }
    }

    /// Whether it ends like another, seen from a language with other abbreviations.
    fn may_be(&self, mark: Option<char>) -> bool {
        match (self.mark, mark) {
            (Some('.'), None) => self.abbreviates,
            // The three points of an unfinished sentence.
            (Some('…'), Some('.')) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    fn found(source: &str, target: &str, lang: &Lang) -> Vec<(FindingKind, String)> {
        let (left, right) = (source.into(), target.into());
        let mut found = Vec::new();
        check(&Side::new(&left, &Lang::EN), &Side::new(&right, lang), &mut found);
        found.iter().map(|draft| (draft.kind, draft.message.clone())).collect()
    }

    #[test]
    fn french_wants_no_break_spaces() {
        for good in [
            "Oui\u{a0}: «\u{a0}non\u{a0}»\u{202f}!",
            "Quoi\u{202f}?!",
            "à 15:30, voir http://a.b/?c=d&amp;e",
            "(?)",
        ] {
            let source = format!("A{}", Final::of(good).mark.unwrap_or(' ')).trim().to_owned();
            assert_eq!(found(&source, good, &Lang::FR), [], "{good}");
        }
        let plain = found("A:", "Oui :", &Lang::FR);
        assert_eq!(plain[0].0, FindingKind::NoBreakSpace);
        for bad in ["Oui;", "Oui!", "«Oui", "Oui»"] {
            assert_eq!(found(bad, bad, &Lang::FR)[0].0, FindingKind::Spacing, "{bad}");
        }
        let canadian = "fr-CA".parse().unwrap();
        assert_eq!(found("A!", "Oui!", &canadian), []);
        assert_eq!(found("A:", "Oui:", &canadian).len(), 1);
    }

    #[test]
    fn english_and_russian_want_none() {
        for lang in [Lang::EN, Lang::RU] {
            assert_eq!(found("A: b (c), d.", "A: b (c), d.", &lang), []);
            assert_eq!(found("A: b", "A : b", &lang).len(), 1);
            assert_eq!(found("( )", "( )", &lang), []);
            assert_eq!(found("a .txt", "a .txt", &lang), []);
            assert_eq!(found("« a »", "« a »", &lang).len(), 2);
        }
    }

    #[test]
    fn spaces_in_a_row_and_at_the_ends() {
        assert_eq!(found("a b", "a  b", &Lang::EN).len(), 1);
        assert_eq!(found("a  b", "a  b", &Lang::EN), []);
        assert_eq!(found(" a", "a", &Lang::EN).len(), 1);
        assert_eq!(found("a,b", "a,b", &Lang::EN).len(), 1);
        assert_eq!(found("1,5", "1,5", &Lang::FR), []);
    }

    #[test]
    fn the_last_mark_is_that_of_the_source() {
        assert_eq!(found("A word.", "A word", &Lang::EN)[0].0, FindingKind::FinalPunctuation);
        assert_eq!(found("A word?", "A word.", &Lang::EN).len(), 1);
        assert_eq!(found("“A word.”", "“A word”.", &Lang::EN), []);
        assert_eq!(found("in 2016", "в 2016 г.", &Lang::RU), []);
        assert_eq!(found("A...", "A…", &Lang::EN), []);
    }
}
