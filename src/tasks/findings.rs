//! What programs are told of a finding: the JSON of the command line and of the server.

use std::ops::Range;

use serde::Serialize;

use crate::check::Finding;

/// A finding of a translation check, to be serialised.
///
/// Field names are a contract with the programs that read them; fields may be added.
///
/// ```
/// use chancery::Lang;
/// use chancery::check::Checker;
/// use chancery::tasks::FindingReport;
///
/// let (source, target) = ("Elle a duré 3 jours.", "It lasted 4 days.");
/// let found = Checker::new(Lang::FR, Lang::EN).check(&source.into(), &target.into());
/// let json = serde_json::to_value(FindingReport::new(&found[0], source, target))?;
/// assert_eq!((&json["kind"], &json["severity"]), (&"number".into(), &"error".into()));
/// assert_eq!(json["target"]["text"], "4");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FindingReport {
    /// How bad it is: `error`, `warning` or `note`.
    pub severity: String,
    /// What it is about.
    pub kind: &'static str,
    /// In words.
    pub message: String,
    /// What to write instead, where that is known.
    pub suggestion: Option<String>,
    /// Where in the source.
    pub source: Option<PlaceReport>,
    /// Where in the target.
    pub target: Option<PlaceReport>,
    /// By what a list of accepted findings knows it.
    pub fingerprint: String,
}

/// A place in a text, to be serialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlaceReport {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands there.
    pub text: String,
}

impl FindingReport {
    /// The report of a finding in these texts, codes left out.
    pub fn new(finding: &Finding, source: &str, target: &str) -> FindingReport {
        FindingReport {
            severity: finding.severity().to_string(),
            kind: finding.kind().name(),
            message: finding.message().to_owned(),
            suggestion: finding.suggestion().map(str::to_owned),
            source: finding.source().and_then(|span| PlaceReport::new(span, source)),
            target: finding.target().and_then(|span| PlaceReport::new(span, target)),
            fingerprint: finding.fingerprint().to_string(),
        }
    }
}

impl PlaceReport {
    fn new(span: Range<usize>, text: &str) -> Option<PlaceReport> {
        let written = text.get(span.clone())?.to_owned();
        Some(PlaceReport { start: span.start, end: span.end, text: written })
    }
}
