//! The short messages in the corner. What they are about is kept, and put into words when they are drawn, so that a message
//! follows the language as everything else does.

use std::path::{Path, PathBuf};

use dioxus::prelude::*;
use gridkey_client::app::{NoticeKind, Problem};
use gridkey_kit::prelude::*;

use crate::{route::Route, words};

/// How many messages may stand in the corner at once; the oldest goes first.
const MOST: usize = 4;

/// What a message is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// A notice; it leads to its screen.
    Notice(NoticeKind),
    /// Something asked for was done, by its word.
    Done(&'static str),
    /// Something asked for was not done.
    Failed(Problem),
    /// A file was saved there; it can be opened.
    Saved(PathBuf),
    /// A file was not saved.
    NotSaved,
}

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

    /// Takes one away, and tells where its button leads.
    pub fn close(&mut self, id: u64) -> Option<Way> {
        let mut messages = self.messages.write();
        let at = messages.iter().position(|(own, _)| *own == id)?;
        match messages.remove(at).1 {
            About::Notice(kind) => Some(Way::Screen(words::notice(&kind).route)),
            About::Saved(path) => Some(Way::File(path)),
            About::Done(_) | About::Failed(_) | About::NotSaved => None,
        }
    }

    /// Takes all away: nothing of an account may stand before its curtain.
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
        About::Notice(kind) => {
            let told = words::notice(kind);
            (told.tone, told.title, told.text, Some(t!("notices-go")))
        }
        About::Done(word) => (Tone::Good, words::done(word), String::new(), None),
        About::Failed(problem) => {
            let told = words::problem(problem, None);
            (Tone::Danger, told.headline, told.what_to_do, None)
        }
        About::Saved(path) => {
            let (name, folder) = (last(Some(path)), last(path.parent()));
            let (title, text) = (t!("done-file-saved", name = name), t!("done-file-saved-text", folder = folder));
            (Tone::Good, title, text, Some(t!("done-file-open")))
        }
        About::NotSaved => (Tone::Danger, t!("failed-file"), t!("problem-file-do"), None),
    };
    Toast { id, tone, title, text: Some(text).filter(|text| !text.is_empty()), action }
}

/// The last part of a path.
fn last(path: Option<&Path>) -> String {
    path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}
