//! Handles: numbers that stand for objects.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use chancery::Unit;
use chancery::tasks::OpenMemory;

use crate::check::Findings;
use crate::concordance::Lines;
use crate::lookup::Matches;
use crate::phrase::Phrases;
use crate::status::{CHANCERY_NO_SUCH_HANDLE, Failure};
use crate::terms::{Hits, Terms};

/// What a handle stands for.
#[derive(Clone)]
pub(crate) enum Object {
    Memory(Arc<OpenMemory>),
    Matches(Arc<Matches>),
    Phrases(Arc<Phrases>),
    Lines(Arc<Lines>),
    Termbase(Arc<Terms>),
    Hits(Arc<Hits>),
    Findings(Arc<Findings>),
    Unit(Arc<Mutex<Unit>>),
    Error(Arc<str>),
}

static OBJECTS: LazyLock<RwLock<HashMap<u64, Object>>> = LazyLock::new(RwLock::default);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Keeps an object, and gives the handle it is found by.
///
/// Handles are never used again. They are spread over all numbers, so that a number from elsewhere
/// is none.
pub(crate) fn keep(object: Object) -> u64 {
    // An odd factor makes each number another, and none of them 0 before all are used.
    let handle = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    OBJECTS.write().unwrap_or_else(PoisonError::into_inner).insert(handle, object);
    handle
}

/// Forgets an object; whether there was one.
pub(crate) fn forget(handle: u64) -> bool {
    let object = OBJECTS.write().unwrap_or_else(PoisonError::into_inner).remove(&handle);
    // It is dropped after the lock: closing a memory takes time.
    object.is_some()
}

fn find(handle: u64) -> Option<Object> {
    OBJECTS.read().unwrap_or_else(PoisonError::into_inner).get(&handle).cloned()
}

fn none(what: &str) -> Failure {
    let message = format!("the handle of the {what} is closed, or never was one");
    Failure::new(CHANCERY_NO_SUCH_HANDLE, message)
}

macro_rules! objects {
    ($($name:ident: $kind:ident($object:ty),)*) => {$(
        pub(crate) fn $name(handle: u64) -> Result<$object, Failure> {
            match find(handle) {
                Some(Object::$kind(object)) => Ok(object),
                _ => Err(none(stringify!($name))),
            }
        }
    )*};
}

objects! {
    memory: Memory(Arc<OpenMemory>),
    matches: Matches(Arc<Matches>),
    phrases: Phrases(Arc<Phrases>),
    lines: Lines(Arc<Lines>),
    termbase: Termbase(Arc<Terms>),
    hits: Hits(Arc<Hits>),
    findings: Findings(Arc<Findings>),
    unit: Unit(Arc<Mutex<Unit>>),
    error: Error(Arc<str>),
}
