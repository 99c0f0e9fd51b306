//! What programs are told of a lookup: the JSON of the command line and of the server.

use serde::Serialize;

use super::FragmentReport;
use crate::check::Finding;
use crate::memory::{ContextMatch, Match, MemoryMatch, Suggestion, is_ambiguous, trust};
use crate::similarity::Difference;

/// A query and its matches, to be serialised.
///
/// Field names are a contract with the programs that read them; fields may be added. Scores have
/// one digit after the point and are never rounded up, so that 99.97 is not told as 100.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory, tasks::LookupReport};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))])?;
/// let found = memory.lookup("Oui.").run()?;
/// let json = serde_json::to_value(LookupReport::new("Oui.", &found))?;
/// assert_eq!(json["matches"][0]["target"], "Yes.");
/// assert_eq!(json["matches"][0]["score"], 100.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LookupReport {
    /// The query as it was given.
    pub query: String,
    /// Whether several exact matches share the highest rank and translate differently.
    pub ambiguous: bool,
    /// The matches, the best first.
    pub matches: Vec<MatchReport>,
    /// Pieces of the query that the memory has, where they were asked for. Left out without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fragments: Vec<FragmentReport>,
}

impl LookupReport {
    /// The report of a query and what was found for it.
    pub fn new<M: AsRef<Match>>(query: impl Into<String>, matches: &[M]) -> LookupReport {
        LookupReport {
            query: query.into(),
            ambiguous: is_ambiguous(matches),
            matches: matches.iter().map(|found| MatchReport::new(found.as_ref())).collect(),
            fragments: Vec::new(),
        }
    }

    /// The same of a lookup in several memories: each match names its own.
    pub fn of_memories(query: impl Into<String>, matches: &[MemoryMatch<'_>]) -> LookupReport {
        let mut report = LookupReport::new(query, matches);
        for (told, found) in report.matches.iter_mut().zip(matches) {
            told.memory = Some(found.memory().to_owned());
        }
        report
    }
}

/// A match, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MatchReport {
    /// Similarity of query and source, 0–100.
    pub score: f64,
    /// What order and threshold go by, 0–102.
    pub rank_score: f64,
    /// The stored source.
    pub source: String,
    /// Its language.
    pub source_lang: String,
    /// Its translation.
    pub target: String,
    /// The language of the translation.
    pub target_lang: String,
    /// What differs between the query and the stored source.
    pub differences: Vec<DifferenceReport>,
    /// The highest rank allowed, where the meaning differs.
    pub limit: Option<f64>,
    /// How far the place of an exact match is that of the query.
    pub context: Option<&'static str>,
    /// Points taken, with their reasons.
    pub penalties: Vec<PenaltyReport>,
    /// The target with what could be carried over from the query.
    pub suggestion: SuggestionReport,
    /// What speaks against the translation of an exact match itself. Left out without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<DoubtReport>,
    /// The memory it is from, where several were asked. Left out for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// The document the unit comes from, if that is known.
    pub document: Option<String>,
    /// The paragraph of the document, from 1. Left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<usize>,
    /// The sentence of the document it begins with, from 1. Left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<usize>,
    /// The day it was changed last, else created: `2014-03-15`.
    pub date: Option<String>,
    /// Its property `x-status`.
    pub status: Option<String>,
    /// Who changed it last, else created it.
    pub author: Option<String>,
    /// The id of the unit.
    pub unit: String,
}

/// A suggestion, to be serialised. Places are bytes of the texts: where it begins and ends.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SuggestionReport {
    /// The target with the changes made.
    pub target: String,
    /// What was changed.
    pub changes: Vec<ChangeReport>,
    /// What was not carried over.
    pub refused: Vec<RefusalReport>,
}

/// A change of a suggestion, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChangeReport {
    /// The difference that was carried over.
    pub kind: &'static str,
    /// What stood in the stored target.
    pub from: String,
    /// What stands in the suggestion.
    pub to: String,
    /// Where in the stored target.
    pub stored: [usize; 2],
    /// Where in the suggestion.
    pub suggested: [usize; 2],
}

/// A difference that was not carried over, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RefusalReport {
    /// The difference.
    pub kind: &'static str,
    /// Why not.
    pub reason: &'static str,
    /// Where the query has it.
    pub query: [usize; 2],
}

impl SuggestionReport {
    fn new(suggestion: &Suggestion) -> SuggestionReport {
        SuggestionReport {
            target: suggestion.target().text().into_owned(),
            changes: suggestion
                .changes()
                .iter()
                .map(|change| ChangeReport {
                    kind: change.kind().name(),
                    from: change.from().to_owned(),
                    to: change.to().to_owned(),
                    stored: places(change.stored()),
                    suggested: places(change.suggested()),
                })
                .collect(),
            refused: suggestion
                .refused()
                .iter()
                .map(|refusal| RefusalReport {
                    kind: refusal.kind().name(),
                    reason: refusal.reason().name(),
                    query: places(refusal.query()),
                })
                .collect(),
        }
    }
}

fn places(span: std::ops::Range<usize>) -> [usize; 2] {
    [span.start, span.end]
}

/// A difference, to be serialised. Places are bytes of the texts: where it begins and ends.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DifferenceReport {
    /// What it is about.
    pub kind: &'static str,
    /// Whether it changes the meaning.
    pub critical: bool,
    /// Where the query has it.
    pub query: [usize; 2],
    /// Where the stored source has it.
    pub source: [usize; 2],
    /// The words of the query.
    pub query_text: String,
    /// The words of the stored source.
    pub source_text: String,
}

impl DifferenceReport {
    fn new(difference: &Difference) -> DifferenceReport {
        DifferenceReport {
            kind: difference.kind().name(),
            critical: difference.is_critical(),
            query: places(difference.query()),
            source: places(difference.source()),
            query_text: difference.query_text().to_owned(),
            source_text: difference.source_text().to_owned(),
        }
    }
}

/// What speaks against a stored translation, to be serialised. Places are bytes of the texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DoubtReport {
    /// What it is about: a kind of finding of `chancery check`.
    pub kind: &'static str,
    /// In words.
    pub message: String,
    /// Where in the stored source.
    pub source: Option<[usize; 2]>,
    /// Where in the target.
    pub target: Option<[usize; 2]>,
}

impl DoubtReport {
    fn new(finding: &Finding) -> DoubtReport {
        DoubtReport {
            kind: finding.kind().name(),
            message: finding.message().to_owned(),
            source: finding.source().map(places),
            target: finding.target().map(places),
        }
    }
}

/// A penalty, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PenaltyReport {
    /// The reason.
    pub kind: &'static str,
    /// Points, never negative.
    pub points: f64,
}

impl MatchReport {
    fn new(found: &Match) -> MatchReport {
        let (penalties, unit) = (found.penalties().iter(), found.unit());
        MatchReport {
            score: shown(found.score()),
            rank_score: shown(found.rank_score()),
            source: found.source().text().into_owned(),
            source_lang: found.source_lang().to_string(),
            target: found.target().text().into_owned(),
            target_lang: found.target_lang().to_string(),
            differences: found.differences().iter().map(DifferenceReport::new).collect(),
            limit: found.limit(),
            context: found.context().map(ContextMatch::name),
            penalties: penalties
                .map(|p| PenaltyReport { kind: p.kind().name(), points: p.points() })
                .collect(),
            suggestion: SuggestionReport::new(found.suggestion()),
            doubts: found.doubts().iter().map(DoubtReport::new).collect(),
            memory: None,
            document: unit.document().map(str::to_owned),
            paragraph: unit.paragraph(),
            sentence: unit.sentence(),
            date: trust::date(unit).and_then(|digits| {
                Some([digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?].join("-"))
            }),
            status: unit.metadata.property("x-status").map(str::to_owned),
            author: unit.author().map(str::to_owned),
            unit: found.id().to_string(),
        }
    }
}

/// A score as it is told: one digit after the point, never rounded up.
pub fn shown(score: f64) -> f64 {
    // The products of sums that ought to be exact may lie a hair below.
    ((score + 1e-9) * 10.0).floor() / 10.0
}
