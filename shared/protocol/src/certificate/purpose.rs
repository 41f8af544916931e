//! The kinds of certificate and the purposes that tell them apart.

use der::asn1::ObjectIdentifier;

/// id-kp-clientAuth (RFC 5280, 4.2.1.12).
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// id-kp-serverAuth.
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
/// The documentation arc of the contract; an operator sets its own.
const DOCUMENTATION_ARC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");

/// What a certificate is for. Each kind carries exactly its own set of purposes, so none passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A customer's USBKEY: authenticate and sign (Ed25519).
    UsbKey,
    /// An administrator's USBKEY.
    Administrator,
    /// The HSM's envelope key (X25519).
    Envelope,
    /// The HSM's receipt key (Ed25519).
    Receipt,
    /// A TLS server.
    Tls,
    /// A USBKEY's X25519 key, for the offline store.
    Agreement,
}

impl Purpose {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::UsbKey, Self::Administrator, Self::Envelope, Self::Receipt, Self::Tls, Self::Agreement];
}

/// The extendedKeyUsage sets under an operator's arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purposes {
    arc: ObjectIdentifier,
}

/// The arc is not an object identifier that can be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the arc is not an object identifier")]
pub struct BadArc;

impl Default for Purposes {
    fn default() -> Self {
        Self { arc: DOCUMENTATION_ARC }
    }
}

impl Purposes {
    /// The purposes under `arc` in dotted notation.
    pub fn under(arc: &str) -> Result<Self, BadArc> {
        let arc = ObjectIdentifier::new(arc).map_err(|_| BadArc)?;
        arc.push_arc(4).map_err(|_| BadArc)?;
        Ok(Self { arc })
    }

    fn own(&self, number: u32) -> ObjectIdentifier {
        // Checked when the arc was set.
        self.arc.push_arc(number).unwrap_or(self.arc)
    }

    /// The extendedKeyUsage of a kind.
    pub fn of(&self, purpose: Purpose) -> Vec<ObjectIdentifier> {
        match purpose {
            Purpose::UsbKey => vec![CLIENT_AUTH],
            Purpose::Administrator => vec![CLIENT_AUTH, self.own(3)],
            Purpose::Envelope => vec![self.own(1)],
            Purpose::Receipt => vec![self.own(2)],
            Purpose::Tls => vec![SERVER_AUTH],
            Purpose::Agreement => vec![self.own(4)],
        }
    }

    /// The kind whose set is exactly `usage`, in any order.
    pub fn kind_of(&self, usage: &[ObjectIdentifier]) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| {
            let set = self.of(*purpose);
            set.len() == usage.len() && set.iter().all(|oid| usage.contains(oid))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_with_one_purpose_more_is_no_kind() {
        let purposes = Purposes::default();
        for purpose in Purpose::ALL {
            let set = purposes.of(purpose);
            assert_eq!(purposes.kind_of(&set), Some(purpose));
            let more = [&set[..], &[SERVER_AUTH, CLIENT_AUTH]].concat();
            assert_eq!(purposes.kind_of(&more), None);
        }
        assert_eq!(purposes.kind_of(&[CLIENT_AUTH, CLIENT_AUTH]), None);
        assert_eq!(purposes.kind_of(&[]), None);
    }

    #[test]
    fn another_operators_purposes_are_no_kind() {
        let ours = Purposes::default();
        let theirs = Purposes::under("1.3.6.1.4.1.99999.1").unwrap();
        assert_eq!(ours.kind_of(&theirs.of(Purpose::Envelope)), None);
        assert_eq!(Purposes::under("not an oid"), Err(BadArc));
    }
}
