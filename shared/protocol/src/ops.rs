//! The operations: names, roles, bodies and results.
//!
//! An operation is a unit type with its name, body and result ([`Operation`]), so that client and server cannot disagree.
//! Bodies refuse unknown fields; results may grow, and clients ignore what they do not know. In results a value that is not
//! there is `null`, never absent.

pub mod account;
pub mod admin;
pub mod alarms;
pub mod bills;
pub mod error;
pub mod key;
pub mod payments;
pub mod push;
pub mod usage;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    cbor::{self, DecodeError, Value},
    frame::Role,
};

/// An operation of the protocol.
pub trait Operation {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What the request carries.
    type Body: Serialize + DeserializeOwned + Send;
    /// What the answer carries.
    type Result: Serialize + DeserializeOwned + Send;
}

/// An empty body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

fn read<T: Serialize + DeserializeOwned>(value: Value) -> Result<Value, DecodeError> {
    cbor::to_value(&cbor::from_value::<T>(value)?)
}

macro_rules! operations {
    ($(#[$about:meta])* $every:ident: $($(#[$doc:meta])* $name:literal $op:ident($body:ty) -> $result:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $op;

            impl Operation for $op {
                const NAME: &'static str = $name;
                type Body = $body;
                type Result = $result;
            }
        )*

        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $every {
            $($(#[$doc])* $op,)*
        }

        impl $every {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$op,)*];

            /// Its name on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$op => $name,)*
                }
            }

            /// Reads `body` as this operation's and gives it back in the type's own spelling; the error names the field.
            pub fn read_body(self, body: Value) -> Result<Value, DecodeError> {
                match self {
                    $(Self::$op => read::<$body>(body),)*
                }
            }

            /// Reads `result` as this operation's and gives it back in the type's own spelling, without what is not known.
            pub fn read_result(self, result: Value) -> Result<Value, DecodeError> {
                match self {
                    $(Self::$op => read::<$result>(result),)*
                }
            }
        }
    };
}

operations! {
    /// The name of an operation for customers.
    CustomerOp:
    /// The customer's account.
    "account.get" AccountGet(Empty) -> gridkey_domain::account::Account;
    /// Changes contact or address.
    "account.update" AccountUpdate(gridkey_domain::account::AccountUpdate) -> gridkey_domain::account::Account;
    /// The customer's settings.
    "settings.get" SettingsGet(Empty) -> account::Settings;
    /// Changes some settings.
    "settings.update" SettingsUpdate(account::SettingsUpdate) -> account::Settings;
    /// The running month.
    "usage.summary" UsageSummary(Empty) -> gridkey_domain::usage::UsageSummary;
    /// A stretch of a meter's history.
    "usage.series" UsageSeries(usage::SeriesBody) -> gridkey_domain::usage::UsageSeries;
    /// The bills, newest first.
    "bill.list" BillList(bills::BillListBody) -> gridkey_domain::bill::BillList;
    /// One bill with its lines.
    "bill.get" BillGet(bills::BillBody) -> gridkey_domain::bill::Bill;
    /// A bill as a file.
    "bill.document" BillDocument(bills::DocumentBody) -> bills::Document;
    /// What is overdue.
    "arrears.get" ArrearsGet(Empty) -> gridkey_domain::arrears::Arrears;
    /// How arrears came and went.
    "arrears.history" ArrearsHistory(Page) -> alarms::ArrearsHistory;
    /// Acknowledges an alarm.
    "alarm.ack" AlarmAck(alarms::AlarmBody) -> alarms::AlarmAcknowledged;
    /// Hands in a signed order.
    "payment.submit" PaymentSubmit(payments::SubmitBody) -> payments::Submitted;
    /// Asks for the state and, while pending, a fresh bank page.
    "payment.confirm" PaymentConfirm(payments::PaymentBody) -> payments::Submitted;
    /// Withdraws an order whose form was not fetched.
    "payment.cancel" PaymentCancel(payments::PaymentBody) -> payments::PaymentDetail;
    /// One payment with its receipt.
    "payment.get" PaymentGet(payments::PaymentBody) -> payments::PaymentDetail;
    /// The payments, newest first.
    "payment.list" PaymentList(payments::PaymentListBody) -> payments::PaymentList;
    /// The customer's mandates.
    "mandate.list" MandateList(Page) -> payments::MandateList;
    /// Opens a mandate.
    "mandate.open" MandateOpen(payments::MandateOpenBody) -> payments::Mandate;
    /// Deletes a mandate.
    "mandate.delete" MandateDelete(payments::MandateBody) -> payments::Mandate;
    /// Acknowledges pushes up to an offset.
    "stream.ack" StreamAck(alarms::StreamAckBody) -> alarms::StreamAcknowledged;
    /// Asks for a challenge, to renew the key's certificates with.
    "key.prepare" KeyPrepare(Empty) -> key::Challenge;
    /// Renews the key's certificates.
    "key.renew" KeyRenew(key::RenewBody) -> key::Renewed;
}

operations! {
    /// The name of an operation for administrators. On the customers' listener it is known and forbidden.
    AdminOp:
    /// How the server and what it leans on are doing.
    "status.get" StatusGet(Empty) -> admin::status::Status;
    /// Finds customers by number or name.
    "customer.search" CustomerSearch(admin::customers::SearchBody) -> admin::customers::CustomerList;
    /// A customer with its keys.
    "customer.get" CustomerGet(admin::customers::CustomerBody) -> admin::customers::CustomerDetail;
    /// Makes a customer.
    "customer.create" CustomerCreate(admin::customers::CreateBody) -> admin::customers::CustomerDetail;
    /// Changes a customer's contact or address.
    "customer.update" CustomerUpdate(admin::customers::UpdateBody) -> admin::customers::CustomerDetail;
    /// A customer's bills, newest first.
    "customer.bills" CustomerBills(admin::customers::PageBody) -> gridkey_domain::bill::BillList;
    /// How a customer's arrears came and went, and what was acknowledged.
    "customer.alarms" CustomerAlarms(admin::customers::PageBody) -> alarms::ArrearsHistory;
    /// Asks for a challenge, to issue a key with.
    "key.challenge" KeyChallenge(admin::keys::ChallengeBody) -> key::Challenge;
    /// Certifies the pairs of a new key.
    "key.issue" KeyIssue(admin::keys::IssueBody) -> admin::keys::Issued;
    /// Hands an issued key to its holder.
    "key.bind" KeyBind(admin::keys::BindBody) -> admin::keys::KeyDetail;
    /// A key is given back.
    "key.unbind" KeyUnbind(admin::keys::EndBody) -> admin::keys::Ended;
    /// A key is reported lost.
    "key.lost" KeyLost(admin::keys::EndBody) -> admin::keys::Ended;
    /// A key's certificates are withdrawn.
    "key.revoke" KeyRevoke(admin::keys::EndBody) -> admin::keys::Ended;
    /// Puts an issued key in another's place.
    "key.replace" KeyReplace(admin::keys::ReplaceBody) -> admin::keys::Replaced;
    /// Keys, those issued or bound last first.
    "key.list" KeyList(admin::keys::KeyListBody) -> admin::keys::KeyPage;
    /// One key and its life.
    "key.get" KeyGet(admin::keys::KeyBody) -> admin::keys::KeyLife;
    /// The live sessions.
    "session.list" SessionList(Page) -> admin::sessions::SessionPage;
    /// Ends a live session.
    "session.cut" SessionCut(admin::sessions::CutBody) -> admin::sessions::Cut;
    /// Sends a customer a bill once more.
    "bill.push" BillPush(admin::bills::BillPushBody) -> admin::bills::BillPushed;
    /// Customers that are in arrears.
    "arrears.list" ArrearsList(Page) -> admin::bills::ArrearsPage;
    /// Payments by customer and state.
    "payment.search" PaymentSearch(admin::payments::SearchBody) -> admin::payments::PaymentPage;
    /// One payment with its history.
    "payment.story" PaymentStory(admin::payments::StoryBody) -> payments::PaymentDetail;
    /// Gives a payment back.
    "payment.refund" PaymentRefund(admin::payments::RefundBody) -> payments::PaymentDetail;
    /// Entries of the audit chain, in order.
    "audit.list" AuditList(admin::audit::ListBody) -> admin::audit::EntryPage;
    /// Verifies the audit chain.
    "audit.verify" AuditVerify(Empty) -> admin::audit::Verdict;
    /// The entries of one case, as evidence.
    "audit.export" AuditExport(admin::audit::ExportBody) -> admin::audit::EntryPage;
    /// The newest revocation list.
    "crl.get" CrlGet(Empty) -> admin::audit::Crl;
}

/// An operation of administrators that changes something or takes evidence out: its request carries a
/// [`SignedCommand`](crate::command::SignedCommand) in place of the body.
pub trait Act: Operation {}

macro_rules! acts {
    ($($op:ident)*) => {
        $(impl Act for $op {})*

        impl AdminOp {
            /// Whether it is an [`Act`].
            pub const fn is_act(self) -> bool {
                matches!(self, $(Self::$op)|*)
            }
        }
    };
}

acts! {
    CustomerCreate CustomerUpdate KeyIssue KeyBind KeyUnbind KeyLost KeyRevoke KeyReplace SessionCut BillPush PaymentRefund
    AuditExport
}

/// Whose operation a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpRole {
    /// A customer's.
    Customer(CustomerOp),
    /// An administrator's.
    Admin(AdminOp),
    /// No operation of this protocol.
    Unknown,
}

impl OpRole {
    /// Finds `name`.
    pub fn of(name: &str) -> Self {
        let customers = CustomerOp::ALL.iter().find(|op| op.name() == name).map(|op| Self::Customer(*op));
        let administrators = || AdminOp::ALL.iter().find(|op| op.name() == name).map(|op| Self::Admin(*op));
        customers.or_else(administrators).unwrap_or(Self::Unknown)
    }

    /// Whether a session of `role` may use it.
    pub const fn is_for(self, role: Role) -> bool {
        matches!((self, role), (Self::Customer(_), Role::Customer) | (Self::Admin(_), Role::Admin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_name() {
        for op in CustomerOp::ALL {
            assert_eq!(OpRole::of(op.name()), OpRole::Customer(*op));
        }
        for op in AdminOp::ALL {
            assert_eq!(OpRole::of(op.name()), OpRole::Admin(*op));
        }
    }

    #[test]
    fn an_administrators_operation_is_known_and_not_for_customers() {
        assert!(!OpRole::of("key.issue").is_for(Role::Customer));
        assert_eq!(OpRole::of("key.issue"), OpRole::Admin(AdminOp::KeyIssue));
        assert_eq!(OpRole::of("key.eat"), OpRole::Unknown);
    }
}
