//! Word-translation probabilities, learnt from texts that translate each other.

pub(crate) mod cognates;
pub(crate) mod model;
pub(crate) mod table;
pub(crate) mod words;
