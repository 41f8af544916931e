//! `meter-feed`: meters that go on posting readings.

use std::{path::Path, time::Duration};

use gridkey_service::shutdown;
use jiff::{ToSpan, civil::DateTime};
use tokio::time::{Instant, sleep_until};

use super::{absolute, target::Target};
use crate::{
    control::{Feed, FeedPosition},
    load::{
        self,
        feed::{self, Posted, next_start},
        profiles::PROFILE_YEAR,
    },
};

/// Real seconds between two posts at the least, so that a fast feed posts several quarter-hours at a time.
const BEAT: Duration = Duration::from_secs(1);
/// Quarter-hours posted at a time at the most.
const MOST: i64 = 96;

/// Posts readings from the newest one on, `speed` times faster than the clock, until interrupted or `count`
/// quarter-hours were posted.
pub(super) async fn run(target: &mut Target, data: &Path, speed: u32, count: Option<u32>) -> anyhow::Result<()> {
    let (customers, profiles) = load::read(&absolute(data)?, PROFILE_YEAR).await?;
    let feed = feed::Feed::new(customers, profiles);
    let position: FeedPosition = target.call("feed-position", ()).await?;
    // An earlier feed may have been faster than the clock.
    let started_at = position.newest.map_or(position.now, |newest| newest.max(position.now));
    let started = Instant::now();
    let mut next = position.newest.unwrap_or_else(|| next_start(position.now));
    let mut left = count.map_or(i64::MAX, i64::from);
    let stop = shutdown::on_signals()?;
    println!("readings from {next} on, {speed} times the clock; {}", load::mapping::STATEMENT);
    while left > 0 {
        let due = started + real_time(started_at, quarter_hours_after(next, 1), speed);
        let not_before = Instant::now() + if due > Instant::now() { Duration::ZERO } else { BEAT.min(wait(speed)) };
        tokio::select! {
            () = stop.cancelled() => break,
            () = sleep_until(due.max(not_before)) => {}
        }
        let now = started_at.saturating_add(
            i64::try_from(started.elapsed().as_millis())
                .unwrap_or(i64::MAX)
                .saturating_mul(speed.into())
                .milliseconds(),
        );
        let until = now.min(quarter_hours_after(next, left.min(MOST)));
        let days = feed.between(next, until)?;
        let posted = quarter_hours_between(next, until);
        if posted > 0 {
            let readings: Vec<Posted> = days.iter().map(Posted::from).collect();
            target.call::<()>("feed", Feed { readings }).await?;
            next = quarter_hours_after(next, posted);
            left -= posted;
        }
    }
    println!("next reading: {next}");
    Ok(())
}

/// Real time of a quarter-hour of the feed.
fn wait(speed: u32) -> Duration {
    Duration::from_secs(900) / speed
}

fn real_time(from: DateTime, to: DateTime, speed: u32) -> Duration {
    let seconds = u64::try_from((to.duration_since(from)).as_secs()).unwrap_or(0);
    Duration::from_secs(seconds) / speed
}

fn quarter_hours_after(at: DateTime, count: i64) -> DateTime {
    at.saturating_add((count.min(1_000_000) * 15).minutes())
}

fn quarter_hours_between(from: DateTime, to: DateTime) -> i64 {
    (to.duration_since(from).as_secs() / 900).max(0)
}
