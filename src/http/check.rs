//! The check of a translation, over the JSON interface.

use std::sync::Arc;

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Refusal, json_answer, json_body, lang};
use super::api::{english, french, scope};
use super::shared::Shared;
use crate::check::{Checker, FindingKind};
use crate::tasks::FindingReport;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    text: String,
    translation: String,
    #[serde(default = "french")]
    source: String,
    #[serde(default = "english")]
    target: String,
    house: Option<String>,
    day: Option<String>,
    /// Kinds of findings that are not wanted.
    #[serde(default)]
    without: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CheckAnswer {
    findings: Vec<FindingReport>,
}

pub(super) async fn check(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: CheckRequest = json_body(request).await?;
    shared.check_length(&asked.text)?;
    shared.check_length(&asked.translation)?;
    let (source, target) = (lang(&asked.source)?, lang(&asked.target)?);
    let scope = scope(asked.house, asked.day.as_deref())?;
    let without = asked.without.iter().map(|kind| {
        kind.parse::<FindingKind>().map_err(|error| Refusal::bad("kind", error.to_string()))
    });
    let without = without.collect::<Result<Vec<_>, _>>()?;
    let answer = shared.work(move |shared| {
        let terms = shared.terms.of(&shared.memories)?;
        let recognizers = [&source, &target].map(|lang| terms.recognizer(lang));
        let checker = Checker::new(source, target).scope(scope);
        let checker = without.into_iter().fold(checker, Checker::without);
        let checker = checker.indexed(terms.base(), recognizers);
        let (text, translation) = (asked.text.as_str(), asked.translation.as_str());
        let found = checker.check(&text.into(), &translation.into());
        let report = |finding| FindingReport::new(finding, text, translation);
        Ok(CheckAnswer { findings: found.iter().map(report).collect() })
    });
    json_answer(&answer.await?)
}
