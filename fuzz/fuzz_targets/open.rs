//! The door for every format, archives too: whatever comes in, it ends, with units or an error.

#![no_main]

use std::io::Cursor;

use chancery::exchange::{self, Limits, ReadOptions};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { bytes: 1 << 24, document_bytes: 1 << 24, ..Limits::default() };
    for name in ["x", "x.tsv", "x.csv", "x.zip"] {
        let options = ReadOptions::new().limits(limits.clone()).keep_rejected(true);
        let input = Cursor::new(bytes.to_vec());
        if let Ok(mut reader) = exchange::read(input, name.as_ref(), options) {
            reader.by_ref().for_each(drop);
            reader.take_rejected();
        }
    }
});
