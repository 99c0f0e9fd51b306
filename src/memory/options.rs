//! How a memory is opened and how it behaves.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
use std::path::Path;
use std::time::Duration;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
use super::MemoryError;
#[cfg(feature = "sqlite")]
use super::store::SqliteStore;
use super::{DuplicatePolicy, Memory, index::Index, store::RamStore};
#[cfg(feature = "postgres")]
use super::{
    address::is_address,
    store::{Address, PostgresStore},
};

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

    /// Opens the memory in a file or, with the feature `postgres`, on a server.
    ///
    /// A name like `postgres://ana@db.example/translations?schema=ministry` is an address: the
    /// memory is in a schema (`chancery`, if none is named) of a database of PostgreSQL. Without a
    /// password in the address `PGPASSWORD` is used. The line is encrypted where the server offers
    /// that, and its certificate must be one that the system trusts (`SSL_CERT_FILE` adds to
    /// those); `sslmode=require` refuses a line that is not encrypted, `sslmode=disable` one that is.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Missing`], [`NotAMemory`](MemoryError::NotAMemory),
    /// [`NewerFormat`](MemoryError::NewerFormat), [`NoLocks`](MemoryError::NoLocks),
    /// [`Damaged`](MemoryError::Damaged): the file was not touched. Of a server
    /// [`Unreachable`](MemoryError::Unreachable), [`Refused`](MemoryError::Refused),
    /// [`Unsuitable`](MemoryError::Unsuitable).
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Memory, MemoryError> {
        let path = path.as_ref();
        #[cfg(feature = "postgres")]
        if let Some(address) = address(path)? {
            return Ok(self.on(PostgresStore::open(address)?));
        }
        #[cfg(feature = "sqlite")]
        {
            let store = SqliteStore::open(path)?;
            Ok(Memory::with_store(Box::new(store), self.clone(), Index::beside(path)))
        }
        #[cfg(not(feature = "sqlite"))]
        Err(no_address(path))
    }

    /// Creates an empty memory in a new file or, with the feature `postgres`, on a server: in a
    /// schema that has none yet.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Exists`] if there is a file of this name, or a memory in the schema; else
    /// those of [`open`](MemoryBuilder::open).
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub fn create(&self, path: impl AsRef<Path>) -> Result<Memory, MemoryError> {
        let path = path.as_ref();
        #[cfg(feature = "postgres")]
        if let Some(address) = address(path)? {
            return Ok(self.on(PostgresStore::create(address)?));
        }
        #[cfg(feature = "sqlite")]
        {
            let store = SqliteStore::create(path)?;
            Ok(Memory::with_store(Box::new(store), self.clone(), Index::beside(path)))
        }
        #[cfg(not(feature = "sqlite"))]
        Err(no_address(path))
    }

    #[cfg(feature = "postgres")]
    fn on(&self, store: PostgresStore) -> Memory {
        Memory::with_store(Box::new(store), self.clone(), Index::default())
    }
}

/// The address, if the name is one.
#[cfg(feature = "postgres")]
fn address(name: &Path) -> Result<Option<Address>, MemoryError> {
    let text = name.to_str().filter(|_| is_address(name));
    text.map(Address::parse).transpose()
}

#[cfg(all(feature = "postgres", not(feature = "sqlite")))]
fn no_address(path: &Path) -> MemoryError {
    let what = "it is no address of a server (postgres://…), and this program was built without \
                the feature `sqlite`";
    MemoryError::NotAMemory { path: path.to_owned(), what: what.to_owned() }
}
