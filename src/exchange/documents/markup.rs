//! XML parts as a plain sequence of starts, ends and texts.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use super::super::{Error, ErrorKind};

/// What a part consists of.
pub(super) enum Node {
    Start(Element),
    /// The name in its usual form.
    End(String),
    Text(String),
}

/// The start of an element.
pub(super) struct Element {
    /// The name in its usual form: `w:p`, whatever prefix the file uses. Names of other
    /// namespaces stand alone.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute, asked for by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that is a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }
}

/// Namespaces and the prefix each usually has, told by how the URI ends: the transitional and the
/// strict variant of OOXML differ at the beginning.
const PREFIXES: &[(&str, &str)] = &[
    ("wordprocessingml/2006/main", "w"),
    ("ooxml/wordprocessingml/main", "w"),
    ("officeDocument/2006/math", "m"),
    ("ooxml/officeDocument/math", "m"),
    ("markup-compatibility/2006", "mc"),
    ("opendocument:xmlns:text:1.0", "text"),
    ("opendocument:xmlns:office:1.0", "office"),
    ("opendocument:xmlns:style:1.0", "style"),
    ("opendocument:xmlns:svg-compatible:1.0", "svg"),
];

/// Reads a part node by node.
pub(super) struct Nodes<'t> {
    reader: NsReader<&'t [u8]>,
    part: &'t str,
}

impl<'t> Nodes<'t> {
    /// `part` is how errors call the text.
    pub(super) fn new(text: &'t str, part: &'t str) -> Nodes<'t> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Nodes { reader, part }
    }

    /// The next node; None at the end.
    pub(super) fn next(&mut self) -> Result<Option<Node>, Error> {
        loop {
            let at = self.reader.buffer_position();
            let malformed = |message: String| {
                let message = format!("not well-formed XML at byte {at}: {message}");
                Error::new(ErrorKind::Malformed, message).named(Some(self.part))
            };
            let (namespace, event) = match self.reader.read_resolved_event() {
                Ok(read) => read,
                Err(error) => {
                    let message = error.to_string();
                    return Err(malformed(message));
                }
            };
            return Ok(Some(match event {
                Event::Start(start) => {
                    let name = usual(&namespace, start.local_name().as_ref());
                    let mut attributes = Vec::new();
                    for attribute in start.attributes().with_checks(false) {
                        let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
                        let value = attribute
                            .normalized_value(XmlVersion::Implicit1_0)
                            .map_err(|error| malformed(error.to_string()))?;
                        let key = attribute.key.local_name().as_ref().to_owned();
                        attributes.push((key, value.into_owned()));
                    }
                    Node::Start(Element { name, attributes })
                }
                Event::End(end) => Node::End(usual(&namespace, end.local_name().as_ref())),
                Event::Text(text) => {
                    Node::Text(text.xml_content(XmlVersion::Implicit1_0).into_owned())
                }
                Event::CData(text) => {
                    Node::Text(text.xml_content(XmlVersion::Implicit1_0).into_owned())
                }
                Event::GeneralRef(reference) => {
                    let resolved = reference
                        .resolve_char_ref()
                        .map_err(|error| malformed(error.to_string()))?
                        .map(String::from);
                    let named = || quick_xml::escape::resolve_predefined_entity(&reference);
                    Node::Text(
                        resolved
                            .or_else(|| named().map(str::to_owned))
                            .unwrap_or_else(|| format!("&{};", &*reference)),
                    )
                }
                Event::Eof => return Ok(None),
                _ => continue,
            }));
        }
    }

    /// Goes behind the end of the element whose start was read last.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Some(Node::Start(_)) => depth += 1,
                Some(Node::End(_)) => depth -= 1,
                Some(Node::Text(_)) => {}
                None => {
                    let message = "the part ends too early; is the file complete?";
                    return Err(Error::new(ErrorKind::CutOff, message).named(Some(self.part)));
                }
            }
        }
        Ok(())
    }
}

fn usual(namespace: &ResolveResult<'_>, local: &str) -> String {
    if let ResolveResult::Bound(namespace) = namespace {
        let prefix = PREFIXES.iter().find(|(uri, _)| namespace.as_ref().ends_with(uri));
        if let Some((_, prefix)) = prefix {
            return format!("{prefix}:{local}");
        }
    }
    local.to_owned()
}
