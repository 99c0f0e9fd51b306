//! Sequences of word numbers in a tree, packed for reading.

use std::collections::HashMap;

/// No node, no pattern.
pub(super) const NONE: u32 = u32::MAX;

/// The tree while it grows.
#[derive(Debug, Default)]
pub(super) struct Grower {
    edges: HashMap<(u32, u32), u32>,
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
}

impl Grower {
    /// Adds a sequence; the node it ends at.
    pub(super) fn add(&mut self, sequence: &[u32], gap: u8, crosses: bool) -> &mut Node {
        if self.nodes.is_empty() {
            self.nodes.push(Node { pattern: NONE, gap: 0, crosses: false });
        }
        let mut at = 0;
        for &word in sequence {
            let next = self.nodes.len() as u32;
            at = *self.edges.entry((at, word)).or_insert(next);
            if at == next {
                self.nodes.push(Node { pattern: NONE, gap, crosses });
            } else {
                let node = &mut self.nodes[at as usize];
                node.gap = node.gap.max(gap);
                node.crosses |= crosses;
            }
        }
        &mut self.nodes[at as usize]
    }

    /// The tree, packed; `words` is one more than the greatest word number.
    pub(super) fn pack(self, words: usize) -> Trie {
        let mut edges: Vec<_> =
            self.edges.into_iter().map(|((parent, word), child)| (parent, word, child)).collect();
        edges.sort_unstable();
        let mut trie = Trie {
            root: vec![NONE; words].into_boxed_slice(),
            first: vec![0; self.nodes.len() + 1].into_boxed_slice(),
            words: edges.iter().map(|&(_, word, _)| word).collect(),
            children: edges.iter().map(|&(.., child)| child).collect(),
            nodes: self.nodes.into_boxed_slice(),
        };
        for &(parent, word, child) in &edges {
            trie.first[parent as usize + 1] += 1;
            if parent == 0 {
                trie.root[word as usize] = child;
            }
        }
        for node in 1..trie.first.len() {
            trie.first[node] += trie.first[node - 1];
        }
        trie
    }
}

/// The packed tree: the edges of a node stand together, sorted by word.
#[derive(Debug)]
pub(super) struct Trie {
    root: Box<[u32]>,
    first: Box<[u32]>,
    words: Box<[u32]>,
    children: Box<[u32]>,
    nodes: Box<[Node]>,
}

impl Trie {
    /// The node after one word at the start of a sequence.
    pub(super) fn start(&self, word: u32) -> Option<u32> {
        self.root.get(word as usize).copied().filter(|&node| node != NONE)
    }

    /// The node after one more word.
    pub(super) fn next(&self, node: u32, word: u32) -> Option<u32> {
        let (from, to) = self.edges(node);
        self.words[from..to].binary_search(&word).ok().map(|at| self.children[from + at])
    }

    /// Whether nothing follows a node.
    pub(super) fn is_leaf(&self, node: u32) -> bool {
        let (from, to) = self.edges(node);
        from == to
    }

    pub(super) fn node(&self, node: u32) -> Node {
        self.nodes[node as usize]
    }

    fn edges(&self, node: u32) -> (usize, usize) {
        (self.first[node as usize] as usize, self.first[node as usize + 1] as usize)
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        let numbers = self.root.len() + self.first.len() + self.words.len() + self.children.len();
        numbers * 4 + size_of_val(&*self.nodes)
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
        let trie = grower.pack(5);
        let walk = |sequence: &[u32]| {
            let (first, rest) = sequence.split_first()?;
            rest.iter().try_fold(trie.start(*first)?, |node, &word| trie.next(node, word))
        };
        assert_eq!(trie.node(walk(&[0, 1, 2]).unwrap()).pattern, 1);
        assert_eq!(trie.node(walk(&[0, 3]).unwrap()).pattern, 2);
        assert_eq!(trie.node(walk(&[0]).unwrap()).gap, 2);
        assert!(trie.node(walk(&[0]).unwrap()).crosses);
        assert!(trie.is_leaf(walk(&[4]).unwrap()));
        assert!(walk(&[1]).is_none() && walk(&[0, 4]).is_none() && trie.start(9).is_none());
    }
}
