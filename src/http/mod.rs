//! The server: memories for programs that speak HTTP.
//!
//! It speaks the protocol of amaGama and tmserver, which Weblate, Okapi and Virtaal can be pointed
//! at, under `/tmserver/` and `/api/v1/`, and a JSON interface of its own under `/api/`, described
//! by `/api/openapi.json`. At `/` it has a page to search in a browser.
//!
//! What it protects: a memory is confidential. The server listens on the loopback interface unless
//! told otherwise, and elsewhere only with [tokens](Access). A request that names another host
//! than the server's, or that a web page of another origin makes, is refused: a page in the
//! translator's browser must not read the memory. The log never holds the text of a segment unless
//! that is asked for. It speaks plain HTTP; between machines a proxy has to add TLS.
//!
//! ```
//! use chancery::http::Server;
//! use chancery::memory::Memory;
//!
//! let server = Server::new("ministry", Memory::new()).bind("127.0.0.1:0".parse()?)?;
//! println!("listening on {}", server.address());
//! let stopper = server.stopper();
//! let running = std::thread::spawn(|| server.run());
//! stopper.stop();
//! running.join().expect("the server ends")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod align;
mod amagama;
mod answer;
mod api;
mod around;
mod bound;
mod check;
mod concordance;
mod log;
mod page;
mod phrase;
mod server;
mod shared;
mod terms;

pub use access::{Access, Right};
pub use bound::{Bound, Stopper};
pub use server::{HttpError, Server, ServerLimits};
