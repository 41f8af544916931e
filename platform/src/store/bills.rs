//! Bills, what was paid on them, and making them.

use gridkey_domain::{
    BillId, CustomerNo, Fen, MeterId, Month, Quantity, Timestamp,
    bill::{Bill, BillLine, BillState, BillSummary},
    usage::Registers,
};
use gridkey_surreal::{RecordId, SurrealValue, vars};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{PlatformStore, StoreError};
use crate::billing::late::{Debt, Part};

/// What only a bill's own page shows.
#[derive(Serialize, Deserialize)]
struct Detail {
    kwh: Registers,
    kvarh: Quantity,
    max_kw: Quantity,
    pf: Quantity,
    lines: Vec<BillLine>,
}

#[derive(SurrealValue)]
struct Row {
    number: String,
    customer: String,
    meter: String,
    month: String,
    issued: String,
    due: String,
    detail: String,
    total: i64,
    open: i64,
}

#[derive(SurrealValue)]
struct SummaryRow {
    number: String,
    customer: String,
    meter: String,
    month: String,
    issued: String,
    due: String,
    total: i64,
    open: i64,
}

#[derive(SurrealValue)]
struct PartRow {
    amount: i64,
    paid_on: String,
}

/// How a bill enters the books.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// When to tell the server of it; `None` for bills of the past that nobody is to be told of.
    pub announce: Option<Timestamp>,
    /// Whether it is entered as paid in full on its due date.
    pub paid: bool,
    /// The credit that the account had when the bill was made; it pays the bill as far as it goes.
    pub balance: i64,
    /// Settled bills whose late-payment charge this bill carries or found to be nothing.
    pub late_of: Vec<BillId>,
}

/// A settled bill whose late-payment charge was not reckoned yet.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The bill.
    pub bill: BillId,
    /// The date of the last payment.
    pub on: Date,
    /// What was owed when.
    pub debt: Debt,
}

const SUMMARY: &str =
    "SELECT record::id(id) AS number, customer, meter, month, issued, due, total, open FROM bill WHERE";

impl PlatformStore {
    /// Enters a bill. `false` if a bill of that number is there already; then nothing changes. `bill.open` and
    /// `bill.state` must already say what `entry` does to them. [`StoreError::Refused`] `changed` if the account's credit
    /// or a settled bill is not what `entry` says any more: make the bill anew.
    pub async fn enter_bill(&self, bill: &Bill, entry: &Entry) -> Result<bool, StoreError> {
        let detail =
            Detail { kwh: bill.kwh, kvarh: bill.kvarh, max_kw: bill.max_kw, pf: bill.pf, lines: bill.lines.clone() };
        let json = |value: Result<String, serde_json::Error>| value.map_err(|_| StoreError::Damaged("bill"));
        let late_of: Vec<RecordId> = entry.late_of.iter().map(bill_id).collect();
        let mut rows = self
            .database
            .transact(
                "RETURN {
                    IF $record.total != NONE { RETURN false };
                    IF ($account.balance ?? 0) != $balance { THROW 'changed:balance' };
                    CREATE $record SET customer = $customer, meter = $meter, month = $month, issued = $issued,
                        due = $due, detail = $detail, total = $total, open = $total;
                    FOR $late IN $late_of {
                        IF $late.late_on != NONE { THROW 'changed:late' };
                        UPDATE $late SET late_on = $number;
                    };
                    IF $paid { fn::book($number, 'loaded', $total, $due) };
                    IF !$paid AND $balance > 0 {
                        LET $used = math::min([$balance, $total]);
                        UPDATE $account SET balance -= $used;
                        fn::book($number, 'balance', $used, $issued);
                        IF $announce = NONE {
                            fn::outbox($customer, 'account', string::concat('credit/', $number), $changed, $issued_at);
                        };
                    };
                    IF $announce != NONE { fn::outbox($customer, 'bill', string::concat('bill/', $number), $body, $announce) };
                    RETURN true;
                 }",
                vars! {
                    record: bill_id(&bill.bill),
                    account: RecordId::new("customer", bill.customer.as_str()),
                    number: bill.bill.as_str().to_owned(),
                    customer: bill.customer.as_str().to_owned(),
                    meter: bill.meter.as_str().to_owned(),
                    month: bill.month.to_string(),
                    issued: bill.issued.to_string(),
                    issued_at: Timestamp::from_civil(bill.issued.at(0, 0, 0, 0)).seconds(),
                    changed: serde_json::json!({ "fields": ["balance"] }).to_string(),
                    due: bill.due.to_string(),
                    detail: json(serde_json::to_string(&detail))?,
                    total: fen(bill.total),
                    balance: entry.balance,
                    paid: entry.paid,
                    late_of: late_of,
                    announce: entry.announce.map(Timestamp::seconds),
                    body: json(serde_json::to_string(&summary_of(bill)))?,
                },
            )
            .await?;
        self.wake_outbox();
        rows.last::<bool>()?.ok_or(StoreError::Damaged("bill"))
    }

    /// Whether there is a bill of that number.
    pub async fn has_bill(&self, bill: &BillId) -> Result<bool, StoreError> {
        let mut rows = self.database.run("RETURN $record.total != NONE", vars! { record: bill_id(bill) }).await?;
        Ok(rows.last::<bool>()?.unwrap_or(false))
    }

    /// A bill of `customer`, as it stands on `today`; another customer's is not found.
    pub async fn bill(&self, customer: &CustomerNo, bill: &BillId, today: Date) -> Result<Bill, StoreError> {
        let mut rows = self
            .database
            .run(
                "SELECT *, record::id(id) AS number FROM $record WHERE customer = $customer",
                vars! { record: bill_id(bill), customer: customer.as_str().to_owned() },
            )
            .await?;
        rows.one::<Row>(0)?.ok_or(StoreError::NotFound("bill"))?.read(today)
    }

    /// Every bill of a year, by month and meter.
    pub async fn bills_of_year(&self, year: i16, today: Date) -> Result<Vec<Bill>, StoreError> {
        let (first, last) = (format!("{year:04}-01"), format!("{year:04}-12"));
        let mut rows = self
            .database
            .run(
                "SELECT *, record::id(id) AS number FROM bill WHERE month >= $first AND month <= $last
                 ORDER BY month, meter",
                vars! { first: first, last: last },
            )
            .await?;
        rows.last_all::<Row>()?.into_iter().map(|row| row.read(today)).collect()
    }

    /// A customer's bills, newest month first.
    pub async fn bills_of(&self, customer: &CustomerNo, today: Date) -> Result<Vec<BillSummary>, StoreError> {
        let sql = format!("{SUMMARY} customer = $customer ORDER BY month DESC, meter");
        let mut rows = self.database.run(&sql, vars! { customer: customer.as_str().to_owned() }).await?;
        rows.last_all::<SummaryRow>()?.into_iter().map(|row| row.read(today).map(|(_, bill)| bill)).collect()
    }

    /// A customer's bills that are past their due date on `today`, oldest first, with what was paid on them.
    pub async fn overdue_of(&self, customer: &CustomerNo, today: Date) -> Result<Vec<(BillSummary, Debt)>, StoreError> {
        let sql = format!("{SUMMARY} customer = $customer AND open > 0 AND due < $today ORDER BY due, meter");
        let variables = vars! { customer: customer.as_str().to_owned(), today: today.to_string() };
        let mut rows = self.database.run(&sql, variables).await?;
        let mut overdue = Vec::new();
        for row in rows.last_all::<SummaryRow>()? {
            let (_, bill) = row.read(today)?;
            let debt = self.debt(&bill).await?;
            overdue.push((bill, debt));
        }
        Ok(overdue)
    }

    /// A meter's settled bills whose late-payment charge was not reckoned and that were settled before `before`.
    pub async fn settled_before(
        &self,
        owner: &CustomerNo,
        meter: &MeterId,
        before: Date,
    ) -> Result<Vec<Settled>, StoreError> {
        let sql = format!(
            "{SUMMARY} customer = $customer AND meter = $meter AND late_on = NONE AND settled != NONE AND settled < $before
             ORDER BY month",
        );
        let variables = vars! {
            customer: owner.as_str().to_owned(),
            meter: meter.as_str().to_owned(),
            before: before.to_string(),
        };
        let mut rows = self.database.run(&sql, variables).await?;
        let mut settled = Vec::new();
        for row in rows.last_all::<SummaryRow>()? {
            let (_, bill) = row.read(before)?;
            let debt = self.debt(&bill).await?;
            let on = debt.paid.iter().map(|part| part.on).max().unwrap_or(bill.due);
            settled.push(Settled { bill: bill.bill, on, debt });
        }
        Ok(settled)
    }

    /// What `payment` paid on one of its bills, and whether a late-payment charge was billed for that bill or would have been,
    /// had there been anything to charge.
    pub(super) async fn paid_part(&self, bill: &BillId, payment: &str) -> Result<PaidPart, StoreError> {
        let sql = format!(
            "{SUMMARY} id = $record;
             SELECT VALUE amount FROM bill_payment WHERE bill = $bill AND source = $source"
        );
        let variables = vars! { record: bill_id(bill), bill: bill.as_str().to_owned(), source: payment.to_owned() };
        let mut rows = self.database.run(&sql, variables).await?;
        let row = rows.one::<SummaryRow>(0)?.ok_or(StoreError::NotFound("bill"))?;
        let paid =
            rows.one::<i64>(1)?.map_or(Some(Fen::ZERO), amount).ok_or(StoreError::Damaged("payment of a bill"))?;
        let due = row.due.parse().map_err(|_| StoreError::Damaged("bill"))?;
        let (_, summary) = row.read(due)?;
        let debt = self.debt(&summary).await?;
        let settled = debt.paid.iter().map(|part| part.on).max().unwrap_or(due);
        let charged = debt.late_charge(settled).map_err(|_| StoreError::Damaged("bill"))? > Fen::ZERO;
        Ok(PaidPart { paid, charged })
    }

    /// What was owed on a bill when.
    async fn debt(&self, bill: &BillSummary) -> Result<Debt, StoreError> {
        let mut rows = self
            .database
            .run(
                "SELECT amount, paid_on FROM bill_payment WHERE bill = $bill",
                vars! { bill: bill.bill.as_str().to_owned() },
            )
            .await?;
        let part = |row: PartRow| Some(Part { on: row.paid_on.parse().ok()?, amount: amount(row.amount)? });
        let paid: Option<Vec<Part>> = rows.last_all::<PartRow>()?.into_iter().map(part).collect();
        Ok(Debt { total: bill.total, due: bill.due, paid: paid.ok_or(StoreError::Damaged("payment of a bill"))? })
    }
}

/// What a payment paid on a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PaidPart {
    /// The amount.
    pub(super) paid: Fen,
    /// Whether the bill was paid late, so that a late-payment charge is or will be billed for it.
    pub(super) charged: bool,
}

/// The short form of a bill.
pub fn summary_of(bill: &Bill) -> BillSummary {
    BillSummary {
        bill: bill.bill.clone(),
        meter: bill.meter.clone(),
        month: bill.month,
        issued: bill.issued,
        due: bill.due,
        total: bill.total,
        open: bill.open,
        state: bill.state,
    }
}

/// Where a bill stands on `today`, orders aside.
pub fn state_on(due: Date, open: Fen, today: Date) -> BillState {
    if open == Fen::ZERO {
        BillState::Paid
    } else if today > due {
        BillState::Overdue
    } else {
        BillState::Open
    }
}

fn bill_id(bill: &BillId) -> RecordId {
    RecordId::new("bill", bill.as_str())
}

fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}

fn amount(stored: i64) -> Option<Fen> {
    u64::try_from(stored).ok().and_then(|fen| Fen::new(fen).ok())
}

impl SummaryRow {
    fn read(self, today: Date) -> Result<(CustomerNo, BillSummary), StoreError> {
        let read = || {
            let (due, open) = (self.due.parse().ok()?, amount(self.open)?);
            let bill = BillSummary {
                bill: self.number.parse().ok()?,
                meter: self.meter.parse().ok()?,
                month: self.month.parse::<Month>().ok()?,
                issued: self.issued.parse().ok()?,
                due,
                total: amount(self.total)?,
                open,
                state: state_on(due, open, today),
            };
            Some((self.customer.parse().ok()?, bill))
        };
        read().ok_or(StoreError::Damaged("bill"))
    }
}

impl Row {
    fn read(self, today: Date) -> Result<Bill, StoreError> {
        let Self { number, customer, meter, month, issued, due, detail, total, open } = self;
        let detail: Detail = serde_json::from_str(&detail).map_err(|_| StoreError::Damaged("bill"))?;
        let (customer, short) = SummaryRow { number, customer, meter, month, issued, due, total, open }.read(today)?;
        Ok(Bill {
            bill: short.bill,
            customer,
            meter: short.meter,
            month: short.month,
            issued: short.issued,
            due: short.due,
            kwh: detail.kwh,
            kvarh: detail.kvarh,
            max_kw: detail.max_kw,
            pf: detail.pf,
            lines: detail.lines,
            total: short.total,
            open: short.open,
            state: short.state,
            documents: Vec::new(),
        })
    }
}
