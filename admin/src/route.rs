//! The map of screens.

use std::{fmt, str::FromStr};

use dioxus::prelude::*;
use gridkey_desk::office::KeyName;
use gridkey_domain::{CustomerNo, PaymentId, id::IdError};
use gridkey_protocol::ops::AdminOp;

use crate::views::{
    arrears::Arrears,
    audit::Audit,
    customers::{CustomerPage, Customers, ImportCustomers, NewCustomer},
    frame::Frame,
    home::Home,
    keys::{Batch, Ending, KeyPage, Keys, MakeKey, Unblock},
    lost::Lost,
    payments::{PaymentPage, Payments},
    sessions::Sessions,
    settings::Settings,
    setup::Setup,
};

/// Every screen of the open desk. What stands before it (key, PIN, curtain) is no place one can go to: [`Frame`] shows it
/// instead, whatever the route. The set-up check can be read before.
#[derive(Debug, Clone, PartialEq, Eq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Frame)]
        /// Live figures.
        #[route("/", Home)]
        Home {},
        /// Searching customers.
        #[route("/customers", Customers)]
        Customers {},
        /// Making a customer.
        #[route("/customers/new", NewCustomer)]
        NewCustomer {},
        /// Making customers from a file.
        #[route("/customers/import", ImportCustomers)]
        ImportCustomers {},
        /// One customer with keys, payments and sessions.
        #[route("/customers/:no", CustomerPage)]
        Customer {
            /// The customer.
            no: CustomerNo,
        },
        /// All keys.
        #[route("/keys", Keys)]
        Keys {},
        /// From a blank key to a bound one.
        #[route("/keys/make?:customer&:replaces", MakeKey)]
        MakeKey {
            /// For whom, if that is known.
            customer: CustomerChoice,
            /// In whose place, if in any.
            replaces: KeyChoice,
        },
        /// Keys that end soon.
        #[route("/keys/ending", Ending)]
        KeysEnding {},
        /// A new PIN for a key whose PIN is forgotten or locked.
        #[route("/keys/unblock", Unblock)]
        Unblock {},
        /// Many keys, one after the other.
        #[route("/keys/batch", Batch)]
        Batch {},
        /// One key with its life.
        #[route("/keys/:fingerprint", KeyPage)]
        Key {
            /// The key.
            fingerprint: Fingerprint,
        },
        /// Who is logged in.
        #[route("/sessions", Sessions)]
        Sessions {},
        /// Customers in arrears, and electronic bills.
        #[route("/arrears", Arrears)]
        Arrears {},
        /// Searching payments.
        #[route("/payments", Payments)]
        Payments {},
        /// One payment.
        #[route("/payments/:customer/:id", PaymentPage)]
        Payment {
            /// Whose it is.
            customer: CustomerNo,
            /// The payment.
            id: PaymentId,
        },
        /// The audit chain.
        #[route("/audit", Audit)]
        Audit {},
        /// The own key, and what this machine keeps.
        #[route("/settings", Settings)]
        Settings {},
        /// The set-up check.
        #[route("/setup", Setup)]
        Setup {},
        /// A path that leads nowhere.
        #[route("/:..segments", Lost)]
        Lost {
            /// The path.
            segments: Vec<String>,
        },
}

impl Route {
    /// The message that names the screen, on its tab and in the window's title.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Home {} => "admin-place-home",
            Self::Customers {} => "admin-place-customers",
            Self::NewCustomer {} => "admin-place-new-customer",
            Self::ImportCustomers {} => "admin-place-import",
            Self::Customer { .. } => "admin-place-customer",
            Self::Keys {} => "admin-place-keys",
            Self::MakeKey { .. } => "admin-place-make-key",
            Self::Batch {} => "admin-place-batch",
            Self::KeysEnding {} => "admin-place-keys-ending",
            Self::Unblock {} => "admin-place-unblock",
            Self::Key { .. } => "admin-place-key",
            Self::Sessions {} => "admin-place-sessions",
            Self::Arrears {} => "admin-place-arrears",
            Self::Payments {} => "place-payments",
            Self::Payment { .. } => "admin-place-payment",
            Self::Audit {} => "admin-place-audit",
            Self::Settings {} => "place-settings",
            Self::Setup {} => "place-setup",
            Self::Lost { .. } => "place-lost",
        }
    }

    /// The place of the menu that the screen lies in: the key in the keys, the payment in the payments.
    #[must_use]
    pub fn place(&self) -> Self {
        match self {
            Self::Customer { .. } | Self::NewCustomer {} | Self::ImportCustomers {} => Self::Customers {},
            Self::Key { .. } | Self::MakeKey { .. } | Self::Batch {} | Self::KeysEnding {} | Self::Unblock {} => {
                Self::Keys {}
            }
            Self::Payment { .. } => Self::Payments {},
            Self::Setup {} => Self::Settings {},
            other => other.clone(),
        }
    }

    /// Whether it may be read while no desk is open: it shows nothing of anybody.
    pub const fn is_open_to_all(&self) -> bool {
        matches!(self, Self::Setup {})
    }

    /// The operation that the screen lives on: whose role does not allow it has no use for the screen.
    pub const fn needs(&self) -> Option<AdminOp> {
        match self {
            Self::Home {} => Some(AdminOp::StatusGet),
            Self::Customers {} => Some(AdminOp::CustomerSearch),
            Self::NewCustomer {} | Self::ImportCustomers {} => Some(AdminOp::CustomerCreate),
            Self::Customer { .. } => Some(AdminOp::CustomerGet),
            Self::Keys {} | Self::KeysEnding {} => Some(AdminOp::KeyList),
            Self::MakeKey { .. } | Self::Batch {} | Self::Unblock {} => Some(AdminOp::KeyIssue),
            Self::Key { .. } => Some(AdminOp::KeyGet),
            Self::Sessions {} => Some(AdminOp::SessionList),
            Self::Arrears {} => Some(AdminOp::ArrearsList),
            Self::Payments {} | Self::Payment { .. } => Some(AdminOp::PaymentSearch),
            Self::Audit {} => Some(AdminOp::AuditList),
            Self::Settings {} | Self::Setup {} | Self::Lost { .. } => None,
        }
    }
}

/// A customer, or nobody yet, in a route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerChoice(pub Option<CustomerNo>);

impl fmt::Display for CustomerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |customer| f.write_str(customer.as_str()))
    }
}

impl FromStr for CustomerChoice {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|customer| Self(Some(customer))) }
    }
}

/// A key, or none, in a route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyChoice(pub Option<KeyName>);

impl fmt::Display for KeyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |key| fmt::Display::fmt(&key, f))
    }
}

impl FromStr for KeyChoice {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|Fingerprint(key)| Self(Some(key))) }
    }
}

/// A key's name in a route: 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub KeyName);

/// Not 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("64 hex digits expected")]
pub struct NoFingerprint;

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NoFingerprint)?;
        Ok(Self(bytes.into()))
    }
}

impl From<KeyName> for Fingerprint {
    fn from(key: KeyName) -> Self {
        Self(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_route_names_survives_the_address() {
        let customer: CustomerNo = "1100000001".parse().unwrap();
        for route in [
            Route::MakeKey {
                customer: CustomerChoice(Some(customer.clone())),
                replaces: KeyChoice(Some([9; 32].into())),
            },
            Route::MakeKey { customer: CustomerChoice::default(), replaces: KeyChoice::default() },
            Route::Key { fingerprint: Fingerprint([7; 32].into()) },
            Route::Customer { no: customer },
            Route::NewCustomer {},
            Route::Batch {},
            Route::KeysEnding {},
        ] {
            assert_eq!(route.to_string().parse::<Route>().ok(), Some(route));
        }
        let nobody = Route::MakeKey { customer: CustomerChoice(None), replaces: KeyChoice(None) };
        assert_eq!("/keys/make".parse::<Route>().ok(), Some(nobody));
    }

    #[test]
    fn only_the_set_up_check_is_open_to_all() {
        assert!(Route::Setup {}.is_open_to_all());
        assert!(!Route::Home {}.is_open_to_all() && !Route::Settings {}.is_open_to_all());
    }
}
