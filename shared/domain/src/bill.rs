//! Bills.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{BillId, CustomerNo, Fen, MeterId, Month, Price, Quantity, usage::Registers};

/// Whether a bill waits for money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BillState {
    /// Unpaid, not past its due date.
    Open,
    /// Unpaid past its due date.
    Overdue,
    /// An open order holds it.
    InPayment,
    /// Nothing is left to pay.
    Paid,
}

/// A bill in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillSummary {
    /// `B-YYYY-MM-METER`.
    pub bill: BillId,
    /// The meter.
    pub meter: MeterId,
    /// The month billed.
    pub month: Month,
    /// The date of issue.
    pub issued: Date,
    /// The last day to pay without a late charge.
    pub due: Date,
    /// The amount billed, fen.
    pub total: Fen,
    /// What is left to pay, fen.
    pub open: Fen,
    /// Whether it waits for money.
    pub state: BillState,
}

/// Bills, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillList {
    /// This page.
    pub bills: Vec<BillSummary>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}

/// What a line charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// Energy of the sharp register.
    Sharp,
    /// Energy of the peak register.
    Peak,
    /// Energy of the flat register.
    Flat,
    /// Energy of the valley register.
    Valley,
    /// Basic charge by capacity.
    Capacity,
    /// Basic charge by demand.
    Demand,
    /// The power-factor adjustment: quantity in yuan, price a signed fraction.
    PowerFactor,
    /// Funds and surcharges.
    Surcharge,
    /// Late-payment charge of an earlier bill.
    Late,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// What it charges.
    pub kind: LineKind,
    /// How much of it: kWh, kVA, kW, or for `power-factor` and `late` the yuan it is reckoned on.
    pub quantity: Quantity,
    /// Yuan per unit, or for `power-factor` the signed fraction.
    pub price: Price,
    /// The line's amount, fen; negative only for `power-factor`.
    pub amount: i64,
}

/// A bill with everything needed to reckon it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// `B-YYYY-MM-METER`.
    pub bill: BillId,
    /// Whose bill.
    pub customer: CustomerNo,
    /// The meter.
    pub meter: MeterId,
    /// The month billed.
    pub month: Month,
    /// The date of issue.
    pub issued: Date,
    /// The last day to pay without a late charge.
    pub due: Date,
    /// Active energy by register, kWh.
    pub kwh: Registers,
    /// Reactive energy, kvarh.
    pub kvarh: Quantity,
    /// The month's highest 15-minute average, kW.
    pub max_kw: Quantity,
    /// The power factor.
    pub pf: Quantity,
    /// Its lines, in the order they are reckoned.
    pub lines: Vec<BillLine>,
    /// The amount billed, fen.
    pub total: Fen,
    /// What is left to pay, fen.
    pub open: Fen,
    /// Whether it waits for money.
    pub state: BillState,
    /// The forms in which it can be fetched as a file (`csv`, `pdf`, …); empty from a writer that does not tell.
    #[serde(default)]
    pub documents: Vec<String>,
}
