//! Notifications of the desktop, through notify-rust.
//!
//! One task sends them in order, so that a replacement never overtakes what it replaces; a task for each shown one waits for the
//! click on the connection that sent it, since some desktops tell nobody else.

use std::{collections::VecDeque, time::Duration};

use notify_rust::Timeout;
#[cfg(all(unix, not(target_os = "macos")))]
use notify_rust::{Hint, NotificationResponse};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinHandle},
};

use super::clicks::Clicks;
use crate::platform::{Calls, Notification, Notifier, Urgency};

/// Named in the desktop's settings.
const APP_NAME: &str = "Gridkey";
/// The icon's and the menu entry's name, without extension.
const APP_ID: &str = "gridkey";
/// What a desktop that does not answer costs at most.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many shown ones a click is waited for at once; the oldest are given up.
const WAITING: usize = 32;

/// Sends notifications to the desktop.
#[derive(Debug)]
pub(in crate::platform) struct DesktopNotifier {
    queue: mpsc::UnboundedSender<Notification>,
}

impl DesktopNotifier {
    /// Starts the task that sends; clicks become calls. A tokio runtime must be entered.
    pub(in crate::platform) fn start(calls: Calls) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        tokio::spawn(send_all(waiting, Clicks::new(calls)));
        Self { queue }
    }
}

impl Notifier for DesktopNotifier {
    fn show(&self, notification: Notification) {
        if self.queue.send(notification).is_err() {
            tracing::warn!("notifications have ended");
        }
    }

    fn is_outside(&self) -> bool {
        true
    }
}

/// A notification that stands on the desktop.
struct Shown {
    key: String,
    id: u32,
    click: AbortHandle,
}

async fn send_all(mut queue: mpsc::UnboundedReceiver<Notification>, clicks: Clicks) {
    match tokio::time::timeout(PATIENCE, clicks.listen()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::info!(%error, "no session bus: notifications are waited for one by one"),
        Err(_) => tracing::warn!("the session bus does not answer"),
    }
    let mut shown: VecDeque<Shown> = VecDeque::new();
    while let Some(notification) = queue.recv().await {
        let place = shown.iter().position(|other| other.key == notification.key);
        let before = place.and_then(|place| shown.remove(place));
        let id = before.as_ref().map(|before| before.id);
        match tokio::time::timeout(PATIENCE, send(&notification, id, clicks.clone())).await {
            Ok(Ok((id, click))) => {
                shown.push_back(Shown { key: notification.key, id, click: click.abort_handle() });
            }
            Ok(Err(error)) => tracing::warn!(%error, "the desktop does not show notifications"),
            Err(_) => tracing::warn!("the desktop does not answer"),
        }
        // The new one has its own waiter.
        if let Some(before) = before {
            before.click.abort();
        }
        while shown.len() > WAITING {
            if let Some(oldest) = shown.pop_front() {
                oldest.click.abort();
                clicks.forgets(oldest.id);
            }
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
async fn send(
    notification: &Notification,
    id: Option<u32>,
    clicks: Clicks,
) -> Result<(u32, JoinHandle<()>), notify_rust::error::Error> {
    // Where a desktop reads markup, plain text must not be taken for it.
    // The question blocks, for as long as the desktop takes.
    let abilities = tokio::task::spawn_blocking(notify_rust::get_capabilities).await;
    // Where that is not known, an escaped character too many is the smaller evil.
    let plain = abilities.is_ok_and(|known| known.is_ok_and(|known| !known.iter().any(|it| it == "body-markup")));
    let body = if plain { notification.body.clone() } else { escaped(&notification.body) };
    let mut message = notify_rust::Notification::new();
    message
        .appname(APP_NAME)
        .icon(APP_ID)
        .summary(&notification.title)
        .body(&body)
        .hint(Hint::DesktopEntry(APP_ID.to_owned()))
        .action("default", &notification.action)
        .urgency(match notification.urgency {
            Urgency::Low => notify_rust::Urgency::Low,
            Urgency::Normal => notify_rust::Urgency::Normal,
            Urgency::Critical => notify_rust::Urgency::Critical,
        })
        .timeout(if notification.urgency == Urgency::Critical { Timeout::Never } else { Timeout::Default });
    if let Some(id) = id {
        message.id(id);
    }
    clicks.sends();
    let handle = message.show_async().await?;
    let id = handle.id();
    clicks.shows(id, notification.path.clone());
    let click = tokio::spawn(async move {
        handle
            .wait_for_action_async(|response| match response {
                NotificationResponse::Default | NotificationResponse::Action(_) => clicks.clicked(id),
                _ => {}
            })
            .await;
    });
    Ok((id, click))
}

/// Elsewhere a notification is shown and leads nowhere.
#[cfg(not(all(unix, not(target_os = "macos"))))]
async fn send(
    notification: &Notification,
    _id: Option<u32>,
    _clicks: Clicks,
) -> Result<(u32, JoinHandle<()>), notify_rust::error::Error> {
    let mut message = notify_rust::Notification::new();
    message.appname(APP_NAME).summary(&notification.title).body(&notification.body);
    message.timeout(if notification.urgency == Urgency::Critical { Timeout::Never } else { Timeout::Default });
    tracing::trace!(id = APP_ID, "shown without a way back");
    tokio::task::spawn_blocking(move || message.show().map(drop)).await.map_or(Ok(()), |shown| shown)?;
    Ok((0, tokio::spawn(std::future::ready(()))))
}

/// Text with what markup is made of escaped.
#[cfg(all(unix, not(target_os = "macos")))]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn what_the_company_writes_is_text_and_no_markup() {
        assert_eq!(escaped("<a href=\"x\">A & B</a>"), "&lt;a href=\"x\"&gt;A &amp; B&lt;/a&gt;");
    }
}
