//! Readers and writers of exchange formats: laws on any unit, and files of other tools.

#[cfg(feature = "archives")]
mod archives;
mod bilingual;
mod corpus;
mod flavours;
pub(crate) mod glossary;
mod kit;
mod oasis;
mod peers;
mod table;
mod tbx;
mod tmx;
mod units;
