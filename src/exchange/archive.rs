//! Exchange files in gzip and ZIP archives.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::{DeflateDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use super::diagnostic::{Diagnostics, Log};
use super::open::{Input, Reading, begin};
use super::{Error, ErrorKind, Header, Problem, ReadOptions, UnitReader};
use crate::Unit;

/// Bytes that an archive may give whatever the ratio: a small file may well be packed tightly.
const FREE: u64 = 1 << 20;

/// Reads the file in a gzip archive.
pub(super) fn gzip(input: Input, name: &Path, options: ReadOptions) -> Result<UnitReader, Error> {
    let inner = match name.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("gz") => name.with_extension(""),
        _ => name.to_owned(),
    };
    let packed = Arc::new(AtomicU64::new(0));
    let input = Counted { input, count: Arc::clone(&packed) };
    let unpacked = Guarded {
        input: MultiGzDecoder::new(input),
        packed: Packed::Counted(packed),
        given: 0,
        ratio: options.limits.archive_ratio,
    };
    nested(Box::new(unpacked), &inner, options)
}

/// An archive in an archive is not opened: nesting is how small files become endless ones.
fn nested(input: Input, name: &Path, options: ReadOptions) -> Result<UnitReader, Error> {
    let mut input = input;
    let mut head = Vec::new();
    (&mut input).take(4).read_to_end(&mut head).map_err(Error::reading)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0x1f, 0x8b]) {
        let message = "an archive in an archive is not read; unpack it first";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    begin(Box::new(Cursor::new(head).chain(input)), name, options, None)
}

/// Counts the bytes that are read.
struct Counted<R> {
    input: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Stops an archive that gives far more than it holds.
struct Guarded<R> {
    input: R,
    packed: Packed,
    given: u64,
    ratio: u64,
}

enum Packed {
    Known(u64),
    Counted(Arc<AtomicU64>),
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.given += count as u64;
        let packed = match &self.packed {
            Packed::Known(packed) => *packed,
            Packed::Counted(count) => count.load(Ordering::Relaxed),
        };
        if self.given > packed.saturating_mul(self.ratio).saturating_add(FREE) {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("the archive unpacks to more than {} times its size", self.ratio),
            ));
        }
        Ok(count)
    }
}

/// Where an archive is, so that it can be opened again for each file in it.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    Path(PathBuf),
    Bytes(Arc<Vec<u8>>),
}

pub(super) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Origin {
    /// An input that is no file is read into memory, within the limit for whole documents.
    pub(super) fn new(
        input: Input,
        path: Option<&Path>,
        options: &ReadOptions,
    ) -> Result<Origin, Error> {
        if let Some(path) = path {
            return Ok(Origin::Path(path.to_owned()));
        }
        let limit = options.limits.document_bytes;
        let mut bytes = Vec::new();
        input.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Error::reading)?;
        if bytes.len() as u64 > limit {
            let message = format!("an archive of more than {limit} bytes; give it as a file");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        Ok(Origin::Bytes(Arc::new(bytes)))
    }

    pub(super) fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Origin::Path(path) => Box::new(io::BufReader::new(File::open(path)?)),
            Origin::Bytes(bytes) => Box::new(Cursor::new(SharedBytes(Arc::clone(bytes)))),
        })
    }

    /// The files in a ZIP archive.
    pub(super) fn members(&self) -> Result<Vec<Member>, Error> {
        let damaged = |error: zip::result::ZipError| {
            let message = format!("the ZIP archive cannot be read: {error}; is it complete?");
            Error::new(ErrorKind::Malformed, message)
        };
        let mut archive = ZipArchive::new(self.open().map_err(Error::reading)?).map_err(damaged)?;
        let mut members = Vec::new();
        for number in 0..archive.len() {
            let file = archive.by_index_raw(number).map_err(damaged)?;
            if file.is_dir() {
                continue;
            }
            let name = file.name().map_err(damaged)?.into_owned();
            members.push(Member {
                name,
                start: file.data_start().unwrap_or(u64::MAX),
                packed: file.compressed_size(),
                method: file.compression(),
                encrypted: file.encrypted(),
            });
        }
        Ok(members)
    }

    /// The content of a file in the archive.
    pub(super) fn member(&self, member: &Member, ratio: u64) -> Result<Input, Error> {
        let unsupported = |what: &str| {
            let message = format!("`{}` is {what}; unpack the archive first", member.name);
            Error::new(ErrorKind::Unsupported, message)
        };
        if member.encrypted {
            return Err(unsupported("encrypted"));
        }
        let mut input = self.open().map_err(Error::reading)?;
        input.seek(SeekFrom::Start(member.start)).map_err(Error::reading)?;
        let packed = input.take(member.packed);
        let guarded = |input: Input| {
            let packed = Packed::Known(member.packed);
            Box::new(Guarded { input, packed, given: 0, ratio }) as Input
        };
        match member.method {
            CompressionMethod::Stored => Ok(guarded(Box::new(packed))),
            CompressionMethod::Deflated => Ok(guarded(Box::new(DeflateDecoder::new(packed)))),
            other => Err(unsupported(&format!("packed by {other}"))),
        }
    }
}

/// A file in a ZIP archive.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    start: u64,
    packed: u64,
    method: CompressionMethod,
    encrypted: bool,
}

/// Reads all files with units in a ZIP archive, one after the other.
pub(super) struct ZipReader {
    origin: Origin,
    members: std::vec::IntoIter<Member>,
    current: Option<UnitReader>,
    log: Log,
    counts: (u64, u64),
}

impl ZipReader {
    pub(super) fn new(origin: Origin, options: ReadOptions) -> Result<ZipReader, Error> {
        let members = origin.members()?;
        let mut reader = ZipReader {
            origin,
            members: members.into_iter(),
            current: None,
            log: Log::new(options),
            counts: (0, 0),
        };
        if !reader.next_member()? {
            let message = "no file in the archive holds units";
            return Err(Error::new(ErrorKind::OtherFormat, message));
        }
        Ok(reader)
    }

    /// Opens the next file that holds units; false if there is none.
    fn next_member(&mut self) -> Result<bool, Error> {
        for member in self.members.by_ref() {
            let options = &self.log.options;
            let outer = options.name.clone().unwrap_or_default();
            let options = options.clone().name(format!("{outer}/{}", member.name));
            let name = options.name.clone();
            let opened = self
                .origin
                .member(&member, options.limits.archive_ratio)
                .and_then(|input| nested(input, Path::new(&member.name), options))
                .map_err(|error| error.named(name.as_deref()));
            match opened {
                Ok(reader) => {
                    self.current = Some(reader);
                    return Ok(true);
                }
                Err(error) if matches!(error.kind(), ErrorKind::OtherFormat) => {
                    let message = format!("left out: {error}");
                    self.log.report(Problem::SkippedMember, (1, 1), None, message)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Takes over what the reader of a file had to say.
    fn close(&mut self, mut reader: UnitReader) {
        let (units, rejected) = reader.counts();
        self.counts.0 += units;
        self.counts.1 += rejected;
        self.log.diagnostics.append(reader.diagnostics_mut());
    }
}

impl Reading for ZipReader {
    fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        while let Some(reader) = &mut self.current {
            match reader.read_unit(unit) {
                Ok(true) => {
                    self.log.diagnostics.append(reader.diagnostics_mut());
                    return Ok(true);
                }
                Ok(false) => {
                    let reader = self.current.take();
                    reader.into_iter().for_each(|reader| self.close(reader));
                    self.next_member()?;
                }
                Err(error) => {
                    let reader = self.current.take();
                    reader.into_iter().for_each(|reader| self.close(reader));
                    self.members = Vec::new().into_iter();
                    return Err(error);
                }
            }
        }
        Ok(false)
    }

    fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.log.diagnostics
    }

    fn seen(&self) -> &Diagnostics {
        &self.log.diagnostics
    }

    fn counts(&self) -> (u64, u64) {
        let (units, rejected) = self.current.as_ref().map_or((0, 0), UnitReader::counts);
        (self.counts.0 + units, self.counts.1 + rejected)
    }

    /// That of the file at hand.
    fn header(&self) -> Option<&Header> {
        self.current.as_ref()?.header()
    }
}
