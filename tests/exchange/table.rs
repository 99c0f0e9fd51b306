//! Tables: laws.

use chancery::exchange::{self, Format, Limits, Problem, ReadOptions, TableReader, TableWriter};
use chancery::{Lang, Segment, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

use super::units;

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let cell = || units::text().prop_filter("an empty cell is no segment", |text| !text.is_empty());
    vec((cell(), cell()), 1..6)
}

fn units_of(pairs: &[(String, String)]) -> Vec<Unit> {
    let pair = |(fr, en): &(String, String)| {
        Unit::pair((Lang::FR, Segment::from(&**fr)), (Lang::EN, Segment::from(&**en)))
    };
    pairs.iter().map(pair).collect()
}

proptest! {
    #[test]
    fn csv_is_read_back(pairs in pairs()) {
        let units = units_of(&pairs);
        let mut writer = TableWriter::csv(Vec::new(), [Lang::FR, Lang::EN]).unwrap();
        units.iter().for_each(|unit| writer.write(unit).unwrap());
        let file = writer.finish().unwrap();
        let mut reader = TableReader::new(file.as_slice(), ReadOptions::new()).unwrap();
        let read: Vec<Unit> = reader.units().map(|unit| unit.unwrap()).collect();
        prop_assert_eq!(read, units);
        prop_assert!(reader.diagnostics().is_empty());
    }

    #[test]
    fn tabs_are_read_back(pairs in pairs()) {
        let both = |text: &str| text.contains('\t') && text.contains(['\n', '\r']);
        prop_assume!(!pairs.iter().any(|(a, b)| both(a) || both(b)));
        // At the beginning of a file it would be a byte order mark.
        prop_assume!(!pairs[0].0.starts_with('\u{feff}'));
        let units = units_of(&pairs);
        let mut writer = TableWriter::tabs(Vec::new(), [Lang::FR, Lang::EN]);
        units.iter().for_each(|unit| writer.write(unit).unwrap());
        let file = writer.finish().unwrap();
        let options = ReadOptions::new().header_row(false);
        let mut reader = TableReader::tabs(file.as_slice(), options).unwrap();
        let read: Vec<Unit> = reader.units().map(|unit| unit.unwrap()).collect();
        prop_assert_eq!(read, units);
    }

    /// Text without tabs and line ends needs no marks, and is taken as it is, marks and all.
    #[test]
    fn plain_two_column_text_is_taken_as_it_is(lines in vec(("[\"a-zéё, ]{1,9}[a-z]", "[a-z][\"a-z;]{1,9}"), 1..6)) {
        let text: String = lines.iter().map(|(a, b)| format!("{a}\t{b}\n")).collect();
        let options = ReadOptions::new().header_row(false);
        let mut reader = TableReader::tabs(text.as_bytes(), options).unwrap();
        let read: Vec<Unit> = reader.units().map(|unit| unit.unwrap()).collect();
        prop_assert_eq!(read, units_of(&lines));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..300)) {
        for name in ["x.csv", "x.tsv", "x.po", "x.tmx", "x.xlf", "x"] {
            let input = std::io::Cursor::new(bytes.clone());
            if let Ok(reader) = exchange::read(input, name.as_ref(), ReadOptions::new()) {
                reader.for_each(drop);
            }
        }
    }
}

#[test]
fn what_a_row_says_beside_the_segments_is_kept() {
    let table = "id,fr,en,Sujet,note\n7,Paix,Peace,politique,à revoir\n,seul,,,\n,a,b,,,x\n";
    let options = ReadOptions::new().keep_rejected(true);
    let mut reader = TableReader::new(table.as_bytes(), options).unwrap();
    let units: Vec<Unit> = reader.units().map(|unit| unit.unwrap()).collect();
    assert_eq!(units.len(), 2);
    assert_eq!(units[0].metadata.attribute("tuid"), Some("7"));
    assert_eq!(units[0].metadata.property("x-sujet"), Some("politique"));
    assert_eq!(units[0].metadata.notes[0].text, "à revoir");
    assert_eq!(units[1].metadata.property("x-column-6"), Some("x"));
    let rejected = reader.take_rejected();
    assert_eq!((rejected[0].diagnostic.line, &*rejected[0].text), (3, ",seul,,,"));
}

#[test]
fn encodings_and_limits() {
    let text = "Forêt\tforest\nété\tsummer\n";
    let read = |bytes: Vec<u8>| {
        let input = std::io::Cursor::new(bytes);
        let mut reader = exchange::read(input, "x.txt".as_ref(), ReadOptions::new()).unwrap();
        assert_eq!(reader.format(), Format::Tsv);
        let units: Vec<Unit> = reader.by_ref().map(|unit| unit.unwrap()).collect();
        assert_eq!(units[1].segment(&Lang::FR).unwrap().text(), "été");
        reader.diagnostics().iter().map(|d| d.problem).collect::<Vec<_>>()
    };
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(text.into()), []);
    assert_eq!(read(utf16), []);
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    assert_eq!(read(latin), [Problem::MalformedBytes, Problem::MalformedBytes]);

    let limits = Limits { segment_bytes: 5, ..Limits::default() };
    let options = ReadOptions::new().limits(limits);
    let mut reader = TableReader::tabs(text.as_bytes(), options).unwrap();
    let units = reader.units().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!((units.len(), reader.diagnostics().len()), (0, 2), "{units:?}");
}
