//! Files that tools in the field really wrote, and hostile ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use chancery::Unit;
use chancery::exchange::{Header, ReadOptions, TmxReader, TmxWriter, validate};

use crate::data::data;

/// The files of a folder with one of these extensions, in order.
pub(super) fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds none of {extensions:?}", folder.display());
    files
}

fn read(bytes: &[u8]) -> Result<(Header, Vec<Unit>, u64), chancery::exchange::Error> {
    let mut reader = TmxReader::new(bytes)?;
    let units = reader.units().collect::<Result<Vec<_>, _>>()?;
    let (_, rejected) = reader.counts();
    Ok((reader.header().clone(), units, rejected))
}

/// Every TMX file gives its units, and what is written of them is read as equal units.
#[test]
fn tmx_files_survive_reading_and_writing() {
    for folder in ["formats/tmx", "formats/tmx-inline", "formats/tmx-compliance-kit"] {
        let Some(folder) = data(folder) else { return };
        let (mut whole, mut failed) = (0, Vec::new());
        for path in files(&folder, &["tmx", "xml"]) {
            let bytes = fs::read(&path).unwrap();
            let (header, units, rejected) = match read(&bytes) {
                Ok(read) => read,
                Err(error) => {
                    failed.push(format!("{}: {error}", path.display()));
                    continue;
                }
            };
            if rejected > 0 {
                failed.push(format!("{}: {rejected} units rejected", path.display()));
            }
            let mut writer = TmxWriter::new(Vec::new(), &header).unwrap();
            units.iter().for_each(|unit| writer.write(unit).unwrap());
            assert_eq!(writer.dropped(), 0, "{}", path.display());
            let (header_again, again, rejected) = read(&writer.finish().unwrap()).unwrap();
            assert_eq!(units, again, "{}", path.display());
            assert_eq!(header.metadata, header_again.metadata, "{}", path.display());
            assert_eq!(rejected, 0, "{}", path.display());
            whole += 1;
        }
        println!("{}: {whole} files whole", folder.display());
        failed.iter().for_each(|failure| println!("  {failure}"));
    }
}

/// What is refused, or loses a unit, is what an independent parser refuses too: a table of all
/// files.
#[test]
fn only_what_is_not_well_formed_is_refused() {
    /// Well-formed, but of another kind than their names say, or with parts of concepts outside of
    /// any concept.
    const OTHERS: [&str; 4] = [
        "microsoft-xliffom__InvalidFile.xlf",
        "opentm2__OTMUTF16.TBX",
        "byutrg-Py-TBXv3-tools__Astronomy_DCA-Bad4.tbx",
        "byutrg-Py-TBXv3-tools__astronomyinvalid.tbx",
    ];
    if Command::new("xmllint").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "xmllint is missing (libxml2-utils)");
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let mut wrong = Vec::new();
    println!(
        "{:18} {:>5} {:>7} {:>8} {:>8} {:>8}",
        "", "files", "units", "findings", "rejected", "refused"
    );
    for (folder, extensions) in [
        ("tmx", ["tmx", "xml"].as_slice()),
        ("tmx-inline", &["tmx"]),
        ("tmx-compliance-kit", &["tmx"]),
        ("xliff", &["xlf", "xliff", "sdlxliff", "mqxliff"]),
        ("tbx", &["tbx", "TBX", "default"]),
        ("tbx-inline", &["tbx"]),
        ("po", &["po", "pot"]),
    ] {
        let Some(path) = data(&format!("formats/{folder}")) else { return };
        let (mut all, mut units, mut findings, mut rejected, mut refused) = (0, 0, 0, 0, 0);
        for path in files(&path, extensions) {
            let begin = Instant::now();
            let found = validate(&path, ReadOptions::new());
            assert!(begin.elapsed() < Duration::from_secs(2), "{}", path.display());
            all += 1;
            let error = match found {
                Ok(found) => {
                    units += found.counts.0;
                    findings += found.diagnostic_count;
                    rejected += found.counts.1;
                    let lost = found.diagnostics.iter().find(|finding| finding.rejected);
                    found.error.map(|e| e.to_string()).or(lost.map(ToString::to_string))
                }
                Err(error) => Some(error.to_string()),
            };
            let Some(error) = error else { continue };
            refused += 1;
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let parsed = Command::new("xmllint").args(["--nonet", "--noout"]).arg(&path).output();
            if folder == "po" || (!OTHERS.contains(&&*name) && parsed.unwrap().status.success()) {
                wrong.push(format!("{name}: {error}"));
            }
        }
        println!("{folder:18} {all:5} {units:7} {findings:8} {rejected:8} {refused:8}");
    }
    assert!(wrong.is_empty(), "well-formed and refused: {wrong:#?}");
}

/// Hostile files end in time, whatever else they give.
#[test]
fn hostile_files_are_harmless() {
    let Some(folder) = data("formats/security-generated") else { return };
    for path in files(&folder, &["tmx"]) {
        let bytes = fs::read(&path).unwrap();
        let begin = Instant::now();
        let read = read(&bytes);
        assert!(begin.elapsed() < Duration::from_secs(2), "{}", path.display());
        let said = match read {
            Ok((_, units, rejected)) => format!("{} units, {rejected} rejected", units.len()),
            Err(error) => error.to_string(),
        };
        println!("{}: {said}", path.display());
    }
}
