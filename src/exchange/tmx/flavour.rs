//! Units as other tools take them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Header, schema};
use crate::Lang;
use crate::exchange::xml::write;
use crate::unit::{
    Attribute, Code, CodeContent, CodeKind, Metadata, Part, Property, Segment, Unit, Variant,
};

/// For whom a TMX file is written.
///
/// ```
/// use chancery::exchange::{Flavour, Header, TmxWriter};
/// use chancery::{Lang, Unit};
///
/// let pair = Flavour::Trados { source: Lang::FR, target: Lang::EN };
/// let mut writer = TmxWriter::with_flavour(Vec::new(), &Header::new(&Lang::FR), pair)?;
/// let mut unit = Unit::pair((Lang::FR, "Paix"), (Lang::EN, "Peace"));
/// unit.push(Lang::RU, "Мир");
/// writer.write(&unit)?;
/// assert_eq!(writer.dropped(), 1);
/// assert!(String::from_utf8(writer.finish()?)?.contains("xml:lang=\"fr-FR\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flavour {
    /// All that came in, also what no standard knows. The default.
    #[default]
    Lossless,
    /// What the document type definition of TMX 1.4b allows, and nothing else. Inline elements of
    /// other formats become `bpt`, `ept`, `it` and `ph` around their markup.
    Strict,
    /// TMX 1.4b, level 1: as `Strict`, without inline codes.
    Level1,
    /// As `Strict`, without `hi`, whose text OmegaT would drop, and with the neighbours of a
    /// segment where OmegaT looks for them (`prev`, `next`).
    OmegaT,
    /// As `Strict`, for Trados Studio: one pair of languages a file, with their regions, and
    /// documents in a field that Studio knows. Units without one of the languages are left out.
    Trados {
        /// The language translated from.
        source: Lang,
        /// The language translated into.
        target: Lang,
    },
}

/// A unit as it is to be written, and how much of it had no place.
pub(super) fn unit<'u>(flavour: &Flavour, unit: &'u Unit) -> (Option<Cow<'u, Unit>>, u64) {
    if *flavour == Flavour::Lossless {
        return (Some(Cow::Borrowed(unit)), 0);
    }
    let mut strict = Strict { flavour, dropped: 0 };
    let made = strict.unit(unit);
    (made.map(Cow::Owned), strict.dropped)
}

/// A header as it is to be written, and how much of it had no place.
pub(super) fn header<'h>(flavour: &Flavour, header: &'h Header) -> (Cow<'h, Header>, u64) {
    if *flavour == Flavour::Lossless {
        return (Cow::Borrowed(header), 0);
    }
    let mut strict = Strict { flavour, dropped: 0 };
    let source = header.source_lang().unwrap_or(Lang::FR);
    let mut made = Header::new(&source);
    let mut old = header.metadata.clone();
    strict.attributes(&mut old.attributes, &schema::HEADER);
    for attribute in old.attributes {
        let legal = attribute.name != "segtype" || schema::SEGTYPES.contains(&&*attribute.value);
        if legal {
            made.metadata.set_attribute(&attribute.name, attribute.value);
        } else {
            strict.dropped += 1;
        }
    }
    made.metadata.properties = strict.properties(&old.properties);
    made.metadata.notes = old.notes;
    for note in &mut made.metadata.notes {
        strict.attributes(&mut note.attributes, &schema::TEXT);
    }
    let is_ude = |raw: &&String| raw.starts_with("<ude ");
    made.metadata.foreign = old.foreign.iter().filter(is_ude).cloned().collect();
    strict.dropped += (old.foreign.len() - made.metadata.foreign.len()) as u64;
    if let Flavour::Trados { source, .. } = flavour {
        made.metadata.set_attribute("srclang", with_region(source));
        made.metadata.properties.push(Property::new(DOCUMENT_FIELD, ""));
    }
    (Cow::Owned(made), strict.dropped)
}

/// How Studio writes a text field of its own.
const DOCUMENT_FIELD: &str = "x-Document:SingleString";

/// A tag with a region, as Studio demands one. For a language without one, that of the country
/// that gives it its name, or the usual one.
fn with_region(lang: &Lang) -> String {
    let written = lang.as_written();
    if lang.canonical().contains('-') {
        return written.replace('_', "-");
    }
    let region = match lang.primary() {
        "ar" => "SA",
        "cs" => "CZ",
        "da" => "DK",
        "el" => "GR",
        "en" => "US",
        "he" => "IL",
        "ja" => "JP",
        "ko" => "KR",
        "sv" => "SE",
        "uk" => "UA",
        "zh" => "CN",
        primary if primary.len() == 2 => return format!("{written}-{}", primary.to_uppercase()),
        _ => return written.to_owned(),
    };
    format!("{written}-{region}")
}

struct Strict<'f> {
    flavour: &'f Flavour,
    dropped: u64,
}

impl Strict<'_> {
    fn unit(&mut self, unit: &Unit) -> Option<Unit> {
        let mut made =
            Unit { metadata: self.metadata(&unit.metadata, &schema::UNIT), variants: Vec::new() };
        let segtype = made.metadata.attribute("segtype");
        if segtype.is_some_and(|segtype| !schema::SEGTYPES.contains(&segtype)) {
            made.metadata.remove_attribute("segtype");
            self.dropped += 1;
        }
        match self.flavour {
            Flavour::Trados { source, target } => {
                let pair = [unit.variant(source)?, unit.variant(target)?];
                self.dropped += unit.variants.len() as u64 - 2;
                for variant in pair {
                    let mut variant = self.variant(variant);
                    variant.lang = Lang::from_written(with_region(&variant.lang));
                    made.variants.push(variant);
                }
                if let Some(source) = made.metadata.attribute("srclang")
                    && source != "*all*"
                {
                    let source = with_region(&Lang::from_written(source));
                    made.metadata.set_attribute("srclang", source);
                }
                if let Some(document) = made.metadata.property("x-document").map(str::to_owned) {
                    made.metadata.remove_property("x-document");
                    made.metadata.set_property(DOCUMENT_FIELD, document);
                }
            }
            flavour => {
                made.variants.extend(unit.variants.iter().map(|variant| self.variant(variant)));
                if *flavour == Flavour::OmegaT {
                    neighbours(unit, &mut made);
                }
            }
        }
        // A unit has at least one variant (clause 3.3).
        (!made.variants.is_empty()).then_some(made)
    }

    fn variant(&mut self, variant: &Variant) -> Variant {
        let segment = match self.flavour {
            Flavour::Level1 => {
                self.dropped += variant.segment.codes().count() as u64;
                variant.segment.text().into_owned().into()
            }
            _ => self.segment(&variant.segment),
        };
        Variant {
            lang: variant.lang.clone(),
            segment,
            metadata: self.metadata(&variant.metadata, &schema::VARIANT),
        }
    }

    fn metadata(&mut self, metadata: &Metadata, allowed: &[&str]) -> Metadata {
        let mut made = metadata.clone();
        self.attributes(&mut made.attributes, allowed);
        made.properties = self.properties(&metadata.properties);
        for note in &mut made.notes {
            self.attributes(&mut note.attributes, &schema::TEXT);
        }
        self.dropped += made.foreign.len() as u64;
        made.foreign.clear();
        made
    }

    fn properties(&mut self, properties: &[Property]) -> Vec<Property> {
        let mut made = properties.to_vec();
        for property in &mut made {
            self.attributes(&mut property.attributes, &schema::TEXT);
        }
        made
    }

    fn attributes(&mut self, attributes: &mut Vec<Attribute>, allowed: &[&str]) {
        let before = attributes.len();
        attributes.retain(|attribute| allowed.contains(&&*attribute.name));
        self.dropped += (before - attributes.len()) as u64;
    }

    /// A segment with no element but TMX's, each with what it needs.
    fn segment(&mut self, segment: &Segment) -> Segment {
        let pairs = Pairs::of(segment);
        let mut made = Segment::default();
        for (at, part) in segment.parts().iter().enumerate() {
            match part {
                Part::Code(code) => {
                    if let Some(code) = self.code(code, pairs.numbers.get(&at).copied()) {
                        made.push(Part::Code(code));
                    }
                }
                text => made.push(text.clone()),
            }
        }
        made
    }

    /// `number` is that of the pair, where the code is one half of one.
    fn code(&mut self, code: &Code, number: Option<usize>) -> Option<Code> {
        let known = schema::inline(&code.element).filter(|_| code.element != "sub");
        if code.element == "hi" && (code.wraps || code.kind == CodeKind::Standalone) {
            if *self.flavour == Flavour::OmegaT || !code.wraps {
                self.dropped += 1;
                return None;
            }
            let mut made = code.clone();
            self.attributes(&mut made.attributes, known.unwrap_or_default());
            return Some(made);
        }
        let (element, kind) = match (code.kind, number) {
            (CodeKind::Open, Some(_)) => ("bpt", CodeKind::Open),
            (CodeKind::Close, Some(_)) => ("ept", CodeKind::Close),
            (CodeKind::Open | CodeKind::IsolatedOpen, _) => ("it", CodeKind::IsolatedOpen),
            (CodeKind::Close | CodeKind::IsolatedClose, _) => ("it", CodeKind::IsolatedClose),
            (CodeKind::Standalone, _) if code.element == "ut" => ("ut", CodeKind::Standalone),
            (CodeKind::Standalone, _) => ("ph", CodeKind::Standalone),
        };
        let allowed = schema::inline(element).unwrap_or_default();
        let mut attributes: Vec<Attribute> = match known {
            Some(_) => code.attributes.clone(),
            // The attributes of a foreign element are part of its markup, which is kept.
            None => Vec::new(),
        };
        match kind {
            CodeKind::IsolatedOpen => set(&mut attributes, "pos", "begin".to_owned()),
            CodeKind::IsolatedClose => set(&mut attributes, "pos", "end".to_owned()),
            CodeKind::Open | CodeKind::Close => {
                let number = number.unwrap_or_default().to_string();
                set(&mut attributes, "i", number);
            }
            CodeKind::Standalone => {}
        }
        self.attributes(&mut attributes, allowed);
        let content = match known {
            Some(_) => code.content.iter().map(|content| self.content(content)).collect(),
            None => vec![CodeContent::Native(markup(code))],
        };
        Some(Code { kind, element: element.into(), wraps: false, attributes, content })
    }

    fn content(&mut self, content: &CodeContent) -> CodeContent {
        match content {
            CodeContent::Native(text) => CodeContent::Native(text.clone()),
            CodeContent::SubFlow { element, attributes, segment } if element == "sub" => {
                let mut attributes = attributes.clone();
                self.attributes(&mut attributes, schema::inline("sub").unwrap_or_default());
                let segment = self.segment(segment);
                CodeContent::SubFlow { element: element.clone(), attributes, segment }
            }
            CodeContent::SubFlow { segment, .. } => {
                self.dropped += 1;
                CodeContent::Native(segment.text().into_owned())
            }
        }
    }
}

fn set(attributes: &mut Vec<Attribute>, name: &'static str, value: String) {
    match attributes.iter_mut().find(|attribute| attribute.name == name) {
        Some(attribute) => attribute.value = value,
        None => attributes.insert(0, Attribute::new(name, value)),
    }
}

/// The markup that a foreign element was.
fn markup(code: &Code) -> String {
    if code.wraps && code.kind == CodeKind::Close {
        return format!("</{}>", code.element);
    }
    let mut out = String::new();
    let mut alone = Segment::default();
    alone.push(Part::Code(Code { wraps: false, kind: CodeKind::Standalone, ..code.clone() }));
    // It can only fail for a name that is none; then there is no markup to speak of.
    if write::segment(&alone, &mut out).is_err() {
        return String::new();
    }
    if code.wraps {
        out.truncate(out.len() - "/>".len());
        out.push('>');
    }
    out
}

/// Which opening codes of a segment belong to which closing ones.
struct Pairs {
    /// The number of its pair, by place of the part.
    numbers: HashMap<usize, usize>,
}

impl Pairs {
    fn of(segment: &Segment) -> Pairs {
        let mut numbers = HashMap::new();
        let mut open: Vec<(usize, &Code)> = Vec::new();
        for (at, part) in segment.parts().iter().enumerate() {
            let Part::Code(code) = part else { continue };
            match code.kind {
                CodeKind::Open => open.push((at, code)),
                CodeKind::Close => {
                    let key = if code.element == "ept" { "i" } else { "startRef" };
                    let wanted = code.attribute(key);
                    let found = open.iter().rposition(|(_, start)| match code.wraps {
                        true => start.wraps && start.element == code.element,
                        false => {
                            let own = if key == "i" { "i" } else { "id" };
                            !start.wraps && wanted.is_some() && start.attribute(own) == wanted
                        }
                    });
                    if let Some(found) = found {
                        let (begin, _) = open.remove(found);
                        let number = numbers.len() / 2 + 1;
                        numbers.insert(begin, number);
                        numbers.insert(at, number);
                    }
                }
                _ => {}
            }
        }
        Pairs { numbers }
    }
}

/// Puts the neighbours where OmegaT looks for them.
fn neighbours(unit: &Unit, made: &mut Unit) {
    for (kind, text) in [("prev", unit.previous_text()), ("next", unit.next_text())] {
        if let Some(text) = text
            && made.metadata.property(kind).is_none()
        {
            let text = text.into_owned();
            made.metadata.set_property(kind, text);
        }
    }
}
