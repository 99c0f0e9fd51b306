//! Reading the units of an XLIFF file, with the places of what may change.

use std::ops::Range;

use quick_xml::events::{BytesStart, Event};

use super::{Element, SegmentPlaces, UnitPlaces, XliffFile, parts};
use crate::Lang;
use crate::exchange::bilingual::{Entry, Proposal, State};
use crate::exchange::diagnostic::Log;
use crate::exchange::xml::markup::{Halt, Markup};
use crate::exchange::xml::resolve::Resolver;
use crate::exchange::xml::segment::SegmentBuilder;
use crate::exchange::{Error, ErrorKind, Problem};
use crate::unit::{Attribute, Metadata, Note, Property, Segment};

/// Reads all units. One that cannot be read ends the reading: a document must be read as a whole
/// to be written again.
pub(super) fn parse(text: &str, log: &mut Log) -> Result<(XliffFile, Vec<Entry>), Error> {
    let limits = log.options.limits.clone();
    let mut resolver = Resolver::new(&limits);
    let markup = Markup::new(text, &mut resolver, &limits);
    let mut reader = Reader {
        markup,
        file: XliffFile { second: false, ill_formed: None, units: Vec::new(), places: Vec::new() },
        entries: Vec::new(),
        root: None,
        scopes: Vec::new(),
        matches_prefix: "mtc:".to_owned(),
    };
    let read = reader.document();
    let (mut file, entries, root) = (reader.file, reader.entries, reader.root);
    let lines = Lines::new(text);
    let over = resolver.over_budget;
    for finding in std::mem::take(&mut resolver.findings) {
        let place = lines.place(text, finding.offset);
        if matches!(finding.problem, Problem::MalformedAttribute | Problem::DuplicateAttribute) {
            file.ill_formed.get_or_insert(place.0);
        }
        if over && finding.problem == Problem::EntityLimit {
            let error = Error::new(ErrorKind::Limit, finding.message);
            return Err(error.at(place.0, place.1));
        }
        let unit = entries.iter().rfind(|entry| entry.line as usize <= finding.offset);
        let unit = unit.map(|entry| entry.id.as_str());
        log.report(finding.problem, place, unit, finding.message)?;
    }
    ended(read, root.is_some(), &lines, text)?;
    if log.options.check && file.second {
        for violation in super::check::check(text) {
            let place = lines.place(text, violation.offset);
            let unit = entries.iter().rfind(|entry| entry.line as usize <= violation.offset);
            let unit = unit.map(|entry| entry.id.clone());
            let clause = format!("XLIFF 2.1, {}", violation.clause);
            let message = violation.message;
            log.report_clause(violation.problem, place, unit.as_deref(), clause, message)?;
        }
    }
    let mut entries = entries;
    for entry in &mut entries {
        // Until now the offset stood there.
        let place = lines.place(text, entry.line as usize);
        entry.line = place.0;
        log.count(place)?;
    }
    Ok((file, entries))
}

/// What ended the reading before the end of the document.
pub(super) fn ended(
    read: Result<(), Halt>,
    begun: bool,
    lines: &Lines,
    text: &str,
) -> Result<(), Error> {
    match read {
        Ok(()) => Ok(()),
        Err(Halt::Incomplete) if !begun => {
            let message = "this is no XLIFF: there is no element `xliff` in it";
            Err(Error::new(ErrorKind::OtherFormat, message).at(1, 1))
        }
        Err(Halt::Incomplete) => {
            let (line, column) = lines.place(text, text.len());
            let message = "the file ends before `</xliff>`: it was cut off; get the whole file";
            Err(Error::new(ErrorKind::CutOff, message).at(line, column))
        }
        Err(Halt::Bad(finding)) => {
            let (line, column) = lines.place(text, finding.offset);
            let kind = match finding.problem {
                Problem::LimitExceeded => ErrorKind::Limit,
                _ => ErrorKind::Malformed,
            };
            Err(Error::new(kind, finding.message).at(line, column))
        }
    }
}

/// The beginnings of lines.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn new(text: &str) -> Lines {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Lines(std::iter::once(0).chain(ends).collect())
    }

    pub(super) fn place(&self, text: &str, offset: usize) -> (u64, u64) {
        let offset = offset.min(text.len());
        let line = self.0.partition_point(|&begin| begin <= offset);
        let begin = self.0[line - 1];
        // A fault of the markup may be found inside a character.
        let before = text[begin..].char_indices().take_while(|(at, _)| begin + at < offset);
        (line as u64, before.count() as u64 + 1)
    }
}

struct Reader<'a, 'r> {
    markup: Markup<'a, 'r>,
    file: XliffFile,
    /// Their `line` holds the offset until the end.
    entries: Vec<Entry>,
    /// The root's attributes.
    root: Option<Vec<Attribute>>,
    /// The elements around: files and groups.
    scopes: Vec<Scope>,
    matches_prefix: String,
}

/// What a file or group says of the units in it.
#[derive(Clone, Debug)]
struct Scope {
    source_lang: Lang,
    target_lang: Lang,
    translate: bool,
    document: Option<String>,
}

/// The name of an element without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

impl<'a> Reader<'a, '_> {
    fn attributes(&mut self, start: &BytesStart<'a>) -> Result<Vec<Attribute>, Halt> {
        let mut attributes = Vec::new();
        self.markup.attributes(start, &mut attributes, None)?;
        Ok(attributes)
    }

    fn document(&mut self) -> Result<(), Halt> {
        loop {
            let event = self.markup.next()?;
            let begin = self.markup.at;
            match event {
                Event::DocType(doctype) => self.markup.resolver.declare(&doctype),
                Event::Start(start) => {
                    let name = start.name();
                    let name: &str = name.as_ref();
                    match local(name) {
                        "xliff" => self.begin_root(&start)?,
                        _ if self.root.is_none() => {
                            let message =
                                format!("this is no XLIFF: its first element is `{name}`");
                            return Err(self.markup.bad(Problem::UnexpectedElement, message));
                        }
                        "file" | "group" if !name.starts_with("sdl:") => {
                            self.begin_scope(&start)?
                        }
                        "trans-unit" => self.first_unit(&start, begin)?,
                        "unit" if self.file.second => self.second_unit(&start, begin)?,
                        _ => {}
                    }
                }
                Event::End(end) => match local(end.name().as_ref()) {
                    "xliff" => return Ok(()),
                    "file" | "group" => {
                        self.scopes.pop();
                    }
                    _ => {}
                },
                Event::Empty(start) if local(start.name().as_ref()) == "xliff" => {
                    return self.begin_root(&start);
                }
                _ => {}
            }
        }
    }

    fn begin_root(&mut self, start: &BytesStart<'a>) -> Result<(), Halt> {
        let attributes = self.attributes(start)?;
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| &*a.value);
        let version = value("version").unwrap_or_default();
        self.file.second = version.starts_with('2');
        if !matches!(version, "1.0" | "1.1" | "1.2" | "2.0" | "2.1" | "2.2") {
            let message = format!("`{version}` is no version of XLIFF");
            self.markup.find(Problem::UnknownVersion, message);
        }
        let lang =
            |name| value(name).map(Lang::from_written).unwrap_or_else(|| Lang::from_written(""));
        self.scopes.push(Scope {
            source_lang: lang("srcLang"),
            target_lang: lang("trgLang"),
            translate: true,
            document: None,
        });
        let declared =
            attributes.iter().find(|a| a.value == "urn:oasis:names:tc:xliff:matches:2.0");
        if let Some(prefix) = declared.and_then(|a| a.name.strip_prefix("xmlns:")) {
            self.matches_prefix = format!("{prefix}:");
        }
        self.root = Some(attributes);
        Ok(())
    }

    fn scope(&self) -> Scope {
        self.scopes.last().cloned().unwrap_or_else(|| Scope {
            source_lang: Lang::from_written(""),
            target_lang: Lang::from_written(""),
            translate: true,
            document: None,
        })
    }

    fn begin_scope(&mut self, start: &BytesStart<'a>) -> Result<(), Halt> {
        if self.scopes.len() > 256 {
            return Err(self.markup.bad(Problem::LimitExceeded, "groups nested too deep"));
        }
        let attributes = self.attributes(start)?;
        let mut scope = self.scope();
        for attribute in attributes {
            match &*attribute.name {
                "source-language" => scope.source_lang = Lang::from_written(attribute.value),
                "target-language" => scope.target_lang = Lang::from_written(attribute.value),
                "translate" => scope.translate = attribute.value != "no",
                "original" => scope.document = Some(attribute.value),
                _ => {}
            }
        }
        self.scopes.push(scope);
        Ok(())
    }

    /// Reads a segment down to the end tag of this name; the start tag has been read.
    fn segment(
        &mut self,
        start: &BytesStart<'a>,
        begin: usize,
        empty: bool,
    ) -> Result<(Segment, Element), Halt> {
        let tag = begin..self.markup.consumed();
        let mut segment = Segment::default();
        if empty {
            let inner = tag.end..tag.end;
            return Ok((segment, Element { whole: tag.clone(), inner, tag }));
        }
        let name = start.name();
        let name: &str = name.as_ref();
        let mut builder = SegmentBuilder::new(&mut segment);
        self.markup.inline_content(name, &mut builder, false)?;
        builder.finish();
        let inner = tag.end..self.markup.at;
        let whole = begin..self.markup.consumed();
        Ok((segment, Element { tag, whole, inner }))
    }

    /// XLIFF 1: a `trans-unit`.
    fn first_unit(&mut self, start: &BytesStart<'a>, begin: usize) -> Result<(), Halt> {
        let attributes = self.attributes(start)?;
        let name = start.name();
        let name: &str = name.as_ref();
        let scope = self.scope();
        let mut places = UnitPlaces {
            tag: begin..self.markup.consumed(),
            prefix: name.strip_suffix("trans-unit").unwrap_or_default().to_owned(),
            ..UnitPlaces::default()
        };
        let mut unit = First::default();
        loop {
            let event = self.markup.next()?;
            let begin = self.markup.at;
            let (start, empty) = match event {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(end) if local(end.name().as_ref()) == "trans-unit" => break,
                _ => continue,
            };
            let name = start.name();
            let name: &str = name.as_ref();
            match name.strip_prefix(&*places.prefix).unwrap_or(name) {
                "source" => {
                    let (segment, element) = self.segment(&start, begin, empty)?;
                    (unit.source, places.source) = (segment, Some(element));
                }
                "seg-source" => {
                    let (segment, element) = self.segment(&start, begin, empty)?;
                    (unit.seg_source, places.seg_source) = (Some(segment), Some(element));
                }
                "target" => {
                    unit.target_attributes = self.attributes(&start)?;
                    let (segment, element) = self.segment(&start, begin, empty)?;
                    (unit.target, places.target) = (Some(segment), Some(element));
                }
                "alt-trans" if !empty => {
                    let proposal = self.alternative(&start)?;
                    unit.proposals.extend(proposal);
                }
                "note" => unit.note(&mut self.markup, &start, empty)?,
                "context" | "prop" => unit.property(&mut self.markup, &start, empty)?,
                "sdl:seg" => {
                    let attributes = self.attributes(&start)?;
                    unit.definitions.push((attributes, begin..self.markup.consumed()));
                }
                _ => {}
            }
        }
        self.finish_first(attributes, scope, places, unit, begin);
        Ok(())
    }

    fn alternative(&mut self, start: &BytesStart<'a>) -> Result<Option<(String, Proposal)>, Halt> {
        let attributes = self.attributes(start)?;
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| &*a.value);
        let score = value("match-quality").and_then(percent);
        let origin = value("origin").or(value("tool-id")).map(str::to_owned);
        let mid = value("mid").unwrap_or_default().to_owned();
        let (mut source, mut target) = (Segment::default(), None);
        loop {
            let event = self.markup.next()?;
            let begin = self.markup.at;
            let (start, empty) = match event {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(end) if local(end.name().as_ref()) == "alt-trans" => break,
                _ => continue,
            };
            match local(start.name().as_ref()) {
                "source" => source = self.segment(&start, begin, empty)?.0,
                "target" => target = Some(self.segment(&start, begin, empty)?.0),
                _ => {}
            }
        }
        Ok(target.map(|target| (mid, Proposal { source, target, score, origin })))
    }

    fn finish_first(
        &mut self,
        attributes: Vec<Attribute>,
        scope: Scope,
        mut places: UnitPlaces,
        unit: First,
        begin: usize,
    ) {
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| &*a.value);
        let id = value("id").unwrap_or_default();
        if places.source.is_none() {
            let message = format!("the unit `{id}` has no source; left out");
            self.markup.resolver.find(Problem::MissingSegment, begin, message);
            return;
        }
        let translate = value("translate").map_or(scope.translate, |value| value != "no");
        let approved = value("approved") == Some("yes");
        let locked = !translate || value("mq:locked").is_some_and(|value| value != "false");
        let target_state = unit.state();
        let mut metadata = unit.metadata.clone();
        let from_scope = scope.document.clone().map(|name| Property::new("x-document", name));
        metadata.properties.extend(from_scope);
        if let Some(name) = value("resname") {
            metadata.properties.push(Property::new("x-context", name));
        }
        let marked = unit.seg_source.as_ref().map(parts::marked).unwrap_or_default();
        let targets = unit.target.as_ref().map(parts::marked).unwrap_or_default();
        let unit_number = self.file.units.len();
        let mut push = |mid: Option<String>, source: Segment, target: Option<Segment>| {
            let definition = mid.as_deref().and_then(|mid| {
                unit.definitions
                    .iter()
                    .find(|(all, _)| all.iter().any(|a| a.name == "id" && a.value == mid))
            });
            let defined =
                |name: &str| definition.and_then(|(all, _)| all.iter().find(|a| a.name == name));
            let vendor = defined("conf")
                .map(|a| sdl_state(&a.value))
                .or_else(|| value("mq:status").map(memoq_state));
            let empty = target.as_ref().is_none_or(Segment::is_empty);
            let state = match (empty, approved) {
                (true, _) => State::Initial,
                (_, true) => State::Final,
                _ => vendor.or(target_state).unwrap_or(State::Translated),
            };
            let proposals = unit
                .proposals
                .iter()
                .filter(|(of, _)| of.is_empty() || mid.as_deref() == Some(of) || marked.is_empty());
            self.entries.push(Entry {
                id: match &mid {
                    Some(mid) => format!("{id}/{mid}"),
                    None => id.to_owned(),
                },
                line: begin as u64,
                source_lang: scope.source_lang.clone(),
                target_lang: scope.target_lang.clone(),
                source,
                target,
                state,
                locked: locked || defined("locked").is_some_and(|a| a.value == "true"),
                metadata: metadata.clone(),
                proposals: proposals.map(|(_, proposal)| proposal.clone()).collect(),
            });
            self.file.places.push((unit_number, places.segments.len()));
            let tag = definition.map(|(_, tag)| tag.clone());
            places.segments.push(SegmentPlaces { mid, tag, ..SegmentPlaces::default() });
        };
        if marked.is_empty() {
            push(None, unit.source.clone(), unit.target.clone());
        }
        for (mid, source) in &marked {
            let target = targets.iter().find(|(other, _)| other == mid);
            push(Some(mid.clone()), source.clone(), target.map(|(_, segment)| segment.clone()));
        }
        self.file.units.push(places);
    }

    /// XLIFF 2: a `unit`.
    fn second_unit(&mut self, start: &BytesStart<'a>, begin: usize) -> Result<(), Halt> {
        let attributes = self.attributes(start)?;
        let name = start.name();
        let name: &str = name.as_ref();
        let scope = self.scope();
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| &*a.value);
        let id = value("id").unwrap_or_default().to_owned();
        let translate = value("translate").map_or(scope.translate, |value| value != "no");
        let mut places = UnitPlaces {
            tag: begin..self.markup.consumed(),
            prefix: name.strip_suffix("unit").unwrap_or_default().to_owned(),
            ..UnitPlaces::default()
        };
        let mut unit = First::default();
        unit.metadata
            .properties
            .extend(scope.document.clone().map(|name| Property::new("x-document", name)));
        unit.metadata.properties.extend(value("name").map(|name| Property::new("x-context", name)));
        let mut segments: Vec<Entry> = Vec::new();
        let mut proposals: Vec<(String, Proposal)> = Vec::new();
        loop {
            let event = self.markup.next()?;
            let begin = self.markup.at;
            let (start, empty) = match event {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(end) if local(end.name().as_ref()) == "unit" => break,
                _ => continue,
            };
            let name = start.name();
            let name: &str = name.as_ref();
            match name.strip_prefix(&*places.prefix).unwrap_or(name) {
                "segment" if !empty => {
                    let entry = Entry {
                        id: id.clone(),
                        line: begin as u64,
                        source_lang: scope.source_lang.clone(),
                        target_lang: scope.target_lang.clone(),
                        source: Segment::default(),
                        target: None,
                        state: State::Initial,
                        locked: !translate,
                        metadata: Metadata::default(),
                        proposals: Vec::new(),
                    };
                    if let Some(entry) = self.second_segment(&start, begin, entry, &mut places)? {
                        segments.push(entry);
                    }
                }
                "note" => unit.note(&mut self.markup, &start, empty)?,
                name if name == format!("{}matches", self.matches_prefix) && !empty => {
                    let prefix = self.matches_prefix.clone();
                    places.matches = Some((begin..self.markup.consumed(), prefix));
                }
                name if name == format!("{}match", self.matches_prefix) && !empty => {
                    proposals.extend(self.second_match(&start)?);
                }
                _ => {}
            }
        }
        for (number, (mut entry, at)) in segments.into_iter().zip(0..).enumerate() {
            let own = places.ids.get(number).cloned().unwrap_or_default();
            entry.metadata = unit.metadata.clone();
            let wanted = |reference: &str| reference == own || reference.is_empty();
            entry.proposals = proposals
                .iter()
                .filter(|(reference, _)| {
                    // What refers to nothing that is known is for the first.
                    wanted(reference) || (number == 0 && !places.ids.contains(reference))
                })
                .map(|(_, proposal)| proposal.clone())
                .collect();
            self.entries.push(entry);
            self.file.places.push((self.file.units.len(), at));
        }
        self.file.units.push(places);
        Ok(())
    }

    fn second_segment(
        &mut self,
        start: &BytesStart<'a>,
        begin: usize,
        mut entry: Entry,
        places: &mut UnitPlaces,
    ) -> Result<Option<Entry>, Halt> {
        let attributes = self.attributes(start)?;
        let mut place =
            SegmentPlaces { tag: Some(begin..self.markup.consumed()), ..SegmentPlaces::default() };
        loop {
            let event = self.markup.next()?;
            let at = self.markup.at;
            let (start, empty) = match event {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(end) if local(end.name().as_ref()) == "segment" => break,
                _ => continue,
            };
            match local(start.name().as_ref()) {
                "source" => {
                    let (segment, element) = self.segment(&start, at, empty)?;
                    (entry.source, place.source) = (segment, Some(element));
                }
                "target" => {
                    let (segment, element) = self.segment(&start, at, empty)?;
                    (entry.target, place.target) = (Some(segment), Some(element));
                }
                _ => {}
            }
        }
        if place.source.is_none() {
            let message = "a segment without a source; left out";
            self.markup.resolver.find(Problem::MissingSegment, begin, message);
            return Ok(None);
        }
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| &*a.value);
        let own = value("id").unwrap_or_default();
        if !own.is_empty() {
            entry.id = format!("{}/{own}", entry.id);
        }
        let empty = entry.target.as_ref().is_none_or(Segment::is_empty);
        entry.state = match value("state") {
            _ if empty => State::Initial,
            Some("final") => State::Final,
            Some("reviewed") => State::Reviewed,
            Some("translated") => State::Translated,
            // There is something, and nobody says that it is a translation.
            _ => State::Draft,
        };
        places.ids.push(own.to_owned());
        places.segments.push(place);
        Ok(Some(entry))
    }

    fn second_match(&mut self, start: &BytesStart<'a>) -> Result<Option<(String, Proposal)>, Halt> {
        let attributes = self.attributes(start)?;
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| &*a.value);
        let reference = value("ref").unwrap_or_default().trim_start_matches('#').to_owned();
        let score = value("similarity").or(value("matchQuality")).and_then(percent);
        let origin = value("origin").map(str::to_owned);
        let end_name = format!("{}match", self.matches_prefix);
        let (mut source, mut target) = (Segment::default(), None);
        loop {
            let event = self.markup.next()?;
            let begin = self.markup.at;
            let (start, empty) = match event {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(end) if end.name().as_ref() == end_name => break,
                _ => continue,
            };
            match local(start.name().as_ref()) {
                "source" => source = self.segment(&start, begin, empty)?.0,
                "target" => target = Some(self.segment(&start, begin, empty)?.0),
                _ => {}
            }
        }
        Ok(target.map(|target| (reference, Proposal { source, target, score, origin })))
    }
}

/// What is known of a unit when its end tag comes.
#[derive(Default)]
struct First {
    source: Segment,
    seg_source: Option<Segment>,
    target: Option<Segment>,
    target_attributes: Vec<Attribute>,
    metadata: Metadata,
    /// For which segment, and what.
    proposals: Vec<(String, Proposal)>,
    /// SDLXLIFF: what is said of each segment, and where.
    definitions: Vec<(Vec<Attribute>, Range<usize>)>,
}

impl First {
    fn note<'a>(
        &mut self,
        markup: &mut Markup<'a, '_>,
        start: &BytesStart<'a>,
        empty: bool,
    ) -> Result<(), Halt> {
        let mut note = Note::default();
        markup.attributes(start, &mut note.attributes, None)?;
        if !empty {
            markup.plain(start.name().as_ref(), &mut note.text)?;
        }
        self.metadata.notes.push(note);
        Ok(())
    }

    /// A `context` or `prop`, as a property of its type.
    fn property<'a>(
        &mut self,
        markup: &mut Markup<'a, '_>,
        start: &BytesStart<'a>,
        empty: bool,
    ) -> Result<(), Halt> {
        let mut property = Property::default();
        markup.attributes(start, &mut property.attributes, None)?;
        let at = property
            .attributes
            .iter()
            .position(|a| matches!(&*a.name, "context-type" | "prop-type"));
        if let Some(at) = at {
            property.kind = property.attributes.remove(at).value;
        }
        if !empty {
            markup.plain(start.name().as_ref(), &mut property.value)?;
        }
        self.metadata.properties.push(property);
        Ok(())
    }

    /// What the attribute `state` of the target says (XLIFF 1.2, 2.6).
    fn state(&self) -> Option<State> {
        let state = self.target_attributes.iter().find(|a| a.name == "state")?;
        Some(match &*state.value {
            "final" => State::Final,
            "signed-off" => State::Reviewed,
            "translated" => State::Translated,
            _ => State::Draft,
        })
    }
}

/// A percentage as tools write it: `87`, `87.5`, `87%`.
fn percent(written: &str) -> Option<u8> {
    let number: f64 = written.trim().trim_end_matches('%').trim().parse().ok()?;
    (0.0..=200.0).contains(&number).then_some(number.round() as u8)
}

fn sdl_state(conf: &str) -> State {
    match conf {
        "Translated" => State::Translated,
        "ApprovedTranslation" => State::Reviewed,
        "ApprovedSignOff" => State::Final,
        _ => State::Draft,
    }
}

fn memoq_state(status: &str) -> State {
    match status {
        "ManuallyConfirmed" | "AssembledFromFragments" => State::Translated,
        "Reviewer1Confirmed" | "Proofread" => State::Reviewed,
        "Reviewer2Confirmed" => State::Final,
        _ => State::Draft,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_even_from_inside_one() {
        let text = "a\nbéc";
        let lines = Lines::new(text);
        let places: Vec<_> = (0..=text.len()).map(|offset| lines.place(text, offset)).collect();
        // Inside `é`, as after it.
        assert_eq!(places, [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (2, 3), (2, 4)]);
    }
}
