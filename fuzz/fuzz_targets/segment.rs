//! Any text is cut into sentences that together hold all of it but white space.
#![no_main]

use chancery::{Document, Lang};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for lang in [Lang::FR, Lang::EN, Lang::RU] {
        let document = Document::new(text, lang);
        let mut end = 0;
        for sentence in document.sentences() {
            let span = sentence.span();
            assert!(text[end..span.start].trim().is_empty());
            assert!(!text[span.clone()].trim().is_empty());
            end = span.end;
        }
        assert!(text[end..].trim().is_empty());
    }
});
