//! Sentences as people marked them, in files of others.

use std::fs;

use chancery::{Document, Lang};
use serde_json::Value;

use crate::data::data;

/// How many cases of a language must come out as marked.
const NEEDED: [(Lang, usize); 3] = [(Lang::FR, 27), (Lang::RU, 52), (Lang::EN, 106)];

#[test]
fn golden_cases_come_out_as_marked() {
    let name = "formats/segmentation/golden_rules_en_fr_ru.jsonl";
    let Some(path) = data(name) else { return };
    let cases = fs::read_to_string(path).unwrap();
    for (lang, needed) in NEEDED {
        let (mut right, mut all) = (0, 0);
        let mut missed = String::new();
        for case in cases.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            if case["lang"] != lang.as_written() {
                continue;
            }
            all += 1;
            let document = Document::new(case["input"].as_str().unwrap(), lang.clone());
            let found: Vec<&str> = document.sentences().iter().map(|s| s.text()).collect();
            let as_marked = match &case["expected"] {
                Value::Array(marked) => {
                    marked.iter().map(|s| s.as_str().unwrap().trim()).eq(found.iter().copied())
                }
                count => count.as_u64() == Some(found.len() as u64),
            };
            if as_marked {
                right += 1;
            } else {
                missed += &format!("{}: {found:?}\n    marked {}\n", case["id"], case["expected"]);
            }
        }
        println!("{lang}: {right} of {all}\n{missed}");
        assert!(right >= needed, "{lang}: {right} of {all}, needed {needed}\n{missed}");
    }
}
