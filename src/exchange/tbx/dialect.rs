//! The dialects that are written.

use std::fmt;
use std::str::FromStr;

/// A dialect and style of TBX to write.
///
/// The public dialects hold what their modules list and nothing else: TBX-Core knows notes only,
/// TBX-Min adds subject fields, status and part of speech, TBX-Basic definitions, contexts,
/// sources, gender and the type of a term. [`Private`](TbxDialect::Private) holds everything.
///
/// ```
/// use chancery::exchange::TbxDialect;
///
/// assert_eq!("basic".parse(), Ok(TbxDialect::Basic));
/// assert_eq!(TbxDialect::MinDct.to_string(), "min-dct");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TbxDialect {
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

impl TbxDialect {
    /// All of them.
    pub const ALL: [TbxDialect; 7] = [
        TbxDialect::Private,
        TbxDialect::V2,
        TbxDialect::Core,
        TbxDialect::Min,
        TbxDialect::MinDct,
        TbxDialect::Basic,
        TbxDialect::BasicDct,
    ];

    /// The name by which the command line calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            TbxDialect::Private => "private",
            TbxDialect::V2 => "v2",
            TbxDialect::Core => "core",
            TbxDialect::Min => "min",
            TbxDialect::MinDct => "min-dct",
            TbxDialect::Basic => "basic",
            TbxDialect::BasicDct => "basic-dct",
        }
    }

    /// What stands in the attribute `type` of the root.
    pub(super) fn kind(self) -> &'static str {
        match self {
            TbxDialect::Private => "TBX-chancery",
            TbxDialect::V2 => "TBX",
            TbxDialect::Core => "TBX-Core",
            TbxDialect::Min | TbxDialect::MinDct => "TBX-Min",
            TbxDialect::Basic | TbxDialect::BasicDct => "TBX-Basic",
        }
    }

    pub(super) fn of_kind(kind: &str) -> Option<TbxDialect> {
        let kind = kind.trim();
        let known = [
            TbxDialect::Private,
            TbxDialect::V2,
            TbxDialect::Core,
            TbxDialect::Min,
            TbxDialect::Basic,
        ];
        known.into_iter().find(|dialect| dialect.kind().eq_ignore_ascii_case(kind))
    }

    /// Whether data categories are written as tags.
    pub(super) fn tags(self) -> bool {
        matches!(self, TbxDialect::MinDct | TbxDialect::BasicDct)
    }
}

impl fmt::Display for TbxDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TbxDialect {
    type Err = UnknownTbxDialect;

    /// Reads what [`as_str`](TbxDialect::as_str) gives.
    fn from_str(name: &str) -> Result<TbxDialect, UnknownTbxDialect> {
        let known = TbxDialect::ALL.into_iter().find(|known| known.as_str() == name);
        known.ok_or_else(|| UnknownTbxDialect { name: name.to_owned() })
    }
}

/// A name that is no dialect of TBX.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is no dialect of TBX that can be written; known are private, v2, core, min, \
     min-dct, basic and basic-dct"
)]
pub struct UnknownTbxDialect {
    name: String,
}
