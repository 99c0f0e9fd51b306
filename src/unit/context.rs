//! Where a unit comes from, in the words of the tools of the field.

use std::borrow::Cow;

use super::{Metadata, Unit};

/// The properties of this kind on the unit, and on its variants.
fn property<'u>(unit: &'u Unit, kinds: &[&str]) -> Option<&'u str> {
    let own = |metadata: &'u Metadata| {
        kinds.iter().find_map(|kind| metadata.property(kind)).filter(|value| !value.is_empty())
    };
    own(&unit.metadata).or_else(|| unit.variants.iter().find_map(|v| own(&v.metadata)))
}

/// What the tools of the field say of a unit, read from the properties they keep it in; the
/// properties themselves stay as they came.
impl Unit {
    /// The source text before this one in its document: `prev` of OmegaT, `x-context-pre` of
    /// memoQ, the first half of `x-ContextContent` of Trados Studio, `context_prev` of Phrase,
    /// `x-previous-source-text` of XTM.
    ///
    /// ```
    /// use chancery::Unit;
    ///
    /// let mut unit = Unit::new();
    /// assert_eq!(unit.previous_text(), None);
    /// unit.metadata.set_property("x-context-pre", "<seg>Vu la charte &amp; le traité,</seg>");
    /// assert_eq!(unit.previous_text().as_deref(), Some("Vu la charte & le traité,"));
    /// ```
    pub fn previous_text(&self) -> Option<Cow<'_, str>> {
        self.neighbour(&["prev", "context_prev", "x-previous-source-text"], "x-context-pre", 0)
    }

    /// The source text after this one in its document; see
    /// [`previous_text`](Unit::previous_text).
    ///
    /// ```
    /// # use chancery::Unit;
    /// let mut unit = Unit::new();
    /// unit.metadata.set_property("next", "Décide :");
    /// assert_eq!(unit.next_text().as_deref(), Some("Décide :"));
    /// ```
    pub fn next_text(&self) -> Option<Cow<'_, str>> {
        self.neighbour(&["next", "context_next", "x-next-source-text"], "x-context-post", 1)
    }

    fn neighbour(&self, plain: &[&str], memoq: &str, half: usize) -> Option<Cow<'_, str>> {
        if let Some(text) = property(self, plain) {
            return Some(text.into());
        }
        if let Some(markup) = property(self, &[memoq]) {
            return Some(without_markup(markup).into());
        }
        // Studio: the source before, its translation, and so on, with bars between.
        let content = property(self, &["x-ContextContent"])?;
        let part = content.split('|').nth(half)?.trim();
        (!part.is_empty() && half == 0).then(|| part.into())
    }

    /// The document it comes from: `x-document` of memoQ and ours, `x-Document` of Trados Studio,
    /// `file` of OmegaT, `x-filename` of Déjà Vu, `x-file` of Lokalize, `tmgr:docname` of OpenTM2.
    ///
    /// ```
    /// # use chancery::Unit;
    /// let mut unit = Unit::new();
    /// unit.metadata.set_property("tmgr:docname", "A_68_908.docx");
    /// assert_eq!(unit.document(), Some("A_68_908.docx"));
    /// ```
    pub fn document(&self) -> Option<&str> {
        property(
            self,
            &[
                "x-document",
                "x-Document:SingleString",
                "x-Document:MultipleString",
                "file",
                "x-filename",
                "x-file",
                "tmgr:docname",
            ],
        )
    }

    /// The paragraph of its document it stands in, from 1: `x-chancery-paragraph`, as the
    /// [alignment](crate::align) writes it.
    ///
    /// ```
    /// # use chancery::Unit;
    /// let mut unit = Unit::new();
    /// unit.metadata.set_property("x-chancery-paragraph", "12");
    /// assert_eq!((unit.paragraph(), unit.sentence()), (Some(12), None));
    /// ```
    pub fn paragraph(&self) -> Option<usize> {
        property(self, &["x-chancery-paragraph"])?.parse().ok()
    }

    /// Which sentence of its document it begins with, from 1: `x-chancery-sentence`.
    pub fn sentence(&self) -> Option<usize> {
        property(self, &["x-chancery-sentence"])?.parse().ok()
    }

    /// The id or key that tells it from an equal text elsewhere: `id` of OmegaT, `x-context` of
    /// Lokalize, `context` of PO and Transifex, `tmgr:context` of OpenTM2.
    ///
    /// ```
    /// # use chancery::Unit;
    /// let mut unit = Unit::new();
    /// unit.metadata.set_property("context", "menu|open");
    /// assert_eq!(unit.context_id(), Some("menu|open"));
    /// ```
    pub fn context_id(&self) -> Option<&str> {
        property(self, &["id", "x-context", "context", "tmgr:context", "x-rowid"])
    }

    /// Who changed it last, else who made it: `changeid` and `creationid` of the unit, else of a
    /// variant, as OmegaT writes them.
    ///
    /// ```
    /// # use chancery::Unit;
    /// let mut unit = Unit::new();
    /// unit.metadata.set_attribute("creationid", "DGT\\dupont");
    /// assert_eq!(unit.author(), Some("DGT\\dupont"));
    /// ```
    pub fn author(&self) -> Option<&str> {
        let metadata = || {
            let variants = self.variants.iter().map(|variant| &variant.metadata);
            std::iter::once(&self.metadata).chain(variants)
        };
        let last = |name: &str| metadata().find_map(|metadata| metadata.attribute(name));
        last("changeid").or_else(|| last("creationid"))
    }
}

/// The text of a piece of simple markup, as memoQ keeps segments in a property.
fn without_markup(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        match rest[at..].find('>') {
            Some(end) => rest = &rest[at + end + 1..],
            // No markup after all.
            None => {
                out.push_str(&rest[at..]);
                rest = "";
            }
        }
    }
    out.push_str(rest);
    for (reference, character) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
    {
        out = out.replace(reference, character);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::Lang;
    use crate::unit::Unit;

    #[test]
    fn properties_of_a_variant_count_too() {
        let mut unit = Unit::pair((Lang::FR, "a"), (Lang::EN, "b"));
        let variant = &mut unit.variants[1].metadata;
        variant.set_property("x-context-post", "<seg>1 &lt; 2<ph>{}</ph></seg>");
        variant.set_attribute("changeid", "x");
        assert_eq!(unit.next_text().as_deref(), Some("1 < 2{}"));
        assert_eq!(unit.previous_text(), None);
        assert_eq!(unit.author(), Some("x"));
        unit.metadata.set_property("x-ContextContent", "Avant | | Before | ");
        assert_eq!(unit.previous_text().as_deref(), Some("Avant"));
        assert_eq!(unit.next_text().as_deref(), Some("1 < 2{}"));
    }
}
