//! Terms of the source, and what the target makes of them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;
use crate::Lang;
use crate::similarity::function_words;
use crate::term::{
    Concept, Hit, PartOfSpeech, Recognizer, RelationKind, Scanner, Scope, Status, Term, TermKind,
    TermRef, Termbase,
};
use crate::text::{Token, TokenKind, tokens};

/// A termbase with the indexes of both languages.
#[derive(Debug)]
pub(super) struct Terms<'t> {
    base: &'t Termbase,
    langs: [Lang; 2],
    recognizers: [Arc<Recognizer>; 2],
}

/// Readers of both sides, which remember words and what is known of terms.
#[derive(Debug)]
pub(super) struct Scanners<'c> {
    sides: [Scanner<'c>; 2],
    /// For terms of the source how many words of matter they have.
    matter: HashMap<TermRef, Matter, RandomState>,
}

/// What a term is made of.
#[derive(Clone, Copy, Debug)]
struct Matter {
    /// Whether it is a phrase or a verb.
    phrase: bool,
    /// Whether it is written with a capital.
    capital: bool,
    /// Whether it begins in a word of matter and has another one.
    several: bool,
}

/// The terms of a pair of segments.
pub(super) struct Read {
    asked: Asked,
    theirs: Vec<Hit>,
}

/// A term of the source and the term that stands for it in the target.
#[derive(Clone, Debug)]
pub(super) struct Rendering {
    pub(super) source: TermRef,
    pub(super) target: TermRef,
    pub(super) source_span: Range<usize>,
    pub(super) target_span: Range<usize>,
}

/// The concepts that a term of the source may mean, with the places it stands at.
type Asked = BTreeMap<Vec<u32>, Vec<Hit>>;

impl<'t> Terms<'t> {
    pub(super) fn new(base: &'t Termbase, langs: &[Lang; 2]) -> Terms<'t> {
        let recognizers = langs.each_ref().map(|lang| Arc::new(Recognizer::new(base, lang)));
        Terms::indexed(base, langs, recognizers)
    }

    pub(super) fn indexed(
        base: &'t Termbase,
        langs: &[Lang; 2],
        recognizers: [Arc<Recognizer>; 2],
    ) -> Terms<'t> {
        Terms { base, langs: langs.clone(), recognizers }
    }

    pub(super) fn scanners(&self) -> Scanners<'_> {
        let [source, target] = &self.recognizers;
        Scanners { sides: [source.scanner(), target.scanner()], matter: HashMap::default() }
    }

    /// The terms ruled out that stand in a text of one side, those left out whose words are the right
    /// name of something else.
    pub(super) fn ruled_out_in(
        &self,
        scanners: &mut Scanners<'_>,
        side: usize,
        scope: &Scope,
        text: &str,
    ) -> Vec<TermRef> {
        let hits = scanners.sides[side].find(text);
        let passes = |hit: &Hit| self.base.term(hit.term).1.status_in(scope).passes();
        let ruled_out = hits.iter().filter(|hit| {
            let other = |other: &&Hit| other.words() == hit.words() && passes(other);
            !passes(hit) && !hits.iter().any(|hit| other(&hit))
        });
        ruled_out.map(|hit| hit.term).collect()
    }

    /// What to write in place of a term on one side, where there is no choice.
    pub(super) fn replacement(&self, at: TermRef, side: usize, scope: &Scope) -> Option<String> {
        self.choice(&self.with_successors(&[at.concept]), side, scope).only()
    }

    /// The term at a place.
    pub(super) fn term(&self, at: TermRef) -> (&Concept, &Term) {
        self.base.term(at)
    }

    /// The terms of a pair.
    pub(super) fn read(
        &self,
        scanners: &mut Scanners<'_>,
        scope: &Scope,
        source: &Side<'_>,
        target: &Side<'_>,
    ) -> Read {
        let asked = self.asked(scanners, scope, source);
        let theirs = scanners.sides[1].find_all(&target.text);
        Read { asked, theirs }
    }

    /// Finds terms missing, ruled out or too few.
    pub(super) fn check(
        &self,
        scanners: &mut Scanners<'_>,
        scope: &Scope,
        source: &Side<'_>,
        target: &Side<'_>,
        Read { asked, theirs }: &Read,
        found: &mut Vec<Draft>,
    ) {
        let status = |hit: &Hit| self.base.term(hit.term).1.status_in(scope);
        self.ruled_out(scope, asked, theirs, target, found);
        for (concepts, hits) in asked {
            let concepts = self.with_successors(concepts);
            let of_these = || theirs.iter().filter(|hit| concepts.contains(&hit.term.concept));
            let there = places(of_these().filter(|hit| status(hit).passes()));
            let place = hits[0].span();
            let written = &source.text[place.clone()];
            if there == 0 {
                if of_these().next().is_some() {
                    // Named by a term that was ruled out: that is reported.
                    continue;
                }
                let choice = self.choice(&concepts, 1, scope);
                let Some(shown) = choice.shown() else { continue };
                let message = format!("`{written}` is not translated by {shown}");
                let kind = match self.is_weighty(scanners, &hits[0], source) {
                    true => FindingKind::TermMissing,
                    false => FindingKind::TermWord,
                };
                let draft = Draft::new(kind, message).source(place);
                found.push(Draft { suggestion: choice.only(), ..draft.about(choice.id) });
            } else if there < hits.len() && self.is_weighty(scanners, &hits[0], source) {
                let message = format!(
                    "`{written}` stands {} times in the source, {there} in the target",
                    hits.len()
                );
                found.push(Draft::new(FindingKind::TermCount, message).source(place));
            }
        }
    }

    /// Which term of the target stands for a term of the source, wherever that is clear.
    pub(super) fn renderings(
        &self,
        scanners: &mut Scanners<'_>,
        scope: &Scope,
        source: &Side<'_>,
        Read { asked, theirs }: &Read,
    ) -> Vec<Rendering> {
        let mut found = Vec::new();
        for (concepts, hits) in asked {
            let ([concept], [hit]) = (&**concepts, &**hits) else { continue };
            let mut of_it = theirs.iter().filter(|other| {
                other.term.concept == *concept
                    && self.base.term(other.term).1.status_in(scope).passes()
            });
            let (Some(only), None) = (of_it.next(), of_it.next()) else { continue };
            // After its full form a name is shortened: that is style.
            let short = self.is_short(hit.term) || self.is_short(only.term);
            if short || !self.is_weighty(scanners, hit, source) {
                continue;
            }
            found.push(Rendering {
                source: hit.term,
                target: only.term,
                source_span: hit.span(),
                target_span: only.span(),
            });
        }
        found
    }

    /// Whether a term of the source is a name or has several words of matter, so that a translation
    /// that says it in another way deserves a look.
    fn is_weighty(&self, scanners: &mut Scanners<'_>, hit: &Hit, source: &Side<'_>) -> bool {
        let matter = scanners.matter.entry(hit.term);
        let matter = *matter.or_insert_with(|| self.matter(self.base.term(hit.term).1));
        // `Partie` is a party, `partie` mostly a part.
        let named = || matter.capital && source.text[hit.span()].contains(char::is_uppercase);
        !matter.phrase && (matter.several || named())
    }

    fn matter(&self, term: &Term) -> Matter {
        let functions = function_words(&self.langs[0]);
        let tokens = tokens(&term.text, &self.langs[0]);
        let matters = |token: &Token| {
            token.kind() == TokenKind::Word
                && !functions.is_some_and(|list| list.contains(token.key()))
        };
        Matter {
            phrase: term.kind == TermKind::Phrase || term.part_of_speech == PartOfSpeech::Verb,
            capital: term.text.contains(char::is_uppercase),
            // `dans le cadre de` is a phrase whatever the glossary calls it.
            several: tokens.first().is_some_and(matters)
                && tokens.iter().filter(|t| matters(t)).count() > 1,
        }
    }

    fn is_short(&self, at: TermRef) -> bool {
        let term = self.base.term(at).1;
        let short = [TermKind::Acronym, TermKind::Abbreviation, TermKind::Short];
        short.contains(&term.kind) || !term.text.chars().any(char::is_lowercase)
    }

    /// The terms of the source that a translation has to answer.
    fn asked(&self, scanners: &mut Scanners<'_>, scope: &Scope, source: &Side<'_>) -> Asked {
        let mut asked = Asked::new();
        let hits = scanners.sides[0].find(&source.text);
        for same in hits.chunk_by(|a, b| a.words() == b.words()) {
            let mut concepts: Vec<u32> = (same.iter())
                .filter(|hit| {
                    let (concept, term) = self.base.term(hit.term);
                    !concept.proposed && term.status_in(scope) != Status::Proposed
                })
                .map(|hit| hit.term.concept)
                .collect();
            concepts.sort_unstable();
            concepts.dedup();
            // Where one meaning of a word is not asked for, none can be.
            let all = same.iter().all(|hit| concepts.contains(&hit.term.concept));
            if all && !concepts.is_empty() {
                asked.entry(concepts).or_default().push(same[0].clone());
            }
        }
        asked
    }

    /// Finds terms of the target that are not to be written.
    fn ruled_out(
        &self,
        scope: &Scope,
        asked: &Asked,
        theirs: &[Hit],
        target: &Side<'_>,
        found: &mut Vec<Draft>,
    ) {
        let status = |hit: &Hit| self.base.term(hit.term).1.status_in(scope);
        for hit in theirs.iter().filter(|hit| !hit.is_nested() && !status(hit).passes()) {
            let concept = hit.term.concept;
            let is_asked = asked.keys().any(|concepts| concepts.contains(&concept));
            // The same words may be the right name of something else.
            let is_other = theirs.iter().any(|other| {
                other.words() == hit.words()
                    && status(other).passes()
                    && (other.term.concept == concept || !is_asked)
            });
            if is_other {
                continue;
            }
            let written = &target.text[hit.span()];
            let (kind, what) = match status(hit) {
                Status::Forbidden => (FindingKind::TermForbidden, "must not be written"),
                _ => (FindingKind::TermDeprecated, "is no longer written"),
            };
            let choice = self.choice(&self.with_successors(&[concept]), 1, scope);
            let message = match choice.shown() {
                Some(shown) => format!("`{written}` {what}; write {shown}"),
                None => format!("`{written}` {what}"),
            };
            let draft = Draft::new(kind, message).target(hit.span()).about(&*choice.id);
            found.push(Draft { suggestion: choice.only(), ..draft });
        }
    }

    /// These concepts and those that took their place.
    fn with_successors(&self, concepts: &[u32]) -> Vec<u32> {
        let mut all = concepts.to_vec();
        for &concept in concepts {
            let concept = &self.base.concepts()[concept as usize];
            if concept.relations.iter().any(|relation| relation.kind == RelationKind::ReplacedBy) {
                for next in self.base.follow(&concept.id, &RelationKind::ReplacedBy) {
                    let place = self.base.concepts().iter().position(|c| std::ptr::eq(c, next));
                    all.extend(place.map(|place| place as u32));
                }
            }
        }
        all
    }

    fn choice(&self, concepts: &[u32], side: usize, scope: &Scope) -> Choice {
        let mut choice = Choice::default();
        for &concept in concepts {
            let concept = &self.base.concepts()[concept as usize];
            if choice.id.is_empty() {
                choice.id.clone_from(&concept.id);
            }
            for term in concept.terms(&self.langs[side]) {
                let list = match term.status_in(scope) {
                    Status::Preferred => &mut choice.preferred,
                    Status::Admitted | Status::Unset => &mut choice.admitted,
                    _ => continue,
                };
                if !list.contains(&term.text) {
                    list.push(term.text.clone());
                }
            }
        }
        choice
    }
}

/// The terms that may be written.
#[derive(Debug, Default)]
struct Choice {
    id: String,
    preferred: Vec<String>,
    admitted: Vec<String>,
}

impl Choice {
    /// The one to write. Where several are admitted and none is preferred, as for the names of
    /// disputed territories, none is: nobody but the writer may choose.
    fn only(&self) -> Option<String> {
        match (&*self.preferred, &*self.admitted) {
            ([only], _) | ([], [only]) => Some(only.clone()),
            _ => None,
        }
    }

    fn shown(&self) -> Option<String> {
        let all = self.preferred.iter().chain(&self.admitted);
        let quoted: Vec<String> = all.map(|term| format!("`{term}`")).collect();
        match quoted.split_last()? {
            (only, []) => Some(only.clone()),
            (last, others) => Some(format!("{} or {last}", others.join(", "))),
        }
    }
}

/// How many places hits stand at, overlapping ones counted once.
fn places<'h>(hits: impl Iterator<Item = &'h Hit>) -> usize {
    let mut spans: Vec<Range<usize>> = hits.map(Hit::span).collect();
    spans.sort_by_key(|span| (span.end, span.start));
    let (mut count, mut end) = (0, 0);
    for span in spans {
        if count == 0 || span.start >= end {
            (count, end) = (count + 1, span.end);
        }
    }
    count
}
