//! Pretranslation: a file filled with the matches of a memory.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::translatable::Content;
use super::{TaskError, TranslatableFile, TranslatableSegment, shown};
use crate::Document;
use crate::exchange::{AtomicFile, Error, Fill, Proposal, State};
use crate::memory::{Match, Memories, MemoryError, MemoryMatch, Penalties, is_ambiguous};

/// Fills a file with the matches of a memory.
///
/// Matches and ranks are those of [`Memories::lookup`], and of a single memory those of
/// [`Memory::lookup`](crate::memory::Memory::lookup). What goes in:
///
/// - an exact match, rank 100 and more, as *translated*;
/// - a match from the [threshold](Pretranslation::threshold) on, with the changes of its
///   [suggestion](Match::suggestion), as a draft to be looked at: *needs review* in XLIFF, `fuzzy`
///   in PO;
/// - never a match whose meaning differs, unless every such difference was carried over; never
///   one of several exact matches that translate differently as translated: the first goes in as
///   a draft, and the others are offered.
///
/// What is locked, or has a translation already, stays as it is. XLIFF gets the matches themselves
/// beside each segment that has any, with their quality. A text has no place for states: only
/// what would be *translated* takes the place of its sentence there, the rest stays.
///
/// ```
/// use chancery::tasks::{Pretranslation, TranslatableFile};
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair(
///     (Lang::FR, "La séance est levée à 18 heures."),
///     (Lang::EN, "The meeting rose at 18 hours."),
/// )])?;
/// # let folder = tempfile::tempdir()?;
/// # let (path, out) = (folder.path().join("minutes.po"), folder.path().join("out.po"));
/// std::fs::write(&path, "msgid \"La séance est levée à 19 heures.\"\nmsgstr \"\"\n")?;
/// let mut file = TranslatableFile::open(&path, &Lang::FR, &Lang::EN)?;
/// let report = Pretranslation::new(&memory).threshold(75.0).write(&mut file, &out)?;
/// assert_eq!((report.translated, report.drafts, report.repaired), (0, 1, 1));
/// assert_eq!(
///     std::fs::read_to_string(&out)?,
///     "#, fuzzy\nmsgid \"La séance est levée à 19 heures.\"\n\
///      msgstr \"The meeting rose at 19 hours.\"\n",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a pretranslation does nothing until it is written"]
pub struct Pretranslation<'m> {
    memories: Memories<'m>,
    penalties: Penalties,
    threshold: f64,
    proposals: usize,
    overwrite: bool,
}

/// What a pretranslation did, in segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PretranslationReport {
    /// How many there are.
    pub segments: u64,
    /// How many got an exact match.
    pub translated: u64,
    /// How many got a draft; the next two are among these.
    pub drafts: u64,
    /// How many got a draft into which a number, date or reference was carried over.
    pub repaired: u64,
    /// How many have exact matches that translate differently.
    pub ambiguous: u64,
    /// How many near matches were found that a text has no place for; these are no drafts.
    pub unplaced: u64,
    /// How many got nothing although a match was near enough, because its meaning differs.
    pub guarded: u64,
    /// How many were left because they have a translation or are locked.
    pub kept: u64,
    /// How many have no match at the threshold.
    pub unmatched: u64,
}

impl<'m> Pretranslation<'m> {
    /// A pretranslation with the defaults: from 75 on, three matches offered, nothing overwritten.
    pub fn new(memories: impl Into<Memories<'m>>) -> Pretranslation<'m> {
        let (memories, penalties) = (memories.into(), Penalties::default());
        Pretranslation { memories, penalties, threshold: 75.0, proposals: 3, overwrite: false }
    }

    /// What matches lose. By default what they lose in a lookup.
    pub fn penalties(mut self, penalties: Penalties) -> Self {
        self.penalties = penalties;
        self
    }

    /// The lowest [rank](Match::rank_score) that goes in, 0–102. 75 by default.
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// How many matches are offered beside a segment, where the format has a place for them. 3
    /// by default.
    pub fn proposals(mut self, count: usize) -> Self {
        self.proposals = count;
        self
    }

    /// Whether translations that are there already are replaced; what is locked never is. False by
    /// default.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Fills the file and writes it under another name, as a whole or not at all.
    ///
    /// Cost: a lookup a segment.
    ///
    /// # Errors
    ///
    /// What the store of the memory reports; if the file cannot be written, or is a document of
    /// which only the text can be read.
    pub fn write(
        &self,
        file: &mut TranslatableFile,
        to: impl AsRef<Path>,
    ) -> Result<PretranslationReport, TaskError> {
        let mut report = PretranslationReport::default();
        let mut filled = Vec::new();
        for segment in file.segments() {
            report.segments += 1;
            let keep = segment.locked || (segment.translated && !self.overwrite);
            report.kept += u64::from(keep);
            filled.push(match keep {
                true => Filled::default(),
                false => {
                    let found = self.find(segment);
                    let found = found.map_err(|cause| TaskError::memory(file.path(), cause))?;
                    self.choose(&found, &mut report)
                }
            });
        }
        match &mut file.content {
            Content::Bilingual(document) => {
                for (at, filled) in filled.into_iter().enumerate() {
                    if let Some(fill) = filled.fill {
                        document.fill(at, fill)?;
                    }
                    // PO has no place for them.
                    if document.format() == crate::exchange::Format::Xliff {
                        for proposal in filled.proposals {
                            document.propose(at, proposal)?;
                        }
                    }
                }
                document.save(to)?;
            }
            Content::Text(document) => {
                save_text(&replaced(document, &filled), to.as_ref())?;
                report.unplaced = std::mem::take(&mut report.drafts);
                report.repaired = 0;
            }
            #[cfg(feature = "documents")]
            Content::ReadOnly => {
                let problem = "can be read, not written; take it through a CAT tool as XLIFF";
                return Err(TaskError::Unsupported { path: file.path.clone(), problem });
            }
        }
        Ok(report)
    }

    fn find(&self, segment: &TranslatableSegment) -> Result<Vec<MemoryMatch<'_>>, MemoryError> {
        let lookup = self.memories.lookup(segment.query()).threshold(self.threshold);
        let lookup = lookup.limit(self.proposals.max(2)).source(segment.source_lang.clone());
        lookup.target(segment.target_lang.clone()).penalties(self.penalties.clone()).run()
    }

    fn choose(&self, found: &[MemoryMatch<'_>], report: &mut PretranslationReport) -> Filled {
        let Some(best) = found.first().map(MemoryMatch::found) else {
            report.unmatched += 1;
            return Filled::default();
        };
        let proposals =
            found.iter().map(MemoryMatch::found).take(self.proposals).map(proposal).collect();
        let repaired = best.limit().is_some() && best.suggestion().is_certain();
        if best.limit().is_some() && !repaired {
            report.guarded += 1;
            return Filled { fill: None, proposals };
        }
        let ambiguous = is_ambiguous(found);
        let exact = best.rank_score() >= 100.0 && !ambiguous;
        report.ambiguous += u64::from(ambiguous);
        report.repaired += u64::from(repaired);
        match exact {
            true => report.translated += 1,
            false => report.drafts += 1,
        }
        let state = if exact { State::Translated } else { State::Draft };
        let fill = Fill::new(best.suggestion().target().clone(), state).score(quality(best));
        Filled { fill: Some(fill), proposals }
    }
}

/// What one segment gets.
#[derive(Debug, Default)]
struct Filled {
    fill: Option<Fill>,
    proposals: Vec<Proposal>,
}

fn proposal(found: &Match) -> Proposal {
    Proposal::new(found.source().clone(), found.target().clone(), quality(found))
}

/// The rank as a whole number, never rounded up.
fn quality(found: &Match) -> u8 {
    // Ranks are 0–102.
    shown(found.rank_score()) as u8
}

/// The text with the sentences replaced that are translated; what stands between them stays.
fn replaced(document: &Document, filled: &[Filled]) -> String {
    let mut out = String::with_capacity(document.text().len());
    let mut from = 0;
    for (sentence, filled) in document.sentences().iter().zip(filled) {
        let translated = filled.fill.as_ref().filter(|fill| fill.state == State::Translated);
        if let Some(fill) = translated {
            out.push_str(&document.text()[from..sentence.span().start]);
            out.push_str(&fill.target.text());
            from = sentence.span().end;
        }
    }
    out.push_str(&document.text()[from..]);
    out
}

fn save_text(text: &str, to: &Path) -> Result<(), TaskError> {
    let mut file = AtomicFile::create(to)?;
    file.write_all(text.as_bytes())
        .map_err(|error| Error::io(error, "the file cannot be written"))?;
    Ok(file.commit()?)
}
