//! Rules at work: where a text is to be broken.

use fancy_regex::RegexInput;
use regex_automata::{Anchored, Input, MatchKind, PatternID, meta};
use regex_syntax::hir::{Capture, Hir};

use super::pattern::{Order, Pattern, followed_by, ordered};
use super::{Problem, Rules};
use crate::Lang;

/// How many bytes a pattern sees on each side of the place it is asked about.
const REACH: usize = 2048;
/// How many bytes are searched at a time for places to break at. Each search costs as much as it
/// is long, whatever the pattern; short ones keep the whole linear.
const WINDOW: usize = 4 * REACH;
/// How many exceptions share an automaton.
const GROUP: usize = 64;

/// The rules of one language, compiled.
///
/// Breaks are few and exceptions many. So the break rules are searched for, forwards; at each
/// place they find, all rules are asked, in order, whether they match there. "Stands before the
/// place" is answered by mirrored patterns that read the text backwards from it.
#[derive(Debug, Default)]
pub(in crate::text) struct Breaker {
    rules: Vec<Compiled>,
    groups: Vec<Group>,
    seekers: Vec<Seeker>,
    backtracking: Vec<Backtracking>,
}

/// What a rule does where it matches.
#[derive(Debug)]
struct Compiled {
    is_break: bool,
    /// What must follow, if anything must.
    after: Option<meta::Regex>,
}

/// Mirrored patterns of what must stand before, for some consecutive rules.
#[derive(Debug)]
struct Group {
    before: meta::Regex,
    /// The rule of each pattern, ascending.
    rules: Vec<usize>,
}

/// Finds where one break rule may match.
#[derive(Debug)]
struct Seeker {
    /// Both patterns, the first one as group 1.
    both: meta::Regex,
    has_after: bool,
}

/// A rule with look-around.
#[derive(Debug)]
struct Backtracking {
    rule: usize,
    place: (String, usize),
    both: fancy_regex::Regex,
}

impl Breaker {
    pub(in crate::text) fn new(rules: &Rules, lang: &Lang) -> (Breaker, Vec<Problem>) {
        let mut breaker = Breaker::default();
        let mut problems = Vec::new();
        let mut mirrored = Vec::new();
        for list in rules.lists_for(lang) {
            for (index, rule) in list.rules.iter().enumerate() {
                let added = rule.compile().and_then(|(before, after)| {
                    breaker.add(rule.is_break, &before, &after, (&list.name, index), &mut mirrored)
                });
                if let Err(message) = added {
                    problems.push(Problem::in_rule(&list.name, index, message));
                }
            }
        }
        for group in mirrored.chunks(GROUP) {
            breaker.group(group);
        }
        (breaker, problems)
    }

    fn add(
        &mut self,
        is_break: bool,
        before: &Pattern,
        after: &Pattern,
        place: (&str, usize),
        mirrored: &mut Vec<(usize, Hir)>,
    ) -> Result<(), String> {
        let rule = self.rules.len();
        let (Some(regular_before), Some(regular_after)) = (before.regular(), after.regular())
        else {
            let both = followed_by(before, after)?;
            let place = (place.0.to_owned(), place.1);
            self.backtracking.push(Backtracking { rule, place, both });
            self.rules.push(Compiled { is_break, after: None });
            return Ok(());
        };
        // Compiled alone first, so that what is too large is known by name.
        let backward = ordered(regular_before, Order::Backward);
        compile(&[&backward])?;
        let has_after = regular_after.properties().maximum_len() != Some(0)
            || !regular_after.properties().look_set().is_empty();
        let follows = if has_after { Some(compile(&[regular_after])?) } else { None };
        if is_break {
            let group = Capture { index: 1, name: None, sub: Box::new(regular_before.clone()) };
            let both = Hir::concat(vec![Hir::capture(group), regular_after.clone()]);
            self.seekers.push(Seeker { both: compile(&[&both])?, has_after });
        }
        mirrored.push((rule, backward));
        self.rules.push(Compiled { is_break, after: follows });
        Ok(())
    }

    /// Joins patterns into one automaton; where that would be too large, into two halves.
    fn group(&mut self, mirrored: &[(usize, Hir)]) {
        let patterns: Vec<&Hir> = mirrored.iter().map(|(_, hir)| hir).collect();
        match compile(&patterns) {
            Ok(before) => {
                self.groups.push(Group { before, rules: mirrored.iter().map(|m| m.0).collect() });
            }
            // Each was compiled alone before, so that halving ends.
            Err(_) if mirrored.len() > 1 => {
                let (first, second) = mirrored.split_at(mirrored.len() / 2);
                self.group(first);
                self.group(second);
            }
            Err(_) => {}
        }
    }

    /// The places of a text where a segment ends and another begins, ascending, neither 0 nor the
    /// length of the text.
    pub(in crate::text) fn breaks(&self, text: &str, problems: &mut Vec<Problem>) -> Vec<usize> {
        let mut candidates = Vec::new();
        for seeker in &self.seekers {
            seeker.seek(text, &mut candidates);
        }
        // For each rule with look-around, the places where it matches.
        let mut matched: Vec<(usize, Vec<usize>)> = Vec::new();
        for rule in &self.backtracking {
            let places = rule.seek(text, problems);
            if self.rules[rule.rule].is_break {
                candidates.extend(&places);
            }
            matched.push((rule.rule, places));
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|&place| place > 0 && place < text.len());
        if candidates.is_empty() {
            return candidates;
        }
        let mirror: String = text.chars().rev().collect();
        candidates.retain(|&place| {
            let other = matched.iter().filter(|(_, places)| places.binary_search(&place).is_ok());
            let other = other.map(|&(rule, _)| rule).min();
            let regular = self.first_match(text, &mirror, place);
            let first = regular.into_iter().chain(other).min();
            first.is_some_and(|rule| self.rules[rule].is_break)
        });
        candidates
    }

    /// The first rule without look-around that matches at a place.
    ///
    /// Patterns are asked one by one in the groups where any of them matches. One search for the set
    /// of all that match would do, but at a Unicode word boundary the engine leaves its automaton for
    /// a simulation that also reports patterns that match further on, and reads on to the end.
    fn first_match(&self, text: &str, mirror: &str, place: usize) -> Option<usize> {
        let before = at(mirror, mirror.len() - place).earliest(true);
        let groups = self.groups.iter().filter(|group| group.before.is_match(before.clone()));
        groups
            .flat_map(|group| {
                (0..).map(PatternID::new).zip(&group.rules).map(move |rule| (group, rule))
            })
            .find_map(|(group, (pattern, &rule))| {
                let stands_before = before.clone().anchored(Anchored::Pattern(pattern.ok()?));
                let after = self.rules[rule].after.as_ref();
                let matches = group.before.is_match(stands_before)
                    && after.is_none_or(|after| after.is_match(at(text, place).earliest(true)));
                matches.then_some(rule)
            })
    }
}

/// A search for what begins at one place.
fn at(text: &str, place: usize) -> Input<'_> {
    let end = text.len().min(place + REACH);
    Input::new(text).range(place..end).anchored(Anchored::Yes)
}

fn compile(patterns: &[&Hir]) -> Result<meta::Regex, String> {
    let config = meta::Config::new().match_kind(if patterns.len() > 1 {
        MatchKind::All
    } else {
        MatchKind::LeftmostFirst
    });
    meta::Builder::new()
        .configure(config.nfa_size_limit(Some(4 << 20)).hybrid_cache_capacity(4 << 20))
        .build_many_from_hir(patterns)
        .map_err(|cause| match cause.size_limit() {
            Some(_) => "the pattern is too large".to_owned(),
            None => cause.to_string(),
        })
}

impl Seeker {
    fn seek(&self, text: &str, found: &mut Vec<usize>) {
        windows(
            text,
            |range| {
                let input = Input::new(text).range(range);
                let whole = self.both.search(&input)?;
                let boundary = if self.has_after {
                    let mut slots = [None; 4];
                    let inside = input.range(whole.range()).anchored(Anchored::Yes);
                    self.both.search_slots(&inside, &mut slots);
                    slots[3].map_or(whole.end(), |slot| slot.get())
                } else {
                    whole.end()
                };
                Some((whole.start(), boundary, whole.end()))
            },
            |place| found.push(place),
        );
    }
}

impl Backtracking {
    fn seek(&self, text: &str, problems: &mut Vec<Problem>) -> Vec<usize> {
        let mut places = Vec::new();
        windows(
            text,
            |range| {
                let input = RegexInput::new(text).from_pos(range.start).range(range);
                match self.both.find_input(input) {
                    Ok(found) => found.map(|found| (found.start(), found.end(), found.end())),
                    Err(cause) => {
                        let message = format!("given up on a text ({cause})");
                        let problem = Problem::in_rule(&self.place.0, self.place.1, message);
                        if !problems.contains(&problem) {
                            problems.push(problem);
                        }
                        None
                    }
                }
            },
            |place| places.push(place),
        );
        places
    }
}

/// Looks for matches from left to right, a window of the text at a time. A match is its start, the
/// place it marks and its end; the next is looked for from that place on.
fn windows(
    text: &str,
    mut find: impl FnMut(std::ops::Range<usize>) -> Option<(usize, usize, usize)>,
    mut found: impl FnMut(usize),
) {
    let boundary = |place: usize| (place..=text.len()).find(|&p| text.is_char_boundary(p));
    let next = |place: usize| boundary(place + 1).unwrap_or(text.len());
    let mut from = 0;
    while from < text.len() {
        let end = boundary(from + WINDOW).unwrap_or(text.len());
        from = match find(from..end) {
            // Cut short by the window: look again with the window where the match starts.
            Some((start, _, stop)) if stop == end && end < text.len() && start > from => start,
            Some((_, place, _)) => {
                found(place);
                place.max(next(from))
            }
            None if end < text.len() => boundary(end - REACH).unwrap_or(end),
            None => text.len(),
        };
    }
}
