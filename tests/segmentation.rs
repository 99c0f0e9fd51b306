//! Where sentences end: the rules built in, on golden cases and on whole texts.

use std::fs;
use std::path::Path;

use chancery::text::{Segmenter, srx::Rules};
use chancery::{Document, Lang};
use proptest::prelude::*;
use serde_json::Value;

use crate::data::data;

/// How many of the golden cases of a language must come out right.
const GOLDEN: [(Lang, usize, usize); 3] =
    [(Lang::FR, 27, 28), (Lang::RU, 52, 56), (Lang::EN, 106, 129)];

#[test]
fn golden_cases_come_out_right() {
    let Some(file) = data("formats/segmentation/golden_rules_en_fr_ru.jsonl") else { return };
    let text = fs::read_to_string(file).unwrap();
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (lang, wanted, of) in GOLDEN {
        let cases = cases.iter().filter(|case| case["lang"] == lang.canonical());
        let (right, wrong): (Vec<_>, Vec<_>) = cases.partition(|case| is_right(case, &lang));
        println!("{lang}: {} of {of}", right.len());
        for case in &wrong {
            let found = cut(case["input"].as_str().unwrap(), &lang);
            println!(
                "    {}\n        wanted {}\n        found  {found:?}",
                case["id"], case["expected"]
            );
        }
        assert_eq!(right.len() + wrong.len(), of, "{lang}");
        assert!(right.len() >= wanted, "{lang}: {} of {of}", right.len());
    }
}

fn is_right(case: &Value, lang: &Lang) -> bool {
    let input = case["input"].as_str().unwrap();
    let expected = &case["expected"];
    let listed = || -> Vec<&str> {
        expected.as_array().unwrap().iter().map(|sentence| sentence.as_str().unwrap()).collect()
    };
    match case["compare"].as_str().unwrap() {
        "count" => cut(input, lang).len() as u64 == expected.as_u64().unwrap(),
        "trimmed" => cut(input, lang) == listed(),
        "exact-concat" => with_spaces(input, lang) == listed(),
        other => panic!("{other}: an unknown way to compare"),
    }
}

fn cut(input: &str, lang: &Lang) -> Vec<String> {
    let document = Document::new(input, lang.clone());
    document.sentences().iter().map(|sentence| sentence.text().to_owned()).collect()
}

/// The sentences with the white space after each: together they are the input.
fn with_spaces<'t>(input: &'t str, lang: &Lang) -> Vec<&'t str> {
    let document = Document::new(input, lang.clone());
    let starts = document.sentences().iter().map(|sentence| sentence.span().start);
    let ends = starts.clone().skip(1).chain([input.len()]);
    starts.zip(ends).map(|(start, end)| &input[start..end]).collect()
}

/// The texts that come with the crate, cut by a person.
#[test]
fn our_texts_are_cut_as_by_a_person() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts");
    for name in ["communique", "comment", "statement", "note-verbale"] {
        for lang in [Lang::FR, Lang::EN, Lang::RU] {
            let path = folder.join(format!("{name}.{lang}.txt"));
            let document = Document::from_path(&path, lang.clone()).unwrap();
            let found: Vec<_> = document.sentences().iter().map(|s| s.text()).collect();
            let path = path.with_extension("sentences.txt");
            let wanted = Document::segmented_from_path(&path, lang.clone()).unwrap();
            let wanted: Vec<_> = wanted.sentences().iter().map(|s| s.text()).collect();
            for (number, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                assert_eq!(found, wanted, "{name}.{lang}, sentence {}", number + 1);
            }
            assert_eq!(found.len(), wanted.len(), "{name}.{lang}");
        }
    }
}

/// The real communiqué has as many sentences as its gold alignment counts.
#[test]
fn a_real_communique_has_the_sentences_of_its_gold_alignment() {
    let Some(folder) = data("communique") else { return };
    for (lang, gold, field) in [
        (Lang::FR, "gold.fr-en.tsv", 0),
        (Lang::EN, "gold.fr-en.tsv", 1),
        (Lang::RU, "gold.fr-ru.tsv", 1),
    ] {
        let gold = fs::read_to_string(folder.join(gold)).unwrap();
        let numbers = gold.lines().filter_map(|line| line.split('\t').nth(field));
        let numbers = numbers.flat_map(|field| field.split([',', ' ']));
        let last: usize = numbers.filter_map(|number| number.trim().parse().ok()).max().unwrap();
        let path = folder.join(format!("{lang}.txt"));
        let document = Document::from_path(path, lang.clone()).unwrap();
        let sentences: Vec<_> = document.sentences().iter().map(|s| s.text()).collect();
        assert_eq!(sentences.len(), last, "{lang}: {sentences:#?}");
    }
}

#[test]
fn the_built_in_rules_are_whole_and_come_out_equal() {
    assert_eq!(Rules::built_in().problems(), []);
    let mut written = Vec::new();
    Rules::built_in().write(&mut written).unwrap();
    let (again, problems) = Rules::read(written.as_slice()).unwrap();
    assert_eq!((&again, problems), (Rules::built_in(), vec![]));
}

/// The segments of a text are in its order, and between them is white space alone.
fn check_nothing_is_lost(text: &str, spans: impl IntoIterator<Item = std::ops::Range<usize>>) {
    let mut end = 0;
    for span in spans {
        assert!(span.start >= end && !span.is_empty(), "{span:?} after {end}");
        assert_eq!(text[end..span.start].trim(), "", "before {span:?}");
        assert_eq!(text[span.clone()].trim(), &text[span.clone()]);
        end = span.end;
    }
    assert_eq!(text[end..].trim(), "");
}

/// Made of what rules look at.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("M. Osvin "),
        Just("art. 5"),
        Just(" Les "),
        Just("fin."),
        Just(" г. "),
        Just("т. е."),
        Just(" No. "),
        Just("U.S. "),
        Just("?! "),
        Just("… "),
        Just("» "),
        Just(" — "),
        Just("\u{a0}"),
        Just("1.) "),
        Just("\n"),
        Just("\r\n\r\n"),
        Just("\0"),
        Just("\u{ad}"),
        Just("e\u{301}"),
        Just("«"),
        Just("("),
        Just("😀. "),
        Just("Да."),
        Just(" \t "),
    ];
    prop::collection::vec(prop_oneof![6 => piece.prop_map(str::to_owned), 1 => ".{0,6}"], 0..30)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_character_is_lost(text in texts()) {
        for lang in [Lang::FR, Lang::EN, Lang::RU, Lang::from_written("de")] {
            check_nothing_is_lost(&text, Segmenter::for_lang(&lang).sentences(&text));
            let document = Document::new(text.as_str(), lang);
            check_nothing_is_lost(&text, document.sentences().iter().map(|s| s.span()));
        }
    }
}

/// Texts that make a careless engine quadratic: these end, and lose nothing.
#[test]
fn hostile_texts_are_segmented() {
    for piece in
        ["a", "a ", ".", ". ", "M. ", "A.", "1. ", "« ", ". . A ", "( ", "é\u{301}", "г. Я "]
    {
        let text = piece.repeat((1 << 16) / piece.len());
        for lang in [Lang::FR, Lang::RU] {
            check_nothing_is_lost(&text, Segmenter::for_lang(&lang).sentences(&text));
        }
    }
}
