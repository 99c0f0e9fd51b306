//! Carries differences of value into a target.

use std::ops::Range;

use super::suggestion::{Change, Refusal, RefusalReason, Suggestion};
use crate::similarity::{Difference, DifferenceKind};
use crate::text::{Numeral, month_forms, month_of_word, numerals};
use crate::unit::Part;
use crate::{Lang, Segment};

/// What is repaired: the texts of the query, of the stored source and of its translation.
pub(super) struct Repair<'r> {
    pub(super) query: &'r Segment,
    pub(super) source: &'r Segment,
    pub(super) source_lang: &'r Lang,
    pub(super) target: &'r Segment,
    pub(super) target_lang: &'r Lang,
}

/// One replacement in the text of the target.
struct Edit {
    kind: DifferenceKind,
    span: Range<usize>,
    to: String,
}

impl Repair<'_> {
    /// Carries over what can be carried over with certainty.
    pub(super) fn run(&self, differences: &[Difference]) -> Suggestion {
        let texts = [self.query, self.source, self.target].map(|segment| segment.text());
        let [query, source, target] = [&*texts[0], &*texts[1], &*texts[2]];
        let numbers = [
            numerals(query, self.source_lang),
            numerals(source, self.source_lang),
            numerals(target, self.target_lang),
        ];
        let mut edits: Vec<Edit> = Vec::new();
        let mut refused = Vec::new();
        // Several differences may lie in one number of several groups.
        let mut done: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        for difference in differences {
            let kind = difference.kind();
            let result = match kind {
                DifferenceKind::Number | DifferenceKind::Date | DifferenceKind::Reference => {
                    let changed = changed_numbers(difference, &numbers);
                    match changed.as_deref() {
                        Some(&[(new, old)]) => {
                            let place = (new.span.clone(), old.span.clone());
                            if done.contains(&place) {
                                continue;
                            }
                            done.push(place);
                            self.number(kind, new, old, &numbers, target, source)
                        }
                        // Hour and minutes of a time.
                        Some(several @ [_, _, ..]) => several
                            .iter()
                            .map(|(new, old)| self.number(kind, new, old, &numbers, target, source))
                            .collect::<Result<Vec<_>, _>>()
                            .and_then(|found| self.together(&found, target)),
                        Some([]) => self.calendar(difference, source, target),
                        None => Err(RefusalReason::Absent),
                    }
                }
                DifferenceKind::Punctuation => self.end(query, source, target, difference),
                DifferenceKind::Case => capitals(query, source, target, difference),
                DifferenceKind::Negation
                | DifferenceKind::Modality
                | DifferenceKind::Polarity
                | DifferenceKind::Party
                | DifferenceKind::Order => Err(RefusalReason::Meaning),
                DifferenceKind::Code if self.without_codes() => continue,
                DifferenceKind::Code => Err(RefusalReason::Unplaced),
                DifferenceKind::Inflection => Err(RefusalReason::Form),
                DifferenceKind::Enumerator => self.enumerator(difference, target),
                // The target has its own notation.
                DifferenceKind::Notation => continue,
                _ => Err(RefusalReason::Unknown),
            };
            match result {
                Ok((span, to)) => {
                    let overlaps = |edit: &Edit| {
                        span.start < edit.span.end && edit.span.start < span.end
                            || span == edit.span
                    };
                    match self.crosses_code(&span) || edits.iter().any(overlaps) {
                        true => refused.push((difference, RefusalReason::Unplaced)),
                        false => edits.push(Edit { kind, span, to }),
                    }
                }
                Err(reason) => refused.push((difference, reason)),
            }
        }
        // A date half carried over is a wrong one, and so is a provision that only names another
        // article of another text.
        let half = refused.iter().any(|(d, _)| {
            matches!(d.kind(), DifferenceKind::Date | DifferenceKind::Reference)
                || d.kind() == DifferenceKind::Number
        });
        if half {
            edits.retain(|edit| !edit.kind.is_critical());
        }
        edits.sort_by_key(|edit| edit.span.start);
        let refused = refused
            .into_iter()
            .map(|(d, reason)| Refusal { kind: d.kind(), query: d.query(), reason })
            .collect();
        let (target, changes) = self.apply(target, edits);
        Suggestion { target, changes, refused }
    }

    /// Whether the query has no codes and the target just those of the source: then none are
    /// wanted.
    fn without_codes(&self) -> bool {
        let [query, source, target] =
            [self.query, self.source, self.target].map(|segment| segment.codes().count());
        // A code between two spaces stands for something.
        query == 0 && source > 0 && source == target && !self.target.text().contains("  ")
    }

    fn crosses_code(&self, span: &Range<usize>) -> bool {
        let mut offset = 0;
        self.target.parts().iter().any(|part| match part {
            Part::Text(text) => {
                offset += text.len();
                false
            }
            Part::Code(_) => span.start < offset && offset < span.end,
        })
    }

    fn apply(&self, text: &str, edits: Vec<Edit>) -> (Segment, Vec<Change>) {
        let mut changes = Vec::new();
        let (mut segment, mut offset, mut written) = (Segment::default(), 0, 0);
        let mut edits = edits.into_iter().peekable();
        for part in self.target.parts() {
            let Part::Text(part) = part else {
                if self.without_codes() {
                    changes.push(Change {
                        kind: DifferenceKind::Code,
                        stored: offset..offset,
                        suggested: written..written,
                        from: String::new(),
                        to: String::new(),
                    });
                } else {
                    segment.push(part.clone());
                }
                continue;
            };
            let (mut new, mut at) = (String::new(), offset);
            let end = offset + part.len();
            while let Some(edit) = edits.next_if(|edit| edit.span.end <= end) {
                new.push_str(&text[at..edit.span.start]);
                let start = written + new.len();
                new.push_str(&edit.to);
                at = edit.span.end;
                changes.push(Change {
                    kind: edit.kind,
                    suggested: start..start + edit.to.len(),
                    from: text[edit.span.clone()].to_owned(),
                    stored: edit.span,
                    to: edit.to,
                });
            }
            new.push_str(&text[at..end]);
            written += new.len();
            offset = end;
            segment.push(Part::Text(new));
        }
        (segment, changes)
    }

    /// A number of another value, written the way the target writes the old one.
    fn number(
        &self,
        kind: DifferenceKind,
        new: &Numeral,
        old: &Numeral,
        numbers: &[Vec<Numeral>; 3],
        target: &str,
        source: &str,
    ) -> Result<(Range<usize>, String), RefusalReason> {
        let same = |n: &&Numeral| n.value == old.value;
        if numbers[1].iter().filter(same).count() > 1 {
            return Err(RefusalReason::Ambiguous);
        }
        let mut places = numbers[2].iter().filter(same);
        let Some(place) = places.next() else { return Err(RefusalReason::Absent) };
        if places.next().is_some() {
            return Err(RefusalReason::Ambiguous);
        }
        // *2nd*, *5-й*: the ending belongs to the value.
        let after = &target[place.span.end..];
        if after.starts_with(char::is_alphabetic)
            || after.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        {
            return Err(RefusalReason::Form);
        }
        let counted = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let unit = counted.starts_with(char::is_lowercase) && counted.len() < after.len();
        let month = month(counted, self.target_lang).is_some();
        let year = counted.starts_with("г.") || counted.starts_with("года");
        let plural = |n: &Numeral| plural_class(n, self.target_lang);
        let source_unit = source[old.span.end..].trim_start().starts_with(char::is_lowercase);
        // *с 4 по 15*: a preposition is not counted.
        let counted_word = counted.split(' ').next().unwrap_or_default().chars().count() > 3;
        let counts = kind == DifferenceKind::Number && counted_word && !month && !year;
        if unit && source_unit && counts && plural(new) != plural(old) {
            return Err(RefusalReason::Form);
        }
        let query = self.query.text();
        let named = query.get(new.span.clone()).filter(|text| text.contains('.'));
        let written = match named {
            // *Article 77.012*: the number of a part is a name, and written alike everywhere.
            Some(name) if kind == DifferenceKind::Reference => name.to_owned(),
            _ => new.written_like(place, self.target_lang),
        };
        // *An 18 per cent cut*: the article goes by the sound of the number.
        let before = target[..place.span.start].trim_end().rsplit(' ').next().unwrap_or_default();
        let vowel = |text: &str| text.starts_with('8') || text == "11" || text == "18";
        if self.target_lang.primary() == "en"
            && matches!(before, "a" | "an" | "A" | "An")
            && vowel(&target[place.span.clone()]) != vowel(&written)
        {
            return Err(RefusalReason::Form);
        }
        Ok((place.span.clone(), written))
    }

    /// Several replacements as one; refused where more than a sign or two stands between them.
    fn together(
        &self,
        found: &[(Range<usize>, String)],
        target: &str,
    ) -> Result<(Range<usize>, String), RefusalReason> {
        let mut found = found.iter();
        let (mut span, mut text) = found.next().cloned().ok_or(RefusalReason::Absent)?;
        for (next, to) in found {
            let between = target.get(span.end..next.start).filter(|text| text.chars().count() <= 3);
            text += between.ok_or(RefusalReason::Unplaced)?;
            text += to;
            span.end = next.end;
        }
        Ok((span, text))
    }

    /// A month of another name.
    fn calendar(
        &self,
        difference: &Difference,
        source: &str,
        target: &str,
    ) -> Result<(Range<usize>, String), RefusalReason> {
        if let (Some(_), Some(_)) =
            (label(difference.query_text()), label(difference.source_text()))
        {
            return self.label(difference, source, target);
        }
        let new = month(difference.query_text(), self.source_lang);
        let old = month(difference.source_text(), self.source_lang);
        let (Some((new, _)), Some((old, _))) = (new, old) else {
            return Err(RefusalReason::Unknown);
        };
        let of = |text: &str, lang: &Lang| -> Vec<(Range<usize>, usize)> {
            words(text)
                .filter_map(|span| {
                    let (number, form) = month(&text[span.clone()], lang)?;
                    (number == old).then_some((span, form))
                })
                .collect()
        };
        if of(source, self.source_lang).len() > 1 {
            return Err(RefusalReason::Ambiguous);
        }
        match of(target, self.target_lang).as_slice() {
            [] => Err(RefusalReason::Absent),
            [(span, form)] => {
                let forms = month_forms(self.target_lang).ok_or(RefusalReason::Unknown)?[new];
                let name = *forms.get(*form).ok_or(RefusalReason::Form)?;
                let capital = target[span.clone()].starts_with(char::is_uppercase);
                Ok((span.clone(), if capital { capitalised(name) } else { name.to_owned() }))
            }
            _ => Err(RefusalReason::Ambiguous),
        }
    }

    /// The letter or Roman number of a part (*annexe IV*, *alinéa b)*).
    fn label(
        &self,
        difference: &Difference,
        source: &str,
        target: &str,
    ) -> Result<(Range<usize>, String), RefusalReason> {
        let (new, old) = (difference.query_text(), difference.source_text());
        let places = |text: &str| -> Vec<Range<usize>> {
            words(text).filter(|span| text[span.clone()] == *old).collect()
        };
        match (places(source).len(), places(target).as_slice()) {
            (_, []) => Err(RefusalReason::Absent),
            (1, [place]) => Ok((place.clone(), new.to_owned())),
            _ => Err(RefusalReason::Ambiguous),
        }
    }

    /// The number of a paragraph or item, where the target begins with that of the source.
    fn enumerator(
        &self,
        difference: &Difference,
        target: &str,
    ) -> Result<(Range<usize>, String), RefusalReason> {
        let core = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let (new, old) = (core(difference.query_text()), core(difference.source_text()));
        if new.is_empty() || old.is_empty() {
            return Err(RefusalReason::Unplaced);
        }
        let start = target.find(char::is_alphanumeric).ok_or(RefusalReason::Absent)?;
        let rest = target[start..].strip_prefix(&*old).ok_or(RefusalReason::Absent)?;
        if rest.starts_with(char::is_alphanumeric) {
            return Err(RefusalReason::Absent);
        }
        Ok((start..start + old.len(), new))
    }

    /// Another sign at the end, where the target ends as the source does.
    fn end(
        &self,
        query: &str,
        source: &str,
        target: &str,
        difference: &Difference,
    ) -> Result<(Range<usize>, String), RefusalReason> {
        let at_end = |text: &str, span: Range<usize>| text[span.end..].trim().is_empty();
        if !at_end(query, difference.query()) || !at_end(source, difference.source()) {
            return Err(RefusalReason::Unplaced);
        }
        let sign = |text: &str| {
            let text = text.trim_end();
            text.chars().next_back().filter(|c| ".;:,!?".contains(*c))
        };
        let (new, old) = (sign(query), sign(source));
        let end = target.trim_end().len();
        if new == old {
            return Err(RefusalReason::Unplaced);
        }
        if sign(target) != old {
            return Err(RefusalReason::Absent);
        }
        let start = end - old.map_or(0, char::len_utf8);
        let space = match (new, self.target_lang.primary()) {
            (Some(';' | ':' | '!' | '?'), "fr") => "\u{a0}",
            _ => "",
        };
        let body = target[..start].trim_end().len();
        Ok((body..end, new.map_or(String::new(), |sign| format!("{space}{sign}"))))
    }
}

/// The numbers at a difference that have another value, each with the stored one; none of them if
/// the two sides do not have equally many, and an empty list if no side has any.
fn changed_numbers<'n>(
    difference: &Difference,
    numbers: &'n [Vec<Numeral>; 3],
) -> Option<Vec<(&'n Numeral, &'n Numeral)>> {
    let at = |side: usize, span: Range<usize>| -> Vec<&Numeral> {
        numbers[side].iter().filter(|number| number.holds(&span)).collect()
    };
    let (new, old) = (at(0, difference.query()), at(1, difference.source()));
    if new.is_empty() && old.is_empty() {
        return Some(Vec::new());
    }
    let pairs = new.iter().copied().zip(old.iter().copied());
    let changed: Vec<_> = pairs.filter(|(new, old)| new.value != old.value).collect();
    (new.len() == old.len() && !changed.is_empty()).then_some(changed)
}

/// A capital at the beginning, where the target begins as the source does.
fn capitals(
    query: &str,
    source: &str,
    target: &str,
    difference: &Difference,
) -> Result<(Range<usize>, String), RefusalReason> {
    if !query.contains(char::is_lowercase) {
        return Err(RefusalReason::Unplaced);
    }
    let first = |text: &str| text.char_indices().find(|(_, c)| c.is_alphabetic());
    let (Some((new_at, new)), Some((old_at, old)), Some((at, there))) =
        (first(query), first(source), first(target))
    else {
        return Err(RefusalReason::Unplaced);
    };
    if !difference.query().contains(&new_at) || !difference.source().contains(&old_at) {
        return Err(RefusalReason::Unplaced);
    }
    // A capital that goes may be that of a name in the target.
    if !new.is_uppercase() || !old.is_lowercase() || !there.is_lowercase() {
        return Err(RefusalReason::Unplaced);
    }
    Ok((at..at + there.len_utf8(), there.to_uppercase().collect()))
}

/// Which form of a counted word a number takes.
fn plural_class(number: &Numeral, lang: &Lang) -> u8 {
    let Ok(value) = number.value.parse::<u64>() else { return 3 };
    match (lang.primary(), value % 10, value % 100) {
        ("ru", 1, tens) if tens != 11 => 0,
        ("ru", 2..=4, tens) if !(12..=14).contains(&tens) => 1,
        ("ru", ..) => 2,
        ("fr", ..) => u8::from(value > 1),
        _ => u8::from(value != 1),
    }
}

/// A single letter or a Roman number.
fn label(text: &str) -> Option<&str> {
    let one = text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    let roman = !text.is_empty() && text.bytes().all(|byte| b"IVXLC".contains(&byte));
    (one || roman).then_some(text)
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    use unicode_segmentation::UnicodeSegmentation;
    text.unicode_word_indices().map(|(start, word)| start..start + word.len())
}

/// The number of the month a text begins with, from 0, and which of its forms it is.
fn month(text: &str, lang: &Lang) -> Option<(usize, usize)> {
    month_of_word(&text[words(text).next()?], lang)
}

fn capitalised(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::similarity::Differ;

    fn repair(query: &str, source: &str, target: &str, lang: &Lang) -> Suggestion {
        let [query, source, target] = [query, source, target].map(Segment::from);
        let differences = Differ::new(&Lang::FR).differences(&query, &source);
        let (source_lang, target_lang) = (&Lang::FR, lang);
        let texts =
            Repair { query: &query, source: &source, source_lang, target: &target, target_lang };
        texts.run(&differences)
    }

    /// Of any language: what can be carried over, and what stands between.
    const WORDS: &[&str] = &[
        "12",
        "15",
        "1 250",
        "1,250",
        "2014",
        "31.12.2016",
        "14 h 30",
        "14:45",
        "le 3 mars 2014",
        "3 March 2014",
        "марта",
        "mars",
        "avril",
        "April",
        "article 5",
        "IV",
        "VI",
        "b)",
        "2.",
        "La",
        "la",
        "Fonds",
        "États",
        "ne",
        "pas",
        "и",
        ".",
        ";",
        ",",
        "S/RES/12 (2014)",
        "%",
        "1er",
        "2nd",
    ];

    proptest! {
        /// A changed value is carried over and nothing else; the spans say where.
        #[test]
        fn a_value_goes_over_as_it_is(from in 5_u32..9_999_999, to in 5_u32..9_999_999) {
            prop_assume!(from != to);
            let source = |number: u32| format!("Le fonds dispose de {number} euros au total.");
            let target = |number: u32| format!("The fund has {number} euros in all.");
            let (source, stored) = (source(from), target(from));
            let query = source.replace(&from.to_string(), &to.to_string());
            let found = repair(&query, &source, &stored, &Lang::EN);
            let suggested = found.target.text();
            let plain: String = suggested.chars().filter(|c| *c != ',').collect();
            prop_assert_eq!(plain, target(to));
            prop_assert_eq!(found.changes.len(), 1);
            let change = &found.changes[0];
            prop_assert_eq!(&suggested[change.suggested()], change.to());
            prop_assert_eq!(&stored[change.stored()], change.from());
            let back = [&suggested[..change.suggested.start], change.from(), &suggested[change.suggested.end..]];
            prop_assert_eq!(back.concat(), stored);
        }

        /// The changes are all that tells the suggestion from the stored target, and their spans
        /// say exactly where.
        #[test]
        fn changes_lead_from_the_target_to_the_suggestion(
            words in prop::collection::vec(prop::sample::select(WORDS), 1..12),
            others in prop::collection::vec(
                prop::option::weighted(0.3, prop::sample::select(WORDS)),
                12,
            ),
            target in prop::collection::vec(prop::sample::select(WORDS), 0..12),
            lang in prop::sample::select(vec![Lang::EN, Lang::RU]),
        ) {
            let query: Vec<&str> = words.iter().zip(others).map(|(word, o)| o.unwrap_or(word)).collect();
            let found = repair(&query.join(" "), &words.join(" "), &target.join(" "), &lang);
            let (stored, suggested) = (target.join(" "), found.target.text());
            let (mut made, mut at) = (String::new(), 0);
            for change in &found.changes {
                prop_assert!(change.stored.start >= at, "{:?}", found.changes);
                made += &stored[at..change.stored.start];
                prop_assert_eq!(made.len(), change.suggested.start);
                made += change.to();
                at = change.stored.end;
                prop_assert_eq!(&stored[change.stored()], change.from());
                prop_assert_eq!(&suggested[change.suggested()], change.to());
            }
            made += &stored[at..];
            prop_assert_eq!(made, suggested);
        }

        #[test]
        fn nothing_changes_where_nothing_differs(text in "\\PC{0,40}", target in "\\PC{0,40}") {
            let found = repair(&text, &text, &target, &Lang::RU);
            prop_assert_eq!(found.target, Segment::from(target));
            prop_assert!(found.changes.is_empty() && found.refused.is_empty());
        }

        #[test]
        fn no_text_is_too_strange(a in "\\PC{0,30}", b in "\\PC{0,30}", c in "[0-9 .,/a-z]{0,30}") {
            repair(&a, &b, &c, &Lang::EN);
            repair(&c, &b, &c, &Lang::RU);
        }
    }

    #[test]
    fn a_value_that_stands_twice_is_refused() {
        let found = repair("12 et 15 voix", "12 et 12 voix", "12 and 12 votes", &Lang::EN);
        assert_eq!(found.refused[0].reason, RefusalReason::Ambiguous);
        assert_eq!(found.target.text(), "12 and 12 votes");
    }
}
