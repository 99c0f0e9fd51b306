//! The text of OpenDocument texts (ISO/IEC 26300-1, clauses 4 to 6).

mod lists;

use std::collections::HashSet;

use super::super::{Error, ErrorKind};
use super::Text;
use super::markup::{Element, Node, Nodes};
use super::package::Package;
use lists::{Lists, Open};

pub(super) fn text(package: &Package<'_>) -> Result<String, Error> {
    const CONTENT: &str = "content.xml";
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        let message = "the document has a password; save it without one";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let content = package.required(CONTENT)?;
    let mut reader = Reader::default();
    if let Some(styles) = package.part("styles.xml")? {
        reader.styles(&styles, "styles.xml")?;
    }
    reader.styles(&content, CONTENT)?;
    reader.content(&content, CONTENT)?;
    let mut out = Text::default();
    [reader.body, reader.footnotes, reader.endnotes]
        .iter()
        .flatten()
        .for_each(|text| out.paragraph(text));
    Ok(out.0)
}

#[derive(Default)]
struct Reader {
    lists: Lists,
    /// Styles of hidden text.
    hidden: HashSet<String>,
    body: Vec<String>,
    footnotes: Vec<String>,
    endnotes: Vec<String>,
}

/// A paragraph that is being read; notes and frames put paragraphs into paragraphs.
#[derive(Default)]
struct Paragraph {
    text: String,
    label: String,
    /// How many notes it stands in, and whether the innermost is an endnote.
    notes: Vec<Note>,
    /// The text boxes in it, which follow it.
    boxed: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    Foot,
    End,
}

/// What is no text of the document.
const SKIPPED: &[&str] = &[
    "text:tracked-changes",
    "text:note-citation",
    "text:ruby-text",
    "text:hidden-text",
    "text:sequence-decls",
    "text:variable-decls",
    "text:user-field-decls",
    "text:index-title-template",
    "text:table-of-content-source",
    "office:annotation",
    "office:scripts",
    "office:font-face-decls",
    "office:automatic-styles",
    "office:styles",
    "svg:title",
    "svg:desc",
];

impl Reader {
    /// Reads the definitions of lists, and which styles hide.
    fn styles(&mut self, text: &str, part: &str) -> Result<(), Error> {
        let mut nodes = Nodes::new(text, part);
        let mut style = None;
        while let Some(node) = nodes.next()? {
            match node {
                Node::Start(element) => match element.name.as_str() {
                    "office:body" => return Ok(()),
                    "style:style" => style = element.get("name").map(str::to_owned),
                    "style:text-properties" if element.get("display") == Some("none") => {
                        self.hidden.extend(style.clone());
                    }
                    _ => self.lists.define(&element),
                },
                Node::End(name) if name == "style:style" => style = None,
                _ => {}
            }
        }
        Ok(())
    }

    fn content(&mut self, text: &str, part: &str) -> Result<(), Error> {
        let mut nodes = Nodes::new(text, part);
        let mut open: Vec<Paragraph> = Vec::new();
        let mut notes: Vec<Note> = Vec::new();
        let mut lists = Open::default();
        let mut is_text = false;
        while let Some(node) = nodes.next()? {
            match node {
                Node::Start(element) => match element.name.as_str() {
                    "office:text" => is_text = true,
                    name if SKIPPED.contains(&name) => nodes.skip()?,
                    "text:span" if self.hides(&element) => nodes.skip()?,
                    "text:p" | "text:h" => {
                        let label = self.lists.label(&mut lists, &element);
                        open.push(Paragraph {
                            label,
                            notes: notes.clone(),
                            ..Paragraph::default()
                        });
                    }
                    "text:note" => {
                        let end = element.get("note-class") == Some("endnote");
                        notes.push(if end { Note::End } else { Note::Foot });
                    }
                    name if name.starts_with("text:list") => {
                        self.lists.start(&mut lists, &element);
                    }
                    name => {
                        if let Some(paragraph) = open.last_mut() {
                            paragraph.blank(name, &element);
                        }
                    }
                },
                Node::Text(text) => {
                    if let Some(paragraph) = open.last_mut() {
                        paragraph.add(&text);
                    }
                }
                Node::End(name) => match name.as_str() {
                    "text:p" | "text:h" => {
                        let Some(paragraph) = open.pop() else { continue };
                        self.close(paragraph, open.last_mut());
                    }
                    "text:note" => drop(notes.pop()),
                    name => lists.end(name),
                },
            }
        }
        if !is_text {
            let message = "an OpenDocument file, but no text; save it as .odt";
            return Err(Error::new(ErrorKind::OtherFormat, message));
        }
        Ok(())
    }

    fn hides(&self, element: &Element) -> bool {
        element.get("style-name").is_some_and(|style| self.hidden.contains(style))
    }

    fn close(&mut self, paragraph: Paragraph, around: Option<&mut Paragraph>) {
        let Paragraph { text, label, notes, boxed } = paragraph;
        let text = match text.trim() {
            "" => String::new(),
            text if label.is_empty() => text.to_owned(),
            text => format!("{label} {text}"),
        };
        let target = match (notes.last(), around) {
            (Some(Note::Foot), _) => &mut self.footnotes,
            (Some(Note::End), _) => &mut self.endnotes,
            (None, Some(around)) => &mut around.boxed,
            (None, None) => &mut self.body,
        };
        target.push(text);
        target.extend(boxed);
    }
}

impl Paragraph {
    /// White space is collapsed (ISO/IEC 26300-1, 6.1.2).
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\n' | '\r' => {
                    if !self.text.is_empty() && !self.text.ends_with(' ') {
                        self.text.push(' ');
                    }
                }
                c => self.text.push(c),
            }
        }
    }

    fn blank(&mut self, name: &str, element: &Element) {
        match name {
            // More spaces than this are a layout, and one is as good.
            "text:s" => {
                let count = element.number("c").unwrap_or(1).min(1000);
                self.text.extend((0..count).map(|_| ' '));
            }
            "text:tab" => self.text.push('\t'),
            "text:line-break" => self.text.push('\n'),
            _ => {}
        }
    }
}
