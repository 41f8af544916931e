//! Energy used: the running month and interval readings.

use serde::{Deserialize, Serialize};

use crate::{Fen, MeterId, Month, Quantity, Timestamp};

/// Energy by time-of-use register, kWh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registers {
    /// Sharp hours.
    pub sharp: Quantity,
    /// Peak hours without the sharp ones.
    pub peak: Quantity,
    /// Flat hours.
    pub flat: Quantity,
    /// Valley hours.
    pub valley: Quantity,
    /// The sum of the four.
    pub total: Quantity,
}

/// One meter's running month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterUsage {
    /// The meter.
    pub meter: MeterId,
    /// Reactive energy, kvarh.
    pub kvarh: Quantity,
    /// The highest 15-minute average, kW.
    pub max_kw: Quantity,
    /// The power factor.
    pub pf: Quantity,
    /// Active energy by register, kWh.
    pub kwh: Registers,
    /// What the bill would be if the month ended now, fen.
    pub running: Fen,
}

/// The running month of all meters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageSummary {
    /// The month.
    pub month: Month,
    /// Up to when readings are in.
    pub at: Timestamp,
    /// What the month would cost if it ended now, fen.
    pub running: Fen,
    /// By meter.
    pub meters: Vec<MeterUsage>,
}

/// The step of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Resolution {
    /// Quarter hours, as metered.
    #[serde(rename = "15m")]
    QuarterHour,
    /// Hours.
    #[serde(rename = "hour")]
    Hour,
    /// Days in Asia/Shanghai.
    #[serde(rename = "day")]
    Day,
    /// Months in Asia/Shanghai.
    #[serde(rename = "month")]
    Month,
}

/// One step of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsagePoint {
    /// When the step begins: UTC for `15m` and `hour`; `day` and `month` begin at midnight in Asia/Shanghai.
    pub start: Timestamp,
    /// Active energy, kWh.
    pub kwh: Quantity,
    /// Reactive energy, kvarh.
    pub kvarh: Quantity,
    /// The highest 15-minute average within the step, kW.
    pub max_kw: Quantity,
}

/// A stretch of a meter's history, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageSeries {
    /// The meter.
    pub meter: MeterId,
    /// The step.
    pub resolution: Resolution,
    /// The steps that have readings.
    pub points: Vec<UsagePoint>,
    /// Pass it back to go on; null at the end.
    pub next: Option<String>,
}
