//! The C interface, from C, Python, C# and Groovy, and asked wrongly.

// A test may panic.
#![allow(clippy::unwrap_used)]
// Every call here gives texts that are as long as it says, and places or null: what the header
// asks for. What it does not ask for is what is tested.
#![allow(clippy::undocumented_unsafe_blocks)]

mod bad_input;
mod calls;
mod header;
mod hosts;
mod reading;
