//! The one place where the program's task and the screens meet: copies snapshots into the store and answers events.

use dioxus::prelude::*;
use gridkey_client::app::AppHandle;

use crate::store::{self, AppState};

/// Follows the program for as long as the window lives.
pub fn use_bridge(handle: &AppHandle, state: Store<AppState>) {
    let handle = handle.clone();
    use_future(move || {
        let mut snapshots = handle.state();
        async move {
            loop {
                let snapshot = snapshots.borrow_and_update().clone();
                store::copy(state, &snapshot);
                if snapshots.changed().await.is_err() {
                    return;
                }
            }
        }
    });
}
