//! The folder beside a memory's file in which its index is kept between uses.
//!
//! It holds a file for each [run](super::run) and one, `state`, that says which of them make up
//! the index and of which revision of the memory; beside them, under names of their own, what else
//! was learnt from the memory. Files are written under another name and
//! renamed; a run's file is never written twice and its name is never used again, so that programs
//! that share the memory do not disturb each other: the last one to write `state` is the one whose
//! work is found next time. The folder can be deleted at any time; the index is then built anew.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{Cursor, Damaged, Sound, put_varint, u64_at};
use super::language::{Language, LiveRun};
use super::mapped::{Mapped, trailer};
use super::run::Run;
use super::storage::Storage;
use super::{Stamp, State};

const MAGIC: [u8; 8] = *b"CHANCIDX";
const VERSION: u64 = 1;
const STATE: &str = "state";
/// How the names of files begin that are none of the index.
const BESIDE: &str = "learnt-";
/// A run that no state names may be of a program that is about to write its state.
const GRACE: Duration = Duration::from_secs(3600);

/// The folder of an index.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// An index as it was left, and the units that are in none of its runs.
pub(super) struct Left {
    pub(super) state: State,
    pub(super) fresh: Vec<u64>,
}

impl Folder {
    /// The folder of the memory in this file.
    pub(super) fn of(memory: &Path) -> Folder {
        let mut path = memory.as_os_str().to_owned();
        path.push(".index");
        Folder { path: path.into() }
    }

    /// Opens what was left; `None` if there is nothing.
    pub(super) fn open(&self) -> Sound<Option<Left>> {
        let bytes = match fs::read(self.path.join(STATE)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(Damaged),
        };
        let body = bytes.len().checked_sub(8).ok_or(Damaged)?;
        if !bytes.starts_with(&MAGIC) || xxh3_64(&bytes[..body]) != u64_at(&bytes[body..], 0)? {
            return Err(Damaged);
        }
        let mut cursor = Cursor(&bytes[MAGIC.len()..body]);
        if cursor.varint()? != VERSION {
            return Err(Damaged);
        }
        let stamp = Stamp { revision: cursor.varint()?, time: cursor.varint()? as i64 };
        let fresh = numbers(&mut cursor)?;
        let mut state = State { stamp, ..State::default() };
        for _ in 0..cursor.varint()? {
            let primary = text(&mut cursor)?;
            let mut language = Language::default();
            for _ in 0..cursor.varint()? {
                let name = text(&mut cursor)?;
                let dead: HashSet<u64> = numbers(&mut cursor)?.into_iter().collect();
                let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                if !plain {
                    return Err(Damaged);
                }
                let run = Run::open(Storage::Mapped(Mapped::open(&self.path.join(&*name))?))?;
                let (run, dead, file) = (Arc::new(run), Arc::new(dead), Some(name));
                language.runs.push(LiveRun { run, dead, file });
            }
            state.languages.insert(primary, language);
        }
        Ok(Some(Left { state, fresh }))
    }

    /// Writes the runs that have no file yet, which then are mapped, and says what makes up the
    /// index.
    pub(super) fn save(&self, state: &mut State) -> io::Result<()> {
        for live in state.languages.values_mut().flat_map(|language| &mut language.runs) {
            self.keep(live)?;
        }
        let mut out = MAGIC.to_vec();
        put_varint(&mut out, VERSION);
        put_varint(&mut out, state.stamp.revision);
        put_varint(&mut out, state.stamp.time as u64);
        let fresh = state.languages.values().flat_map(|language| &language.fresh);
        let mut fresh: Vec<u64> = fresh.map(|fresh| fresh.unit).collect();
        put_numbers(&mut out, &mut fresh);
        put_varint(&mut out, state.languages.len() as u64);
        for (primary, language) in &state.languages {
            put_text(&mut out, primary);
            put_varint(&mut out, language.runs.len() as u64);
            for live in &language.runs {
                put_text(&mut out, live.file.as_deref().unwrap_or_default());
                put_numbers(&mut out, &mut live.dead.iter().copied().collect());
            }
        }
        let sum = xxh3_64(&out);
        out.extend(sum.to_le_bytes());
        self.write(STATE, &[&out])?;
        self.sweep(state);
        Ok(())
    }

    /// Writes a run into a file, unless it has one, and maps it.
    pub(super) fn keep(&self, live: &mut LiveRun) -> io::Result<()> {
        if live.file.is_some() {
            return Ok(());
        }
        fs::create_dir_all(&self.path)?;
        let broken = |_| io::Error::other("the index reads differently than it was written");
        let bytes = live.run.bytes().map_err(broken)?;
        let name = unique_name();
        self.write(&name, &[bytes, &trailer(bytes)])?;
        let mapped = Mapped::open(&self.path.join(&name)).map_err(broken)?;
        live.run = Arc::new(Run::open(Storage::Mapped(mapped)).map_err(broken)?);
        live.file = Some(name.into());
        Ok(())
    }

    /// A file that was [put](Folder::put) here.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.path.join(format!("{BESIDE}{name}"))).ok()
    }

    /// Writes a file that is none of the index.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        self.write(&format!("{BESIDE}{name}"), &[bytes])
    }

    /// Removes everything that was written here. What can not be removed is left: no state names
    /// it any more.
    pub(super) fn clear(&self) {
        for file in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let ours =
                |name: &str| name == STATE || name.starts_with("run-") || name.starts_with(BESIDE);
            if file.file_name().to_str().is_some_and(ours) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Writes a file whole or not at all.
    fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let temporary = self.path.join(format!("{}-tmp", unique_name()));
        let written = (|| {
            let mut file = fs::File::create_new(&temporary)?;
            parts.iter().try_for_each(|part| file.write_all(part))?;
            drop(file);
            fs::rename(&temporary, self.path.join(name))
        })();
        if written.is_err() {
            // It is of no use, and the error that matters is the first.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Removes those of these files of runs that the state does not name, and no other has.
    pub(super) fn discard(&self, made: &[Box<str>], state: &State) {
        let runs = || state.languages.values().flat_map(|language| &language.runs);
        let is_left = |name: &str| runs().any(|live| live.file.as_deref() == Some(name));
        for name in made.iter().filter(|name| !is_left(name)) {
            let _ = fs::remove_file(self.path.join(&**name));
        }
    }

    /// Removes what no state has named for an hour. What can not be removed (it may be mapped, on
    /// Windows) is left for the next time.
    fn sweep(&self, state: &State) {
        let runs = state.languages.values().flat_map(|language| &language.runs);
        let named: HashSet<&str> = runs.filter_map(|live| live.file.as_deref()).collect();
        for file in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let name = file.file_name();
            let Some(name) = name.to_str().filter(|name| *name != STATE) else { continue };
            let ours = name.starts_with("run-");
            let age = file.metadata().and_then(|data| data.modified()).ok();
            let old = age.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > GRACE);
            if ours && old && !named.contains(name) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// A name that no file of an index has or had.
fn unique_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    format!("run-{time:x}-{process:x}-{count:x}")
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn text(cursor: &mut Cursor<'_>) -> Sound<Box<str>> {
    let len = usize::try_from(cursor.varint()?).map_err(|_| Damaged)?;
    let (text, rest) = cursor.0.split_at_checked(len).ok_or(Damaged)?;
    let text = std::str::from_utf8(text).map_err(|_| Damaged)?.into();
    cursor.0 = rest;
    Ok(text)
}

/// Writes numbers ascending, by their differences.
fn put_numbers(out: &mut Vec<u8>, numbers: &mut Vec<u64>) {
    numbers.sort_unstable();
    numbers.dedup();
    put_varint(out, numbers.len() as u64);
    numbers.iter().fold(0, |before, &number| {
        put_varint(out, number - before);
        number
    });
}

fn numbers(cursor: &mut Cursor<'_>) -> Sound<Vec<u64>> {
    let mut found = Vec::new();
    let mut last = 0_u64;
    for _ in 0..cursor.varint()? {
        last = last.checked_add(cursor.varint()?).ok_or(Damaged)?;
        found.push(last);
    }
    Ok(found)
}
