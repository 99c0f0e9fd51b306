//! English inflection: plurals, verb forms, and spellings with -ise or -ize.

use super::{Emit, Role};

const FIXED: &[&str] = &[
    "of", "the", "a", "an", "to", "in", "on", "for", "and", "or", "by", "with", "at", "from", "as",
    "not", "no", "non", "its", "their", "his", "her", "our", "your", "my", "s", "against", "under",
];

pub(super) const PREPOSITIONS: &[&str] =
    &["of", "to", "in", "on", "for", "by", "with", "at", "from", "against", "under"];

/// Possessives, which change with the subject.
const POSSESSIVE: &[&str] = &["its", "their", "his", "her", "our", "your", "my"];

pub(super) fn roles(words: &[String], verb: Option<bool>) -> Vec<Role> {
    let first = words.iter().position(|word| !FIXED.contains(&word.as_str()));
    let infinitive = words.first().is_some_and(|word| word == "to");
    (words.iter().enumerate())
        .map(|(at, word)| match word.as_str() {
            word if POSSESSIVE.contains(&word) => Role::Dependent,
            word if FIXED.contains(&word) => Role::Fixed,
            _ if Some(at) == first && (verb == Some(true) || infinitive) => Role::Verb,
            _ => Role::Head,
        })
        .collect()
}

pub(super) fn term_keys(folded: &str, role: Role, emit: Emit<'_>) {
    if role == Role::Dependent && POSSESSIVE.contains(&folded) {
        return emit("k", "its");
    }
    match role {
        Role::Verb => bases(folded, &mut |base| emit("v", base)),
        _ => singulars(folded, &mut |word| emit("n", &even(word))),
    }
}

pub(super) fn text_keys(folded: &str, emit: Emit<'_>) {
    if POSSESSIVE.contains(&folded) {
        emit("k", "its");
    }
    singulars(folded, &mut |word| emit("n", &even(word)));
    bases(folded, &mut |base| emit("v", base));
}

/// The words that this one can be the plural of, and itself.
fn singulars(word: &str, emit: &mut dyn FnMut(&str)) {
    emit(word);
    if let Some((_, singular)) = PLURALS.iter().find(|(plural, _)| *plural == word) {
        return emit(singular);
    }
    if word.len() < 4 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return;
    }
    if let Some(stem) = word.strip_suffix("men") {
        emit(&format!("{stem}man"));
    }
    if let Some(stem) = word.strip_suffix("ies") {
        emit(&format!("{stem}y"));
    } else if let Some(stem) = word.strip_suffix("es") {
        emit(stem);
        emit(&format!("{stem}e"));
    } else if let Some(stem) = word.strip_suffix('s') {
        emit(stem);
    }
}

const PLURALS: &[(&str, &str)] = &[
    ("children", "child"),
    ("crises", "crisis"),
    ("bases", "basis"),
    ("analyses", "analysis"),
    ("criteria", "criterion"),
    ("media", "medium"),
    ("memoranda", "memorandum"),
    ("lives", "life"),
    ("halves", "half"),
    ("people", "person"),
];

/// A noun in the spelling with -iz- and without the letters that British English adds.
fn even(word: &str) -> String {
    let mut word = word.to_owned();
    for (british, other) in [
        ("isation", "ization"),
        ("defence", "defense"),
        ("offence", "offense"),
        ("licence", "license"),
        ("programme", "program"),
        ("centre", "center"),
        ("labour", "labor"),
        ("neighbour", "neighbor"),
        ("colour", "color"),
        ("favour", "favor"),
    ] {
        if word.contains(british) {
            word = word.replace(british, other);
        }
    }
    word
}

/// The verbs that a word may be a form of, without a final -e, in the spelling with -iz-.
fn bases(word: &str, emit: &mut dyn FnMut(&str)) {
    let mut base = |stem: &str| {
        let stem = stem.strip_suffix('e').unwrap_or(stem);
        match stem.strip_suffix("is").filter(|rest| rest.len() >= 4) {
            Some(rest) => emit(&format!("{rest}iz")),
            None => emit(stem),
        }
    };
    for (verb, forms) in IRREGULAR {
        if forms.split(' ').any(|form| form == word) {
            base(verb);
        }
    }
    base(word);
    if word.len() < 4 {
        return;
    }
    for (ending, instead) in
        [("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ing", "")]
    {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 2) else {
            continue;
        };
        base(&format!("{stem}{instead}"));
        // `stopped`, `controlling`
        let mut last = stem.chars().rev();
        if matches!(ending, "ed" | "ing") && last.next() == last.next() {
            base(&stem[..stem.len() - 1]);
        }
    }
}

const IRREGULAR: &[(&str, &str)] = &[
    ("be", "is are was were been being am"),
    ("bear", "bore borne"),
    ("become", "became"),
    ("begin", "began begun"),
    ("bring", "brought"),
    ("build", "built"),
    ("choose", "chose chosen"),
    ("come", "came"),
    ("deal", "dealt"),
    ("do", "does did done"),
    ("draw", "drew drawn"),
    ("fall", "fell fallen"),
    ("find", "found"),
    ("give", "gave given"),
    ("go", "goes went gone"),
    ("grow", "grew grown"),
    ("have", "has had"),
    ("hold", "held"),
    ("keep", "kept"),
    ("know", "knew known"),
    ("lay", "laid"),
    ("lead", "led"),
    ("leave", "left"),
    ("lose", "lost"),
    ("make", "made"),
    ("meet", "met"),
    ("overcome", "overcame"),
    ("pay", "paid"),
    ("rise", "rose risen"),
    ("say", "said"),
    ("see", "saw seen"),
    ("seek", "sought"),
    ("send", "sent"),
    ("speak", "spoke spoken"),
    ("stand", "stood"),
    ("take", "took taken"),
    ("undertake", "undertook undertaken"),
    ("withdraw", "withdrew withdrawn"),
    ("write", "wrote written"),
];

#[cfg(test)]
mod tests {
    use crate::term::inflect::{Role, Rules, agree};

    #[test]
    fn plurals_and_spellings() {
        for (term, text, expected) in [
            ("treaty", "treaties", true),
            ("crisis", "crises", true),
            ("chairman", "chairmen", true),
            ("organisation", "Organizations", true),
            ("states", "State", true),
            ("council", "counsel", false),
            ("secretary", "secretariat", false),
        ] {
            assert_eq!(agree(Rules::English, term, Role::Head, text), expected, "{term} {text}");
        }
    }

    #[test]
    fn verb_forms() {
        for (verb, forms) in [
            ("take", "takes took taken taking"),
            ("welcome", "welcomes welcomed welcoming"),
            ("reaffirm", "reaffirms reaffirmed reaffirming"),
            ("recognise", "recognizes recognized recognising"),
            ("stop", "stopped stopping"),
        ] {
            for form in forms.split(' ') {
                assert!(agree(Rules::English, verb, Role::Verb, form), "{verb} {form}");
            }
        }
        assert!(!agree(Rules::English, "recognise", Role::Verb, "recognition"));
    }
}
