//! What a person does on these screens, and what they look like.

use dioxus::prelude::{Key, Modifiers};
use gridkey_client::app::{Command, Language, Section, Snapshot, Step, Topic};
use gridkey_domain::Month;

use crate::{
    fixture,
    logic::span::Span,
    route::{HistoryPlace, Route},
    testing::Face,
    views::parts::snapshot::both,
};

fn ask(snapshot: &mut Snapshot, span: Span) {
    fixture::insert_series(snapshot, span.query(&fixture::meter()));
    fixture::insert_series(snapshot, span.year_before().comparison_query(&fixture::meter()));
}

fn peak_day(snapshot: &Snapshot) -> Span {
    let hours = Span::Month(fixture::month()).query(&fixture::meter());
    let points = snapshot.series[&hours].get().unwrap();
    Span::Day(crate::logic::energy::peak(points).unwrap().start.date())
}

/// Everything known that the screen may want.
fn known() -> Snapshot {
    let mut snapshot = fixture::open();
    let today = fixture::now().date();
    ask(&mut snapshot, Span::Year(today.year()));
    ask(&mut snapshot, Span::Month(Month::of(today)));
    ask(&mut snapshot, Span::Month(fixture::month_before(1)));
    let peak = peak_day(&snapshot);
    ask(&mut snapshot, peak);
    ask(&mut snapshot, Span::Day(today));
    snapshot
}

fn face(snapshot: Snapshot) -> Face {
    Face::at(snapshot, Language::English, &Route::Electricity { at: HistoryPlace::default() })
}

#[test]
fn the_screens_look_as_they_were_left() {
    let route = Route::Electricity { at: HistoryPlace::default() };
    let month = |face: &mut Face| face.key("history-bars", Key::Enter);
    let day = |face: &mut Face| {
        face.key("history-bars", Key::Enter);
        face.key("history-bars", Key::Enter);
    };
    both("electricity-year", &route, &known(), |_| {});
    both("electricity-month", &route, &known(), month);
    both("electricity-day", &route, &known(), day);
    both("electricity-compared", &route, &known(), |face| face.change("compare", "true"));
    both("electricity-parts", &route, &known(), |face| face.press("charge-parts"));
    both("electricity-loading", &route, &fixture::loading(), |_| {});
    both("electricity-empty", &route, &fixture::empty(), |_| {});
    both("electricity-failing", &route, &fixture::failing(), |_| {});
}

#[test]
fn the_keyboard_leads_from_the_year_to_a_day() {
    let mut face = face(known());
    assert!(face.text().contains("Energy by month in 2026"), "{}", face.text());
    face.key("history-bars", Key::Enter);
    assert!(face.text().contains("Energy by day in November 2026"), "{}", face.text());
    face.key("history-bars", Key::Enter);
    assert!(face.has("day-curve") && face.text().contains("Load on 13 Nov 2026"), "{}", face.text());
    face.press("Back to 2026");
    assert!(face.text().contains("Energy by month in 2026"), "{}", face.text());
}

#[test]
fn the_way_back_leads_through_the_stretches_that_were_seen() {
    let mut face = face(known());
    let back = |face: &mut Face| face.keys("electricity", Modifiers::ALT, Key::ArrowLeft);
    face.key("history-bars", Key::Enter);
    face.press("earlier");
    face.press("Bills");
    face.keys("bills", Modifiers::ALT, Key::ArrowLeft);
    assert!(face.text().contains("Energy by day in October 2026"), "{}", face.text());
    back(&mut face);
    assert!(face.text().contains("Energy by day in November 2026"), "{}", face.text());
    back(&mut face);
    assert!(face.text().contains("Energy by month in 2026"), "{}", face.text());
    back(&mut face);
    assert!(face.text().contains("Energy by month in 2026"), "there is nothing before");
}

#[test]
fn the_table_leads_into_a_part_too() {
    let mut face = face(known());
    face.press("Table");
    assert!(face.has("history-table"), "{}", face.text());
    face.press("Open October 2026");
    assert!(face.text().contains("October 2026"), "{}", face.text());
    face.press("Open 14 Oct 2026");
    let wanted = Span::Day(jiff::civil::date(2026, 10, 14)).query(&fixture::meter());
    let commands = face.all_commands();
    let asked = |command: &Command| matches!(command, Command::Want(Topic::Series(query)) if *query == wanted);
    assert!(commands.iter().any(asked), "the day is asked for");
}

#[test]
fn comparing_asks_for_the_year_before_and_says_how_much_more() {
    let mut face = face(known());
    assert!(!face.text().contains("than a year earlier"));
    face.change("compare", "true");
    let year = |command: &Command| matches!(command, Command::Want(Topic::Series(query)) if query.from.year() == 2025 && query.resolution == Step::Month);
    assert!(face.all_commands().iter().any(year));
    assert!(face.text().contains("a year earlier"), "{}", face.text());
}

#[test]
fn the_maximum_is_named_with_its_time() {
    let face = face(known());
    assert!(face.has("peak-time"), "{}", face.text());
}

#[test]
fn the_power_factor_says_what_it_saves() {
    let face = face(known());
    assert!(face.text().contains("Saves ¥") && face.text().contains("−0.3 %"), "{}", face.text());
}

#[test]
fn what_is_shown_is_saved_as_a_table() {
    let mut face = face(known());
    face.press("save-csv");
    assert!(face.text().contains("Saved as electricity-M1000000011-2026.csv"), "{}", face.text());
}

#[test]
fn nothing_later_than_today_can_be_gone_to() {
    let mut face = face(known());
    assert_eq!(face.attribute("later", "disabled"), Some("true"));
    face.press("earlier");
    assert!(face.text().contains("2025"), "{}", face.text());
    assert_eq!(face.attribute("later", "disabled"), None);
}

#[test]
fn a_history_that_cannot_be_loaded_says_so() {
    let mut snapshot = fixture::open();
    let query = Span::Year(2026).query(&fixture::meter());
    let problem = Some(gridkey_client::app::Problem::Offline);
    snapshot.series.insert(query, Section { value: None, loading: false, problem });
    assert!(face(snapshot).has("Try again"));
}

#[test]
fn a_customer_of_several_meters_chooses_one() {
    let mut snapshot = known();
    let mut account = fixture::company_account();
    let mut second = account.meters[0].clone();
    second.meter = "M1000000012".parse().unwrap();
    account.meters.push(second.clone());
    snapshot.account = Section::known(account, fixture::now(), true);
    let mut face = face(snapshot);
    assert!(face.text().contains("Meter M1000000011 ·"), "{}", face.text());
    face.change("meter", "1");
    assert!(face.text().contains("Meter M1000000012 ·"), "{}", face.text());
    let wanted = Span::Year(2026).query(&second.meter);
    let asked = |command: &Command| matches!(command, Command::Want(Topic::Series(query)) if *query == wanted);
    assert!(face.all_commands().iter().any(asked), "its own history is asked for");
}

#[test]
fn a_month_that_is_not_over_is_not_held_against_a_whole_one() {
    let mut face = face(known());
    face.change("compare", "true");
    assert!(face.text().contains("(whole months only)"), "{}", face.text());
}
