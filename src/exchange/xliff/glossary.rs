//! The glossary module of XLIFF 2: terms that a document brings with it.

use quick_xml::events::{BytesStart, Event};

use super::parse::{Lines, ended, local};
use crate::Lang;
use crate::exchange::diagnostic::Log;
use crate::exchange::xml::markup::{Halt, Markup};
use crate::exchange::xml::resolve::Resolver;
use crate::exchange::{Error, Problem};
use crate::term::{Concept, Term};

/// The entries of all glossaries in a document, one concept each.
pub(in crate::exchange) fn concepts(text: &str, log: &mut Log) -> Result<Vec<Concept>, Error> {
    let limits = log.options.limits.clone();
    let mut resolver = Resolver::new(&limits);
    let mut reader = Reader {
        markup: Markup::new(text, &mut resolver, &limits),
        langs: None,
        concepts: Vec::new(),
    };
    let read = reader.document();
    let (begun, concepts) = (reader.langs.is_some(), reader.concepts);
    let lines = Lines::new(text);
    for finding in std::mem::take(&mut resolver.findings) {
        log.report(finding.problem, lines.place(text, finding.offset), None, finding.message)?;
    }
    ended(read, begun, &lines, text)?;
    Ok(concepts)
}

struct Reader<'a, 'r> {
    markup: Markup<'a, 'r>,
    /// Source and target, once the root was read.
    langs: Option<[Lang; 2]>,
    concepts: Vec<Concept>,
}

impl<'a> Reader<'a, '_> {
    fn document(&mut self) -> Result<(), Halt> {
        loop {
            match self.markup.next()? {
                Event::DocType(doctype) => self.markup.resolver.declare(&doctype),
                Event::Start(start) => {
                    let name = start.name();
                    match (local(name.as_ref()), self.langs.clone()) {
                        ("xliff", _) => {
                            let lang = |tag: Option<String>| {
                                Lang::from_written(tag.as_deref().unwrap_or_default())
                            };
                            let source = self.value(&start, "srcLang")?;
                            let target = self.value(&start, "trgLang")?;
                            self.langs = Some([lang(source), lang(target)]);
                        }
                        ("glossEntry", Some(langs)) => self.entry(&start, langs)?,
                        _ => {}
                    }
                }
                Event::End(end) if local(end.name().as_ref()) == "xliff" => return Ok(()),
                _ => {}
            }
        }
    }

    /// An attribute, whatever its prefix.
    fn value(&mut self, start: &BytesStart<'a>, name: &str) -> Result<Option<String>, Halt> {
        let mut attributes = Vec::new();
        self.markup.attributes(start, &mut attributes, None)?;
        Ok(attributes.into_iter().find(|a| local(&a.name) == name).map(|a| a.value))
    }

    fn entry(&mut self, start: &BytesStart<'a>, langs: [Lang; 2]) -> Result<(), Halt> {
        let mut concept = Concept::new(self.value(start, "id")?.unwrap_or_default());
        let [source, target] = langs;
        loop {
            let start = match self.markup.next()? {
                Event::Start(start) => start,
                Event::End(end) if local(end.name().as_ref()) == "glossEntry" => break,
                _ => continue,
            };
            let name = start.name();
            let name: &str = name.as_ref();
            let origin = self.value(&start, "source")?;
            let mut text = String::new();
            match local(name) {
                which @ ("term" | "translation") => {
                    let mut term = Term { id: self.value(&start, "id")?, ..Term::default() };
                    self.markup.plain(name, &mut text)?;
                    term.text = text.trim().to_owned();
                    term.sources.extend(origin);
                    let lang = if which == "term" { &source } else { &target };
                    if !term.text.is_empty() {
                        concept.add(lang.clone(), term);
                    }
                }
                "definition" => {
                    self.markup.plain(name, &mut text)?;
                    concept.definition = Some(text.trim().to_owned());
                    concept.sources.extend(origin);
                }
                _ => self.markup.skip(name)?,
            }
        }
        match concept.languages.is_empty() {
            true => {
                self.markup.find(Problem::MissingSegment, "an entry of a glossary without term")
            }
            false => self.concepts.push(concept),
        }
        Ok(())
    }
}
