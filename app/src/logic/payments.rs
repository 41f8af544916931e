//! Payments in a list: by month, by what became of them, by what a person remembers of them.

use gridkey_client::app::PaymentItem;
use gridkey_domain::{Month, PaymentState};

/// Which payments a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaymentFilter {
    /// Every payment.
    #[default]
    All,
    /// Those without an outcome yet.
    UnderWay,
    /// Those that moved money.
    Paid,
    /// Those that ended without money.
    NotPaid,
}

impl PaymentFilter {
    /// Every filter, in the order offered.
    pub const ALL: [Self; 4] = [Self::All, Self::UnderWay, Self::Paid, Self::NotPaid];

    /// The message that names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "payments-filter-all",
            Self::UnderWay => "payments-filter-under-way",
            Self::Paid => "payments-filter-paid",
            Self::NotPaid => "payments-filter-not-paid",
        }
    }

    /// Whether it lets a state through.
    pub const fn shows(self, state: PaymentState) -> bool {
        match self {
            Self::All => true,
            Self::UnderWay => matches!(state, PaymentState::Queued) || state.is_open(),
            Self::Paid => matches!(state, PaymentState::Paid | PaymentState::Refunding | PaymentState::Refunded),
            Self::NotPaid => state.frees_bills(),
        }
    }
}

/// Whether a payment has what was typed: in its number, the bank's reference, a bill's number or month, or its amount.
pub fn matches(item: &PaymentItem, typed: &str) -> bool {
    let wanted = typed.trim().to_ascii_lowercase();
    if wanted.is_empty() {
        return true;
    }
    let view = &item.view;
    let amount = view.amount.to_string();
    let bare_amount: String = amount.chars().filter(|c| *c != ',').collect();
    let has = |text: &str| text.to_ascii_lowercase().contains(&wanted);
    has(&view.payment.to_string())
        || view.reference.as_deref().is_some_and(has)
        || view.bills.iter().any(|share| has(share.bill.as_str()))
        || has(&amount)
        || has(&bare_amount)
        || has(&view.created.date().to_string())
}

/// The payments of one month.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthGroup<'a> {
    /// The month in which they were signed, Asia/Shanghai.
    pub month: Month,
    /// The payments, as ordered in the list.
    pub items: Vec<&'a PaymentItem>,
}

/// What `filter` and `typed` leave of `items` (newest first), by month.
pub fn by_month<'a>(items: &'a [PaymentItem], filter: PaymentFilter, typed: &str) -> Vec<MonthGroup<'a>> {
    let mut groups: Vec<MonthGroup<'a>> = Vec::new();
    for item in items.iter().filter(|item| filter.shows(item.view.state) && matches(item, typed)) {
        let month = Month::of(item.view.created.date());
        match groups.last_mut() {
            Some(group) if group.month == month => group.items.push(item),
            _ => groups.push(MonthGroup { month, items: vec![item] }),
        }
    }
    groups
}

/// Whether a person may try to withdraw it. The server has the last word: a form that was handed out cannot be taken back.
pub const fn may_be_cancelled(state: PaymentState) -> bool {
    matches!(state, PaymentState::Queued | PaymentState::Submitted | PaymentState::Accepted | PaymentState::Pending)
}

/// Whether asking about it again can tell something new.
pub const fn may_be_confirmed(state: PaymentState) -> bool {
    state.is_open()
}

/// The months of the bills that a payment pays, oldest first, each once. Numbers that are none of `B-YYYY-MM-METER` are
/// passed over.
pub fn months(item: &gridkey_client::client::PaymentView) -> Vec<Month> {
    let of = |bill: &gridkey_domain::BillId| bill.as_str().get(2..9).and_then(|text| text.parse::<Month>().ok());
    let mut months: Vec<Month> = item.bills.iter().filter_map(|share| of(&share.bill)).collect();
    months.sort_unstable();
    months.dedup();
    months
}

#[cfg(test)]
pub(crate) mod tests {
    use gridkey_client::client::PaymentView;
    use gridkey_domain::{
        BillId, Fen, PaymentId, Timestamp,
        payment::{BillShare, Method},
    };

    use super::*;

    pub(crate) fn item(number: u8, state: PaymentState, bills: &[(BillId, u64)]) -> PaymentItem {
        let created: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        let bills: Vec<BillShare> = bills
            .iter()
            .map(|(bill, amount)| BillShare { bill: bill.clone(), amount: Fen::new(*amount).unwrap() })
            .collect();
        let view = PaymentView {
            payment: PaymentId::from_parts(1_795_334_400_000, [number; 10]),
            state,
            in_doubt: false,
            method: Method::Gateway,
            amount: Fen::checked_sum(bills.iter().map(|share| share.amount)).unwrap(),
            bills,
            created,
            updated: created,
            reference: None,
            reason: None,
            page: None,
        };
        PaymentItem { view, not_after: None }
    }

    fn bill() -> BillId {
        "B-2026-10-M1000000011".parse().unwrap()
    }

    #[test]
    fn payments_are_found_by_what_a_person_remembers() {
        let mut item = item(1, PaymentState::Paid, &[(bill(), 96_206_912)]);
        item.view.reference = Some("826111220800000000018".into());
        for typed in ["962,069", "962069.12", "2026-10", "m1000000011", "82611122", "2026-11-22", " "] {
            assert!(matches(&item, typed), "{typed}");
        }
        assert!(!matches(&item, "2026-09"));
    }

    #[test]
    fn months_begin_in_shanghai() {
        let mut first = item(1, PaymentState::Paid, &[(bill(), 1)]);
        let mut second = first.clone();
        // Five past midnight of 1 November there, still October in UTC.
        first.view.created = "2026-10-31T16:05:00Z".parse().unwrap();
        second.view.created = "2026-10-31T15:55:00Z".parse().unwrap();
        let items = [first, second];
        let groups = by_month(&items, PaymentFilter::All, "");
        assert_eq!(groups.iter().map(|g| g.month.to_string()).collect::<Vec<_>>(), ["2026-11", "2026-10"]);
    }

    #[test]
    fn each_state_is_found_under_one_heading() {
        for state in PaymentState::ALL {
            let headings = PaymentFilter::ALL.into_iter().skip(1).filter(|filter| filter.shows(state)).count();
            assert_eq!(headings, 1, "{state}");
        }
    }

    #[test]
    fn an_unknown_outcome_cannot_be_withdrawn_but_asked_about() {
        assert!(!may_be_cancelled(PaymentState::Unknown) && may_be_confirmed(PaymentState::Unknown));
        assert!(!may_be_confirmed(PaymentState::Queued) && !may_be_confirmed(PaymentState::Paid));
    }

    #[test]
    fn a_payment_names_each_month_once() {
        let september = "B-2026-09-M1000000011".parse().unwrap();
        let other: BillId = "B-2026-10-M1000000012".parse().unwrap();
        let item = item(1, PaymentState::Paid, &[(bill(), 1), (other, 1), (september, 1)]);
        assert_eq!(months(&item.view).iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-09", "2026-10"]);
    }
}
