//! `chancery terms extract`: candidates for a termbase.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use chancery::Lang;
use chancery::exchange::{self, ReadOptions, TbxDialect, TbxHeader, write_tbx};
use chancery::term::extract::{PairExtractor, TermExtractor};
use chancery::term::{Concept, Status, Term, Termbase};

use crate::support::{self, Outcome, note, warn, write_file};

/// Propose terms: word groups that behave like terms, with counts and examples
///
/// The input is a text or document, or a file of units of which one language is read; with
/// --bilingual both languages are, and each candidate comes with its translation. The table has a
/// line for each candidate, best first, with a header.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A text, a document, or a file of units (TMX, XLIFF, PO, CSV, TSV, XLSX)
    input: PathBuf,
    /// Find pairs of terms in two languages
    #[arg(long)]
    bilingual: bool,
    /// The language of the text, or of the source
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// The language of the target
    #[arg(long, default_value = "en", value_name = "TAG")]
    target: Lang,
    /// A glossary or memory whose terms are left out; give it once for each
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    /// How many candidates to give
    #[arg(long, default_value_t = 200)]
    limit: usize,
    /// In how many places a candidate has to stand; 3, for pairs 4 by default
    #[arg(long)]
    least: Option<u32>,
    /// How many words a candidate has to have, small ones included
    #[arg(long, default_value_t = 2)]
    words: usize,
    /// Where to write: .tsv, or .tbx with the status `proposed`; a table on standard output by
    /// default
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    output: PathBuf,
}

/// How many examples of each candidate are given.
const EXAMPLES: usize = 3;

/// A candidate, whatever it was found in.
struct Row {
    terms: Vec<(Lang, String)>,
    score: f64,
    counts: Vec<u32>,
    /// Segments in which it stands: one text for each language.
    examples: Vec<Vec<String>>,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let tbx = match arguments.output.extension().and_then(|name| name.to_str()) {
        Some("tbx") => true,
        Some("tsv") => false,
        _ if support::is_standard(&arguments.output) => false,
        _ => bail!("{}: candidates are written as .tsv or .tbx", arguments.output.display()),
    };
    let base = support::termbase(&arguments.glossary)?.base;
    let rows = match arguments.bilingual {
        true => pairs(&arguments, &base)?,
        false => terms(&arguments, &base)?,
    };
    let count = rows.len();
    write_file(&arguments.output, |out| match tbx {
        true => termbase(out, &arguments, rows),
        false => table(out, &arguments, &rows),
    })?;
    note(format_args!("{}: {count} candidates", arguments.input.display()));
    Ok(Outcome::Done)
}

fn terms(arguments: &Arguments, base: &Termbase) -> anyhow::Result<Vec<Row>> {
    let lang = &arguments.source;
    let mut extractor = TermExtractor::new(lang).words(arguments.words);
    if !base.is_empty() {
        extractor = extractor.known(base);
    }
    if let Some(least) = arguments.least {
        extractor = extractor.least(least);
    }
    if has_units(&arguments.input) {
        units(arguments, |unit| {
            if let Some(segment) = unit.segment(lang) {
                extractor.add(&segment.text());
            }
        })?;
    } else {
        let document = support::document(&arguments.input, lang.clone(), &support::Cut::BuiltIn)?;
        for sentence in document.sentences() {
            extractor.add(sentence.text());
        }
    }
    let found = extractor.candidates(arguments.limit);
    let rows = found.iter().map(|candidate| Row {
        terms: vec![(lang.clone(), candidate.text().to_owned())],
        score: candidate.score(),
        counts: vec![candidate.count()],
        examples: (candidate.segments().iter().take(EXAMPLES))
            .filter_map(|&segment| Some(vec![extractor.segment(segment)?.to_owned()]))
            .collect(),
    });
    Ok(rows.collect())
}

fn pairs(arguments: &Arguments, base: &Termbase) -> anyhow::Result<Vec<Row>> {
    let langs = [&arguments.source, &arguments.target];
    let mut extractor = PairExtractor::new(langs[0], langs[1]).words(arguments.words);
    if !base.is_empty() {
        extractor = extractor.known(base);
    }
    if let Some(least) = arguments.least {
        extractor = extractor.least(least);
    }
    units(arguments, |unit| {
        extractor.add(unit);
    })?;
    let found = extractor.candidates(arguments.limit);
    let rows = found.iter().map(|pair| Row {
        terms: vec![
            (langs[0].clone(), pair.source().to_owned()),
            (langs[1].clone(), pair.target().to_owned()),
        ],
        score: pair.score(),
        counts: vec![pair.together(), pair.counts()[0], pair.counts()[1]],
        examples: (pair.units().iter().take(EXAMPLES))
            .filter_map(|&unit| Some(extractor.unit(unit)?.map(str::to_owned).to_vec()))
            .collect(),
    });
    Ok(rows.collect())
}

/// Whether a file holds units rather than text, by its name.
fn has_units(path: &Path) -> bool {
    let known = ["tmx", "xliff", "xlf", "sdlxliff", "po", "pot", "csv", "tsv", "xlsx", "gz", "zip"];
    let name = path.extension().and_then(|name| name.to_str()).unwrap_or_default();
    known.iter().any(|other| name.eq_ignore_ascii_case(other))
}

fn units(arguments: &Arguments, mut each: impl FnMut(&chancery::Unit)) -> anyhow::Result<()> {
    let langs = [arguments.source.clone(), arguments.target.clone()];
    let counter = support::counter("units read");
    let mut reader = exchange::open(&arguments.input, ReadOptions::new().langs(langs))?;
    for unit in &mut reader {
        each(&unit?);
        counter.inc(1);
    }
    counter.finish_and_clear();
    let (_, rejected) = reader.counts();
    if rejected > 0 {
        let name = arguments.input.display();
        warn(format_args!("{name}: {rejected} units could not be read"));
    }
    Ok(())
}

fn table(out: &mut dyn Write, arguments: &Arguments, rows: &[Row]) -> anyhow::Result<()> {
    let plain = |text: &str| text.replace(|c: char| c.is_control(), " ");
    match arguments.bilingual {
        true => write!(out, "{}\t{}\t", arguments.source, arguments.target)?,
        false => write!(out, "{}\t", arguments.source)?,
    }
    match arguments.bilingual {
        true => writeln!(out, "score\ttogether\tsource\ttarget\texamples")?,
        false => writeln!(out, "score\tcount\texamples")?,
    }
    for row in rows {
        for (_, term) in &row.terms {
            write!(out, "{}\t", plain(term))?;
        }
        write!(out, "{:.3}\t", row.score)?;
        for count in &row.counts {
            write!(out, "{count}\t")?;
        }
        let examples = row.examples.iter().map(|texts| plain(&texts.join(" = ")));
        writeln!(out, "{}", examples.collect::<Vec<_>>().join("\t"))?;
    }
    Ok(())
}

fn termbase(out: &mut dyn Write, arguments: &Arguments, rows: Vec<Row>) -> anyhow::Result<()> {
    let base: Termbase = (rows.into_iter().enumerate())
        .map(|(nth, row)| {
            let mut concept = Concept::new(format!("candidate.{}", nth + 1));
            concept.proposed = true;
            let counts: Vec<String> = row.counts.iter().map(u32::to_string).collect();
            concept.notes.push(format!("counts: {}", counts.join(", ")));
            for (side, (lang, text)) in row.terms.into_iter().enumerate() {
                let mut term = Term::new(text).with_status(Status::Proposed);
                term.contexts =
                    row.examples.iter().filter_map(|texts| texts.get(side).cloned()).collect();
                concept.add(lang, term);
            }
            concept
        })
        .collect();
    let header = TbxHeader::new(&format!("Candidates from {}", arguments.input.display()));
    for loss in write_tbx(out, &base, &header, TbxDialect::Basic)? {
        warn(loss);
    }
    Ok(())
}
