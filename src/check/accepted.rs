//! Findings that a person has looked at and found to be none.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::{Finding, Fingerprint, ParseFingerprintError};

/// A list of findings that a person accepted: they are not reported again.
///
/// # Format
///
/// A text in UTF-8, one finding a line: kind, [fingerprint](Finding::fingerprint), the source and
/// the target segment, separated by tabs. Only the fingerprint counts; the rest is there for people
/// (shortened, with line breaks as spaces). A line may hold the fingerprint alone. Empty lines and
/// those that begin with `#` are passed over. Lists of several people can be joined line by line.
///
/// ```
/// use chancery::Lang;
/// use chancery::check::{Accepted, Checker};
///
/// let (source, target) = ("Le 3 mai.".into(), "On May 4.".into());
/// let found = Checker::new(Lang::FR, Lang::EN).check(&source, &target);
///
/// let mut accepted = Accepted::new();
/// accepted.add(&found[0], &source.text(), &target.text());
/// let accepted = Accepted::parse(&accepted.to_string())?;
/// let again = Checker::new(Lang::FR, Lang::EN).accepted(accepted).check(&source, &target);
/// assert!(again.is_empty());
/// # Ok::<(), chancery::check::AcceptedError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// What is said of each beside the fingerprint: kind, source, target.
    entries: BTreeMap<Fingerprint, [String; 3]>,
}

/// How much of a segment is written for people, in characters.
const SHOWN: usize = 80;

impl Accepted {
    /// An empty list.
    pub fn new() -> Accepted {
        Accepted::default()
    }

    /// Reads a list.
    ///
    /// # Errors
    ///
    /// The first line that has no fingerprint.
    pub fn parse(text: &str) -> Result<Accepted, AcceptedError> {
        let mut accepted = Accepted::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut fields = line.split('\t');
            let first = fields.next().unwrap_or_default();
            let (kind, fingerprint) = match first.parse() {
                Ok(fingerprint) => ("", Ok(fingerprint)),
                Err(error) => (first, fields.next().map_or(Err(error), str::parse)),
            };
            let fingerprint: Fingerprint =
                fingerprint.map_err(|error: ParseFingerprintError| AcceptedError {
                    line: number + 1,
                    reason: error.to_string(),
                })?;
            let mut rest = || fields.next().unwrap_or_default().to_owned();
            accepted.entries.insert(fingerprint, [kind.to_owned(), rest(), rest()]);
        }
        Ok(accepted)
    }

    /// Adds a finding of a segment with these texts.
    pub fn add(&mut self, finding: &Finding, source: &str, target: &str) {
        let entry = [finding.kind().name().to_owned(), shown(source), shown(target)];
        self.entries.insert(finding.fingerprint(), entry);
    }

    /// Adds all findings of another list.
    pub fn extend(&mut self, other: Accepted) {
        self.entries.extend(other.entries);
    }

    /// Whether a finding is on the list.
    pub fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.entries.contains_key(&fingerprint)
    }

    /// How many findings are on the list.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no finding is on the list.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl fmt::Display for Accepted {
    /// Writes the list in its [format](Accepted#format), in the order of the fingerprints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("# Accepted findings: kind, fingerprint, source, target\n")?;
        for (fingerprint, [kind, source, target]) in &self.entries {
            writeln!(f, "{kind}\t{fingerprint}\t{source}\t{target}")?;
        }
        Ok(())
    }
}

/// The beginning of a text, in one line.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (nth, c) in text.chars().enumerate() {
        if nth == SHOWN {
            shown.push('…');
            break;
        }
        let _ = shown.write_char(if c.is_control() { ' ' } else { c });
    }
    shown
}

/// A line of a list of [accepted](Accepted) findings that can not be read.
///
/// ```
/// use chancery::check::Accepted;
///
/// let error = Accepted::parse("# mine\nnumber\tabc").unwrap_err();
/// assert!(error.to_string().starts_with("line 2: `abc` is no fingerprint"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}; correct or remove the line")]
pub struct AcceptedError {
    line: usize,
    reason: String,
}
