//! Every screen of the dashboard: photographed in both languages, light and dark, and audited.

use anyhow::{Context, Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Administrator, Album, Desktop, Role, Seat},
};

use crate::made::{OWN_PIN, answers, begins, letter};

/// A customer with bills and arrears.
const CUSTOMER: &str = "1100000006";
/// The label of the key that is made on the way.
const LABEL: &str = "usbkey-06";

#[test]
fn every_screen_of_an_operator_is_seen() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let payment = payment(&stack).unwrap();
    let operator = Administrator::made(&stack, &desktop, "desk-1", "operator").unwrap();
    let seat = Seat::take(&desktop, &operator.start()).unwrap();
    let mut album = Album::of("admin/operator").unwrap();
    gate(&seat, &operator, &mut album).unwrap();
    let walk = Walk { seat, who: operator };
    walk.customers(&mut album, &payment).unwrap();
    walk.making(&mut album).unwrap();
    walk.keys(&mut album).unwrap();
    walk.curtain(&mut album).unwrap();
    album.close().unwrap();
    walk.seat.leaves().unwrap();
}

#[test]
fn every_further_screen_of_a_security_officer_is_seen() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let officer = Administrator::first(&stack).unwrap();
    let seat = Seat::take(&desktop, &officer.start()).unwrap();
    seat.unlocks_with(&officer.pin).unwrap();
    seat.is_at("home-title").unwrap();
    let mut album = Album::of("admin/officer").unwrap();
    let walk = Walk { seat, who: officer };
    walk.evidence(&mut album).unwrap();
    album.close().unwrap();
    walk.seat.leaves().unwrap();
}

/// A payment to look at; gives its number.
fn payment(stack: &Stack) -> Result<String> {
    let bills = stack.gridkey(CUSTOMER, &["bills"])?.out;
    let bill = bills.pointer("/bills/0/bill").and_then(|bill| bill.as_str()).context("no bill")?;
    let order = stack.gridkey(CUSTOMER, &["pay", "--bill", bill])?;
    let page = order.out["page"].as_str().with_context(|| format!("no page: {}", order.error))?;
    stack.confirm_at_bank(page)?;
    Ok(order.out["payment"].as_str().context("a payment without a number")?.to_owned())
}

/// From the key in the reader to the first screen.
fn gate(seat: &Seat<'_>, operator: &Administrator, album: &mut Album) -> Result<()> {
    seat.is_at("gate-pin-title")?;
    album.take(seat, "gate-pin", Some("gate-pin-submit"))?;
    seat.presses("gate-check-setup")?;
    seat.is_at("setup-title")?;
    seat.reads("setup-all-well")?;
    album.take(seat, "setup-check", Some("setup-again"))?;
    seat.presses("do-back")?;
    seat.unlocks_with("000000000000")?;
    seat.reads("problem-wrong-pin")?;
    album.take(seat, "gate-wrong-pin", Some("gate-pin-submit"))?;
    seat.unlocks_with(&operator.pin)?;
    seat.is_at("gate-first-title")?;
    album.take(seat, "gate-first-pin", Some("gate-first-submit"))?;
    seat.chooses_pin(OWN_PIN)?;
    seat.is_at("home-title")
}

struct Walk<'desktop> {
    seat: Seat<'desktop>,
    who: Administrator,
}

impl Walk<'_> {
    /// Goes to a screen by its address, as a link on the desktop does, and waits until everything on it is loaded.
    fn open(&self, screen: &str, title: &str) -> Result<()> {
        let status = self.seat.window.start_again(&self.who.start().at(screen))?;
        ensure!(status.success(), "{screen}: the second start ended with {status}");
        self.seat.is_at(title)?;
        self.seat.is_loaded()
    }

    fn customers(&self, album: &mut Album, payment: &str) -> Result<()> {
        let seat = &self.seat;
        seat.reads("home-health")?;
        self.seat.is_loaded()?;
        album.tall(1300).take(seat, "home", None)?;
        self.open("/customers", "customers-title")?;
        seat.window.says(CUSTOMER)?;
        album.take(seat, "customers", Some("customers-new"))?;
        self.open("/customers/new", "customers-new-title")?;
        album.tall(1300).take(seat, "customer-new", None)?;
        self.open("/customers/import", "import-title")?;
        album.take(seat, "customers-import", None)?;
        self.go(&format!("/customers/{CUSTOMER}"), CUSTOMER)?;
        album.tall(2000).take(seat, "customer", None)?;
        self.open("/sessions", "sessions-title")?;
        album.take(seat, "sessions", None)?;
        self.open("/arrears", "arrears-title")?;
        album.take(seat, "arrears", None)?;
        self.open("/payments", "payments-title")?;
        album.take(seat, "payments", None)?;
        self.go(&format!("/payments/{CUSTOMER}/{payment}"), payment)?;
        album.tall(1300).take(seat, "payment", None)
    }

    /// As [`Self::open`], to a screen whose heading is somebody's name: it says `words`.
    fn go(&self, screen: &str, words: &str) -> Result<()> {
        let status = self.seat.window.start_again(&self.who.start().at(screen))?;
        ensure!(status.success(), "{screen}: the second start ended with {status}");
        self.seat.window.says(words)?;
        self.seat.is_loaded()
    }

    fn making(&self, album: &mut Album) -> Result<()> {
        let seat = &self.seat;
        self.open(&format!("/keys/make?customer={CUSTOMER}"), "keys-make")?;
        album.tall(1400).take(seat, "key-make", Some("keys-make-begin"))?;
        begins(seat, &self.who, LABEL)?;
        album.take(seat, "key-made", Some("keys-letter-envelope"))?;
        letter(seat)?;
        seat.presses("keys-show-key")?;
        seat.reads("keys-acts")?;
        self.seat.is_loaded()?;
        album.tall(1200).take(seat, "key", Some("keys-act-lose"))?;
        album.take_opened(
            seat,
            "key-lost",
            None,
            |words| {
                seat.window.press(words.get("keys-act-lose")?)?;
                seat.window.says(words.get("keys-ask-lose")?)
            },
            |words| seat.window.press(words.get("do-cancel")?),
        )?;
        seat.presses("keys-act-lose")?;
        seat.types("keys-reason", "left in a taxi")?;
        answers(seat, "keys-act-lose")?;
        seat.find_dialog("keys-done-lose")?;
        answers(seat, "keys-done-close")?;
        seat.reads("keys-state-lost")?;
        album.tall(1200).take(seat, "key-after", None)
    }

    fn keys(&self, album: &mut Album) -> Result<()> {
        let seat = &self.seat;
        self.open("/keys", "keys-title")?;
        album.take(seat, "keys", Some("keys-make"))?;
        self.open("/keys/ending", "keys-title")?;
        album.take(seat, "keys-ending", None)?;
        self.open("/keys/batch", "keys-batch")?;
        album.tall(1200).take(seat, "keys-batch", None)?;
        self.open("/keys/unblock", "keys-unblock")?;
        album.take(seat, "key-unblock", None)?;
        self.open("/settings", "place-settings")?;
        album.tall(1500).take(seat, "settings", None)
    }

    fn curtain(&self, album: &mut Album) -> Result<()> {
        let seat = &self.seat;
        seat.presses("shell-lock")?;
        seat.is_at("gate-curtain-title")?;
        ensure!(
            seat.window.tree()?.find(Role::Link, seat.word("admin-place-keys")).is_none(),
            "places behind the curtain"
        );
        album.take(seat, "curtain", Some("gate-curtain-submit"))?;
        seat.types("gate-pin-label", OWN_PIN)?;
        seat.presses("gate-curtain-submit")?;
        seat.is_at("place-settings")
    }

    fn evidence(&self, album: &mut Album) -> Result<()> {
        let seat = &self.seat;
        seat.reads("home-health")?;
        self.seat.is_loaded()?;
        album.take(seat, "home", None)?;
        self.open("/audit", "audit-title")?;
        seat.presses("audit-verify")?;
        seat.reads("audit-verify-again")?;
        self.seat.is_loaded()?;
        album.tall(1500).take(seat, "audit", Some("audit-verify-again"))?;
        self.open("/keys/make", "keys-make")?;
        album.take(seat, "key-make-admin", None)?;
        // What the role does not do is told, whatever the address says.
        self.open("/customers/new", "customers-new-title")?;
        seat.reads("admin-barred-title")?;
        album.take(seat, "barred", None)
    }
}
