//! What a person does at the app in every scenario.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gridkey_tests::window::{Customer, Desktop, Program, Role, Start, Window, Words};

/// A person before the app's window.
pub(crate) struct Person<'desktop> {
    pub(crate) window: Window<'desktop>,
    pub(crate) words: Words,
    pub(crate) customer: Customer,
}

impl<'desktop> Person<'desktop> {
    /// Opens the app of a customer.
    pub(crate) fn sits_down(desktop: &'desktop Desktop, customer: Customer, program: Program) -> Result<Self> {
        let start = customer.start(program);
        Self::starts(desktop, customer, &start)
    }

    /// Opens the app as `start` says.
    pub(crate) fn starts(desktop: &'desktop Desktop, customer: Customer, start: &Start) -> Result<Self> {
        let words = Words::of(start.look.language)?;
        Ok(Self { window: Window::open(desktop, start)?, words, customer })
    }

    /// A message of the app.
    pub(crate) fn word<'a>(&'a self, id: &'a str) -> &'a str {
        self.words.get(id).unwrap_or(id)
    }

    /// Reads a message on the screen.
    pub(crate) fn reads(&self, id: &str) -> Result<()> {
        self.window.says(self.words.get(id)?)
    }

    /// Presses what is named by a message.
    pub(crate) fn presses(&self, id: &str) -> Result<()> {
        self.window.press(self.words.get(id)?)
    }

    /// Types into the field that a message names.
    pub(crate) fn types(&self, id: &str, text: &str) -> Result<()> {
        self.window.type_into(self.words.get(id)?, text)
    }

    /// Waits for the screen of this first heading.
    pub(crate) fn is_at(&self, id: &str) -> Result<()> {
        let title = self.words.get(id)?;
        self.window.wait_until(&format!("the screen {title:?}"), |tree| {
            tree.all()
                .find(|node| node.role == Role::Heading && node.level() == Some(1) && node.says() == title)
                .map(|_| ())
        })
    }

    /// Chooses the own key among those plugged in.
    pub(crate) fn chooses_key(&self) -> Result<()> {
        let holder = self.words.with("gate-key-holder", &[("customer", &self.customer.number)])?;
        self.window.press_beginning(&holder)
    }

    /// Types a PIN at the gate.
    pub(crate) fn unlocks_with(&self, pin: &str) -> Result<()> {
        self.is_at("gate-pin-title")?;
        self.types("gate-pin-label", pin)?;
        self.presses("gate-pin-submit")
    }

    /// From the PIN to the overview.
    pub(crate) fn logs_in(&self) -> Result<()> {
        self.unlocks_with(&self.customer.pin)?;
        self.is_at("overview-title")
    }

    /// Follows the link of a place in the navigation.
    pub(crate) fn goes_to(&self, place: &str, title: &str) -> Result<()> {
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
    pub(crate) fn find_dialog(&self, id: &str) -> Result<()> {
        let title = self.words.get(id)?;
        self.window.wait_until(&format!("the dialog {title:?}"), |tree| {
            tree.all().find(|node| node.role == Role::Dialog && node.holds(title)).map(|_| ())
        })
    }

    /// Waits until a number of fen, or of anything, stands on the screen, however it is grouped.
    pub(crate) fn reads_figure(&self, figure: u64) -> Result<()> {
        let digits = figure.to_string();
        ensure!(digits.len() > 3, "{digits} could be anything");
        let all = |words: &str| words.chars().filter(char::is_ascii_digit).collect::<String>();
        self.window
            .wait_until(&format!("the figure {digits}"), |tree| all(&tree.words()).contains(&digits).then_some(()))
    }

    /// What a message begins with, up to its first variable.
    pub(crate) fn beginning(&self, id: &str) -> Result<String> {
        Ok(beginning(self.words.get(id)?))
    }

    /// Goes into the last part of a chart that has readings, by the keyboard.
    pub(crate) fn goes_into_last_part(&self, chart: &str) -> Result<()> {
        self.window.focus_beginning(&self.beginning(chart)?)?;
        self.window.keys(&["Return"])
    }

    /// Ends the app as a logout of the computer does.
    pub(crate) fn leaves(self) -> Result<()> {
        let status = self.window.end()?;
        ensure!(status.success(), "the app ended with {status}");
        Ok(())
    }
}

/// A message up to its first variable.
pub(crate) fn beginning(message: &str) -> String {
    message.split('{').next().unwrap_or_default().trim_end().to_owned()
}

/// For what takes longer than anything a person waits for on a screen.
pub(crate) const LONG: Duration = Duration::from_secs(100);

/// The number of fen at a place of what `gridkey` printed.
pub(crate) fn fen(value: &serde_json::Value, pointer: &str) -> Result<u64> {
    value.pointer(pointer).and_then(serde_json::Value::as_u64).with_context(|| format!("no {pointer} in {value}"))
}
