//! The short messages in the corner. What they are about is kept, and put into words when they are drawn, so that a message
//! follows the language as everything else does.

use std::path::{Path, PathBuf};

use dioxus::prelude::*;
use gridkey_desk::office::{Deed, Problem};
use gridkey_kit::prelude::*;

use crate::words;

/// How many messages may stand in the corner at once; the oldest goes first.
const MOST: usize = 4;

/// What a message is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// Something was done.
    Done(Deed),
    /// Something was not done.
    Failed(Deed, Problem),
    /// The key of this job, counted from 0, is made.
    KeyMade(usize),
    /// A file of customers was gone through.
    Imported {
        /// Customers that are there now.
        good: usize,
        /// Customers that could not be made.
        bad: usize,
    },
    /// A file was saved there; it can be opened.
    Saved(PathBuf),
    /// A file was not saved.
    NotSaved,
}

/// The messages shown now. A handle, cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub struct News {
    messages: Signal<Vec<(u64, About)>>,
    next: CopyValue<u64>,
}

impl News {
    /// None. Call it inside a component.
    pub fn new() -> Self {
        Self { messages: Signal::new(Vec::new()), next: CopyValue::new(1) }
    }

    /// Adds one.
    pub fn add(&mut self, about: About) {
        let id = *self.next.peek();
        self.next.set(id + 1);
        let mut messages = self.messages.write();
        messages.push((id, about));
        let surplus = messages.len().saturating_sub(MOST);
        messages.drain(..surplus);
    }

    /// The messages in words, newest last. The caller is drawn again when they or the language change.
    pub fn shown(&self) -> Vec<Toast> {
        self.messages.read().iter().map(|(id, about)| in_words(*id, about)).collect()
    }

    /// Takes one away, and gives the file that its button opens.
    pub fn close(&mut self, id: u64) -> Option<PathBuf> {
        let mut messages = self.messages.write();
        let at = messages.iter().position(|(own, _)| *own == id)?;
        match messages.remove(at).1 {
            About::Saved(path) => Some(path),
            _ => None,
        }
    }

    /// Takes all away: nothing of a desk may stand before its curtain.
    pub fn clear(&mut self) {
        if !self.messages.peek().is_empty() {
            self.messages.write().clear();
        }
    }
}

impl Default for News {
    fn default() -> Self {
        Self::new()
    }
}

fn in_words(id: u64, about: &About) -> Toast {
    let (tone, title, text, action) = match about {
        About::Done(deed) => (Tone::Good, words::done(deed), String::new(), None),
        About::Failed(deed, problem) => {
            let told = words::problem(problem);
            (
                Tone::Danger,
                words::not_done(deed),
                format!("{} {}", words::sentence(&told.headline), told.what_to_do),
                None,
            )
        }
        About::KeyMade(job) => (Tone::Good, t!("admin-news-key-made", number = *job + 1), String::new(), None),
        About::Imported { good, bad: 0 } => (Tone::Good, t!("admin-news-imported", good = *good), String::new(), None),
        About::Imported { good, bad } => {
            let text = t!("admin-news-imported-some", bad = *bad);
            (Tone::Warning, t!("admin-news-imported", good = *good), text, None)
        }
        About::Saved(path) => {
            let (name, folder) = (last(Some(path)), last(path.parent()));
            let text = t!("admin-news-saved-text", folder = folder);
            (Tone::Good, t!("admin-news-saved", name = name), text, Some(t!("admin-news-open")))
        }
        About::NotSaved => (Tone::Danger, t!("admin-news-not-saved"), t!("problem-file-do"), None),
    };
    Toast { id, tone, title, text: Some(text).filter(|text| !text.is_empty()), action }
}

/// The last part of a path.
fn last(path: Option<&Path>) -> String {
    path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}
