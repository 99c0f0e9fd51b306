//! The modules (XLIFF 2.1, clause 5).

use super::Check;
use super::codes::wrong_fragment;
use super::grammar::is_token;
use super::tree::OTHER;
use crate::exchange::Problem;

/// The elements of each module.
const ELEMENTS: [(&str, &[&str]); 7] = [
    ("mtc", &["matches", "match"]),
    ("gls", &["glossary", "glossEntry", "term", "translation", "definition"]),
    ("mda", &["metadata", "metaGroup", "meta"]),
    ("res", &["resourceData", "resourceItem", "resourceItemRef", "source", "target", "reference"]),
    ("ctr", &["changeTrack", "revisions", "revision", "item"]),
    ("slr", &["profiles", "normalization", "data"]),
    ("val", &["validation", "rule"]),
];

/// Names of HTML elements that `fs:fs` may have (5.3.5.1).
const HTML: &str = " a b bdo big blockquote body br button caption center cite code col colgroup \
    dd del div dl dt em h1 h2 h3 h4 h5 h6 head hr html i img label legend li ol p pre q s samp \
    select small span strike strong sub sup table tbody td tfoot th thead title tr tt u ul abbr \
    acronym address area article aside audio base bdi canvas command data datalist details dfn \
    dialog embed fieldset figcaption figure footer form header input ins kbd keygen link main map \
    mark menu menuitem meta meter nav noscript object optgroup option output param progress rp rt \
    ruby script section source style summary template textarea time track var video wbr ";

impl Check<'_> {
    /// Holds an element, of a module or with attributes of one, against the module.
    pub(super) fn module(&mut self, node: usize) {
        let tree = self.tree;
        let space = tree.nodes[node].space;
        let name = tree.local(node);
        if let Some((_, names)) = ELEMENTS.iter().find(|(module, _)| *module == space)
            && !names.contains(&name)
        {
            let message = format!("`{name}` is no element of the module `{space}`");
            self.find(node, "5", Problem::UnexpectedElement, message);
        }
        match (space, name) {
            ("mtc", "match") => self.translation_match(node),
            ("gls", "glossary") => {
                let inside: Vec<usize> = tree
                    .descendants(node)
                    .filter(|&n| matches!(tree.local(n), "glossEntry" | "translation"))
                    .collect();
                self.unique(&inside, "5.2.5.1");
            }
            ("gls", "glossEntry") => {
                let said =
                    |&child: &usize| matches!(tree.local(child), "translation" | "definition");
                if !tree.children(node).any(|child| said(&child)) {
                    let message = "an entry without translation or definition".to_owned();
                    self.find(node, "5.2.4.3", Problem::MissingElement, message);
                }
            }
            ("mda", _) => self.metadata(node),
            ("res", "resourceData") => {
                let items: Vec<usize> = tree
                    .children(node)
                    .filter(|&n| matches!(tree.local(n), "resourceItem" | "resourceItemRef"))
                    .collect();
                self.unique(&items, "5.5.4.4");
            }
            ("res", "source" | "target") => self.resource(node),
            ("ctr", "revisions") => self.revisions(node),
            ("val", "rule") => self.rule(node),
            _ => {}
        }
        self.format_style(node);
        self.size(node);
    }

    fn value(&mut self, node: usize, name: &str, clause: &'static str, legal: &[&str]) {
        let value = self.tree.attribute(node, name);
        if let Some(value) = value.filter(|value| !legal.contains(value)) {
            let message = format!("`{value}` is no value for `{name}`");
            self.find(node, clause, Problem::InvalidValue, message);
        }
    }

    fn translation_match(&mut self, node: usize) {
        let tree = self.tree;
        self.value(
            node,
            "type",
            "5.1.6.9",
            &["am", "ebm", "idm", "ice", "mt", "tb", "tm", "other"],
        );
        self.value(node, "reference", "5.1.6.7", &["yes", "no"]);
        if tree.qualified(node, "xml", "lang").is_some() {
            let message = "a match may not have the attribute `xml:lang`".to_owned();
            self.find(node, "5.1.5.2", Problem::UnknownAttribute, message);
        }
        match tree.attribute(node, "ref").map(|reference| reference.strip_prefix('#')) {
            None => {
                let message = "a match has no `ref`".to_owned();
                self.find(node, "5.1.5.2", Problem::MissingAttribute, message);
            }
            Some(None) => {
                let message = "`ref` of a match begins with `#`".to_owned();
                self.find(node, "5.1.6.6", Problem::InvalidValue, message);
            }
            Some(Some(fragment)) => {
                if let Some(why) = wrong_fragment(fragment) {
                    self.find(node, "5.1.6.6", Problem::InvalidValue, why);
                }
            }
        }
        for name in ["similarity", "matchQuality", "matchSuitability"] {
            let value = tree.attribute(node, name);
            let legal = |value: &str| {
                value.parse().is_ok_and(|number: f64| (0.0..=100.0).contains(&number))
            };
            if let Some(value) = value.filter(|value| !legal(value)) {
                let message = format!("`{value}` is no percentage");
                self.find(node, "5.1.6", Problem::InvalidValue, message);
            }
        }
    }

    fn metadata(&mut self, node: usize) {
        let tree = self.tree;
        self.value(node, "appliesTo", "5.4.5.2", &["source", "target", "ignorable"]);
        if let Some(id) = tree.attribute(node, "id").filter(|id| !is_token(id)) {
            self.find(node, "5.4.5.1", Problem::InvalidValue, format!("`{id}` is no id"));
        }
        let (needed, clause): (&[&str], _) = match tree.local(node) {
            "metadata" => (&["metaGroup"], "5.4.4.1"),
            "metaGroup" => (&["metaGroup", "meta"], "5.4.4.2"),
            _ => return,
        };
        if !tree.children(node).any(|child| needed.contains(&tree.local(child))) {
            let message = format!("`{}` has no `{}`", tree.local(node), needed.join("` or `"));
            self.find(node, clause, Problem::MissingElement, message);
        }
    }

    fn resource(&mut self, node: usize) {
        let tree = self.tree;
        let content = !tree.inside(node).is_empty() || tree.nodes[node].has_text;
        if content == tree.attribute(node, "href").is_some() {
            let message = "a resource has either content or `href`".to_owned();
            self.broken(node, "5.5.4.5", message);
        }
        let expected = tree.root().and_then(|root| tree.attribute(root, "srcLang"));
        let own = tree.qualified(node, "xml", "lang");
        if let (Some(own), Some(expected), "source") = (own, expected, tree.local(node))
            && !own.eq_ignore_ascii_case(expected)
        {
            let message = format!("`xml:lang` is `{own}`, but `srcLang` is `{expected}`");
            self.broken(node, "5.5.4.5", message);
        }
    }

    /// `ref` names one of the elements that `appliesTo` names, in the element around; each revision
    /// says each property once.
    fn revisions(&mut self, node: usize) {
        let tree = self.tree;
        let around = tree.nodes[node].parent.and_then(|track| tree.nodes[track].parent);
        if let (Some(around), Some(wanted)) = (around, tree.attribute(node, "ref")) {
            let applies = tree.attribute(node, "appliesTo").unwrap_or_default();
            let found = tree.descendants(around).any(|other| {
                tree.attribute(other, "id") == Some(wanted)
                    && (applies.is_empty() || tree.local(other) == applies)
            });
            if !found {
                let message = format!("`ref` is `{wanted}`, but no `{applies}` has this id");
                self.find(node, "5.6.5.5", Problem::BrokenReference, message);
            }
        }
        for revision in tree.children(node) {
            let mut seen: Vec<&str> = Vec::new();
            for item in tree.children(revision) {
                let property = tree.attribute(item, "property").unwrap_or_default();
                if seen.contains(&property) {
                    let message = format!("a second item for the property `{property}`");
                    self.broken(item, "5.6.5.6", message);
                }
                seen.push(property);
            }
        }
    }

    fn rule(&mut self, node: usize) {
        let tree = self.tree;
        let has = |name: &str| tree.attribute(node, name).is_some();
        let kinds = ["isPresent", "isNotPresent", "startsWith", "endsWith"];
        let own = kinds.iter().filter(|name| has(name)).count();
        let custom =
            tree.nodes[node].attributes.iter().filter(|attribute| attribute.0 == OTHER).count();
        if own + custom.min(1) != 1 {
            let message = "a rule has exactly one condition".to_owned();
            self.broken(node, "5.8.4.3", message);
        }
        if has("existsInSource") && !(has("isPresent") || has("startsWith") || has("endsWith")) {
            let message = "`existsInSource` goes with a condition of presence".to_owned();
            self.broken(node, "5.8.5.6", message);
        }
        for name in ["existsInSource", "caseSensitive", "disabled"] {
            self.value(node, name, "5.8.5", &["yes", "no"]);
        }
        self.value(node, "normalization", "5.8.5.8", &["none", "nfc", "nfd"]);
        let occurs = tree.attribute(node, "occurs");
        if occurs.is_some_and(|occurs| !occurs.parse().is_ok_and(|number: u64| number > 0)) {
            let message = "`occurs` is a number above 0".to_owned();
            self.find(node, "5.8.5.5", Problem::InvalidValue, message);
        }
    }

    fn format_style(&mut self, node: usize) {
        let tree = self.tree;
        let style = tree.qualified(node, "fs", "fs");
        if let Some(style) = style.filter(|style| !HTML.contains(&format!(" {style} "))) {
            let message = format!("`{style}` is no element of HTML");
            self.find(node, "5.3.5.1", Problem::InvalidValue, message);
        }
        if style.is_none() && tree.qualified(node, "fs", "subFs").is_some() {
            self.broken(node, "5.3.5.2", "`subFs` without `fs`".to_owned());
        }
    }

    fn size(&mut self, node: usize) {
        let tree = self.tree;
        let info = tree.qualified(node, "slr", "sizeInfo");
        if info.is_some() && tree.qualified(node, "slr", "sizeInfoRef").is_some() {
            let message = "`sizeInfo` and `sizeInfoRef` exclude each other".to_owned();
            self.broken(node, "5.7.6.1", message);
        }
        let equivalent = tree.qualified(node, "slr", "equivStorage");
        let said = info.is_some() || equivalent.is_some();
        if said && tree.is(node, "ec") && tree.attribute(node, "isolated") != Some("yes") {
            let message = "sizes stand on an `ec` only if it is isolated".to_owned();
            self.broken(node, "5.7.5.9", message);
        }
        let whole = |part: &str| part.trim().parse::<u64>().is_ok();
        // Profiles of one's own may write words; the standard ones write whole numbers.
        let number = |value: &str| value.trim().parse::<f64>().is_ok();
        let wrong_info = info.filter(|value| number(value) && !whole(value));
        let wrong_size = equivalent.filter(|value| !value.split(',').all(whole));
        for (name, value, clause) in
            [("sizeInfo", wrong_info, "5.7.6.1"), ("equivStorage", wrong_size, "5.7.6.2")]
        {
            if let Some(value) = value {
                let message = format!("`{value}` is no value for `{name}`");
                self.find(node, clause, Problem::InvalidValue, message);
            }
        }
    }
}
