//! Roles in words.

use gridkey_domain::key::AdminRole;
use gridkey_kit::t;

/// What an administrator is.
pub fn role(role: AdminRole) -> String {
    match role {
        AdminRole::Operator => t!("admin-role-operator"),
        AdminRole::SecurityOfficer => t!("admin-role-security-officer"),
        AdminRole::Auditor => t!("admin-role-auditor"),
    }
}
