//! Files that tools in the field really wrote, and hostile ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chancery::Unit;
use chancery::exchange::{Header, TmxReader, TmxWriter};

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
