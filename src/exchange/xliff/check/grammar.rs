//! The content model and the attributes of the core (XLIFF 2.1, clauses 4.2 and 4.3).

use super::Check;
use super::tree::OTHER;
use crate::exchange::Problem;

/// What the standard says of an element of the core.
struct Rule {
    name: &'static str,
    clause: &'static str,
    /// Children in order: a group of names, the least and the most of them.
    content: &'static [(&'static [&'static str], usize, usize)],
    required: &'static [&'static str],
    optional: &'static [&'static str],
    /// Whether elements of modules and extensions may stand in it (as `*` in its content).
    text: bool,
    /// Whether attributes of extensions may stand on it.
    open: bool,
}

const MANY: usize = usize::MAX;
const INLINE: &[&str] = &["cp", "ph", "pc", "sc", "ec", "mrk", "sm", "em"];

#[rustfmt::skip]
const RULES: [Rule; 22] = [
    Rule { name: "xliff", clause: "4.2.2.1", content: &[(&["file"], 1, MANY)],
        required: &["version", "srcLang"], optional: &["trgLang"], text: false, open: true },
    Rule { name: "file", clause: "4.2.2.2",
        content: &[(&["skeleton"], 0, 1), (&["*"], 0, MANY), (&["notes"], 0, 1), (&["unit", "group"], 1, MANY)],
        required: &["id"], optional: &["canResegment", "original", "translate", "srcDir", "trgDir"], text: false, open: true },
    Rule { name: "skeleton", clause: "4.2.2.3", content: &[(&["*"], 0, MANY)],
        required: &[], optional: &["href"], text: true, open: false },
    Rule { name: "group", clause: "4.2.2.4",
        content: &[(&["*"], 0, MANY), (&["notes"], 0, 1), (&["unit", "group"], 0, MANY)],
        required: &["id"], optional: &["name", "canResegment", "translate", "srcDir", "trgDir", "type"], text: false, open: true },
    Rule { name: "unit", clause: "4.2.2.5",
        content: &[(&["*"], 0, MANY), (&["notes"], 0, 1), (&["originalData"], 0, 1), (&["segment", "ignorable"], 1, MANY)],
        required: &["id"], optional: &["name", "canResegment", "translate", "srcDir", "trgDir", "type"], text: false, open: true },
    Rule { name: "segment", clause: "4.2.2.6", content: &[(&["source"], 1, 1), (&["target"], 0, 1)],
        required: &[], optional: &["id", "canResegment", "state", "subState"], text: false, open: false },
    Rule { name: "ignorable", clause: "4.2.2.7", content: &[(&["source"], 1, 1), (&["target"], 0, 1)],
        required: &[], optional: &["id"], text: false, open: false },
    Rule { name: "notes", clause: "4.2.2.8", content: &[(&["note"], 1, MANY)],
        required: &[], optional: &[], text: false, open: false },
    Rule { name: "note", clause: "4.2.2.9", content: &[],
        required: &[], optional: &["id", "appliesTo", "category", "priority"], text: true, open: true },
    Rule { name: "originalData", clause: "4.2.2.10", content: &[(&["data"], 1, MANY)],
        required: &[], optional: &[], text: false, open: false },
    Rule { name: "data", clause: "4.2.2.11", content: &[(&["cp"], 0, MANY)],
        required: &["id"], optional: &["dir"], text: true, open: false },
    Rule { name: "source", clause: "4.2.2.12", content: &[(INLINE, 0, MANY)],
        required: &[], optional: &[], text: true, open: false },
    Rule { name: "target", clause: "4.2.2.13", content: &[(INLINE, 0, MANY)],
        required: &[], optional: &["order"], text: true, open: false },
    Rule { name: "cp", clause: "4.2.3.1", content: &[], required: &["hex"], optional: &[], text: false, open: false },
    Rule { name: "ph", clause: "4.2.3.2", content: &[], required: &["id"],
        optional: &["canCopy", "canDelete", "canReorder", "copyOf", "disp", "equiv", "dataRef", "subFlows", "subType", "type"], text: false, open: false },
    Rule { name: "pc", clause: "4.2.3.3", content: &[(INLINE, 0, MANY)], required: &["id"],
        optional: &["canCopy", "canDelete", "canOverlap", "canReorder", "copyOf", "dispEnd", "dispStart", "equivEnd", "equivStart",
            "dataRefEnd", "dataRefStart", "subFlowsEnd", "subFlowsStart", "subType", "type", "dir"], text: true, open: false },
    Rule { name: "sc", clause: "4.2.3.4", content: &[], required: &["id"],
        optional: &["canCopy", "canDelete", "canOverlap", "canReorder", "copyOf", "dataRef", "dir", "disp", "equiv", "isolated",
            "subFlows", "subType", "type"], text: false, open: false },
    Rule { name: "ec", clause: "4.2.3.5", content: &[], required: &[],
        optional: &["id", "startRef", "canCopy", "canDelete", "canOverlap", "canReorder", "copyOf", "dataRef", "dir", "disp", "equiv",
            "isolated", "subFlows", "subType", "type"], text: false, open: false },
    Rule { name: "mrk", clause: "4.2.3.6", content: &[(INLINE, 0, MANY)], required: &["id"],
        optional: &["translate", "type", "ref", "value"], text: true, open: true },
    Rule { name: "sm", clause: "4.2.3.7", content: &[], required: &["id"],
        optional: &["translate", "type", "ref", "value"], text: false, open: true },
    Rule { name: "em", clause: "4.2.3.8", content: &[], required: &["startRef"], optional: &[], text: false, open: false },
    Rule { name: "*", clause: "4.2.2", content: &[], required: &[], optional: &[], text: true, open: true },
];

impl Check<'_> {
    /// Holds an element of the core against its rule.
    pub(super) fn grammar(&mut self, node: usize) {
        let tree = self.tree;
        if !tree.nodes[node].space.is_empty() || tree.root().is_none() {
            return;
        }
        let name = tree.local(node);
        let Some(rule) = RULES.iter().find(|rule| rule.name == name && name != "*") else {
            let message = format!("`{name}` is no element of XLIFF");
            self.find(node, "4.2", Problem::UnexpectedElement, message);
            return;
        };
        self.content(node, rule);
        self.attributes(node, rule);
        if tree.nodes[node].has_text && !rule.text {
            let message = format!("text in `{name}`, where only elements may stand");
            self.find(node, rule.clause, Problem::UnexpectedText, message);
        }
        if name == "unit" && !tree.children(node).any(|child| tree.is(child, "segment")) {
            let message = "a unit without a segment".to_owned();
            self.find(node, rule.clause, Problem::MissingElement, message);
        }
        if name == "skeleton" {
            let empty = tree.inside(node).is_empty() && !tree.nodes[node].has_text;
            if empty != tree.attribute(node, "href").is_some() {
                let message = "a skeleton has either content or `href`".to_owned();
                self.broken(node, rule.clause, message);
            }
        }
    }

    fn content(&mut self, node: usize, rule: &Rule) {
        let tree = self.tree;
        let mut group = 0;
        let mut count = 0;
        for child in tree.children(node) {
            let core = tree.nodes[child].space.is_empty();
            let name = if core { tree.local(child) } else { "*" };
            if core && !RULES.iter().any(|rule| rule.name == name) {
                // Reported where it is looked at.
                continue;
            }
            while rule.content.get(group).is_some_and(|(names, ..)| !names.contains(&name)) {
                self.least(node, rule, group, count);
                (group, count) = (group + 1, 0);
            }
            let Some((_, _, most)) = rule.content.get(group) else {
                let message =
                    format!("`{}` may not stand here in `{}`", tree.local(child), rule.name);
                self.find(child, rule.clause, Problem::UnexpectedElement, message);
                return;
            };
            count += 1;
            if count > *most {
                let message = format!("a second `{name}` in `{}`", rule.name);
                self.find(child, rule.clause, Problem::UnexpectedElement, message);
            }
        }
        for group in group..rule.content.len() {
            self.least(node, rule, group, std::mem::take(&mut count));
        }
    }

    fn least(&mut self, node: usize, rule: &Rule, group: usize, count: usize) {
        let (names, least, _) = rule.content[group];
        if count < least {
            let message = format!("`{}` has no `{}`", rule.name, names.join("` or `"));
            self.find(node, rule.clause, Problem::MissingElement, message);
        }
    }

    fn attributes(&mut self, node: usize, rule: &Rule) {
        let tree = self.tree;
        for name in rule.required {
            if tree.attribute(node, name).is_none() {
                let message = format!("`{}` has no `{name}`", rule.name);
                self.find(node, rule.clause, Problem::MissingAttribute, message);
            }
        }
        for (space, name, value) in &tree.nodes[node].attributes {
            let legal = match *space {
                "" => rule.required.contains(name) || rule.optional.contains(name),
                "xml" if *name == "lang" => rule.open || matches!(rule.name, "source" | "target"),
                "xml" => true,
                OTHER => rule.open,
                // Attributes of modules: format style, size restriction, ITS.
                _ => true,
            };
            if !legal {
                let message = format!("`{}` may not have the attribute `{name}`", rule.name);
                self.find(node, rule.clause, Problem::UnknownAttribute, message);
            } else if space.is_empty() && !is_legal(rule.name, name, value) {
                let message = format!("`{value}` is no value for `{name}` of `{}`", rule.name);
                self.find(node, rule.clause, Problem::InvalidValue, message);
            } else if (*space, *name) == ("xml", "space")
                && !matches!(value.as_str(), "default" | "preserve")
            {
                let message = format!("`{value}` is no value for `xml:space`");
                self.find(node, "4.3.2.2", Problem::InvalidValue, message);
            }
        }
        let sub_type = tree.attribute(node, "subType");
        if sub_type.is_some() && tree.attribute(node, "type").is_none() {
            self.broken(node, "4.3.1.37", "`subType` without `type`".to_owned());
        }
        if tree.attribute(node, "subState").is_some() && tree.attribute(node, "state").is_none() {
            self.broken(node, "4.3.1.36", "`subState` without `state`".to_owned());
        }
    }
}

/// Whether a value is one that clause 4.3.1 allows.
fn is_legal(element: &str, name: &str, value: &str) -> bool {
    match name {
        "version" => matches!(value, "2.0" | "2.1" | "2.2"),
        "id" | "copyOf" | "startRef" | "dataRef" | "dataRefStart" | "dataRefEnd" => is_token(value),
        "canCopy" | "canDelete" | "canOverlap" | "canResegment" | "isolated" | "translate" => {
            matches!(value, "yes" | "no")
        }
        "canReorder" => matches!(value, "yes" | "no" | "firstNo"),
        "srcDir" | "trgDir" | "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "state" => matches!(value, "initial" | "translated" | "reviewed" | "final"),
        "appliesTo" => matches!(value, "source" | "target"),
        "priority" => value.parse().is_ok_and(|number: u32| (1..=10).contains(&number)),
        "order" => value.parse().is_ok_and(|number: u64| number > 0),
        "subState" | "subType" => is_prefixed(value),
        "hex" => is_code_point(value),
        "type" => match element {
            "mrk" | "sm" => matches!(value, "generic" | "comment" | "term") || is_prefixed(value),
            "ph" | "pc" | "sc" | "ec" => {
                matches!(value, "fmt" | "ui" | "quote" | "link" | "image" | "other")
            }
            _ => is_prefixed(value),
        },
        "subFlows" | "subFlowsStart" | "subFlowsEnd" => {
            !value.trim().is_empty() && value.split_whitespace().all(is_token)
        }
        _ => true,
    }
}

/// `NMTOKEN` of XML.
pub(super) fn is_token(value: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "-._:\u{b7}".contains(c);
    !value.is_empty() && value.chars().all(inside)
}

/// A value of one's own: `prefix:value`, the prefix not the standard's.
fn is_prefixed(value: &str) -> bool {
    value.split_once(':').is_some_and(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
}

/// Four to six hexadecimal digits, of a character that XML does not allow (4.3.1.14).
fn is_code_point(value: &str) -> bool {
    let digits = (4..=6).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(value, 16).unwrap_or(u32::MAX);
    let allowed = char::from_u32(number).is_some_and(crate::exchange::xml::resolve::is_xml_char);
    digits && number <= 0x10ffff && !allowed
}
