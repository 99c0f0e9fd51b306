//! The door to all checks.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::finding::Draft;
use super::meaning::Meaning;
use super::side::Side;
use super::terms::{Read, Scanners, Terms};
use super::{Accepted, Finding, FindingKind, Run, brackets, codes, punctuation, values, wording};
use crate::term::{Recognizer, Scope, Termbase};
use crate::{Lang, Segment};

/// Checks translations of one language into another.
///
/// All [kinds](FindingKind) of findings are looked for; [`without`](Checker::without) switches
/// kinds off.
///
/// Cost: proportional to the length of both segments, with or without terms; `benches/check.rs`
/// measures it.
///
/// ```
/// use chancery::Lang;
/// use chancery::check::{Checker, FindingKind};
/// use chancery::term::{Concept, Status, Term, Termbase};
///
/// let mut council = Concept::new("nato.russia-council");
/// council.add(Lang::FR, Term::new("Conseil OTAN-Russie"));
/// council.add(Lang::EN, Term::new("NATO-Russia Council").with_status(Status::Preferred));
/// council.add(Lang::EN, Term::new("Permanent Joint Council").with_status(Status::Deprecated));
/// let base = Termbase::from_iter([council]);
///
/// let checker = Checker::new(Lang::FR, Lang::EN).termbase(&base);
/// let source = "Le Conseil OTAN-Russie se réunit.".into();
/// let found = checker.check(&source, &"The Permanent Joint Council meets.".into());
/// assert_eq!(found[0].kind(), FindingKind::TermDeprecated);
/// assert_eq!(found[0].suggestion(), Some("NATO-Russia Council"));
/// ```
#[derive(Debug)]
pub struct Checker<'t> {
    langs: [Lang; 2],
    meaning: Meaning,
    pub(super) terms: Option<Terms<'t>>,
    scope: Scope,
    off: BTreeSet<FindingKind>,
    pub(super) accepted: Accepted,
}

impl<'t> Checker<'t> {
    /// A checker of translations from one language into another.
    pub fn new(source: Lang, target: Lang) -> Checker<'t> {
        Checker {
            meaning: Meaning::new(&source, &target),
            langs: [source, target],
            terms: None,
            scope: Scope::default(),
            off: BTreeSet::new(),
            accepted: Accepted::new(),
        }
    }

    /// Checks terms against this termbase too. Cost: the terms of both languages are indexed, see
    /// [`Recognizer`](crate::term::Recognizer).
    pub fn termbase(mut self, base: &'t Termbase) -> Checker<'t> {
        self.terms = Some(Terms::new(base, &self.langs));
        self
    }

    /// The same with the terms indexed already, those of the source language first: for whoever
    /// checks now and then against a termbase that stays. They must have been made of `base`.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use chancery::Lang;
    /// use chancery::check::{Checker, FindingKind};
    /// use chancery::term::{Concept, Recognizer, Term, Termbase};
    ///
    /// let mut concept = Concept::new("inquiry");
    /// concept.add(Lang::FR, Term::new("commission d’enquête"));
    /// concept.add(Lang::EN, Term::new("commission of inquiry"));
    /// let base = Termbase::from_iter([concept]);
    /// let recognizers = [Lang::FR, Lang::EN].map(|lang| Arc::new(Recognizer::new(&base, &lang)));
    ///
    /// let checker = Checker::new(Lang::FR, Lang::EN).indexed(&base, recognizers.clone());
    /// let found = checker.check(&"La commission d’enquête siège.".into(), &"The body sits.".into());
    /// assert_eq!(found[0].kind(), FindingKind::TermMissing);
    /// ```
    pub fn indexed(mut self, base: &'t Termbase, recognizers: [Arc<Recognizer>; 2]) -> Checker<'t> {
        self.terms = Some(Terms::indexed(base, &self.langs, recognizers));
        self
    }

    /// For which house and day the text is written: decides on the status of terms. By default
    /// for none in particular.
    pub fn scope(mut self, scope: Scope) -> Checker<'t> {
        self.scope = scope;
        self
    }

    /// Switches a kind of finding off.
    pub fn without(mut self, kind: FindingKind) -> Checker<'t> {
        self.off.insert(kind);
        self
    }

    /// Leaves out findings that a person accepted.
    pub fn accepted(mut self, accepted: Accepted) -> Checker<'t> {
        self.accepted = accepted;
        self
    }

    pub(super) fn current_scope(&self) -> &Scope {
        &self.scope
    }

    /// The languages, source first.
    pub fn langs(&self) -> &[Lang; 2] {
        &self.langs
    }

    /// Begins to check the units of a document.
    pub fn run(&self) -> Run<'_> {
        Run::new(self)
    }

    /// What is found in one translated segment, in the order of the target.
    ///
    /// Whoever checks many segments begins a [`run`](Checker::run), which also compares them with
    /// each other.
    pub fn check(&self, source: &Segment, target: &Segment) -> Vec<Finding> {
        let [from, to] = &self.langs;
        let (source, target) = (Side::new(source, from), Side::new(target, to));
        let mut scanners = self.terms.as_ref().map(Terms::scanners);
        let terms = self.read_terms(&source, &target, scanners.as_mut());
        let mut found = self.drafts(&source, &target, scanners.as_mut(), terms.as_ref());
        self.finish(&mut found, &source, &target)
            .into_iter()
            .filter(|finding| !self.accepted.contains(finding.fingerprint()))
            .collect()
    }

    /// The terms of a pair, if there is a termbase.
    pub(super) fn read_terms(
        &self,
        source: &Side<'_>,
        target: &Side<'_>,
        scanners: Option<&mut Scanners<'_>>,
    ) -> Option<Read> {
        Some(self.terms.as_ref()?.read(scanners?, &self.scope, source, target))
    }

    /// The values and the meaning alone: [numbers](FindingKind::Number), dates, references,
    /// negations and modality.
    pub(crate) fn check_meaning(&self, source: &Segment, target: &Segment) -> Vec<Finding> {
        let [from, to] = &self.langs;
        let (source, target) = (Side::new(source, from), Side::new(target, to));
        let mut found = Vec::new();
        values::check(&source, &target, &mut found);
        self.meaning.check(&source, &target, &mut found);
        self.finish(&mut found, &source, &target)
    }

    /// What is found in one pair alone.
    pub(super) fn drafts(
        &self,
        source: &Side<'_>,
        target: &Side<'_>,
        scanners: Option<&mut Scanners<'_>>,
        read: Option<&Read>,
    ) -> Vec<Draft> {
        let mut found = Vec::new();
        if source.text.trim().is_empty() && target.text.trim().is_empty() {
            codes::check(source, target, &mut found);
            return found;
        }
        let whole = wording::untranslated(source, target, &mut found);
        // Against a target that is not one everything else would be found too.
        if !whole {
            if let (Some(terms), Some(scanners), Some(read)) = (&self.terms, scanners, read) {
                terms.check(scanners, &self.scope, source, target, read, &mut found);
            }
            values::check(source, target, &mut found);
            self.meaning.check(source, target, &mut found);
            wording::repeated(source, target, &mut found);
            punctuation::check(source, target, &mut found);
            brackets::check(source, target, &mut found);
        }
        codes::check(source, target, &mut found);
        found
    }

    /// The findings of a pair, those switched off left out.
    pub(super) fn finish(
        &self,
        found: &mut Vec<Draft>,
        source: &Side<'_>,
        target: &Side<'_>,
    ) -> Vec<Finding> {
        let mut found: Vec<Finding> = (found.drain(..))
            .filter(|draft| !self.off.contains(&draft.kind))
            .map(|draft| draft.finish(&source.text, &target.text))
            .collect();
        found.sort_by_key(|finding| {
            let start = |span: Option<std::ops::Range<usize>>| {
                span.map_or((usize::MAX, 0), |span| (span.start, span.end))
            };
            let place = (start(finding.target()), start(finding.source()));
            (place, finding.kind(), finding.fingerprint())
        });
        found.dedup_by_key(|finding| finding.fingerprint());
        found
    }
}
