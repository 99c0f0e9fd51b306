//! French verbs: which forms belong to one infinitive.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Emit;

/// Whether a word has the ending of an infinitive.
pub(super) fn is_infinitive(word: &str) -> bool {
    word.chars().count() >= 4
        && ["er", "ir", "re"].iter().any(|ending| word.ends_with(ending))
        && !["ère", "oire", "aire", "ure", "tre"].iter().any(|ending| {
            word.ends_with(ending) && !IRREGULAR.iter().any(|(verb, _)| word.ends_with(verb))
        })
}

/// The keys of the verb of a term: of one verb where it is an infinitive, else of all it may be a
/// form of.
pub(super) fn term_keys(word: &str, emit: Emit<'_>) {
    if IRREGULAR.iter().any(|(verb, _)| word.ends_with(verb)) {
        return emit("v", word);
    }
    if let Some(stem) = word.strip_suffix("er").filter(|stem| stem.chars().count() >= 2) {
        return emit("e", &even(stem));
    }
    if let Some(stem) = word.strip_suffix("ir") {
        return emit("i", stem);
    }
    if let Some(stem) = word.strip_suffix("re") {
        return emit("r", stem);
    }
    text_keys(word, emit);
}

/// The keys of all verbs that a word may be a form of.
pub(super) fn text_keys(word: &str, emit: Emit<'_>) {
    let irregular = irregular_tails();
    for (cut, _) in word.char_indices() {
        for verb in irregular.get(&word[cut..]).into_iter().flatten() {
            emit("v", &format!("{}{verb}", &word[..cut]));
        }
    }
    for (class, endings) in [("e", FIRST), ("i", SECOND), ("r", THIRD)] {
        for ending in endings {
            if let Some(stem) = word.strip_suffix(ending).filter(|s| s.chars().count() >= 2) {
                match class {
                    "e" => emit(class, &even(stem)),
                    "r" if !stem.ends_with(['d', 't', 'p']) => {}
                    _ => emit(class, stem),
                }
            }
        }
    }
}

/// Endings of verbs in -er.
const FIRST: &[&str] = &[
    "er", "e", "es", "ons", "ez", "ent", "ant", "ais", "ait", "ions", "iez", "aient", "ai", "as",
    "a", "âmes", "âtes", "èrent", "erai", "eras", "era", "erons", "erez", "eront", "erais",
    "erait", "erions", "eriez", "eraient", "é", "ée", "és", "ées", "ât", "asse", "assent",
    // As capitals without accents have them.
    "ee", "ees", "erent",
];

/// Endings of verbs in -ir with -iss-.
const SECOND: &[&str] = &[
    "ir", "is", "it", "issons", "issez", "issent", "issant", "issais", "issait", "issions",
    "issiez", "issaient", "isse", "isses", "i", "ie", "ies", "irent", "îmes", "îtes", "ît", "irai",
    "iras", "ira", "irons", "irez", "iront", "irais", "irait", "irions", "iriez", "iraient",
];

/// Endings of verbs in -re that keep their stem: rendre, répondre, rompre.
const THIRD: &[&str] = &[
    "re", "s", "", "ons", "ez", "ent", "ant", "ais", "ait", "ions", "iez", "aient", "e", "es",
    "is", "it", "irent", "u", "ue", "us", "ues", "rai", "ras", "ra", "rons", "rez", "ront", "rais",
    "rait", "rions", "riez", "raient",
];

/// The stem of a verb in -er without what its conjugation changes: `appell`, `réitèr`, `engage`,
/// `commenç`, `emploi`.
fn even(stem: &str) -> String {
    let mut even: String = stem
        .chars()
        .map(|c| match c {
            'è' | 'é' => 'e',
            'ç' => 'c',
            other => other,
        })
        .collect();
    if even.ends_with("ge") || even.ends_with("ll") || even.ends_with("tt") {
        even.pop();
    } else if even.ends_with("oi") || even.ends_with("ui") || even.ends_with("ai") {
        even.pop();
        even.push('y');
    }
    even
}

/// The ends of the forms of irregular verbs, with the verbs they belong to.
fn irregular_tails() -> &'static HashMap<String, Vec<&'static str>> {
    static TAILS: OnceLock<HashMap<String, Vec<&'static str>>> = OnceLock::new();
    TAILS.get_or_init(|| {
        let mut tails: HashMap<String, Vec<&'static str>> = HashMap::new();
        for (verb, stems) in IRREGULAR {
            for (stem, codes) in *stems {
                for ending in codes.chars().flat_map(endings) {
                    let verbs = tails.entry(format!("{stem}{ending}")).or_default();
                    if !verbs.contains(verb) {
                        verbs.push(verb);
                    }
                }
            }
        }
        tails
    })
}

/// What a letter of the table below stands for.
fn endings(code: char) -> &'static [&'static str] {
    match code {
        '0' => &[""],
        's' => &["s"],
        't' => &["t"],
        'R' => &["re"],
        'I' => &["ir"],
        'O' => &["oir"],
        'P' => &["s", "t"],
        'E' => &["e", "es", "ent"],
        'M' => &["ons", "ez", "ant", "ais", "ait", "ions", "iez", "aient"],
        'F' => {
            &["rai", "ras", "ra", "rons", "rez", "ront", "rais", "rait", "rions", "riez", "raient"]
        }
        'S' => &["s", "se", "ses", "t", "rent"],
        'U' => &["u", "ue", "us", "ues", "ut", "urent", "ût"],
        'Û' => &["û", "ue", "us", "ues", "ut", "urent"],
        'T' => &["t", "te", "ts", "tes"],
        'G' => &["i", "ie", "is", "ies", "it", "irent"],
        'Q' => &["is", "it", "irent", "ît"],
        _ => &[],
    }
}

/// Irregular verbs by their common tail: stems, each with the endings it takes.
#[rustfmt::skip]
const IRREGULAR: &[(&str, &[(&str, &str)])] = &[
    ("prendre", &[("prend", "0sRF"), ("pren", "M"), ("prenn", "E"), ("pri", "S")]),
    ("tenir", &[("tien", "P"), ("tienn", "E"), ("ten", "MUI"), ("tiend", "F"), ("tin", "Ps"), ("tinrent", "0")]),
    ("venir", &[("vien", "P"), ("vienn", "E"), ("ven", "MUI"), ("viend", "F"), ("vin", "Ps"), ("vinrent", "0")]),
    ("mettre", &[("mett", "REMF"), ("met", "0s"), ("mi", "S")]),
    ("battre", &[("batt", "REMFUQ"), ("bat", "0s")]),
    ("faire", &[("fai", "PRTF"), ("fe", "F"), ("fais", "M"), ("faites", "0"), ("font", "0"), ("fass", "EM"), ("f", "Q")]),
    ("dire", &[("di", "PRFST"), ("dis", "EM"), ("dites", "0")]),
    ("voir", &[("voi", "PE"), ("v", "OUQ"), ("voy", "M"), ("voi", "F"), ("ver", "F")]),
    ("devoir", &[("doi", "P"), ("doiv", "E"), ("dev", "MOF"), ("d", "UÛ")]),
    ("cevoir", &[("çoi", "P"), ("çoiv", "E"), ("cev", "MOF"), ("ç", "U")]),
    ("pouvoir", &[("peu", "t"), ("peuv", "E"), ("pouv", "MO"), ("pour", "F"), ("puiss", "EM"), ("p", "U")]),
    ("vouloir", &[("veu", "t"), ("veul", "E"), ("voul", "MOU"), ("voud", "F"), ("veuill", "EM")]),
    ("savoir", &[("sai", "P"), ("sav", "MO"), ("sau", "F"), ("sach", "EM"), ("s", "U")]),
    ("mouvoir", &[("meu", "P"), ("meuv", "E"), ("mouv", "MOF"), ("m", "UÛ")]),
    ("valoir", &[("vau", "t"), ("val", "MOUE"), ("vaud", "F"), ("vaill", "E")]),
    ("falloir", &[("faut", "0"), ("fall", "OU"), ("fallait", "0"), ("faud", "F"), ("faille", "0")]),
    ("être", &[("être", "0"), ("sont", "0"), ("est", "0"), ("sommes", "0"), ("ét", "M"), ("été", "0"), ("se", "F"), ("soit", "0"), ("soient", "0"), ("fut", "0"), ("furent", "0"), ("suis", "0")]),
    ("avoir", &[("avoir", "0"), ("a", "0"), ("ont", "0"), ("av", "M"), ("ay", "M"), ("au", "F"), ("ait", "0"), ("aient", "0"), ("e", "U")]),
    ("aller", &[("aller", "0"), ("va", "0"), ("vont", "0"), ("all", "M"), ("i", "F"), ("aill", "E"), ("allé", "0"), ("allée", "0s"), ("allés", "0")]),
    ("aître", &[("aît", "RF"), ("aît", "0"), ("ai", "s"), ("aiss", "EM"), ("", "U")]),
    ("croître", &[("croît", "RF0"), ("croi", "s"), ("croiss", "EM"), ("cr", "UÛ")]),
    ("clure", &[("clu", "PRFSE"), ("clus", "E"), ("clu", "M"), ("clu", "0")]),
    ("suivre", &[("sui", "P"), ("suiv", "REMFG")]),
    ("vivre", &[("vi", "P"), ("viv", "REMF"), ("véc", "U")]),
    ("crire", &[("cri", "PRFT"), ("criv", "EMQ")]),
    ("lire", &[("li", "PRF"), ("lis", "EM"), ("l", "U")]),
    ("uire", &[("ui", "PRFT"), ("uis", "EMQ")]),
    ("vrir", &[("vr", "EMI"), ("vri", "F"), ("ver", "T"), ("vr", "Q")]),
    ("frir", &[("fr", "EMI"), ("fri", "F"), ("fer", "T"), ("fr", "Q")]),
    ("servir", &[("ser", "P"), ("serv", "EMIG"), ("servi", "F")]),
    ("partir", &[("par", "P"), ("part", "EMIG"), ("parti", "F")]),
    ("sortir", &[("sor", "P"), ("sort", "EMIG"), ("sorti", "F")]),
    ("sentir", &[("sen", "P"), ("sent", "EMIG"), ("senti", "F")]),
    ("courir", &[("cour", "PEMIUF")]),
    ("mourir", &[("meur", "PE"), ("mour", "MIF"), ("mort", "0s"), ("morte", "0s")]),
    ("quérir", &[("quier", "P"), ("quièr", "E"), ("quér", "MI"), ("quer", "F"), ("qui", "S")]),
    ("soudre", &[("sou", "PF"), ("soud", "RF"), ("solv", "EM"), ("sol", "U"), ("sou", "S")]),
    ("joindre", &[("join", "PT"), ("joign", "EMQ"), ("joind", "RF")]),
    ("eindre", &[("ein", "PT"), ("eign", "EMQ"), ("eind", "RF")]),
    ("aindre", &[("ain", "PT"), ("aign", "EMQ"), ("aind", "RF")]),
    ("croire", &[("croi", "PRFE"), ("croy", "M"), ("cr", "U")]),
    ("vaincre", &[("vainc", "R0sFU"), ("vainqu", "EMQ")]),
    ("cueillir", &[("cueill", "EMIG"), ("cueille", "F")]),
    ("plaire", &[("plai", "PRF"), ("plaît", "0"), ("plais", "EM"), ("pl", "U")]),
    ("taire", &[("tai", "PRF"), ("tais", "EM"), ("t", "U")]),
    ("fuir", &[("fui", "PEF"), ("fuy", "M"), ("fu", "IG")]),
];

#[cfg(test)]
mod tests {
    use super::super::{Role, Rules, agree};

    #[test]
    fn forms_of_regular_and_irregular_verbs_find_their_infinitive() {
        for (verb, forms) in [
            ("réaffirmer", "réaffirme réaffirmé réaffirment réaffirmant réaffirmera"),
            ("appeler", "appelle appelons appellera appelé"),
            ("réitérer", "réitère réitéré réitérera réitérant"),
            ("engager", "engageons engageait engagé"),
            ("prononcer", "prononçant prononça prononcé"),
            ("déployer", "déploie déployé déploiera"),
            ("saisir", "saisit saisissent saisi saisissant"),
            ("prendre", "prend prennent pris prise prenant prirent prendra"),
            ("entreprendre", "entreprend entreprennent entrepris"),
            ("tenir", "tient tiennent tenu tenant tiendra tienne"),
            ("convenir", "convient convenu conviennent"),
            ("mettre", "met mettent mis mises mettra mettant"),
            ("soumettre", "soumet soumis soumettent"),
            ("reconnaître", "reconnaît reconnaissant reconnu reconnaissent"),
            ("conclure", "conclut conclu conclure conclura"),
            ("répondre", "répond répondent répondu répondra"),
            ("recevoir", "reçoit reçu recevra reçoivent"),
            ("promouvoir", "promeut promu promouvant"),
            ("souscrire", "souscrit souscrivent souscrite"),
            ("rejoindre", "rejoint rejoignent rejoindra"),
        ] {
            for form in forms.split(' ') {
                assert!(agree(Rules::French, verb, Role::Verb, form), "{verb} {form}");
            }
        }
    }

    #[test]
    fn nouns_of_the_same_root_are_no_forms() {
        for (verb, noun) in [
            ("réaffirmer", "réaffirmation"),
            ("saisir", "saisie-arrêt"),
            ("féliciter", "félicitations"),
            ("prendre", "preneur"),
            ("entrer", "entretien"),
        ] {
            assert!(!agree(Rules::French, verb, Role::Verb, noun), "{verb} {noun}");
        }
    }
}
