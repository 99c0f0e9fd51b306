//! A lexicon kept beside the index for the next time.

use xxhash_rust::xxh3::xxh3_64;

use super::is_recent;
use crate::Lang;
use crate::lexicon::Lexicon;
use crate::lexicon::saved::VERSION;
use crate::memory::index::Stamp;
use crate::memory::reindex::purged_since;
use crate::memory::store::{Read, Result};

const MAGIC: [u8; 8] = *b"CHANCLEX";

/// The name of the file of what is learnt from so many units.
pub(super) fn name(units: u64, source: &Lang, target: &Lang) -> String {
    format!("lexicon-{source}-{target}-{units}")
}

/// A lexicon and when it was learnt.
pub(super) struct Kept {
    stamp: Stamp,
    /// How many units the memory had then.
    units: u64,
    pub(super) lexicon: Lexicon,
}

impl Kept {
    /// What was learnt from the state that is read; nothing of a memory that nobody ever wrote to.
    pub(super) fn now(read: &dyn Read, lexicon: Lexicon) -> Result<Option<Kept>> {
        let head = read.head()?;
        let revision = read.revision(head.revision)?;
        Ok(revision.map(|revision| Kept {
            stamp: Stamp { revision: head.revision, time: revision.time },
            units: head.units,
            lexicon,
        }))
    }

    /// Whether it is of this very memory, nothing was purged since, and not much else has changed.
    pub(super) fn is_true(&self, read: &dyn Read) -> Result<bool> {
        let head = read.head()?;
        let then = read.revision(self.stamp.revision)?;
        Ok(then.is_some_and(|then| then.time == self.stamp.time)
            && is_recent(self.units, head.units)
            && !purged_since(read, self.stamp.revision)?)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for number in [VERSION, self.stamp.revision, self.stamp.time as u64, self.units] {
            out.extend(number.to_le_bytes());
        }
        out.extend(self.lexicon.to_bytes());
        let sum = xxh3_64(&out);
        out.extend(sum.to_le_bytes());
        out
    }

    /// Nothing if they are damaged or of another version.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Kept> {
        let (body, sum) = bytes.split_last_chunk()?;
        if xxh3_64(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let (numbers, lexicon) = body.strip_prefix(&MAGIC)?.split_at_checked(32)?;
        let (numbers, _) = numbers.as_chunks();
        let &[version, revision, time, units] = numbers else { return None };
        let [version, revision, time, units] =
            [version, revision, time, units].map(u64::from_le_bytes);
        let stamp = Stamp { revision, time: time as i64 };
        let lexicon = (version == VERSION).then(|| Lexicon::from_bytes(lexicon))??;
        Some(Kept { stamp, units, lexicon })
    }
}
