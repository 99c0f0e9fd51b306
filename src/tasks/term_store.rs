//! A termbase in a memory.

use std::collections::HashMap;

use super::TermChange;
use super::term_table::Completer;
use crate::exchange::{
    self, Loss, TermFile, concept_of_entry, entry_of_concept, status_when_approved,
};
use crate::memory::{Memory, MemoryError, Operation, RevisionId};
use crate::term::{Concept, MergeError, Status, Termbase};

/// The termbase that a memory holds beside its units, under the same journal: every change is one
/// revision and can be undone.
///
/// ```
/// use chancery::Lang;
/// use chancery::memory::Memory;
/// use chancery::tasks::TermStore;
/// use chancery::term::{Concept, Status, Term};
///
/// let memory = Memory::new();
/// let store = TermStore::new(&memory);
/// let mut concept = Concept::new("nato");
/// concept.add(Lang::FR, Term::new("OTAN").with_status(Status::Proposed));
///
/// let changes = store.compare([concept])?;
/// assert_eq!(changes[0].to_string(), "+ nato: fr OTAN");
/// store.commit(changes, "nato.tbx")?;
/// let approved = store.approve(["nato"])?;
/// assert_eq!(approved[0].to_string(), "~ nato\n    fr OTAN: status proposed -> preferred");
/// store.commit(approved, "")?;
///
/// let newest = memory.history()?[0].id();
/// memory.undo(newest)?;
/// let base = store.load()?;
/// assert_eq!(base.terms(&Lang::FR).next().unwrap().1.status, Status::Proposed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TermStore<'m> {
    memory: &'m Memory,
}

impl<'m> TermStore<'m> {
    /// The termbase of a memory.
    pub fn new(memory: &'m Memory) -> TermStore<'m> {
        TermStore { memory }
    }

    /// All concepts, in the order of their ids.
    ///
    /// # Errors
    ///
    /// If the memory cannot be read, or a concept in it is damaged.
    pub fn load(&self) -> Result<Termbase, TermStoreError> {
        let concepts = self.memory.concepts()?.map(|entry| {
            let (id, text) = entry?;
            decode(id, &text)
        });
        concepts.collect()
    }

    /// The concept with this id.
    ///
    /// # Errors
    ///
    /// [`TermStoreError::Missing`]; else as for [`load`](TermStore::load).
    pub fn get(&self, id: &str) -> Result<Concept, TermStoreError> {
        match self.memory.concept(id)? {
            Some(text) => decode(id.to_owned(), &text),
            None => Err(TermStoreError::Missing { id: id.to_owned() }),
        }
    }

    /// What would change if these concepts took the place of those with the same ids. Nothing is
    /// written yet.
    ///
    /// # Errors
    ///
    /// [`TermStoreError::Twice`] if two of them have one id; else as for [`load`](TermStore::load).
    pub fn compare(
        &self,
        concepts: impl IntoIterator<Item = Concept>,
    ) -> Result<Vec<TermChange>, TermStoreError> {
        let mut seen = HashMap::new();
        let mut changes = Vec::new();
        for concept in concepts {
            if concept.id.is_empty() {
                return Err(TermStoreError::NoId);
            }
            let (entry, _) = entry_of_concept(&concept)?;
            if let Some(before) = seen.insert(concept.id.clone(), entry.clone()) {
                if before == entry {
                    continue;
                }
                return Err(TermStoreError::Twice { id: concept.id });
            }
            match self.memory.concept(&concept.id)? {
                None => changes.push(TermChange::Added(concept)),
                Some(before) if before == entry => {}
                Some(before) => {
                    let before = decode(concept.id.clone(), &before)?;
                    changes.push(TermChange::Changed {
                        before: Box::new(before),
                        after: Box::new(concept),
                    });
                }
            }
        }
        Ok(changes)
    }

    /// What would change if files of terms were imported. What a table has no column for stays as it
    /// is, such as relations, images and the statuses of single houses; so do languages of which the
    /// whole table has no term. Else as [`compare`](TermStore::compare).
    ///
    /// # Errors
    ///
    /// As for [`compare`](TermStore::compare).
    pub fn compare_files(
        &self,
        files: impl IntoIterator<Item = TermFile>,
    ) -> Result<Vec<TermChange>, TermStoreError> {
        let mut all = Vec::new();
        for file in files {
            let completer = Completer::new(&file);
            for mut concept in file.base.into_concepts() {
                if let Some(completer) = &completer
                    && let Some(before) = self.memory.concept(&concept.id)?
                {
                    let before = decode(concept.id.clone(), &before)?;
                    completer.complete(&mut concept, &before);
                }
                all.push(concept);
            }
        }
        self.compare(all)
    }

    /// What merging one concept into another changes: both, and those that lead to the one that
    /// goes. See [`Termbase::merge`].
    ///
    /// # Errors
    ///
    /// [`TermStoreError::Merge`]; else as for [`load`](TermStore::load).
    pub fn merge(&self, into: &str, from: &str) -> Result<Vec<TermChange>, TermStoreError> {
        let before = self.load()?;
        let mut after = before.clone();
        after.merge(into, from)?;
        let mut changes = self.compare(after.into_concepts())?;
        changes.extend(before.get(from).cloned().map(TermChange::Removed));
        Ok(changes)
    }

    /// What approving concepts changes: nothing in them is only proposed any more. A term gets the
    /// status that was meant for it, else it is preferred.
    ///
    /// # Errors
    ///
    /// As for [`get`](TermStore::get).
    pub fn approve(
        &self,
        ids: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Vec<TermChange>, TermStoreError> {
        let mut approved = Vec::new();
        for id in ids {
            let mut concept = self.get(id.as_ref())?;
            concept.proposed = false;
            for term in concept.languages.iter_mut().flat_map(|section| &mut section.terms) {
                if term.status == Status::Proposed {
                    term.status = status_when_approved(term);
                }
            }
            approved.push(concept);
        }
        self.compare(approved)
    }

    /// Makes changes last, as one revision; none if there are none. `origin` says in the journal
    /// where they came from. The result says what of them could not be written.
    ///
    /// # Errors
    ///
    /// If a concept has no term, or the memory cannot be written: then nothing is changed.
    pub fn commit(
        &self,
        changes: impl IntoIterator<Item = TermChange>,
        origin: &str,
    ) -> Result<(Option<RevisionId>, Vec<Loss>), TermStoreError> {
        let mut losses = Vec::new();
        let mut entries = Vec::new();
        for change in changes {
            let entry = match change.after() {
                None => None,
                Some(concept) => {
                    let (entry, lost) = entry_of_concept(concept)?;
                    losses.extend(lost);
                    Some(entry)
                }
            };
            entries.push((change.id().to_owned(), entry));
        }
        let operation = if origin.is_empty() { Operation::Change } else { Operation::Import };
        let revision = self.memory.put_concepts(operation, origin, entries)?;
        Ok((revision, losses))
    }
}

fn decode(id: String, text: &str) -> Result<Concept, TermStoreError> {
    let read = concept_of_entry(text);
    read.map_err(|cause| TermStoreError::Damaged { id, cause: Box::new(cause) })
}

/// Why the termbase of a memory could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TermStoreError {
    /// The memory could not do what it was asked.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// A concept could not be written.
    #[error(transparent)]
    Exchange(#[from] exchange::Error),
    /// Two concepts could not become one.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// There is no concept of this id.
    #[error("there is no concept `{id}` in the memory; `terms export` lists those there are")]
    Missing {
        /// The id.
        id: String,
    },
    /// Two different concepts of an import have one id.
    #[error("two different concepts have the id `{id}`; give one of them another")]
    Twice {
        /// The id.
        id: String,
    },
    /// A concept has no id.
    #[error("a concept has no id; give it one")]
    NoId,
    /// A concept in the memory cannot be read.
    #[error("the concept `{id}` in the memory is damaged: {cause}")]
    Damaged {
        /// The id.
        id: String,
        /// What is wrong with it.
        cause: Box<exchange::Error>,
    },
}
