//! Writing TMX.

use std::io::Write;
use std::path::Path;

use super::{Flavour, Header, flavour};
use crate::Unit;
use crate::exchange::xml::write::{self, escape_text};
use crate::exchange::{AtomicFile, Error};
use crate::unit::{Attribute, Metadata};

/// A writer of TMX 1.4b, level 2.
///
/// It streams: a unit is written as soon as it is given. Everything the model holds is written,
/// also what other tools put there; [`TmxReader`](super::TmxReader) reads equal units back.
/// [`finish`](TmxWriter::finish) writes the end: without it the file is cut off.
///
/// ```
/// use chancery::exchange::{Header, TmxReader, TmxWriter};
/// use chancery::{Lang, Unit};
///
/// let unit = Unit::pair((Lang::FR, "Paix\u{a0}!\r\n"), (Lang::EN, "Peace!"));
/// let mut writer = TmxWriter::new(Vec::new(), &Header::new(&Lang::FR))?;
/// writer.write(&unit)?;
/// let file = writer.finish()?;
///
/// let back = TmxReader::new(file.as_slice())?.into_units().next().unwrap()?;
/// assert_eq!(back, unit);
/// # Ok::<(), chancery::exchange::Error>(())
/// ```
#[derive(Debug)]
pub struct TmxWriter<W: Write> {
    out: W,
    /// One unit's text.
    buffer: String,
    flavour: Flavour,
    units: u64,
    dropped: u64,
}

impl TmxWriter<AtomicFile> {
    /// Begins a file that appears at this path when it is complete.
    ///
    /// # Errors
    ///
    /// If the file cannot be written there.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("memory.tmx");
    /// use chancery::Lang;
    /// use chancery::exchange::{Header, TmxWriter};
    ///
    /// let writer = TmxWriter::create(&path, &Header::new(&Lang::FR))?;
    /// writer.finish()?.commit()?;
    /// assert!(path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create(path: impl AsRef<Path>, header: &Header) -> Result<TmxWriter<AtomicFile>, Error> {
        TmxWriter::new(AtomicFile::create(path)?, header)
    }
}

impl<W: Write> TmxWriter<W> {
    /// Writes the beginning of a file that loses nothing.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn new(out: W, header: &Header) -> Result<TmxWriter<W>, Error> {
        TmxWriter::with_flavour(out, header, Flavour::Lossless)
    }

    /// Writes the beginning of a file for a tool; [`dropped`](TmxWriter::dropped) says how much had
    /// no place in it.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn with_flavour(out: W, header: &Header, flavour: Flavour) -> Result<TmxWriter<W>, Error> {
        let (header, dropped) = flavour::header(&flavour, header);
        let mut writer = TmxWriter { out, buffer: String::new(), flavour, units: 0, dropped };
        writer.buffer.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        if header.version().is_none_or(|version| version == "1.4") {
            writer.buffer.push_str("<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n");
        }
        writer.buffer.push_str("<tmx");
        if header.version().is_none() {
            writer.buffer.push_str(" version=\"1.4\"");
        }
        writer.attributes(&header.root, &[]);
        writer.buffer.push_str(">\n  <header");
        writer.attributes(&header.metadata.attributes, &[]);
        if header.metadata.has_children() {
            writer.buffer.push_str(">\n");
            writer.children(&header.metadata, "    ");
            writer.buffer.push_str("  </header>\n  <body>\n");
        } else {
            writer.buffer.push_str("/>\n  <body>\n");
        }
        writer.flush_buffer()?;
        Ok(writer)
    }

    /// Writes a unit.
    ///
    /// # Errors
    ///
    /// If writing fails, or the codes of a segment do not close what they open: such a segment
    /// can not be written as XML. Nothing of the unit is written then.
    pub fn write(&mut self, unit: &Unit) -> Result<(), Error> {
        let flavour = self.flavour.clone();
        let (unit, dropped) = flavour::unit(&flavour, unit);
        self.dropped += dropped;
        match unit {
            Some(unit) => self.write_unit(&unit),
            None => Ok(()),
        }
    }

    fn write_unit(&mut self, unit: &Unit) -> Result<(), Error> {
        self.buffer.push_str("    <tu");
        self.attributes(&unit.metadata.attributes, &[]);
        self.buffer.push_str(">\n");
        self.children(&unit.metadata, "      ");
        for variant in &unit.variants {
            self.buffer.push_str("      <tuv");
            self.attribute("xml:lang", variant.lang.as_written());
            self.attributes(&variant.metadata.attributes, &["xml:lang"]);
            if variant.metadata.has_children() {
                self.buffer.push_str(">\n");
                self.children(&variant.metadata, "        ");
                self.buffer.push_str("        <seg>");
            } else {
                self.buffer.push_str("><seg>");
            }
            match write::segment(&variant.segment, &mut self.buffer) {
                Ok(dropped) => self.dropped += dropped,
                Err(error) => {
                    self.buffer.clear();
                    return Err(error);
                }
            }
            self.buffer.push_str("</seg></tuv>\n");
        }
        self.buffer.push_str("    </tu>\n");
        self.units += 1;
        self.flush_buffer()
    }

    /// Writes the end of the file and gives back what it was written to.
    ///
    /// # Errors
    ///
    /// If writing fails.
    pub fn finish(mut self) -> Result<W, Error> {
        self.buffer.push_str("  </body>\n</tmx>\n");
        self.flush_buffer()?;
        self.out.flush().map_err(|error| Error::io(error, "the TMX cannot be written"))?;
        Ok(self.out)
    }

    /// How many units were written so far.
    pub fn units(&self) -> u64 {
        self.units
    }

    /// How much was left out so far: what the [flavour](Flavour) has no place for, and what XML does
    /// not allow (control characters, where a vertical tab or a form feed is written as a space;
    /// attributes given twice or with a name that is none). Of what a reader of this crate gives,
    /// the lossless flavour leaves out nothing.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    fn flush_buffer(&mut self) -> Result<(), Error> {
        let written = self.out.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        written.map_err(|error| Error::io(error, "the TMX cannot be written"))
    }

    fn attributes(&mut self, attributes: &[Attribute], written: &[&str]) {
        self.dropped += write::attributes(attributes, written, &mut self.buffer);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.dropped += write::attribute(name, value, &mut self.buffer);
    }

    fn text(&mut self, text: &str) {
        self.dropped += escape_text(text, &mut self.buffer);
    }

    fn children(&mut self, metadata: &Metadata, indent: &str) {
        for note in &metadata.notes {
            self.buffer.push_str(indent);
            self.buffer.push_str("<note");
            self.attributes(&note.attributes, &[]);
            self.buffer.push('>');
            self.text(&note.text);
            self.buffer.push_str("</note>\n");
        }
        for property in &metadata.properties {
            self.buffer.push_str(indent);
            self.buffer.push_str("<prop");
            self.attribute("type", &property.kind);
            self.attributes(&property.attributes, &["type"]);
            self.buffer.push('>');
            self.text(&property.value);
            self.buffer.push_str("</prop>\n");
        }
        for foreign in &metadata.foreign {
            self.buffer.push_str(indent);
            self.buffer.push_str(foreign);
            self.buffer.push('\n');
        }
    }
}
