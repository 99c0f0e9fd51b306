//! `chancery validate`: is a file what its format demands?

use std::io::Write;
use std::path::PathBuf;

use chancery::exchange::{Format, ReadOptions, validate};
use serde_json::json;

use crate::support::{Outcome, note};

/// Say whether a file is what its format demands
///
/// Without --strict: what a reader has to work around. Exit status 1 if anything was found.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file: TMX, XLIFF, PO, CSV, TSV, XLSX, TBX, or a file of units in a gzip or ZIP archive
    file: PathBuf,
    /// List every violation of the standard, with its clause
    #[arg(long)]
    strict: bool,
    /// Print one JSON object for each finding
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let found = validate(&arguments.file, ReadOptions::new().strict(arguments.strict))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for diagnostic in &found.diagnostics {
        if arguments.json {
            let object = json!({
                "code": diagnostic.code(),
                "clause": diagnostic.problem.clause(),
                "file": diagnostic.file,
                "line": diagnostic.line,
                "column": diagnostic.column,
                "unit": diagnostic.unit,
                "rejected": diagnostic.rejected,
                "message": diagnostic.message,
            });
            writeln!(out, "{object}")?;
        } else {
            writeln!(out, "{diagnostic}")?;
        }
    }
    if let Some(error) = &found.error {
        match arguments.json {
            true => {
                let object = json!({
                    "code": "unreadable",
                    "file": error.file(),
                    "line": error.line(),
                    "column": error.column(),
                    "message": error.to_string(),
                });
                writeln!(out, "{object}")?;
            }
            false => writeln!(out, "{error}")?,
        }
    }
    out.flush()?;
    let (units, rejected) = found.counts;
    let what = if found.format == Format::Tbx { "concepts" } else { "units" };
    note(format_args!(
        "{}: {}, {units} {what}, {rejected} of them unreadable, {} findings",
        arguments.file.display(),
        found.format,
        found.diagnostic_count
    ));
    Ok(if found.is_valid() { Outcome::Done } else { Outcome::Found })
}
