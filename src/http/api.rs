//! The JSON interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Right;
use super::align;
use super::answer::{Answer, Refusal, json_answer, json_body, lang};
use super::check::check;
use super::concordance::concordance;
use super::phrase::phrase;
use super::shared::{Shared, Wanted};
use super::terms::terms;
use crate::Unit;
use crate::memory::{AddReport, RevisionId, Selection};
use crate::similarity::Guard;
use crate::tasks::LookupReport;
use crate::term::Scope;

/// The addresses, and the right it takes to send something there. What reads is asked with POST
/// too, so that no text stands in an address.
const ROUTES: [(&str, Right); 13] = [
    ("/api/lookup", Right::Read),
    ("/api/phrase", Right::Read),
    ("/api/concordance", Right::Read),
    ("/api/terms", Right::Read),
    ("/api/check", Right::Read),
    ("/api/align", Right::Read),
    ("/api/alignment/open", Right::Read),
    ("/api/alignment/write", Right::Read),
    ("/api/alignment/save", Right::Write),
    ("/api/add", Right::Write),
    ("/api/undo", Right::Write),
    ("/api/stats", Right::Read),
    ("/api/openapi.json", Right::Read),
];

const OPENAPI: &str = include_str!("openapi.json");

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/lookup", post(lookup))
        .route("/api/phrase", post(phrase))
        .route("/api/concordance", post(concordance))
        .route("/api/terms", post(terms))
        .route("/api/check", post(check))
        .route("/api/align", post(align::align))
        .route("/api/alignment/open", post(align::open))
        .route("/api/alignment/write", post(align::write))
        .route("/api/alignment/save", post(align::save))
        .route("/api/add", post(add))
        .route("/api/undo", post(undo))
        .route("/api/stats", get(stats))
        .route("/api/openapi.json", get(openapi))
}

/// The right it takes to send something to an address of this interface.
pub(super) fn right(path: &str) -> Option<Right> {
    ROUTES.iter().find(|(known, _)| *known == path).map(|(_, right)| *right)
}

/// The address as it is logged.
pub(super) fn route(path: &str) -> Option<&'static str> {
    ROUTES.iter().map(|(known, _)| *known).find(|known| *known == path)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LookupRequest {
    text: String,
    #[serde(default = "french")]
    source: String,
    #[serde(default = "english")]
    target: String,
    #[serde(default = "threshold")]
    threshold: f64,
    #[serde(default = "limit", deserialize_with = "whole")]
    limit: u64,
}

pub(super) fn french() -> String {
    "fr".to_owned()
}

pub(super) fn english() -> String {
    "en".to_owned()
}

fn threshold() -> f64 {
    70.0
}

fn limit() -> u64 {
    5
}

/// In which units something is looked for.
pub(super) fn selection(
    document: &Option<String>,
    from: &Option<String>,
    before: &Option<String>,
    status: &Option<String>,
) -> Selection {
    Selection::default()
        .document(document.as_deref())
        .dated_from(from.as_deref())
        .dated_before(before.as_deref())
        .status(status.as_deref())
}

/// For whom and when a text is written.
pub(super) fn scope(house: Option<String>, day: Option<&str>) -> Result<Scope, Refusal> {
    let wrong = |_| Refusal::bad("day", "a day is written 2016-03-18");
    Ok(Scope { house, day: day.map(|day| day.parse().map_err(wrong)).transpose()? })
}

/// Reads a whole number in either notation: JSON makes no difference between `5` and `5.0`.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    // Far above that, numbers with a point are no longer read exactly.
    const MOST: u64 = u32::MAX as u64;
    let number = serde_json::Number::deserialize(deserializer)?;
    let with_point =
        || number.as_f64().filter(|n| n.fract() == 0.0 && (0.0..=MOST as f64).contains(n));
    let whole = number.as_u64().filter(|&n| n <= MOST).or_else(|| with_point().map(|n| n as u64));
    whole.ok_or_else(|| D::Error::custom("a whole number from 0 to 4294967295 is expected"))
}

/// What was found; each match names its memory.
#[derive(Debug, Serialize)]
struct LookupAnswer {
    #[serde(flatten)]
    report: LookupReport,
    complete: bool,
}

async fn lookup(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: LookupRequest = json_body(request).await?;
    shared.check_length(&asked.text)?;
    if !(0.0..=102.0).contains(&asked.threshold) {
        return Err(Refusal::bad("threshold", "the threshold is a number from 0 to 102"));
    }
    let wanted = Wanted {
        source: lang(&asked.source)?,
        target: lang(&asked.target)?,
        text: asked.text,
        threshold: asked.threshold,
        limit: usize::try_from(asked.limit).unwrap_or(usize::MAX).min(shared.limits.candidates),
        guard: Guard::default(),
    };
    let answer = shared.work(move |shared| {
        let all = shared.all();
        let found = shared.lookup(&all, &wanted)?;
        let report = LookupReport::of_memories(wanted.text, &found.matches);
        Ok(LookupAnswer { report, complete: found.complete })
    });
    json_answer(&answer.await?)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddRequest {
    units: Vec<AddedUnit>,
}

/// A unit: a text for each language, and properties as those of TMX.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddedUnit {
    segments: BTreeMap<String, String>,
    #[serde(default)]
    properties: BTreeMap<String, String>,
}

impl AddedUnit {
    fn into_unit(self) -> Result<Unit, Refusal> {
        let mut unit = Unit::new();
        for (tag, text) in self.segments {
            unit.push(lang(&tag)?, text);
        }
        for (kind, value) in self.properties {
            unit.metadata.set_property(&kind, value);
        }
        Ok(unit)
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Added {
    added: u64,
    changed: u64,
    variants: u64,
    duplicates: u64,
    superseded: u64,
    revision: Option<u64>,
}

impl From<AddReport> for Added {
    fn from(report: AddReport) -> Added {
        Added {
            added: report.added,
            changed: report.changed,
            variants: report.variants,
            duplicates: report.duplicates,
            superseded: report.superseded,
            revision: report.revision.map(RevisionId::number),
        }
    }
}

async fn add(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: AddRequest = json_body(request).await?;
    let units = asked.units.into_iter().map(AddedUnit::into_unit).collect::<Result<Vec<_>, _>>()?;
    let report = shared.work(move |shared| Ok(shared.written()?.add(units)?));
    json_answer(&Added::from(report.await?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UndoRequest {
    #[serde(deserialize_with = "whole")]
    revision: u64,
}

#[derive(Debug, Serialize)]
struct Undone {
    revision: u64,
}

async fn undo(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: UndoRequest = json_body(request).await?;
    let undone = shared
        .work(move |shared| Ok(shared.written()?.undo(RevisionId::new(asked.revision))?.number()));
    json_answer(&Undone { revision: undone.await? })
}

#[derive(Debug, Serialize)]
struct Stats {
    memories: Vec<MemoryReport>,
}

#[derive(Debug, Serialize)]
struct MemoryReport {
    name: String,
    units: u64,
    revisions: u64,
    /// Segments by language.
    languages: BTreeMap<String, u64>,
}

async fn stats(State(shared): State<Arc<Shared>>) -> Answer {
    let stats = shared.work(|shared| {
        let mut memories = Vec::new();
        for held in &shared.memories {
            let stats = held.stats()?;
            let languages = stats.languages.iter();
            memories.push(MemoryReport {
                name: held.name().to_owned(),
                units: stats.units,
                revisions: stats.revisions,
                languages: languages.map(|held| (held.lang.to_string(), held.segments)).collect(),
            });
        }
        Ok(Stats { memories })
    });
    json_answer(&stats.await?)
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_address_and_no_other() {
        let described: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let mut paths: Vec<&String> = described["paths"].as_object().unwrap().keys().collect();
        let mut routes = ROUTES.map(|(path, _)| path);
        routes.sort_unstable();
        paths.sort();
        assert_eq!(paths, routes);
    }
}
