//! What programs are told of a concordance: the JSON of the command line.

use serde::Serialize;

use crate::memory::ConcordanceLine;

/// A line of a concordance, to be serialised. Places are bytes of the text: where the words begin
/// and end.
///
/// Field names are a contract with the programs that read them; fields may be added.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory, tasks::ConcordanceReport};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "Vive la paix !"), (Lang::EN, "Long live peace!"))])?;
/// let findings = memory.concordance(&"paix".parse()?).run()?;
/// let json = serde_json::to_value(ConcordanceReport::new(&findings.lines[0]))?;
/// assert_eq!(json["spans"], serde_json::json!([[8, 12]]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ConcordanceReport {
    /// The segment that has the words.
    pub text: String,
    /// Where they stand in it.
    pub spans: Vec<[usize; 2]>,
    /// The segment in the other language.
    pub translation: String,
    /// How many units the line stands for.
    pub count: usize,
    /// The document it comes from.
    pub document: Option<String>,
    /// The paragraph of the document, from 1. Left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<usize>,
    /// The id of the unit.
    pub unit: String,
}

impl ConcordanceReport {
    /// The report of a line.
    pub fn new(line: &ConcordanceLine) -> ConcordanceReport {
        ConcordanceReport {
            text: line.segment().text().into_owned(),
            spans: line.spans().iter().map(|span| [span.start, span.end]).collect(),
            translation: line.translation().text().into_owned(),
            count: line.count(),
            document: line.unit().document().map(str::to_owned),
            paragraph: line.unit().paragraph(),
            unit: line.id().to_string(),
        }
    }
}
