//! SRX files into rules.

use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use thiserror::Error;

use super::write::comment_text;
use super::{FormatHandles, LanguageMap, LanguageRules, Problem, Rule, Rules};
use crate::text::{DecodeError, decode};

/// Why a file is no file of rules.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SrxError {
    /// It could not be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Its bytes are not the characters it says.
    #[error(transparent)]
    Encoding(#[from] DecodeError),
    /// It is not well-formed XML.
    #[error("line {line}: not well-formed XML ({message}); repair the file or save it again")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is something else.
    #[error("not a file of segmentation rules: {found}; give an SRX file")]
    NotSrx {
        /// What was found in place of the element `srx`.
        found: String,
    },
}

impl Rules {
    /// Reads a file of SRX 2.0 or 1.0, in UTF-8, UTF-16 or the encoding its XML declaration names.
    ///
    /// Files of others are taken as they are: attributes may be missing (`break` is then `yes`,
    /// `cascade` `no`), namespaces wrong, elements unknown. What was passed over comes back beside
    /// the rules. Patterns are not compiled here; see [`problems`](Rules::problems) for all, and
    /// [`Segmenter::new`](crate::text::Segmenter::new) for those of one language.
    ///
    /// # Errors
    ///
    /// If the file can not be read, is not well-formed XML, or its root is not `srx`.
    pub fn read(mut file: impl BufRead) -> Result<(Rules, Vec<Problem>), SrxError> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let text = decode_xml(&bytes)?;
        let illegal = text.find(is_illegal);
        let text = match illegal {
            Some(_) => text.replace(is_illegal, "\u{fffd}"),
            None => text,
        };
        let mut reader = Loader {
            text: &text,
            reader: Reader::from_str(&text),
            rules: Rules::default(),
            problems: Vec::new(),
            comments: Vec::new(),
        };
        if let Some(at) = illegal {
            let line = reader.line(at);
            reader.problems.push(Problem::new(format!(
                "line {line}: a control character, which XML does not allow; read as U+FFFD, as all \
                 others like it"
            )));
        }
        reader.load()?;
        Ok((reader.rules, reader.problems))
    }
}

/// Whether a character is none of XML 1.0 (clause 2.2).
fn is_illegal(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Decodes by the mark or the content; a single-byte encoding must be declared.
fn decode_xml(bytes: &[u8]) -> Result<String, SrxError> {
    decode(bytes).or_else(|error| {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
        let label = head.strip_prefix("<?xml").and_then(|rest| {
            let value = rest.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            value[1..].split(quote).next()
        });
        let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
        let encoding = encoding.filter(|&encoding| encoding != encoding_rs::UTF_8);
        let decoded = encoding.and_then(|encoding| {
            encoding.decode_without_bom_handling_and_without_replacement(bytes)
        });
        Ok(decoded.ok_or(error)?.into_owned())
    })
}

struct Loader<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    rules: Rules,
    problems: Vec<Problem>,
    /// Comments since the last rule.
    comments: Vec<String>,
}

impl<'x> Loader<'x> {
    fn load(&mut self) -> Result<(), SrxError> {
        let mut open = Vec::new();
        let mut seen_root = false;
        loop {
            let start = self.position();
            match self.next()? {
                Event::Start(tag) => {
                    let name = local(&tag);
                    self.root(&name, &mut seen_root)?;
                    if self.element(&name, &tag, &open, start, false)? {
                        open.push(name);
                    }
                }
                Event::Empty(tag) => {
                    let name = local(&tag);
                    self.root(&name, &mut seen_root)?;
                    self.element(&name, &tag, &open, start, true)?;
                }
                Event::End(_) => {
                    open.pop();
                    if open.last().is_none_or(|element| element != "languagerule") {
                        self.comments.clear();
                    }
                }
                Event::Comment(comment) => self.comments.push(comment_text(&comment)),
                Event::Text(text) if !seen_root && !text.trim().is_empty() => {
                    return Err(SrxError::NotSrx { found: "it does not begin with XML".into() });
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if !seen_root {
            return Err(SrxError::NotSrx { found: "there is no element in it".into() });
        }
        if let Some(element) = open.last() {
            return Err(self.syntax(format!("the file ends inside `{element}`; is it complete?")));
        }
        if self.rules.maps.is_empty() {
            self.problems.push(Problem::new("there are no language maps, so no rule is ever used"));
        }
        Ok(())
    }

    fn root(&self, name: &str, seen: &mut bool) -> Result<(), SrxError> {
        if !*seen && name != "srx" {
            return Err(SrxError::NotSrx { found: format!("its root element is `{name}`") });
        }
        *seen = true;
        Ok(())
    }

    /// Takes an element in; whether it stays open.
    fn element(
        &mut self,
        name: &str,
        tag: &BytesStart<'_>,
        open: &[String],
        start: usize,
        empty: bool,
    ) -> Result<bool, SrxError> {
        let parent = open.last().map(String::as_str);
        match name {
            "srx" if parent.is_none() => self.srx(tag)?,
            "header" => {
                self.rules.cascade = self.yes_or_no(tag, "cascade", false)?;
                self.rules.segment_subflows = self.yes_or_no(tag, "segmentsubflows", true)?;
            }
            "formathandle" => self.format_handle(tag)?,
            _ if parent == Some("header") => {
                if !empty {
                    self.skip(tag)?;
                }
                self.rules.foreign.push(self.text[start..self.position()].to_owned());
                return Ok(false);
            }
            "body" | "languagerules" | "maprules" | "maprule" => {}
            "languagerule" => {
                let name = self.required(tag, "languagerulename")?;
                self.rules.languages.push(LanguageRules { name, rules: Vec::new() });
                self.comments.clear();
            }
            "rule" if parent == Some("languagerule") => {
                let is_break = self.yes_or_no(tag, "break", true)?;
                let mut rule = Rule::new(is_break, "", "");
                rule.comments = std::mem::take(&mut self.comments);
                if let Some(language) = self.rules.languages.last_mut() {
                    language.rules.push(rule);
                }
            }
            "beforebreak" | "afterbreak" if parent == Some("rule") => {
                let pattern = if empty { String::new() } else { self.content(tag)? };
                let language = self.rules.languages.last_mut();
                if let Some(rule) = language.and_then(|language| language.rules.last_mut()) {
                    *(if name == "beforebreak" { &mut rule.before } else { &mut rule.after }) =
                        pattern;
                }
                return Ok(false);
            }
            "languagemap" => {
                let pattern = self.required(tag, "languagepattern")?;
                let rules = self.required(tag, "languagerulename")?;
                self.rules.maps.push(LanguageMap { pattern, rules });
            }
            _ => {
                self.report(format!("the element `{name}` is unknown here"));
                if !empty {
                    self.skip(tag)?;
                }
                return Ok(false);
            }
        }
        Ok(!empty)
    }

    fn srx(&mut self, tag: &BytesStart<'_>) -> Result<(), SrxError> {
        for (name, value) in self.attributes(tag)? {
            match name.as_str() {
                "version" if matches!(value.trim(), "1.0" | "2.0") => {}
                "version" => self.report(format!("version `{value}` is read as 2.0")),
                "xmlns" => {}
                _ => self.rules.attributes.push((name, value)),
            }
        }
        Ok(())
    }

    fn format_handle(&mut self, tag: &BytesStart<'_>) -> Result<(), SrxError> {
        let kind = self.required(tag, "type")?;
        let FormatHandles { start, end, isolated } = FormatHandles::default();
        let handles = &mut self.rules.format_handles;
        let (place, default) = match kind.as_str() {
            "start" => (&mut handles.start, start),
            "end" => (&mut handles.end, end),
            "isolated" => (&mut handles.isolated, isolated),
            _ => {
                self.report(format!("`formathandle` of the unknown type `{kind}`"));
                return Ok(());
            }
        };
        // Written before the attribute is looked up, which needs the loader as a whole.
        *place = default;
        let include = self.yes_or_no(tag, "include", default)?;
        let handles = &mut self.rules.format_handles;
        *(match kind.as_str() {
            "start" => &mut handles.start,
            "end" => &mut handles.end,
            _ => &mut handles.isolated,
        }) = include;
        Ok(())
    }

    /// The text of an element that holds a pattern; markup inside is reported and dropped.
    fn content(&mut self, tag: &BytesStart<'_>) -> Result<String, SrxError> {
        let mut content = String::new();
        loop {
            match self.next()? {
                Event::Text(text) => content.push_str(&text.xml10_content()),
                Event::CData(text) => content.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => self.reference(&reference, &mut content)?,
                Event::Start(inner) => {
                    self.report(format!("`{}` inside of a pattern is dropped", local(&inner)));
                    self.skip(&inner)?;
                }
                Event::Empty(inner) => {
                    self.report(format!("`{}` inside of a pattern is dropped", local(&inner)));
                }
                Event::End(_) => return Ok(content),
                Event::Eof => {
                    let message = format!("the file ends inside `{}`", local(tag));
                    return Err(self.syntax(message));
                }
                _ => {}
            }
        }
    }

    fn reference(&mut self, found: &BytesRef<'_>, to: &mut String) -> Result<(), SrxError> {
        if found.is_char_ref() {
            let character = found.resolve_char_ref().map_err(|error| self.syntax(error))?;
            match character {
                Some(c) if !is_illegal(c) => to.push(c),
                _ => {
                    return Err(self.syntax(format!("`&{};` is no character of XML", &**found)));
                }
            }
        } else if let Some(text) = resolve_xml_entity(found) {
            to.push_str(text);
        } else {
            return Err(self.syntax(format!("the entity `&{};` is not defined", &**found)));
        }
        Ok(())
    }

    fn yes_or_no(
        &mut self,
        tag: &BytesStart<'_>,
        name: &str,
        default: bool,
    ) -> Result<bool, SrxError> {
        let Some(value) = self.attribute(tag, name)? else { return Ok(default) };
        Ok(match value.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" => true,
            "no" | "false" => false,
            _ => {
                let read_as = if default { "yes" } else { "no" };
                self.report(format!("`{name}` is `{value}`, read as `{read_as}`"));
                default
            }
        })
    }

    fn required(&mut self, tag: &BytesStart<'_>, name: &str) -> Result<String, SrxError> {
        let value = self.attribute(tag, name)?;
        if value.is_none() {
            self.report(format!("`{}` has no attribute `{name}`", local(tag)));
        }
        Ok(value.unwrap_or_default())
    }

    fn attribute(&self, tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, SrxError> {
        let attributes = self.attributes(tag)?;
        Ok(attributes.into_iter().find(|(found, _)| found == name).map(|(_, value)| value))
    }

    fn attributes(&self, tag: &BytesStart<'_>) -> Result<Vec<(String, String)>, SrxError> {
        tag.attributes()
            .map(|attribute| {
                let attribute = attribute.map_err(|error| self.syntax(error))?;
                let value = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| self.syntax(error))?;
                Ok((attribute.key.as_ref().to_owned(), value.into_owned()))
            })
            .collect()
    }

    fn next(&mut self) -> Result<Event<'x>, SrxError> {
        match self.reader.read_event() {
            Ok(event) => Ok(event),
            Err(error) => {
                let position = usize::try_from(self.reader.error_position());
                let position = position.unwrap_or(usize::MAX);
                Err(self.syntax_at(position, error))
            }
        }
    }

    fn skip(&mut self, tag: &BytesStart<'_>) -> Result<(), SrxError> {
        match self.reader.read_to_end(tag.name()) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.syntax(error)),
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len())
    }

    fn report(&mut self, message: String) {
        let line = self.line(self.position());
        self.problems.push(Problem::new(format!("line {line}: {message}")));
    }

    fn syntax(&self, message: impl ToString) -> SrxError {
        self.syntax_at(self.position(), message)
    }

    fn syntax_at(&self, position: usize, message: impl ToString) -> SrxError {
        SrxError::Syntax { line: self.line(position), message: message.to_string() }
    }

    fn line(&self, position: usize) -> usize {
        let before = &self.text.as_bytes()[..position.min(self.text.len())];
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }
}

fn local(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}
