//! Bytes to text: UTF-8 and UTF-16, with or without a byte order mark.

use thiserror::Error;

/// Decodes the bytes of a text file: UTF-8 or UTF-16, with or without a byte order mark.
///
/// The mark tells the encoding and is not part of the text; nothing else is dropped or replaced,
/// so that encoding the result again gives the bytes that came in. UTF-16 without a mark is
/// recognised by its ASCII characters (spaces, line ends, punctuation), every second byte of
/// which is zero.
///
/// # Errors
///
/// If the bytes are none of these. A file in an older encoding is never guessed at: a wrong guess
/// damages every accent in silence. The error names the place and what to do.
///
/// Cost: one pass over the bytes; UTF-8 is checked in place and copied once.
///
/// ```
/// use chancery::text::decode;
///
/// assert_eq!(decode("été".as_bytes())?, "été");
/// assert_eq!(decode(b"\xff\xfe\xe9\x00t\x00\xe9\x00")?, "été");
/// let error = decode(b"premi\xe8re ligne").unwrap_err();
/// assert_eq!((error.line(), error.offset()), (1, 5));
/// # Ok::<(), chancery::text::DecodeError>(())
/// ```
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    use ByteOrder::{Big, Little};
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Err(DecodeError::at(bytes, 0, "UTF-32, which is not read; save it as UTF-8"))
        }
        [0xff, 0xfe, rest @ ..] => utf16(rest, Little).map_err(|at| broken_utf16(bytes, at + 2)),
        [0xfe, 0xff, rest @ ..] => utf16(rest, Big).map_err(|at| broken_utf16(bytes, at + 2)),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, DecodeError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mark = bytes.len() - text.len();
    // A zero byte is valid UTF-8, but no text has one.
    let zero = text.iter().position(|&byte| byte == 0);
    if zero.is_some()
        && let Some(decoded) = unmarked_utf16(bytes)
    {
        return Ok(decoded);
    }
    match (std::str::from_utf8(text), zero) {
        (Ok(text), None) => Ok(text.to_owned()),
        (_, Some(at)) => Err(DecodeError::at(
            bytes,
            mark + at,
            "a byte of value 0, so it is binary, not text; give a text file",
        )),
        (Err(error), None) => {
            let at = error.valid_up_to();
            let advice = match error.error_len() {
                None => "a character that is cut off at the end; is the file complete?",
                Some(_) => legacy_advice(text),
            };
            Err(DecodeError::at(bytes, mark + at, advice))
        }
    }
}

/// What a file that is not UTF-8 most likely is. Single-byte Cyrillic texts are letters above
/// 127 for the most part, Western European ones for the least.
fn legacy_advice(text: &[u8]) -> &'static str {
    let high = text.iter().filter(|&&byte| byte >= 0x80).count();
    if high * 3 > text.len() {
        "a byte that is not UTF-8; if the text is Cyrillic, convert it first: \
         iconv -f WINDOWS-1251 -t UTF-8"
    } else {
        "a byte that is not UTF-8; if the text is Western European, convert it first: \
         iconv -f WINDOWS-1252 -t UTF-8"
    }
}

fn broken_utf16(bytes: &[u8], at: usize) -> DecodeError {
    DecodeError::at(bytes, at, "half a character of UTF-16; is the file complete?")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            ByteOrder::Little => u16::from_le_bytes(pair),
            ByteOrder::Big => u16::from_be_bytes(pair),
        }
    }
}

/// Decodes UTF-16; the error is the offset of the first byte that is no part of a character.
fn utf16(bytes: &[u8], order: ByteOrder) -> Result<String, usize> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| order.unit(pair))) {
        match decoded {
            Ok(character) => text.push(character),
            Err(_) => return Err(text.encode_utf16().count() * 2),
        }
    }
    if odd.is_empty() { Ok(text) } else { Err(bytes.len() - 1) }
}

/// Decodes UTF-16 that has no mark, in the byte order that makes a text of it, if one does.
fn unmarked_utf16(bytes: &[u8]) -> Option<String> {
    let ascii = |order: ByteOrder| {
        let pairs = bytes.as_chunks::<2>().0.iter();
        pairs.filter(|&&pair| matches!(order.unit(pair), 0x09 | 0x0a | 0x0d | 0x20..0x7f)).count()
    };
    let (little, big) = (ascii(ByteOrder::Little), ascii(ByteOrder::Big));
    let order = match little.cmp(&big) {
        std::cmp::Ordering::Greater => ByteOrder::Little,
        std::cmp::Ordering::Less => ByteOrder::Big,
        std::cmp::Ordering::Equal => return None,
    };
    let text = utf16(bytes, order).ok()?;
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}');
    // Binary data that happens to have no lone surrogate still has controls in it.
    (!text.contains(control)).then_some(text)
}

/// Bytes that are not a text this crate reads.
///
/// ```
/// let error = chancery::text::decode(b"deux\nlignes\xc3").unwrap_err();
/// assert_eq!((error.line(), error.offset()), (2, 11));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, byte {offset}: {advice}")]
pub struct DecodeError {
    line: usize,
    offset: usize,
    advice: &'static str,
}

impl DecodeError {
    fn at(bytes: &[u8], offset: usize, advice: &'static str) -> DecodeError {
        let line = 1 + bytes[..offset].iter().filter(|&&byte| byte == b'\n').count();
        DecodeError { line, offset, advice }
    }

    /// The line the first bad byte stands in, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The first bad byte, counted from 0.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str, order: ByteOrder) -> Vec<u8> {
        let bytes = |unit: u16| match order {
            ByteOrder::Little => unit.to_le_bytes(),
            ByteOrder::Big => unit.to_be_bytes(),
        };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        for text in ["L’État.\r\n", "Совет Россия — НАТО", "a\u{1f54a} b", "二 三"]
        {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                assert_eq!(decode(&encode(text, order)).as_deref(), Ok(text));
                let marked = encode(&format!("\u{feff}{text}"), order);
                assert_eq!(decode(&marked).as_deref(), Ok(text));
            }
        }
    }

    #[test]
    fn the_mark_of_utf8_is_dropped_once() {
        assert_eq!(decode("\u{feff}été".as_bytes()).as_deref(), Ok("été"));
        assert_eq!(decode("\u{feff}\u{feff}".as_bytes()).as_deref(), Ok("\u{feff}"));
        assert_eq!(decode(b"").as_deref(), Ok(""));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let place = |bytes: &[u8]| decode(bytes).map_err(|error| (error.line(), error.offset()));
        assert_eq!(place(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0"), Err((1, 7)));
        assert_eq!(place(b"a\nb\xe9"), Err((2, 3)));
        assert_eq!(place(b"\xff\xfea\0b"), Err((1, 4)));
        assert_eq!(place(b"\xff\xfe\x00\xd8a\0"), Err((1, 2)));
        assert_eq!(place(b"\xff\xfe\0\0a\0\0\0"), Err((1, 0)));
    }
}
