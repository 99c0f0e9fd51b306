//! What a server is set up with.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::shared::{Held, Shared};
use super::terms::Terms;
use super::{Access, Bound};
use crate::memory::Memory;

/// Bounds on what a client may ask of a server.
///
/// ```
/// use chancery::http::ServerLimits;
///
/// let limits = ServerLimits { body_bytes: 1 << 20, ..ServerLimits::default() };
/// assert_eq!(limits.candidates, 100);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Bytes of the body of a request. Default: 8 MiB.
    pub body_bytes: usize,
    /// Bytes of the text of a query. Default: 64 KiB. In an address no text may be longer than
    /// that with its percent-encoding, whatever stands here.
    pub query_bytes: usize,
    /// How many matches can be asked for; who asks for more gets so many. Default: 100.
    pub candidates: usize,
    /// How long the head of a request may take to arrive, and a connection be open without a
    /// request. Default: 10 seconds.
    pub head_time: Duration,
    /// How long a request may take in all, from the end of its head. Default: 30 seconds.
    pub request_time: Duration,
    /// How long a lookup may take; then the best it has met is given. Default: 5 seconds.
    pub lookup_time: Duration,
    /// Connections open at once; more have to wait. Default: 1,024.
    pub connections: usize,
    /// Requests worked on at once; more have to wait. Default: 4 for each core.
    pub requests: usize,
    /// Sentences of all documents together that are aligned. Default: 20,000, some eight seconds
    /// of one core.
    pub align_sentences: usize,
    /// How long open requests may take after the server was told to stop. Default: 10 seconds.
    pub stop_time: Duration,
}

impl Default for ServerLimits {
    fn default() -> ServerLimits {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        ServerLimits {
            body_bytes: 8 << 20,
            query_bytes: 64 << 10,
            candidates: 100,
            head_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            lookup_time: Duration::from_secs(5),
            connections: 1_024,
            requests: 4 * cores,
            align_sentences: 20_000,
            stop_time: Duration::from_secs(10),
        }
    }
}

/// Why a server can not be started, or had to stop.
///
/// ```
/// use chancery::http::Server;
/// use chancery::memory::Memory;
///
/// let error = Server::new("ministry", Memory::new()).bind("0.0.0.0:0".parse()?).unwrap_err();
/// assert!(error.to_string().contains("give tokens"));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The address can not be listened on.
    #[error("cannot listen on {address}: {cause}; is another program using it?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// Other machines can reach the address, and no token was given.
    #[error("{address} can be reached from other machines: give tokens, or listen on 127.0.0.1")]
    Unprotected {
        /// The address.
        address: SocketAddr,
    },
    /// A token that is too easy to guess, or that can not be sent.
    #[error("a token needs at least 16 characters: letters, digits and visible signs of ASCII")]
    WeakToken,
    /// The system refused threads, timers or the like.
    #[error("the server cannot run: {0}; close other programs and start it again")]
    Io(#[from] io::Error),
}

/// Who hears of each request.
pub(super) type Log = Box<dyn Fn(&str) + Send + Sync>;

/// A server about to be started.
///
/// ```
/// use chancery::http::{Access, Right, Server, ServerLimits};
/// use chancery::memory::Memory;
///
/// let server = Server::new("ministry", Memory::new())
///     .memory("treaties", Memory::new())
///     .access(Access::new().token(Right::Read, "a-long-random-string")?)
///     .log(|line| eprintln!("{line}"))
///     .bind("127.0.0.1:0".parse()?)?;
/// assert!(server.address().port() > 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a server does nothing until it is bound and run"]
pub struct Server {
    memories: Vec<Held>,
    access: Access,
    limits: ServerLimits,
    guarded_below: f64,
    read_only: bool,
    log: Option<Log>,
    log_text: bool,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("memories", &self.memories.iter().map(Held::name).collect::<Vec<_>>())
            .field("access", &self.access)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// A server for this memory, for this machine alone. What is added goes into it.
    pub fn new(name: impl Into<String>, memory: Memory) -> Server {
        Server {
            memories: vec![Held::new(name.into(), memory)],
            access: Access::new(),
            limits: ServerLimits::default(),
            guarded_below: 70.0,
            read_only: false,
            log: None,
            log_text: false,
        }
    }

    /// Another memory, to be searched together with the first. Nothing is written to it.
    pub fn memory(mut self, name: impl Into<String>, memory: Memory) -> Server {
        self.memories.push(Held::new(name.into(), memory));
        self
    }

    /// Who may ask.
    pub fn access(mut self, access: Access) -> Server {
        self.access = access;
        self
    }

    /// Bounds on what may be asked.
    pub fn limits(mut self, limits: ServerLimits) -> Server {
        self.limits = limits;
        self
    }

    /// Below which quality (0–100) clients of the amaGama protocol get matches whose meaning
    /// differs from the query's: they decide by the number alone. 70 by default.
    ///
    /// What is above 95 is taken as 95.
    pub fn guarded_below(mut self, quality: f64) -> Server {
        self.guarded_below = quality;
        self
    }

    /// Whether adding and undoing are refused. Not so by default.
    pub fn read_only(mut self, read_only: bool) -> Server {
        self.read_only = read_only;
        self
    }

    /// Hears of each request: one JSON object, without the text of segments.
    pub fn log(mut self, hear: impl Fn(&str) + Send + Sync + 'static) -> Server {
        self.log = Some(Box::new(hear));
        self
    }

    /// Whether the log shows the addresses of requests, with the text that is in them.
    pub fn log_text(mut self, log_text: bool) -> Server {
        self.log_text = log_text;
        self
    }

    /// Begins to listen; port 0 takes one that is free.
    ///
    /// # Errors
    ///
    /// [`HttpError::Unprotected`] for an address that other machines reach, without a token;
    /// [`HttpError::Bind`] if the address is taken.
    pub fn bind(self, address: SocketAddr) -> Result<Bound, HttpError> {
        if !address.ip().is_loopback() && !self.access.has_tokens() {
            return Err(HttpError::Unprotected { address });
        }
        let listener = TcpListener::bind(address)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|cause| HttpError::Bind { address, cause })?;
        let address = listener.local_addr()?;
        let access = match address.ip() {
            ip if ip.is_unspecified() => self.access,
            IpAddr::V4(ip) => self.access.host(ip.to_string()),
            IpAddr::V6(ip) => self.access.host(format!("[{ip}]")),
        };
        let shared = Arc::new(Shared {
            memories: self.memories,
            terms: Terms::default(),
            access,
            guarded_below: self.guarded_below,
            read_only: self.read_only,
            log: self.log,
            log_text: self.log_text,
            work: Arc::new(Semaphore::new(self.limits.requests.clamp(1, Semaphore::MAX_PERMITS))),
            long_work: Arc::new(Semaphore::new(1)),
            limits: self.limits,
        });
        Ok(Bound::new(listener, address, shared))
    }
}
