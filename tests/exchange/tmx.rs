//! TMX: laws.

use chancery::exchange::{ErrorKind, Header, Limits, Problem, ReadOptions, TmxReader, TmxWriter};
use chancery::{Lang, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

use super::units;

fn write(units: &[Unit]) -> Vec<u8> {
    let mut writer = TmxWriter::new(Vec::new(), &Header::new(&Lang::FR)).unwrap();
    for unit in units {
        writer.write(unit).unwrap();
    }
    assert_eq!(writer.dropped(), 0);
    writer.finish().unwrap()
}

fn read(file: &[u8], options: ReadOptions) -> (Vec<Unit>, Vec<Problem>) {
    let mut reader = TmxReader::with_options(file, options).unwrap();
    let units = reader.units().map(|unit| unit.unwrap()).collect();
    let problems = reader.diagnostics().iter().map(|diagnostic| diagnostic.problem).collect();
    (units, problems)
}

fn utf16(text: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::str::from_utf8(text).unwrap().encode_utf16().flat_map(bytes).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(written in vec(units::unit(1..=3), 0..4)) {
        let (read, problems) = read(&write(&written), ReadOptions::new());
        prop_assert_eq!(read.len(), written.len());
        for (read, written) in read.iter().zip(&written) {
            units::assert_same(read, written);
        }
        // Foreign elements are reported, nothing else is odd.
        let odd = problems.iter().find(|&&problem| problem != Problem::UnexpectedElement);
        prop_assert_eq!(odd, None);
    }

    #[test]
    fn the_encoding_makes_no_difference(written in vec(units::unit(1..=2), 1..3)) {
        let file = write(&written);
        let text = String::from_utf8(file.clone()).unwrap();
        let declared = text.replacen("UTF-8", "UTF-16", 1);
        for encoded in [
            format!("\u{feff}{text}").into_bytes(),
            utf16(format!("\u{feff}{declared}").as_bytes(), u16::to_le_bytes),
            utf16(format!("\u{feff}{declared}").as_bytes(), u16::to_be_bytes),
            utf16(declared.as_bytes(), u16::to_le_bytes),
            utf16(declared.as_bytes(), u16::to_be_bytes),
        ] {
            prop_assert_eq!(&read(&encoded, ReadOptions::new()).0, &written);
        }
    }

    /// Cut off anywhere, a file gives the whole units before the cut, and says that it is cut off.
    #[test]
    fn a_file_cut_anywhere_gives_what_is_whole(
        written in vec(units::unit(1..=2), 1..4),
        at in any::<proptest::sample::Index>(),
    ) {
        let file = write(&written);
        // Only the line end after the root may be missing.
        let cut = &file[..at.index(file.len() - 1)];
        let Ok(mut reader) = TmxReader::new(cut) else { return Ok(()) };
        let mut items: Vec<_> = reader.units().collect();
        let error = items.pop().expect("an error").expect_err("cut off");
        prop_assert!(matches!(error.kind(), ErrorKind::CutOff), "{}", error);
        let ends = memchr_count(cut, b"\n    </tu>");
        prop_assert_eq!(items.len(), ends);
        for (item, unit) in items.into_iter().zip(&written) {
            prop_assert_eq!(&item.unwrap(), unit);
        }
    }

    /// Damage costs the units it touches and no other.
    #[test]
    fn a_damaged_unit_costs_no_other(
        before in units::unit(1..=2),
        after in units::unit(1..=2),
        damage in proptest::sample::select(vec![
            "<tu><tuv xml:lang=\"fr\"><seg>a</tuv></tu>",
            "<tu><tuv xml:lang=\"fr\"><seg>a <b></seg></tuv></tu>",
            "<tu><tuv xml:lang=\"fr\"><seg>never closed",
            "<tu tuid=\"2\">",
            "<tu/>",
            "<tu></tu>",
            "<tu><tuv></tu>",
        ]),
    ) {
        let text = String::from_utf8(write(&[before.clone(), after.clone()])).unwrap();
        let second = text.find("</tu>\n").unwrap() + 6;
        let damaged = format!("{}{damage}\n{}", &text[..second], &text[second..]);
        let options = ReadOptions::new().keep_rejected(true);
        let mut reader = TmxReader::with_options(damaged.as_bytes(), options).unwrap();
        let units: Vec<Unit> = reader.units().map(|unit| unit.unwrap()).collect();
        prop_assert_eq!(units, [before, after]);
        prop_assert_eq!(reader.counts(), (3, 1));
        let rejected = reader.take_rejected();
        prop_assert_eq!(rejected.len(), 1);
        prop_assert_eq!(&rejected[0].text, damage);
        prop_assert!(rejected[0].diagnostic.rejected);
        let line = text[..second].matches('\n').count() as u64 + 1;
        let diagnostic = &rejected[0].diagnostic;
        let begin = format!("the unit begins in line {line}");
        prop_assert!(diagnostic.line == line || diagnostic.message.contains(&begin));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..300), at in 0usize..200) {
        let file = write(&[Unit::pair((Lang::FR, "Un."), (Lang::EN, "One."))]);
        let mut mixed = file.clone();
        let at = at.min(mixed.len());
        mixed.splice(at..at, bytes);
        if let Ok(mut reader) = TmxReader::new(mixed.as_slice()) {
            reader.units().for_each(drop);
        }
    }
}

fn memchr_count(text: &[u8], what: &[u8]) -> usize {
    text.windows(what.len()).filter(|window| *window == what).count()
}

#[test]
fn limits_hold_and_say_so() {
    let unit = |text: &str| Unit::pair((Lang::FR, text), (Lang::EN, "x"));
    let file = write(&[unit("short"), unit(&"long".repeat(100)), unit("short")]);
    let read = |limits: Limits| {
        let options = ReadOptions::new().limits(limits);
        let mut reader = TmxReader::with_options(file.as_slice(), options)?;
        let units = reader.units().collect::<Result<Vec<_>, _>>()?;
        Ok::<_, chancery::exchange::Error>((units.len(), reader.diagnostics().to_vec()))
    };
    let (units, found) = read(Limits { segment_bytes: 100, ..Limits::default() }).unwrap();
    assert_eq!((units, found.len()), (2, 1));
    assert_eq!(found[0].problem, Problem::LimitExceeded);
    assert!(found[0].rejected);
    for limits in [
        Limits { bytes: 500, ..Limits::default() },
        Limits { units: 2, ..Limits::default() },
        Limits { segment_bytes: 100, rejections: 0, ..Limits::default() },
    ] {
        let error = read(limits).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limit), "{error}");
    }
}

/// Found by fuzzing: what XML forbids came in by another way than text.
#[test]
fn forbidden_characters_have_no_way_in() {
    let head =
        "<!DOCTYPE tmx [<!ENTITY a 'x\u{18}y'>]><tmx version='1.4'><header srclang='fr'/><body>";
    for inside in ["<seg>&a; &b\u{0}c;</seg>", "<note><![CDATA[\u{1}&\r]]></note><seg>x</seg>"] {
        let file = format!("{head}<tu><tuv xml:lang='fr'>{inside}</tuv></tu></body></tmx>");
        let (units, _) = read(file.as_bytes(), ReadOptions::new());
        assert_eq!(read(&write(&units), ReadOptions::new()).0, units);
    }
    // A name with such a character would be another name without it.
    let file = format!("{head}<tu><tuv xml:lang='fr'><seg/></tuv><tuv\u{b}/></tu></body></tmx>");
    let mut reader = TmxReader::new(file.as_bytes()).unwrap();
    assert_eq!(reader.units().count(), 0);
    assert_eq!(reader.counts(), (1, 1));
}

#[test]
fn a_foreign_element_that_is_ill_formed_is_left_out_and_reported() {
    let file = r#"<tmx version="1.4"><header srclang="fr"/><body><tu>
        <keep a="1">k</keep><odd><b c=1></b></odd>
        <tuv xml:lang="fr"><seg>Oui.</seg></tuv><tuv xml:lang="en"><seg>Yes.</seg></tuv></tu>
        </body></tmx>"#;
    let (units, problems) = read(file.as_bytes(), ReadOptions::new());
    assert_eq!(units[0].metadata.foreign, [r#"<keep a="1">k</keep>"#]);
    assert_eq!(units[0].segment(&Lang::EN).unwrap().text(), "Yes.");
    assert!(problems.contains(&Problem::IllFormed), "{problems:?}");
}

/// Found by fuzzing: an attribute that entities make too long was read, and could not be read again
/// once it was written in full.
#[test]
fn the_value_of_an_attribute_is_what_its_limit_is_about() {
    let file = |value: &str| {
        format!(
            "<!DOCTYPE tmx [<!ENTITY a \"{}\">]><tmx version=\"1.4\"><header srclang=\"fr\"/><body>\
             <tu tuid=\"{value}\"><tuv xml:lang=\"fr\"><seg>a</seg></tuv></tu></body></tmx>",
            "a".repeat(60)
        )
    };
    let limits = Limits { attribute_bytes: 100, ..Limits::default() };
    let count = |value: &str| {
        let options = ReadOptions::new().limits(limits.clone());
        let file = file(value);
        let mut reader = TmxReader::with_options(file.as_bytes(), options).unwrap();
        reader.units().filter(Result::is_ok).count()
    };
    assert_eq!((count("&a;"), count("&a;&a;")), (1, 0));
    assert_eq!((count(&"&#65;".repeat(100)), count(&"&#65;".repeat(101))), (1, 0));
}
