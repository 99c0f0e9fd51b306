//! Which format a file is in.

use std::fmt;
use std::path::Path;

use super::xml::source::decode_head;

/// A format that files of this field are in.
///
/// ```
/// use chancery::exchange::Format;
///
/// let format = Format::detect(b"<?xml version='1.0'?><tmx version='1.4'>", "memory.xml".as_ref());
/// assert_eq!(format, Some(Format::Tmx));
/// assert_eq!(Format::detect(b"un\tone\n", "pairs.tsv".as_ref()), Some(Format::Tsv));
/// assert_eq!(Format::detect(b"\0\x01\x02", "pairs.bin".as_ref()), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// TMX: translation memories.
    Tmx,
    /// XLIFF 1.0 to 2.2, SDLXLIFF and MQXLIFF too: documents to translate.
    Xliff,
    /// Gettext PO: messages to translate.
    Po,
    /// A table of cells with a comma or a semicolon between them.
    Csv,
    /// A table of cells with a tab between them; two-column text.
    Tsv,
    /// A spreadsheet (XLSX).
    Xlsx,
    /// TBX: termbases.
    Tbx,
    /// SRX: rules of segmentation.
    Srx,
    /// A gzip archive of one file.
    Gzip,
    /// A ZIP archive.
    Zip,
}

impl Format {
    /// Tells the format of a file from its first bytes (a few thousand are enough), and from its
    /// name where they do not decide. None if it is none of these.
    pub fn detect(head: &[u8], name: &Path) -> Option<Format> {
        let extension = name.extension().and_then(|extension| extension.to_str());
        let extension = extension.map(str::to_ascii_lowercase).unwrap_or_default();
        match head {
            [b'P', b'K', 3, 4, ..] => {
                return Some(if extension == "xlsx" { Format::Xlsx } else { Format::Zip });
            }
            [0x1f, 0x8b, ..] => return Some(Format::Gzip),
            _ => {}
        }
        let text = decode_head(head);
        if let Some(root) = root_element(&text) {
            return match root {
                "tmx" => Some(Format::Tmx),
                "xliff" => Some(Format::Xliff),
                "martif" | "tbx" | "TBX" | "MARTIF" => Some(Format::Tbx),
                "srx" => Some(Format::Srx),
                _ => None,
            };
        }
        if text.contains('\0') {
            return None;
        }
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        match extension.as_str() {
            "po" | "pot" => Some(Format::Po),
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            _ if first.starts_with("msgid ") || text.contains("\nmsgid ") => Some(Format::Po),
            _ if first.contains('\t') => Some(Format::Tsv),
            // An empty or damaged file is what its name says.
            "tmx" => Some(Format::Tmx),
            "xlf" | "xliff" | "sdlxliff" | "mqxliff" | "mxliff" | "txlf" => Some(Format::Xliff),
            "tbx" => Some(Format::Tbx),
            "srx" => Some(Format::Srx),
            _ => None,
        }
    }

    /// The format that a file of this name is written in, by its extension.
    ///
    /// ```
    /// # use chancery::exchange::Format;
    /// assert_eq!(Format::of_name("out/memory.TMX".as_ref()), Some(Format::Tmx));
    /// assert_eq!(Format::of_name("out".as_ref()), None);
    /// ```
    pub fn of_name(name: &Path) -> Option<Format> {
        let extension = name.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "tmx" => Format::Tmx,
            "xlf" | "xliff" | "sdlxliff" | "mqxliff" | "mxliff" | "txlf" => Format::Xliff,
            "po" | "pot" => Format::Po,
            "csv" => Format::Csv,
            "tsv" | "tab" | "txt" => Format::Tsv,
            "xlsx" => Format::Xlsx,
            "tbx" => Format::Tbx,
            "srx" => Format::Srx,
            "gz" => Format::Gzip,
            "zip" => Format::Zip,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Tmx => "TMX",
            Format::Xliff => "XLIFF",
            Format::Po => "PO",
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
            Format::Xlsx => "XLSX",
            Format::Tbx => "TBX",
            Format::Srx => "SRX",
            Format::Gzip => "gzip",
            Format::Zip => "ZIP",
        })
    }
}

/// The name of the first element, without its prefix, of what begins like XML.
pub(crate) fn root_element(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let skipped = if inner.starts_with("!--") {
            inner.find("-->").map(|at| at + 3)
        } else if inner.starts_with('?') {
            inner.find("?>").map(|at| at + 2)
        } else if inner.starts_with('!') {
            doctype_end(inner)
        } else {
            let name = inner.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
            let local = name.rsplit(':').next()?;
            return (!local.is_empty()).then_some(local);
        };
        rest = inner[skipped?..].trim_start();
    }
}

fn doctype_end(text: &str) -> Option<usize> {
    let close = text.find('>')?;
    match text[..close].find('[') {
        Some(_) => {
            let subset = text.find("]>").map(|at| at + 2);
            subset.or_else(|| text.find("] >").map(|at| at + 3))
        }
        None => Some(close + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(head: &str, name: &str) -> Option<Format> {
        Format::detect(head.as_bytes(), name.as_ref())
    }

    #[test]
    fn the_content_outranks_the_name() {
        let before = "\n<?xml version='1.0'?><!-- <a> --><!DOCTYPE x [<!ENTITY a '>'>]>";
        assert_eq!(detect(&format!("{before}<tmx>"), "a.xlf"), Some(Format::Tmx));
        assert_eq!(detect(&format!("{before}<x:xliff a=''>"), "a.tmx"), Some(Format::Xliff));
        assert_eq!(detect("<martif type='TBX'>", "a.xml"), Some(Format::Tbx));
        assert_eq!(detect("<html>", "a.tmx"), None);
        assert_eq!(detect("# x\nmsgid \"\"\n", "a"), Some(Format::Po));
        assert_eq!(detect("un;one\n", "a.csv"), Some(Format::Csv));
        assert_eq!(detect("un\tone", "a.txt"), Some(Format::Tsv));
        assert_eq!(detect("", "a.tmx"), Some(Format::Tmx));
        assert_eq!(detect("un texte", "a.txt"), None);
    }

    #[test]
    fn utf16_is_seen_through() {
        let bytes: Vec<u8> =
            "<?xml version='1.0'?><tmx>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(Format::detect(&bytes, "x".as_ref()), Some(Format::Tmx));
    }
}
