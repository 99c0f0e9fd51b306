//! How common keys are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::session::{Outcome, Session};

/// How common keys are, as far as it is known which are common: this decides which lists are read,
/// and so how long a search takes, but never what it finds.
#[derive(Debug, Default)]
pub(super) struct Frequencies {
    known: Mutex<Option<(Instant, Arc<Counts>)>>,
}

/// Of common keys, about how many segments have them.
#[derive(Debug, Default)]
pub(super) struct Counts(HashMap<i32, f32>);

/// For how long an estimate is believed: a new one costs some milliseconds.
const FRESH: Duration = Duration::from_secs(300);
/// For how long it is believed that nothing is known.
const EMPTY: Duration = Duration::from_secs(5);

impl Frequencies {
    pub(super) fn get(&self, session: &Session, schema: &str) -> Outcome<Arc<Counts>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, counts)) = &*known
            && since.elapsed() < if counts.0.is_empty() { EMPTY } else { FRESH }
        {
            return Ok(Arc::clone(counts));
        }
        let sql = "SELECT s.most_common_elems::text::int[], s.most_common_elem_freqs, c.reltuples
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname
            WHERE n.nspname = $1 AND c.relname = 'signature' AND s.attname = 'keys'";
        type Told = (Option<Vec<i32>>, Option<Vec<f32>>, f32);
        let told: Option<Told> =
            session.first(sql, &[&schema])?.map(|row| (row.get(0), row.get(1), row.get(2)));
        let (keys, shares, segments) = told.unwrap_or_default();
        let counts = shares.into_iter().flatten().map(|share| share * segments.max(0.0));
        let counts: Arc<Counts> = Arc::new(keys.into_iter().flatten().zip(counts).collect());
        *known = Some((Instant::now(), Arc::clone(&counts)));
        Ok(counts)
    }
}

impl Counts {
    /// About how many segments have this key. What is not among the common ones is rare.
    pub(super) fn of(&self, key: i32) -> f32 {
        self.0.get(&key).copied().unwrap_or(1.0)
    }
}

impl FromIterator<(i32, f32)> for Counts {
    fn from_iter<I: IntoIterator<Item = (i32, f32)>>(counts: I) -> Counts {
        Counts(counts.into_iter().collect())
    }
}
