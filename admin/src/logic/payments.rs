//! Searching payments: what is asked for with what is typed and chosen.

use gridkey_desk::office::PaymentQuery;
use gridkey_domain::{CustomerNo, PaymentState};

/// The states offered, those that need somebody first. What a customer's machine keeps in its queue is known to nobody here.
pub const STATES: [PaymentState; 10] = [
    PaymentState::Unknown,
    PaymentState::Pending,
    PaymentState::Accepted,
    PaymentState::Submitted,
    PaymentState::Refunding,
    PaymentState::Refunded,
    PaymentState::Paid,
    PaymentState::Refused,
    PaymentState::Expired,
    PaymentState::Cancelled,
];

/// What is searched for, as typed and chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// A customer's number, or nothing.
    pub customer: String,
    /// A state, or any.
    pub state: Option<PaymentState>,
}

/// The number that was typed is no customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCustomer;

impl Search {
    /// What to ask for. Nothing typed and nothing chosen asks for those whose outcome is unknown.
    ///
    /// # Errors
    /// [`NoCustomer`].
    pub fn query(&self) -> Result<PaymentQuery, NoCustomer> {
        let customer = match self.customer.trim() {
            "" => None,
            number => Some(number.parse::<CustomerNo>().map_err(|_| NoCustomer)?),
        };
        let state = match (&customer, self.state) {
            (None, None) => Some(PaymentState::Unknown),
            (_, state) => state,
        };
        Ok(PaymentQuery { customer, state })
    }

    /// Whether it is the search that stands there at first.
    pub fn is_first(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_the_unknown_ones_are_asked_for() {
        let query = Search::default().query().unwrap();
        assert_eq!((query.customer, query.state), (None, Some(PaymentState::Unknown)));
    }

    #[test]
    fn a_customer_alone_means_every_state_and_no_number_is_no_search() {
        let search = Search { customer: " 1100000001 ".into(), state: None };
        let query = search.query().unwrap();
        assert_eq!((query.customer.unwrap().as_str(), query.state), ("1100000001", None));
        assert_eq!(Search { customer: "11 00".into(), ..search }.query(), Err(NoCustomer));
    }

    #[test]
    fn every_state_a_server_can_have_is_offered_once() {
        let known = PaymentState::ALL.iter().filter(|state| STATES.contains(state)).count();
        assert_eq!((known, STATES.len()), (PaymentState::ALL.len() - 1, known));
        assert!(!STATES.contains(&PaymentState::Queued));
    }
}
