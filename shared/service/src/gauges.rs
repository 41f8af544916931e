//! Gauges that every daemon shows, for alerts: room on the disk, other clocks, what waits and for how long.

use std::path::Path;

use gridkey_domain::Timestamp;
use nix::sys::statvfs::statvfs;

/// Shows how much room the file system of `folder` has for this user, and how large it is: `gridkey_disk_free_bytes` and
/// `gridkey_disk_size_bytes`.
pub fn show_disk(folder: &Path) {
    let Ok(found) = statvfs(folder) else {
        tracing::warn!(folder = %folder.display(), "the file system's room is not known");
        return;
    };
    let bytes = |blocks: u64| blocks.saturating_mul(found.fragment_size()) as f64;
    metrics::gauge!("gridkey_disk_free_bytes").set(bytes(found.blocks_available()));
    metrics::gauge!("gridkey_disk_size_bytes").set(bytes(found.blocks()));
}

/// Shows how far the clock of a peer is from this one by its `Date` header: `gridkey_clock_difference_seconds`, positive when the peer
/// is behind. A header that is none shows nothing.
pub fn show_clock_difference(peer: &'static str, date: &str, now: Timestamp) {
    let Ok(told) = jiff::fmt::rfc2822::parse(date) else { return };
    let seconds = now.seconds().saturating_sub(told.timestamp().as_second());
    let limit = i64::from(i32::MAX);
    let seconds = i32::try_from(seconds.clamp(-limit, limit)).unwrap_or(0);
    metrics::gauge!("gridkey_clock_difference_seconds", "peer" => peer).set(seconds);
}

/// Shows how many there are of something that should not last, and since how many seconds the oldest is there (0 if there is none), as
/// the gauges `count` and `oldest`.
pub fn show_waiting(
    (count, oldest): (&'static str, &'static str),
    since: impl IntoIterator<Item = Timestamp>,
    now: Timestamp,
) {
    let ages: Vec<i64> = since.into_iter().map(|at| now.seconds_since(at)).collect();
    let age = ages.iter().copied().max().unwrap_or(0).max(0);
    metrics::gauge!(count).set(u32::try_from(ages.len()).unwrap_or(u32::MAX));
    metrics::gauge!(oldest).set(u32::try_from(age).unwrap_or(u32::MAX));
}

/// Shows a time as seconds of Unix time in the gauge `name`.
pub fn show_time(name: &'static str, at: Timestamp) {
    metrics::gauge!(name).set(u32::try_from(at.seconds()).unwrap_or(u32::MAX));
}
