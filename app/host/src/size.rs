//! The window's size: what it opens with, and remembering what it was left at.

use std::time::Duration;

use gridkey_client::app::WindowSize;
use tokio::sync::watch;

use crate::{Behind, End};

/// The largest that is believed; a damaged file must not open a window that nobody can reach.
const LARGEST: WindowSize = WindowSize { width: 7680, height: 4320 };
/// How long the window must have stood still.
const STILL: Duration = Duration::from_millis(700);

/// The size to open with: as the window was left, else `first`, never below `smallest`.
pub fn opening(left: Option<WindowSize>, first: WindowSize, smallest: WindowSize) -> WindowSize {
    let left = left.unwrap_or(first);
    WindowSize {
        width: left.width.clamp(smallest.width, LARGEST.width),
        height: left.height.clamp(smallest.height, LARGEST.height),
    }
}

/// Has the size kept once it has not changed for a moment.
pub(crate) async fn remember(end: End, mut size: watch::Receiver<Option<WindowSize>>) {
    while size.changed().await.is_ok() {
        while tokio::time::timeout(STILL, size.changed()).await.is_ok_and(|changed| changed.is_ok()) {}
        keep(end.behind(), *size.borrow_and_update());
    }
}

/// Has `size` kept, unless it is already.
pub(crate) fn keep(behind: &dyn Behind, size: Option<WindowSize>) {
    if let Some(size) = size.filter(|size| behind.window() != Some(*size)) {
        behind.keep_window(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behind::testing::Recorded;

    #[test]
    fn a_size_that_nobody_could_use_is_mended() {
        let smallest = WindowSize { width: 360, height: 600 };
        let first = WindowSize { width: 1280, height: 800 };
        let with = |width, height| opening(Some(WindowSize { width, height }), first, smallest);
        assert_eq!(opening(None, first, smallest), first);
        assert_eq!(with(1600, 900), WindowSize { width: 1600, height: 900 });
        assert_eq!(with(1, 1), smallest);
        assert_eq!(with(u32::MAX, 900).width, LARGEST.width);
    }

    #[tokio::test(start_paused = true)]
    async fn a_size_is_kept_once_when_the_dragging_ends() {
        let behind = Recorded::new(false);
        let (sender, receiver) = watch::channel(None);
        let remembering = tokio::spawn(remember(End::of(behind.clone()), receiver));
        for width in 1000..1010 {
            sender.send(Some(WindowSize { width, height: 700 })).unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(sender);
        remembering.await.unwrap();
        assert_eq!(behind.asked.lock().unwrap().1, [WindowSize { width: 1009, height: 700 }]);
    }
}
