//! What the readers and writers of XML formats share.

pub(crate) mod attributes;
pub(crate) mod cut;
pub(crate) mod markup;
pub(crate) mod resolve;
pub(crate) mod segment;
pub(crate) mod source;
pub(crate) mod write;
