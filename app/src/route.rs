//! The map of screens.

use std::{fmt, str::FromStr};

use dioxus::prelude::*;
use gridkey_domain::{BillId, PaymentId, id::IdError};

use crate::{
    logic::span::{NoSpan, Span},
    views::{
        account::Account,
        alarms::Alarms,
        bills::{BillPage, Bills},
        electricity::Electricity,
        frame::Frame,
        help::Help,
        lost::Lost,
        overview::Overview,
        pay::Pay,
        payments::{PaymentPage, Payments},
        queue::Queue,
        settings::Settings,
        setup::Setup,
    },
};

/// Every screen of the open account. What stands before it (key, PIN, curtain) is no place one can go to: [`Frame`] shows it
/// instead, whatever the route. Set-up check and help can be read before the account is open.
#[derive(Debug, Clone, PartialEq, Eq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Frame)]
        /// The running month, the next bill, the last payments.
        #[route("/", Overview)]
        Overview {},
        /// Energy: this month and history.
        #[route("/electricity?:at", Electricity)]
        Electricity {
            /// The stretch of the history that is shown.
            at: HistoryPlace,
        },
        /// All bills.
        #[route("/bills", Bills)]
        Bills {},
        /// One bill with its lines.
        #[route("/bills/:id", BillPage)]
        Bill {
            /// The bill.
            id: BillId,
        },
        /// Making an order.
        #[route("/pay?:bills", Pay)]
        Pay {
            /// The bills chosen so far.
            bills: BillChoice,
        },
        /// All payments.
        #[route("/payments", Payments)]
        Payments {},
        /// One payment with its history and receipt.
        #[route("/payments/:id", PaymentPage)]
        Payment {
            /// The payment.
            id: PaymentId,
        },
        /// What waits on this machine.
        #[route("/queue", Queue)]
        Queue {},
        /// What is overdue and how it came about.
        #[route("/alarms", Alarms)]
        Alarms {},
        /// Personal data, key, notifications.
        #[route("/account", Account)]
        Account {},
        /// What this machine keeps.
        #[route("/settings", Settings)]
        Settings {},
        /// The set-up check.
        #[route("/setup", Setup)]
        Setup {},
        /// Whom to call.
        #[route("/help", Help)]
        Help {},
        /// A path that leads nowhere.
        #[route("/:..segments", Lost)]
        Lost {
            /// The path.
            segments: Vec<String>,
        },
}

impl Route {
    /// The message that names the screen, on its tab and in the window's title.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Overview {} => "place-overview",
            Self::Electricity { .. } => "place-electricity",
            Self::Bills {} => "place-bills",
            Self::Bill { .. } => "place-bill",
            Self::Pay { .. } => "place-pay",
            Self::Payments {} => "place-payments",
            Self::Payment { .. } => "place-payment",
            Self::Queue {} => "place-queue",
            Self::Alarms {} => "place-alarms",
            Self::Account {} => "place-account",
            Self::Settings {} => "place-settings",
            Self::Setup {} => "place-setup",
            Self::Help {} => "place-help",
            Self::Lost { .. } => "place-lost",
        }
    }

    /// The screen it stands on: the stretches of the history are places on one screen.
    #[must_use]
    pub fn screen(&self) -> Self {
        match self {
            Self::Electricity { .. } => Self::Electricity { at: HistoryPlace::default() },
            other => other.clone(),
        }
    }

    /// Whether it may be read while no account is open: it shows nothing of any customer.
    pub const fn is_open_to_all(&self) -> bool {
        matches!(self, Self::Setup {} | Self::Help {})
    }
}

/// The bills an order begins with, in a route: `B-2026-10-M1,B-2026-09-M1`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BillChoice(pub Vec<BillId>);

impl fmt::Display for BillChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, bill) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            write!(f, "{bill}")?;
        }
        Ok(())
    }
}

impl FromStr for BillChoice {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.split(',').filter(|bill| !bill.is_empty()).map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

/// A stretch of the history in a route: `2026-11`; nothing is the present year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HistoryPlace(pub Option<Span>);

impl fmt::Display for HistoryPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |span| span.fmt(f))
    }
}

impl FromStr for HistoryPlace {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Self, NoSpan> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|span| Self(Some(span))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_bills_survives_the_address() {
        let bills = BillChoice(vec!["B-2026-10-M1".parse().unwrap(), "B-2026-09-M1".parse().unwrap()]);
        let route = Route::Pay { bills };
        assert_eq!(route.to_string().parse::<Route>().ok(), Some(route));
        assert_eq!("/pay".parse::<Route>().ok(), Some(Route::Pay { bills: BillChoice::default() }));
    }

    #[test]
    fn a_stretch_of_the_history_survives_the_address() {
        let electricity = |at: &str| Route::Electricity { at: at.parse().unwrap() };
        for at in ["", "2026", "2026-11", "2026-11-22"] {
            let route = electricity(at);
            assert_eq!(route.to_string().parse::<Route>().ok(), Some(route.clone()), "{at}");
            assert_eq!(route.screen(), electricity(""));
        }
        assert_eq!("/electricity".parse::<Route>().ok(), Some(electricity("")));
    }

    #[test]
    fn only_set_up_and_help_are_open_to_all() {
        assert!(Route::Setup {}.is_open_to_all() && Route::Help {}.is_open_to_all());
        assert!(!Route::Overview {}.is_open_to_all() && !Route::Settings {}.is_open_to_all());
    }
}
