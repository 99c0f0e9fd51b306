//! Passages left in the source language, and words written twice.

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;
use crate::similarity::function_words;
use crate::text::{Token, TokenKind};

/// How many words in a row have to stand on both sides to be a passage that was not translated;
/// names and loan words are shorter.
const PASSAGE: usize = 4;
/// … and how many where the two languages have other alphabets.
const FOREIGN_PASSAGE: usize = 3;
/// How many words of a passage have to be in lower case: names are not translated.
const LOWER: usize = 3;

/// Finds a missing translation; whether the target as a whole is none.
pub(super) fn untranslated(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) -> bool {
    let kind = FindingKind::Untranslated;
    if target.text.trim().is_empty() {
        found.push(Draft::new(kind, "there is no translation").target(0..target.text.len()));
        return true;
    }
    if source.lang.same_language(target.lang) {
        return false;
    }
    let foreign = alphabet(source.lang.primary()) != alphabet(target.lang.primary());
    let least = if foreign { FOREIGN_PASSAGE } else { PASSAGE };
    // One word of grammar shows that a passage is a sentence rather than a name. A passage in
    // another alphabet shows itself.
    let grammar = |key: &str| {
        let theirs = function_words(target.lang).is_some_and(|list| list.contains(key));
        !theirs && function_words(source.lang).is_none_or(|list| list.contains(key))
    };
    let (ours, theirs) = (words(source), words(target));
    let equal = ours.len() == theirs.len()
        && ours.iter().zip(&theirs).all(|(left, right)| left.key() == right.key());
    let lower = |words: &[&Token], side: &Side<'_>| {
        words.iter().filter(|word| is_lower(side.written(word))).count()
    };
    // A title in capitals has small words too.
    let matter = |words: &[&Token]| {
        words.iter().any(|word| {
            is_lower(target.written(word))
                && !function_words(source.lang).is_some_and(|list| list.contains(word.key()))
        })
    };
    if equal
        && lower(&theirs, target) >= 2
        && (foreign || theirs.iter().any(|word| grammar(word.key())))
    {
        found.push(Draft::new(kind, "the target is the source").target(0..target.text.len()));
        return true;
    }
    let mut at = 0;
    while at < theirs.len() {
        let run = longest_run(&ours, &theirs[at..]);
        let passage = &theirs[at..at + run];
        let is_passage = run >= least
            && lower(passage, target) >= LOWER
            && matter(passage)
            && !is_quoted(target, passage)
            && (foreign || passage.iter().any(|word| grammar(word.key())));
        if is_passage {
            let span = passage[0].span().start..passage[run - 1].span().end;
            let message = format!("`{}` is not translated", &target.text[span.clone()]);
            found.push(Draft::new(kind, message).target(span));
            at += run;
        } else {
            at += 1;
        }
    }
    false
}

fn words<'s>(side: &'s Side<'_>) -> Vec<&'s Token> {
    side.tokens.iter().filter(|token| token.kind() == TokenKind::Word).collect()
}

fn is_lower(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
}

/// Whether a passage stands in quotation marks or brackets: a title, given as it is.
fn is_quoted(side: &Side<'_>, passage: &[&Token]) -> bool {
    let (Some(first), Some(last)) = (passage.first(), passage.last()) else { return false };
    let before = side.text[..first.span().start].trim_end();
    let after = side.text[last.span().end..].trim_start();
    let opens = |c: char| "«“„\"(<‘".contains(c);
    let closes = |c: char| "»”“\")>’".contains(c);
    before.ends_with(opens) || after.starts_with(closes)
}

/// How many words a text begins with that stand in a row in another.
fn longest_run(ours: &[&Token], theirs: &[&Token]) -> usize {
    let run = |from: usize| {
        let pairs = ours[from..].iter().zip(theirs);
        pairs.take_while(|(left, right)| left.key() == right.key()).count()
    };
    (0..ours.len()).map(run).max().unwrap_or(0)
}

/// A rough division of languages by alphabet.
fn alphabet(primary: &str) -> u8 {
    match primary {
        "ru" | "uk" | "be" | "bg" | "mk" | "sr" | "kk" | "ky" | "tg" | "mn" => 1,
        "ar" | "fa" | "ur" | "ps" => 2,
        "zh" | "ja" => 3,
        "el" => 4,
        "he" | "yi" => 5,
        "hy" => 6,
        "ka" => 7,
        "ko" => 8,
        "hi" | "ne" | "mr" => 9,
        "th" => 10,
        _ => 0,
    }
}

/// Finds words that stand twice in a row, unless the source does so too.
pub(super) fn repeated(source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
    let doubles = doubles(target);
    if doubles.is_empty() || !self::doubles(source).is_empty() {
        return;
    }
    for [first, second] in doubles {
        let written = target.written(second);
        let span = first.span().start..second.span().end;
        let draft = Draft::new(FindingKind::RepeatedWord, format!("`{written}` stands twice"));
        found.push(draft.target(span).suggest(target.written(first)));
    }
}

fn doubles<'s>(side: &'s Side<'_>) -> Vec<[&'s Token; 2]> {
    let pairs = side.tokens.windows(2).map(|pair| [&pair[0], &pair[1]]);
    pairs
        .filter(|[first, second]| {
            // Tokens of characters that the normal form joins share their place.
            let between = side.text.get(first.span().end..second.span().start).unwrap_or_default();
            first.kind() == TokenKind::Word
                && first.key() == second.key()
                && !between.is_empty()
                && !is_compound(&side.text, first, second)
                && between.chars().all(char::is_whitespace)
                && !may_stand_twice(first.key(), side.lang.primary())
        })
        .collect()
}

/// Whether one of two words is a part of a compound: *порт Порт-Сальван*.
fn is_compound(text: &str, first: &Token, second: &Token) -> bool {
    let hyphen = |c: char| matches!(c, '-' | '‑' | '‐');
    text[..first.span().start].ends_with(hyphen) || text[second.span().end..].starts_with(hyphen)
}

/// Words that a sentence may well have twice in a row.
fn may_stand_twice(key: &str, primary: &str) -> bool {
    match primary {
        "fr" => matches!(key, "nous" | "vous" | "mieux"),
        "en" => matches!(key, "had" | "that"),
        _ => false,
    }
}
