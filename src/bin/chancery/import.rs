//! `chancery import`: files into a memory.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use chancery::Lang;
use chancery::exchange::{AtomicFile, Header, ReadOptions, TmxWriter};
use chancery::memory::{DuplicatePolicy, Memory};
use chancery::tasks::{FileImport, OpenMemory};
use chancery::unit::Note;

use crate::support::{self, Outcome, note, warn};

/// Import files into a memory, which is made if there is none
///
/// A file is taken as a whole or not at all, as one revision that `undo` takes back. Importing a
/// file again changes nothing.
///
/// A table that `export` wrote as .xlsx comes back as edits: what a reviser changed in it is printed
/// and changes those units, and nothing else does.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory; a name that ends in .tmx makes a TMX file, any other a store with a journal
    memory: PathBuf,
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Languages of the columns of a table without a header, in their order; give it once for each
    /// [default: fr, en]
    #[arg(long, value_name = "TAG")]
    lang: Vec<Lang>,
    /// Say what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Import the rest of a file where a unit of it is rejected
    #[arg(long)]
    keep_going: bool,
    /// Where to write the rejected units, as TMX with the reasons
    #[arg(long, value_name = "OUT.tmx", requires = "keep_going")]
    rejects: Option<PathBuf>,
    /// What happens to a unit that is like one already there
    #[arg(long, value_enum, default_value_t = Policy::All, value_name = "POLICY")]
    duplicates: Policy,
    /// Remove what the memory holds of the documents that a file is of and the file does not: a
    /// text was aligned again
    ///
    /// Units name their document in the property x-document, as `align` writes it. Units in a
    /// language that the file does not have stay.
    #[arg(long, conflicts_with = "duplicates")]
    supersede: bool,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Policy {
    /// Keep every unit, but not the same one twice
    All,
    /// One for each source, context and translation
    Context,
    /// One for each source: the one changed last
    Newest,
    /// One for each source and context: the one imported last
    Overwrite,
    /// Take approved units only
    Approved,
}

impl From<Policy> for DuplicatePolicy {
    fn from(policy: Policy) -> DuplicatePolicy {
        match policy {
            Policy::All => DuplicatePolicy::KeepAll,
            Policy::Context => DuplicatePolicy::ByContext,
            Policy::Newest => DuplicatePolicy::NewestWins,
            Policy::Overwrite => DuplicatePolicy::Overwrite,
            Policy::Approved => DuplicatePolicy::ApprovedOnly,
        }
    }
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let mut options = Memory::builder();
    options.author(&arguments.author);
    // A dry run into a memory that is not there yet makes none.
    let memory = if arguments.dry_run {
        support::open_or_in_ram(&arguments.memory, &options)?
    } else {
        OpenMemory::open_or_create_with(&arguments.memory, &options)?
    };
    let rejects = RefCell::new(match &arguments.rejects {
        Some(path) => Some(TmxWriter::create(path, &Header::new(&Lang::FR))?),
        None => None,
    });
    let bar = support::counter("units read");
    let (mut rejected, failed) = (0, RefCell::new(None));
    let mut reading = ReadOptions::new();
    if !arguments.lang.is_empty() {
        reading = reading.langs(arguments.lang.iter().cloned());
    }
    // Reading is soon done: the thread that reads waits for the others most of the time.
    let threads =
        std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN).saturating_add(1);
    let mut import = FileImport::new()
        .read_options(reading)
        .duplicates(arguments.duplicates.into())
        .supersede(arguments.supersede)
        .keep_going(arguments.keep_going)
        .dry_run(arguments.dry_run)
        .threads(threads)
        .on_progress(|read| bar.set_position(read))
        .on_reject(|file, rejection| {
            bar.suspend(|| warn(format_args!("{}: {rejection}", file.display())));
            if let (Some(writer), Some(unit)) = (rejects.borrow_mut().as_mut(), rejection.unit()) {
                let mut unit = unit.clone();
                unit.metadata.notes.push(Note::new(format!("{}: {rejection}", file.display())));
                if let Err(error) = writer.write(&unit) {
                    failed.borrow_mut().get_or_insert(error);
                }
            }
        });
    for file in &arguments.files {
        let report = match import.run(&memory, file) {
            Ok(report) => report,
            Err(error) => {
                drop(import);
                memory.close()?;
                return Err(error.into());
            }
        };
        report.edits.iter().for_each(|edit| println!("{edit}"));
        let would = if arguments.dry_run { " (dry run)" } else { "" };
        println!("{}: {}{would}", file.display(), report.counts);
        if !report.diagnostics.is_empty() {
            note(format_args!(
                "{}: {} oddities in the file; `chancery validate` lists them",
                file.display(),
                report.diagnostics.len()
            ));
        }
        rejected += report.counts.rejected;
    }
    drop(import);
    bar.finish_and_clear();
    if let Some(error) = failed.into_inner() {
        return Err(error.into());
    }
    if !arguments.dry_run {
        memory.save()?;
    }
    memory.close()?;
    if let Some(writer) = rejects.into_inner() {
        AtomicFile::commit(writer.finish()?)?;
    }
    Ok(if rejected > 0 { Outcome::Found } else { Outcome::Done })
}
