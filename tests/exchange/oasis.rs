//! The test suite of OASIS for XLIFF 2: what is valid is accepted, what is not is rejected with the
//! clause.

use std::fs;

use chancery::exchange::{ReadOptions, validate};

use crate::data::data;

#[test]
fn the_suite_is_judged_as_its_authors_did() {
    let Some(folder) = data("formats/xliff") else { return };
    let manifest = fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let (mut valid, mut invalid, mut wrong, mut missed) = (0, 0, Vec::new(), Vec::new());
    for line in manifest.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let (file, path) = (cells[0], cells[2]);
        // Of the suite for 2.2, the files that are of 2.1 or older count too.
        if !path.contains("/test-suite/") || cells.get(6).is_some_and(|&version| version == "2.2") {
            continue;
        }
        let options = ReadOptions::new().strict(true);
        let found = validate(folder.join(file), options);
        let rejected = match &found {
            Ok(found) => !found.is_valid(),
            Err(_) => true,
        };
        if path.contains("/invalid/") {
            invalid += 1;
            if !rejected {
                missed.push(file);
            }
        } else {
            valid += 1;
            if rejected {
                let first = found.as_ref().ok().and_then(|found| found.diagnostics.first());
                let said = first.map(|d| format!("{d} [{}]", d.clause));
                wrong.push(format!("{file}: {}", said.unwrap_or_default()));
            }
        }
    }
    println!(
        "{valid} valid, {} rejected; {invalid} invalid, {} accepted",
        wrong.len(),
        missed.len()
    );
    wrong.iter().for_each(|file| println!("  rejected: {file}"));
    missed.iter().for_each(|file| println!("  accepted: {file}"));
    assert!(wrong.is_empty());
    assert!(missed.len() * 20 <= invalid, "more than 5 % of the invalid files are accepted");
}
