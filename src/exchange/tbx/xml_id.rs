//! Ids as XML allows them.
//!
//! An id may be any text (numbers, UUIDs, braces); the attribute `id` of XML may not. What it does
//! not allow is written `_xHHHH_`, the number of the character in hexadecimal digits, and read
//! back.

/// The id as an XML name.
pub(super) fn encode(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for (at, c) in id.char_indices() {
        // An underscore that would be taken for the beginning of an escape is escaped itself.
        let plain = match c {
            // What could be taken for the beginning of an escape is escaped itself.
            '_' => !id[at..].starts_with("_x") || digits(&id[at + 2..]) < 4,
            _ => may_begin(c) || (at > 0 && (c.is_ascii_digit() || c == '-' || c == '.')),
        };
        match plain {
            true => out.push(c),
            false => out.push_str(&format!("_x{:04X}_", u32::from(c))),
        }
    }
    out
}

/// The id that was encoded, or the name itself where nothing was.
pub(super) fn decode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        match escape_at(&rest[at..]) {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[at + length..];
            }
            None => {
                out.push('_');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    // Somebody else's name that only looks so stays as it is.
    if encode(&out) == name { out } else { name.to_owned() }
}

/// The escape at the beginning of a text, and its length in bytes.
fn escape_at(text: &str) -> Option<(char, usize)> {
    let number = text.strip_prefix("_x")?;
    let length = digits(number);
    let closed = number.as_bytes().get(length) == Some(&b'_');
    if !closed || !(4..=6).contains(&length) {
        return None;
    }
    let c = u32::from_str_radix(&number[..length], 16).ok().and_then(char::from_u32)?;
    Some((c, length + 3))
}

/// How many hexadecimal digits a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')).count()
}

/// Letters that every edition of XML allows at the beginning of a name.
fn may_begin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | 'А'..='я')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_xml_stay_as_they_are() {
        for name in ["treaty.charter-of-the-united-nations", "_55", "c1", "Устав", "_x", "_x12_"]
        {
            assert_eq!((encode(name).as_str(), decode(name).as_str()), (name, name));
        }
        assert_eq!(encode("1875432"), "_x0031_875432");
        assert_eq!(decode("_x0061_"), "_x0061_");
    }

    proptest! {
        #[test]
        fn every_id_comes_back_and_is_a_name(id in "(_x0041_|_|x|00|[0-9]|\\PC){0,12}") {
            let name = encode(&id);
            prop_assert_eq!(decode(&name), id);
            let allowed = |c: char| may_begin(c) || "-._0123456789".contains(c);
            prop_assert!(name.chars().all(allowed), "{}", name);
            prop_assert!(!name.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.'));
        }
    }
}
