//! What a reader found odd.

use std::fmt;

use super::{Error, ErrorKind, ReadOptions};

/// One thing a reader found odd or wrong, with its place.
///
/// Every diagnostic is reported once. [`code`](Diagnostic::code) is stable across versions;
/// [`message`](Diagnostic::message) is for people and may change.
///
/// ```
/// use chancery::exchange::{Problem, TmxReader};
///
/// let file = r#"<tmx version="1.4"><header srclang="fr"/><body>
///   <tu tuid="7"><tuv xml:lang="fr"><seg>Article&nbsp;4</seg></tuv></tu></body></tmx>"#;
/// let mut reader = TmxReader::new(file.as_bytes())?;
/// let unit = reader.units().next().unwrap()?;
/// assert_eq!(unit.variants[0].segment.text(), "Article\u{a0}4");
///
/// let diagnostics = reader.diagnostics();
/// let entity = diagnostics.iter().find(|d| d.problem == Problem::UndeclaredEntity).unwrap();
/// assert_eq!((entity.line, entity.column), (2, 47));
/// assert_eq!(entity.unit.as_deref(), Some("7"));
/// assert_eq!(entity.code(), "undeclared-entity");
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is.
    pub problem: Problem,
    /// Whether the unit was lost by it.
    pub rejected: bool,
    /// The name of the file, where one is known.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
    /// The id of the unit, where it has one.
    pub unit: Option<String>,
    /// The clause of the standard that is violated; empty where none is.
    pub clause: String,
    /// What was found, and what was made of it.
    pub message: String,
}

impl Diagnostic {
    /// The stable code, such as `undeclared-entity`.
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        write!(f, "{}:{}: ", self.line, self.column)?;
        if let Some(unit) = &self.unit {
            write!(f, "unit {unit}: ")?;
        }
        let rejected = if self.rejected { "; the unit is left out" } else { "" };
        write!(f, "{}{rejected} [{}]", self.message, self.code())
    }
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $clause:literal;)*) => {
        /// The kinds of [diagnostics](Diagnostic).
        ///
        /// ```
        /// use chancery::exchange::Problem;
        ///
        /// assert_eq!(Problem::BareAmpersand.code(), "bare-ampersand");
        /// assert_eq!(Problem::BareAmpersand.clause(), "XML 1.0, 2.4");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Problem {
            $($(#[$doc])* $name,)*
        }

        impl Problem {
            /// The stable code, in lower case with hyphens.
            pub fn code(self) -> &'static str {
                match self { $(Problem::$name => $code,)* }
            }

            /// The clause of the standard that is violated; empty where none is.
            pub fn clause(self) -> &'static str {
                match self { $(Problem::$name => $clause,)* }
            }
        }
    };
}

problems! {
    /// The declared encoding contradicts the bytes; the bytes were followed.
    EncodingConflict = "encoding-conflict", "XML 1.0, 4.3.3";
    /// The declared encoding is none that is known; UTF-8 was tried.
    UnknownEncoding = "unknown-encoding", "XML 1.0, 4.3.3";
    /// Bytes that the encoding does not allow.
    MalformedBytes = "malformed-bytes", "XML 1.0, 4.3.3";
    /// Something stands before the XML declaration.
    MisplacedDeclaration = "misplaced-declaration", "XML 1.0, 2.8";
    /// A character that XML does not allow, raw or by reference.
    IllegalCharacter = "illegal-character", "XML 1.0, 2.2";
    /// A character written as a reference to each of its surrogates.
    SurrogateReference = "surrogate-reference", "XML 1.0, 4.1";
    /// A reference to an entity that is not declared.
    UndeclaredEntity = "undeclared-entity", "XML 1.0, 4.1";
    /// A reference to an entity outside the file. It is never fetched.
    ExternalEntity = "external-entity", "";
    /// The entities of the file give more than the limits allow.
    EntityLimit = "entity-limit", "";
    /// An `&` that begins no reference.
    BareAmpersand = "bare-ampersand", "XML 1.0, 2.4";
    /// An attribute that is not written as XML demands.
    MalformedAttribute = "malformed-attribute", "XML 1.0, 3.1";
    /// An attribute that the element has already.
    DuplicateAttribute = "duplicate-attribute", "XML 1.0, 3.1";
    /// Markup that is not well-formed.
    IllFormed = "ill-formed", "XML 1.0, 2.1";
    /// Text where only elements may stand.
    UnexpectedText = "unexpected-text", "TMX 1.4b, 3";
    /// An element that the standard does not know, or not in this place.
    UnexpectedElement = "unexpected-element", "TMX 1.4b, 3";
    /// Something after the end of the document.
    TrailingContent = "trailing-content", "XML 1.0, 2.1";
    /// A required attribute is missing.
    MissingAttribute = "missing-attribute", "TMX 1.4b, 3";
    /// An attribute that the standard does not know.
    UnknownAttribute = "unknown-attribute", "TMX 1.4b, 3";
    /// A value that the standard does not allow.
    InvalidValue = "invalid-value", "TMX 1.4b, 3";
    /// There is no header.
    MissingHeader = "missing-header", "TMX 1.4b, 3";
    /// A version that is none of the standard's.
    UnknownVersion = "unknown-version", "TMX 1.4b, 3";
    /// A language is missing.
    MissingLanguage = "missing-language", "TMX 1.4b, 3.1";
    /// A language tag that is none.
    MalformedLanguage = "malformed-language", "BCP 47, 2.1";
    /// One half of a pair of codes without the other, or two pairs with one number.
    UnpairedCode = "unpaired-code", "TMX 1.4b, 4.2";
    /// A required element is missing.
    MissingElement = "missing-element", "XLIFF 2.1, 4.2";
    /// A reference to something that is not there.
    BrokenReference = "broken-reference", "XLIFF 2.1, 4.3";
    /// A constraint of the standard that no schema tells.
    BrokenConstraint = "broken-constraint", "XLIFF 2.1, 4.3";
    /// A variant without a segment.
    MissingSegment = "missing-segment", "TMX 1.4b, 3";
    /// A unit with no segment at all.
    EmptyUnit = "empty-unit", "TMX 1.4b, 3";
    /// A quotation mark that no other closes; read as itself.
    UnclosedQuote = "unclosed-quote", "RFC 4180, 2";
    /// A row with more cells than the table has columns; they are kept.
    ExtraCells = "extra-cells", "RFC 4180, 2";
    /// A line that is no part of the format.
    UnexpectedLine = "unexpected-line", "";
    /// A file in an archive that holds no units.
    SkippedMember = "skipped-member", "";
    /// An id that stands for something else already.
    DuplicateId = "duplicate-id", "XLIFF 2.1, 4.3.1.15";
    /// Something a limit does not allow.
    LimitExceeded = "limit-exceeded", "";
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A unit that could not be read, as it was written.
///
/// Readers keep these where [`ReadOptions::keep_rejected`](super::ReadOptions::keep_rejected) asks
/// for them.
///
/// ```
/// use chancery::exchange::{ReadOptions, TmxReader};
///
/// let file = r#"<tmx version="1.4"><header srclang="fr"/><body>
///   <tu tuid="1"><tuv xml:lang="fr"><seg>Un</tuv></tu></body></tmx>"#;
/// let options = ReadOptions::new().keep_rejected(true);
/// let mut reader = TmxReader::with_options(file.as_bytes(), options)?;
/// assert_eq!(reader.units().count(), 0);
/// let rejected = reader.take_rejected();
/// assert_eq!(rejected[0].diagnostic.unit.as_deref(), Some("1"));
/// assert!(rejected[0].text.starts_with("<tu tuid="));
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Why, and where it stands.
    pub diagnostic: Diagnostic,
    /// Its text in the file, decoded. Empty where [`Limits::unit_bytes`](super::Limits::unit_bytes)
    /// of rejected text were waiting to be taken already.
    pub text: String,
}

/// What a reader has to say: diagnostics up to a limit, the number of those beyond it, and the
/// rejected units that nobody has taken yet.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    pub(crate) kept: Vec<Diagnostic>,
    pub(crate) total: u64,
    pub(crate) limit: usize,
    rejected: Vec<Rejected>,
    rejected_bytes: usize,
}

impl Diagnostics {
    pub(crate) fn new(limit: usize) -> Diagnostics {
        Diagnostics { limit, ..Diagnostics::default() }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.total += 1;
        if self.kept.len() < self.limit {
            self.kept.push(diagnostic);
        }
    }

    /// Keeps a rejected unit, and its text while there is room for it.
    pub(crate) fn keep_rejected(&mut self, diagnostic: Diagnostic, text: &str, room: usize) {
        let fits = self.rejected_bytes + text.len() <= room;
        let text = if fits { text.to_owned() } else { String::new() };
        self.rejected_bytes += text.len();
        self.rejected.push(Rejected { diagnostic, text });
    }

    /// Takes over all that others have said.
    #[cfg(feature = "archives")]
    pub(crate) fn append(&mut self, others: &mut Diagnostics) {
        if others.total == 0 {
            return;
        }
        self.total += std::mem::take(&mut others.total);
        let room = self.limit.saturating_sub(self.kept.len());
        self.kept.extend(others.kept.drain(..).take(room));
        self.rejected.append(&mut others.rejected);
        self.rejected_bytes += std::mem::take(&mut others.rejected_bytes);
    }

    pub(crate) fn take_rejected(&mut self) -> Vec<Rejected> {
        self.rejected_bytes = 0;
        std::mem::take(&mut self.rejected)
    }
}

/// What a reader of lines or records has to say, and the rules it says it by.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) options: ReadOptions,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) units: u64,
    pub(crate) rejected: u64,
}

impl Log {
    pub(crate) fn new(options: ReadOptions) -> Log {
        let diagnostics = Diagnostics::new(options.limits.diagnostics);
        Log { options, diagnostics, units: 0, rejected: 0 }
    }

    /// Reports something odd; an error where the reading is strict.
    pub(crate) fn report(
        &mut self,
        problem: Problem,
        place: (u64, u64),
        unit: Option<&str>,
        message: impl Into<String>,
    ) -> Result<(), Error> {
        let diagnostic = self.diagnostic(problem, place, unit, message.into());
        self.add(diagnostic)
    }

    /// As [`report`](Log::report), for a clause that the kind of problem does not tell.
    pub(crate) fn report_clause(
        &mut self,
        problem: Problem,
        place: (u64, u64),
        unit: Option<&str>,
        clause: String,
        message: String,
    ) -> Result<(), Error> {
        let mut diagnostic = self.diagnostic(problem, place, unit, message);
        diagnostic.clause = clause;
        self.add(diagnostic)
    }

    fn add(&mut self, diagnostic: Diagnostic) -> Result<(), Error> {
        if self.options.strict {
            return Err(Error::violation(diagnostic));
        }
        self.diagnostics.push(diagnostic);
        Ok(())
    }

    /// Counts a unit that was found; an error where there are too many.
    pub(crate) fn count(&mut self, place: (u64, u64)) -> Result<(), Error> {
        if self.units >= self.options.limits.units {
            let message = format!("more than {} units; raise the limit", self.units);
            let error = Error::new(ErrorKind::Limit, message).at(place.0, place.1);
            return Err(error.named(self.options.name.as_deref()));
        }
        self.units += 1;
        Ok(())
    }

    /// Reports a unit that is left out.
    pub(crate) fn reject(
        &mut self,
        problem: Problem,
        place: (u64, u64),
        unit: Option<&str>,
        message: impl Into<String>,
        text: &str,
    ) -> Result<(), Error> {
        let mut diagnostic = self.diagnostic(problem, place, unit, message.into());
        diagnostic.rejected = true;
        if self.options.strict {
            return Err(Error::violation(diagnostic));
        }
        self.diagnostics.push(diagnostic.clone());
        if self.options.keep_rejected {
            self.diagnostics.keep_rejected(diagnostic, text, self.options.limits.unit_bytes);
        }
        self.rejected += 1;
        if self.rejected > self.options.limits.rejections {
            let message = format!(
                "more than {} units could not be read; see the diagnostics",
                self.options.limits.rejections
            );
            let error = Error::new(ErrorKind::Limit, message).at(place.0, place.1);
            return Err(error.named(self.options.name.as_deref()));
        }
        Ok(())
    }

    fn diagnostic(
        &self,
        problem: Problem,
        (line, column): (u64, u64),
        unit: Option<&str>,
        message: String,
    ) -> Diagnostic {
        Diagnostic {
            problem,
            rejected: false,
            file: self.options.name.clone(),
            line,
            column,
            unit: unit.map(str::to_owned),
            clause: problem.clause().to_owned(),
            message,
        }
    }
}

/// Something found at a place of the text at hand, not yet given a line.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) problem: Problem,
    /// Bytes from the beginning of the text at hand.
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Finding {
    pub(crate) fn new(problem: Problem, offset: usize, message: impl Into<String>) -> Finding {
        Finding { problem, offset, message: message.into() }
    }
}
