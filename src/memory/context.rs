//! Where a unit stood: what tells two equal sentences of two documents apart.

use crate::Unit;

/// The properties in which tools keep the neighbours or the place of a segment.
///
/// memoQ writes `x-context-pre` and `x-context-post` (on the variant), Trados Studio
/// `x-ContextContent`, `x-Context` and `x-StructureContext`, OmegaT `prev`, `next`, `id`, Phrase `context_prev` and
/// `context_next`, XTM `x-previous-source-text` and `x-next-source-text`, GlobalLink
/// `previousMd5Segment` and `nextMd5Segment`, Lokalize `x-context`, Transifex `context`.
const KINDS: [&str; 17] = [
    "context",
    "context_next",
    "context_prev",
    "id",
    "next",
    "nextMd5Segment",
    "path",
    "prev",
    "previousMd5Segment",
    "x-Context",
    "x-ContextContent",
    "x-StructureContext",
    "x-context",
    "x-context-post",
    "x-context-pre",
    "x-next-source-text",
    "x-previous-source-text",
];

/// What a unit says of its context, as kinds and values, in the order of the unit.
pub(crate) fn of(unit: &Unit) -> impl Iterator<Item = (&str, &str)> {
    std::iter::once(&unit.metadata)
        .chain(unit.variants.iter().map(|variant| &variant.metadata))
        .flat_map(|metadata| &metadata.properties)
        .filter(|property| KINDS.binary_search(&property.kind.as_str()).is_ok())
        .map(|property| (property.kind.as_str(), property.value.as_str()))
}
