//! Empty on purpose: `Cargo.toml` beside this folder says what the member is for.
