//! The one place where the program's task and the screens meet: copies snapshots into the store and answers events.

use std::time::Duration;

use dioxus::prelude::*;
use gridkey_client::clock::Clock;
use gridkey_desk::office::{Connection, Deed, OfficeEvent, OfficeHandle, OutgoingFile};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    context::{DeskStateStoreExt as _, use_platform},
    news::{About, News},
    platform::Platform,
    store::{self, DeskState},
};

/// Shows what the program shows, for as long as the window lives.
pub fn use_snapshots(handle: &OfficeHandle, desk: Store<DeskState>) {
    let handle = handle.clone();
    use_future(move || {
        let mut snapshots = handle.state();
        async move {
            loop {
                let snapshot = snapshots.borrow_and_update().clone();
                store::copy(desk, &snapshot);
                if snapshots.changed().await.is_err() {
                    return;
                }
            }
        }
    });
}

/// Answers what the program tells once: short messages and files. The end of the program is the window's matter.
pub fn use_events(handle: &OfficeHandle, desk: Store<DeskState>) {
    let platform = use_platform();
    let news = use_context::<News>();
    // From the first drawing on: what is told before the task below runs is not lost.
    let events = use_hook(|| CopyValue::new(Some(handle.events())));
    use_future(move || {
        let (platform, mut events) = (platform.clone(), events);
        let taken = events.write().take();
        async move {
            let Some(mut events) = taken else { return };
            loop {
                match events.recv().await {
                    Ok(event) => answer(event, desk, news, &platform),
                    Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "events were missed"),
                    Err(RecvError::Closed) => return,
                }
            }
        }
    });
}

fn answer(event: OfficeEvent, desk: Store<DeskState>, mut news: News, platform: &Platform) {
    match event {
        OfficeEvent::File(file) => save(&file, news, platform),
        // The dialog that asked stays until this was read in it.
        OfficeEvent::Done(Deed::Key(_)) | OfficeEvent::Failed { deed: Deed::Key(_), .. } => {}
        OfficeEvent::Done(deed) => news.add(About::Done(deed)),
        OfficeEvent::Failed { deed, problem } => news.add(About::Failed(deed, problem)),
        // A single key's hand-over is a screen of its own.
        OfficeEvent::KeyMade(job) => {
            if desk.making().peek().as_ref().is_some_and(|making| making.jobs.len() > 1) {
                news.add(About::KeyMade(job));
            }
        }
        OfficeEvent::Imported { good, bad } => news.add(About::Imported { good, bad }),
        OfficeEvent::Quit => {}
    }
}

fn save(file: &OutgoingFile, mut news: News, platform: &Platform) {
    match platform.files.save(&file.name, &file.content) {
        Ok(path) => news.add(About::Saved(path)),
        Err(error) => {
            tracing::warn!(%error, "a file was not saved");
            news.add(About::NotSaved);
        }
    }
}

/// How often the time of day is looked at.
const TICK: Duration = Duration::from_secs(1);
/// Seconds in which the time of day moves on. Ages are told no finer, and each step costs a look at every text that has one.
const STEP: i64 = 10;

/// Moves the store's time of day on, in steps; each second while a screen counts down to the next attempt to connect.
pub fn use_clock(clock: Clock, desk: Store<DeskState>) {
    use_future(move || {
        let clock = clock.clone();
        async move {
            loop {
                tokio::time::sleep(TICK).await;
                let now = clock.now();
                let counts = matches!(&*desk.connection().peek(), Connection::Waiting { .. });
                if moves_on(now.seconds_since(*desk.now().peek()), counts) {
                    desk.now().set(now);
                }
            }
        }
    });
}

/// Whether the shown time moves on when `passed` seconds have passed since it did. Backwards, too: somebody may set the clock.
fn moves_on(passed: i64, counts: bool) -> bool {
    passed != 0 && (counts || !(0..STEP).contains(&passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shown_time_moves_in_steps_unless_something_counts_down() {
        assert!(!moves_on(0, true) && moves_on(1, true));
        assert!(!moves_on(9, false) && moves_on(10, false) && moves_on(3600, false));
        assert!(moves_on(-1, false), "a clock that was set back");
    }
}
