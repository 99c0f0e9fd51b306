//! Language tags.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A language tag in the sense of [BCP 47](https://www.rfc-editor.org/info/bcp47), such as `fr`,
/// `fr-CA` or `sr-Latn`.
///
/// Files write the same tag in many ways (`FR-ca`, `fr_CA`). Two tags are equal when they differ
/// only in case and in `_` for `-`; the spelling that came in is kept and given back by
/// [`as_written`](Lang::as_written) and by `Display`.
///
/// ```
/// use chancery::Lang;
///
/// let canadian: Lang = "FR_ca".parse()?;
/// assert_eq!(canadian, "fr-CA".parse()?);
/// assert_eq!(canadian.primary(), "fr");
/// assert_eq!(canadian.as_written(), "FR_ca");
/// assert!(Lang::FR.covers(&canadian));
/// # Ok::<(), chancery::ParseLangError>(())
/// ```
#[derive(Clone)]
pub struct Lang {
    written: Cow<'static, str>,
    /// Lower case, with `-` between the subtags.
    canonical: Cow<'static, str>,
}

impl Lang {
    /// French, the language of the source documents this crate is made for.
    pub const FR: Lang = Lang::constant("fr");
    /// English.
    pub const EN: Lang = Lang::constant("en");
    /// Russian.
    pub const RU: Lang = Lang::constant("ru");

    const fn constant(tag: &'static str) -> Lang {
        Lang { written: Cow::Borrowed(tag), canonical: Cow::Borrowed(tag) }
    }

    /// Takes whatever a file wrote as a language, well formed or not.
    ///
    /// Readers of exchange formats use this: a strange tag must not cost a unit. Use
    /// [`str::parse`] where a person typed the tag and deserves to hear of a mistake.
    pub fn from_written(written: impl Into<String>) -> Lang {
        let written = written.into();
        let canonical = written.trim().replace('_', "-").to_ascii_lowercase();
        Lang { written: Cow::Owned(written), canonical: Cow::Owned(canonical) }
    }

    /// The tag in the spelling it came in.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The tag in lower case with `-` between the subtags: what equality looks at.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The language without script, region or variant, in lower case: `fr` for `fr-CA`.
    pub fn primary(&self) -> &str {
        self.canonical.split('-').next().unwrap_or_default()
    }

    /// Whether `other` is this language or a variety of it: `fr` covers `fr-CA`, but `fr-CA`
    /// does not cover `fr`.
    pub fn covers(&self, other: &Lang) -> bool {
        other
            .canonical
            .strip_prefix(&*self.canonical)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// Whether both tags have the same [primary](Lang::primary) language.
    pub fn same_language(&self, other: &Lang) -> bool {
        self.primary() == other.primary()
    }
}

impl PartialEq for Lang {
    fn eq(&self, other: &Lang) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Lang {}

impl Hash for Lang {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl PartialOrd for Lang {
    fn partial_cmp(&self, other: &Lang) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Lang {
    fn cmp(&self, other: &Lang) -> std::cmp::Ordering {
        self.canonical.cmp(&other.canonical)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lang({})", self.written)
    }
}

impl FromStr for Lang {
    type Err = ParseLangError;

    /// Accepts any well-formed BCP 47 tag in any case, with `-` or `_` between the subtags.
    fn from_str(text: &str) -> Result<Lang, ParseLangError> {
        let lang = Lang::from_written(text);
        match oxilangtag::LanguageTag::parse(lang.canonical.as_ref()) {
            Ok(_) => Ok(lang),
            Err(cause) => Err(ParseLangError { text: text.to_owned(), cause: cause.to_string() }),
        }
    }
}

/// A text that is not a language tag.
///
/// ```
/// let error = "français".parse::<chancery::Lang>().unwrap_err();
/// assert!(error.to_string().contains("français"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a language tag ({cause}); write one such as `fr`, `en` or `ru-RU`")]
pub struct ParseLangError {
    text: String,
    cause: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_is_about_whole_subtags() {
        let tag = |text: &str| text.parse::<Lang>().unwrap();
        assert!(tag("fr").covers(&tag("fr-FR")));
        assert!(!tag("fr").covers(&tag("frp")));
        assert!(!tag("fr-FR").covers(&tag("fr")));
    }

    #[test]
    fn what_is_no_tag_is_refused_by_parse_and_kept_by_from_written() {
        for text in ["", "f", "fr--CA", "français", "*all*"] {
            assert!(text.parse::<Lang>().is_err(), "{text}");
            assert_eq!(Lang::from_written(text).as_written(), text);
        }
    }
}
