//! `chancery maintain`: changes to many units at once.

use std::path::PathBuf;

use chancery::Lang;
use chancery::memory::{MaintenanceReport, Selection};

use crate::history::journalled;
use crate::support::Outcome;

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
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let open = journalled(&arguments.memory, &arguments.author)?;
    let (selection, selects) = selection(&arguments)?;
    let maintenance = open.memory().maintain().select(selection).dry_run(arguments.dry_run);
    let report = match &arguments.action {
        Action::Dedupe => maintenance.dedupe()?,
        Action::Filter if !selects => {
            anyhow::bail!("filter removes what is selected: say which units, such as --before DATE")
        }
        Action::Filter => maintenance.remove()?,
        Action::Reverse { first } => maintenance.reverse(first)?,
        Action::StripCodes => maintenance.strip_codes()?,
        Action::Set { property, value } => maintenance.set_property(property, value.as_deref())?,
    };
    print(&report, arguments.dry_run);
    Ok(Outcome::Done)
}

/// The units that the options select, and whether any of them does.
fn selection(arguments: &Arguments) -> anyhow::Result<(Selection, bool)> {
    let mut selection = Selection::default();
    let mut selects = false;
    if let Some(lang) = &arguments.lang {
        selects = true;
        selection = selection.language(lang.clone());
    }
    if let Some(document) = &arguments.document {
        selects = true;
        selection = selection.document(document);
    }
    if let Some(date) = &arguments.from {
        selects = true;
        selection = selection.dated_from(date);
    }
    if let Some(date) = &arguments.before {
        selects = true;
        selection = selection.dated_before(date);
    }
    if let Some(confidence) = arguments.confidence_below {
        selects = true;
        selection = selection.confidence_below(confidence);
    }
    if let Some(pattern) = &arguments.pattern {
        selects = true;
        selection = selection.pattern(pattern)?;
    }
    if arguments.invert {
        selection = selection.inverted();
    }
    Ok((selection, selects))
}

fn print(report: &MaintenanceReport, dry_run: bool) {
    let MaintenanceReport { read, changed, removed, revision, .. } = report;
    let end = match (revision, dry_run) {
        (Some(revision), _) => format!("; revision {revision}"),
        (None, true) => " (dry run)".to_owned(),
        (None, false) => "; nothing to do".to_owned(),
    };
    println!("{read} units looked at: {changed} changed, {removed} removed{end}");
}
