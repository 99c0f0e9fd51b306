//! Segmentation rules eXchange: rules that say where sentences end, and their files.
//!
//! The model, [reader](Rules::read), [writer](Rules::write) and the selection of rules for a
//! language follow [SRX 2.0](https://www.ttt.org/oscarstandards/srx/srx20.html). Files of
//! SRX 1.0 are read too. How the rules are applied is said at [`Segmenter`](super::Segmenter).

mod apply;
mod dialect;
mod pattern;
mod read;
mod write;

pub(super) use apply::Breaker;
pub use read::SrxError;

use std::fmt;
use std::sync::LazyLock;

use crate::Lang;
use pattern::Pattern;

/// A set of segmentation rules for one or more languages: what an SRX file holds.
///
/// ```
/// use chancery::{Lang, text::{Segmenter, srx::Rules}};
///
/// let file = r#"<srx xmlns="http://www.lisa.org/srx20" version="2.0">
///   <header segmentsubflows="yes" cascade="no"/>
///   <body>
///     <languagerules>
///       <languagerule languagerulename="any">
///         <rule break="no"><beforebreak>\bM\.</beforebreak><afterbreak>\s</afterbreak></rule>
///         <rule><beforebreak>[.?!]</beforebreak><afterbreak>\s+\p{Lu}</afterbreak></rule>
///       </languagerule>
///     </languagerules>
///     <maprules><languagemap languagepattern=".*" languagerulename="any"/></maprules>
///   </body>
/// </srx>"#;
/// let (rules, problems) = Rules::read(file.as_bytes())?;
/// assert!(problems.is_empty());
/// let (segmenter, problems) = Segmenter::new(&rules, &Lang::FR);
/// assert!(problems.is_empty());
/// assert_eq!(segmenter.sentences("M. Aldevall est arrivée. Elle parle.").len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether all language maps that match a language are joined, in order, or the first alone
    /// counts. SRX 1.0 knows only the latter, and a file that says nothing means it too.
    pub cascade: bool,
    /// Whether texts inside inline codes (footnotes, index entries) are segmented.
    pub segment_subflows: bool,
    /// On which side of a break inline codes stay.
    pub format_handles: FormatHandles,
    /// Further attributes of the root element, names and values: the namespaces of `foreign`.
    pub attributes: Vec<(String, String)>,
    /// Elements of other namespaces in the header, as XML: the options of other tools. They are
    /// kept and written again, and change nothing here.
    pub foreign: Vec<String>,
    /// The named lists of rules.
    pub languages: Vec<LanguageRules>,
    /// Which languages use which list.
    pub maps: Vec<LanguageMap>,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            cascade: false,
            segment_subflows: true,
            format_handles: FormatHandles::default(),
            attributes: Vec::new(),
            foreign: Vec::new(),
            languages: Vec::new(),
            maps: Vec::new(),
        }
    }
}

impl Rules {
    /// The rules written for this project: a list each for French, English and Russian, and one
    /// that all languages share. Take a copy to add rules of your own, or
    /// [write](Rules::write) them for another tool.
    ///
    /// ```
    /// use chancery::{Lang, text::{Segmenter, srx::{Rule, Rules}}};
    ///
    /// let mut rules = Rules::built_in().clone();
    /// rules.languages[0].rules.insert(0, Rule::new(false, r"\bcomm\.", r"\s"));
    /// let (segmenter, _) = Segmenter::new(&rules, &Lang::FR);
    /// assert_eq!(segmenter.sentences("Voir le comm. Hellmark. Fin.").len(), 2);
    ///
    /// let mut file = Vec::new();
    /// rules.write(&mut file)?;
    /// assert!(file.starts_with(b"<?xml"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn built_in() -> &'static Rules {
        static RULES: LazyLock<Rules> = LazyLock::new(|| {
            let (rules, problems) = Rules::read(include_bytes!("chancery.srx").as_slice())
                .unwrap_or_else(|error| panic!("the built-in rules: {error}"));
            assert!(problems.is_empty(), "the built-in rules: {problems:?}");
            rules
        });
        &RULES
    }

    /// The rules that apply to a language, in order of precedence.
    ///
    /// Language patterns are tried on the tag in lower case, whole and regardless of case, as
    /// files write both `fr.*` and `FR.*`. A map whose pattern does not compile, or whose list
    /// does not exist, is passed over; [`problems`](Rules::problems) names it.
    pub fn for_lang(&self, lang: &Lang) -> Vec<&Rule> {
        self.lists_for(lang).into_iter().flat_map(|list| &list.rules).collect()
    }

    fn lists_for(&self, lang: &Lang) -> Vec<&LanguageRules> {
        let matching = self.maps.iter().filter(|map| map.covers(lang).unwrap_or(false));
        let lists = matching.filter_map(|map| self.language(&map.rules));
        lists.take(if self.cascade { usize::MAX } else { 1 }).collect()
    }

    fn language(&self, name: &str) -> Option<&LanguageRules> {
        self.languages.iter().find(|language| language.name == name)
    }

    /// Everything in the rules that can not be used: patterns that do not compile, maps to lists
    /// that do not exist.
    ///
    /// Cost: every pattern is compiled, about 20 µs each.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for language in &self.languages {
            for (index, rule) in language.rules.iter().enumerate() {
                if let Err(message) = rule.compile() {
                    problems.push(Problem::in_rule(&language.name, index, message));
                }
            }
        }
        for map in &self.maps {
            if let Err(message) = map.covers(&Lang::FR) {
                problems.push(Problem::new(format!(
                    "language pattern `{}`: {message}; the map is not used",
                    map.pattern
                )));
            }
            if self.language(&map.rules).is_none() {
                problems.push(Problem::new(format!(
                    "language pattern `{}` maps to the rules `{}`, which do not exist; the map is \
                     not used",
                    map.pattern, map.rules
                )));
            }
        }
        problems
    }
}

/// On which side of a break inline codes stay (`<formathandle>`): whether each kind belongs to
/// the segment before the break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatHandles {
    /// Codes that begin a pair; the default of the standard is no.
    pub start: bool,
    /// Codes that end a pair; the default is yes.
    pub end: bool,
    /// Codes that stand alone; the default is yes.
    pub isolated: bool,
}

impl Default for FormatHandles {
    fn default() -> FormatHandles {
        FormatHandles { start: false, end: true, isolated: true }
    }
}

/// A named list of rules (`<languagerule>`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LanguageRules {
    /// The name that maps refer to.
    pub name: String,
    /// The rules. At a place in a text, the first that matches decides.
    pub rules: Vec<Rule>,
}

/// A rule (`<rule>`): a break, or an exception to later breaks, between two patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether a segment ends here (`break="yes"`, the default) or must not (`break="no"`).
    pub is_break: bool,
    /// What must stand before the place: a regular expression; empty matches anywhere.
    pub before: String,
    /// What must stand after the place: a regular expression; empty matches anywhere.
    pub after: String,
    /// The comments that stand before the rule in its file.
    pub comments: Vec<String>,
}

impl Rule {
    /// A rule without comments.
    pub fn new(is_break: bool, before: impl Into<String>, after: impl Into<String>) -> Rule {
        Rule { is_break, before: before.into(), after: after.into(), comments: Vec::new() }
    }

    fn compile(&self) -> Result<(Pattern, Pattern), String> {
        let compile = |element: &str, pattern: &str| {
            Pattern::new(pattern).map_err(|message| format!("{element} `{pattern}`: {message}"))
        };
        if self.before.is_empty() && self.after.is_empty() {
            return Err("without a pattern it matches everywhere".to_owned());
        }
        Ok((compile("beforebreak", &self.before)?, compile("afterbreak", &self.after)?))
    }
}

/// Says which languages use a list of rules (`<languagemap>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageMap {
    /// A regular expression that the whole language tag must match.
    pub pattern: String,
    /// The [name](LanguageRules::name) of the list.
    pub rules: String,
}

impl LanguageMap {
    fn covers(&self, lang: &Lang) -> Result<bool, String> {
        Pattern::new(&self.pattern)?.matches_whole_tag(lang.canonical())
    }
}

/// Something in a file of rules, or in their use, that did not work and was passed over.
///
/// ```
/// use chancery::text::srx::Rules;
///
/// let file = "<srx version='2.0'><header/><body><languagerules>\
///     <languagerule languagerulename='x'><rule><beforebreak>[.</beforebreak></rule>\
///     </languagerule></languagerules><maprules/></body></srx>";
/// let (rules, _) = Rules::read(file.as_bytes())?;
/// let problem = rules.problems().remove(0).to_string();
/// assert!(problem.starts_with("rules `x`, rule 1: beforebreak `[.`: "), "{problem}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    message: String,
}

impl Problem {
    fn new(message: impl Into<String>) -> Problem {
        Problem { message: message.into() }
    }

    fn in_rule(language: &str, index: usize, message: impl fmt::Display) -> Problem {
        Problem::new(format!("rules `{language}`, rule {}: {message}; it is not used", index + 1))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
