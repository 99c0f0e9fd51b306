//! `chancery lookup`: earlier translations of a sentence.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, bail};
use chancery::Lang;
use chancery::memory::{
    Fragment, MemoriesFindings, Memory, MemoryMatch, Moment, Query, RevisionId, Selection,
    is_ambiguous,
};
use chancery::tasks::{FragmentReport, LookupReport, shown};

use crate::support::{self, Outcome, warn};

/// Find earlier translations of a sentence
///
/// A score is a similarity of 0 to 100; 100 is an exact match. Where something else than the
/// words speaks against a match (trust, variety of the language), the score after penalties
/// follows; order and threshold go by it. From 70 on, what differs is listed (·), and where numbers, dates or
/// references can be carried over with certainty, the translation with them follows (→). An exact
/// match whose own translation has another number, date, negation or duty is marked (!).
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
    /// Let units of this document go before others, which lose 3 points (or as many as
    /// --penalty preference=POINTS says)
    #[arg(long, value_name = "NAME")]
    prefer_document: Option<String>,
    #[command(flatten)]
    which: support::Which,
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
    #[command(flatten)]
    ranking: support::Ranking,
    /// Look it up in the memory as it was at a moment: at the end of a day, as 2026-03-15 (UTC), at
    /// a time, as 2026-03-15T09:30:00Z, or after a revision, as 12
    #[arg(long, value_name = "MOMENT", value_parser = moment, conflicts_with = "fragments")]
    as_of: Option<Moment>,
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
    let opened = arguments.ranking.open(&arguments.memory)?;
    let memories = support::memories(&opened);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let text = match (&arguments.text, &arguments.batch) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => support::text(path)?,
        (None, None) => bail!("give a sentence, or --batch FILE"),
    };
    let lines: Vec<&str> = match arguments.text {
        Some(_) => vec![&text],
        None => text.lines().collect(),
    };
    // In portions, so that the first answers come soon and memory stays bounded.
    for portion in lines.chunks(64 * arguments.threads.get()) {
        let queries: Vec<Query<'_>> = portion.iter().map(|line| (*line).into()).collect();
        let lookup = memories
            .lookup_batch(&queries)
            .threads(arguments.threads)
            .source(arguments.source.clone())
            .target(arguments.target.clone())
            .threshold(arguments.threshold)
            .limit(arguments.limit)
            .penalties(arguments.ranking.penalties())
            .partial(arguments.partial)
            .selection(arguments.which.selection());
        let lookup = match &arguments.prefer_document {
            Some(name) => lookup.prefer(Selection::default().document(name.as_str())),
            None => lookup,
        };
        let lookup = match arguments.as_of {
            Some(moment) => lookup.as_of(moment),
            None => lookup,
        };
        let found = lookup.run().with_context(|| support::shown(&arguments.memory))?;
        for (line, findings) in portion.iter().zip(found) {
            tell_missing(&findings);
            if arguments.text.is_none() && !arguments.json {
                writeln!(out, "{line}")?;
            }
            let matches = &findings.matches;
            let fragments = match opened.first() {
                Some(held) => fragments(held.memory(), line, matches, &arguments)?,
                None => Vec::new(),
            };
            print(&mut out, line, matches, &fragments, &arguments)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// From this score on a match is one to be edited, and what differs is worth listing.
const NEAR: f64 = 70.0;

fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(revision) = text.parse::<RevisionId>() {
        return Ok(Moment::Revision(revision));
    }
    let time = match text.contains('T') {
        true => text.parse::<jiff::Timestamp>(),
        false => format!("{text}T23:59:59.999Z").parse(),
    };
    let time = time.map_err(|_| format!("`{text}` is no day, time or revision"))?;
    let since = std::time::Duration::from_millis(time.as_millisecond().try_into().unwrap_or(0));
    Ok(Moment::Time(std::time::SystemTime::UNIX_EPOCH + since))
}

/// Says what was left out.
fn tell_missing(findings: &MemoriesFindings<'_>) {
    for address in &findings.missing {
        warn(format_args!("{address}: is away; its part of the memory was not searched"));
    }
}

/// The pieces of a sentence that has no match, where they are asked for.
fn fragments(
    memory: &Memory,
    query: &str,
    matches: &[MemoryMatch<'_>],
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
    matches: &[MemoryMatch<'_>],
    fragments: &[Fragment],
    arguments: &Arguments,
) -> anyhow::Result<()> {
    if arguments.json {
        let mut report = match arguments.ranking.also.is_empty() {
            true => LookupReport::new(query, matches),
            false => LookupReport::of_memories(query, matches),
        };
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
    for one in matches {
        let found = one.found();
        writeln!(out, "{:>5}  {}", shown(found.score()), found.source().text())?;
        writeln!(out, "       {}", found.target().text())?;
        if !arguments.ranking.also.is_empty() {
            writeln!(out, "       in {}", one.memory())?;
        }
        if let Some(place) = support::place(found.unit()) {
            writeln!(out, "       from {place}")?;
        }
        for doubt in found.doubts() {
            writeln!(out, "       ! {}: {}", doubt.kind().name(), doubt.message())?;
        }
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
