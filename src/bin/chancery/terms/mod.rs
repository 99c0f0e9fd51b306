//! `chancery terms`: terminology.

mod audit;
mod convert;
mod extract;
mod find;
mod memory;

use crate::support::Outcome;

/// Find terms in texts and propose new ones, convert glossaries, keep and audit terms of memories
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Find(find::Arguments),
    Convert(convert::Arguments),
    Extract(extract::Arguments),
    Audit(audit::Arguments),
    Import(memory::ImportArguments),
    Export(memory::ExportArguments),
    Add(memory::AddArguments),
    Set(memory::SetArguments),
    Merge(memory::MergeArguments),
    Approve(memory::ApproveArguments),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Find(arguments) => find::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::Extract(arguments) => extract::run(arguments),
        Command::Audit(arguments) => audit::run(arguments),
        Command::Import(arguments) => memory::import(arguments),
        Command::Export(arguments) => memory::export(arguments),
        Command::Add(arguments) => memory::add(arguments),
        Command::Set(arguments) => memory::set(arguments),
        Command::Merge(arguments) => memory::merge(arguments),
        Command::Approve(arguments) => memory::approve(arguments),
    }
}
