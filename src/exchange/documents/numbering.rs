//! Numbers that word processors and browsers put before paragraphs by themselves.

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numerals {
    Decimal,
    /// Two digits at least: 01, 02.
    Padded,
    Roman(Case),
    Latin(Case, AfterZ),
    /// The Russian letters that number items: without ё, й, ъ, ы and ь.
    Russian(Case),
    /// No number is shown.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
}

/// What follows z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterZ {
    /// aa, bb, cc.
    Repeated,
    /// aa, ab, ac.
    Counted,
}

impl Numerals {
    /// The number in these numerals. What they cannot write (zero, roman numbers from 4,000) is
    /// written in digits.
    pub(super) fn write(self, number: u32) -> String {
        let written = match self {
            Numerals::None => return String::new(),
            Numerals::Decimal => None,
            Numerals::Padded => return format!("{number:02}"),
            Numerals::Roman(_) => roman(number),
            Numerals::Latin(_, after) => letters(number, LATIN, after),
            Numerals::Russian(_) => letters(number, RUSSIAN, AfterZ::Repeated),
        };
        match (self, written) {
            (_, None) => number.to_string(),
            (
                Numerals::Roman(Case::Upper)
                | Numerals::Latin(Case::Upper, _)
                | Numerals::Russian(Case::Upper),
                Some(written),
            ) => written.to_uppercase(),
            (_, Some(written)) => written,
        }
    }
}

const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
const RUSSIAN: &str = "абвгдежзиклмнопрстуфхцчшщэюя";
/// Longer rows of letters are nobody's numbers.
const LETTERS: u32 = 20;

fn letters(number: u32, alphabet: &str, after: AfterZ) -> Option<String> {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let size = alphabet.len() as u32;
    let index = number.checked_sub(1)?;
    match after {
        AfterZ::Repeated => {
            let times = index / size + 1;
            let letter = alphabet[(index % size) as usize];
            (times <= LETTERS).then(|| (0..times).map(|_| letter).collect())
        }
        AfterZ::Counted => {
            let mut reversed = Vec::new();
            let mut left = number;
            while left > 0 {
                reversed.push(alphabet[((left - 1) % size) as usize]);
                left = (left - 1) / size;
            }
            Some(reversed.iter().rev().collect())
        }
    }
}

fn roman(number: u32) -> Option<String> {
    const STEPS: &[(u32, &str)] = &[
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut left = number;
    let mut written = String::new();
    for &(value, letters) in STEPS {
        while left >= value {
            written.push_str(letters);
            left -= value;
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_as_on_the_page() {
        let latin = |after| Numerals::Latin(Case::Lower, after);
        let cases = [
            (Numerals::Decimal, 12, "12"),
            (Numerals::Padded, 7, "07"),
            (Numerals::Roman(Case::Upper), 1994, "MCMXCIV"),
            (Numerals::Roman(Case::Lower), 4, "iv"),
            (Numerals::Roman(Case::Lower), 4000, "4000"),
            (latin(AfterZ::Repeated), 28, "bb"),
            (latin(AfterZ::Counted), 28, "ab"),
            (Numerals::Latin(Case::Upper, AfterZ::Counted), 702, "ZZ"),
            (Numerals::Russian(Case::Lower), 10, "к"),
            (Numerals::Russian(Case::Upper), 29, "АА"),
            (Numerals::Latin(Case::Lower, AfterZ::Repeated), 0, "0"),
        ];
        for (numerals, number, expected) in cases {
            assert_eq!(numerals.write(number), expected, "{numerals:?}");
        }
    }

    proptest! {
        #[test]
        fn no_number_of_any_numerals_is_long_or_stands_for_two(a in any::<u32>(), b in 0_u32..5000) {
            let numerals = [
                Numerals::Roman(Case::Lower),
                Numerals::Latin(Case::Upper, AfterZ::Counted),
                Numerals::Latin(Case::Lower, AfterZ::Repeated),
                Numerals::Russian(Case::Lower),
                Numerals::Padded,
            ];
            for numerals in numerals {
                prop_assert!(numerals.write(a).chars().count() <= 20);
                prop_assert_eq!(numerals.write(a) == numerals.write(b), a == b);
            }
        }
    }
}
