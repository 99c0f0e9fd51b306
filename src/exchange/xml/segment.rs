//! Building a segment from its elements, by a stack of our own.

use std::borrow::Cow;
use std::mem;

use crate::unit::{Attribute, Code, CodeContent, CodeKind, Part, Segment, intern};

/// Builds a segment from text and elements as they come.
pub(crate) struct SegmentBuilder<'s> {
    segment: &'s mut Segment,
    /// The text at hand, not yet in the segment.
    run: String,
    stack: Vec<Frame>,
}

enum Frame {
    /// An element that wraps text: its opening code is in the segment already.
    Wrap(Cow<'static, str>),
    /// A code whose content is being read.
    Code(Code),
    /// A text inside a code.
    Sub { element: Cow<'static, str>, attributes: Vec<Attribute>, segment: Segment },
}

impl<'s> SegmentBuilder<'s> {
    /// Empties the segment and uses its memory again.
    pub(crate) fn new(segment: &'s mut Segment) -> SegmentBuilder<'s> {
        let run = segment.recycle();
        SegmentBuilder { segment, run, stack: Vec::new() }
    }

    /// Where text goes that comes now.
    pub(crate) fn text(&mut self) -> &mut String {
        &mut self.run
    }

    pub(crate) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The element that the next end tag must close.
    pub(crate) fn open_element(&self) -> Option<&str> {
        self.stack.last().map(|frame| match frame {
            Frame::Wrap(element) | Frame::Sub { element, .. } => &**element,
            Frame::Code(code) => &*code.element,
        })
    }

    /// Begins an element; the result says what is odd about it.
    pub(crate) fn open(
        &mut self,
        name: &str,
        attributes: Vec<Attribute>,
        empty: bool,
    ) -> Option<String> {
        self.flush();
        let inside_code = matches!(self.stack.last(), Some(Frame::Code(_)));
        let native = matches!(name, "bpt" | "ept" | "ph" | "it" | "ut");
        let element = intern(name);
        if inside_code {
            let odd = (name != "sub").then(|| format!("`{name}` inside a code; kept"));
            self.stack.push(Frame::Sub { element, attributes, segment: Segment::default() });
            if empty {
                self.close();
            }
            return odd;
        }
        let wraps = !native && !empty;
        let kind = match name {
            "bpt" => CodeKind::Open,
            "ept" => CodeKind::Close,
            "bx" => CodeKind::IsolatedOpen,
            "ex" => CodeKind::IsolatedClose,
            "sc" if isolated(&attributes) => CodeKind::IsolatedOpen,
            "sc" => CodeKind::Open,
            "ec" if isolated(&attributes) => CodeKind::IsolatedClose,
            "ec" => CodeKind::Close,
            "it" => match attributes.iter().find(|a| a.name == "pos").map(|a| a.value.as_str()) {
                Some("begin") => CodeKind::IsolatedOpen,
                Some("end") => CodeKind::IsolatedClose,
                _ => CodeKind::Standalone,
            },
            _ if wraps => CodeKind::Open,
            _ => CodeKind::Standalone,
        };
        let code = Code { kind, element: element.clone(), wraps, attributes, content: Vec::new() };
        let known = native || name == "hi";
        if wraps {
            self.target().push(Part::Code(code));
            self.stack.push(Frame::Wrap(element));
        } else {
            self.stack.push(Frame::Code(code));
            if empty {
                self.close();
            }
        }
        (!known).then(|| format!("`{name}` is no inline element of TMX; kept as it is"))
    }

    /// Ends the element that was opened last.
    pub(crate) fn close(&mut self) {
        self.flush();
        match self.stack.pop() {
            None => {}
            Some(Frame::Wrap(element)) => self.target().push(Part::Code(Code {
                kind: CodeKind::Close,
                element,
                wraps: true,
                attributes: Vec::new(),
                content: Vec::new(),
            })),
            Some(Frame::Code(code)) => self.target().push(Part::Code(code)),
            Some(Frame::Sub { element, attributes, segment }) => {
                if let Some(Frame::Code(code)) = self.stack.last_mut() {
                    code.content.push(CodeContent::SubFlow { element, attributes, segment });
                }
            }
        }
    }

    /// Puts a line end between two segments that stand in one place.
    pub(crate) fn separate(&mut self) {
        self.run.push('\n');
    }

    /// Writes the last text into the segment.
    pub(crate) fn finish(mut self) {
        self.flush();
    }

    fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = mem::take(&mut self.run);
        match self.stack.last_mut() {
            Some(Frame::Code(code)) => code.content.push(CodeContent::Native(run)),
            _ => self.target().push(Part::Text(run)),
        }
    }

    /// The segment that text and codes go into now.
    fn target(&mut self) -> &mut Segment {
        let inner = self.stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Sub { segment, .. } => Some(segment),
            _ => None,
        });
        inner.unwrap_or(self.segment)
    }
}

/// Whether a code of XLIFF 2 says that its other half is in another segment.
fn isolated(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| a.name == "isolated" && a.value == "yes")
}
