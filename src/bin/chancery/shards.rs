//! `chancery shards`: the servers that search a memory.

use std::io::Write;
use std::path::PathBuf;

use chancery::memory::Memory;
use serde_json::json;

use crate::support::{self, Outcome, warn};

/// Show the servers that search a part of a memory each, or add one
///
/// Only a memory on a PostgreSQL server has shards. Units and journal stay on that server.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memory: postgres://…
    memory: PathBuf,
    /// Have this server search a part too: postgres://HOST/DATABASE?schema=NAME
    #[arg(long, value_name = "ADDRESS")]
    add: Option<String>,
    /// Print one JSON object for each server
    #[arg(long)]
    json: bool,
}

/// Exit status 1 tells that a server is away.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let open = support::open_memory_with(&arguments.memory, &Memory::builder())?;
    if let Some(address) = &arguments.add {
        open.memory().add_shard(address)?;
    }
    let mut out = std::io::stdout().lock();
    let mut outcome = Outcome::Done;
    for shard in open.memory().shards()? {
        let revision = shard.revision.map(|revision| revision.number());
        if arguments.json {
            let (address, is_there) = (&shard.address, shard.is_there);
            let object = json!({ "address": address, "there": is_there, "revision": revision });
            writeln!(out, "{object}")?;
        } else {
            writeln!(out, "{:>10}  {}", revision.unwrap_or(0), shard.address)?;
        }
        if !shard.is_there {
            warn(format_args!("{}: does not answer", shard.address));
            outcome = Outcome::Found;
        }
    }
    Ok(outcome)
}
