//! A run in a mapped file, whose blocks are checked at first touch.
//!
//! The file is the run, then the XXH3 of each block of 64 KiB of it, then the length of the run and
//! the XXH3 of the sums (8 bytes each, little-endian).

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::Mmap;
use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{Damaged, Sound, u64_at};

const BLOCK: usize = 1 << 16;
const TRAILER: usize = 16;

/// The mapped bytes of a run.
#[derive(Debug)]
pub(super) struct Mapped {
    map: Mmap,
    len: usize,
    /// A bit for each block: whether it was found to be as it was written.
    sound: Box<[AtomicU64]>,
}

impl Mapped {
    /// Maps a file. Only its end is read.
    #[allow(unsafe_code)]
    pub(super) fn open(path: &Path) -> Sound<Mapped> {
        let file = File::open(path).map_err(|_| Damaged)?;
        // SAFETY: the bytes of a map must not change while they are borrowed. Files of an index are
        // written under another name, renamed when they are complete, never written again and
        // never given a second time; programs that share a memory only ever remove them, which
        // leaves maps intact. Someone else who writes into the folder of the index breaks this, as
        // whoever writes into the file of a database does; what is read is checked nevertheless,
        // by its sums and by bounds, so that even then no place outside the map is read.
        let map = unsafe { Mmap::map(&file) }.map_err(|_| Damaged)?;
        let trailer = map.len().checked_sub(TRAILER).ok_or(Damaged)?;
        let len = usize::try_from(u64_at(&map[trailer..], 0)?).map_err(|_| Damaged)?;
        let blocks = len.div_ceil(BLOCK);
        let end = blocks.checked_mul(8).and_then(|sums| sums.checked_add(len));
        if end != Some(trailer) || xxh3_64(&map[len..trailer]) != u64_at(&map[trailer..], 1)? {
            return Err(Damaged);
        }
        let sound = (0..blocks.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Ok(Mapped { map, len, sound })
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn get(&self, range: Range<usize>) -> Sound<&[u8]> {
        if range.start > range.end || range.end > self.len {
            return Err(Damaged);
        }
        for block in range.start / BLOCK..range.end.div_ceil(BLOCK) {
            let (word, bit) = (&self.sound[block / 64], 1 << (block % 64));
            if word.load(Ordering::Relaxed) & bit == 0 {
                self.check(block)?;
                word.fetch_or(bit, Ordering::Relaxed);
            }
        }
        Ok(&self.map[range])
    }

    #[cold]
    fn check(&self, block: usize) -> Sound<()> {
        let bytes = &self.map[block * BLOCK..self.len.min((block + 1) * BLOCK)];
        match xxh3_64(bytes) == u64_at(&self.map[self.len..], block)? {
            true => Ok(()),
            false => Err(Damaged),
        }
    }
}

/// What stands in a file after the run.
pub(super) fn trailer(run: &[u8]) -> Vec<u8> {
    let mut sums: Vec<u8> = run.chunks(BLOCK).flat_map(|b| xxh3_64(b).to_le_bytes()).collect();
    let check = xxh3_64(&sums);
    sums.extend((run.len() as u64).to_le_bytes());
    sums.extend(check.to_le_bytes());
    sums
}
