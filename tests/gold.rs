//! Alignments made by people, and how well beads agree with them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chancery::align::Alignment;
use chancery::{Document, Lang};

/// A document, its translation and the beads that people found.
pub(crate) struct Gold {
    pub(crate) name: String,
    pub(crate) source: Document,
    pub(crate) target: Document,
    pub(crate) beads: Vec<Pair>,
}

/// A bead as sentence numbers of both sides.
pub(crate) type Pair = (Vec<usize>, Vec<usize>);

/// The documents of a set `NAME_xx-yy`: a folder for each with `src.txt`, `tgt.txt`, `gold.txt`.
pub(crate) fn read(set: &Path) -> Vec<Gold> {
    let name = set.file_name().unwrap().to_string_lossy();
    let langs: Vec<Lang> =
        name.rsplit('_').next().unwrap().split('-').map(|lang| lang.parse().unwrap()).collect();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(set).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let document = |path: PathBuf, lang: &Lang| {
        Document::segmented(fs::read_to_string(path).unwrap(), lang.clone())
    };
    (folders.into_iter())
        .map(|folder| Gold {
            name: folder.file_name().unwrap().to_string_lossy().into_owned(),
            source: document(folder.join("src.txt"), &langs[0]),
            target: document(folder.join("tgt.txt"), &langs[1]),
            beads: pairs(&fs::read_to_string(folder.join("gold.txt")).unwrap()),
        })
        .collect()
}

fn pairs(text: &str) -> Vec<Pair> {
    let numbers = |side: &str| -> Vec<usize> {
        let side = side.trim().trim_matches(['[', ']']);
        side.split(',').filter_map(|number| number.trim().parse().ok()).collect()
    };
    (text.lines())
        .filter_map(|line| line.split_once(':'))
        .map(|(source, target)| (numbers(source), numbers(target.split(':').next().unwrap())))
        .filter(|(source, target)| !source.is_empty() || !target.is_empty())
        .collect()
}

/// The beads of an alignment, each with its confidence.
pub(crate) fn found(alignment: &Alignment) -> Vec<(Pair, f64)> {
    let numbers = |range: Range<usize>| range.collect::<Vec<usize>>();
    (alignment.beads().iter())
        .map(|bead| ((numbers(bead.source()), numbers(bead.target())), bead.confidence()))
        .collect()
}

/// Hits, summed over documents.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    /// Strict hits, lax hits and beads: of those found, held against gold.
    precision: [f64; 3],
    /// The same for gold beads with both sides, held against those found.
    recall: [f64; 3],
}

impl Score {
    /// Adds the beads of a document. Untranslated sentences count in precision, not in recall.
    pub(crate) fn add(&mut self, gold: &[Pair], found: &[Pair]) {
        let whole = |beads: &[Pair]| -> Vec<Pair> {
            beads.iter().filter(|bead| !bead.0.is_empty() && !bead.1.is_empty()).cloned().collect()
        };
        let sum = |one: [f64; 3], other: [f64; 3]| [0, 1, 2].map(|at| one[at] + other[at]);
        self.precision = sum(self.precision, hits(gold, found));
        self.recall = sum(self.recall, hits(&whole(found), &whole(gold)));
    }

    /// F1 by beads that are the same.
    pub(crate) fn strict(&self) -> f64 {
        self.f1(0)
    }

    /// F1 by beads that have a pair of sentences in common.
    pub(crate) fn lax(&self) -> f64 {
        self.f1(1)
    }

    fn f1(&self, kind: usize) -> f64 {
        let precision = self.precision[kind] / self.precision[2].max(1.0);
        let recall = self.recall[kind] / self.recall[2].max(1.0);
        2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE)
    }
}

fn hits(gold: &[Pair], test: &[Pair]) -> [f64; 3] {
    let same: HashSet<&Pair> = gold.iter().collect();
    let mut links: HashMap<usize, HashSet<usize>> = HashMap::new();
    for (source, target) in gold {
        for &sentence in source {
            links.entry(sentence).or_default().extend(target);
        }
    }
    let touches = |bead: &Pair| {
        let of_bead = bead.0.iter().filter_map(|sentence| links.get(sentence));
        of_bead.flatten().any(|sentence| bead.1.contains(sentence))
    };
    let strict = test.iter().filter(|bead| same.contains(bead)).count();
    let lax = test.iter().filter(|bead| same.contains(bead) || touches(bead)).count();
    [strict as f64, lax as f64, test.len() as f64]
}
