//! Which words of a text are forms of a word of a term.
//!
//! Two words are forms of one another when they share a *key*: a stem with the class of paradigm
//! it was cut for. A word of a text has all keys that any reading of it gives; a word of a term
//! has only those its place in the term allows, so that *Conseil* finds *conseils* but not
//! *conseillers*, and *partie contractante* does not find *parti contractant*.
//!
//! French, English and Russian have rules of their own, made for inflection alone. Stemmers cut
//! derivation off as well (*universel*, *univers*) and split paradigms (*конец*, *конца*); they
//! serve the other languages.

mod english;
mod french;
mod french_verbs;
mod russian;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::Lang;
use crate::text::{Normal, Stemmer};

/// What a word does in its term: decides which forms it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Role {
    /// Stays as it is: preposition, adverb, part of a name.
    Fixed,
    /// A noun: changes in number and case.
    Head,
    /// Agrees with a noun: changes in gender, too.
    Dependent,
    /// A verb: any tense, mood and person, and its participles.
    Verb,
    /// A verb or a noun: nobody said which.
    VerbOrHead,
    /// Initials: their letters must be capitals in the text.
    Acronym,
}

/// The class of paradigm that a stem was cut for.
pub(super) type Class = &'static str;

/// What takes the keys of a word, one by one.
pub(super) type Emit<'e> = &'e mut dyn FnMut(Class, &str);

/// The inflection of one language.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rules {
    French,
    English,
    Russian,
    Stems(Stemmer),
}

impl Rules {
    pub(super) fn new(lang: &Lang) -> Rules {
        match lang.primary() {
            "fr" => Rules::French,
            "en" => Rules::English,
            "ru" => Rules::Russian,
            _ => Rules::Stems(Stemmer::new(lang)),
        }
    }

    /// A word as written brought into the form that all the rules work on: normal form, lower
    /// case, no apostrophe or dots of an initialism; French function words by one name each.
    pub(super) fn fold(self, raw: &str) -> String {
        let mut folded = Normal::new(raw).text().to_lowercase();
        if folded.len() > 1 && folded.contains('.') {
            folded.retain(|c| c != '.');
        }
        match self {
            Rules::French => french::fold(&mut folded),
            _ => {
                if folded.ends_with('\'') {
                    folded.pop();
                }
            }
        }
        folded
    }

    /// The words that a contraction stands for: `des` is `de` and `le`.
    pub(super) fn expand(self, folded: &str) -> Option<[&'static str; 2]> {
        match (self, folded) {
            (Rules::French, "du" | "des") => Some(["de", "le"]),
            (Rules::French, "au" | "aux") => Some(["à", "le"]),
            _ => None,
        }
    }

    /// Whether a word is an article that a term may begin with but a text need not have.
    pub(super) fn is_article(self, folded: &str) -> bool {
        match self {
            Rules::French => folded == "le",
            Rules::English => matches!(folded, "the" | "a"),
            _ => false,
        }
    }

    /// Whether a word is a preposition: nothing stands between it and what it governs.
    pub(super) fn is_preposition(self, folded: &str) -> bool {
        match self {
            Rules::French => french::PREPOSITIONS.contains(&folded),
            Rules::English => english::PREPOSITIONS.contains(&folded),
            Rules::Russian => russian::PREPOSITIONS.contains(&folded),
            Rules::Stems(_) => false,
        }
    }

    /// The roles of the words of a term, given folded, and whether it is a verb if that is known.
    pub(super) fn roles(self, words: &[String], verb: Option<bool>) -> Vec<Role> {
        match self {
            Rules::French => french::roles(words, verb),
            Rules::English => english::roles(words, verb),
            Rules::Russian => russian::roles(words, verb),
            Rules::Stems(_) => vec![Role::Head; words.len()],
        }
    }

    /// The keys of a word of a term.
    pub(super) fn term_keys(self, folded: &str, role: Role, emit: Emit<'_>) {
        if role == Role::Acronym {
            return emit("A", folded);
        }
        emit("=", folded);
        self.inflected_term_keys("", folded, role, emit);
        if let Some(plain) = without_accents(folded) {
            emit("^=", &plain);
            self.inflected_term_keys("^", &plain, role, emit);
        }
    }

    fn inflected_term_keys(self, prefix: &str, folded: &str, role: Role, emit: Emit<'_>) {
        let emit: Emit<'_> = &mut |class, stem| emit(marked(prefix, class), stem);
        match (self, role) {
            (_, Role::Fixed | Role::Acronym) => {}
            (Rules::French, role) => french::term_keys(folded, role, emit),
            (Rules::English, role) => english::term_keys(folded, role, emit),
            (Rules::Russian, role) => russian::term_keys(folded, role, emit),
            (Rules::Stems(stemmer), _) => emit("s", &stemmer.stem(folded)),
        }
    }

    /// The keys of a word of a text, in all its readings.
    pub(super) fn text_keys(self, raw: &str, folded: &str, emit: Emit<'_>) {
        emit("=", folded);
        self.inflected_text_keys("", folded, emit);
        let shape = Shape::of(raw);
        if let Some(plain) = shape.may_lack_accents(raw, folded) {
            emit("^=", &plain);
            self.inflected_text_keys("^", &plain, emit);
        }
        if shape.initials_in(folded) {
            emit("A", folded);
        }
        if let Some(stem) = self.initials_with_ending(raw) {
            emit("A", &self.fold(stem));
        }
    }

    fn inflected_text_keys(self, prefix: &str, folded: &str, emit: Emit<'_>) {
        let emit: Emit<'_> = &mut |class, stem| emit(marked(prefix, class), stem);
        match self {
            Rules::French => french::text_keys(folded, emit),
            Rules::English => english::text_keys(folded, emit),
            Rules::Russian => russian::text_keys(folded, emit),
            Rules::Stems(stemmer) => emit("s", &stemmer.stem(folded)),
        }
    }

    /// `МИД` of `МИДа`, `NGO` of `NGOs`.
    fn initials_with_ending(self, raw: &str) -> Option<&str> {
        let endings: &[&str] = match self {
            Rules::Russian => &["а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"],
            Rules::French => &[],
            _ => &["s"],
        };
        let cut = raw.rfind(char::is_uppercase)?;
        let cut = cut + raw[cut..].chars().next()?.len_utf8();
        let (stem, ending) = raw.split_at(cut);
        let capitals = stem.chars().count() > 1 && stem.chars().all(char::is_uppercase);
        (capitals && endings.contains(&ending)).then_some(stem)
    }
}

/// The number that stands for a key in an index.
///
/// Two keys may have one number (once in some 10¹² lookups at 10⁵ terms); a hit is therefore
/// explained by the keys themselves, and dropped where they do not agree.
pub(super) fn key_hash(class: Class, stem: &str) -> u64 {
    // A seed of few bits would let short stems of two classes meet.
    xxh3_64_with_seed(stem.as_bytes(), xxh3_64(class.as_bytes()))
}

/// The class for words compared without accents.
fn marked(prefix: &str, class: Class) -> Class {
    if prefix.is_empty() {
        return class;
    }
    match class {
        "n" => "^n",
        "g" => "^g",
        "p" => "^p",
        "e" => "^e",
        "i" => "^i",
        "r" => "^r",
        "v" => "^v",
        "k" => "^k",
        "s" => "^s",
        other => other,
    }
}

/// How a word is written in capitals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Lower,
    Initial,
    Capitals,
}

impl Shape {
    fn of(raw: &str) -> Shape {
        let mut letters = raw.chars().filter(|c| c.is_alphabetic());
        match letters.next() {
            Some(first) if first.is_uppercase() => {
                if letters.clone().any(char::is_lowercase) || letters.next().is_none() {
                    Shape::Initial
                } else {
                    Shape::Capitals
                }
            }
            _ => Shape::Lower,
        }
    }

    /// The word to compare without accents: capitals often go without them (`ETAT`, `Etat`).
    fn may_lack_accents(self, raw: &str, folded: &str) -> Option<String> {
        let may = match self {
            Shape::Lower => false,
            Shape::Capitals => folded.is_ascii(),
            Shape::Initial => raw.starts_with(['A', 'C', 'E', 'I', 'O', 'U']),
        };
        may.then(|| without_accents(folded).unwrap_or_else(|| folded.to_owned()))
    }

    /// Whether the word can be initials: `OTAN`, and `Otan` where no everyday word looks so.
    fn initials_in(self, folded: &str) -> bool {
        match self {
            Shape::Lower => false,
            Shape::Capitals => true,
            Shape::Initial => folded.chars().count() >= 3 && !SHORT_WORDS.contains(&folded),
        }
    }
}

/// Words of three letters and more that begin sentences and are spelled like initials.
const SHORT_WORDS: &[&str] = &[
    "all", "and", "any", "are", "art", "aux", "can", "car", "ces", "cet", "des", "due", "elle",
    "est", "for", "had", "has", "her", "his", "how", "its", "les", "leur", "lui", "may", "mes",
    "met", "new", "non", "nor", "nos", "not", "now", "off", "oil", "old", "one", "our", "out",
    "par", "pas", "que", "qui", "sans", "ses", "she", "six", "son", "such", "sur", "ten", "that",
    "the", "this", "two", "une", "vos", "was", "were", "what", "who", "why", "with", "you", "вот",
    "все", "вы", "где", "для", "его", "если", "или", "как", "мир", "над", "нет", "они", "при",
    "про", "так", "там", "тот", "что", "это",
];

/// The word without the marks over Latin letters, if it had any.
fn without_accents(folded: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    if folded.is_ascii() || folded.starts_with(|c: char| ('\u{400}'..'\u{530}').contains(&c)) {
        return None;
    }
    let plain: String =
        folded.nfd().filter(|&c| !unicode_normalization::char::is_combining_mark(c)).collect();
    (plain != folded).then_some(plain)
}

/// Whether two words of a language are forms of one another, for tests of the rules.
#[cfg(test)]
pub(super) fn agree(rules: Rules, term: &str, role: Role, text: &str) -> bool {
    let mut ours = Vec::new();
    rules.term_keys(&rules.fold(term), role, &mut |class, stem| {
        ours.push((class, stem.to_owned()));
    });
    let mut found = false;
    rules.text_keys(text, &rules.fold(text), &mut |class, stem| {
        found |= ours.iter().any(|(c, s)| *c == class && s == stem);
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_need_capitals_and_may_have_an_ending() {
        for (rules, term, text, expected) in [
            (Rules::French, "OTAN", "Otan", true),
            (Rules::French, "OTAN", "otan", false),
            (Rules::French, "ONU", "O.N.U.", true),
            (Rules::French, "CE", "Ce", false),
            (Rules::English, "WHO", "who", false),
            (Rules::English, "WHO", "Who", false),
            (Rules::English, "NGO", "NGOs", true),
            (Rules::Russian, "МИД", "МИДом", true),
            (Rules::Russian, "МИД", "мидом", false),
        ] {
            assert_eq!(agree(rules, term, Role::Acronym, text), expected, "{term} {text}");
        }
    }

    #[test]
    fn capitals_may_lack_their_accents_and_other_letters_may_not() {
        for (term, text, expected) in [
            ("état", "Etats", true),
            ("sécurité", "SECURITE", true),
            ("traité", "traite", false),
            ("traité", "Traite", false),
        ] {
            assert_eq!(agree(Rules::French, term, Role::Head, text), expected, "{term} {text}");
        }
    }

    #[test]
    fn keys_of_short_stems_have_numbers_of_their_own() {
        let mut seen = std::collections::HashSet::new();
        let letters = "abcdefghijklmnopqrstuvwxyzéа".chars().map(String::from);
        let pairs: Vec<_> = letters.clone().chain(["".into()]).collect();
        for class in ["=", "n", "g", "p", "e", "i", "r", "v", "k", "s", "A", "^=", "^n"] {
            for (first, second) in
                letters.clone().flat_map(|a| pairs.iter().map(move |b| (a.clone(), b)))
            {
                for third in &pairs {
                    if !second.is_empty() || third.is_empty() {
                        assert!(seen.insert(key_hash(class, &format!("{first}{second}{third}"))));
                    }
                }
            }
        }
    }

    #[test]
    fn other_languages_are_compared_by_stem() {
        let german = Rules::new(&"de".parse().unwrap());
        assert!(agree(german, "Sicherheitsrat", Role::Head, "Sicherheitsrates"));
    }
}
