//! Alignments as files.

use std::io::{self, Write};
use std::path::Path;

use super::{Error, Header, ReviewPage, TmxWriter, write_ladder};
use crate::Lang;
use crate::align::Alignment;

/// A format for alignments.
///
/// ```
/// use chancery::exchange::AlignmentFormat;
///
/// assert_eq!(AlignmentFormat::of("minutes.TMX"), Some(AlignmentFormat::Tmx));
/// assert_eq!(AlignmentFormat::of("minutes.doc"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AlignmentFormat {
    /// Units in TMX: the beads that have text in two languages or more.
    Tmx,
    /// A line a bead: the text in each language, then the confidence, with tabs between.
    Tsv,
    /// The sentence numbers of each bead ([`write_ladder`]).
    Ladder,
    /// A page for review ([`ReviewPage`]).
    Html,
}

impl AlignmentFormat {
    /// The format that the name of a file asks for: `.tmx`, `.tsv`, `.ladder`, `.html`.
    pub fn of(path: impl AsRef<Path>) -> Option<AlignmentFormat> {
        let extension = path.as_ref().extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "tmx" => Some(AlignmentFormat::Tmx),
            "tsv" => Some(AlignmentFormat::Tsv),
            "ladder" => Some(AlignmentFormat::Ladder),
            "html" | "htm" => Some(AlignmentFormat::Html),
            _ => None,
        }
    }
}

/// Writes an alignment in a format; `name` is the title of a page, and the document that units
/// say they come from, with their [neighbours](crate::align::Units::neighbours); without a name they
/// say neither.
///
/// ```
/// use chancery::align::Aligner;
/// use chancery::exchange::{AlignmentFormat, write_alignment};
/// use chancery::{Document, Lang};
///
/// let fr = Document::new("La séance est ouverte.", Lang::FR);
/// let en = Document::new("The meeting is open.", Lang::EN);
/// let alignment = Aligner::new().align(&fr, &en);
/// let mut tsv = Vec::new();
/// write_alignment(&alignment, AlignmentFormat::Tsv, "", &mut tsv)?;
/// assert!(String::from_utf8(tsv)?.starts_with("La séance est ouverte.\tThe meeting is open.\t"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If writing fails.
pub fn write_alignment(
    alignment: &Alignment,
    format: AlignmentFormat,
    name: &str,
    mut out: impl Write,
) -> Result<(), Error> {
    match format {
        AlignmentFormat::Tmx => {
            let documents = alignment.documents();
            let source = documents.first().map_or(Lang::FR, |document| document.lang().clone());
            let mut writer = TmxWriter::new(&mut out, &Header::new(&source))?;
            let units = alignment.units();
            let units = if name.is_empty() { units } else { units.document(name).neighbours(true) };
            for unit in units {
                writer.write(&unit)?;
            }
            writer.finish()?;
        }
        AlignmentFormat::Tsv => write_tsv(alignment, &mut out)?,
        AlignmentFormat::Ladder => write_ladder(alignment, &mut out)?,
        AlignmentFormat::Html => ReviewPage::new(name).write(alignment, &mut out)?,
    }
    Ok(())
}

fn write_tsv(alignment: &Alignment, out: &mut impl Write) -> io::Result<()> {
    for bead in alignment.beads() {
        for (side, document) in alignment.documents().iter().enumerate() {
            let sentences = &document.sentences()[bead.side(side)];
            // A tab in a text would be taken for the end of the field.
            let texts: Vec<String> =
                sentences.iter().map(|s| s.text().replace(['\t', '\n', '\r'], " ")).collect();
            write!(out, "{}\t", texts.join(" "))?;
        }
        writeln!(out, "{:.2}", bead.confidence())?;
    }
    out.flush()
}
