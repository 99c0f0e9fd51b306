//! The journal: who changed what, when, and what was there before.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// Names a unit of a memory. Never given to another unit, also after the unit is removed.
///
/// ```
/// use chancery::memory::UnitId;
///
/// let id: UnitId = "42".parse()?;
/// assert_eq!(id.to_string(), "42");
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(u64);

/// Names a revision of a memory. They count from 1, and a later one has a greater number.
///
/// ```
/// use chancery::memory::RevisionId;
///
/// let id: RevisionId = "3".parse()?;
/// assert!(id > RevisionId::new(2));
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(u64);

macro_rules! number {
    ($name:ident) => {
        impl $name {
            /// The id with this number, as it is printed.
            pub const fn new(number: u64) -> $name {
                $name(number)
            }

            /// Its number.
            pub const fn number(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<$name, ParseIntError> {
                text.parse().map($name)
            }
        }
    };
}

number!(UnitId);
number!(RevisionId);

/// One change of a memory: an add, an import, a deletion, an undo, a maintenance run.
///
/// ```
/// use chancery::{Lang, Unit, memory::{Memory, Operation}};
///
/// let memory = Memory::builder().author("a.leroy").build();
/// memory.add([Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting rose."))])?;
/// let newest = &memory.history()?[0];
/// assert_eq!(newest.operation(), Operation::Add);
/// assert_eq!(newest.author(), "a.leroy");
/// assert_eq!(newest.counts().added, 1);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub(crate) id: u64,
    /// Milliseconds since 1970 (UTC).
    pub(crate) time: i64,
    pub(crate) author: String,
    pub(crate) operation: Operation,
    pub(crate) origin: String,
    /// The revision that this one undid.
    pub(crate) undoes: Option<u64>,
    pub(crate) counts: Counts,
    /// Whether what was there before is still known.
    pub(crate) reversible: bool,
}

impl Revision {
    /// A revision about to be committed, by this moment's clock.
    pub(crate) fn now(
        author: &str,
        operation: Operation,
        origin: &str,
        counts: Counts,
    ) -> Revision {
        Revision {
            id: 0,
            time: millis(SystemTime::now()),
            author: author.to_owned(),
            operation,
            origin: origin.to_owned(),
            undoes: None,
            counts,
            reversible: true,
        }
    }

    /// Its id.
    pub fn id(&self) -> RevisionId {
        RevisionId(self.id)
    }

    /// When it was made, to the millisecond. Never before the revision before it, even when the
    /// clock was set back.
    pub fn time(&self) -> SystemTime {
        from_millis(self.time)
    }

    /// Who made it, as the writer called itself; empty if it did not.
    pub fn author(&self) -> &str {
        &self.author
    }

    /// What was done.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Where it came from: the file of an import, the rule of a maintenance run; may be empty.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The revision that an undo undid.
    pub fn undoes(&self) -> Option<RevisionId> {
        self.undoes.map(RevisionId)
    }

    /// How many units or concepts it added, changed and removed.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether it can still be undone: not after a purge.
    pub fn is_reversible(&self) -> bool {
        self.reversible
    }
}

/// How many units or concepts a revision added, changed and removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that were not there before.
    pub added: u64,
    /// Those that are there before and after, but not the same.
    pub changed: u64,
    /// Those that are there no more.
    pub removed: u64,
}

impl Counts {
    /// Counts one thing by what it was and what it is.
    pub(crate) fn add<T: PartialEq>(&mut self, before: Option<&T>, after: Option<&T>) {
        match (before, after) {
            (None, None) => {}
            (None, Some(_)) => self.added += 1,
            (Some(_), None) => self.removed += 1,
            (Some(before), Some(after)) => self.changed += u64::from(before != after),
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        self == Counts::default()
    }
}

/// What a [`Revision`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Units were added one call at a time.
    Add,
    /// A file was imported.
    Import,
    /// A unit was replaced by an edited one.
    Change,
    /// Units were removed.
    Remove,
    /// Another revision was undone.
    Undo,
    /// The past was forgotten.
    Purge,
    /// Many units were changed or removed by a rule.
    Maintain,
}

impl Operation {
    const ALL: [(Operation, &'static str); 7] = [
        (Operation::Add, "add"),
        (Operation::Import, "import"),
        (Operation::Change, "change"),
        (Operation::Remove, "remove"),
        (Operation::Undo, "undo"),
        (Operation::Purge, "purge"),
        (Operation::Maintain, "maintain"),
    ];

    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        allow(dead_code, reason = "RAM keeps the value itself")
    )]
    pub(crate) fn from_name(name: &str) -> Option<Operation> {
        Operation::ALL.iter().find(|(_, other)| *other == name).map(|(operation, _)| *operation)
    }

    /// The word for it in the journal.
    pub fn name(self) -> &'static str {
        Operation::ALL.iter().find(|(operation, _)| *operation == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Milliseconds since 1970; a time beyond 292 million years from then is the end of time.
pub(crate) fn millis(time: SystemTime) -> i64 {
    let signed = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => signed(after),
        Err(before) => -signed(before.duration()),
    }
}

fn from_millis(time: i64) -> SystemTime {
    let span = Duration::from_millis(time.unsigned_abs());
    let moved = match time >= 0 {
        true => SystemTime::UNIX_EPOCH.checked_add(span),
        false => SystemTime::UNIX_EPOCH.checked_sub(span),
    };
    moved.unwrap_or(SystemTime::UNIX_EPOCH)
}
