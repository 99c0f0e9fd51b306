//! TMX, the exchange format of translation memories.
//!
//! The standard is [TMX 1.4b](https://www.gala-global.org/tmx-14b) (LISA, 2005).

mod check;
mod flavour;
mod header;
mod parse;
mod reader;
mod schema;
mod writer;

pub use flavour::Flavour;
pub use header::Header;
pub use reader::{IntoUnits, TmxReader, Units};
pub use writer::TmxWriter;
