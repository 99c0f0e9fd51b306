//! Writing TBX.

use std::io::Write;

use super::category::Level;
use super::fit::{Fit, Ids, is_language};
use super::value::Value;
use super::{TbxDialect, TbxHeader, children, element, map, tree};
use crate::exchange::loss::shortened;
use crate::exchange::{Error, ErrorKind, Loss};
use crate::term::{
    Concept, Extra, ExtraContent, Language, PartOfSpeech, Status, Term, TermKind, Termbase,
};
use crate::unit::Attribute;

/// Writes a termbase in a dialect of TBX. The result says what the dialect could not hold; nothing
/// is lost besides.
///
/// What [`TbxReader`](super::TbxReader) read is written as it was, where the dialect allows it. Ids
/// that are no names of XML (numbers, for example) are written as `_x0031_`, and read back as what
/// they are. What the public dialects of version 3 give passes their RELAX NG schemas.
///
/// # Errors
///
/// If there is no term to write, or writing fails.
///
/// ```
/// use chancery::Lang;
/// use chancery::exchange::{TbxDialect, ReadOptions, TbxHeader, TbxReader, write_tbx};
/// use chancery::term::{Concept, Status, Term, Termbase};
///
/// let mut council = Concept::new("1");
/// council.definition = Some("Forum of allies and Russia, 2002".to_owned());
/// council.add(Lang::FR, Term::new("Conseil OTAN-Russie").with_status(Status::Preferred));
/// let base = Termbase::from_iter([council]);
///
/// let mut file = Vec::new();
/// let losses = write_tbx(&mut file, &base, &TbxHeader::new("NATO"), TbxDialect::Min)?;
/// assert_eq!(losses.len(), 1); // TBX-Min has no definitions.
/// let mut reader = TbxReader::new(file.as_slice(), ReadOptions::new())?;
/// assert_eq!(reader.next().unwrap()?.id, "1");
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
pub fn write_tbx(
    out: impl Write,
    base: &Termbase,
    header: &TbxHeader,
    dialect: TbxDialect,
) -> Result<Vec<Loss>, Error> {
    let mut fit = Fit::new(dialect);
    let Ids { concepts, terms } = fit.assign_ids(base, &header.back);
    let mut writer = Writer { out, buffer: String::new(), fit, written: 0 };
    writer.head(header)?;
    let mut terms = terms.into_iter();
    for (concept, id) in base.concepts().iter().zip(concepts) {
        let count = concept.languages.iter().map(|section| section.terms.len()).sum();
        let ids: Vec<Option<String>> = terms.by_ref().take(count).collect();
        writer.concept(concept, &id, ids)?;
    }
    if writer.written == 0 {
        let message = "there is no term to write; a TBX file has at least one";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    writer.tail(header)?;
    Ok(writer.fit.losses.found)
}

/// One concept as an entry of the private dialect, with what could not be written.
pub(crate) fn entry_of_concept(concept: &Concept) -> Result<(String, Vec<Loss>), Error> {
    let mut fit = Fit::new(TbxDialect::Private);
    let base = Termbase::from_iter([concept.clone()]);
    let Ids { concepts, terms } = fit.assign_ids(&base, &[]);
    let mut writer = Writer { out: Vec::new(), buffer: String::new(), fit, written: 0 };
    let id = concepts.into_iter().next().unwrap_or_default();
    writer.concept(concept, &id, terms)?;
    if writer.written == 0 {
        let message = format!("the concept `{}` has no term; give it one", concept.id);
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let text = String::from_utf8_lossy(&writer.out).trim_start().to_owned();
    Ok((text, writer.fit.losses.found))
}

struct Writer<W> {
    out: W,
    buffer: String,
    fit: Fit,
    /// Concepts written.
    written: u64,
}

/// The names of the elements that a version has for a concept and what is in it.
struct Tags {
    root: &'static str,
    header: &'static str,
    concept: &'static str,
    language: &'static str,
    term: &'static str,
    list: &'static str,
}

const V2: Tags = Tags {
    root: "martif",
    header: "martifHeader",
    concept: "termEntry",
    language: "langSet",
    term: "tig",
    list: "refObjectList",
};

const V3: Tags = Tags {
    root: "tbx",
    header: "tbxHeader",
    concept: map::CONCEPT,
    language: map::LANGUAGE,
    term: map::TERM,
    list: "refObjectSec",
};

impl<W: Write> Writer<W> {
    fn tags(&self) -> &'static Tags {
        if self.fit.dialect == TbxDialect::V2 { &V2 } else { &V3 }
    }

    fn head(&mut self, header: &TbxHeader) -> Result<(), Error> {
        let dialect = self.fit.dialect;
        let tags = self.tags();
        self.buffer.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let mut attributes = Vec::new();
        if dialect == TbxDialect::V2 {
            self.buffer.push_str("<!DOCTYPE martif SYSTEM \"TBXcoreStructV02.dtd\">\n");
        } else {
            attributes.push(Attribute::new("xmlns", "urn:iso:std:iso:30042:ed-2"));
            let style = if dialect.tags() { "dct" } else { "dca" };
            attributes.push(Attribute::new("style", style));
        }
        if dialect.tags() {
            for module in ["min", "basic"] {
                let space = format!("http://www.tbxinfo.net/ns/{module}");
                attributes.push(Attribute::new(format!("xmlns:{module}"), space));
            }
        }
        attributes.push(Attribute::new("type", dialect.kind()));
        let lang = header.lang.as_ref().map(|lang| lang.as_written().replace('_', "-"));
        let lang = lang.filter(|lang| is_language(lang)).unwrap_or_else(|| "en".to_owned());
        attributes.push(Attribute::new("xml:lang", lang));
        self.open(0, tags.root, &attributes);
        let parts = header_parts(header, dialect, &mut self.fit);
        let parts = parts.into_iter().map(ExtraContent::Element).collect();
        let whole = Extra { name: tags.header.to_owned(), attributes: Vec::new(), content: parts };
        self.element(&whole, 1);
        self.open(1, "text", &[]);
        self.open(2, "body", &[]);
        // The declaration begins the file; what was appended begins with a line end.
        self.flush()
    }

    fn concept(
        &mut self,
        concept: &Concept,
        id: &str,
        ids: Vec<Option<String>>,
    ) -> Result<(), Error> {
        self.fit.losses.in_concept(concept);
        let public = self.fit.dialect != TbxDialect::Private;
        if concept.languages.iter().all(|section| section.terms.is_empty()) {
            self.fit.losses.lose("a concept without a term, left out");
            return Ok(());
        }
        self.written += 1;
        let tags = self.tags();
        let mut attributes = vec![Attribute::new("id", id)];
        attributes.extend(self.of_section(map::CONCEPT, &concept.extra));
        self.open(3, tags.concept, &attributes);
        let mut values: Vec<Value> = Vec::new();
        values.extend(concept.domains.iter().cloned().map(Value::Domain));
        values.extend(concept.definition.iter().cloned().map(Value::Definition));
        values.extend(concept.sources.iter().cloned().map(Value::Source));
        values.extend(concept.institution.iter().cloned().map(Value::Institution));
        values.extend(concept.proposed.then_some(Value::Proposed));
        values.extend(concept.images.iter().cloned().map(Value::Image));
        values.extend(concept.relations.iter().cloned().map(Value::Relation));
        values.extend(concept.notes.iter().cloned().map(Value::Note));
        for item in self.items(Level::Concept, values, &concept.extra, Status::Unset) {
            self.element(&item, 4);
        }
        let mut ids = ids.into_iter();
        for section in &concept.languages {
            self.fit.losses.in_term(None);
            if section.terms.is_empty() && public {
                self.fit.losses.lose(format!("the language `{}` without a term", section.lang));
                continue;
            }
            self.language(section, &mut ids);
        }
        self.close(3, tags.concept);
        self.flush()
    }

    fn language(&mut self, section: &Language, ids: &mut impl Iterator<Item = Option<String>>) {
        let tags = self.tags();
        let mut lang = section.lang.as_written().to_owned();
        if self.fit.dialect != TbxDialect::Private && !is_language(&lang) {
            lang = lang.trim().replace('_', "-");
            if !is_language(&lang) {
                self.fit.losses.lose(format!("the language `{lang}`, written as `und`"));
                lang = "und".to_owned();
            }
        }
        let mut attributes = vec![Attribute::new("xml:lang", lang)];
        attributes.extend(self.of_section(map::LANGUAGE, &section.extra));
        self.open(4, tags.language, &attributes);
        let mut values: Vec<Value> = Vec::new();
        values.extend(section.definition.iter().cloned().map(Value::Definition));
        values.extend(section.notes.iter().cloned().map(Value::Note));
        for item in self.items(Level::Language, values, &section.extra, Status::Unset) {
            self.element(&item, 5);
        }
        for term in &section.terms {
            self.fit.losses.in_term(Some(term));
            self.term(term, ids.next().flatten());
        }
        self.fit.losses.in_term(None);
        self.close(4, tags.language);
    }

    fn term(&mut self, term: &Term, id: Option<String>) {
        let mut values: Vec<Value> = Vec::new();
        if term.part_of_speech != PartOfSpeech::Unset {
            values.push(Value::PartOfSpeech(term.part_of_speech));
        }
        values.extend(term.gender.map(Value::Gender));
        if term.kind != TermKind::Unset {
            values.push(Value::Kind(term.kind));
        }
        match term.status {
            Status::Unset => {}
            Status::Proposed => values.push(Value::Proposed),
            status => values.push(Value::Status(status)),
        }
        values.extend(term.rulings.iter().cloned().map(Value::Ruling));
        values.extend(term.gap.map(Value::Gap));
        values.extend(term.reliability.map(Value::Reliability));
        values.extend(term.contexts.iter().cloned().map(Value::Context));
        values.extend(term.sources.iter().cloned().map(Value::Source));
        values.extend(term.notes.iter().cloned().map(Value::Note));
        let items = self.items(Level::Term, values, &term.extra, term.status);
        let is_of_name =
            |item: &Extra| item.name.starts_with("termNote") || item.name.starts_with("termComp");
        let (of_name, others): (Vec<Extra>, Vec<Extra>) = items.into_iter().partition(is_of_name);

        let whole = (term.extra.iter())
            .find(|extra| extra.name == "term" && extra.text().trim() == term.text);
        let mut designation = whole
            .cloned()
            .unwrap_or_else(|| element("term", ExtraContent::Text(term.text.clone())));
        let mut attributes = Vec::new();
        let v2 = self.fit.dialect == TbxDialect::V2;
        if let Some(id) = id {
            // Tools of version 2 look for the id at the term itself.
            let at = if v2 && designation.attribute("id").is_none() {
                &mut designation.attributes
            } else {
                &mut attributes
            };
            at.push(Attribute::new("id", id));
        }
        attributes.extend(self.of_section(map::TERM, &term.extra));
        // The id was assigned before: it is no second one.
        let own = designation.attributes.iter().position(|a| a.name == "id");
        let own = own.filter(|_| v2 && whole.is_none_or(|whole| whole.attribute("id").is_none()));
        let own = own.map(|at| designation.attributes.remove(at));
        let mut designation = self.fit.designation(designation);
        designation.attributes.extend(own);

        let grouped =
            v2 && of_name.iter().any(|item| matches!(&*item.name, "termNoteGrp" | "termCompList"));
        let section = if grouped { "ntig" } else { self.tags().term };
        self.open(5, section, &attributes);
        if grouped {
            self.open(6, "termGrp", &[]);
        }
        self.element(&designation, 6);
        of_name.iter().for_each(|item| self.element(item, 6));
        if grouped {
            self.close(6, "termGrp");
        }
        others.iter().for_each(|item| self.element(item, 6));
        self.close(5, section);
    }

    /// The elements of a level: one for each value, as it was written where that is known, then
    /// what no field stands for.
    fn items(
        &mut self,
        level: Level,
        values: Vec<Value>,
        extra: &[Extra],
        status: Status,
    ) -> Vec<Extra> {
        let mut rest: Vec<(&Extra, Option<Value>)> = extra
            .iter()
            .filter(|extra| {
                !matches!(&*extra.name, map::CONCEPT | map::LANGUAGE | map::TERM | "term")
            })
            .map(|extra| (extra, Value::read(level, extra)))
            .collect();
        let mut items = Vec::new();
        for value in values {
            let written = rest.iter().position(|(_, said)| said.as_ref() == Some(&value));
            match written {
                Some(at) => items.push(rest.remove(at).0.clone()),
                None => items.push(value.spell()),
            }
        }
        for (item, said) in rest {
            let stale = said.is_some_and(|said| {
                let approved_later = status == Status::Proposed && matches!(said, Value::Status(_));
                kind_of(&said.spell()) == kind_of(item) && !approved_later
            });
            if stale {
                let text = item.text();
                let text = shortened(text.trim());
                let kind = kind_of(item);
                self.fit
                    .losses
                    .lose(format!("`{kind}`: `{text}`, which the concept says otherwise"));
            } else {
                items.push(item.clone());
            }
        }
        items.into_iter().filter_map(|item| self.fit.item(level, item)).collect()
    }

    fn of_section(&mut self, name: &str, extra: &[Extra]) -> Vec<Attribute> {
        let said = extra.iter().filter(|extra| extra.name == name);
        let attributes: Vec<Attribute> = said.flat_map(|extra| extra.attributes.clone()).collect();
        self.fit.of_section(&attributes)
    }

    fn tail(&mut self, header: &TbxHeader) -> Result<(), Error> {
        self.fit.losses.in_concept(&Concept::default());
        let tags = self.tags();
        self.close(2, "body");
        let lists: Vec<Extra> = header
            .back
            .iter()
            .filter_map(|list| back_list(list, tags.list, &mut self.fit))
            .collect();
        if !lists.is_empty() {
            self.open(2, "back", &[]);
            lists.iter().for_each(|list| self.element(list, 3));
            self.close(2, "back");
        }
        self.close(1, "text");
        self.close(0, tags.root);
        self.buffer.push('\n');
        self.flush()?;
        self.out.flush().map_err(|error| Error::io(error, "the termbase cannot be written"))
    }

    fn open(&mut self, indent: usize, name: &str, attributes: &[Attribute]) {
        if !self.buffer.ends_with(">\n") {
            tree::new_line(indent, &mut self.buffer);
        }
        let mut dropped = 0;
        tree::open_tag(name, attributes, &mut dropped, &mut self.buffer);
        self.buffer.push('>');
        self.count(dropped);
    }

    fn close(&mut self, indent: usize, name: &str) {
        tree::new_line(indent, &mut self.buffer);
        tree::close_tag(name, &mut self.buffer);
    }

    fn element(&mut self, element: &Extra, indent: usize) {
        let dropped = tree::write(element, indent, &mut self.buffer);
        self.count(dropped);
    }

    fn count(&mut self, dropped: u64) {
        if dropped > 0 {
            let message = format!("{dropped} character(s) or name(s) that XML does not allow");
            self.fit.losses.lose(message);
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let written = self.out.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        written.map_err(|error| Error::io(error, "the termbase cannot be written"))
    }
}

/// The data category of an element, or of the head of a group.
fn kind_of(item: &Extra) -> &str {
    let head = match item.name.as_str() {
        "descripGrp" | "adminGrp" | "termNoteGrp" => children(item).next().unwrap_or(item),
        _ => item,
    };
    head.attribute("type").unwrap_or(&head.name)
}

/// The parts of a header in the order of the standard, with at least a description of the source.
fn header_parts(header: &TbxHeader, dialect: TbxDialect, fit: &mut Fit) -> Vec<Extra> {
    let mut parts = Vec::new();
    let mut paragraphs = Vec::new();
    for part in &header.parts {
        match part.name.as_str() {
            "fileDesc" | "encodingDesc" | "revisionDesc" => {
                parts.extend(header_part(part, dialect, fit));
            }
            // TBX-Min of 2013: a list of properties.
            name => {
                let said = part.attributes.iter().map(|a| format!("{}={}", a.name, a.value));
                let mut said: Vec<String> = said.collect();
                said.extend(Some(part.text().trim().to_owned()).filter(|text| !text.is_empty()));
                paragraphs.push(format!("{name}: {}", said.join(" ")));
            }
        }
    }
    let order = ["fileDesc", "encodingDesc", "revisionDesc"];
    parts.sort_by_key(|part: &Extra| order.iter().position(|name| *name == part.name));
    if parts.first().is_none_or(|part| part.name != "fileDesc") {
        let empty = Extra { name: "fileDesc".to_owned(), ..Extra::default() };
        parts.insert(0, empty);
    }
    parts.dedup_by(|second, first| {
        let again = second.name == first.name;
        if again {
            fit.losses.lose(format!("a second `{}`", second.name));
        }
        again
    });
    let described = children(&parts[0]).any(|child| child.name == "sourceDesc");
    if !described && paragraphs.is_empty() {
        paragraphs.push("Written by Chancery".to_owned());
    }
    if !paragraphs.is_empty() {
        let content = paragraphs
            .into_iter()
            .map(|text| ExtraContent::Element(element("p", ExtraContent::Text(text))))
            .collect();
        let source = Extra { name: "sourceDesc".to_owned(), attributes: Vec::new(), content };
        parts[0].content.push(ExtraContent::Element(source));
    }
    if dialect == TbxDialect::V2 && !parts.iter().any(|part| part.name == "encodingDesc") {
        let constraints = Extra::new("p", "XCSURI", "TBXXCSV02.xcs");
        parts.insert(1, element("encodingDesc", ExtraContent::Element(constraints)));
    }
    parts
}

/// What an element of the header may hold, in order.
fn allowed_in(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "fileDesc" => &["titleStmt", "publicationStmt", "sourceDesc"],
        "titleStmt" => &["title", "note"],
        "publicationStmt" | "sourceDesc" | "encodingDesc" | "change" => &["p"],
        "revisionDesc" => &["change"],
        _ => return None,
    })
}

fn header_part(part: &Extra, dialect: TbxDialect, fit: &mut Fit) -> Option<Extra> {
    let name = part.name.clone();
    let keeps = |attribute: &&Attribute| {
        (attribute.name == "type" && name == "p")
            || (attribute.name == "xml:lang"
                && name != "fileDesc"
                && name != "encodingDesc"
                && is_language(&attribute.value))
    };
    let attributes: Vec<Attribute> = part.attributes.iter().filter(keeps).cloned().collect();
    let Some(allowed) = allowed_in(&name) else {
        let content = fit.content(part.content.clone(), false);
        return Some(Extra { name, attributes, content });
    };
    let mut inner: Vec<Extra> = Vec::new();
    for child in children(part) {
        let named_elsewhere = dialect != TbxDialect::V2
            && name == "encodingDesc"
            && matches!(child.attribute("type"), Some("XCSURI" | "DCSName"));
        // Version 3 names the dialect at the root.
        if named_elsewhere {
            continue;
        }
        match allowed.contains(&&*child.name) {
            true => inner.extend(header_part(child, dialect, fit)),
            false => {
                let text = child.text();
                let text = shortened(text.trim());
                fit.losses.lose(format!("`{}` in the header: {text}", child.name));
            }
        }
    }
    inner.sort_by_key(|child| allowed.iter().position(|known| *known == child.name));
    let once = ["titleStmt", "publicationStmt", "title"];
    inner.dedup_by(|second, first| first.name == second.name && once.contains(&&*first.name));
    let lacks_title = name == "titleStmt" && inner.first().is_none_or(|c| c.name != "title");
    if inner.is_empty() || lacks_title {
        return None;
    }
    let content = inner.into_iter().map(ExtraContent::Element).collect();
    Some(Extra { name, attributes, content })
}

/// A list behind the concepts: objects with items.
fn back_list(list: &Extra, name: &str, fit: &mut Fit) -> Option<Extra> {
    if !matches!(list.name.as_str(), "refObjectList" | "refObjectSec") {
        fit.losses.lose(format!("the list `{}` behind the concepts", list.name));
        return None;
    }
    let mut objects = Vec::new();
    for object in children(list).filter(|object| object.name == "refObject") {
        let mut items = Vec::new();
        collect_items(object, fit, &mut items);
        if items.is_empty() {
            continue;
        }
        let id = object.attribute("id").map(super::xml_id::encode);
        let attributes = id.into_iter().map(|id| Attribute::new("id", id)).collect();
        let content = items.into_iter().map(ExtraContent::Element).collect();
        let object = Extra { name: "refObject".to_owned(), attributes, content };
        objects.push(ExtraContent::Element(object));
    }
    let kind = list.attribute("type").unwrap_or("respPerson").to_owned();
    let attributes = vec![Attribute::new("type", kind)];
    (!objects.is_empty()).then(|| Extra { name: name.to_owned(), attributes, content: objects })
}

/// The items of an object, out of the sets and groups that they may stand in.
fn collect_items(parent: &Extra, fit: &mut Fit, items: &mut Vec<Extra>) {
    for child in children(parent) {
        match child.name.as_str() {
            "item" => {
                let kept = child.attributes.iter().filter(|attribute| attribute.name == "type");
                items.push(Extra {
                    name: "item".to_owned(),
                    attributes: kept.cloned().collect(),
                    content: fit.content(child.content.clone(), false),
                });
            }
            "itemSet" | "itemGrp" => collect_items(child, fit, items),
            name => fit.losses.lose(format!("`{name}` of an object behind the concepts")),
        }
    }
}
