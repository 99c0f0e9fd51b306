//! Reading TMX.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::parse::Tail;
use super::{Header, check};
use crate::Unit;
use crate::exchange::diagnostic::{Diagnostics, Finding};
use crate::exchange::open::Reading;
use crate::exchange::xml::cut;
use crate::exchange::xml::markup::{Halt, Markup};
use crate::exchange::xml::resolve::Resolver;
use crate::exchange::xml::source::Source;
use crate::exchange::{Diagnostic, Error, ErrorKind, Limits, Problem, ReadOptions, Rejected};

/// A reader of TMX, from 1.1 to 1.4b, of both levels.
///
/// It streams: it holds one unit and a window of text, however long the file. A unit that cannot
/// be read is left out and reported in [`diagnostics`](TmxReader::diagnostics), and the reading
/// goes on behind it; an [`Error`] ends it. With [`ReadOptions::strict`] every oddity is an error.
/// Nothing outside the file is ever opened, whatever the file asks for.
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::TmxReader;
///
/// let file = r#"<tmx version="1.4"><header srclang="fr"/><body><tu tuid="1">
///   <tuv xml:lang="fr"><seg>La séance est <hi>ouverte</hi>.</seg></tuv>
///   <tuv xml:lang="en"><seg>The meeting is <hi>open</hi>.</seg></tuv></tu></body></tmx>"#;
/// let mut reader = TmxReader::new(file.as_bytes())?;
/// assert_eq!(reader.header().source_lang(), Some(Lang::FR));
/// for unit in reader.units() {
///     assert_eq!(unit?.segment(&Lang::EN).unwrap().text(), "The meeting is open.");
/// }
/// assert!(reader.diagnostics().is_empty());
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
///
/// # Resource usage
///
/// Memory is bounded by [`Limits::unit_bytes`]; with ordinary units it stays below a megabyte.
pub struct TmxReader<R> {
    source: Source<R>,
    header: Header,
    tail: Tail,
    resolver: Resolver,
    options: ReadOptions,
    diagnostics: Diagnostics,
    units: u64,
    rejected: u64,
    done: bool,
}

impl TmxReader<File> {
    /// Opens a file and reads up to the first unit. Errors and diagnostics name the file.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or read, or is no TMX.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("memory.tmx");
    /// # std::fs::write(&path, r#"<tmx version="1.4"><header srclang="fr"/><body/></tmx>"#)?;
    /// use chancery::exchange::{ReadOptions, TmxReader};
    ///
    /// let mut reader = TmxReader::open(&path, ReadOptions::new())?;
    /// assert_eq!(reader.units().count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: impl AsRef<Path>, options: ReadOptions) -> Result<TmxReader<File>, Error> {
        let path = path.as_ref();
        let options = options.named_after(path);
        let name = options.name.as_deref();
        let file = File::open(path)
            .map_err(|error| Error::io(error, "the file cannot be opened").named(name))?;
        TmxReader::with_options(file, options)
    }
}

impl<R: Read> TmxReader<R> {
    /// Reads up to the first unit, with the default options.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, or is no TMX.
    pub fn new(input: R) -> Result<TmxReader<R>, Error> {
        TmxReader::with_options(input, ReadOptions::default())
    }

    /// Reads up to the first unit.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, or is no TMX; with strict options, if anything is wrong with
    /// its head.
    pub fn with_options(input: R, options: ReadOptions) -> Result<TmxReader<R>, Error> {
        let name = options.name.clone();
        let source = Source::new(input, options.limits.bytes)
            .map_err(|error| Error::reading(error).named(name.as_deref()))?;
        let mut reader = TmxReader {
            source,
            header: Header::default(),
            tail: Tail::default(),
            resolver: Resolver::new(&options.limits),
            diagnostics: Diagnostics::new(options.limits.diagnostics),
            options,
            units: 0,
            rejected: 0,
            done: false,
        };
        reader.read_head().map_err(|error| error.named(name.as_deref()))?;
        Ok(reader)
    }

    /// The header, as it was written.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was found odd so far, in the order of the file, up to [`Limits::diagnostics`].
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics.kept
    }

    /// How many diagnostics there were so far, those beyond the limit included.
    pub fn diagnostic_count(&self) -> u64 {
        self.diagnostics.total
    }

    /// How many units were read so far, and how many of them were left out.
    pub fn counts(&self) -> (u64, u64) {
        (self.units, self.rejected)
    }

    /// The units left out since this was last called, with their text, where
    /// [`ReadOptions::keep_rejected`] asks for them.
    pub fn take_rejected(&mut self) -> Vec<Rejected> {
        self.diagnostics.take_rejected()
    }

    /// The units that are left to read. After an error there are no more.
    pub fn units(&mut self) -> Units<'_, R> {
        Units { reader: self }
    }

    /// The units that are left to read; takes the reader with it.
    pub fn into_units(self) -> IntoUnits<R> {
        IntoUnits { reader: self }
    }

    /// Reads the next unit into one that is there, whose memory is used again; false at the end.
    ///
    /// This is the fastest way to go through a file.
    ///
    /// # Errors
    ///
    /// If the file ends too early, cannot be read, or goes beyond a limit of the whole file; with
    /// strict options, at the first violation.
    pub fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        if self.done {
            return Ok(false);
        }
        let read = self.try_read(unit);
        // After an error there is nothing more to come.
        self.done = !matches!(read, Ok(true));
        read.map_err(|error| error.named(self.options.name.as_deref()))
    }

    fn limits(&self) -> &Limits {
        &self.options.limits
    }

    fn read_head(&mut self) -> Result<(), Error> {
        for (problem, message) in std::mem::take(&mut self.source.notes) {
            self.report(Finding::new(problem, 0, message), None, false)?;
        }
        let limit = self.limits().unit_bytes;
        let found = cut::find_start(&mut self.source, &["tu"], limit).map_err(Error::reading)?;
        let whole = found.is_none();
        let length = found.unwrap_or(self.source.window().len());
        let text = &self.source.window()[..length];
        let declaration = text.find("<?xml").unwrap_or(0);
        if text.trim().is_empty() {
            let message = "the file is empty; a TMX file has at least a header";
            return Err(Error::new(ErrorKind::OtherFormat, message));
        }
        let text = &text[declaration..];
        let mut parser = Markup::new(text, &mut self.resolver, &self.options.limits);
        let result = parser.head(&mut self.header, &mut self.tail);
        for finding in &mut self.resolver.findings {
            finding.offset += declaration;
        }
        if declaration > 0 {
            let message = "something stands before the XML declaration";
            self.resolver.find(Problem::MisplacedDeclaration, 0, message);
        }
        match result {
            Ok(true) => {}
            Ok(false) => return Err(self.other_format(None)),
            Err(Halt::Bad(finding)) if !self.tail.root => {
                return Err(self.other_format(Some(&finding.message)));
            }
            Err(Halt::Incomplete) => return Err(self.cut_off(length, "in the header")),
            Err(Halt::Bad(finding)) => {
                let (line, column) = self.source.place(finding.offset + declaration);
                let message = format!("the header cannot be read: {}", finding.message);
                return Err(Error::new(ErrorKind::Malformed, message).at(line, column));
            }
        }
        if self.options.check {
            self.resolver.findings.extend(placed(check::header(&self.header)));
        }
        self.report_findings(length, None)?;
        if whole {
            self.finish(length)?;
            self.done = true;
        }
        self.source.advance(length);
        Ok(())
    }

    fn other_format(&self, found: Option<&str>) -> Error {
        let start = self.source.window();
        let message = match found {
            _ if start.starts_with("PK\u{3}\u{4}") => "this is a ZIP archive; unpack it".to_owned(),
            _ if start.starts_with("\u{1f}‹") => "this is a gzip archive; unpack it".to_owned(),
            Some(name) if !name.contains(' ') => {
                format!("this is no TMX: its first element is `{name}`, not `tmx`")
            }
            _ => "this is no TMX: there is no element `tmx` in it".to_owned(),
        };
        Error::new(ErrorKind::OtherFormat, message).at(1, 1)
    }

    fn try_read(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        loop {
            if !self.next_start()? {
                return Ok(false);
            }
            if self.units >= self.limits().units {
                let (line, column) = self.source.place(0);
                let message = format!("more than {} units; raise the limit", self.limits().units);
                return Err(Error::new(ErrorKind::Limit, message).at(line, column));
            }
            self.units += 1;
            if self.read_one(unit)? {
                return Ok(true);
            }
            self.rejected += 1;
            if self.rejected > self.limits().rejections {
                let (line, column) = self.source.place(0);
                let message = format!(
                    "more than {} units could not be read; see the diagnostics",
                    self.limits().rejections
                );
                return Err(Error::new(ErrorKind::Limit, message).at(line, column));
            }
        }
    }

    /// Brings the window to the start of the next unit; false at the end of the file.
    fn next_start(&mut self) -> Result<bool, Error> {
        let white = |b: u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
        let window = self.source.window().as_bytes();
        if let Some(at) = window.iter().take(200).position(|&b| !white(b))
            && matches!(window.get(at..at + 4), Some([b'<', b't', b'u', b' ' | b'>' | b'\n']))
            && !self.tail.body_closed
        {
            self.source.advance(at);
            return Ok(true);
        }
        let limit = self.limits().unit_bytes;
        let found = cut::find_start(&mut self.source, &["tu"], limit);
        let found = found.map_err(|error| self.placed(error))?;
        let length = found.unwrap_or(self.source.window().len());
        let text = &self.source.window()[..length];
        let mut parser = Markup::new(text, &mut self.resolver, &self.options.limits);
        if let Err(Halt::Bad(finding)) = parser.gap(&mut self.tail) {
            self.resolver.findings.push(finding);
        }
        self.report_findings(length, None)?;
        if found.is_none() {
            self.finish(length)?;
        } else if self.tail.body_closed {
            let finding =
                Finding::new(Problem::TrailingContent, length, "a unit after the end of the body");
            self.report(finding, None, false)?;
            self.tail.body_closed = false;
        }
        self.source.advance(length);
        Ok(found.is_some())
    }

    /// At the end of the file: it must be closed.
    fn finish(&mut self, length: usize) -> Result<(), Error> {
        match self.tail.root_closed {
            true => Ok(()),
            false => Err(self.cut_off(length, "before `</tmx>`")),
        }
    }

    fn cut_off(&self, offset: usize, where_: &str) -> Error {
        let (line, column) = self.source.place(offset);
        let message = format!(
            "the file ends {where_}: it was cut off; get the whole file ({} units were read before \
             this place)",
            self.units.saturating_sub(self.rejected)
        );
        Error::new(ErrorKind::CutOff, message).at(line, column)
    }

    fn placed(&self, error: io::Error) -> Error {
        let (line, column) = self.source.place(0);
        Error::reading(error).at(line, column)
    }

    /// Reads the unit at the beginning of the window; false if it was rejected.
    fn read_one(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        let limit = self.limits().unit_bytes;
        let mut from = 0;
        loop {
            let found = cut::find_end(&mut self.source, "tu", from, limit);
            let found = found.map_err(|error| self.placed(error))?;
            let length = found.unwrap_or(self.source.window().len());
            let text = &self.source.window()[..length];
            self.resolver.over_budget = false;
            let mut parser = Markup::new(text, &mut self.resolver, &self.options.limits);
            let result = parser.unit(unit);
            let consumed = parser.consumed();
            match result {
                Ok(()) if self.resolver.over_budget => {
                    let mut all = self.resolver.findings.iter();
                    let at = all.position(|f| f.problem == Problem::EntityLimit);
                    let finding = at.map(|at| self.resolver.findings.remove(at));
                    if let Some(finding) = finding {
                        self.reject(finding, consumed, unit)?;
                    }
                    return Ok(false);
                }
                Ok(()) => {
                    if self.options.check {
                        self.resolver.findings.extend(placed(check::unit(unit)));
                    }
                    if !self.resolver.findings.is_empty() || self.source.has_malformed() {
                        self.report_findings(consumed, unit.metadata.attribute("tuid"))?;
                    }
                    self.source.advance(consumed);
                    return Ok(true);
                }
                Err(Halt::Bad(finding)) => {
                    let next = resume_at(text);
                    if found.is_none() && next.is_none() && length <= limit {
                        return Err(self.unclosed(length));
                    }
                    let end = next.unwrap_or(length);
                    self.reject(finding, end, unit)?;
                    return Ok(false);
                }
                Err(Halt::Incomplete) if found.is_none() && length > limit => {
                    let message = format!("a unit of more than {limit} bytes");
                    let finding = Finding::new(Problem::LimitExceeded, 0, message);
                    self.reject(finding, length, unit)?;
                    return Ok(false);
                }
                Err(Halt::Incomplete) if found.is_none() => {
                    return Err(self.unclosed(length));
                }
                Err(Halt::Incomplete) => {
                    // An end tag in a comment: look further, by doubling.
                    self.resolver.findings.clear();
                    from = length * 2;
                    while self.source.window().len() < from {
                        if !self.source.fill().map_err(|error| self.placed(error))? {
                            from = length;
                            break;
                        }
                    }
                }
            }
        }
    }

    fn unclosed(&self, length: usize) -> Error {
        let (line, _) = self.source.place(0);
        self.cut_off(length, &format!("inside the unit that begins in line {line}"))
    }

    fn reject(&mut self, mut finding: Finding, length: usize, unit: &Unit) -> Result<(), Error> {
        let id = unit.metadata.attribute("tuid").map(str::to_owned);
        self.resolver.findings.clear();
        let begin = self.source.place(0).0;
        if self.source.place(finding.offset).0 != begin {
            finding.message.push_str(&format!("; the unit begins in line {begin}"));
        }
        let diagnostic = self.report(finding, id.as_deref(), true)?;
        if self.options.keep_rejected {
            let text = self.source.window()[..length].trim_end();
            let room = self.options.limits.unit_bytes;
            self.diagnostics.keep_rejected(diagnostic, text, room);
        }
        self.source.advance(length);
        Ok(())
    }

    fn report_findings(&mut self, length: usize, unit: Option<&str>) -> Result<(), Error> {
        if let Some((at, count)) = self.source.malformed_in(length) {
            let message = format!(
                "{count} place(s) from here with bytes that are not in the file's encoding; read \
                 as windows-1252"
            );
            self.report(Finding::new(Problem::MalformedBytes, at, message), unit, false)?;
        }
        for finding in std::mem::take(&mut self.resolver.findings) {
            self.report(finding, unit, false)?;
        }
        Ok(())
    }

    fn report(
        &mut self,
        finding: Finding,
        unit: Option<&str>,
        rejected: bool,
    ) -> Result<Diagnostic, Error> {
        let (line, column) = self.source.place(finding.offset.min(self.source.window().len()));
        let diagnostic = Diagnostic {
            problem: finding.problem,
            rejected,
            file: self.options.name.clone(),
            line,
            column,
            unit: unit.map(str::to_owned),
            clause: finding.problem.clause().to_owned(),
            message: finding.message,
        };
        if self.options.strict {
            return Err(Error::violation(diagnostic));
        }
        self.diagnostics.push(diagnostic.clone());
        Ok(diagnostic)
    }
}

/// Violations with the place of what they are found in.
fn placed(found: check::Violations) -> impl Iterator<Item = Finding> {
    found.into_iter().map(|(problem, message)| Finding::new(problem, 0, message))
}

/// Where to read on behind a unit that cannot be read: at its end, or where another begins in it.
fn resume_at(text: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), "<tu")
        .skip(1)
        .find(|&at| cut::begins(&text[at + 1..], "tu"))
}

impl<R: Read> Reading for TmxReader<R> {
    fn read_unit(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        TmxReader::read_unit(self, unit)
    }

    fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.diagnostics
    }

    fn seen(&self) -> &Diagnostics {
        &self.diagnostics
    }

    fn counts(&self) -> (u64, u64) {
        TmxReader::counts(self)
    }

    fn header(&self) -> Option<&Header> {
        Some(&self.header)
    }
}

impl<R> std::fmt::Debug for TmxReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TmxReader")
            .field("source", &self.source)
            .field("units", &self.units)
            .field("rejected", &self.rejected)
            .finish_non_exhaustive()
    }
}

/// The units of a [`TmxReader`], from [`TmxReader::units`].
///
/// ```
/// # use chancery::exchange::TmxReader;
/// let file = r#"<tmx version="1.4"><header srclang="fr"/><body/></tmx>"#;
/// assert_eq!(TmxReader::new(file.as_bytes())?.units().count(), 0);
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Debug)]
pub struct Units<'r, R> {
    reader: &'r mut TmxReader<R>,
}

impl<R: Read> Iterator for Units<'_, R> {
    type Item = Result<Unit, Error>;

    fn next(&mut self) -> Option<Result<Unit, Error>> {
        next_unit(self.reader)
    }
}

/// The units of a [`TmxReader`], from [`TmxReader::into_units`].
///
/// ```
/// # use chancery::exchange::TmxReader;
/// let file = r#"<tmx version="1.4"><header srclang="fr"/><body/></tmx>"#;
/// let units = TmxReader::new(file.as_bytes())?.into_units();
/// assert_eq!(units.reader().header().version(), Some("1.4"));
/// assert_eq!(units.count(), 0);
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Debug)]
pub struct IntoUnits<R> {
    reader: TmxReader<R>,
}

impl<R> IntoUnits<R> {
    /// The reader: its header and diagnostics.
    pub fn reader(&self) -> &TmxReader<R> {
        &self.reader
    }
}

impl<R: Read> Iterator for IntoUnits<R> {
    type Item = Result<Unit, Error>;

    fn next(&mut self) -> Option<Result<Unit, Error>> {
        next_unit(&mut self.reader)
    }
}

fn next_unit<R: Read>(reader: &mut TmxReader<R>) -> Option<Result<Unit, Error>> {
    let mut unit = Unit::new();
    match reader.read_unit(&mut unit) {
        Ok(true) => Some(Ok(unit)),
        Ok(false) => None,
        Err(error) => Some(Err(error)),
    }
}
