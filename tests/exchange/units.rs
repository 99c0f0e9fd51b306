//! Any unit that a reader may give.

use std::ops::RangeInclusive;

use chancery::unit::{
    Attribute, Code, CodeContent, CodeKind, Metadata, Note, Part, Property, Variant,
};
use chancery::{Lang, Segment, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

/// Text with everything that a careless writer loses: markup characters, white space of every
/// kind, line ends, characters beyond the basic plane.
pub(super) fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        6 => proptest::char::range('a', 'z'),
        3 => proptest::sample::select(vec![
            '<', '>', '&', '"', '\'', ' ', '\t', '\n', '\r', ']', ';', '{', '}', '\\', '|', ',',
            '\u{a0}', '\u{202f}', '\u{2028}', '\u{3000}', 'é', 'ё', '–', '\u{fffd}', '\u{ff01}',
        ]),
        1 => any::<char>().prop_filter("XML forbids it", |&c| is_xml(c)),
    ];
    vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
}

fn is_xml(c: char) -> bool {
    !(c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

fn attributes(names: &'static [&'static str]) -> impl Strategy<Value = Vec<Attribute>> {
    proptest::sample::subsequence(names, 0..=names.len().min(3)).prop_flat_map(|names| {
        names
            .into_iter()
            .map(|name| text().prop_map(move |value| Attribute::new(name, value)))
            .collect::<Vec<_>>()
    })
}

/// A run of parts: texts, codes of their own, and elements around such runs.
fn parts(depth: u32) -> BoxedStrategy<Vec<Part>> {
    let flat = prop_oneof![
        3 => text().prop_map(|text| vec![Part::Text(text)]),
        2 => code(depth).prop_map(|code| vec![Part::Code(code)]),
    ];
    if depth == 0 {
        return flat.boxed();
    }
    let names = proptest::sample::select(vec!["hi", "g", "mrk", "x:y"]);
    let around = (names, attributes(&["type", "x", "id"]), vec(parts(depth - 1), 0..3)).prop_map(
        |(name, attributes, inner)| {
            let tag = |kind, attributes| {
                Part::Code(Code {
                    kind,
                    element: name.into(),
                    wraps: true,
                    attributes,
                    content: Vec::new(),
                })
            };
            let mut parts = vec![tag(CodeKind::Open, attributes)];
            parts.extend(inner.into_iter().flatten());
            parts.push(tag(CodeKind::Close, Vec::new()));
            parts
        },
    );
    prop_oneof![4 => flat, 1 => around].boxed()
}

fn code(depth: u32) -> BoxedStrategy<Code> {
    let kinds = proptest::sample::select(vec![
        ("bpt", CodeKind::Open),
        ("ept", CodeKind::Close),
        ("ph", CodeKind::Standalone),
        ("ut", CodeKind::Standalone),
        ("x", CodeKind::Standalone),
        ("bx", CodeKind::IsolatedOpen),
        ("ex", CodeKind::IsolatedClose),
    ]);
    let native = text().prop_map(CodeContent::Native);
    let content = if depth == 0 {
        native.boxed()
    } else {
        let sub = (attributes(&["datatype", "type"]), segment(depth - 1)).prop_map(
            |(attributes, segment)| CodeContent::SubFlow {
                element: "sub".into(),
                attributes,
                segment,
            },
        );
        prop_oneof![2 => native, 1 => sub].boxed()
    };
    (kinds, attributes(&["i", "x", "type", "id", "ctype"]), vec(content, 0..3))
        .prop_map(|((element, kind), attributes, content)| {
            let empty_element = matches!(element, "x" | "bx" | "ex");
            let content = if empty_element { Vec::new() } else { join(content) };
            Code { kind, element: element.into(), wraps: false, attributes, content }
        })
        .boxed()
}

/// Native texts that follow each other are one when they are read.
fn join(content: Vec<CodeContent>) -> Vec<CodeContent> {
    let mut joined: Vec<CodeContent> = Vec::new();
    for item in content {
        match (joined.last_mut(), item) {
            (_, CodeContent::Native(text)) if text.is_empty() => {}
            (Some(CodeContent::Native(before)), CodeContent::Native(text)) => {
                before.push_str(&text);
            }
            (_, item) => joined.push(item),
        }
    }
    joined
}

pub(super) fn segment(depth: u32) -> impl Strategy<Value = Segment> {
    vec(parts(depth), 0..5).prop_map(|parts| Segment::new(parts.into_iter().flatten()))
}

fn metadata(names: &'static [&'static str]) -> impl Strategy<Value = Metadata> {
    let property = ("[a-zA-Z:-]{0,8}", text(), attributes(&["xml:lang", "o-encoding"]))
        .prop_map(|(kind, value, attributes)| Property { kind, value, attributes });
    let note = (text(), attributes(&["xml:lang"]))
        .prop_map(|(text, attributes)| Note { text, attributes });
    let foreign = proptest::sample::select(vec![
        "<x/>",
        "<y a='1'>é &amp; &#233;<!-- & --><z/></y>",
        "<w><![CDATA[ & <] ]]></w>",
    ]);
    (attributes(names), vec(property, 0..3), vec(note, 0..2), vec(foreign, 0..2)).prop_map(
        |(attributes, properties, notes, foreign)| Metadata {
            attributes,
            properties,
            notes,
            foreign: foreign.into_iter().map(str::to_owned).collect(),
        },
    )
}

fn lang() -> impl Strategy<Value = Lang> {
    proptest::sample::select(vec!["fr", "EN-us", "ru", "sr-Latn", "pt_BR", "x-secret"])
        .prop_map(Lang::from_written)
}

/// A unit with this many variants and everything that TMX can hold, and more.
pub(super) fn unit(variants: RangeInclusive<usize>) -> impl Strategy<Value = Unit> {
    let variant = (lang(), segment(2), metadata(&["creationdate", "changeid", "x-other", "lang"]))
        .prop_map(|(lang, segment, metadata)| Variant { lang, segment, metadata });
    (metadata(&["tuid", "creationdate", "srclang", "usagecount"]), vec(variant, variants))
        .prop_map(|(metadata, variants)| Unit { metadata, variants })
}

/// Whether two units are equal down to the spelling of their language tags.
pub(super) fn assert_same(left: &Unit, right: &Unit) {
    assert_eq!(left, right);
    let spelling =
        |unit: &Unit| unit.variants.iter().map(|v| v.lang.to_string()).collect::<Vec<_>>();
    assert_eq!(spelling(left), spelling(right));
}
