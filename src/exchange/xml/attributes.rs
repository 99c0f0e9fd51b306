//! The attributes of a start tag, as tools really write them.

/// Goes through the attributes of a tag: name, value still escaped, and whether it was written as
/// XML demands.
///
/// A value ends at a quotation mark followed by white space, another attribute or the end of the
/// tag; so `creationid="<BX ID="1"/>"`, which some tools write, gives `<BX ID="1"/>`. Duplicates
/// are not looked for here: the check would be quadratic.
pub(crate) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    /// Takes what stands between the name of the element and the end of the tag.
    pub(crate) fn new(raw: &'a str) -> Attributes<'a> {
        Attributes { rest: raw }
    }
}

/// One attribute of a tag.
pub(crate) struct RawAttribute<'a> {
    pub(crate) name: &'a str,
    /// With references and line ends as written.
    pub(crate) value: &'a str,
    pub(crate) well_formed: bool,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = RawAttribute<'a>;

    fn next(&mut self) -> Option<RawAttribute<'a>> {
        let rest = self.rest.trim_ascii_start();
        let name_end = rest.bytes().position(|b| b == b'=' || b.is_ascii_whitespace());
        let (name, after) = rest.split_at(name_end.unwrap_or(rest.len()));
        if rest.is_empty() || rest == "/" {
            self.rest = "";
            return None;
        }
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.rest = after;
            return Some(RawAttribute { name, value: "", well_formed: false });
        };
        let value = value.trim_ascii_start();
        let quote = value.bytes().next().filter(|&b| b == b'"' || b == b'\'');
        let Some(quote) = quote else {
            let end = value.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(value.len());
            let (value, rest) = value.split_at(end);
            self.rest = rest;
            return Some(RawAttribute { name, value, well_formed: false });
        };
        let value = &value[1..];
        let Some(first) = memchr::memchr(quote, value.as_bytes()) else {
            self.rest = "";
            return Some(RawAttribute { name, value, well_formed: false });
        };
        let end = if may_follow_value(&value[first + 1..]) {
            first
        } else {
            real_end(value, quote, first)
        };
        self.rest = &value[end + 1..];
        let value = &value[..end];
        let well_formed =
            end == first && !name.is_empty() && memchr::memchr(b'<', value.as_bytes()).is_none();
        Some(RawAttribute { name, value, well_formed })
    }
}

/// The last quotation mark before the next attribute or the end of the tag.
fn real_end(value: &str, quote: u8, first: usize) -> usize {
    memchr::memchr_iter(quote, value.as_bytes())
        .skip(1)
        .find(|&at| may_follow_value(&value[at + 1..]) && !value[at + 1..].starts_with("/>"))
        .unwrap_or(first)
}

/// Whether the text after a closing quotation mark is the end of the tag or another attribute.
fn may_follow_value(rest: &str) -> bool {
    let next = rest.trim_ascii_start();
    if next.is_empty() || next == "/" {
        return true;
    }
    if next.len() == rest.len() {
        return false;
    }
    let name = next.bytes().position(|b| !(b.is_ascii_alphanumeric() || b"-_.:".contains(&b)));
    name.is_some_and(|end| end > 0 && next[end..].trim_ascii_start().starts_with('='))
        || !next.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Vec<(&str, &str, bool)> {
        Attributes::new(raw).map(|a| (a.name, a.value, a.well_formed)).collect()
    }

    #[test]
    fn what_xml_demands_is_read_as_it_is() {
        let raw = " a=\"1\"\n  xml:lang = 'fr' b=\"it's\" c='' /";
        let expected =
            [("a", "1", true), ("xml:lang", "fr", true), ("b", "it's", true), ("c", "", true)];
        assert_eq!(read(raw), expected);
        assert_eq!(read(""), []);
        assert_eq!(read(" /"), []);
    }

    #[test]
    fn what_xml_forbids_loses_nothing_beside_it() {
        assert_eq!(read(r#" tuid=""1"" x="2""#), [("tuid", "\"1\"", false), ("x", "2", true)]);
        let raw = r#" creationid="<BX ID="1"/>" x="2""#;
        assert_eq!(read(raw), [("creationid", "<BX ID=\"1\"/>", false), ("x", "2", true)]);
        assert_eq!(read(" bare a=1 b"), [("bare", "", false), ("a", "1", false), ("b", "", false)]);
        assert_eq!(read(" a=\"open"), [("a", "open", false)]);
    }
}
