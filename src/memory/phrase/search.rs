//! Finding a phrase, placing its translations, putting them in order.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use super::PhraseLookup;
use super::found::{PhraseFindings, PhraseMatch, PhraseTranslation};
use super::pattern::{Hit, Pattern};
use super::place::place;
use crate::lexicon::{Lexicon, Linker};
use crate::memory::index::{Newest, Tokens, Visit, Wanted};
use crate::memory::pair::{Pair, pairs};
use crate::memory::policy::UnitName;
use crate::memory::store::Result;
use crate::memory::{UnitId, trust};
use crate::similarity::{Class, Outline, Outliner, Tier};
use crate::{Lang, Unit};

pub(super) fn run(lookup: &PhraseLookup<'_, '_>) -> Result<PhraseFindings> {
    let empty = PhraseFindings {
        translations: Vec::new(),
        units: 0,
        complete: true,
        examined: 0,
        nearest: false,
    };
    let Some(pattern) = Pattern::new(lookup.query.segment(), &lookup.source) else {
        return Ok(empty);
    };
    let mut findings = of_patterns(lookup, &pattern, false)?;
    let enough = lookup.whole || pattern.required() < LEAST_NEAREST;
    if findings.translations.is_empty() && !enough {
        let nearest = of_patterns(lookup, &pattern, true)?;
        if !nearest.translations.is_empty() {
            findings = nearest;
        }
    }
    Ok(findings)
}

/// Whether any unit has the whole phrase.
pub(super) fn exists(lookup: &PhraseLookup<'_, '_>) -> Result<bool> {
    let Some(pattern) = Pattern::new(lookup.query.segment(), &lookup.source) else {
        return Ok(false);
    };
    let wanted =
        Wanted { groups: pattern.sought(), lacking: 0, refused: Vec::new(), most: usize::MAX };
    let (_, found) = lookup.memory.searched(|_, searcher| {
        let mut any = Any { pattern: &pattern, found: false };
        searcher.containing(&lookup.source, &wanted, &mut any)?;
        Ok(any.found)
    })?;
    Ok(found)
}

struct Any<'p> {
    pattern: &'p Pattern,
    found: bool,
}

impl Visit for Any<'_> {
    fn tokens(&mut self, tokens: &Tokens<'_>) -> bool {
        self.pattern.find(tokens).is_some()
    }

    fn unit(&mut self, _: u64) {
        self.found = true;
    }

    fn is_done(&self) -> bool {
        self.found
    }
}

/// Phrases of fewer words of matter are not found with one of them missing.
const LEAST_NEAREST: usize = 3;

/// Finds the units that have the whole phrase, or those that have all of it but one word.
fn of_patterns(
    lookup: &PhraseLookup<'_, '_>,
    pattern: &Pattern,
    nearest: bool,
) -> Result<PhraseFindings> {
    let most = lookup.most();
    let wanted = Wanted {
        groups: pattern.sought(),
        lacking: usize::from(nearest),
        refused: Vec::new(),
        // One more, to know whether there is one.
        most: most.saturating_add(1),
    };
    let patterns = match nearest {
        true => (0..pattern.required()).map(|at| pattern.without(at)).collect(),
        false => vec![pattern.clone()],
    };
    let (read, (found, complete)) = lookup.memory.searched(|_, searcher| {
        let mut found = Found { patterns: &patterns, exactness: 0.0, units: Newest::new(most) };
        searcher.containing(&lookup.source, &wanted, &mut found)?;
        Ok(found.units.finish())
    })?;
    let mut findings = PhraseFindings {
        translations: Vec::new(),
        units: found.len() as u64,
        complete,
        examined: 0,
        nearest,
    };
    if found.is_empty() {
        return Ok(findings);
    }
    let (source, target) = (&lookup.source, &lookup.target);
    let tools = match &lookup.lexicon {
        Some(lexicon) => Tools::new(lexicon.clone(), source, target),
        None => lookup.memory.tools(&*read, source, target)?,
    };
    let mut reader = Reader { lookup, patterns: &patterns, tools };
    let mut matches = Vec::new();
    // A heap, because only the first of what may be many are wanted in order.
    let found = found.into_iter().map(|(unit, exactness)| Candidate { exactness, unit });
    let mut units: BinaryHeap<Candidate> = found.collect::<Vec<_>>().into();
    while matches.len() < lookup.examined
        && let Some(candidate) = units.pop()
    {
        let Some(record) = read.get(candidate.unit)? else { continue };
        let unit = record.decode(UnitName(candidate.unit))?;
        if lookup.selection.accepts(&unit) {
            matches.extend(reader.read(candidate.unit, unit));
        }
    }
    findings.examined = matches.len() as u64;
    findings.translations = reader.grouped(matches);
    findings.translations.truncate(lookup.limit);
    if lookup.lexicon.is_none() {
        lookup.memory.give_back(reader.tools);
    }
    Ok(findings)
}

/// A unit that has the phrase. The greatest is the one to look at first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    exactness: f64,
    unit: u64,
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        self.exactness.total_cmp(&other.exactness).then(self.unit.cmp(&other.unit))
    }
}

/// The best place by any of the patterns.
pub(super) fn best(patterns: &[Pattern], tokens: &Tokens<'_>) -> Option<Hit> {
    let hits = patterns.iter().filter_map(|pattern| pattern.find(tokens));
    hits.reduce(|best, next| if next.exactness > best.exactness { next } else { best })
}

/// The units that have it, each with how exactly.
struct Found<'p> {
    patterns: &'p [Pattern],
    exactness: f64,
    units: Newest<f64>,
}

impl Visit for Found<'_> {
    fn tokens(&mut self, tokens: &Tokens<'_>) -> bool {
        let hit = best(self.patterns, tokens);
        self.exactness = hit.as_ref().map_or(0.0, |hit| hit.exactness);
        hit.is_some()
    }

    fn unit(&mut self, unit: u64) {
        self.units.push(unit, self.exactness);
    }
}

/// What segments are read and words are linked by. It learns while it is used.
#[derive(Debug)]
pub(in crate::memory) struct Tools {
    pub(in crate::memory) linker: Linker,
    source: Outliner,
    target: Outliner,
}

impl Tools {
    pub(in crate::memory) fn new(lexicon: Lexicon, source: &Lang, target: &Lang) -> Tools {
        let (source, target) = (Outliner::new(source), Outliner::new(target));
        Tools { linker: Linker::new(lexicon), source, target }
    }
}

/// Finds the phrase and its translation in units.
struct Reader<'l> {
    lookup: &'l PhraseLookup<'l, 'l>,
    patterns: &'l [Pattern],
    tools: Tools,
}

impl Reader<'_> {
    /// The best match of a unit; none if it lacks the target language.
    fn read(&mut self, number: u64, unit: Unit) -> Option<PhraseMatch> {
        let mut best_hit: Option<(Pair, Hit, Outline)> = None;
        for pair in pairs(&unit, &self.lookup.source, &self.lookup.target) {
            let (source, _) = self.tools.source.outline(&unit.variants[pair.source].segment);
            let Some(hit) = best(self.patterns, &source.atoms.as_slice().into()) else { continue };
            if best_hit.as_ref().is_none_or(|(_, kept, _)| hit.exactness > kept.exactness) {
                best_hit = Some((pair, hit, source.clone()));
            }
        }
        let (pair, hit, outline) = best_hit?;
        let (source, target) =
            (&unit.variants[pair.source].segment, &unit.variants[pair.target].segment);
        let tokens = &outline.spans[hit.tokens.clone()];
        let span = tokens.first()?.0 as usize..tokens.last()?.1 as usize;
        let placed = place(
            &mut self.tools.linker,
            (&source.text(), &outline),
            (&target.text(), self.tools.target.outline(target).0),
            span.clone(),
        )?;
        Some(PhraseMatch {
            id: UnitId::new(number),
            source: pair.source,
            target: pair.target,
            source_span: span,
            target_span: placed.span,
            exactness: hit.exactness,
            confidence: placed.confidence,
            unit,
        })
    }

    /// Translations from matches, the best first.
    fn grouped(&mut self, matches: Vec<PhraseMatch>) -> Vec<PhraseTranslation> {
        let mut groups: HashMap<Vec<u64>, Vec<PhraseMatch>> = HashMap::new();
        for found in matches {
            groups.entry(self.key(&found.target_text())).or_default().push(found);
        }
        let mut translations: Vec<PhraseTranslation> = groups
            .into_values()
            .map(|mut matches| {
                matches.sort_by(|one, other| {
                    let by = |of: fn(&PhraseMatch) -> f64| of(other).total_cmp(&of(one));
                    by(|found| found.exactness)
                        .then_with(|| by(|found| found.confidence))
                        .then_with(|| date(other).cmp(&date(one)))
                        .then_with(|| one.id.cmp(&other.id))
                });
                PhraseTranslation { text: usual(&matches), matches }
            })
            .collect();
        translations.sort_by(|one, other| {
            let support = |translation: &PhraseTranslation| -> f64 {
                translation.matches.iter().map(PhraseMatch::support).sum()
            };
            let by_support = support(other).total_cmp(&support(one));
            by_support.then_with(|| one.matches[0].id.cmp(&other.matches[0].id))
        });
        translations
    }

    /// What tells a translation from others: the stems of its content words and its numbers, or
    /// all words where there are none.
    fn key(&mut self, text: &str) -> Vec<u64> {
        let (outline, _) = self.tools.target.outline(&text.into());
        let of = |classes: &[Class]| -> Vec<u64> {
            let atoms = outline.atoms.iter().filter(|atom| classes.contains(&atom.class));
            atoms
                .map(|atom| match atom.class {
                    Class::Content => atom.tiers[Tier::Stem as usize],
                    _ => atom.tiers[Tier::Key as usize],
                })
                .collect()
        };
        let matter = of(&[Class::Content, Class::Number]);
        if matter.is_empty() { of(&Class::ALL) } else { matter }
    }
}

/// The text that most of the matches have, but for case; of several the one that comes first, in
/// small letters if one has it so.
fn usual(matches: &[PhraseMatch]) -> String {
    let mut counts: Vec<(String, usize, String)> = Vec::new();
    for found in matches {
        let text = found.target_text().into_owned();
        let key = text.to_lowercase();
        match counts.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, count, written)) => {
                *count += 1;
                if text > *written {
                    *written = text;
                }
            }
            None => counts.push((key, 1, text)),
        }
    }
    let most = counts.iter().map(|(_, count, _)| *count).max();
    counts.into_iter().find(|(_, count, _)| Some(*count) == most).map_or(String::new(), |c| c.2)
}

fn date(found: &PhraseMatch) -> Option<String> {
    trust::date(&found.unit)
}
