//! The compliance kit of TMX (LISA, public domain): what each import test demands.

use std::fs;
use std::path::Path;

use chancery::exchange::{ReadOptions, TmxReader};
use chancery::{Lang, Unit};

use crate::data::data;

fn units(path: &Path) -> Vec<Unit> {
    let mut reader = TmxReader::open(path, ReadOptions::new()).unwrap();
    let units = reader.units().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(reader.counts().1, 0, "{}", path.display());
    units
}

/// The expected text of a translated document.
fn expected(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    chancery::text::decode(&bytes)
        .unwrap_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect())
}

/// Each target segment stands in the translated document that the kit expects.
#[test]
fn import_tests_give_the_expected_targets() {
    let Some(kit) = data("formats/tmx-compliance-kit") else { return };
    let mut tests = 0;
    for (test, target) in [
        ("1A", "fr-ca"),
        ("1B", "fr-ca"),
        ("1C", "fr-ca"),
        ("1D", "en-gb"),
        ("1E", "en-gb"),
        ("1F", "en-gb"),
        ("1G", "en-gb"),
        ("1H", "en-gb"),
        ("1I", "ja-jp"),
    ] {
        let units = units(&kit.join(format!("ImportTest{test}.tmx")));
        let source = expected(&kit.join(format!("ImportTest{test}.txt")));
        let translated = expected(&kit.join(format!("ImportTest{test}_{target}.txt")));
        assert!(!units.is_empty());
        let lang = Lang::from_written(target);
        let mut rest = source;
        for unit in &units {
            let from = unit.variants.iter().find(|v| rest.contains(&*v.segment.text()));
            let Some(from) = from else { panic!("{test}: {unit:?} is not in {rest:?}") };
            let to = unit.segment(&lang).unwrap().text().into_owned();
            rest = rest.replacen(&*from.segment.text(), &to, 1);
        }
        assert_eq!(rest, translated, "{test}");
        tests += 1;
    }
    println!("{tests} import tests of level 1 give the expected document");
}
