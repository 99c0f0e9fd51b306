//! The concordance, over the JSON interface.

use std::sync::Arc;

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Refusal, json_answer, json_body, lang};
use super::api::{english, french, selection, whole};
use super::shared::Shared;
use crate::memory::ConcordanceQuery;
use crate::tasks::ConcordanceReport;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConcordanceRequest {
    query: String,
    #[serde(default = "french")]
    source: String,
    #[serde(default = "english")]
    target: String,
    #[serde(default)]
    in_target: bool,
    #[serde(default)]
    distinct: bool,
    #[serde(default = "limit", deserialize_with = "whole")]
    limit: u64,
    document: Option<String>,
    from: Option<String>,
    before: Option<String>,
    status: Option<String>,
}

fn limit() -> u64 {
    50
}

#[derive(Debug, Serialize)]
struct ConcordanceAnswer {
    memories: Vec<MemoryLines>,
}

/// What a memory has.
#[derive(Debug, Serialize)]
struct MemoryLines {
    memory: String,
    units: u64,
    complete: bool,
    lines: Vec<ConcordanceReport>,
}

pub(super) async fn concordance(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: ConcordanceRequest = json_body(request).await?;
    shared.check_length(&asked.query)?;
    let query: ConcordanceQuery =
        asked.query.parse().map_err(|error| Refusal::unusable("query", format!("{error}")))?;
    let (source, target) = (lang(&asked.source)?, lang(&asked.target)?);
    let answer = shared.work(move |shared| {
        let limit =
            usize::try_from(asked.limit).unwrap_or(usize::MAX).min(shared.limits.candidates);
        let (source, target) = (shared.resolve(&source)?, shared.resolve(&target)?);
        let mut memories = Vec::new();
        for held in &shared.memories {
            let findings = held
                .memory()
                .concordance(&query)
                .source(source.clone())
                .target(target.clone())
                .in_target(asked.in_target)
                .distinct(asked.distinct)
                .limit(limit)
                .selection(selection(&asked.document, &asked.from, &asked.before, &asked.status))
                .run()?;
            let lines = findings.lines.iter().map(ConcordanceReport::new).collect();
            let memory = held.name().to_owned();
            let (units, complete) = (findings.units, findings.complete);
            memories.push(MemoryLines { memory, units, complete, lines });
        }
        Ok(ConcordanceAnswer { memories })
    });
    json_answer(&answer.await?)
}
