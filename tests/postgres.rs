//! The memory on PostgreSQL, with servers that the tests start.

pub(crate) mod cluster;
mod failures;
mod roles;
mod search;
mod shards;
mod tls;
mod together;
