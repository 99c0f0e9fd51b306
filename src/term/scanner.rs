//! Reading texts for terms.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::recognizer::{Demand, Recognizer};
use super::trie::{NONE, Node};
use super::words::{Gap, Words};
use super::{TermRef, explain};
use crate::Lang;

/// How many distinct words a scanner remembers before it starts anew.
const REMEMBERED: usize = 1 << 17;

/// A term found in a text.
///
/// A term that several concepts have gives a hit for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The term.
    pub term: TermRef,
    /// The bytes of its words in the text, in order; a contraction stands twice where both its
    /// parts belong to the term (`des` for *de* and *les*).
    words: Vec<Range<usize>>,
    /// How many bytes of signs before and behind its words belong to it.
    signs: [u8; 2],
    nested: bool,
}

impl Hit {
    /// The bytes from the first to the last of its words, with the signs around them that the term
    /// has too: the brackets of `[Fe(CN)6]`.
    pub fn span(&self) -> Range<usize> {
        let [before, after] = self.signs.map(usize::from);
        self.words[0].start - before..self.words[self.words.len() - 1].end + after
    }

    /// The bytes of each of its words. Between them stand words of others if the term has a gap.
    pub fn words(&self) -> &[Range<usize>] {
        &self.words
    }

    /// Whether a longer term took some of its words: only [`Scanner::find_all`] gives such hits.
    pub fn is_nested(&self) -> bool {
        self.nested
    }

    /// Which word of the text stands for which word of the term, and in what way they differ.
    ///
    /// `text` and `term` must be those the hit came from.
    pub fn explain(&self, text: &str, term: &super::Term, lang: &Lang) -> Vec<explain::WordMatch> {
        explain::explain(&self.words, text, term, lang)
    }
}

/// Reads texts for the terms of a [`Recognizer`] and remembers the words it has met.
///
/// It remembers up to 131,072 distinct words, about 8 MB, and forgets all of them when there are
/// more. A text is held as words, some 32 bytes each, one paragraph at a time.
///
/// ```
/// use chancery::Lang;
/// use chancery::term::{Concept, Recognizer, Term, Termbase};
///
/// let mut concept = Concept::new("1");
/// concept.add(Lang::FR, Term::new("Nations Unies"));
/// concept.add(Lang::FR, Term::new("Charte des Nations Unies"));
/// let base = Termbase::from_iter([concept]);
/// let recognizer = Recognizer::new(&base, &Lang::FR);
/// let mut scanner = recognizer.scanner();
/// assert_eq!(scanner.find("la Charte des Nations unies").len(), 1);
/// assert_eq!(scanner.find_all("la Charte des Nations unies").len(), 2);
/// ```
#[derive(Debug)]
pub struct Scanner<'r> {
    recognizer: &'r Recognizer,
    /// The words met, and what is known of each.
    known: HashMap<Box<str>, Form, RandomState>,
    /// For each of them the numbers of term words it may be, then the nodes of the tree that a term
    /// beginning with it leads to.
    numbers: Vec<u32>,
    tokens: Vec<Token>,
    stack: Vec<Step>,
    path: Vec<(u32, u8)>,
    found: Vec<Found>,
    /// The paths of all that was found, one after the other.
    paths: Vec<(u32, u8)>,
    /// For each word of the text the term that took it, counted from 1.
    owners: Vec<u32>,
}

/// What is known of a word of a text.
#[derive(Clone, Copy, Debug)]
struct Form {
    words: List,
    /// The second part of a contraction.
    second: Option<List>,
    /// How many bytes at the end of the word, an apostrophe, do not belong to it.
    trailing: u8,
}

/// Two ranges of [`Scanner::numbers`], the second behind the first.
#[derive(Clone, Copy, Debug, Default)]
struct List {
    start: u32,
    /// How many numbers of words.
    words: u32,
    /// How many nodes.
    nodes: u32,
}

/// A word of the text, or one part of a contraction.
#[derive(Clone, Copy, Debug)]
struct Token {
    start: usize,
    end: usize,
    words: List,
    /// What it and the next one can be, written together.
    joined: List,
    /// The number of the word in the text.
    word: u32,
    before: Gap,
}

/// A place reached in the tree.
#[derive(Clone, Copy, Debug)]
struct Step {
    node: u32,
    token: u32,
    /// How many tokens it took: two where they are written as one in the term.
    took: u8,
    depth: u32,
    skipped: u8,
}

/// A term found, before overlaps are settled.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Orders terms by what decides between them: more words, fewer skipped, earlier.
    rank: u64,
    term: TermRef,
    /// Where its path begins in [`Scanner::paths`]: token and number of tokens for each word.
    start: u32,
    len: u32,
}

impl Found {
    fn path(self, paths: &[(u32, u8)]) -> &[(u32, u8)] {
        &paths[self.start as usize..(self.start + self.len) as usize]
    }
}

impl<'r> Scanner<'r> {
    pub(super) fn new(recognizer: &'r Recognizer) -> Scanner<'r> {
        Scanner {
            recognizer,
            known: HashMap::default(),
            numbers: Vec::new(),
            tokens: Vec::new(),
            stack: Vec::new(),
            path: Vec::new(),
            found: Vec::new(),
            paths: Vec::new(),
            owners: Vec::new(),
        }
    }

    /// The terms in a text, none overlapping another, in order.
    pub fn find(&mut self, text: &str) -> Vec<Hit> {
        self.read(text, false)
    }

    /// The terms in a text, those too that share words with a longer one, in order of their
    /// first word, longer ones first.
    pub fn find_all(&mut self, text: &str) -> Vec<Hit> {
        self.read(text, true)
    }

    fn read(&mut self, text: &str, nested: bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut words = Words::new(text).peekable();
        while words.peek().is_some() {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
                self.numbers.clear();
            }
            self.tokens.clear();
            let mut count = 0;
            while let Some(word) = words.next_if(|w| count == 0 || w.before != Gap::Paragraph) {
                self.push(text, word.raw, word.start, word.before, count);
                count += 1;
            }
            self.walk(text);
            self.settle(text, nested, &mut hits);
        }
        hits
    }

    /// Adds a word of the text to the tokens.
    fn push(&mut self, text: &str, raw: &str, start: usize, before: Gap, word: u32) {
        let form = self.form(raw);
        let end = start + raw.len() - usize::from(form.trailing);
        let mut token =
            Token { start, end, words: form.words, joined: List::default(), word, before };
        if before == Gap::Hyphen
            && let Some(last) = self.tokens.last().copied()
        {
            let joined = self.form(&text[last.start..end]).words;
            if let Some(last) = self.tokens.last_mut() {
                last.joined = joined;
            }
        }
        self.tokens.push(token);
        if let Some(second) = form.second {
            token.words = second;
            token.before = Gap::Space;
            self.tokens.push(token);
        }
    }

    /// Looks a word up, or analyses it.
    fn form(&mut self, raw: &str) -> Form {
        if let Some(&form) = self.known.get(raw) {
            return form;
        }
        let rules = self.recognizer.rules;
        let mut folded = rules.fold(raw);
        if raw.contains(is_hyphen) {
            folded.retain(|c| !is_hyphen(c));
        }
        let form = match rules.expand(&folded) {
            Some([first, second]) => Form {
                words: self.list(first, first),
                second: Some(self.list(second, second)),
                trailing: 0,
            },
            None => {
                let apostrophe = raw.chars().next_back().filter(|c| !c.is_alphanumeric());
                let elided = rules.fold(raw.trim_end_matches(|c| Some(c) == apostrophe)) != folded;
                let trailing = match apostrophe {
                    Some(last) if !elided && last != '.' => last.len_utf8() as u8,
                    _ => 0,
                };
                Form { words: self.list(raw, &folded), second: None, trailing }
            }
        };
        self.known.insert(raw.into(), form);
        form
    }

    fn list(&mut self, raw: &str, folded: &str) -> List {
        let start = self.numbers.len();
        self.recognizer.words_of(raw, folded, &mut self.numbers);
        let words = self.numbers.len() - start;
        for at in start..start + words {
            self.numbers.extend(self.recognizer.trie.start(self.numbers[at]));
        }
        let nodes = self.numbers.len() - start - words;
        List { start: start as u32, words: words as u32, nodes: nodes as u32 }
    }

    /// Finds every term in the tokens.
    fn walk(&mut self, text: &str) {
        let trie = &self.recognizer.trie;
        for at in 0..self.tokens.len() {
            for (list, took) in alternatives(&self.tokens[at]) {
                for &node in nodes(&self.numbers, list) {
                    let token = at as u32;
                    self.stack.push(Step { node, token, took, depth: 0, skipped: 0 });
                }
            }
            while let Some(step) = self.stack.pop() {
                self.path.truncate(step.depth as usize);
                self.path.push((step.token, step.took));
                let node = trie.node(step.node);
                let mut ending = node.pattern;
                while ending != NONE {
                    let entry = self.recognizer.endings[ending as usize];
                    let demand = match entry.demands {
                        true => self.recognizer.demands.get(&ending),
                        false => None,
                    };
                    if step.skipped <= entry.gap && self.meets(demand, text, entry.gap > 0) {
                        self.keep(entry.term, step.skipped);
                    }
                    ending = entry.next;
                }
                if !node.leaf {
                    self.follow(step, node);
                }
            }
        }
    }

    /// Keeps the term that ends where the path has led.
    fn keep(&mut self, term: TermRef, skipped: u8) {
        let (start, len) = (self.paths.len() as u32, self.path.len() as u32);
        self.paths.extend_from_slice(&self.path);
        let words = u64::from(!(len.min(0xffff) as u16));
        let rank = words << 48 | u64::from(skipped) << 40 | u64::from(self.path[0].0);
        self.found.push(Found { rank, term, start, len });
    }

    /// Puts the places that can be reached from one onto the stack.
    fn follow(&mut self, step: Step, node: Node) {
        let trie = &self.recognizer.trie;
        let first = step.token as usize + usize::from(step.took);
        let last_word = self.tokens[first - 1].word;
        for at in first..self.tokens.len() {
            let token = &self.tokens[at];
            let passable = match token.before {
                Gap::Space | Gap::Hyphen => true,
                Gap::Comma => node.crosses || node.gap > 0,
                Gap::Dash | Gap::Break => node.crosses,
                Gap::Paragraph => false,
            };
            if !passable {
                break;
            }
            let skipped = match at - first {
                0 => 0,
                _ => (token.word - last_word).saturating_sub(1).max(1),
            };
            if node.tight && skipped > 0 {
                break;
            }
            let skipped = skipped + u32::from(step.skipped);
            if skipped > u32::from(node.gap) {
                break;
            }
            for (list, took) in alternatives(token) {
                for &word in numbers(&self.numbers, list) {
                    if let Some(node) = trie.next(step.node, word) {
                        self.stack.push(Step {
                            node,
                            token: at as u32,
                            took,
                            depth: step.depth + 1,
                            skipped: skipped as u8,
                        });
                    }
                }
            }
        }
    }

    /// Whether the path has what a term asks for beyond its words.
    fn meets(&self, demand: Option<&Demand>, text: &str, has_gap: bool) -> bool {
        let mut before: Option<&Token> = None;
        for (at, &(token, took)) in self.path.iter().enumerate() {
            let last = &self.tokens[token as usize + usize::from(took) - 1];
            let token = &self.tokens[token as usize];
            if let Some(before) = before {
                let adjacent = before.word + 1 >= token.word;
                let fits = match demand {
                    Some(demand) if adjacent => {
                        let between = text.get(before.end..token.start).unwrap_or_default();
                        demand.allows(at, token.before, between, has_gap)
                    }
                    _ => match token.before {
                        Gap::Space | Gap::Hyphen => true,
                        Gap::Comma => has_gap,
                        _ => false,
                    },
                };
                if !fits {
                    return false;
                }
            }
            let needs_capital =
                demand.is_some_and(|demand| demand.capitals.get(at).copied().unwrap_or_default());
            if needs_capital && !text[token.start..].starts_with(char::is_uppercase) {
                return false;
            }
            before = Some(last);
        }
        true
    }

    /// Decides which of the terms found keep their words, and adds them to the hits; the others too
    /// where `with_nested`.
    fn settle(&mut self, text: &str, with_nested: bool, hits: &mut Vec<Hit>) {
        let paths = &*self.paths;
        self.found.sort_unstable_by(|a, b| {
            a.rank
                .cmp(&b.rank)
                .then_with(|| a.path(paths).cmp(b.path(paths)))
                .then_with(|| a.term.cmp(&b.term))
        });
        self.found.dedup_by(|a, b| a.term == b.term && a.path(paths) == b.path(paths));
        if !self.found.is_empty() {
            let words = self.tokens.last().map_or(0, |token| token.word as usize + 1);
            self.owners.clear();
            self.owners.resize(words, 0);
        }
        let from = hits.len();
        for at in 0..self.found.len() {
            let found = self.found[at];
            let taken = || word_numbers(&self.tokens, found.path(paths));
            let owner = taken().map(|word| self.owners[word]).find(|&owner| owner > 0);
            let nested = match owner {
                None => {
                    for word in word_numbers(&self.tokens, found.path(paths)) {
                        self.owners[word] = at as u32 + 1;
                    }
                    false
                }
                Some(owner) => {
                    let winner = self.found[owner as usize - 1];
                    if winner.term == found.term {
                        continue;
                    }
                    // The same words, of another concept.
                    !word_numbers(&self.tokens, winner.path(paths)).eq(taken())
                }
            };
            if nested && !with_nested {
                continue;
            }
            let words: Vec<Range<usize>> = (found.path(paths).iter())
                .map(|&(token, took)| {
                    let last = token as usize + usize::from(took) - 1;
                    self.tokens[token as usize].start..self.tokens[last].end
                })
                .collect();
            let signs = match self.recognizer.signs.get(&found.term) {
                None => [0, 0],
                Some([before, after]) => {
                    let (start, end) = (words[0].start, words[words.len() - 1].end);
                    let bytes = |there: bool, signs: &str| {
                        if there { u8::try_from(signs.len()).unwrap_or(0) } else { 0 }
                    };
                    [
                        bytes(text[..start].ends_with(&**before), before),
                        bytes(text[end..].starts_with(&**after), after),
                    ]
                }
            };
            hits.push(Hit { term: found.term, words, signs, nested });
        }
        hits[from..].sort_by_key(|hit| {
            (hit.words[0].start, hit.nested, std::cmp::Reverse(hit.span().end), hit.term)
        });
        self.found.clear();
        self.paths.clear();
    }
}

/// What a token can be alone, and together with the next one.
fn alternatives(token: &Token) -> impl Iterator<Item = (List, u8)> {
    [(token.words, 1), (token.joined, 2)].into_iter().filter(|(list, _)| list.words > 0)
}

fn numbers(all: &[u32], list: List) -> &[u32] {
    &all[list.start as usize..][..list.words as usize]
}

fn nodes(all: &[u32], list: List) -> &[u32] {
    &all[(list.start + list.words) as usize..][..list.nodes as usize]
}

/// The numbers of the words of the text on a path, in order.
fn word_numbers<'t>(
    tokens: &'t [Token],
    path: &'t [(u32, u8)],
) -> impl Iterator<Item = usize> + 't {
    path.iter().flat_map(|&(token, took)| {
        (token..token + u32::from(took)).map(|at| tokens[at as usize].word as usize)
    })
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::term::{Concept, Term, Termbase};

    fn base<'t>(terms: impl IntoIterator<Item = &'t str>) -> Termbase {
        (terms.into_iter().enumerate())
            .map(|(at, text)| {
                let mut concept = Concept::new(at.to_string());
                concept.add(Lang::FR, Term::new(text));
                concept
            })
            .collect()
    }

    /// The terms found in a text, as they stand there.
    fn found<'t>(base: &Termbase, text: &'t str) -> Vec<&'t str> {
        Recognizer::new(base, &Lang::FR).find(text).iter().map(|hit| &text[hit.span()]).collect()
    }

    #[test]
    fn signs_of_pattern_languages_mean_themselves() {
        let base = base(["a.*b", "C++", "(?i)x", "100 %", "R&D", "résolution 1540 (2004)"]);
        assert_eq!(found(&base, "la R&D en C++ coûte 100 %"), ["R&D", "C++", "100 %"]);
        assert_eq!(found(&base, "a et b"), [""; 0]);
        assert_eq!(found(&base, "la résolution 1540 (2004)."), ["résolution 1540 (2004)"]);
        assert_eq!(found(&base, "la résolution 1540 (2004 non close"), ["résolution 1540 (2004"]);
        assert_eq!(found(&base, "la résolution 1540. 2004 fut"), [""; 0]);
    }

    #[test]
    fn a_term_of_fifty_words_and_one_in_ten_concepts_are_found() {
        let long = vec!["paix"; 50].join(" ");
        assert_eq!(found(&base([&*long]), &format!("la {long}.")), [&*long]);
        let same = base(["paix"; 10]);
        assert_eq!(found(&same, "la paix").len(), 10);
    }

    #[test]
    fn empty_and_one_letter_terms_do_no_harm() {
        let base = base(["", " ", "a", "B", "…"]);
        let recognizer = Recognizer::new(&base, &Lang::FR);
        assert_eq!(recognizer.skipped().len(), 3);
        assert_eq!(found(&base, "abc A b"), ["A", "b"]);
        assert_eq!(found(&Termbase::new(), "abc"), [""; 0]);
    }

    #[test]
    fn a_gap_is_only_where_the_term_has_one() {
        let mut concept = Concept::new("1");
        concept.add(Lang::FR, Term::new("coopération économique").with_gap(2));
        let base = Termbase::from_iter([concept]);
        assert_eq!(found(&base, "une coopération politique et économique").len(), 1);
        assert_eq!(found(&base, "une coopération politique, sociale et économique").len(), 0);
        assert_eq!(found(&base, "une coopération. Le monde économique").len(), 0);
    }

    #[test]
    fn a_hit_tells_which_word_matched_how() {
        use crate::term::How::{Case, Contraction, Exact, Inflection, Spelling};
        let mut concept = Concept::new("1");
        concept.add(Lang::FR, Term::new("chef de l'État membre élu"));
        let base = Termbase::from_iter([concept]);
        let text = "les Chefs des Etats membre élu";
        let hit = &Recognizer::new(&base, &Lang::FR).find(text)[0];
        let words = hit.explain(text, base.term(hit.term).1, &Lang::FR);
        let how: Vec<_> = words.iter().map(|word| word.how).collect();
        assert_eq!(how, [Inflection, Contraction, Contraction, Inflection, Exact, Exact]);
        let mut concept = Concept::new("1");
        concept.add(Lang::EN, Term::new("driver's side"));
        let english = Termbase::from_iter([concept]);
        let side = "the driver's side";
        let hit = &Recognizer::new(&english, &Lang::EN).find(side)[0];
        let words = hit.explain(side, english.term(hit.term).1, &Lang::EN);
        assert!(words.iter().all(|word| word.how == Exact), "{words:?}");
        let text = "CHEF de l’Etat membre élu";
        let hit = &Recognizer::new(&base, &Lang::FR).find(text)[0];
        let words = hit.explain(text, base.term(hit.term).1, &Lang::FR);
        let how: Vec<_> = words.iter().map(|word| word.how).collect();
        assert_eq!(how, [Case, Exact, Spelling, Spelling, Exact, Exact]);
    }

    #[test]
    fn forgetting_words_changes_nothing() {
        let base = base(["mot 7"]);
        let recognizer = Recognizer::new(&base, &Lang::FR);
        let mut scanner = recognizer.scanner();
        for number in 0..REMEMBERED + 10 {
            scanner.find(&format!("x{number}"));
        }
        assert_eq!(scanner.find("les mots 7").len(), 1);
        assert!(scanner.known.len() < 100);
    }

    const WORDS: &[&str] = &["paix", "sommet", "de", "accord", "ministre", "traité"];

    proptest! {
        /// Held against a search at every place: words that do not change, terms without gaps.
        #[test]
        fn finds_what_a_naive_search_finds(
            terms in prop::collection::vec(prop::collection::vec(0..WORDS.len(), 1..4), 1..8),
            text in prop::collection::vec(0..WORDS.len(), 0..20),
        ) {
            // A term that overlaps itself is given once only: not in this search.
            let overlaps = |term: &Vec<usize>| {
                (1..term.len()).any(|at| term.starts_with(&term[at..]))
            };
            prop_assume!(!terms.iter().any(overlaps));
            let write = |words: &[usize]| {
                words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ")
            };
            let base = base(terms.iter().map(|term| write(term)).collect::<Vec<_>>().iter()
                .map(String::as_str));
            let text_written = write(&text);
            let recognizer = Recognizer::new(&base, &Lang::FR);
            let all = recognizer.scanner().find_all(&text_written);
            let mut ours: Vec<_> = all.iter()
                .map(|hit| (hit.term.concept as usize, hit.words.len(), hit.span().start))
                .collect();
            let mut starts = vec![0];
            for &word in &text {
                starts.push(starts[starts.len() - 1] + WORDS[word].len() + 1);
            }
            let mut naive = Vec::new();
            for (number, term) in terms.iter().enumerate() {
                for (at, window) in text.windows(term.len()).enumerate() {
                    if window == term {
                        naive.push((number, term.len(), starts[at]));
                    }
                }
            }
            ours.sort_unstable();
            naive.sort_unstable();
            prop_assert_eq!(&ours, &naive);

            // No two of the hits left share a word, unless they take the same words.
            let kept = recognizer.find(&text_written);
            for (at, one) in kept.iter().enumerate() {
                prop_assert!(all.contains(one));
                for other in &kept[at + 1..] {
                    prop_assert!(one.words == other.words
                        || one.words.iter().all(|word| !other.words.contains(word)));
                }
            }
        }

        /// A term is found in a sentence made around it, whatever it is.
        #[test]
        fn every_term_is_found_in_its_own_sentence(
            term in "[A-Za-zéèçÉ'’-]{1,9}( [a-zéèA-Z'-]{1,9}){0,4}",
        ) {
            let base = base([&*term]);
            let recognizer = Recognizer::new(&base, &Lang::FR);
            let text = format!("Voici : {term}.");
            let found = recognizer.scanner().find_all(&text).len();
            prop_assert_eq!(found + recognizer.skipped().len(), 1, "{:?}", term);
        }

        /// No text makes it fail, and what it finds stands at character boundaries.
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}", term in "\\PC{0,20}") {
            let base = base([&*term, "de la paix", "l'État"]);
            for hit in Recognizer::new(&base, &Lang::FR).scanner().find_all(&text) {
                prop_assert!(text.get(hit.span()).is_some());
                hit.explain(&text, base.term(hit.term).1, &Lang::FR);
            }
        }
    }
}
