//! Tables: whatever comes in, the texts that are read are written and read again as equal ones.

#![no_main]

use chancery::exchange::{ReadOptions, TableReader, TableWriter};
use chancery::{Lang, Unit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut reader) = TableReader::tabs(bytes, ReadOptions::new()) {
        reader.units().for_each(drop);
    }
    let options = ReadOptions::new().header_row(false);
    let Ok(mut reader) = TableReader::new(bytes, options) else { return };
    let units: Vec<Unit> = reader.units().map_while(Result::ok).collect();
    let mut writer =
        TableWriter::csv(Vec::new(), [Lang::FR, Lang::EN]).expect("a Vec takes all");
    for unit in &units {
        writer.write(unit).expect("a Vec takes all");
    }
    let file = writer.finish().expect("a Vec takes all");
    let mut reader = TableReader::new(file.as_slice(), ReadOptions::new()).expect("it is text");
    let again: Vec<Unit> = reader.units().map(|unit| unit.expect("it is whole")).collect();
    let texts = |units: &[Unit]| -> Vec<String> {
        let variants = units.iter().flat_map(|unit| &unit.variants);
        variants.map(|variant| variant.segment.text().into_owned()).collect()
    };
    assert_eq!(texts(&units), texts(&again));
});
