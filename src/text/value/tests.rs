use proptest::prelude::*;

use super::*;

fn keys(text: &str, lang: Lang) -> Vec<String> {
    values(text, &lang).iter().map(|valued| valued.value().key()).collect()
}

#[test]
fn notations_of_one_value_are_equal() {
    for (french, english, russian, key) in [
        ("1 250 000,50", "1,250,000.50", "1 250 000,50", "1250000.5"),
        ("3,5 millions", "3.5 million", "3,5 млн", "3.5"),
        ("1er janvier 2014", "January 1, 2014", "1 января 2014 года", "2014-01-01"),
        ("le 20 novembre 2010", "on 20 November 2010", "20 ноября 2010 г.", "2010-11-20"),
        ("4 déc. 2013", "Dec. 4, 2013", "4 декабря 2013 г.", "2013-12-04"),
        ("mars 2016", "March 2016", "март 2016 года", "2016-03"),
        ("le 14 juillet", "on 14 July", "14 июля", "--07-14"),
        ("18 h 15", "6.15 p.m.", "18 ч. 15 мин.", "T18:15"),
        ("à 18h15", "at 6:15 pm", "в 18:15", "T18:15"),
        ("23e", "23rd", "23-е", "#23"),
        ("S/RES/1973 (2011)", "S/RES/1973(2011)", "S/RES/1973 (2011)", "S/RES/1973(2011)"),
        ("A/HRC/25/63.", "(A/HRC/25/63)", "A/HRC/25/63,", "A/HRC/25/63"),
        (
            "article 5, alinéa b)",
            "Article 5, subparagraph (b)",
            "статьи 5, подпункт b)",
            "Article 5,Subparagraph b",
        ),
        ("chapitre VII", "Chapter VII", "главе VII", "Chapter VII"),
    ] {
        assert_eq!(keys(french, Lang::FR), [key], "{french}");
        assert_eq!(keys(english, Lang::EN), [key], "{english}");
        assert_eq!(keys(russian, Lang::RU), [key], "{russian}");
    }
}

#[test]
fn what_only_looks_like_a_value_is_none() {
    assert_eq!(keys("le G20 et Jahr10", Lang::FR), [""; 0]);
    assert_eq!(keys("We may 5 times", Lang::EN), ["5"]);
    assert_eq!(keys("les 17 et 18 mars 2016", Lang::FR), ["17", "2016-03-18"]);
    assert_eq!(keys("11.18.2014", Lang::EN), ["2014-11-18"]);
    assert_eq!(keys("31/02/2014", Lang::FR).len(), 3);
    assert_eq!(keys("et/ou, km/h", Lang::FR), [""; 0]);
    assert_eq!(keys("en 2015 312 incidents", Lang::FR), ["2015", "312"]);
    assert_eq!(keys("1.250.000,50 et 1.250", Lang::FR), ["1250000.5", "1250"]);
    assert_eq!(keys("0.3 %", Lang::FR), ["0.3"]);
    assert_eq!(keys("24 600 tonnes", Lang::EN), ["24600"]);
}

fn lang() -> impl Strategy<Value = Lang> {
    prop_oneof![Just(Lang::FR), Just(Lang::EN), Just(Lang::RU)]
}

fn value() -> impl Strategy<Value = Value> {
    let date = (prop::option::of(1000u16..=9999), 1u8..=12, prop::option::of(1u8..=28))
        .prop_filter("a month alone is a word", |(year, _, day)| year.is_some() || day.is_some())
        .prop_map(|(year, month, day)| Value::Date { year, month, day });
    let level = prop::sample::select(vec![
        Level::Annex,
        Level::Chapter,
        Level::Section,
        Level::Article,
        Level::Paragraph,
        Level::Subparagraph,
    ]);
    prop_oneof![
        ("[1-9][0-9]{0,14}", "[0-9]{0,3}").prop_map(|(integer, fraction)| {
            Value::Number(Number::new(&integer, &fraction).unwrap())
        }),
        (1u32..5000).prop_map(Value::Ordinal),
        date,
        (0u8..24, 0u8..60).prop_map(|(hour, minute)| Value::Time { hour, minute }),
        r"[A-Z]{1,4}(/[A-Z0-9]{1,5}){0,2}/[0-9]{1,4}(\((19|20)[0-9]{2}\))?"
            .prop_map(Value::Document),
        prop::collection::btree_map(level, "[1-9][0-9]{0,2}|[IVX]{1,4}|[a-z]", 1..4)
            .prop_map(|parts| Value::Part(parts.into_iter().collect())),
    ]
}

proptest! {
    #[test]
    fn a_value_written_in_a_language_is_read_as_it_was(value in value(), lang in lang()) {
        let written = value.write(&lang);
        let text = format!("({written}) {written}.");
        let found = values(&text, &lang);
        prop_assert_eq!(found.len(), 2, "{}", text);
        for valued in &found {
            prop_assert_eq!(valued.value(), &value, "{}", text);
        }
        prop_assert_eq!(&text[found[0].span()], &written);
    }

    #[test]
    fn a_value_read_in_one_language_and_written_in_another_keeps_its_value(
        value in value(), from in lang(), to in lang(),
    ) {
        let read = values(&value.write(&from), &from).remove(0).value;
        let carried = values(&read.write(&to), &to).remove(0).value;
        prop_assert_eq!(carried, value);
    }

    #[test]
    fn spans_are_in_order_and_within_the_text(text in any::<String>(), lang in lang()) {
        let mut end = 0;
        for valued in values(&text, &lang) {
            prop_assert!(valued.span().start >= end && !valued.span().is_empty());
            prop_assert!(text.get(valued.span()).is_some());
            end = valued.span().end;
        }
    }

    #[test]
    fn texts_full_of_digits_and_signs_do_no_harm(
        text in r"([0-9]{1,4}|[ ,./:()-]|h|e|er|mars|March|г\.|марта|p\.m\.|article|A/){0,40}", lang in lang(),
    ) {
        values(&text, &lang);
    }
}
