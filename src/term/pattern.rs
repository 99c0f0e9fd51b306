//! What to look for in a text to find one term.

use std::ops::Range;

use super::inflect::{Role, Rules};
use super::words::{Gap, Words};
use super::{PartOfSpeech, Term, TermKind};

/// A term taken apart.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) words: Vec<PatternWord>,
    /// How many other words may stand between its own.
    pub(super) gap: u8,
    /// Whether words that it writes with a capital need one in the text.
    pub(super) capitals: bool,
}

/// A word to look for. A contraction gives two of the same span.
#[derive(Debug)]
pub(super) struct PatternWord {
    pub(super) folded: String,
    pub(super) role: Role,
    /// What stands before it in the term.
    pub(super) before: Gap,
    /// Its bytes in the term.
    pub(super) span: Range<usize>,
}

impl Pattern {
    /// Takes a term apart; `None` if there is no word in it.
    pub(super) fn new(rules: Rules, term: &Term) -> Option<Pattern> {
        let mut words = Vec::new();
        let raw: Vec<_> = Words::new(&term.text).collect();
        let kept = raw.iter().filter(|word| !is_optional_ending(&term.text, word.start, word.raw));
        for word in kept {
            let span = word.start..word.start + word.raw.len();
            let folded = rules.fold(word.raw);
            let parts = match rules.expand(&folded) {
                Some(parts) => parts.map(str::to_owned).to_vec(),
                None => vec![folded],
            };
            for (at, folded) in parts.into_iter().enumerate() {
                let before = if at == 0 { word.before } else { Gap::Space };
                words.push(PatternWord { folded, role: Role::Fixed, before, span: span.clone() });
            }
        }
        if words.len() > 1 && rules.is_article(&words[0].folded) {
            words.remove(0);
        }
        let first = words.first_mut()?;
        first.before = Gap::Space;
        let folded: Vec<String> = words.iter().map(|word| word.folded.clone()).collect();
        let mut roles = match term.part_of_speech {
            PartOfSpeech::Adverb => vec![Role::Fixed; words.len()],
            PartOfSpeech::Verb => rules.roles(&folded, Some(true)),
            PartOfSpeech::Unset | PartOfSpeech::Other => rules.roles(&folded, None),
            _ => rules.roles(&folded, Some(false)),
        };
        if term.part_of_speech == PartOfSpeech::Adjective && roles[0] == Role::Head {
            roles[0] = Role::Dependent;
        }
        // A glossary in capitals has no initials that could be told apart.
        let loud = words.len() > 2 && !term.text.chars().any(char::is_lowercase);
        for (word, role) in words.iter_mut().zip(roles) {
            let raw = &term.text[word.span.clone()];
            let contracted = rules.expand(&rules.fold(raw)).is_some();
            let initials = !loud && !contracted && is_initials(raw);
            word.role = if initials { Role::Acronym } else { role };
        }
        let gap = term.gap.unwrap_or_else(|| {
            let phrase = words.len() > 1 && words.iter().any(|word| word.role == Role::Verb);
            if phrase { 2 } else { 0 }
        });
        let named = match term.part_of_speech {
            PartOfSpeech::ProperNoun => true,
            // TBX-Basic has no word for proper nouns, but a capital tells: *La Réunion*, *Того*.
            PartOfSpeech::Noun => {
                words.len() == 1 && is_capitalised(&term.text[words[0].span.clone()])
            }
            _ => false,
        };
        let capitals = named || (term.kind == TermKind::Acronym && words.len() == 1);
        Some(Pattern { words, gap, capitals })
    }

    /// The signs that the term has before its first word and behind its last one, as a formula has
    /// brackets; `None` if there are none.
    pub(super) fn signs(&self, text: &str) -> Option<[Box<str>; 2]> {
        let (first, last) = (self.words.first()?, self.words.last()?);
        // An article or an ending in brackets is no sign.
        let signs = |part: &str| -> Box<str> {
            if part.contains(char::is_alphanumeric) { Box::default() } else { part.trim().into() }
        };
        let signs = [signs(&text[..first.span.start]), signs(&text[last.span.end..])];
        signs.iter().any(|part| !part.is_empty()).then_some(signs)
    }

    /// The same pattern with each pair of hyphenated words written as one, if there is a pair.
    pub(super) fn joined(&self) -> Option<Pattern> {
        let mut words: Vec<PatternWord> = Vec::new();
        for word in &self.words {
            match words.last_mut() {
                Some(last) if word.before == Gap::Hyphen => {
                    last.folded.push_str(&word.folded);
                    last.span.end = word.span.end;
                    last.role = word.role;
                }
                _ => words.push(PatternWord {
                    folded: word.folded.clone(),
                    role: word.role,
                    before: word.before,
                    span: word.span.clone(),
                }),
            }
        }
        let changed = words.len() < self.words.len();
        changed.then_some(Pattern { words, gap: self.gap, capitals: self.capitals })
    }
}

/// Whether a word is an ending in brackets that belongs to the word before: `délégué(e)s`.
fn is_optional_ending(text: &str, start: usize, raw: &str) -> bool {
    // No ending: `[Fe(CN)6]`.
    if !raw.starts_with(char::is_lowercase) {
        return false;
    }
    let before = &text[..start];
    let glued = before.strip_suffix('(').is_some_and(|rest| rest.ends_with(char::is_alphabetic));
    let closes = text[start + raw.len()..].starts_with(')');
    let after_one = before.strip_suffix(')').is_some_and(|rest| {
        rest.rsplit_once('(').is_some_and(|(head, ending)| {
            head.ends_with(char::is_alphabetic) && ending.chars().count() <= 3
        })
    });
    (glued && closes && raw.chars().count() <= 3) || (after_one && raw == "s")
}

/// Whether a word begins with a capital and goes on in small letters.
fn is_capitalised(raw: &str) -> bool {
    raw.starts_with(char::is_uppercase) && raw.chars().any(char::is_lowercase)
}

/// Whether a word is written in capitals alone, two at least.
fn is_initials(raw: &str) -> bool {
    let mut letters = raw.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() > 1 && letters.all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(term: &Term) -> Vec<String> {
        let pattern = Pattern::new(Rules::French, term).unwrap();
        pattern.words.into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn contractions_articles_and_optional_endings() {
        assert_eq!(words(&Term::new("la Charte des Nations")), ["charte", "de", "le", "nations"]);
        assert_eq!(words(&Term::new("délégué(e)s permanent(e)s")), ["délégué", "permanent"]);
        assert_eq!(words(&Term::new("Groupe (spécial)")), ["groupe", "spécial"]);
        assert_eq!(words(&Term::new("Fe(CN)6")), ["fe", "cn", "6"]);
        assert_eq!(words(&Term::new("La")), ["le"]);
    }

    #[test]
    fn a_noun_of_one_word_with_a_capital_is_a_name() {
        let of = |text: &str, part| {
            let term = Term::new(text).with_part_of_speech(part);
            Pattern::new(Rules::French, &term).unwrap().capitals
        };
        assert!(of("La Réunion", PartOfSpeech::Noun));
        assert!(!of("réunion", PartOfSpeech::Noun));
        assert!(!of("Conseil de sécurité", PartOfSpeech::Noun));
        assert!(!of("Réunion", PartOfSpeech::Unset));
    }

    #[test]
    fn a_term_without_a_word_gives_no_pattern() {
        for text in ["", " ", "—", "(?:)"] {
            assert!(Pattern::new(Rules::French, &Term::new(text)).is_none(), "{text:?}");
        }
    }

    #[test]
    fn hyphenated_words_may_be_one() {
        let pattern = Pattern::new(Rules::French, &Term::new("cyber-attaque majeure")).unwrap();
        let joined = pattern.joined().unwrap();
        assert_eq!(joined.words[0].folded, "cyberattaque");
        assert!(joined.joined().is_none());
    }
}
