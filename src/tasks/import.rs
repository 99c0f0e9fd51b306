//! Files into a memory.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::unit_table::{self, Edits};
use super::units::FileUnits;
use super::{OpenMemory, TaskError, UnitChange};
use crate::Unit;
use crate::exchange::{Diagnostic, ReadOptions};
use crate::memory::{AddReport, DuplicatePolicy, MemoryError, Rejection};

/// An import of files into a memory, about to run.
///
/// Each file is one revision: all of it or nothing.
///
/// A table that was exported for a reviser as `.xlsx` comes back as edits: cells that are as they were
/// written change nothing, even if the unit was changed since, edited cells change their unit, and an
/// edit of what was changed since is rejected. Rows that are gone change nothing. Inline codes stand
/// in the cells as `⟦1⟧`, and have to stay there.
///
/// ```
/// use chancery::tasks::{FileImport, OpenMemory};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("treaty.tmx");
/// # std::fs::write(&path, r#"<tmx version="1.4"><header srclang="fr"/><body><tu>
/// #   <tuv xml:lang="fr"><seg>Oui.</seg></tuv><tuv xml:lang="en"><seg>Yes.</seg></tuv>
/// #   </tu></body></tmx>"#)?;
/// let memory = OpenMemory::open_or_create(folder.path().join("ministry.tmx"))?;
/// let report = FileImport::new().run(&memory, &path)?;
/// assert_eq!(report.counts.to_string(), "1 read: 1 added");
/// memory.save()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an import does nothing until it is run"]
#[derive(Default)]
pub struct FileImport<'a> {
    options: ReadOptions,
    duplicates: Option<DuplicatePolicy>,
    supersede: bool,
    keep_going: bool,
    dry_run: bool,
    on_reject: Option<OnReject<'a>>,
    on_progress: Option<Box<dyn FnMut(u64) + 'a>>,
    threads: Option<NonZeroUsize>,
}

type OnReject<'a> = Box<dyn FnMut(&Path, &Rejection) + 'a>;

impl fmt::Debug for FileImport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileImport")
            .field("duplicates", &self.duplicates)
            .field("keep_going", &self.keep_going)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

/// What became of a file that was imported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FileReport {
    /// The file.
    pub path: PathBuf,
    /// How many units were added and so on.
    pub counts: AddReport,
    /// What a table that was [exported](super::FileExport) for a reviser changes, unit by unit; empty
    /// for any other file.
    pub edits: Vec<UnitChange>,
    /// What was odd in the file, up to the limit of the reader.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> FileImport<'a> {
    /// An import that takes a file as a whole or not at all.
    pub fn new() -> FileImport<'a> {
        FileImport::default()
    }

    /// How the files are read.
    pub fn read_options(mut self, options: ReadOptions) -> FileImport<'a> {
        self.options = options;
        self
    }

    /// What happens to a unit that is like one already there; what the memory was opened with by
    /// default.
    pub fn duplicates(mut self, policy: DuplicatePolicy) -> FileImport<'a> {
        self.duplicates = Some(policy);
        self
    }

    /// Whether the units of a file take the place of their documents: see
    /// [`Import::supersede`](crate::memory::Import::supersede).
    pub fn supersede(mut self, supersede: bool) -> FileImport<'a> {
        self.supersede = supersede;
        self
    }

    /// Whether to import the rest of a file of which a unit is rejected, or that is cut off.
    pub fn keep_going(mut self, keep_going: bool) -> FileImport<'a> {
        self.keep_going = keep_going;
        self
    }

    /// Whether to do everything but keep the result.
    pub fn dry_run(mut self, dry_run: bool) -> FileImport<'a> {
        self.dry_run = dry_run;
        self
    }

    /// Hears of every rejected unit, with its file.
    pub fn on_reject(mut self, hear: impl FnMut(&Path, &Rejection) + 'a) -> FileImport<'a> {
        self.on_reject = Some(Box::new(hear));
        self
    }

    /// On how many threads: see [`Import::threads`](crate::memory::Import::threads). One by
    /// default, and always for a memory that is not a [store](OpenMemory::is_store).
    pub fn threads(mut self, threads: NonZeroUsize) -> FileImport<'a> {
        self.threads = Some(threads);
        self
    }

    /// Hears how many units of a file were read so far.
    pub fn on_progress(mut self, hear: impl FnMut(u64) + 'a) -> FileImport<'a> {
        self.on_progress = Some(Box::new(hear));
        self
    }

    /// Imports a file.
    ///
    /// # Errors
    ///
    /// If the file can not be read, if a unit of it is rejected (unless the import
    /// [keeps going](FileImport::keep_going)), or if the memory can not be written to. Nothing of
    /// the file is then in the memory.
    pub fn run(
        &mut self,
        memory: &OpenMemory,
        path: impl AsRef<Path>,
    ) -> Result<FileReport, TaskError> {
        let path = path.as_ref();
        let mut units = FileUnits::open(path, self.options.clone())?;
        let is_row = |unit: &Unit| unit.metadata.property(unit_table::ROW).is_some();
        if units.peek().is_some_and(|first| first.as_ref().is_ok_and(is_row)) {
            return self.edit(memory, path, units);
        }
        let (keep_going, on_reject, on_progress) =
            (self.keep_going, &mut self.on_reject, &mut self.on_progress);
        let mut import = memory
            .memory()
            .import(path.display().to_string())
            // An index that is in RAM is of use only to who looks something up next.
            .threads(self.threads.filter(|_| memory.is_store()).unwrap_or(NonZeroUsize::MIN))
            .supersede(self.supersede)
            .keep_going(keep_going)
            .dry_run(self.dry_run)
            .on_reject(|rejection| {
                if let Some(hear) = on_reject {
                    hear(path, rejection);
                }
            })
            .on_progress(|read| {
                if let Some(hear) = on_progress {
                    hear(read);
                }
            });
        if let Some(policy) = self.duplicates {
            import = import.duplicates(policy);
        }
        let counts = import.run(&mut units);
        match (counts, units.take_error()) {
            (Ok(counts), _) => Ok(FileReport {
                path: path.to_owned(),
                counts,
                edits: Vec::new(),
                diagnostics: units.diagnostics().to_vec(),
            }),
            (Err(MemoryError::Rejected { .. }), Some(error)) => Err(error.into()),
            (Err(cause @ MemoryError::Rejected { .. }), None) => {
                Err(TaskError::memory(path, cause))
            }
            (Err(cause), _) => Err(TaskError::memory(memory.path(), cause)),
        }
    }

    /// Makes the edits of a table that was exported for a reviser.
    fn edit(
        &mut self,
        memory: &OpenMemory,
        path: &Path,
        mut units: FileUnits,
    ) -> Result<FileReport, TaskError> {
        if !memory.is_store() {
            let problem =
                "a file has no journal to make edits under; import it into a memory first";
            return Err(TaskError::Unsupported { path: memory.path().to_owned(), problem });
        }
        let failed = |cause| TaskError::memory(memory.path(), cause);
        let mut table = Edits::of(memory.memory(), &mut units).map_err(failed)?;
        if let Some(error) = units.take_error().filter(|_| !self.keep_going) {
            return Err(error.into());
        }
        let edits = table.compare(memory.memory()).map_err(failed)?;
        if let (Some(first), false) = (table.rejected.first(), self.keep_going) {
            let rejection = Box::new(first.clone());
            return Err(TaskError::memory(path, MemoryError::Rejected { rejection }));
        }
        let revision = match self.dry_run {
            true => None,
            false => {
                let origin = path.display().to_string();
                table.commit(memory.memory(), &origin).map_err(failed)?
            }
        };
        if let Some(hear) = &mut self.on_reject {
            table.rejected.iter().for_each(|rejection| hear(path, rejection));
        }
        let (changed, rejected) = (edits.len() as u64, table.rejected.len() as u64);
        let counts = AddReport {
            read: table.read,
            changed,
            rejected,
            duplicates: table.read.saturating_sub(changed + rejected),
            revision,
            ..AddReport::default()
        };
        let diagnostics = units.diagnostics().to_vec();
        Ok(FileReport { path: path.to_owned(), counts, edits, diagnostics })
    }
}
