//! `chancery stats`: what a memory holds.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{self, Outcome};

/// Say what a memory holds
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory
    memory: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let memory = support::open_memory(&arguments.memory)?;
    let stats = memory.memory().stats()?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let languages: Vec<Value> = (stats.languages.iter())
            .map(|l| json!({ "lang": l.lang.as_written(), "segments": l.segments, "chars": l.chars }))
            .collect();
        let object = json!({
            "units": stats.units,
            "revisions": stats.revisions,
            "languages": languages,
            "dates": stats.dates.as_ref().map(|(first, last)| [first, last]),
            "segments_with_codes": stats.with_codes,
        });
        writeln!(out, "{object}")?;
        return Ok(Outcome::Done);
    }
    writeln!(out, "units                {:>10}", stats.units)?;
    for language in &stats.languages {
        writeln!(
            out,
            "segments in {:<8} {:>10}   {:>12} characters",
            language.lang.as_written(),
            language.segments,
            language.chars
        )?;
    }
    writeln!(out, "with inline codes    {:>10}", stats.with_codes)?;
    writeln!(out, "revisions            {:>10}", stats.revisions)?;
    if let Some((first, last)) = &stats.dates {
        writeln!(out, "dates                {first} to {last}")?;
    }
    Ok(Outcome::Done)
}
