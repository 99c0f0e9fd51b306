//! Readers and writers of exchange formats: laws on any unit, and files of other tools.

mod corpus;
mod kit;
mod tmx;
mod units;
