//! The elements of a document, with namespaces resolved.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::exchange::Limits;
use crate::exchange::xml::attributes::Attributes;
use crate::exchange::xml::resolve::Resolver;

/// The namespaces that XLIFF defines, by the prefix that the standard uses for them.
const SPACES: [(&str, &str); 13] = [
    ("urn:oasis:names:tc:xliff:document:2.0", ""),
    ("urn:oasis:names:tc:xliff:document:2.2", ""),
    ("urn:oasis:names:tc:xliff:matches:2.0", "mtc"),
    ("urn:oasis:names:tc:xliff:glossary:2.0", "gls"),
    ("urn:oasis:names:tc:xliff:fs:2.0", "fs"),
    ("urn:oasis:names:tc:xliff:metadata:2.0", "mda"),
    ("urn:oasis:names:tc:xliff:resourcedata:2.0", "res"),
    ("urn:oasis:names:tc:xliff:changetracking:2.0", "ctr"),
    ("urn:oasis:names:tc:xliff:changetracking:2.1", "ctr"),
    ("urn:oasis:names:tc:xliff:sizerestriction:2.0", "slr"),
    ("urn:oasis:names:tc:xliff:validation:2.0", "val"),
    ("http://www.w3.org/2005/11/its", "its"),
    ("urn:oasis:names:tc:xliff:itsm:2.1", "itsm"),
];

/// Every other namespace.
pub(super) const OTHER: &str = "?";

pub(super) struct Node<'a> {
    pub(super) space: &'static str,
    name: &'a str,
    /// Namespace, name, value.
    pub(super) attributes: Vec<(&'static str, &'a str, String)>,
    pub(super) parent: Option<usize>,
    /// All elements inside it follow it, up to here.
    end: usize,
    /// Whether there is text in it, itself, that is not white space.
    pub(super) has_text: bool,
    pub(super) offset: usize,
}

pub(super) struct Tree<'a> {
    pub(super) nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Takes what is well-formed, as far as it is.
    pub(super) fn new(text: &'a str) -> Tree<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        let mut builder = Builder {
            text,
            nodes: Vec::new(),
            open: Vec::new(),
            declared: Vec::new(),
            resolver: Resolver::new(&Limits::default()),
        };
        loop {
            let at = reader.buffer_position() as usize;
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    let node = builder.element(&start, at);
                    builder.open.push((node, builder.declared.len()));
                    builder.declare(&start);
                    builder.resolve(node, &start);
                }
                Ok(Event::Empty(start)) => {
                    let node = builder.element(&start, at);
                    let before = builder.declared.len();
                    builder.declare(&start);
                    builder.resolve(node, &start);
                    builder.declared.truncate(before);
                }
                Ok(Event::End(_)) => {
                    if let Some((node, declared)) = builder.open.pop() {
                        builder.nodes[node].end = builder.nodes.len();
                        builder.declared.truncate(declared);
                    }
                }
                Ok(Event::Text(text)) if text.trim().is_empty() => {}
                Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                    if let Some(&(node, _)) = builder.open.last() {
                        builder.nodes[node].has_text = true;
                    }
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        let length = builder.nodes.len();
        for (node, _) in builder.open {
            builder.nodes[node].end = length;
        }
        Tree { nodes: builder.nodes }
    }

    pub(super) fn root(&self) -> Option<usize> {
        (!self.nodes.is_empty() && self.is(0, "xliff")).then_some(0)
    }

    pub(super) fn local(&self, node: usize) -> &'a str {
        self.nodes[node].name
    }

    /// Whether it is this element of the core.
    pub(super) fn is(&self, node: usize, name: &str) -> bool {
        self.nodes[node].space.is_empty() && self.nodes[node].name == name
    }

    pub(super) fn inside(&self, node: usize) -> Range<usize> {
        node + 1..self.nodes[node].end
    }

    pub(super) fn descendants(&self, node: usize) -> impl Iterator<Item = usize> + use<'a> {
        self.inside(node)
    }

    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        self.inside(node).filter(move |&child| self.nodes[child].parent == Some(node))
    }

    /// The elements of the core of this name inside.
    pub(super) fn named(&self, node: usize, name: &'static str) -> impl Iterator<Item = usize> {
        self.inside(node).filter(move |&child| self.is(child, name))
    }

    /// The value of an attribute without a namespace.
    pub(super) fn attribute(&self, node: usize, name: &str) -> Option<&str> {
        self.qualified(node, "", name)
    }

    pub(super) fn qualified(&self, node: usize, space: &str, name: &str) -> Option<&str> {
        let attributes = &self.nodes[node].attributes;
        attributes.iter().find(|a| a.0 == space && a.1 == name).map(|a| a.2.as_str())
    }
}

struct Builder<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    /// The open elements, and how many namespaces were declared before each.
    open: Vec<(usize, usize)>,
    declared: Vec<(&'a str, &'static str)>,
    resolver: Resolver,
}

impl<'a> Builder<'a> {
    fn element(&mut self, start: &BytesStart<'a>, offset: usize) -> usize {
        let name = self.part(start.name().as_ref(), offset);
        self.nodes.push(Node {
            space: OTHER,
            name,
            attributes: Vec::new(),
            parent: self.open.last().map(|&(node, _)| node),
            end: self.nodes.len() + 1,
            has_text: false,
            offset,
        });
        self.nodes.len() - 1
    }

    /// The text of a name, in the text of the document.
    fn part(&self, name: &str, offset: usize) -> &'a str {
        &self.text[offset + 1..offset + 1 + name.len()]
    }

    fn raw(&self, start: &BytesStart<'a>, node: usize) -> &'a str {
        let offset = self.nodes[node].offset + 1;
        let name: &str = start.name().into_inner();
        let begin = offset + name.len();
        &self.text[begin..begin + start.attributes_raw().len()]
    }

    fn declare(&mut self, start: &BytesStart<'a>) {
        let node = self.nodes.len() - 1;
        for attribute in Attributes::new(self.raw(start, node)) {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            let known = SPACES.iter().find(|(uri, _)| *uri == attribute.value);
            self.declared.push((prefix, known.map_or(OTHER, |(_, space)| space)));
        }
    }

    fn space(&self, prefix: &str) -> &'static str {
        if prefix == "xml" {
            return "xml";
        }
        let found = self.declared.iter().rev().find(|(declared, _)| *declared == prefix);
        found.map_or(OTHER, |(_, space)| space)
    }

    /// Splits names at their prefixes, once the namespaces of the element are known.
    fn resolve(&mut self, node: usize, start: &BytesStart<'a>) {
        let full = self.nodes[node].name;
        let (prefix, local) = full.split_once(':').unwrap_or(("", full));
        let mut attributes = Vec::new();
        // A validator must not be slower than the square root of patience: the reader's limit.
        for raw in Attributes::new(self.raw(start, node)).take(Limits::default().attributes) {
            if raw.name == "xmlns" || raw.name.starts_with("xmlns:") {
                continue;
            }
            let (space, name) = match raw.name.split_once(':') {
                Some((prefix, local)) => (self.space(prefix), local),
                None => ("", raw.name),
            };
            let mut value = String::new();
            self.resolver.attribute(raw.value, 0, &mut value);
            attributes.push((space, name, value));
        }
        let space = self.space(prefix);
        let node = &mut self.nodes[node];
        (node.space, node.name, node.attributes) = (space, local, attributes);
    }
}
