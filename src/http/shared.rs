//! What every request needs: the memories, and threads to search them on.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::answer::Refusal;
use super::server::Log;
use super::terms::Terms;
use super::{Access, ServerLimits};
use crate::Lang;
use crate::memory::{Memories, MemoriesFindings, Memory, MemoryError, MemoryStats, RevisionId};
use crate::similarity::Guard;

pub(super) struct Shared {
    pub(super) memories: Vec<Held>,
    pub(super) terms: Terms,
    pub(super) access: Access,
    pub(super) limits: ServerLimits,
    pub(super) guarded_below: f64,
    pub(super) read_only: bool,
    pub(super) log: Option<Log>,
    pub(super) log_text: bool,
    /// A permit for each request that may be worked on.
    pub(super) work: Arc<Semaphore>,
    /// The permit for work that takes long.
    pub(super) long_work: Arc<Semaphore>,
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

impl Shared {
    /// Does work that takes a processor, on a thread made for it.
    ///
    /// Work that its client has given up on still counts until it is done, so that no more runs
    /// at once than the limits say.
    pub(super) async fn work<T: Send + 'static>(
        self: &Arc<Shared>,
        work: impl FnOnce(&Shared) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.work_with(&self.work, work).await
    }

    /// Does work that takes long, one after the other, so that lookups do not wait for it.
    pub(super) async fn long_work<T: Send + 'static>(
        self: &Arc<Shared>,
        work: impl FnOnce(&Shared) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.work_with(&self.long_work, work).await
    }

    async fn work_with<T: Send + 'static>(
        self: &Arc<Shared>,
        permits: &Arc<Semaphore>,
        work: impl FnOnce(&Shared) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = Arc::clone(permits).acquire_owned().await.map_err(|_| {
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

    /// Whether a text is short enough to be worked on.
    pub(super) fn check_length(&self, text: &str) -> Result<(), Refusal> {
        match text.len() > self.limits.query_bytes {
            true => Err(Refusal::bad("query-too-long", "the text is too long")),
            false => Ok(()),
        }
    }

    /// All memories, to be asked as one.
    pub(super) fn all(&self) -> Memories<'_> {
        let held = self.memories.iter();
        held.fold(Memories::new(), |all, held| all.with(held.name(), held.memory()))
    }

    /// Looks up in all memories, the best first.
    pub(super) fn lookup<'m>(
        &self,
        all: &'m Memories<'_>,
        wanted: &Wanted,
    ) -> Result<MemoriesFindings<'m>, Refusal> {
        let found = all
            .lookup(wanted.text.as_str())
            .source(self.resolve(&wanted.source)?)
            .target(self.resolve(&wanted.target)?)
            .threshold(wanted.threshold)
            .limit(wanted.limit)
            .guard(wanted.guard)
            .time_limit(self.limits.lookup_time)
            .findings()?;
        Ok(found)
    }

    /// The language to search for one that was asked for: itself if a memory has something in it,
    /// else the bare language. Clients add a region that nobody meant.
    pub(super) fn resolve(&self, asked: &Lang) -> Result<Lang, MemoryError> {
        if asked.canonical() == asked.primary() {
            return Ok(asked.clone());
        }
        for held in &self.memories {
            if held.stats()?.languages.iter().any(|held| held.lang == *asked) {
                return Ok(asked.clone());
            }
        }
        Ok(asked.primary().parse().unwrap_or_else(|_| asked.clone()))
    }

    /// Counts what each memory holds and learns the words of its two main languages, which are kept
    /// then: else the first who asks for them waits for seconds, and the lookups of others beside.
    ///
    /// What fails here is told to whoever asks for it.
    pub(super) fn prepare(&self) {
        for held in &self.memories {
            let Ok(stats) = held.stats() else { continue };
            let mut segments = BTreeMap::new();
            for language in &stats.languages {
                *segments.entry(language.lang.primary()).or_insert(0) += language.segments;
            }
            let mut languages: Vec<&str> = segments.keys().copied().collect();
            // The order among equals is that of the tags.
            languages.sort_by_key(|language| Reverse(segments[language]));
            languages.truncate(2);
            languages.sort_by_key(|language| *language != Lang::FR.primary());
            if let [source, target] = languages[..]
                && let (Ok(source), Ok(target)) = (source.parse(), target.parse())
            {
                let _ = held.memory.lexicon(&source, &target);
            }
        }
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
    /// What it held when that was asked last: counting goes on from there.
    counted: Mutex<Option<(Option<RevisionId>, Arc<MemoryStats>)>>,
}

impl Held {
    pub(super) fn new(name: String, memory: Memory) -> Held {
        Held { name, memory, counted: Mutex::default() }
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
        let stats = match &*counted {
            Some((at, stats)) if *at == revision => return Ok(Arc::clone(stats)),
            Some((_, stats)) => self.memory.stats_after(stats)?,
            None => self.memory.stats()?,
        };
        let stats = Arc::new(stats);
        // It may have counted a change that was made after the revision was asked for.
        let at = (stats.revisions > 0).then(|| RevisionId::new(stats.revisions));
        *counted = Some((at, Arc::clone(&stats)));
        Ok(stats)
    }
}
