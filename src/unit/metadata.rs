//! What a file says of a unit or of one of its languages.

use std::borrow::Cow;

/// Attributes, properties and notes of a unit or a variant, as they were written.
///
/// Order and repetition are kept. Names are those of TMX 1.4b; readers of other formats map to
/// them. Typed values (confidence, status, document, …) are read from here and written to here.
///
/// ```
/// use chancery::unit::Metadata;
///
/// let mut metadata = Metadata::default();
/// metadata.set_property("x-document", "A/68/908");
/// assert_eq!(metadata.property("x-document"), Some("A/68/908"));
/// assert_eq!(metadata.property("x-project"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// XML attributes such as `creationdate` or `usagecount`, with their raw values.
    pub attributes: Vec<Attribute>,
    /// Properties (`<prop>`), several of one type allowed.
    pub properties: Vec<Property>,
    /// Notes for people (`<note>`).
    pub notes: Vec<Note>,
    /// Elements that are neither, each as the XML text it was written as.
    pub foreign: Vec<String>,
}

impl Metadata {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
            && self.properties.is_empty()
            && self.notes.is_empty()
            && self.foreign.is_empty()
    }

    /// Whether something is said in elements, not only in attributes.
    pub(crate) fn has_children(&self) -> bool {
        !(self.properties.is_empty() && self.notes.is_empty() && self.foreign.is_empty())
    }

    /// The value of the first attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// Gives an attribute a value: the first of this name, or a new one at the end.
    pub fn set_attribute(&mut self, name: &str, value: impl Into<String>) {
        match self.attributes.iter_mut().find(|a| a.name == name) {
            Some(attribute) => attribute.value = value.into(),
            None => self.attributes.push(Attribute::new(name.to_owned(), value)),
        }
    }

    /// Takes an attribute out: all of this name.
    pub fn remove_attribute(&mut self, name: &str) {
        self.attributes.retain(|a| a.name != name);
    }

    /// The text of the first property of this type.
    pub fn property(&self, kind: &str) -> Option<&str> {
        self.properties.iter().find(|p| p.kind == kind).map(|p| p.value.as_str())
    }

    /// Gives a property a value: the first of this type, or a new one at the end.
    pub fn set_property(&mut self, kind: &str, value: impl Into<String>) {
        match self.properties.iter_mut().find(|p| p.kind == kind) {
            Some(property) => property.value = value.into(),
            None => self.properties.push(Property::new(kind, value)),
        }
    }

    /// Takes a property out: all of this type.
    pub fn remove_property(&mut self, kind: &str) {
        self.properties.retain(|p| p.kind != kind);
    }
}

/// A name and a value, both as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// The name, with its prefix if it has one (`xml:lang`).
    pub name: Cow<'static, str>,
    /// The value, with entities and references resolved.
    pub value: String,
}

impl Attribute {
    /// An attribute.
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Attribute {
        Attribute { name: name.into(), value: value.into() }
    }
}

/// A typed property of a unit (`<prop type="…">`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Property {
    /// The type, such as `x-document`; empty where a file gave none.
    pub kind: String,
    /// The text.
    pub value: String,
    /// Other attributes (`xml:lang`, `o-encoding`, foreign ones).
    pub attributes: Vec<Attribute>,
}

impl Property {
    /// A property with no further attributes.
    pub fn new(kind: impl Into<String>, value: impl Into<String>) -> Property {
        Property { kind: kind.into(), value: value.into(), attributes: Vec::new() }
    }
}

/// A note for people (`<note>`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Note {
    /// The text.
    pub text: String,
    /// Its attributes (`xml:lang`, `o-encoding`, foreign ones).
    pub attributes: Vec<Attribute>,
}

impl Note {
    /// A note with no attributes.
    pub fn new(text: impl Into<String>) -> Note {
        Note { text: text.into(), attributes: Vec::new() }
    }
}

/// A name without an allocation where it is one that files are full of.
pub(crate) fn intern(name: &str) -> Cow<'static, str> {
    macro_rules! known {
        ($($known:literal)*) => {
            match name {
                $($known => Cow::Borrowed($known),)*
                _ => Cow::Owned(name.to_owned()),
            }
        };
    }
    known! {
        "adminlang" "assoc" "bpt" "bx" "changedate" "changeid" "creationdate" "creationid"
        "creationtool" "creationtoolversion" "ctype" "datatype" "ept" "equiv-text" "ex" "g" "hi"
        "i" "id" "it" "lang" "lastusagedate" "mid" "mrk" "mtype" "o-encoding" "o-tmf" "ph" "pos"
        "rid" "segtype" "srclang" "sub" "tuid" "type" "usagecount" "ut" "version" "x" "xid"
        "xml:lang" "xml:space"
    }
}
