//! Administrators' acts: each is signed by the administrator's key, so that the audit chain can show who did it.
//!
//! The command is encoded once; those bytes are signed, carried and kept unchanged. It names its operation, its session and its
//! place in it, so that it is good for nothing else.

use gridkey_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, DecodeError, Value},
    crypto,
};

/// How far a command's time may lie from the server's, seconds.
pub const COMMAND_SECONDS: i64 = 5 * 60;

/// What an administrator orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The version, 1.
    pub v: u64,
    /// The operation's name, that of the request.
    pub op: String,
    /// The operation's body.
    pub body: Value,
    /// The session's name, as `welcome` gave it.
    pub session: String,
    /// Strictly growing within the session.
    pub number: u64,
    /// When it was signed.
    pub at: Timestamp,
    /// SHA-256 of the administrator's certificate.
    pub key: ByteArray<32>,
}

/// The body of a request that is an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCommand {
    /// The command's bytes.
    pub command: ByteString,
    /// The administrator's signature.
    pub signature: ByteArray<64>,
}

/// Why a command is not one to carry out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Its bytes are not a command.
    #[error("the command is malformed: {0}")]
    Malformed(#[from] DecodeError),
    /// The signature is not the administrator's.
    #[error("the command's signature is not valid")]
    Signature,
    /// It was signed for something else: another operation, session or key, or it was carried out already.
    #[error("the command was signed for something else: {0}")]
    Elsewhere(&'static str),
    /// It was signed too long ago, or by a clock that is wrong.
    #[error("the command's time is not now")]
    Time,
}

/// Where a command must belong.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The request's operation.
    pub op: &'a str,
    /// The session's name.
    pub session: &'a str,
    /// The session's certificate, SHA-256.
    pub key: &'a [u8; 32],
    /// The certificate's Ed25519 key.
    pub public: &'a [u8; 32],
    /// The number of the last command of the session, 0 at first.
    pub last: u64,
    /// The server's time.
    pub now: Timestamp,
}

/// What the administrator's key signs: `"gridkey.v1/command" || 0x00 || H(command bytes)`.
pub fn message_to_sign(command: &[u8]) -> Vec<u8> {
    [&b"gridkey.v1/command\0"[..], &crypto::sha256(&[command])].concat()
}

impl SignedCommand {
    /// Verifies the signature, then that the command belongs where it came.
    ///
    /// # Errors
    /// [`CommandError`]; the signature is judged first.
    pub fn open(&self, place: &Place<'_>) -> Result<Command, CommandError> {
        crypto::verify_ed25519(place.public, &message_to_sign(self.command.as_ref()), &self.signature.0)
            .map_err(|_| CommandError::Signature)?;
        let command: Command = cbor::decode(self.command.as_ref())?;
        if command.v != 1 || command.key.0 != *place.key {
            return Err(CommandError::Elsewhere("another version or key"));
        }
        if command.op != place.op {
            return Err(CommandError::Elsewhere("another operation"));
        }
        if command.session != place.session {
            return Err(CommandError::Elsewhere("another session"));
        }
        if command.number <= place.last {
            return Err(CommandError::Elsewhere("it was carried out already"));
        }
        if command.at.seconds_since(place.now).abs() > COMMAND_SECONDS {
            return Err(CommandError::Time);
        }
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    fn command() -> Command {
        Command {
            v: 1,
            op: "key.lost".into(),
            body: Value::empty_map(),
            session: "s-1".into(),
            number: 2,
            at: Timestamp::from_seconds(1_795_334_400),
            key: ByteArray([5; 32]),
        }
    }

    fn signed(command: &Command) -> (SignedCommand, [u8; 32]) {
        let key = SigningKey::from_bytes(&[4; 32]);
        let bytes = cbor::encode(command);
        let signature = key.sign(&message_to_sign(&bytes)).to_bytes();
        (SignedCommand { command: ByteString(bytes), signature: ByteArray(signature) }, key.verifying_key().to_bytes())
    }

    #[test]
    fn a_command_is_good_where_it_belongs_and_nowhere_else() {
        let command = command();
        let (signed, public) = signed(&command);
        let place = Place { op: "key.lost", session: "s-1", key: &[5; 32], public: &public, last: 1, now: command.at };
        assert_eq!(signed.open(&place), Ok(command.clone()));
        assert_eq!(
            signed.open(&Place { last: 2, ..place }),
            Err(CommandError::Elsewhere("it was carried out already"))
        );
        assert_eq!(signed.open(&Place { op: "key.bind", ..place }), Err(CommandError::Elsewhere("another operation")));
        assert_eq!(signed.open(&Place { session: "s-2", ..place }), Err(CommandError::Elsewhere("another session")));
        assert_eq!(
            signed.open(&Place { key: &[6; 32], ..place }),
            Err(CommandError::Elsewhere("another version or key"))
        );
        for seconds in [-COMMAND_SECONDS - 1, COMMAND_SECONDS + 1] {
            let now = command.at.plus_seconds(seconds);
            assert_eq!(signed.open(&Place { now, ..place }), Err(CommandError::Time));
        }
        assert_eq!(signed.open(&Place { public: &[8; 32], ..place }), Err(CommandError::Signature));
        let mut changed = signed.clone();
        changed.command.0[3] ^= 1;
        assert_eq!(changed.open(&place), Err(CommandError::Signature));
    }

    #[test]
    fn what_is_signed_but_no_command_is_malformed() {
        let key = SigningKey::from_bytes(&[4; 32]);
        let bytes = vec![0xa0];
        let signature = ByteArray(key.sign(&message_to_sign(&bytes)).to_bytes());
        let signed = SignedCommand { command: ByteString(bytes), signature };
        let public = key.verifying_key().to_bytes();
        let place = Place {
            op: "key.lost",
            session: "s-1",
            key: &[5; 32],
            public: &public,
            last: 0,
            now: Timestamp::from_seconds(0),
        };
        assert!(matches!(signed.open(&place), Err(CommandError::Malformed(_))));
    }
}
