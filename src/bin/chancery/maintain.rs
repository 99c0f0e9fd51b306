//! `chancery maintain`: changes to many units at once.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chancery::Lang;
use chancery::memory::{Audit, AuditFinding, AuditKind, MaintenanceReport, RevisionId, Selection};
use serde_json::json;

use crate::history::journalled;
use crate::import::Policy;
use crate::support::{self, Outcome};

/// Change many units at once, as one revision that `undo` takes back
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory
    memory: PathBuf,
    #[command(subcommand)]
    action: Action,
    /// Say what would change, and change nothing
    #[arg(long, global = true)]
    dry_run: bool,
    /// Who makes the change, for the journal
    #[arg(long, global = true, value_name = "NAME", default_value = "")]
    author: String,
    /// Only units that have this language
    #[arg(long, global = true, value_name = "TAG")]
    lang: Option<Lang>,
    /// Only units of this document
    #[arg(long, global = true, value_name = "NAME")]
    document: Option<String>,
    /// Only units dated on this day or later, as 2014-03-15
    #[arg(long, global = true, value_name = "DATE")]
    from: Option<String>,
    /// Only units dated before this day
    #[arg(long, global = true, value_name = "DATE")]
    before: Option<String>,
    /// Only units whose alignment has a lower confidence, 0 to 1
    #[arg(long, global = true, value_name = "CONFIDENCE")]
    confidence_below: Option<f64>,
    /// Only units with a segment that this regular expression matches
    #[arg(long, global = true, value_name = "PATTERN")]
    pattern: Option<String>,
    /// Only units with this value of a property, as x-status=draft
    #[arg(long = "property", global = true, value_name = "TYPE=VALUE", value_parser = property)]
    with_property: Vec<(String, String)>,
    /// Only units that this person changed last, or else made
    #[arg(long, global = true, value_name = "NAME")]
    by: Option<String>,
    /// All units but those that the other options select
    #[arg(long, global = true)]
    invert: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Remove units whose segments are all equal to those of another
    Dedupe,
    /// Remove the units selected; at least one selecting option is needed
    Filter,
    /// Make another language the first one of every unit
    Reverse {
        /// The language that is to come first
        first: Lang,
    },
    /// Take the inline codes out
    StripCodes,
    /// Set a property of every unit, or remove it if no value is given
    Set {
        /// The type of the property
        property: String,
        /// Its value
        value: Option<String>,
    },
    /// Take in the units of another memory, which stays as it is
    Merge {
        /// The other memory, or a TMX file
        other: PathBuf,
        /// What happens to a unit that is like one already there
        #[arg(long, value_enum, default_value_t = Policy::All, value_name = "POLICY")]
        duplicates: Policy,
    },
    /// List what may tell who a person is, or replace what a reviewed list says
    ///
    /// Without a list this prints one to standard output: text, what to put in its place, kind and
    /// count, separated by tabs. Strike out lines, add others, and give it back.
    Anonymise {
        /// The reviewed list: a text, a tab and what to put in its place on each line
        list: Option<PathBuf>,
    },
    /// Say which units someone should look at, and change nothing
    ///
    /// Found are the same source with different targets, the same target for different sources,
    /// suspicious lengths, numbers, dates, references and negations of one side alone, passages left
    /// in the source language, and segments in another language than they say. Status 1 if anything was found.
    Audit {
        /// The source language
        #[arg(long, default_value = "fr", value_name = "TAG")]
        source: Lang,
        /// The target language
        #[arg(long, default_value = "en", value_name = "TAG")]
        target: Lang,
        /// Only findings of this kind
        #[arg(long, value_name = "KIND", value_parser = kinds())]
        kind: Vec<String>,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
}

fn kinds() -> clap::builder::PossibleValuesParser {
    AuditKind::ALL.map(AuditKind::name).into()
}

fn property(text: &str) -> Result<(String, String), String> {
    let (kind, value) = text.split_once('=').ok_or("write it as TYPE=VALUE")?;
    Ok((kind.to_owned(), value.to_owned()))
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let open = journalled(&arguments.memory, &arguments.author)?;
    let selection = selection(&arguments)?;
    let selects = !selection.is_all();
    let maintenance = open.memory().maintain().select(selection.clone());
    let maintenance = maintenance.dry_run(arguments.dry_run);
    let report = match &arguments.action {
        Action::Dedupe => maintenance.dedupe()?,
        Action::Filter if !selects => {
            anyhow::bail!("filter removes what is selected: say which units, such as --before DATE")
        }
        Action::Filter => maintenance.remove()?,
        Action::Reverse { first } => maintenance.reverse(first)?,
        Action::StripCodes => maintenance.strip_codes()?,
        Action::Set { property, value } => maintenance.set_property(property, value.as_deref())?,
        Action::Merge { .. } if selects => {
            anyhow::bail!("merge takes all units of the other memory: no option selects among them")
        }
        Action::Merge { other, duplicates } => {
            let other = support::open_memory(other)?;
            let import = open.memory().import(other.path().display().to_string());
            let import = import.duplicates((*duplicates).into()).dry_run(arguments.dry_run);
            let report = import.merge(other.memory())?;
            println!("{report}{}", end(report.revision, arguments.dry_run));
            return Ok(Outcome::Done);
        }
        Action::Anonymise { list: None } => {
            let mut out = std::io::stdout().lock();
            for found in maintenance.personal_data()? {
                let (text, label, count) = (&found.text, found.kind.label(), found.count);
                writeln!(out, "{text}\t{label}\t{}\t{count}", found.kind.name())?;
            }
            return Ok(Outcome::Done);
        }
        Action::Anonymise { list: Some(list) } => {
            let text = std::fs::read_to_string(list).with_context(|| list.display().to_string())?;
            maintenance.anonymise(replacements(&text, list)?)?
        }
        Action::Audit { source, target, kind, json } => {
            let audit = open.memory().audit().source(source.clone()).target(target.clone());
            return report(&audit.select(selection), kind, *json);
        }
    };
    print(&report, arguments.dry_run);
    Ok(Outcome::Done)
}

/// The units that the options select.
fn selection(arguments: &Arguments) -> anyhow::Result<Selection> {
    let mut selection = Selection::default()
        .document(arguments.document.as_deref())
        .dated_from(arguments.from.as_deref())
        .dated_before(arguments.before.as_deref())
        .author(arguments.by.as_deref());
    if let Some(lang) = &arguments.lang {
        selection = selection.language(lang.clone());
    }
    if let Some(confidence) = arguments.confidence_below {
        selection = selection.confidence_below(confidence);
    }
    if let Some(pattern) = &arguments.pattern {
        selection = selection.pattern(pattern)?;
    }
    for (kind, value) in &arguments.with_property {
        selection = selection.property(kind, value);
    }
    Ok(if arguments.invert { selection.inverted() } else { selection })
}

/// What a reviewed list says.
fn replacements<'t>(text: &'t str, path: &Path) -> anyhow::Result<Vec<(&'t str, &'t str)>> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty());
    lines
        .map(|(line, number)| {
            let mut columns = line.split('\t');
            columns.next().zip(columns.next()).with_context(|| {
                let path = path.display();
                format!("{path}: line {number}: a tab and what to put in its place are missing")
            })
        })
        .collect()
}

/// Runs an audit and prints what it finds.
fn report(audit: &Audit<'_>, kinds: &[String], json: bool) -> anyhow::Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut written, mut found) = (Ok(()), 0_u64);
    let wanted = |finding: &AuditFinding| {
        kinds.is_empty() || kinds.iter().any(|kind| kind == finding.kind.name())
    };
    let report = audit.run(|finding| {
        if written.is_err() || !wanted(finding) {
            return;
        }
        found += 1;
        let AuditFinding { kind, unit, other, source, target, detail, .. } = finding;
        written = if json {
            let object = json!({
                "kind": kind.name(),
                "unit": unit.to_string(),
                "first": other.map(|other| other.to_string()),
                "source": source,
                "target": target,
                "detail": detail,
            });
            writeln!(out, "{object}")
        } else {
            let first = other.filter(|other| other != unit);
            let first = first.map(|first| format!(", first in {first}")).unwrap_or_default();
            writeln!(out, "{kind}: unit {unit}: {detail}{first}\n    {source}\n    {target}")
        };
    })?;
    written?;
    out.flush()?;
    eprintln!("{} units looked at, {found} findings", report.read);
    Ok(if found > 0 { Outcome::Found } else { Outcome::Done })
}

fn print(report: &MaintenanceReport, dry_run: bool) {
    let MaintenanceReport { read, changed, removed, revision, .. } = report;
    let end = end(*revision, dry_run);
    println!("{read} units looked at: {changed} changed, {removed} removed{end}");
}

fn end(revision: Option<RevisionId>, dry_run: bool) -> String {
    match (revision, dry_run) {
        (Some(revision), _) => format!("; revision {revision}"),
        (None, true) => " (dry run)".to_owned(),
        (None, false) => "; nothing to do".to_owned(),
    }
}
