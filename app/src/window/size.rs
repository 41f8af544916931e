//! The window's size: what it opens with, and remembering what it was left at.

use std::time::Duration;

use gridkey_client::app::{AppHandle, Command, Preferences, WindowSize};
use tokio::sync::watch;

use crate::platform::Form;

/// The smallest window that shows everything, logical pixels.
pub(super) const SMALLEST: WindowSize = WindowSize { width: 360, height: 600 };
/// The largest that is believed; a damaged file must not open a window that nobody can reach.
const LARGEST: WindowSize = WindowSize { width: 7680, height: 4320 };
/// How long the window must have stood still.
const STILL: Duration = Duration::from_millis(700);

/// The size to open with.
pub(super) fn opening(form: Form, preferences: &Preferences) -> WindowSize {
    match form {
        Form::Phone => WindowSize { width: 390, height: 844 },
        Form::Computer => {
            let left = preferences.window.unwrap_or(WindowSize { width: 1280, height: 800 });
            WindowSize {
                width: left.width.clamp(SMALLEST.width, LARGEST.width),
                height: left.height.clamp(SMALLEST.height, LARGEST.height),
            }
        }
    }
}

/// Keeps the size in the preferences once it has not changed for a moment.
pub(super) async fn remember(handle: AppHandle, mut size: watch::Receiver<Option<WindowSize>>) {
    while size.changed().await.is_ok() {
        while tokio::time::timeout(STILL, size.changed()).await.is_ok_and(|changed| changed.is_ok()) {}
        keep(&handle, *size.borrow_and_update());
    }
}

/// Keeps `size` in the preferences, unless it is there already.
pub(super) fn keep(handle: &AppHandle, size: Option<WindowSize>) {
    let preferences = handle.state().borrow().preferences.clone();
    if size.is_some() && preferences.window != size {
        handle.send(Command::SetPreferences(Preferences { window: size, ..preferences }));
    }
}

#[cfg(test)]
mod tests {
    use gridkey_client::app::Snapshot;

    use super::*;

    #[test]
    fn a_size_that_nobody_could_use_is_mended() {
        let with = |width, height| Preferences { window: Some(WindowSize { width, height }), ..Preferences::default() };
        assert_eq!(opening(Form::Computer, &Preferences::default()), WindowSize { width: 1280, height: 800 });
        assert_eq!(opening(Form::Computer, &with(1600, 900)), WindowSize { width: 1600, height: 900 });
        assert_eq!(opening(Form::Computer, &with(1, 1)), SMALLEST);
        assert_eq!(opening(Form::Computer, &with(u32::MAX, 900)).width, LARGEST.width);
        assert_eq!(opening(Form::Phone, &with(1600, 900)), WindowSize { width: 390, height: 844 });
    }

    #[tokio::test(start_paused = true)]
    async fn a_size_is_kept_once_when_the_dragging_ends() {
        let (handle, mut ends) = AppHandle::pair(Snapshot::default());
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(remember(handle, receiver));
        for width in 1000..1010 {
            sender.send(Some(WindowSize { width, height: 700 })).unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let Some(Command::SetPreferences(preferences)) = ends.commands.recv().await else { panic!("no preferences") };
        assert_eq!(preferences.window, Some(WindowSize { width: 1009, height: 700 }));
        assert!(ends.commands.try_recv().is_err());
    }
}
