//! The page on which a reviser reads an alignment.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use crate::align::{Alignment, Bead};

/// Writes an alignment as one HTML page for review: the languages side by side, beads numbered and
/// coloured by confidence, the doubtful ones listed first, the worst at the top.
///
/// The page needs no script and loads nothing. It follows the reader's colour scheme, and in print
/// a bead is not torn apart. Every text is escaped.
///
/// ```
/// use chancery::align::Aligner;
/// use chancery::exchange::ReviewPage;
/// use chancery::{Document, Lang};
///
/// let fr = Document::new("La séance est ouverte. Elle est publique.", Lang::FR);
/// let en = Document::new("The meeting is open. It is public.", Lang::EN);
/// let mut page = Vec::new();
/// ReviewPage::new("The meeting").write(&Aligner::new().align(&fr, &en), &mut page)?;
/// assert!(String::from_utf8(page)?.contains("It is public."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReviewPage {
    title: String,
    doubtful_below: f64,
}

impl ReviewPage {
    /// A page with this title. Beads with a confidence below 0.9 are called doubtful.
    pub fn new(title: impl Into<String>) -> ReviewPage {
        ReviewPage { title: title.into(), doubtful_below: 0.9 }
    }

    /// The confidence (0–1) below which a bead is called doubtful. 0.9 by default.
    pub fn doubtful_below(mut self, confidence: f64) -> ReviewPage {
        self.doubtful_below = confidence;
        self
    }

    /// Writes the page.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn write(&self, alignment: &Alignment, mut out: impl Write) -> io::Result<()> {
        let page = Page { review: self, alignment };
        out.write_all(page.to_string().as_bytes())?;
        out.flush()
    }
}

struct Page<'a> {
    review: &'a ReviewPage,
    alignment: &'a Alignment,
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Escaped(&self.review.title);
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>{title}</h1>\n",
        )?;
        let doubtful = self.doubtful();
        let beads = self.alignment.beads().len();
        write!(f, "<p>{beads} {}, {} ", plural(beads, "bead", "beads"), doubtful.len())?;
        writeln!(
            f,
            "of them doubtful (confidence below {:.2}). A bead is a group of sentences that \
             translate each other.</p>",
            self.review.doubtful_below
        )?;
        f.write_str(LEGEND)?;
        f.write_str("</header>\n")?;
        if !doubtful.is_empty() {
            self.list(f, &doubtful)?;
        }
        self.table(f)?;
        f.write_str("</body>\n</html>\n")
    }
}

impl Page<'_> {
    /// The numbers of the doubtful beads, from 0, the worst first.
    fn doubtful(&self) -> Vec<usize> {
        let beads = self.alignment.beads();
        let mut doubtful: Vec<usize> = (0..beads.len())
            .filter(|&nth| beads[nth].confidence() < self.review.doubtful_below)
            .collect();
        doubtful.sort_by(|&a, &b| beads[a].confidence().total_cmp(&beads[b].confidence()));
        doubtful
    }

    fn list(&self, f: &mut fmt::Formatter<'_>, doubtful: &[usize]) -> fmt::Result {
        f.write_str(
            "<nav aria-labelledby=\"doubtful\">\n<h2 id=\"doubtful\">Doubtful beads</h2>\n<ol>\n",
        )?;
        for &nth in doubtful {
            let bead = &self.alignment.beads()[nth];
            writeln!(
                f,
                "<li class=\"{}\"><a href=\"#b{n}\"><b>{n}</b> <i>{:.2}</i> {}</a></li>",
                class(bead),
                bead.confidence(),
                Escaped(&self.excerpt(bead)),
                n = nth + 1,
            )?;
        }
        f.write_str("</ol>\n</nav>\n")
    }

    /// The beginning of the first sentence of a bead, in the first language that has one.
    fn excerpt(&self, bead: &Bead) -> String {
        let sides = self.alignment.documents().iter().enumerate();
        let text = sides
            .filter_map(|(side, document)| document.sentences().get(bead.side(side))?.first())
            .map(|sentence| sentence.text())
            .next()
            .unwrap_or_default();
        const CHARS: usize = 70;
        match text.char_indices().nth(CHARS) {
            Some((end, _)) => text[..end].trim_end().to_owned() + "…",
            None => text.to_owned(),
        }
    }

    fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let documents = self.alignment.documents();
        f.write_str("<table>\n<thead>\n<tr><th scope=\"col\">Bead</th>")?;
        for document in documents {
            write!(f, "<th scope=\"col\">{}</th>", Escaped(document.lang().as_written()))?;
        }
        f.write_str("</tr>\n</thead>\n<tbody>\n")?;
        for (nth, bead) in self.alignment.beads().iter().enumerate() {
            let number = nth + 1;
            write!(
                f,
                "<tr id=\"b{number}\" class=\"{}\"><th scope=\"row\"><a href=\"#b{number}\">{number}</a>\
                 <i title=\"confidence\">{:.2}</i></th>",
                class(bead),
                bead.confidence()
            )?;
            for (side, document) in documents.iter().enumerate() {
                let sentences = &document.sentences()[bead.side(side)];
                let lang = Escaped(document.lang().as_written());
                if sentences.is_empty() {
                    write!(f, "<td class=\"none\"><span>nothing here</span></td>")?;
                    continue;
                }
                write!(f, "<td lang=\"{lang}\">")?;
                let first = bead.side(side).start + 1;
                for (sentence, number) in sentences.iter().zip(first..) {
                    write!(f, "<p><small>{number}</small> {}</p>", Escaped(sentence.text()))?;
                }
                f.write_str("</td>")?;
            }
            f.write_str("</tr>\n")?;
        }
        f.write_str("</tbody>\n</table>\n")
    }
}

pub(super) fn plural(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// How a bead is coloured.
fn class(bead: &Bead) -> &'static str {
    match bead.confidence() {
        c if c >= 0.9 => "sure",
        c if c >= 0.6 => "fair",
        _ => "weak",
    }
}

/// Text in HTML. Control characters, which HTML does not allow, are shown as U+FFFD.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\t' | '\n' => f.write_char(c)?,
                c if c.is_control() => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

const LEGEND: &str = "<p class=\"legend\"><span class=\"sure\">0.90 and above</span> \
    <span class=\"fair\">0.60 to 0.89</span> <span class=\"weak\">below 0.60</span></p>\n";

pub(crate) const STYLE: &str = include_str!("review.css");
