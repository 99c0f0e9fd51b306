//! What is written for other tools is what the standard demands.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use chancery::exchange::{self, Flavour, Header, ReadOptions, TmxReader, TmxWriter, validate};
use chancery::{Lang, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{corpus, units};
use crate::data::data;

fn flavours() -> Vec<Flavour> {
    let pair = Flavour::Trados { source: Lang::FR, target: Lang::EN };
    vec![Flavour::Strict, Flavour::Level1, Flavour::OmegaT, pair]
}

fn write(out: impl Write, header: &Header, flavour: Flavour, units: &[Unit]) {
    let mut writer = TmxWriter::with_flavour(out, header, flavour).unwrap();
    units.iter().for_each(|unit| writer.write(unit).unwrap());
    writer.finish().unwrap();
}

/// What a tool that is strict about pairs, dates and tags would not take, and no flavour repairs:
/// the values that came in.
fn is_value(code: &str) -> bool {
    matches!(code, "invalid-value" | "malformed-language")
}

proptest! {
    /// Any unit, whatever it came from, is written as the standard demands.
    #[test]
    fn every_flavour_is_valid(written in vec(units::unit(1..=3), 0..3)) {
        for flavour in flavours() {
            let mut file = tempfile::Builder::new().suffix(".tmx").tempfile().unwrap();
            write(file.as_file_mut(), &Header::new(&Lang::FR), flavour.clone(), &written);
            let found = validate(file.path(), ReadOptions::new().strict(true)).unwrap();
            prop_assert!(found.error.is_none(), "{:?}", found.error);
            let wrong = found.diagnostics.iter().find(|d| !is_value(d.code()));
            prop_assert!(wrong.is_none(), "{flavour:?}: {}", wrong.unwrap());
        }
    }

    /// No flavour touches the text of a segment.
    #[test]
    fn every_flavour_keeps_the_text(written in units::unit(1..=3)) {
        for flavour in [Flavour::Strict, Flavour::Level1, Flavour::OmegaT] {
            let mut file = Vec::new();
            write(&mut file, &Header::new(&Lang::FR), flavour, std::slice::from_ref(&written));
            let read = TmxReader::new(file.as_slice()).unwrap().into_units().next().unwrap();
            let texts = |unit: &Unit| -> Vec<String> {
                unit.variants.iter().map(|variant| variant.segment.text().into_owned()).collect()
            };
            prop_assert_eq!(texts(&read.unwrap()), texts(&written));
        }
    }
}

/// The files of other tools, in whatever format, written in every flavour, pass the document type
/// definition of TMX 1.4 in the hands of an independent validator.
#[test]
fn strict_exports_pass_the_dtd() {
    let Some(schemas) = data("formats/schemas/tmx/tmx14.dtd") else { return };
    if Command::new("xmllint").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "xmllint is missing (libxml2-utils)");
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let mut sources = 0;
    for (folder, extensions) in [
        ("formats/tmx", ["tmx", "xml"].as_slice()),
        ("formats/tmx-inline", &["tmx"]),
        ("formats/tmx-compliance-kit", &["tmx"]),
        ("formats/xliff", &["xlf", "xliff", "sdlxliff", "mqxliff"]),
        ("formats/po", &["po", "pot"]),
        ("formats/glossary", &["csv", "tab"]),
    ] {
        let Some(folder) = data(folder) else { return };
        for path in corpus::files(&folder, extensions) {
            let Ok(mut reader) = exchange::open(&path, ReadOptions::new()) else { continue };
            let Ok(units) = reader.by_ref().collect::<Result<Vec<Unit>, _>>() else { continue };
            let header = reader.header().cloned().unwrap_or_else(|| Header::new(&Lang::FR));
            sources += 1;
            for (number, mut flavour) in flavours().into_iter().enumerate() {
                if let (Flavour::Trados { source, target }, Some(unit)) =
                    (&mut flavour, units.first())
                    && let [first, .., last] = unit.variants.as_slice()
                {
                    (*source, *target) = (first.lang.clone(), last.lang.clone());
                }
                let name = format!("{number}-{sources}.tmx");
                let file = fs::File::create(out.path().join(name)).unwrap();
                write(BufWriter::new(file), &header, flavour, &units);
            }
        }
    }
    let written = corpus::files(out.path(), &["tmx"]);
    for files in written.chunks(200) {
        check(&schemas, files);
    }
    println!("{sources} files, {} exports valid", written.len());
}

fn check(dtd: &Path, files: &[std::path::PathBuf]) {
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--dtdvalid"])
        .arg(dtd)
        .args(files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let first: Vec<&str> = said.lines().filter(|line| line.contains("error")).take(5).collect();
    let shown = first.first().and_then(|line| line.split(':').next()).map(fs::read_to_string);
    assert!(
        output.status.success(),
        "{first:#?}\n{:.3000}",
        shown.map_or(String::new(), |t| t.unwrap_or_default())
    );
}
