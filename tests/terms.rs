//! Recognition of terms, held against the judged sentences of `tests/terms`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use chancery::Lang;
use chancery::term::{Concept, PartOfSpeech, Recognizer, Term, TermKind, Termbase};
use chancery::text::Stemmer;

/// A hit as the judge and the recogniser both write it: the term, and the bytes it takes.
type Judged = (String, Vec<Range<usize>>);

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terms").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn terms(lang: &str) -> Vec<(String, Term)> {
    let listing = data("recognition.terms.tsv");
    let rows = listing.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == lang)
        .map(|row| {
            let mut term = Term::new(row[2])
                .with_part_of_speech(row[3].parse::<PartOfSpeech>().unwrap())
                .with_kind(row[4].parse::<TermKind>().unwrap());
            term.gap = row[5].parse().ok();
            (row[1].to_owned(), term)
        })
        .collect()
}

/// Takes the marks out of a sentence.
fn unmark(line: &str) -> (String, Vec<Judged>) {
    let (mut text, mut hits): (String, Vec<Judged>) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (id, after) = after.split_once('|').expect("a mark has an id");
        let (words, after) = after.split_once(']').expect("a mark ends");
        let span = text.len()..text.len() + words.len();
        text.push_str(words);
        match id.strip_prefix('+') {
            Some(_) => hits.last_mut().expect("goes on after another").1.push(span),
            None => hits.push((id.to_owned(), vec![span])),
        }
        rest = after;
    }
    text.push_str(rest);
    (text, hits)
}

/// Joins the words of a hit that only space, hyphens and the like stand between.
fn runs(text: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for word in words {
        match runs.last_mut() {
            Some(last)
                if word.start <= last.end
                    || !text[last.end..word.start].contains([','])
                        && !text[last.end..word.start].contains(char::is_alphanumeric) =>
            {
                last.end = last.end.max(word.end);
            }
            _ => runs.push(word.clone()),
        }
    }
    runs
}

#[derive(Default)]
struct Score {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Score {
    fn recall(&self) -> f64 {
        self.right as f64 / self.wanted as f64
    }

    fn precision(&self) -> f64 {
        self.right as f64 / self.found as f64
    }
}

/// Runs a finder over the sentences of a language; also the sentences where it was wrong.
fn judge(lang: &str, mut find: impl FnMut(&str) -> Vec<Judged>) -> (Score, Vec<String>) {
    let mut score = Score::default();
    let mut wrong = Vec::new();
    for line in data(&format!("recognition.{lang}.txt")).lines() {
        let (text, wanted) = unmark(line);
        let wanted: BTreeSet<_> = wanted.iter().map(|hit| format!("{hit:?}")).collect();
        let found: BTreeSet<_> = find(&text).iter().map(|hit| format!("{hit:?}")).collect();
        score.right += wanted.intersection(&found).count();
        score.found += found.len();
        score.wanted += wanted.len();
        if wanted != found {
            wrong.push(format!("{line}\n    found {found:?}"));
        }
    }
    (score, wrong)
}

#[test]
fn inflected_terms_are_found_where_a_person_finds_them() {
    for lang in [Lang::FR, Lang::RU] {
        let terms = terms(lang.primary());
        let base: Termbase = (terms.iter())
            .map(|(id, term)| {
                let mut concept = Concept::new(id.clone());
                concept.add(lang.clone(), term.clone());
                concept
            })
            .collect();
        let recognizer = Recognizer::new(&base, &lang);
        let mut scanner = recognizer.scanner();
        let (score, wrong) = judge(lang.primary(), |text| {
            let hits = scanner.find(text);
            let id = |hit: &chancery::term::Hit| base.term(hit.term).0.id.clone();
            hits.iter().map(|hit| (id(hit), runs(text, hit.words()))).collect()
        });
        let (baseline, _) = judge(lang.primary(), |text| stem_by_stem(text, &terms, &lang));
        println!(
            "{lang}: recall {:.3}, precision {:.3} of {} terms; stem by stem {:.3} and {:.3}",
            score.recall(),
            score.precision(),
            score.wanted,
            baseline.recall(),
            baseline.precision(),
        );
        println!("{}", wrong.join("\n"));
        assert!(score.recall() >= 0.97, "recall {:.3}", score.recall());
        assert!(score.precision() >= 0.97, "precision {:.3}", score.precision());
    }
}

/// The rule of OmegaT's glossary: a term is found where the stems of its words follow each other.
fn stem_by_stem(text: &str, terms: &[(String, Term)], lang: &Lang) -> Vec<Judged> {
    let stemmer = Stemmer::new(lang);
    let stems = |text: &str| -> Vec<(String, Range<usize>)> {
        chancery::text::tokens(text, lang)
            .iter()
            .filter(|token| text[token.span()].contains(char::is_alphanumeric))
            .map(|token| (stemmer.stem(token.key()).into_owned(), token.span()))
            .collect()
    };
    let words = stems(text);
    let mut found: Vec<Judged> = Vec::new();
    for (id, term) in terms {
        let ours = stems(&term.text);
        for window in words.windows(ours.len()) {
            if window.iter().map(|(stem, _)| stem).eq(ours.iter().map(|(stem, _)| stem)) {
                let spans: Vec<_> = window.iter().map(|(_, span)| span.clone()).collect();
                let whole = spans[0].start..spans[spans.len() - 1].end;
                found.push((id.clone(), Vec::from([whole])));
            }
        }
    }
    // The longest wins, as it does for us; OmegaT itself shows them all.
    let all = found.clone();
    let inside = |(_, hit): &Judged, (_, other): &Judged| {
        hit != other && other[0].start <= hit[0].start && hit[0].end <= other[0].end
    };
    found.retain(|hit| !all.iter().any(|other| inside(hit, other)));
    found
}
