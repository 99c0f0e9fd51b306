//! Other programs read our TMX, and what they write is read as equal units.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use chancery::exchange::{Flavour, Header, ReadOptions, TmxReader, TmxWriter};
use chancery::{Lang, Unit};

const PAIRS: [(&str, &str); 4] = [
    ("La séance est ouverte à l’heure prévue.", "The meeting opens at the appointed time."),
    ("Paix & sécurité <extrait> «\u{a0}suite\u{a0}»", "Peace & security <excerpt> “continued”"),
    ("\"Titre\" entre guillemets", "\"Title\" in quotation marks"),
    ("Le point 3 a) est reporté\u{202f};", "Item 3 (a) is deferred;"),
];

fn write(path: &Path, flavour: Flavour) {
    let out = Vec::new();
    let mut writer = TmxWriter::with_flavour(out, &Header::new(&Lang::FR), flavour).unwrap();
    for (fr, en) in PAIRS {
        writer.write(&Unit::pair((Lang::FR, fr), (Lang::EN, en))).unwrap();
    }
    fs::write(path, writer.finish().unwrap()).unwrap();
}

/// The pairs of a file, in no order.
fn pairs(path: &Path) -> BTreeSet<(String, String)> {
    let mut reader = TmxReader::open(path, ReadOptions::new()).unwrap();
    let text = |unit: &Unit, lang| unit.segment(&lang).unwrap().text().into_owned();
    reader
        .units()
        .map(|unit| unit.unwrap())
        .map(|unit| (text(&unit, Lang::FR), text(&unit, Lang::EN)))
        .collect()
}

fn expected() -> BTreeSet<(String, String)> {
    PAIRS.iter().map(|(fr, en)| ((*fr).to_owned(), (*en).to_owned())).collect()
}

/// Whether a program cannot be run here; a check that needs it then says that it is skipped.
fn missing(program: &str, probe: &[&str]) -> bool {
    let run = Command::new(program).args(probe).output();
    if run.is_ok_and(|output| output.status.success()) {
        return false;
    }
    eprintln!("skipped: {program} {} does not run here", probe.join(" "));
    true
}

#[test]
fn translate_toolkit_reads_ours_and_we_read_its() {
    let python = std::env::var("CHANCERY_PYTHON").unwrap_or_else(|_| "/usr/bin/python3".to_owned());
    if missing(&python, &["-c", "import translate.storage.tmx"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (ours, its) = (folder.path().join("ours.tmx"), folder.path().join("its.tmx"));
    write(&ours, Flavour::Lossless);
    let script = "import sys\nfrom translate.storage import tmx\n\
                  s = tmx.tmxfile.parsefile(sys.argv[1])\nassert len(s.units) == 4\n\
                  open(sys.argv[2], 'wb').write(bytes(s))";
    let run = Command::new(python).args(["-c", script]).args([&ours, &its]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(pairs(&its), expected());
}

/// OmegaT translates a document from our memory and writes its own.
#[test]
fn omegat_translates_from_ours_and_we_read_its() {
    if !Path::new("/usr/bin/omegat").exists() {
        eprintln!("skipped: OmegaT is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    for name in ["source", "target", "tm/auto", "glossary", "dictionary", "omegat"] {
        fs::create_dir_all(project.join(name)).unwrap();
    }
    write(&project.join("tm/auto/ours.tmx"), Flavour::OmegaT);
    let source: String = PAIRS.iter().map(|(fr, _)| format!("{fr}\n\n")).collect();
    fs::write(project.join("source/note.txt"), source).unwrap();
    let folders: String = ["source", "target", "tm", "glossary", "dictionary"]
        .iter()
        .map(|name| format!("<{name}_dir>__DEFAULT__</{name}_dir>"))
        .collect();
    let settings = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><omegat><project version=\"1.0\">{folders}\
         <source_lang>FR</source_lang><target_lang>EN</target_lang>\
         <sentence_seg>false</sentence_seg></project></omegat>"
    );
    fs::write(project.join("omegat.project"), settings).unwrap();
    let run = Command::new("/usr/bin/omegat")
        .arg(&project)
        .args(["--mode=console-translate", "--disable-project-locking"])
        .arg(format!("--config-dir={}", folder.path().join("config").display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let translated = fs::read_to_string(project.join("target/note.txt")).expect(&said);
    for (_, en) in PAIRS {
        assert!(translated.contains(en), "{en} is not in {translated}");
    }
    for name in ["project-omegat.tmx", "project-level2.tmx"] {
        assert_eq!(pairs(&project.join(name)), expected(), "{name}");
    }
}
