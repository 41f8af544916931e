//! Making an order: what was typed becomes a request, or a reason why it cannot be one yet.

use gridkey_client::{
    app::{Connection, PaymentItem, QueueView},
    client::PayRequest,
    queue::Intent,
};
use gridkey_domain::{BillId, Fen, PaymentId, PaymentState, bill::BillSummary, payment::Method};
use gridkey_kit::prelude::IconName;

use super::bills::can_be_paid;

/// A way to pay, as offered on the screen. A new way is a new row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The method of the order.
    pub method: Method,
    /// The message that names it.
    pub label: &'static str,
    /// The message that says how it goes.
    pub hint: &'static str,
    /// Its icon.
    pub icon: IconName,
    /// Whether this version of the program can make such orders.
    pub offered: bool,
}

/// Every way that the protocol names.
pub const WAYS: [Way; 2] = [
    Way {
        method: Method::Gateway,
        label: "pay-way-gateway",
        hint: "pay-way-gateway-hint",
        icon: IconName::Bank,
        offered: true,
    },
    Way {
        method: Method::Mandate,
        label: "pay-way-mandate",
        hint: "pay-way-mandate-hint",
        icon: IconName::Check,
        offered: false,
    },
];

/// Why an amount cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    /// Nothing was typed.
    Empty,
    /// Not an amount in yuan with at most two decimals.
    Malformed,
    /// Nothing is no payment.
    Zero,
    /// More than is open.
    AboveOpen(Fen),
    /// Beyond any amount.
    TooLarge,
}

impl AmountError {
    /// The message that says so; `AboveOpen` takes `open`.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Empty => "pay-amount-empty",
            Self::Malformed => "pay-amount-malformed",
            Self::Zero => "pay-amount-zero",
            Self::AboveOpen(_) => "pay-amount-above-open",
            Self::TooLarge => "pay-amount-too-large",
        }
    }
}

/// An amount as typed, `open` being the most that may be paid.
pub fn amount(typed: &str, open: Option<Fen>) -> Result<Fen, AmountError> {
    use gridkey_domain::money::MoneyError;
    // What input methods of Chinese write without being asked.
    let typed: String = typed
        .trim()
        .trim_start_matches(['\u{a5}', '\u{ffe5}'])
        .chars()
        .map(|c| match c {
            '\u{ff0c}' => ',',
            '\u{3002}' | '\u{ff0e}' => '.',
            '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c),
            other => other,
        })
        .collect();
    if typed.trim().is_empty() {
        return Err(AmountError::Empty);
    }
    let amount = Fen::from_yuan(&typed).map_err(|error| match error {
        MoneyError::TooLarge => AmountError::TooLarge,
        MoneyError::Malformed => AmountError::Malformed,
    })?;
    match open {
        _ if amount == Fen::ZERO => Err(AmountError::Zero),
        Some(open) if amount > open => Err(AmountError::AboveOpen(open)),
        _ => Ok(amount),
    }
}

/// One bill in the order being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The bill.
    pub bill: BillId,
    /// What is open on it, fen.
    pub open: Fen,
    /// The part to pay as typed; `None` pays all that is open.
    pub typed: Option<String>,
}

impl Share {
    /// The part to pay.
    pub fn amount(&self) -> Result<Fen, AmountError> {
        match &self.typed {
            None => Ok(self.open),
            Some(typed) => amount(typed, Some(self.open)),
        }
    }
}

/// The sum of shares, as far as each is an amount. `None` out of range.
pub fn sum(shares: &[Share]) -> Option<Fen> {
    Fen::checked_sum(shares.iter().filter_map(|share| share.amount().ok()))
}

/// The request for bills: each with the amount that was shown, never with whatever may be open when it arrives. `None` while
/// something is missing.
pub fn for_bills(shares: &[Share]) -> Option<(PayRequest, Fen)> {
    let amounts: Vec<(BillId, Option<Fen>)> = shares
        .iter()
        .map(|share| share.amount().ok().map(|amount| (share.bill.clone(), Some(amount))))
        .collect::<Option<_>>()?;
    let total = Fen::checked_sum(amounts.iter().filter_map(|(_, amount)| *amount)).filter(|sum| *sum > Fen::ZERO)?;
    Some((PayRequest::Bills(amounts), total))
}

/// The request for a payment on account.
pub fn on_account(typed: &str) -> Result<(PayRequest, Fen), AmountError> {
    amount(typed, None).map(|amount| (PayRequest::OnAccount(amount), amount))
}

/// A limit that an order would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// The limit of one order.
    Order {
        /// The limit, fen.
        cap: Fen,
    },
    /// The limit of all that waits.
    Queue {
        /// What waits already, fen.
        queued: Fen,
        /// The limit, fen.
        cap: Fen,
    },
}

/// Whether an order of `amount` would pass a limit of this machine.
pub fn passes(amount: Fen, queue: &QueueView) -> Option<Passed> {
    let caps = queue.caps?;
    if amount > caps.per_order {
        return Some(Passed::Order { cap: caps.per_order });
    }
    let within = queue.total.checked_add(amount).is_some_and(|together| together <= caps.queued);
    (!within).then_some(Passed::Queue { queued: queue.total, cap: caps.queued })
}

/// How the order goes: now while connected; else it can only wait, which the person must ask for in so many words.
pub const fn intent(connection: &Connection) -> Intent {
    if connection.is_online() { Intent::Now } else { Intent::Queue }
}

/// An order that has not ended and holds one of the bills: it is shown in place of a second one.
pub fn unfinished(bills: &[BillId], payments: &[PaymentItem], queue: &QueueView) -> Option<PaymentId> {
    let holds = |item: &&PaymentItem| {
        (item.view.state == PaymentState::Queued || item.view.state.is_open())
            && item.view.bills.iter().any(|share| bills.contains(&share.bill))
    };
    queue.orders.iter().chain(payments).find(holds).map(|item| item.view.payment)
}

/// The bills of a choice that can be in an order, as shares of all that is open, oldest first.
pub fn shares(choice: &[BillId], bills: &[BillSummary]) -> Vec<Share> {
    let mut chosen: Vec<&BillSummary> =
        bills.iter().filter(|bill| choice.contains(&bill.bill) && can_be_paid(bill)).collect();
    chosen.sort_by(|a, b| (a.due, &a.bill).cmp(&(b.due, &b.bill)));
    chosen.into_iter().map(|bill| Share { bill: bill.bill.clone(), open: bill.open, typed: None }).collect()
}

#[cfg(test)]
mod tests {
    use gridkey_client::queue::Caps;
    use gridkey_domain::bill::BillState;

    use super::*;
    use crate::logic::bills::tests::bill;

    fn fen(amount: u64) -> Fen {
        Fen::new(amount).unwrap()
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        assert_eq!(amount(" 1,234.5 ", None), Ok(fen(123_450)));
        assert_eq!(amount("\u{ffe5}\u{ff11}2.34", None), Ok(fen(1_234)));
        assert_eq!(amount("12\u{3002}3", None), Ok(fen(1_230)));
        assert_eq!(amount("", None), Err(AmountError::Empty));
        assert_eq!(amount("0.00", None), Err(AmountError::Zero));
        assert_eq!(amount("-5", None), Err(AmountError::Malformed));
        assert_eq!(amount("1.234", None), Err(AmountError::Malformed));
    }

    #[test]
    fn more_than_is_open_is_refused_before_anything_is_signed() {
        assert_eq!(amount("100.01", Some(fen(10_000))), Err(AmountError::AboveOpen(fen(10_000))));
        assert_eq!(amount("100", Some(fen(10_000))), Ok(fen(10_000)));
    }

    #[test]
    fn the_amount_signed_is_the_amount_shown() {
        let bills = [bill("2026-10", 900, 900, BillState::Open), bill("2026-09", 500, 500, BillState::Overdue)];
        let mut shares = shares(&[bills[0].bill.clone(), bills[1].bill.clone()], &bills);
        shares[1].typed = Some("4".into());
        let (request, total) = for_bills(&shares).unwrap();
        assert_eq!(total, fen(900));
        let PayRequest::Bills(amounts) = request else { panic!("bills were chosen") };
        assert_eq!(amounts, [(bills[1].bill.clone(), Some(fen(500))), (bills[0].bill.clone(), Some(fen(400)))]);
        shares[0].typed = Some("5.01".into());
        assert_eq!(for_bills(&shares), None);
    }

    #[test]
    fn an_order_that_has_not_ended_is_found_whether_it_waits_or_is_at_the_server() {
        let bill = bill("2026-10", 900, 900, BillState::Open).bill;
        let mut item = crate::logic::payments::tests::item(1, PaymentState::Queued, &[(bill.clone(), 900)]);
        let queue = QueueView { orders: vec![item.clone()], ..QueueView::default() };
        assert_eq!(unfinished(std::slice::from_ref(&bill), &[], &queue), Some(item.view.payment));
        item.view.state = PaymentState::Unknown;
        let payments = [item.clone()];
        let empty = QueueView::default();
        assert_eq!(unfinished(std::slice::from_ref(&bill), &payments, &empty), Some(item.view.payment));
        item.view.state = PaymentState::Cancelled;
        assert_eq!(unfinished(&[bill], &[item], &empty), None);
    }

    #[test]
    fn limits_are_told_before_the_pin_is_asked() {
        let caps = Some(Caps { per_order: fen(1_000), queued: fen(1_500) });
        let queue = QueueView { total: fen(600), caps, ..QueueView::default() };
        assert_eq!(passes(fen(900), &queue), None);
        assert_eq!(passes(fen(901), &queue), Some(Passed::Queue { queued: fen(600), cap: fen(1_500) }));
        assert_eq!(passes(fen(1_001), &queue), Some(Passed::Order { cap: fen(1_000) }));
    }

    #[test]
    fn without_a_connection_an_order_can_only_wait() {
        assert_eq!(intent(&Connection::Offline), Intent::Queue);
        assert_eq!(intent(&Connection::Connecting), Intent::Queue);
    }
}
