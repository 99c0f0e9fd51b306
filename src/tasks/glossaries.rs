//! Glossaries read together.

use std::path::{Path, PathBuf};

use crate::exchange::{Error, ReadOptions, TermFile, TermFormat, read_terms};
use crate::term::Termbase;

/// Glossaries of any format as one termbase.
///
/// Where two files have a concept of the same id, the termbase has both.
#[derive(Clone, Debug, Default)]
pub struct Glossaries {
    /// All concepts, in the order of the files.
    pub base: Termbase,
    /// What was said of each file, without its concepts.
    pub files: Vec<(PathBuf, TermFile)>,
    /// How many concepts each file had.
    counts: Vec<usize>,
}

impl Glossaries {
    /// Reads files, and every file of a known format in folders, in the order of their names.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or holds no term, or a folder holds no glossary.
    ///
    /// ```
    /// use chancery::exchange::ReadOptions;
    /// use chancery::tasks::Glossaries;
    ///
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/glossaries");
    /// let glossaries = Glossaries::read([folder], &ReadOptions::new())?;
    /// assert!(glossaries.base.get("un.security-council").is_some());
    /// # Ok::<(), chancery::exchange::Error>(())
    /// ```
    pub fn read(
        paths: impl IntoIterator<Item = impl AsRef<Path>>,
        options: &ReadOptions,
    ) -> Result<Glossaries, Error> {
        let mut all = Glossaries::default();
        for path in paths {
            for path in files(path.as_ref())? {
                let mut file = read_terms(&path, options.clone())?;
                all.counts.push(file.base.len());
                all.base.extend(std::mem::take(&mut file.base).into_concepts());
                all.files.push((path, file));
            }
        }
        Ok(all)
    }

    /// The files, each with its own concepts.
    pub fn into_files(self) -> Vec<(PathBuf, TermFile)> {
        let mut concepts = self.base.into_concepts().into_iter();
        let files = self.files.into_iter().zip(self.counts);
        let whole = files.map(|((path, file), count)| {
            (path, TermFile { base: concepts.by_ref().take(count).collect(), ..file })
        });
        whole.collect()
    }

    /// How many concepts or rows could not be read.
    pub fn rejected(&self) -> u64 {
        self.files.iter().map(|(_, file)| file.rejected).sum()
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let name = path.display().to_string();
    let unreadable = |error| Error::unreadable_folder(error, &name);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() && TermFormat::of_name(&path).is_some() {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(Error::no_glossary(&name));
    }
    found.sort();
    Ok(found)
}
