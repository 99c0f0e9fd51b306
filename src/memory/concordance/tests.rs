//! The index finds what looking at every unit finds.

use proptest::prelude::*;
use proptest::sample::select;

use super::query::ConcordanceQuery;
use crate::memory::index::tests::{FRENCH, memory, steps};
use crate::memory::{Memory, UnitId};
use crate::text::{Stemmer, tokens};
use crate::unit::Variant;
use crate::{Lang, Unit};

/// A word of a query as it is written, and what it means.
#[derive(Clone, Debug)]
struct Asked {
    negated: bool,
    sign: &'static str,
    words: Vec<&'static str>,
    cut: Option<usize>,
}

impl Asked {
    /// As it is written.
    fn written(&self) -> String {
        let mut words: Vec<String> = self.words.iter().map(|&word| word.to_owned()).collect();
        let last = words.last_mut().unwrap();
        if let Some(cut) = self.cut {
            *last = last.chars().take(cut).collect::<String>() + "*";
        }
        let not = if self.negated { "NOT " } else { "" };
        format!("{not}{}\"{}\"", self.sign, words.join(" "))
    }

    /// Whether the segment has it, told by comparing words as texts.
    fn holds(&self, variant: &Variant) -> bool {
        let stemmer = Stemmer::new(&Lang::FR);
        let text = variant.segment.text();
        let keys = |text: &str| -> Vec<String> {
            let tokens = tokens(text, &Lang::FR);
            let words = tokens.iter().filter(|token| token.key().contains(char::is_alphanumeric));
            words.map(|token| token.key().to_owned()).collect()
        };
        let wanted: Vec<String> = self.words.iter().flat_map(|word| keys(word)).collect();
        let found = keys(&text);
        let same = |number: usize, key: &str| {
            let word = &wanted[number];
            if number + 1 == wanted.len()
                && let Some(cut) = self.cut
            {
                return key.starts_with(&word.chars().take(cut).collect::<String>());
            }
            let forms = |word: &str| self.sign.is_empty() && ["de", "l'"].contains(&word);
            match self.sign {
                "" if !forms(word) => key == word || stemmer.stem(key) == stemmer.stem(word),
                _ => key == word,
            }
        };
        let has = found
            .windows(wanted.len().max(1))
            .any(|window| window.iter().enumerate().all(|(number, key)| same(number, key)));
        has != self.negated
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    // Words that have one form in the vocabulary of words of grammar.
    let words: Vec<&'static str> = FRENCH
        .iter()
        .copied()
        .filter(|word| word.chars().all(|c| c.is_alphanumeric()))
        .filter(|word| !["ne", "pas", "les", "Les"].contains(word))
        .collect();
    let words = prop::collection::vec(select(words), 1..3);
    let cut = prop::option::weighted(0.3, 1_usize..6);
    (any::<bool>(), select(&["", "="][..]), words, cut)
        .prop_map(|(negated, sign, words, cut)| Asked { negated, sign, words, cut })
}

/// The units that have what is asked for, and whether they are translated.
fn scan(memory: &Memory, asked: &[Asked]) -> Vec<(UnitId, bool)> {
    let units = memory.units().unwrap().map(Result::unwrap);
    let has = |unit: &Unit| {
        let mut french = unit.variants.iter().filter(|v| v.lang.same_language(&Lang::FR));
        french.any(|variant| asked.iter().all(|asked| asked.holds(variant)))
    };
    let translated = |unit: &Unit| unit.segment(&Lang::RU).is_some();
    units.filter(|(_, unit)| has(unit)).map(|(id, unit)| (id, translated(&unit))).collect()
}

proptest! {
    /// Where nearly all units have words that begin so, their lists are not read.
    #[test]
    fn of_common_beginnings_the_newest_are_found(
        units in prop::collection::vec(prop::collection::vec(select(&["pacte", "paix", "partie", "note"][..]), 1..4), 1..40),
        most in 1_usize..8,
    ) {
        let memory = Memory::new();
        let text = |(number, words): (usize, &Vec<&str>)| format!("{} {number}", words.join(" "));
        let pairs = units.iter().enumerate().map(text);
        memory.add(pairs.map(|text| Unit::pair((Lang::FR, text.as_str()), (Lang::EN, "x")))).unwrap();
        let query: ConcordanceQuery = "pa*".parse().unwrap();
        let findings = memory.concordance(&query).count(most).limit(most).run().unwrap();
        let has = units.iter().enumerate().filter(|(_, words)| words.iter().any(|w| w.starts_with("pa")));
        let all: Vec<String> = has.map(text).collect();
        let found: Vec<_> = findings.lines.iter().map(|line| line.segment().text()).collect();
        let newest: Vec<_> = all.iter().rev().take(most).collect();
        prop_assert!(found.iter().eq(newest), "{:?}", found);
        prop_assert_eq!(findings.complete, all.len() <= most);
    }

    #[test]
    fn nothing_is_missed(
        steps in steps(),
        mut terms in prop::collection::vec(asked(), 1..4),
        most in 0_usize..12,
    ) {
        terms[0].negated = false;
        let memory = memory(steps);
        let written: Vec<String> = terms.iter().map(Asked::written).collect();
        let query: ConcordanceQuery = written.join(" ").parse().unwrap();
        let lookup = memory.concordance(&query).target(Lang::RU).limit(usize::MAX);
        let findings = lookup.run().unwrap();
        let mut found: Vec<UnitId> = findings.lines.iter().map(|line| line.id()).collect();
        prop_assert!(found.is_sorted_by(|one, other| one > other));
        found.reverse();
        let all = scan(&memory, &terms);
        let translated = |all: &[(UnitId, bool)]| -> Vec<UnitId> {
            all.iter().filter(|(_, translated)| *translated).map(|(id, _)| *id).collect()
        };
        prop_assert_eq!(&found, &translated(&all), "{}", query);
        prop_assert_eq!((findings.units, findings.complete), (all.len() as u64, true));
        // Where fewer are counted than there are, these are the newest.
        let some = memory.concordance(&query).target(Lang::RU).count(most).limit(most);
        let some = some.run().unwrap();
        prop_assert_eq!(some.units, all.len().min(most) as u64);
        prop_assert_eq!(some.complete, all.len() <= most);
        let mut found: Vec<UnitId> = some.lines.iter().map(|line| line.id()).collect();
        found.reverse();
        prop_assert_eq!(&found, &translated(&all[all.len().saturating_sub(most)..]), "{}", query);
        for line in &findings.lines {
            prop_assert!(!line.spans().is_empty());
            let text = line.segment().text();
            prop_assert!(line.spans().iter().all(|span| text.get(span.clone()).is_some()));
        }
        let merged = memory.concordance(&query).target(Lang::RU).limit(usize::MAX).distinct(true);
        let counts: usize = merged.run().unwrap().lines.iter().map(|line| line.count()).sum();
        prop_assert_eq!(counts, findings.lines.len());
    }
}
