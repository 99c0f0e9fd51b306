//! The integration tests, one binary.

// A test may panic.
#![allow(clippy::unwrap_used)]

mod align;
#[cfg(feature = "cli")]
mod cli;
mod data;
#[cfg(feature = "documents")]
mod documents;
mod exchange;
mod glossaries;
mod gold;
mod guard;
#[cfg(feature = "http")]
mod http;
mod judged;
mod lookup;
mod made_up;
mod memory;
mod phrase;
#[cfg(all(unix, feature = "postgres"))]
mod postgres;
mod repair;
mod segmentation;
mod srx;
mod tables;
mod termqa;
mod terms;
mod unpacked;
