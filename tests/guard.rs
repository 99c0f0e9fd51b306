//! The guard, held against pairs that a person judged: `judged/differences.tsv`.

use std::collections::{BTreeMap, BTreeSet};

use chancery::similarity::{Differ, Difference, Guard, score};
use chancery::unit::{Code, CodeKind, Part};
use chancery::{Lang, Segment};

use crate::data::data;
use crate::judged::{Pair, pairs};
use crate::unpacked::unpacked;

/// Reads the codes of the judged sets: `<bpt i="1">[b]</bpt>`, `<ept i="1"/>`, `<ph x="1"/>`.
pub(crate) fn segment(text: &str) -> Segment {
    let mut segment = Segment::default();
    let mut rest = text;
    while let Some((start, kind, name)) =
        [(CodeKind::Open, "bpt"), (CodeKind::Close, "ept"), (CodeKind::Standalone, "ph")]
            .into_iter()
            .filter_map(|(kind, name)| Some((rest.find(&format!("<{name} "))?, kind, name)))
            .min_by_key(|found| found.0)
    {
        segment.push(Part::Text(rest[..start].to_owned()));
        rest = &rest[start..];
        let head = rest.find('>').unwrap() + 1;
        let close = format!("</{name}>");
        let end = match rest[..head].ends_with("/>") {
            true => head,
            false => rest.find(&close).unwrap() + close.len(),
        };
        let (element, wraps) = (name.into(), false);
        let (attributes, content) = (Vec::new(), Vec::new());
        segment.push(Part::Code(Code { kind, element, wraps, attributes, content }));
        rest = &rest[end..];
    }
    segment.push(Part::Text(rest.to_owned()));
    segment
}

struct Verdict {
    capped: bool,
    typed: bool,
    score: f64,
    found: Vec<Difference>,
}

fn verdict(pair: &Pair) -> Verdict {
    let lang: Lang = pair.language.parse().unwrap();
    let (query, stored) = (segment(pair.query), segment(pair.stored));
    let found = Differ::new(&lang).differences(&query, &stored);
    Verdict {
        capped: Guard::default().limit(&found).is_some_and(|limit| limit < 95.0),
        typed: found.iter().any(|d| pair.kinds.split(',').any(|kind| d.kind().name() == kind)),
        score: score(&query, &stored, &lang).value(),
        found,
    }
}

#[test]
fn judged_pairs_are_capped_where_the_meaning_changes_and_nowhere_else() {
    let (mut critical, mut harmless, mut meaning) = ([0, 0, 0], [0, 0, 0], [0, 0, 0]);
    for pair in pairs() {
        let verdict = verdict(&pair);
        let right = match pair.class {
            "critical" => {
                critical[0] += 1;
                critical[1] += usize::from(verdict.capped);
                critical[2] += usize::from(verdict.capped && verdict.typed);
                verdict.capped && verdict.typed
            }
            "harmless" => {
                let near = verdict.score >= 95.0 || pair.kinds == "spelling";
                harmless[0] += 1;
                harmless[1] += usize::from(!verdict.capped);
                harmless[2] += usize::from(!verdict.capped && near);
                !verdict.capped && near
            }
            _ => {
                meaning[0] += 1;
                meaning[1] += usize::from(!verdict.capped);
                meaning[2] = meaning[1];
                !verdict.capped
            }
        };
        if !right {
            println!(
                "{} {:.1} {} | {} | {}",
                pair.id, verdict.score, pair.kinds, pair.query, pair.stored
            );
            verdict.found.iter().for_each(|difference| println!("    {difference}"));
        }
    }
    println!(
        "critical: {critical:?} of all capped, typed; harmless: {harmless:?} not capped, and at 95;"
    );
    println!("same meaning: {meaning:?} not capped");
    for [all, right, entirely] in [critical, harmless, meaning] {
        assert!(all > 0 && right == all && entirely == all);
    }
}

/// Pairs of French segments that translators rendered by the very same English and Russian mean
/// the same: at most three of a hundred of those that score 85 or more may be capped.
#[test]
fn segments_with_one_translation_are_seldom_capped() {
    let (Some(resolutions), Some(messages)) =
        (data("tm/un.fr-en-ru.tsv"), unpacked("tm/fr-en-ru.tsv.xz"))
    else {
        return;
    };
    let text = std::fs::read_to_string(resolutions).unwrap() + &messages;
    let mut alike: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [french, english, russian, ..] = fields[..] {
            alike.entry((english, russian)).or_default().insert(french);
        }
    }
    let differ = Differ::new(&Lang::FR);
    let (mut pairs, mut capped) = (0, 0);
    for (translation, sources) in alike {
        let sources: Vec<Segment> = sources.into_iter().map(Segment::from).collect();
        for (at, query) in sources.iter().enumerate() {
            for stored in &sources[..at] {
                if score(query, stored, &Lang::FR).value() < 85.0 {
                    continue;
                }
                pairs += 1;
                let found = differ.differences(query, stored);
                if Guard::default().limit(&found).is_some() {
                    capped += 1;
                    println!("{} | {} | {}", query.text(), stored.text(), translation.0);
                    found.iter().for_each(|difference| println!("    {difference}"));
                }
            }
        }
    }
    println!("{capped} of {pairs} pairs are capped");
    assert!(pairs > 0 && 100 * capped <= 3 * pairs, "{capped} of {pairs} pairs are capped");
}
