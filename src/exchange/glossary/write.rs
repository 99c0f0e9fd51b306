//! Writing glossaries.

use std::collections::BTreeMap;
use std::io::Write;

use super::columns::{Column, Field, LONG};
use crate::Lang;
use crate::exchange::table::{WorkbookWriter, write_row};
use crate::exchange::{Error, ErrorKind, Loss, TermFormat};
use crate::term::{Concept, Language, PartOfSpeech, Status, Term, Termbase};

/// Writes a termbase as a table. The result says what the table could not hold.
///
/// [`TermFormat::Csv`], [`TermFormat::Tsv`] and [`TermFormat::Xlsx`] (with the feature `spreadsheet`)
/// have a row for each term, with everything a term says and the id of its concept, so that what was
/// edited in a spreadsheet comes back to the same concepts. [`TermFormat::Utx`] and [`TermFormat::OmegaT`] have a row for each pair of a source and
/// a target term; a glossary of OmegaT offers its targets to be written, so that deprecated and
/// forbidden terms are left out of it.
///
/// # Errors
///
/// If there is no term (no pair of terms) to write, if the format is none of these, if there are more
/// rows or longer cells than a spreadsheet holds, or if writing fails.
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::{TermFormat, write_glossary};
/// use chancery::term::{Concept, Term, Termbase};
///
/// let mut concept = Concept::new("un.security-council");
/// concept.add(Lang::FR, Term::new("Conseil de sécurité"));
/// concept.add(Lang::EN, Term::new("Security Council"));
/// let base = Termbase::from_iter([concept]);
/// let mut file = Vec::new();
/// let pair = [Lang::FR, Lang::EN];
/// let losses = write_glossary(&mut file, &base, TermFormat::OmegaT, &pair)?;
/// assert_eq!(String::from_utf8(file)?, "Conseil de sécurité\tSecurity Council\n");
/// assert_eq!(losses[0].to_string(), "the file: 1 id(s) of concepts");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_glossary(
    out: impl Write,
    base: &Termbase,
    format: TermFormat,
    pair: &[Lang; 2],
) -> Result<Vec<Loss>, Error> {
    let out = match format {
        TermFormat::Xlsx => {
            Output::Workbook(out, Box::new(WorkbookWriter::new(&LONG.map(|(name, _)| name), &[])?))
        }
        _ => Output::Text(out),
    };
    let mut writer = Writer { out, format, buffer: String::new(), lost: BTreeMap::new(), rows: 0 };
    match format {
        TermFormat::Csv | TermFormat::Tsv => {
            writer.row(LONG.iter().map(|(name, _)| *name))?;
            writer.long(base)?;
        }
        TermFormat::Xlsx => writer.long(base)?,
        TermFormat::Utx | TermFormat::OmegaT => writer.pairs(base, pair)?,
        TermFormat::Tbx | TermFormat::Xliff => {
            let message =
                format!("{format} is not written as a table; write CSV, TSV, XLSX or TBX");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    if writer.rows == 0 {
        let message = match format {
            TermFormat::Utx | TermFormat::OmegaT => {
                format!(
                    "there is no concept with terms in both {} and {}; there are terms in {}",
                    pair[0],
                    pair[1],
                    languages(base)
                )
            }
            _ => "there is no term to write".to_owned(),
        };
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    writer.out.finish()?;
    let losses = writer.lost.into_iter().map(|(what, count)| Loss {
        concept: String::new(),
        term: None,
        what: format!("{count} {what}"),
    });
    Ok(losses.collect())
}

/// The languages of a termbase, in order, for people.
fn languages(base: &Termbase) -> String {
    let mut found: Vec<&str> = Vec::new();
    for section in base.concepts().iter().flat_map(|concept| &concept.languages) {
        if !found.contains(&section.lang.as_written()) {
            found.push(section.lang.as_written());
        }
    }
    if found.is_empty() { "no language".to_owned() } else { found.join(", ") }
}

fn failed(error: std::io::Error) -> Error {
    Error::io(error, "the glossary cannot be written")
}

/// Where rows go.
enum Output<W> {
    Text(W),
    Workbook(W, Box<WorkbookWriter>),
}

impl<W: Write> Output<W> {
    fn finish(self) -> Result<(), Error> {
        let mut out = match self {
            Output::Text(out) => out,
            Output::Workbook(mut out, book) => {
                out.write_all(&book.finish()?).map_err(failed)?;
                out
            }
        };
        out.flush().map_err(failed)
    }
}

struct Writer<W> {
    out: Output<W>,
    format: TermFormat,
    buffer: String,
    /// How much of what was lost.
    lost: BTreeMap<&'static str, usize>,
    rows: u64,
}

impl<W: Write> Writer<W> {
    fn lose(&mut self, what: &'static str, count: usize) {
        if count > 0 {
            *self.lost.entry(what).or_default() += count;
        }
    }

    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), Error> {
        match &mut self.out {
            Output::Workbook(_, book) => book.row(cells),
            Output::Text(out) => {
                write_row(self.format == TermFormat::Csv, cells, &mut self.buffer);
                let written = out.write_all(self.buffer.as_bytes());
                self.buffer.clear();
                written.map_err(failed)
            }
        }
    }

    fn long(&mut self, base: &Termbase) -> Result<(), Error> {
        for concept in base.concepts() {
            self.lose_always(concept);
            let mut first = true;
            for section in &concept.languages {
                for term in &section.terms {
                    self.lose("statuses of single houses", term.rulings.len());
                    let cells: Vec<String> = LONG
                        .iter()
                        .map(|(_, column)| self.cell(column, concept, section, term, first))
                        .collect();
                    self.row(cells.iter().map(String::as_str))?;
                    self.rows += 1;
                    first = false;
                }
            }
            if first {
                self.lose("concept(s) without a term", 1);
            }
        }
        Ok(())
    }

    fn cell(
        &mut self,
        column: &Column,
        concept: &Concept,
        section: &Language,
        term: &Term,
        first: bool,
    ) -> String {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<u8>| number.map(|n| n.to_string()).unwrap_or_default();
        match column {
            Column::Concept => concept.id.clone(),
            Column::Lang => section.lang.as_written().to_owned(),
            Column::Row(field) => match field {
                Field::Text => term.text.clone(),
                Field::Id => optional(&term.id),
                Field::Kind => term.kind.to_string(),
                Field::PartOfSpeech => term.part_of_speech.to_string(),
                Field::Gender => term.gender.map(|gender| gender.to_string()).unwrap_or_default(),
                Field::Status => term.status.to_string(),
                Field::Reliability => number(term.reliability),
                Field::Gap => number(term.gap),
                Field::Context => self.joined(&term.contexts),
                Field::Source => self.joined(&term.sources),
                Field::Note => self.joined(&term.notes),
                Field::Forbidden => String::new(),
            },
            // What is said of the concept stands in its first row.
            _ if !first => String::new(),
            Column::Domain => self.joined(&concept.domains),
            Column::Definition => optional(&concept.definition),
            Column::Institution => optional(&concept.institution),
            Column::ConceptSource => self.joined(&concept.sources),
            Column::ConceptNote => self.joined(&concept.notes),
            Column::Proposed => if concept.proposed { "yes" } else { "" }.to_owned(),
            Column::Of(..) | Column::Other(_) => String::new(),
        }
    }

    /// Several values in one cell, a line each.
    fn joined(&mut self, values: &[String]) -> String {
        let broken = values.iter().filter(|value| value.trim().contains(['\n', '\r'])).count();
        self.lose("line break(s) in a text", broken);
        let lines: Vec<String> =
            values.iter().map(|value| value.trim().replace(['\n', '\r'], " ")).collect();
        lines.join("\n")
    }

    /// What no table holds.
    fn lose_always(&mut self, concept: &Concept) {
        let sections = || concept.languages.iter();
        let terms = || sections().flat_map(|section| &section.terms);
        self.lose("relation(s) between concepts", concept.relations.len());
        self.lose("image(s)", concept.images.len());
        let extra = concept.extra.len()
            + sections().map(|section| section.extra.len()).sum::<usize>()
            + terms().map(|term| term.extra.len()).sum::<usize>();
        self.lose("other element(s)", extra);
        let definitions = sections().filter(|section| section.definition.is_some()).count();
        self.lose("definition(s) of a language", definitions);
        self.lose("note(s) of a language", sections().map(|section| section.notes.len()).sum());
    }

    fn pairs(&mut self, base: &Termbase, pair: &[Lang; 2]) -> Result<(), Error> {
        let utx = self.format == TermFormat::Utx;
        if utx {
            self.row([&*format!("#UTX 1.11; {}/{}; ; ;", pair[0], pair[1])])?;
            self.row(["#src", "tgt", "src:pos", "term status", "concept ID", "comment"])?;
        }
        for concept in base.concepts() {
            let sources: Vec<&Term> = concept.terms(&pair[0]).collect();
            let targets: Vec<&Term> = concept.terms(&pair[1]).collect();
            if sources.is_empty() || targets.is_empty() {
                self.lose("concept(s) without a pair of terms", 1);
                continue;
            }
            self.lose_in_pairs(concept, sources.len() + targets.len());
            for source in &sources {
                for target in &targets {
                    self.pair(concept, source, target)?;
                }
            }
        }
        Ok(())
    }

    fn pair(&mut self, concept: &Concept, source: &Term, target: &Term) -> Result<(), Error> {
        let mut comment: Vec<String> = target.notes.clone();
        comment.extend(concept.notes.iter().cloned());
        if source.text.trim_start().starts_with('#') {
            self.lose("term(s) that begin with #, which would be comments", 1);
            return Ok(());
        }
        if self.format == TermFormat::Utx {
            let comment = one_line(&comment.join("; "));
            let part = match source.part_of_speech {
                PartOfSpeech::Unset => String::new(),
                part => part.to_string(),
            };
            let status = match target.status {
                Status::Unset => "",
                Status::Preferred | Status::Admitted => "approved",
                Status::Proposed => "provisional",
                Status::Deprecated => "non-standard",
                Status::Forbidden => "forbidden",
            };
            self.rows += 1;
            let (source, target) = (one_line(&source.text), one_line(&target.text));
            return self.row([&*source, &*target, &*part, status, &concept.id, &*comment]);
        }
        if !target.status.passes() {
            self.lose("deprecated or forbidden term(s)", 1);
            return Ok(());
        }
        if target.status == Status::Proposed {
            comment.insert(0, "proposed".to_owned());
        }
        let comment = one_line(&comment.join("; "));
        let (source, target) = (one_line(&source.text), one_line(&target.text));
        self.rows += 1;
        match comment.as_str() {
            "" => self.row([&*source, &*target]),
            comment => self.row([&*source, &*target, comment]),
        }
    }

    /// What a table of pairs does not hold.
    fn lose_in_pairs(&mut self, concept: &Concept, written: usize) {
        self.lose_always(concept);
        if self.format == TermFormat::OmegaT {
            self.lose("id(s) of concepts", 1);
        }
        let terms = || concept.languages.iter().flat_map(|section| &section.terms);
        self.lose("term(s) of other languages", terms().count().saturating_sub(written));
        self.lose("definition(s)", usize::from(concept.definition.is_some()));
        self.lose("domain(s)", concept.domains.len());
        let sources = concept.sources.len() + terms().map(|term| term.sources.len()).sum::<usize>();
        self.lose("source(s)", sources);
        self.lose("context(s)", terms().map(|term| term.contexts.len()).sum());
        self.lose("gender(s)", terms().filter(|term| term.gender.is_some()).count());
        self.lose("statuses of single houses", terms().map(|term| term.rulings.len()).sum());
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}
