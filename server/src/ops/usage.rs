//! `usage.*`.

use gridkey_domain::usage::{Resolution, UsageSeries, UsageSummary};
use gridkey_protocol::{
    frame::OpError,
    ops::{error, usage::SeriesBody},
};

use super::Caller;
use crate::core::Core;

pub(super) async fn summary(core: &Core, caller: &Caller) -> Result<UsageSummary, OpError> {
    Ok(core.platform.usage_summary(&caller.customer).await?)
}

/// Points in a page, so that an answer stays far below 512 KiB.
const fn page(resolution: Resolution) -> u32 {
    match resolution {
        Resolution::QuarterHour | Resolution::Hour => 2_976,
        Resolution::Day | Resolution::Month => 1_000,
    }
}

pub(super) async fn series(core: &Core, caller: &Caller, body: SeriesBody) -> Result<UsageSeries, OpError> {
    if body.to < body.from {
        return Err(OpError::fatal(error::BAD_REQUEST, "to: a day not before from expected"));
    }
    Ok(core.platform.usage_series(&caller.customer, &body, page(body.resolution)).await?)
}
