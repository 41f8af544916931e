//! Bills in a list: which are shown, which can be paid, what they add up to.

use std::collections::BTreeSet;

use gridkey_domain::{
    BillId, Fen,
    bill::{BillState, BillSummary},
};

/// Which bills a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BillFilter {
    /// Every bill.
    #[default]
    All,
    /// Those that still want money, in payment or not.
    Open,
    /// Those with nothing left to pay.
    Paid,
}

impl BillFilter {
    /// Every filter, in the order offered.
    pub const ALL: [Self; 3] = [Self::All, Self::Open, Self::Paid];

    /// The message that names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "bills-filter-all",
            Self::Open => "bills-filter-open",
            Self::Paid => "bills-filter-paid",
        }
    }

    /// Whether it lets a bill through.
    pub fn shows(self, bill: &BillSummary) -> bool {
        match self {
            Self::All => true,
            Self::Open => bill.state != BillState::Paid,
            Self::Paid => bill.state == BillState::Paid,
        }
    }
}

/// Whether an order for this bill can be made now: something is open and no order holds it.
pub fn can_be_paid(bill: &BillSummary) -> bool {
    bill.open > Fen::ZERO && matches!(bill.state, BillState::Open | BillState::Overdue)
}

/// What a selection comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The bills that can be paid, oldest first: the oldest debt is paid first.
    pub bills: Vec<BillId>,
    /// What is open on them together, fen.
    pub open: Fen,
}

/// What the `chosen` of `bills` come to, leaving out those that can no longer be paid. `None` if the sum is out of range.
pub fn selection(bills: &[BillSummary], chosen: &BTreeSet<BillId>) -> Option<Selection> {
    let mut payable: Vec<&BillSummary> =
        bills.iter().filter(|bill| chosen.contains(&bill.bill) && can_be_paid(bill)).collect();
    payable.sort_by(|a, b| (a.due, &a.bill).cmp(&(b.due, &b.bill)));
    let open = Fen::checked_sum(payable.iter().map(|bill| bill.open))?;
    Some(Selection { bills: payable.into_iter().map(|bill| bill.bill.clone()).collect(), open })
}

/// All that can be paid, as a selection.
pub fn everything_payable(bills: &[BillSummary]) -> BTreeSet<BillId> {
    bills.iter().filter(|bill| can_be_paid(bill)).map(|bill| bill.bill.clone()).collect()
}

/// What is open on all bills together, fen; `None` out of range.
pub fn open_total(bills: &[BillSummary]) -> Option<Fen> {
    Fen::checked_sum(bills.iter().map(|bill| bill.open))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn bill(month: &str, total: u64, open: u64, state: BillState) -> BillSummary {
        let month: gridkey_domain::Month = month.parse().unwrap();
        let meter = "M1000000011".parse().unwrap();
        let issued = month.next().first_day();
        BillSummary {
            bill: BillId::of(month, &meter),
            meter,
            month,
            issued,
            due: issued.checked_add(jiff::ToSpan::days(15)).unwrap(),
            total: Fen::new(total).unwrap(),
            open: Fen::new(open).unwrap(),
            state,
        }
    }

    fn bills() -> Vec<BillSummary> {
        vec![
            bill("2026-10", 300, 300, BillState::Open),
            bill("2026-09", 200, 50, BillState::Overdue),
            bill("2026-08", 100, 100, BillState::InPayment),
            bill("2026-07", 100, 0, BillState::Paid),
        ]
    }

    #[test]
    fn only_what_is_open_and_free_can_be_chosen() {
        let all: BTreeSet<BillId> = bills().into_iter().map(|bill| bill.bill).collect();
        let selection = selection(&bills(), &all).unwrap();
        assert_eq!(
            selection.bills.iter().map(BillId::as_str).collect::<Vec<_>>(),
            ["B-2026-09-M1000000011", "B-2026-10-M1000000011"]
        );
        assert_eq!(selection.open.get(), 350);
        assert_eq!(everything_payable(&bills()).len(), 2);
    }

    #[test]
    fn a_bill_paid_meanwhile_leaves_the_sum() {
        let mut bills = bills();
        let chosen = everything_payable(&bills);
        bills[0].state = BillState::Paid;
        bills[0].open = Fen::ZERO;
        assert_eq!(selection(&bills, &chosen).map(|s| s.open.get()), Some(50));
    }

    #[test]
    fn what_is_in_payment_counts_as_open_in_the_list() {
        let shown = |filter: BillFilter| bills().iter().filter(|bill| filter.shows(bill)).count();
        assert_eq!((shown(BillFilter::All), shown(BillFilter::Open), shown(BillFilter::Paid)), (4, 3, 1));
        assert_eq!(open_total(&bills()).map(Fen::get), Some(450));
    }
}
