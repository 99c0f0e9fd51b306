//! The units of a document, one after the other.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_128;

use super::brackets::{self, Family};
use super::finding::Draft;
use super::side::Side;
use super::terms::{Read, Scanners};
use super::{Checker, Finding, FindingKind, Fingerprint};
use crate::term::TermRef;
use crate::text::{Normal, TokenKind};
use crate::{Segment, Unit};

/// Checks the units of a document, alone and against each other: the same term and the same
/// sentence are to be translated alike, and a quotation may go on in the next segment.
/// Made by [`Checker::run`].
///
/// It holds what was found and some 60 bytes for each distinct source segment.
///
/// ```
/// use chancery::check::{Checker, FindingKind};
/// use chancery::{Lang, Unit};
///
/// let checker = Checker::new(Lang::FR, Lang::EN);
/// let mut run = checker.run();
/// for english in ["The meeting is called to order.", "The meeting is open."] {
///     run.unit(&Unit::pair((Lang::FR, "La séance est ouverte."), (Lang::EN, english)));
/// }
/// let report = run.finish();
/// assert_eq!(report.checked, 2);
/// assert_eq!(report.units[0].number, 2);
/// assert_eq!(report.units[0].findings[0].kind(), FindingKind::Inconsistent);
/// ```
#[derive(Debug)]
pub struct Run<'c> {
    checker: &'c Checker<'c>,
    scanners: Option<Scanners<'c>>,
    report: Report,
    /// Units seen.
    count: usize,
    /// For a source, by its hash, the hash of its first translation and the number of its unit.
    sources: HashMap<u128, (u128, usize)>,
    /// For a term the first term that stood for it, and the number of its unit.
    terms: HashMap<TermRef, (TermRef, usize)>,
    /// Brackets and quotation marks that a later unit may close: the number of the unit.
    open: Vec<(usize, Family, Fingerprint)>,
}

/// In how many units after an opening mark the closing one may stand.
const REACH: usize = 20;
/// A source of fewer words is no sentence: what it means depends on its place.
const SENTENCE: usize = 4;

/// What was found in a document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The units in which something was found, in order.
    pub units: Vec<CheckedUnit>,
    /// How many units were checked.
    pub checked: usize,
    /// How many units lack one of the languages and were passed over.
    pub incomplete: usize,
    /// How many findings were left out because they are accepted.
    pub accepted: usize,
}

/// A unit in which something was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckedUnit {
    /// Its place in the document, counted from 1.
    pub number: usize,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// The text of its source segment.
    pub source: String,
    /// The text of its target segment.
    pub target: String,
    /// What was found, in the order of the target.
    pub findings: Vec<Finding>,
}

impl Report {
    /// All findings, with their units.
    pub fn findings(&self) -> impl Iterator<Item = (&CheckedUnit, &Finding)> {
        let units = self.units.iter();
        units.flat_map(|unit| unit.findings.iter().map(move |finding| (unit, finding)))
    }
}

impl<'c> Run<'c> {
    pub(super) fn new(checker: &'c Checker<'c>) -> Run<'c> {
        Run {
            checker,
            scanners: checker.terms.as_ref().map(super::terms::Terms::scanners),
            report: Report::default(),
            count: 0,
            sources: HashMap::new(),
            terms: HashMap::new(),
            open: Vec::new(),
        }
    }

    /// Checks a unit. One that lacks a language is counted and passed over.
    pub fn unit(&mut self, unit: &Unit) {
        let [source, target] = self.checker.langs().each_ref().map(|lang| unit.segment(lang));
        let (Some(source), Some(target)) = (source, target) else {
            self.count += 1;
            self.report.incomplete += 1;
            return;
        };
        let id = unit.metadata.attribute("tuid").map(str::to_owned);
        self.pair(id, source, target);
    }

    /// Checks a pair of segments, with the id of their unit.
    pub fn pair(&mut self, id: Option<String>, source: &Segment, target: &Segment) {
        self.count += 1;
        self.report.checked += 1;
        let [from, to] = self.checker.langs();
        let (source, target) = (Side::new(source, from), Side::new(target, to));
        let terms = self.checker.read_terms(&source, &target, self.scanners.as_mut());
        let scanners = self.scanners.as_mut();
        let mut found = self.checker.drafts(&source, &target, scanners, terms.as_ref());
        if let Some(read) = &terms {
            self.compare_terms(&source, &target, read, &mut found);
        }
        self.compare_sentences(&source, &target, &mut found);
        let mut findings = self.checker.finish(&mut found, &source, &target);
        self.close(&target, &mut findings);
        let count = findings.len();
        findings.retain(|finding| !self.checker.accepted.contains(finding.fingerprint()));
        self.report.accepted += count - findings.len();
        if !findings.is_empty() {
            self.report.units.push(CheckedUnit {
                number: self.count,
                id,
                source: source.text.into_owned(),
                target: target.text.into_owned(),
                findings,
            });
        }
    }

    /// What was found.
    pub fn finish(self) -> Report {
        self.report
    }

    fn compare_terms(
        &mut self,
        source: &Side<'_>,
        target: &Side<'_>,
        read: &Read,
        found: &mut Vec<Draft>,
    ) {
        let (Some(terms), Some(scanners)) = (&self.checker.terms, &mut self.scanners) else {
            return;
        };
        let scope = self.checker.current_scope();
        for rendering in terms.renderings(scanners, scope, source, read) {
            let (first, number) =
                *self.terms.entry(rendering.source).or_insert((rendering.target, self.count));
            if first == rendering.target {
                continue;
            }
            let (_, other) = terms.term(first);
            let written = &source.text[rendering.source_span.clone()];
            let message = format!(
                "`{written}` is `{}` here and `{}` in segment {number}",
                &target.text[rendering.target_span.clone()],
                other.text
            );
            found.push(
                Draft::new(FindingKind::TermInconsistent, message)
                    .source(rendering.source_span)
                    .target(rendering.target_span)
                    .suggest(&*other.text),
            );
        }
    }

    fn compare_sentences(&mut self, source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
        let words = source.tokens.iter().filter(|token| token.kind() == TokenKind::Word);
        if words.take(SENTENCE).count() < SENTENCE || target.text.trim().is_empty() {
            return;
        }
        let hash = |text: &str| xxh3_128(Normal::new(text).text().as_bytes());
        let translation = hash(&target.text);
        let first = self.sources.entry(hash(&source.text)).or_insert((translation, self.count));
        if first.0 != translation {
            let message = format!("the same source is translated otherwise in segment {}", first.1);
            let draft = Draft::new(FindingKind::Inconsistent, message);
            found.push(draft.target(0..target.text.len()));
        }
    }

    /// Pairs signs that stand alone in this unit with those of units before.
    fn close(&mut self, target: &Side<'_>, findings: &mut Vec<Finding>) {
        self.open.retain(|(number, ..)| self.count - number <= REACH);
        if !findings.iter().any(|finding| is_sign(finding.kind())) && self.open.is_empty() {
            return;
        }
        for sign in brackets::alone(&target.text) {
            let here = findings.iter().position(|finding| {
                is_sign(finding.kind())
                    && finding.target().is_some_and(|span| span.start == sign.at)
            });
            let partner = self.open.iter().rposition(|(_, family, _)| *family == sign.family);
            match (partner, here) {
                // A straight mark opens and closes: where one is open, it closes.
                (Some(partner), _) if !sign.opens || sign.sign == '"' => {
                    let (number, _, fingerprint) = self.open.remove(partner);
                    if let Some(here) = here {
                        findings.remove(here);
                    }
                    self.forget(number, fingerprint);
                }
                (_, Some(here)) if sign.opens => {
                    self.open.push((self.count, sign.family, findings[here].fingerprint()));
                }
                _ => {}
            }
        }
    }

    /// Takes a finding of a unit before back.
    fn forget(&mut self, number: usize, fingerprint: Fingerprint) {
        let units = &mut self.report.units;
        let Ok(at) = units.binary_search_by_key(&number, |unit| unit.number) else { return };
        units[at].findings.retain(|finding| finding.fingerprint() != fingerprint);
        if units[at].findings.is_empty() {
            units.remove(at);
        }
    }
}

fn is_sign(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::Bracket | FindingKind::QuotationMark)
}
