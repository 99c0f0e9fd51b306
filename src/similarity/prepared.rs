//! Segments prepared for comparison: once each, however often they are compared.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::class::{Class, Classifier};
use crate::text::{Normal, Stemmer, Token, TokenKind, tokens};
use crate::{Lang, Segment};

/// Prepares segments of one language.
///
/// Making one costs nothing worth saving; it is there so that whoever prepares many segments names
/// the language once.
///
/// ```
/// use chancery::{Lang, Segment, similarity::Preparer};
///
/// let preparer = Preparer::new(&Lang::FR);
/// let prepared = preparer.prepare(&Segment::from("Les deux parties signent."));
/// assert_eq!(prepared.tokens().len(), 5);
/// assert_eq!(prepared.tokens()[0].span(), 0..3);
/// ```
#[derive(Clone, Debug)]
pub struct Preparer {
    lang: Lang,
    stemmer: Stemmer,
    classifier: Classifier,
}

impl Preparer {
    /// A preparer for segments of this language or a variety of it.
    pub fn new(lang: &Lang) -> Preparer {
        Preparer {
            lang: lang.clone(),
            stemmer: Stemmer::new(lang),
            classifier: Classifier::new(lang),
        }
    }

    /// Prepares a segment. Cost: a few microseconds for a sentence.
    pub fn prepare(&self, segment: &Segment) -> Prepared {
        let text = segment.text();
        self.prepare_tokens(segment, &text, tokens(&text, &self.lang), &KnownTokens::default())
    }

    /// The same, for whom has its text and tokens already, and knows some prepared tokens.
    pub(super) fn prepare_tokens(
        &self,
        segment: &Segment,
        text: &str,
        tokens: Vec<Token>,
        known: &KnownTokens,
    ) -> Prepared {
        let prepared = |token: Token| match known.get(&text[token.span()], &token) {
            Some(known) => PreparedToken { span: token.span(), ..known.clone() },
            None => self.token(text, token),
        };
        let tokens: Box<[PreparedToken]> = tokens.into_iter().map(prepared).collect();
        let spans: Vec<(u32, u32)> =
            tokens.iter().map(|token| (token.span.start as u32, token.span.end as u32)).collect();
        let mut found = Vec::new();
        codes(segment, &spans, &mut found);
        let weight = tokens.iter().map(|token| u32::from(token.weight)).sum();
        let normal = Normal::new(text).text().into();
        let mut atoms: Box<[Atom]> = tokens.iter().map(PreparedToken::atom).collect();
        atoms.sort_unstable_by_key(|atom| atom.tiers);
        Prepared { normal, tokens, atoms, codes: found.into(), weight }
    }

    fn token(&self, text: &str, token: Token) -> PreparedToken {
        let key = token.key();
        let stem = match token.kind() {
            TokenKind::Word => self.stemmer.stem(key),
            _ => key.into(),
        };
        let found = self.classifier.classify(token.kind(), key, &stem);
        // Each tier is hashed on top of the coarser one, so that it contains the finer ones. Only a
        // seed that is a hash itself tells short texts apart well: XXH3 makes little of small ones.
        let hash = |coarser: u64, text: &str| xxh3_64_with_seed(text.as_bytes(), coarser);
        let root = hash(xxh3_64(&[found.class as u8]), &found.root);
        let stem = hash(root, &stem);
        let key_tier = hash(stem, key);
        let written = &text[token.span()];
        let surface = match written == key {
            true => hash(key_tier, key),
            false => hash(key_tier, Normal::new(written).text()),
        };
        PreparedToken {
            tiers: [root, stem, key_tier, surface],
            span: token.span(),
            kind: token.kind(),
            class: found.class,
            weight: found.weight,
            key: token.into_key(),
        }
    }
}

/// Prepared tokens by how they are written: what is compared has most of its tokens in common.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownTokens(HashMap<Box<str>, PreparedToken, RandomState>);

impl KnownTokens {
    /// The tokens of a segment with this text.
    pub(super) fn of(text: &str, prepared: &Prepared) -> KnownTokens {
        let tokens = prepared.tokens.iter();
        KnownTokens(tokens.map(|token| (text[token.span()].into(), token.clone())).collect())
    }

    /// The same token, but for where it stands.
    fn get(&self, written: &str, token: &Token) -> Option<&PreparedToken> {
        // What stands around it may make another token of the same text.
        let same =
            |known: &&PreparedToken| known.kind == token.kind() && known.key() == token.key();
        self.0.get(written).filter(same)
    }
}

/// A segment prepared for comparison: its tokens with their tiers, its codes, its normal form.
///
/// Made by [`Preparer::prepare`]; two are compared by
/// [`Comparator::score_prepared`](super::Comparator::score_prepared) and
/// [`alignment`](super::alignment()).
#[derive(Clone, Debug)]
pub struct Prepared {
    normal: Box<str>,
    tokens: Box<[PreparedToken]>,
    /// The tokens in the order of their tiers.
    atoms: Box<[Atom]>,
    /// Sorted.
    codes: Box<[PreparedCode]>,
    weight: u32,
}

impl Prepared {
    /// The tokens, in order.
    pub fn tokens(&self) -> &[PreparedToken] {
        &self.tokens
    }

    /// The normal form of the text.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The sum of the tokens' weights.
    pub fn weight(&self) -> u32 {
        self.weight
    }

    /// The codes by kind and place, sorted.
    pub(crate) fn codes(&self) -> &[PreparedCode] {
        &self.codes
    }

    /// The tokens in the order of their tiers.
    pub(crate) fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// A number that equal segments share, and others practically never (it is a 64-bit hash).
    pub(crate) fn fingerprint(&self) -> u64 {
        fingerprint(&self.normal, &self.codes)
    }

    /// Whether the two are equal after normal form: the text, and the codes by kind and place.
    pub fn equals(&self, other: &Prepared) -> bool {
        self.normal == other.normal && self.codes == other.codes
    }
}

/// A token prepared for comparison.
#[derive(Clone, Debug)]
pub struct PreparedToken {
    tiers: [u64; 4],
    span: Range<usize>,
    kind: TokenKind,
    class: Class,
    weight: u8,
    key: Box<str>,
}

impl PreparedToken {
    /// The bytes of the segment's [text](Segment::text) it stands in.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// Its [key](crate::text::Token::key).
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its class.
    pub fn class(&self) -> Class {
        self.class
    }

    /// How much it weighs in the score.
    pub fn weight(&self) -> u32 {
        self.weight.into()
    }

    /// The finest tier at which two tokens are alike; `None` if they are not.
    pub fn alike(&self, other: &PreparedToken) -> Option<Tier> {
        let same = |tier: Tier| self.tier(tier) == other.tier(tier);
        [Tier::Surface, Tier::Key, Tier::Stem, Tier::Root].into_iter().find(|&tier| same(tier))
    }

    /// A number that exactly the tokens alike at this tier share (but for collisions of 64-bit
    /// hashes).
    pub(crate) fn tier(&self, tier: Tier) -> u64 {
        self.tiers[tier as usize]
    }

    pub(crate) fn atom(&self) -> Atom {
        Atom { tiers: self.tiers, class: self.class, weight: self.weight }
    }
}

/// What the score sees of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Atom {
    /// Hashes that exactly the tokens alike at each [`Tier`] share, the coarsest first.
    pub(crate) tiers: [u64; 4],
    /// A function of the coarsest tier, as is the weight.
    pub(crate) class: Class,
    pub(crate) weight: u8,
}

/// How closely two tokens are alike. Each tier contains the finer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The same beginning of the stem (*négociation*, *négociateur*); two numbers of any value;
    /// two of the signs that divide sentences and their parts.
    Root,
    /// The same stem: two inflections of a word.
    Stem,
    /// The same [key](crate::text::Token::key): but for case, and for the notation of numbers.
    Key,
    /// The same after normal form.
    Surface,
}

/// A code: its kind, and before which token it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PreparedCode {
    pub(crate) kind: u8,
    pub(crate) before: u32,
}

impl PreparedCode {
    pub(crate) fn packed(self) -> u64 {
        u64::from(self.kind) << 32 | u64::from(self.before)
    }

    pub(crate) fn unpacked(packed: u64) -> PreparedCode {
        PreparedCode { kind: (packed >> 32) as u8, before: packed as u32 }
    }
}

/// The codes of a segment, sorted, given where its tokens stand in its text.
pub(super) fn codes(segment: &Segment, spans: &[(u32, u32)], found: &mut Vec<PreparedCode>) {
    use crate::unit::Part;
    found.clear();
    let mut offset = 0;
    for part in segment.parts() {
        match part {
            Part::Text(text) => offset += text.len(),
            Part::Code(code) => {
                let before = spans.partition_point(|span| (span.0 as usize) < offset) as u32;
                found.push(PreparedCode { kind: code.kind as u8, before });
            }
        }
    }
    found.sort_unstable();
}

/// See [`Prepared::fingerprint`].
pub(super) fn fingerprint(normal: &str, codes: &[PreparedCode]) -> u64 {
    let text = xxh3_64(normal.as_bytes());
    codes.iter().fold(text, |seed, code| xxh3_64_with_seed(&code.packed().to_le_bytes(), seed))
}
