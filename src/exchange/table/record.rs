//! Cutting one record of a table off the front of a text.

use std::borrow::Cow;

/// The cells of a row, and the line or row it begins in.
pub(in crate::exchange) type Row = (u64, Vec<String>);

/// How the cells of a table stand apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exchange) struct Dialect {
    pub(in crate::exchange) delimiter: u8,
    /// Whether a cell in quotation marks is always meant so (RFC 4180). In tables with tabs it is
    /// only where the marks are needed: around a tab, a line end or a doubled mark. There,
    /// `"Question de Palestine"` is a title in quotation marks.
    pub(in crate::exchange) always_quoted: bool,
    /// How many cells a record should have. In tables with tabs, a record that has as many when all
    /// marks are text, in each of its lines, is read so: `"Il faut agir.⇥"We must act.` begins a
    /// quotation that ends some lines further down.
    pub(in crate::exchange) width: usize,
    /// Whether CR alone ends a line (files of old Macs).
    pub(in crate::exchange) cr_ends_line: bool,
}

/// A record at the front of a text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::exchange) struct Record<'a> {
    pub(in crate::exchange) cells: Vec<Cow<'a, str>>,
    /// Bytes up to the next record.
    pub(in crate::exchange) length: usize,
    /// Where a quotation mark stands that no other closes.
    pub(in crate::exchange) unclosed: Option<usize>,
}

impl Dialect {
    /// Reads the record at the front; None if it may go on behind the end of the text. `last` says
    /// that nothing follows the text; then there is always a record.
    pub(in crate::exchange) fn record<'a>(&self, text: &'a str, last: bool) -> Option<Record<'a>> {
        if self.always_quoted || !text.contains('"') {
            return self.read(text, last, true);
        }
        let quoted = self.read(text, last, true);
        if quoted.is_none() && !last {
            return None;
        }
        let plain = self.read(text, last, false)?;
        let length = quoted.as_ref().map_or(plain.length, |record| record.length);
        let mut at = plain.length;
        let same =
            |record: &Record<'_>| record.length == plain.length && record.cells.len() == self.width;
        if quoted.as_ref().is_some_and(same) {
            return quoted;
        }
        let mut fits = plain.cells.len() == self.width;
        while fits && at < length {
            let line = self.read(&text[at..length], true, false)?;
            fits = line.cells.len() == self.width;
            at += line.length;
        }
        if fits { Some(plain) } else { quoted }
    }

    fn read<'a>(&self, text: &'a str, last: bool, marks: bool) -> Option<Record<'a>> {
        let mut cells = Vec::new();
        let mut unclosed = None;
        let mut at = 0;
        loop {
            let (cell, end) = match self.cell(&text[at..], last, marks) {
                Cell::More => return None,
                Cell::Read(cell, length) => (cell, at + length),
                Cell::Unclosed(cell, length) => {
                    unclosed.get_or_insert(at);
                    (cell, at + length)
                }
            };
            cells.push(cell);
            match text.as_bytes().get(end) {
                None => return Some(Record { cells, length: text.len(), unclosed }),
                Some(&byte) if byte == self.delimiter => at = end + 1,
                Some(_) => {
                    let rest = &text[end..];
                    if rest == "\r" && !last {
                        // The LF of this line end may be still to come.
                        return None;
                    }
                    let length = end + if rest.starts_with("\r\n") { 2 } else { 1 };
                    return Some(Record { cells, length, unclosed });
                }
            }
        }
    }

    /// The cell at the front, and its length without what ends it.
    fn cell<'a>(&self, text: &'a str, last: bool, marks: bool) -> Cell<'a> {
        if marks && text.starts_with('"') {
            match self.quoted(text, last) {
                Quoted::Cell(cell, length) => return Cell::Read(cell, length),
                Quoted::More => return Cell::More,
                Quoted::No => {}
                Quoted::Unclosed => {
                    return match self.plain_end(text) {
                        None if !last => Cell::More,
                        end => {
                            let end = end.unwrap_or(text.len());
                            Cell::Unclosed(text[..end].into(), end)
                        }
                    };
                }
            }
        }
        match self.plain_end(text) {
            Some(end) => Cell::Read(text[..end].into(), end),
            None if last => Cell::Read(text.into(), text.len()),
            None => Cell::More,
        }
    }

    fn plain_end(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut from = 0;
        loop {
            let at = from + memchr::memchr3(self.delimiter, b'\n', b'\r', &bytes[from..])?;
            let lone_cr = bytes[at] == b'\r' && !self.cr_ends_line;
            if lone_cr && !matches!(bytes.get(at + 1), None | Some(b'\n')) {
                from = at + 1;
                continue;
            }
            return Some(at);
        }
    }

    fn quoted<'a>(&self, text: &'a str, last: bool) -> Quoted<'a> {
        let bytes = text.as_bytes();
        let mut from = 1;
        let mut doubled = false;
        let end = loop {
            let Some(found) = memchr::memchr(b'"', &bytes[from..]) else {
                return if last { Quoted::Unclosed } else { Quoted::More };
            };
            let at = from + found;
            match bytes.get(at + 1) {
                Some(b'"') => {
                    doubled = true;
                    from = at + 2;
                }
                None if !last => return Quoted::More,
                None => break at,
                Some(&next) if next == self.delimiter || next == b'\n' || next == b'\r' => {
                    break at;
                }
                // A mark inside that is not doubled: the first one was a character like others.
                Some(_) => return Quoted::No,
            }
        };
        let inner = &text[1..end];
        let needed =
            doubled || memchr::memchr3(self.delimiter, b'\n', b'\r', inner.as_bytes()).is_some();
        match () {
            _ if !needed && !self.always_quoted => Quoted::No,
            _ if doubled => Quoted::Cell(inner.replace("\"\"", "\"").into(), end + 1),
            _ => Quoted::Cell(inner.into(), end + 1),
        }
    }
}

enum Cell<'a> {
    Read(Cow<'a, str>, usize),
    Unclosed(Cow<'a, str>, usize),
    More,
}

enum Quoted<'a> {
    Cell(Cow<'a, str>, usize),
    /// The mark is a character of the cell.
    No,
    Unclosed,
    More,
}

/// Appends a cell so that it is read as this text.
pub(super) fn write_cell(dialect: Dialect, text: &str, out: &mut String) {
    let special = |byte: u8| {
        byte == b'\n' || byte == dialect.delimiter || (byte == b'\r' && dialect.always_quoted)
    };
    let quote = text.starts_with('"')
        || (dialect.always_quoted && text.contains('"'))
        || text.ends_with('\r')
        || text.bytes().any(special);
    if quote {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Appends a row of CSV, or of a table with tabs.
pub(in crate::exchange) fn write_row<'c>(
    commas: bool,
    cells: impl IntoIterator<Item = &'c str>,
    out: &mut String,
) {
    let delimiter = if commas { b',' } else { b'\t' };
    let dialect = Dialect { delimiter, always_quoted: commas, width: 0, cr_ends_line: false };
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(char::from(delimiter));
        }
        write_cell(dialect, cell, out);
    }
    out.push('\n');
}

/// Finds out how the cells of a table stand apart, from its first lines.
pub(in crate::exchange) fn detect(sample: &str, whole: bool, tabs: bool) -> Dialect {
    let cr_ends_line = !sample.contains('\n') && sample.contains('\r');
    let dialect =
        |delimiter, always_quoted| Dialect { delimiter, always_quoted, width: 0, cr_ends_line };
    if tabs {
        let plain = dialect(b'\t', false);
        let mut cells = 0;
        let mut lines = 0;
        let mut rest = sample;
        while let Some(record) = plain.record(rest, whole && !rest.is_empty()) {
            let marked = |cell: &&Cow<'_, str>| {
                cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"')
            };
            if record.cells.iter().filter(|cell| !cell.is_empty()).any(|cell| !marked(&cell)) {
                return plain;
            }
            cells += record.cells.len();
            lines += 1;
            rest = &rest[record.length..];
            if rest.is_empty() {
                break;
            }
        }
        // Where every cell has marks, they are the tool's.
        return dialect(b'\t', lines > 1 && cells > lines);
    }
    let score = |&delimiter: &u8| {
        let dialect = dialect(delimiter, true);
        let mut widths = Vec::new();
        let mut rest = sample;
        while widths.len() < 50 && !rest.is_empty() {
            let Some(record) = dialect.record(rest, whole) else { break };
            rest = &rest[record.length..];
            if record.cells.len() > 1 || !record.cells[0].is_empty() {
                widths.push(record.cells.len());
            }
        }
        let first = widths.first().copied().unwrap_or(1);
        let alike = widths.iter().filter(|&&width| width == first).count();
        // Alike in width, more than one wide; the earlier of the list where that decides nothing.
        (first > 1, alike * 1000 / widths.len().max(1), first.min(3))
    };
    let best = [b'|', b'\t', b';', b','].into_iter().max_by_key(score).unwrap_or(b',');
    dialect(best, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Dialect =
        Dialect { delimiter: b',', always_quoted: true, width: 0, cr_ends_line: false };
    const TSV: Dialect =
        Dialect { delimiter: b'\t', always_quoted: false, width: 2, cr_ends_line: false };

    fn all(dialect: Dialect, mut text: &str) -> Vec<Vec<String>> {
        let mut records = Vec::new();
        while !text.is_empty() {
            let record = dialect.record(text, true).unwrap();
            records.push(record.cells.iter().map(|cell| cell.to_string()).collect());
            text = &text[record.length..];
        }
        records
    }

    #[test]
    fn cells_of_csv() {
        let read = all(CSV, "a,\"b \"\"c\"\", d\",\r\n\"x\ny\",z\n\"he\" said,\"open\n");
        assert_eq!(read[0], ["a", "b \"c\", d", ""]);
        assert_eq!(read[1], ["x\ny", "z"]);
        assert_eq!(read[2], ["\"he\" said", "\"open"]);
        assert_eq!(CSV.record("a,\"open", true).unwrap().unclosed, Some(2));
        assert_eq!(CSV.record("a,\"open", false), None);
        assert_eq!(CSV.record("a,b\r", false), None);
    }

    #[test]
    fn quotation_marks_in_tables_with_tabs_are_text_unless_needed() {
        let read = all(TSV, "\"Titre\"\t\"Title\"\n\"a\tb\"\t\"say \"\"x\"\"\"\n\"« a\tb\r\n");
        assert_eq!(read[0], ["\"Titre\"", "\"Title\""]);
        assert_eq!(read[1], ["a\tb", "say \"x\""]);
        assert_eq!(read[2], ["\"« a", "b"]);
        let read = all(TSV, "\"Agir.\t\"Act.\nEnfin.\"\tAt last.\"\n\"a\nb\"\tc\n");
        assert_eq!(read[0], ["\"Agir.", "\"Act."]);
        assert_eq!(read[2], ["a\nb", "c"]);
    }

    #[test]
    fn the_delimiter_is_found_out() {
        let of = |text: &str| char::from(detect(text, true, false).delimiter);
        assert_eq!(of("fr;en\nun, deux;one, two\n"), ';');
        assert_eq!(of("\"un; deux\",\"one\"\n\"trois\",\"three\"\n"), ',');
        assert_eq!(of("un\tone\nde, à\tof\n"), '\t');
        assert!(detect("\"un\"\t\"one\"\n\"deux\"\t\"two\"", true, true).always_quoted);
        assert!(!detect("\"un\"\t\"one\"\ndeux\ttwo", true, true).always_quoted);
    }
}
