//! The numbers of list items and headings (ISO/IEC 26300-1, 4.3 and 16.30 to 16.34).

use std::collections::HashMap;

use super::super::markup::Element;
use super::super::numbering::{AfterZ, Case, Numerals};

/// Levels of a list; no word processor has more.
const LEVELS: usize = 10;
/// The list style of headings outside of lists.
const OUTLINE: &str = "\0outline";

/// How lists are numbered, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    styles: HashMap<String, [Option<Level>; LEVELS]>,
    /// The style that is being read.
    defining: Option<String>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
}

#[derive(Clone, Debug)]
struct Level {
    numerals: Numerals,
    before: String,
    after: String,
    /// Numbers of how many levels are shown.
    shown: usize,
    start: u32,
}

/// The lists that are open at a place of the document.
#[derive(Debug, Default)]
pub(super) struct Open {
    lists: Vec<String>,
    /// For every open item whether its number is still to be given.
    items: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    numbered: bool,
    start: Option<u32>,
}

impl Lists {
    /// Takes an element of the styles.
    pub(super) fn define(&mut self, element: &Element) {
        match element.name.as_str() {
            "text:list-style" => {
                self.defining = element.get("name").map(str::to_owned);
            }
            "text:outline-style" => self.defining = Some(OUTLINE.to_owned()),
            "text:list-level-style-number" | "text:outline-level-style" => {
                let level = element.number("level").unwrap_or(1) as usize;
                let (Some(style), 1..=LEVELS) = (&self.defining, level) else { return };
                let levels = self.styles.entry(style.clone()).or_default();
                levels[level - 1] = Some(Level::new(element));
            }
            _ => {}
        }
    }

    /// Takes the start of a list or of an item.
    pub(super) fn start(&mut self, open: &mut Open, element: &Element) {
        match element.name.as_str() {
            "text:list" => {
                let inherited = open.lists.last().cloned();
                let style = element.get("style-name").map(str::to_owned).or(inherited);
                let style = style.unwrap_or_default();
                let level = open.lists.len();
                let continued = element.get("continue-numbering") == Some("true")
                    || element.get("continue-list").is_some();
                if !continued {
                    let counts = self.counts.entry(style.clone()).or_default();
                    counts.iter_mut().skip(level).for_each(|count| *count = None);
                }
                open.lists.push(style);
            }
            "text:list-item" => {
                open.items.push(Item { numbered: true, start: element.number("start-value") });
            }
            "text:list-header" => open.items.push(Item { numbered: false, start: None }),
            _ => {}
        }
    }

    /// The number of a paragraph or heading that begins here, empty if it has none.
    pub(super) fn label(&mut self, open: &mut Open, element: &Element) -> String {
        let (style, level, start) = if let Some(style) = open.lists.last() {
            let Some(item) = open.items.last_mut() else { return String::new() };
            if !std::mem::take(&mut item.numbered) {
                return String::new();
            }
            (style.clone(), open.lists.len(), item.start)
        } else if element.name == "text:h" && element.get("is-list-header") != Some("true") {
            let level = element.number("outline-level").unwrap_or(1) as usize;
            let restart = element.get("restart-numbering") == Some("true");
            let start = element.number("start-value").or(restart.then_some(1));
            (OUTLINE.to_owned(), level, start)
        } else {
            return String::new();
        };
        let (Some(levels), 1..=LEVELS) = (self.styles.get(&style), level) else {
            return String::new();
        };
        let at = level - 1;
        let counts = self.counts.entry(style).or_default();
        let first = |at: usize| levels[at].as_ref().map_or(1, |level| level.start);
        let next = counts[at].map_or(first(at), |count| count.saturating_add(1));
        counts[at] = Some(start.unwrap_or(next));
        counts.iter_mut().skip(level).for_each(|count| *count = None);
        let Some(this) = &levels[at] else { return String::new() };
        if this.numerals == Numerals::None {
            return String::new();
        }
        let numbers: Vec<String> = (level.saturating_sub(this.shown)..level)
            .filter_map(|at| {
                let numerals = levels[at].as_ref().map(|level| level.numerals)?;
                let number = numerals.write(counts[at].unwrap_or_else(|| first(at)));
                (!number.is_empty()).then_some(number)
            })
            .collect();
        format!("{}{}{}", this.before, numbers.join("."), this.after).trim().to_owned()
    }
}

impl Open {
    /// Takes the end of an element.
    pub(super) fn end(&mut self, name: &str) {
        match name {
            "text:list" => drop(self.lists.pop()),
            "text:list-item" | "text:list-header" => drop(self.items.pop()),
            _ => {}
        }
    }
}

impl Level {
    fn new(element: &Element) -> Level {
        let repeated = element.get("num-letter-sync") == Some("true");
        let after_z = if repeated { AfterZ::Repeated } else { AfterZ::Counted };
        let numerals = match element.get("num-format") {
            None | Some("") => Numerals::None,
            Some("a") => Numerals::Latin(Case::Lower, after_z),
            Some("A") => Numerals::Latin(Case::Upper, after_z),
            Some("i") => Numerals::Roman(Case::Lower),
            Some("I") => Numerals::Roman(Case::Upper),
            Some(format) if format.starts_with('а') => Numerals::Russian(Case::Lower),
            Some(format) if format.starts_with('А') => Numerals::Russian(Case::Upper),
            Some(_) => Numerals::Decimal,
        };
        let text = |name| element.get(name).unwrap_or_default().to_owned();
        Level {
            numerals,
            before: text("num-prefix"),
            after: text("num-suffix"),
            shown: element.number("display-levels").unwrap_or(1) as usize,
            start: element.number("start-value").unwrap_or(1),
        }
    }
}
