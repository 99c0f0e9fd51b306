//! `chancery check`: does a translation say what its source says, in the terms it should?

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chancery::check::{Accepted, CheckedUnit, Checker, Finding, FindingKind, Report, Severity};
use chancery::exchange::{self, FindingsPage, ReadOptions};
use chancery::tasks::FindingReport;
use serde::Serialize;

use crate::support::{self, Judged, Outcome, note, warn, write_file};

/// Check translations: terms, numbers, dates, negation, codes, punctuation
///
/// Prints a line for each finding: file, place of the unit, severity, kind, what is wrong, and in
/// brackets the fingerprint by which a list of accepted findings knows it. Exit status 1 if
/// anything was found.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The translations: TMX, XLIFF, PO, CSV, TSV, XLSX, or such a file in a gzip or ZIP archive
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A glossary, a folder of them or a memory with terms; give it once for each
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    #[command(flatten)]
    judged: Judged,
    /// A kind of finding to leave out, such as no-break-space; give it once for each
    #[arg(long, value_name = "KIND")]
    without: Vec<FindingKind>,
    /// The least severity to report
    #[arg(long, value_enum, default_value_t = Least::Note)]
    severity: Least,
    /// Print one JSON object for each finding
    #[arg(long)]
    json: bool,
    /// Write a page to read
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
    /// A list of accepted findings, which are not reported again
    #[arg(long, value_name = "LIST")]
    accept: Option<PathBuf>,
    /// Add everything found now to the list
    #[arg(long, requires = "accept")]
    accept_all: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Least {
    Note,
    Warning,
    Error,
}

impl Least {
    fn severity(self) -> Severity {
        match self {
            Least::Note => Severity::Note,
            Least::Warning => Severity::Warning,
            Least::Error => Severity::Error,
        }
    }
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let base = support::termbase(&arguments.glossary)?.base;
    let checker = checker(&arguments, &base)?;
    let mut reports = Vec::new();
    for file in &arguments.files {
        reports.push((file.display().to_string(), check(file, &checker)?));
    }
    let found: usize = reports.iter().map(|(_, report)| report.findings().count()).sum();
    if let Some(path) = &arguments.html {
        let names: Vec<&str> = reports.iter().map(|(name, _)| name.as_str()).collect();
        let page = FindingsPage::new(names.join(", "), checker.langs());
        let pairs: Vec<_> = reports.iter().map(|(name, report)| (name.as_str(), report)).collect();
        write_file(path, |out| Ok(page.write(pairs, out)?))?;
    } else {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for (name, report) in &reports {
            for (unit, finding) in report.findings() {
                match arguments.json {
                    true => writeln!(out, "{}", object(name, unit, finding)?)?,
                    false => writeln!(out, "{}", line(name, unit, finding))?,
                }
            }
        }
        out.flush()?;
    }
    if let (true, Some(path)) = (arguments.accept_all, &arguments.accept) {
        let mut accepted = list(path)?;
        for (unit, finding) in reports.iter().flat_map(|(_, report)| report.findings()) {
            accepted.add(finding, &unit.source, &unit.target);
        }
        write_file(path, |out| Ok(out.write_all(accepted.to_string().as_bytes())?))?;
        note(format_args!("{}: {found} findings added", path.display()));
        return Ok(Outcome::Done);
    }
    Ok(if found == 0 { Outcome::Done } else { Outcome::Found })
}

fn checker<'b>(
    arguments: &Arguments,
    base: &'b chancery::term::Termbase,
) -> anyhow::Result<Checker<'b>> {
    let Judged { source, target, .. } = &arguments.judged;
    let mut checker = Checker::new(source.clone(), target.clone()).scope(arguments.judged.scope());
    if !arguments.glossary.is_empty() {
        for lang in checker.langs() {
            if base.terms(lang).next().is_none() {
                warn(format_args!("the glossaries have no terms in the language `{lang}`"));
            }
        }
        checker = checker.termbase(base);
    }
    let least = arguments.severity.severity();
    let minor = FindingKind::ALL.iter().copied().filter(|kind| kind.severity() < least);
    for kind in minor.chain(arguments.without.iter().copied()) {
        checker = checker.without(kind);
    }
    match &arguments.accept {
        Some(path) => Ok(checker.accepted(list(path)?)),
        None => Ok(checker),
    }
}

/// Reads a list of accepted findings; one that is not there yet is empty.
fn list(path: &Path) -> anyhow::Result<Accepted> {
    if !path.exists() {
        return Ok(Accepted::new());
    }
    let text = support::text(path)?;
    Accepted::parse(&text).with_context(|| path.display().to_string())
}

fn check(file: &Path, checker: &Checker<'_>) -> anyhow::Result<Report> {
    let options = ReadOptions::new().langs(checker.langs().iter().cloned());
    let mut run = checker.run();
    let counter = support::counter("units checked");
    let mut reader = exchange::open(file, options)?;
    for unit in &mut reader {
        run.unit(&unit?);
        counter.inc(1);
    }
    counter.finish_and_clear();
    let name = file.display();
    let (_, rejected) = reader.counts();
    if rejected > 0 {
        warn(format_args!(
            "{name}: {rejected} units could not be read; `chancery validate` lists them"
        ));
    }
    let report = run.finish();
    let [source, target] = checker.langs();
    if report.incomplete > 0 {
        warn(format_args!(
            "{name}: {} units are not in both `{source}` and `{target}`; see --source, --target",
            report.incomplete
        ));
    }
    note(format_args!(
        "{name}: {} units checked, {} findings, {} accepted before",
        report.checked,
        report.findings().count(),
        report.accepted
    ));
    Ok(report)
}

fn line(name: &str, unit: &CheckedUnit, finding: &Finding) -> String {
    let id = unit.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    format!("{name}:{}{id}: {finding} [{}]", unit.number, finding.fingerprint())
}

/// A finding with its file, its unit and the texts of that.
#[derive(Debug, Serialize)]
struct FoundIn<'a> {
    file: &'a str,
    unit: usize,
    id: Option<&'a str>,
    #[serde(flatten)]
    finding: FindingReport,
    source_text: &'a str,
    target_text: &'a str,
}

fn object(name: &str, unit: &CheckedUnit, finding: &Finding) -> serde_json::Result<String> {
    serde_json::to_string(&FoundIn {
        file: name,
        unit: unit.number,
        id: unit.id.as_deref(),
        finding: FindingReport::new(finding, &unit.source, &unit.target),
        source_text: &unit.source,
        target_text: &unit.target,
    })
}
