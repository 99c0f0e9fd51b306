//! Is a memory what was written?

use super::policy::UnitName;
use super::record::Record;
use super::store::Result;
use super::{Memory, MemoryError};

impl Memory {
    /// Reads everything and says whether it is whole: the file, every unit by its checksum, and
    /// whether counts, keys and journal fit the units.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// memory.add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))])?;
    /// memory.verify()?;
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MemoryError::Damaged`] with the first thing that is not whole. Cost: the whole file is
    /// read, some parts twice.
    pub fn verify(&self) -> Result<()> {
        let read = self.read()?;
        read.verify()?;
        let head = read.head()?;
        let mut units = 0;
        super::each(&*read, |id, record| {
            units += 1;
            let unit = record.decode(UnitName(id))?;
            let again = Record::encode(&unit).map_err(|cause| damaged(UnitName(id), &cause))?;
            if again.keys() != record.keys() {
                return Err(damaged(UnitName(id), "its keys are not those of its text"));
            }
            if id >= head.next_unit {
                return Err(damaged(UnitName(id), "its number was never given"));
            }
            Ok(())
        })?;
        if units != head.units {
            let cause = format!("it holds {units} units and says {}", head.units);
            return Err(damaged("the memory", &cause));
        }
        let newest = read.revisions(u64::MAX, 1)?.first().map_or(0, |revision| revision.id);
        if newest != head.revision {
            let cause = format!("its newest revision is {newest}, and it says {}", head.revision);
            return Err(damaged("the journal", &cause));
        }
        Ok(())
    }
}

pub(super) fn damaged(what: impl std::fmt::Display, cause: &str) -> MemoryError {
    MemoryError::Damaged { what: what.to_string(), cause: cause.to_owned() }
}
