//! Concepts and the terms that name them.

use std::fmt;
use std::str::FromStr;

use super::{Ruling, Scope, Status};
use crate::Lang;

/// A concept: one thing meant, with everything that names it.
///
/// The model is that of TBX ([ISO 30042](https://www.iso.org/standard/62510.html)): a concept
/// has terms in several languages, and what is said is said of the concept, of a language or of
/// one term. What no field here stands for is kept as [`Extra`], at the level it was said at.
///
/// ```
/// use chancery::Lang;
/// use chancery::term::{Concept, Status, Term};
///
/// let mut concept = Concept::new("nato.russia-council");
/// concept.add(Lang::FR, Term::new("Conseil OTAN-Russie"));
/// concept.add(Lang::FR, Term::new("Conseil Russie-OTAN").with_status(Status::Admitted));
/// concept.add(Lang::EN, Term::new("NATO-Russia Council"));
/// let french: Vec<&str> = concept.terms(&Lang::FR).map(|term| term.text.as_str()).collect();
/// assert_eq!(french, ["Conseil OTAN-Russie", "Conseil Russie-OTAN"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concept {
    /// What identifies it within its termbase, as written; any text.
    pub id: String,
    /// The domains it belongs to (`descrip type="subjectField"`).
    pub domains: Vec<String>,
    /// What it is, where one text says so for all languages.
    pub definition: Option<String>,
    /// The institution it belongs to or that decides its names.
    pub institution: Option<String>,
    /// Where its names come from.
    pub sources: Vec<String>,
    /// Notes for people.
    pub notes: Vec<String>,
    /// Pictures and other files that show it: URIs or paths, as written.
    pub images: Vec<String>,
    /// What it has to do with other concepts.
    pub relations: Vec<Relation>,
    /// Whether the whole concept is only proposed, not approved or attested.
    pub proposed: bool,
    /// Its languages, in the order they came in.
    pub languages: Vec<Language>,
    /// What else was said of it.
    pub extra: Vec<Extra>,
}

impl Concept {
    /// A concept with no term yet.
    pub fn new(id: impl Into<String>) -> Concept {
        Concept { id: id.into(), ..Concept::default() }
    }

    /// Adds a term to the section of exactly this language, which is made where it is missing.
    pub fn add(&mut self, lang: Lang, term: Term) {
        match self.languages.iter_mut().find(|section| section.lang == lang) {
            Some(section) => section.terms.push(term),
            None => self.languages.push(Language { terms: vec![term], ..Language::new(lang) }),
        }
    }

    /// The terms of a language, its varieties (`fr-CA` for `fr`) and the language it is a variety
    /// of (`fr` for `fr-CA`), in order.
    pub fn terms(&self, lang: &Lang) -> impl Iterator<Item = &Term> {
        (self.languages.iter())
            .filter(|section| section.serves(lang))
            .flat_map(|section| &section.terms)
    }

    /// The terms to choose from where a text names the concept in a language, for a house and a
    /// day: the preferred ones; without one, those admitted or without a ruling. Never a
    /// deprecated, forbidden or proposed one.
    pub fn choices(&self, lang: &Lang, scope: &Scope) -> Vec<&Term> {
        let with = |wanted: &[Status]| -> Vec<&Term> {
            self.terms(lang).filter(|term| wanted.contains(&term.status_in(scope))).collect()
        };
        let preferred = with(&[Status::Preferred]);
        if preferred.is_empty() { with(&[Status::Admitted, Status::Unset]) } else { preferred }
    }

    /// The term to write in a language, for a house and a day: the first preferred one, else the
    /// only one of the [choices](Concept::choices).
    ///
    /// Where several terms are admitted and none is preferred there is none: the names of a disputed
    /// territory are left to the writer.
    pub fn preferred(&self, lang: &Lang, scope: &Scope) -> Option<&Term> {
        match *self.choices(lang, scope) {
            [only] => Some(only),
            [first, ..] if first.status_in(scope) == Status::Preferred => Some(first),
            _ => None,
        }
    }

    /// What to write for one of its terms in another language, for a house and a day. One term
    /// where one is to be written: of several preferred ones the first of the same kind, a short
    /// form for a short form. Several where the [choice](Concept::choices) is the writer's.
    ///
    /// ```
    /// use chancery::Lang;
    /// use chancery::term::{Concept, Scope, Status, Term, TermKind};
    ///
    /// let mut concept = Concept::new("eu");
    /// concept.add(Lang::FR, Term::new("UE").with_kind(TermKind::Acronym));
    /// concept.add(Lang::EN, Term::new("European Union").with_status(Status::Preferred));
    /// let eu = Term::new("EU").with_kind(TermKind::Acronym).with_status(Status::Preferred);
    /// concept.add(Lang::EN, eu);
    /// let ue = concept.terms(&Lang::FR).next().unwrap();
    /// let written = concept.translations(ue, &Lang::EN, &Scope::default());
    /// assert_eq!((written.len(), written[0].text.as_str()), (1, "EU"));
    /// ```
    pub fn translations(&self, term: &Term, lang: &Lang, scope: &Scope) -> Vec<&Term> {
        let choices = self.choices(lang, scope);
        match self.preferred(lang, scope) {
            Some(first) => {
                let alike = choices.into_iter().find(|choice| choice.kind == term.kind);
                vec![alike.unwrap_or(first)]
            }
            None => choices,
        }
    }
}

/// The terms of a [`Concept`] in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Language {
    /// The language.
    pub lang: Lang,
    /// What the concept is, in this language.
    pub definition: Option<String>,
    /// The terms, in order.
    pub terms: Vec<Term>,
    /// Notes for people.
    pub notes: Vec<String>,
    /// What else was said of this language.
    pub extra: Vec<Extra>,
}

impl Language {
    /// A language without terms.
    pub fn new(lang: Lang) -> Language {
        Language { lang, definition: None, terms: Vec::new(), notes: Vec::new(), extra: Vec::new() }
    }

    /// Whether its terms may stand in a text in this language.
    pub(super) fn serves(&self, lang: &Lang) -> bool {
        lang.covers(&self.lang) || self.lang.covers(lang)
    }
}

/// A term: one designation of a concept in one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    /// The words, as written.
    pub text: String,
    /// What identifies it, where something does.
    pub id: Option<String>,
    /// Full form, acronym or another kind.
    pub kind: TermKind,
    /// Its part of speech: decides how its words may be inflected.
    pub part_of_speech: PartOfSpeech,
    /// Its grammatical gender.
    pub gender: Option<Gender>,
    /// Its status wherever no [`ruling`](Term::rulings) says otherwise.
    pub status: Status,
    /// What single houses say of it, and in which period.
    pub rulings: Vec<Ruling>,
    /// How far it can be trusted, from 1 (least) to 10 (`reliabilityCode`).
    pub reliability: Option<u8>,
    /// How many words that are not its own may stand between its words in a text; `None` lets the
    /// recogniser decide: two in a verbal phrase, none in any other term.
    pub gap: Option<u8>,
    /// Texts in which it stands.
    pub contexts: Vec<String>,
    /// Where it comes from.
    pub sources: Vec<String>,
    /// Notes for people.
    pub notes: Vec<String>,
    /// What else was said of it.
    pub extra: Vec<Extra>,
}

impl Term {
    /// A term of which nothing else is said.
    pub fn new(text: impl Into<String>) -> Term {
        Term { text: text.into(), ..Term::default() }
    }

    /// The same term with another status.
    #[must_use]
    pub fn with_status(self, status: Status) -> Term {
        Term { status, ..self }
    }

    /// The same term with another kind.
    #[must_use]
    pub fn with_kind(self, kind: TermKind) -> Term {
        Term { kind, ..self }
    }

    /// The same term with another part of speech.
    #[must_use]
    pub fn with_part_of_speech(self, part_of_speech: PartOfSpeech) -> Term {
        Term { part_of_speech, ..self }
    }

    /// The same term with room for so many other words between its own.
    #[must_use]
    pub fn with_gap(self, words: u8) -> Term {
        Term { gap: Some(words), ..self }
    }

    /// Its status for a house on a day.
    ///
    /// Of the [rulings](Term::rulings) that apply, one of the house itself goes before one of
    /// everybody, and of two alike the later in the list; without any it is
    /// [`status`](Term::status).
    pub fn status_in(&self, scope: &Scope) -> Status {
        (self.rulings.iter())
            .filter(|ruling| ruling.applies(scope))
            .max_by_key(|ruling| ruling.house.is_some())
            .map_or(self.status, |ruling| ruling.status)
    }
}

/// What kind of designation a [`Term`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TermKind {
    /// Nothing was said of it.
    #[default]
    Unset,
    /// The full form: *Organisation des Nations Unies*.
    Full,
    /// Initials, read as a word or letter by letter: *ONU*. Recognised only where its letters are
    /// capitals in the text.
    Acronym,
    /// Any other shortening: *art.*, *Min.*
    Abbreviation,
    /// A short form: *Nations Unies*.
    Short,
    /// Another spelling or wording of the same name.
    Variant,
    /// A phrase with a fixed use: *se féliciter de*.
    Phrase,
}

/// The part of speech of a [`Term`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PartOfSpeech {
    /// Nothing was said of it; a term that starts with an infinitive is taken for a verb.
    #[default]
    Unset,
    /// A noun or a phrase whose head is one. One word that is written with a capital is taken for a
    /// proper noun.
    Noun,
    /// A name that is written with a capital: recognised only where the text does so too.
    ProperNoun,
    /// A verb or a phrase that starts with one: its first verb may stand in any tense and person.
    Verb,
    /// An adjective.
    Adjective,
    /// An adverb: not inflected.
    Adverb,
    /// Something else.
    Other,
}

/// Grammatical gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Gender {
    Masculine,
    Feminine,
    Neuter,
}

/// What a concept has to do with another one.
///
/// The target is an id, whether or not the termbase has a concept of that id; relations may form
/// circles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Relation {
    /// In which way they belong together.
    pub kind: RelationKind,
    /// The id of the other concept.
    pub target: String,
    /// What a reader sees in place of the id, where something was written.
    pub label: String,
}

/// In which way two concepts belong together, seen from the one that says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RelationKind {
    /// The other is more general.
    Broader,
    /// The other is more special.
    Narrower,
    /// The other has something to do with it.
    Related,
    /// The other takes its place: a new name of a body, a treaty that supersedes one.
    ReplacedBy,
    /// Any other relation, by the name it was written with.
    Other(String),
}

/// A piece of information kept as it came in: an element with attributes and content.
///
/// It is the common shape of what terminology formats say beyond the fields above (who changed an
/// entry and when, customer subsets, cross references). Writers give it back where their format
/// can hold it and report it where it can not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Extra {
    /// The name of the element: `descrip`, `transacGrp`, …
    pub name: String,
    /// Its attributes, in order.
    pub attributes: Vec<crate::unit::Attribute>,
    /// What stands in it, in order.
    pub content: Vec<ExtraContent>,
}

/// A part of the content of an [`Extra`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExtraContent {
    /// Text.
    Text(String),
    /// An element.
    Element(Extra),
}

impl Extra {
    /// An element that holds a text and has the attribute `type`.
    pub fn new(name: &str, kind: &str, text: impl Into<String>) -> Extra {
        let kind = crate::unit::Attribute::new("type", kind);
        Extra {
            name: name.to_owned(),
            attributes: vec![kind],
            content: vec![ExtraContent::Text(text.into())],
        }
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// The text in it, elements inside included.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Not recursive: a file may nest elements as deep as it likes.
        let mut stack: Vec<_> = self.content.iter().rev().collect();
        while let Some(part) = stack.pop() {
            match part {
                ExtraContent::Text(piece) => text.push_str(piece),
                ExtraContent::Element(element) => stack.extend(element.content.iter().rev()),
            }
        }
        text
    }
}

/// A word of a list that a format writes and reads, such as `noun` or `feminine`.
macro_rules! names {
    ($type:ty, $what:literal, $($variant:path => $name:literal),+) => {
        impl $type {
            /// The name by which text formats write it; empty where nothing was said.
            pub fn as_str(&self) -> &'static str {
                match self { $($variant => $name,)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            /// Reads the name that [`as_str`](Self::as_str) gives, in any case.
            fn from_str(name: &str) -> Result<Self, UnknownName> {
                $(if name.eq_ignore_ascii_case($name) { return Ok($variant); })+
                Err(UnknownName {
                    name: name.to_owned(),
                    what: $what,
                    known: concat!($("`", $name, "` "),+),
                })
            }
        }
    };
}
pub(super) use names;

names!(TermKind, "kind of term",
    TermKind::Unset => "", TermKind::Full => "full", TermKind::Acronym => "acronym",
    TermKind::Abbreviation => "abbreviation", TermKind::Short => "short",
    TermKind::Variant => "variant", TermKind::Phrase => "phrase");
names!(PartOfSpeech, "part of speech",
    PartOfSpeech::Unset => "", PartOfSpeech::Noun => "noun",
    PartOfSpeech::ProperNoun => "properNoun", PartOfSpeech::Verb => "verb",
    PartOfSpeech::Adjective => "adjective", PartOfSpeech::Adverb => "adverb",
    PartOfSpeech::Other => "other");
names!(Gender, "gender",
    Gender::Masculine => "masculine", Gender::Feminine => "feminine", Gender::Neuter => "neuter");

/// A name that is none of a fixed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no {what}; known are {known}")]
pub struct UnknownName {
    pub(super) name: String,
    pub(super) what: &'static str,
    pub(super) known: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_term_is_never_one_that_was_ruled_out_nor_one_of_several_admitted() {
        let scope = Scope::default();
        let mut concept = Concept::new("1");
        concept.add(Lang::FR, Term::new("a").with_status(Status::Forbidden));
        concept.add(Lang::FR, Term::new("b").with_status(Status::Proposed));
        assert_eq!(concept.preferred(&Lang::FR, &scope), None);
        concept.add(Lang::FR, Term::new("c"));
        assert_eq!(concept.preferred(&Lang::FR, &scope).unwrap().text, "c");
        concept.add(Lang::FR, Term::new("d").with_status(Status::Admitted));
        assert_eq!(concept.preferred(&Lang::FR, &scope), None);
        assert_eq!(concept.choices(&Lang::FR, &scope).len(), 2);
        concept.add(Lang::FR, Term::new("e").with_status(Status::Preferred));
        assert_eq!(concept.preferred(&Lang::FR, &scope).unwrap().text, "e");
        assert_eq!(concept.choices(&Lang::FR, &scope).len(), 1);
    }

    #[test]
    fn the_text_of_a_nested_extra_is_read_in_order_at_any_depth() {
        let mut extra = Extra::new("descrip", "definition", "a");
        for _ in 0..100_000 {
            extra = Extra {
                name: "hi".to_owned(),
                attributes: Vec::new(),
                content: vec![ExtraContent::Element(extra), ExtraContent::Text("b".to_owned())],
            };
        }
        assert_eq!(extra.text().len(), 100_001);
        // Dropping is recursive in Rust: readers limit the depth, and so does this test.
        while let Some(ExtraContent::Element(inner)) = extra.content.into_iter().next() {
            extra = inner;
        }
    }

    #[test]
    fn names_are_read_back() {
        for kind in [TermKind::Unset, TermKind::Acronym, TermKind::Phrase] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("VERB".parse(), Ok(PartOfSpeech::Verb));
        assert!("Verbum".parse::<PartOfSpeech>().unwrap_err().to_string().contains("`verb`"));
    }
}
