//! Any bytes are read as SRX without a panic; what was read is written and read again as it was,
//! and its rules lose no text.
#![no_main]

use chancery::Lang;
use chancery::text::Segmenter;
use chancery::text::srx::Rules;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok((rules, _)) = Rules::read(bytes) else { return };
    let mut written = Vec::new();
    rules.write(&mut written).expect("RAM");
    let (again, _) = Rules::read(written.as_slice()).expect("what was written can be read");
    assert_eq!(rules, again);
    let (segmenter, _) = Segmenter::new(&rules, &Lang::FR);
    let text = "M. Hellmark a parlé. Mme Kolvass (voir art. 5) a répondu… « Oui. » Non !";
    let spans = segmenter.sentences(text);
    let length: usize = spans.iter().map(|span| text[span.clone()].len()).sum();
    assert!(length <= text.len());
    assert!(spans.is_sorted_by_key(|span| span.start));
});
