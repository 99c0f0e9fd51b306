//! How a memory is opened and how it behaves.

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::time::Duration;

use super::{DuplicatePolicy, Memory, index::Index, store::RamStore};
#[cfg(feature = "sqlite")]
use super::{MemoryError, store::SqliteStore};

/// Options of a [`Memory`]. Made by [`Memory::builder`].
///
/// ```
/// use chancery::memory::{DuplicatePolicy, Memory};
///
/// let memory = Memory::builder()
///     .author("a.leroy")
///     .duplicates(DuplicatePolicy::NewestWins)
///     .build();
/// assert!(memory.is_empty()?);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryBuilder {
    pub(super) author: String,
    pub(super) policy: DuplicatePolicy,
    pub(super) patience: Duration,
}

impl Default for MemoryBuilder {
    fn default() -> MemoryBuilder {
        MemoryBuilder {
            author: String::new(),
            policy: DuplicatePolicy::default(),
            patience: Duration::from_secs(10),
        }
    }
}

impl MemoryBuilder {
    /// Who the journal says made the changes. Nobody by default.
    pub fn author(&mut self, author: impl Into<String>) -> &mut MemoryBuilder {
        self.author = author.into();
        self
    }

    /// What happens to units that are like those already there, unless a call says otherwise.
    pub fn duplicates(&mut self, policy: DuplicatePolicy) -> &mut MemoryBuilder {
        self.policy = policy;
        self
    }

    /// How long a change waits for another writer before it gives up. Ten seconds by default.
    pub fn patience(&mut self, patience: Duration) -> &mut MemoryBuilder {
        self.patience = patience;
        self
    }

    /// An empty memory in RAM.
    pub fn build(&self) -> Memory {
        Memory::with_store(Box::new(RamStore::default()), self.clone(), Index::default())
    }

    /// Opens the memory in a file.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Missing`], [`NotAMemory`](MemoryError::NotAMemory),
    /// [`NewerFormat`](MemoryError::NewerFormat), [`NoLocks`](MemoryError::NoLocks),
    /// [`Damaged`](MemoryError::Damaged): the file was not touched.
    #[cfg(feature = "sqlite")]
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Memory, MemoryError> {
        let store = SqliteStore::open(path.as_ref())?;
        Ok(Memory::with_store(Box::new(store), self.clone(), Index::beside(path.as_ref())))
    }

    /// Creates an empty memory in a new file.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Exists`] if there is a file of this name.
    #[cfg(feature = "sqlite")]
    pub fn create(&self, path: impl AsRef<Path>) -> Result<Memory, MemoryError> {
        let store = SqliteStore::create(path.as_ref())?;
        Ok(Memory::with_store(Box::new(store), self.clone(), Index::beside(path.as_ref())))
    }
}
