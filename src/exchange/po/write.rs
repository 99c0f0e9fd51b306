//! What changes in a PO file when a translation is put in.

use super::Message;
use crate::exchange::bilingual::{Edit, State};

/// A text as strings of PO: one line, or `""` and a line for each line of the text.
pub(super) fn string(text: &str, line_end: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut out = String::with_capacity(text.len() + 2);
    if lines.len() > 1 {
        out.push_str("\"\"");
        out.push_str(line_end);
    }
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push_str(line_end);
        }
        quote(line, &mut out);
    }
    if lines.is_empty() {
        out.push_str("\"\"");
    }
    out
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Sets or takes away the flag `fuzzy`, with what it brings.
pub(super) fn flags(
    text: &str,
    message: &Message,
    state: State,
    line_end: &str,
    edits: &mut Vec<Edit>,
) {
    let wanted = state == State::Draft;
    if wanted == message.is_fuzzy() {
        return;
    }
    if wanted {
        match message.flag_lines.first() {
            Some(line) => {
                let end = line.start + text[line.clone()].trim_end().len();
                edits.push((end..end, ", fuzzy".to_owned()));
            }
            None => {
                let at = message.keywords;
                edits.push((at..at, format!("#, fuzzy{line_end}")));
            }
        }
        return;
    }
    for line in &message.flag_lines {
        let old = &text[line.clone()];
        let Some((_, flags)) = old.split_once(',') else { continue };
        let kept: Vec<&str> =
            flags.split(',').map(str::trim).filter(|flag| !matches!(*flag, "fuzzy" | "")).collect();
        if kept.is_empty() {
            edits.push((line.clone(), String::new()));
        } else if flags.split(',').any(|flag| flag.trim() == "fuzzy") {
            edits.push((line.clone(), format!("#, {}{line_end}", kept.join(", "))));
        }
    }
    // What the message was before is told only while the translation is fuzzy.
    edits.extend(message.previous_lines.iter().map(|line| (line.clone(), String::new())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_one_line_and_of_several() {
        assert_eq!(string("a \"b\" \\", "\n"), r#""a \"b\" \\""#);
        assert_eq!(string("", "\n"), "\"\"");
        assert_eq!(string("a\n", "\n"), "\"a\\n\"");
        assert_eq!(string("a\nb", "\r\n"), "\"\"\r\n\"a\\n\"\r\n\"b\"");
    }
}
