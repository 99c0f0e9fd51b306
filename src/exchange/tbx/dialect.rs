//! The dialects that are written.

use std::fmt;
use std::str::FromStr;

/// A dialect and style of TBX to write.
///
/// The public dialects hold what their modules list and nothing else: TBX-Core knows notes only,
/// TBX-Min adds subject fields, status and part of speech, TBX-Basic definitions, contexts,
/// sources, gender and the type of a term. [`Private`](Dialect::Private) holds everything.
///
/// ```
/// use chancery::exchange::Dialect;
///
/// assert_eq!("basic".parse(), Ok(Dialect::Basic));
/// assert_eq!(Dialect::MinDct.to_string(), "min-dct");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// Version 3, a private dialect (`TBX-chancery`) in the structure of the core: holds every
    /// concept as it is.
    Private,
    /// Version 2 (ISO 30042:2008), for tools that know nothing newer.
    V2,
    /// TBX-Core.
    Core,
    /// TBX-Min, data categories as attributes.
    Min,
    /// TBX-Min, data categories as tags.
    MinDct,
    /// TBX-Basic, data categories as attributes.
    Basic,
    /// TBX-Basic, data categories as tags.
    BasicDct,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 7] = [
        Dialect::Private,
        Dialect::V2,
        Dialect::Core,
        Dialect::Min,
        Dialect::MinDct,
        Dialect::Basic,
        Dialect::BasicDct,
    ];

    /// The name by which the command line calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::Private => "private",
            Dialect::V2 => "v2",
            Dialect::Core => "core",
            Dialect::Min => "min",
            Dialect::MinDct => "min-dct",
            Dialect::Basic => "basic",
            Dialect::BasicDct => "basic-dct",
        }
    }

    /// What stands in the attribute `type` of the root.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Dialect::Private => "TBX-chancery",
            Dialect::V2 => "TBX",
            Dialect::Core => "TBX-Core",
            Dialect::Min | Dialect::MinDct => "TBX-Min",
            Dialect::Basic | Dialect::BasicDct => "TBX-Basic",
        }
    }

    pub(super) fn of_kind(kind: &str) -> Option<Dialect> {
        let kind = kind.trim();
        let known = [Dialect::Private, Dialect::V2, Dialect::Core, Dialect::Min, Dialect::Basic];
        known.into_iter().find(|dialect| dialect.kind().eq_ignore_ascii_case(kind))
    }

    /// Whether data categories are written as tags.
    pub(super) fn tags(self) -> bool {
        matches!(self, Dialect::MinDct | Dialect::BasicDct)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    /// Reads what [`as_str`](Dialect::as_str) gives.
    fn from_str(name: &str) -> Result<Dialect, UnknownDialect> {
        let known = Dialect::ALL.into_iter().find(|known| known.as_str() == name);
        known.ok_or_else(|| UnknownDialect { name: name.to_owned() })
    }
}

/// A name that is no dialect of TBX.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is no dialect of TBX that can be written; known are private, v2, core, min, \
     min-dct, basic and basic-dct"
)]
pub struct UnknownDialect {
    name: String,
}
