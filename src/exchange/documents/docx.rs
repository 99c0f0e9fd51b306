//! The text of Office Open XML documents (ISO/IEC 29500-1, clause 17).

mod lists;

use std::collections::HashMap;

use super::super::Error;
use super::Text;
use super::markup::{Element, Node, Nodes};
use super::package::Package;
use lists::{Lists, Place};

pub(super) fn text(package: &Package<'_>) -> Result<String, Error> {
    let parts = Parts::find(package)?;
    let lists = Lists::read(package.part(&parts.numbering)?, package.part(&parts.styles)?, &parts)?;
    let mut reader = Reader { lists, calls: Vec::new() };
    let body = package.required(&parts.document)?;
    let mut out = Text::default();
    for block in reader.blocks(&body, &parts.document)? {
        out.paragraph(&block.text);
    }
    let calls = std::mem::take(&mut reader.calls);
    for (kind, part) in [(Note::Foot, &parts.footnotes), (Note::End, &parts.endnotes)] {
        let Some(notes) = package.part(part)? else { continue };
        let mut texts: HashMap<String, Vec<String>> = HashMap::new();
        for block in reader.blocks(&notes, part)? {
            if let Some(note) = block.note {
                texts.entry(note).or_default().push(block.text);
            }
        }
        for (_, note) in calls.iter().filter(|(called, _)| *called == kind) {
            // A note called twice is printed once.
            for paragraph in texts.remove(note).unwrap_or_default() {
                out.paragraph(&paragraph);
            }
        }
    }
    Ok(out.0)
}

/// The names of the parts.
#[derive(Debug)]
struct Parts {
    document: String,
    numbering: String,
    styles: String,
    footnotes: String,
    endnotes: String,
}

impl Parts {
    fn find(package: &Package<'_>) -> Result<Parts, Error> {
        let document = match package.part("_rels/.rels")? {
            Some(text) => relations(&text, "_rels/.rels", "")?.remove("officeDocument"),
            None => None,
        };
        let document = document.unwrap_or_else(|| "word/document.xml".to_owned());
        let (folder, name) = document.rsplit_once('/').unwrap_or(("", &document));
        let relations_part = match folder {
            "" => format!("_rels/{name}.rels"),
            _ => format!("{folder}/_rels/{name}.rels"),
        };
        let mut related = match package.part(&relations_part)? {
            Some(text) => relations(&text, &relations_part, folder)?,
            None => HashMap::new(),
        };
        let mut part = |kind: &str| {
            let usual = || resolve(folder, &format!("{kind}.xml"));
            related.remove(kind).unwrap_or_else(usual)
        };
        let (numbering, styles) = (part("numbering"), part("styles"));
        let (footnotes, endnotes) = (part("footnotes"), part("endnotes"));
        Ok(Parts { document, numbering, styles, footnotes, endnotes })
    }
}

/// The parts that a part names, by kind of relation.
fn relations(text: &str, part: &str, folder: &str) -> Result<HashMap<String, String>, Error> {
    let mut found = HashMap::new();
    let mut nodes = Nodes::new(text, part);
    while let Some(node) = nodes.next()? {
        let Node::Start(element) = node else { continue };
        let (Some(kind), Some(target)) = (element.get("Type"), element.get("Target")) else {
            continue;
        };
        if element.get("TargetMode") == Some("External") {
            continue;
        }
        let kind = kind.rsplit('/').next().unwrap_or(kind);
        found.entry(kind.to_owned()).or_insert_with(|| resolve(folder, target));
    }
    Ok(found)
}

fn resolve(folder: &str, target: &str) -> String {
    let (mut names, target) = match target.strip_prefix('/') {
        Some(target) => (Vec::new(), target),
        None => (folder.split('/').filter(|name| !name.is_empty()).collect(), target),
    };
    for name in target.split('/') {
        match name {
            "." | "" => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    Foot,
    End,
}

/// A paragraph, and the note it stands in if it does.
struct Block {
    note: Option<String>,
    text: String,
}

struct Reader {
    lists: Lists,
    /// Calls of notes in the order of the text.
    calls: Vec<(Note, String)>,
}

/// A paragraph that is being read. Text boxes put paragraphs into paragraphs.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    place: Place,
    /// Runs open: text outside of them does not count.
    runs: usize,
    hidden: bool,
    /// Inside the properties of the paragraph, and of its mark.
    properties: bool,
    mark: bool,
    /// The mark was deleted: the paragraph goes on in the next one.
    joined: bool,
}

/// What is no text, or was deleted or moved away, or says how it was before.
const SKIPPED: &[&str] = &[
    "w:del",
    "w:moveFrom",
    "w:delText",
    "w:instrText",
    "w:delInstrText",
    "w:pPrChange",
    "w:rPrChange",
    "w:rt",
    "w:sectPr",
    "mc:Fallback",
];

impl Reader {
    fn blocks(&mut self, text: &str, part: &str) -> Result<Vec<Block>, Error> {
        let mut nodes = Nodes::new(text, part);
        let mut blocks = Vec::new();
        let mut open: Vec<Paragraph> = Vec::new();
        // Paragraphs in a text box follow the one that the box hangs on.
        let mut boxed: Vec<String> = Vec::new();
        let mut carried = String::new();
        let mut note = None;
        let mut content = false;
        while let Some(node) = nodes.next()? {
            match node {
                Node::Start(element) => match element.name.as_str() {
                    "w:p" => open.push(Paragraph::default()),
                    "w:footnote" | "w:endnote" => {
                        // Separators have a type; so have the notes of continued ones.
                        if element.get("type").is_some_and(|kind| kind != "normal") {
                            nodes.skip()?;
                        } else {
                            note = element.get("id").map(str::to_owned);
                        }
                    }
                    name => {
                        let Some(paragraph) = open.last_mut() else {
                            if SKIPPED.contains(&name) {
                                nodes.skip()?;
                            }
                            continue;
                        };
                        if paragraph.mark && matches!(name, "w:del" | "w:moveFrom") {
                            paragraph.joined = true;
                        }
                        if SKIPPED.contains(&name) {
                            nodes.skip()?;
                        } else if matches!(name, "w:t" | "m:t") {
                            content = paragraph.runs > 0 && !paragraph.hidden;
                        } else {
                            paragraph.start(&element, &mut self.calls);
                        }
                    }
                },
                Node::Text(text) => {
                    if let (true, Some(paragraph)) = (content, open.last_mut()) {
                        paragraph
                            .text
                            .extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
                    }
                }
                Node::End(name) => match name.as_str() {
                    "w:p" => {
                        let Some(paragraph) = open.pop() else { continue };
                        let outermost = open.is_empty();
                        if paragraph.joined && outermost {
                            carried.push_str(&paragraph.text);
                            continue;
                        }
                        let label = self.lists.label(paragraph.style.as_deref(), paragraph.place);
                        let mut text = paragraph.text;
                        if outermost && !carried.is_empty() {
                            text.insert_str(0, &std::mem::take(&mut carried));
                        }
                        if !text.trim().is_empty() && !label.is_empty() {
                            text = format!("{label} {}", text.trim_start());
                        }
                        if outermost {
                            blocks.push(Block { note: note.clone(), text });
                            let boxed = boxed.drain(..);
                            blocks.extend(boxed.map(|text| Block { note: note.clone(), text }));
                        } else {
                            boxed.push(text);
                        }
                    }
                    "w:t" | "m:t" => content = false,
                    "w:footnote" | "w:endnote" => note = None,
                    name => {
                        if let Some(paragraph) = open.last_mut() {
                            paragraph.end(name);
                        }
                    }
                },
            }
        }
        if !carried.is_empty() {
            blocks.push(Block { note: None, text: carried });
        }
        Ok(blocks)
    }
}

impl Paragraph {
    fn start(&mut self, element: &Element, calls: &mut Vec<(Note, String)>) {
        let in_run = self.runs > 0 && !self.hidden;
        match element.name.as_str() {
            "w:r" | "m:r" => {
                self.runs += 1;
                self.hidden = false;
            }
            "w:pPr" => self.properties = true,
            "w:rPr" => self.mark = self.properties,
            "w:vanish" if self.runs > 0 => self.hidden = is_on(element),
            "w:pStyle" if self.properties => self.style = element.get("val").map(str::to_owned),
            "w:numId" if self.properties => self.place.list = element.number("val"),
            "w:ilvl" if self.properties => self.place.level = element.number("val"),
            "w:tab" | "w:ptab" if in_run => self.text.push('\t'),
            "w:br" | "w:cr" if in_run => self.text.push('\n'),
            "w:noBreakHyphen" if in_run => self.text.push('\u{2011}'),
            "w:softHyphen" if in_run => self.text.push('\u{ad}'),
            "w:sym" if in_run => self.text.extend(symbol(element)),
            "w:footnoteReference" | "w:endnoteReference" if in_run => {
                let kind =
                    if element.name == "w:endnoteReference" { Note::End } else { Note::Foot };
                calls.extend(element.get("id").map(|id| (kind, id.to_owned())));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "w:r" | "m:r" => self.runs = self.runs.saturating_sub(1),
            "w:pPr" => self.properties = false,
            "w:rPr" => self.mark = false,
            _ => {}
        }
    }
}

/// Whether a property that can be switched is on.
fn is_on(element: &Element) -> bool {
    !matches!(element.get("val"), Some("0" | "false" | "off"))
}

/// A character given by its number. Those of symbol fonts are pictures, not characters.
fn symbol(element: &Element) -> Option<char> {
    let number = u32::from_str_radix(element.get("char")?, 16).ok()?;
    char::from_u32(number).filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c) && !c.is_control())
}
