//! The segments that `mrk` elements mark in the source and target of XLIFF 1.2.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::unit::{CodeKind, Part, Segment};

/// Cuts a segment at its `<mrk mtype="seg">`: the id of each, and what is inside.
pub(super) fn marked(segment: &Segment) -> Vec<(String, Segment)> {
    let mut parts = Vec::new();
    let mut open: Option<(String, usize, Segment)> = None;
    for part in segment.parts() {
        if let Part::Code(code) = part {
            let is_mark = code.element.rsplit(':').next() == Some("mrk");
            let begins = is_mark && code.attribute("mtype") == Some("seg");
            match (&mut open, code.kind) {
                (None, CodeKind::Open | CodeKind::Standalone) if begins => {
                    let id = code.attribute("mid").unwrap_or_default().to_owned();
                    if code.kind == CodeKind::Standalone {
                        parts.push((id, Segment::default()));
                    } else {
                        open = Some((id, 0, Segment::default()));
                    }
                    continue;
                }
                (Some((_, depth, _)), CodeKind::Open) if is_mark && code.wraps => *depth += 1,
                (Some((_, depth, _)), CodeKind::Close) if is_mark && *depth > 0 => *depth -= 1,
                (Some(_), CodeKind::Close) if is_mark => {
                    parts.extend(open.take().map(|(id, _, segment)| (id, segment)));
                    continue;
                }
                _ => {}
            }
        }
        if let Some((_, _, segment)) = &mut open {
            segment.push(part.clone());
        }
    }
    parts
}

/// Where the `<mrk mtype="seg">` elements of a piece of markup stand: id, all of the element, and
/// what is inside.
pub(super) fn marks(raw: &str) -> Vec<(String, Range<usize>, Range<usize>)> {
    let mut reader = Reader::from_str(raw);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut found = Vec::new();
    let mut open: Option<(String, usize, usize, usize)> = None;
    loop {
        let at = reader.buffer_position() as usize;
        let Ok(event) = reader.read_event() else { return found };
        let after = reader.buffer_position() as usize;
        let is_mark = |name: &str| name.rsplit(':').next() == Some("mrk");
        match event {
            Event::Start(start) if is_mark(start.name().as_ref()) => match &mut open {
                Some((_, _, _, depth)) => *depth += 1,
                None => {
                    if let Some(id) = mark_id(start.attributes_raw()) {
                        open = Some((id, at, after, 0));
                    }
                }
            },
            Event::Empty(start) if is_mark(start.name().as_ref()) && open.is_none() => {
                if let Some(id) = mark_id(start.attributes_raw()) {
                    found.push((id, at..after, after..after));
                }
            }
            Event::End(end) if is_mark(end.name().as_ref()) => match &mut open {
                Some((_, _, _, depth)) if *depth > 0 => *depth -= 1,
                _ => found
                    .extend(open.take().map(|(id, begin, inner, _)| (id, begin..after, inner..at))),
            },
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// The id of a mark around a segment; None for a mark of another kind.
fn mark_id(attributes: &str) -> Option<String> {
    let mut id = String::new();
    let mut is_segment = false;
    for attribute in crate::exchange::xml::attributes::Attributes::new(attributes) {
        match attribute.name {
            "mtype" => is_segment = attribute.value == "seg",
            "mid" => id = attribute.value.to_owned(),
            _ => {}
        }
    }
    is_segment.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_inside_marks_are_part_of_the_segment() {
        let raw = r#"a <mrk mtype="seg" mid="1">b <mrk mtype="x">c</mrk></mrk><mrk mtype="seg" mid="2"/>"#;
        let found = marks(raw);
        assert_eq!(found.len(), 2);
        assert_eq!(&raw[found[0].2.clone()], r#"b <mrk mtype="x">c</mrk>"#);
        assert_eq!(found[1].0, "2");
        assert!(found[1].2.is_empty());
    }
}
