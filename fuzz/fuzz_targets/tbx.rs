//! TBX: whatever comes in, no dialect loses a term of what was read, and what was written is read
//! again.

#![no_main]

use chancery::exchange::{ReadOptions, TbxDialect, TbxReader, write_tbx};
use chancery::term::Termbase;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Strict reading stops somewhere or not; it must only end.
    if let Ok(reader) = TbxReader::new(bytes, ReadOptions::new().strict(true)) {
        reader.for_each(drop);
    }
    let Ok(mut reader) = TbxReader::new(bytes, ReadOptions::new()) else { return };
    let base: Termbase = reader.by_ref().map_while(Result::ok).collect();
    let header = reader.header().clone();
    for dialect in TbxDialect::ALL {
        let mut file = Vec::new();
        // Without a term nothing is written.
        if write_tbx(&mut file, &base, &header, dialect).is_err() {
            continue;
        }
        let again = read(&file);
        assert_eq!(terms(&base), terms(&again), "{dialect}");
        if dialect == TbxDialect::Private {
            let mut twice = Vec::new();
            let losses = write_tbx(&mut twice, &again, &header, dialect).expect("a Vec takes all");
            // Of a header, one element of each kind has a place.
            let lost = losses.iter().find(|loss| !loss.concept.is_empty());
            assert_eq!(lost, None);
        }
    }
});

fn read(file: &[u8]) -> Termbase {
    let reader = TbxReader::new(file, ReadOptions::new()).expect("what was written is TBX");
    reader.map(|concept| concept.expect("what was written is whole")).collect()
}

fn terms(base: &Termbase) -> Vec<&str> {
    let sections = base.concepts().iter().flat_map(|concept| &concept.languages);
    sections.flat_map(|section| &section.terms).map(|term| &*term.text).collect()
}
