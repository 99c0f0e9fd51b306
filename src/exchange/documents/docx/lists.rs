//! The numbers of paragraphs (ISO/IEC 29500-1, 17.9).

use std::collections::{HashMap, HashSet};

use super::super::super::Error;
use super::super::markup::{Element, Node, Nodes};
use super::super::numbering::{AfterZ, Case, Numerals};
use super::{Parts, is_on};

/// Levels of a list; the standard has no more.
const LEVELS: usize = 9;
/// Styles based on each other; more is a circle.
const BASES: usize = 32;

/// Which list a paragraph belongs to, and where in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) list: Option<u32>,
    pub(super) level: Option<u32>,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    known: Known,
    /// How far each definition has counted: lists of one definition count on together.
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Lists that a paragraph has used.
    used: HashSet<u32>,
}

/// What the document says about its lists.
#[derive(Debug, Default)]
struct Known {
    /// By number of the definition.
    definitions: HashMap<u32, Definition>,
    /// By number of the list.
    lists: HashMap<u32, List>,
    styles: HashMap<String, Style>,
}

#[derive(Debug, Default)]
struct Definition {
    levels: [Level; LEVELS],
    /// The style whose list defines the levels.
    style: Option<String>,
}

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    numerals: Numerals,
    /// `%1.%2)`, the numbers of levels between other text.
    text: String,
    /// All numbers in digits.
    legal: bool,
    /// The level that makes this one start again, from 1; 0 for none.
    restart: Option<u32>,
    /// The style of paragraphs on this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Level {
        let numerals = Numerals::Decimal;
        Level { start: 1, numerals, text: String::new(), legal: false, restart: None, style: None }
    }
}

#[derive(Debug, Default)]
struct List {
    definition: u32,
    /// Levels that start elsewhere than the definition says.
    starts: HashMap<usize, u32>,
    /// Levels that the list defines anew.
    levels: HashMap<usize, Level>,
}

#[derive(Debug, Default)]
struct Style {
    place: Place,
    base: Option<String>,
}

impl Lists {
    pub(super) fn read(
        numbering: Option<String>,
        styles: Option<String>,
        parts: &Parts,
    ) -> Result<Lists, Error> {
        let mut known = Known::default();
        if let Some(text) = numbering {
            known.read_numbering(&mut Nodes::new(&text, &parts.numbering))?;
        }
        if let Some(text) = styles {
            known.read_styles(&mut Nodes::new(&text, &parts.styles))?;
        }
        Ok(Lists { known, ..Lists::default() })
    }

    /// The number of the next paragraph with this style and place, empty if it has none.
    pub(super) fn label(&mut self, style: Option<&str>, place: Place) -> String {
        let inherited = style.map(|style| self.known.of_style(style)).unwrap_or_default();
        // A list 0 takes the number away that the style would give.
        let Some(id) = place.list.or(inherited.list).filter(|&id| id != 0) else {
            return String::new();
        };
        let Some(list) = self.known.lists.get(&id) else { return String::new() };
        let Some(definition) = self.known.definition(list.definition, 0) else {
            return String::new();
        };
        let by_style = || {
            let named = |level: &Level| style.is_some() && level.style.as_deref() == style;
            definition.levels.iter().position(named).map(|level| level as u32)
        };
        let at = place.level.or(inherited.level).or_else(by_style).unwrap_or(0) as usize;
        if at >= LEVELS {
            return String::new();
        }
        let level = |at: usize| list.levels.get(&at).unwrap_or(&definition.levels[at]);
        let start = |at: usize| list.starts.get(&at).copied().unwrap_or(level(at).start);
        let counts = self.counts.entry(list.definition).or_default();
        if self.used.insert(id) {
            // A list that has a start of its own does not count on.
            list.starts.keys().filter(|&&at| at < LEVELS).for_each(|&at| counts[at] = None);
        }
        counts[at] = Some(counts[at].map_or(start(at), |count| count.saturating_add(1)));
        for (deeper, count) in counts.iter_mut().enumerate().skip(at + 1) {
            if (at as u32) < level(deeper).restart.unwrap_or(deeper as u32) {
                *count = None;
            }
        }
        let this = level(at);
        if this.numerals == Numerals::None {
            return String::new();
        }
        let mut label = String::new();
        let mut pattern = this.text.chars().peekable();
        while let Some(c) = pattern.next() {
            let referred = pattern.peek().and_then(|next| next.to_digit(10));
            match referred.filter(|_| c == '%') {
                Some(referred @ 1..=9) => {
                    pattern.next();
                    let referred = referred as usize - 1;
                    let number = counts[referred].unwrap_or_else(|| start(referred));
                    let numerals =
                        if this.legal { Numerals::Decimal } else { level(referred).numerals };
                    label.push_str(&numerals.write(number));
                }
                _ => label.push(c),
            }
        }
        label.trim().to_owned()
    }
}

impl Known {
    fn read_numbering(&mut self, nodes: &mut Nodes<'_>) -> Result<(), Error> {
        let mut definition = None;
        let mut list = None;
        let mut level: Option<(usize, Level)> = None;
        let mut overridden = 0;
        while let Some(node) = nodes.next()? {
            match node {
                Node::Start(element) => match element.name.as_str() {
                    "w:abstractNum" => {
                        definition =
                            element.number("abstractNumId").map(|id| (id, Definition::default()));
                    }
                    "w:num" => list = element.number("numId").map(|id| (id, List::default())),
                    "w:lvlOverride" => overridden = level_of(&element),
                    "w:lvl" => level = Some((level_of(&element), Level::default())),
                    name => {
                        let value = element.get("val");
                        if let Some((_, level)) = &mut level {
                            level.set(name, value, &element);
                        } else if let Some((_, definition)) = &mut definition {
                            if name == "w:numStyleLink" {
                                definition.style = value.map(str::to_owned);
                            }
                        } else if let Some((_, list)) = &mut list {
                            match (name, element.number("val")) {
                                ("w:abstractNumId", Some(id)) => list.definition = id,
                                ("w:startOverride", Some(start)) => {
                                    list.starts.insert(overridden, start);
                                }
                                _ => {}
                            }
                        }
                    }
                },
                Node::End(name) => match name.as_str() {
                    "w:lvl" => match (level.take(), &mut definition, &mut list) {
                        (Some((at, level)), Some((_, definition)), _) => {
                            if let Some(slot) = definition.levels.get_mut(at) {
                                *slot = level;
                            }
                        }
                        (Some((at, level)), None, Some((_, list))) => {
                            list.levels.insert(at, level);
                        }
                        _ => {}
                    },
                    "w:abstractNum" => self.definitions.extend(definition.take()),
                    "w:num" => self.lists.extend(list.take()),
                    _ => {}
                },
                Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn read_styles(&mut self, nodes: &mut Nodes<'_>) -> Result<(), Error> {
        let mut style = None;
        while let Some(node) = nodes.next()? {
            match node {
                Node::Start(element) => match (element.name.as_str(), &mut style) {
                    ("w:style", _) => {
                        style = element.get("styleId").map(|id| (id.to_owned(), Style::default()));
                    }
                    ("w:pPrChange", _) => nodes.skip()?,
                    ("w:basedOn", Some((_, style))) => {
                        style.base = element.get("val").map(str::to_owned);
                    }
                    ("w:numId", Some((_, style))) => style.place.list = element.number("val"),
                    ("w:ilvl", Some((_, style))) => style.place.level = element.number("val"),
                    _ => {}
                },
                Node::End(name) if name == "w:style" => self.styles.extend(style.take()),
                _ => {}
            }
        }
        Ok(())
    }

    /// A definition, or the one that its style leads to.
    fn definition(&self, id: u32, depth: usize) -> Option<&Definition> {
        let definition = self.definitions.get(&id)?;
        match &definition.style {
            Some(style) if depth < BASES => {
                let list = self.lists.get(&self.of_style(style).list?)?;
                if list.definition == id {
                    return Some(definition);
                }
                self.definition(list.definition, depth + 1)
            }
            _ => Some(definition),
        }
    }

    fn of_style(&self, style: &str) -> Place {
        let mut place = Place::default();
        let mut next = Some(style);
        for _ in 0..BASES {
            let Some(style) = next.and_then(|name| self.styles.get(name)) else { break };
            place.list = place.list.or(style.place.list);
            place.level = place.level.or(style.place.level);
            next = style.base.as_deref();
        }
        place
    }
}

impl Level {
    fn set(&mut self, name: &str, value: Option<&str>, element: &Element) {
        match (name, value) {
            ("w:start", _) => self.start = element.number("val").unwrap_or(1),
            ("w:numFmt", Some(format)) => self.numerals = numerals(format),
            ("w:lvlText", Some(text)) => self.text = text.to_owned(),
            ("w:lvlRestart", _) => self.restart = element.number("val"),
            ("w:isLgl", _) => self.legal = is_on(element),
            ("w:pStyle", Some(style)) => self.style = Some(style.to_owned()),
            _ => {}
        }
    }
}

fn level_of(element: &Element) -> usize {
    element.number("ilvl").map_or(0, |level| level as usize)
}

/// Bullets are no numbers; formats that write words in a language are given in digits.
fn numerals(format: &str) -> Numerals {
    match format {
        "bullet" | "none" => Numerals::None,
        "decimalZero" => Numerals::Padded,
        "lowerRoman" => Numerals::Roman(Case::Lower),
        "upperRoman" => Numerals::Roman(Case::Upper),
        "lowerLetter" => Numerals::Latin(Case::Lower, AfterZ::Repeated),
        "upperLetter" => Numerals::Latin(Case::Upper, AfterZ::Repeated),
        "russianLower" => Numerals::Russian(Case::Lower),
        "russianUpper" => Numerals::Russian(Case::Upper),
        _ => Numerals::Decimal,
    }
}
