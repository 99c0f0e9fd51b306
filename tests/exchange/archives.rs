//! Archives and spreadsheets.

use std::io::{Cursor, Write};

use chancery::exchange::{self, ErrorKind, Format, Limits, ReadOptions};
use chancery::{Lang, Unit};

use super::corpus;
use crate::data::data;

const TMX: &str = "<tmx version='1.4'><header srclang='fr'/><body><tu><tuv xml:lang='fr'><seg>Un</seg>\
                   </tuv><tuv xml:lang='en'><seg>One</seg></tuv></tu></body></tmx>";

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn read(bytes: Vec<u8>, name: &str) -> Result<(Vec<Unit>, usize), exchange::Error> {
    let mut reader = exchange::read(Cursor::new(bytes), name.as_ref(), ReadOptions::new())?;
    let units = reader.by_ref().collect::<Result<Vec<_>, _>>()?;
    Ok((units, reader.diagnostics().len()))
}

#[test]
fn a_gzip_archive_is_read_as_the_file_in_it() {
    let (units, odd) = read(gzip(TMX.as_bytes()), "x.tmx.gz").unwrap();
    assert_eq!((units.len(), odd), (1, 0));
    let (units, _) = read(gzip("oui\tyes\n".as_bytes()), "x.tsv.gz").unwrap();
    assert_eq!(units[0].segment(&Lang::EN).unwrap().text(), "yes");
}

#[test]
fn a_bomb_is_stopped_and_an_archive_in_an_archive_refused() {
    let bomb = format!("{TMX}{}", " ".repeat(40 << 20));
    let error = read(gzip(bomb.as_bytes()), "x.tmx.gz").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit), "{error}");
    let limits = Limits { archive_ratio: 1_000_000, ..Limits::default() };
    let options = ReadOptions::new().limits(limits);
    let input = Cursor::new(gzip(bomb.as_bytes()));
    let reader = exchange::read(input, "x.tmx.gz".as_ref(), options).unwrap();
    assert_eq!(reader.count(), 1);
    let error = read(gzip(&gzip(TMX.as_bytes())), "x.tmx.gz.gz").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported), "{error}");
}

#[test]
fn all_files_with_units_in_a_zip_archive_are_read() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in
        [("a/x.tmx", TMX), ("LISEZMOI", "rien\n"), ("y.csv", "fr,en\noui,yes\nnon,no\n")]
    {
        zip.start_file(name, stored).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let (units, odd) = read(bytes.clone(), "x.zip").unwrap();
    assert_eq!((units.len(), odd), (3, 1));
    for cut in (0..bytes.len()).step_by(7) {
        let _ = read(bytes[..cut].to_vec(), "x.zip");
    }
}

#[test]
fn spreadsheets_are_tables() {
    let Some(folder) = data("formats/glossary") else { return };
    for path in corpus::files(&folder, &["xlsx"]) {
        let options = ReadOptions::new().langs([Lang::EN, Lang::from_written("de")]);
        let reader = exchange::open(&path, options).unwrap();
        assert_eq!(reader.format(), Format::Xlsx);
        let units = reader.collect::<Result<Vec<_>, _>>().unwrap();
        assert!(!units.is_empty(), "{}", path.display());
    }
}
