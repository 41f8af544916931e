//! What each role may do. The table is the whole truth: the server judges by it, a program offers by it. A test holds it to the
//! operations there are, another to the page that documents it.

use gridkey_domain::key::AdminRole::{self, Auditor, Operator, SecurityOfficer};

use crate::{frame::Role, ops::AdminOp};

/// An operation, and the roles that may use it at all.
pub const RIGHTS: &[(AdminOp, &[AdminRole])] = &[
    (AdminOp::StatusGet, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::CustomerSearch, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::CustomerGet, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::CustomerCreate, &[Operator]),
    (AdminOp::CustomerUpdate, &[Operator]),
    (AdminOp::CustomerBills, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::CustomerAlarms, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::KeyChallenge, &[Operator, SecurityOfficer]),
    (AdminOp::KeyIssue, &[Operator, SecurityOfficer]),
    (AdminOp::KeyBind, &[Operator, SecurityOfficer]),
    (AdminOp::KeyUnbind, &[Operator, SecurityOfficer]),
    (AdminOp::KeyLost, &[Operator, SecurityOfficer]),
    (AdminOp::KeyRevoke, &[Operator, SecurityOfficer]),
    (AdminOp::KeyReplace, &[Operator]),
    (AdminOp::KeyList, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::KeyGet, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::SessionList, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::SessionCut, &[Operator, SecurityOfficer]),
    (AdminOp::BillPush, &[Operator]),
    (AdminOp::ArrearsList, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::PaymentSearch, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::PaymentStory, &[Operator, SecurityOfficer, Auditor]),
    (AdminOp::PaymentRefund, &[Operator]),
    (AdminOp::AuditList, &[SecurityOfficer, Auditor]),
    (AdminOp::AuditVerify, &[SecurityOfficer, Auditor]),
    (AdminOp::AuditExport, &[SecurityOfficer, Auditor]),
    (AdminOp::CrlGet, &[Operator, SecurityOfficer, Auditor]),
];

/// Whether `role` may use `op` at all.
pub fn may(role: AdminRole, op: AdminOp) -> bool {
    RIGHTS.iter().any(|(known, roles)| *known == op && roles.contains(&role))
}

/// Whose keys a role may make.
pub fn may_issue(role: AdminRole, whose: Role) -> bool {
    matches!((role, whose), (Operator, Role::Customer) | (SecurityOfficer, Role::Admin))
}

/// Whose keys a role may end. A security officer may stop anybody; an operator serves customers.
pub fn may_end(role: AdminRole, whose: Role) -> bool {
    matches!((role, whose), (Operator, Role::Customer) | (SecurityOfficer, _))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_stands_in_the_table_once() {
        for op in AdminOp::ALL {
            assert_eq!(RIGHTS.iter().filter(|(known, _)| known == op).count(), 1, "{}", op.name());
        }
        assert_eq!(RIGHTS.len(), AdminOp::ALL.len());
    }

    #[test]
    fn an_auditor_changes_nothing() {
        for op in AdminOp::ALL.iter().filter(|op| op.is_act()) {
            assert_eq!(may(Auditor, *op), *op == AdminOp::AuditExport, "{}", op.name());
        }
        for whose in [Role::Customer, Role::Admin] {
            assert!(!may_issue(Auditor, whose) && !may_end(Auditor, whose));
        }
    }

    #[test]
    fn nobody_makes_both_kinds_of_key() {
        for role in AdminRole::ALL {
            assert!(!(may_issue(role, Role::Customer) && may_issue(role, Role::Admin)), "{role}");
        }
    }
}
