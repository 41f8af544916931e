//! What a stretch of history needs beside its own readings.

use dioxus::prelude::*;
use gridkey_client::app::{SeriesQuery, Topic};
use gridkey_domain::MeterId;

use crate::context::{AppStateStoreExt as _, use_app, use_want, use_wants};

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
    let listed = use_app().bills()();
    let bills = listed
        .get()
        .into_iter()
        .flatten()
        .filter(|bill| bill.meter == meter && bill.month.year() == year)
        .map(|bill| Topic::Bill(bill.bill.clone()));
    use_wants(std::iter::once(Topic::Bills).chain(bills).collect());
    rsx! {}
}
