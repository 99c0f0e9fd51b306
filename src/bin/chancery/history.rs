//! `chancery history`, `chancery undo` and `chancery purge`: what was before.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use chancery::memory::{Memory, RevisionId};
use chancery::tasks::OpenMemory;
use serde_json::json;

use crate::support::{Outcome, note};

/// List the revisions of a memory, the newest first
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory
    memory: PathBuf,
    /// Print one JSON object for each revision
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let memory = journalled(&arguments.memory, "")?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for revision in memory.memory().history()? {
        let time = jiff::Timestamp::try_from(revision.time())?;
        let counts = revision.counts();
        if arguments.json {
            let object = json!({
                "revision": revision.id().number(),
                "time": format!("{time:.3}"),
                "author": revision.author(),
                "operation": revision.operation().to_string(),
                "origin": revision.origin(),
                "undoes": revision.undoes().map(RevisionId::number),
                "added": counts.added,
                "changed": counts.changed,
                "removed": counts.removed,
            });
            writeln!(out, "{object}")?;
            continue;
        }
        let undoes = revision.undoes().map(|id| format!(" of {id}")).unwrap_or_default();
        writeln!(
            out,
            "{:>6}  {time:.0}  {}{undoes} {}  +{} ~{} -{}  {}",
            revision.id().number(),
            revision.operation(),
            revision.origin(),
            counts.added,
            counts.changed,
            counts.removed,
            revision.author(),
        )?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Undo a revision as a whole; the undo is a revision too and can be undone
#[derive(Debug, clap::Args)]
pub(crate) struct UndoArguments {
    /// The memory
    memory: PathBuf,
    /// The number of the revision, as `history` lists it
    #[arg(value_name = "ID")]
    revision: RevisionId,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

pub(crate) fn undo(arguments: UndoArguments) -> anyhow::Result<Outcome> {
    let memory = journalled(&arguments.memory, &arguments.author)?;
    let undo = memory.memory().undo(arguments.revision)?;
    note(format_args!("revision {} is undone, by revision {undo}", arguments.revision));
    Ok(Outcome::Done)
}

/// Forget what units were before a revision and before those that came earlier
///
/// The units that are there now stay. What was deleted or replaced up to that revision is gone from
/// the file, and those revisions can not be undone any more: they are listed. Exports and backups
/// made before are files of their own and keep what they hold.
#[derive(Debug, clap::Args)]
pub(crate) struct PurgeArguments {
    /// The memory
    memory: PathBuf,
    /// The number of the last revision to forget, as `history` lists it
    #[arg(value_name = "ID")]
    revision: RevisionId,
    /// List what would become irreversible, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

pub(crate) fn purge(arguments: PurgeArguments) -> anyhow::Result<Outcome> {
    let memory = journalled(&arguments.memory, &arguments.author)?;
    let purge = memory.memory().purge(arguments.revision).dry_run(arguments.dry_run);
    let report = purge.run()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for revision in &report.irreversible {
        let (id, operation, origin) = (revision.id(), revision.operation(), revision.origin());
        writeln!(out, "{:>6}  {operation} {origin}", id.number())?;
    }
    out.flush()?;
    note(match (report.revision, report.irreversible.len()) {
        (Some(revision), count) => {
            format!("{count} revisions can not be undone any more, by revision {revision}")
        }
        (None, 0) => "nothing is left to forget there".to_owned(),
        (None, count) => format!("{count} revisions would become irreversible"),
    });
    Ok(Outcome::Done)
}

/// Opens a memory that has a journal.
pub(crate) fn journalled(path: &Path, author: &str) -> anyhow::Result<OpenMemory> {
    let mut options = Memory::builder();
    options.author(author);
    let open = OpenMemory::open_with(path, &options)?;
    if !open.is_store() {
        bail!("{}: a TMX file has no journal; import it into a memory of its own", path.display());
    }
    Ok(open)
}
