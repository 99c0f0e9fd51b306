//! The compliance kit of TMX (LISA, public domain): what each import test demands.

use std::fs;
use std::path::Path;

#[cfg(feature = "documents")]
use chancery::exchange::documents::read_text;
use chancery::exchange::{
    BilingualFile, Flavour, Header, ReadOptions, TmxReader, TmxWriter, validate,
};
#[cfg(feature = "documents")]
use chancery::text::Segmenter;
use chancery::unit::{CodeContent, Part};
use chancery::{Lang, Segment, Unit};

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

/// A segment in the markup of the document it came from.
fn native(segment: &Segment) -> String {
    let mut out = String::new();
    for part in segment.parts() {
        match part {
            Part::Text(text) => {
                out += &text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            }
            Part::Code(code) => {
                for content in &code.content {
                    match content {
                        CodeContent::Native(markup) => out += markup,
                        CodeContent::SubFlow { segment, .. } => out += &native(segment),
                    }
                }
            }
        }
    }
    out
}

fn pair(unit: &Unit) -> [&Segment; 2] {
    let segment = |lang| unit.segment(&Lang::from_written(lang)).unwrap();
    [segment("en-us"), segment("fr-ca")]
}

/// At level 2 the codes are put back as well: the units of the kit, counted from 0 or from 1,
/// translate its web page.
#[test]
fn codes_of_level_2_give_the_expected_page() {
    let Some(kit) = data("formats/tmx-compliance-kit") else { return };
    let page = |name: &str| {
        let page = expected(&kit.join(name));
        // It writes a quotation mark as a reference, as it may or may not.
        page.replace("&quot;", "\"")
    };
    for name in ["ImportTest2A.tmx", "ImportTest2A-0index.tmx"] {
        let mut translated = page("ImportTest2A.htm");
        for unit in units(&kit.join(name)) {
            let [from, to] = pair(&unit).map(native);
            assert!(translated.contains(&from), "{name}: {from} is not in {translated}");
            translated = translated.replacen(&from, &to, 1);
        }
        assert_eq!(translated, page("ImportTest2A_fr-ca.htm"), "{name}");
    }
    // The same units with the codes of another format.
    let texts = |name: &str| -> Vec<[String; 2]> {
        let units = units(&kit.join(name));
        units.iter().map(|unit| pair(unit).map(|segment| segment.text().into_owned())).collect()
    };
    // One word of its last unit is spelt otherwise.
    assert_eq!(texts("ImportTest2A.tmx")[..6], texts("ImportTest2B.tmx")[..6]);
}

/// The language of the source is that of the header or of the unit, wherever it stands; several
/// variants and every note, property and attribute are kept.
#[test]
fn the_other_import_tests_keep_what_they_are_about() {
    let Some(kit) = data("formats/tmx-compliance-kit") else { return };
    let texts = |name: &str, lang: &str| -> Vec<String> {
        let lang = Lang::from_written(lang);
        let units = units(&kit.join(name));
        units.iter().filter_map(|unit| Some(unit.segment(&lang)?.text().into_owned())).collect()
    };
    let us = ["First entry in US English", "Second entry in US English"];
    assert_eq!(texts("ImportTest1J.tmx", "en-us"), us);
    assert_eq!(texts("ImportTest1J_many.tmx", "en-us")[..2], us);
    let sources: Vec<_> = units(&kit.join("ImportTest1K.tmx"))
        .iter()
        .map(|unit| unit.metadata.attribute("srclang").unwrap().to_owned())
        .collect();
    assert_eq!(sources, ["de-de", "fr-ca"]);

    for (name, unit_notes) in [("ImportTest1L.tmx", 2), ("ImportTest2C.tmx", 2)] {
        let path = kit.join(name);
        let mut reader = TmxReader::open(&path, ReadOptions::new()).unwrap();
        let all: Vec<Unit> = reader.units().collect::<Result<_, _>>().unwrap();
        let header = reader.header();
        assert_eq!(header.metadata.notes.len(), 2, "{name}");
        assert_eq!(header.metadata.properties.len(), 1, "{name}");
        assert_eq!(all[0].metadata.notes.len(), unit_notes, "{name}");
        assert_eq!(all[0].metadata.attribute("usagecount"), Some("100"), "{name}");
        for variant in &all[0].variants {
            assert!(!variant.metadata.properties.is_empty(), "{name}");
            assert_eq!(variant.metadata.attribute("changeid"), Some("ys"), "{name}");
        }
    }
}

/// The strings of a resource or a properties file, which have no reader here: what follows the
/// name, without quotation marks.
fn strings(path: &Path) -> Vec<String> {
    let text = expected(path);
    let lines = text.lines().map(str::trim).filter_map(|line| line.split_once(' '));
    lines
        .map(|(_, value)| {
            let mut value = value.trim_matches('"').to_owned();
            while let Some(at) = value.find("\\u") {
                let code = u32::from_str_radix(&value[at + 2..at + 6], 16).unwrap();
                value.replace_range(at..at + 6, &char::from_u32(code).unwrap().to_string());
            }
            value
        })
        .collect()
}

fn entries(path: &Path) -> Vec<String> {
    let file = BilingualFile::open(path, ReadOptions::new()).unwrap();
    let targets = file.entries().iter().map(|entry| entry.target.as_ref().unwrap());
    targets.map(|target| target.text().into_owned()).collect()
}

#[cfg(feature = "documents")]
fn sentences(path: &Path, lang: &Lang) -> Vec<String> {
    let text = read_text(path, &ReadOptions::new()).unwrap();
    let segmenter = Segmenter::for_lang(lang);
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .flat_map(|line| segmenter.sentences(line).into_iter().map(|span| line[span].trim()))
        .map(str::to_owned)
        .collect()
}

/// A translated document, written as TMX, holds the texts that the kit's own TMX holds.
#[test]
fn export_tests_give_the_expected_units() {
    let Some(kit) = data("formats/tmx-compliance-kit") else { return };
    let (english, french) = (Lang::from_written("en-us"), Lang::from_written("fr-ca"));
    let both = |read: &dyn Fn(&Path, &Lang) -> Vec<String>, name: &str, extension: &str| {
        let file = |suffix: &str| kit.join(format!("ExportTest{name}{suffix}.{extension}"));
        let (from, to) = (read(&file(""), &english), read(&file("_fr"), &french));
        assert_eq!(from.len(), to.len(), "{name}");
        from.into_iter().zip(to).map(|(from, to)| [from, to]).collect::<Vec<_>>()
    };
    let xliff = BilingualFile::open(kit.join("ExportTest1E.xlf"), ReadOptions::new()).unwrap();
    let offered = xliff.entries().iter().map(|entry| {
        [&entry.source, &entry.proposals[0].target].map(|segment| segment.text().into_owned())
    });
    let tests = [
        ("1A", both(&|path, _| strings(path), "1A", "rc")),
        #[cfg(feature = "documents")]
        ("1B", both(&sentences, "1B", "htm")),
        ("1C", both(&|path, _| strings(path), "1C", "properties")),
        ("1D", both(&|path, _| entries(path), "1D", "po")),
        ("1E", offered.collect()),
        #[cfg(feature = "documents")]
        ("2A", both(&sentences, "2A", "htm")),
    ];
    for (name, pairs) in tests {
        let mut file = tempfile::Builder::new().suffix(".tmx").tempfile().unwrap();
        let header = Header::new(&english);
        let mut writer =
            TmxWriter::with_flavour(file.as_file_mut(), &header, Flavour::Strict).unwrap();
        for [from, to] in &pairs {
            let unit = Unit::pair((english.clone(), from.clone()), (french.clone(), to.clone()));
            writer.write(&unit).unwrap();
        }
        writer.finish().unwrap();
        let found = validate(file.path(), ReadOptions::new().strict(true)).unwrap();
        assert!(found.is_valid(), "{name}: {:?}", found.diagnostics);
        let texts = |units: Vec<Unit>| -> Vec<[String; 2]> {
            units.iter().map(|unit| pair(unit).map(|segment| segment.text().into_owned())).collect()
        };
        let wanted = texts(units(&kit.join(format!("ExportTest{name}.tmx"))));
        assert_eq!(texts(units(file.path())), wanted, "{name}");
    }
}
