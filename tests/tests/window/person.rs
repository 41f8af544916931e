//! What a person does at the app in every scenario.

use std::{ops::Deref, time::Duration};

use anyhow::{Context, Result};
use gridkey_tests::window::{Customer, Desktop, Program, Seat, Start};

/// A customer before the app's window.
pub(crate) struct Person<'desktop> {
    seat: Seat<'desktop>,
    pub(crate) customer: Customer,
}

impl<'desktop> Deref for Person<'desktop> {
    type Target = Seat<'desktop>;

    fn deref(&self) -> &Seat<'desktop> {
        &self.seat
    }
}

impl<'desktop> Person<'desktop> {
    /// Opens the app of a customer.
    pub(crate) fn sits_down(desktop: &'desktop Desktop, customer: Customer, program: Program) -> Result<Self> {
        let start = customer.start(program);
        Self::starts(desktop, customer, &start)
    }

    /// Opens the app as `start` says.
    pub(crate) fn starts(desktop: &'desktop Desktop, customer: Customer, start: &Start) -> Result<Self> {
        Ok(Self { seat: Seat::take(desktop, start)?, customer })
    }

    /// Chooses the own key among those plugged in.
    pub(crate) fn chooses_key(&self) -> Result<()> {
        let holder = self.words.with("gate-key-holder", &[("customer", &self.customer.number)])?;
        self.window.press_beginning(&holder)
    }

    /// From the PIN to the overview.
    pub(crate) fn logs_in(&self) -> Result<()> {
        self.unlocks_with(&self.customer.pin)?;
        self.is_at("overview-title")
    }

    /// Goes into the last part of a chart that has readings, by the keyboard.
    pub(crate) fn goes_into_last_part(&self, chart: &str) -> Result<()> {
        self.window.focus_beginning(&self.beginning(chart)?)?;
        self.window.keys(&["Return"])
    }

    /// Ends the app as a logout of the computer does.
    pub(crate) fn leaves(self) -> Result<()> {
        self.seat.leaves()
    }
}

/// For what takes longer than anything a person waits for on a screen.
pub(crate) const LONG: Duration = Duration::from_secs(100);

/// The number of fen at a place of what `gridkey` printed.
pub(crate) fn fen(value: &serde_json::Value, pointer: &str) -> Result<u64> {
    value.pointer(pointer).and_then(serde_json::Value::as_u64).with_context(|| format!("no {pointer} in {value}"))
}
