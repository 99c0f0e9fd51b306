//! Numbers, dates and references, compared by what they mean.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;
use super::spelled::{numbers, roman};
use crate::Lang;
use crate::text::{Value, month_of_word};

/// What the other side has to have.
#[derive(Clone, Debug)]
struct Atom {
    key: Key,
    kind: FindingKind,
    span: Range<usize>,
    /// In the notation of the other language.
    shown: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A number, in digits with a point.
    Number(String),
    Month(u8),
    Time(u8, u8),
    /// A letter that names a part of a text.
    Letter(String),
    /// The symbol of a document.
    Symbol(String),
}

/// Finds values that only one side has.
pub(super) fn check(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let (mut ours, mut theirs) = (atoms(source, target.lang), atoms(target, source.lang));
    // Tools write the number of a paragraph or leave it to the layout.
    match (has_enumerator(source), has_enumerator(target)) {
        (true, false) => drop(ours.remove(0)),
        (false, true) => drop(theirs.remove(0)),
        _ => {}
    }
    let (mut missing, mut extra) = (without(&ours, &theirs), without(&theirs, &ours));
    if missing.is_empty() && extra.is_empty() {
        return;
    }
    excuse(&mut missing, target, &theirs);
    excuse(&mut extra, source, &ours);
    // One side says a number again: that is style. Both have one more: one was put for the other.
    let again = |left: &mut Vec<Atom>, other: &[Atom]| {
        left.retain(|atom| !other.iter().any(|known| known.key == atom.key));
    };
    if extra.is_empty() {
        again(&mut missing, &theirs);
    }
    if missing.is_empty() {
        again(&mut extra, &ours);
    }
    report(source, target, missing, extra, found);
}

/// The atoms of a list that another does not have, as often as it does not have them; the last ones
/// in the text.
fn without(atoms: &[Atom], others: &[Atom]) -> Vec<Atom> {
    let mut counts: HashMap<&Key, usize> = HashMap::new();
    for other in others {
        *counts.entry(&other.key).or_default() += 1;
    }
    let left = atoms.iter().filter(|atom| match counts.get_mut(&atom.key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    left.cloned().collect()
}

fn report(
    source: &Side<'_>,
    target: &Side<'_>,
    missing: Vec<Atom>,
    extra: Vec<Atom>,
    found: &mut Vec<Draft>,
) {
    let mut extra: Vec<Option<Atom>> = extra.into_iter().map(Some).collect();
    // Of a date that differs in day and month one finding is enough.
    let mut seen: [BTreeSet<usize>; 2] = Default::default();
    for atom in missing {
        // What stands for it is of its kind, at best near the same place.
        let share = |at: usize, text: &str| at as f64 / text.len().max(1) as f64;
        let place = share(atom.span.start, &source.text);
        let partner = (extra.iter_mut())
            .filter(|other| {
                other.as_ref().is_some_and(|other| {
                    other.kind == atom.kind
                        && std::mem::discriminant(&other.key) == std::mem::discriminant(&atom.key)
                })
            })
            .min_by(|a, b| {
                let far = |other: &Option<Atom>| {
                    other.as_ref().map_or(f64::MAX, |other| {
                        (share(other.span.start, &target.text) - place).abs()
                    })
                };
                far(a).total_cmp(&far(b))
            })
            .and_then(Option::take);
        if let Some(other) = &partner {
            seen[1].insert(other.span.start);
        }
        if !seen[0].insert(atom.span.start) {
            continue;
        }
        let written = &source.text[atom.span.clone()];
        let draft = match &partner {
            Some(other) => {
                let stands = &target.text[other.span.clone()];
                Draft::new(atom.kind, format!("`{written}` became `{stands}`"))
                    .target(other.span.clone())
            }
            None => {
                let what = what(atom.kind);
                Draft::new(atom.kind, format!("{what} `{written}` has no counterpart"))
            }
        };
        let about = format!("-{:?}", atom.key);
        found.push(draft.source(atom.span).about(about).suggest(atom.shown));
    }
    for atom in extra.into_iter().flatten() {
        if !seen[1].insert(atom.span.start) {
            continue;
        }
        let (what, stands) = (what(atom.kind), &target.text[atom.span.clone()]);
        let message = format!("{what} `{stands}` is not in the source");
        found.push(
            Draft::new(atom.kind, message).about(format!("+{:?}", atom.key)).target(atom.span),
        );
    }
}

/// Whether a text begins with the number of a paragraph: `12. `, `3) `.
fn has_enumerator(side: &Side<'_>) -> bool {
    let text = side.text.trim_start();
    let start = side.text.len() - text.len();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = text[digits..].chars();
    (1..=4).contains(&digits)
        && matches!(rest.next(), Some('.' | ')'))
        && rest.next().is_some_and(char::is_whitespace)
        && side.values.first().is_some_and(|valued| {
            valued.span() == (start..start + digits) && matches!(valued.value(), Value::Number(_))
        })
}

fn what(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Date => "the date",
        FindingKind::Reference => "the reference",
        _ => "the number",
    }
}

fn atoms(side: &Side<'_>, other: &Lang) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    // The end and the power of ten of the last number with a magnitude.
    let mut last_scaled: Option<(usize, usize)> = None;
    for valued in &side.values {
        let (span, value) = (valued.span(), valued.value());
        let atom = |key, kind| Atom { key, kind, span: span.clone(), shown: value.write(other) };
        match value {
            Value::Number(number) => {
                let (power, end) = magnitude(&side.text[span.end..], side.lang);
                let scaled = scale(number.integer(), number.fraction(), power);
                if let Some((before, higher)) = last_scaled
                    && power < higher
                    && side.text[before..span.start].trim().is_empty()
                    && let Some(Atom { key: Key::Number(sum), span: whole, .. }) = atoms.last_mut()
                    && let (Ok(left), Ok(right)) = (sum.parse::<u128>(), scaled.parse::<u128>())
                {
                    // 2 milliards 300 millions
                    *sum = left.saturating_add(right).to_string();
                    whole.end = span.end;
                } else {
                    let whole = span.start..span.end + end;
                    let mut atom = atom(Key::Number(scaled), FindingKind::Number);
                    if power > 0 {
                        atom.shown = side.text[whole].to_owned();
                    }
                    atoms.push(atom);
                }
                last_scaled = (power > 0).then_some((span.end + end, power));
                continue;
            }
            Value::Ordinal(number) => {
                atoms.push(atom(Key::Number(number.to_string()), FindingKind::Number));
            }
            Value::Date { year, month, day } => {
                let kind = FindingKind::Date;
                if let Some(day) = day {
                    atoms.push(atom(Key::Number(day.to_string()), kind));
                }
                atoms.push(atom(Key::Month(*month), kind));
                if let Some(year) = year {
                    atoms.push(atom(Key::Number(year.to_string()), kind));
                }
            }
            Value::Time { hour, minute } => {
                atoms.push(atom(Key::Time(*hour, *minute), FindingKind::Number));
            }
            Value::Document(symbol) => {
                atoms.push(atom(Key::Symbol(symbol.clone()), FindingKind::Reference));
            }
            Value::Part(parts) => {
                // *In the same paragraph I am asked* names no paragraph.
                let pronoun = |label: &str| label == "I" && side.lang.primary() == "en";
                for (_, label) in parts.iter().filter(|(_, label)| !pronoun(label)) {
                    let number = label.parse().ok().or_else(|| roman(label));
                    let key = match number {
                        Some(number) => Key::Number(u64::to_string(&number)),
                        None => Key::Letter(label.clone()),
                    };
                    atoms.push(atom(key, FindingKind::Reference));
                }
            }
        }
    }
    atoms
}

/// Words after a number that multiply it: how many zeros, and how many bytes with the space.
fn magnitude(rest: &str, lang: &Lang) -> (usize, usize) {
    let words: &[(&str, usize)] = match lang.primary() {
        "fr" => &[("millier", 3), ("million", 6), ("milliard", 9), ("mille", 3), ("billion", 12)],
        "en" => &[("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)],
        "ru" => &[
            ("тыс", 3),
            ("миллион", 6),
            ("млн", 6),
            ("миллиард", 9),
            ("млрд", 9),
            ("триллион", 12),
            ("трлн", 12),
        ],
        _ => return (0, 0),
    };
    let word = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
    let Some(&(known, power)) = words.iter().find(|(known, _)| word.starts_with(known)) else {
        return (0, 0);
    };
    let ending = word[known.len()..].find(|c: char| !c.is_alphabetic());
    let end = known.len() + ending.unwrap_or(word.len() - known.len());
    (power, rest.len() - word.len() + end)
}

/// A number times a power of ten, without zeros that do not count.
fn scale(integer: &str, fraction: &str, power: usize) -> String {
    let mut digits = integer.trim_start_matches('0').to_owned();
    let fraction = fraction.trim_end_matches('0');
    let (moved, rest) = fraction.split_at(fraction.len().min(power));
    digits.push_str(moved);
    digits.extend(std::iter::repeat_n('0', power - moved.len()));
    let whole = digits.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

/// Takes away what the other side says in another way.
fn excuse(atoms: &mut Vec<Atom>, side: &Side<'_>, known: &[Atom]) {
    if atoms.is_empty() {
        return;
    }
    let spelled = numbers(&side.text, &side.tokens, side.lang);
    let months: BTreeSet<u8> = (side.tokens.iter())
        .filter_map(|token| month_of_word(side.written(token), side.lang))
        .map(|(month, _)| month as u8 + 1)
        .collect();
    let runs: BTreeSet<&str> =
        side.text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let has_run = |digits: &str| {
        let short =
            |long: &str, short: &str| long.len() == 4 && short.len() == 2 && long.ends_with(short);
        let digits = if digits.len() > 1 { digits.trim_start_matches('0') } else { digits };
        runs.iter().any(|run| {
            let run = if run.len() > 1 { run.trim_start_matches('0') } else { run };
            run == digits || short(run, digits) || short(digits, run)
        })
    };
    let has_letters = known.iter().any(|atom| matches!(atom.key, Key::Letter(_)));
    atoms.retain(|atom| {
        // What it says in digits, and not often enough, it does not say in another way.
        if known.iter().any(|other| other.key == atom.key) {
            return true;
        }
        let said = match &atom.key {
            Key::Number(number) => {
                has_run(number) || number.parse().is_ok_and(|number| spelled.contains(&number))
            }
            Key::Month(month) => months.contains(month),
            Key::Time(hour, minute) => {
                let hour = u64::from(*hour);
                let hours = [hour, hour % 12, hour % 12 + 12];
                let said = |n: u64| has_run(&n.to_string()) || spelled.contains(&n);
                let twelve = hour.is_multiple_of(12);
                (twelve || hours.into_iter().any(said))
                    && (matches!(minute, 0 | 30) || said(u64::from(*minute)))
            }
            // Where one side has no letters, it has other ones (Cyrillic) or bullets.
            Key::Letter(_) => !has_letters,
            Key::Symbol(symbol) => symbol
                .split(|c: char| !c.is_ascii_digit())
                .filter(|run| !run.is_empty())
                .all(has_run),
        };
        !said
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: (&str, &Lang), target: (&str, &Lang)) -> Vec<Draft> {
        let (left, right) = (source.0.into(), target.0.into());
        let mut found = Vec::new();
        check(&Side::new(&left, source.1), &Side::new(&right, target.1), &mut found);
        found
    }

    #[test]
    fn the_same_value_in_another_notation_is_no_finding() {
        for (fr, en) in [
            ("18 000 personnes", "18,000 persons"),
            ("3,5 millions d’euros", "3.5 million euros"),
            ("2 milliards 300 millions", "2.3 billion"),
            ("le 1er juillet 2016", "on July 1, 2016"),
            ("les 17 et 18 mars 2016", "on March 17 and 18, 2016"),
            ("dans un délai de 6 mois", "within six months"),
            ("la 23e réunion", "the twenty-third meeting"),
            ("au XXIe siècle", "in the 21st century"),
            ("le chapitre VII", "chapter VII"),
            ("à 15 h 30", "at 3.30 p.m."),
            ("en mars", "in March 2016".get(..8).unwrap()),
            ("2015-2016", "2015/16"),
            ("dans les années 90", "in the 1990s"),
            ("la résolution 1973 (2011)", "S/RES/1973 (2011)"),
            ("12. Il agit.", "He acts."),
            ("Au même paragraphe.", "In the same paragraph I am asked."),
            ("alinéa b) du paragraphe 3", "subparagraph (b) of paragraph 3"),
        ] {
            let found = found((fr, &Lang::FR), (en, &Lang::EN));
            assert!(found.is_empty(), "{fr} / {en}: {found:?}");
        }
        for (fr, ru) in [
            ("quelque 18 000 personnes", "около 18 тыс. человек"),
            ("près de 2,5 milliards", "почти 2,5 млрд"),
            ("les 30 premiers jours", "первые тридцать дней"),
        ] {
            let found = found((fr, &Lang::FR), (ru, &Lang::RU));
            assert!(found.is_empty(), "{fr} / {ru}: {found:?}");
        }
    }

    #[test]
    fn another_value_is_one() {
        for (fr, en, kind) in [
            ("240 incidents", "420 incidents", FindingKind::Number),
            ("12, 12 et 13", "12, 13 and 13", FindingKind::Number),
            ("3,5 millions", "3.5 billion", FindingKind::Number),
            ("le 1er juillet 2016", "on 1 June 2016", FindingKind::Date),
            ("l’article 5", "article 6", FindingKind::Reference),
            ("A/HRC/25/63", "A/HRC/25/64", FindingKind::Reference),
            ("1 250 pages", "1.250 pages", FindingKind::Number),
        ] {
            let found = found((fr, &Lang::FR), (en, &Lang::EN));
            assert_eq!(found.len(), 1, "{fr} / {en}: {found:?}");
            assert_eq!(found[0].kind, kind);
            assert!(found[0].source.is_some() && found[0].target.is_some());
        }
        assert_eq!(found(("1. Il agit", &Lang::FR), ("2. He acts", &Lang::EN)).len(), 1);
        assert_eq!(found(("le 3 mai 2014", &Lang::FR), ("4 June 2014", &Lang::EN)).len(), 1);
        assert_eq!(found(("2 et 3", &Lang::FR), ("2", &Lang::EN)).len(), 1);
        assert_eq!(found(("2", &Lang::FR), ("2 and 3", &Lang::EN))[0].source, None);
    }
}
