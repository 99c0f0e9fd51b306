//! Units as a table for people: out to a reviser, and only the edits back.
//!
//! Each row says which unit it is and of which revision it shows it, `1204@57`. What comes back is
//! compared with the unit as it was then: what is equal is no edit, whatever has become of the unit
//! meanwhile, and an edit of what somebody else has changed since is refused.

use std::collections::BTreeSet;
use std::fmt;

use crate::memory::{Memory, MemoryError, Rejection, RevisionId, UnitId};
use crate::unit::{Code, Part};
use crate::{Lang, Segment, Unit};

/// The column that says which unit a row is.
pub(super) const COLUMN: &str = "chancery unit";
/// The property that a reader of tables makes of that column.
pub(super) const ROW: &str = "x-chancery-unit";
const STATUS: &str = "x-status";

/// The names of the columns: which unit, the languages, status and document.
pub(super) fn header(langs: &[Lang]) -> Vec<&str> {
    let langs = langs.iter().map(Lang::as_written);
    [COLUMN].into_iter().chain(langs).chain(["status", "document"]).collect()
}

/// The row of a unit as a revision has it.
pub(super) fn row(
    id: UnitId,
    revision: Option<RevisionId>,
    unit: &Unit,
    langs: &[Lang],
) -> Vec<String> {
    let revision = revision.map_or(0, RevisionId::number);
    let segments = langs.iter().map(|lang| unit.segment(lang).map(cell).unwrap_or_default());
    let said = |kind| unit.metadata.property(kind).unwrap_or_default().to_owned();
    let document = unit.document().unwrap_or_default().to_owned();
    let first = format!("{id}@{revision}");
    [first].into_iter().chain(segments).chain([said(STATUS), document]).collect()
}

/// A segment as a cell: its text, with `⟦1⟧` for the first inline code.
fn cell(segment: &Segment) -> String {
    let mut number = 0;
    let mut text = String::new();
    for part in segment.parts() {
        match part {
            Part::Text(piece) => text += piece,
            Part::Code(_) => {
                number += 1;
                text += &format!("⟦{number}⟧");
            }
        }
    }
    // A cell has one kind of line end.
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The segment that a cell holds now, with the codes of the one it was.
fn segment(cell: &str, before: &Segment) -> Result<Segment, String> {
    let codes: Vec<&Code> = before.codes().collect();
    let mut left: BTreeSet<usize> = (1..=codes.len()).collect();
    let (mut parts, mut rest) = (Vec::new(), cell);
    while let Some((before, sign, after)) = next_sign(rest, codes.len()) {
        if !left.remove(&sign) {
            return Err(format!("the sign ⟦{sign}⟧ of an inline code stands twice"));
        }
        parts.push(Part::Text(before.to_owned()));
        parts.push(Part::Code(codes[sign - 1].clone()));
        rest = after;
    }
    if let Some(sign) = left.first() {
        return Err(format!("the sign ⟦{sign}⟧ of an inline code is missing"));
    }
    parts.push(Part::Text(rest.to_owned()));
    parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    Ok(Segment::new(parts))
}

/// The first sign of a code in a text, with what stands before and after it.
fn next_sign(text: &str, codes: usize) -> Option<(&str, usize, &str)> {
    for (at, _) in text.match_indices('⟦') {
        let after = &text[at + '⟦'.len_utf8()..];
        let (number, rest) = after.split_once('⟧')?;
        if let Some(number) = number.parse().ok().filter(|number| (1..=codes).contains(number)) {
            return Some((&text[..at], number, rest));
        }
    }
    None
}

/// A unit that a table changes.
///
/// It shows itself as a list of changes does: `~ 12`, then a line for each segment.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitChange {
    id: UnitId,
    before: Unit,
    after: Unit,
}

impl UnitChange {
    /// Which unit.
    pub fn id(&self) -> UnitId {
        self.id
    }

    /// The unit as it is in the memory.
    pub fn before(&self) -> &Unit {
        &self.before
    }

    /// The unit as the table has it.
    pub fn after(&self) -> &Unit {
        &self.after
    }
}

impl fmt::Display for UnitChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "~ {}", self.id)?;
        for variant in &self.after.variants {
            let known = self.before.variants.iter().find(|known| known.lang == variant.lang);
            match known {
                Some(known) if known.segment == variant.segment => {}
                Some(known) => {
                    let (before, after) = (cell(&known.segment), cell(&variant.segment));
                    write!(f, "\n    {}: {before} -> {after}", variant.lang)?;
                }
                None => write!(f, "\n    + {}: {}", variant.lang, cell(&variant.segment))?,
            }
        }
        let status = |unit: &Unit| unit.metadata.property(STATUS).unwrap_or("none").to_owned();
        let (before, after) = (status(&self.before), status(&self.after));
        if before != after {
            write!(f, "\n    status {before} -> {after}")?;
        }
        Ok(())
    }
}

/// What a row wants changed.
struct Edit {
    id: UnitId,
    /// The row, for whoever is told that it was refused.
    row: Unit,
    /// Cells that are not as they were written: language, what was written, what stands there now.
    cells: Vec<(Lang, String, String)>,
    /// The status that was written, and what stands there now.
    status: Option<(Option<String>, String)>,
}

/// The edits of a table, compared with a memory.
#[derive(Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
    pub(super) read: u64,
    pub(super) rejected: Vec<Rejection>,
}

impl Edits {
    /// Finds the edits among the rows of a table.
    pub(super) fn of(
        memory: &Memory,
        rows: impl Iterator<Item = Result<Unit, Rejection>>,
    ) -> Result<Edits, MemoryError> {
        let mut found = Edits::default();
        let rows: Vec<Unit> = rows
            .filter_map(|row| {
                found.read += 1;
                row.map_err(|rejection| found.rejected.push(rejection)).ok()
            })
            .collect();
        // A language that no row has is no column.
        let langs: BTreeSet<Lang> =
            rows.iter().flat_map(|row| row.variants.iter().map(|v| v.lang.clone())).collect();
        for row in rows {
            match edit(memory, &langs, &row)? {
                Ok(None) => {}
                Ok(Some(edit)) => found.edits.push(edit),
                Err(reason) => found.rejected.push(Rejection::new(reason).with_unit(row)),
            }
        }
        Ok(found)
    }

    /// What would become of the memory as it is now; edits that can not be made are rejected.
    pub(super) fn compare(&mut self, memory: &Memory) -> Result<Vec<UnitChange>, MemoryError> {
        let mut changes = Vec::new();
        for edit in std::mem::take(&mut self.edits) {
            let before = memory.get(edit.id)?;
            let made = match &before {
                Some(before) => edit.made(before),
                None => Err("it was removed since; leave the row out".to_owned()),
            };
            match (made, before) {
                (Ok(after), Some(before)) => {
                    if after != before {
                        changes.push(UnitChange { id: edit.id, before, after });
                    }
                    self.edits.push(edit);
                }
                (Err(reason), _) => self.rejected.push(edit.refused(&reason)),
                (Ok(_), None) => {}
            }
        }
        Ok(changes)
    }

    /// Makes the edits, as one revision; those of units that were changed in this very moment are
    /// rejected.
    pub(super) fn commit(
        &mut self,
        memory: &Memory,
        origin: &str,
    ) -> Result<Option<RevisionId>, MemoryError> {
        let (edits, rejected) = (&self.edits, &mut self.rejected);
        memory.replace_each(origin, edits.iter().map(|edit| edit.id), |nth, unit| {
            edits[nth].made(unit).unwrap_or_else(|reason| {
                rejected.push(edits[nth].refused(&reason));
                unit.clone()
            })
        })
    }
}

/// The edit that a row wants; none if nothing in it was edited.
fn edit(
    memory: &Memory,
    langs: &BTreeSet<Lang>,
    row: &Unit,
) -> Result<Result<Option<Edit>, String>, MemoryError> {
    let Some(name) = row.metadata.property(ROW) else {
        let reason = format!("a row without a `{COLUMN}`; add units with a table of their own");
        return Ok(Err(reason));
    };
    let numbers =
        name.split_once('@').and_then(|(id, at)| Some((id.parse().ok()?, at.parse().ok()?)));
    let Some((id, revision)) = numbers else {
        return Ok(Err(format!("`{name}` is no unit of a revision, such as 1204@57")));
    };
    let id = UnitId::new(id);
    let written = match memory.unit_at(id, RevisionId::new(revision)) {
        Ok(written) => written,
        Err(MemoryError::Purged { .. } | MemoryError::NoSuchRevision { .. }) => {
            return Ok(Err(format!("unit {id}: its past is not known here; export again")));
        }
        Err(error) => return Err(error),
    };
    let Some(written) = written else {
        return Ok(Err(format!("unit {id}: there was none in revision {revision}")));
    };
    let mut cells = Vec::new();
    for lang in langs {
        let was = written.segment(lang).map(cell).unwrap_or_default();
        let now = row.variants.iter().find(|variant| variant.lang == *lang);
        let now = now.map(|variant| cell(&variant.segment)).unwrap_or_default();
        if now.is_empty() && !was.is_empty() {
            let reason = "was emptied; remove units with `chancery maintain`";
            return Ok(Err(format!("unit {id}: its cell for `{lang}` {reason}")));
        }
        if now != was {
            cells.push((lang.clone(), was, now));
        }
    }
    let was = written.metadata.property(STATUS).map(str::to_owned);
    let now = row.metadata.property(STATUS).map(str::to_owned);
    let status = now.filter(|now| was.as_ref() != Some(now)).map(|now| (was, now));
    if cells.is_empty() && status.is_none() {
        return Ok(Ok(None));
    }
    Ok(Ok(Some(Edit { id, row: row.clone(), cells, status })))
}

impl Edit {
    /// The unit with the edit made, if nobody else has changed the same.
    fn made(&self, unit: &Unit) -> Result<Unit, String> {
        let mut made = unit.clone();
        for (lang, was, now) in &self.cells {
            let at = unit.variants.iter().position(|v| v.lang == *lang).or_else(|| {
                let found = unit.variant(lang)?;
                unit.variants.iter().position(|variant| std::ptr::eq(variant, found))
            });
            let Some(at) = at else {
                match was.is_empty() {
                    true => made.push(lang.clone(), now.as_str()),
                    false => return Err(format!("`{lang}` was removed since")),
                }
                continue;
            };
            let stands = &unit.variants[at].segment;
            let written = cell(stands);
            if written != *was && written != *now {
                return Err(format!("`{lang}` was changed since to “{written}”"));
            }
            if written != *now {
                made.variants[at].segment = segment(now, stands)?;
            }
        }
        if let Some((was, now)) = &self.status {
            let stands = unit.metadata.property(STATUS);
            if stands != was.as_deref() && stands != Some(now) {
                return Err(format!(
                    "its status was changed since to {}",
                    stands.unwrap_or("none")
                ));
            }
            made.metadata.set_property(STATUS, now);
        }
        Ok(made)
    }

    fn refused(&self, reason: &str) -> Rejection {
        Rejection::new(format!("unit {}: {reason}", self.id)).with_unit(self.row.clone())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::unit::{CodeContent, CodeKind};

    fn code(number: usize) -> Part {
        Part::Code(Code {
            kind: CodeKind::Standalone,
            element: "ph".into(),
            wraps: false,
            attributes: Vec::new(),
            content: vec![CodeContent::Native(format!("<x{number}/>"))],
        })
    }

    proptest! {
        /// A cell that nobody edits gives the segment back, and one whose text is edited keeps
        /// every code.
        #[test]
        fn a_cell_holds_its_codes(
            texts in prop::collection::vec("[a-zé ⟦⟧7-9\n]{0,6}", 1..5),
            edited in "[a-z]{1,5}",
        ) {
            let mut before = Segment::default();
            for (number, text) in texts.iter().enumerate() {
                if number > 0 {
                    before.push(code(number));
                }
                if !text.is_empty() {
                    before.push(Part::Text(text.clone()));
                }
            }
            let shown = cell(&before);
            prop_assert_eq!(segment(&shown, &before), Ok(before.clone()));
            let after = segment(&format!("{edited}{shown}"), &before).unwrap();
            prop_assert_eq!(after.codes().count(), texts.len() - 1);
            prop_assert!(after.text().starts_with(&edited));
        }
    }

    #[test]
    fn a_sign_that_is_lost_or_doubled_is_named() {
        let before = Segment::new([code(1), Part::Text("a".to_owned()), code(2)]);
        assert_eq!(cell(&before), "⟦1⟧a⟦2⟧");
        assert!(segment("⟦1⟧a", &before).unwrap_err().contains("⟦2⟧ of an inline code is missing"));
        assert!(segment("⟦1⟧⟦1⟧⟦2⟧", &before).unwrap_err().contains("⟦1⟧"));
        let moved = segment("⟦2⟧⟦1⟧b", &before).unwrap();
        assert_eq!(moved.text(), "b");
    }
}
