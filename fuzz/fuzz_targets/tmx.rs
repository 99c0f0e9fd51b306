//! TMX: whatever comes in, the units that are read are written and read again as equal ones.

#![no_main]

use chancery::Unit;
use chancery::exchange::{Flavour, Header, Limits, ReadOptions, TmxReader, TmxWriter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Strict reading stops somewhere or not; it must only end.
    if let Ok(mut reader) = TmxReader::with_options(bytes, ReadOptions::new().strict(true)) {
        reader.units().for_each(drop);
    }
    let Ok(mut reader) = TmxReader::new(bytes) else { return };
    let units: Vec<Unit> = reader.units().map_while(Result::ok).collect();
    let header = reader.header().clone();
    let again = round(&units, &header, Flavour::Lossless);
    assert_eq!(units, again);
    let texts = |units: &[Unit]| -> Vec<String> {
        let variants = units.iter().flat_map(|unit| &unit.variants);
        variants.map(|variant| variant.segment.text().into_owned()).collect()
    };
    assert_eq!(texts(&units), texts(&round(&units, &header, Flavour::Strict)));
});

fn round(units: &[Unit], header: &Header, flavour: Flavour) -> Vec<Unit> {
    let mut writer = TmxWriter::with_flavour(Vec::new(), header, flavour).expect("a Vec takes all");
    for unit in units {
        writer.write(unit).expect("what was read is well-formed");
    }
    let file = writer.finish().expect("a Vec takes all");
    // What a few entities stood for is written out, and may be more than a file may hold.
    let limits = Limits { segment_bytes: usize::MAX, unit_bytes: usize::MAX, ..Limits::default() };
    let mut reader = TmxReader::with_options(file.as_slice(), ReadOptions::new().limits(limits))
        .expect("what was written is TMX");
    reader.units().map(|unit| unit.expect("what was written is whole")).collect()
}
