//! What the commands share: outcomes, input, output, progress.

use std::io::{self, IsTerminal, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
#[cfg(feature = "documents")]
use chancery::exchange::documents::{self, DocumentFormat};
use chancery::exchange::{AtomicFile, ReadOptions, TermFormat};
use chancery::memory::{Memories, Memory, MemoryBuilder, Penalties, PenaltyKind, Selection};
use chancery::tasks::{Glossaries, OpenMemory, TermStore};
use chancery::term::{Day, Scope};
use chancery::text::{Segmenter, decode, srx};
use chancery::{Document, Lang, Unit};
use indicatif::{ProgressBar, ProgressStyle};

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done: exit status 0.
    Done,
    /// Done, but something was found or rejected: exit status 1.
    Found,
}

/// Whether an error says that nobody reads our output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Whether a path stands for standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// Says something to the person at the terminal, beside the results.
pub(crate) fn note(message: impl std::fmt::Display) {
    eprintln!("chancery: {message}");
}

/// Warns of something that may be a mistake.
pub(crate) fn warn(message: impl std::fmt::Display) {
    eprintln!("chancery: warning: {message}");
}

/// How a text is cut into sentences.
#[derive(Debug)]
pub(crate) enum Cut {
    /// One sentence a line already.
    Lines,
    /// By the built-in rules of its language.
    BuiltIn,
    /// By these rules.
    Rules(Segmenter),
}

/// Reads segmentation rules; those that can not be used are reported and left out.
pub(crate) fn segmenter(path: &Path, lang: &Lang) -> anyhow::Result<Segmenter> {
    let file = std::fs::File::open(path)
        .with_context(|| format!("{}: the rules cannot be opened", path.display()))?;
    let (rules, problems) =
        srx::Rules::read(io::BufReader::new(file)).with_context(|| path.display().to_string())?;
    let (segmenter, more) = Segmenter::new(&rules, lang);
    for problem in problems.iter().chain(&more) {
        warn(format_args!("{}: {problem}", path.display()));
    }
    Ok(segmenter)
}

/// Reads a document from a file or, where the path is `-`, from standard input. Of DOCX, ODT and
/// HTML files the text is read, where this program was built to.
pub(crate) fn document(path: &Path, lang: Lang, cut: &Cut) -> anyhow::Result<Document> {
    if is_standard(path) {
        let text = standard_input()?;
        if text.trim().is_empty() {
            bail!("standard input: there is no text in it");
        }
        return Ok(match cut {
            Cut::Lines => Document::segmented(text, lang),
            Cut::BuiltIn => Document::new(text, lang),
            Cut::Rules(segmenter) => Document::with_segmenter(text, lang, segmenter),
        });
    }
    #[cfg(feature = "documents")]
    if is_document(path) {
        let options = ReadOptions::new();
        return Ok(match cut {
            Cut::Lines => bail!(
                "{}: is a document; --segmented is for texts with one sentence a line",
                path.display()
            ),
            Cut::BuiltIn => documents::read_document(path, lang, &options)?,
            Cut::Rules(rules) => documents::read_document_with(path, lang, rules, &options)?,
        });
    }
    if path.extension().is_some_and(|name| name.eq_ignore_ascii_case("tbx")) {
        bail!("{}: is a glossary, not a text; `terms convert` makes a table of it", path.display());
    }
    Ok(match cut {
        Cut::Lines => Document::segmented_from_path(path, lang)?,
        Cut::BuiltIn => Document::from_path(path, lang)?,
        Cut::Rules(segmenter) => Document::from_path_with(path, lang, segmenter)?,
    })
}

/// Whether a file is in one of the formats of documents. One that cannot be opened is not: reading it
/// as a text says why.
#[cfg(feature = "documents")]
fn is_document(path: &Path) -> bool {
    let mut head = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(16 << 10).read_to_end(&mut head));
    read.is_ok() && DocumentFormat::detect(&head, path).is_some()
}

/// The text on standard input.
pub(crate) fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("standard input cannot be read")?;
    decode(&bytes).context("standard input")
}

/// The text of a file or, where the path is `-`, of standard input.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    if is_standard(path) {
        return standard_input();
    }
    let name = path.display();
    if path.is_dir() {
        bail!("{name}: is a directory; give a file in it");
    }
    let bytes = std::fs::read(path).with_context(|| format!("{name}: cannot be read"))?;
    decode(&bytes).with_context(|| name.to_string())
}

/// Reads glossaries, folders of them too, into one termbase, and says what of them could not be
/// taken.
pub(crate) fn glossaries(paths: &[impl AsRef<Path>]) -> anyhow::Result<Glossaries> {
    let glossaries = Glossaries::read(paths, &ReadOptions::new())?;
    for (path, file) in glossaries.files.iter().filter(|(_, file)| file.rejected > 0) {
        warn(format_args!("{}: {} entries could not be read", path.display(), file.rejected));
        for diagnostic in file.diagnostics.iter().filter(|diagnostic| diagnostic.rejected) {
            warn(diagnostic);
        }
    }
    Ok(glossaries)
}

/// Reads glossaries, folders of them and the termbases of memories into one termbase.
pub(crate) fn termbase(paths: &[PathBuf]) -> anyhow::Result<Glossaries> {
    let is_memory = |path: &&PathBuf| {
        OpenMemory::is_store_at(path) && TermFormat::of_name(path.as_path()).is_none()
    };
    let (memories, files): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(is_memory);
    let mut all = glossaries(&files)?;
    for path in memories {
        let open = open_memory(path)?;
        let terms = TermStore::new(open.memory()).load()?;
        if terms.is_empty() {
            bail!("{}: there are no terms in the memory; `terms import` adds some", shown(path));
        }
        all.base.extend(terms.into_concepts());
    }
    Ok(all)
}

/// A counter for long work, shown on a terminal only.
pub(crate) fn counter(what: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} {msg}  {per_sec}  {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style).with_message(what);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Opens a memory, and says what of a file could not be taken.
pub(crate) fn open_memory(path: &Path) -> anyhow::Result<OpenMemory> {
    open_memory_with(path, &MemoryBuilder::default())
}

/// Opens a memory with options, and says what of a file could not be taken.
pub(crate) fn open_memory_with(path: &Path, options: &MemoryBuilder) -> anyhow::Result<OpenMemory> {
    let open = OpenMemory::open_with(path, options)?;
    if !open.rejected().is_empty() {
        warn(format_args!(
            "{}: {} units could not be taken; `chancery validate` lists them",
            path.display(),
            open.rejected().len()
        ));
    }
    Ok(open)
}

/// The name of a memory for a message: an address without its password.
pub(crate) fn shown(path: &Path) -> String {
    OpenMemory::shown(path).display().to_string()
}

/// Opens a memory for a dry run: one that is not there is not made.
pub(crate) fn open_or_in_ram(path: &Path, options: &MemoryBuilder) -> anyhow::Result<OpenMemory> {
    match OpenMemory::open_with(path, options) {
        Err(error) if error.is_missing() => Ok(OpenMemory::in_ram()),
        opened => Ok(opened?),
    }
}

/// What matches are found in besides one memory, and what they lose.
#[derive(Debug, clap::Args)]
pub(crate) struct Ranking {
    /// Look in this memory too, which comes after MEMORY; with =POINTS its matches lose so many
    /// points. May be given several times
    #[arg(long, value_name = "MEMORY[=POINTS]", value_parser = also)]
    pub(crate) also: Vec<(PathBuf, f64)>,
    /// Take points from matches for a reason: variety, draft, deprecated, alignment, machine, age,
    /// context, memory or preference, as draft=5; `age` is for each year
    #[arg(long, value_name = "REASON=POINTS", value_parser = penalty)]
    penalty: Vec<(PenaltyKind, f64)>,
}

/// The memories that are asked one after the other, each with its name where there are several.
pub(crate) fn each_asked<'p>(
    first: &'p Path,
    also: &'p [PathBuf],
) -> impl Iterator<Item = (&'p Path, Option<String>)> {
    let named = !also.is_empty();
    let paths = std::iter::once(first).chain(also.iter().map(PathBuf::as_path));
    paths.map(move |path| (path, named.then(|| shown(path))))
}

/// Writes from which memory comes what follows, where several are asked.
pub(crate) fn write_name(out: &mut impl Write, memory: Option<&str>) -> anyhow::Result<()> {
    memory.map_or(Ok(()), |name| Ok(writeln!(out, "{name}:")?))
}

/// Writes a report as a line of JSON, with the name of the memory it is of where several are asked.
pub(crate) fn write_json(
    out: &mut impl Write,
    report: &impl serde::Serialize,
    memory: Option<&str>,
) -> anyhow::Result<()> {
    #[derive(serde::Serialize)]
    struct Named<'n, R> {
        memory: &'n str,
        #[serde(flatten)]
        report: &'n R,
    }
    match memory {
        Some(memory) => serde_json::to_writer(&mut *out, &Named { memory, report })?,
        None => serde_json::to_writer(&mut *out, report)?,
    }
    writeln!(out)?;
    Ok(())
}

/// Where a unit comes from: its document, and where it stands there.
pub(crate) fn place(unit: &Unit) -> Option<String> {
    let document = unit.document()?;
    Some(match unit.paragraph() {
        Some(paragraph) => format!("{document}, paragraph {paragraph}"),
        None => document.to_owned(),
    })
}

/// A memory that is asked with others.
#[derive(Debug)]
pub(crate) struct Held {
    name: String,
    open: OpenMemory,
    points: f64,
}

impl Held {
    pub(crate) fn memory(&self) -> &Memory {
        self.open.memory()
    }
}

impl Ranking {
    /// Opens the memory and those that come after it.
    pub(crate) fn open(&self, first: &Path) -> anyhow::Result<Vec<Held>> {
        let others = self.also.iter().map(|(path, points)| (path.as_path(), *points));
        let held =
            |(path, points)| Ok(Held { name: shown(path), open: open_memory(path)?, points });
        std::iter::once((first, 0.0)).chain(others).map(held).collect()
    }

    /// The default penalties, with those that were given, counted to today.
    pub(crate) fn penalties(&self) -> Penalties {
        let today = jiff::Timestamp::now().strftime("%F").to_string();
        let mut penalties = Penalties::default().on(&today);
        self.penalty.iter().for_each(|&(kind, points)| penalties.set(kind, points));
        penalties
    }
}

/// Memories to be asked as one.
pub(crate) fn memories(held: &[Held]) -> Memories<'_> {
    held.iter().fold(Memories::new(), |memories, held| {
        memories.with_penalty(&*held.name, held.memory(), held.points)
    })
}

/// A memory, and the points that its matches lose.
fn also(text: &str) -> Result<(PathBuf, f64), String> {
    let split = text.rsplit_once('=');
    let points = split.and_then(|(path, points)| Some((path, points.parse::<f64>().ok()?)));
    match points {
        // A name may have the sign itself, and so may the options of an address.
        _ if text.contains('?') || std::path::Path::new(text).exists() => Ok((text.into(), 0.0)),
        Some((path, points)) if (0.0..=100.0).contains(&points) => Ok((path.into(), points)),
        Some((_, points)) => Err(format!("`{points}` is no number from 0 to 100")),
        None => Ok((text.into(), 0.0)),
    }
}

fn penalty(text: &str) -> Result<(PenaltyKind, f64), String> {
    let (name, points) = text.split_once('=').ok_or("write it as REASON=POINTS")?;
    let kind = PenaltyKind::ALL.into_iter().find(|kind| kind.name() == name);
    let kind = kind.ok_or_else(|| format!("`{name}` is no reason for a penalty"))?;
    match points.parse() {
        Ok(points) if (0.0..=100.0).contains(&points) => Ok((kind, points)),
        _ => Err(format!("`{points}` is no number from 0 to 100")),
    }
}

/// Which units are meant, by what is said of them.
#[derive(Debug, clap::Args)]
pub(crate) struct Which {
    /// Only units of this document
    #[arg(long, value_name = "NAME")]
    document: Option<String>,
    /// No units of this document. May be given several times
    #[arg(long, value_name = "NAME")]
    not_document: Vec<String>,
    /// Only units dated on this day or later, as 2014-03-15 or 2014
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only units dated before this day
    #[arg(long, value_name = "DATE")]
    before: Option<String>,
    /// Only units with this status, such as approved
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
}

impl Which {
    pub(crate) fn selection(&self) -> Selection {
        let selection = Selection::default()
            .document(self.document.as_deref())
            .dated_from(self.from.as_deref())
            .dated_before(self.before.as_deref())
            .status(self.status.as_deref());
        self.not_document.iter().fold(selection, |selection, name| selection.not_document(name))
    }
}

/// Between which languages translations are judged, and by whose terms.
#[derive(Debug, clap::Args)]
pub(crate) struct Judged {
    /// The language of the source
    #[arg(long, default_value = "fr", value_name = "TAG")]
    pub(crate) source: Lang,
    /// The language of the target
    #[arg(long, default_value = "en", value_name = "TAG")]
    pub(crate) target: Lang,
    /// The house whose terms apply
    #[arg(long, value_name = "NAME")]
    house: Option<String>,
    /// The day for which terms are judged, such as 2016-03-18
    #[arg(long, value_name = "DAY")]
    day: Option<Day>,
}

impl Judged {
    pub(crate) fn scope(&self) -> Scope {
        Scope { house: self.house.clone(), day: self.day }
    }
}

/// How places of a text are marked: by bold letters on a terminal, else by square brackets.
#[derive(Debug)]
pub(crate) struct Marks {
    before: &'static str,
    after: &'static str,
}

impl Marks {
    /// The marks for standard output. `NO_COLOR` asks for brackets on a terminal too.
    pub(crate) fn of_output() -> Marks {
        match io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            true => Marks { before: "\x1b[1;36m", after: "\x1b[0m" },
            false => Marks { before: "[", after: "]" },
        }
    }

    /// A text with these places marked, which are in order and apart.
    pub(crate) fn mark(&self, text: &str, spans: &[Range<usize>]) -> String {
        let (mut marked, mut end) = (String::with_capacity(text.len() + 16), 0);
        for span in spans {
            marked.push_str(&text[end..span.start]);
            marked.push_str(self.before);
            marked.push_str(&text[span.clone()]);
            marked.push_str(self.after);
            end = span.end;
        }
        marked + &text[end..]
    }
}

/// Writes a file that appears as a whole or not at all; `-` is standard output.
pub(crate) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if is_standard(path) {
        let mut out = io::BufWriter::new(io::stdout().lock());
        write(&mut out)?;
        return Ok(out.flush()?);
    }
    let mut file = AtomicFile::create(path)?;
    write(&mut file).with_context(|| format!("{}: cannot be written", path.display()))?;
    Ok(file.commit()?)
}

/// Lets Ctrl-C remove what is half written before it ends the program.
pub(crate) fn clean_up_on_interrupt() {
    // Without a handler an unfinished file is left under a hidden name: no reason to stop.
    let _ = ctrlc::set_handler(|| {
        AtomicFile::remove_unfinished();
        // What a shell reports of a program ended by Ctrl-C.
        std::process::exit(130);
    });
}
