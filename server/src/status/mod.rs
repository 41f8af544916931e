//! What the server notes about itself for administrators to see: logins by the hour, who is in arrears, the head lodged last.
//!
//! All of it lives in memory and starts with the process; what must survive is counted by the store.

pub mod arrears;
pub mod logins;

use std::sync::{Mutex, PoisonError};

use gridkey_domain::Timestamp;

use self::{arrears::ArrearsWatch, logins::LoginHours};
use crate::store::AuditHead;

/// Notes of the running server.
pub struct Notes {
    /// When it was started.
    pub started: Timestamp,
    /// Logins, let in and refused.
    pub logins: LoginHours,
    /// Customers in arrears.
    pub arrears: ArrearsWatch,
    lodged: Mutex<Option<(AuditHead, Timestamp)>>,
}

impl Notes {
    /// Nothing noted yet.
    pub fn starting(now: Timestamp) -> Self {
        Self { started: now, logins: LoginHours::default(), arrears: ArrearsWatch::default(), lodged: Mutex::default() }
    }

    /// Notes that a head of the audit chain was lodged.
    pub fn lodged(&self, head: AuditHead, at: Timestamp) {
        *self.lodged.lock().unwrap_or_else(PoisonError::into_inner) = Some((head, at));
    }

    /// The head lodged last, and when.
    pub fn last_lodged(&self) -> Option<(AuditHead, Timestamp)> {
        *self.lodged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
