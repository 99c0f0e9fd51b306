//! `chancery export`: a memory into a file.

use std::path::PathBuf;

use chancery::Lang;
use chancery::exchange::Flavour;
use chancery::tasks::FileExport;

use crate::support::{self, Outcome, Which, note, warn};

/// Export a memory into a file
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory
    memory: PathBuf,
    /// Where to write: .tmx, .tsv, .csv, or .xlsx for a reviser, whose edits `import` takes back
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// A language to export; give it once for each. All languages by default
    #[arg(long, value_name = "TAG")]
    lang: Vec<Lang>,
    #[command(flatten)]
    which: Which,
    /// For which tool TMX is written
    #[arg(long, value_enum, default_value_t = For::Lossless, value_name = "TOOL")]
    flavour: For,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum For {
    /// Everything that came in, also what no standard knows
    Lossless,
    /// TMX 1.4b and nothing the standard does not have
    Strict,
    /// TMX of level 1: text without inline codes
    Level1,
    /// OmegaT
    Omegat,
    /// Trados Studio: the first two languages given, French and English by default
    Trados,
}

impl For {
    fn flavour(self, langs: &[Lang]) -> Flavour {
        match self {
            For::Lossless => Flavour::Lossless,
            For::Strict => Flavour::Strict,
            For::Level1 => Flavour::Level1,
            For::Omegat => Flavour::OmegaT,
            For::Trados => Flavour::Trados {
                source: langs.first().cloned().unwrap_or(Lang::FR),
                target: langs.get(1).cloned().unwrap_or(Lang::EN),
            },
        }
    }
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let memory = support::open_memory(&arguments.memory)?;
    let flavour = arguments.flavour.flavour(&arguments.lang);
    let export = FileExport::new()
        .langs(arguments.lang)
        .select(arguments.which.selection())
        .flavour(flavour);
    let report = export.run(&memory, &arguments.output)?;
    let name = arguments.output.display();
    note(format_args!("{name}: {} units", report.units));
    if report.dropped > 0 {
        warn(format_args!(
            "{name}: {} things this format cannot hold were left out",
            report.dropped
        ));
    }
    Ok(Outcome::Done)
}
