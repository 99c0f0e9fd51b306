//! What the document type definition of TMX 1.4 allows: `tmx14.dtd`, and clause 3 of the text.

/// Attributes of the header; the first seven are required.
pub(super) const HEADER: [&str; 12] = [
    "creationtool",
    "creationtoolversion",
    "segtype",
    "o-tmf",
    "adminlang",
    "srclang",
    "datatype",
    "o-encoding",
    "creationdate",
    "creationid",
    "changedate",
    "changeid",
];

/// Attributes of the header that are required.
pub(super) fn required_header() -> &'static [&'static str] {
    &HEADER[..7]
}

/// Attributes of a unit.
pub(super) const UNIT: [&str; 14] = [
    "tuid",
    "o-encoding",
    "datatype",
    "usagecount",
    "lastusagedate",
    "creationtool",
    "creationtoolversion",
    "creationdate",
    "creationid",
    "changedate",
    "segtype",
    "changeid",
    "o-tmf",
    "srclang",
];

/// Attributes of a variant, beside its language.
pub(super) const VARIANT: [&str; 12] = [
    "o-encoding",
    "datatype",
    "usagecount",
    "lastusagedate",
    "creationtool",
    "creationtoolversion",
    "creationdate",
    "creationid",
    "changedate",
    "o-tmf",
    "changeid",
    "lang",
];

/// Attributes of properties and notes, beside `type`.
pub(super) const TEXT: [&str; 3] = ["xml:lang", "o-encoding", "lang"];

/// Kinds of segments (clause 4.1, `segtype`).
pub(super) const SEGTYPES: [&str; 4] = ["block", "paragraph", "sentence", "phrase"];

/// Attributes of an inline element; None if there is no such element in a segment.
pub(super) fn inline(element: &str) -> Option<&'static [&'static str]> {
    Some(match element {
        "bpt" => &["i", "x", "type"],
        "ept" => &["i"],
        "it" => &["pos", "x", "type"],
        "ph" => &["x", "assoc", "type"],
        "hi" => &["x", "type"],
        "ut" => &["x"],
        "sub" => &["datatype", "type"],
        _ => return None,
    })
}

/// Whether a text is a date as clause 4.1 writes it: `YYYYMMDDThhmmssZ`.
pub(super) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 16
        && bytes[8] == b'T'
        && bytes[15] == b'Z'
        && [0..8, 9..15].into_iter().flatten().all(|at| bytes[at].is_ascii_digit())
}
