//! Rules into SRX files.

use std::fmt::Write as _;
use std::io::{self, Write};

use quick_xml::escape::escape;

use super::Rules;

const NAMESPACE: &str = "http://www.lisa.org/srx20";

impl Rules {
    /// Writes the rules as a file of SRX 2.0, in UTF-8.
    ///
    /// Reading it again gives equal rules. Control characters, which XML can not hold, become
    /// escapes of the same meaning inside patterns, and U+FFFD elsewhere.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    ///
    /// ```
    /// use chancery::text::srx::{LanguageMap, LanguageRules, Rule, Rules};
    ///
    /// let rules = Rules {
    ///     languages: vec![LanguageRules {
    ///         name: "any".into(),
    ///         rules: vec![Rule::new(true, r"[.?!]", r"\s+\p{Lu}")],
    ///     }],
    ///     maps: vec![LanguageMap { pattern: ".*".into(), rules: "any".into() }],
    ///     ..Rules::default()
    /// };
    /// let mut file = Vec::new();
    /// rules.write(&mut file)?;
    /// assert_eq!(Rules::read(file.as_slice())?.0, rules);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        let yes = |value: bool| if value { "yes" } else { "no" };
        writeln!(to, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        write!(to, r#"<srx xmlns="{NAMESPACE}" version="2.0""#)?;
        for (name, value) in &self.attributes {
            write!(to, r#" {name}="{}""#, attribute(value))?;
        }
        writeln!(to, ">")?;
        writeln!(
            to,
            r#"  <header segmentsubflows="{}" cascade="{}">"#,
            yes(self.segment_subflows),
            yes(self.cascade)
        )?;
        let handles = self.format_handles;
        for (kind, include) in
            [("start", handles.start), ("end", handles.end), ("isolated", handles.isolated)]
        {
            writeln!(to, r#"    <formathandle type="{kind}" include="{}"/>"#, yes(include))?;
        }
        for element in &self.foreign {
            writeln!(to, "    {element}")?;
        }
        writeln!(to, "  </header>\n  <body>\n    <languagerules>")?;
        for language in &self.languages {
            let name = attribute(&language.name);
            writeln!(to, r#"      <languagerule languagerulename="{name}">"#)?;
            for rule in &language.rules {
                for comment in &rule.comments {
                    writeln!(to, "        <!--{}-->", comment_text(comment))?;
                }
                writeln!(to, r#"        <rule break="{}">"#, yes(rule.is_break))?;
                writeln!(to, "          <beforebreak>{}</beforebreak>", pattern(&rule.before))?;
                writeln!(to, "          <afterbreak>{}</afterbreak>", pattern(&rule.after))?;
                writeln!(to, "        </rule>")?;
            }
            writeln!(to, "      </languagerule>")?;
        }
        writeln!(to, "    </languagerules>\n    <maprules>")?;
        for map in &self.maps {
            writeln!(
                to,
                r#"      <languagemap languagepattern="{}" languagerulename="{}"/>"#,
                attribute(&map.pattern),
                attribute(&map.rules)
            )?;
        }
        writeln!(to, "    </maprules>\n  </body>\n</srx>")
    }
}

/// A comment as XML takes it: it must not hold two hyphens in a row, nor end in one, nor hold what
/// no XML may. What is read goes through this too, so that it is what will be written.
pub(super) fn comment_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '-' if out.ends_with('-') => out.push_str(" -"),
            '\t' | '\n' | '\r' => out.push(character),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    if out.ends_with('-') {
        out.push(' ');
    }
    out
}

fn pattern(text: &str) -> String {
    escaped(text, |control, out| {
        let _ = write!(out, r"\x{{{:x}}}", u32::from(control));
    })
}

fn attribute(text: &str) -> String {
    let text = escaped(text, |_, out| out.push('\u{fffd}'));
    text.replace('\n', "&#10;").replace('\t', "&#9;")
}

/// Escapes what XML 1.0 reserves; characters it has no way to write go to `illegal`.
fn escaped(text: &str, illegal: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    for character in escape(text).chars() {
        match character {
            // A reader takes a bare carriage return for a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => illegal(character, &mut out),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::comment_text;
    use crate::text::srx::Rules;

    /// Found by fuzzing: what XML does not allow was kept, and changed only when it was written.
    #[test]
    fn control_characters_are_replaced_and_reported() {
        let file = "<srx x=\"\u{3}\"><body><languagerules><languagerule languagerulename=\"a\">\
                    <rule><!--a--b\u{1}--><beforebreak>\u{2}</beforebreak></rule>\
                    </languagerule></languagerules><maprules><languagemap languagepattern=\".\" \
                    languagerulename=\"a\"/></maprules></body></srx>";
        let (rules, problems) = Rules::read(file.as_bytes()).unwrap();
        assert!(problems.iter().any(|problem| problem.to_string().contains("control character")));
        let mut written = Vec::new();
        rules.write(&mut written).unwrap();
        assert_eq!(Rules::read(written.as_slice()).unwrap().0, rules);
    }

    #[test]
    fn comments_stay_comments() {
        for (text, written) in
            [("a-b", "a-b"), ("a--b", "a- -b"), ("----", "- - - - "), ("\u{1}", "\u{fffd}")]
        {
            assert_eq!(comment_text(text), written);
            assert_eq!(comment_text(written), written);
        }
    }
}
