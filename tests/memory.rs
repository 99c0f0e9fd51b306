//! The memory, on every backend.

mod backend;
mod concepts;
#[cfg(all(unix, feature = "sqlite"))]
mod crash;
#[cfg(feature = "sqlite")]
mod file;
mod laws;
mod maintain;
mod model;
#[cfg(all(unix, feature = "sqlite"))]
mod processes;
#[cfg(all(unix, feature = "sqlite"))]
mod worker;
