//! Something that is asked of the server, kept on this machine, and shown with its age.

use std::sync::Arc;

use gridkey_domain::Timestamp;

use super::Problem;
use crate::client::Fetched;

/// One thing a screen shows: what is known of it, whether it is being asked for, and why the last attempt failed. Another program
/// on this crate has problems of its own: `P`.
#[derive(Debug, PartialEq, Eq)]
pub struct Section<T, P = Problem> {
    /// What is known, with its age; `None` before the first answer.
    pub value: Option<Arc<Fetched<T>>>,
    /// An answer is awaited.
    pub loading: bool,
    /// Why the last attempt gave nothing. What was known before stays in `value`.
    pub problem: Option<P>,
}

impl<T, P: Clone> Clone for Section<T, P> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), loading: self.loading, problem: self.problem.clone() }
    }
}

impl<T, P> Default for Section<T, P> {
    fn default() -> Self {
        Self { value: None, loading: false, problem: None }
    }
}

impl<T, P> Section<T, P> {
    /// A section that has its answer.
    pub fn known(value: T, at: Timestamp, live: bool) -> Self {
        Self { value: Some(Arc::new(Fetched { value, at, live })), loading: false, problem: None }
    }

    /// The value alone.
    pub fn get(&self) -> Option<&T> {
        self.value.as_deref().map(|fetched| &fetched.value)
    }

    /// When the server said so.
    pub fn at(&self) -> Option<Timestamp> {
        self.value.as_deref().map(|fetched| fetched.at)
    }

    /// Whether nothing is known yet and an answer is awaited: a screen shows a skeleton then.
    pub const fn is_first_load(&self) -> bool {
        self.value.is_none() && self.problem.is_none()
    }
}
