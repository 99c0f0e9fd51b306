//! XLIFF and PO: a document is given back byte for byte, and what is filled in is read again.
//!
//! The first byte chooses the format.

#![no_main]

use chancery::exchange::{BilingualFile, Fill, ReadOptions, State};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let name = if first % 2 == 0 { "x.xlf" } else { "x.po" };
    let read = |bytes: &[u8]| BilingualFile::read(bytes, name.as_ref(), ReadOptions::new());
    let Ok(mut document) = read(bytes) else { return };
    // Bytes outside the encoding cannot be given back, and the document says so.
    let Ok(same) = document.to_bytes() else { return };
    assert_eq!(same, bytes);
    let count = document.entries().len();
    let Some(entry) = document.entries().iter().position(|entry| !entry.locked) else { return };
    let fill = Fill::new("Paix <&> \"Peace\"\\", State::Translated);
    document.fill(entry, fill.clone()).expect("it is not locked");
    let Ok(filled) = document.to_bytes() else { return };
    // UTF-16 without a mark is guessed by its ASCII characters, which filling adds to.
    if bytes.contains(&0) && !(bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")) {
        return;
    }
    let again = read(&filled).expect("a filled document is a document");
    assert_eq!(again.entries().len(), count);
    let target = again.entries()[entry].target.as_ref().expect("it is filled");
    assert_eq!(target.text(), fill.target.text());
});
