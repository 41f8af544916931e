//! `usage.series`. (`usage.summary` uses the record of `gridkey-domain` as it is.)

use gridkey_domain::{MeterId, usage::Resolution};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which stretch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesBody {
    /// The meter.
    pub meter: MeterId,
    /// The first day, Asia/Shanghai.
    pub from: Date,
    /// The last day, inclusive.
    pub to: Date,
    /// The step.
    pub resolution: Resolution,
    /// The `next` of the page before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
