//! The words of a text, and what stands between them.
//!
//! The tokens of [`text`](crate::text) carry a key each and find dates and references; telling
//! terms apart needs neither, and reads documents by the megabyte. This reader allocates nothing
//! and leaves it to a table of forms to look at each distinct word once.

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// As written; an elided word has its apostrophe (`l’`), an initialism its dots (`O.N.U.`).
    pub(super) raw: &'t str,
    /// The byte it starts at.
    pub(super) start: usize,
    /// What stands between it and the word before.
    pub(super) before: Gap,
}

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Gap {
    /// Space, quotation marks, an apostrophe, or nothing at all.
    Space,
    /// A hyphen or dash with no space around it.
    Hyphen,
    /// A dash between spaces.
    Dash,
    /// A comma.
    Comma,
    /// Anything else: a full stop, brackets.
    Break,
    /// A blank line.
    Paragraph,
}

/// Cuts a text into words.
pub(super) struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Words<'t> {
        Words { text, at: 0 }
    }

    /// What kind of character starts at a byte, and how long it is.
    fn peek(&self, at: usize) -> Option<(Kind, usize)> {
        let bytes = self.text.as_bytes();
        let byte = *bytes.get(at)?;
        Some(match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => (Kind::Letter, 1),
            b' ' | b'\t' | b'\r' | b'"' => (Kind::Space, 1),
            b'\n' => (Kind::Line, 1),
            b'\'' | b'`' => (Kind::Apostrophe, 1),
            b'-' => (Kind::Hyphen, 1),
            b',' => (Kind::Comma, 1),
            b'&' | b'+' | b'#' | b'@' | b'%' | b'$' | b'_' | b'*' | b'=' => (Kind::Letter, 1),
            0..=0x7f => (Kind::Other, 1),
            // À to ÿ without the signs for times and division, and Cyrillic.
            0xc3 if !matches!(bytes[at + 1], 0x97 | 0xb7) => (Kind::Letter, 2),
            0xc4..=0xc9 | 0xd0 | 0xd1 => (Kind::Letter, 2),
            _ => {
                let character = self.text[at..].chars().next()?;
                (kind(character), character.len_utf8())
            }
        })
    }

    /// The end of an initialism that starts here: single capitals with a full stop after each.
    fn initialism(&self, start: usize) -> Option<usize> {
        let mut end = start;
        let mut count = 0;
        loop {
            let letter = self.text[end..].chars().next().filter(|c| c.is_uppercase());
            let Some(after) = letter.map(|c| end + c.len_utf8()) else { break };
            if self.text.as_bytes().get(after) != Some(&b'.') {
                // `U.S` has no last dot; `A.Smith` is no initialism.
                let ends = self.peek(after).is_none_or(|(kind, _)| kind != Kind::Letter);
                if ends && count > 0 {
                    (end, count) = (after, count + 1);
                }
                break;
            }
            (end, count) = (after + 1, count + 1);
        }
        (count >= 2).then_some(end)
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        let mut before = Before::default();
        let (start, first, length) = loop {
            let (kind, length) = self.peek(self.at)?;
            if matches!(kind, Kind::Letter | Kind::Ideograph) {
                break (self.at, kind, length);
            }
            before.see(kind);
            self.at += length;
        };
        self.at += length;
        if first == Kind::Letter {
            if self.text.as_bytes().get(self.at) == Some(&b'.')
                && let Some(end) = self.initialism(start)
            {
                self.at = end;
                return Some(Word { raw: &self.text[start..end], start, before: before.gap() });
            }
            while let Some((kind, length)) = self.peek(self.at) {
                match kind {
                    Kind::Letter | Kind::Mark => self.at += length,
                    Kind::Apostrophe => {
                        self.at += length;
                        break;
                    }
                    _ => break,
                }
            }
        }
        Some(Word { raw: &self.text[start..self.at], start, before: before.gap() })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    /// Combining marks and invisible characters: part of the word before.
    Mark,
    /// A sign that is a word by itself.
    Ideograph,
    Space,
    Line,
    Paragraph,
    Apostrophe,
    Hyphen,
    Comma,
    Other,
}

fn kind(character: char) -> Kind {
    match character {
        '’' | '‘' | 'ʼ' | '′' | '´' => Kind::Apostrophe,
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => Kind::Hyphen,
        '«' | '»' | '“' | '”' | '„' | '‟' | '‹' | '›' | '\u{feff}' | '\u{2060}' => {
            Kind::Space
        }
        '\u{2028}' => Kind::Line,
        '\u{2029}' => Kind::Paragraph,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{300}'..='\u{36f}' => Kind::Mark,
        '€' | '§' | '°' | '№' => Kind::Letter,
        '\u{e00}'..='\u{e7f}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Kind::Ideograph,
        _ if character.is_alphanumeric() => Kind::Letter,
        _ if character.is_whitespace() => Kind::Space,
        _ if unicode_normalization::char::is_combining_mark(character) => Kind::Mark,
        _ => Kind::Other,
    }
}

/// Adds up what stands before a word.
#[derive(Default)]
struct Before {
    lines: u8,
    spaces: bool,
    hyphen: bool,
    comma: bool,
    other: bool,
}

impl Before {
    fn see(&mut self, kind: Kind) {
        match kind {
            Kind::Space => self.spaces = true,
            Kind::Line => {
                self.spaces = true;
                self.lines = self.lines.saturating_add(1);
            }
            Kind::Paragraph => self.lines = 2,
            Kind::Hyphen => self.hyphen = true,
            Kind::Comma => self.comma = true,
            Kind::Other => self.other = true,
            Kind::Letter | Kind::Mark | Kind::Ideograph | Kind::Apostrophe => {}
        }
    }

    fn gap(&self) -> Gap {
        if self.lines > 1 {
            Gap::Paragraph
        } else if self.other {
            Gap::Break
        } else if self.comma {
            Gap::Comma
        } else if self.hyphen {
            if self.spaces { Gap::Dash } else { Gap::Hyphen }
        } else {
            Gap::Space
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(&str, Gap)> {
        Words::new(text).map(|word| (word.raw, word.before)).collect()
    }

    #[test]
    fn words_and_what_stands_between() {
        use Gap::{Break, Comma, Dash, Hyphen, Paragraph, Space};
        assert_eq!(
            words("L’État, « cessez-le-feu » – non. Oui\nsi\n\nfin"),
            [
                ("L’", Space),
                ("État", Space),
                ("cessez", Comma),
                ("le", Hyphen),
                ("feu", Hyphen),
                ("non", Dash),
                ("Oui", Break),
                ("si", Space),
                ("fin", Paragraph),
            ]
        );
    }

    #[test]
    fn initialisms_are_one_word() {
        let raw = |text| Words::new(text).map(|word| word.raw).collect::<Vec<_>>();
        assert_eq!(raw("l'O.N.U. et U.S"), ["l'", "O.N.U.", "et", "U.S"]);
        assert_eq!(raw("M. A. Dupont"), ["M", "A", "Dupont"]);
        assert_eq!(raw("A.Smith"), ["A", "Smith"]);
    }

    #[test]
    fn marks_belong_to_their_word_and_ideographs_stand_alone() {
        let raw = |text| Words::new(text).map(|word| word.raw).collect::<Vec<_>>();
        assert_eq!(raw("E\u{301}tat mem\u{ad}bre"), ["E\u{301}tat", "mem\u{ad}bre"]);
        assert_eq!(raw("安全理事会"), ["安", "全", "理", "事", "会"]);
        assert_eq!(raw("R&D, C++ 5%"), ["R&D", "C++", "5%"]);
    }

    proptest::proptest! {
        /// The words and what they leave out make up the text again: nothing is read twice.
        #[test]
        fn words_stand_in_order_and_apart(text in "\\PC{0,60}|[a-zéА-я'’ .,\n-]{0,60}") {
            let mut end = 0;
            for word in Words::new(&text) {
                assert!(word.start >= end && !word.raw.is_empty());
                end = word.start + word.raw.len();
                assert_eq!(&text[word.start..end], word.raw);
            }
        }
    }
}
