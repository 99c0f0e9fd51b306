//! `chancery export`: a memory into a file.

use std::path::PathBuf;

use chancery::Lang;
use chancery::tasks::FileExport;

use crate::support::{self, Outcome, note};

/// Export a memory into a file
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory
    memory: PathBuf,
    /// Where to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// A language to export; give it once for each. All languages by default
    #[arg(long, value_name = "TAG")]
    lang: Vec<Lang>,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let memory = support::open_memory(&arguments.memory)?;
    let written = FileExport::new().langs(arguments.lang).run(&memory, &arguments.output)?;
    note(format_args!("{}: {written} units", arguments.output.display()));
    Ok(Outcome::Done)
}
