//! What every request needs: the memories, and threads to search them on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::answer::Refusal;
use super::server::Log;
use super::{Access, ServerLimits};
use crate::Lang;
use crate::memory::{Match, Memory, MemoryError, MemoryStats, RevisionId};
use crate::similarity::Guard;
use crate::tasks::TermStore;
use crate::term::{Recognizer, Termbase};

pub(super) struct Shared {
    pub(super) memories: Vec<Held>,
    pub(super) access: Access,
    pub(super) limits: ServerLimits,
    pub(super) guarded_below: f64,
    pub(super) read_only: bool,
    pub(super) log: Option<Log>,
    pub(super) log_text: bool,
    /// A permit for each request that may be worked on.
    pub(super) work: Arc<Semaphore>,
}

/// What is looked up in all memories.
pub(super) struct Wanted {
    pub(super) text: String,
    pub(super) source: Lang,
    pub(super) target: Lang,
    pub(super) threshold: f64,
    pub(super) limit: usize,
    pub(super) guard: Guard,
}

/// What was found: each match with the name of its memory.
pub(super) struct Found<'s> {
    pub(super) matches: Vec<(&'s str, Match)>,
    pub(super) complete: bool,
}

impl Shared {
    /// Does work that takes a processor, on a thread made for it.
    ///
    /// Work that its client has given up on still counts until it is done, so that no more runs
    /// at once than the limits say.
    pub(super) async fn work<T: Send + 'static>(
        self: &Arc<Shared>,
        work: impl FnOnce(&Shared) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = Arc::clone(&self.work).acquire_owned().await.map_err(|_| {
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "stopped", "the server stops")
        })?;
        let shared = Arc::clone(self);
        let work = move || {
            let done = work(&shared);
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the request failed")
                .caused_by(error)
        })?
    }

    /// Looks up in all memories, the best first; among equals the memory given first comes first.
    pub(super) fn lookup(&self, wanted: &Wanted) -> Result<Found<'_>, Refusal> {
        let mut found = Found { matches: Vec::new(), complete: true };
        for held in &self.memories {
            let findings = held
                .memory
                .lookup(wanted.text.as_str())
                .source(held.resolve(&wanted.source)?)
                .target(held.resolve(&wanted.target)?)
                .threshold(wanted.threshold)
                .limit(wanted.limit)
                .guard(wanted.guard)
                .time_limit(self.limits.lookup_time)
                .findings()?;
            found.complete &= findings.complete;
            found.matches.extend(findings.matches.into_iter().map(|m| (held.name(), m)));
        }
        found.matches.sort_by(|(_, one), (_, other)| one.order_but_place(other));
        found.matches.truncate(wanted.limit);
        Ok(found)
    }

    /// The memory that is written to.
    pub(super) fn written(&self) -> Result<&Memory, Refusal> {
        match self.memories.first() {
            Some(held) if !self.read_only => Ok(&held.memory),
            _ => Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "read-only",
                "nothing can be added here: the memory is served for reading only",
            )),
        }
    }
}

/// A memory with its name.
pub(super) struct Held {
    name: String,
    memory: Memory,
    /// What it held at a revision: counting reads every unit, which is not done twice.
    counted: Mutex<Option<(Option<RevisionId>, Arc<MemoryStats>)>>,
    /// Its termbase at a revision, which is not read twice either.
    terms: Mutex<Option<(Option<RevisionId>, Arc<HeldTerms>)>>,
}

/// The termbase of a memory, with what finds its terms.
pub(super) struct HeldTerms {
    base: Termbase,
    /// By language, made when it is first asked for.
    recognizers: Mutex<BTreeMap<String, Arc<Recognizer>>>,
}

impl HeldTerms {
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
}

impl Held {
    pub(super) fn new(name: String, memory: Memory) -> Held {
        Held { name, memory, counted: Mutex::default(), terms: Mutex::default() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(super) fn stats(&self) -> Result<Arc<MemoryStats>, MemoryError> {
        let revision = self.memory.revision()?;
        // Held while counting: others who ask wait for the same answer instead of counting too.
        // What a panic left is an answer or none.
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        match &*counted {
            Some((at, stats)) if *at == revision => Ok(Arc::clone(stats)),
            _ => {
                let stats = Arc::new(self.memory.stats()?);
                *counted = Some((revision, Arc::clone(&stats)));
                Ok(stats)
            }
        }
    }

    pub(super) fn terms(&self) -> Result<Arc<HeldTerms>, Refusal> {
        let revision = self.memory.revision()?;
        let mut held = self.terms.lock().unwrap_or_else(PoisonError::into_inner);
        match &*held {
            Some((at, terms)) if *at == revision => Ok(Arc::clone(terms)),
            _ => {
                let base = TermStore::new(&self.memory).load()?;
                let terms = Arc::new(HeldTerms { base, recognizers: Mutex::default() });
                *held = Some((revision, Arc::clone(&terms)));
                Ok(terms)
            }
        }
    }

    /// The language to search for one that was asked for: itself if there is something in it,
    /// else the bare language. Clients add a region that nobody meant.
    pub(super) fn resolve(&self, asked: &Lang) -> Result<Lang, MemoryError> {
        if asked.canonical() == asked.primary() {
            return Ok(asked.clone());
        }
        let held = self.stats()?.languages.iter().any(|held| held.lang == *asked);
        let bare = asked.primary().parse().ok().filter(|_| !held);
        Ok(bare.unwrap_or_else(|| asked.clone()))
    }
}
