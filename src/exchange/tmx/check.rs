//! Holding what was read against the standard, for validation and strict reading.

use super::{Header, schema};
use crate::Lang;
use crate::exchange::Problem;
use crate::unit::{Attribute, Code, CodeContent, CodeKind, Metadata, Segment, Unit};

/// What is wrong, where the place is that of the whole.
pub(super) type Violations = Vec<(Problem, String)>;

/// Holds a header against clause 3.2.
pub(super) fn header(header: &Header) -> Violations {
    let mut check = Check { found: Vec::new() };
    match header.version() {
        None => check.find(Problem::MissingAttribute, "`tmx` has no `version`"),
        Some("1.1" | "1.2" | "1.3" | "1.4") => {}
        Some(other) => {
            check.find(Problem::UnknownVersion, format!("`{other}` is no version of TMX"));
        }
    }
    for attribute in header.root.iter().filter(|a| !matches!(&*a.name, "version")) {
        check.unknown("tmx", &attribute.name);
    }
    let metadata = &header.metadata;
    for name in schema::required_header() {
        if metadata.attribute(name).is_none() {
            check.find(Problem::MissingAttribute, format!("the header has no `{name}`"));
        }
    }
    check.metadata("header", metadata, &schema::HEADER);
    check.found
}

/// Holds a unit against clauses 3.3 and 4.
pub(super) fn unit(unit: &Unit) -> Violations {
    let mut check = Check { found: Vec::new() };
    check.metadata("tu", &unit.metadata, &schema::UNIT);
    for variant in &unit.variants {
        check.metadata("tuv", &variant.metadata, &schema::VARIANT);
        check.lang(&variant.lang);
        check.segment(&variant.segment);
    }
    check.found
}

struct Check {
    found: Violations,
}

impl Check {
    fn find(&mut self, problem: Problem, message: impl Into<String>) {
        self.found.push((problem, message.into()));
    }

    fn unknown(&mut self, element: &str, name: &str) {
        let message = format!("`{element}` has no attribute `{name}`");
        self.find(Problem::UnknownAttribute, message);
    }

    fn lang(&mut self, lang: &Lang) {
        let written = lang.as_written();
        if !written.is_empty() && written.parse::<Lang>().is_err() || written.contains('_') {
            let message = format!("`{written}` is no language tag");
            self.find(Problem::MalformedLanguage, message);
        }
    }

    fn allowed(&mut self, element: &str, attributes: &[Attribute], allowed: &[&str]) {
        for attribute in attributes {
            if !allowed.contains(&&*attribute.name) {
                self.unknown(element, &attribute.name);
            }
        }
    }

    fn metadata(&mut self, element: &str, metadata: &Metadata, allowed: &[&str]) {
        self.allowed(element, &metadata.attributes, allowed);
        for attribute in &metadata.attributes {
            let (name, value) = (&*attribute.name, &*attribute.value);
            let legal = match name {
                "creationdate" | "changedate" | "lastusagedate" => schema::is_date(value),
                "segtype" => schema::SEGTYPES.contains(&value),
                "usagecount" => !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()),
                _ => true,
            };
            if !legal {
                let message = format!("`{value}` is no value for `{name}`");
                self.find(Problem::InvalidValue, message);
            }
            if matches!(name, "srclang" | "adminlang") && value != "*all*" {
                self.lang(&Lang::from_written(value));
            }
        }
        for property in &metadata.properties {
            self.allowed("prop", &property.attributes, &schema::TEXT);
        }
        for note in &metadata.notes {
            self.allowed("note", &note.attributes, &schema::TEXT);
        }
    }

    fn segment(&mut self, segment: &Segment) {
        let mut open: Vec<&str> = Vec::new();
        let mut used: Vec<&str> = Vec::new();
        for code in segment.codes() {
            let opens = !(code.wraps && code.kind == CodeKind::Close);
            let element = &*code.element;
            let Some(allowed) = schema::inline(element) else {
                // The reader has reported the element.
                continue;
            };
            if opens {
                self.allowed(element, &code.attributes, allowed);
            }
            match (element, code.attribute("i")) {
                ("bpt" | "ept", None) => {
                    self.find(Problem::MissingAttribute, format!("`{element}` has no `i`"));
                }
                ("bpt", Some(number)) => {
                    if used.contains(&number) {
                        let message = format!("a second `bpt` with i=\"{number}\"");
                        self.find(Problem::UnpairedCode, message);
                    }
                    used.push(number);
                    open.push(number);
                }
                ("ept", Some(number)) => match open.iter().rposition(|other| *other == number) {
                    Some(at) => drop(open.remove(at)),
                    None => {
                        let message = format!("`ept` with i=\"{number}\" ends no `bpt`");
                        self.find(Problem::UnpairedCode, message);
                    }
                },
                _ => {}
            }
            self.code(code);
        }
        for number in open {
            let message = format!("`bpt` with i=\"{number}\" is not ended; write `it`");
            self.find(Problem::UnpairedCode, message);
        }
    }

    fn code(&mut self, code: &Code) {
        let legal = |value: &str| match &*code.element {
            "it" => matches!(value, "begin" | "end"),
            _ => true,
        };
        match code.attribute("pos") {
            None if code.element == "it" => {
                self.find(Problem::MissingAttribute, "`it` has no `pos`");
            }
            Some(value) if !legal(value) => {
                self.find(Problem::InvalidValue, format!("`{value}` is no value for `pos`"));
            }
            _ => {}
        }
        for content in &code.content {
            if let CodeContent::SubFlow { element, attributes, segment } = content {
                if element == "sub" {
                    let allowed = schema::inline("sub").unwrap_or_default();
                    self.allowed("sub", attributes, allowed);
                }
                // As deep as the reader lets elements be inside each other.
                self.segment(segment);
            }
        }
    }
}
