//! `chancery lookup`: earlier translations of a sentence.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, bail};
use chancery::Lang;
use chancery::memory::{
    Findings, Fragment, Match, Memory, Penalties, PenaltyKind, Query, is_ambiguous,
};
use chancery::tasks::{FragmentReport, LookupReport, shown};

use crate::support::{self, Outcome, warn};

/// Find earlier translations of a sentence
///
/// A score is a similarity of 0 to 100; 100 is an exact match. Where something else than the
/// words speaks against a match (trust, variety of the language), the score after penalties
/// follows; order and threshold go by it. From 70 on, what differs is listed (·), and where numbers, dates or
/// references can be carried over with certainty, the translation with them follows (→).
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory: its file, postgres://…, or a TMX file, which is read into RAM
    memory: PathBuf,
    /// The sentence
    #[arg(required_unless_present = "batch")]
    text: Option<String>,
    /// Look up every line of a file, or of standard input with `-`
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    batch: Option<PathBuf>,
    /// The lowest score to show, 0 to 100; 0 shows everything
    #[arg(long, default_value_t = 70.0, value_name = "SCORE")]
    threshold: f64,
    /// How many matches at most for each sentence
    #[arg(long, default_value_t = 5, value_name = "N")]
    limit: usize,
    /// Language of the sentence
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// Language of the translations
    #[arg(long, default_value = "en", value_name = "TAG")]
    target: Lang,
    /// Take points from matches for a reason: variety, draft, deprecated, alignment, machine, age,
    /// context or memory, as draft=5; `age` is for each year
    #[arg(long, value_name = "REASON=POINTS", value_parser = penalty)]
    penalty: Vec<(PenaltyKind, f64)>,
    /// On how many threads a batch is looked up
    #[arg(long, default_value_t = NonZeroUsize::MIN, value_name = "N")]
    threads: NonZeroUsize,
    /// Where there is no match, show the longest pieces of the sentence that the memory has
    #[arg(long)]
    fragments: bool,
    /// Go on without servers that are away, of a memory on several, and say so
    #[arg(long)]
    partial: bool,
    /// Print one JSON object for each sentence
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    if !(0.0..=102.0).contains(&arguments.threshold) {
        bail!("--threshold is a score from 0 to 100");
    }
    let open = support::open_memory(&arguments.memory)?;
    let memory = open.memory();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match (&arguments.text, &arguments.batch) {
        (Some(text), _) => {
            let matches = find(memory, text, &arguments)?;
            let fragments = fragments(memory, text, &matches, &arguments)?;
            print(&mut out, text, &matches, &fragments, &arguments)?;
        }
        (None, Some(path)) => {
            let text = support::text(path)?;
            let lines: Vec<&str> = text.lines().collect();
            // In portions, so that the first answers come soon and memory stays bounded.
            for portion in lines.chunks(64 * arguments.threads.get()) {
                let queries: Vec<Query<'_>> = portion.iter().map(|line| (*line).into()).collect();
                let found = memory
                    .lookup_batch(&queries)
                    .threads(arguments.threads)
                    .source(arguments.source.clone())
                    .target(arguments.target.clone())
                    .threshold(arguments.threshold)
                    .limit(arguments.limit)
                    .penalties(penalties(&arguments))
                    .partial(arguments.partial)
                    .run()
                    .with_context(|| support::shown(&arguments.memory))?;
                for (line, findings) in portion.iter().zip(found) {
                    tell_missing(&findings);
                    if !arguments.json {
                        writeln!(out, "{line}")?;
                    }
                    let matches = &findings.matches;
                    let fragments = fragments(memory, line, matches, &arguments)?;
                    print(&mut out, line, matches, &fragments, &arguments)?;
                }
            }
        }
        (None, None) => bail!("give a sentence, or --batch FILE"),
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// From this score on a match is one to be edited, and what differs is worth listing.
const NEAR: f64 = 70.0;

fn penalty(text: &str) -> Result<(PenaltyKind, f64), String> {
    let (name, points) = text.split_once('=').ok_or("write it as REASON=POINTS")?;
    let kind = PenaltyKind::ALL.into_iter().find(|kind| kind.name() == name);
    let kind = kind.ok_or_else(|| format!("`{name}` is no reason for a penalty"))?;
    match points.parse() {
        Ok(points) if (0.0..=100.0).contains(&points) => Ok((kind, points)),
        _ => Err(format!("`{points}` is no number from 0 to 100")),
    }
}

/// The default penalties, with those that were given, counted to today.
fn penalties(arguments: &Arguments) -> Penalties {
    let mut penalties = Penalties::default().on(&jiff::Timestamp::now().strftime("%F").to_string());
    for &(kind, points) in &arguments.penalty {
        penalties.set(kind, points);
    }
    penalties
}

fn find(memory: &Memory, query: &str, arguments: &Arguments) -> anyhow::Result<Vec<Match>> {
    let findings = memory
        .lookup(query)
        .source(arguments.source.clone())
        .target(arguments.target.clone())
        .threshold(arguments.threshold)
        .limit(arguments.limit)
        .penalties(penalties(arguments))
        .partial(arguments.partial)
        .findings()
        .with_context(|| support::shown(&arguments.memory))?;
    tell_missing(&findings);
    Ok(findings.matches)
}

/// Says what was left out.
fn tell_missing(findings: &Findings) {
    for address in &findings.missing {
        warn(format_args!("{address}: is away; its part of the memory was not searched"));
    }
}

/// The pieces of a sentence that has no match, where they are asked for.
fn fragments(
    memory: &Memory,
    query: &str,
    matches: &[Match],
    arguments: &Arguments,
) -> anyhow::Result<Vec<Fragment>> {
    if !arguments.fragments || !matches.is_empty() {
        return Ok(Vec::new());
    }
    memory
        .fragments(query)
        .source(arguments.source.clone())
        .target(arguments.target.clone())
        .run()
        .with_context(|| support::shown(&arguments.memory))
}

fn print(
    out: &mut impl Write,
    query: &str,
    matches: &[Match],
    fragments: &[Fragment],
    arguments: &Arguments,
) -> anyhow::Result<()> {
    if arguments.json {
        let mut report = LookupReport::new(query, matches);
        report.fragments = fragments.iter().map(|f| FragmentReport::new(query, f)).collect();
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)?;
        return Ok(());
    }
    if matches.is_empty() {
        writeln!(out, "       no match at {} or above", arguments.threshold)?;
    }
    if is_ambiguous(matches) {
        writeln!(out, "       translated in different ways: choose")?;
    }
    for fragment in fragments {
        let texts: Vec<&str> = fragment.translations().iter().map(|t| t.text()).collect();
        writeln!(out, "     ~ {}: {}", &query[fragment.span()], texts.join(" | "))?;
    }
    for found in matches {
        writeln!(out, "{:>5}  {}", shown(found.score()), found.source().text())?;
        writeln!(out, "       {}", found.target().text())?;
        if found.score() >= NEAR {
            for difference in found.differences() {
                writeln!(out, "       · {difference}")?;
            }
            let suggestion = found.suggestion();
            if !suggestion.changes().is_empty() {
                writeln!(out, "       → {}", suggestion.target().text())?;
            }
        }
        if let Some(limit) = found.limit().filter(|limit| *limit < found.score()) {
            writeln!(out, "       ranked {limit}: the meaning differs")?;
        }
        if !found.penalties().is_empty() {
            let penalties: Vec<String> =
                found.penalties().iter().map(ToString::to_string).collect();
            let rank = shown(found.rank_score());
            writeln!(out, "       {rank} after penalties: {}", penalties.join(", "))?;
        }
    }
    Ok(())
}
