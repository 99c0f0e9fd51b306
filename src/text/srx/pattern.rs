//! One pattern of a rule, parsed.

use regex_syntax::hir::{Hir, HirKind, Look, Repetition};

use super::dialect::{Translation, translate};

/// How many steps back a pattern with look-around may try at one place before it is given up.
const BACKTRACK_LIMIT: usize = 100_000;

/// A pattern: the text of a regular expression with its meaning.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The expression in the syntax of the engines here.
    translated: String,
    /// Its structure, if it is regular: found in linear time, forwards or backwards. Patterns
    /// with look-around, atomic groups or back references have none.
    regular: Option<Hir>,
}

impl Pattern {
    /// Parses a pattern. The error is one line that says what is wrong with it.
    pub(super) fn new(pattern: &str) -> Result<Pattern, String> {
        let Translation { pattern: translated, possessive } = translate(pattern);
        match regex_syntax::parse(&translated) {
            Ok(_) if possessive => {
                backtracking(&translated).map(|_| Pattern { translated, regular: None })
            }
            Ok(hir) => Ok(Pattern { translated, regular: Some(ordered(&hir, Order::Forward)) }),
            Err(cause) => match backtracking(&translated) {
                Ok(_) => Ok(Pattern { translated, regular: None }),
                Err(_) => Err(last_line(&cause.to_string())),
            },
        }
    }

    pub(super) fn regular(&self) -> Option<&Hir> {
        self.regular.as_ref()
    }

    /// Whether the pattern matches a whole language tag, regardless of case.
    pub(super) fn matches_whole_tag(&self, tag: &str) -> Result<bool, String> {
        let whole = backtracking(&format!(r"(?i)\A(?:{})\z", self.translated))?;
        whole.is_match(tag).map_err(|cause| cause.to_string())
    }
}

/// Compiles two patterns into one expression that ends where the second begins to match.
pub(super) fn followed_by(before: &Pattern, after: &Pattern) -> Result<fancy_regex::Regex, String> {
    backtracking(&format!("(?:{})(?={})", before.translated, after.translated))
}

fn backtracking(pattern: &str) -> Result<fancy_regex::Regex, String> {
    fancy_regex::RegexBuilder::new(pattern)
        .backtrack_limit(BACKTRACK_LIMIT)
        .build()
        .map_err(|cause| last_line(&cause.to_string()))
}

/// The messages of the parsers draw the pattern and its place over several lines; the reason is
/// in the last one.
fn last_line(message: &str) -> String {
    let line = message.lines().last().unwrap_or(message).trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// The direction in which an expression is meant to read a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Forward,
    Backward,
}

/// An expression without its groups, in reading order or mirrored. The mirrored expression matches
/// a text read backwards, by characters, where the expression matches the text.
///
/// The recursion is as deep as groups are nested, which the parser bounds.
pub(super) fn ordered(hir: &Hir, order: Order) -> Hir {
    let each = |parts: &[Hir]| parts.iter().map(|part| ordered(part, order)).collect::<Vec<_>>();
    match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Class(class) => Hir::class(class.clone()),
        HirKind::Look(look) => {
            Hir::look(if order == Order::Forward { *look } else { mirror(*look) })
        }
        HirKind::Capture(group) => ordered(&group.sub, order),
        HirKind::Alternation(parts) => Hir::alternation(each(parts)),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(ordered(&repetition.sub, order)),
            ..repetition.clone()
        }),
        HirKind::Concat(parts) => {
            let mut parts = each(parts);
            if order == Order::Backward {
                parts.reverse();
            }
            Hir::concat(parts)
        }
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) if order == Order::Backward => {
                Hir::literal(text.chars().rev().collect::<String>().into_bytes())
            }
            _ => Hir::literal(literal.0.clone()),
        },
    }
}

fn mirror(look: Look) -> Look {
    match look {
        Look::Start => Look::End,
        Look::End => Look::Start,
        Look::StartLF => Look::EndLF,
        Look::EndLF => Look::StartLF,
        Look::StartCRLF => Look::EndCRLF,
        Look::EndCRLF => Look::StartCRLF,
        Look::WordStartAscii => Look::WordEndAscii,
        Look::WordEndAscii => Look::WordStartAscii,
        Look::WordStartUnicode => Look::WordEndUnicode,
        Look::WordEndUnicode => Look::WordStartUnicode,
        Look::WordStartHalfAscii => Look::WordEndHalfAscii,
        Look::WordEndHalfAscii => Look::WordStartHalfAscii,
        Look::WordStartHalfUnicode => Look::WordEndHalfUnicode,
        Look::WordEndHalfUnicode => Look::WordStartHalfUnicode,
        Look::WordAscii | Look::WordAsciiNegate | Look::WordUnicode | Look::WordUnicodeNegate => {
            look
        }
    }
}

#[cfg(test)]
mod tests {
    use regex_automata::meta::Regex;

    use super::*;

    #[test]
    fn a_mirrored_pattern_matches_the_mirrored_text() {
        let texts = ["art. 5", "le 2e", "État", "ab\nc", "", "Mme É. D.", "aab", "2.\u{301}"];
        for pattern in [
            r"\bart\.",
            r"^\d+|\w$",
            "É(t|d)",
            r"(?m)^c",
            r"a{2}b",
            r"(?i)ÉTAT",
            r"\b{start}[^ ]+ ",
        ] {
            let hir = regex_syntax::parse(pattern).unwrap();
            let build = |hir| Regex::builder().build_from_hir(&hir).unwrap();
            let forward = build(ordered(&hir, Order::Forward));
            let backward = build(ordered(&hir, Order::Backward));
            for text in texts {
                let mirrored: String = text.chars().rev().collect();
                let matches = forward.is_match(text);
                assert_eq!(matches, backward.is_match(&mirrored), "{pattern} on {text}");
            }
        }
    }

    #[test]
    fn look_around_is_not_regular_and_nonsense_is_reported() {
        assert!(Pattern::new(r"\bM\.").unwrap().regular().is_some());
        assert!(Pattern::new(r"(?<!\d)\.").unwrap().regular().is_none());
        assert!(Pattern::new(r"\d++\.").unwrap().regular().is_none());
        assert_eq!(Pattern::new("(a").unwrap_err(), "unclosed group");
    }
}
