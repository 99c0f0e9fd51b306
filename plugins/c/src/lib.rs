//! The C interface of Chancery.
//!
//! `chancery.h` is its documentation; every function here is named and described there, and a test
//! holds both against each other. What is here turns pointers into texts and handles into objects,
//! calls the library, and lets no panic through.

mod border;
mod change;
mod check;
mod concordance;
mod handles;
mod lookup;
mod memory;
mod phrase;
mod status;
mod terms;

pub use change::*;
pub use check::*;
pub use concordance::*;
pub use lookup::*;
pub use memory::*;
pub use phrase::*;
pub use status::*;
pub use terms::*;
