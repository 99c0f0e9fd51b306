//! `chancery analyse`: how much of a file a memory covers.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use chancery::Lang;
use chancery::tasks::{Analysis, Band, Leverage, TranslatableFile, Weights};
use serde_json::json;

use crate::support::{self, Outcome};

/// Tell how much of files to translate a memory covers, by band
///
/// Files are XLIFF, PO, text, DOCX, ODT or HTML. A segment is counted once, in the best band it
/// reaches: 102 and 101 (exact, in the same place), repetition (met before in these files), 100,
/// repaired (a number, date or reference carried over), fuzzy bands, internal ones (like an
/// earlier segment of these files), new.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory: its file, or a TMX file, which is read into RAM
    memory: PathBuf,
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Language of the files, where they do not say it
    #[arg(long, default_value = "fr", value_name = "TAG")]
    source: Lang,
    /// Language to translate into, where they do not say it
    #[arg(long, default_value = "en", value_name = "TAG")]
    target: Lang,
    #[command(flatten)]
    ranking: support::Ranking,
    /// What a word of a band is paid, of 1 for a new one (`--weight 100=0.2`)
    #[arg(long = "weight", value_name = "BAND=WEIGHT", value_parser = weight)]
    weights: Vec<(Band, f64)>,
    /// Print one JSON object for each file, and one for all
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

fn weight(text: &str) -> Result<(Band, f64), String> {
    let (name, weight) = text.split_once('=').ok_or("write it as BAND=WEIGHT")?;
    let names = || Band::ALL.map(Band::name).join(", ");
    let band = Band::ALL.into_iter().find(|band| band.name() == name.trim());
    let band = band.ok_or_else(|| format!("no band `{name}`; there are {}", names()))?;
    let weight: f64 = weight.trim().parse().map_err(|_| "a weight is a number like 0.5")?;
    match (0.0..=10.0).contains(&weight) {
        true => Ok((band, weight)),
        false => Err("a weight lies between 0 and 10".to_owned()),
    }
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let given = arguments.weights.iter();
    let weights = given.fold(Weights::default(), |all, &(band, weight)| all.with(band, weight));
    let opened = arguments.ranking.open(&arguments.memory)?;
    let analysis = Analysis::new(support::memories(&opened));
    let mut analysis = analysis.penalties(arguments.ranking.penalties());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut all = Leverage::default();
    if arguments.csv {
        writeln!(out, "file,band,segments,words,characters,weighted words")?;
    }
    for path in &arguments.files {
        if support::is_standard(path) {
            bail!("an analysis needs files with names");
        }
        let file = TranslatableFile::open(path, &arguments.source, &arguments.target)?;
        let leverage = analysis.file(&file).with_context(|| path.display().to_string())?;
        all.add(&leverage);
        print(&mut out, &path.display().to_string(), &leverage, &weights, &arguments)?;
    }
    if arguments.files.len() > 1 {
        print(&mut out, "all files", &all, &weights, &arguments)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn print(
    out: &mut impl Write,
    name: &str,
    leverage: &Leverage,
    weights: &Weights,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let weighted = |band| leverage.of(band).words as f64 * weights.of(band);
    if arguments.json {
        let bands: Vec<_> = Band::ALL
            .into_iter()
            .map(|band| {
                let volume = leverage.of(band);
                json!({
                    "band": band.name(),
                    "segments": volume.segments,
                    "words": volume.words,
                    "characters": volume.characters,
                    "weight": weights.of(band),
                })
            })
            .collect();
        let total = json!({
            "file": name,
            "bands": bands,
            "total": leverage.total(),
            "weighted_words": leverage.weighted_words(weights),
        });
        writeln!(out, "{total}")?;
        return Ok(());
    }
    if arguments.csv {
        let quoted = name.replace('"', "\"\"");
        for band in Band::ALL {
            let v = leverage.of(band);
            let (segments, words, characters) = (v.segments, v.words, v.characters);
            let weighted = weighted(band);
            writeln!(out, "\"{quoted}\",{band},{segments},{words},{characters},{weighted:.1}")?;
        }
        return Ok(());
    }
    writeln!(out, "{name}")?;
    writeln!(
        out,
        "  {:<14} {:>9} {:>9} {:>10} {:>6} {:>9}",
        "band", "segments", "words", "characters", "share", "weighted"
    )?;
    let total = leverage.total();
    let share = |words: u64| 100.0 * words as f64 / total.words.max(1) as f64;
    for band in Band::ALL {
        let volume = leverage.of(band);
        // Most files have nothing in most internal bands.
        if volume.segments == 0 {
            continue;
        }
        writeln!(
            out,
            "  {:<14} {:>9} {:>9} {:>10} {:>5.1}% {:>9.1}",
            band,
            volume.segments,
            volume.words,
            volume.characters,
            share(volume.words),
            weighted(band)
        )?;
    }
    writeln!(
        out,
        "  {:<14} {:>9} {:>9} {:>10} {:>6} {:>9.1}",
        "total",
        total.segments,
        total.words,
        total.characters,
        "",
        leverage.weighted_words(weights)
    )?;
    Ok(())
}
