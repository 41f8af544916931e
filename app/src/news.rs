//! The short messages in the corner.

use std::{collections::BTreeMap, path::PathBuf};

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::route::Route;

/// How many messages may stand in the corner at once; the oldest goes first.
const MOST: usize = 4;

/// Where the button of a message leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// To a screen.
    Screen(Route),
    /// To a file that was saved.
    File(PathBuf),
}

/// The messages shown now. A handle, cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub struct News {
    toasts: Signal<Vec<Toast>>,
    ways: CopyValue<BTreeMap<u64, Way>>,
    next: CopyValue<u64>,
}

impl News {
    /// None. Call it inside a component.
    pub fn new() -> Self {
        Self { toasts: Signal::new(Vec::new()), ways: CopyValue::new(BTreeMap::new()), next: CopyValue::new(1) }
    }

    /// Adds one: its tone, its line, more about it, and the name of a button with where it leads.
    pub fn add(&mut self, tone: Tone, title: String, text: Option<String>, action: Option<(String, Way)>) {
        let id = *self.next.peek();
        self.next.set(id + 1);
        let (action, way) = action.unzip();
        if let Some(way) = way {
            self.ways.write().insert(id, way);
        }
        let text = text.filter(|text| !text.is_empty());
        let mut toasts = self.toasts.write();
        toasts.push(Toast { id, tone, title, text, action });
        let surplus = toasts.len().saturating_sub(MOST);
        toasts.drain(..surplus);
    }

    /// The messages, newest last. The caller is drawn again when they change.
    pub fn shown(&self) -> Vec<Toast> {
        self.toasts.read().clone()
    }

    /// Takes one away, and tells where its button leads.
    pub fn close(&mut self, id: u64) -> Option<Way> {
        self.toasts.write().retain(|toast| toast.id != id);
        self.ways.write().remove(&id)
    }

    /// Takes all away: nothing of an account may stand before its curtain.
    pub fn clear(&mut self) {
        self.ways.write().clear();
        if !self.toasts.peek().is_empty() {
            self.toasts.write().clear();
        }
    }
}

impl Default for News {
    fn default() -> Self {
        Self::new()
    }
}
