//! `chancery terms`: terminology.

mod convert;
mod find;

use crate::support::Outcome;

/// Find terms in texts, and convert glossaries
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Find(find::Arguments),
    Convert(convert::Arguments),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Find(arguments) => find::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
    }
}
