//! The termbases of the memories, and the terms of a text over the JSON interface.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Refusal, json_answer, json_body, lang};
use super::api::{french, scope};
use super::shared::{Held, Shared};
use crate::Lang;
use crate::memory::RevisionId;
use crate::tasks::{TermReport, TermStore};
use crate::term::{Recognizer, Termbase};

/// The terms of all memories, as they were when they were read last.
#[derive(Default)]
pub(super) struct Terms(Mutex<Option<(Vec<RevisionId>, Arc<ReadTerms>)>>);

/// The termbases of all memories as one, with what finds its terms.
pub(super) struct ReadTerms {
    base: Termbase,
    /// Up to which concept each memory's reach.
    ends: Vec<(usize, String)>,
    /// By language, made when it is first asked for.
    recognizers: Mutex<BTreeMap<String, Arc<Recognizer>>>,
}

impl Terms {
    /// What the memories hold now; it is read again only if a term was changed.
    pub(super) fn of(&self, memories: &[Held]) -> Result<Arc<ReadTerms>, Refusal> {
        // Before reading: what is written meanwhile is found by the next who asks.
        let number = |held: &Held| Ok(held.memory().revision()?.unwrap_or(RevisionId::new(0)));
        let now = memories.iter().map(number).collect::<Result<Vec<_>, Refusal>>()?;
        // What a panic left is an answer or none.
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, terms)) = &mut *read {
            let mut changed = false;
            for (held, at) in memories.iter().zip(&*at) {
                changed |= held.memory().concepts_changed_after(*at)?;
            }
            if !changed {
                *at = now;
                return Ok(Arc::clone(terms));
            }
        }
        let (mut base, mut ends) = (Termbase::new(), Vec::new());
        for held in memories {
            base.extend(TermStore::new(held.memory()).load()?.into_concepts());
            ends.push((base.len(), held.name().to_owned()));
        }
        let terms = Arc::new(ReadTerms { base, ends, recognizers: Mutex::default() });
        *read = Some((now, Arc::clone(&terms)));
        Ok(terms)
    }
}

impl ReadTerms {
    pub(super) fn base(&self) -> &Termbase {
        &self.base
    }

    pub(super) fn recognizer(&self, lang: &Lang) -> Arc<Recognizer> {
        // What a panic left is a recognizer or none.
        let mut made = self.recognizers.lock().unwrap_or_else(PoisonError::into_inner);
        let recognizer = made
            .entry(lang.primary().to_owned())
            .or_insert_with(|| Arc::new(Recognizer::new(&self.base, lang)));
        Arc::clone(recognizer)
    }

    /// The memory that a concept is from.
    fn memory(&self, concept: u32) -> &str {
        let at = self.ends.partition_point(|(end, _)| *end <= concept as usize);
        self.ends.get(at).map_or("", |(_, name)| name)
    }
}

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
    hits: Vec<FoundTerm>,
}

/// A term, and the memory whose termbase has it.
#[derive(Debug, Serialize)]
struct FoundTerm {
    memory: String,
    #[serde(flatten)]
    report: TermReport,
}

pub(super) async fn terms(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: TermsRequest = json_body(request).await?;
    shared.check_length(&asked.text)?;
    let (lang, scope) = (lang(&asked.lang)?, scope(asked.house, asked.day.as_deref())?);
    let answer = shared.work(move |shared| {
        let terms = shared.terms.of(&shared.memories)?;
        let recognizer = terms.recognizer(&lang);
        let mut scanner = recognizer.scanner();
        let hits = match asked.nested {
            true => scanner.find_all(&asked.text),
            false => scanner.find(&asked.text),
        };
        let hits = hits.iter().map(|hit| FoundTerm {
            memory: terms.memory(hit.term.concept).to_owned(),
            report: TermReport::new(terms.base(), &lang, &scope, &asked.text, hit),
        });
        Ok(TermsAnswer { hits: hits.collect() })
    });
    json_answer(&answer.await?)
}
