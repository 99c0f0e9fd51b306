//! What programs are told of a lookup: the JSON of the command line and of the server.

use serde::Serialize;

use crate::memory::Match;

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
    /// The matches, the best first.
    pub matches: Vec<MatchReport>,
}

impl LookupReport {
    /// The report of a query and what was found for it.
    pub fn new(query: impl Into<String>, matches: &[Match]) -> LookupReport {
        LookupReport {
            query: query.into(),
            matches: matches.iter().map(MatchReport::new).collect(),
        }
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
    /// Points taken, with their reasons.
    pub penalties: Vec<PenaltyReport>,
    /// The id of the unit.
    pub unit: String,
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
        let penalties = found.penalties().iter();
        MatchReport {
            score: shown(found.score()),
            rank_score: shown(found.rank_score()),
            source: found.source().text().into_owned(),
            source_lang: found.source_lang().to_string(),
            target: found.target().text().into_owned(),
            target_lang: found.target_lang().to_string(),
            penalties: penalties
                .map(|p| PenaltyReport { kind: p.kind().name(), points: p.points() })
                .collect(),
            unit: found.id().to_string(),
        }
    }
}

/// A score as it is told: one digit after the point, never rounded up.
pub fn shown(score: f64) -> f64 {
    // The products of sums that ought to be exact may lie a hair below.
    ((score + 1e-9) * 10.0).floor() / 10.0
}
