//! The integration tests, one binary.

// A test may panic.
#![allow(clippy::unwrap_used)]

mod align;
mod data;
mod exchange;
mod srx;
