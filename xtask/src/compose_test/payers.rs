//! Payers that go on paying whatever happens to the stack, and the book of what they signed.

use std::{
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};

use super::customer::Customer;
use crate::demo::{
    interrupt::Interrupt,
    journey::gridkey::{ask, run, text},
};

/// How many pay at once.
pub(super) const PAYERS: usize = 2;
/// For an order to be paid with a fault on its way: the client, the platform's janitor and the gateway each wait before they try again.
const PATIENCE: Duration = Duration::from_secs(240);
const PAUSE: Duration = Duration::from_millis(300);
/// Between looks at the interrupt while nothing happens.
const LOOK: Duration = Duration::from_millis(200);

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Signed and kept by the client.
    Signed,
    /// At the platform, its bank page known.
    Pending,
    /// Confirmed at the bank, as far as the browser saw.
    Confirmed,
    /// Paid, as the server says.
    Paid,
}

impl Stage {
    /// In words.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Pending => "pending",
            Self::Confirmed => "confirmed at the bank",
            Self::Paid => "paid",
        }
    }
}

/// A signed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) payment: String,
    pub(super) amount: u64,
    pub(super) stage: Stage,
}

/// All orders in the order of their signing; and why a payer gave up.
#[derive(Debug, Default)]
struct Book {
    orders: Vec<Order>,
    broken: Option<String>,
}

/// What payers and the one who watches them share.
#[derive(Debug, Default)]
pub(super) struct Payers {
    book: Mutex<Book>,
    changed: Condvar,
    stop: AtomicBool,
    amounts: AtomicU64,
}

impl Payers {
    /// Lets payers pay while `during` runs, and then bring to an end what they began. Gives all orders.
    pub(super) fn pay_during<T>(
        &self,
        customer: &Customer,
        interrupt: &Interrupt,
        during: impl FnOnce(&Self) -> Result<T>,
    ) -> Result<(T, Vec<Order>)> {
        thread::scope(|scope| {
            for _ in 0..PAYERS {
                scope.spawn(|| self.go_on(customer, interrupt));
            }
            let result = during(self);
            self.stop.store(true, Ordering::Relaxed);
            result
        })
        .and_then(|result| {
            let book = self.book();
            match &book.broken {
                Some(why) => bail!("a payer gave up: {why}"),
                None => Ok((result, book.orders.clone())),
            }
        })
    }

    /// The orders so far.
    pub(super) fn orders(&self) -> Vec<Order> {
        self.book().orders.clone()
    }

    /// Waits until `found` finds something in the orders.
    pub(super) fn wait<T>(
        &self,
        what: &str,
        interrupt: &Interrupt,
        found: impl Fn(&[Order]) -> Option<T>,
    ) -> Result<T> {
        let since = Instant::now();
        let mut book = self.book();
        loop {
            if let Some(found) = found(&book.orders) {
                return Ok(found);
            }
            if let Some(why) = &book.broken {
                bail!("a payer gave up: {why}");
            }
            ensure!(!interrupt.came(), "interrupted");
            ensure!(since.elapsed() < PATIENCE, "{what} did not come within {} s", PATIENCE.as_secs());
            book = self.changed.wait_timeout(book, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One payer.
    fn go_on(&self, customer: &Customer, interrupt: &Interrupt) {
        while !self.stop.load(Ordering::Relaxed) && !interrupt.came() {
            if let Err(error) = self.pay(customer, interrupt) {
                self.book().broken.get_or_insert(format!("{error:#}"));
                self.changed.notify_all();
                return;
            }
        }
    }

    /// One order, from its signature to its end, as a person would: asks again while there is no answer.
    fn pay(&self, customer: &Customer, interrupt: &Interrupt) -> Result<()> {
        // Each amount is another, so that an order is known by it too.
        let amount = 100 + self.amounts.fetch_add(1, Ordering::Relaxed);
        let yuan = format!("{}.{:02}", amount / 100, amount % 100);
        let signed = ask(customer.gridkey().args(["pay", "--on-account", &yuan, "--queue"]))?;
        let payment = text(&signed, "/payment")?.to_owned();
        self.book().orders.push(Order { payment: payment.clone(), amount, stage: Stage::Signed });
        self.changed.notify_all();
        let since = Instant::now();
        let mut last = String::new();
        while since.elapsed() < PATIENCE && !interrupt.came() {
            let asked = run(customer.gridkey().args(["confirm", &payment]))?;
            let (state, page) = (asked.said["state"].as_str(), asked.said["page"].as_str());
            match (state, page) {
                (Some("paid"), _) => {
                    self.reached(&payment, Stage::Paid);
                    return Ok(());
                }
                (Some(ended @ ("refused" | "expired" | "cancelled")), _) => {
                    bail!("{payment} is {ended}: {}", asked.said["reason"])
                }
                (Some("pending"), Some(page)) => {
                    self.reached(&payment, Stage::Pending);
                    // Whatever the browser saw of it, the next question tells.
                    match customer.visit_bank(page) {
                        Ok(_) => self.reached(&payment, Stage::Confirmed),
                        Err(error) => last = format!("{error:#}"),
                    }
                }
                (Some(state), _) => last = format!("it is {state}"),
                (None, _) => last = asked.error.to_string(),
            }
            thread::sleep(PAUSE);
        }
        ensure!(!interrupt.came(), "interrupted");
        bail!("{payment} was not paid within {} s; at last {last}", PATIENCE.as_secs())
    }

    fn reached(&self, payment: &str, stage: Stage) {
        let mut book = self.book();
        if let Some(order) = book.orders.iter_mut().find(|order| order.payment == payment) {
            order.stage = order.stage.max(stage);
        }
        drop(book);
        self.changed.notify_all();
    }
}

/// How many orders have come as far as `stage`.
pub(super) fn count(orders: &[Order], stage: Stage) -> usize {
    orders.iter().filter(|order| order.stage >= stage).count()
}
