//! Figures: tallies that are kept as things happen, and counts that an index answers.

use gridkey_domain::{Fen, PaymentState, Timestamp};
use gridkey_surreal::{RecordId, SurrealValue, vars};

use super::{
    SurrealStore,
    rows::damage,
    script::Script,
    write::{damaged, number, to_i64},
};
use crate::store::{Figures, FiguresOf, KeyState, OrderChange, OrderRecord, PaidHour, StoreError, figures::hour_of};

/// `paid_hour:[beginning of the hour]`
#[derive(Debug, SurrealValue)]
struct PaidRow {
    since: i64,
    count: i64,
    amount: i64,
}

/// `key_tally:[state]`
#[derive(Debug, SurrealValue)]
struct TallyRow {
    state: String,
    count: i64,
}

#[derive(Debug, SurrealValue)]
struct CountRow {
    count: i64,
}

/// Adds a payment to its hour. One that comes back to `paid` because its refund failed was counted before.
pub(super) fn note_paid(
    script: &mut Script,
    was: PaymentState,
    change: &OrderChange,
    record: &OrderRecord,
) -> Result<(), StoreError> {
    if change.to != PaymentState::Paid || was == PaymentState::Refunding {
        return Ok(());
    }
    let since = hour_of(change.at).seconds();
    let place = script.bind(RecordId::new("paid_hour", since));
    let (since, amount) = (script.bind(since), script.bind(to_i64(record.order.amount.get())?));
    script.add(&format!("UPSERT {place} SET since = {since}, count += 1, amount += {amount} RETURN NONE"));
    Ok(())
}

pub(super) async fn figures(store: &SurrealStore, of: FiguresOf) -> Result<Figures, StoreError> {
    let names = |states: &[PaymentState]| states.iter().map(|it| it.as_str().to_owned()).collect::<Vec<_>>();
    let since = of.paid_since.seconds();
    let mut rows = store
        .read(
            &format!(
                "SELECT * FROM paid_hour:{since}..;
                 SELECT count() FROM order WHERE state IN $open GROUP ALL;
                 SELECT count() FROM order WHERE state = 'unknown' GROUP ALL;
                 SELECT count() FROM order WHERE state = 'refunding' GROUP ALL;
                 SELECT count() FROM key WHERE over_at > $after AND over_at <= $until GROUP ALL;
                 SELECT * FROM key_tally"
            ),
            vars! {
                open: names(&[PaymentState::Submitted, PaymentState::Accepted, PaymentState::Pending]),
                after: of.ending_after.seconds(),
                until: of.ending_until.seconds(),
            },
        )
        .await?;
    let paid = rows.all::<PaidRow>(0).map_err(damaged)?;
    let mut count = |statement| {
        let row = rows.one::<CountRow>(statement).map_err(damaged)?;
        number(row.map_or(0, |row| row.count))
    };
    let (open, unknown, refunding, ending) = (count(1)?, count(2)?, count(3)?, count(4)?);
    let tallies = rows.all::<TallyRow>(5).map_err(damaged)?;
    let keys = KeyState::ALL.into_iter().filter(|state| *state != KeyState::Blank).map(|state| {
        let tally = tallies.iter().find(|row| row.state == state.as_str());
        Ok((state, number(tally.map_or(0, |row| row.count))?))
    });
    Ok(Figures {
        paid: paid.into_iter().map(PaidRow::read).collect::<Result<_, _>>()?,
        open,
        unknown,
        refunding,
        keys: keys.collect::<Result<_, StoreError>>()?,
        ending,
    })
}

impl PaidRow {
    fn read(self) -> Result<PaidHour, StoreError> {
        let amount = Fen::new(number(self.amount)?).map_err(|_| damage("an amount"))?;
        Ok(PaidHour { from: Timestamp::from_seconds(self.since), count: number(self.count)?, amount })
    }
}
