//! Numbers in letters: what a text says without a digit.
//!
//! They are read only to excuse a number in digits on the other side: *six months* for `6 mois`.
//! Nobody is told that a number in letters is missing, because *un*, *both* or *second* have too
//! many meanings.

use std::collections::BTreeSet;

use crate::Lang;
use crate::text::Token;

/// The numbers that a text may say in letters or in Roman numerals.
pub(super) fn numbers(text: &str, tokens: &[Token], lang: &Lang) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let mut reading = Reading::default();
    for token in tokens {
        let key = token.key();
        match value(key, lang) {
            // A digit before a magnitude (`2 millions`) is read elsewhere.
            Some(number) => {
                found.insert(number);
                reading.add(number, &mut found);
            }
            None if matches!(key, "-" | "et" | "and" | "и") => {}
            None => reading.end(&mut found),
        }
        if let Some(number) = roman(&text[token.span()]) {
            found.insert(number);
        }
    }
    reading.end(&mut found);
    found
}

/// A number of several words.
#[derive(Default)]
struct Reading {
    /// Thousands and more.
    high: u64,
    /// What may still be multiplied.
    low: u64,
    any: bool,
}

impl Reading {
    fn add(&mut self, number: u64, found: &mut BTreeSet<u64>) {
        match number {
            1000.. => {
                self.high = self.high.saturating_add(number.saturating_mul(self.low.max(1)));
                self.low = 0;
            }
            100 if (2..10).contains(&self.low) => self.low *= 100,
            // quatre-vingts
            20 if self.low % 100 == 4 => self.low += 76,
            _ => {
                let room = match number {
                    0..10 => self.low.is_multiple_of(10),
                    // soixante-dix, quatre-vingt-onze
                    10..20 => matches!(self.low % 100, 0 | 60 | 80),
                    20..100 => self.low.is_multiple_of(100),
                    _ => self.low == 0,
                };
                if !room {
                    self.end(found);
                }
                self.low += number;
            }
        }
        self.any = true;
    }

    fn end(&mut self, found: &mut BTreeSet<u64>) {
        if std::mem::take(&mut self.any) {
            found.insert(self.high.saturating_add(self.low));
        }
        (self.high, self.low) = (0, 0);
    }
}

/// What a word counts, as cardinal, ordinal or noun.
fn value(key: &str, lang: &Lang) -> Option<u64> {
    let exact = |list: &[(&str, u64)]| list.iter().find(|(word, _)| *word == key).map(|(_, n)| *n);
    match lang.primary() {
        "fr" => exact(FRENCH).or_else(|| {
            // deuxième, vingtaine, triennal: the longest beginning that is a number.
            let beginning = key
                .strip_suffix("ième")
                .or_else(|| key.strip_suffix("ièmes"))
                .or_else(|| key.strip_suffix("aine"))
                .or_else(|| key.strip_suffix("aines"))?;
            FRENCH_STEMS.iter().find(|(stem, _)| *stem == beginning).map(|(_, n)| *n)
        }),
        "en" => exact(ENGLISH).or_else(|| {
            let plural = key.strip_suffix('s')?;
            ENGLISH.iter().find(|(word, _)| *word == plural).map(|(_, n)| *n)
        }),
        "ru" => exact(RUSSIAN).or_else(|| {
            let mut stems: Vec<_> =
                RUSSIAN_STEMS.iter().filter(|(stem, _)| key.starts_with(stem)).collect();
            stems.sort_by_key(|(stem, _)| stem.len());
            stems.last().map(|(_, n)| *n)
        }),
        _ => None,
    }
}

/// The value of a Roman numeral in capitals, with or without a French or Russian ending.
pub(super) fn roman(word: &str) -> Option<u64> {
    let digits = word.trim_end_matches(|c: char| c.is_lowercase());
    let endings = ["", "e", "er", "ère", "ème", "ième", "s"];
    if digits.is_empty() || digits.len() > 9 || !endings.contains(&&word[digits.len()..]) {
        return None;
    }
    let mut total: i64 = 0;
    let mut last = i64::MAX;
    for c in digits.chars() {
        let value = match c {
            'I' | 'І' => 1,
            'V' => 5,
            'X' | 'Х' => 10,
            'L' => 50,
            'C' | 'С' => 100,
            'D' => 500,
            'M' | 'М' => 1000,
            _ => return None,
        };
        total += value;
        if value > last {
            total -= 2 * last;
        }
        last = value;
    }
    u64::try_from(total).ok()
}

const FRENCH: &[(&str, u64)] = &[
    ("zéro", 0),
    ("un", 1),
    ("une", 1),
    ("premier", 1),
    ("première", 1),
    ("premiers", 1),
    ("premières", 1),
    ("deux", 2),
    ("second", 2),
    ("seconde", 2),
    ("double", 2),
    ("biennal", 2),
    ("bisannuel", 2),
    ("bisannuelle", 2),
    ("biennale", 2),
    ("trois", 3),
    ("triple", 3),
    ("triennal", 3),
    ("triennale", 3),
    ("tiers", 3),
    ("trimestre", 3),
    ("quatre", 4),
    ("quart", 4),
    ("cinq", 5),
    ("quinquennal", 5),
    ("quinquennale", 5),
    ("six", 6),
    ("semestre", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("décennie", 10),
    ("décennies", 10),
    ("décennal", 10),
    ("décennale", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("seize", 16),
    ("vingt", 20),
    ("vingts", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("septante", 70),
    ("nonante", 90),
    ("cent", 100),
    ("cents", 100),
    ("siècle", 100),
    ("mille", 1000),
    ("millier", 1000),
    ("milliers", 1000),
    ("millième", 1000),
    ("millénaire", 1000),
    ("million", 1_000_000),
    ("millions", 1_000_000),
    ("milliard", 1_000_000_000),
    ("milliards", 1_000_000_000),
];
const FRENCH_STEMS: &[(&str, u64)] = &[
    ("un", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatr", 4),
    ("cinqu", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("huit", 8),
    ("neuv", 9),
    ("dix", 10),
    ("onz", 11),
    ("douz", 12),
    ("treiz", 13),
    ("quatorz", 14),
    ("quinz", 15),
    ("seiz", 16),
    ("vingt", 20),
    ("trent", 30),
    ("quarant", 40),
    ("cinquant", 50),
    ("soixant", 60),
    ("cent", 100),
    ("mill", 1000),
    ("million", 1_000_000),
];
const ENGLISH: &[(&str, u64)] = &[
    ("zero", 0),
    ("nil", 0),
    ("one", 1),
    ("a", 1),
    ("an", 1),
    ("first", 1),
    ("once", 1),
    ("single", 1),
    ("two", 2),
    ("second", 2),
    ("secondly", 2),
    ("twice", 2),
    ("both", 2),
    ("couple", 2),
    ("double", 2),
    ("half", 2),
    ("biennial", 2),
    ("biennium", 2),
    ("three", 3),
    ("third", 3),
    ("triple", 3),
    ("triennial", 3),
    ("four", 4),
    ("fourth", 4),
    ("quarter", 4),
    ("five", 5),
    ("fifth", 5),
    ("six", 6),
    ("sixth", 6),
    ("seven", 7),
    ("seventh", 7),
    ("eight", 8),
    ("eighth", 8),
    ("nine", 9),
    ("ninth", 9),
    ("ten", 10),
    ("tenth", 10),
    ("decade", 10),
    ("eleven", 11),
    ("eleventh", 11),
    ("twelve", 12),
    ("twelfth", 12),
    ("dozen", 12),
    ("thirteen", 13),
    ("thirteenth", 13),
    ("fourteen", 14),
    ("fourteenth", 14),
    ("fifteen", 15),
    ("fortnight", 15),
    ("fifteenth", 15),
    ("sixteen", 16),
    ("sixteenth", 16),
    ("seventeen", 17),
    ("seventeenth", 17),
    ("eighteen", 18),
    ("eighteenth", 18),
    ("nineteen", 19),
    ("nineteenth", 19),
    ("twenty", 20),
    ("twenties", 20),
    ("twentieth", 20),
    ("thirty", 30),
    ("thirtieth", 30),
    ("forty", 40),
    ("fortieth", 40),
    ("fifty", 50),
    ("fiftieth", 50),
    ("sixty", 60),
    ("sixtieth", 60),
    ("seventy", 70),
    ("seventieth", 70),
    ("eighty", 80),
    ("eightieth", 80),
    ("ninety", 90),
    ("ninetieth", 90),
    ("hundred", 100),
    ("hundredth", 100),
    ("century", 100),
    ("thousand", 1000),
    ("thousandth", 1000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
];
const RUSSIAN: &[(&str, u64)] = &[
    ("ноль", 0),
    ("нуль", 0),
    ("нулю", 0),
    ("одна", 1),
    ("одно", 1),
    ("раз", 1),
    ("два", 2),
    ("две", 2),
    ("двум", 2),
    ("двумя", 2),
    ("оба", 2),
    ("обе", 2),
    ("обоих", 2),
    ("обеих", 2),
    ("вдвое", 2),
    ("дважды", 2),
    ("три", 3),
    ("трем", 3),
    ("тремя", 3),
    ("трижды", 3),
    ("треть", 3),
    ("трети", 3),
    ("четыре", 4),
    ("четырем", 4),
    ("четырьмя", 4),
    ("пять", 5),
    ("шесть", 6),
    ("семь", 7),
    ("восемь", 8),
    ("девять", 9),
    ("десять", 10),
    ("сто", 100),
    ("ста", 100),
    ("сотни", 100),
    ("сотен", 100),
];
/// Beginnings, as key of a token has them: е for ё.
const RUSSIAN_STEMS: &[(&str, u64)] = &[
    ("один", 1),
    ("одного", 1),
    ("одной", 1),
    ("одному", 1),
    ("одним", 1),
    ("одну", 1),
    ("перв", 1),
    ("двух", 2),
    ("двой", 2),
    ("двое", 2),
    ("второ", 2),
    ("втора", 2),
    ("вторы", 2),
    ("вторую", 2),
    ("половин", 2),
    ("трех", 3),
    ("трой", 3),
    ("трое", 3),
    ("трет", 3),
    ("четырех", 4),
    ("четверт", 4),
    ("пяти", 5),
    ("пятью", 5),
    ("пята", 5),
    ("пято", 5),
    ("пяты", 5),
    ("пятую", 5),
    ("шест", 6),
    ("седьм", 7),
    ("семи", 7),
    ("семью", 7),
    ("восьм", 8),
    ("девят", 9),
    ("десят", 10),
    ("одиннадцат", 11),
    ("двенадцат", 12),
    ("тринадцат", 13),
    ("четырнадцат", 14),
    ("пятнадцат", 15),
    ("шестнадцат", 16),
    ("семнадцат", 17),
    ("восемнадцат", 18),
    ("девятнадцат", 19),
    ("двадцат", 20),
    ("тридцат", 30),
    ("сорок", 40),
    ("пятьдесят", 50),
    ("пятидесят", 50),
    ("шестьдесят", 60),
    ("шестидесят", 60),
    ("семьдесят", 70),
    ("семидесят", 70),
    ("восемьдесят", 80),
    ("восьмидесят", 80),
    ("девяност", 90),
    ("сотый", 100),
    ("сотой", 100),
    ("двести", 200),
    ("двухсот", 200),
    ("триста", 300),
    ("трехсот", 300),
    ("четыреста", 400),
    ("четырехсот", 400),
    ("пятьсот", 500),
    ("пятисот", 500),
    ("тысяч", 1000),
    ("миллион", 1_000_000),
    ("миллиард", 1_000_000_000),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    fn says(text: &str, lang: &Lang, number: u64) -> bool {
        numbers(text, &tokens(text, lang), lang).contains(&number)
    }

    #[test]
    fn numbers_of_several_words() {
        for (text, number) in [
            ("quatre-vingt-dix-sept pages", 97),
            ("soixante et onze États", 71),
            ("deux cent trente et un", 231),
            ("la vingt-troisième réunion", 23),
            ("trois millions deux cent mille", 3_200_000),
            ("au XXIe siècle", 21),
            ("une quinzaine de jours", 15),
        ] {
            assert!(says(text, &Lang::FR, number), "{text}");
        }
        assert!(says("one hundred and five", &Lang::EN, 105));
        assert!(says("its sixty-ninth session", &Lang::EN, 69));
        assert!(says("двадцать третьего заседания", &Lang::RU, 23));
        assert!(says("в шестимесячный срок", &Lang::RU, 6));
        assert!(says("две тысячи пятнадцать", &Lang::RU, 2015));
    }

    #[test]
    fn neighbours_stay_apart() {
        assert!(says("deux trois", &Lang::FR, 3));
        assert!(!says("vingt, trente", &Lang::FR, 50));
        assert!(!says("Trivia", &Lang::EN, 3));
        assert_eq!(roman("MIV"), Some(1004));
        assert_eq!(roman("Mine"), None);
    }
}
