//! The format of the tables: made, recognised, brought up to date.

use super::address::Address;
use super::fault::fault;
use super::session::{Outcome, Session};
use crate::memory::MemoryError;
use crate::memory::store::Result;

const SCHEMA: &str = include_str!("schema.sql");

/// What makes each format from the one before: the first step would make format 2 from format 1.
const STEPS: &[&str] = &[];

/// The two numbers of the server's lock that a writer of this memory holds.
pub(super) fn lock_key(address: &Address) -> (i32, i32) {
    let schema = xxhash_rust::xxh3::xxh3_64(address.schema.as_bytes());
    (i32::from_be_bytes(*b"CHNC"), schema as i32)
}

/// Makes an empty memory in a schema that has none.
pub(super) fn create(session: &Session, address: &Address) -> Result<()> {
    let create = || -> Outcome<bool> {
        session.batch("BEGIN")?;
        let (class, object) = lock_key(address);
        session.batch(&format!("SELECT pg_advisory_xact_lock({class}, {object})"))?;
        if has_table(session, address)?.is_some() {
            return Ok(false);
        }
        session.batch(&format!("CREATE SCHEMA IF NOT EXISTS \"{}\"", address.schema))?;
        session.batch(SCHEMA)?;
        session.batch(
            "INSERT INTO memory (format, revision, next_unit, units, purged)
             VALUES (1, 0, 1, 0, 0)",
        )?;
        for (step, format) in STEPS.iter().zip(2..) {
            session.batch(step)?;
            session.batch(&format!("UPDATE memory SET format = {format}"))?;
        }
        session.batch("COMMIT")?;
        Ok(true)
    };
    let made = create();
    if !matches!(made, Ok(true)) {
        // The line may be what failed: then there is nothing to roll back.
        let _ = session.batch("ROLLBACK");
    }
    match made.map_err(fault(&address.shown))? {
        true => Ok(()),
        false => Err(MemoryError::Exists { path: address.shown.clone() }),
    }
}

/// Whether the schema holds a memory and, if so, whether this role may look at it.
fn has_table(session: &Session, address: &Address) -> Outcome<Option<bool>> {
    let sql = "SELECT has_schema_privilege(n.oid, 'USAGE') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n
        ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'memory'";
    Ok(session.first(sql, &[&address.schema])?.map(|row| row.get(0)))
}

/// Brings the tables of an older format up to date.
pub(super) fn bring_up_to_date(session: &Session, address: &Address) -> Result<()> {
    migrate(session, address, STEPS)
}

fn migrate(session: &Session, address: &Address, steps: &[&str]) -> Result<()> {
    let failed = fault(&address.shown);
    match has_table(session, address).map_err(&failed)? {
        Some(true) => {}
        Some(false) => {
            let cause = format!("the role may not use the schema {}", address.schema);
            return Err(MemoryError::Refused { path: address.shown.clone(), cause });
        }
        None => return Err(MemoryError::Missing { path: address.shown.clone() }),
    }
    let newest = 1 + steps.len();
    let found = format(session).map_err(&failed)?;
    if found == newest {
        return Ok(());
    }
    if found > newest {
        let path = address.shown.clone();
        return Err(MemoryError::NewerFormat { path, found, known: newest });
    }
    let migrate = || -> Outcome<()> {
        session.batch("BEGIN")?;
        let (class, object) = lock_key(address);
        session.batch(&format!("SELECT pg_advisory_xact_lock({class}, {object})"))?;
        // Another program may have done it while this one waited.
        let found = format(session)?;
        for (step, format) in steps.iter().zip(2..).skip(found.saturating_sub(1)) {
            session.batch(step)?;
            session.batch(&format!("UPDATE memory SET format = {format}"))?;
        }
        session.batch("COMMIT")
    };
    migrate().map_err(|error| {
        let _ = session.batch("ROLLBACK");
        match failed(error) {
            MemoryError::Refused { path, cause } => {
                let cause = format!(
                    "{cause}; its tables are of an older format, and the role that owns them has to \
                     open the memory once"
                );
                MemoryError::Refused { path, cause }
            }
            other => other,
        }
    })
}

fn format(session: &Session) -> Outcome<usize> {
    let row = session.first("SELECT format FROM memory", &[])?;
    Ok(row.map_or(0, |row| row.get::<_, i32>(0) as usize))
}
