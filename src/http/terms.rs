//! The terms of a text, over the JSON interface.

use std::sync::Arc;

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Refusal, json_answer, json_body, lang};
use super::api::french;
use super::shared::Shared;
use crate::tasks::TermReport;
use crate::term::{Day, Scope};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsRequest {
    text: String,
    #[serde(default = "french")]
    lang: String,
    house: Option<String>,
    day: Option<String>,
    #[serde(default)]
    nested: bool,
}

#[derive(Debug, Serialize)]
struct TermsAnswer {
    memories: Vec<MemoryTerms>,
}

/// What the termbase of a memory has of a text.
#[derive(Debug, Serialize)]
struct MemoryTerms {
    memory: String,
    hits: Vec<TermReport>,
}

pub(super) async fn terms(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: TermsRequest = json_body(request).await?;
    if asked.text.len() > shared.limits.query_bytes {
        return Err(Refusal::bad("query-too-long", "the text is too long"));
    }
    let lang = lang(&asked.lang)?;
    let day: Option<Day> = match asked.day.as_deref().map(str::parse) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(_)) => return Err(Refusal::bad("day", "a day is written 2016-03-18")),
    };
    let scope = Scope { house: asked.house, day };
    let answer = shared.work(move |shared| {
        let mut memories = Vec::new();
        for held in &shared.memories {
            let terms = held.terms()?;
            let recognizer = terms.recognizer(&lang);
            let mut scanner = recognizer.scanner();
            let hits = match asked.nested {
                true => scanner.find_all(&asked.text),
                false => scanner.find(&asked.text),
            };
            let report = |hit| TermReport::new(terms.base(), &lang, &scope, &asked.text, hit);
            let hits = hits.iter().map(report).collect();
            memories.push(MemoryTerms { memory: held.name().to_owned(), hits });
        }
        Ok(TermsAnswer { memories })
    });
    json_answer(&answer.await?)
}
