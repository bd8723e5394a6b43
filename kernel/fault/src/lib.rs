//! Fault, error kinds and field errors.
//!
//! Two families of error, never mixed. A *refusal* is expected: somebody asked for what the business does not
//! allow; each action has its own small enum and implements [`Refusal`]. A *fault* is not expected: the database
//! is away, a row is corrupt, we have a bug; all of these are the one opaque [`Fault`].

mod fault;
mod refusal;
mod text;

pub use fault::{Fault, FaultClass, ResultExt};
pub use refusal::{Denied, ErrorKind, FieldError, Refusal};
pub use text::{Text, TextArg};
