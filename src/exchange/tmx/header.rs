//! The header of a TMX file.

use crate::Lang;
use crate::unit::{Attribute, Metadata};

/// The header of a TMX file, as it was written.
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::Header;
///
/// let header = Header::new(&Lang::FR);
/// assert_eq!(header.source_lang(), Some(Lang::FR));
/// assert_eq!(header.metadata.attribute("segtype"), Some("sentence"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The attributes of the root element, `version` among them.
    pub root: Vec<Attribute>,
    /// Attributes, properties and notes of the header; `ude` elements are foreign ones.
    pub metadata: Metadata,
}

impl Header {
    /// The header of a file that this crate writes: TMX 1.4, plain text in sentences.
    pub fn new(source: &Lang) -> Header {
        let mut header = Header::default();
        header.root.push(Attribute::new("version", "1.4"));
        for (name, value) in [
            ("creationtool", "chancery"),
            ("creationtoolversion", env!("CARGO_PKG_VERSION")),
            ("segtype", "sentence"),
            ("o-tmf", "chancery"),
            ("adminlang", "en"),
            ("srclang", source.as_written()),
            ("datatype", "plaintext"),
        ] {
            header.metadata.attributes.push(Attribute::new(name, value));
        }
        header
    }

    /// The version of TMX that the file names, such as `1.4`.
    pub fn version(&self) -> Option<&str> {
        self.root.iter().find(|a| a.name == "version").map(|a| a.value.as_str())
    }

    /// The language the units are translated from; None where the file names none, or `*all*`.
    pub fn source_lang(&self) -> Option<Lang> {
        let written = self.metadata.attribute("srclang")?.trim();
        (!written.is_empty() && written != "*all*").then(|| Lang::from_written(written))
    }
}
