//! A memory against a model that is a map of units and a list of its past states.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use chancery::memory::{
    DuplicatePolicy, Lookup, Match, Memory, MemoryBuilder, MemoryError, Moment, Operation,
    RevisionId, UnitId,
};
use chancery::{Lang, Segment, Unit};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::backend::Backend;

/// A unit of few possible ones, so that many are alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spec {
    pub(crate) source: u8,
    pub(crate) target: u8,
    pub(crate) russian: bool,
    pub(crate) context: Option<u8>,
    pub(crate) date: Option<u8>,
    pub(crate) approved: bool,
    pub(crate) note: bool,
}

impl Spec {
    pub(crate) fn any() -> impl Strategy<Value = Spec> {
        let one_in = |few: u8| prop::option::of(0..few);
        (
            0..3u8,
            0..3u8,
            prop::bool::weighted(0.2),
            one_in(2),
            one_in(3),
            any::<bool>(),
            any::<bool>(),
        )
            .prop_map(|(source, target, russian, context, date, approved, note)| Spec {
                source,
                target,
                russian,
                context,
                date,
                approved,
                note,
            })
    }

    pub(crate) fn unit(&self) -> Unit {
        let other = if self.russian { Lang::RU } else { Lang::EN };
        let mut unit = Unit::pair(
            (Lang::FR, format!("La séance n° {} est levée.", self.source)),
            (other, format!("The meeting rose ({}).", self.target)),
        );
        if let Some(context) = self.context {
            unit.metadata.set_property("prev", format!("Phrase {context}."));
        }
        if let Some(date) = self.date {
            unit.metadata.set_attribute("changedate", format!("2014031{date}T120000Z"));
        }
        if self.approved {
            unit.metadata.set_property("x-status", "approved");
        }
        if self.note {
            unit.metadata.notes.push(chancery::unit::Note::new("reread"));
        }
        unit
    }

    fn same_source(&self, other: &Spec) -> bool {
        (self.source, self.russian) == (other.source, other.russian)
    }

    fn same_place(&self, other: &Spec) -> bool {
        self.same_source(other) && self.context == other.context
    }

    fn same_texts(&self, other: &Spec) -> bool {
        self.same_place(other) && self.target == other.target
    }
}

pub(crate) const POLICIES: [DuplicatePolicy; 5] = [
    DuplicatePolicy::KeepAll,
    DuplicatePolicy::ByContext,
    DuplicatePolicy::NewestWins,
    DuplicatePolicy::Overwrite,
    DuplicatePolicy::ApprovedOnly,
];

#[derive(Clone, Debug)]
enum Step {
    Import(DuplicatePolicy, Vec<Spec>),
    DryRun(DuplicatePolicy, Vec<Spec>),
    Replace(Index, Spec),
    Remove(Vec<Index>),
    Undo(Index),
    Purge(Index),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let specs = || prop::collection::vec(Spec::any(), 0..8);
    prop_oneof![
        4 => (select(&POLICIES[..]), specs()).prop_map(|(policy, units)| Step::Import(policy, units)),
        1 => (select(&POLICIES[..]), specs()).prop_map(|(policy, units)| Step::DryRun(policy, units)),
        2 => (any::<Index>(), Spec::any()).prop_map(|(unit, spec)| Step::Replace(unit, spec)),
        2 => prop::collection::vec(any::<Index>(), 0..4).prop_map(Step::Remove),
        4 => any::<Index>().prop_map(Step::Undo),
        1 => any::<Index>().prop_map(Step::Purge),
        1 => Just(Step::Reopen),
    ]
}

type State = BTreeMap<u64, Spec>;

/// What a memory is: its state after each revision, and how far back the past is known.
struct Model {
    states: Vec<State>,
    purged: usize,
    next: u64,
}

impl Model {
    fn now(&self) -> &State {
        self.states.last().unwrap()
    }

    /// The state after an import, the numbers given, and whether a unit was rejected.
    fn import(&self, policy: DuplicatePolicy, units: &[Spec]) -> (State, u64, bool) {
        let (mut state, mut next, mut rejected) = (self.now().clone(), self.next, false);
        let before = state.clone();
        let mut come: BTreeMap<String, usize> = BTreeMap::new();
        for spec in units {
            let held = |test: &dyn Fn(&Spec) -> bool| -> Vec<u64> {
                state.iter().filter(|(_, other)| test(other)).map(|(&id, _)| id).collect()
            };
            let replaced = match policy {
                DuplicatePolicy::KeepAll => {
                    let come = come.entry(format!("{spec:?}")).or_default();
                    *come += 1;
                    if *come <= before.values().filter(|other| *other == spec).count() {
                        continue;
                    }
                    Vec::new()
                }
                DuplicatePolicy::ByContext => {
                    if !held(&|other| spec.same_texts(other)).is_empty() {
                        continue;
                    }
                    Vec::new()
                }
                DuplicatePolicy::NewestWins => {
                    let held = held(&|other| spec.same_source(other));
                    if held.iter().any(|id| state[id].date > spec.date) {
                        continue;
                    }
                    held
                }
                DuplicatePolicy::Overwrite => held(&|other| spec.same_place(other)),
                DuplicatePolicy::ApprovedOnly => {
                    if !spec.approved {
                        rejected = true;
                        continue;
                    }
                    if !held(&|other| other.approved && spec.same_texts(other)).is_empty() {
                        continue;
                    }
                    held(&|other| !other.approved && spec.same_place(other))
                }
                other => panic!("the model does not know {other:?}"),
            };
            match replaced.as_slice() {
                [] => {
                    state.insert(next, spec.clone());
                    next += 1;
                }
                _ => {
                    let kept = replaced[0];
                    for id in &replaced {
                        state.remove(id);
                    }
                    state.insert(kept, spec.clone());
                }
            }
        }
        (state, next, rejected)
    }
}

fn units(memory: &Memory) -> BTreeMap<u64, Unit> {
    memory
        .units()
        .unwrap()
        .map(|unit| unit.unwrap())
        .map(|(id, unit)| (id.number(), unit))
        .collect()
}

fn expected(state: &State) -> BTreeMap<u64, Unit> {
    state.iter().map(|(&id, spec)| (id, spec.unit())).collect()
}

/// Does one step in both, and says how the memory's journal should have grown.
fn take(backend: &mut Backend, model: &mut Model, step: &Step) {
    let revisions = model.states.len() - 1;
    match step {
        Step::Import(policy, specs) | Step::DryRun(policy, specs) => {
            let dry = matches!(step, Step::DryRun(..));
            let read = specs.iter().map(|spec| Ok::<_, std::convert::Infallible>(spec.unit()));
            let import = backend.memory().import("model").duplicates(*policy).keep_going(true);
            let threads = NonZeroUsize::new(1 + specs.len() % 3).unwrap();
            let report = import.dry_run(dry).threads(threads).run(read).unwrap();
            let (state, next, rejected) = model.import(*policy, specs);
            assert_eq!(report.rejected > 0, rejected);
            let told = report.added + report.changed + report.variants + report.duplicates;
            assert_eq!(report.read, told + report.rejected);
            let changed = state != *model.now();
            assert_eq!(report.revision.is_some(), changed && !dry);
            if changed && !dry {
                model.states.push(state);
                model.next = next;
            }
        }
        Step::Replace(index, spec) => {
            let Some(id) = pick(model.now(), index) else { return };
            let revision = backend.memory().replace(UnitId::new(id), spec.unit()).unwrap();
            let mut state = model.now().clone();
            state.insert(id, spec.clone());
            assert_eq!(revision.is_some(), state != *model.now());
            if revision.is_some() {
                model.states.push(state);
            }
        }
        Step::Remove(indices) => {
            let mut state = model.now().clone();
            let mut ids: Vec<u64> =
                indices.iter().filter_map(|index| pick(&state, index)).collect();
            ids.sort_unstable();
            ids.dedup();
            let revision = backend.memory().remove(ids.iter().copied().map(UnitId::new)).unwrap();
            assert_eq!(revision.is_some(), !ids.is_empty());
            if revision.is_some() {
                state.retain(|id, _| !ids.contains(id));
                model.states.push(state);
            }
        }
        Step::Undo(index) => {
            if revisions == 0 {
                return;
            }
            let undone = index.index(revisions) + 1;
            let result = backend.memory().undo(RevisionId::new(undone as u64));
            if undone <= model.purged {
                assert!(matches!(result, Err(MemoryError::Purged { .. })), "{result:?}");
                return;
            }
            let (before, after) = (&model.states[undone - 1], &model.states[undone]);
            let mut state = model.now().clone();
            let mut conflicts = 0;
            let touched: std::collections::BTreeSet<&u64> =
                before.keys().chain(after.keys()).collect();
            for id in touched {
                if before.get(id) == after.get(id) {
                    continue;
                }
                if after.get(id) != model.now().get(id) {
                    conflicts += 1;
                    continue;
                }
                match before.get(id) {
                    Some(spec) => drop(state.insert(*id, spec.clone())),
                    None => drop(state.remove(id)),
                }
            }
            match result {
                Ok(_) => {
                    assert_eq!(conflicts, 0);
                    model.states.push(state);
                }
                Err(MemoryError::ChangedSince { units, .. }) => assert_eq!(units, conflicts),
                Err(error) => panic!("{error}"),
            }
        }
        Step::Purge(index) => {
            if revisions == 0 {
                return;
            }
            let through = index.index(revisions) + 1;
            let purge = backend.memory().purge(RevisionId::new(through as u64));
            let report = purge.run().unwrap();
            assert_eq!(report.irreversible.len(), through.saturating_sub(model.purged));
            if report.revision.is_some() {
                model.purged = through;
                let state = model.now().clone();
                model.states.push(state);
            }
        }
        Step::Reopen => backend.reopen(),
    }
}

fn pick(state: &State, index: &Index) -> Option<u64> {
    (!state.is_empty()).then(|| *state.keys().nth(index.index(state.len())).unwrap())
}

/// The journal says of every revision what the states on both sides of it say.
fn check_journal(memory: &Memory, model: &Model) {
    let mut history = memory.history().unwrap();
    history.reverse();
    assert_eq!(history.len(), model.states.len() - 1);
    let mut last = None;
    for (nth, revision) in history.iter().enumerate() {
        assert_eq!(revision.id().number(), nth as u64 + 1);
        assert!(last <= Some(revision.time()), "time goes back");
        last = Some(revision.time());
        assert_eq!(revision.is_reversible(), nth >= model.purged);
        let (before, after) = (&model.states[nth], &model.states[nth + 1]);
        let added = after.keys().filter(|id| !before.contains_key(id)).count() as u64;
        let removed = before.keys().filter(|id| !after.contains_key(id)).count() as u64;
        let changed = |(id, spec): (&u64, &Spec)| before.get(id).is_some_and(|old| old != spec);
        let changed = after.iter().filter(|&entry| changed(entry)).count() as u64;
        let counts = revision.counts();
        if revision.operation() != Operation::Purge {
            assert_eq!((counts.added, counts.changed, counts.removed), (added, changed, removed));
        }
    }
}

/// Every unit at every revision of the known past is what it was.
fn check_past(memory: &Memory, model: &Model) {
    for (revision, state) in model.states.iter().enumerate().skip(model.purged) {
        for id in 1..model.next {
            let then = memory.unit_at(UnitId::new(id), RevisionId::new(revision as u64)).unwrap();
            assert_eq!(then, state.get(&id).map(Spec::unit), "unit {id} at revision {revision}");
        }
    }
}

/// Lookup finds every unit of the state that has both languages, as the comparator scores it; and
/// so it does of every state of the known past.
fn check_lookup(memory: &Memory, model: &Model) {
    let query = Segment::from("La séance n° 1 est levée.");
    let comparator = chancery::similarity::Comparator::new(&query, &Lang::FR);
    let check = |moment: Option<Moment>, state: &State| {
        let lookup = memory.lookup(&query).threshold(0.0).limit(usize::MAX);
        let lookup = moment.into_iter().fold(lookup, Lookup::as_of);
        let found = lookup.clone().run().unwrap();
        let mut scores: Vec<(u64, f64)> =
            found.iter().map(|found| (found.id().number(), found.score())).collect();
        scores.sort_by_key(|&(id, _)| id);
        let wanted: Vec<(u64, f64)> = (state.iter())
            .filter(|(_, spec)| !spec.russian)
            .map(|(&id, spec)| (id, comparator.score(&spec.unit().variants[0].segment).value()))
            .collect();
        assert_eq!(scores, wanted, "{moment:?}");
        // The best are the first of all, however many are asked for.
        let best: Vec<_> = lookup.limit(2).threshold(30.0).run().unwrap();
        let ids = |found: &[Match]| found.iter().map(Match::id).collect::<Vec<_>>();
        let wanted: Vec<_> =
            ids(&found[..found.iter().take(2).take_while(|m| m.rank_score() >= 30.0).count()]);
        assert_eq!(ids(&best), wanted, "{moment:?}");
    };
    check(None, model.now());
    for (revision, state) in model.states.iter().enumerate().skip(model.purged) {
        check(Some(RevisionId::new(revision as u64).into()), state);
    }
    // At a moment in time everything that was done until then is there.
    let history = memory.history().unwrap();
    for (nth, revision) in history.iter().enumerate() {
        let last = history[..nth].iter().rev().take_while(|later| later.time() == revision.time());
        let last = last.last().unwrap_or(revision).id().number() as usize;
        match last < model.purged {
            true => {
                let past = memory.lookup(&query).as_of(revision.time()).run();
                assert!(matches!(past, Err(MemoryError::PastPurged { .. })), "{past:?}");
            }
            false => check(Some(revision.time().into()), &model.states[last]),
        }
    }
    let future = RevisionId::new(model.states.len() as u64);
    let future = memory.lookup(&query).as_of(future).run();
    assert!(matches!(future, Err(MemoryError::NoSuchRevision { .. })), "{future:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_memory_is_its_model(steps in prop::collection::vec(step(), 1..14)) {
        for mut backend in Backend::all(&MemoryBuilder::default()) {
            let mut model = Model { states: vec![State::new()], purged: 0, next: 1 };
            for step in &steps {
                take(&mut backend, &mut model, step);
                assert_eq!(units(backend.memory()), expected(model.now()), "{}: {step:?}", backend.name);
                assert_eq!(backend.memory().len().unwrap(), model.now().len() as u64);
            }
            check_journal(backend.memory(), &model);
            check_past(backend.memory(), &model);
            check_lookup(backend.memory(), &model);
            backend.memory().verify().unwrap();
        }
    }
}
