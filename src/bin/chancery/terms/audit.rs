//! `chancery terms audit`: what a memory makes of a termbase.

use std::io::Write;
use std::path::PathBuf;

use chancery::check::Auditor;
use serde_json::json;

use crate::support::{self, Judged, Outcome, note};

/// Find the units that use a term which was ruled out, and concepts named in several ways
///
/// Exit status 1 if a term that was ruled out stands in any unit.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory, or a file of units
    memory: PathBuf,
    /// A glossary, a folder of them or a memory with terms; give it once for each
    #[arg(long, value_name = "FILE", required = true)]
    glossary: Vec<PathBuf>,
    #[command(flatten)]
    judged: Judged,
    /// Print one JSON object for each term
    #[arg(long)]
    json: bool,
}

/// How many units a line of text names.
const SHOWN: usize = 10;

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let base = support::termbase(&arguments.glossary)?.base;
    let Judged { source, target, .. } = &arguments.judged;
    let auditor =
        Auditor::new(&base, source.clone(), target.clone()).scope(arguments.judged.scope());
    let open = support::open_memory(&arguments.memory)?;
    let mut run = auditor.run();
    let counter = support::counter("units read");
    for (number, stored) in (1..).zip(open.memory().units()?) {
        let (_, unit) = stored?;
        run.unit(number, &unit);
        counter.inc(1);
    }
    counter.finish_and_clear();
    let audit = run.finish();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for found in &audit.ruled_out {
        if arguments.json {
            let object = json!({
                "kind": "ruled-out",
                "concept": found.concept,
                "lang": found.lang.as_written(),
                "term": found.term,
                "status": found.status.as_str(),
                "replacement": found.replacement,
                "units": found.units,
            });
            writeln!(out, "{object}")?;
            continue;
        }
        let instead = found.replacement.as_ref();
        let instead = instead.map(|term| format!(", write `{term}`")).unwrap_or_default();
        writeln!(
            out,
            "{}: `{}` ({}) is {}{instead}: {}",
            found.concept,
            found.term,
            found.lang,
            found.status,
            places(&found.units)
        )?;
    }
    for found in &audit.several {
        if arguments.json {
            let ways = found.ways.iter().map(|(term, units)| json!({"term": term, "units": units}));
            let object = json!({
                "kind": "several",
                "concept": found.concept,
                "source": found.source,
                "ways": ways.collect::<Vec<_>>(),
            });
            writeln!(out, "{object}")?;
            continue;
        }
        let count = found.ways.len();
        writeln!(out, "{}: `{}` is translated in {count} ways", found.concept, found.source)?;
        for (term, units) in &found.ways {
            writeln!(out, "    `{term}`: {}", places(units))?;
        }
    }
    out.flush()?;
    note(format_args!(
        "{}: {} units, {} terms ruled out in use, {} concepts named in several ways",
        support::shown(&arguments.memory),
        audit.units,
        audit.ruled_out.len(),
        audit.several.len()
    ));
    Ok(if audit.ruled_out.is_empty() { Outcome::Done } else { Outcome::Found })
}

/// How many units there are, and which; the others are counted.
fn places(units: &[u64]) -> String {
    let shown: Vec<String> = units.iter().take(SHOWN).map(u64::to_string).collect();
    let more = units.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let what = if units.len() == 1 { "unit" } else { "units" };
    format!("{what} {}{more}", shown.join(", "))
}
