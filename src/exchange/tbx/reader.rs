//! Reading TBX.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use quick_xml::events::Event;

use super::map::{self, Mapped};
use super::tree::{self, Names};
use super::{TbxHeader, children, take_attribute};
use crate::Lang;
use crate::exchange::diagnostic::{Finding, Log};
use crate::exchange::xml::cut;
use crate::exchange::xml::markup::{Halt, Markup};
use crate::exchange::xml::resolve::Resolver;
use crate::exchange::xml::source::Source;
use crate::exchange::{Diagnostic, Error, ErrorKind, Limits, Problem, ReadOptions, Rejected};
use crate::term::{Concept, Extra};

/// A reader of TBX: version 2 (`martif`), version 3 (`tbx`) in both styles and any dialect, and
/// TBX-Min of 2013.
///
/// It is an iterator of concepts and holds one of them at a time. A concept that cannot be read is
/// left out and reported in [`diagnostics`](TbxReader::diagnostics); so is a term without text. An
/// [`Error`] ends the reading. A file in which there is no term at all is an error.
///
/// What no field of [`Concept`] stands for is in its [`extra`](Concept::extra) as it was written,
/// and given back by [`write_tbx`](super::write_tbx).
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::{ReadOptions, TbxReader};
/// use chancery::term::Status;
///
/// let file = r#"<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic" style="dca" xml:lang="en">
///   <tbxHeader><fileDesc><sourceDesc><p>NATO</p></sourceDesc></fileDesc></tbxHeader>
///   <text><body><conceptEntry id="nato.russia-council">
///     <langSec xml:lang="fr"><termSec><term>Conseil OTAN-Russie</term>
///       <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec></langSec>
///     <langSec xml:lang="en"><termSec><term>NATO-Russia Council</term></termSec></langSec>
///   </conceptEntry></body></text></tbx>"#;
/// let mut reader = TbxReader::new(file.as_bytes(), ReadOptions::new())?;
/// let concept = reader.next().unwrap()?;
/// assert_eq!(concept.id, "nato.russia-council");
/// assert_eq!(concept.terms(&Lang::FR).next().unwrap().status, Status::Preferred);
/// assert!(reader.next().is_none());
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
///
/// # Resource usage
///
/// Memory is bounded by [`Limits::unit_bytes`](crate::exchange::Limits::unit_bytes), which is the
/// limit of one concept.
#[derive(Debug)]
pub struct TbxReader<R> {
    source: Source<R>,
    header: TbxHeader,
    names: Names,
    /// The names of entries with the prefix of the file.
    entries: Vec<String>,
    root: String,
    resolver: Resolver,
    log: Log,
    terms: u64,
    done: bool,
}

impl TbxReader<File> {
    /// Opens a file and reads up to the first concept. Errors and diagnostics name the file.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or read, or is no TBX.
    pub fn open(path: impl AsRef<Path>, options: ReadOptions) -> Result<TbxReader<File>, Error> {
        let options = options.named_after(path.as_ref());
        let name = options.name.as_deref();
        let file = File::open(path)
            .map_err(|error| Error::io(error, "the file cannot be opened").named(name))?;
        TbxReader::new(file, options)
    }
}

impl<R: Read> TbxReader<R> {
    /// Reads up to the first concept.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, or is no TBX; with strict options, if anything is wrong with
    /// its head.
    pub fn new(input: R, options: ReadOptions) -> Result<TbxReader<R>, Error> {
        let name = options.name.clone();
        let begun = (|| {
            let source = Source::new(input, options.limits.bytes).map_err(Error::reading)?;
            let mut reader = TbxReader {
                source,
                header: TbxHeader::default(),
                names: Names::default(),
                entries: map::ENTRIES.map(str::to_owned).to_vec(),
                root: String::new(),
                resolver: Resolver::new(&options.limits),
                log: Log::new(options),
                terms: 0,
                done: false,
            };
            reader.read_head()?;
            Ok(reader)
        })();
        begun.map_err(|error: Error| error.named(name.as_deref()))
    }

    /// What the file says of itself. What stands behind the concepts is in it once all were read.
    pub fn header(&self) -> &TbxHeader {
        &self.header
    }

    /// What was found odd so far, in the order of the file, up to the limit of the options.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.log.diagnostics.kept
    }

    /// How many diagnostics there were so far, those beyond the limit included.
    pub fn diagnostic_count(&self) -> u64 {
        self.log.diagnostics.total
    }

    /// How many concepts were read so far, and how many of them were left out.
    pub fn counts(&self) -> (u64, u64) {
        (self.log.units, self.log.rejected)
    }

    /// The concepts left out since this was last called, with their text, where
    /// [`ReadOptions::keep_rejected`] asks for them.
    pub fn take_rejected(&mut self) -> Vec<Rejected> {
        self.log.diagnostics.take_rejected()
    }

    fn read_head(&mut self) -> Result<(), Error> {
        for (problem, message) in std::mem::take(&mut self.source.notes) {
            self.log.report(problem, (1, 1), None, message)?;
        }
        self.learn_prefix();
        let found = self.find_entry()?;
        let length = found.unwrap_or(self.source.window().len());
        let text = &self.source.window()[..length];
        if text.trim().is_empty() {
            let message = "the file is empty; a TBX file has at least one concept";
            return Err(Error::new(ErrorKind::OtherFormat, message));
        }
        let mut parts = Vec::new();
        let mut root = None;
        let mut markup = Markup::new(text, &mut self.resolver, &self.log.options.limits);
        let read = head(&mut markup, &mut self.names, &mut root, &mut parts);
        let Some((root, mut attributes)) = root else {
            let message = "this is no TBX: there is no element `tbx` or `martif` in it";
            return Err(Error::new(ErrorKind::OtherFormat, message).at(1, 1));
        };
        if !matches!(self.names.plain(&root), "martif" | "tbx" | "TBX" | "MARTIF") {
            let message = format!("this is no TBX: its first element is `{root}`");
            return Err(Error::new(ErrorKind::OtherFormat, message).at(1, 1));
        }
        if let Err(Halt::Bad(finding)) = read {
            let (line, column) = self.source.place(finding.offset);
            let message = format!("the header cannot be read: {}", finding.message);
            return Err(Error::new(ErrorKind::Malformed, message).at(line, column));
        }
        let kind = take_attribute(&mut attributes, "type");
        self.header.kind =
            kind.or_else(|| take_attribute(&mut attributes, "dialect")).unwrap_or_default();
        self.header.lang = take_attribute(&mut attributes, "xml:lang").map(Lang::from_written);
        self.header.parts = parts;
        // Without a concept, the end of the root is still to be seen.
        let end = found.or_else(|| text.rfind(&format!("</{root}"))).unwrap_or(length);
        self.root = root;
        self.report_findings(length, None)?;
        self.source.advance(end);
        Ok(())
    }

    /// Looks at the root for the prefix of its elements.
    fn learn_prefix(&mut self) {
        let window = self.source.window();
        let Some(at) = crate::exchange::format::root_element(window).and_then(|local| {
            let end = local.as_ptr() as usize - window.as_ptr() as usize;
            window[..end].rfind('<').map(|begin| begin + 1..end)
        }) else {
            return;
        };
        let prefix = &window[at];
        if !prefix.is_empty() {
            self.entries.iter_mut().for_each(|name| name.insert_str(0, prefix));
        }
    }

    /// Where the next entry begins, from the beginning of the window.
    fn find_entry(&mut self) -> Result<Option<usize>, Error> {
        let names: Vec<&str> = self.entries.iter().map(String::as_str).collect();
        let limit = self.log.options.limits.unit_bytes;
        let found = cut::find_start(&mut self.source, &names, limit);
        found.map_err(|error| self.placed(error))
    }

    fn try_read(&mut self) -> Result<Option<Concept>, Error> {
        loop {
            let found = self.find_entry()?;
            let length = found.unwrap_or(self.source.window().len());
            if found.is_none() {
                self.finish(length)?;
                return Ok(None);
            }
            self.report_findings(length, None)?;
            let between = &self.source.window()[..length];
            if !is_blank(between) {
                let message =
                    "elements between two concepts that belong to none: is a tag missing?";
                let place = self.source.place(0);
                self.log.count(place)?;
                self.log.reject(
                    Problem::UnexpectedElement,
                    place,
                    None,
                    message,
                    between.trim(),
                )?;
            }
            self.source.advance(length);
            self.log.count(self.source.place(0))?;
            if let Some(concept) = self.read_one()? {
                return Ok(Some(concept));
            }
        }
    }

    /// Reads the entry at the beginning of the window; `None` if it was rejected.
    fn read_one(&mut self) -> Result<Option<Concept>, Error> {
        let limit = self.log.options.limits.unit_bytes;
        let name = entry_name(self.source.window()).to_owned();
        let mut from = 0;
        loop {
            let found = cut::find_end(&mut self.source, &name, from, limit);
            let found = found.map_err(|error| self.placed(error))?;
            let length = found.unwrap_or(self.source.window().len());
            let text = &self.source.window()[..length];
            self.resolver.over_budget = false;
            let mut markup = Markup::new(text, &mut self.resolver, &self.log.options.limits);
            let read = entry(&mut markup, &self.names);
            let consumed = markup.consumed();
            match read {
                Ok(_) if self.resolver.over_budget => {
                    let message = "the entities of the file give more than the limits allow";
                    let finding = Finding::new(Problem::EntityLimit, 0, message);
                    return self.reject(finding, consumed, None);
                }
                Ok(tree) => {
                    let Mapped { concept, problems } = map::concept(tree);
                    for (problem, message) in problems {
                        self.resolver.find(problem, 0, message);
                    }
                    self.report_findings(consumed, Some(&concept.id))?;
                    self.source.advance(consumed);
                    let counts = concept.languages.iter().map(|section| section.terms.len());
                    self.terms += counts.sum::<usize>() as u64;
                    return Ok(Some(concept));
                }
                Err(Halt::Bad(finding)) => {
                    let next = next_entry(text, &self.entries);
                    let id = id_of(text);
                    return self.reject(finding, next.unwrap_or(length), id);
                }
                Err(Halt::Incomplete) if found.is_none() && length > limit => {
                    let message = format!("a concept of more than {limit} bytes");
                    let finding = Finding::new(Problem::LimitExceeded, 0, message);
                    return self.reject(finding, length, None);
                }
                Err(Halt::Incomplete) if found.is_none() => {
                    let (line, _) = self.source.place(0);
                    let inside = format!("inside the concept that begins in line {line}");
                    return Err(self.cut_off(length, &inside, 1));
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

    fn reject(
        &mut self,
        finding: Finding,
        length: usize,
        id: Option<String>,
    ) -> Result<Option<Concept>, Error> {
        self.resolver.findings.clear();
        let place = self.source.place(finding.offset.min(self.source.window().len()));
        let text = self.source.window()[..length].trim_end();
        self.log.reject(finding.problem, place, id.as_deref(), finding.message, text)?;
        self.source.advance(length);
        Ok(None)
    }

    /// At the end of the file: the lists behind the concepts, and whether there was any term.
    fn finish(&mut self, length: usize) -> Result<(), Error> {
        let text = &self.source.window()[..length];
        let mut markup = Markup::new(text, &mut self.resolver, &self.log.options.limits);
        let closed = tail(&mut markup, &self.names, &self.root, &mut self.header.back);
        self.report_findings(length, None)?;
        if !matches!(closed, Ok(true)) {
            return Err(self.cut_off(length, &format!("before `</{}>`", self.root), 0));
        }
        if self.terms == 0 {
            let message = match self.log.rejected {
                0 => "there is no term in the file; is it the right one?".to_owned(),
                count => {
                    format!("there is no term in the file: {count} concept(s) could not be read")
                }
            };
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        Ok(())
    }

    fn cut_off(&self, offset: usize, inside: &str, unfinished: u64) -> Error {
        let (line, column) = self.source.place(offset);
        let message = format!(
            "the file ends {inside}: it was cut off; get the whole file ({} concepts were read \
             before this place)",
            self.log.units.saturating_sub(self.log.rejected + unfinished)
        );
        Error::new(ErrorKind::CutOff, message).at(line, column)
    }

    fn placed(&self, error: io::Error) -> Error {
        let (line, column) = self.source.place(0);
        Error::reading(error).at(line, column)
    }

    fn report_findings(&mut self, length: usize, id: Option<&str>) -> Result<(), Error> {
        if let Some((at, count)) = self.source.malformed_in(length) {
            let message = format!(
                "{count} place(s) from here with bytes that are not in the file's encoding; read \
                 as windows-1252"
            );
            self.log.report(Problem::MalformedBytes, self.source.place(at), id, message)?;
        }
        for finding in std::mem::take(&mut self.resolver.findings) {
            let place = self.source.place(finding.offset.min(self.source.window().len()));
            let clause = match finding.problem.clause() {
                clause if clause.starts_with("XML") => clause.to_owned(),
                _ => "ISO 30042".to_owned(),
            };
            self.log.report_clause(finding.problem, place, id, clause, finding.message)?;
        }
        Ok(())
    }
}

impl<R: Read> Iterator for TbxReader<R> {
    type Item = Result<Concept, Error>;

    fn next(&mut self) -> Option<Result<Concept, Error>> {
        if self.done {
            return None;
        }
        let read = self.try_read();
        self.done = !matches!(read, Ok(Some(_)));
        read.map_err(|error| error.named(self.log.options.name.as_deref())).transpose()
    }
}

/// Reads what [`entry_of_concept`](super::entry_of_concept) wrote.
pub(crate) fn concept_of_entry(text: &str) -> Result<Concept, Error> {
    let limits = Limits::default();
    let mut resolver = Resolver::new(&limits);
    let mut markup = Markup::new(text, &mut resolver, &limits);
    match entry(&mut markup, &Names::default()) {
        Ok(tree) => Ok(map::concept(tree).concept),
        Err(Halt::Bad(finding)) => Err(Error::new(ErrorKind::Malformed, finding.message)),
        Err(Halt::Incomplete) => Err(Error::new(ErrorKind::CutOff, "the entry is not closed")),
    }
}

/// Reads what stands before the first concept; that it ends there is no error.
fn head<'a>(
    markup: &mut Markup<'a, '_>,
    names: &mut Names,
    root: &mut Option<(String, Vec<crate::unit::Attribute>)>,
    parts: &mut Vec<Extra>,
) -> Result<(), Halt> {
    loop {
        let event = match markup.next() {
            Err(Halt::Incomplete) => return Ok(()),
            event => event?,
        };
        match event {
            Event::DocType(declaration) => markup.resolver.declare(&declaration),
            Event::Start(start) if root.is_none() => {
                let name = start.name();
                let name: &str = name.as_ref();
                let mut attributes = Vec::new();
                markup.attributes(&start, &mut attributes, None)?;
                *names = Names::new(name, &attributes);
                *root = Some((name.to_owned(), attributes));
            }
            Event::Start(start) => {
                let name = start.name();
                if matches!(names.plain(name.as_ref()), "martifHeader" | "tbxHeader" | "header") {
                    let tree = tree::read(markup, &start, false, names)?;
                    parts.extend(children(&tree).cloned());
                } else if !matches!(names.plain(name.as_ref()), "text" | "body") {
                    let name: &str = name.as_ref();
                    let message = format!("`{name}` before the first concept; left out");
                    markup.find(Problem::UnexpectedElement, message);
                }
            }
            Event::End(_) | Event::Empty(_) => {}
            event => markup.between(&event),
        }
    }
}

/// Reads an entry; the text begins with its start tag.
fn entry(markup: &mut Markup<'_, '_>, names: &Names) -> Result<Extra, Halt> {
    let tree = match markup.next()? {
        Event::Start(start) => tree::read(markup, &start, false, names)?,
        Event::Empty(start) => tree::read(markup, &start, true, names)?,
        _ => return Err(markup.bad(Problem::IllFormed, "no concept begins here")),
    };
    if children(&tree).any(|child| map::ENTRIES.contains(&&*child.name)) {
        let message = "the concept is not closed where the next one begins";
        return Err(markup.bad(Problem::IllFormed, message));
    }
    Ok(tree)
}

/// Reads what stands behind the last concept; whether the root is closed.
fn tail(
    markup: &mut Markup<'_, '_>,
    names: &Names,
    root: &str,
    back: &mut Vec<Extra>,
) -> Result<bool, Halt> {
    let mut closed = false;
    loop {
        let event = match markup.next() {
            Err(Halt::Incomplete) => return Ok(closed),
            event => event?,
        };
        match event {
            Event::End(end) => {
                let name = end.name();
                let name: &str = name.as_ref();
                closed |= name == root;
            }
            Event::Start(start) => {
                let name = start.name();
                let is_back = names.plain(name.as_ref()) == "back";
                let tree = tree::read(markup, &start, false, names)?;
                match is_back {
                    true => back.extend(children(&tree).cloned()),
                    false => {
                        let message = format!("`{}` behind the concepts; left out", tree.name);
                        markup.find(Problem::UnexpectedElement, message);
                    }
                }
            }
            Event::Empty(_) => {}
            event => markup.between(&event),
        }
    }
}

/// Whether there is nothing but white space, comments and instructions.
fn is_blank(text: &str) -> bool {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (inner, end) = match (rest.strip_prefix("<!--"), rest.strip_prefix("<?")) {
            (Some(inner), _) => (inner, "-->"),
            (_, Some(inner)) => (inner, "?>"),
            _ => return false,
        };
        rest = inner.split_once(end).map_or("", |(_, rest)| rest.trim_start());
    }
    true
}

/// The name in the start tag at the beginning of a text.
fn entry_name(text: &str) -> &str {
    let name = text.trim_start_matches('<');
    name.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default()
}

/// The id in the start tag at the beginning of a text, for a report.
fn id_of(text: &str) -> Option<String> {
    let tag = text.split('>').next()?;
    let (_, value) = tag.split_once(" id=")?;
    let quote = value.chars().next().filter(|&c| c == '"' || c == '\'')?;
    Some(value[1..].split_once(quote)?.0.to_owned())
}

/// Where the next entry begins within the text of a broken one.
fn next_entry(text: &str, entries: &[String]) -> Option<usize> {
    memchr::memchr_iter(b'<', text.as_bytes())
        .skip(1)
        .find(|&at| entries.iter().any(|name| cut::begins(&text[at + 1..], name)))
}
