//! French inflection: number, gender, contraction, and which word of a term may take which.

use super::french_verbs;
use super::{Emit, Role};

/// Gives a function word the one name of all its forms, and drops the apostrophe of others.
pub(super) fn fold(word: &mut String) {
    let name = match word.as_str() {
        "la" | "les" | "l'" => "le",
        "d'" => "de",
        "s'" => "se",
        "n'" => "ne",
        "qu'" => "que",
        "j'" => "je",
        "cet" | "cette" | "ces" | "c'" => "ce",
        "toute" | "tous" | "toutes" => "tout",
        "une" => "un",
        "sa" | "ses" | "leur" | "leurs" | "notre" | "nos" | "votre" | "vos" | "mon" | "ma"
        | "mes" => "son",
        _ => {
            if word.ends_with('\'') {
                word.pop();
            }
            return;
        }
    };
    word.clear();
    word.push_str(name);
}

/// Pronouns that take the place of `se` with another person.
const REFLEXIVE: &[&str] = &["se", "nous", "vous", "me", "te", "m", "t"];

pub(super) const PREPOSITIONS: &[&str] = &[
    "de", "à", "en", "pour", "par", "sur", "sous", "dans", "avec", "sans", "contre", "entre",
    "vers", "chez", "dès", "selon", "devant", "après", "avant", "depuis", "envers",
];

/// Words that never change.
const FIXED: &[&str] = &[
    "le", "de", "se", "ne", "que", "je", "ce", "tout", "un", "son", "moins", "plus", "très", "non",
    "pas", "y", "lieu", "aussi", "bien", "mal", "y",
];

/// Adjectives that stand before their noun.
const BEFORE_NOUN: &[&str] = &[
    "haut",
    "haute",
    "hauts",
    "hautes",
    "grand",
    "grande",
    "grands",
    "grandes",
    "petit",
    "petite",
    "nouveau",
    "nouvelle",
    "nouveaux",
    "nouvelles",
    "ancien",
    "ancienne",
    "anciens",
    "anciennes",
    "premier",
    "première",
    "premiers",
    "premières",
    "bon",
    "bons",
    "bonne",
    "bonnes",
    "seul",
    "second",
    "seconde",
    "deuxième",
    "troisième",
    "libre",
    "libres",
    "proche",
    "moyen",
    "ex",
    "vice",
    "sous",
];

pub(super) fn roles(words: &[String], verb: Option<bool>) -> Vec<Role> {
    let mut noun_next = true;
    let verb_at = words.iter().position(|word| !FIXED.contains(&word.as_str()));
    let reflexive = words.first().is_some_and(|word| word == "se");
    (words.iter().enumerate())
        .map(|(at, word)| {
            let word = word.as_str();
            if PREPOSITIONS.contains(&word) || matches!(word, "et" | "ou") {
                noun_next = true;
                return Role::Fixed;
            }
            if Some(at) == verb_at && (verb == Some(true) || reflexive) {
                return Role::Verb;
            }
            if FIXED.contains(&word) {
                // `se` gives way to `nous` where it belongs to a verb.
                let clitic = word == "se" && (reflexive || verb == Some(true));
                return if clitic { Role::Dependent } else { Role::Fixed };
            }
            if BEFORE_NOUN.contains(&word) && at + 1 < words.len() {
                return Role::Dependent;
            }
            if at == 0 && verb.is_none() && french_verbs::is_infinitive(word) {
                return Role::VerbOrHead;
            }
            match std::mem::replace(&mut noun_next, false) {
                true => Role::Head,
                false => Role::Dependent,
            }
        })
        .collect()
}

pub(super) fn term_keys(folded: &str, role: Role, emit: Emit<'_>) {
    if folded == "se" && role == Role::Dependent {
        return emit("k", "se");
    }
    if matches!(role, Role::Head | Role::VerbOrHead) {
        singulars(folded, &mut |word| {
            emit("n", word);
            person(word, emit);
        });
    }
    if role == Role::Dependent {
        singulars(folded, &mut |word| masculine(word, emit));
    }
    if matches!(role, Role::Verb | Role::VerbOrHead) {
        french_verbs::term_keys(folded, emit);
    }
}

pub(super) fn text_keys(folded: &str, emit: Emit<'_>) {
    if REFLEXIVE.contains(&folded) {
        emit("k", "se");
    }
    singulars(folded, &mut |word| {
        emit("n", word);
        person(word, emit);
        masculine(word, emit);
    });
    french_verbs::text_keys(folded, emit);
}

/// The words that this one can be the plural of, and itself.
fn singulars(word: &str, emit: &mut dyn FnMut(&str)) {
    emit(word);
    if word.chars().count() < 4 {
        return;
    }
    if let Some(stem) = word.strip_suffix("aux") {
        for ending in ["al", "ail", "au"] {
            emit(&format!("{stem}{ending}"));
        }
    } else if let Some(stem) = word.strip_suffix('x').filter(|stem| stem.ends_with('u')) {
        emit(stem);
    } else if let Some(stem) = word.strip_suffix('s') {
        emit(stem);
    }
}

/// Endings of women and men who hold an office.
const PERSONS: &[(&str, &str)] = &[
    ("trice", "teur"),
    ("drice", "deur"),
    ("euse", "eur"),
    ("ante", "ant"),
    ("ente", "ent"),
    ("enne", "en"),
    ("ère", "er"),
    ("ere", "er"),
    ("ate", "at"),
    ("aine", "ain"),
    ("aise", "ais"),
    ("oise", "ois"),
    ("ée", "é"),
];

/// Nouns of persons in -é: others in -ée are no feminines (`armée`, `assemblée`).
const PERSONS_IN_E: &[&str] = &[
    "délégué",
    "employé",
    "député",
    "réfugié",
    "chargé",
    "envoyé",
    "associé",
    "invité",
    "juré",
    "affilié",
    "attaché",
    "diplômé",
    "détaché",
    "blessé",
    "déplacé",
    "rapatrié",
    "accusé",
];

/// The masculine of a noun for a person.
fn person(word: &str, emit: Emit<'_>) {
    emit("p", word);
    for (feminine, masculine) in PERSONS {
        if let Some(stem) = word.strip_suffix(feminine) {
            let candidate = format!("{stem}{masculine}");
            if stem.len() >= 3 && (*masculine != "é" || PERSONS_IN_E.contains(&&*candidate)) {
                emit("p", &candidate);
            }
        }
    }
}

/// Endings of feminine adjectives and the masculine they go with.
const ADJECTIVES: &[(&str, &str)] = &[
    ("trice", "teur"),
    ("euse", "eux"),
    ("euse", "eur"),
    ("ère", "er"),
    ("ere", "er"),
    ("ète", "et"),
    ("ève", "ef"),
    ("ive", "if"),
    ("euve", "euf"),
    ("elle", "el"),
    ("elle", "eau"),
    ("eille", "eil"),
    ("ulle", "ul"),
    ("enne", "en"),
    ("onne", "on"),
    ("ette", "et"),
    ("otte", "ot"),
    ("asse", "as"),
    ("esse", "es"),
    ("osse", "os"),
    ("anche", "anc"),
    ("èche", "ec"),
    ("que", "c"),
    ("gue", "g"),
    ("ouce", "oux"),
    ("ausse", "aux"),
];

/// The masculine singulars an adjective or participle can belong to, given a singular.
fn masculine(word: &str, emit: Emit<'_>) {
    emit("g", word);
    let mut feminine = false;
    for (ending, masculine) in ADJECTIVES {
        if let Some(stem) = word.strip_suffix(ending) {
            feminine = true;
            emit("g", &format!("{stem}{masculine}"));
        }
    }
    if let Some(stem) = word.strip_suffix('e').filter(|stem| stem.chars().count() >= 3 && !feminine)
    {
        emit("g", stem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::inflect::{Rules, agree};

    fn check(term: &str, role: Role, yes: &[&str], no: &[&str]) {
        for text in yes {
            assert!(agree(Rules::French, term, role, text), "{term} should find {text}");
        }
        for text in no {
            assert!(!agree(Rules::French, term, role, text), "{term} should not find {text}");
        }
    }

    #[test]
    fn nouns_change_in_number_and_persons_in_gender() {
        check("conseil", Role::Head, &["Conseils"], &["conseiller", "conseille"]);
        check("tribunal", Role::Head, &["tribunaux"], &["tribune"]);
        check("travaux", Role::Head, &["travail"], &["traverse"]);
        check("enjeu", Role::Head, &["enjeux"], &[]);
        check("ambassadeur", Role::Head, &["ambassadrices"], &["ambassade"]);
        check("partie", Role::Head, &["parties"], &["parti", "partis"]);
        check("port", Role::Head, &["ports"], &["porte"]);
    }

    #[test]
    fn adjectives_agree_in_gender_and_number() {
        for (term, forms) in [
            ("général", ["générale", "généraux", "générales"]),
            ("national", ["nationale", "nationaux", "nationales"]),
            ("européen", ["européenne", "européens", "européennes"]),
            ("premier", ["première", "premiers", "premières"]),
            ("avancé", ["avancée", "avancés", "avancées"]),
            ("nouveau", ["nouvelle", "nouveaux", "nouvelles"]),
            ("consultatif", ["consultative", "consultatifs", "consultatives"]),
            ("public", ["publique", "publics", "publiques"]),
            ("verbale", ["verbal", "verbaux", "verbales"]),
            ("spécial", ["spéciale", "spéciaux", "spéciales"]),
        ] {
            check(term, Role::Dependent, &forms, &["autre"]);
        }
        check("général", Role::Dependent, &[], &["généralement", "généralité"]);
        check("universel", Role::Dependent, &["universelles"], &["univers", "université"]);
    }

    #[test]
    fn roles_follow_the_place_in_the_term() {
        use Role::{Dependent, Fixed, Head, Verb, VerbOrHead};
        for (words, verb, expected) in [
            ("conseil de sécurité", Some(false), vec![Head, Fixed, Head]),
            ("premier ministre", None, vec![Dependent, Head]),
            ("se féliciter de", None, vec![Dependent, Verb, Fixed]),
            ("prendre note", None, vec![VerbOrHead, Head]),
            ("affaire étranger", Some(false), vec![Head, Dependent]),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            assert_eq!(roles(&words, verb), expected, "{words:?}");
        }
    }
}
