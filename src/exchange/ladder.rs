//! Ladders: alignments as lines of sentence numbers.

use std::io::{self, Write};
use std::ops::Range;

use crate::align::{Alignment, Bead};

/// Writes an alignment as a ladder: a line a bead, `[0,1]:[0]:0.97`.
///
/// The numbers are those of the sentences, from 0, language by language; an empty pair of brackets
/// stands for a language that has nothing here; the last field is the confidence, 0–1. This is the
/// notation of Vecalign and Bertalign.
///
/// ```
/// use chancery::align::Aligner;
/// use chancery::exchange::write_ladder;
/// use chancery::{Document, Lang};
///
/// let fr = Document::new("La séance est ouverte. Elle est publique.", Lang::FR);
/// let en = Document::new("The meeting is open. It is public.", Lang::EN);
/// let mut ladder = Vec::new();
/// write_ladder(&Aligner::new().align(&fr, &en), &mut ladder)?;
/// assert!(String::from_utf8(ladder)?.starts_with("[0]:[0]:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If writing fails.
pub fn write_ladder(alignment: &Alignment, mut out: impl Write) -> io::Result<()> {
    let sides = alignment.documents().len();
    for bead in alignment.beads() {
        for side in 0..sides {
            let numbers: Vec<String> = bead.side(side).map(|number| number.to_string()).collect();
            write!(out, "[{}]:", numbers.join(","))?;
        }
        writeln!(out, "{:.2}", bead.confidence())?;
    }
    out.flush()
}

/// Reads a ladder: a bead a line.
///
/// The confidence at the end of a line may be missing; then it is 1. Spaces are free, brackets may
/// be missing, and lines that are empty or begin with `#` are comments.
///
/// ```
/// use chancery::exchange::read_ladder;
///
/// let beads = read_ladder("# fixed by hand\n[0,1]:[0]:0.97\n2:1,2\n")?;
/// assert_eq!((beads[0].sides(), beads[0].confidence()), (&[0..2, 0..1][..], 0.97));
/// assert_eq!((beads[1].sides(), beads[1].confidence()), (&[2..3, 1..3][..], 1.0));
/// # Ok::<(), chancery::exchange::LadderError>(())
/// ```
///
/// # Errors
///
/// If a line has fewer than two languages, or sentences that do not follow each other.
pub fn read_ladder(text: &str) -> Result<Vec<Bead>, LadderError> {
    let mut beads = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim_start_matches('\u{feff}').trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let error = |problem| LadderError { line, problem };
        let mut fields: Vec<&str> = content.split(':').map(str::trim).collect();
        let confidence = match fields.last().filter(|last| last.contains('.')) {
            Some(last) => {
                let read = last.parse().ok().filter(|read| (0.0..=1.0).contains(read));
                fields.pop();
                read.ok_or(error("the confidence is not a number from 0 to 1"))?
            }
            None => 1.0,
        };
        if fields.len() < 2 {
            return Err(error("sentences of two languages are needed, as in `[0,1]:[0]`"));
        }
        let bead: Result<Vec<_>, _> = fields.into_iter().map(range).collect();
        beads.push(Bead::new(bead.map_err(error)?, confidence));
    }
    Ok(beads)
}

fn range(field: &str) -> Result<Range<usize>, &'static str> {
    let inner = field.strip_prefix('[').and_then(|field| field.strip_suffix(']'));
    let mut range: Option<Range<usize>> = None;
    for number in inner.unwrap_or(field).split(',').map(str::trim).filter(|n| !n.is_empty()) {
        let number: usize = number
            .parse()
            .ok()
            .filter(|&number| number < usize::MAX)
            .ok_or("a sentence number is not a whole number, counted from 0")?;
        range = match range {
            None => Some(number..number + 1),
            Some(range) if range.end == number => Some(range.start..number + 1),
            Some(_) => return Err("the sentences of a bead must follow each other"),
        };
    }
    Ok(range.unwrap_or(0..0))
}

/// A ladder that can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct LadderError {
    line: usize,
    problem: &'static str,
}

impl LadderError {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_beads_are_named() {
        let line = |text| read_ladder(text).unwrap_err().to_string();
        assert!(line("[0]:[0]\n[1]").starts_with("line 2: sentences of two languages"));
        assert!(line("[0]:[1,3]").contains("follow each other"));
        assert!(line("[a]:[1]").contains("counted from 0"));
        assert!(line("[18446744073709551615]:[1]").contains("counted from 0"));
        assert!(line("[1]:[1]:1.5").contains("from 0 to 1"));
        assert_eq!(read_ladder("[]:[4]:0.31\r\n"), Ok(vec![Bead::new([0..0, 4..5], 0.31)]));
    }
}
