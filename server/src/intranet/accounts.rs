//! Customers' accounts in the encoding that they are answered in, kept in memory while the platform's outbox is followed.
//!
//! Every change of an account is told there in the transaction that makes it, so what was read is forgotten when any event of its
//! customer comes, before the event is applied here. While the outbox is not followed to its end nothing is known.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use gridkey_domain::CustomerNo;
use gridkey_protocol::cbor::Encoded;

/// Accounts kept at most; when there are more, all are forgotten and read again.
const MOST: usize = 20_000;

/// The accounts read lately.
#[derive(Default)]
pub(super) struct Accounts(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    kept: HashMap<CustomerNo, Encoded>,
    /// Whether all that the platform had to tell was heard.
    followed: bool,
    /// How often something was forgotten.
    forgotten: u64,
}

/// What is known of an account.
#[derive(Debug)]
pub(super) enum Known {
    /// This.
    Is(Encoded),
    /// Nothing; what is read from now on may be kept with [`Accounts::keep`].
    Nothing(Asked),
}

/// When something was read.
#[derive(Debug)]
pub(super) struct Asked(u64);

impl Accounts {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the customer's account now.
    pub(super) fn of(&self, customer: &CustomerNo) -> Known {
        let inner = self.lock();
        match inner.kept.get(customer) {
            Some(account) => Known::Is(account.clone()),
            None => Known::Nothing(Asked(inner.forgotten)),
        }
    }

    /// Keeps what was read after `asked`, unless something changed since or the outbox is not followed.
    pub(super) fn keep(&self, asked: &Asked, customer: &CustomerNo, account: Encoded) {
        let mut inner = self.lock();
        if inner.followed && inner.forgotten == asked.0 {
            if inner.kept.len() >= MOST {
                inner.kept.clear();
            }
            inner.kept.insert(customer.clone(), account);
        }
    }

    /// The customer's account has changed or may have.
    pub(super) fn forget(&self, customer: &CustomerNo) {
        let mut inner = self.lock();
        inner.forgotten += 1;
        inner.kept.remove(customer);
    }

    /// All that the platform had to tell was heard and will be, or was not.
    pub(super) fn follow(&self, followed: bool) {
        let mut inner = self.lock();
        if !followed {
            inner.forgotten += 1;
            inner.kept.clear();
        }
        inner.followed = followed;
    }
}

#[cfg(test)]
mod tests {
    use gridkey_protocol::cbor::Value;

    use super::*;

    fn customer(number: &str) -> CustomerNo {
        number.parse().unwrap()
    }

    fn account(number: u64) -> Encoded {
        Encoded::from(Value::Unsigned(number))
    }

    fn asked(accounts: &Accounts, customer: &CustomerNo) -> Asked {
        match accounts.of(customer) {
            Known::Nothing(asked) => asked,
            Known::Is(_) => panic!("the account is known"),
        }
    }

    #[test]
    fn an_account_is_known_until_an_event_of_its_customer() {
        let (accounts, ours, other) = (Accounts::default(), customer("1100000001"), customer("1100000002"));
        accounts.follow(true);
        accounts.keep(&asked(&accounts, &ours), &ours, account(1));
        accounts.keep(&asked(&accounts, &other), &other, account(2));
        accounts.forget(&other);
        assert!(matches!(accounts.of(&ours), Known::Is(known) if known == account(1)));
        let _ = asked(&accounts, &other);
    }

    #[test]
    fn what_was_read_before_an_event_is_not_kept() {
        let (accounts, ours) = (Accounts::default(), customer("1100000001"));
        accounts.follow(true);
        let before = asked(&accounts, &ours);
        accounts.forget(&ours);
        accounts.keep(&before, &ours, account(1));
        let _ = asked(&accounts, &ours);
    }

    #[test]
    fn nothing_is_known_while_the_outbox_is_not_followed() {
        let (accounts, ours) = (Accounts::default(), customer("1100000001"));
        accounts.keep(&asked(&accounts, &ours), &ours, account(1));
        accounts.follow(true);
        let before = asked(&accounts, &ours);
        accounts.keep(&before, &ours, account(1));
        accounts.follow(false);
        accounts.keep(&asked(&accounts, &ours), &ours, account(1));
        accounts.follow(true);
        accounts.keep(&before, &ours, account(1));
        let _ = asked(&accounts, &ours);
    }
}
