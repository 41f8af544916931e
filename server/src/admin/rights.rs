//! What each role may do: the protocol's table, applied to keys as the store knows them.

pub use gridkey_protocol::ops::admin::rights::{RIGHTS, may};
use gridkey_protocol::{frame, ops::admin::rights};

use crate::store::{AdminRole, Role};

/// Whose keys a role may make.
pub fn may_issue(role: AdminRole, whose: Role) -> bool {
    rights::may_issue(role, wire(whose))
}

/// Whose keys a role may end.
pub fn may_end(role: AdminRole, whose: Role) -> bool {
    rights::may_end(role, wire(whose))
}

fn wire(role: Role) -> frame::Role {
    match role {
        Role::Customer => frame::Role::Customer,
        Role::Admin => frame::Role::Admin,
    }
}
