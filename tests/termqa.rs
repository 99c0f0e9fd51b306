//! The cases of the terminology checker of translate5: a glossary, a pair of segments, and which of
//! their words are terms.
//!
//! What it expects and Chancery finds otherwise is listed in `tests/terms/termqa.tsv` with the reason.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use chancery::Lang;
use chancery::exchange::{ReadOptions, TbxReader};
use chancery::term::{Hit, How, Recognizer, Status, Termbase};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::data::data;

/// A term in a segment: what it takes of the text, and what is said of it.
type Tagged = BTreeSet<(usize, usize, Vec<String>)>;

/// A segment without its markup, and the terms marked in it.
#[derive(Debug, Default)]
struct Marked {
    text: String,
    terms: Tagged,
}

struct Case {
    glossary: String,
    langs: [Lang; 2],
    /// Source and target of each assertion, as they go in and as they are to come out.
    pairs: Vec<[Marked; 4]>,
}

#[test]
fn terms_are_tagged_as_the_cases_want_them() {
    let Some(folder) = data("formats/termqa") else { return };
    let explained = explained();
    let mut names: Vec<String> = (fs::read_dir(&folder).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".testcase"))
        .collect();
    names.sort();
    let mut deviating = BTreeMap::new();
    let (mut segments, mut equal) = (0, 0);
    for name in &names {
        let case = read_case(&fs::read_to_string(folder.join(name)).unwrap());
        let id =
            name.trim_start_matches("translate5__").replace(".xml", "").replace(".testcase", "");
        let Some(base) = glossary(&folder, &case.glossary) else {
            deviating.insert(id, format!("no glossary {}", case.glossary));
            continue;
        };
        for [source, target, wanted_source, wanted_target] in &case.pairs {
            let sides = [source, target];
            let found = tag(&base, &case.langs, sides.map(|side| &*side.text));
            for (side, wanted) in [wanted_source, wanted_target].into_iter().enumerate() {
                segments += 1;
                let same =
                    found[side] == wanted.terms && same_text(&sides[side].text, &wanted.text);
                equal += usize::from(same);
                if !same {
                    let (ours, theirs) = (&found[side], &wanted.terms);
                    let show = |tags: &Tagged, other: &Tagged, text: &str| -> Vec<String> {
                        (tags.difference(other))
                            .map(|(from, to, said)| {
                                format!("{} {}", &text[*from..*to], said.join(" "))
                            })
                            .collect()
                    };
                    let line: &mut String = deviating.entry(id.clone()).or_default();
                    line.push_str(&format!(
                        " [{}: wanted {:?}, found {:?} in {:?}]",
                        ["source", "target"][side],
                        show(theirs, ours, &wanted.text),
                        show(ours, theirs, &sides[side].text),
                        sides[side].text,
                    ));
                }
            }
        }
    }
    println!(
        "{} cases, {segments} segments, {equal} as wanted; {} cases deviate",
        names.len(),
        deviating.len()
    );
    for (id, what) in &deviating {
        println!("{id}: {what}");
    }
    let ours: BTreeSet<&String> = deviating.keys().collect();
    let listed: BTreeSet<&String> = explained.keys().collect();
    assert_eq!(ours, listed, "the table of deviations is not what deviates");
    assert!(names.len() >= 50);
}

/// The reason for each case that deviates.
fn explained() -> HashMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terms/termqa.tsv");
    let table = fs::read_to_string(path).unwrap();
    let rows = table.lines().skip(1).map(|line| line.split_once('\t').expect("two columns"));
    let reasons: HashMap<_, _> =
        rows.map(|(id, reason)| (id.to_owned(), reason.trim().to_owned())).collect();
    assert!(reasons.values().all(|reason| reason.len() > 20));
    reasons
}

fn glossary(folder: &Path, name: &str) -> Option<Termbase> {
    let names = [format!("translate5__{name}"), format!("translate5__{name}.default")];
    let path = names.iter().map(|name| folder.join(name)).find(|path| path.exists())?;
    let bytes = fs::read(path).unwrap();
    let mut reader = TbxReader::new(bytes.as_slice(), ReadOptions::new()).unwrap();
    Some(reader.by_ref().collect::<Result<Termbase, _>>().unwrap())
}

/// Finds the terms of both sides and says of each what the cases say.
fn tag(base: &Termbase, langs: &[Lang; 2], texts: [&str; 2]) -> [Tagged; 2] {
    let found = [0, 1].map(|side| Recognizer::new(base, &langs[side]).find(texts[side]));
    let said = |side: usize, hit: &Hit| {
        let (concept, term) = base.term(hit.term);
        let status = match term.status {
            Status::Preferred => "preferredTerm",
            Status::Admitted | Status::Unset => "admittedTerm",
            Status::Deprecated => "deprecatedTerm",
            _ => "other",
        };
        let words = hit.explain(texts[side], term, &langs[side]);
        let how = |wanted: &[How]| words.iter().all(|word| wanted.contains(&word.how));
        let how = match () {
            () if how(&[How::Exact, How::Spelling]) => "exact",
            () if how(&[How::Exact, How::Spelling, How::Case]) => "lowercase",
            () => "stemmed",
        };
        let mut said = vec![status.to_owned(), how.to_owned()];
        if side == 0 {
            // Each term of the target answers one of the source.
            let same = |other: &&Hit| other.term.concept == hit.term.concept;
            let before = found[0].iter().filter(same).filter(|h| h.span().start < hit.span().start);
            let translated = found[1].iter().filter(same).count() > before.count();
            said.push(match () {
                () if translated => "transFound".to_owned(),
                () if concept.terms(&langs[1]).next().is_none() => "transNotDefined".to_owned(),
                () => "transNotFound".to_owned(),
            });
        }
        said.sort();
        (hit.span().start, hit.span().end, said)
    };
    [0, 1].map(|side| found[side].iter().map(|hit| said(side, hit)).collect())
}

/// Whether two texts have the same words.
fn same_text(left: &str, right: &str) -> bool {
    left.split_whitespace().eq(right.split_whitespace())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let attribute = element.try_get_attribute(name).unwrap();
    attribute.map_or_else(String::new, |attribute| attribute.value.into_owned())
}

fn read_case(xml: &str) -> Case {
    let mut reader = Reader::from_str(xml);
    let mut case = Case { glossary: String::new(), langs: [Lang::FR, Lang::EN], pairs: Vec::new() };
    let mut sides: Vec<Marked> = Vec::new();
    // The kinds of the elements open within a segment: a term with its start, or a code.
    let mut open: Vec<Option<(usize, Vec<String>)>> = Vec::new();
    let mut inside = false;
    loop {
        let event = reader.read_event().unwrap();
        match event {
            Event::Eof => break,
            Event::Start(element) => match element.name().as_ref() {
                "testcase" => {
                    case.glossary = attribute(&element, "tbxPath");
                    case.langs = ["sourceLang", "targetLang"]
                        .map(|name| attribute(&element, name).to_lowercase().parse().unwrap());
                }
                "source" | "target" if !inside => {
                    inside = true;
                    sides.push(Marked::default());
                }
                _ if inside => {
                    let class = attribute(&element, "class");
                    let mut words: Vec<String> = class.split(' ').map(str::to_owned).collect();
                    let start = sides.last().unwrap().text.len();
                    open.push((words[0] == "term").then(|| {
                        words.remove(0);
                        words.sort();
                        (start, words)
                    }));
                }
                _ => {}
            },
            Event::End(element) => match element.name().as_ref() {
                "source" | "target" if inside && open.is_empty() => {
                    inside = false;
                    if sides.len() == 4 {
                        case.pairs.push(std::mem::take(&mut sides).try_into().unwrap());
                    }
                }
                _ if inside => {
                    let side = sides.last_mut().unwrap();
                    if let Some((start, said)) = open.pop().unwrap() {
                        side.terms.insert((start, side.text.len(), said));
                    }
                }
                _ => {}
            },
            Event::Text(text) if inside && open.iter().all(Option::is_some) => {
                // Cases differ in white space between what goes in and what comes out.
                let text_so_far = &mut sides.last_mut().unwrap().text;
                for character in text.chars() {
                    match character.is_whitespace() {
                        true if text_so_far.ends_with(' ') => {}
                        true => text_so_far.push(' '),
                        false => text_so_far.push(character),
                    }
                }
            }
            Event::GeneralRef(name) if inside && open.iter().all(Option::is_some) => {
                let character = match name.resolve_char_ref().unwrap() {
                    Some(character) => character,
                    None => match &*name {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        _ => '\'',
                    },
                };
                sides.last_mut().unwrap().text.push(character);
            }
            _ => {}
        }
    }
    case
}
