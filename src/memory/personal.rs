//! What may tell who a person is, found by its form.

use std::sync::LazyLock;

use regex::Regex;

use super::PersonalKind;

/// The forms. The text that counts is the first group.
static FORMS: LazyLock<Vec<(PersonalKind, Regex)>> = LazyLock::new(|| {
    const FORMS: [(PersonalKind, &str); 4] = [
        (PersonalKind::Email, r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
        (PersonalKind::Phone, r"(\+\d[\d\u{a0}\u{202f} ().-]{6,18}\d)"),
        // Letters and digits after the word for the document.
        (
            PersonalKind::Document,
            r"(?i:passeport|passport|паспорт\w*|carte d[’']identité|identity card)(?:[\s\u{a0}:]|n[o°º]|№|no\.)*([A-Z]{0,3}\s?\d[\d\s]{4,12}\d)",
        ),
        (
            PersonalKind::Name,
            r"(?:\bM\.|\bMM\.|\bMme|\bMlle|\bMr\.?|\bMrs\.?|\bMs\.?|\bг-н|\bг-жа|\bг-на|\bг-жи)[\s\u{a0}]+((?:\p{Lu}[\p{L}’'.-]*)(?:[\s\u{a0}]+\p{Lu}[\p{L}’'-]+)*)",
        ),
    ];
    let compile =
        |&(kind, form): &(PersonalKind, &str)| Regex::new(form).ok().map(|form| (kind, form));
    FORMS.iter().filter_map(compile).collect()
});

pub(super) fn find(text: &str) -> Vec<(PersonalKind, String)> {
    let mut found = Vec::new();
    for (kind, form) in FORMS.iter() {
        let matches = form.captures_iter(text).filter_map(|captures| captures.get(1));
        found.extend(matches.map(|one| (*kind, one.as_str().to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_compiles_and_finds() {
        assert_eq!(FORMS.len(), 4);
        let found = |text: &str| find(text).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(found("Mme Anne Valcourt et M. Roch ont signé."), ["Anne Valcourt", "Roch"]);
        assert_eq!(
            found("Tél. +33 1 23 45 67 89, passeport no AB 1234567"),
            ["+33 1 23 45 67 89", "AB 1234567"]
        );
        assert_eq!(found("г-н Орлов прибыл"), ["Орлов"]);
        assert!(found("Les ministres sont convenus de 1 250 000 euros.").is_empty());
    }
}
