//! What a check finds.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use xxhash_rust::xxh3::Xxh3;

/// Something in a translation that a person should look at.
///
/// Spans are bytes of the [text](crate::Segment::text) of each side; an empty span stands where
/// something is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    kind: FindingKind,
    source: Option<Range<usize>>,
    target: Option<Range<usize>>,
    message: String,
    suggestion: Option<String>,
    fingerprint: Fingerprint,
}

impl Finding {
    /// What kind of finding it is.
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// Where the source has it, if it is about a place there.
    pub fn source(&self) -> Option<Range<usize>> {
        self.source.clone()
    }

    /// Where the target has it, if it is about a place there.
    pub fn target(&self) -> Option<Range<usize>> {
        self.target.clone()
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to write at [`target`](Finding::target), or somewhere in the target where that is
    /// none; nothing where only a person can say.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// What it is recognised by on a list of [accepted](super::Accepted) findings.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.severity(), self.kind, self.message)
    }
}

/// A finding in the making.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: FindingKind,
    pub(super) source: Option<Range<usize>>,
    pub(super) target: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) suggestion: Option<String>,
    /// What tells it from others of its kind at the same place: the message may be reworded in a
    /// later release, and an accepted finding must stay accepted.
    pub(super) subject: String,
}

impl Draft {
    pub(super) fn new(kind: FindingKind, message: impl Into<String>) -> Draft {
        Draft {
            kind,
            source: None,
            target: None,
            message: message.into(),
            suggestion: None,
            subject: String::new(),
        }
    }

    pub(super) fn source(self, span: Range<usize>) -> Draft {
        Draft { source: Some(span), ..self }
    }

    pub(super) fn target(self, span: Range<usize>) -> Draft {
        Draft { target: Some(span), ..self }
    }

    pub(super) fn suggest(self, text: impl Into<String>) -> Draft {
        Draft { suggestion: Some(text.into()), ..self }
    }

    pub(super) fn about(self, subject: impl Into<String>) -> Draft {
        Draft { subject: subject.into(), ..self }
    }

    /// The finding, in a segment with these texts.
    pub(super) fn finish(self, source: &str, target: &str) -> Finding {
        let mut hash = Xxh3::new();
        let mut part = |bytes: &[u8]| {
            hash.update(bytes);
            hash.update(&[0xff]);
        };
        part(self.kind.name().as_bytes());
        part(source.as_bytes());
        part(target.as_bytes());
        for span in [&self.source, &self.target] {
            let text = span.as_ref().map(|span| format!("{}-{}", span.start, span.end));
            part(text.unwrap_or_default().as_bytes());
        }
        part(self.subject.as_bytes());
        Finding {
            kind: self.kind,
            source: self.source,
            target: self.target,
            message: self.message,
            suggestion: self.suggestion,
            fingerprint: Fingerprint(hash.digest128()),
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A matter of form, or often right.
    Note,
    /// Probably wrong.
    Warning,
    /// It says something else than the source.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident, $name:literal, $severity:ident;)+) => {
        /// What kind of finding a [`Finding`] is. Names are stable: scripts and lists of accepted
        /// findings have them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FindingKind {
            $($(#[$doc])+ $kind,)+
        }

        impl FindingKind {
            /// All kinds, in the order of their declaration.
            pub const ALL: &'static [FindingKind] = &[$(FindingKind::$kind,)+];

            /// The word for it in results.
            pub fn name(self) -> &'static str {
                match self { $(FindingKind::$kind => $name,)+ }
            }

            /// How bad findings of this kind are.
            pub fn severity(self) -> Severity {
                match self { $(FindingKind::$kind => Severity::$severity,)+ }
            }
        }
    };
}

kinds! {
    /// The source has a name or a term of several words, and the target none of the terms of its
    /// concept.
    TermMissing, "term-missing", Warning;
    /// The same of an ordinary word (*rapport*, *partie*) or a phrase, which may be right to say in
    /// another way.
    TermWord, "term-word", Note;
    /// The target has a term that is no longer to be written.
    TermDeprecated, "term-deprecated", Warning;
    /// The target has a term that must not be written.
    TermForbidden, "term-forbidden", Error;
    /// The source has a term more often than the target.
    TermCount, "term-count", Note;
    /// A term was translated in another way elsewhere in the document.
    TermInconsistent, "term-inconsistent", Warning;
    /// A number of one side that the other does not have.
    Number, "number", Error;
    /// A date, or a part of one, that the other side does not have.
    Date, "date", Error;
    /// A document, article or paragraph that the other side does not name.
    Reference, "reference", Error;
    /// One side denies, the other does not.
    Negation, "negation", Error;
    /// A duty on one side is a permission on the other.
    Modality, "modality", Warning;
    /// There is no translation, or a passage is still in the source language.
    Untranslated, "untranslated", Error;
    /// The same source was translated in another way elsewhere in the document.
    Inconsistent, "inconsistent", Note;
    /// A word stands twice in a row.
    RepeatedWord, "repeated-word", Warning;
    /// A space where none belongs, or none where one does.
    Spacing, "spacing", Note;
    /// A space at which a line may break where French wants one at which it may not.
    NoBreakSpace, "no-break-space", Note;
    /// The segment ends with another mark than its source.
    FinalPunctuation, "final-punctuation", Note;
    /// A bracket without its counterpart.
    Bracket, "bracket", Warning;
    /// A quotation mark without its counterpart.
    QuotationMark, "quotation-mark", Warning;
    /// An inline code of the source that the target does not have.
    CodeMissing, "code-missing", Error;
    /// An inline code that the source does not have.
    CodeAdded, "code-added", Error;
    /// An inline code that ends before it begins, or crosses another.
    CodeUnbalanced, "code-unbalanced", Error;
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for FindingKind {
    type Err = String;

    /// Reads a [name](FindingKind::name).
    fn from_str(name: &str) -> Result<FindingKind, String> {
        let found = FindingKind::ALL.iter().find(|kind| kind.name() == name);
        found.copied().ok_or_else(|| {
            let known: Vec<&str> = FindingKind::ALL.iter().map(|kind| kind.name()).collect();
            format!("`{name}` is no kind of finding; there are {}", known.join(", "))
        })
    }
}

/// What a finding is recognised by: a hash of its kind, its place, and the texts of both segments
/// as they stand. When one of the segments is changed, its findings are new ones.
///
/// It is written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = ParseFingerprintError;

    fn from_str(text: &str) -> Result<Fingerprint, ParseFingerprintError> {
        let error = || ParseFingerprintError { text: text.to_owned() };
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(error());
        }
        u128::from_str_radix(text, 16).map(Fingerprint).map_err(|_| error())
    }
}

/// A text that is no [`Fingerprint`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no fingerprint of a finding: that has 32 hexadecimal digits")]
pub struct ParseFingerprintError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_fingerprints_are_read_back() {
        for kind in FindingKind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
        assert!("numbers".parse::<FindingKind>().unwrap_err().contains("number"));
        let finding = Draft::new(FindingKind::Number, "").finish("a", "b");
        assert_eq!(finding.fingerprint().to_string().parse(), Ok(finding.fingerprint()));
        assert!("+123456789abcdef0123456789abcdef".parse::<Fingerprint>().is_err());
    }

    #[test]
    fn a_fingerprint_tells_places_and_texts_apart() {
        let draft = || Draft::new(FindingKind::RepeatedWord, "").target(3..8);
        let of = |draft: Draft, source, target| draft.finish(source, target).fingerprint();
        let one = of(draft(), "a", "b");
        assert_eq!(one, of(Draft { message: "other words".to_owned(), ..draft() }, "a", "b"));
        assert_ne!(one, of(draft(), "ab", ""));
        assert_ne!(one, of(draft().target(4..8), "a", "b"));
        assert_ne!(one, of(draft().about("x"), "a", "b"));
    }
}
