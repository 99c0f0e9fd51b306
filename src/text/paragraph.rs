//! Paragraphs: what a text is cut into before sentences are looked for.

use std::ops::Range;

/// The paragraphs of a text, in order, without the white space around them.
pub(super) fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let width = wrapped_at(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for line in lines(text) {
        let content = trimmed(text, line.clone());
        if content.is_empty() {
            open = false;
            continue;
        }
        match found.last_mut() {
            Some(last) if open && goes_on(text, last, &content, width) => last.end = content.end,
            _ => found.push(content),
        }
        open = true;
    }
    found
}

fn goes_on(text: &str, before: &Range<usize>, line: &Range<usize>, width: Option<usize>) -> bool {
    let Some(width) = width else { return false };
    let above = &text[before.clone()];
    let above = above.rsplit(LINE_ENDS).next().unwrap_or(above);
    let word = text[line.clone()].split_whitespace().next().unwrap_or_default();
    above.chars().count() + 1 + word.chars().count() > width
}

fn wrapped_at(text: &str) -> Option<usize> {
    let longest = lines(text).map(|line| text[line].trim().chars().count()).max()?;
    (40..=120).contains(&longest).then_some(longest)
}

const LINE_ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// The lines of a text without their ends, in order.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = rest.find(LINE_ENDS).unwrap_or(rest.len());
        let line = start..start + end;
        let after = &rest[end..];
        let length = if after.starts_with("\r\n") {
            2
        } else {
            after.chars().next().map_or(0, char::len_utf8)
        };
        start = line.end + length;
        Some(line)
    })
}

/// A range of a text without the white space at its ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let content = text[range.clone()].trim_end();
    let end = range.start + content.len();
    end - content.trim_start().len()..end
}
