//! The order while it is being made.

use dioxus::prelude::*;
use gridkey_client::client::PayRequest;
use gridkey_domain::{BillId, Fen, bill::BillSummary, payment::Method};

use crate::logic::order::{self, Share};

/// What is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum What {
    /// Bills.
    #[default]
    Bills,
    /// An amount on account.
    OnAccount,
}

/// Which part of the screen is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Step {
    /// What, how much, from what.
    #[default]
    Compose,
    /// The order as it will be signed.
    Review,
}

/// The order while it is being made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Draft {
    /// Bills or on account.
    pub(super) what: Signal<What>,
    /// The chosen bills with the part typed for each; `None` pays all that is open.
    pub(super) parts: Signal<Vec<(BillId, Option<String>)>>,
    /// The amount on account, as typed.
    pub(super) on_account: Signal<String>,
    /// The way to pay.
    pub(super) method: Signal<Method>,
    /// Which part of the screen is open.
    pub(super) step: Signal<Step>,
}

impl Draft {
    /// A draft of the bills of `choice`. Call it inside a component.
    pub(super) fn new(choice: &[BillId]) -> Self {
        Self {
            what: Signal::new(What::Bills),
            parts: Signal::new(choice.iter().map(|bill| (bill.clone(), None)).collect()),
            on_account: Signal::new(String::new()),
            method: Signal::new(Method::Gateway),
            step: Signal::new(Step::Compose),
        }
    }

    /// The chosen bills as they stand now, oldest first, with what was typed.
    pub(super) fn shares(&self, bills: &[BillSummary]) -> Vec<Share> {
        let parts = self.parts.read();
        let choice: Vec<BillId> = parts.iter().map(|(bill, _)| bill.clone()).collect();
        let mut shares = order::shares(&choice, bills);
        for share in &mut shares {
            share.typed = parts.iter().find(|(bill, _)| *bill == share.bill).and_then(|(_, typed)| typed.clone());
        }
        shares
    }

    /// The request and its amount, or `None` while something is missing or wrong.
    pub(super) fn request(&self, bills: &[BillSummary]) -> Option<(PayRequest, Fen)> {
        match (self.what)() {
            What::Bills => order::for_bills(&self.shares(bills)),
            What::OnAccount => order::on_account(&self.on_account.read()).ok(),
        }
    }

    /// Chooses a bill or leaves it out.
    pub(super) fn choose(mut self, bill: &BillId, chosen: bool) {
        let mut parts = self.parts.write();
        parts.retain(|(own, _)| own != bill);
        if chosen {
            parts.push((bill.clone(), None));
        }
    }

    /// Notes the part typed for a bill; `None` pays all of it.
    pub(super) fn type_part(mut self, bill: &BillId, typed: Option<String>) {
        if let Some((_, part)) = self.parts.write().iter_mut().find(|(own, _)| own == bill) {
            *part = typed;
        }
    }
}
