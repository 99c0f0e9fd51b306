//! Phrases, over the JSON interface.

use std::sync::Arc;

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, json_answer, json_body, lang};
use super::api::{english, french, selection, whole};
use super::shared::Shared;
use crate::tasks::PhraseReport;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseRequest {
    text: String,
    #[serde(default = "french")]
    source: String,
    #[serde(default = "english")]
    target: String,
    #[serde(default = "limit", deserialize_with = "whole")]
    limit: u64,
    #[serde(default = "examples", deserialize_with = "whole")]
    examples: u64,
    document: Option<String>,
    from: Option<String>,
    before: Option<String>,
    status: Option<String>,
}

fn limit() -> u64 {
    10
}

fn examples() -> u64 {
    3
}

#[derive(Debug, Serialize)]
struct PhraseAnswer {
    memories: Vec<MemoryPhrases>,
}

/// What a memory has of a phrase.
#[derive(Debug, Serialize)]
struct MemoryPhrases {
    memory: String,
    #[serde(flatten)]
    report: PhraseReport,
}

pub(super) async fn phrase(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: PhraseRequest = json_body(request).await?;
    shared.check_length(&asked.text)?;
    let (source, target) = (lang(&asked.source)?, lang(&asked.target)?);
    let answer = shared.work(move |shared| {
        let at_most =
            |asked| usize::try_from(asked).unwrap_or(usize::MAX).min(shared.limits.candidates);
        let (source, target) = (shared.resolve(&source)?, shared.resolve(&target)?);
        let mut memories = Vec::new();
        for held in &shared.memories {
            let findings = held
                .memory()
                .phrase(asked.text.as_str())
                .source(source.clone())
                .target(target.clone())
                .limit(at_most(asked.limit))
                .selection(selection(&asked.document, &asked.from, &asked.before, &asked.status))
                .run()?;
            let report = PhraseReport::new(&asked.text, &findings, at_most(asked.examples));
            memories.push(MemoryPhrases { memory: held.name().to_owned(), report });
        }
        Ok(PhraseAnswer { memories })
    });
    json_answer(&answer.await?)
}
