//! Every screen and every state of it that a person can come to: photographed in both languages, light and dark, on a computer
//! and on a phone; and audited.

use anyhow::{Context, Result};
use gridkey_tests::{
    stack::Stack,
    window::{Album, Customer, Desktop, Line, Program, beginning},
};

use crate::person::{LONG, Person};

const CUSTOMER: &str = "1100000006";
const OTHER: &str = "1100000007";

#[test]
fn every_screen_of_the_computer_is_seen() {
    walk(Program::Desktop, (1280, 800));
}

#[test]
fn every_screen_of_the_phone_is_seen() {
    walk(Program::Phone, (390, 844));
}

fn walk(program: Program, (width, height): (u32, u32)) {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(width, height).unwrap();
    let (customer, line) = Customer::with_file(&stack, &desktop, CUSTOMER).unwrap().through().unwrap();
    let other = Customer::with_file(&stack, &desktop, OTHER).unwrap();
    customer.issue_pin().unwrap();
    let person = Person::sits_down(&desktop, customer, program).unwrap();
    let mut album = Album::of(&format!("{width}x{height}")).unwrap();
    let pin = gate(&person, &other, &mut album).unwrap();
    let mut walk = Walk { person, program, pin, stack, desktop: &desktop, line };
    walk.usage(&mut album).unwrap();
    walk.bills_and_payment(&mut album).unwrap();
    walk.in_doubt(&mut album).unwrap();
    walk.alarms_and_person(&mut album).unwrap();
    walk.offline(&mut album).unwrap();
    walk.end(&mut album).unwrap();
    album.close().unwrap();
    walk.person.leaves().unwrap();
}

/// From no key to the open account; gives the PIN that the key has by then.
fn gate(person: &Person<'_>, other: &Customer, album: &mut Album) -> Result<String> {
    person.is_at("gate-insert-title")?;
    album.take(person, "gate-insert", Some("gate-check-setup"))?;
    person.presses("gate-check-setup")?;
    person.is_at("setup-title")?;
    album.tall(1200).take(person, "setup-check", Some("setup-again"))?;
    person.presses("do-back")?;
    person.is_at("gate-insert-title")?;
    other.plug_in()?;
    person.is_at("gate-pin-title")?;
    person.customer.plug_in()?;
    person.presses("gate-other-key")?;
    person.is_at("gate-choose-title")?;
    person.window.says(&person.customer.number)?;
    album.take(person, "gate-choose", None)?;
    other.pull_out()?;
    person.window.says_no_more(&other.number)?;
    person.chooses_key()?;
    person.is_at("gate-pin-title")?;
    album.take(person, "gate-pin", Some("gate-pin-submit"))?;
    person.unlocks_with("000000000000")?;
    person.reads("problem-wrong-pin")?;
    album.take(person, "gate-wrong-pin", Some("gate-pin-submit"))?;
    person.unlocks_with(&person.customer.pin)?;
    person.is_at("gate-first-title")?;
    album.take(person, "gate-first-pin", Some("gate-first-submit"))?;
    let own: String = person.customer.pin.chars().rev().collect();
    person.types("gate-first-new", &own)?;
    person.types("gate-first-again", &own)?;
    person.presses("gate-first-submit")?;
    person.is_at("overview-title")?;
    Ok(own)
}

struct Walk<'desktop> {
    person: Person<'desktop>,
    program: Program,
    pin: String,
    stack: Stack,
    desktop: &'desktop Desktop,
    line: Line,
}

impl Walk<'_> {
    /// Goes to a screen by its address, as a link on the desktop does.
    fn open(&self, screen: &str, title: &str) -> Result<()> {
        let start = self.person.customer.start(self.program).at(screen);
        let status = self.person.window.start_again(&start)?;
        anyhow::ensure!(status.success(), "{screen}: the second start ended with {status}");
        self.person.is_at(title)
    }

    fn usage(&self, album: &mut Album) -> Result<()> {
        let person = &self.person;
        person.reads("overview-month")?;
        person.reads("overview-due")?;
        self.person.is_loaded()?;
        album.tall(1500).take(person, "overview", Some("overview-due-pay"))?;
        self.open("/electricity", "electricity-title")?;
        person.reads("electricity-this-month")?;
        self.person.is_loaded()?;
        album.tall(1900).take(person, "electricity-year", Some("electricity-export"))?;
        person.window.press_beginning(&person.beginning("electricity-earlier")?)?;
        person.goes_into_last_part("electricity-chart-year")?;
        self.person.is_loaded()?;
        album.tall(1900).take(person, "electricity-month", None)?;
        person.goes_into_last_part("electricity-chart-month")?;
        self.person.is_loaded()?;
        album.tall(1900).take(person, "electricity-day", None)?;
        person.presses("kit-view-table")?;
        album.take(person, "electricity-table", None)?;
        person.presses("kit-view-chart")
    }

    /// The newest bill that is open.
    fn open_bill(&self) -> Result<String> {
        let bills = self.stack.gridkey(CUSTOMER, &["bills"])?.out;
        let bills = bills["bills"].as_array().context("no bills")?;
        let open = bills.iter().find(|bill| bill["open"].as_u64() > Some(0)).context("no bill is open")?;
        Ok(open["bill"].as_str().context("a bill without its number")?.to_owned())
    }

    fn bills_and_payment(&self, album: &mut Album) -> Result<()> {
        let person = &self.person;
        self.open("/bills", "bills-title")?;
        self.person.is_loaded()?;
        album.tall(2000).take(person, "bills", Some("bills-pay-one"))?;
        let bill = self.open_bill()?;
        self.open_reading(&format!("/bills/{bill}"), &bill)?;
        person.reads("bills-lines")?;
        album.tall(1700).take(person, "bill", Some("bills-pay"))?;

        self.open(&format!("/pay?bills={bill}"), "pay-title")?;
        album.tall(1200).take(person, "pay", Some("pay-review"))?;
        person.presses("pay-review")?;
        person.reads("pay-review-order")?;
        album.tall(1200).take(person, "pay-review", Some("pay-sign"))?;
        person.types("pay-pin", &self.pin)?;
        person.presses("pay-sign")?;
        let open = person.word("payment-open-bank").to_owned();
        person.window.wait_until("the bank page", |tree| {
            tree.all().find(|node| node.pressable && node.says().starts_with(&open)).map(|_| ())
        })?;
        album.tall(1200).take(person, "payment-pending", Some("payment-open-bank"))?;
        let window = &person.window;
        album.take_opened(
            person,
            "payment-bank-page",
            Some("external-open"),
            |words| {
                window.press_beginning(words.get("payment-open-bank")?)?;
                window.says(words.get("external-title")?)
            },
            |words| {
                window.keys(&["Escape"])?;
                window.says_no_more(words.get("external-title")?)
            },
        )?;
        person.window.press_beginning(&open)?;
        person.presses("external-open")?;
        self.stack.confirm_at_bank(&self.desktop.wait_for_browser(1)?)?;
        person.reads("payment-state-paid")?;
        person.reads("payment-receipt-verified")?;
        album.tall(1700).take(person, "payment-paid", Some("payment-receipt-save"))?;
        self.open("/payments", "payments-title")?;
        album.take(person, "payments", None)
    }

    /// Goes to a screen by its address and waits for words on it.
    fn open_reading(&self, screen: &str, words: &str) -> Result<()> {
        let start = self.person.customer.start(self.program).at(screen);
        self.person.window.start_again(&start)?;
        self.person.window.says(words)
    }

    /// The server dies with an order that it was sent: nobody knows what became of it until it is back.
    fn in_doubt(&mut self, album: &mut Album) -> Result<()> {
        self.stack.stop("server")?;
        self.stack.restart("server", Some("server.store.insert_order.after"))?;
        let person = &self.person;
        self.open("/pay", "pay-title")?;
        let connect = person.word("shell-connect-now").to_owned();
        person
            .window
            .wait_until_within("the connection", LONG, |tree| tree.control(&connect).is_none().then_some(()))?;
        person.presses("pay-what-account")?;
        person.types("pay-on-account-amount", "980.00")?;
        person.presses("pay-review")?;
        person.types("pay-pin", &self.pin)?;
        person.presses("pay-sign")?;
        person.window.wait_until_within("an outcome that nobody knows", LONG, |tree| {
            tree.says(person.word("pay-unknown")).then_some(())
        })?;
        album.take(person, "pay-unknown", Some("pay-see-payments"))?;
        person.presses("pay-see-payments")?;
        person.reads("payment-state-in-doubt")?;
        album.take(person, "payments-in-doubt", None)?;
        person.window.press_beginning(&self.opens_payment("980.00")?)?;
        person.reads("payment-text-in-doubt")?;
        self.stack.restart("server", None)?;
        let open = person.word("payment-open-bank").to_owned();
        person.window.wait_until_within("the bank page, by itself", LONG, |tree| {
            tree.all().find(|node| node.pressable && node.says().starts_with(&open)).map(|_| ())
        })
    }

    /// What the link to a payment of this amount begins with.
    fn opens_payment(&self, amount: &str) -> Result<String> {
        let amount = format!("¥\u{a0}{amount}");
        Ok(beginning(&self.person.words.with("payments-open-one", &[("amount", &amount), ("date", "{")])?))
    }

    fn alarms_and_person(&self, album: &mut Album) -> Result<()> {
        let (person, window) = (&self.person, &self.person.window);
        self.stack.operate("platform", &["arrears-run"])?;
        self.stack.operate("platform", &["bill-run"])?;
        self.open("/alarms", "alarms-title")?;
        self.person.is_loaded()?;
        album.tall(1200).take(person, "alarms", None)?;
        self.open("/account", "account-title")?;
        self.person.is_loaded()?;
        album.tall(1800).take(person, "account", Some("account-contact-edit"))?;
        album.take_opened(
            person,
            "account-pin",
            Some("account-pin-save"),
            |words| {
                window.press(words.get("account-pin-change")?)?;
                window.says(words.get("account-pin-again")?)
            },
            |words| {
                window.keys(&["Escape"])?;
                window.says_no_more(words.get("account-pin-again")?)
            },
        )?;
        self.open("/settings", "settings-title")?;
        album.tall(1600).take(person, "settings", Some("settings-log-out"))?;
        self.open("/help", "help-title")?;
        album.tall(1200).take(person, "help", None)?;
        let bell = |words: &gridkey_tests::window::Words| words.get("notices-title").map(str::to_owned);
        album.take_opened(
            person,
            "news",
            None,
            |words| {
                window.press_beginning(&bell(words)?)?;
                window.says(words.get("notices-read")?)
            },
            |words| {
                window.keys(&["Escape"])?;
                window.says_no_more(words.get("notices-read")?)
            },
        )?;
        self.open_reading("/bills/B-2001-01-M1000000006", person.word("problem-refused-not-found"))?;
        album.take(person, "bill-unknown", None)
    }

    fn offline(&self, album: &mut Album) -> Result<()> {
        let person = &self.person;
        self.open("/", "overview-title")?;
        self.line.cut();
        let connect = person.word("shell-connect-now").to_owned();
        person.window.wait_until_within("the offline banner", LONG, |tree| tree.control(&connect).map(|_| ()))?;
        album.take(person, "overview-offline", Some("shell-connect-now"))?;
        self.open("/pay", "pay-title")?;
        album.take(person, "pay-offline", None)?;
        self.queue_on_account()?;
        album.take(person, "payment-queued", None)?;
        self.open("/queue", "queue-title")?;
        album.take(person, "queue", None)?;
        let window = &person.window;
        album.take_opened(
            person,
            "queue-withdraw",
            Some("queue-cancel-no"),
            |words| {
                window.press_beginning(&beginning(words.get("queue-cancel-one")?))?;
                window.says(words.get("queue-cancel-title")?)
            },
            |words| {
                window.keys(&["Escape"])?;
                window.says_no_more(words.get("queue-cancel-title")?)
            },
        )?;
        self.line.mend();
        Ok(())
    }

    /// Signs an amount on account while there is no line.
    fn queue_on_account(&self) -> Result<()> {
        let person = &self.person;
        person.presses("pay-what-account")?;
        person.types("pay-on-account-amount", "1250.00")?;
        person.presses("pay-review")?;
        person.presses("pay-offline-choose")?;
        person.types("pay-pin", &self.pin)?;
        person.presses("pay-sign-queue")?;
        person.reads("payment-state-queued")
    }

    fn end(&self, album: &mut Album) -> Result<()> {
        let person = &self.person;
        self.open("/settings", "settings-title")?;
        person.presses("settings-lock-now")?;
        person.is_at("gate-curtain-title")?;
        album.take(person, "locked", Some("gate-curtain-submit"))?;
        person.customer.pull_out()?;
        person.is_at("gate-insert-title")?;
        album.take(person, "key-pulled-out", None)
    }
}
