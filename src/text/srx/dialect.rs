//! Patterns as SRX files write them, in the syntax of the engines here.
//!
//! SRX 2.0 asks for the regular expressions of ICU (section 3.2 of the standard); in practice
//! files are written for ICU, Java or .NET. Where these differ from the syntax of `regex`, the
//! pattern is rewritten; everything else goes through as it stands.

use std::iter::Peekable;
use std::str::Chars;

const VERTICAL: &str = r"\n\x0B\x0C\r\x85\u2028\u2029";
const HORIZONTAL: &str = r"\t\p{Zs}";

/// A pattern in the syntax of the engines here.
#[derive(Debug)]
pub(super) struct Translation {
    pub(super) pattern: String,
    /// Whether a quantifier is possessive (`a++`), which `regex` would read as a repetition of a
    /// repetition.
    pub(super) possessive: bool,
}

/// Rewrites a pattern. What is no valid pattern stays invalid, for the compiler to report.
pub(super) fn translate(pattern: &str) -> Translation {
    let out = String::with_capacity(pattern.len());
    Translator { rest: pattern.chars().peekable(), out, possessive: false }.run()
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    possessive: bool,
}

impl Translator<'_> {
    fn run(mut self) -> Translation {
        let mut depth = 0_usize;
        let mut quantified = false;
        while let Some(character) = self.rest.next() {
            self.possessive |= quantified && character == '+';
            quantified = depth == 0 && matches!(character, '?' | '*' | '+' | '}');
            match character {
                '\\' => self.escape(depth > 0),
                '[' => {
                    depth += 1;
                    self.out.push('[');
                    // A bracket right after the opening one is a literal.
                    for first in ['^', ']'] {
                        if self.rest.next_if_eq(&first).is_some() {
                            self.out.push(first);
                        }
                    }
                }
                ']' => {
                    depth = depth.saturating_sub(1);
                    self.out.push(']');
                }
                // `~~` is an operator in a class of `regex` alone.
                '~' if depth > 0 => self.out.push_str(r"\~"),
                '(' if depth == 0 => {
                    self.out.push('(');
                    if self.rest.next_if_eq(&'?').is_some() {
                        self.out.push('?');
                        self.flags();
                    }
                }
                _ => self.out.push(character),
            }
        }
        Translation { pattern: self.out, possessive: self.possessive }
    }

    /// Flags that the engines here know under no name or another one: `(?d)`, `(?w)` choose line
    /// ends and word boundaries that are the default here, `U` would swap greediness.
    fn flags(&mut self) {
        while let Some(&flag) = self.rest.peek() {
            match flag {
                'd' | 'w' | 'U' => {}
                'a'..='z' | '-' => self.out.push(flag),
                _ => break,
            }
            self.rest.next();
        }
        // Nothing is left of `(?d)`: an empty group of flags is no group.
        if self.out.ends_with("(?") && self.rest.peek() == Some(&')') {
            self.out.push(':');
        }
    }

    fn escape(&mut self, in_class: bool) {
        let Some(escaped) = self.rest.next() else {
            self.out.push('\\');
            return;
        };
        match escaped {
            'Q' => self.quotation(),
            'h' => self.class("", HORIZONTAL, in_class),
            'H' => self.class("^", HORIZONTAL, in_class),
            'v' => self.class("", VERTICAL, in_class),
            'V' => self.class("^", VERTICAL, in_class),
            'R' => self.out.push_str(&format!(r"(?:\r\n|[{VERTICAL}])")),
            'X' => self.out.push_str(r"(?:\P{M}\p{M}*)"),
            'Z' => self.out.push_str(r"\n?\z"),
            'e' => self.out.push_str(r"\x1B"),
            'p' | 'P' => self.property(escaped, in_class),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                self.out.extend(['\\', escaped]);
                self.literal_hyphen(in_class);
            }
            // Word boundaries to `regex`, the plain signs to everyone else.
            '<' | '>' => self.out.push(escaped),
            _ if !escaped.is_ascii() => self.out.push(escaped),
            _ => self.out.extend(['\\', escaped]),
        }
    }

    /// `\Q…\E`: everything in between stands for itself.
    fn quotation(&mut self) {
        while let Some(character) = self.rest.next() {
            if character == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            if character.is_ascii_punctuation() && !matches!(character, '<' | '>') {
                self.out.push('\\');
            }
            self.out.push(character);
        }
    }

    fn class(&mut self, negation: &str, content: &str, in_class: bool) {
        if in_class && negation.is_empty() {
            self.out.push_str(content);
        } else {
            self.out.extend(["[", negation, content, "]"]);
        }
        self.literal_hyphen(in_class);
    }

    /// `\p{…}`: Java's names for what has another name in Unicode.
    fn property(&mut self, letter: char, in_class: bool) {
        self.out.extend(['\\', letter]);
        if self.rest.next_if_eq(&'{').is_some() {
            let mut name = String::new();
            while let Some(character) = self.rest.next_if(|&c| c != '}') {
                name.push(character);
            }
            let name = match name.as_str() {
                "javaLowerCase" => "Lowercase",
                "javaUpperCase" => "Uppercase",
                "javaLetter" => "L",
                "javaDigit" => "Nd",
                "javaWhitespace" => "White_Space",
                other => other,
            };
            self.out.extend(["{", name]);
        } else if let Some(short) = self.rest.next() {
            self.out.push(short);
        }
        if self.rest.next_if_eq(&'}').is_some() {
            self.out.push('}');
        }
        self.literal_hyphen(in_class);
    }

    /// In `[\w-.]` the hyphen is a literal; `regex` would read a broken range.
    fn literal_hyphen(&mut self, in_class: bool) {
        if in_class && self.rest.peek() == Some(&'-') {
            let mut ahead = self.rest.clone();
            ahead.next();
            if !matches!(ahead.peek(), Some('-' | ']')) {
                self.rest.next();
                self.out.push_str(r"\-");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_icu_and_java_match_here_what_they_match_there() {
        for (pattern, text, matches) in [
            (r"a\hb", "a\u{a0}b", true),
            (r"[\h\v]", "\u{2028}", true),
            (r"[^\h]", "\t", false),
            (r"\Hx", "yx", true),
            (r"\Qa.b\E.", "a.bc", true),
            (r"\Qa.b\E", "axb", false),
            (r"\<x\>", "<x>", true),
            (r"[\w-.]", "-", true),
            (r"[\h-x]", "-", true),
            (r"[\p{L}-.]", "-", true),
            (r"\«", "«", true),
            (r"(?iu)É", "é", true),
            (r"(?U)a+", "aa", true),
            (r"(?d)a", "a", true),
            (r"(?w)a", "a", true),
            (r"\p{javaUpperCase}", "É", true),
            (r"\p{IsCyrillic}", "Я", true),
            (r"\p{Punct}", "»", true),
            (r"\R\Z", "a\r\n", true),
            (r"[~~]", "~", true),
            (r"\u00AB\x{AB}\xAB", "«««", true),
            (r"[a-z&&[^bc]]", "b", false),
            (r"\e", "\u{1b}", true),
            (r"\X", "e\u{301}", true),
        ] {
            let translated = translate(pattern).pattern;
            let compiled = regex_automata::meta::Regex::new(&translated)
                .unwrap_or_else(|error| panic!("{pattern} became {translated}: {error}"));
            assert_eq!(compiled.is_match(text), matches, "{pattern} became {translated}");
        }
    }

    #[test]
    fn possessive_quantifiers_are_told_from_literals() {
        for pattern in [r"a++", r"a?+", r"a{2}+", r"[a]*+"] {
            assert!(translate(pattern).possessive, "{pattern}");
        }
        for pattern in [r"a+", r"\++", r"[?+]", r"\Q?+\E", r"a+?", r"(?:a+)+", r"\p{L}+"] {
            assert!(!translate(pattern).possessive, "{pattern}");
        }
    }

    #[test]
    fn what_is_broken_stays_broken() {
        for pattern in ["(a", "[a", r"\", r"\p{", r"a\p", "(?", "*a", r"\p{Klingon}"] {
            assert!(
                regex_automata::meta::Regex::new(&translate(pattern).pattern).is_err(),
                "{pattern}"
            );
        }
    }
}
