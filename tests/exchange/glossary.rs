//! Glossaries as tables.

use std::fs;
use std::path::Path;

use chancery::Lang;
use chancery::exchange::{
    ErrorKind, Problem, ReadOptions, TermFile, TermFormat, read_terms, write_glossary,
};
use chancery::term::{Concept, Gender, PartOfSpeech, Status, Term, TermKind, Termbase};
use proptest::prelude::*;

use super::corpus::files;
use crate::data::data;

const PAIR: [Lang; 2] = [Lang::FR, Lang::EN];

/// The formats with a row for each term.
pub(crate) const TABLES: &[(TermFormat, &str)] = &[
    (TermFormat::Csv, "a.csv"),
    (TermFormat::Tsv, "a.tsv"),
    #[cfg(feature = "spreadsheet")]
    (TermFormat::Xlsx, "a.xlsx"),
];

fn write(base: &Termbase, format: TermFormat) -> (Vec<u8>, Vec<String>) {
    let mut file = Vec::new();
    let losses = write_glossary(&mut file, base, format, &PAIR).unwrap();
    (file, losses.iter().map(ToString::to_string).collect())
}

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<TermFile, chancery::exchange::Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    read_terms(&path, ReadOptions::new())
}

fn text() -> impl Strategy<Value = String> {
    "[a-zéЖ;,\"'|#][a-zéЖ .;,\"'|\t#-]{0,10}[a-zéЖ;,\"|.]"
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(text(), 0..3).prop_map(|set| set.into_iter().collect())
}

fn term() -> impl Strategy<Value = Term> {
    let grammar = (
        prop::sample::select(vec![TermKind::Unset, TermKind::Acronym, TermKind::Phrase]),
        prop::sample::select(vec![
            PartOfSpeech::Unset,
            PartOfSpeech::Noun,
            PartOfSpeech::ProperNoun,
            PartOfSpeech::Other,
        ]),
        prop::option::of(prop::sample::select(vec![Gender::Masculine, Gender::Neuter])),
        prop::sample::select(vec![
            Status::Unset,
            Status::Preferred,
            Status::Admitted,
            Status::Deprecated,
            Status::Forbidden,
            Status::Proposed,
        ]),
    );
    let said = (prop::option::of(text()), texts(), texts(), texts());
    let numbers = (prop::option::of(1u8..=10), prop::option::of(0u8..9));
    (text(), grammar, said, numbers).prop_map(|(text, grammar, said, (reliability, gap))| {
        let (kind, part_of_speech, gender, status) = grammar;
        let (id, contexts, sources, notes) = said;
        Term {
            id,
            kind,
            part_of_speech,
            gender,
            status,
            reliability,
            gap,
            contexts,
            sources,
            notes,
            ..Term::new(text)
        }
    })
}

/// Concepts with everything that a table holds.
pub(crate) fn termbase() -> impl Strategy<Value = Termbase> {
    let terms = prop::collection::vec((0..3usize, term()), 1..5);
    let said = (texts(), prop::option::of(text()), texts(), any::<bool>());
    prop::collection::vec((terms, said), 1..4).prop_map(|concepts| {
        let langs = ["fr", "en", "sr-Latn"];
        let numbered = concepts.into_iter().enumerate();
        numbered
            .map(|(number, (mut terms, (domains, definition, notes, proposed)))| {
                // A language comes once, as in the table.
                terms.sort_by_key(|(lang, _)| *lang);
                let mut concept = Concept::new(format!("c-{number}"));
                for (lang, term) in terms {
                    concept.add(Lang::from_written(langs[lang]), term);
                }
                Concept { domains, definition, notes, proposed, ..concept }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Tables hold concepts with their ids, and everything that terms say.
    #[test]
    fn tables_are_read_as_they_were_written(base in termbase()) {
        for &(format, name) in TABLES {
            let (file, losses) = write(&base, format);
            prop_assert!(losses.is_empty(), "{losses:?}");
            let again = read(name, &file).unwrap();
            prop_assert_eq!(again.rejected, 0);
            prop_assert_eq!(base.concepts(), again.base.concepts(), "{}", format);
        }
    }

    /// Any text is a glossary, an error, or rows that are reported; never a panic.
    #[test]
    fn any_bytes_are_harmless(bytes: Vec<u8>, text in "[a-z#\t\n\";,:]{0,80}") {
        for name in ["a.csv", "a.tsv", "a.txt", "a.utx"] {
            let _ = read(name, &bytes);
            let _ = read(name, &text);
        }
    }
}

#[test]
fn a_glossary_of_omegat_joins_what_one_source_term_has() {
    let file = "# Glossary -*- coding: utf-8 -*-\nOTAN\tNATO\tacronym\nOTAN\tAtlantic Alliance\n\
                \nConseil\tCouncil\n";
    let read = read("glossary.txt", file).unwrap();
    assert_eq!((read.format, read.base.len()), (TermFormat::OmegaT, 2));
    let nato = &read.base.concepts()[0];
    let targets: Vec<&str> = nato.terms(&Lang::EN).map(|term| term.text.as_str()).collect();
    assert_eq!(targets, ["NATO", "Atlantic Alliance"]);
    assert_eq!(nato.terms(&Lang::EN).next().unwrap().notes, ["acronym"]);
    let (written, _) = write(&read.base, TermFormat::OmegaT);
    let again = self::read("again.txt", &written).unwrap();
    assert_eq!(again.base.concepts(), read.base.concepts());
}

#[test]
fn omegat_gets_no_term_that_must_not_be_written() {
    let mut concept = Concept::new("1");
    concept.add(Lang::FR, Term::new("paix"));
    concept.add(Lang::EN, Term::new("peace"));
    concept.add(Lang::EN, Term::new("pax").with_status(Status::Forbidden));
    let base = Termbase::from_iter([concept]);
    let (file, losses) = write(&base, TermFormat::OmegaT);
    assert_eq!(String::from_utf8(file).unwrap(), "paix\tpeace\n");
    assert_eq!(losses[0], "the file: 1 deprecated or forbidden term(s)");
    let (file, _) = write(&base, TermFormat::Utx);
    let again = read("a.utx", &file).unwrap();
    let statuses: Vec<Status> =
        again.base.concepts()[0].terms(&Lang::EN).map(|term| term.status).collect();
    assert_eq!(statuses, [Status::Unset, Status::Forbidden]);
    assert!(again.base.get("1").is_some());
}

#[test]
fn columns_of_other_tools_are_understood() {
    let table = "Forbidden,Domain,Definition,en-US,Notes,fr,Notes\n\
                 ,UN,Organ,Security Council,en note,Conseil de sécurité,fr note\n\
                 true,UN,,Security Board,,Comité de sécurité,\n,,,,,,\n";
    let file = read("a.csv", table).unwrap();
    let council = &file.base.concepts()[0];
    assert_eq!(council.domains, ["UN"]);
    assert_eq!(council.definition.as_deref(), Some("Organ"));
    assert_eq!(council.terms(&Lang::FR).next().unwrap().notes, ["fr note"]);
    let board = &file.base.concepts()[1];
    assert_eq!(board.terms(&Lang::FR).next().unwrap().status, Status::Forbidden);
    // An id that is made of the term is the same in the next edition.
    let again = read("b.csv", table.replace("Organ", "An organ")).unwrap();
    assert_eq!(again.base.concepts()[0].id, council.id);
}

#[test]
fn what_is_no_glossary_says_so() {
    for (name, content) in [("a.csv", "fr,en\n"), ("a.txt", ""), ("a.tbx", "<tbx/>")] {
        let error = read(name, content).unwrap_err();
        let kind = error.kind();
        assert!(
            matches!(kind, ErrorKind::Malformed | ErrorKind::OtherFormat | ErrorKind::CutOff),
            "{name}: {error}"
        );
        assert!(error.to_string().contains(name), "{error}");
    }
    let file = read("a.csv", "term,lang,status\npaix,fr,preferred\nguerre,fr,whatever\n").unwrap();
    assert_eq!(file.diagnostics[0].problem, Problem::InvalidValue);
    assert_eq!(file.diagnostics[0].line, 3);
    assert_eq!(file.base.concepts()[1].terms(&Lang::FR).next().unwrap().extra.len(), 1);
}

#[test]
fn a_table_may_be_in_another_encoding() {
    let text = "paix\tpeace\nсовет\tcouncil\n";
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let (cyrillic, ..) =
        encoding_rs::WINDOWS_1251.encode("# -*- coding: windows-1251 -*-\nсовет\tcouncil\n");
    for bytes in [utf16.as_slice(), &cyrillic] {
        let file = read("a.txt", bytes).unwrap();
        let french = Lang::FR;
        let terms: Vec<_> = file.base.terms(&french).map(|(_, term)| &*term.text).collect();
        assert!(terms.contains(&"совет"), "{terms:?}");
    }
}

#[test]
fn a_long_table_takes_time_in_proportion() {
    let rows: String =
        (0..200_000).map(|n| format!("terme numéro {n}\tterm number {n}\n")).collect();
    let file = read("a.txt", rows).unwrap();
    assert_eq!(file.base.len(), 200_000);
}

/// What a document of XLIFF 2 brings with it are terms too.
#[test]
fn the_glossary_of_a_document_is_read() {
    let document = r##"<?xml version="1.0"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="fr" trgLang="en"
  xmlns:gls="urn:oasis:names:tc:xliff:glossary:2.0"><file id="f"><unit id="u">
  <gls:glossary>
    <gls:glossEntry id="rapporteur" ref="#m1">
      <gls:term source="Règlement intérieur">rapporteur sp&#xE9;cial</gls:term>
      <gls:translation id="t1" source="Manual">special rapporteur</gls:translation>
      <gls:translation id="t2">special <![CDATA[reporter]]></gls:translation>
      <gls:definition source="Manual">Who reports to the Council.</gls:definition>
    </gls:glossEntry>
    <gls:glossEntry><gls:term>mandat</gls:term><gls:definition>What is asked.</gls:definition></gls:glossEntry>
  </gls:glossary>
  <segment><source>Le <mrk id="m1" type="term">rapporteur spécial</mrk> arrive.</source></segment>
</unit></file></xliff>"##;
    let file = read("report.xlf", document).unwrap();
    assert_eq!(file.format, TermFormat::Xliff);
    let [rapporteur, mandate] = file.base.concepts() else { panic!("{:?}", file.base) };
    assert_eq!(rapporteur.id, "rapporteur");
    let texts = |lang| rapporteur.terms(&lang).map(|term| term.text.as_str()).collect::<Vec<_>>();
    assert_eq!(texts(Lang::FR), ["rapporteur spécial"]);
    assert_eq!(texts(Lang::EN), ["special rapporteur", "special reporter"]);
    assert_eq!(rapporteur.definition.as_deref(), Some("Who reports to the Council."));
    assert_eq!(mandate.languages.len(), 1);
    assert!(read("report.xlf", document.split("<gls:glossary>").next().unwrap()).is_err());
    let none = document.replace("gls", "other");
    assert_eq!(read("report.xlf", &none).unwrap().base.len(), 2, "whatever the prefix");
}

/// Glossaries of other tools: each gives terms, but those that hold nothing but a comment.
#[test]
fn files_of_other_tools_are_read() {
    const EMPTY: [&str; 2] = ["omegat__test-magiccomment-bom.tab", "omegat__test-magiccomment.tab"];
    for (folder, extensions) in [
        ("formats/glossary", ["csv", "tsv", "tab", "txt", "xlsx"].as_slice()),
        ("formats/utx", &["utx"]),
    ] {
        let Some(folder) = data(folder) else { return };
        for path in files(&folder, extensions) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match read_terms(&path, ReadOptions::new()) {
                Ok(file) => {
                    let langs: Vec<String> = file.base.concepts()[0]
                        .languages
                        .iter()
                        .map(|section| section.lang.to_string())
                        .collect();
                    let (count, langs) = (file.base.len(), langs.join(" "));
                    println!("{name}: {} of {count} concepts, {langs}", file.format);
                }
                Err(error) => {
                    println!("{name}: {error}");
                    assert!(EMPTY.contains(&&*name), "{name}");
                }
            }
        }
    }
}

/// The glossaries of this project go through a table and come back.
#[test]
fn our_glossaries_survive_a_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("glossaries");
    let (mut concepts, mut lossless) = (0, 0);
    for path in files(&folder, &["tbx"]) {
        let base = read_terms(&path, ReadOptions::new()).unwrap().base;
        let (table, _) = write(&base, TermFormat::Csv);
        let again = read("a.csv", &table).unwrap().base;
        assert_eq!(base.len(), again.len());
        for (before, after) in base.concepts().iter().zip(again.concepts()) {
            // The table holds everything but what stands in elements of its own.
            let mut before = before.clone();
            let terms = before.languages.iter_mut().flat_map(|section| &mut section.terms);
            lossless +=
                usize::from(terms.map(|term| term.extra.drain(..).count()).sum::<usize>() == 0);
            assert_eq!(&before, after, "{}", path.display());
            concepts += 1;
        }
    }
    println!("{concepts} concepts, {lossless} of them without any loss");
}

/// `#` begins a comment where a glossary has comments, and a term where its header is a plain row.
#[test]
fn a_term_with_a_number_sign_is_kept_or_reported() {
    let table = "fr\ten\n#paix\t#peace\nÉtat\tState\n";
    let base = read("a.tsv", table).unwrap().base;
    assert_eq!(base.len(), 2);
    let (file, _) = write(&base, TermFormat::Csv);
    assert_eq!(read("a.csv", &file).unwrap().base.concepts(), base.concepts());
    for format in [TermFormat::Utx, TermFormat::OmegaT] {
        let (file, losses) = write(&base, format);
        assert!(!String::from_utf8(file).unwrap().contains("#paix"));
        assert!(losses.iter().any(|loss| loss.contains("begin with #")), "{losses:?}");
    }
}

/// What version 1.20 says otherwise than those before: a mark of byte order, lines that end in CR LF,
/// languages behind the names of columns and in a property of their own.
#[test]
fn glossaries_of_either_version_of_utx_are_read() {
    let old = "#UTX 1.11; fr/ru; 2014-11-24; copyright: X;\n#src\ttgt\tsrc:pos\tterm status\tconcept \
               ID\nsiège\tместо\t-\tapproved\tseat\nsiège\tкресло\tnoun\tforbidden\tseat\n";
    let new = "\u{feff}#UTX 1.20; lang: fr/ru; creator: X\r\n#domain: law\r\n#term:fr\tterm:ru\t\
               partOfSpeech:fr\ttermStatus:ru\tconceptID\tx-termUsage:ru\r\nsiège\tместо\t-\tapproved\t\
               seat\t\r\nsiège\tкресло\tnoun\tforbidden\tseat\trare\r\n";
    for (version, text) in [("1.11", old), ("1.20", new)] {
        let base = read("a.utx", text).unwrap().base;
        assert_eq!(base.len(), 1, "{version}");
        let concept = base.get("seat").unwrap();
        let terms = |lang: Lang| -> Vec<String> {
            concept.terms(&lang).map(|term| term.text.clone()).collect()
        };
        assert_eq!(terms(Lang::FR), ["siège"], "{version}");
        assert_eq!(terms(Lang::RU), ["место", "кресло"], "{version}");
        let statuses: Vec<_> = concept.terms(&Lang::RU).map(|term| term.status).collect();
        assert_eq!(statuses[1], Status::Forbidden, "{version}");
        assert!(statuses[0].passes() && statuses[0] != Status::Unset, "{version}");
    }
    let declared = "#UTX 1.20\r\n#lang: en/fr\r\n#src\ttgt\r\npeace\tpaix\r\n";
    let base = read("a.utx", declared).unwrap().base;
    assert_eq!(base.terms(&Lang::EN).next().unwrap().1.text, "peace");
}

/// The same terms give the same bytes, and what a spreadsheet cannot hold is refused.
#[cfg(feature = "spreadsheet")]
#[test]
fn a_workbook_is_the_same_each_time_and_refuses_what_it_cannot_hold() {
    let mut concept = Concept::new("1");
    concept.add(Lang::FR, Term::new("=SUM(A1) 1/2 _x0041_"));
    let mut base = Termbase::from_iter([concept]);
    let (file, _) = write(&base, TermFormat::Xlsx);
    assert_eq!(file, write(&base, TermFormat::Xlsx).0);
    assert_eq!(read("a.xlsx", &file).unwrap().base.concepts(), base.concepts());
    base.get_mut("1").unwrap().definition = Some("x".repeat(32_768));
    let error = write_glossary(Vec::new(), &base, TermFormat::Xlsx, &PAIR).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit));
    assert!(error.to_string().contains("32,767 characters"), "{error}");
}
