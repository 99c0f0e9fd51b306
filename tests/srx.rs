//! Segmentation rules of other projects, as found in the wild.

use std::fs;
use std::process::Command;

use chancery::Lang;
use chancery::text::Segmenter;
use chancery::text::srx::{Rules, SrxError};

use crate::data::data;

/// Files that are no SRX, and why. All others load.
const BROKEN: [(&str, &str); 4] = [
    ("translate5__InvalidRootTag.srx", "root"),
    ("translate5__NoXml.srx", "not begin with XML"),
    ("translate5__TagMismatchOuter.srx", "line 1"),
    ("translate5__languages-invalid.srx", "line 20352"),
];

#[test]
fn rules_of_others_load_and_come_out_equal_and_valid() {
    let out = tempfile::tempdir().unwrap();
    for folder in ["formats/srx", "formats/srx-inline"] {
        let Some(folder) = data(folder) else { return };
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "srx"));
        files.sort();
        assert!(!files.is_empty());
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap();
            let read = Rules::read(fs::read(&file).unwrap().as_slice());
            if let Some((_, reason)) = BROKEN.iter().find(|(broken, _)| *broken == name) {
                let error = read.unwrap_err();
                assert!(matches!(error, SrxError::Syntax { .. } | SrxError::NotSrx { .. }));
                assert!(error.to_string().contains(reason), "{name}: {error}");
                continue;
            }
            let (rules, mut problems) = read.unwrap_or_else(|error| panic!("{name}: {error}"));
            problems.extend(rules.problems());
            let count: usize = rules.languages.iter().map(|list| list.rules.len()).sum();
            println!("{name}: {count} rules, {} problems", problems.len());
            problems.iter().for_each(|problem| println!("    {problem}"));

            let mut written = Vec::new();
            rules.write(&mut written).unwrap();
            let (again, _) = Rules::read(written.as_slice()).unwrap();
            assert_eq!(again, rules, "{name}");
            fs::write(out.path().join(name), &written).unwrap();

            for lang in [Lang::FR, Lang::EN, Lang::RU, Lang::from_written("uk-UA")] {
                let (segmenter, _) = Segmenter::new(&rules, &lang);
                let text = "Le Conseil s’est réuni. Il a pris note du rapport. Séance levée à 5 h.";
                let spans = segmenter.sentences(text);
                println!(
                    "    {lang}: {} rules, {} sentences",
                    rules.for_lang(&lang).len(),
                    spans.len()
                );
            }
        }
    }
    let Some(schema) = data("formats/schemas/srx/loomchild-srx20.xsd") else { return };
    let written = fs::read_dir(out.path()).unwrap().map(|file| file.unwrap().path());
    let mut validator = Command::new("xmllint");
    validator.args(["--nonet", "--noout", "--schema"]).arg(schema).args(written);
    let Ok(done) = validator.output() else {
        assert!(std::env::var_os("CI").is_none(), "xmllint is missing (libxml2-utils)");
        eprintln!("skipped: xmllint is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&done.stderr);
    let wrong: Vec<&str> = said.lines().filter(|line| line.contains("error")).collect();
    assert!(done.status.success(), "{wrong:#?}");
}
