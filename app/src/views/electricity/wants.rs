//! What a stretch of history needs beside its own readings.

use dioxus::prelude::*;
use gridkey_client::app::{Command, SeriesQuery, Topic};
use gridkey_domain::{BillId, MeterId};

use crate::context::{AppStateStoreExt as _, use_app, use_send, use_want};

/// Wants another stretch to compare with.
///
/// - `query`: that stretch.
#[component]
pub(super) fn WantSeries(query: SeriesQuery) -> Element {
    use_want(Topic::Series(query));
    rsx! {}
}

/// Wants the bills of a year: they tell the registers of its months.
///
/// - `meter`: the meter.
/// - `year`: the year.
#[component]
pub(super) fn WantBills(meter: MeterId, year: i16) -> Element {
    use_want(Topic::Bills);
    let send = use_send();
    let listed = use_app().bills()();
    let bills: Vec<BillId> = listed
        .get()
        .into_iter()
        .flatten()
        .filter(|bill| bill.meter == meter && bill.month.year() == year)
        .map(|bill| bill.bill.clone())
        .collect();
    use_effect(use_reactive!(|bills| {
        for bill in bills {
            send.send(Command::Want(Topic::Bill(bill)));
        }
    }));
    rsx! {}
}
