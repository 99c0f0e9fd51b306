//! All units of a memory, one after another.

use std::fmt;

use super::policy::UnitName;
use super::record::Record;
use super::store::{Read, Result};
use super::{Memory, UnitId};
use crate::Unit;

/// The units of a memory with their ids, in the order they were added. Made by
/// [`Memory::units`].
///
/// It shows the memory as it was when it was made, whatever is written meanwhile, and reads a
/// page of units at a time. After an error it ends.
pub struct Units<'m> {
    read: Box<dyn Read + 'm>,
    page: std::vec::IntoIter<(u64, Record)>,
    after: u64,
    done: bool,
}

/// How many units are read at a time.
const PAGE: usize = 1024;

impl Memory {
    /// All units, in the order they were added.
    ///
    /// ```
    /// use chancery::{Lang, Unit, memory::Memory};
    ///
    /// let memory = Memory::new();
    /// let unit = Unit::pair((Lang::FR, "Article premier"), (Lang::EN, "Article 1"));
    /// memory.add([unit.clone()])?;
    /// let all: Result<Vec<Unit>, _> = memory.units()?.map(|u| u.map(|(_, unit)| unit)).collect();
    /// assert_eq!(all?, [unit]);
    /// # Ok::<(), chancery::memory::MemoryError>(())
    /// ```
    pub fn units(&self) -> Result<Units<'_>> {
        Ok(Units { read: self.read()?, page: Vec::new().into_iter(), after: 0, done: false })
    }
}

impl Iterator for Units<'_> {
    type Item = Result<(UnitId, Unit)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.as_slice().is_empty() && !self.done {
            match self.read.page(self.after, PAGE) {
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
        let (id, record) = self.page.next()?;
        self.after = id;
        Some(record.decode(UnitName(id)).map(|unit| (UnitId::new(id), unit)))
    }
}

impl fmt::Debug for Units<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Units").field("after", &self.after).finish_non_exhaustive()
    }
}
