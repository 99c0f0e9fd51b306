//! `chancery align`: documents into aligned segments.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chancery::align::{Aligner, Alignment};
use chancery::exchange::{AlignmentFormat, read_ladder, write_alignment};
use chancery::text::guess_language;
use chancery::{Document, Lang};

use crate::support::{self, Cut, Outcome, note, warn};

/// Align a text with its translations
///
/// Texts are plain, DOCX, ODT or HTML. Without -o the aligned sentences are printed, a bead a line: source, tab, target, tab,
/// confidence.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The source text, or `-` for standard input
    source_file: PathBuf,
    /// Its translation, and one into another language if there is one
    #[arg(required = true, num_args = 1..=2)]
    target_files: Vec<PathBuf>,
    /// Where to write: .tmx, .tsv, .html (a page for review) or .ladder; may be given more than
    /// once
    #[arg(short, long, value_name = "OUT")]
    output: Vec<PathBuf>,
    /// The files hold one sentence a line: do not segment them again
    #[arg(long)]
    segmented: bool,
    /// Language of the source text
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// A memory whose units teach the aligner words: 100,000 spread evenly over a larger one
    #[arg(long, value_name = "MEMORY")]
    memory: Option<PathBuf>,
    /// A glossary, a folder of them or a memory with terms, which teach the aligner words; give it
    /// once for each
    #[arg(long)]
    glossary: Vec<PathBuf>,
    /// Beads that are known, as a ladder: they are kept
    #[arg(long, value_name = "LADDER")]
    fix: Option<PathBuf>,
    /// Language of a translation, in the order of the files [default: en, then ru]
    #[arg(long, value_name = "TAG")]
    target: Vec<Lang>,
}

/// The units of a memory that are learnt from. More take longer and say hardly more.
const MOST_UNITS: u64 = 100_000;

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let targets = target_languages(&arguments)?;
    let formats: Vec<AlignmentFormat> = (arguments.output.iter())
        .map(|path| {
            AlignmentFormat::of(path).with_context(|| {
                format!("{}: the name must end in .tmx, .tsv, .html or .ladder", path.display())
            })
        })
        .collect::<Result<_, _>>()?;
    let cut = if arguments.segmented { Cut::Lines } else { Cut::BuiltIn };
    let files = [&arguments.source_file].into_iter().chain(&arguments.target_files);
    let langs = [arguments.source.clone()].into_iter().chain(targets);
    let documents: Vec<(&Path, Document)> = files
        .zip(langs)
        .map(|(file, lang)| Ok((file.as_path(), support::document(file, lang, &cut)?)))
        .collect::<anyhow::Result<_>>()?;
    warn_of_swapped_files(&documents);

    let aligner = aligner(&arguments, &documents)?;
    let alignment = match documents.as_slice() {
        [(_, source), (_, target)] => aligner.align(source, target),
        [(_, source), (_, first), (_, second)] => aligner.align_three(source, first, second),
        _ => bail!("one source and one or two translations can be aligned"),
    };
    for refused in alignment.refused() {
        warn(refused);
    }
    summarise(&alignment);
    if formats.is_empty() {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        write_alignment(&alignment, AlignmentFormat::Tsv, "", &mut out)?;
        out.flush()?;
    }
    let title: Vec<String> = documents.iter().map(|(path, _)| name_of(path)).collect();
    for (path, format) in arguments.output.iter().zip(formats) {
        support::write_file(path, |out| {
            Ok(write_alignment(&alignment, format, &title.join(" · "), out)?)
        })?;
    }
    Ok(Outcome::Done)
}

/// An aligner with what is known beforehand.
fn aligner(arguments: &Arguments, documents: &[(&Path, Document)]) -> anyhow::Result<Aligner> {
    let mut aligner = Aligner::new();
    if let Some(path) = &arguments.fix {
        let beads = read_ladder(&support::text(path)?)
            .with_context(|| format!("{}: the ladder cannot be read", path.display()))?;
        aligner = aligner.fix(beads.iter().map(|bead| bead.sides().to_vec()));
    }
    let memory = arguments.memory.as_deref().map(support::open_memory).transpose()?;
    let terms = match arguments.glossary.as_slice() {
        [] => None,
        paths => Some(support::termbase(paths)?.base),
    };
    for (nth, (_, one)) in documents.iter().enumerate() {
        for (_, other) in &documents[nth + 1..] {
            let (one, other) = (one.lang(), other.lang());
            if let Some(open) = &memory {
                aligner = aligner.lexicon(&open.memory().lexicon_from(MOST_UNITS, one, other)?);
            }
            if let Some(terms) = &terms {
                aligner = aligner.lexicon(&terms.lexicon(one, other));
            }
        }
    }
    Ok(aligner)
}

/// The languages of the translations: those given, else English and Russian.
fn target_languages(arguments: &Arguments) -> anyhow::Result<Vec<Lang>> {
    let files = arguments.target_files.len();
    let mut targets = arguments.target.clone();
    if targets.len() > files {
        bail!("--target is given {} times for {files} translations", targets.len());
    }
    for lang in [Lang::EN, Lang::RU] {
        if targets.len() < files && !targets.contains(&lang) && lang != arguments.source {
            targets.push(lang);
        }
    }
    if targets.len() < files {
        bail!("give the language of each translation with --target");
    }
    let mut all = targets.clone();
    all.push(arguments.source.clone());
    all.sort();
    all.dedup();
    if all.len() <= files {
        bail!("two of the texts are said to be in the same language; see --source and --target");
    }
    Ok(targets)
}

fn warn_of_swapped_files(documents: &[(&Path, Document)]) {
    for (path, document) in documents {
        let Some(guess) = guess_language(document.text()) else { continue };
        let declared = document.lang();
        if guess.primary() == declared.primary() {
            continue;
        }
        warn(format_args!(
            "{} seems to be in `{guess}`, not in `{declared}`; are the files in the right order? \
             (see --source and --target)",
            path.display()
        ));
    }
}

fn summarise(alignment: &Alignment) {
    let beads = alignment.beads();
    let doubtful = beads.iter().filter(|bead| bead.confidence() < 0.9).count();
    let sides = alignment.documents().len();
    let alone =
        beads.iter().filter(|bead| (0..sides).any(|side| bead.side(side).is_empty())).count();
    note(format_args!(
        "{} beads, {doubtful} doubtful (confidence below 0.90), {alone} with nothing in a language",
        beads.len()
    ));
}

fn name_of(path: &Path) -> String {
    match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    }
}
