//! What a person does at any window of ours: reads, presses and types by the program's own words.

use std::time::Duration;

use anyhow::{Result, ensure};
use atspi::{Role, State};

use super::{Desktop, Node, Start, Tree, Window, Words, wait_for};

/// Somebody before a window.
#[derive(Debug)]
pub struct Seat<'desktop> {
    /// The window.
    pub window: Window<'desktop>,
    /// The program's words in the language it was started in.
    pub words: Words,
}

impl<'desktop> Seat<'desktop> {
    /// Opens the program as `start` says.
    ///
    /// # Errors
    /// If it does not open.
    pub fn take(desktop: &'desktop Desktop, start: &Start) -> Result<Self> {
        let words = Words::of(start.look.language)?;
        Ok(Self { window: Window::open(desktop, start)?, words })
    }

    /// A message of the program.
    pub fn word<'a>(&'a self, id: &'a str) -> &'a str {
        self.words.get(id).unwrap_or(id)
    }

    /// Reads a message on the screen.
    ///
    /// # Errors
    /// If it does not come.
    pub fn reads(&self, id: &str) -> Result<()> {
        self.window.says(self.words.get(id)?)
    }

    /// Presses what is named by a message.
    ///
    /// # Errors
    /// If there is none.
    pub fn presses(&self, id: &str) -> Result<()> {
        self.window.press(self.words.get(id)?)
    }

    /// Types into the field that a message names.
    ///
    /// # Errors
    /// If there is none.
    pub fn types(&self, id: &str, text: &str) -> Result<()> {
        self.window.type_into(self.words.get(id)?, text)
    }

    /// Waits for the screen of this first heading.
    ///
    /// # Errors
    /// If it does not come.
    pub fn is_at(&self, id: &str) -> Result<()> {
        let title = self.words.get(id)?;
        self.window.wait_until(&format!("the screen {title:?}"), |tree| {
            tree.all()
                .find(|node| node.role == Role::Heading && node.level() == Some(1) && node.says() == title)
                .map(|_| ())
        })
    }

    /// Waits until nothing is being loaded, by the English words.
    ///
    /// # Errors
    /// If something stays away.
    pub fn is_loaded(&self) -> Result<()> {
        let waits = |node: &Node| node.is(State::Busy) || node.says().trim_start().starts_with("Loading ");
        self.window.wait_until("everything to be loaded", |tree| (!tree.all().any(waits)).then_some(()))
    }

    /// Types a PIN at the gate.
    ///
    /// # Errors
    /// If the gate does not ask for one.
    pub fn unlocks_with(&self, pin: &str) -> Result<()> {
        self.is_at("gate-pin-title")?;
        self.types("gate-pin-label", pin)?;
        self.presses("gate-pin-submit")
    }

    /// Replaces an issued PIN with `own`.
    ///
    /// # Errors
    /// If the gate does not ask for it.
    pub fn chooses_pin(&self, own: &str) -> Result<()> {
        self.is_at("gate-first-title")?;
        self.types("gate-first-new", own)?;
        self.types("gate-first-again", own)?;
        self.presses("gate-first-submit")
    }

    /// Follows the link of a place in the navigation.
    ///
    /// # Errors
    /// If the link or the screen does not come.
    pub fn goes_to(&self, place: &str, title: &str) -> Result<()> {
        let name = self.words.get(place)?.to_owned();
        self.window.press_what(&format!("the place {name:?}"), |tree| {
            let bar = tree.all().filter(|node| {
                node.role == Role::Landmark && node.attributes.get("xml-roles").is_some_and(|role| role == "navigation")
            });
            let mut links = bar.flat_map(|bar| bar.all()).filter(|node| node.role == Role::Link);
            links.find(|link| link.says().starts_with(&name)).cloned()
        })?;
        self.is_at(title)
    }

    /// Waits for a dialog with this title.
    ///
    /// # Errors
    /// If it does not come.
    pub fn find_dialog(&self, id: &str) -> Result<()> {
        let title = self.words.get(id)?;
        self.window.wait_until(&format!("the dialog {title:?}"), |tree| {
            let dialog = |node: &&Node| matches!(node.role, Role::Dialog | Role::Alert);
            tree.all().filter(dialog).find(|node| node.holds(title)).map(|_| ())
        })
    }

    /// Waits until a number of fen, or of anything, stands on the screen, however it is grouped.
    ///
    /// # Errors
    /// If it does not come, or is too short to tell apart.
    pub fn reads_figure(&self, figure: u64) -> Result<()> {
        let digits = figure.to_string();
        ensure!(digits.len() > 3, "{digits} could be anything");
        self.window.wait_until(&format!("the figure {digits}"), |tree| has_digits(tree, &digits).then_some(()))
    }

    /// Waits until a number stands on the screen that `ask` gives anew each time, since it grows while one looks.
    ///
    /// # Errors
    /// If `ask` fails, or the screen does not show what it gives within `patience`.
    pub fn reads_growing_figure(&self, what: &str, patience: Duration, ask: impl Fn() -> Result<u64>) -> Result<()> {
        wait_for(what, patience, || {
            let digits = ask()?.to_string();
            Ok(has_digits(&self.window.tree()?, &digits).then_some(()))
        })
    }

    /// What a message begins with, up to its first variable.
    ///
    /// # Errors
    /// If there is no such message.
    pub fn beginning(&self, id: &str) -> Result<String> {
        Ok(beginning(self.words.get(id)?))
    }

    /// Ends the program as a logout of the computer does.
    ///
    /// # Errors
    /// If it goes on running or fails.
    pub fn leaves(self) -> Result<()> {
        let status = self.window.end()?;
        ensure!(status.success(), "the program ended with {status}");
        Ok(())
    }
}

/// A message up to its first variable.
pub fn beginning(message: &str) -> String {
    message.split('{').next().unwrap_or_default().trim_end().to_owned()
}

fn has_digits(tree: &Tree, digits: &str) -> bool {
    tree.words().chars().filter(char::is_ascii_digit).collect::<String>().contains(digits)
}
