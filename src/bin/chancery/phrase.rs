//! `chancery phrase`: earlier translations of a phrase inside sentences.

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chancery::Lang;
use chancery::memory::{PhraseFindings, PhraseMatch};
use chancery::tasks::{PhraseReport, shown};

use crate::support::{self, Marks, Outcome};

/// Find earlier translations of a phrase inside sentences
///
/// The words of matter must stand there in their order, in any inflection, with few others
/// between; words of grammar may differ. Translations are grouped and come with the number of
/// units that have them, how certain their place is (0 to 100 %), documents, years, and an
/// example with the phrase and its translation marked.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory: its file, or a TMX file, which is read into RAM
    memory: PathBuf,
    /// The phrase
    text: String,
    /// Language of the phrase
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// Language of the translations
    #[arg(long, default_value = "en", value_name = "TAG")]
    target: Lang,
    /// How many translations at most
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// How many examples of each at most
    #[arg(long, default_value_t = 1, value_name = "N")]
    examples: usize,
    /// In how many units at most the translation is looked for
    #[arg(long, default_value_t = 20, value_name = "N")]
    examine: usize,
    /// How many units that have it are counted at most: the newest
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    count: usize,
    #[command(flatten)]
    which: support::Which,
    /// Look in this memory too, whose translations come after those of MEMORY. May be given
    /// several times
    #[arg(long, value_name = "MEMORY")]
    also: Vec<PathBuf>,
    /// Print one JSON object for each memory
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    if arguments.text.trim().is_empty() {
        bail!("the phrase is empty; give one word at least");
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (path, name) in support::each_asked(&arguments.memory, &arguments.also) {
        let findings = find(path, &arguments)?;
        if arguments.json {
            let report = PhraseReport::new(&arguments.text, &findings, arguments.examples);
            support::write_json(&mut out, &report, name.as_deref())?;
        } else {
            support::write_name(&mut out, name.as_deref())?;
            print(&mut out, &findings, &arguments)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn find(path: &Path, arguments: &Arguments) -> anyhow::Result<PhraseFindings> {
    let open = support::open_memory(path)?;
    let phrase = open.memory().phrase(arguments.text.as_str());
    phrase
        .source(arguments.source.clone())
        .target(arguments.target.clone())
        .limit(arguments.limit)
        .examine(arguments.examine)
        .count(arguments.count)
        .selection(arguments.which.selection())
        .run()
        .with_context(|| support::shown(path))
}

fn print(
    out: &mut impl Write,
    findings: &PhraseFindings,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    if findings.translations.is_empty() {
        writeln!(out, "no unit has this phrase")?;
        return Ok(());
    }
    if findings.nearest {
        writeln!(out, "no unit has the whole phrase; these lack one word of it")?;
    }
    let marks = Marks::of_output();
    for translation in &findings.translations {
        let percent = (100.0 * translation.confidence()).floor();
        write!(out, "{:>5}  {}  ({percent} %", translation.count(), translation.text())?;
        if let Some((first, last)) = translation.dates() {
            match (&first[..4], &last[..4]) {
                (first, last) if first == last => write!(out, ", {first}")?,
                (first, last) => write!(out, ", {first}–{last}")?,
            }
        }
        match translation.documents().as_slice() {
            [] => {}
            [document] => write!(out, ", {document}")?,
            [document, others @ ..] => write!(out, ", {document} and {} more", others.len())?,
        }
        writeln!(out, ")")?;
        for found in translation.matches().iter().take(arguments.examples) {
            example(out, found, &marks)?;
        }
    }
    let more = if findings.complete { "" } else { " or more" };
    writeln!(out, "{} of {}{more} units examined", findings.examined, findings.units)?;
    Ok(())
}

fn example(out: &mut impl Write, found: &PhraseMatch, marks: &Marks) -> anyhow::Result<()> {
    let exactness = shown(found.exactness());
    let marked = |text: &str, span: Range<usize>| marks.mark(text, &[span]);
    writeln!(
        out,
        "       {:>5}  {}",
        exactness,
        marked(&found.source().text(), found.source_span())
    )?;
    writeln!(out, "              {}", marked(&found.target().text(), found.target_span()))?;
    Ok(())
}
