//! Sequences of word numbers in a tree, packed for reading.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// No node, no pattern.
pub(super) const NONE: u32 = u32::MAX;

/// The tree while it grows.
#[derive(Debug, Default)]
pub(super) struct Grower {
    edges: HashMap<(u32, u32), u32, RandomState>,
    nodes: Vec<Node>,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The first pattern that ends here.
    pub(super) pattern: u32,
    /// The most words that a pattern through here lets stand between its own.
    pub(super) gap: u8,
    /// Whether a pattern through here goes on after a comma, dash or full stop.
    pub(super) crosses: bool,
    /// Whether nothing may stand between the word that leads here and the next one.
    pub(super) tight: bool,
    /// Whether nothing follows.
    pub(super) leaf: bool,
}

impl Node {
    fn new(gap: u8, crosses: bool) -> Node {
        Node { pattern: NONE, gap, crosses, tight: false, leaf: true }
    }
}

impl Grower {
    /// Adds a sequence; the node it ends at.
    pub(super) fn add(&mut self, sequence: &[u32], gap: u8, crosses: bool) -> &mut Node {
        if self.nodes.is_empty() {
            self.nodes.push(Node::new(0, false));
        }
        let mut at = 0;
        for &word in sequence {
            let next = self.nodes.len() as u32;
            at = *self.edges.entry((at, word)).or_insert(next);
            if at == next {
                self.nodes.push(Node::new(gap, crosses));
            } else {
                let node = &mut self.nodes[at as usize];
                node.gap = node.gap.max(gap);
                node.crosses |= crosses;
            }
        }
        &mut self.nodes[at as usize]
    }

    /// The tree, packed. `tight` says for each word whether nothing may stand after it.
    pub(super) fn pack(self, tight: &[bool]) -> Trie {
        let places = self.places();
        let mut nodes = vec![Node::new(0, false); self.nodes.len()].into_boxed_slice();
        for (node, &place) in self.nodes.iter().zip(&places) {
            nodes[place as usize] = *node;
        }
        let mut root = vec![NONE; tight.len()].into_boxed_slice();
        // Filled to three quarters at most, so that a search for what is not there ends soon.
        let slots = (self.edges.len() * 4 / 3 + 1).next_power_of_two();
        let mut edges = vec![Edge::EMPTY; slots].into_boxed_slice();
        // Eight to sixteen bits for each edge.
        let mut filter = vec![0u64; (slots / 8).max(1)].into_boxed_slice();
        for (&(parent, word), &child) in &self.edges {
            let (parent, child) = (places[parent as usize], places[child as usize]);
            nodes[child as usize].tight = tight[word as usize];
            nodes[parent as usize].leaf = false;
            if parent == 0 {
                root[word as usize] = child;
                continue;
            }
            let hash = hash(parent, word);
            let (at, bit) = filter_bit(hash, filter.len());
            filter[at] |= bit;
            let mut at = hash as usize & (slots - 1);
            while edges[at].child != NONE {
                at = (at + 1) & (slots - 1);
            }
            edges[at] = Edge { parent, word, child };
        }
        Trie { root, filter, edges, nodes }
    }

    /// A new number for each node: those nearer to the root, which are met more often, stand
    /// together.
    fn places(&self) -> Vec<u32> {
        let mut parents = vec![0; self.nodes.len()];
        for (&(parent, _), &child) in &self.edges {
            parents[child as usize] = parent;
        }
        // A parent has a smaller number than its children.
        let mut depths = vec![0u32; self.nodes.len()];
        for node in 1..self.nodes.len() {
            depths[node] = depths[parents[node] as usize] + 1;
        }
        let mut order: Vec<u32> = (0..self.nodes.len() as u32).collect();
        order.sort_by_key(|&node| depths[node as usize]);
        let mut places = vec![0; self.nodes.len()];
        for (place, &node) in order.iter().enumerate() {
            places[node as usize] = place as u32;
        }
        places
    }
}

/// The packed tree: its edges in one table, found by node and word.
///
/// Most searches are for edges that are not there. A filter small enough to stay near the processor
/// answers nine in ten of them.
#[derive(Debug)]
pub(super) struct Trie {
    root: Box<[u32]>,
    filter: Box<[u64]>,
    edges: Box<[Edge]>,
    nodes: Box<[Node]>,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    parent: u32,
    word: u32,
    /// [`NONE`] where the table has no edge.
    child: u32,
}

impl Edge {
    const EMPTY: Edge = Edge { parent: NONE, word: NONE, child: NONE };
}

/// Mixes both numbers into all bits.
fn hash(parent: u32, word: u32) -> u64 {
    let mixed = (u64::from(parent) << 32 | u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(32)
}

/// The place of an edge in a filter of `length` numbers, a power of two: number and bit.
fn filter_bit(hash: u64, length: usize) -> (usize, u64) {
    ((hash >> 6) as usize & (length - 1), 1 << (hash & 63))
}

impl Trie {
    /// The node after one word at the start of a sequence.
    pub(super) fn start(&self, word: u32) -> Option<u32> {
        self.root.get(word as usize).copied().filter(|&node| node != NONE)
    }

    /// The node after one more word.
    pub(super) fn next(&self, node: u32, word: u32) -> Option<u32> {
        let hash = hash(node, word);
        let (at, bit) = filter_bit(hash, self.filter.len());
        if self.filter[at] & bit == 0 {
            return None;
        }
        let mut at = hash as usize & (self.edges.len() - 1);
        loop {
            let edge = self.edges[at];
            if edge.child == NONE {
                return None;
            }
            if edge.parent == node && edge.word == word {
                return Some(edge.child);
            }
            at = (at + 1) & (self.edges.len() - 1);
        }
    }

    pub(super) fn node(&self, node: u32) -> Node {
        self.nodes[node as usize]
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.root)
            + size_of_val(&*self.filter)
            + size_of_val(&*self.edges)
            + size_of_val(&*self.nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_found_again() {
        let mut grower = Grower::default();
        for (at, sequence) in [&[0, 1][..], &[0, 1, 2], &[0, 3], &[4]].into_iter().enumerate() {
            grower.add(sequence, at as u8, at == 2).pattern = at as u32;
        }
        let trie = grower.pack(&[false, true, false, false, false]);
        let walk = |sequence: &[u32]| {
            let (first, rest) = sequence.split_first()?;
            rest.iter().try_fold(trie.start(*first)?, |node, &word| trie.next(node, word))
        };
        assert_eq!(trie.node(walk(&[0, 1, 2]).unwrap()).pattern, 1);
        assert_eq!(trie.node(walk(&[0, 3]).unwrap()).pattern, 2);
        assert_eq!(trie.node(walk(&[0]).unwrap()).gap, 2);
        assert!(trie.node(walk(&[0]).unwrap()).crosses);
        assert!(trie.node(walk(&[4]).unwrap()).leaf && !trie.node(walk(&[0, 1]).unwrap()).leaf);
        assert!(trie.node(walk(&[0, 1]).unwrap()).tight);
        assert!(walk(&[1]).is_none() && walk(&[0, 4]).is_none() && trie.start(9).is_none());
    }
}
