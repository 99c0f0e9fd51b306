//! What a format could not hold.

use std::fmt;

use crate::term::{Concept, Term};

/// Something that was not written, or not as it was, because the format has no place for it.
///
/// ```
/// use chancery::exchange::{TbxDialect, TbxHeader, write_tbx};
/// use chancery::term::{Concept, PartOfSpeech, Term, Termbase};
///
/// let mut concept = Concept::new("nato");
/// let name = Term::new("OTAN").with_part_of_speech(PartOfSpeech::ProperNoun);
/// concept.add(chancery::Lang::FR, name);
/// let base = Termbase::from_iter([concept]);
/// let losses = write_tbx(Vec::new(), &base, &TbxHeader::new("NATO"), TbxDialect::Basic)?;
/// let said = losses[0].to_string();
/// assert_eq!(said, "concept `nato`, term `OTAN`: part of speech `properNoun` written as `noun`");
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Loss {
    /// The id of the concept; empty where it is about the file as a whole.
    pub concept: String,
    /// The term, where it is about one.
    pub term: Option<String>,
    /// What was lost, in words.
    pub what: String,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.concept, &self.term) {
            ("", _) => write!(f, "the file: {}", self.what),
            (concept, None) => write!(f, "concept `{concept}`: {}", self.what),
            (concept, Some(term)) => write!(f, "concept `{concept}`, term `{term}`: {}", self.what),
        }
    }
}

/// The losses of a file, and the place that is being written.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    pub(crate) found: Vec<Loss>,
    concept: String,
    term: Option<String>,
}

impl Losses {
    /// What follows is about this concept as a whole.
    pub(crate) fn in_concept(&mut self, concept: &Concept) {
        concept.id.clone_into(&mut self.concept);
        self.term = None;
    }

    /// What follows is about this term of it.
    pub(crate) fn in_term(&mut self, term: Option<&Term>) {
        self.term = term.map(|term| term.text.clone());
    }

    pub(crate) fn lose(&mut self, what: impl Into<String>) {
        let (concept, term) = (self.concept.clone(), self.term.clone());
        self.found.push(Loss { concept, term, what: what.into() });
    }
}

/// The beginning of a text, for a report.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
