//! The customer's account.

use serde::{Deserialize, Serialize};

use crate::{CustomerNo, MeterId, Quantity};

/// How the basic charge is reckoned; the customer's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basic {
    /// By the transformer's capacity, yuan/kVA and month.
    Capacity,
    /// By the month's highest 15-minute demand, yuan/kW and month.
    Demand,
}

/// A meter of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    /// Its number.
    pub meter: MeterId,
    /// How its basic charge is reckoned.
    pub basic: Basic,
    /// The transformer's capacity, kVA.
    pub capacity_kva: Quantity,
    /// The supply voltage, kV.
    pub voltage_kv: Quantity,
}

/// Who the customer is and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The customer number.
    pub customer: CustomerNo,
    /// The company's name.
    pub name: String,
    /// The company's name in Chinese.
    pub name_zh: String,
    /// `industrial`, `commercial` or `agricultural`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The credit grade, `A` to `C`.
    pub grade: String,
    /// A telephone number or mail address.
    pub contact: String,
    /// The postal address.
    pub address: String,
    /// Credit on the account, fen: payments on account not yet used for a bill.
    pub balance: i64,
    /// The customer's meters.
    pub meters: Vec<Meter>,
}

/// What a customer may change of its own account. Absent means unchanged; at most 200 bytes each, no control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountUpdate {
    /// A new contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// A new address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
