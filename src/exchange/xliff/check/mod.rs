//! Holding an XLIFF 2 document against the standard, for validation and strict reading.
//!
//! Clauses are those of XLIFF 2.1. The content model and the attributes of the core are tables
//! ([`grammar`]); what a table cannot say is code: ids and references here, inline codes in
//! [`codes`], the modules in [`modules`].

mod codes;
mod grammar;
mod modules;
mod tree;

use std::collections::{HashMap, HashSet};

use self::tree::Tree;
use crate::Lang;
use crate::exchange::Problem;

/// Something that a clause forbids.
pub(super) struct Violation {
    pub(super) problem: Problem,
    pub(super) offset: usize,
    pub(super) clause: &'static str,
    pub(super) message: String,
}

/// All violations of a document, in its order. What cannot be read as XML is none of this.
pub(super) fn check(text: &str) -> Vec<Violation> {
    let tree = Tree::new(text);
    let mut check = Check { tree: &tree, found: Vec::new() };
    for node in 0..tree.nodes.len() {
        check.grammar(node);
        check.module(node);
    }
    check.document();
    let mut found = check.found;
    found.sort_by_key(|violation| violation.offset);
    found
}

struct Check<'t> {
    tree: &'t Tree<'t>,
    found: Vec<Violation>,
}

impl Check<'_> {
    fn find(&mut self, node: usize, clause: &'static str, problem: Problem, message: String) {
        let offset = self.tree.nodes[node].offset;
        self.found.push(Violation { problem, offset, clause, message });
    }

    fn broken(&mut self, node: usize, clause: &'static str, message: String) {
        self.find(node, clause, Problem::BrokenConstraint, message);
    }

    fn document(&mut self) {
        let tree = self.tree;
        let Some(root) = tree.root() else { return };
        let (source, target) = (tree.attribute(root, "srcLang"), tree.attribute(root, "trgLang"));
        self.langs(root, source, target);
        let files: Vec<usize> = tree.named(root, "file").collect();
        self.unique(&files, "4.3.1.15");
        for &file in &files {
            let inside = |name: &'static str| tree.named(file, name).collect::<Vec<_>>();
            self.unique(&inside("group"), "4.3.1.15");
            let units = inside("unit");
            self.unique(&units, "4.3.1.15");
            let ids: HashSet<&str> =
                units.iter().filter_map(|&unit| tree.attribute(unit, "id")).collect();
            for around in [file].into_iter().chain(inside("group")).chain(units.iter().copied()) {
                self.notes(around);
                self.extensions(around);
            }
            for &unit in &units {
                self.unit(unit, &ids);
            }
        }
    }

    fn langs(&mut self, root: usize, source: Option<&str>, target: Option<&str>) {
        let tree = self.tree;
        for (name, lang) in [("srcLang", source), ("trgLang", target)] {
            if lang.is_some_and(|lang| lang.parse::<Lang>().is_err()) {
                let message = format!("`{}` is no language tag", lang.unwrap_or_default());
                let clause = if name == "srcLang" { "4.3.1.25" } else { "4.3.1.38" };
                self.find(root, clause, Problem::MalformedLanguage, message);
            }
        }
        for node in tree.descendants(root) {
            let (expected, name, clause) = match tree.local(node) {
                "source" => (source, "srcLang", "4.2.2.11"),
                "target" => (target, "trgLang", "4.2.2.12"),
                _ => continue,
            };
            let parent = tree.nodes[node].parent.map(|parent| tree.local(parent));
            if !matches!(parent, Some("segment" | "ignorable")) {
                continue;
            }
            if expected.is_none() {
                self.broken(node, clause, format!("a `{}` without `{name}`", tree.local(node)));
            }
            // What stands further out holds for what is inside.
            let own = std::iter::successors(Some(node), |&node| tree.nodes[node].parent)
                .find_map(|node| tree.qualified(node, "xml", "lang"));
            if let (Some(own), Some(expected)) = (own, expected)
                && !own.eq_ignore_ascii_case(expected)
            {
                let message = format!("`xml:lang` is `{own}`, but `{name}` is `{expected}`");
                self.broken(node, clause, message);
            }
        }
    }

    /// The ids of these must differ.
    fn unique(&mut self, nodes: &[usize], clause: &'static str) {
        let mut seen = HashSet::new();
        for &node in nodes {
            let id = self.tree.attribute(node, "id");
            let Some(id) = id.or(self.tree.qualified(node, "xml", "id")) else { continue };
            if !seen.insert(id) {
                let message = format!("a second `{}` with the id `{id}`", self.tree.local(node));
                self.find(node, clause, Problem::DuplicateId, message);
            }
        }
    }

    fn notes(&mut self, around: usize) {
        let tree = self.tree;
        let notes: Vec<usize> = tree
            .children(around)
            .filter(|&child| tree.is(child, "notes"))
            .flat_map(|notes| tree.children(notes))
            .collect();
        self.unique(&notes, "4.3.1.15");
    }

    /// Ids of extensions, in the nearest file, group or unit.
    fn extensions(&mut self, around: usize) {
        let tree = self.tree;
        let own: Vec<usize> = tree
            .children(around)
            .filter(|&child| tree.nodes[child].space == tree::OTHER)
            .flat_map(|child| std::iter::once(child).chain(tree.descendants(child)))
            .collect();
        self.unique(&own, "4.8.1");
    }

    fn unit(&mut self, unit: usize, unit_ids: &HashSet<&str>) {
        let tree = self.tree;
        let data: HashMap<&str, usize> = tree
            .children(unit)
            .filter(|&child| tree.is(child, "originalData"))
            .flat_map(|all| tree.children(all))
            .filter_map(|data| Some((tree.attribute(data, "id")?, data)))
            .collect();
        let all_data: Vec<usize> = tree.named(unit, "data").collect();
        self.unique(&all_data, "4.3.1.15");
        let parts: Vec<usize> = tree
            .children(unit)
            .filter(|&child| tree.is(child, "segment") || tree.is(child, "ignorable"))
            .collect();
        self.order(&parts);
        self.codes(unit, &parts, &data, unit_ids);
    }

    /// `order` of the targets: each number once, and none beyond the number of parts.
    fn order(&mut self, parts: &[usize]) {
        let tree = self.tree;
        let mut places: HashMap<usize, usize> = HashMap::new();
        for (number, &part) in parts.iter().enumerate() {
            let target = tree.children(part).find(|&child| tree.is(child, "target"));
            let order = target.and_then(|target| tree.attribute(target, "order"));
            let place = match order.map(str::parse::<usize>) {
                None => number + 1,
                Some(Ok(place)) if (1..=parts.len()).contains(&place) => place,
                Some(_) => {
                    let message = "`order` is no number of a segment of the unit".to_owned();
                    self.broken(target.unwrap_or(part), "4.3.1.20", message);
                    continue;
                }
            };
            if places.insert(place, part).is_some() {
                let message = format!("two segments are number {place} in the target");
                self.broken(target.unwrap_or(part), "4.3.1.20", message);
            }
        }
    }
}
