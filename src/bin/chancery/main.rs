//! The command line of Chancery.
//!
//! Results go to standard output, everything else to standard error. The exit status is 0 when
//! the work is done, 1 when it is done but something was found or rejected, 2 when it could not
//! be done.

mod align;
mod analyse;
mod check;
mod concordance;
mod export;
mod history;
mod import;
mod lookup;
mod maintain;
mod phrase;
mod pretranslate;
mod segment;
#[cfg(feature = "http")]
mod serve;
mod shards;
mod stats;
mod support;
mod terms;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use support::Outcome;

/// Aligns, remembers and finds again translations of diplomatic French.
///
/// Exit status: 0 done, 1 done but something was found or rejected, 2 could not be done.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Align(align::Arguments),
    Segment(segment::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Lookup(lookup::Arguments),
    Analyse(analyse::Arguments),
    Pretranslate(pretranslate::Arguments),
    Phrase(phrase::Arguments),
    Concordance(concordance::Arguments),
    Stats(stats::Arguments),
    Shards(shards::Arguments),
    Validate(validate::Arguments),
    Check(check::Arguments),
    History(history::Arguments),
    Undo(history::UndoArguments),
    Purge(history::PurgeArguments),
    Maintain(maintain::Arguments),
    #[command(subcommand)]
    Terms(terms::Command),
    #[cfg(feature = "http")]
    Serve(serve::Arguments),
}

impl Command {
    /// Whether it hears Ctrl-C itself, to end in good order.
    fn ends_by_itself(&self) -> bool {
        match self {
            #[cfg(feature = "http")]
            Command::Serve(_) => true,
            _ => false,
        }
    }
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    if !command.ends_by_itself() {
        support::clean_up_on_interrupt();
    }
    let outcome = match command {
        Command::Align(arguments) => align::run(arguments),
        Command::Segment(arguments) => segment::run(arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Lookup(arguments) => lookup::run(arguments),
        Command::Analyse(arguments) => analyse::run(arguments),
        Command::Pretranslate(arguments) => pretranslate::run(arguments),
        Command::Phrase(arguments) => phrase::run(arguments),
        Command::Concordance(arguments) => concordance::run(arguments),
        Command::Stats(arguments) => stats::run(arguments),
        Command::Shards(arguments) => shards::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::History(arguments) => history::run(arguments),
        Command::Undo(arguments) => history::undo(arguments),
        Command::Purge(arguments) => history::purge(arguments),
        Command::Maintain(arguments) => maintain::run(arguments),
        Command::Terms(command) => terms::run(command),
        #[cfg(feature = "http")]
        Command::Serve(arguments) => serve::run(arguments),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        // Who reads our output has read enough (`chancery … | head`): no reason to complain.
        Err(error) if support::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chancery: {error:#}");
            ExitCode::from(2)
        }
    }
}
