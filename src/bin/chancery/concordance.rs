//! `chancery concordance`: every segment that has certain words.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chancery::Lang;
use chancery::memory::{ConcordanceFindings, ConcordanceLine, ConcordanceQuery};
use chancery::tasks::ConcordanceReport;

use crate::support::{self, Marks, Outcome};

/// List the segments that have certain words, with their translations
///
/// A word is found in any inflection, =word as it is written, begin* by its beginning; words in
/// quotation marks must follow each other. Several words must all be there; NOT word, or -word,
/// must not. The newest units come first.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory: its file, or a TMX file, which is read into RAM
    memory: PathBuf,
    /// What to look for
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// Look for the words in the translations
    #[arg(long)]
    target: bool,
    /// Language of the sources
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// Language of the translations
    #[arg(long, default_value = "en", value_name = "TAG")]
    into: Lang,
    /// How many lines at most
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
    /// How many units that have it are looked for at most: the newest
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    count: usize,
    /// List equal lines once, with their number, or under the documents they stand in
    #[arg(long, value_enum, value_name = "BY")]
    group: Option<Group>,
    #[command(flatten)]
    which: support::Which,
    /// Look in this memory too, whose lines come after those of MEMORY. May be given several times
    #[arg(long, value_name = "MEMORY")]
    also: Vec<PathBuf>,
    /// Print one JSON object for each line
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Group {
    Text,
    Document,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let query: ConcordanceQuery = arguments.query.parse()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (path, name) in support::each_asked(&arguments.memory, &arguments.also) {
        let findings = find(path, &query, &arguments)?;
        if arguments.json {
            for line in &findings.lines {
                support::write_json(&mut out, &ConcordanceReport::new(line), name.as_deref())?;
            }
        } else {
            support::write_name(&mut out, name.as_deref())?;
            print(&mut out, &findings, &arguments)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn find(
    path: &Path,
    query: &ConcordanceQuery,
    arguments: &Arguments,
) -> anyhow::Result<ConcordanceFindings> {
    let open = support::open_memory(path)?;
    let mut findings = open
        .memory()
        .concordance(query)
        .source(arguments.source.clone())
        .target(arguments.into.clone())
        .in_target(arguments.target)
        .limit(arguments.limit)
        .count(arguments.count)
        .distinct(arguments.group == Some(Group::Text))
        .selection(arguments.which.selection())
        .run()
        .with_context(|| support::shown(path))?;
    if arguments.group == Some(Group::Document) {
        findings.lines.sort_by(|one, other| document(one).cmp(document(other)));
    }
    Ok(findings)
}

fn print(
    out: &mut impl Write,
    findings: &ConcordanceFindings,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let marks = Marks::of_output();
    let mut last = None;
    for line in &findings.lines {
        if arguments.group == Some(Group::Document)
            && last.replace(document(line)) != Some(document(line))
        {
            writeln!(out, "{}:", document(line))?;
        }
        let marked = marks.mark(&line.segment().text(), line.spans());
        match line.count() {
            1 => writeln!(out, "       {marked}")?,
            count => writeln!(out, "{count:>4} × {marked}")?,
        }
        writeln!(out, "         {}", line.translation().text())?;
    }
    let (lines, units) = (findings.lines.len(), findings.units);
    match (units, findings.complete) {
        (0, _) => writeln!(out, "no unit has this")?,
        (_, true) => writeln!(out, "{lines} lines; {units} units have this")?,
        (_, false) => writeln!(out, "{lines} lines; {units} units or more have this")?,
    }
    Ok(())
}

fn document(line: &ConcordanceLine) -> &str {
    line.unit().document().unwrap_or("no document")
}
