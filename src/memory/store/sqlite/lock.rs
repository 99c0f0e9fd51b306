//! One writer at a time, across processes, and a name for who it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::memory::MemoryError;

/// The right to write: a lock on the file `….lock` beside the memory, in which the holder says
/// who it is. The operating system takes the lock away from a process that dies.
///
/// SQLite's own lock keeps the data safe; this one exists because SQLite can not say who holds
/// its lock, and lets writers wait in vain while a reader is at work.
#[derive(Debug)]
pub(super) struct WriterLock {
    file: File,
}

impl WriterLock {
    /// Waits for the lock, at most `patience`.
    pub(super) fn acquire(
        memory: &Path,
        purpose: &str,
        patience: Duration,
    ) -> Result<WriterLock, MemoryError> {
        let path = beside(memory, ".lock");
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                MemoryError::ReadOnly { path: memory.to_owned(), cause: error.to_string() }
            }
            std::io::ErrorKind::Unsupported => {
                MemoryError::NoLocks { path: memory.to_owned(), cause: error.to_string() }
            }
            std::io::ErrorKind::StorageFull => {
                MemoryError::Full { path: memory.to_owned(), cause: error.to_string() }
            }
            _ => MemoryError::Store { path: path.clone(), cause: Box::new(error) },
        };
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(failed)?;
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let waited = start.elapsed();
            if waited >= patience {
                let holder = holder(&mut file);
                return Err(MemoryError::Busy { holder, waited: waited.as_secs_f64() });
            }
            std::thread::sleep(pause.min(patience - waited));
            pause = (pause * 2).min(Duration::from_millis(50));
        }
        // The name is a courtesy to others: on a full disk they go without it.
        let name = format!(
            "process {} ({purpose}, since {})",
            std::process::id(),
            jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC")
        );
        let _ = file.set_len(0).and_then(|()| file.write_all(name.as_bytes()));
        Ok(WriterLock { file })
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn holder(file: &mut File) -> String {
    let mut name = String::new();
    let read = file.rewind().and_then(|()| file.take(1000).read_to_string(&mut name));
    match read {
        Ok(_) if !name.is_empty() => name,
        // Some systems do not let others read a locked file.
        _ => "another program".to_owned(),
    }
}

/// The path with something appended to the file name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_in_vain_is_told_for_whom() {
        let folder = tempfile::tempdir().unwrap();
        let memory = folder.path().join("m");
        let held = WriterLock::acquire(&memory, "import a.tmx", Duration::ZERO).unwrap();
        let error = WriterLock::acquire(&memory, "add", Duration::from_millis(5)).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("import a.tmx"), "{message}");
        assert!(message.contains(&std::process::id().to_string()), "{message}");
        drop(held);
        WriterLock::acquire(&memory, "add", Duration::ZERO).unwrap();
    }
}
