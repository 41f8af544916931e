//! Every screen in every state, drawn without a window: it says something, in both languages, and stays as it was.

use gridkey_client::app::{Language, Snapshot, UnlockStep};

use crate::{
    fixture,
    route::{BillChoice, HistoryPlace, Route},
    testing::Face,
};

/// The screens by name, each in one state.
fn screens() -> Vec<(String, Snapshot, Route)> {
    let home = || Route::Overview {};
    let mut screens: Vec<(String, Snapshot, Route)> = vec![
        ("gate-starting".into(), fixture::starting(), home()),
        ("gate-broken".into(), fixture::broken(), home()),
        ("gate-no-key".into(), fixture::no_key(), home()),
        ("gate-several-keys".into(), fixture::several_keys(), home()),
        ("gate-pin".into(), fixture::pin(), home()),
        ("gate-wrong-pin".into(), fixture::wrong_pin(), home()),
        ("gate-last-try".into(), fixture::last_try(), home()),
        ("gate-pin-locked".into(), fixture::pin_locked(), home()),
        ("gate-unlocking".into(), fixture::unlocking(UnlockStep::Store), home()),
        ("gate-first-pin".into(), fixture::first_pin(), home()),
        ("gate-curtain".into(), fixture::locked(), home()),
        ("gate-setup".into(), fixture::broken(), Route::Setup {}),
        ("gate-help".into(), fixture::no_key(), Route::Help {}),
    ];
    type State = (&'static str, fn() -> Snapshot);
    let states: [State; 6] = [
        ("open", fixture::open),
        ("offline", fixture::offline),
        ("overdue", fixture::overdue),
        ("empty", fixture::empty),
        ("loading", fixture::loading),
        ("failing", fixture::failing),
    ];
    for (state, snapshot) in states {
        let account = Route::Account {};
        screens.push((format!("overview-{state}"), snapshot(), home()));
        screens.push((format!("account-{state}"), snapshot(), account));
    }
    for (name, route) in [("settings", Route::Settings {}), ("setup", Route::Setup {}), ("help", Route::Help {})] {
        screens.push((name.into(), fixture::open(), route));
    }
    let october = fixture::bills()[0].bill.clone();
    for (name, route) in [
        ("electricity", Route::Electricity { at: HistoryPlace::default() }),
        ("bills", Route::Bills {}),
        ("bill", Route::Bill { id: october.clone() }),
        ("pay", Route::Pay { bills: BillChoice(vec![october]) }),
        ("payments", Route::Payments {}),
        ("payment", Route::Payment { id: fixture::payment_id(4) }),
        ("alarms", Route::Alarms {}),
    ] {
        screens.push((name.into(), fixture::overdue(), route));
    }
    screens.push(("queue".into(), fixture::offline(), Route::Queue {}));
    screens
}

/// Screens that other tests hold; here they are only drawn.
const HELD_ELSEWHERE: [&str; 8] = ["electricity", "bills", "bill", "pay", "payments", "payment", "alarms", "queue"];

#[test]
fn every_screen_stays_as_it_was() {
    for (name, snapshot, route) in screens() {
        if HELD_ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        for language in [Language::English, Language::Chinese] {
            let face = Face::at(snapshot.clone(), language, &route);
            // What can be read holds the words; the elements are the kit's matter and held there.
            insta::with_settings!({ prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(format!("{name}.{}", language.tag()), face.text());
            });
        }
    }
}

#[test]
fn no_screen_is_blank_and_none_shows_the_name_of_a_missing_text() {
    for (name, snapshot, route) in screens() {
        for language in [Language::English, Language::Chinese] {
            let face = Face::at(snapshot.clone(), language, &route);
            let text = face.text();
            assert!(text.chars().count() > 40, "{name}: {text}");
            let missing: Vec<&str> = text
                .split_whitespace()
                .filter(|word| word.split('-').count() > 2 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
                .collect();
            assert_eq!(missing, Vec::<&str>::new(), "{name}");
            assert!(!text.contains("{ $") && !text.contains("{$"), "{name}: {text}");
            write(&name, language, &face.html());
        }
    }
}

/// Writes a screen as a page of its own into the folder that `GRIDKEY_PAGES` names, to be looked at and checked in a browser.
fn write(name: &str, language: Language, html: &str) {
    let Some(folder) = std::env::var_os("GRIDKEY_PAGES").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for theme in ["light", "dark"] {
        let page = format!(
            "<!doctype html><html lang=\"{}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name} · Gridkey</title>\
             <style>{}</style></head><body>{html}</body></html>",
            language.tag(),
            gridkey_kit::style::CSS,
        );
        std::fs::write(folder.join(format!("{name}.{}.{theme}.html", language.tag())), page).unwrap();
    }
}
