//! Inline codes: all of them, once each, properly nested.

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;
use crate::unit::{Code, CodeContent, CodeKind, Part};

/// A code and the byte of the text it stands at.
struct Placed<'s> {
    at: usize,
    code: &'s Code,
    /// What it is recognised by on the other side.
    name: String,
}

/// Finds codes that one side lacks, and those that do not form pairs.
pub(super) fn check(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let (ours, mut theirs) = (codes(source), codes(target));
    if ours.is_empty() && theirs.is_empty() {
        return;
    }
    unbalanced(&theirs, found);
    let mut missing = Vec::new();
    for code in &ours {
        match theirs.iter().position(|other| other.name == code.name) {
            Some(partner) => {
                theirs.remove(partner);
            }
            None => missing.push(code),
        }
    }
    for code in missing {
        let message = format!("the code `{}` is missing", shown(code.code));
        let draft = Draft::new(FindingKind::CodeMissing, message).source(code.at..code.at);
        found.push(draft.about(code.name.clone()));
    }
    for code in theirs {
        let message = format!("the code `{}` is not in the source", shown(code.code));
        let draft = Draft::new(FindingKind::CodeAdded, message).target(code.at..code.at);
        found.push(draft.about(code.name));
    }
}

/// Finds codes that end before they begin, cross others or are never closed.
fn unbalanced(codes: &[Placed<'_>], found: &mut Vec<Draft>) {
    let mut open: Vec<&Placed<'_>> = Vec::new();
    let mut report = |placed: &Placed<'_>, what: &str| {
        let message = format!("the code `{}` {what}", shown(placed.code));
        let draft = Draft::new(FindingKind::CodeUnbalanced, message);
        found.push(draft.target(placed.at..placed.at).about(placed.name.clone()));
    };
    for placed in codes {
        match placed.code.kind {
            CodeKind::Open => open.push(placed),
            CodeKind::Close => {
                let partner = open.iter().rposition(|other| is_pair(other.code, placed.code));
                match partner {
                    Some(partner) => {
                        for crossed in open.drain(partner..).skip(1) {
                            report(crossed, "is not closed inside the one around it");
                        }
                    }
                    None => report(placed, "closes what is not open"),
                }
            }
            _ => {}
        }
    }
    for placed in open {
        report(placed, "is never closed");
    }
}

/// Whether a code closes another: by the number of the pair, where both have one.
fn is_pair(open: &Code, close: &Code) -> bool {
    let number =
        |code: &Code| ["i", "rid"].iter().find_map(|name| code.attribute(name).map(str::to_owned));
    match (number(open), number(close)) {
        (Some(open), Some(close)) => open == close,
        _ => open.wraps == close.wraps,
    }
}

fn codes<'s>(side: &'s Side<'_>) -> Vec<Placed<'s>> {
    let mut at = 0;
    let mut codes = Vec::new();
    for part in side.segment.parts() {
        match part {
            Part::Text(text) => at += text.len(),
            Part::Code(code) => codes.push(Placed { at, code, name: name(code) }),
        }
    }
    codes
}

/// What a code is recognised by: what stands in it, else its number, and how it takes part.
fn name(code: &Code) -> String {
    let native = native(code);
    let what = match native.trim() {
        "" => ["id", "x", "rid", "i", "type", "ctype"]
            .iter()
            .find_map(|name| code.attribute(name).map(|value| format!("{name}={value}")))
            .unwrap_or_default(),
        native => native.to_owned(),
    };
    // A closing tag of an element that wraps has no attributes to tell it by.
    format!("{:?} {what}", code.kind)
}

fn native(code: &Code) -> String {
    let pieces = code.content.iter().filter_map(|content| match content {
        CodeContent::Native(text) => Some(text.as_str()),
        CodeContent::SubFlow { .. } => None,
    });
    pieces.collect()
}

fn shown(code: &Code) -> String {
    let native = native(code);
    match native.trim() {
        "" => {
            let number = ["id", "x", "i"].iter().find_map(|name| code.attribute(name));
            let slash = if code.kind == CodeKind::Close { "/" } else { "" };
            match number {
                Some(number) => format!("<{slash}{} {number}>", code.element),
                None => format!("<{slash}{}>", code.element),
            }
        }
        native => native.to_owned(),
    }
}
