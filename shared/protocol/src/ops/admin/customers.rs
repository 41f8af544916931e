//! `customer.*`.

use gridkey_domain::{
    CustomerNo,
    account::{Account, Meter},
};
use serde::{Deserialize, Serialize};

use super::keys::KeyDetail;

/// Whom to find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchBody {
    /// The beginning of a number, or a part of a name; empty finds everyone.
    pub text: String,
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A customer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerLine {
    /// Its number.
    pub customer: CustomerNo,
    /// Its name.
    pub name: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its grade.
    pub grade: String,
}

/// A page of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerList {
    /// By number.
    pub customers: Vec<CustomerLine>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// Which customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerBody {
    /// Its number.
    pub customer: CustomerNo,
}

/// Which page of what a customer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageBody {
    /// Its number.
    pub customer: CustomerNo,
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A customer with its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDetail {
    /// Its account.
    pub account: Account,
    /// Its keys, the newest first.
    pub keys: Vec<KeyDetail>,
}

/// A new customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateBody {
    /// Its number.
    pub customer: CustomerNo,
    /// Its name.
    pub name: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// What it is, such as `industrial`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its grade.
    pub grade: String,
    /// How it is reached.
    pub contact: String,
    /// Where it is.
    pub address: String,
    /// Its meters.
    pub meters: Vec<Meter>,
}

/// What to change of a customer; absent means unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateBody {
    /// Its number.
    pub customer: CustomerNo,
    /// How it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
