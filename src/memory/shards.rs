//! A memory on several servers.

use super::store::Result;
use super::{Memory, RevisionId};

/// A server that searches a part of a memory. Told by [`Memory::shards`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shard {
    /// Its address, without a password.
    pub address: String,
    /// Whether it answers.
    pub is_there: bool,
    /// The newest revision it shows; none before the first. Lookups make up for what it does not
    /// show yet.
    pub revision: Option<RevisionId>,
}

impl Memory {
    /// Has one more server of PostgreSQL search a part of the units.
    ///
    /// The units and the journal stay where they are. What the new server gets is what searching
    /// takes, some 400 bytes a segment with its index: of all units if it is the first shard, then from each of the others its share. The address is like that of a memory,
    /// `postgres://search2.example/chancery?schema=ministry`; there must be no memory or shard in
    /// the schema. Role and password are those by which this memory was opened, unless the address
    /// names a role. Whoever uses the memory must be able to reach all its shards by the same
    /// addresses.
    ///
    /// Nobody can write to the memory while the server is being filled, for which all units are
    /// read; lookups go on.
    ///
    /// # Errors
    ///
    /// [`MemoryError::Unsuitable`](super::MemoryError::Unsuitable) where this memory is not on a
    /// server, [`Exists`](super::MemoryError::Exists) where the schema is in use; else what either
    /// server reports. The shards are then as they were.
    ///
    /// ```
    /// use chancery::memory::{Memory, MemoryError};
    ///
    /// let memory = Memory::new();
    /// let error = memory.add_shard("postgres://search2.example/chancery").unwrap_err();
    /// assert!(matches!(error, MemoryError::Unsuitable { .. }));
    /// assert!(memory.shards()?.is_empty());
    /// # Ok::<(), MemoryError>(())
    /// ```
    pub fn add_shard(&self, address: &str) -> Result<()> {
        self.store.add_shard(address, self.options.patience)
    }

    /// The servers that search a part of this memory each; none if the memory is searched where it
    /// is.
    ///
    /// # Errors
    ///
    /// What the server of the memory reports; not that a shard is away.
    pub fn shards(&self) -> Result<Vec<Shard>> {
        let told = |(address, revision): (String, Option<u64>)| Shard {
            address,
            is_there: revision.is_some(),
            revision: revision.filter(|&revision| revision > 0).map(RevisionId::new),
        };
        Ok(self.store.shards()?.into_iter().map(told).collect())
    }
}
