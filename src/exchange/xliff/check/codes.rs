//! Inline codes and annotations of a unit (XLIFF 2.1, clauses 4.2.3, 4.3.1 and 4.7).

use std::collections::{HashMap, HashSet};

use super::Check;
use crate::exchange::Problem;

/// The codes and annotations of one side of a unit, in order, over all its segments.
fn side(check: &Check<'_>, parts: &[usize], name: &'static str) -> Vec<usize> {
    let tree = check.tree;
    let inline = |&node: &usize| {
        matches!(tree.local(node), "ph" | "pc" | "sc" | "ec" | "mrk" | "sm" | "em")
            && tree.nodes[node].space.is_empty()
    };
    parts
        .iter()
        .flat_map(|&part| tree.children(part).filter(|&child| tree.is(child, name)))
        .flat_map(|side| tree.descendants(side).filter(inline).collect::<Vec<_>>())
        .collect()
}

impl Check<'_> {
    pub(super) fn codes(
        &mut self,
        unit: usize,
        parts: &[usize],
        data: &HashMap<&str, usize>,
        unit_ids: &HashSet<&str>,
    ) {
        let source = side(self, parts, "source");
        let target = side(self, parts, "target");
        let with_parts: Vec<usize> = parts.iter().chain(&source).copied().collect();
        self.unique(&with_parts, "4.3.1.15");
        self.unique(&target, "4.3.1.15");
        let both: Vec<usize> = source.iter().chain(&target).copied().collect();
        for side in [&source, &target] {
            self.pairs(side);
        }
        for &node in &both {
            self.references(node, &both, data, unit_ids);
            self.annotation(node, unit);
            self.reorder(node);
        }
        self.undeletable(parts, &target);
        self.sequences(&source, &target);
    }

    /// `sc` with `ec`, `sm` with `em`.
    fn pairs(&mut self, side: &[usize]) {
        let tree = self.tree;
        for (at, &node) in side.iter().enumerate() {
            let isolated = tree.attribute(node, "isolated") == Some("yes");
            let id = tree.attribute(node, "id");
            let start = tree.attribute(node, "startRef");
            let ends = |other: &&usize, name: &str| {
                tree.is(**other, name) && tree.attribute(**other, "startRef") == id
            };
            match tree.local(node) {
                "sc" => {
                    let end = side.iter().find(|other| ends(other, "ec"));
                    match (end, isolated) {
                        (Some(_), true) => {
                            let message = "a `sc` with its `ec` in the unit is not isolated";
                            self.broken(node, "4.3.1.18", message.to_owned());
                        }
                        (None, false) => {
                            let message = "a `sc` without its `ec` in the unit must be isolated";
                            self.broken(node, "4.2.3.4", message.to_owned());
                        }
                        (Some(&end), false) => self.alike(node, end),
                        (None, true) => {}
                    }
                }
                "ec" => {
                    if isolated && (id.is_none() || start.is_some()) {
                        let message = "an isolated `ec` has `id`, and no `startRef`".to_owned();
                        self.broken(node, "4.2.3.5", message);
                    }
                    if !isolated && (id.is_some() || start.is_none()) {
                        let message = "an `ec` that is not isolated has `startRef`, and no `id`";
                        self.broken(node, "4.2.3.5", message.to_owned());
                    }
                    self.begun(node, start, &side[..at], "sc", "4.2.3.5");
                }
                "sm" if !side[at..].iter().any(|other| ends(&other, "em")) => {
                    self.broken(node, "4.2.3.7", "a `sm` without its `em`".to_owned());
                }
                "em" => self.begun(node, start, &side[..at], "sm", "4.2.3.8"),
                _ => {}
            }
        }
    }

    /// Whether an end refers to a beginning before it.
    fn begun(
        &mut self,
        node: usize,
        start: Option<&str>,
        before: &[usize],
        name: &str,
        clause: &'static str,
    ) {
        let tree = self.tree;
        let Some(start) = start else { return };
        let begins =
            |&other: &usize| tree.is(other, name) && tree.attribute(other, "id") == Some(start);
        if !before.iter().any(begins) {
            let message = format!("`startRef` is `{start}`, but no `{name}` before has this id");
            self.find(node, clause, Problem::BrokenReference, message);
        }
    }

    /// What may be done with a code is said alike at both its ends.
    fn alike(&mut self, start: usize, end: usize) {
        let tree = self.tree;
        for (name, clause) in [
            ("canCopy", "4.3.1.3"),
            ("canDelete", "4.3.1.4"),
            ("canOverlap", "4.3.1.5"),
            ("canReorder", "4.3.1.6"),
        ] {
            let default = if name == "canOverlap" { "" } else { "yes" };
            let at_start = tree.attribute(start, name).unwrap_or(default);
            let expected = if at_start == "firstNo" { "no" } else { at_start };
            let at_end = tree.attribute(end, name).unwrap_or(default);
            // Not said is `yes`, at both ends.
            let plain = |value: &str| if value.is_empty() { "yes" } else { value }.to_owned();
            if plain(at_end) != plain(expected) {
                let message = format!("`{name}` is not the same on `sc` and `ec`");
                self.broken(end, clause, message);
            }
        }
    }

    fn references(
        &mut self,
        node: usize,
        codes: &[usize],
        data: &HashMap<&str, usize>,
        unit_ids: &HashSet<&str>,
    ) {
        let tree = self.tree;
        for name in ["dataRef", "dataRefStart", "dataRefEnd"] {
            let wanted = tree.attribute(node, name);
            if let Some(wanted) = wanted.filter(|wanted| !data.contains_key(wanted)) {
                let message = format!("`{name}` is `{wanted}`, but no `data` has this id");
                self.find(node, "4.3.1.9", Problem::BrokenReference, message);
            }
        }
        for name in ["subFlows", "subFlowsStart", "subFlowsEnd"] {
            for wanted in tree.attribute(node, name).unwrap_or_default().split_whitespace() {
                if !unit_ids.contains(wanted) {
                    let message = format!("`{name}` names the unit `{wanted}`, which is not there");
                    self.find(node, "4.3.1.33", Problem::BrokenReference, message);
                }
            }
        }
        let Some(base) = tree.attribute(node, "copyOf") else { return };
        let found = codes.iter().find(|&&other| tree.attribute(other, "id") == Some(base));
        match found {
            None => {
                let message = format!("`copyOf` is `{base}`, but no code has this id");
                self.find(node, "4.3.1.7", Problem::BrokenReference, message);
            }
            Some(&other) if tree.attribute(other, "canCopy") == Some("no") => {
                self.broken(node, "4.3.1.3", format!("the code `{base}` must not be copied"));
            }
            Some(_) => {}
        }
        let has_data = ["dataRef", "dataRefStart", "dataRefEnd"]
            .iter()
            .any(|name| tree.attribute(node, name).is_some());
        if has_data {
            let message = "a copy has no original data of its own".to_owned();
            self.broken(node, "4.3.1.7", message);
        }
    }

    fn annotation(&mut self, node: usize, unit: usize) {
        let tree = self.tree;
        if !matches!(tree.local(node), "mrk" | "sm") {
            return;
        }
        let reference = tree.attribute(node, "ref");
        if let Some(fragment) = reference.and_then(|reference| reference.strip_prefix('#'))
            && let Some(why) = wrong_fragment(fragment)
        {
            self.find(node, "4.5", Problem::InvalidValue, why);
        }
        if tree.attribute(node, "type") != Some("comment") {
            return;
        }
        let value = tree.attribute(node, "value");
        if value.is_some() == reference.is_some() {
            let message = "a comment has either `value` or `ref`".to_owned();
            self.broken(node, "4.7.3.1.3", message);
        }
        if let Some(reference) = reference {
            let id = reference.strip_prefix("#n=");
            let notes = tree.children(unit).filter(|&child| tree.is(child, "notes"));
            let found = notes
                .flat_map(|notes| tree.children(notes))
                .any(|note| id.is_some() && tree.attribute(note, "id") == id);
            if !found {
                let message = format!("`{reference}` is no note of the unit");
                self.find(node, "4.7.3.1.3", Problem::BrokenReference, message);
            }
        }
    }

    fn reorder(&mut self, node: usize) {
        let tree = self.tree;
        let no = |name| tree.attribute(node, name) == Some("no");
        let fixed = matches!(tree.attribute(node, "canReorder"), Some("no" | "firstNo"));
        if fixed && !(no("canCopy") && no("canDelete")) {
            let message = "what must not be reordered must not be copied or deleted".to_owned();
            self.broken(node, "4.3.1.6", message);
        }
    }

    /// Codes of a translated segment that must not be deleted are in the target.
    fn undeletable(&mut self, parts: &[usize], target: &[usize]) {
        let tree = self.tree;
        let there: HashSet<&str> =
            target.iter().filter_map(|&node| tree.attribute(node, "id")).collect();
        for &part in parts {
            if !tree.children(part).any(|child| tree.is(child, "target")) {
                continue;
            }
            for node in side(self, &[part], "source") {
                let kept = tree.attribute(node, "canDelete") == Some("no");
                let id = tree.attribute(node, "id");
                if kept && id.is_some_and(|id| !there.contains(id)) {
                    let message = "a code that must not be deleted is not in the target";
                    self.broken(node, "4.3.1.4", message.to_owned());
                }
            }
        }
    }

    /// Codes that must not be reordered follow each other in the target as in the source.
    fn sequences(&mut self, source: &[usize], target: &[usize]) {
        let tree = self.tree;
        let codes = |side: &[usize]| -> Vec<usize> {
            let code = |&node: &usize| matches!(tree.local(node), "ph" | "pc" | "sc" | "ec");
            side.iter().copied().filter(code).collect()
        };
        let key = |node: usize| {
            (tree.local(node), tree.attribute(node, "id").or(tree.attribute(node, "startRef")))
        };
        let (source, target) = (codes(source), codes(target));
        for pair in source.windows(2) {
            let fixed = |node| matches!(tree.attribute(node, "canReorder"), Some("no" | "firstNo"));
            if !fixed(pair[0]) || tree.attribute(pair[1], "canReorder") != Some("no") {
                continue;
            }
            let place = |node| target.iter().position(|&other| key(other) == key(node));
            if let (Some(first), Some(second)) = (place(pair[0]), place(pair[1]))
                && second != first + 1
            {
                let message = "codes that must not be reordered are in another order".to_owned();
                self.broken(target[second], "4.3.1.6", message);
            }
        }
    }
}

/// What is wrong with a fragment identifier (4.5.1): it selects one thing, inside files, groups
/// and units.
pub(super) fn wrong_fragment(fragment: &str) -> Option<String> {
    let mut leaves = 0;
    for step in fragment.trim_start_matches('/').split('/') {
        match step.split_once('=') {
            Some(("f" | "g" | "u", _)) => {}
            None | Some(("n" | "d" | "t", _)) => leaves += 1,
            Some((prefix, _)) if prefix.len() < 2 => {
                return Some(format!("the prefix `{prefix}` of a fragment is too short"));
            }
            Some(_) => leaves += 1,
        }
    }
    (leaves > 1).then(|| "a fragment that selects more than one thing".to_owned())
}
