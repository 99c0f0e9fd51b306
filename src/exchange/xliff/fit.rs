//! Making the codes of a translation those of the document.

use crate::unit::{Code, CodeKind, Part, Segment};

/// A translation with the codes of the source in the places of its own, so that the document's
/// markup is whole: a code that the source has stays; another becomes the next unused code of the
/// source of the same kind, or is left out; codes of the source that are still missing are put at
/// the end, closing what they must.
pub(super) fn fit(target: &Segment, source: &Segment) -> Segment {
    let mut unused: Vec<&Code> = source.codes().collect();
    // Codes that the source has as they are keep their place.
    let mut kept = vec![false; target.parts().len()];
    for (at, part) in target.parts().iter().enumerate() {
        let Part::Code(code) = part else { continue };
        if let Some(found) = unused.iter().position(|other| same(other, code)) {
            unused.remove(found);
            kept[at] = true;
        }
    }
    let mut fitted = Segment::default();
    for (part, kept) in target.parts().iter().zip(kept) {
        match part {
            Part::Code(code) if !kept => {
                let found = unused.iter().position(|other| other.kind == code.kind);
                if let Some(found) = found {
                    fitted.push(Part::Code(unused.remove(found).clone()));
                }
            }
            part => fitted.push(part.clone()),
        }
    }
    unused.iter().for_each(|code| fitted.push(Part::Code((*code).clone())));
    if is_nested(&fitted) { fitted } else { plain(&fitted, source) }
}

fn same(one: &Code, other: &Code) -> bool {
    let id = |code: &Code| code.attribute("id").map(str::to_owned);
    one.element == other.element && one.kind == other.kind && id(one) == id(other)
}

/// Whether what opens is closed again, in order.
fn is_nested(segment: &Segment) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for code in segment.codes().filter(|code| code.wraps) {
        match code.kind {
            CodeKind::Close if open.pop() != Some(&*code.element) => return false,
            CodeKind::Close => {}
            _ => open.push(&code.element),
        }
    }
    open.is_empty()
}

/// The text alone, with all codes of the source at the end.
fn plain(segment: &Segment, source: &Segment) -> Segment {
    let mut out = Segment::from(segment.text().into_owned());
    source.codes().for_each(|code| out.push(Part::Code(code.clone())));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Attribute;

    fn code(kind: CodeKind, element: &'static str, id: &str, wraps: bool) -> Part {
        let attributes = match kind {
            CodeKind::Close => Vec::new(),
            _ => vec![Attribute::new("id", id)],
        };
        Part::Code(Code { kind, element: element.into(), wraps, attributes, content: Vec::new() })
    }

    #[test]
    fn codes_of_a_memory_become_those_of_the_document() {
        let source = Segment::new([
            code(CodeKind::Open, "g", "1", true),
            Part::Text("La paix".to_owned()),
            code(CodeKind::Close, "g", "1", true),
            code(CodeKind::Standalone, "x", "2", false),
        ]);
        let target = Segment::new([
            code(CodeKind::Open, "bpt", "9", false),
            Part::Text("Peace".to_owned()),
            code(CodeKind::Close, "ept", "9", false),
            code(CodeKind::Open, "bpt", "10", false),
        ]);
        let expected = Segment::new([
            code(CodeKind::Open, "g", "1", true),
            Part::Text("Peace".to_owned()),
            code(CodeKind::Close, "g", "1", true),
            code(CodeKind::Standalone, "x", "2", false),
        ]);
        assert_eq!(fit(&target, &source), expected);
        assert_eq!(fit(&expected, &source), expected);
    }
}
