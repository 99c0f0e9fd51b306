//! Files that are there as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Error;

/// A file that appears under its name only when it is complete.
///
/// It is written beside its place, under a hidden name in the same folder, and renamed by
/// [`commit`](AtomicFile::commit). A program that is killed, a full disk or an error on the way
/// leave what was there before untouched; dropped without a commit, the unfinished file is removed.
/// A link is followed, and the permissions of a file that is replaced are kept. What is no regular
/// file (a pipe, a device) is written directly. Writing is buffered.
///
/// ```
/// use std::io::Write;
/// use chancery::exchange::AtomicFile;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("out.txt");
/// let mut file = AtomicFile::create(&path)?;
/// file.write_all("La séance est ouverte.".as_bytes())?;
/// assert!(!path.exists());
/// file.commit()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "La séance est ouverte.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the file does not appear before it is committed"]
pub struct AtomicFile {
    /// None once committed.
    out: Option<BufWriter<File>>,
    /// Where it is written; None where the file is written directly.
    beside: Option<PathBuf>,
    path: PathBuf,
}

impl AtomicFile {
    /// Begins a file that is to stand at this path.
    ///
    /// # Errors
    ///
    /// If the folder does not exist or may not be written to, or if the path is a folder.
    pub fn create(path: impl AsRef<Path>) -> Result<AtomicFile, Error> {
        let path = path.as_ref();
        begin(path).map_err(|error| in_words(error, path))
    }

    /// The path it will stand at.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes everything to the disk and puts the file at its place.
    ///
    /// # Errors
    ///
    /// If that fails. What stood at the path before is then still there.
    pub fn commit(mut self) -> Result<(), Error> {
        self.finish().map_err(|error| in_words(error, &self.path))
    }

    /// Removes the unfinished files of this process, for a program that is about to be ended by a
    /// signal. Writing to them fails from then on, or is lost.
    pub fn remove_unfinished() {
        for beside in std::mem::take(&mut *unfinished()) {
            // If it cannot be removed there is nobody left to tell.
            let _ = fs::remove_file(beside);
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let Some(beside) = &self.beside else { return Ok(()) };
        file.sync_all()?;
        drop(file);
        fs::rename(beside, &self.path)?;
        unfinished().retain(|other| other != beside);
        self.beside = None;
        Ok(())
    }

    fn buffer(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.out.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }
}

fn begin(path: &Path) -> io::Result<AtomicFile> {
    // Where the name is a link, the file it leads to is the one to replace.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&path).ok();
    if let Some(old) = &old
        && !old.is_file()
    {
        if old.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder"));
        }
        let file = OpenOptions::new().write(true).open(&path)?;
        return Ok(AtomicFile { out: Some(BufWriter::new(file)), beside: None, path });
    }
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"))?;
    loop {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{}.tmp", std::process::id(), next_number()));
        let beside = path.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Ok(file) => {
                unfinished().push(beside.clone());
                if let Some(old) = old {
                    file.set_permissions(old.permissions())?;
                }
                let out = Some(BufWriter::with_capacity(64 << 10, file));
                return Ok(AtomicFile { out, beside: Some(beside), path });
            }
            // Left behind by a program that was killed and had the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// The unfinished files of this process.
fn unfinished() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    // A list of paths is whole at any moment.
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the files of one process apart.
fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn in_words(error: io::Error, path: &Path) -> Error {
    Error::io(error, "the file cannot be written").named(Some(&path.display().to_string()))
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.buffer()?.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(beside) = self.beside.take() {
            // Windows does not remove a file that is open.
            self.out = None;
            unfinished().retain(|other| *other != beside);
            // If it cannot be removed there is nobody left to tell.
            let _ = fs::remove_file(beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_appears_before_the_commit_and_nothing_is_left_without() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.tmx");
        fs::write(&path, "before").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(&[b'x'; 200_000]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"before");
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"after").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_and_a_missing_folder_are_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let error = AtomicFile::create(folder.path()).unwrap_err().to_string();
        assert!(error.contains("this is a folder"), "{error}");
        let error = AtomicFile::create(folder.path().join("no/where")).unwrap_err().to_string();
        assert!(error.contains("no/where: the file cannot be written"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "before").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut file = AtomicFile::create(&link).unwrap();
        file.write_all(b"after").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"after");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
