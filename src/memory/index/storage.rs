//! Where the bytes of a run are.

use std::ops::Range;

use super::bytes::{Damaged, Sound};

/// The bytes of a run.
#[derive(Debug)]
pub(super) enum Storage {
    /// Written by this process, so not in doubt.
    Ram(Vec<u8>),
}

impl Storage {
    pub(super) fn len(&self) -> usize {
        match self {
            Storage::Ram(bytes) => bytes.len(),
        }
    }

    #[inline]
    pub(super) fn get(&self, range: Range<usize>) -> Sound<&[u8]> {
        match self {
            Storage::Ram(bytes) => bytes.get(range).ok_or(Damaged),
        }
    }
}
