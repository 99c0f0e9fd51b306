//! `chancery terms convert`: glossaries from one format into another.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chancery::Lang;
use chancery::exchange::{
    AtomicFile, TbxDialect, TbxHeader, TermFormat, write_glossary, write_tbx,
};
use chancery::term::Termbase;
use serde_json::json;

use crate::support::{self, Outcome, note, warn};

/// Losses shown without --json.
const SHOWN: usize = 20;

/// Convert a glossary into another format, and say what that format cannot hold
///
/// The name of the output tells its format: .tbx, .csv, .tsv, .xlsx, .utx, and .txt, .utf8 or .tab
/// for OmegaT. CSV, TSV and XLSX keep ids: what was edited there goes back to the same concepts. Exit
/// status 1 if anything was lost or could not be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The glossary (TBX, CSV, TSV, UTX, OmegaT, XLIFF, XLSX), or a folder of glossaries to join
    input: PathBuf,
    /// Where to write
    output: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// How a glossary is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Form {
    /// Dialect of TBX: private (holds everything), v2, core, min, min-dct, basic or basic-dct. By
    /// default that of the input, else basic; of a memory private
    #[arg(long, value_name = "DIALECT")]
    dialect: Option<TbxDialect>,
    /// Source language of UTX and OmegaT
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// Target language of UTX and OmegaT
    #[arg(long, default_value = "en", value_name = "TAG")]
    target: Lang,
    /// Print one JSON object for each loss
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let glossaries = support::glossaries(std::slice::from_ref(&arguments.input))?;
    let header = match glossaries.files.as_slice() {
        [(_, file)] => file.header.clone(),
        _ => TbxHeader::new("Glossaries"),
    };
    let whole = write(&glossaries.base, &header, &arguments.output, &arguments.form)?;
    Ok(if whole && glossaries.rejected() == 0 { Outcome::Done } else { Outcome::Found })
}

/// Writes a termbase and says what was lost; whether nothing was.
pub(crate) fn write(
    base: &Termbase,
    header: &TbxHeader,
    output: &Path,
    form: &Form,
) -> anyhow::Result<bool> {
    let name = output.display();
    let Some(format) = TermFormat::of_name(output) else {
        bail!("{name}: the name tells no format; end it in .tbx, .csv, .tsv, .xlsx, .utx or .txt");
    };
    if form.dialect.is_some() && format != TermFormat::Tbx {
        bail!("--dialect is about TBX, but {name} is {format}; name a .tbx file or leave it out");
    }
    let mut file = AtomicFile::create(output)?;
    let losses = match format {
        TermFormat::Tbx => {
            let dialect = form.dialect.or(header.dialect()).unwrap_or(TbxDialect::Basic);
            write_tbx(&mut file, base, header, dialect)
        }
        format => {
            let pair = [form.source.clone(), form.target.clone()];
            write_glossary(&mut file, base, format, &pair)
        }
    }
    .with_context(|| name.to_string())?;
    file.commit()?;
    if form.json {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for loss in &losses {
            let object = json!({"concept": loss.concept, "term": loss.term, "lost": loss.what});
            writeln!(out, "{object}")?;
        }
        out.flush()?;
    } else {
        for loss in losses.iter().take(SHOWN) {
            match loss.concept.as_str() {
                "" => warn(format_args!("{name} does not hold {}", loss.what)),
                _ => warn(format_args!("lost: {loss}")),
            }
        }
        if losses.len() > SHOWN {
            let rest = losses.len() - SHOWN;
            warn(format_args!("{rest} more losses; --json prints all of them"));
        }
    }
    let terms: usize = base
        .concepts()
        .iter()
        .flat_map(|concept| &concept.languages)
        .map(|section| section.terms.len())
        .sum();
    let of = match format {
        TermFormat::Utx | TermFormat::OmegaT => {
            format!("the pairs of `{}` and `{}` of ", form.source, form.target)
        }
        _ => String::new(),
    };
    note(format_args!("{name}: {of}{} concepts, {terms} terms, {format}", base.len()));
    Ok(losses.is_empty())
}
