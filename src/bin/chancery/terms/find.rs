//! `chancery terms find`: the terms of glossaries in texts.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use chancery::Lang;
use chancery::term::{Concept, Day, Hit, How, Recognizer, Scope, Term, Termbase};
use serde_json::{Map, Value, json};

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
    /// A glossary (TBX, CSV, TSV, UTX, OmegaT, XLSX) or a folder of them; give it once for each
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
    let glossaries = support::glossaries(&arguments.glossary)?;
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
            let found = Found { base, lang, scope: &scope, text, hit };
            match arguments.json {
                true => writeln!(out, "{}", found.object(&name, &place))?,
                false => writeln!(out, "{}", found.line(&name, &place))?,
            }
        }
    }
    out.flush()?;
    note(format_args!(
        "{count} hit(s) of {} concepts in {} file(s)",
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

struct Found<'a> {
    base: &'a Termbase,
    lang: &'a Lang,
    scope: &'a Scope,
    text: &'a str,
    hit: &'a Hit,
}

impl Found<'_> {
    fn term(&self) -> (&Concept, &Term) {
        self.base.term(self.hit.term)
    }

    /// The term to write in each other language of the concept, in order.
    fn equivalents(&self) -> Vec<(&Lang, &str)> {
        let (concept, _) = self.term();
        let mut found: Vec<(&Lang, &str)> = Vec::new();
        for section in &concept.languages {
            let known = section.lang.same_language(self.lang)
                || found.iter().any(|(lang, _)| **lang == section.lang);
            if !known && let Some(term) = concept.preferred(&section.lang, self.scope) {
                found.push((&section.lang, &term.text));
            }
        }
        found
    }

    fn words(&self) -> Vec<(&str, &str, How)> {
        let (_, term) = self.term();
        let words = self.hit.explain(self.text, term, self.lang);
        words
            .into_iter()
            .map(|word| (&self.text[word.text], &term.text[word.term], word.how))
            .collect()
    }

    fn object(&self, file: &str, place: &Place) -> Value {
        let (concept, term) = self.term();
        let span = self.hit.span();
        let equivalents: Map<String, Value> = self
            .equivalents()
            .into_iter()
            .map(|(lang, text)| (lang.as_written().to_owned(), json!(text)))
            .collect();
        let words: Vec<Value> = self
            .words()
            .into_iter()
            .map(|(text, term, how)| json!({"text": text, "term": term, "how": how.to_string()}))
            .collect();
        json!({
            "file": file,
            "line": place.line,
            "column": place.column,
            "start": span.start,
            "end": span.end,
            "text": &self.text[span],
            "concept": concept.id,
            "term": term.text,
            "status": term.status_in(self.scope).as_str(),
            "nested": self.hit.is_nested(),
            "equivalents": equivalents,
            "words": words,
        })
    }

    fn line(&self, file: &str, place: &Place) -> String {
        let (concept, term) = self.term();
        let text = self.text[self.hit.span()].split_whitespace().collect::<Vec<_>>().join(" ");
        let mut line = format!("{file}:{}:{}: {text}", place.line, place.column);
        if term.text != text {
            line.push_str(&format!(" = {}", term.text));
        }
        line.push_str(&format!(" [{}", concept.id));
        match term.status_in(self.scope).as_str() {
            "" => {}
            status => line.push_str(&format!(", {status}")),
        }
        line.push(']');
        for (lang, text) in self.equivalents() {
            line.push_str(&format!(" {lang}: {text};"));
        }
        let changed: Vec<String> = self
            .words()
            .into_iter()
            .filter(|(.., how)| *how != How::Exact)
            .map(|(text, term, how)| format!("{text} for {term} ({how})"))
            .collect();
        if !changed.is_empty() {
            line.push_str(&format!(" {}", changed.join(", ")));
        }
        line.trim_end_matches(';').to_owned()
    }
}
