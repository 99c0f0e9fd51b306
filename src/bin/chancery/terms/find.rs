//! `chancery terms find`: the terms of glossaries in texts.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use chancery::Lang;
use chancery::tasks::TermReport;
use chancery::term::{Day, How, Recognizer, Scope};
use serde_json::{Value, json};

use crate::support::{self, Cut, Outcome, note};

/// Find the terms of glossaries in texts, however they are inflected
///
/// Each hit names the place, the concept, the term with its status, what to write in the other
/// languages, and in what way the words of the text differ from those of the term.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The texts; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A glossary (TBX, CSV, TSV, UTX, OmegaT, XLIFF, XLSX), a folder of them or a memory with terms;
    /// give it once for each
    #[arg(long, required = true, value_name = "GLOSSARY")]
    glossary: Vec<PathBuf>,
    /// Language of the texts
    #[arg(long, default_value = "fr", value_name = "TAG")]
    lang: Lang,
    /// The house whose terms apply
    #[arg(long, value_name = "NAME")]
    house: Option<String>,
    /// The day of the texts, such as 2016-03-18: terms are those of its time
    #[arg(long, value_name = "DAY")]
    day: Option<Day>,
    /// Give terms inside longer terms too
    #[arg(long)]
    nested: bool,
    /// Print one JSON object for each hit
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let glossaries = support::termbase(&arguments.glossary)?;
    let base = &glossaries.base;
    let lang = &arguments.lang;
    if base.terms(lang).next().is_none() {
        bail!("the glossaries have no terms in the language `{lang}`; choose another with --lang");
    }
    let recognizer = Recognizer::new(base, lang);
    let scope = Scope { house: arguments.house.clone(), day: arguments.day };
    let mut scanner = recognizer.scanner();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut count = 0;
    for path in &arguments.files {
        let document = support::document(path, lang.clone(), &Cut::BuiltIn)?;
        let text = document.text();
        let hits = if arguments.nested { scanner.find_all(text) } else { scanner.find(text) };
        count += hits.len();
        let name = path.display().to_string();
        let mut place = Place { at: 0, line: 1, column: 1 };
        for hit in &hits {
            place.advance(text, hit.span().start);
            let report = TermReport::new(base, lang, &scope, text, hit);
            match arguments.json {
                true => writeln!(out, "{}", object(&report, &name, &place))?,
                false => writeln!(out, "{}", line(&report, &name, &place))?,
            }
        }
    }
    out.flush()?;
    note(format_args!(
        "{count} hit(s) in `{lang}`, of {} concepts, in {} file(s)",
        base.len(),
        arguments.files.len()
    ));
    Ok(if glossaries.rejected() > 0 { Outcome::Found } else { Outcome::Done })
}

/// A place in a text, from which later places are counted.
struct Place {
    at: usize,
    line: usize,
    column: usize,
}

impl Place {
    fn advance(&mut self, text: &str, to: usize) {
        let passed = &text[self.at.min(to)..to];
        match passed.rfind('\n') {
            Some(last) => {
                self.line += passed.matches('\n').count();
                self.column = passed[last + 1..].chars().count() + 1;
            }
            None => self.column += passed.chars().count(),
        }
        self.at = to;
    }
}

fn object(report: &TermReport, file: &str, place: &Place) -> Value {
    let mut object = json!(report);
    object["file"] = json!(file);
    object["line"] = json!(place.line);
    object["column"] = json!(place.column);
    object
}

fn line(report: &TermReport, file: &str, place: &Place) -> String {
    let text = report.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line = format!("{file}:{}:{}: {text}", place.line, place.column);
    if report.term != text {
        line.push_str(&format!(" = {}", report.term));
    }
    line.push_str(&format!(" [{}", report.concept));
    if !report.status.is_empty() {
        line.push_str(&format!(", {}", report.status));
    }
    line.push(']');
    for (lang, text) in &report.equivalents {
        line.push_str(&format!(" {lang}: {text};"));
    }
    for (lang, texts) in &report.choices {
        line.push_str(&format!(" {lang}: {};", texts.join(" or ")));
    }
    let exact = How::Exact.to_string();
    let changed: Vec<String> = (report.words.iter())
        .filter(|word| word.how != exact)
        .map(|word| format!("{} for {} ({})", word.text, word.term, word.how))
        .collect();
    if !changed.is_empty() {
        line.push_str(&format!(" {}", changed.join(", ")));
    }
    line.trim_end_matches(';').to_owned()
}
