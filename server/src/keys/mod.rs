//! The life of keys while the server runs.
//!
//! | module | its part |
//! |---|---|
//! | [`challenge`] | who asks for certificates proves to hold both private keys |
//! | [`renewal`] | `key.prepare` and `key.renew`: the holder's own renewal |
//! | [`keeper`] | what becomes due by time: telling, replacing, expiring |
//!
//! Issuing is [`crate::issue`], ending is [`crate::revoke`].

pub mod challenge;
pub mod keeper;
pub mod renewal;
