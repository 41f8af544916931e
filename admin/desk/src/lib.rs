//! What administrators do, without a face: a session on their own listener, acts signed one by one, and the making of keys.
//!
//! | module | holds |
//! |---|---|
//! | [`desk`] | the open session of an administrator's key: reading operations and signed acts |
//! | [`issue`] | from a blank token in the reader to a bound key in its holder's hand, as a state machine |
//! | [`maker`] | the state machine's hands: the token in the reader, the session |
//! | [`record`] | what is printed for the holder |
//! | [`office`] | the administrators' dashboard without a face |

pub mod desk;
pub mod issue;
pub mod maker;
pub mod office;
pub mod record;

pub use desk::{Desk, DeskError, DeskSettings};
