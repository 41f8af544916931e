//! Tokens as their users meet them: both backends through one conformance suite, and each backend's own ways.

mod pkcs11;
mod presence;
mod software;
mod source;
mod support;
