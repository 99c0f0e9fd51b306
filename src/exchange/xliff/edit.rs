//! What changes in an XLIFF file when translations are put in and offered.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Element, UnitPlaces, XliffFile, fit, parts};
use crate::exchange::bilingual::{Edit, Entry, Fill, Proposal, State};
use crate::exchange::xml::attributes::Attributes;
use crate::exchange::xml::write::{self, escape_attribute};
use crate::unit::Segment;

pub(super) fn edits(
    file: &XliffFile,
    text: &str,
    entries: &[Entry],
    fills: &BTreeMap<usize, Fill>,
    proposals: &BTreeMap<usize, Vec<Proposal>>,
) -> Vec<Edit> {
    let mut editor = Editor { file, text, entries, edits: Vec::new() };
    // By unit: several segments of one unit change one element.
    let mut by_unit: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let touched = fills.keys().chain(proposals.keys());
    for &entry in touched {
        let of_unit = by_unit.entry(file.places[entry].0).or_default();
        if !of_unit.contains(&entry) {
            of_unit.push(entry);
        }
    }
    for (unit, mut touched) in by_unit {
        touched.sort_unstable();
        let places = &file.units[unit];
        // Only a `trans-unit` has a source of its own.
        if places.source.is_none() {
            editor.second(places, &touched, fills, proposals);
        } else {
            editor.first(places, &touched, fills, proposals);
        }
    }
    editor.edits
}

struct Editor<'a> {
    file: &'a XliffFile,
    text: &'a str,
    entries: &'a [Entry],
    edits: Vec<Edit>,
}

impl Editor<'_> {
    /// The markup of a translation, with the codes of the document.
    fn content(&self, entry: usize, target: &Segment) -> String {
        let fitted = fit::fit(target, &self.entries[entry].source);
        markup(&fitted)
    }

    /// The white space before an element, if it begins its line: that of another one like it.
    fn indent(&self, at: usize) -> &str {
        let before = &self.text[..at];
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let start = if line > 1 && before.as_bytes()[line - 2] == b'\r' {
            line - 2
        } else {
            line.saturating_sub(1)
        };
        if before[line..].trim().is_empty() && line > 0 { &before[start..] } else { "" }
    }

    fn first(
        &mut self,
        places: &UnitPlaces,
        touched: &[usize],
        fills: &BTreeMap<usize, Fill>,
        proposals: &BTreeMap<usize, Vec<Proposal>>,
    ) {
        let filled: Vec<(usize, &Fill)> =
            touched.iter().filter_map(|&entry| Some((entry, fills.get(&entry)?))).collect();
        let before = places.seg_source.as_ref().or(places.source.as_ref());
        let after = places.target.as_ref().or(before).map_or(places.tag.end, |e| e.whole.end);
        let mut inserted = String::new();
        if !filled.is_empty() {
            let content = self.first_content(places, &filled);
            let attributes = self.first_attributes(places, &filled);
            match &places.target {
                Some(target) => {
                    let tag = edit_tag(&self.text[target.tag.clone()], &attributes);
                    self.replace(target, &tag, &content);
                }
                None => {
                    let tag = edit_tag(&format!("<{}target>", places.prefix), &attributes);
                    let indent = before.map_or("", |element| self.indent(element.whole.start));
                    inserted = format!("{indent}{tag}{content}</{}target>", places.prefix);
                }
            }
            self.vendor(places, &filled);
        }
        for &entry in touched {
            for proposal in proposals.get(&entry).into_iter().flatten() {
                let mid = &places.segments[self.file.places[entry].1].mid;
                let indent = before.map_or("", |element| self.indent(element.whole.start));
                inserted.push_str(indent);
                inserted.push_str(&alternative(proposal, mid.as_deref(), &places.prefix));
            }
        }
        if !inserted.is_empty() {
            self.edits.push((after..after, inserted));
        }
    }

    /// What is to stand in the target of an XLIFF 1 unit.
    fn first_content(&self, places: &UnitPlaces, filled: &[(usize, &Fill)]) -> String {
        let mids = |entry: usize| places.segments[self.file.places[entry].1].mid.as_deref();
        if let [(entry, fill)] = filled
            && mids(*entry).is_none()
        {
            return self.content(*entry, &fill.target);
        }
        let by_mid: BTreeMap<&str, String> = filled
            .iter()
            .map(|(entry, fill)| {
                (mids(*entry).unwrap_or_default(), self.content(*entry, &fill.target))
            })
            .collect();
        // The target that is there, if it has marks of its own; else the frame of the source,
        // with nothing in the segments that are not translated.
        let old = places.target.as_ref().map(|target| &self.text[target.inner.clone()]);
        let has_marks = |raw: &&str| !parts::marks(raw).is_empty();
        let frame = old.filter(has_marks);
        let source = places.seg_source.as_ref().map(|element| &self.text[element.inner.clone()]);
        let raw = frame.or(source).unwrap_or_default();
        let mut out = String::new();
        let mut from = 0;
        let mut written: Vec<&str> = Vec::new();
        let marks = parts::marks(raw);
        for (mid, whole, inner) in &marks {
            out.push_str(&raw[from..whole.start]);
            from = whole.end;
            let new = by_mid.get(mid.as_str());
            let tag = &raw[whole.start..inner.start];
            let open = tag.strip_suffix("/>").map(|tag| format!("{}>", tag.trim_end()));
            let end = format!("</{}>", element_name(tag));
            match (new, frame) {
                (None, Some(_)) => out.push_str(&raw[whole.clone()]),
                (new, _) => {
                    out.push_str(open.as_deref().unwrap_or(tag));
                    out.push_str(new.map_or("", String::as_str));
                    out.push_str(&end);
                }
            }
            written.push(mid);
        }
        out.push_str(&raw[from..]);
        for (mid, content) in by_mid.iter().filter(|(mid, _)| !written.contains(mid)) {
            out.push_str(&format!("<{}mrk mtype=\"seg\" mid=\"", places.prefix));
            escape_attribute(mid, &mut out);
            out.push_str(&format!("\">{content}</{}mrk>", places.prefix));
        }
        out
    }

    fn first_attributes(
        &self,
        places: &UnitPlaces,
        filled: &[(usize, &Fill)],
    ) -> Vec<(&'static str, Option<String>)> {
        let vendor = self.text[places.tag.clone()].contains("mq:status=")
            || places.segments.iter().any(|segment| segment.tag.is_some());
        if vendor {
            // SDL and memoQ keep the state elsewhere.
            return Vec::new();
        }
        let state = filled.iter().map(|(_, fill)| fill.state).min().unwrap_or_default();
        let mut attributes = vec![("state", Some(first_state(state).to_owned()))];
        let scores: Vec<u8> = filled.iter().filter_map(|(_, fill)| fill.score).collect();
        let qualifier = match scores.iter().min() {
            Some(100..) => Some("exact-match".to_owned()),
            Some(_) => Some("fuzzy-match".to_owned()),
            None => None,
        };
        attributes.push(("state-qualifier", qualifier));
        attributes
    }

    /// States where the vendors keep them.
    fn vendor(&mut self, places: &UnitPlaces, filled: &[(usize, &Fill)]) {
        for (entry, fill) in filled {
            let Some(tag) = &places.segments[self.file.places[*entry].1].tag else { continue };
            let conf = match fill.state {
                State::Initial => None,
                State::Draft => Some("Draft"),
                State::Translated => Some("Translated"),
                State::Reviewed => Some("ApprovedTranslation"),
                State::Final => Some("ApprovedSignOff"),
            };
            let attributes = [
                ("conf", conf.map(str::to_owned)),
                (
                    "origin",
                    Some(if fill.score.is_some() { "tm" } else { "mt" }.to_owned())
                        .filter(|_| fill.score.is_some() || fill.origin.is_some()),
                ),
                ("origin-system", fill.origin.clone()),
                ("percent", fill.score.map(|score| score.min(100).to_string())),
            ];
            let new = edit_tag(&self.text[tag.clone()], &attributes);
            self.edits.push((tag.clone(), new));
        }
        let tag = &self.text[places.tag.clone()];
        let mut attributes = Vec::new();
        if let [(_, fill)] = filled
            && tag.contains("mq:status=")
        {
            let status = match fill.state {
                State::Initial => "NotStarted",
                State::Draft => "Pretranslated",
                State::Translated => "ManuallyConfirmed",
                State::Reviewed => "Reviewer1Confirmed",
                State::Final => "Reviewer2Confirmed",
            };
            attributes.push(("mq:status", Some(status.to_owned())));
            attributes.push(("mq:percent", fill.score.map(|score| score.min(102).to_string())));
        }
        let approved = Attributes::new(tag_attributes(tag)).any(|a| a.name == "approved");
        if approved {
            let all = filled.iter().all(|(_, fill)| fill.state == State::Final);
            attributes.push(("approved", Some(if all { "yes" } else { "no" }.to_owned())));
        }
        if !attributes.is_empty() {
            let new = edit_tag(tag, &attributes);
            self.edits.push((places.tag.clone(), new));
        }
    }

    fn second(
        &mut self,
        places: &UnitPlaces,
        touched: &[usize],
        fills: &BTreeMap<usize, Fill>,
        proposals: &BTreeMap<usize, Vec<Proposal>>,
    ) {
        let mut matches = String::new();
        for &entry in touched {
            let number = self.file.places[entry].1;
            let segment = &places.segments[number];
            let mut attributes: Vec<(&str, Option<String>)> = Vec::new();
            if let Some(fill) = fills.get(&entry) {
                let content = self.content(entry, &fill.target);
                match (&segment.target, &segment.source) {
                    (Some(target), _) => {
                        let tag = self.text[target.tag.clone()].to_owned();
                        self.replace(target, &tag, &content);
                    }
                    (None, Some(source)) => {
                        let at = source.whole.end;
                        let indent = self.indent(source.whole.start).to_owned();
                        let prefix = &places.prefix;
                        let target = format!("{indent}<{prefix}target>{content}</{prefix}target>");
                        self.edits.push((at..at, target));
                    }
                    (None, None) => {}
                }
                attributes.push(("state", Some(second_state(fill.state).to_owned())));
                attributes.push(("subState", None));
            }
            if let Some(offered) = proposals.get(&entry) {
                let mut id = places.ids.get(number).cloned().unwrap_or_default();
                if id.is_empty() {
                    id = new_id(&places.ids, number);
                    attributes.push(("id", Some(id.clone())));
                }
                let prefix = places.matches.as_ref().map_or("mtc:", |(_, prefix)| prefix);
                for proposal in offered {
                    matches.push_str(&second_match(proposal, &id, prefix, &places.prefix));
                }
            }
            if let (Some(tag), false) = (&segment.tag, attributes.is_empty()) {
                let new = edit_tag(&self.text[tag.clone()], &attributes);
                self.edits.push((tag.clone(), new));
            }
        }
        if matches.is_empty() {
            return;
        }
        match &places.matches {
            Some((tag, _)) => self.edits.push((tag.end..tag.end, matches)),
            None => {
                let at = places.tag.end;
                let matches = format!(
                    "<mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\">{matches}\
                     </mtc:matches>"
                );
                self.edits.push((at..at, matches));
            }
        }
    }

    /// Gives an element a new start tag and content.
    fn replace(&mut self, element: &Element, tag: &str, content: &str) {
        if let Some(open) = tag.strip_suffix("/>") {
            let name = element_name(tag);
            let new = format!("{}>{content}</{name}>", open.trim_end());
            self.edits.push((element.whole.clone(), new));
        } else {
            self.edits.push((element.tag.clone(), tag.to_owned()));
            self.edits.push((element.inner.clone(), content.to_owned()));
        }
    }
}

/// A segment as markup; its text where its codes could not be written.
fn markup(segment: &Segment) -> String {
    let mut out = String::new();
    if write::segment(segment, &mut out).is_err() {
        out.clear();
        write::escape_text(&segment.text(), &mut out);
    }
    out
}

fn element_name(tag: &str) -> &str {
    let inner = tag.trim_start_matches('<');
    let end = inner.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    &inner[..end.unwrap_or(inner.len())]
}

fn tag_attributes(tag: &str) -> &str {
    let inner = tag.trim_end_matches('>').trim_end_matches('/');
    &inner[(1 + element_name(tag).len()).min(inner.len())..]
}

/// A start tag with some attributes set (with a value) or taken away (without); all else stays.
fn edit_tag(tag: &str, attributes: &[(&str, Option<String>)]) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let rest = tag_attributes(tag);
    let base = rest.as_ptr() as usize - tag.as_ptr() as usize;
    let end = base + rest.trim_end().len();
    for (name, value) in attributes {
        let old = Attributes::new(rest).find(|attribute| attribute.name == *name);
        let place = |part: &str| part.as_ptr() as usize - tag.as_ptr() as usize;
        match (old, value) {
            (Some(old), Some(value)) => {
                let at = place(old.value);
                let mut escaped = String::new();
                escape_attribute(value, &mut escaped);
                if tag[..at].ends_with('\'') {
                    escaped = escaped.replace('\'', "&apos;");
                }
                edits.push((at..at + old.value.len(), escaped));
            }
            (Some(old), None) => {
                let begin = tag[..place(old.name)].trim_end().len();
                let close = place(old.value) + old.value.len() + 1;
                edits.push((begin..close.min(end), String::new()));
            }
            (None, Some(value)) => {
                let mut written = String::new();
                write::attribute(name, value, &mut written);
                edits.push((end..end, written));
            }
            (None, None) => {}
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::new();
    let mut from = 0;
    for (range, new) in edits {
        out.push_str(&tag[from..range.start]);
        out.push_str(&new);
        from = range.end;
    }
    out.push_str(&tag[from..]);
    out
}

/// The state of XLIFF 1.2 (2.6, `state`).
fn first_state(state: State) -> &'static str {
    match state {
        State::Initial => "new",
        State::Draft => "needs-review-translation",
        State::Translated => "translated",
        State::Reviewed => "signed-off",
        State::Final => "final",
    }
}

/// The state of XLIFF 2 (4.3.1.30). It has no drafts: such a target is there, but initial.
fn second_state(state: State) -> &'static str {
    match state {
        State::Initial | State::Draft => "initial",
        State::Translated => "translated",
        State::Reviewed => "reviewed",
        State::Final => "final",
    }
}

fn alternative(proposal: &Proposal, mid: Option<&str>, prefix: &str) -> String {
    let mut out = format!("<{prefix}alt-trans");
    if let Some(mid) = mid {
        write::attribute("mid", mid, &mut out);
    }
    if let Some(score) = proposal.score {
        write::attribute("match-quality", &score.min(100).to_string(), &mut out);
    }
    if let Some(origin) = &proposal.origin {
        write::attribute("origin", origin, &mut out);
    }
    out.push_str(&format!(
        "><{prefix}source>{}</{prefix}source><{prefix}target>{}</{prefix}target></{prefix}alt-trans>",
        plain(&proposal.source),
        plain(&proposal.target),
    ));
    out
}

fn second_match(proposal: &Proposal, id: &str, prefix: &str, core: &str) -> String {
    let mut out = format!("<{prefix}match");
    write::attribute("ref", &format!("#{id}"), &mut out);
    if let Some(score) = proposal.score {
        write::attribute("similarity", &format!("{}.0", score.min(100)), &mut out);
    }
    if let Some(origin) = &proposal.origin {
        write::attribute("origin", origin, &mut out);
    }
    out.push_str(&format!(
        "><{core}source>{}</{core}source><{core}target>{}</{core}target></{prefix}match>",
        plain(&proposal.source),
        plain(&proposal.target),
    ));
    out
}

/// What is offered is text: its codes are those of another document.
fn plain(segment: &Segment) -> String {
    let mut out = String::new();
    write::escape_text(&segment.text(), &mut out);
    out
}

fn new_id(taken: &[String], number: usize) -> String {
    let mut id = format!("s{}", number + 1);
    while taken.contains(&id) {
        id.push('_');
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_keeps_all_but_what_is_edited() {
        let set = |value: &str| Some(value.to_owned());
        let tag = "<target\n  state='new'  xml:lang=\"fr\" />";
        assert_eq!(
            edit_tag(tag, &[("state", set("it's")), ("a", set("1"))]),
            "<target\n  state='it&apos;s'  xml:lang=\"fr\" a=\"1\" />"
        );
        assert_eq!(edit_tag(tag, &[("state", None)]), "<target  xml:lang=\"fr\" />");
        assert_eq!(edit_tag("<target>", &[("state", None)]), "<target>");
        assert_eq!(edit_tag("<a/>", &[("b", set("&"))]), "<a b=\"&amp;\"/>");
    }
}
