//! `chancery pretranslate`: a file filled with the matches of a memory.

use std::path::PathBuf;

use anyhow::bail;
use chancery::Lang;
use chancery::tasks::{Pretranslation, TranslatableFile};

use crate::support::{self, Outcome};

/// Fill a file to translate with the matches of a memory
///
/// Exact matches go in as translated, others from the threshold on as drafts to be reviewed, with
/// numbers and dates carried over. A match that says something else (a negation, another
/// party) never goes in, whatever its score. In XLIFF the matches stand beside the segments too. In a
/// text only sentences with an exact match are replaced.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory: its file, or a TMX file, which is read into RAM
    memory: PathBuf,
    /// The file: XLIFF (SDLXLIFF, MQXLIFF), PO or text
    file: PathBuf,
    /// Where to write the filled file
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// The lowest score that goes in, 0 to 102
    #[arg(long, default_value_t = 75.0, value_name = "SCORE")]
    threshold: f64,
    /// How many matches stand beside a segment, where the format has a place for them
    #[arg(long, default_value_t = 3, value_name = "N")]
    proposals: usize,
    /// Replace translations that are there already; locked ones stay
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    ranking: support::Ranking,
    /// Language of the file, where it does not say it
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// Language to translate into, where it does not say it
    #[arg(long, default_value = "en", value_name = "TAG")]
    target: Lang,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    if !(0.0..=102.0).contains(&arguments.threshold) {
        bail!("--threshold is a score from 0 to 102");
    }
    if support::is_standard(&arguments.file) || support::is_standard(&arguments.output) {
        bail!("a pretranslation needs files with names");
    }
    let opened = arguments.ranking.open(&arguments.memory)?;
    let mut file = TranslatableFile::open(&arguments.file, &arguments.source, &arguments.target)?;
    let report = Pretranslation::new(support::memories(&opened))
        .penalties(arguments.ranking.penalties())
        .threshold(arguments.threshold)
        .proposals(arguments.proposals)
        .overwrite(arguments.overwrite)
        .write(&mut file, &arguments.output)?;
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(Outcome::Done);
    }
    println!("{:>7} segments", report.segments);
    println!("{:>7} translated", report.translated);
    println!("{:>7} drafts, {} of them with values carried over", report.drafts, report.repaired);
    for (count, what) in [
        (report.ambiguous, "with exact matches that translate differently"),
        (report.unplaced, "left because a text has no place for drafts"),
        (report.guarded, "left because the meaning of the match differs"),
        (report.kept, "kept as they were: translated or locked"),
        (report.unmatched, "without a match"),
    ] {
        if count > 0 {
            println!("{count:>7} {what}");
        }
    }
    Ok(Outcome::Done)
}
