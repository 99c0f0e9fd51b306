//! A memory into a file.

use std::path::Path;

use super::{OpenMemory, TaskError};
use crate::exchange::{Header, TmxWriter};
use crate::{Lang, Unit};

/// An export of a memory into a TMX file, about to run.
///
/// ```
/// use chancery::tasks::{FileExport, OpenMemory};
/// use chancery::{Lang, Unit};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("out.tmx");
/// let open = OpenMemory::open_or_create(folder.path().join("ministry.tmx"))?;
/// open.memory().add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))])?;
/// let written = FileExport::new().langs([Lang::FR, Lang::EN]).run(&open, &path)?;
/// assert_eq!(written, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an export does nothing until it is run"]
#[derive(Clone, Debug, Default)]
pub struct FileExport {
    langs: Vec<Lang>,
}

impl FileExport {
    /// An export of all units in all languages.
    pub fn new() -> FileExport {
        FileExport::default()
    }

    /// The languages to export. Units that do not have two of them are left out. All by default.
    pub fn langs(mut self, langs: impl IntoIterator<Item = Lang>) -> FileExport {
        self.langs = langs.into_iter().collect();
        self
    }

    /// Writes the file, as a whole or not at all, and gives the number of units in it.
    ///
    /// # Errors
    ///
    /// If the file can not be written, or the memory not be read.
    pub fn run(&self, memory: &OpenMemory, path: impl AsRef<Path>) -> Result<u64, TaskError> {
        let source = self.langs.first().cloned().unwrap_or(Lang::FR);
        let mut writer = TmxWriter::create(path, &Header::new(&source))?;
        let failed = |cause| TaskError::memory(memory.path(), cause);
        for unit in memory.memory().units().map_err(failed)? {
            let (_, mut unit) = unit.map_err(failed)?;
            if self.keep(&mut unit) {
                writer.write(&unit)?;
            }
        }
        let written = writer.units();
        writer.finish()?.commit()?;
        Ok(written)
    }

    /// Leaves the languages to export in a unit, and says whether they are enough.
    fn keep(&self, unit: &mut Unit) -> bool {
        if self.langs.is_empty() {
            return true;
        }
        unit.variants.retain(|variant| {
            self.langs.iter().any(|lang| *lang == variant.lang || is_variety(&variant.lang, lang))
        });
        unit.variants.len() >= 2
    }
}

/// Whether `fr-CA` is asked for by `fr`.
fn is_variety(lang: &Lang, of: &Lang) -> bool {
    of.primary() == of.as_written() && lang.primary() == of.primary()
}
