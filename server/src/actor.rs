//! Who does something, and what proves it: the audit chain keeps both.

use gridkey_protocol::{bytes::hex, cbor::Value, command::SignedCommand};

use crate::store::Fingerprint;

/// Who does something.
#[derive(Debug, Clone)]
pub struct Actor {
    name: String,
    proof: Vec<(String, Value)>,
}

impl Actor {
    /// Whoever may use the server's own commands on its machine.
    pub fn operator() -> Self {
        Self { name: "operator".to_owned(), proof: Vec::new() }
    }

    /// The server itself.
    pub fn server() -> Self {
        Self { name: "server".to_owned(), proof: Vec::new() }
    }

    /// The holder of a key, who signed what `proof` says.
    pub fn holder(key: &Fingerprint, proof: Vec<(String, Value)>) -> Self {
        Self { name: hex(key), proof }
    }

    /// An administrator, with the command as signed.
    pub fn administrator(key: &Fingerprint, signed: &SignedCommand) -> Self {
        let proof = vec![
            ("command".to_owned(), Value::Bytes(signed.command.0.clone())),
            ("signature".to_owned(), Value::Bytes(signed.signature.0.to_vec())),
        ];
        Self::holder(key, proof)
    }

    /// The name in entries: a key's fingerprint in hex, `server` or `operator`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The proof as facts of an entry.
    pub fn proof(&self) -> &[(String, Value)] {
        &self.proof
    }
}
