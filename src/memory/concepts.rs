//! Concepts beside the units: a termbase in the memory, under the same journal.
//!
//! A memory keeps them as texts under their ids and does not read them:
//! [`TermStore`](crate::tasks::TermStore) does.

use std::fmt;

use super::Memory;
use super::journal::{Operation, RevisionId};
use super::store::{Read, Result};

/// How many concepts are read at a time.
const PAGE: usize = 1024;

/// The concepts of a memory with their ids, in the order of the ids. Made by
/// [`Memory::concepts`].
pub struct Concepts<'m> {
    read: Box<dyn Read + 'm>,
    page: std::vec::IntoIter<(String, String)>,
    after: String,
    done: bool,
}

impl Memory {
    /// All concepts: id and text.
    ///
    /// ```
    /// use chancery::memory::{Memory, Operation};
    ///
    /// let memory = Memory::new();
    /// let change = [("nato".to_owned(), Some("OTAN = NATO".to_owned()))];
    /// let revision = memory.put_concepts(Operation::Change, "", change)?.unwrap();
    /// assert_eq!(memory.concepts()?.count(), 1);
    /// memory.undo(revision)?;
    /// assert_eq!(memory.concept("nato")?, None);
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn concepts(&self) -> Result<Concepts<'_>> {
        let page = Vec::new().into_iter();
        Ok(Concepts { read: self.read()?, page, after: String::new(), done: false })
    }

    /// The text of the concept with this id.
    pub fn concept(&self, id: &str) -> Result<Option<String>> {
        self.read()?.concept(id)
    }

    /// Whether a concept was added, changed or removed after a revision, so that a termbase read
    /// then is to be read again. Where that past was purged it is taken to be so.
    ///
    /// Cost: a look at each revision since.
    ///
    /// ```
    /// use chancery::memory::{Memory, Operation};
    /// use chancery::{Lang, Unit};
    ///
    /// let memory = Memory::new();
    /// let change = [("nato".to_owned(), Some("OTAN = NATO".to_owned()))];
    /// let read = memory.put_concepts(Operation::Change, "", change)?.unwrap();
    /// memory.add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))])?;
    /// assert!(!memory.concepts_changed_after(read)?);
    /// memory.undo(read)?;
    /// assert!(memory.concepts_changed_after(read)?);
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn concepts_changed_after(&self, revision: RevisionId) -> Result<bool> {
        let read = self.read()?;
        let head = read.head()?;
        if head.purged > revision.number() {
            return Ok(true);
        }
        for later in revision.number() + 1..=head.revision {
            if !read.touched_concepts(later)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds, replaces and removes (`None`) concepts, as one revision; none if nothing changes.
    ///
    /// # Errors
    ///
    /// If the memory cannot be written.
    pub fn put_concepts(
        &self,
        operation: Operation,
        origin: &str,
        changes: impl IntoIterator<Item = (String, Option<String>)>,
    ) -> Result<Option<RevisionId>> {
        let mut tx = self.write(operation, origin)?;
        for (id, text) in changes {
            tx.put_concept(&id, text)?;
        }
        let counts = tx.counts()?;
        if counts.is_zero() {
            return Ok(None);
        }
        self.commit(tx, operation, origin, counts).map(Some)
    }
}

impl Iterator for Concepts<'_> {
    type Item = Result<(String, String)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.as_slice().is_empty() && !self.done {
            match self.read.concepts(&self.after, PAGE) {
                Ok(page) => {
                    self.done = page.len() < PAGE;
                    self.page = page.into_iter();
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        let (id, text) = self.page.next()?;
        id.clone_into(&mut self.after);
        Some(Ok((id, text)))
    }
}

impl fmt::Debug for Concepts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concepts").field("after", &self.after).finish_non_exhaustive()
    }
}
