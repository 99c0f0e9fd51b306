//! A guess at the language of a text, to notice files given in the wrong order.

use crate::Lang;

/// Words that hardly any text does without, and that the other languages here do not have.
static FREQUENT: [(Lang, &[&str]); 3] = [
    (
        Lang::FR,
        &[
            "au", "aux", "avec", "ce", "ces", "cette", "dans", "des", "du", "elle", "est", "et",
            "il", "le", "les", "leur", "ne", "nous", "ou", "par", "pas", "pour", "qui", "ses",
            "son", "sont", "sur", "à", "été",
        ],
    ),
    (
        Lang::EN,
        &[
            "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have",
            "he", "his", "in", "is", "it", "its", "not", "of", "or", "shall", "that", "the",
            "their", "they", "this", "to", "was", "were", "which", "will", "with", "would",
        ],
    ),
    (
        Lang::RU,
        &[
            "а",
            "бы",
            "был",
            "в",
            "все",
            "для",
            "до",
            "его",
            "за",
            "и",
            "из",
            "их",
            "к",
            "как",
            "на",
            "не",
            "но",
            "о",
            "об",
            "он",
            "от",
            "по",
            "при",
            "с",
            "со",
            "также",
            "то",
            "у",
            "что",
            "это",
        ],
    ),
];

/// At least this share of the words must be among the frequent ones of a language …
const SHARE: f64 = 0.12;
/// … and this many times more than among those of any other.
const LEAD: f64 = 2.0;

/// Which of French, English and Russian a text is written in, or `None` where it is another
/// language or too short to tell.
///
/// The guess counts words nearly every sentence has. It is meant for whole documents, to warn of
/// two files given in the wrong order; for a single short sentence it often says `None`.
///
/// Cost: one pass over at most the first 100,000 bytes, which is more than enough to tell.
///
/// ```
/// use chancery::{Lang, text::guess_language};
///
/// assert_eq!(guess_language("La réunion est consacrée à la paix et à la sécurité."), Some(Lang::FR));
/// assert_eq!(guess_language("The meeting is devoted to peace and to security."), Some(Lang::EN));
/// assert_eq!(guess_language("Встреча посвящена миру и безопасности в регионе."), Some(Lang::RU));
/// assert_eq!(guess_language("635319527"), None);
/// ```
pub fn guess_language(text: &str) -> Option<Lang> {
    let end = (0..=text.len().min(100_000)).rev().find(|&end| text.is_char_boundary(end));
    let text = &text[..end.unwrap_or_default()];
    let mut words = 0_u32;
    let mut hits = [0_u32; 3];
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        let word = word.to_lowercase();
        for (hit, (_, frequent)) in hits.iter_mut().zip(&FREQUENT) {
            *hit += u32::from(frequent.contains(&word.as_str()));
        }
    }
    let (best, &most) = hits.iter().enumerate().max_by_key(|&(_, hits)| hits)?;
    let second = hits.iter().enumerate().filter(|&(at, _)| at != best).map(|(_, &n)| n).max()?;
    let certain = f64::from(most) >= SHARE * f64::from(words)
        && f64::from(most) >= LEAD * f64::from(second)
        && most >= 2;
    certain.then(|| FREQUENT[best].0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_are_not_taken_for_one_of_ours() {
        for text in [
            "Die Minister werden konkrete Schritte prüfen, um einen Raum des Friedens zu schaffen.",
            "Los ministros examinarán las medidas concretas para crear un espacio de paz.",
            "",
            "!!! 1 2 3",
        ] {
            assert_eq!(guess_language(text), None, "{text}");
        }
    }
}
