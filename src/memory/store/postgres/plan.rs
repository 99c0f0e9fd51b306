//! What the server is asked for a query: which lists of its index, and what a segment must have.
//!
//! A segment that scores enough lacks only so much of the query's weight: its *spare*. So of every
//! set of roots that weighs more, it has one. The rarest such set is the *prefix*, whose lists have
//! every segment that is wanted. How much may be spared depends on the segment's own weight; each
//! class of weights has a prefix of its own.
//!
//! Most places are in the lists of the last roots of a prefix, which are its commonest. But a segment
//! that has none of the roots before them lacks those already, and may lack little more: so of any set
//! of roots after them that weighs more than what is left to spare, it has one too. The prefix is cut
//! into *tiers*; all but the first are scanned together with such a set, where their lists are long.

use tokio_postgres::types::ToSql;

use super::frequencies::Counts;
use super::signature::{BITS, Bits, Keyring, class, lightest_of};
use crate::Lang;
use crate::memory::index::IndexQuery;
use crate::similarity::bound;

/// How many binary digits the weight of a query behind one bit may have for the bits to be used.
const DIGITS: usize = 10;

/// In how many scans of the index the roots of a tier are sought, each of a few classes of weights:
/// what a scan costs for each place of a list grows with the number of lists it reads side by side.
const SCANS: usize = 8;

/// Tiers that are narrowed by a set of roots.
const NARROWED: usize = 4;

/// With fewer places than this a tier is not worth narrowing.
const FEW: f32 = 100.0;

/// Where the tiers of a prefix of so many roots end.
fn ends(prefix: usize) -> [usize; 1 + NARROWED] {
    let first = prefix * 2 / 5;
    let from_end = |roots| prefix.saturating_sub(roots).max(first);
    [first, from_end(4), from_end(2), from_end(1), prefix]
}

/// What the server is asked for.
pub(super) struct Plan {
    /// The keys of which a segment has one.
    plain: [Vec<i32>; SCANS],
    /// Pairs of keys of which a segment has one each; none if nothing is worth it.
    narrowed: Vec<[Vec<i32>; 2]>,
    /// About how many places the lists of these keys have.
    places: f32,
    /// The window of weights.
    lightest: i32,
    heaviest: i32,
    /// The least score, and the weight of the query.
    least: f64,
    weight: i32,
    /// The distinct roots of the query, and the weight it has in each.
    roots: Vec<(u64, u32)>,
    keyring: Keyring,
    /// What the bits of a segment may be worth, by binary digits. None if they can not tell.
    masks: Option<Vec<Bits>>,
}

/// A root of the query in segments of one class of weights.
#[derive(Clone, Copy)]
struct Root {
    key: i32,
    worth: u32,
    /// About how many segments have it.
    count: f32,
}

impl Plan {
    /// For segments that score at least this much, more than 0, if any can. The query must have
    /// tokens.
    pub(super) fn new(
        lang: &Lang,
        query: &IndexQuery,
        counts: &Counts,
        least: f64,
    ) -> Option<Plan> {
        let weight = f64::from(query.weight());
        let lightest = (least * weight / (200.0 - least)).ceil().max(0.0);
        let heaviest = (200.0 * weight / least - weight).floor().min(f64::from(i32::MAX));
        if heaviest < lightest {
            return None;
        }
        let mut plan = Plan {
            plain: <_>::default(),
            narrowed: Vec::new(),
            places: 0.0,
            lightest: lightest as i32,
            heaviest: heaviest as i32,
            least,
            weight: i32::try_from(query.weight()).unwrap_or(i32::MAX),
            roots: query.roots().collect(),
            keyring: Keyring::new(lang.primary()),
            masks: masks(query),
        };
        let (first, last) = (class(lightest as u32), class(heaviest as u32));
        let mut narrowed: [[[Vec<i32>; 2]; SCANS]; NARROWED] = <_>::default();
        for class in first..=last {
            // Nothing in the class is lighter: nothing may lack more.
            let lightest = lightest.max(lightest_of(class).into());
            let spare = weight - least * (weight + lightest) / 200.0;
            let scan = (class - first) as usize * SCANS / (last - first + 1) as usize;
            plan.add(class, spare, counts, scan, &mut narrowed);
        }
        if narrowed.iter().flatten().any(|[roots, _]| !roots.is_empty()) {
            plan.narrowed = narrowed.into_iter().flatten().collect();
        }
        Some(plan)
    }

    /// Adds what is sought of a class, whose segments may lack so much.
    fn add(
        &mut self,
        class: u32,
        spare: f64,
        counts: &Counts,
        scan: usize,
        narrowed: &mut [[[Vec<i32>; 2]; SCANS]; NARROWED],
    ) {
        let root = |&(root, worth): &(u64, u32)| {
            let key = self.keyring.key(root, class);
            Root { key, worth, count: counts.of(key) }
        };
        let mut roots: Vec<Root> = self.roots.iter().map(root).collect();
        let price = |root: &Root| root.count / root.worth.max(1) as f32;
        roots.sort_by(|one, other| price(one).total_cmp(&price(other)));
        let (prefix, _) = heavier(&roots, spare);
        let (mut start, mut spare) = (0, spare);
        for (tier, end) in ends(prefix).into_iter().enumerate() {
            let (these, others) = (&roots[start..end], &roots[end..]);
            let keys = these.iter().map(|root| root.key);
            let places: f32 = these.iter().map(|root| root.count).sum();
            self.places += places;
            let (size, enough) = heavier(others, spare);
            match tier.checked_sub(1).filter(|_| enough && places >= FEW) {
                Some(tier) => {
                    let [one, other] = &mut narrowed[tier][scan];
                    one.extend(keys);
                    other.extend(others[..size].iter().map(|root| root.key));
                }
                None => self.plain[scan].extend(keys),
            }
            spare -= these.iter().map(|root| f64::from(root.worth)).sum::<f64>();
            start = end;
        }
    }

    /// About how many places of lists are read.
    pub(super) fn places(&self) -> f32 {
        self.places
    }

    /// What a segment of this weight with these keys can score at most: all that it shares is
    /// counted, where the bits only tell what it may share.
    pub(super) fn bound(&self, weight: i32, keys: &[i32]) -> f64 {
        let class = class(weight.max(0) as u32);
        let shared = self.roots.iter().filter(|&&(root, _)| {
            // Sorted, as they were signed.
            keys.binary_search(&self.keyring.key(root, class)).is_ok()
        });
        let shared: u32 = shared.map(|&(_, worth)| worth).sum();
        let (weight, query) = (weight.max(0) as u32, self.weight.max(0) as u32);
        bound(shared.min(weight).min(query), weight.saturating_add(query))
    }

    /// The statement that asks for so many candidates (unit, bound by bits, weight, keys) in the
    /// order of their bounds and units, those after one or the first, and its values.
    pub(super) fn statement<'p>(
        &'p self,
        after: Option<&'p (f64, i64)>,
        limit: &'p i64,
    ) -> (String, Vec<&'p (dyn ToSql + Sync)>) {
        let mut values: Vec<&(dyn ToSql + Sync)> = Vec::new();
        let mut value = |value: &'p (dyn ToSql + Sync)| {
            values.push(value);
            values.len()
        };
        let (lightest, heaviest) = (value(&self.lightest), value(&self.heaviest));
        let (least, weight, limit) = (value(&self.least), value(&self.weight), value(limit));
        let mut has =
            |keys: &'p Vec<i32>| format!("keys OPERATOR(pg_catalog.&&) ${}::int[]", value(keys));
        let mut scans: Vec<String> = self.plain.iter().map(&mut has).collect();
        let both = |[one, other]: &'p [Vec<i32>; 2]| format!("{} AND {}", has(one), has(other));
        scans.extend(self.narrowed.iter().map(both));
        let shared = match &self.masks {
            Some(masks) => {
                let digit = |(place, mask): (usize, &'p Bits)| {
                    format!("(bit_count(bits & ${}) << {place})", value(mask))
                };
                masks.iter().enumerate().map(digit).collect::<Vec<_>>().join(" + ")
            }
            None => "weight".to_owned(),
        };
        let after = after.map_or_else(String::new, |(bound, unit)| {
            let (bound, unit) = (value(bound), value(unit));
            format!(
                "AND (bound < ${bound}::float8 OR bound = ${bound}::float8 AND unit > ${unit}::bigint)"
            )
        });
        let sql = format!(
            "SELECT unit, bound, weight, keys FROM (
                SELECT unit, weight, keys, 200::float8 * least(weight, ${weight}::int, {shared})
                    / (${weight}::int + weight) AS bound
                FROM signature
                WHERE ({}) AND weight BETWEEN ${lightest}::int AND ${heaviest}::int
            ) bounded
            WHERE bound >= ${least}::float8 {after}
            ORDER BY bound DESC, unit LIMIT ${limit}::bigint",
            scans.join(" OR ")
        );
        (sql, values)
    }
}

/// How many roots from the first on weigh more than this together, and whether all do.
fn heavier(roots: &[Root], than: f64) -> (usize, bool) {
    let mut sum = 0.0;
    for (at, root) in roots.iter().enumerate() {
        sum += f64::from(root.worth);
        if sum > than {
            return (at + 1, true);
        }
    }
    (roots.len(), false)
}

/// Which bits of a signature stand for a weight that has the binary digit of each place; none if
/// one stands for too much.
fn masks(query: &IndexQuery) -> Option<Vec<Bits>> {
    let mut weights = [0_u32; BITS];
    for (root, worth) in query.roots() {
        let weight = &mut weights[Bits::of(root)];
        *weight = weight.saturating_add(worth);
    }
    let digits = u32::BITS - weights.iter().max()?.leading_zeros();
    let mut masks = vec![Bits::default(); digits as usize];
    for (bit, weight) in weights.iter().enumerate() {
        let set = masks.iter_mut().enumerate().filter(|(place, _)| weight >> place & 1 == 1);
        set.for_each(|(_, mask)| mask.set(bit));
    }
    (masks.len() <= DIGITS).then_some(masks)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::memory::record::Record;
    use crate::similarity::{Comparator, MARGIN};
    use crate::{Segment, Unit};

    use super::super::signature::{HEAVIEST, Signature, Signer};

    const WORDS: [&str; 20] = [
        "la",
        "le",
        "de",
        "et",
        "ne",
        "à",
        "partie",
        "accord",
        "signature",
        "négociation",
        "séance",
        "ouverte",
        "ministre",
        "article",
        "conseil",
        "12",
        "2014",
        "(",
        ",",
        "…",
    ];

    fn texts() -> impl Strategy<Value = (String, String)> {
        let edits = vec((0_usize..40, select(&WORDS[..]), 0..3), 0..8);
        (vec(select(&WORDS[..]), 1..40), edits).prop_map(|(words, edits)| {
            let mut changed = words.clone();
            for (at, word, kind) in edits {
                let at = at % (changed.len() + 1);
                match kind {
                    0 => changed.insert(at, word),
                    1 if at < changed.len() => changed[at] = word,
                    _ if at < changed.len() => drop(changed.remove(at)),
                    _ => {}
                }
            }
            (words.join(" "), changed.join(" "))
        })
    }

    fn signature(text: &str) -> Signature {
        let unit = Unit::pair((Lang::FR, text), (Lang::EN, ""));
        let record = Record::encode(&unit).unwrap();
        let signatures = Signer::default().sign(1, &record, &mut Vec::new()).unwrap();
        signatures.into_iter().find(|one| &*one.lang == "fr").unwrap()
    }

    /// Whether the statement of a plan gives this segment, and its bounds by bits and by keys.
    fn met(plan: &Plan, segment: &Signature) -> Option<(f64, f64)> {
        let has = |keys: &Vec<i32>| keys.iter().any(|key| segment.keys.contains(key));
        let narrowed = plan.narrowed.iter().any(|[one, other]| has(one) && has(other));
        let weight = segment.weight as i32;
        let fits = (plan.lightest..=plan.heaviest).contains(&weight);
        let met = (plan.plain.iter().any(has) || narrowed) && fits;
        let shared = plan.masks.as_ref().map_or(segment.weight, |masks| {
            masks.iter().zip(0..).map(|(mask, place)| segment.bits.shared(mask) << place).sum()
        });
        let (one, two) = (segment.weight, plan.weight as u32);
        let by_bits = bound(shared.min(one).min(two), one + two);
        met.then(|| (by_bits, plan.bound(weight, &segment.keys)))
    }

    proptest! {
        /// However common keys are thought to be: what scores enough is among what is asked for.
        #[test]
        fn what_scores_enough_is_asked_for(
            (query, stored) in texts(),
            common in vec(1.0_f32..5000.0, 32),
            least in 1.0_f64..99.0,
        ) {
            let segment = Segment::from(query.as_str());
            let asked = IndexQuery::new(&segment, &Lang::FR);
            let score = Comparator::new(&segment, &Lang::FR).score(&Segment::from(stored.as_str()));
            let keyring = Keyring::new("fr");
            let every = asked.roots().flat_map(|(root, _)| {
                (0..=HEAVIEST).map(move |class| keyring.key(root, class))
            });
            let counts: Counts =
                every.map(|key| (key, common[key as u32 as usize % common.len()])).collect();
            for least in [least, score.value()] {
                let plan = match asked.weight() > 0 && least > 1.0 {
                    true => Plan::new(&Lang::FR, &asked, &counts, least - MARGIN),
                    false => continue,
                };
                if score.value() >= least {
                    let met = plan.and_then(|plan| met(&plan, &signature(&stored)));
                    let (by_bits, by_keys) = met.expect("it is asked for");
                    prop_assert!(by_bits + MARGIN >= least, "by bits {}", by_bits);
                    prop_assert!(by_keys + MARGIN >= least, "by keys {}", by_keys);
                }
            }
        }

        /// Where lists are long, nothing is asked for that would not be where they are short.
        #[test]
        fn narrowing_only_takes_away((query, stored) in texts(), least in 40.0_f64..90.0) {
            let asked = IndexQuery::new(&Segment::from(query.as_str()), &Lang::FR);
            prop_assume!(asked.weight() > 0);
            let keyring = Keyring::new("fr");
            let every = asked.roots().flat_map(|(root, _)| {
                (0..=HEAVIEST).map(move |class| (keyring.key(root, class), 1000.0))
            });
            let counts: Counts = every.collect();
            let narrowed = Plan::new(&Lang::FR, &asked, &counts, least);
            // Thought to be as common as one another, but too rare to be worth narrowing.
            let plain = Plan::new(&Lang::FR, &asked, &Counts::default(), least);
            let signature = signature(&stored);
            let met = |plan: Option<Plan>| plan.is_some_and(|plan| met(&plan, &signature).is_some());
            prop_assert!(met(plain) || !met(narrowed));
        }
    }
}
