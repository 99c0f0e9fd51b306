//! Memories opened by the name a person gives.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::TaskError;
use super::units::FileUnits;
use crate::Lang;
use crate::exchange::{Format, Header, ReadOptions, TmxWriter};
use crate::memory::address::{is_address, without_password};
use crate::memory::{DuplicatePolicy, Memory, MemoryBuilder, Rejection};

/// A memory opened by its name: a store, or a file of an exchange format that is read into RAM.
///
/// A store keeps every change at once. A TMX file is written again as a whole, and only by
/// [`save`](OpenMemory::save); it has no journal. Files of other formats are read only.
///
/// ```
/// use chancery::tasks::OpenMemory;
/// use chancery::{Lang, Unit};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("ministry.tmx");
/// let open = OpenMemory::open_or_create(&path)?;
/// open.memory().add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))])?;
/// open.save()?;
/// assert_eq!(OpenMemory::open(&path)?.memory().len()?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OpenMemory {
    memory: Memory,
    path: PathBuf,
    /// What the file holds beside the units; none for a store.
    file: Option<ReadFile>,
    /// Whether the store was made when it was opened.
    created: bool,
}

#[derive(Debug)]
struct ReadFile {
    /// What to write it again with; none where that is no TMX.
    header: Option<Header>,
    rejected: Vec<Rejection>,
}

impl OpenMemory {
    /// Opens a memory, with the default options.
    ///
    /// # Errors
    ///
    /// [`TaskError::Missing`] if there is none of this name, [`TaskError::Exchange`] for a TMX
    /// file that can not be read to its end, else what the store reports.
    pub fn open(path: impl AsRef<Path>) -> Result<OpenMemory, TaskError> {
        OpenMemory::open_with(path, &MemoryBuilder::default())
    }

    /// Opens a memory.
    ///
    /// # Errors
    ///
    /// The same as those of [`open`](OpenMemory::open).
    pub fn open_with(
        path: impl AsRef<Path>,
        options: &MemoryBuilder,
    ) -> Result<OpenMemory, TaskError> {
        let path = path.as_ref();
        if is_address(path) {
            return open_store(path, options);
        }
        if !path.exists() {
            return Err(TaskError::Missing { path: path.to_owned() });
        }
        if is_store(path)? { open_store(path, options) } else { read_file(path, options) }
    }

    /// Opens a memory, or makes an empty one if there is none of this name: a TMX file if the name
    /// ends in `.tmx`, else a store.
    ///
    /// # Errors
    ///
    /// The same as those of [`open`](OpenMemory::open).
    pub fn open_or_create(path: impl AsRef<Path>) -> Result<OpenMemory, TaskError> {
        OpenMemory::open_or_create_with(path, &MemoryBuilder::default())
    }

    /// Opens a memory, or makes an empty one.
    ///
    /// # Errors
    ///
    /// The same as those of [`open`](OpenMemory::open).
    pub fn open_or_create_with(
        path: impl AsRef<Path>,
        options: &MemoryBuilder,
    ) -> Result<OpenMemory, TaskError> {
        let path = path.as_ref();
        if is_address(path) {
            return match open_store(path, options) {
                Err(error) if error.is_missing() => create_store(path, options),
                opened => opened,
            };
        }
        if path.exists() {
            return OpenMemory::open_with(path, options);
        }
        if is_tmx_name(path) {
            let file = ReadFile { header: Some(Header::new(&Lang::FR)), rejected: Vec::new() };
            let memory = options.build();
            return Ok(OpenMemory {
                memory,
                path: path.to_owned(),
                file: Some(file),
                created: false,
            });
        }
        create_store(path, options)
    }

    /// The name of a memory as it may be shown: a path as it is, an address without its password.
    ///
    /// ```
    /// use chancery::tasks::OpenMemory;
    ///
    /// let shown = OpenMemory::shown("postgres://ana:secret@db.example/translations");
    /// assert_eq!(shown.to_str(), Some("postgres://ana@db.example/translations"));
    /// ```
    pub fn shown(path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        match is_address(path) {
            true => without_password(&path.to_string_lossy()).into(),
            false => path.to_owned(),
        }
    }

    /// An empty memory in RAM that is written nowhere.
    pub fn in_ram() -> OpenMemory {
        OpenMemory { memory: Memory::new(), path: PathBuf::new(), file: None, created: false }
    }

    /// The memory.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The memory alone. Changes to one that was read from a file are not written to it any more.
    pub fn into_memory(self) -> Memory {
        self.memory
    }

    /// The name it was opened by, without a password.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a name leads to a store rather than to a file of an exchange format: an address, or a
    /// file that is one by its first bytes.
    pub fn is_store_at(path: impl AsRef<Path>) -> bool {
        let path = path.as_ref();
        is_address(path) || (path.is_file() && is_store(path).unwrap_or_default())
    }

    /// Whether every change is kept at once, with a journal; else [`save`](OpenMemory::save)
    /// writes the file again.
    pub fn is_store(&self) -> bool {
        self.file.is_none()
    }

    /// The units of the file that could not be read, or that a memory does not take, with reasons.
    pub fn rejected(&self) -> &[Rejection] {
        self.file.as_ref().map_or(&[], |file| &file.rejected)
    }

    /// Writes the file again, as a whole or not at all. Nothing is to be done for a store.
    ///
    /// # Errors
    ///
    /// [`TaskError::WouldLose`] if not all of the file could be read, else if writing fails.
    pub fn save(&self) -> Result<(), TaskError> {
        let Some(file) = &self.file else { return Ok(()) };
        if !file.rejected.is_empty() {
            let (path, rejected) = (self.path.clone(), file.rejected.len() as u64);
            return Err(TaskError::WouldLose { path, rejected });
        }
        let Some(header) = &file.header else {
            let problem = "only TMX files are written again; import it into a memory of its own";
            return Err(TaskError::Unsupported { path: self.path.clone(), problem });
        };
        let mut writer = TmxWriter::create(&self.path, header)?;
        for unit in self.memory.units().map_err(|cause| TaskError::memory(&self.path, cause))? {
            let (_, unit) = unit.map_err(|cause| TaskError::memory(&self.path, cause))?;
            writer.write(&unit)?;
        }
        Ok(writer.finish()?.commit()?)
    }

    /// Closes the memory; a file that was made when it was opened, and that nothing was added to,
    /// is removed again. (On a server an empty memory stays.)
    ///
    /// # Errors
    ///
    /// If the memory can not be read, or its file not be removed.
    pub fn close(self) -> Result<(), TaskError> {
        let failed = |cause| TaskError::memory(&self.path, cause);
        let file = self.created && !is_address(&self.path);
        let unused = file && self.memory.history().map_err(failed)?.is_empty();
        drop(self.memory);
        if unused {
            std::fs::remove_file(&self.path)
                .map_err(|cause| TaskError::Io { path: self.path, cause })?;
        }
        Ok(())
    }
}

fn is_tmx_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tmx"))
}

/// Whether a file is an SQLite database, by its first bytes.
fn is_store(path: &Path) -> Result<bool, TaskError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start))
        .map_err(|cause| TaskError::Io { path: path.to_owned(), cause })?;
    // A database that was never written to is empty.
    Ok(start == MAGIC || (start.is_empty() && Format::detect(&start, path).is_none()))
}

fn read_file(path: &Path, options: &MemoryBuilder) -> Result<OpenMemory, TaskError> {
    let mut units = FileUnits::open(path, ReadOptions::new())?;
    let header = units.header().cloned();
    let memory = options.build();
    let mut rejected = Vec::new();
    let import = memory
        .import(path.display().to_string())
        .duplicates(DuplicatePolicy::KeepAll)
        .keep_going(true)
        .on_reject(|rejection| rejected.push(rejection.clone()))
        .run(&mut units);
    if let Some(error) = units.take_error() {
        return Err(error.into());
    }
    import.map_err(|cause| TaskError::memory(path, cause))?;
    let file = Some(ReadFile { header, rejected });
    Ok(OpenMemory { memory, path: path.to_owned(), file, created: false })
}

fn open_store(path: &Path, options: &MemoryBuilder) -> Result<OpenMemory, TaskError> {
    store(path, options, false)
}

fn create_store(path: &Path, options: &MemoryBuilder) -> Result<OpenMemory, TaskError> {
    store(path, options, true)
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn store(path: &Path, options: &MemoryBuilder, created: bool) -> Result<OpenMemory, TaskError> {
    if let Some(problem) = unsupported(path) {
        return Err(TaskError::Unsupported { path: OpenMemory::shown(path), problem });
    }
    let memory = if created { options.create(path) } else { options.open(path) };
    let memory = memory.map_err(|cause| TaskError::memory(path, cause))?;
    Ok(OpenMemory { memory, path: OpenMemory::shown(path), file: None, created })
}

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
fn store(path: &Path, _: &MemoryBuilder, _: bool) -> Result<OpenMemory, TaskError> {
    let problem = unsupported(path).unwrap_or_default();
    Err(TaskError::Unsupported { path: OpenMemory::shown(path), problem })
}

/// Why this build can not open a store of this name, if it can not.
fn unsupported(path: &Path) -> Option<&'static str> {
    match is_address(path) {
        true if !cfg!(feature = "postgres") => {
            Some("is on a server; this program was built without the feature `postgres`")
        }
        false if !cfg!(feature = "sqlite") => Some(
            "is, or would be, an SQLite file; this program was built without the feature \
             `sqlite`; the name of a memory to be made may end in .tmx",
        ),
        _ => None,
    }
}
