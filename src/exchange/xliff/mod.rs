//! XLIFF 1.0 to 2.2, with what SDLXLIFF and MQXLIFF add.
//!
//! The standards are [XLIFF 1.2](https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html) and
//! [XLIFF 2.1](https://docs.oasis-open.org/xliff/xliff-core/v2.1/os/xliff-core-v2.1-os.html)
//! (OASIS).

mod check;
mod edit;
mod fit;
mod glossary;
mod parse;
mod parts;

pub(super) use glossary::concepts;

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

use super::bilingual::{Edit, Entry, Fill, Proposal};
use super::diagnostic::Log;
use super::xml::source::{Decoded, declared_encoding, decode_all};
use super::{Error, Problem};

/// The places in an XLIFF file that a translation touches.
#[derive(Debug)]
pub(super) struct XliffFile {
    /// Whether this is XLIFF 2.
    second: bool,
    /// The first line with attributes that are not written as XML demands. Nothing can be put into
    /// such a file with certainty.
    pub(super) ill_formed: Option<u64>,
    units: Vec<UnitPlaces>,
    /// For each entry: its unit, and its segment in the unit.
    places: Vec<(usize, usize)>,
}

/// Where the parts of a `trans-unit` or `unit` stand. All ranges are bytes of the text.
#[derive(Debug, Default)]
struct UnitPlaces {
    /// The start tag.
    tag: Range<usize>,
    /// What begins the names of the elements: empty, or a prefix with its colon.
    prefix: String,
    segments: Vec<SegmentPlaces>,
    /// XLIFF 1: the elements of the unit.
    source: Option<Element>,
    seg_source: Option<Element>,
    target: Option<Element>,
    /// XLIFF 2: the start tag of `mtc:matches`, and the prefix of its names.
    matches: Option<(Range<usize>, String)>,
    /// The ids of the segments of an XLIFF 2 unit, so that a new one is none of them.
    ids: Vec<String>,
}

/// Where the parts of a segment stand.
#[derive(Debug, Default)]
struct SegmentPlaces {
    /// XLIFF 1: the id of the `mrk` around it, if there is one.
    mid: Option<String>,
    /// XLIFF 2: the start tag of `segment`. SDLXLIFF: that of `sdl:seg`.
    tag: Option<Range<usize>>,
    /// XLIFF 2: its source and target.
    source: Option<Element>,
    target: Option<Element>,
}

/// Where an element stands: its start tag, and all of it. Where it has no content, both are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    tag: Range<usize>,
    whole: Range<usize>,
    /// What is inside; empty where the element is one tag.
    inner: Range<usize>,
}

impl XliffFile {
    pub(super) fn read(
        input: impl Read,
        log: &mut Log,
    ) -> Result<(Decoded, XliffFile, Vec<Entry>), Error> {
        let limit = log.options.limits.bytes.min(log.options.limits.document_bytes);
        let decoded = decode_all(input, limit, declared_encoding).map_err(Error::reading)?;
        for (problem, message) in &decoded.notes {
            log.report(*problem, (1, 1), None, message.clone())?;
        }
        if let Some(&at) = decoded.malformed.first() {
            let line = 1 + decoded.text[..at].matches('\n').count() as u64;
            let message = "bytes that are not in the file's encoding; read as windows-1252";
            log.report(Problem::MalformedBytes, (line, 1), None, message)?;
        }
        let (file, entries) = parse::parse(&decoded.text, log)?;
        Ok((decoded, file, entries))
    }

    /// What has to change in the text.
    pub(super) fn edits(
        &self,
        text: &str,
        entries: &[Entry],
        fills: &BTreeMap<usize, Fill>,
        proposals: &BTreeMap<usize, Vec<Proposal>>,
    ) -> Vec<Edit> {
        edit::edits(self, text, entries, fills, proposals)
    }
}
