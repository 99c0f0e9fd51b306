//! A memory into a file.

use std::io::Write;
use std::path::Path;

use super::{OpenMemory, TaskError};
use crate::exchange::{AtomicFile, Flavour, Format, Header, TableWriter, TmxWriter};
use crate::{Lang, Unit};

/// An export of a memory into a file, about to run.
///
/// The name of the file says the format: `.tmx`, or `.tsv` and `.csv` for a table with a column
/// for each language.
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
/// assert_eq!(written.units, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an export does nothing until it is run"]
#[derive(Clone, Debug, Default)]
pub struct FileExport {
    langs: Vec<Lang>,
    flavour: Flavour,
}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportReport {
    /// Units written.
    pub units: u64,
    /// What the format could not take: characters that XML does not allow, or cells of a table
    /// whose inline codes were left out.
    pub dropped: u64,
}

impl FileExport {
    /// An export of all units in all languages.
    pub fn new() -> FileExport {
        FileExport::default()
    }

    /// The languages to export. Units that do not have two of them are left out. All by default;
    /// a table has French and English then.
    pub fn langs(mut self, langs: impl IntoIterator<Item = Lang>) -> FileExport {
        self.langs = langs.into_iter().collect();
        self
    }

    /// For which tool TMX is written.
    pub fn flavour(mut self, flavour: Flavour) -> FileExport {
        self.flavour = flavour;
        self
    }

    /// Writes the file, as a whole or not at all.
    ///
    /// # Errors
    ///
    /// [`TaskError::Unsupported`] if the name does not say a format that can be written; else if
    /// the file can not be written, or the memory not be read.
    pub fn run(
        &self,
        memory: &OpenMemory,
        path: impl AsRef<Path>,
    ) -> Result<ExportReport, TaskError> {
        let path = path.as_ref();
        let table = |langs: &[Lang]| match langs {
            [] => vec![Lang::FR, Lang::EN],
            langs => langs.to_vec(),
        };
        match Format::of_name(path) {
            Some(Format::Tmx) => {
                let source = self.langs.first().cloned().unwrap_or(Lang::FR);
                let file = AtomicFile::create(path)?;
                let mut writer =
                    TmxWriter::with_flavour(file, &Header::new(&source), self.flavour.clone())?;
                self.each(memory, |unit| Ok(writer.write(unit)?))?;
                let report = ExportReport { units: writer.units(), dropped: writer.dropped() };
                writer.finish()?.commit()?;
                Ok(report)
            }
            Some(Format::Tsv) => {
                let writer = TableWriter::tabs(AtomicFile::create(path)?, table(&self.langs));
                self.write_table(memory, writer)
            }
            Some(Format::Csv) => {
                let writer = TableWriter::csv(AtomicFile::create(path)?, table(&self.langs))?;
                self.write_table(memory, writer)
            }
            _ => {
                let problem = "units are written as .tmx, .tsv or .csv; choose one of these names";
                Err(TaskError::Unsupported { path: path.to_owned(), problem })
            }
        }
    }

    fn write_table(
        &self,
        memory: &OpenMemory,
        mut writer: TableWriter<AtomicFile>,
    ) -> Result<ExportReport, TaskError> {
        let units = self.each(memory, |unit| Ok(writer.write(unit)?))?;
        let report = ExportReport { units, dropped: writer.dropped() };
        let mut file = writer.finish()?;
        file.flush().map_err(crate::exchange::Error::from)?;
        file.commit()?;
        Ok(report)
    }

    /// Gives every unit that is to be exported, with the languages that are, and counts them.
    fn each(
        &self,
        memory: &OpenMemory,
        mut write: impl FnMut(&Unit) -> Result<(), TaskError>,
    ) -> Result<u64, TaskError> {
        let failed = |cause| TaskError::memory(memory.path(), cause);
        let mut count = 0;
        for unit in memory.memory().units().map_err(failed)? {
            let (_, mut unit) = unit.map_err(failed)?;
            if self.keep(&mut unit) {
                write(&unit)?;
                count += 1;
            }
        }
        Ok(count)
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
