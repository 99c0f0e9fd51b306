//! What a memory makes of a termbase: units with terms that were ruled out since, and concepts that
//! are named in several ways.

use std::collections::BTreeMap;

use super::side::Side;
use super::terms::{Scanners, Terms};
use crate::term::{Scope, Status, TermRef, Termbase};
use crate::{Lang, Unit};

/// Looks through units for terms that are not to be written and for concepts named in several
/// ways: what to correct after a status was changed.
///
/// ```
/// use chancery::check::Auditor;
/// use chancery::term::{Concept, Status, Term, Termbase};
/// use chancery::{Lang, Unit};
///
/// let mut concept = Concept::new("eswatini");
/// concept.add(Lang::FR, Term::new("Eswatini"));
/// concept.add(Lang::EN, Term::new("Eswatini").with_status(Status::Preferred));
/// concept.add(Lang::EN, Term::new("Swaziland").with_status(Status::Deprecated));
/// let base = Termbase::from_iter([concept]);
///
/// let auditor = Auditor::new(&base, Lang::FR, Lang::EN);
/// let mut run = auditor.run();
/// run.unit(1, &Unit::pair((Lang::FR, "L’Eswatini vote."), (Lang::EN, "Swaziland votes.")));
/// let audit = run.finish();
/// assert_eq!(audit.ruled_out[0].term, "Swaziland");
/// assert_eq!(audit.ruled_out[0].replacement.as_deref(), Some("Eswatini"));
/// assert_eq!(audit.ruled_out[0].units, [1]);
/// ```
#[derive(Debug)]
pub struct Auditor<'t> {
    terms: Terms<'t>,
    langs: [Lang; 2],
    scope: Scope,
}

/// An audit under way. Made by [`Auditor::run`].
#[derive(Debug)]
pub struct AuditRun<'a> {
    auditor: &'a Auditor<'a>,
    scanners: Scanners<'a>,
    units: usize,
    /// For each side and term ruled out the units it stands in.
    ruled_out: BTreeMap<(usize, TermRef), Vec<u64>>,
    /// For each term of the source, what stands for it, and where.
    renderings: BTreeMap<TermRef, BTreeMap<TermRef, Vec<u64>>>,
}

/// What an audit found.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Audit {
    /// How many units had both languages.
    pub units: usize,
    /// The terms that are not to be written and yet stand in units, in the order of the termbase.
    pub ruled_out: Vec<RuledOut>,
    /// The terms of the source that have several translations, in the order of the termbase.
    pub several: Vec<Several>,
}

/// A term that is not to be written, and the units that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledOut {
    /// The id of its concept.
    pub concept: String,
    /// The language it stands in.
    pub lang: Lang,
    /// The term, as the termbase writes it.
    pub term: String,
    /// Its status.
    pub status: Status,
    /// What to write, where the termbase leaves no choice.
    pub replacement: Option<String>,
    /// The units, by the numbers they were given with, in order.
    pub units: Vec<u64>,
}

/// A term that is translated in several ways, none of them ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several {
    /// The id of its concept.
    pub concept: String,
    /// The term of the source.
    pub source: String,
    /// The terms that stand for it, the most frequent first, each with its units.
    pub ways: Vec<(String, Vec<u64>)>,
}

impl<'t> Auditor<'t> {
    /// An auditor of units in two languages.
    pub fn new(base: &'t Termbase, source: Lang, target: Lang) -> Auditor<'t> {
        let langs = [source, target];
        Auditor { terms: Terms::new(base, &langs), langs, scope: Scope::default() }
    }

    /// For which house and day terms are judged. By default for none in particular.
    pub fn scope(mut self, scope: Scope) -> Auditor<'t> {
        self.scope = scope;
        self
    }

    /// Begins to read units.
    pub fn run(&self) -> AuditRun<'_> {
        AuditRun {
            auditor: self,
            scanners: self.terms.scanners(),
            units: 0,
            ruled_out: BTreeMap::new(),
            renderings: BTreeMap::new(),
        }
    }
}

impl AuditRun<'_> {
    /// Reads a unit, with the number it is to be named by. One that lacks a language is passed
    /// over.
    pub fn unit(&mut self, number: u64, unit: &Unit) {
        let [from, to] = &self.auditor.langs;
        let (Some(source), Some(target)) = (unit.segment(from), unit.segment(to)) else { return };
        self.units += 1;
        let (source, target) = (Side::new(source, from), Side::new(target, to));
        let (terms, scope) = (&self.auditor.terms, &self.auditor.scope);
        for (side, text) in [&source.text, &target.text].into_iter().enumerate() {
            for term in terms.ruled_out_in(&mut self.scanners, side, scope, text) {
                let units = self.ruled_out.entry((side, term)).or_default();
                if units.last() != Some(&number) {
                    units.push(number);
                }
            }
        }
        let read = terms.read(&mut self.scanners, scope, &source, &target);
        for rendering in terms.renderings(&mut self.scanners, scope, &source, &read) {
            let ways = self.renderings.entry(rendering.source).or_default();
            ways.entry(rendering.target).or_default().push(number);
        }
    }

    /// What was found.
    pub fn finish(self) -> Audit {
        let (terms, scope) = (&self.auditor.terms, &self.auditor.scope);
        let ruled_out = self.ruled_out.into_iter().map(|((side, at), units)| {
            let (concept, term) = terms.term(at);
            RuledOut {
                concept: concept.id.clone(),
                lang: self.auditor.langs[side].clone(),
                term: term.text.clone(),
                status: term.status_in(scope),
                replacement: terms.replacement(at, side, scope),
                units,
            }
        });
        let several = self.renderings.into_iter().filter(|(_, ways)| ways.len() > 1);
        let several = several.map(|(source, ways)| {
            let (concept, term) = terms.term(source);
            let mut ways: Vec<(String, Vec<u64>)> = ways
                .into_iter()
                .map(|(at, units)| (terms.term(at).1.text.clone(), units))
                .collect();
            ways.sort_by_key(|(_, units)| std::cmp::Reverse(units.len()));
            Several { concept: concept.id.clone(), source: term.text.clone(), ways }
        });
        Audit { units: self.units, ruled_out: ruled_out.collect(), several: several.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Concept, Term};

    #[test]
    fn ways_of_naming_a_concept_are_counted() {
        let mut concept = Concept::new("meeting");
        concept.add(Lang::FR, Term::new("réunion ministérielle"));
        concept.add(Lang::FR, Term::new("rencontre ministérielle").with_status(Status::Forbidden));
        for name in ["ministerial meeting", "meeting of ministers"] {
            concept.add(Lang::EN, Term::new(name).with_status(Status::Admitted));
        }
        let base = Termbase::from_iter([concept]);
        let auditor = Auditor::new(&base, Lang::FR, Lang::EN);
        let mut run = auditor.run();
        for (number, (fr, en)) in [
            ("La réunion ministérielle.", "The ministerial meeting."),
            ("Une réunion ministérielle.", "A meeting of ministers."),
            ("Des réunions ministérielles.", "Ministerial meetings."),
            ("La rencontre ministérielle.", "The ministerial meeting."),
        ]
        .into_iter()
        .enumerate()
        {
            run.unit(number as u64, &Unit::pair((Lang::FR, fr), (Lang::EN, en)));
        }
        let audit = run.finish();
        assert_eq!(audit.units, 4);
        let ways = [("ministerial meeting", vec![0, 2]), ("meeting of ministers", vec![1])];
        assert_eq!(audit.several[0].ways, ways.map(|(way, units)| (way.to_owned(), units)));
        assert_eq!(audit.several.len(), 1);
        assert_eq!(
            (&*audit.ruled_out[0].term, &*audit.ruled_out[0].units),
            ("rencontre ministérielle", &[3][..])
        );
        assert_eq!(audit.ruled_out[0].replacement.as_deref(), Some("réunion ministérielle"));
    }
}
