//! The index of the terms of one language.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::inflect::{Role, Rules, key_hash};
use super::pattern::Pattern;
use super::scanner::{Hit, Scanner};
use super::trie::{Grower, NONE, Trie};
use super::words::Gap;
use super::{TermRef, Termbase};
use crate::Lang;

/// Finds the terms of a termbase in texts of one language.
///
/// A term is found in every form that its words can take:
///
/// - in any case of letters (initials such as `OTAN` need their capitals, `Otan` passes), with or
///   without the accents of capitals, with е for ё and oe for œ;
/// - elided and contracted: `d’`, `du` and `des` for *de*;
/// - with hyphens, dashes, spaces or nothing where it has a hyphen;
/// - in the plural, and with every word agreeing in gender, case and number; its verb in any
///   tense and person, for French, English and Russian; in other languages by
///   [stems](crate::text::Stemmer);
/// - interrupted by as many other words as the term [allows](super::Term::gap).
///
/// Nothing is found across a full stop, colon, bracket, blank line or (unless the term has a gap)
/// comma that the term does not have itself. Where terms overlap the one with the most words wins;
/// [`Scanner::find_all`] gives the others as well.
///
/// # Resource usage
///
/// 100,000 terms of one to four words take 0.3 to 0.7 s to build and 8 to 10 MB. Reading a text takes time
/// in proportion to its length; each distinct word is analysed once by a [`Scanner`].
///
/// ```
/// use chancery::Lang;
/// use chancery::term::{Concept, Recognizer, Term, Termbase};
///
/// let mut council = Concept::new("un.security-council");
/// council.add(Lang::FR, Term::new("Conseil de sécurité"));
/// let base = Termbase::from_iter([council]);
///
/// let recognizer = Recognizer::new(&base, &Lang::FR);
/// let text = "Les membres du CONSEIL DE SECURITE se réunissent.";
/// let hits = recognizer.find(text);
/// assert_eq!(hits.len(), 1);
/// assert_eq!(&text[hits[0].span()], "CONSEIL DE SECURITE");
/// ```
#[derive(Debug)]
pub struct Recognizer {
    pub(super) rules: Rules,
    /// The keys of the words of all terms, sorted.
    keys: Box<[u64]>,
    /// By the upper bits of a key, where the keys with these bits begin.
    key_buckets: Box<[u32]>,
    /// How many bits of a key are not upper ones.
    key_shift: u32,
    /// The word that has the key at the same place.
    key_words: Box<[u32]>,
    pub(super) trie: Trie,
    pub(super) endings: Box<[Ending]>,
    /// What some terms ask for beyond their words.
    pub(super) demands: HashMap<u32, Demand, RandomState>,
    /// The signs before and behind the words of terms that have such.
    pub(super) signs: HashMap<TermRef, [Box<str>; 2], RandomState>,
    skipped: Vec<TermRef>,
}

/// A term that ends at a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    pub(super) term: TermRef,
    /// The next one at the same node.
    pub(super) next: u32,
    pub(super) gap: u8,
    /// Whether it has a [`Demand`].
    pub(super) demands: bool,
}

/// What a term asks for beyond its words.
#[derive(Debug, Default)]
pub(super) struct Demand {
    /// What may stand before each word: kind and, for a [`Gap::Break`], the very characters.
    pub(super) gaps: Vec<(Gap, Box<str>)>,
    /// Whether each word needs a capital.
    pub(super) capitals: Vec<bool>,
}

impl Recognizer {
    /// Indexes the terms of a language, whatever their status.
    ///
    /// Cost: proportional to the number of terms, with some 5 µs for each distinct word.
    pub fn new(base: &Termbase, lang: &Lang) -> Recognizer {
        let rules = Rules::new(lang);
        let mut build = Build { rules, ..Build::new(rules) };
        for (at, term) in base.terms(lang) {
            match Pattern::new(rules, term) {
                Some(pattern) => {
                    if let Some(joined) = pattern.joined() {
                        build.add(at, &joined, &term.text);
                    }
                    build.add(at, &pattern, &term.text);
                    if let Some(signs) = pattern.signs(&term.text) {
                        build.signs.insert(at, signs);
                    }
                }
                None => build.skipped.push(at),
            }
        }
        build.finish()
    }

    /// The terms in a text, none overlapping another, in order.
    ///
    /// Whoever reads many texts keeps a [`scanner`](Recognizer::scanner), which remembers words.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        self.scanner().find(text)
    }

    /// A reader of texts that remembers the words it has met.
    pub fn scanner(&self) -> Scanner<'_> {
        Scanner::new(self)
    }

    /// The terms that can not be found because there is no word in them.
    pub fn skipped(&self) -> &[TermRef] {
        &self.skipped
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        let demands = self.demands.values().map(|demand| {
            demand.gaps.iter().map(|(_, text)| 24 + text.len()).sum::<usize>()
                + demand.capitals.len()
                + 64
        });
        let signs = self.signs.values().map(|[before, after]| 44 + before.len() + after.len());
        self.keys.len() * 12
            + size_of_val(&*self.key_buckets)
            + self.trie.memory()
            + size_of_val(&*self.endings)
            + demands.sum::<usize>()
            + signs.sum::<usize>()
            + self.skipped.len() * size_of::<TermRef>()
    }

    /// Adds the numbers of the words of terms that a word of a text may be a form of.
    pub(super) fn words_of(&self, raw: &str, folded: &str, found: &mut Vec<u32>) {
        let from = found.len();
        self.rules.text_keys(raw, folded, &mut |class, stem| self.words_with(class, stem, found));
        found[from..].sort_unstable();
        let mut kept = from;
        for at in from..found.len() {
            if kept == from || found[at] != found[kept - 1] {
                found[kept] = found[at];
                kept += 1;
            }
        }
        found.truncate(kept);
    }

    fn words_with(&self, class: &'static str, stem: &str, found: &mut Vec<u32>) {
        let hash = key_hash(class, stem);
        let bucket = (hash >> self.key_shift) as usize;
        let [from, to] = [bucket, bucket + 1].map(|at| self.key_buckets[at] as usize);
        let same = (from..to).filter(|&at| self.keys[at] == hash);
        found.extend(same.map(|at| self.key_words[at]));
    }
}

/// A recogniser in the making.
struct Build {
    rules: Rules,
    words: HashMap<(String, Role), u32, RandomState>,
    tight: Vec<bool>,
    keys: Vec<(u64, u32)>,
    grower: Grower,
    endings: Vec<Ending>,
    demands: HashMap<u32, Demand, RandomState>,
    signs: HashMap<TermRef, [Box<str>; 2], RandomState>,
    skipped: Vec<TermRef>,
    sequence: Vec<u32>,
}

impl Build {
    fn new(rules: Rules) -> Build {
        Build {
            rules,
            words: HashMap::default(),
            tight: Vec::new(),
            keys: Vec::new(),
            grower: Grower::default(),
            endings: Vec::new(),
            demands: HashMap::default(),
            signs: HashMap::default(),
            skipped: Vec::new(),
            sequence: Vec::new(),
        }
    }

    fn add(&mut self, term: TermRef, pattern: &Pattern, text: &str) {
        self.sequence.clear();
        for word in &pattern.words {
            let next = self.words.len() as u32;
            let number = match self.words.get(&(word.folded.clone(), word.role)) {
                Some(&known) => known,
                None => {
                    self.rules.term_keys(&word.folded, word.role, &mut |class, stem| {
                        self.keys.push((key_hash(class, stem), next));
                    });
                    self.tight.push(self.rules.is_preposition(&word.folded));
                    self.words.insert((word.folded.clone(), word.role), next);
                    next
                }
            };
            self.sequence.push(number);
        }
        let number = self.endings.len() as u32;
        let demand = demand(pattern, text);
        let crosses = demand.as_ref().is_some_and(|demand| {
            demand.gaps.iter().any(|(gap, _)| !matches!(gap, Gap::Space | Gap::Paragraph))
        });
        let node = self.grower.add(&self.sequence, pattern.gap, crosses);
        let demands = demand.is_some();
        self.endings.push(Ending { term, next: node.pattern, gap: pattern.gap, demands });
        node.pattern = number;
        if let Some(demand) = demand {
            self.demands.insert(number, demand);
        }
    }

    fn finish(mut self) -> Recognizer {
        self.keys.sort_unstable();
        self.keys.dedup();
        self.demands.shrink_to_fit();
        let bits = self.keys.len().next_power_of_two().trailing_zeros().max(1);
        let key_shift = u64::BITS - bits;
        let mut key_buckets = vec![0u32; (1 << bits) + 1].into_boxed_slice();
        for &(key, _) in &self.keys {
            key_buckets[(key >> key_shift) as usize + 1] += 1;
        }
        for at in 1..key_buckets.len() {
            key_buckets[at] += key_buckets[at - 1];
        }
        Recognizer {
            rules: self.rules,
            key_buckets,
            key_shift,
            keys: self.keys.iter().map(|&(key, _)| key).collect(),
            key_words: self.keys.iter().map(|&(_, word)| word).collect(),
            // Even an empty tree has its root.
            trie: {
                self.grower.add(&[], 0, false).pattern = NONE;
                self.grower.pack(&self.tight)
            },
            endings: self.endings.into_boxed_slice(),
            demands: self.demands,
            signs: self.signs,
            skipped: self.skipped,
        }
    }
}

/// What a term asks for beyond its words; `None` where that is nothing.
fn demand(pattern: &Pattern, text: &str) -> Option<Demand> {
    let plain = pattern.words.iter().all(|word| word.before == Gap::Space);
    if plain && !pattern.capitals {
        return None;
    }
    let mut end = pattern.words[0].span.start;
    let mut demand = Demand::default();
    for word in &pattern.words {
        let between = text.get(end..word.span.start).unwrap_or_default();
        let gap = match word.before {
            // A blank line within a term is a slip.
            Gap::Paragraph => Gap::Space,
            other => other,
        };
        demand.gaps.push((gap, between.trim().into()));
        end = word.span.end;
        if pattern.capitals {
            let raw = &text[word.span.clone()];
            demand.capitals.push(raw.starts_with(char::is_uppercase));
        }
    }
    Some(demand)
}

impl Demand {
    /// Whether what stands before a word of a hit is what the term has there.
    pub(super) fn allows(&self, at: usize, gap: Gap, between: &str, has_gap: bool) -> bool {
        let (wanted, characters) = &self.gaps[at];
        match (wanted, gap) {
            (_, Gap::Paragraph) => false,
            (_, Gap::Space | Gap::Hyphen) => true,
            (Gap::Hyphen | Gap::Dash, Gap::Dash) => true,
            (Gap::Comma, Gap::Comma) => true,
            (_, Gap::Comma) => has_gap,
            (Gap::Break, Gap::Break) => between.trim() == &**characters,
            _ => false,
        }
    }
}
