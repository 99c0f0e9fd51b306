//! TBX: laws on any termbase, and files of other tools.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chancery::Lang;
use chancery::exchange::{
    ErrorKind, Limits, Loss, Problem, ReadOptions, TbxDialect, TbxHeader, TbxReader, write_tbx,
};
use chancery::term::{
    Concept, Extra, ExtraContent, Gender, Language, PartOfSpeech, Relation, RelationKind, Ruling,
    Status, Term, TermKind, Termbase,
};
use proptest::prelude::*;

use super::corpus::files;
use crate::data::data;

fn read(bytes: &[u8]) -> Result<(Termbase, TbxHeader, u64), chancery::exchange::Error> {
    let mut reader = TbxReader::new(bytes, ReadOptions::new())?;
    let base = reader.by_ref().collect::<Result<Termbase, _>>()?;
    let (_, rejected) = reader.counts();
    Ok((base, reader.header().clone(), rejected))
}

fn write(base: &Termbase, header: &TbxHeader, dialect: TbxDialect) -> (Vec<u8>, Vec<Loss>) {
    let mut file = Vec::new();
    let losses = write_tbx(&mut file, base, header, dialect).unwrap();
    (file, losses)
}

/// Concepts with what is kept raw in one order: fields say nothing of it.
fn settled(base: &Termbase) -> Vec<Concept> {
    let mut concepts = base.concepts().to_vec();
    let sort = |extra: &mut Vec<Extra>| extra.sort_by_cached_key(|item| format!("{item:?}"));
    for concept in &mut concepts {
        sort(&mut concept.extra);
        for section in &mut concept.languages {
            sort(&mut section.extra);
            section.terms.iter_mut().for_each(|term| sort(&mut term.extra));
        }
    }
    concepts
}

/// The lines of a file in one order.
fn lines(file: &[u8]) -> Vec<&str> {
    let mut lines: Vec<&str> = std::str::from_utf8(file).unwrap().lines().collect();
    lines.sort_unstable();
    lines
}

/// Every term of a termbase with its language and concept, each as often as it is there.
fn terms(base: &Termbase) -> BTreeMap<(String, String, String), usize> {
    let mut counts = BTreeMap::new();
    for concept in base.concepts() {
        for section in &concept.languages {
            for term in &section.terms {
                let lang = section.lang.canonical().to_owned();
                *counts.entry((concept.id.clone(), lang, term.text.clone())).or_default() += 1;
            }
        }
    }
    counts
}

fn text() -> impl Strategy<Value = String> {
    "[a-zéЖ<&\"'(][a-zéЖ .*+?\\[\\]<>&\"'😀-]{0,11}[a-zéЖ.)>&]"
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..3)
}

fn some(text: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    prop::option::of(text)
}

/// What no field stands for, at any level.
fn extra(name: &'static str) -> impl Strategy<Value = Vec<Extra>> {
    let plain = (text(), "[a-z]{3,8}Q").prop_map(move |(text, kind)| Extra::new(name, &kind, text));
    let group = (text(), text()).prop_map(|(who, note)| Extra {
        name: "transacGrp".to_owned(),
        attributes: Vec::new(),
        content: vec![
            ExtraContent::Element(Extra::new("transac", "transactionType", "modification")),
            ExtraContent::Element(Extra::new("transacNote", "responsibility", who)),
            ExtraContent::Element(Extra::new("date", "x", note)),
        ],
    });
    prop::collection::vec(prop_oneof![plain, group], 0..3)
}

fn relation() -> impl Strategy<Value = Relation> {
    let kind = prop_oneof![
        Just(RelationKind::Broader),
        Just(RelationKind::Narrower),
        Just(RelationKind::Related),
        Just(RelationKind::ReplacedBy),
        "[a-z]{2,6}Z".prop_map(RelationKind::Other),
    ];
    let label = prop_oneof![Just(String::new()), text()];
    (kind, "[0-9]{1,2}", label).prop_map(|(kind, target, label)| Relation { kind, target, label })
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![
        Status::Unset,
        Status::Preferred,
        Status::Admitted,
        Status::Deprecated,
        Status::Forbidden,
        Status::Proposed,
    ])
}

fn ruling() -> impl Strategy<Value = Ruling> {
    (status(), some(text()), prop::option::of(1900i16..2100)).prop_map(|(status, house, year)| {
        let from = year.map(|year| format!("{year}-01-31").parse().unwrap());
        Ruling { status, house, from, to: None }
    })
}

fn term() -> impl Strategy<Value = Term> {
    let words = (text(), some("t[0-9a-f]{12}"), texts(), texts(), texts());
    let kinds = prop::sample::select(vec![
        TermKind::Unset,
        TermKind::Full,
        TermKind::Acronym,
        TermKind::Abbreviation,
        TermKind::Short,
        TermKind::Variant,
        TermKind::Phrase,
    ]);
    let parts = prop::sample::select(vec![
        PartOfSpeech::Unset,
        PartOfSpeech::Noun,
        PartOfSpeech::ProperNoun,
        PartOfSpeech::Verb,
        PartOfSpeech::Adjective,
        PartOfSpeech::Adverb,
        PartOfSpeech::Other,
    ]);
    let gender = prop::option::of(prop::sample::select(vec![
        Gender::Masculine,
        Gender::Feminine,
        Gender::Neuter,
    ]));
    let rulings = prop::collection::vec(ruling(), 0..2);
    let grammar = (kinds, parts, gender, status(), rulings);
    let numbers = (prop::option::of(1u8..=10), prop::option::of(0u8..9), extra("termNote"));
    (words, grammar, numbers).prop_map(|(words, grammar, (reliability, gap, extra))| {
        let (text, id, contexts, sources, notes) = words;
        let (kind, part_of_speech, gender, status, rulings) = grammar;
        Term {
            text,
            id,
            kind,
            part_of_speech,
            gender,
            status,
            rulings,
            reliability,
            gap,
            contexts,
            sources,
            notes,
            extra,
        }
    })
}

fn language() -> impl Strategy<Value = Language> {
    let lang = prop::sample::select(vec!["fr", "en", "ru", "fr-CA", "EN_us", "sr-Latn"]);
    let terms = prop::collection::vec(term(), 1..3);
    (lang, some(text()), terms, texts(), extra("admin")).prop_map(
        |(lang, definition, terms, notes, extra)| Language {
            definition,
            terms,
            notes,
            extra,
            ..Language::new(Lang::from_written(lang))
        },
    )
}

fn concept() -> impl Strategy<Value = Concept> {
    let said = (texts(), some(text()), some(text()), texts(), texts());
    let images = prop::collection::vec("https://example\\.org/[a-z]{1,5}", 0..2);
    let relations = prop::collection::vec(relation(), 0..3);
    let languages = prop::collection::vec(language(), 1..3);
    (said, images, relations, any::<bool>(), languages, extra("descrip")).prop_map(
        |(said, images, relations, proposed, languages, extra)| {
            let (domains, definition, institution, sources, notes) = said;
            Concept {
                id: String::new(),
                domains,
                definition,
                institution,
                sources,
                notes,
                images,
                relations,
                proposed,
                languages,
                extra,
            }
        },
    )
}

/// A termbase whose ids are the only ones of their kind, and no names of XML.
fn termbase() -> impl Strategy<Value = Termbase> {
    prop::collection::vec(concept(), 1..4).prop_map(|concepts| {
        let mut number = 0;
        let mut numbered = |concept: Concept| {
            number += 1;
            let mut concept = Concept { id: number.to_string(), ..concept };
            for term in concept.languages.iter_mut().flat_map(|section| &mut section.terms) {
                number += 1;
                term.id = term.id.take().map(|id| format!("{{{number}}}{id}"));
            }
            concept
        };
        concepts.into_iter().map(&mut numbered).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// The private dialect holds everything.
    #[test]
    fn what_is_written_is_read_as_it_was(base in termbase()) {
        let (file, losses) = write(&base, &TbxHeader::new("x"), TbxDialect::Private);
        prop_assert_eq!(losses, vec![]);
        let (again, header, rejected) = read(&file).unwrap();
        prop_assert_eq!(rejected, 0);
        prop_assert_eq!(header.title(), Some("x".to_owned()));
        prop_assert_eq!(settled(&base), settled(&again));
    }

    /// Whatever a dialect cannot hold: the terms it holds.
    #[test]
    fn no_dialect_loses_a_term(base in termbase()) {
        for dialect in TbxDialect::ALL {
            let (file, losses) = write(&base, &TbxHeader::default(), dialect);
            let (again, _, rejected) = read(&file).unwrap();
            prop_assert_eq!(rejected, 0);
            prop_assert_eq!(terms(&base), terms(&again), "{}", dialect);
            // What was reported is all: writing again loses nothing more.
            let (same, more) = write(&again, &TbxHeader::default(), dialect);
            prop_assert_eq!(more, vec![], "{} after {:?}", dialect, losses);
            prop_assert_eq!(lines(&same), lines(&file));
        }
    }

    /// Cut or damaged, a file gives an error or its concepts, and never a panic.
    #[test]
    fn damage_is_harmless(base in termbase(), at in any::<prop::sample::Index>(), byte: u8) {
        let (mut file, _) = write(&base, &TbxHeader::new("x"), TbxDialect::Private);
        let at = at.index(file.len());
        let _ = read(&file[..at]);
        file[at] = byte;
        let _ = read(&file);
    }
}

const HEAD: &str = r#"<martif type="TBX" xml:lang="en"><martifHeader><fileDesc><sourceDesc><p>x</p>
    </sourceDesc></fileDesc></martifHeader><text><body>"#;
const TAIL: &str = "</body></text></martif>";

fn martif(entries: &str) -> String {
    format!("{HEAD}{entries}{TAIL}")
}

#[test]
fn a_file_without_terms_is_an_error() {
    for entries in [
        "",
        "<termEntry id='1'/>",
        "<termEntry id='1'><langSet xml:lang='fr'/></termEntry>",
        "<termEntry id='1'><langSet xml:lang='fr'><tig><term> </term></tig></langSet></termEntry>",
    ] {
        let error = read(martif(entries).as_bytes()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Malformed), "{entries}: {error}");
        assert!(error.to_string().contains("no term"), "{entries}: {error}");
    }
    assert!(
        write_tbx(Vec::new(), &Termbase::new(), &TbxHeader::default(), TbxDialect::V2).is_err()
    );
    for other in ["", "text", "<html/>", "<tmx version='1.4'/>"] {
        let error = read(other.as_bytes()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::OtherFormat), "{other}: {error}");
    }
    let error = read(HEAD.as_bytes()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::CutOff), "{error}");
}

#[test]
fn a_broken_concept_costs_nothing_beside_it() {
    let good = |id: &str| {
        format!(
            "<termEntry id='{id}'><langSet xml:lang='fr'><tig><term>{id}</term></tig></langSet>\
             </termEntry>"
        )
    };
    for broken in [
        "<termEntry id='bad'><langSet xml:lang='fr'><tig><term>x</tig></langSet></termEntry>",
        "<termEntry id='bad'><langSet xml:lang='fr'><tig><term>x</term></tig>",
        "<termEntry id='bad'><descrip></descriptive></termEntry>",
    ] {
        let file = martif(&format!("{}{broken}{}", good("a"), good("b")));
        let options = ReadOptions::new().keep_rejected(true);
        let mut reader = TbxReader::new(file.as_bytes(), options).unwrap();
        let ids: Vec<String> = reader.by_ref().map(|concept| concept.unwrap().id).collect();
        assert_eq!(ids, ["a", "b"], "{broken}");
        assert_eq!(reader.counts(), (3, 1));
        let rejected = reader.take_rejected();
        assert_eq!(rejected[0].diagnostic.unit.as_deref(), Some("bad"));
        assert!(rejected[0].text.starts_with("<termEntry id='bad'>"));
        let strict = ReadOptions::new().strict(true);
        let mut reader = TbxReader::new(file.as_bytes(), strict).unwrap();
        assert!(reader.any(|concept| concept.is_err()));
    }
}

#[test]
fn limits_cost_a_concept_or_end_the_reading() {
    let deep = format!("<descrip type='x'>{}{}</descrip>", "<a>".repeat(99), "</a>".repeat(99));
    let entry = format!(
        "<termEntry id='1'>{deep}<langSet xml:lang='fr'><tig><term>x</term></tig></langSet>\
         </termEntry>"
    );
    let good = entry.replace(&deep, "");
    let file = martif(&format!("{entry}{good}"));
    let mut reader = TbxReader::new(file.as_bytes(), ReadOptions::new()).unwrap();
    assert_eq!(reader.by_ref().filter(|concept| concept.is_ok()).count(), 1);
    let found = reader.diagnostics().iter().map(|diagnostic| diagnostic.problem);
    assert_eq!(found.collect::<Vec<_>>(), [Problem::LimitExceeded]);
    let limits = Limits { units: 1, ..Limits::default() };
    let options = ReadOptions::new().limits(limits);
    let mut reader = TbxReader::new(file.as_bytes(), options).unwrap();
    assert!(reader.any(|concept| concept.is_err_and(|e| matches!(e.kind(), ErrorKind::Limit))));
}

/// A source beside a definition, an attribute of a status and markup in a term come back.
#[test]
fn what_a_field_does_not_say_stays_beside_it() {
    let entries = r#"<termEntry id="1"><descripGrp><descrip type="definition">d</descrip>
      <admin type="source">s</admin></descripGrp><langSet xml:lang="fr"><tig id="t">
      <term>a <hi type="italics">b</hi></term>
      <termNote type="administrativeStatus">standardizedTerm-admn-sts</termNote>
      <termNote type="grammaticalNumber">plural</termNote></tig></langSet></termEntry>"#;
    let (base, header, _) = read(martif(entries).as_bytes()).unwrap();
    let concept = &base.concepts()[0];
    assert_eq!(concept.definition.as_deref(), Some("d"));
    let term = concept.terms(&Lang::FR).next().unwrap();
    assert_eq!((&*term.text, term.status), ("a b", Status::Preferred));
    let (file, losses) = write(&base, &header, TbxDialect::V2);
    assert_eq!(losses, []);
    let file = String::from_utf8(file).unwrap();
    for kept in ["<admin type=\"source\">s<", "<hi type=\"italics\">b</hi>", "standardizedTerm"] {
        assert!(file.contains(kept), "{kept} in {file}");
    }
    // What the concept says by now goes before what was written.
    let mut base = base;
    let concept = base.get_mut("1").unwrap();
    concept.definition = Some("e".to_owned());
    concept.languages[0].terms[0].status = Status::Admitted;
    let (file, losses) = write(&base, &header, TbxDialect::V2);
    assert_eq!(losses.len(), 2, "{losses:?}");
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("admittedTerm-admn-sts") && !file.contains("standardizedTerm"));
    assert!(file.contains(">e<") && !file.contains(">d<"));
}

#[test]
fn a_proposed_name_keeps_what_it_will_be() {
    let entries = r#"<termEntry id="1"><langSet xml:lang="fr"><tig><term>a</term>
      <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
      <admin type="projectSubset">proposed</admin></tig></langSet></termEntry>"#;
    let (base, header, _) = read(martif(entries).as_bytes()).unwrap();
    let term = base.concepts()[0].terms(&Lang::FR).next().unwrap();
    assert_eq!(term.status, Status::Proposed);
    let (file, losses) = write(&base, &header, TbxDialect::Basic);
    assert_eq!(losses, []);
    let (again, ..) = read(&file).unwrap();
    assert_eq!(again.concepts(), base.concepts());
}

fn corpus() -> Option<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for folder in ["formats/tbx", "formats/tbx-inline"] {
        paths.extend(files(&data(folder)?, &["tbx", "TBX", "default"]));
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("glossaries");
    paths.extend(files(&own, &["tbx"]));
    Some(paths)
}

/// The terms in a file, by a count that knows no TBX: its elements `term` with text.
fn terms_in(text: &str) -> usize {
    let mut count = 0;
    for (at, _) in text.match_indices("<term") {
        let rest = &text[at + 5..];
        if rest.starts_with([' ', '>', '\n']) {
            let content = rest.split_once('>').map_or("", |(_, content)| content);
            let content = content.split("</term>").next().unwrap_or_default();
            count += usize::from(!content.trim().is_empty());
        }
    }
    count
}

/// Every file of the field is read with all its terms, and comes back from the private dialect as
/// it was, and from the version it was written in.
#[test]
fn files_of_other_tools_lose_no_term() {
    let Some(paths) = corpus() else { return };
    let (mut whole, mut all, mut failed) = (0, 0, Vec::new());
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let mut reader = match TbxReader::new(bytes.as_slice(), ReadOptions::new()) {
            Ok(reader) => reader,
            Err(error) => {
                failed.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        let read_of: Result<Termbase, _> = reader.by_ref().collect();
        let base = match read_of {
            Ok(base) => base,
            Err(error) => {
                failed.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        let (_, rejected) = reader.counts();
        let found: usize = terms(&base).values().sum();
        let there = terms_in(&String::from_utf8_lossy(&bytes));
        let said = reader
            .diagnostics()
            .iter()
            .any(|d| d.message.contains("term without text") || d.message.contains("kept as text"));
        assert!(
            found == there || rejected > 0 || said,
            "{}: {found} of {there} terms, and nothing said",
            path.display()
        );
        if rejected > 0 {
            failed.push(format!("{}: {rejected} concepts rejected", path.display()));
        }
        let header = reader.header().clone();
        for dialect in [TbxDialect::Private, TbxDialect::V2] {
            let (file, losses) = write(&base, &header, dialect);
            let (again, ..) = read(&file).unwrap();
            if losses.is_empty() {
                assert_eq!(settled(&base), settled(&again), "{} {dialect}", path.display());
            } else if dialect == TbxDialect::Private {
                println!("{}: {losses:?}", path.display());
            }
        }
        whole += 1;
        all += found;
    }
    println!("{whole} files, {all} terms");
    failed.iter().for_each(|failure| println!("  {failure}"));
    assert!(whole > 80);
}

/// What is written of the files of the field passes the schema of its dialect in the hands of an
/// independent validator.
#[test]
fn exports_pass_the_schema_of_their_dialect() {
    let Some(schemas) = data("formats/schemas") else { return };
    let Some(paths) = corpus() else { return };
    if Command::new("jing").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "jing is missing");
        eprintln!("skipped: jing is not installed");
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let bases: Vec<_> =
        paths.iter().filter_map(|path| read(&fs::read(path).unwrap()).ok()).collect();
    let mut written = BTreeMap::new();
    for (number, (base, header, _)) in bases.iter().enumerate() {
        for dialect in TbxDialect::ALL {
            let path = out.path().join(format!("{dialect}-{number}.tbx"));
            let (file, _) = write(base, header, dialect);
            fs::write(&path, file).unwrap();
            written.entry(dialect.as_str()).or_insert(Vec::new()).push(path);
        }
    }
    let v3 = schemas.join("tbx-v3");
    let integrated = v3.join("byutrg-integrated");
    // Categories as attributes have one schema; those as tags that of the core and one for each
    // module. The rules about places and values stand apart.
    let (min, basic) = (out.path().join("min.nvdl"), out.path().join("basic.nvdl"));
    fs::write(&min, joined(&v3, &["Min"])).unwrap();
    fs::write(&basic, joined(&v3, &["Min", "Basic"])).unwrap();
    let in_v3 = |names: &[&str]| names.iter().map(|name| v3.join(name)).collect::<Vec<_>>();
    let [min_rules, basic_rules] = ["modules/Min.sch", "modules/Basic.sch"];
    for (dialect, schema, rules) in [
        (
            "core",
            v3.join("Core/TBXcoreStructV03_TBX-Core_integrated.rng"),
            in_v3(&["Core/TBX-Core.sch"]),
        ),
        (
            "min",
            integrated.join("TBXcoreStructV03_TBX-Min_integrated.rng"),
            in_v3(&["Min/TBX-Min_DCA.sch"]),
        ),
        (
            "basic",
            integrated.join("TBXcoreStructV03_TBX-Basic_integrated.rng"),
            in_v3(&["Basic/TBX-Basic_DCA.sch"]),
        ),
        ("min-dct", min, in_v3(&["Min/TBX-Min_DCT.sch", min_rules])),
        ("basic-dct", basic, in_v3(&["Basic/TBX-Basic_DCT.sch", min_rules, basic_rules])),
    ] {
        for schema in [schema].iter().chain(&rules) {
            let said = jing(schema, &written[dialect]);
            assert_eq!(said, [""; 0], "{dialect} by {}", schema.display());
        }
    }
    // Such a schema sees what is wrong in a module.
    let file = fs::read_to_string(&written["basic-dct"][0]).unwrap();
    let wrong = out.path().join("wrong.tbx");
    fs::write(&wrong, file.replacen("<termSec>", "<termSec><basic:none/>", 1)).unwrap();
    assert!(!jing(&out.path().join("basic.nvdl"), &[wrong]).is_empty());
    check_dtd(&schemas.join("tbx-v2/TBXcoreStructV02.dtd"), &written["v2"]);
    println!("{} files valid in each dialect", bases.len());
}

/// A schema of the core and of these modules, for the tags of each.
fn joined(v3: &Path, modules: &[&str]) -> String {
    let file = |name: &str| format!("file://{}/{name}", v3.canonicalize().unwrap().display());
    let module = |name: &&str| {
        let (space, schema) = (name.to_lowercase(), file(&format!("modules/{name}.rng")));
        format!(
            r#"<namespace ns="http://www.tbxinfo.net/ns/{space}">
                 <validate schema="{schema}"/><attach/>
               </namespace>"#
        )
    };
    let core = file("TBXcoreStructV03.rng");
    format!(
        r#"<rules xmlns="http://purl.oclc.org/dsdl/nvdl/ns/structure/1.0" startMode="core">
             <mode name="core">
               <namespace ns="urn:iso:std:iso:30042:ed-2">
                 <validate schema="{core}" useMode="modules"/>
               </namespace>
               <anyNamespace><reject/></anyNamespace>
             </mode>
             <mode name="modules">{}</mode>
           </rules>"#,
        modules.iter().map(module).collect::<String>()
    )
}

/// What a validator says against files, the first lines of it.
fn jing(schema: &Path, files: &[PathBuf]) -> Vec<String> {
    let output = Command::new("jing").arg(schema).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<String> = said.lines().take(5).map(str::to_owned).collect();
    assert_eq!(output.status.success(), lines.is_empty(), "{lines:?}");
    lines
}

fn check_dtd(dtd: &Path, files: &[PathBuf]) {
    if Command::new("xmllint").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "xmllint is missing (libxml2-utils)");
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--dtdvalid"])
        .arg(dtd)
        .args(files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let first: Vec<&str> = said.lines().take(8).collect();
    assert!(output.status.success(), "{first:#?}");
}
