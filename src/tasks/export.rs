//! A memory into a file.

use std::io::Write;
use std::path::Path;

use super::{OpenMemory, TaskError, unit_table};
use crate::exchange::{
    AtomicFile, Flavour, Format, Header, TableWriter, TmxWriter, WorkbookWriter,
};
use crate::memory::{Selection, UnitId};
use crate::{Lang, Unit};

/// An export of a memory into a file, about to run.
///
/// The name of the file says the format: `.tmx`, or `.tsv` and `.csv` for a table with a column
/// for each language. An `.xlsx` is a table for a reviser: its rows say which units they are, so that
/// [`FileImport`](super::FileImport) takes back what was edited in it and nothing else.
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
    selection: Selection,
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

    /// Which units. All by default.
    pub fn select(mut self, selection: Selection) -> FileExport {
        self.selection = selection;
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
                self.each(memory, |_, unit| Ok(writer.write(unit)?))?;
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
            Some(Format::Xlsx) => self.write_workbook(memory, path, &table(&self.langs)),
            _ => {
                let problem =
                    "units are written as .tmx, .tsv, .csv or .xlsx; choose one of these names";
                Err(TaskError::Unsupported { path: path.to_owned(), problem })
            }
        }
    }

    fn write_table(
        &self,
        memory: &OpenMemory,
        mut writer: TableWriter<AtomicFile>,
    ) -> Result<ExportReport, TaskError> {
        let units = self.each(memory, |_, unit| Ok(writer.write(unit)?))?;
        let report = ExportReport { units, dropped: writer.dropped() };
        let mut file = writer.finish()?;
        file.flush().map_err(crate::exchange::Error::from)?;
        file.commit()?;
        Ok(report)
    }

    fn write_workbook(
        &self,
        memory: &OpenMemory,
        path: &Path,
        langs: &[Lang],
    ) -> Result<ExportReport, TaskError> {
        if !memory.is_store() {
            let problem = "a file has no journal to bring edits back to; import it into a memory \
                           first, or write .csv";
            return Err(TaskError::Unsupported { path: memory.path().to_owned(), problem });
        }
        // What is written meanwhile may be in a row, whose edit is then refused, not lost.
        let revision = memory.memory().revision();
        let revision = revision.map_err(|cause| TaskError::memory(memory.path(), cause))?;
        let widths: Vec<u16> = [12].into_iter().chain(langs.iter().map(|_| 60)).collect();
        let mut writer = WorkbookWriter::new(&unit_table::header(langs), &widths)?;
        let units = self.each(memory, |id, unit| {
            let row = unit_table::row(id, revision, unit, langs);
            Ok(writer.row(row.iter().map(String::as_str))?)
        })?;
        let mut file = AtomicFile::create(path)?;
        file.write_all(&writer.finish()?).map_err(crate::exchange::Error::from)?;
        file.commit()?;
        Ok(ExportReport { units, dropped: 0 })
    }

    /// Gives every unit that is to be exported, with the languages that are, and counts them.
    fn each(
        &self,
        memory: &OpenMemory,
        mut write: impl FnMut(UnitId, &Unit) -> Result<(), TaskError>,
    ) -> Result<u64, TaskError> {
        let failed = |cause| TaskError::memory(memory.path(), cause);
        let mut count = 0;
        for unit in memory.memory().units().map_err(failed)? {
            let (id, mut unit) = unit.map_err(failed)?;
            if self.selection.accepts(&unit) && self.keep(&mut unit) {
                write(id, &unit)?;
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
