//! `status.get`: the live figures of the dashboard.

use std::time::Duration;

use gridkey_domain::{Fen, Timestamp};
use gridkey_protocol::{
    ByteArray,
    frame::OpError,
    ops::admin::status::{
        AuditState, ENDING_DAYS, HOURS, InArrears, KeyCount, Keys, LodgedHead, LoginHour, Logins, PaidHour, Part,
        Payments, Sessions, Status,
    },
};
use tokio::time::Instant;

use crate::{
    core::Core,
    store::{
        Figures, FiguresOf,
        figures::{HOUR, hour_of},
    },
};

/// How long a part is waited for: a look at the whole must not hang on one.
const PATIENCE: Duration = Duration::from_secs(2);
/// Seconds of a day.
const DAY: i64 = 86_400;

pub(super) async fn get(core: &Core) -> Result<Status, OpError> {
    let now = core.now();
    let hours = Hours::at(now);
    let of = FiguresOf {
        paid_since: hours.first.min(hours.today),
        ending_after: now,
        ending_until: now.plus_seconds(i64::from(ENDING_DAYS) * DAY),
    };
    let (hsm, store, platform, figures, head, arrears) = tokio::join!(
        part("hsm", core.hsm.check()),
        part("store", core.store.check()),
        part("platform", core.platform.ping(core.now())),
        core.store.figures(of),
        core.store.audit_head(),
        core.notes.arrears.get(now),
    );
    let (figures, head) = (figures?, head?);
    let live = core.registry.list();
    let customers = count(live.iter().filter(|session| session.customer.is_some()).count());
    let arrears = arrears.filter(|_| platform.ok);
    Ok(Status {
        at: now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: core.notes.started,
        sessions: Sessions { customers, administrators: count(live.len()) - customers },
        logins: logins(core, &hours),
        payments: payments(&figures, &hours),
        arrears: arrears.map(|it| InArrears { customers: it.customers, open: it.open, late: it.late, at: it.at }),
        keys: Keys {
            states: figures.keys.iter().map(|(state, count)| KeyCount { state: *state, count: *count }).collect(),
            ending: figures.ending,
        },
        parts: vec![hsm, store, platform],
        crl: core.crl.state(),
        audit: AuditState {
            entries: head.length,
            lodged: core.notes.last_lodged().map(|(head, at)| LodgedHead {
                entries: head.length,
                hash: ByteArray(head.hash),
                at,
            }),
        },
    })
}

/// The hours that are shown, and where today begins.
struct Hours {
    first: Timestamp,
    last: Timestamp,
    today: Timestamp,
}

impl Hours {
    fn at(now: Timestamp) -> Self {
        let last = hour_of(now);
        let back = HOUR * i64::try_from(HOURS - 1).unwrap_or(0);
        Self { first: last.plus_seconds(-back), last, today: Timestamp::from_civil(now.date().at(0, 0, 0, 0)) }
    }

    /// The beginnings of the hours shown, oldest first.
    fn shown(&self) -> impl Iterator<Item = Timestamp> + use<> {
        let (first, last) = (self.first, self.last);
        (0..).map(move |hour| first.plus_seconds(hour * HOUR)).take_while(move |from| *from <= last)
    }

    /// Today's hours; a day begins with an hour, whatever its zone.
    fn of_today(&self) -> impl Iterator<Item = Timestamp> + use<> {
        let today = self.today;
        self.shown().filter(move |from| *from >= today)
    }
}

fn logins(core: &Core, hours: &Hours) -> Logins {
    let hour = |from| {
        let hour = core.notes.logins.hour(from);
        LoginHour { from, logins: hour.logins, failed: hour.failed }
    };
    Logins {
        today: hours.of_today().map(|from| hour(from).logins).sum(),
        failed_today: hours.of_today().map(|from| hour(from).failed).sum(),
        hours: hours.shown().map(hour).collect(),
    }
}

fn payments(figures: &Figures, hours: &Hours) -> Payments {
    let hour = |from| {
        let found = figures.paid.iter().find(|hour| hour.from == from);
        found.map_or(PaidHour { from, count: 0, amount: Fen::ZERO }, |hour| PaidHour {
            from,
            count: hour.count,
            amount: hour.amount,
        })
    };
    Payments {
        today: hours.of_today().map(|from| hour(from).count).sum(),
        // More than an amount can be is no amount to be shown either.
        amount_today: Fen::checked_sum(hours.of_today().map(|from| hour(from).amount)).unwrap_or(Fen::MAX),
        hours: hours.shown().map(hour).collect(),
        open: figures.open,
        unknown: figures.unknown,
        refunding: figures.refunding,
    }
}

async fn part<E: std::fmt::Display>(name: &str, asked: impl Future<Output = Result<(), E>>) -> Part {
    let begun = Instant::now();
    let fault = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(format!("no answer within {} seconds", PATIENCE.as_secs())),
    };
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Part { name: name.to_owned(), ok: fault.is_none(), milliseconds, fault }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai_and_the_running_hour_comes_last() {
        let hours = Hours::at("2026-11-22T17:20:00Z".parse().unwrap());
        let text = |at: Timestamp| at.to_string();
        assert_eq!(text(hours.today), "2026-11-22T16:00:00Z");
        let shown: Vec<_> = hours.shown().map(text).collect();
        assert_eq!(shown.len(), HOURS);
        assert_eq!((shown[0].as_str(), shown[23].as_str()), ("2026-11-21T18:00:00Z", "2026-11-22T17:00:00Z"));
        assert_eq!(hours.of_today().map(text).collect::<Vec<_>>(), shown[22..]);
        let late = Hours::at("2026-11-22T15:59:59Z".parse().unwrap());
        assert_eq!(late.of_today().count(), HOURS, "a day has no more hours than are shown");
    }
}
