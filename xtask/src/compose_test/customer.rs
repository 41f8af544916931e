//! The provisioned customer, on this machine, through the published ports.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{Test, stack::Stack};
use crate::{
    demo::{
        http,
        journey::gridkey::{Running, ask, fen, list, run, text, yuan},
    },
    workspace,
};

/// Whose key is provisioned unless somebody else's is asked for.
const CUSTOMER: &str = "1100000001";
/// What follows the store of `gridkey` may take; it gives up by itself earlier.
const SECONDS: &str = "90";
/// What the journey's payment leaves for the step after it, in the folder of the key.
const PAID: &str = "paid";

/// A customer's key with its configuration and the programs that use it.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    /// The unpacked key.
    folder: PathBuf,
    programs: PathBuf,
}

/// Fetches the key as the README says.
pub(super) fn fetch(test: &mut Test<'_>) -> Result<String> {
    let log = File::create(test.folder.join("demo-key.log")).context("cannot write a log")?;
    let mut export = test.stack.compose();
    export.args(["run", "--rm", "-T", "demo-key"]).stdout(Stdio::piped()).stderr(log);
    let mut export = export.spawn().context("cannot run docker compose")?;
    let pipe = export.stdout.take().context("no output")?;
    workspace::run(Command::new("tar").arg("-xC").arg(&test.folder).stdin(pipe))?;
    ensure!(export.wait()?.success(), "the key was not exported");
    let folder = test.folder.join("demo-key");
    let mut files: Vec<String> = fs::read_dir(&folder)
        .context("the key")?
        .map(|file| Ok(file?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    files.sort();
    ensure!(files == ["client.toml", "key.json", "pin", "root.pem", "web-root.pem"], "{files:?}");
    test.customer = Some(Customer { folder, programs: test.programs.clone() });
    Ok(files.join(", "))
}

impl Customer {
    /// `gridkey` with the key; it ends in any case.
    pub(super) fn gridkey(&self) -> Command {
        let mut command = bounded(&self.programs.join("gridkey"));
        command.arg("--config").arg(self.folder.join("client.toml"));
        command.arg("--pin-file").arg(self.folder.join("pin")).arg("--json");
        command
    }

    /// A payer's browser: opens the page and confirms at the bank.
    pub(super) fn visit_bank(&self, page: &str) -> Result<Value> {
        let mut visit = bounded(&self.programs.join("gridkey-demo"));
        ask(visit.args(["bank-page", page, "--web-root"]).arg(self.folder.join("web-root.pem")))
    }

    pub(super) fn login(&self) -> Result<String> {
        let login = ask(self.gridkey().arg("login"))?;
        let (customer, role) = (text(&login, "/customer")?, text(&login, "/role")?);
        ensure!(customer == CUSTOMER && role == "customer", "let in as {role} {customer}");
        Ok(format!("{customer}, certificate valid until {}", text(&login, "/valid_until")?))
    }

    pub(super) fn account(&self) -> Result<String> {
        let answer = ask(self.gridkey().arg("account"))?;
        ensure!(answer["live"] == true, "the answer did not come from the server");
        Ok(format!("{}, {}", text(&answer, "/account/name")?, text(&answer, "/account/name_zh")?))
    }

    pub(super) fn bills(&self) -> Result<String> {
        let answer = ask(self.gridkey().arg("bills"))?;
        let bills = list(&answer, "/bills")?;
        let bill = text(bills.first().context("no bills")?, "/bill")?.to_owned();
        let checked = ask(self.gridkey().args(["bill", &bill, "--verify"]))?;
        ensure!(checked["verified"] == true, "{}", checked["findings"]);
        Ok(format!("{}; {bill}, {}, checks", bills.len(), yuan(fen(&checked, "/bill/total")?)))
    }

    /// The newest open bill, from the order to the push that says paid.
    pub(super) fn pay(&self, stack: &Stack<'_>) -> Result<String> {
        let answer = ask(self.gridkey().arg("bills"))?;
        let open = list(&answer, "/bills")?.iter().find(|bill| bill["open"].as_u64().is_some_and(|open| open > 0));
        let bill = text(open.context("no bill is open")?, "/bill")?.to_owned();
        let order = ask(self.gridkey().args(["pay", "--bill", &bill]))?;
        let (payment, amount) = (text(&order, "/payment")?.to_owned(), fen(&order, "/amount")?);
        let mut watch = Running::start(self.gridkey().arg("watch"))?;
        watch.wait_online()?;
        let visit = self.visit_bank(text(&order, "/page")?)?;
        ensure!(visit["bank"] == "confirmed" && visit["returned"] == 200, "{visit}");
        let outcome = watch.wait("the payment's end", |line| {
            let body = &line["body"];
            let ended = line["kind"] == "payment" && body["payment"] == payment.as_str() && body["state"] != "pending";
            (ended && body["state"] != "submitted").then(|| body.clone())
        })?;
        ensure!(outcome["state"] == "paid", "the payment is {}", outcome["state"]);
        let debits = debits(stack, &payment)?;
        ensure!(debits == [amount], "the gateway debited {debits:?}");
        fs::write(self.folder.join(PAID), &payment)?;
        Ok(format!("{bill}, {}: confirmed at the bank, paid under {}", yuan(amount), text(&outcome, "/reference")?))
    }

    /// The receipt of that payment, verified with the root alone.
    pub(super) fn receipt(&self) -> Result<String> {
        let payment = fs::read_to_string(self.folder.join(PAID)).context("nothing was paid")?;
        let file = self.folder.join("receipt.cbor");
        ask(self.gridkey().args(["receipt", &payment, "--out"]).arg(&file))?;
        let receipt = self.verify(&file)?;
        let mut bytes = fs::read(&file)?;
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let forged = self.folder.join("forged.cbor");
        fs::write(&forged, &bytes)?;
        ensure!(self.verify(&forged).is_err(), "a receipt with another byte verifies");
        Ok(format!("{} bytes, {} verified with the root alone; a forged one does not", bytes.len(), yuan(receipt)))
    }

    /// Verifies a receipt without key, PIN and network; gives its amount.
    pub(super) fn verify(&self, file: &Path) -> Result<u64> {
        let mut verify = bounded(&self.programs.join("gridkey"));
        verify.env_remove("XDG_CONFIG_HOME").env("HOME", "/nonexistent");
        verify.arg("--root").arg(self.folder.join("root.pem")).args(["--json", "receipt", "--verify"]).arg(file);
        let verified = run(&mut verify)?.done()?;
        if verified["verified"] != true || verified["receipt"]["state"] != "paid" {
            bail!("{verified}");
        }
        fen(&verified, "/receipt/amount")
    }

    /// The saved receipt of the journey's payment, if there is one.
    pub(super) fn saved_receipt(&self) -> Option<PathBuf> {
        Some(self.folder.join("receipt.cbor")).filter(|file| file.exists())
    }

    /// All payments as the server knows them.
    pub(super) fn history(&self) -> Result<Vec<Value>> {
        let answer = ask(self.gridkey().arg("history"))?;
        ensure!(answer["live"] == true, "the answer did not come from the server");
        list(&answer, "/payments").cloned()
    }

    /// What the customer stands at with the company: credit, and what is open.
    pub(super) fn standing(&self) -> Result<(u64, u64)> {
        let account = ask(self.gridkey().arg("account"))?;
        let bills = ask(self.gridkey().arg("bills"))?;
        let open = list(&bills, "/bills")?.iter().map(|bill| fen(bill, "/open")).sum::<Result<u64>>()?;
        Ok((fen(&account, "/account/balance")?, open))
    }
}

/// What the gateway debited for an order, fen.
pub(super) fn debits(stack: &Stack<'_>, payment: &str) -> Result<Vec<u64>> {
    let order = payment.replace('-', "");
    let ledger = ledger(stack)?;
    ledger.iter().filter(|debit| debit["orderId"] == order.as_str()).map(|debit| fen(debit, "/txnAmt")).collect()
}

/// All that the gateway debited.
pub(super) fn ledger(stack: &Stack<'_>) -> Result<Vec<Value>> {
    let answer = http::get(([127, 0, 0, 1], stack.bank).into(), "/ledger")?;
    serde_json::from_str(&answer.body).context("the gateway's ledger")
}

/// A program that is ended if it does not end.
fn bounded(program: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after", "5", SECONDS]).arg(program);
    command
}
