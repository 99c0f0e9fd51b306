//! Russian inflection: case, number and gender; tense, person and aspect.
//!
//! A stem is kept apart by the declension it was cut for, so that *право* does not become a form
//! of *правый*. Fleeting vowels (*конец*, *конца*; *сделка*, *сделок*) and alternations of verbs
//! (*выражать*, *выразить*) are undone, which stemmers leave alone.

use super::{Emit, Role};

pub(super) const PREPOSITIONS: &[&str] = &[
    "в",
    "во",
    "к",
    "ко",
    "о",
    "об",
    "обо",
    "по",
    "с",
    "со",
    "на",
    "за",
    "из",
    "от",
    "до",
    "для",
    "при",
    "про",
    "без",
    "под",
    "над",
    "у",
    "между",
    "против",
    "через",
    "перед",
];

pub(super) fn roles(words: &[String], verb: Option<bool>) -> Vec<Role> {
    let first = words.iter().position(|word| !is_fixed(word));
    (words.iter().enumerate())
        .map(|(at, word)| {
            let infinitive = || {
                ["ать", "ять", "ить", "еть", "овать", "аться", "иться"]
                    .iter()
                    .any(|ending| word.ends_with(ending))
            };
            if is_fixed(word) {
                Role::Fixed
            } else if Some(at) == first && verb == Some(true) {
                Role::Verb
            } else if Some(at) == first && verb.is_none() && infinitive() {
                Role::VerbOrHead
            } else {
                Role::Head
            }
        })
        .collect()
}

fn is_fixed(word: &str) -> bool {
    PREPOSITIONS.contains(&word) || matches!(word, "и" | "или" | "не")
}

pub(super) fn term_keys(folded: &str, role: Role, emit: Emit<'_>) {
    if matches!(role, Role::Verb | Role::VerbOrHead) {
        verbs(folded, emit);
    }
    if role != Role::Verb {
        nominals(folded, emit);
    }
}

pub(super) fn text_keys(folded: &str, emit: Emit<'_>) {
    nominals(folded, emit);
    verbs(folded, emit);
}

/// A declension: its name and the endings it has.
struct Declension {
    class: &'static str,
    endings: &'static [&'static str],
    /// The stem must end so, where this is not empty.
    stem: &'static [char],
}

const HUSHING: &[char] = &['ж', 'ч', 'ш', 'щ', 'ц'];
const VELAR: &[char] = &['г', 'к', 'х', 'ж', 'ч', 'ш', 'щ'];
const VOWEL: &[char] = &['а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я'];

const DECLENSIONS: &[Declension] = &[
    // совет, министр, посол
    Declension {
        class: "м",
        endings: &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"],
        stem: &[],
    },
    Declension { class: "м", endings: &["и"], stem: VELAR },
    Declension { class: "м", endings: &["ем", "ев", "ей"], stem: HUSHING },
    // секретарь, день
    Declension {
        class: "мь",
        endings: &["ь", "я", "ю", "ем", "е", "и", "ей", "ям", "ями", "ях"],
        stem: &[],
    },
    // музей, критерий
    Declension {
        class: "мй",
        endings: &["й", "я", "ю", "ем", "е", "и", "ев", "ям", "ями", "ях"],
        stem: VOWEL,
    },
    // страна, ассамблея
    Declension {
        class: "ж",
        endings: &["а", "ы", "е", "у", "ой", "ою", "", "ам", "ами", "ах"],
        stem: &[],
    },
    Declension { class: "ж", endings: &["и"], stem: VELAR },
    Declension { class: "ж", endings: &["ей", "ею"], stem: HUSHING },
    Declension {
        class: "жя",
        endings: &["я", "и", "е", "ю", "ей", "ею", "ям", "ями", "ях"],
        stem: &[],
    },
    Declension { class: "жя", endings: &["й"], stem: VOWEL },
    Declension { class: "жя", endings: &["ь"], stem: &[] },
    // статья
    Declension {
        class: "жья",
        endings: &["ья", "ьи", "ье", "ью", "ьей", "ей", "ьям", "ьями", "ьях"],
        stem: &[],
    },
    // помощь
    Declension {
        class: "жь",
        endings: &["ь", "и", "ью", "ей", "ям", "ями", "ях", "ам", "ами", "ах"],
        stem: &[],
    },
    // право, училище
    Declension {
        class: "с",
        endings: &["о", "а", "у", "ом", "е", "", "ам", "ами", "ах"],
        stem: &[],
    },
    Declension { class: "с", endings: &["ем"], stem: HUSHING },
    // соглашение, здоровье
    Declension {
        class: "сие",
        endings: &["ие", "ия", "ию", "ием", "ии", "ий", "иям", "иями", "иях"],
        stem: &[],
    },
    Declension {
        class: "сье",
        endings: &["ье", "ья", "ью", "ьем", "ий", "ьев", "ьям", "ьями", "ьях"],
        stem: &[],
    },
    // время
    Declension {
        class: "мя",
        endings: &["я", "ени", "енем", "ена", "ен", "енам", "енами", "енах"],
        stem: &['м'],
    },
    // гражданин
    Declension {
        class: "анин",
        endings: &["ин", "ина", "ину", "ином", "ине", "е", "", "ам", "ами", "ах"],
        stem: &['н'],
    },
    // новый, большой, средний, развивающийся
    Declension {
        class: "п",
        endings: &[
            "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым",
            "им", "ом", "ем", "ую", "юю", "ых", "их", "ыми", "ими", "ей", "ою", "ею",
        ],
        stem: &[],
    },
];

/// Forms that no ending explains, with the declension and stem they belong to.
const IRREGULAR_NOUNS: &[(&str, &str, &str)] = &[
    ("суда", "с", "судн"),
    ("судов", "с", "судн"),
    ("судам", "с", "судн"),
    ("судами", "с", "судн"),
    ("судах", "с", "судн"),
    ("люди", "м", "человек"),
    ("людей", "м", "человек"),
    ("людям", "м", "человек"),
    ("людьми", "м", "человек"),
    ("людях", "м", "человек"),
    ("дети", "м", "ребенк"),
    ("детей", "м", "ребенк"),
    ("детям", "м", "ребенк"),
    ("детьми", "м", "ребенк"),
    ("детях", "м", "ребенк"),
    ("друзья", "м", "друг"),
    ("друзей", "м", "друг"),
    ("друзьям", "м", "друг"),
    ("друзьями", "м", "друг"),
    ("хозяева", "м", "хозяин"),
    ("хозяев", "м", "хозяин"),
    ("господа", "м", "господин"),
    ("господ", "м", "господин"),
    ("господам", "м", "господин"),
    ("матери", "жь", "мат"),
    ("матерей", "жь", "мат"),
    ("дочери", "жь", "доч"),
    ("дочерей", "жь", "доч"),
];

fn nominals(word: &str, emit: Emit<'_>) {
    for (_, class, stem) in IRREGULAR_NOUNS.iter().filter(|(form, ..)| *form == word) {
        emit(class, stem);
    }
    let (base, reflexive) = match word.strip_suffix("ся") {
        Some(base) => (base, true),
        None => (word, false),
    };
    for declension in DECLENSIONS {
        // Only participles have -ся.
        if reflexive && declension.class != "п" {
            continue;
        }
        for ending in declension.endings {
            let Some(stem) = base.strip_suffix(ending).filter(|stem| stem.chars().count() >= 2)
            else {
                continue;
            };
            if !declension.stem.is_empty() && !stem.ends_with(declension.stem) {
                continue;
            }
            if stem.ends_with(['ь', 'ъ', 'й']) || (ending.is_empty() && stem.ends_with(VOWEL)) {
                continue;
            }
            if reflexive {
                emit(declension.class, &format!("{stem}ся"));
            } else {
                emit(declension.class, stem);
            }
            if matches!(*ending, "" | "ь") {
                without_fleeting_vowel(stem, &mut |stem| emit(declension.class, stem));
            }
        }
    }
}

/// The stems that a form without an ending may have in its other cases: *конец* has *конц*,
/// *писем* has *письм*, *копеек* has *копейк*.
fn without_fleeting_vowel(stem: &str, emit: &mut dyn FnMut(&str)) {
    let mut back = stem.char_indices().rev();
    let (Some((last_at, last)), Some((vowel_at, vowel))) = (back.next(), back.next()) else {
        return;
    };
    if !matches!(vowel, 'о' | 'е') || VOWEL.contains(&last) || vowel_at == 0 {
        return;
    }
    let head = &stem[..vowel_at];
    let tail = &stem[last_at..];
    if head.ends_with(VOWEL) {
        return emit(&format!("{head}й{tail}"));
    }
    emit(&format!("{head}{tail}"));
    if vowel == 'е' {
        emit(&format!("{head}ь{tail}"));
    }
}

/// Endings of verbs with what stands before them in the infinitive, longest first.
const VERB_ENDINGS: &[&str] = &[
    "овавший",
    "овали",
    "овать",
    "евать",
    "овала",
    "овало",
    "ующий",
    "уется",
    "овал",
    "овав",
    "евал",
    "уешь",
    "ует",
    "уем",
    "уют",
    "уете",
    "ую",
    "уя",
    "ывать",
    "ивать",
    "ать",
    "ять",
    "ить",
    "еть",
    "уть",
    "ала",
    "ало",
    "али",
    "яла",
    "яло",
    "яли",
    "ила",
    "ило",
    "или",
    "ела",
    "ело",
    "ели",
    "ал",
    "ял",
    "ил",
    "ел",
    "аешь",
    "ает",
    "аем",
    "аете",
    "ают",
    "яешь",
    "яет",
    "яем",
    "яете",
    "яют",
    "аю",
    "яю",
    "ишь",
    "ит",
    "им",
    "ите",
    "ят",
    "ат",
    "ешь",
    "ет",
    "ем",
    "ете",
    "ут",
    "ют",
    "ю",
    "у",
    "ая",
    "яя",
    "а",
    "я",
    "ав",
    "яв",
    "ив",
    "ев",
    "авши",
    "ивши",
    "явши",
    "айте",
    "яйте",
    "ите",
    "ай",
    "яй",
    "и",
];

fn verbs(word: &str, emit: Emit<'_>) {
    let (base, reflexive) = match word.strip_suffix("ся").or_else(|| word.strip_suffix("сь")) {
        Some(base) => (base, "ся"),
        None => (word, ""),
    };
    for (verb, tails) in IRREGULAR_VERBS {
        for tail in tails.split(' ') {
            if let Some(prefix) = base.strip_suffix(tail) {
                emit("v", &format!("{prefix}{verb}{reflexive}"));
            }
        }
    }
    for ending in VERB_ENDINGS {
        if let Some(stem) = base.strip_suffix(ending).filter(|stem| stem.chars().count() >= 3) {
            stems(stem, &mut |stem| emit("в", &format!("{stem}{reflexive}")));
        }
    }
}

/// A stem as it is, and as the other aspect has it.
fn stems(stem: &str, emit: &mut dyn FnMut(&str)) {
    emit(stem);
    let short = ["ыв", "ив"]
        .iter()
        .find_map(|suffix| stem.strip_suffix(suffix))
        .filter(|stem| stem.chars().count() >= 3);
    if let Some(short) = short {
        emit(short);
    }
    let stem = short.unwrap_or(stem);
    for (changed, plain) in [
        ("жд", "д"),
        ("бл", "б"),
        ("вл", "в"),
        ("мл", "м"),
        ("пл", "п"),
        ("щ", "т"),
        ("щ", "ст"),
        ("ч", "т"),
        ("ш", "с"),
        ("ж", "з"),
        ("ж", "д"),
    ] {
        if let Some(head) = stem.strip_suffix(changed).filter(|head| head.chars().count() >= 2) {
            emit(&format!("{head}{plain}"));
        }
    }
}

/// Verbs whose aspects or tenses differ in more than their ending, by their common tails.
const IRREGULAR_VERBS: &[(&str, &str)] = &[
    (
        "нять",
        "нимать нимаю нимает нимаем нимают нимал нимала нимало нимали нимая нять нял няла няло \
         няли няв мет мут мем мешь нимет нимут нятый нят нята нято няты",
    ),
    (
        "звать",
        "зывать зываю зывает зываем зывают зывал зывала зывало зывали зывая звать звал звала звало \
         звали звав зовет зовут зовем зову",
    ),
    (
        "вести",
        "водить водит водят водим вожу водил водила водило водили водя вести ведет ведут ведем \
         веду вел вела вело вели ведя ведший",
    ),
    (
        "нести",
        "носить носит носят носим ношу носил носила носило носили нося нести несет несут несем \
         несу нес несла несло несли неся",
    ),
    (
        "честь",
        "читывать читываю читывает читываем читывают читывал читывала читывало читывали читывая \
         честь чтет чтут чтем чту чел чла чло чли чтя",
    ),
    (
        "ходить",
        "ходить ходит ходят ходим хожу ходил ходила ходило ходили ходя йти йдет йдут йдем йду шел \
         шла шло шли йдя",
    ),
    (
        "дать",
        "давать дает дают даем даю давал давала давало давали давая дать даст дадут дадим \
              дал дала дало дали дав",
    ),
    (
        "стать",
        "ставать стает стают ставал ставала ставали стать станет станут стал стала стало \
               стали став",
    ),
    (
        "брать",
        "бирать бираю бирает бираем бирают бирал бирала бирали бирая брать берет берут берем брал \
         брала брало брали брав",
    ),
    (
        "смотреть",
        "сматривать сматриваю сматривает сматриваем сматривают сматривал сматривала сматривали \
         сматривая смотреть смотрит смотрят смотрим смотрел смотрела смотрело смотрели смотрев",
    ),
    (
        "слать",
        "сылать сылаю сылает сылаем сылают сылал сылала сылали сылая слать шлет шлют слал слала \
         слали",
    ),
    (
        "мочь",
        "могать могает могают могал могала могали могая мочь может могут можем могу мог могла \
         могло могли",
    ),
    (
        "лечь",
        "лекать лекает лекают лекал лекала лекали лекая лечь лечет лекут лек лекла лекло лекли",
    ),
];

#[cfg(test)]
mod tests {
    use crate::term::inflect::{Role, Rules, agree};

    fn check(term: &str, role: Role, yes: &str, no: &str) {
        for text in yes.split_whitespace() {
            assert!(agree(Rules::Russian, term, role, text), "{term} should find {text}");
        }
        for text in no.split_whitespace() {
            assert!(!agree(Rules::Russian, term, role, text), "{term} should not find {text}");
        }
    }

    #[test]
    fn nouns_in_all_cases() {
        check("совет", Role::Head, "совета совету советом советов советы", "советник советский");
        check("право", Role::Head, "права прав правом правами", "правый правого правило");
        check("страна", Role::Head, "стран странами стране", "странный сторона");
        check("соглашение", Role::Head, "соглашений соглашениями соглашения", "согласие");
        check("Россия", Role::Head, "России Россией Россию", "российский");
        check("секретарь", Role::Head, "секретаря секретарем секретари", "секретариат");
        check("ассамблея", Role::Head, "ассамблеи ассамблей ассамблею", "");
        check("помощь", Role::Head, "помощи помощью", "помощник");
        check("время", Role::Head, "времени временем времена", "временный");
        check("гражданин", Role::Head, "граждане граждан гражданами", "гражданский");
        check("статья", Role::Head, "статьи статей статью", "статус");
    }

    #[test]
    fn fleeting_vowels() {
        check("конец", Role::Head, "конца концом концы", "конь");
        check("посол", Role::Head, "посла послом послы послов", "посольство");
        check("сделка", Role::Head, "сделок сделки сделкам", "");
        check("уровень", Role::Head, "уровня уровнем уровней", "уровнять");
        check("письмо", Role::Head, "писем письма письмами", "писать");
        check("беженец", Role::Head, "беженцев беженцу беженцем", "бежевый");
    }

    #[test]
    fn adjectives_and_participles() {
        check("новый", Role::Head, "новая нового новым новыми новую", "новость");
        check("развивающаяся", Role::Head, "развивающиеся развивающихся", "развивается");
        check("рабочая", Role::Head, "рабочей рабочих рабочими", "работа");
    }

    #[test]
    fn verbs_in_all_tenses_and_both_aspects() {
        check(
            "приветствовать",
            Role::Verb,
            "приветствует приветствовали приветствуя",
            "приветственный приветствие",
        );
        check("подтверждать", Role::Verb, "подтвердил подтверждает подтвердят", "подтверждение");
        check("выражать", Role::Verb, "выразили выражая выражает", "выражение");
        check("принимать", Role::Verb, "принял принимает примет приняв", "прием");
        check("вступать", Role::Verb, "вступил вступят вступает", "вступление");
        check("учитывать", Role::Verb, "учел учитывая учтут", "учитель");
        check("проводить", Role::Verb, "провели проводят проведет", "проводник");
    }
}
