//! What programs are told of terms in a text: the JSON of the command line.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Lang;
use crate::term::{Hit, Scope, Termbase};

/// A term found in a text, to be serialised. Places are bytes of the text.
///
/// Field names are a contract with the programs that read them; fields may be added.
///
/// ```
/// use chancery::Lang;
/// use chancery::tasks::TermReport;
/// use chancery::term::{Concept, Recognizer, Scope, Term, Termbase};
///
/// let mut concept = Concept::new("sc");
/// concept.add(Lang::FR, Term::new("Conseil de sécurité"));
/// concept.add(Lang::EN, Term::new("Security Council"));
/// let base = Termbase::from_iter([concept]);
/// let text = "réuni au Conseil de sécurité";
/// let hits = Recognizer::new(&base, &Lang::FR).find(text);
/// let report = TermReport::new(&base, &Lang::FR, &Scope::default(), text, &hits[0]);
/// assert_eq!((report.start, report.text.as_str()), (10, "Conseil de sécurité"));
/// assert_eq!(report.equivalents["en"], "Security Council");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermReport {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// It, as the text has it.
    pub text: String,
    /// The id of the concept.
    pub concept: String,
    /// The term, as the termbase has it.
    pub term: String,
    /// Its status; empty if it has none.
    pub status: &'static str,
    /// Whether it stands inside a longer term.
    pub nested: bool,
    /// What to write in each other language of the concept: where several terms are preferred the
    /// one of the same kind, a short form for a short form.
    pub equivalents: BTreeMap<String, String>,
    /// What may be written in the languages where several terms are admitted and none is preferred,
    /// as for the names of disputed territories. The choice is the writer's.
    pub choices: BTreeMap<String, Vec<String>>,
    /// How its words differ from those of the text.
    pub words: Vec<TermWordReport>,
}

/// A word of a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TermWordReport {
    /// As the text has it.
    pub text: String,
    /// As the term has it.
    pub term: String,
    /// How the two differ.
    pub how: String,
}

impl TermReport {
    /// The report of a hit in a text, by the terms that apply.
    pub fn new(base: &Termbase, lang: &Lang, scope: &Scope, text: &str, hit: &Hit) -> TermReport {
        let (concept, term) = base.term(hit.term);
        let (mut equivalents, mut choices) = (BTreeMap::new(), BTreeMap::new());
        for section in concept.languages.iter().filter(|of| !of.lang.same_language(lang)) {
            let tag = section.lang.as_written().to_owned();
            match &*concept.translations(term, &section.lang, scope) {
                [] => {}
                [one] => _ = equivalents.insert(tag, one.text.clone()),
                several => {
                    choices.insert(tag, several.iter().map(|term| term.text.clone()).collect());
                }
            }
        }
        let words = hit.explain(text, term, lang).into_iter().map(|word| TermWordReport {
            text: text[word.text].to_owned(),
            term: term.text[word.term].to_owned(),
            how: word.how.to_string(),
        });
        let span = hit.span();
        TermReport {
            start: span.start,
            end: span.end,
            text: text[span].to_owned(),
            concept: concept.id.clone(),
            term: term.text.clone(),
            status: term.status_in(scope).as_str(),
            nested: hit.is_nested(),
            equivalents,
            choices,
            words: words.collect(),
        }
    }
}
