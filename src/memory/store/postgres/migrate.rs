//! The format of the tables: made, recognised, brought up to date.

use super::address::Address;
use super::buffer::{learn_frequencies, write_signatures, write_words};
use super::fault::fault;
use super::read::{id, record};
use super::session::{Lease, Outcome, Session};
use super::signature::{BITS, Signer, rules};
use crate::memory::MemoryError;
use crate::memory::store::Result;

const SCHEMA: &str = include_str!("schema.sql");
/// The table of signatures, which shards have too.
pub(super) const SIGNATURES: &str = include_str!("signature.sql");

/// What makes each format from the one before: the first step makes format 2 from format 1.
const STEPS: &[&str] = &[BITS_OF_FORMAT_2];
/// Signatures had 128 bits, and are made anew.
const BITS_OF_FORMAT_2: &str = "ALTER TABLE signature
    ALTER bits TYPE bit(256) USING bits::bit(256), ALTER bits SET STORAGE PLAIN";

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
        session.batch(SIGNATURES)?;
        let sql = "INSERT INTO memory (format, signed, revision, next_unit, units, purged)
            VALUES (1, $1, 0, 1, 0, 0)";
        session.execute(sql, &[&rules()])?;
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

/// Brings the tables of an older format up to date, and signatures made by other rules.
pub(super) fn bring_up_to_date(lease: &Lease) -> Result<()> {
    let (session, address) = (lease.session(), lease.address());
    migrate(session, address, STEPS)?;
    if signed(session).map_err(fault(&address.shown))? != rules() {
        sign_anew(lease).map_err(by_owner)?;
    }
    Ok(())
}

/// Empties a table of signatures that are to be made anew, and brings it up to date: a shard has no
/// format of its own.
pub(super) fn clear_signatures(session: &Session) -> Outcome<()> {
    session.batch("DELETE FROM signature")?;
    let sql = "SELECT atttypmod FROM pg_catalog.pg_attribute
        WHERE attrelid = 'signature'::regclass AND attname = 'bits'";
    let bits = session.first(sql, &[])?.map(|row| row.get::<_, i32>(0));
    if bits.is_some_and(|bits| bits as usize != BITS) {
        session.batch(BITS_OF_FORMAT_2)?;
    }
    Ok(())
}

/// By which rules the signatures were made.
fn signed(session: &Session) -> Outcome<String> {
    let row = session.first("SELECT signed FROM memory", &[])?;
    Ok(row.map_or_else(String::new, |row| row.get(0)))
}

/// How many units are signed at a time.
const PAGE: i64 = 1 << 14;

/// Makes all signatures anew, as one transaction.
fn sign_anew(lease: &Lease) -> Result<()> {
    let (session, address) = (lease.session(), lease.address());
    let failed = fault(&address.shown);
    let (class, object) = lock_key(address);
    let lock = format!("BEGIN; SELECT pg_advisory_xact_lock({class}, {object})");
    session.batch(&lock).map_err(&failed)?;
    // Another program may have done it while this one waited.
    if signed(session).map_err(&failed)? == rules() {
        return session.batch("ROLLBACK").map_err(&failed);
    }
    clear_signatures(session).map_err(&failed)?;
    session.batch("DELETE FROM word").map_err(&failed)?;
    let sharded = !session.query("SELECT 1 FROM shard", &[]).map_err(&failed)?.is_empty();
    let (mut signer, mut after, mut written) = (Signer::default(), 0_i64, 0);
    loop {
        let sql = "SELECT id, record FROM unit WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = session.query(sql, &[&after, &PAGE]).map_err(&failed)?;
        let Some(last) = rows.last() else { break };
        after = last.get(0);
        let (mut signatures, mut words) = (Vec::new(), Vec::new());
        for row in &rows {
            signatures.extend(signer.sign(id(row, 0), &record(row, 1), &mut words)?);
        }
        // Shards make their own when they notice.
        if !sharded {
            written += signatures.len() as u64;
            write_signatures(session, signatures).map_err(&failed)?;
        }
        write_words(session, &words).map_err(&failed)?;
    }
    learn_frequencies(session, written, 0).map_err(&failed)?;
    session.execute("UPDATE memory SET signed = $1", &[&rules()]).map_err(&failed)?;
    session.batch("COMMIT").map_err(&failed)
}

/// Says who can do what a role may not.
fn by_owner(error: MemoryError) -> MemoryError {
    match error {
        MemoryError::Refused { path, cause } => {
            let cause = format!(
                "{cause}; its tables are of an older version, and the role that owns them has to \
                 open the memory once"
            );
            MemoryError::Refused { path, cause }
        }
        other => other,
    }
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
        by_owner(failed(error))
    })
}

fn format(session: &Session) -> Outcome<usize> {
    let row = session.first("SELECT format FROM memory", &[])?;
    Ok(row.map_or(0, |row| row.get::<_, i32>(0) as usize))
}
