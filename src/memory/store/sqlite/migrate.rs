//! The format of the file: made, recognised, brought up to date.

use std::path::Path;

use rusqlite::Connection;

use super::fault::fault;
use super::lock::{WriterLock, beside};
use crate::memory::MemoryError;
use crate::memory::store::Result;

/// "CHNC": what marks an SQLite file as a memory.
pub(super) const APPLICATION_ID: i32 = 0x4348_4e43;

const SCHEMA: &str = include_str!("schema.sql");

/// What makes each format from the one before: the first step makes format 2 from format 1.
const STEPS: &[&str] = &[include_str!("concepts.sql")];

/// The format that this program writes.
const FORMAT: usize = 1 + STEPS.len();

/// Makes an empty file a memory.
pub(super) fn create(connection: &Connection, path: &Path) -> Result<()> {
    let create = || -> rusqlite::Result<()> {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.execute_batch(SCHEMA)?;
        connection.execute_batch(
            "INSERT INTO memory (identity, revision, next_unit, units, purged)
             VALUES (randomblob(16), 0, 1, 0, 0)",
        )?;
        for step in STEPS {
            connection.execute_batch(step)?;
        }
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT as i64)?;
        connection.execute_batch("COMMIT")
    };
    create().map_err(fault(path))?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(fault(path))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(MemoryError::NoLocks {
            path: path.to_owned(),
            cause: format!("its journal can not be set to WAL, only to {mode}"),
        });
    }
    Ok(())
}

/// Brings a file of an older format up to date, after a copy of it was made.
pub(super) fn bring_up_to_date(connection: &Connection, path: &Path) -> Result<()> {
    migrate(connection, path, STEPS)
}

fn migrate(connection: &Connection, path: &Path, steps: &[&str]) -> Result<()> {
    let newest = 1 + steps.len();
    let found = format(connection).map_err(fault(path))?;
    if found == newest {
        return Ok(());
    }
    if found > newest {
        return Err(MemoryError::NewerFormat { path: path.to_owned(), found, known: newest });
    }
    let purpose = format!("migrate to format {newest}");
    let _lock = WriterLock::acquire(path, &purpose, std::time::Duration::from_secs(60))?;
    // Another process may have done it while this one waited.
    let found = format(connection).map_err(fault(path))?;
    let backup = beside(path, &format!(".format-{found}"));
    let migrate = || -> rusqlite::Result<()> {
        if found == newest {
            return Ok(());
        }
        if !backup.exists() {
            let partial = beside(&backup, ".part");
            let _ = std::fs::remove_file(&partial);
            connection.execute("VACUUM INTO ?1", [partial.to_string_lossy()])?;
            std::fs::rename(&partial, &backup)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        }
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for step in &steps[found.saturating_sub(1)..] {
            connection.execute_batch(step)?;
        }
        connection.pragma_update(None, "user_version", newest as i64)?;
        connection.execute_batch("COMMIT")
    };
    migrate().map_err(|error| {
        let _ = connection.execute_batch("ROLLBACK");
        fault(path)(error)
    })
}

fn format(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).map(|v| v as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(folder: &Path) -> (std::path::PathBuf, Connection) {
        let path = folder.join("m");
        let connection = Connection::open(&path).unwrap();
        create(&connection, &path).unwrap();
        (path, connection)
    }

    #[test]
    fn an_older_format_is_backed_up_and_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let (path, connection) = memory(folder.path());
        let steps = [STEPS, &["ALTER TABLE revision ADD COLUMN host TEXT"]].concat();
        migrate(&connection, &path, &steps).unwrap();
        migrate(&connection, &path, &steps).unwrap();
        assert_eq!(format(&connection).unwrap(), FORMAT + 1);
        connection.execute_batch("SELECT host FROM revision").unwrap();
        let backup = folder.path().join(format!("m.format-{FORMAT}"));
        let backup = Connection::open(backup).unwrap();
        assert_eq!(format(&backup).unwrap(), FORMAT);
        backup.execute_batch("SELECT host FROM revision").unwrap_err();
    }

    #[test]
    fn a_step_that_fails_leaves_the_old_format() {
        let folder = tempfile::tempdir().unwrap();
        let (path, connection) = memory(folder.path());
        let broken: [&str; 2] = ["CREATE TABLE extra (a)", "ALTER TABLE none ADD COLUMN b"];
        migrate(&connection, &path, &[STEPS, &broken].concat()).unwrap_err();
        assert_eq!(format(&connection).unwrap(), FORMAT);
        connection.execute_batch("SELECT * FROM extra").unwrap_err();
    }

    #[test]
    fn a_memory_of_the_first_format_gets_a_place_for_concepts() {
        let folder = tempfile::tempdir().unwrap();
        let (path, connection) = memory(folder.path());
        connection
            .execute_batch("DROP TABLE concept; DROP TABLE concept_change; PRAGMA user_version = 1")
            .unwrap();
        bring_up_to_date(&connection, &path).unwrap();
        connection.execute_batch("SELECT id, text FROM concept").unwrap();
        assert!(folder.path().join("m.format-1").exists());
    }

    #[test]
    fn a_newer_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, connection) = memory(folder.path());
        connection.pragma_update(None, "user_version", 9).unwrap();
        let error = bring_up_to_date(&connection, &path).unwrap_err();
        assert!(matches!(error, MemoryError::NewerFormat { found: 9, .. }), "{error}");
    }
}
