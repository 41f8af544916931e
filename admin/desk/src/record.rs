//! What is printed when a key is handed over: what it is, and room for two signatures. It holds no secret; the PIN goes to its holder on
//! another way.

use gridkey_domain::Timestamp;
use gridkey_protocol::{bytes::hex, ops::admin::keys::KeyDetail};

/// The printed record of a key.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// The key.
    pub key: &'a KeyDetail,
    /// The label on the token.
    pub label: &'a str,
    /// The administrator's certificate name.
    pub by: &'a str,
    /// When it was made.
    pub at: Timestamp,
}

impl Record<'_> {
    /// The record as text, 78 columns wide at most.
    pub fn text(&self) -> String {
        let key = self.key;
        let holder = match (&key.customer, key.admin) {
            (_, Some(role)) => format!("administrator {}, {role}", key.name),
            (Some(customer), None) => format!("customer {customer}"),
            (None, None) => format!("customer {} (not bound yet)", key.name),
        };
        let fingerprint = hex(&key.key.0);
        let (first, second) = fingerprint.split_at(32);
        let rows = [
            ("Holder", holder),
            ("Token", format!("{}, serial number {}", self.label, key.token.as_deref().unwrap_or("not told"))),
            ("Certificate", hex(&key.serial.0)),
            ("Fingerprint", first.to_owned()),
            ("", second.to_owned()),
            ("Valid", format!("{} to {}", key.not_before, key.not_after)),
            ("State", format!("{} since {}", key.state.as_str(), key.since)),
            ("Issued by", format!("{} at {}", self.by, self.at)),
        ];
        let mut text = String::from("GRIDKEY - RECORD OF A KEY\n\n");
        for (name, value) in rows {
            text.push_str(&format!("{name:<13}{value}\n"));
        }
        text.push_str(
            "\nThe holder has received the key. Its PIN came by another way and must be\nchanged at the first use. \
             Report a lost key to the power company at once.\n\n\
             Handed over by: _______________________   Received by: _______________________\n",
        );
        text
    }
}
