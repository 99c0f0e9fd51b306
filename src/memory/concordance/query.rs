//! What a concordance is asked for: words, phrases, and what must not be there.

use std::fmt;
use std::str::FromStr;

/// A query of a concordance.
///
/// | written | finds |
/// |---|---|
/// | `note` | the word in any inflection |
/// | `=note` | the word as it is written, in either case |
/// | `négoc*` | words that begin so |
/// | `"prend note"` | these words one after another; `=` and `*` work inside |
/// | `="prend note"` | the same, each word as it is written |
/// | `note satisfaction`, `note AND satisfaction` | both, anywhere in the segment |
/// | `note NOT rapport`, `note -rapport` | the first without the second |
///
/// Quotation marks may be of any kind. Punctuation does not count.
///
/// ```
/// use chancery::memory::ConcordanceQuery;
///
/// let query: ConcordanceQuery = "\"prend note\" NOT rapport".parse()?;
/// assert_eq!(query.to_string(), "\"prend note\" NOT rapport");
/// assert!("NOT rapport".parse::<ConcordanceQuery>().is_err());
/// # Ok::<(), chancery::memory::ConcordanceQueryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcordanceQuery {
    text: String,
    pub(super) terms: Vec<Term>,
}

/// Words that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a query between spaces. It may be cut into several words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) exact: bool,
    pub(super) prefix: bool,
}

/// A query of a concordance can not be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConcordanceQueryError {
    /// There is no word to look for, or only words that must not be there.
    #[error("the query names no word that must be there; add one")]
    Nothing,
    /// A quotation mark opens a phrase that nothing ends.
    #[error("the quotation mark at byte {0} is not closed; close it, or leave it out")]
    Unclosed(usize),
    /// `NOT`, `-` or `=` stands before nothing.
    #[error("nothing follows `{0}`; put a word there, or leave it out")]
    Dangling(String),
}

impl FromStr for ConcordanceQuery {
    type Err = ConcordanceQueryError;

    fn from_str(text: &str) -> Result<ConcordanceQuery, ConcordanceQueryError> {
        let mut terms = Vec::new();
        let (mut negated, mut at) = (None, 0);
        while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|skip| at + skip)
        {
            let rest = &text[start..];
            let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
            match word {
                "AND" => {
                    at = start + word.len();
                    continue;
                }
                "NOT" => {
                    negated = Some("NOT");
                    at = start + word.len();
                    continue;
                }
                _ => {}
            }
            let minus = rest.strip_prefix('-');
            if minus.is_some() {
                negated = Some("-");
            }
            let rest = minus.unwrap_or(rest);
            let equals = rest.strip_prefix('=');
            let (exact, rest) = (equals.is_some(), equals.unwrap_or(rest));
            let begin = text.len() - rest.len();
            let opens = rest.chars().next().filter(|c| QUOTES.contains(c));
            let (inside, end) = match opens {
                Some(quote) => {
                    let inside = begin + quote.len_utf8();
                    let length = text[inside..]
                        .find(QUOTES)
                        .ok_or(ConcordanceQueryError::Unclosed(begin))?;
                    let close = text[inside + length..].chars().next().map_or(1, char::len_utf8);
                    (&text[inside..inside + length], inside + length + close)
                }
                None => {
                    let length = rest
                        .find(|c: char| c.is_whitespace() || QUOTES.contains(&c))
                        .unwrap_or(rest.len());
                    (&rest[..length], begin + length)
                }
            };
            let pieces: Vec<Piece> =
                inside.split_whitespace().filter_map(|piece| Piece::new(piece, exact)).collect();
            if pieces.is_empty() && (exact || negated.is_some()) {
                let sign = if exact { "=" } else { negated.unwrap_or_default() };
                return Err(ConcordanceQueryError::Dangling(sign.to_owned()));
            }
            if !pieces.is_empty() {
                terms.push(Term { negated: negated.take().is_some(), pieces });
            }
            at = end;
        }
        if let Some(sign) = negated {
            return Err(ConcordanceQueryError::Dangling(sign.to_owned()));
        }
        if terms.iter().all(|term| term.negated) {
            return Err(ConcordanceQueryError::Nothing);
        }
        Ok(ConcordanceQuery { text: text.to_owned(), terms })
    }
}

impl Piece {
    fn new(text: &str, exact: bool) -> Option<Piece> {
        let word = text.strip_prefix('=');
        let exact = exact || word.is_some();
        let word = word.unwrap_or(text);
        let stem = word.strip_suffix('*');
        let text = stem.unwrap_or(word);
        let has_word = text.contains(char::is_alphanumeric);
        has_word.then(|| Piece { text: text.to_owned(), exact, prefix: stem.is_some() })
    }
}

impl fmt::Display for ConcordanceQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const QUOTES: [char; 6] = ['"', '«', '»', '“', '”', '„'];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text, whether it is exact, whether it is a beginning.
    type Read = (String, bool, bool);

    fn read(text: &str) -> Vec<(bool, Vec<Read>)> {
        let query: ConcordanceQuery = text.parse().unwrap();
        let piece = |piece: Piece| (piece.text, piece.exact, piece.prefix);
        let term = |term: Term| (term.negated, term.pieces.into_iter().map(piece).collect());
        query.terms.into_iter().map(term).collect()
    }

    fn word(text: &str) -> Read {
        (text.to_owned(), false, false)
    }

    #[test]
    fn words_phrases_and_signs_are_told_apart() {
        let exact = |text: &str| (text.to_owned(), true, false);
        assert_eq!(read("note AND rapport"), read("note rapport"));
        assert_eq!(read("note NOT rapport"), read("note -rapport"));
        assert_eq!(
            read("« prend note » =rapport négoc*"),
            [
                (false, vec![word("prend"), word("note")]),
                (false, vec![exact("rapport")]),
                (false, vec![("négoc".to_owned(), false, true)]),
            ]
        );
        assert_eq!(read("=\"prend note\""), [(false, vec![exact("prend"), exact("note")])]);
        assert_eq!(read("Côte-d’Ivoire"), [(false, vec![word("Côte-d’Ivoire")])]);
    }

    #[test]
    fn what_can_not_be_understood_is_said() {
        let error = |text: &str| text.parse::<ConcordanceQuery>().unwrap_err();
        assert_eq!(error(" … "), ConcordanceQueryError::Nothing);
        assert_eq!(error("NOT paix"), ConcordanceQueryError::Nothing);
        assert_eq!(error("paix NOT"), ConcordanceQueryError::Dangling("NOT".to_owned()));
        assert_eq!(error("paix \"et"), ConcordanceQueryError::Unclosed(5));
    }

    proptest! {
        #[test]
        fn every_text_is_a_query_or_a_mistake(text in any::<String>(), signs in "[-=\"* aéNOT«]{0,12}") {
            let _ = text.parse::<ConcordanceQuery>();
            let _ = signs.parse::<ConcordanceQuery>();
        }
    }
}
