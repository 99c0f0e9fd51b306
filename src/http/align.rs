//! Alignments, over the JSON interface: made, opened, written and put into the memory.
//!
//! Nothing is kept here between requests: whoever reviews an alignment holds the documents and the
//! beads, and sends them with each request.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Refusal, json_answer, json_body, lang};
use super::api::{Added, whole};
use super::shared::Shared;
use crate::align::{Aligner, Alignment, Bead};
use crate::exchange::{AlignmentFormat, read_alignment, read_ladder, write_alignment};
use crate::tasks::AlignmentReport;
use crate::text::decode;
use crate::{Document, Lang};

/// A document: a text, or a file with its name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    lang: String,
    text: Option<String>,
    file: Option<SentFile>,
    /// Whether it holds one sentence a line.
    #[serde(default)]
    segmented: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentFile {
    name: String,
    /// In Base64.
    content: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentBead {
    sides: Vec<[SentNumber; 2]>,
    confidence: f64,
    #[serde(default)]
    fixed: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
struct SentNumber(#[serde(deserialize_with = "whole")] u64);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AlignRequest {
    documents: Vec<Sent>,
    /// Beads that are settled: the rest is aligned around them.
    #[serde(default)]
    fixed: Vec<Vec<[SentNumber; 2]>>,
    /// Whether the memories teach the aligner words.
    #[serde(default)]
    memory: bool,
}

pub(super) async fn align(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: AlignRequest = json_body(request).await?;
    let fixed = asked.fixed.iter().map(|sides| ranges(sides)).collect::<Vec<_>>();
    let report = shared.long_work(move |shared| {
        let documents = documents(&asked.documents)?;
        let sentences = documents.iter().map(|document| document.sentences().len()).sum::<usize>();
        if sentences > shared.limits.align_sentences {
            let message = format!(
                "the documents have {sentences} sentences, and {} are aligned here at most; use \
                 `chancery align` and open the .ladder it writes",
                shared.limits.align_sentences
            );
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-sentences", message));
        }
        let mut aligner = Aligner::new().fix(fixed);
        if asked.memory {
            aligner = taught(aligner, &documents, shared)?;
        }
        let alignment = match documents.as_slice() {
            [source, target] => aligner.align(source, target),
            [source, first, second] => aligner.align_three(source, first, second),
            _ => return Err(wrong_documents()),
        };
        Ok(AlignmentReport::new(&alignment))
    });
    json_answer(&report.await?)
}

/// The aligner with the words of all memories.
fn taught(
    mut aligner: Aligner,
    documents: &[Document],
    shared: &Shared,
) -> Result<Aligner, Refusal> {
    for (nth, one) in documents.iter().enumerate() {
        for other in &documents[nth + 1..] {
            for held in &shared.memories {
                aligner = aligner.lexicon(&held.memory().lexicon(one.lang(), other.lang())?);
            }
        }
    }
    Ok(aligner)
}

/// An alignment as a file: a table with its texts, or a ladder with the documents beside it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenRequest {
    tsv: Option<String>,
    #[serde(default)]
    langs: Vec<String>,
    ladder: Option<String>,
    #[serde(default)]
    documents: Vec<Sent>,
}

pub(super) async fn open(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: OpenRequest = json_body(request).await?;
    let report = shared.long_work(move |_| {
        let unreadable =
            |error: &dyn std::error::Error| Refusal::unusable("alignment", error.to_string());
        let alignment = match (&asked.tsv, &asked.ladder) {
            (Some(table), None) => {
                let langs =
                    asked.langs.iter().map(|tag| lang(tag)).collect::<Result<Vec<_>, _>>()?;
                if !different(&langs) {
                    return Err(wrong_documents());
                }
                read_alignment(table, &langs).map_err(|error| unreadable(&error))?
            }
            (None, Some(ladder)) => {
                let beads = read_ladder(ladder).map_err(|error| unreadable(&error))?;
                Alignment::of(documents(&asked.documents)?, beads)
                    .map_err(|error| unreadable(&error))?
            }
            _ => {
                let message = "give a `tsv` with `langs`, or a `ladder` with `documents`";
                return Err(Refusal::unusable("alignment", message));
            }
        };
        Ok(AlignmentReport::new(&alignment))
    });
    json_answer(&report.await?)
}

/// A reviewed alignment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reviewed {
    documents: Vec<Sent>,
    beads: Vec<SentBead>,
    /// The document that units are to say they come from; what was there of it is superseded.
    #[serde(default)]
    name: String,
}

impl Reviewed {
    fn alignment(&self) -> Result<Alignment, Refusal> {
        let beads = self.beads.iter().map(|bead| {
            let confidence = if bead.fixed { 1.0 } else { bead.confidence };
            Bead::new(ranges(&bead.sides), confidence).fixed(bead.fixed)
        });
        Alignment::of(documents(&self.documents)?, beads)
            .map_err(|error| Refusal::unusable("alignment", error.to_string()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WriteRequest {
    alignment: Reviewed,
    /// `tmx`, `tsv`, `ladder` or `html`.
    format: String,
}

#[derive(Debug, Serialize)]
struct Written {
    text: String,
}

pub(super) async fn write(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: WriteRequest = json_body(request).await?;
    let format = [
        ("tmx", AlignmentFormat::Tmx),
        ("tsv", AlignmentFormat::Tsv),
        ("ladder", AlignmentFormat::Ladder),
        ("html", AlignmentFormat::Html),
    ];
    let format = (format.iter().find(|(name, _)| *name == asked.format))
        .map(|(_, format)| *format)
        .ok_or_else(|| Refusal::bad("format", "the formats are tmx, tsv, ladder and html"))?;
    let written = shared.long_work(move |_| {
        let failed = |cause: String| {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Refusal::new(status, "internal", "the alignment can not be written").caused_by(cause)
        };
        let (alignment, mut out) = (asked.alignment.alignment()?, Vec::new());
        write_alignment(&alignment, format, &asked.alignment.name, &mut out)
            .map_err(|error| failed(error.to_string()))?;
        Ok(Written { text: String::from_utf8(out).map_err(|error| failed(error.to_string()))? })
    });
    json_answer(&written.await?)
}

pub(super) async fn save(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let asked: Reviewed = json_body(request).await?;
    let report = shared.long_work(move |shared| {
        let alignment = asked.alignment()?;
        let (memory, units) = (shared.written()?, alignment.units());
        if asked.name.is_empty() {
            return Ok(memory.add(units)?);
        }
        let units = units.document(&asked.name).neighbours(true).map(Ok::<_, Infallible>);
        Ok(memory.import(&asked.name).supersede(true).run(units)?)
    });
    json_answer(&Added::from(report.await?))
}

fn ranges(sides: &[[SentNumber; 2]]) -> Vec<std::ops::Range<usize>> {
    let number = |number: SentNumber| usize::try_from(number.0).unwrap_or(usize::MAX);
    sides.iter().map(|[start, end]| number(*start)..number(*end)).collect()
}

/// The documents that were sent: two or three, each in a language of its own.
fn documents(sent: &[Sent]) -> Result<Vec<Document>, Refusal> {
    let documents: Vec<Document> = sent.iter().map(document).collect::<Result<_, _>>()?;
    let langs: Vec<Lang> = documents.iter().map(|document| document.lang().clone()).collect();
    if different(&langs) { Ok(documents) } else { Err(wrong_documents()) }
}

fn document(sent: &Sent) -> Result<Document, Refusal> {
    let lang = lang(&sent.lang)?;
    let text = match (&sent.text, &sent.file) {
        (Some(text), None) => text.clone(),
        (None, Some(file)) => text_of(file)?,
        _ => return Err(Refusal::unusable("document", "a document has either `text` or a `file`")),
    };
    Ok(match sent.segmented {
        true => Document::segmented(text, lang),
        false => Document::new(text, lang),
    })
}

fn text_of(file: &SentFile) -> Result<String, Refusal> {
    let unreadable =
        |problem: String| Refusal::unusable("document", format!("{}: {problem}", file.name));
    let bytes = BASE64
        .decode(&file.content)
        .map_err(|_| unreadable("its content is not in Base64".to_owned()))?;
    #[cfg(feature = "documents")]
    {
        use std::path::Path;

        use crate::exchange::ReadOptions;
        use crate::exchange::documents::{DocumentFormat, text_of};
        let name = Path::new(&file.name);
        if DocumentFormat::detect(&bytes, name).is_some() {
            return text_of(bytes, name, &ReadOptions::new())
                .map_err(|error| Refusal::unusable("document", error.to_string()));
        }
    }
    decode(&bytes).map_err(|error| unreadable(error.to_string()))
}

fn different(langs: &[Lang]) -> bool {
    let pair = |one: usize| langs[one + 1..].iter().any(|other| *other == langs[one]);
    matches!(langs.len(), 2 | 3) && !(0..langs.len()).any(pair)
}

fn wrong_documents() -> Refusal {
    Refusal::unusable("document", "two or three documents are aligned, each in another language")
}
