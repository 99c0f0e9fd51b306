//! Segments prepared for an index: many of one language, one after another.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::prepared::{self, Atom, Prepared, PreparedCode, Preparer, Tier};
use crate::text::Edges;
use crate::{Lang, Segment};

/// What an index keeps of a segment: a part of [`Prepared`](super::Prepared).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outline {
    pub(crate) fingerprint: u64,
    /// The tokens, in order.
    pub(crate) atoms: Vec<Atom>,
    /// The bytes of the segment's text that each token stands in.
    pub(crate) spans: Vec<(u32, u32)>,
    /// Sorted.
    pub(crate) codes: Vec<PreparedCode>,
}

/// The [keys](crate::text::Token::key) of the tokens of outlines: each once, however often it
/// stands in them.
#[derive(Debug, Default)]
pub(crate) struct Keys(HashMap<u64, Box<str>, RandomState>);

impl Keys {
    /// The key of a token; empty if no outline had it.
    pub(crate) fn get(&self, atom: &Atom) -> &str {
        self.0.get(&atom.tiers[Tier::Key as usize]).map_or("", |key| key)
    }

    fn learn(&mut self, prepared: &Prepared) {
        for token in prepared.tokens() {
            self.0.entry(token.tier(Tier::Key)).or_insert_with(|| token.key().into());
        }
    }
}

/// Makes outlines.
///
/// Most of what a text is cut into came before: pieces between white space, without the marks
/// around them, are cut and hashed once and remembered, in about 20 MB at most. What a piece becomes
/// does not depend on its neighbours but for what [edges](Edges) tell; a text where it does goes
/// the long way.
#[derive(Debug)]
pub(crate) struct Outliner {
    preparer: Preparer,
    known: HashMap<Box<str>, Piece, RandomState>,
    /// The tokens of all known pieces, and where in its piece each stands.
    atoms: Vec<(Atom, (u32, u32))>,
    /// The normal forms of all known pieces.
    normals: String,
    keys: Keys,
    // Of the segment at hand.
    outline: Outline,
    normal: String,
}

/// A text without white space.
#[derive(Clone, Debug)]
struct Piece {
    edges: Edges,
    atoms: Range<u32>,
    normal: Range<u32>,
}

/// How many pieces are remembered, and how long they may be. When there are more, all are
/// forgotten: those that are frequent come back at once.
const MOST_PIECES: usize = 1 << 16;
const LONGEST_PIECE: usize = 48;

impl Outliner {
    /// For segments of this language or a variety of it.
    pub(crate) fn new(lang: &Lang) -> Outliner {
        Outliner {
            preparer: Preparer::new(lang),
            known: HashMap::default(),
            atoms: Vec::new(),
            normals: String::new(),
            keys: Keys::default(),
            outline: Outline::default(),
            normal: String::new(),
        }
    }

    pub(crate) fn preparer(&self) -> &Preparer {
        &self.preparer
    }

    /// The outline of a segment, and the keys of all tokens so far.
    pub(crate) fn outline(&mut self, segment: &Segment) -> (&Outline, &Keys) {
        let text = segment.text();
        if !self.by_pieces(segment, &text) {
            let prepared = self.preparer.prepare(segment);
            self.keys.learn(&prepared);
            self.outline.fingerprint = prepared.fingerprint();
            self.outline.atoms.clear();
            self.outline.atoms.extend(prepared.tokens().iter().map(|token| token.atom()));
            self.outline.spans.clear();
            self.outline.spans.extend(prepared.tokens().iter().map(|token| span(&token.span())));
            self.outline.codes.clear();
            self.outline.codes.extend_from_slice(prepared.codes());
        }
        (&self.outline, &self.keys)
    }

    /// Makes the outline piece by piece, if the text can be cut so.
    fn by_pieces(&mut self, segment: &Segment, text: &str) -> bool {
        self.outline.atoms.clear();
        self.outline.spans.clear();
        self.normal.clear();
        if self.known.len() >= MOST_PIECES || self.atoms.len() >= 4 * MOST_PIECES {
            self.known.clear();
            self.atoms.clear();
            self.normals.clear();
        }
        let mut end = 0;
        let mut before = Edges::default();
        for piece in text.split(char::is_whitespace) {
            let mut start = end as u32;
            end += piece.len();
            end += text[end..].chars().next().map_or(0, char::len_utf8);
            let mut is_first = true;
            let mut apart = !self.normal.is_empty();
            for part in parts(piece).into_iter().filter(|part| !part.is_empty()) {
                let known = match self.known.get(part) {
                    Some(known) => known.clone(),
                    None => match self.learn(part) {
                        Some(learnt) => learnt,
                        None => return false,
                    },
                };
                if is_first && before.joins(known.edges) {
                    return false;
                }
                is_first = false;
                before = known.edges;
                let normal = &self.normals[known.normal.start as usize..known.normal.end as usize];
                if apart && !normal.is_empty() {
                    self.normal.push(' ');
                    apart = false;
                }
                self.normal.push_str(normal);
                let atoms = &self.atoms[known.atoms.start as usize..known.atoms.end as usize];
                self.outline.atoms.extend(atoms.iter().map(|&(atom, _)| atom));
                let spans = atoms.iter().map(|&(_, (from, to))| (start + from, start + to));
                self.outline.spans.extend(spans);
                start += part.len() as u32;
            }
        }
        prepared::codes(segment, &self.outline.spans, &mut self.outline.codes);
        self.outline.fingerprint = prepared::fingerprint(&self.normal, &self.outline.codes);
        true
    }

    fn learn(&mut self, text: &str) -> Option<Piece> {
        let edges = Edges::of(text)?;
        let prepared = self.preparer.prepare(&Segment::from(text));
        self.keys.learn(&prepared);
        let (atoms, normal) = (self.atoms.len() as u32, self.normals.len() as u32);
        let tokens = prepared.tokens().iter();
        self.atoms.extend(tokens.map(|token| (token.atom(), span(&token.span()))));
        self.normals.push_str(prepared.normal());
        let piece = Piece {
            edges,
            atoms: atoms..self.atoms.len() as u32,
            normal: normal..self.normals.len() as u32,
        };
        if text.len() <= LONGEST_PIECE {
            self.known.insert(text.into(), piece.clone());
        }
        Some(piece)
    }
}

/// A piece without a mark before or after it, where no rule looks from one to the other: the same
/// word comes with many marks.
fn parts(piece: &str) -> [&str; 3] {
    let is_word = |text: &str| {
        text.ends_with(char::is_alphabetic)
            && !text.contains(|c: char| c == '.' || c.is_ascii_digit())
    };
    let (before, rest) = match piece.strip_prefix('(') {
        Some(rest) if rest.starts_with(char::is_alphabetic) => piece.split_at(1),
        _ => ("", piece),
    };
    match rest.strip_suffix([',', '.', ';', ')']) {
        Some(word) if is_word(word) => {
            let (word, after) = rest.split_at(word.len());
            [before, word, after]
        }
        _ => [before, rest, ""],
    }
}

fn span(range: &Range<usize>) -> (u32, u32) {
    // No text is longer than 4 GiB: the normal form refuses it.
    (range.start as u32, range.end as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::unit::{Code, CodeKind, Part};

    fn part() -> impl Strategy<Value = Part> {
        prop_oneof![
            "[a-zA-ZÀéœŒæЁёйЖ0-9 \u{a0}\u{202f}\u{ad}\u{200b}'’«»().,;:…–—-]{0,12}"
                .prop_map(Part::Text),
            "(l’|qu'|c.-à-d.|O.N.U.|\u{a0}|A/68/908|3,5 %|don't|…|1 |250|14 h 30|per cent ){0,4}"
                .prop_map(Part::Text),
            any::<String>().prop_map(Part::Text),
            Just(Part::Code(Code {
                kind: CodeKind::Standalone,
                element: "ph".into(),
                wraps: false,
                attributes: Vec::new(),
                content: Vec::new(),
            })),
        ]
    }

    proptest! {
        #[test]
        fn an_outline_is_what_the_preparer_makes(
            segments in prop::collection::vec(prop::collection::vec(part(), 0..5), 1..5),
            lang in prop::sample::select(vec![Lang::FR, Lang::EN, Lang::RU]),
        ) {
            let mut outliner = Outliner::new(&lang);
            let preparer = Preparer::new(&lang);
            for segment in segments.into_iter().map(Segment::new) {
                let prepared = preparer.prepare(&segment);
                let wanted = Outline {
                    fingerprint: prepared.fingerprint(),
                    atoms: prepared.tokens().iter().map(|token| token.atom()).collect(),
                    spans: prepared.tokens().iter().map(|token| span(&token.span())).collect(),
                    codes: prepared.codes().to_vec(),
                };
                // And once more, from what was remembered.
                for _ in 0..2 {
                    let (outline, keys) = outliner.outline(&segment);
                    prop_assert_eq!(outline, &wanted);
                    for token in prepared.tokens() {
                        prop_assert_eq!(keys.get(&token.atom()), token.key());
                    }
                }
            }
        }
    }
}
