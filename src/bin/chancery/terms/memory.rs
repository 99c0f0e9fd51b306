//! `chancery terms import`, `export`, `add`, `set`, `merge`, `approve`: the termbase of a memory.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use chancery::Lang;
use chancery::exchange::TbxHeader;
use chancery::memory::Memory;
use chancery::tasks::{OpenMemory, TermChange, TermStore};
use chancery::term::{Concept, Status, Term};

use super::convert;
use crate::history::journalled;
use crate::support::{self, Outcome, note, warn};

/// Import glossaries into the termbase of a memory
///
/// A concept takes the place of the one with the same id; what a table has no column for stays as it
/// is. What changes is printed: `+` is new, `~` is changed. The import is one revision, which `undo`
/// takes back.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArguments {
    /// The memory; made if it is not there
    memory: PathBuf,
    /// Glossaries (TBX, CSV, TSV, UTX, OmegaT, XLIFF, XLSX) or folders of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only print what would change
    #[arg(long)]
    dry_run: bool,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

pub(crate) fn import(arguments: ImportArguments) -> anyhow::Result<Outcome> {
    let glossaries = support::glossaries(&arguments.files)?;
    let open = open(&arguments.memory, &arguments.author, arguments.dry_run)?;
    let store = TermStore::new(open.memory());
    let rejected = glossaries.rejected();
    let names: Vec<String> =
        arguments.files.iter().map(|path| path.display().to_string()).collect();
    let files = glossaries.into_files().into_iter().map(|(_, file)| file);
    let changes = store.compare_files(files)?;
    let lost = finish(&store, changes, &names.join(", "), arguments.dry_run)?;
    Ok(if rejected > 0 || lost { Outcome::Found } else { Outcome::Done })
}

/// Export the termbase of a memory into a glossary
///
/// The name of the output tells its format, as for `convert`.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArguments {
    /// The memory
    memory: PathBuf,
    /// Where to write: .tbx, .csv, .tsv, .xlsx, .utx, or .txt for OmegaT
    output: PathBuf,
    #[command(flatten)]
    form: convert::Form,
}

pub(crate) fn export(arguments: ExportArguments) -> anyhow::Result<Outcome> {
    let open = journalled(&arguments.memory, "")?;
    let base = TermStore::new(open.memory()).load()?;
    if base.is_empty() {
        bail!("{}: there are no terms in the memory", support::shown(&arguments.memory));
    }
    let title = arguments.memory.file_stem().unwrap_or_default().to_string_lossy();
    // By default the dialect that holds everything.
    let kind = "TBX-chancery".to_owned();
    let header = TbxHeader { kind, ..TbxHeader::new(&title) };
    let whole = convert::write(&base, &header, &arguments.output, &arguments.form)?;
    Ok(if whole { Outcome::Done } else { Outcome::Found })
}

/// Add a concept to the termbase of a memory
#[derive(Debug, clap::Args)]
pub(crate) struct AddArguments {
    /// The memory; made if it is not there
    memory: PathBuf,
    /// The id of the new concept
    id: String,
    /// A term with its language, such as `fr=Conseil de sécurité`; give it once for each
    #[arg(long, required = true, value_name = "LANG=TERM", value_parser = term)]
    term: Vec<(Lang, String)>,
    /// The domain it belongs to
    #[arg(long, value_name = "TEXT")]
    domain: Vec<String>,
    /// What it is
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,
    /// The status of its terms
    #[arg(long, default_value = "proposed", value_name = "STATUS")]
    status: Status,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

/// A term with its language.
fn term(text: &str) -> Result<(Lang, String), String> {
    let (lang, term) = text.split_once('=').ok_or("write it as fr=Conseil de sécurité")?;
    let lang: Lang = lang.trim().parse().map_err(|error| format!("{error}"))?;
    match term.trim() {
        "" => Err("there is no term behind the `=`".to_owned()),
        term => Ok((lang, term.to_owned())),
    }
}

pub(crate) fn add(arguments: AddArguments) -> anyhow::Result<Outcome> {
    let open = open(&arguments.memory, &arguments.author, false)?;
    let store = TermStore::new(open.memory());
    if open.memory().concept(&arguments.id)?.is_some() {
        bail!("there is a concept `{}` already; change it with `terms set`", arguments.id);
    }
    let mut concept = Concept::new(&arguments.id);
    concept.domains = arguments.domain;
    concept.definition = arguments.definition;
    for (lang, text) in arguments.term {
        concept.add(lang, Term::new(text).with_status(arguments.status));
    }
    let changes = store.compare([concept])?;
    finish(&store, changes, "", false)?;
    Ok(Outcome::Done)
}

/// Change a concept of the termbase of a memory, or one of its terms
///
/// With --term, --status and --note are about that term, which is added if it is not there.
#[derive(Debug, clap::Args)]
pub(crate) struct SetArguments {
    /// The memory
    memory: PathBuf,
    /// The id of the concept
    id: String,
    /// A term with its language, such as `fr=Conseil de sécurité`
    #[arg(long, value_name = "LANG=TERM", value_parser = term)]
    term: Option<(Lang, String)>,
    /// The status of the term: preferred, admitted, deprecated, forbidden or proposed
    #[arg(long, value_name = "STATUS", requires = "term")]
    status: Option<Status>,
    /// A note to add
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// What the concept is
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,
    /// A domain to add
    #[arg(long, value_name = "TEXT")]
    domain: Option<String>,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

pub(crate) fn set(arguments: SetArguments) -> anyhow::Result<Outcome> {
    let open = journalled(&arguments.memory, &arguments.author)?;
    let store = TermStore::new(open.memory());
    let mut concept = store.get(&arguments.id)?;
    if let Some(definition) = arguments.definition {
        concept.definition = Some(definition);
    }
    concept.domains.extend(arguments.domain);
    match arguments.term {
        None => concept.notes.extend(arguments.note),
        Some((lang, text)) => {
            let of_lang = concept.languages.iter_mut().filter(|section| section.lang == lang);
            let known = of_lang.flat_map(|section| &mut section.terms).find(|t| t.text == text);
            let change = |term: &mut Term| {
                term.status = arguments.status.unwrap_or(term.status);
                term.notes.extend(arguments.note);
            };
            match known {
                Some(known) => change(known),
                None => {
                    let mut term = Term::new(text);
                    change(&mut term);
                    concept.add(lang, term);
                }
            }
        }
    }
    let changes = store.compare([concept])?;
    finish(&store, changes, "", false)?;
    Ok(Outcome::Done)
}

/// Merge a concept of the termbase of a memory into another one
#[derive(Debug, clap::Args)]
pub(crate) struct MergeArguments {
    /// The memory
    memory: PathBuf,
    /// The id of the concept that stays
    into: String,
    /// The id of the concept that goes
    from: String,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

pub(crate) fn merge(arguments: MergeArguments) -> anyhow::Result<Outcome> {
    let open = journalled(&arguments.memory, &arguments.author)?;
    let store = TermStore::new(open.memory());
    let changes = store.merge(&arguments.into, &arguments.from)?;
    finish(&store, changes, "", false)?;
    Ok(Outcome::Done)
}

/// Approve proposed concepts of the termbase of a memory
#[derive(Debug, clap::Args)]
pub(crate) struct ApproveArguments {
    /// The memory
    memory: PathBuf,
    /// The ids of the concepts
    #[arg(required = true)]
    ids: Vec<String>,
    /// Who makes the change, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
}

pub(crate) fn approve(arguments: ApproveArguments) -> anyhow::Result<Outcome> {
    let open = journalled(&arguments.memory, &arguments.author)?;
    let store = TermStore::new(open.memory());
    let changes = store.approve(&arguments.ids)?;
    finish(&store, changes, "", false)?;
    Ok(Outcome::Done)
}

/// Opens a memory with a journal, or makes one.
fn open(path: &Path, author: &str, dry_run: bool) -> anyhow::Result<OpenMemory> {
    let mut options = Memory::builder();
    options.author(author);
    let open = match dry_run {
        true => support::open_or_in_ram(path, &options)?,
        false => OpenMemory::open_or_create_with(path, &options)?,
    };
    if !open.is_store() {
        bail!("{}: a TMX file holds no terms; use a memory of its own", path.display());
    }
    Ok(open)
}

/// Prints changes and, unless it is a dry run, makes them last; whether anything was lost.
fn finish(
    store: &TermStore<'_>,
    changes: Vec<TermChange>,
    origin: &str,
    dry_run: bool,
) -> anyhow::Result<bool> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    changes.iter().try_for_each(|change| writeln!(out, "{change}"))?;
    out.flush()?;
    let count = changes.len();
    if dry_run {
        note(format_args!("{count} concept(s) would change; nothing was written"));
        return Ok(false);
    }
    let (revision, losses) = store.commit(changes, origin)?;
    losses.iter().for_each(|loss| warn(format_args!("lost: {loss}")));
    match revision {
        Some(revision) => note(format_args!("{count} concept(s) changed, revision {revision}")),
        None => note("nothing to change"),
    }
    Ok(!losses.is_empty())
}
