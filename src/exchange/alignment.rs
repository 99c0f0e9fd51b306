//! Alignments as files.

use std::io::{self, Write};
use std::path::Path;

use super::{Error, Header, ReviewPage, TmxWriter, write_ladder};
use crate::align::{Alignment, Bead};
use crate::{Document, Lang};

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

/// Reads an alignment from the table that [`write_alignment`] writes: a line a bead, the text in each
/// language, then the confidence, with tabs between.
///
/// The sentences of a cell are told apart by the built-in rules of its language. A confidence that is
/// missing is 1. The paragraphs of the documents are not in the table.
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::read_alignment;
///
/// let table = "La séance est ouverte. Elle est publique.\tThe meeting is open.\t0.41\n\tAmen.\t0.97\n";
/// let alignment = read_alignment(table, &[Lang::FR, Lang::EN])?;
/// assert_eq!(alignment.beads()[0].sides(), [0..2, 0..1]);
/// assert_eq!(alignment.beads()[1].sides(), [2..2, 1..2]);
/// # Ok::<(), chancery::exchange::AlignmentError>(())
/// ```
///
/// # Errors
///
/// If a line has not as many cells as there are languages, or none with text in it.
pub fn read_alignment(table: &str, langs: &[Lang]) -> Result<Alignment, AlignmentError> {
    let mut texts = vec![String::new(); langs.len()];
    let mut counts = vec![0; langs.len()];
    let mut beads = Vec::new();
    for (line, content) in (1..).zip(table.trim_start_matches('\u{feff}').lines()) {
        if content.trim().is_empty() {
            continue;
        }
        let error = |problem| AlignmentError { line, problem };
        let cells: Vec<&str> = content.split('\t').collect();
        let confidence = match cells.len().checked_sub(langs.len()) {
            Some(0) => 1.0,
            Some(1) => cells[langs.len()]
                .trim()
                .parse()
                .ok()
                .filter(|read| (0.0..=1.0).contains(read))
                .ok_or(error("the last cell is not a confidence from 0 to 1"))?,
            _ => return Err(error("a cell for each language is needed, then a confidence")),
        };
        let mut sides = Vec::new();
        for ((cell, lang), (text, count)) in
            cells.iter().zip(langs).zip(texts.iter_mut().zip(&mut counts))
        {
            let start = *count;
            for sentence in Document::new(*cell, lang.clone()).sentences() {
                *text += sentence.text();
                text.push('\n');
                *count += 1;
            }
            sides.push(start..*count);
        }
        if sides.iter().all(|side| side.is_empty()) {
            return Err(error("there is no text in any language"));
        }
        beads.push(Bead::new(sides, confidence));
    }
    let documents = texts.into_iter().zip(langs);
    let documents: Vec<Document> =
        documents.map(|(text, lang)| Document::segmented(text, lang.clone())).collect();
    Alignment::of(documents, beads).map_err(|error| {
        let problem = "its sentences can not be told apart; remove signs that end lines";
        AlignmentError { line: error.bead(), problem }
    })
}

/// A table that is no alignment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct AlignmentError {
    line: usize,
    problem: &'static str,
}

impl AlignmentError {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_that_are_no_beads_are_named() {
        let read = |table| read_alignment(table, &[Lang::FR, Lang::EN]).unwrap_err().to_string();
        assert!(read("a\tb\t1\nc").starts_with("line 2: a cell for each"));
        assert!(read("a\tb\tc").contains("confidence"));
        assert!(read("a\tb\t7").contains("confidence"));
        assert!(read(" \t \t0.50\n\n").contains("no text"));
        assert!(read_alignment("", &[Lang::FR, Lang::EN]).unwrap().beads().is_empty());
    }

    proptest! {
        /// What was written and read is written again as it was.
        #[test]
        fn a_table_comes_back(
            beads in prop::collection::vec(
                // Between sentences there is a space: where there is none, one is written.
                (
                    prop::collection::vec("[A-Z]([a-zé’]{1,6}[.!?]? ){1,4}", 0..3),
                    "([A-Zа-я]{1,4}[.?]? ){1,4}",
                    0..=100_u8,
                ),
                0..6,
            ),
        ) {
            let mut table = String::new();
            for (source, target, confidence) in &beads {
                let confidence = f64::from(*confidence) / 100.0;
                table += &format!("{}\t{target}\t{confidence:.2}\n", source.join(" "));
            }
            let Ok(read) = read_alignment(&table, &[Lang::FR, Lang::RU]) else { return Ok(()) };
            let written = |alignment: &Alignment| {
                let mut out = Vec::new();
                write_alignment(alignment, AlignmentFormat::Tsv, "", &mut out).map(|()| out)
            };
            let once = written(&read)?;
            let again = read_alignment(std::str::from_utf8(&once)?, &[Lang::FR, Lang::RU])?;
            prop_assert_eq!(written(&again)?, once);
        }
    }
}
