//! Documents that come in anew, and what was there of them.

use std::collections::{BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_128;

use super::policy::UnitName;
use super::record::{Record, languages};
use super::store::{Result, Transaction};
use crate::Unit;
use crate::align::DOCUMENT;

/// The documents that an import brings.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// The languages of each.
    languages: HashMap<String, BTreeSet<String>>,
    /// How often each unit of them came, by a fingerprint of its record.
    units: HashMap<u128, u64>,
}

/// How many units are read at a time.
const PAGE: usize = 256;

impl Documents {
    /// A unit comes in.
    pub(super) fn note(&mut self, unit: &Unit, record: &Record) {
        let Some(document) = unit.metadata.property(DOCUMENT) else { return };
        let of_document = self.languages.entry(document.to_owned()).or_default();
        of_document.extend(languages(unit).into_iter().map(str::to_owned));
        *self.units.entry(xxh3_128(record.as_bytes())).or_default() += 1;
    }

    /// The units from before `first_new` that are of these documents, in no other languages, and
    /// did not come in again.
    pub(super) fn superseded(mut self, tx: &dyn Transaction, first_new: u64) -> Result<Vec<u64>> {
        let mut superseded = Vec::new();
        let mut after = 0;
        while !self.languages.is_empty() {
            let page = tx.page(after, PAGE)?;
            let Some(&(last, _)) = page.last() else { break };
            after = last;
            for (number, record) in page {
                if number >= first_new {
                    return Ok(superseded);
                }
                let unit = record.decode(UnitName(number))?;
                let document = unit.metadata.property(DOCUMENT);
                let Some(of_document) = document.and_then(|name| self.languages.get(name)) else {
                    continue;
                };
                if !languages(&unit).into_iter().all(|language| of_document.contains(language)) {
                    continue;
                }
                match self.units.get_mut(&xxh3_128(record.as_bytes())) {
                    Some(come) if *come > 0 => *come -= 1,
                    _ => superseded.push(number),
                }
            }
        }
        Ok(superseded)
    }
}
