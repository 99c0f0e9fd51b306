//! `chancery terms`: terminology.

mod audit;
mod convert;
mod extract;
mod find;

use crate::support::Outcome;

/// Find terms in texts and propose new ones, audit memories, convert glossaries
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Find(find::Arguments),
    Convert(convert::Arguments),
    Extract(extract::Arguments),
    Audit(audit::Arguments),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Find(arguments) => find::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::Extract(arguments) => extract::run(arguments),
        Command::Audit(arguments) => audit::run(arguments),
    }
}
