//! The page on which a reviser reads what a check found.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::ops::Range;

use super::review::{Escaped, STYLE, plural};
use crate::Lang;
use crate::check::{CheckedUnit, Finding, FindingKind, Report, Severity};

/// Writes what a check found as one HTML page: a table of the kinds found, then the units with
/// source and target side by side, the places marked, and what was found under them.
///
/// The page needs no script and loads nothing. It follows the reader's colour scheme. Every text is
/// escaped.
///
/// ```
/// use chancery::check::Checker;
/// use chancery::exchange::FindingsPage;
/// use chancery::{Lang, Unit};
///
/// let checker = Checker::new(Lang::FR, Lang::EN);
/// let mut run = checker.run();
/// run.unit(&Unit::pair((Lang::FR, "Le 3 mai."), (Lang::EN, "On 4 May.")));
/// let mut page = Vec::new();
/// FindingsPage::new("Letter", checker.langs()).write([("letter.tmx", &run.finish())], &mut page)?;
/// assert!(String::from_utf8(page)?.contains("<mark class=\"weak\">4 May</mark>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FindingsPage {
    title: String,
    langs: [Lang; 2],
}

impl FindingsPage {
    /// A page with this title, for reports on these languages, source first.
    pub fn new(title: impl Into<String>, langs: &[Lang; 2]) -> FindingsPage {
        FindingsPage { title: title.into(), langs: langs.clone() }
    }

    /// Writes the page: the reports, each with the name of its document.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn write<'r>(
        &self,
        reports: impl IntoIterator<Item = (&'r str, &'r Report)>,
        mut out: impl Write,
    ) -> io::Result<()> {
        let page = Page { page: self, reports: reports.into_iter().collect() };
        out.write_all(page.to_string().as_bytes())?;
        out.flush()
    }
}

struct Page<'a> {
    page: &'a FindingsPage,
    reports: Vec<(&'a str, &'a Report)>,
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Escaped(&self.page.title);
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n<style>\n{STYLE}{MARKS}</style>\n</head>\n<body>\n\
             <header>\n<h1>{title}</h1>\n",
        )?;
        self.summary(f)?;
        f.write_str("</header>\n")?;
        for (nth, (name, report)) in self.reports.iter().enumerate() {
            self.table(f, nth, name, report)?;
        }
        f.write_str("</body>\n</html>\n")
    }
}

impl Page<'_> {
    fn summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kinds: BTreeMap<FindingKind, usize> = BTreeMap::new();
        let (mut checked, mut accepted) = (0, 0);
        for (_, report) in &self.reports {
            (checked, accepted) = (checked + report.checked, accepted + report.accepted);
            for (_, finding) in report.findings() {
                *kinds.entry(finding.kind()).or_default() += 1;
            }
        }
        let found: usize = kinds.values().sum();
        writeln!(
            f,
            "<p>{checked} {} checked, {found} {}, {accepted} accepted before.</p>",
            plural(checked, "unit", "units"),
            plural(found, "finding", "findings"),
        )?;
        f.write_str("<p class=\"legend\">")?;
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            write!(f, "<span class=\"{}\">{severity}</span> ", class(severity))?;
        }
        f.write_str("</p>\n<ul class=\"kinds\">\n")?;
        for (kind, count) in kinds {
            writeln!(f, "<li class=\"{}\">{kind} <i>{count}</i></li>", class(kind.severity()))?;
        }
        f.write_str("</ul>\n")
    }

    fn table(
        &self,
        f: &mut fmt::Formatter<'_>,
        nth: usize,
        name: &str,
        report: &Report,
    ) -> fmt::Result {
        let [source, target] = self.page.langs.each_ref().map(|lang| Escaped(lang.as_written()));
        write!(
            f,
            "<h2>{}</h2>\n<table>\n<thead>\n<tr><th scope=\"col\">Unit</th>\
             <th scope=\"col\">{source}</th><th scope=\"col\">{target}</th></tr>\n</thead>\n<tbody>\n",
            Escaped(name)
        )?;
        for unit in &report.units {
            let worst = unit.findings.iter().map(Finding::severity).max();
            let number = unit.number;
            write!(
                f,
                "<tr id=\"d{nth}u{number}\" class=\"{}\"><th scope=\"row\">\
                 <a href=\"#d{nth}u{number}\">{number}</a>",
                class(worst.unwrap_or(Severity::Note))
            )?;
            if let Some(id) = &unit.id {
                write!(f, "<i>{}</i>", Escaped(id))?;
            }
            write!(f, "</th><td lang=\"{source}\">")?;
            marked(f, &unit.source, spans(unit, Finding::source))?;
            write!(f, "</td><td lang=\"{target}\">")?;
            marked(f, &unit.target, spans(unit, Finding::target))?;
            f.write_str("<ul class=\"found\">")?;
            for finding in &unit.findings {
                write!(
                    f,
                    "<li class=\"{}\"><b>{}</b> {}",
                    class(finding.severity()),
                    finding.kind(),
                    Escaped(finding.message())
                )?;
                if let Some(suggestion) =
                    finding.suggestion().filter(|text| !text.trim().is_empty())
                {
                    write!(f, " <ins>{}</ins>", Escaped(suggestion))?;
                }
                write!(f, " <code>{}</code></li>", finding.fingerprint())?;
            }
            f.write_str("</ul></td></tr>\n")?;
        }
        f.write_str("</tbody>\n</table>\n")
    }
}

/// How a severity is coloured.
fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "weak",
        Severity::Warning => "fair",
        Severity::Note => "sure",
    }
}

type Marks = Vec<(Range<usize>, Severity)>;

fn spans(unit: &CheckedUnit, span: fn(&Finding) -> Option<Range<usize>>) -> Marks {
    let findings = unit.findings.iter();
    findings.filter_map(|finding| Some((span(finding)?, finding.severity()))).collect()
}

/// Writes a text with marks; where they overlap the worst one shows. A caret stands where something
/// is missing.
fn marked(f: &mut fmt::Formatter<'_>, text: &str, marks: Marks) -> fmt::Result {
    let mut cuts: Vec<usize> =
        marks.iter().flat_map(|(span, _)| [span.start, span.end]).chain([0, text.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    for (nth, &cut) in cuts.iter().enumerate() {
        let here = marks.iter().filter(|(span, _)| span.is_empty() && span.start == cut);
        if let Some(severity) = here.map(|(_, severity)| *severity).max() {
            write!(f, "<mark class=\"{}\">‸</mark>", class(severity))?;
        }
        let Some(&next) = cuts.get(nth + 1) else { break };
        let piece = Escaped(&text[cut..next]);
        let over = marks.iter().filter(|(span, _)| span.start <= cut && next <= span.end);
        match over.map(|(_, severity)| *severity).max() {
            Some(severity) => write!(f, "<mark class=\"{}\">{piece}</mark>", class(severity))?,
            None => write!(f, "{piece}")?,
        }
    }
    f.write_char('\n')
}

const MARKS: &str = "mark { background: none; color: inherit; border-bottom: .2rem solid; }
.kinds, .found { list-style: none; margin: .5rem 0 0; padding: 0; font: .85rem/1.4 system-ui, sans-serif; }
.kinds li { display: inline-block; border-left: .4rem solid; padding: 0 .8rem 0 .4rem; }
.found li { border-left: .25rem solid; padding: 0 0 0 .5rem; margin: .2rem 0; }
.found code { color: var(--soft); font-size: .7rem; }
ins { text-decoration: none; border: 1px solid var(--line); padding: 0 .3em; white-space: pre-wrap; }
mark.sure { border-bottom-color: var(--sure); }
mark.fair { border-bottom-color: var(--fair); }
mark.weak { border-bottom-color: var(--weak); }
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Checker;
    use crate::unit::Unit;

    #[test]
    fn texts_are_escaped_and_marks_overlap() {
        let checker = Checker::new(Lang::FR, Lang::EN);
        let mut run = checker.run();
        run.unit(&Unit::pair(
            (Lang::FR, "<script>alert(1)</script> & 5"),
            (Lang::EN, "<script>alert(1</script> & 6 6"),
        ));
        let mut page = Vec::new();
        let report = run.finish();
        FindingsPage::new("<b>", checker.langs()).write([("a&b", &report)], &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(
            !page.contains("<script") && page.contains("a&amp;b") && page.contains("&lt;b&gt;")
        );
        assert!(!page.contains("http") && !page.contains("url("));
        assert_eq!(page.matches("<tr id=").count(), 1);
        assert_eq!(page.matches("<mark").count(), page.matches("</mark>").count());
        assert!(page.matches("<mark").count() >= 2);
    }
}
