//! `chancery serve`: memories for programs that speak HTTP.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use chancery::http::{Access, Right, Server, ServerLimits};
use chancery::memory::Memory;
use chancery::tasks::OpenMemory;

use crate::support::{self, Outcome, note, warn};

/// Serve memories over HTTP, to CAT tools and to programs of one's own
///
/// Under /tmserver/ and /api/v1/ it speaks the protocol of amaGama and tmserver, for Weblate,
/// Okapi and Virtaal; under /api/ a JSON interface that /api/openapi.json describes. It runs until
/// Ctrl-C, or a signal to end: then it finishes the requests it has.
///
/// Several memories are searched together; what is added goes into the first, unless that is a
/// TMX file, which is served for reading only.
///
/// On another address than one of this machine it takes tokens; add TLS with a proxy. Web pages
/// of other sites are refused whatever the address.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The memories: stores, or TMX files, which are read into RAM
    #[arg(required = true, value_name = "MEMORY")]
    memories: Vec<PathBuf>,
    /// Where to listen; port 0 takes one that is free
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// A file of tokens, one a line: `read TOKEN` or `write TOKEN`
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// A name the server is reached by; may be given several times
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// A web site whose pages may ask, such as https://translate.example.org; may be given several
    /// times
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Refuse adding and undoing
    #[arg(long)]
    read_only: bool,
    /// Tell amaGama clients, which decide by the number alone, a quality below this one where the
    /// meaning differs
    #[arg(long, default_value_t = 70.0, value_name = "QUALITY")]
    guarded_below: f64,
    /// Print a JSON object for each request
    #[arg(long)]
    log: bool,
    /// Print addresses too, which hold the text that amaGama clients look up
    #[arg(long, requires = "log")]
    log_text: bool,
    /// Who makes changes, for the journal
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,
    /// Bytes of a request at most
    #[arg(long, default_value_t = ServerLimits::default().body_bytes, value_name = "BYTES")]
    max_body: usize,
    /// Matches of a lookup at most
    #[arg(long, default_value_t = ServerLimits::default().candidates, value_name = "N")]
    max_candidates: usize,
    /// Connections at once; more have to wait
    #[arg(long, default_value_t = ServerLimits::default().connections, value_name = "N")]
    max_connections: usize,
    /// Requests worked on at once; more have to wait
    #[arg(long, default_value_t = ServerLimits::default().requests, value_name = "N")]
    max_requests: usize,
    /// Sentences that are aligned in one request at most, all documents together
    #[arg(long, default_value_t = ServerLimits::default().align_sentences, value_name = "N")]
    max_sentences: usize,
    /// Seconds that a request may take; a lookup gets a sixth of it
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    max_time: u64,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    if !(0.0..=95.0).contains(&arguments.guarded_below) {
        bail!("--guarded-below is a quality from 0 to 95");
    }
    let mut options = Memory::builder();
    options.author(&arguments.author);
    let mut server: Option<Server> = None;
    for path in &arguments.memories {
        let open = support::open_memory_with(path, &options)?;
        let (name, is_store) = (name(path), open.is_store());
        let memory = searchable(open)?;
        server = Some(match server {
            Some(server) => server.memory(name, memory),
            None => Server::new(name, memory).read_only(arguments.read_only || !is_store),
        });
    }
    let Some(server) = server else { bail!("give a memory") };
    let mut access = Access::new();
    if let Some(path) = &arguments.tokens {
        access = tokens(access, path)?;
    }
    access = arguments.host.iter().fold(access, Access::host);
    access = arguments.origin.iter().fold(access, Access::origin);
    let max_time = Duration::from_secs(arguments.max_time);
    let limits = ServerLimits {
        body_bytes: arguments.max_body,
        candidates: arguments.max_candidates,
        connections: arguments.max_connections,
        requests: arguments.max_requests,
        align_sentences: arguments.max_sentences,
        request_time: max_time,
        lookup_time: max_time / 6,
        ..ServerLimits::default()
    };
    let mut server = server
        .access(access)
        .limits(limits)
        .guarded_below(arguments.guarded_below)
        .log_text(arguments.log_text);
    if arguments.log {
        server = server.log(log);
    }
    let server = server.bind(arguments.listen)?;
    let (stopper, told) = (server.stopper(), AtomicBool::new(false));
    ctrlc::set_handler(move || {
        if told.swap(true, Ordering::Relaxed) {
            // Told twice: what is open is not waited for.
            std::process::exit(130);
        }
        stopper.stop();
    })
    .context("the signal to end cannot be listened for")?;
    note(format_args!("serving http://{}/; Ctrl-C ends it", server.address()));
    server.run()?;
    note("ended");
    Ok(Outcome::Done)
}

fn log(line: &str) {
    use std::io::Write;
    // Nobody may be reading: no reason to serve no more.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// The name a memory goes by: that of its file.
fn name(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The memory with its index up to date, so that the first client does not wait for it.
fn searchable(open: OpenMemory) -> anyhow::Result<Memory> {
    let path = open.path().display().to_string();
    let memory = open.into_memory();
    memory.lookup("").limit(1).run().context(path)?;
    Ok(memory)
}

/// Reads tokens: a right and a token on each line.
fn tokens(mut access: Access, path: &Path) -> anyhow::Result<Access> {
    let text = support::text(path)?;
    let name = path.display();
    let mut any = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // The line itself is a secret: it is not shown.
        let wrong = || format!("{name}: line {}: write `read TOKEN` or `write TOKEN`", number + 1);
        let (right, token) = line.split_once(char::is_whitespace).with_context(wrong)?;
        let right = match right {
            "read" => Right::Read,
            "write" => Right::Write,
            _ => bail!(wrong()),
        };
        access = access
            .token(right, token.trim())
            .with_context(|| format!("{name}: line {}", number + 1))?;
        any = true;
    }
    if !any {
        bail!("{name}: there is no token in it; write `read TOKEN` or `write TOKEN` on a line");
    }
    if others_can_read(path) {
        warn(format_args!("{name}: other users of this machine can read it; use chmod 600"));
    }
    Ok(access)
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}
