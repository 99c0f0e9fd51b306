//! The store against that in RAM, by what the memory above them can not choose: the size of pages.

use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::SqliteStore;
use crate::memory::journal::{Operation, Revision};
use crate::memory::record::Record;
use crate::memory::store::{RamStore, Read, Store};
use crate::{Lang, Unit};

/// A step of a transaction.
#[derive(Clone, Debug)]
enum Step {
    Insert,
    /// Changes, or brings back, one of the units of earlier revisions.
    Change(prop::sample::Index),
    Remove(prop::sample::Index),
}

fn record(text: u64) -> Record {
    let unit = Unit::pair((Lang::FR, format!("Point {text}")), (Lang::EN, format!("Item {text}")));
    Record::encode(&unit).unwrap()
}

/// Makes one revision of the steps.
fn commit(store: &dyn Store, steps: &[Step], revision: u64) {
    let mut tx = store.write("a test", Duration::from_secs(10)).unwrap();
    let known = tx.head().unwrap().next_unit as usize - 1;
    for (step, text) in steps.iter().zip(1000 * revision..) {
        let (at, record) = match step {
            Step::Change(at) => (at, Some(record(text))),
            Step::Remove(at) => (at, None),
            Step::Insert => {
                tx.insert(record(text)).unwrap();
                continue;
            }
        };
        if known > 0 {
            tx.put(at.index(known) as u64 + 1, record).unwrap();
        }
    }
    let counts = tx.counts().unwrap();
    tx.commit(Revision::now("", Operation::Change, "", counts)).unwrap();
}

/// All pages, one after another.
fn paged(read: &dyn Read, by: RangeInclusive<u64>, limit: usize) -> Vec<u64> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = read.touched(by.clone(), after, limit).unwrap();
        assert!(page.len() <= limit);
        all.extend(&page);
        match page.last() {
            Some(&last) if page.len() == limit => after = last,
            _ => return all,
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(
        prop_oneof![
            Just(Step::Insert),
            any::<prop::sample::Index>().prop_map(Step::Change),
            any::<prop::sample::Index>().prop_map(Step::Remove),
        ],
        0..12,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// What revisions touched is the same on each store, in pages of whatever size.
    #[test]
    fn pages_of_touched_units_lose_none(revisions in vec(steps(), 1..8), limit in 1_usize..10) {
        let folder = tempfile::tempdir().unwrap();
        let ram = RamStore::default();
        let file = SqliteStore::create(&folder.path().join("m")).unwrap();
        for (steps, number) in revisions.iter().zip(1..) {
            commit(&ram, steps, number);
            commit(&file, steps, number);
        }
        let (ram, file) = (ram.read().unwrap(), file.read().unwrap());
        let newest = ram.head().unwrap().revision;
        prop_assert_eq!(newest, file.head().unwrap().revision);
        for first in 1..=newest {
            for last in first..=newest {
                let wanted = ram.touched(first..=last, 0, usize::MAX).unwrap();
                prop_assert_eq!(paged(&*ram, first..=last, limit), &wanted[..]);
                prop_assert_eq!(paged(&*file, first..=last, limit), wanted);
            }
        }
    }
}
