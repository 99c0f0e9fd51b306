//! Documents to translate: laws.

use std::fs;

use chancery::Segment;
use chancery::exchange::{BilingualFile, ErrorKind, Fill, Proposal, ReadOptions, State};
use proptest::prelude::*;

use super::{corpus, units};
use crate::data::data;

fn read(file: &[u8], name: &str) -> BilingualFile {
    BilingualFile::read(file, name.as_ref(), ReadOptions::new()).unwrap()
}

const PO: &str = "# de l'équipe\nmsgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\"X-Source-Language: en\\n\"\n\n\
    #. for the menu\n#: a.c:1 b.c:2\n#, fuzzy, c-format\n#| msgid \"Old\"\nmsgctxt \"menu\"\nmsgid \"New %s\"\n\
    msgstr \"\"\n\"Nou\"\n\"veau %s\"\n\nmsgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"un\"\nmsgstr[1] \"\"\n\n\
    #~ msgid \"gone\"\n#~ msgstr \"parti\"\n";

#[test]
fn a_po_file_says_all_it_knows() {
    let file = read(PO.as_bytes(), "x.po");
    let entries = file.entries();
    assert_eq!(entries.len(), 4);
    assert_eq!(entries[0].source_lang.as_written(), "en");
    assert_eq!(entries[0].target.as_ref().unwrap().text(), "Nouveau %s");
    assert_eq!(entries[0].state, State::Draft);
    assert_eq!(entries[0].metadata.property("context"), Some("menu"));
    assert_eq!(entries[0].metadata.property("x-flags"), Some("c-format"));
    assert_eq!(entries[2].source.text(), "many");
    assert_eq!(entries[2].state, State::Initial);
    assert!(entries[3].locked);
}

#[test]
fn flags_follow_the_state() {
    let mut file = read(PO.as_bytes(), "x.po");
    file.fill(0, Fill::new("Neuf %s", State::Translated)).unwrap();
    file.fill(2, Fill::new("beau\ncoup", State::Draft)).unwrap();
    assert!(file.fill(3, Fill::new("x", State::Final)).is_err());
    let expected = PO
        .replace("#, fuzzy, c-format\n#| msgid \"Old\"\n", "#, c-format\n")
        .replace("\"\"\n\"Nou\"\n\"veau %s\"", "\"Neuf %s\"")
        .replace("msgid \"one\"", "#, fuzzy\nmsgid \"one\"")
        .replace("msgstr[1] \"\"", "msgstr[1] \"\"\n\"beau\\n\"\n\"coup\"");
    assert_eq!(String::from_utf8(file.to_bytes().unwrap()).unwrap(), expected);
}

const FIRST: &str = r#"<?xml version="1.0"?>
<xliff version='1.2'><file original="a.txt" source-language="fr" target-language="en" datatype="plaintext"><body>
  <trans-unit id="1"><source>La <g id="1">paix</g>.</source></trans-unit>
  <trans-unit id="2" approved="yes">
    <source>Oui</source>
    <target state='final' xml:lang="en">Yes</target>
    <alt-trans match-quality="80%" origin="tm"><source>Ouï</source><target>Heard</target></alt-trans>
  </trans-unit>
  <trans-unit id="3" translate="no"><source>x</source><target/></trans-unit>
  <trans-unit id="4"><source>Un. Deux.</source><seg-source><mrk mtype="seg" mid="0">Un.</mrk> <mrk mtype="seg" mid="1">Deux.</mrk></seg-source></trans-unit>
</body></file></xliff>
"#;

#[test]
fn only_what_is_filled_changes_in_xliff_1() {
    let mut file = read(FIRST.as_bytes(), "x.xlf");
    let ids: Vec<&str> = file.entries().iter().map(|entry| &*entry.id).collect();
    assert_eq!(ids, ["1", "2", "3", "4/0", "4/1"]);
    assert_eq!(file.entries()[1].state, State::Final);
    assert_eq!(file.entries()[1].proposals[0].score, Some(80));
    assert!(file.entries()[2].locked);
    file.fill(0, Fill::new("Peace & quiet", State::Draft).score(85)).unwrap();
    file.propose(0, Proposal::new("La guerre", "War", 60)).unwrap();
    file.fill(1, Fill::new("Aye", State::Translated)).unwrap();
    file.fill(4, Fill::new("Two.", State::Translated)).unwrap();
    let expected = FIRST
        .replace(
            "paix</g>.</source>",
            "paix</g>.</source><target state=\"needs-review-translation\" \
             state-qualifier=\"fuzzy-match\">Peace &amp; quiet<g id=\"1\"></g></target>\
             <alt-trans match-quality=\"60\"><source>La guerre</source><target>War</target></alt-trans>",
        )
        .replace("<target state='final' xml:lang=\"en\">Yes", "<target state='translated' xml:lang=\"en\">Aye")
        .replace("approved=\"yes\"", "approved=\"no\"")
        .replace(
            "Deux.</mrk></seg-source>",
            "Deux.</mrk></seg-source><target state=\"translated\"><mrk mtype=\"seg\" mid=\"0\"></mrk> \
             <mrk mtype=\"seg\" mid=\"1\">Two.</mrk></target>",
        );
    assert_eq!(String::from_utf8(file.to_bytes().unwrap()).unwrap(), expected);
}

const SECOND: &str = r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="fr" trgLang="en">
 <file id="f"><unit id="u"><notes><note>n</note></notes>
  <segment id="a" state="translated" subState="x:y"><source>Oui<ph id="1"/></source><target>Yes</target></segment>
  <segment><source>La <pc id="2">paix</pc><cp hex="0007"/></source></segment>
 </unit></file></xliff>"#;

#[test]
fn only_what_is_filled_changes_in_xliff_2() {
    let mut file = read(SECOND.as_bytes(), "x.xlf");
    assert_eq!(file.entries()[0].id, "u/a");
    assert_eq!(file.entries()[1].source.text(), "La paix\u{7}");
    file.fill(0, Fill::new("Aye", State::Final)).unwrap();
    file.propose(1, Proposal::new("La guerre", "War", 60)).unwrap();
    let expected = SECOND
        .replace("state=\"translated\" subState=\"x:y\"", "state=\"final\"")
        .replace("<target>Yes", "<target>Aye<ph id=\"1\"/>")
        .replace("<segment><source>La", "<segment id=\"s2\"><source>La")
        .replace(
            "<unit id=\"u\">",
            "<unit id=\"u\"><mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\">\
             <mtc:match ref=\"#s2\" similarity=\"60.0\"><source>La guerre</source>\
             <target>War</target></mtc:match></mtc:matches>",
        );
    let written = file.to_bytes().unwrap();
    assert_eq!(String::from_utf8(written.clone()).unwrap(), expected);
    assert_eq!(read(&written, "x.xlf").entries()[1].proposals[0].score, Some(60));
}

proptest! {
    // Rare accidents need many tries; one takes some 20 µs.
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is put in the place of a few bytes, a document is given back as it came, or refused
    /// with a place in it.
    #[test]
    fn a_spoilt_document_is_given_back_or_refused(
        file in proptest::sample::select(vec![("x.xlf", FIRST), ("x.po", PO), ("x.xlf", SECOND)]),
        at in any::<proptest::sample::Index>(),
        cut in 0usize..3,
        put in "[<\"'=éa]{0,3}",
    ) {
        let (name, source) = file;
        let mut spoilt = source.as_bytes().to_vec();
        let at = at.index(spoilt.len());
        let end = (at + cut).min(spoilt.len());
        spoilt.splice(at..end, put.bytes());
        match BilingualFile::read(&*spoilt, name.as_ref(), ReadOptions::new()) {
            Ok(document) => {
                if let Ok(same) = document.to_bytes() {
                    prop_assert_eq!(same, spoilt);
                }
            }
            Err(error) => {
                let lines = spoilt.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
                prop_assert!(error.line().is_none_or(|line| (1..=lines).contains(&line)), "{}", error);
            }
        }
    }
}

proptest! {
    /// Whatever is filled in is read again, and nothing else is different.
    #[test]
    fn what_is_filled_is_read_back(
        text in units::text(),
        which in 0usize..5,
        file in proptest::sample::select(vec![("x.xlf", FIRST), ("x.po", PO), ("x.xlf", SECOND)]),
    ) {
        let (name, source) = file;
        let mut document = read(source.as_bytes(), name);
        let which = which % document.entries().len();
        prop_assume!(!document.entries()[which].locked && !text.is_empty());
        document.fill(which, Fill::new(&*text, State::Translated)).unwrap();
        let again = read(&document.to_bytes().unwrap(), name);
        for (at, (before, after)) in document.entries().iter().zip(again.entries()).enumerate() {
            let target = |segment: &Option<Segment>| segment.as_ref().map(|s| s.text().into_owned());
            if at == which {
                prop_assert_eq!(target(&after.target), Some(text.clone()));
                prop_assert_eq!(after.state, State::Translated);
            } else {
                // A segment that gets a target because its neighbour has one stays untranslated.
                let old = target(&before.target).unwrap_or_default();
                prop_assert_eq!(target(&after.target).unwrap_or_default(), old);
            }
            prop_assert_eq!(&before.source, &after.source);
        }
    }

    #[test]
    fn a_cut_document_is_refused(at in any::<proptest::sample::Index>()) {
        let end = FIRST.rfind("</xliff>").unwrap() + 7;
        let cut = &FIRST.as_bytes()[..at.index(end)];
        if let Err(error) = BilingualFile::read(cut, "x.xlf".as_ref(), ReadOptions::new()) {
            let known = matches!(
                error.kind(),
                ErrorKind::CutOff | ErrorKind::OtherFormat | ErrorKind::Malformed
            );
            prop_assert!(known, "{}", error);
        } else {
            prop_assert!(false, "taken as whole: {}", at.index(end));
        }
    }
}

/// Every file is given back byte for byte where nothing changes, and with what was put in where
/// something does.
#[test]
fn documents_of_other_tools_survive() {
    for (folder, extensions) in [
        ("formats/xliff", ["xlf", "xliff", "sdlxliff", "mqxliff"].as_slice()),
        ("formats/po", ["po", "pot"].as_slice()),
    ] {
        let Some(folder) = data(folder) else { return };
        let (mut whole, mut entries, mut refused) = (0, 0, Vec::new());
        for path in corpus::files(&folder, extensions) {
            let bytes = fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let opened = BilingualFile::read(&*bytes, &path, ReadOptions::new());
            let mut file = match opened {
                Ok(file) => file,
                Err(error) => {
                    refused.push(format!("{name}: {error}"));
                    continue;
                }
            };
            match file.to_bytes() {
                Ok(same) => assert!(same == bytes, "{name} is not given back as it was"),
                Err(error) => {
                    refused.push(format!("{name}: {error}"));
                    continue;
                }
            }
            let open: Vec<usize> =
                (0..file.entries().len()).filter(|&at| !file.entries()[at].locked).collect();
            for &at in &open {
                file.fill(at, Fill::new(format!("target {at}"), State::Translated)).unwrap();
            }
            let again = BilingualFile::read(&*file.to_bytes().unwrap(), &path, ReadOptions::new());
            let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(file.entries().len(), again.entries().len(), "{name}");
            for &at in &open {
                let target = again.entries()[at].target.as_ref();
                let text = target.map(|target| target.text().into_owned());
                assert_eq!(text.as_deref(), Some(&*format!("target {at}")), "{name}");
            }
            whole += 1;
            entries += file.entries().len();
        }
        println!("{}: {whole} files whole, {entries} segments", folder.display());
        refused.iter().for_each(|refused| println!("  {refused}"));
    }
}

/// Found by fuzzing: nothing can be put between attributes that are not well-formed, and the
/// elements of one version may stand under the number of another.
#[test]
fn a_damaged_document_is_given_back_but_not_filled() {
    let damaged = FIRST.replace("datatype=\"plaintext\"", "datatype=plaintext");
    let mut file = read(damaged.as_bytes(), "x.xlf");
    assert_eq!(file.to_bytes().unwrap(), damaged.as_bytes());
    file.fill(0, Fill::new("x", State::Draft)).unwrap();
    assert!(matches!(file.to_bytes().unwrap_err().kind(), ErrorKind::Malformed));

    let renamed = FIRST.replace("version='1.2'", "version='2.2'");
    let mut file = read(renamed.as_bytes(), "x.xlf");
    file.fill(0, Fill::new("x", State::Translated)).unwrap();
    let again = read(&file.to_bytes().unwrap(), "x.xlf");
    assert_eq!(again.entries()[0].target.as_ref().unwrap().text(), "x");
}
