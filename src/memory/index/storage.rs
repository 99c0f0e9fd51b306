//! Where the bytes of a run are: in RAM, or in a mapped file whose blocks are checked at first
//! touch.

use std::ops::Range;

use super::bytes::{Damaged, Sound};
#[cfg(feature = "sqlite")]
use super::mapped::Mapped;

/// The bytes of a run.
#[derive(Debug)]
pub(super) enum Storage {
    /// Written by this process, so not in doubt.
    Ram(Vec<u8>),
    #[cfg(feature = "sqlite")]
    Mapped(Mapped),
}

impl Storage {
    pub(super) fn len(&self) -> usize {
        match self {
            Storage::Ram(bytes) => bytes.len(),
            #[cfg(feature = "sqlite")]
            Storage::Mapped(mapped) => mapped.len(),
        }
    }

    #[inline]
    pub(super) fn get(&self, range: Range<usize>) -> Sound<&[u8]> {
        match self {
            Storage::Ram(bytes) => bytes.get(range).ok_or(Damaged),
            #[cfg(feature = "sqlite")]
            Storage::Mapped(mapped) => mapped.get(range),
        }
    }
}
