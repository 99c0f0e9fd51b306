//! The months of the year in words.

use crate::Lang;

/// The months in order, each in the forms it takes. The first form stands after a day; in Russian
/// it is followed by that which stands alone and that after *в*.
type Forms = [&'static [&'static str]; 12];

const FRENCH: Forms = [
    &["janvier"],
    &["février"],
    &["mars"],
    &["avril"],
    &["mai"],
    &["juin"],
    &["juillet"],
    &["août"],
    &["septembre"],
    &["octobre"],
    &["novembre"],
    &["décembre"],
];
const ENGLISH: Forms = [
    &["January"],
    &["February"],
    &["March"],
    &["April"],
    &["May"],
    &["June"],
    &["July"],
    &["August"],
    &["September"],
    &["October"],
    &["November"],
    &["December"],
];
const RUSSIAN: Forms = [
    &["января", "январь", "январе"],
    &["февраля", "февраль", "феврале"],
    &["марта", "март", "марте"],
    &["апреля", "апрель", "апреле"],
    &["мая", "май", "мае"],
    &["июня", "июнь", "июне"],
    &["июля", "июль", "июле"],
    &["августа", "август", "августе"],
    &["сентября", "сентябрь", "сентябре"],
    &["октября", "октябрь", "октябре"],
    &["ноября", "ноябрь", "ноябре"],
    &["декабря", "декабрь", "декабре"],
];
/// Abbreviations, with the number of the month from 0.
const FRENCH_SHORT: [(usize, &str); 10] = [
    (0, "janv."),
    (1, "févr."),
    (1, "fév."),
    (3, "avr."),
    (6, "juill."),
    (6, "juil."),
    (8, "sept."),
    (9, "oct."),
    (10, "nov."),
    (11, "déc."),
];
const ENGLISH_SHORT: [(usize, &str); 12] = [
    (0, "Jan."),
    (1, "Feb."),
    (2, "Mar."),
    (3, "Apr."),
    (5, "Jun."),
    (6, "Jul."),
    (7, "Aug."),
    (8, "Sept."),
    (8, "Sep."),
    (9, "Oct."),
    (10, "Nov."),
    (11, "Dec."),
];
const RUSSIAN_SHORT: [(usize, &str); 9] = [
    (0, "янв."),
    (1, "февр."),
    (1, "фев."),
    (3, "апр."),
    (7, "авг."),
    (8, "сент."),
    (9, "окт."),
    (10, "нояб."),
    (11, "дек."),
];

/// The months with their forms; none for a language they are not known in.
pub(crate) fn month_forms(lang: &Lang) -> Option<&'static Forms> {
    match lang.primary() {
        "fr" => Some(&FRENCH),
        "en" => Some(&ENGLISH),
        "ru" => Some(&RUSSIAN),
        _ => None,
    }
}

fn short(lang: &Lang) -> &'static [(usize, &'static str)] {
    match lang.primary() {
        "fr" => &FRENCH_SHORT,
        "en" => &ENGLISH_SHORT,
        "ru" => &RUSSIAN_SHORT,
        _ => &[],
    }
}

/// All ways to write a month, with its number from 0.
pub(super) fn month_names(lang: &Lang) -> impl Iterator<Item = (usize, &'static str)> + use<> {
    let forms = month_forms(lang).into_iter().flatten().enumerate();
    forms
        .flat_map(|(nth, forms)| forms.iter().map(move |form| (nth, *form)))
        .chain(short(lang).iter().copied())
}

/// The number of a month from 0, and which of its forms a whole word is. In English a month has a
/// capital: `may` is another word.
pub(crate) fn month_of_word(word: &str, lang: &Lang) -> Option<(usize, usize)> {
    if lang.primary() == "en" && !word.starts_with(char::is_uppercase) {
        return None;
    }
    let word = word.to_lowercase();
    month_forms(lang)?.iter().enumerate().find_map(|(nth, forms)| {
        let form = forms.iter().position(|form| form.to_lowercase() == word)?;
        Some((nth, form))
    })
}

/// Whether a word in lower case, without a point, may name a month.
pub(crate) fn may_be_month(word: &str, lang: &Lang) -> bool {
    // In lower case they are as long.
    month_names(lang).map(|(_, name)| name.trim_end_matches('.')).any(|name| {
        name.len() == word.len() && name.chars().flat_map(char::to_lowercase).eq(word.chars())
    })
}
