//! Stems: what stays of a word when its inflection is taken off.

use std::borrow::Cow;
use std::fmt;

use crate::Lang;

/// The release of the stemming rules. An index built with other rules must be rebuilt.
pub const STEMS_VERSION: &str = "frostem 2.20261016.1";

/// Finds stems by the [Snowball](https://snowballstem.org/) rules of a language.
///
/// Words are expected as [token keys](super::Token::key): in normal form and lower case. A stem
/// is a key for comparison, not a word to show. A language without rules gives the word back.
///
/// ```
/// use chancery::{Lang, text::Stemmer};
///
/// let french = Stemmer::new(&Lang::FR);
/// assert_eq!(french.stem("ministres"), french.stem("ministre"));
/// let russian = Stemmer::new(&Lang::RU);
/// assert_eq!(russian.stem("министров"), russian.stem("министра"));
/// assert_eq!(Stemmer::new(&"xx".parse()?).stem("mots"), "mots");
/// # Ok::<(), chancery::ParseLangError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Stemmer(Option<frostem::Stemmer>);

impl Stemmer {
    /// The stemmer of a language; its region or script does not matter.
    pub fn new(lang: &Lang) -> Stemmer {
        Stemmer(frostem::Stemmer::try_from_name(lang.primary()).ok())
    }

    /// The stem of one word. Cost: well under a microsecond.
    pub fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        match self.0 {
            Some(rules) => rules.stem(word),
            None => Cow::Borrowed(word),
        }
    }
}

impl fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.map(|rules| format!("{:?}", rules.algorithm()));
        f.debug_tuple("Stemmer").field(&name.as_deref().unwrap_or("none")).finish()
    }
}
