//! `chancery segment`: one sentence a line.

use std::io::Write;
use std::path::PathBuf;

use chancery::Lang;
use chancery::text::srx::Rules;

use crate::support::{self, Cut, Outcome};

/// Cut a text into sentences and print one a line
///
/// The text is plain, DOCX, ODT or HTML. Where a plain text wraps a line inside a sentence, the line's end becomes a space.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The text, or `-` for standard input
    #[arg(required_unless_present = "rules")]
    file: Option<PathBuf>,
    /// Language of the text
    #[arg(long, default_value = "fr", value_name = "TAG")]
    lang: Lang,
    /// Segmentation rules (SRX) to use instead of the built-in ones
    #[arg(long, value_name = "RULES")]
    srx: Option<PathBuf>,
    /// Print the built-in rules as SRX, for other tools
    #[arg(long, conflicts_with_all = ["file", "srx"])]
    rules: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let Some(file) = &arguments.file else {
        Rules::built_in().write(&mut out)?;
        out.flush()?;
        return Ok(Outcome::Done);
    };
    let cut = match &arguments.srx {
        Some(path) => Cut::Rules(support::segmenter(path, &arguments.lang)?),
        None => Cut::BuiltIn,
    };
    let document = support::document(file, arguments.lang, &cut)?;
    for sentence in document.sentences() {
        writeln!(out, "{}", sentence.text())?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
