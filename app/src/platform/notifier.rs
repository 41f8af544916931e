//! Telling the person something outside the window.

use std::sync::{Arc, Mutex, PoisonError};

/// How much a notification may disturb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Urgency {
    /// Good to know.
    Low,
    /// The usual.
    #[default]
    Normal,
    /// It stays until the person has seen it.
    Critical,
}

/// A notification, in the person's language, plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// What it is about; a later one with the same key takes its place.
    pub key: String,
    /// One line.
    pub title: String,
    /// A sentence or two.
    pub body: String,
    /// The label of the way to the screen, for systems that show one.
    pub action: String,
    /// The screen that a click opens, as a path.
    pub path: String,
    /// How much it may disturb.
    pub urgency: Urgency,
}

/// Shows notifications. Showing never waits and never fails for the caller: what went wrong is logged, and the notice is in the
/// program as well.
pub trait Notifier: Send + Sync {
    /// Shows it, or replaces the one with the same key.
    fn show(&self, notification: Notification);

    /// Whether the person sees it outside the window.
    fn is_outside(&self) -> bool;
}

/// Keeps notifications instead of showing them.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<Notification>>>);

/// What a recorder keeps at most.
const RECORDED: usize = 64;

impl Recorder {
    /// What was shown, oldest first; a replaced one is gone.
    pub fn shown(&self) -> Vec<Notification> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Notifier for Recorder {
    fn show(&self, notification: Notification) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.retain(|other| other.key != notification.key);
        if shown.len() >= RECORDED {
            shown.remove(0);
        }
        shown.push(notification);
    }

    fn is_outside(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_notification_of_the_same_matter_takes_the_place_of_the_first() {
        let recorder = Recorder::default();
        for (key, title) in [("arrears", "one"), ("bill", "two"), ("arrears", "three")] {
            recorder.show(Notification {
                key: key.to_owned(),
                title: title.to_owned(),
                body: String::new(),
                action: String::new(),
                path: "/".to_owned(),
                urgency: Urgency::default(),
            });
        }
        let titles: Vec<String> = recorder.shown().into_iter().map(|shown| shown.title).collect();
        assert_eq!(titles, ["two", "three"]);
    }
}
