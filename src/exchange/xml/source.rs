//! The bytes of an XML file as UTF-8 text, a window at a time, with line and column.

use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::exchange::Problem;

/// Bytes asked of the input at a time, at least.
const CHUNK: usize = 128 << 10;

/// Finds the encoding that the first bytes declare, knowing the one that they show.
pub(crate) type Declaration = fn(&[u8], Option<&'static Encoding>) -> Option<String>;

/// A window over the text of a file. It grows at its end by [`fill`](Source::fill) and shrinks at
/// its beginning by [`advance`](Source::advance).
///
/// The encoding is that of the byte order mark, else of the pattern of the first bytes, else the
/// declared one, else UTF-8. Bytes it does not allow are noted; in UTF-8 they are read as
/// windows-1252, which is what they are in nearly every file that has them.
pub(crate) struct Source<R> {
    input: R,
    /// Bytes read but not decoded yet.
    raw: Vec<u8>,
    encoding: &'static Encoding,
    /// None for UTF-8, which is checked in place.
    decoder: Option<encoding_rs::Decoder>,
    text: String,
    start: usize,
    /// The place of the first character of the window.
    line: u64,
    column: u64,
    /// Bytes of text before the window.
    passed: u64,
    /// Places of malformed bytes, as offsets from the beginning of the text.
    malformed: VecDeque<u64>,
    ended: bool,
    /// Whether there was a byte order mark.
    marked: bool,
    bytes_read: u64,
    bytes_limit: u64,
    /// What was odd about the encoding.
    pub(crate) notes: Vec<(Problem, String)>,
}

impl<R: Read> Source<R> {
    /// Looks at the first bytes and settles the encoding.
    pub(crate) fn new(input: R, bytes_limit: u64) -> io::Result<Source<R>> {
        Source::with_declaration(input, bytes_limit, declared_encoding)
    }

    /// As [`new`](Source::new), for a format that declares its encoding in its own way.
    pub(crate) fn with_declaration(
        input: R,
        bytes_limit: u64,
        declared: Declaration,
    ) -> io::Result<Source<R>> {
        let mut source = Source {
            input,
            raw: Vec::new(),
            encoding: UTF_8,
            decoder: None,
            text: String::new(),
            start: 0,
            line: 1,
            column: 1,
            passed: 0,
            malformed: VecDeque::new(),
            ended: false,
            marked: false,
            bytes_read: 0,
            bytes_limit,
            notes: Vec::new(),
        };
        while source.raw.len() < 1024 && source.read_raw(CHUNK)? > 0 {}
        source.settle_encoding(declared)?;
        source.decode();
        Ok(source)
    }

    fn read_raw(&mut self, want: usize) -> io::Result<usize> {
        let before = self.raw.len();
        let allowed = self.bytes_limit.saturating_sub(self.bytes_read);
        // One byte more than allowed tells a file of exactly the limit from a larger one.
        let want = (want as u64).min(allowed.saturating_add(1));
        let count = (&mut self.input).take(want).read_to_end(&mut self.raw)?;
        debug_assert_eq!(before + count, self.raw.len());
        self.bytes_read += count as u64;
        if self.bytes_read > self.bytes_limit {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("the file is longer than the limit of {} bytes", self.bytes_limit),
            ));
        }
        self.ended |= (count as u64) < want;
        Ok(count)
    }

    fn settle_encoding(&mut self, declaration: Declaration) -> io::Result<()> {
        let (encoding, mark) = match self.raw.as_slice() {
            [0xff, 0xfe, 0, 0, ..]
            | [0, 0, 0xfe, 0xff, ..]
            | [0, 0, 0, b'<', ..]
            | [b'<', 0, 0, 0, ..] => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the file is in UTF-32, which is not read; convert it to UTF-8",
                ));
            }
            [0xef, 0xbb, 0xbf, ..] => (Some(UTF_8), 3),
            [0xff, 0xfe, ..] => (Some(UTF_16LE), 2),
            [0xfe, 0xff, ..] => (Some(UTF_16BE), 2),
            bytes => (unmarked_utf16(bytes), 0),
        };
        let declared = declaration(&self.raw[mark..], encoding);
        let known = declared.as_deref().map(|label| Encoding::for_label(label.as_bytes()));
        self.encoding = match (encoding, known) {
            (Some(seen), Some(Some(said)))
                if seen != said && !both_utf16(seen, said, &declared) =>
            {
                self.note_conflict(declared.as_deref(), seen);
                seen
            }
            (Some(seen), _) => seen,
            (None, Some(Some(said))) if said == UTF_16LE || said == UTF_16BE => {
                self.note_conflict(declared.as_deref(), UTF_8);
                UTF_8
            }
            (None, Some(Some(said))) => said,
            (None, Some(None)) => {
                let label = declared.unwrap_or_default();
                self.notes.push((
                    Problem::UnknownEncoding,
                    format!("the declared encoding `{label}` is not known; read as UTF-8"),
                ));
                UTF_8
            }
            (None, None) => UTF_8,
        };
        self.marked = mark > 0;
        self.raw.drain(..mark);
        if self.encoding != UTF_8 {
            self.decoder = Some(self.encoding.new_decoder_without_bom_handling());
        }
        Ok(())
    }

    fn note_conflict(&mut self, declared: Option<&str>, seen: &'static Encoding) {
        let declared = declared.unwrap_or_default();
        self.notes.push((
            Problem::EncodingConflict,
            format!("declared as {declared}, but the bytes are {}; read as that", seen.name()),
        ));
    }

    /// Decodes what is in `raw` and appends it to the window.
    fn decode(&mut self) {
        match self.decoder.take() {
            None => self.decode_utf8(),
            Some(mut decoder) => {
                self.decode_other(&mut decoder);
                if !self.ended {
                    self.decoder = Some(decoder);
                }
            }
        }
    }

    fn decode_utf8(&mut self) {
        let mut rest = self.raw.as_slice();
        let kept = loop {
            // Nearly always all of it is valid, which this tells faster than the standard library;
            // where it is not, that one says where.
            if let Ok(text) = simdutf8::basic::from_utf8(rest) {
                self.text.push_str(text);
                break 0;
            }
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.text.push_str(text);
                    break 0;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    // The prefix is valid: nothing is replaced.
                    self.text.push_str(&String::from_utf8_lossy(good));
                    let count = match error.error_len() {
                        Some(count) => count,
                        None if self.ended => bad.len(),
                        // A character cut by the end of the chunk waits for its other bytes.
                        None => break bad.len(),
                    };
                    let at = self.passed + (self.text.len() - self.start) as u64;
                    self.malformed.push_back(at);
                    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bad[..count]);
                    self.text.push_str(&text);
                    rest = &bad[count..];
                }
            }
        };
        let drop = self.raw.len() - kept;
        self.raw.drain(..drop);
    }

    fn decode_other(&mut self, decoder: &mut encoding_rs::Decoder) {
        let mut from = 0;
        loop {
            let rest = &self.raw[from..];
            let room = decoder.max_utf8_buffer_length_without_replacement(rest.len());
            self.text.reserve(room.unwrap_or(rest.len() * 3 + 16));
            let (result, read) =
                decoder.decode_to_string_without_replacement(rest, &mut self.text, self.ended);
            from += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    let at = self.passed + (self.text.len() - self.start) as u64;
                    self.malformed.push_back(at);
                    self.text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        self.raw.clear();
    }

    /// Makes the window longer; false at the end of the file.
    ///
    /// Each call reads at least as much as the window holds, so that looking for something ever
    /// further ahead costs time in proportion to what is read.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.text.drain(..self.start);
        self.start = 0;
        let before = self.text.len();
        while self.text.len() == before && !self.ended {
            self.read_raw(CHUNK.max(before))?;
            self.decode();
        }
        Ok(self.text.len() > before)
    }

    /// The text at hand.
    pub(crate) fn window(&self) -> &str {
        &self.text[self.start..]
    }

    /// Drops the first bytes of the window.
    pub(crate) fn advance(&mut self, count: usize) {
        let (line, column) = self.place(count);
        (self.line, self.column) = (line, column);
        self.start += count;
        self.passed += count as u64;
        while self.malformed.front().is_some_and(|&at| at < self.passed) {
            self.malformed.pop_front();
        }
    }

    /// Line and column, from 1, of a place in the window.
    pub(crate) fn place(&self, offset: usize) -> (u64, u64) {
        let passed = &self.window().as_bytes()[..offset];
        let lines = memchr::memchr_iter(b'\n', passed).count() as u64;
        match memchr::memrchr(b'\n', passed) {
            None => (self.line, self.column + characters(passed)),
            Some(last) => (self.line + lines, 1 + characters(&passed[last + 1..])),
        }
    }

    /// Whether a malformed byte is at hand.
    pub(crate) fn has_malformed(&self) -> bool {
        !self.malformed.is_empty()
    }

    /// Where in the first bytes of the window the first malformed byte stood, and how many there
    /// are.
    pub(crate) fn malformed_in(&self, length: usize) -> Option<(usize, usize)> {
        let end = self.passed + length as u64;
        let count = self.malformed.iter().take_while(|&&at| at < end).count();
        let first = self.malformed.front().filter(|_| count > 0)?;
        Some(((first - self.passed) as usize, count))
    }
}

/// Characters of a piece of valid UTF-8: bytes that are not continuation bytes.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u64
}

/// Recognises UTF-16 without a mark by its ASCII characters, every second byte of which is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    let mut seen = [0usize; 2];
    let mut zero = false;
    for &pair in head.as_chunks::<2>().0 {
        zero |= pair.contains(&0);
        for (count, unit) in
            seen.iter_mut().zip([u16::from_le_bytes(pair), u16::from_be_bytes(pair)])
        {
            *count += usize::from(matches!(unit, 0x09 | 0x0a | 0x0d | 0x20..0x7f));
        }
    }
    match seen {
        _ if !zero => None,
        [little, big] if little > big && little * 20 > head.len() => Some(UTF_16LE),
        [little, big] if big > little && big * 20 > head.len() => Some(UTF_16BE),
        _ => None,
    }
}

/// `UTF-16` says nothing of the byte order, but `encoding_rs` takes it for little endian.
fn both_utf16(seen: &'static Encoding, said: &'static Encoding, label: &Option<String>) -> bool {
    let named = label.as_deref().is_some_and(|label| label.eq_ignore_ascii_case("utf-16"));
    named && said == UTF_16LE && (seen == UTF_16LE || seen == UTF_16BE)
}

/// The encoding that the XML declaration names.
pub(crate) fn declared_encoding(bytes: &[u8], seen: Option<&'static Encoding>) -> Option<String> {
    let head = &bytes[..bytes.len().min(1024)];
    let head: String = match seen {
        Some(wide) if wide == UTF_16LE || wide == UTF_16BE => {
            wide.decode_without_bom_handling(head).0.into_owned()
        }
        // The declaration is ASCII in every encoding that is left.
        _ => head.iter().map(|&byte| char::from(byte)).collect(),
    };
    let declaration = head.trim_start().strip_prefix("<?xml")?;
    let declaration = &declaration[..declaration.find("?>")?];
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|&c| c == '"' || c == '\'')?;
    Some(value[1..].split_once(quote)?.0.trim().to_owned())
}

/// The first bytes of a file as text, for looking at.
pub(crate) fn decode_head(bytes: &[u8]) -> String {
    match Source::new(bytes, u64::MAX) {
        Ok(source) => source.window().to_owned(),
        // UTF-32: no format here is read in it.
        Err(_) => String::new(),
    }
}

/// A whole file as text, with what is needed to write it again in its own encoding.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static Encoding,
    pub(crate) marked: bool,
    /// Where bytes stood that the encoding does not allow.
    pub(crate) malformed: Vec<usize>,
    pub(crate) notes: Vec<(Problem, String)>,
}

/// Reads a whole file, up to a limit of bytes.
pub(crate) fn decode_all(
    input: impl Read,
    limit: u64,
    declared: Declaration,
) -> io::Result<Decoded> {
    let mut source = Source::with_declaration(input, limit, declared)?;
    while source.fill()? {}
    Ok(Decoded {
        malformed: source.malformed.iter().map(|&at| at as usize).collect(),
        text: source.text,
        encoding: source.encoding,
        marked: source.marked,
        notes: source.notes,
    })
}

impl Decoded {
    /// The bytes of a text in the encoding of this file, its mark included; an error names the
    /// first character that the encoding does not have.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u8>, char> {
        let mut bytes = Vec::with_capacity(text.len() + 3);
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            let little = self.encoding == UTF_16LE;
            let mark = self.marked.then_some(0xfeff);
            for unit in mark.into_iter().chain(text.encode_utf16()) {
                bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
            return Ok(bytes);
        }
        if self.marked {
            bytes.extend(b"\xef\xbb\xbf");
        }
        let (encoded, _, lossy) = self.encoding.encode(text);
        if lossy {
            let lost = |c: &char| self.encoding.encode(c.encode_utf8(&mut [0; 4])).2;
            return Err(text.chars().find(lost).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        bytes.extend_from_slice(&encoded);
        Ok(bytes)
    }
}

impl<R> std::fmt::Debug for Source<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = (self.line, self.column);
        f.debug_struct("Source")
            .field("encoding", &self.encoding.name())
            .field("place", &place)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<Problem>) {
        let mut source = Source::new(bytes, u64::MAX).unwrap();
        while source.fill().unwrap() {}
        let notes = source.notes.iter().map(|note| note.0).collect();
        (source.window().to_owned(), notes)
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_in_every_form() {
        for declaration in ["", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-16'?>"]
        {
            let text = format!("{declaration}<a>é–𝄞</a>");
            let marked = format!("\u{feff}{text}");
            for bytes in [
                utf16(&text, u16::to_be_bytes),
                utf16(&text, u16::to_le_bytes),
                utf16(&marked, u16::to_be_bytes),
                utf16(&marked, u16::to_le_bytes),
            ] {
                assert_eq!(read(&bytes), (text.clone(), vec![]));
            }
        }
    }

    #[test]
    fn the_mark_outranks_the_declaration() {
        let text = "<?xml version='1.0' encoding='windows-1252'?><a>é</a>";
        let marked = format!("\u{feff}{text}");
        assert_eq!(read(marked.as_bytes()), (text.to_owned(), vec![Problem::EncodingConflict]));
        let text = "<?xml version='1.0' encoding='UTF-16'?><a>é</a>";
        assert_eq!(read(text.as_bytes()), (text.to_owned(), vec![Problem::EncodingConflict]));
    }

    #[test]
    fn a_declared_encoding_is_followed_and_an_unknown_one_reported() {
        let (text, notes) = read(b"<?xml version='1.0' encoding=\"iso-8859-1\"?><a>\xe9</a>");
        assert!(text.ends_with("<a>é</a>") && notes.is_empty());
        let (_, notes) = read(b"<?xml version='1.0' encoding='martian'?><a/>");
        assert_eq!(notes, [Problem::UnknownEncoding]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_read_as_windows_1252_and_noted() {
        let mut source =
            Source::new(&b"<a>\xfcber \xc3\xa9t\xc3\xa9 \xe9</a>"[..], u64::MAX).unwrap();
        assert_eq!(source.window(), "<a>über été é</a>");
        assert_eq!(source.malformed_in(17), Some((3, 2)));
        source.advance(5);
        assert_eq!(source.malformed_in(5), None);
        let cut = Source::new(&b"<a>\xc3"[..], u64::MAX).unwrap();
        assert_eq!(cut.window(), "<a>Ã");
    }

    #[test]
    fn characters_cut_by_the_end_of_a_chunk_are_whole_again() {
        let text = "é–𝄞".repeat(CHUNK / 4);
        for shift in ["", "a", "ab", "abc"] {
            let text = format!("{shift}{text}");
            assert_eq!(read(text.as_bytes()).0, text);
        }
    }

    #[test]
    fn places_count_characters_from_one() {
        let mut source = Source::new(&b"\xc3\xa9\nab\xc3\xa9c\n"[..], u64::MAX).unwrap();
        assert_eq!(source.place(7), (2, 4));
        source.advance(4);
        assert_eq!(source.place(0), (2, 2));
        assert_eq!(source.place(5), (3, 1));
    }

    #[test]
    fn the_limit_of_bytes_holds() {
        assert!(Source::new(&[b'a'; 100][..], 100).is_ok());
        assert!(Source::new(&[b'a'; 101][..], 100).is_err());
    }
}
