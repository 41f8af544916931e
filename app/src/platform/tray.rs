//! The icon in the desktop's tray, where there is one.
//!
//! On Linux a tray is whoever owns `org.kde.StatusNotifierWatcher` on the session bus; it may come after this program, at login
//! for instance, and may go. Without one no icon is made, and closing the window ends the program.

use std::{
    cell::{Cell, RefCell},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use dioxus::{
    desktop::{
        DesktopContext, icon_from_memory,
        trayicon::{
            DioxusTrayIcon, TrayIcon, TrayIconBuilder,
            menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem},
        },
        use_muda_event_handler, use_tray_menu_event_handler,
    },
    prelude::*,
};
use gridkey_client::app::{Connection, Gate};
use gridkey_kit::t;

use super::Call;
use crate::context::{AppStateStoreExt as _, use_app, use_platform};

const ICON: &[u8] = include_bytes!("../../../assets/icons/app/gridkey-64.png");
const PAUSED_ICON: &[u8] = include_bytes!("../../../assets/icons/app/gridkey-paused-64.png");

/// What the tray tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watch {
    /// Alarms arrive.
    On,
    /// A key is open, and the server is not reached: alarms are paused.
    Offline,
    /// No key is open: alarms are paused.
    NoKey,
}

impl Watch {
    const fn of(gate: &Gate, connection: &Connection) -> Self {
        match gate {
            Gate::Open { .. } | Gate::Locked { .. } if connection.is_online() => Self::On,
            Gate::Open { .. } | Gate::Locked { .. } => Self::Offline,
            _ => Self::NoKey,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::On => "tray-on",
            Self::Offline => "tray-offline",
            Self::NoKey => "tray-no-key",
        }
    }
}

/// The words of the icon and its menu.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    state: String,
    show: String,
    lock: String,
    quit: String,
}

/// The icon and its menu.
struct Icon {
    icon: TrayIcon,
    state: MenuItem,
    show: MenuItem,
    lock: MenuItem,
    quit: MenuItem,
    /// The picture that stands there, told by whether alarms are paused.
    paused: bool,
}

/// The tray's icon. Draws nothing in the window.
#[component]
pub fn Tray() -> Element {
    let (app, platform) = (use_app(), use_platform());
    let mut there = use_signal(|| false);
    let window = use_hook(consume_context::<DesktopContext>);
    use_future({
        let platform = platform.clone();
        move || {
            let (platform, seen) = (platform.clone(), Cell::new(false));
            let window = window.clone();
            follow(move |now| {
                platform.set_tray(now);
                there.set(now);
                // A window that was closed to the tray must not be lost with it.
                if seen.replace(now) && !now && !window.is_visible() {
                    platform.calls.call(Call::Show(None));
                }
            })
        }
    });

    let watch = Watch::of(&app.gate().read(), &app.connection().read());
    let open = matches!(&*app.gate().read(), Gate::Open { .. });
    let words = Words { state: t!(watch.word()), show: t!("tray-show"), lock: t!("tray-lock"), quit: t!("tray-quit") };
    let icon: Rc<RefCell<Option<Icon>>> = use_hook(Rc::default);
    use_effect({
        let (icon, platform) = (icon.clone(), platform.clone());
        use_reactive!(|(words, watch, open)| {
            if !there() {
                return;
            }
            let mut icon = icon.borrow_mut();
            if icon.is_none() {
                *icon = build();
            }
            match icon.as_mut() {
                Some(icon) => icon.say(&words, watch, open),
                // The library is not installed, say: the window must not vanish into a tray that shows nothing.
                None => platform.set_tray(false),
            }
        })
    });

    let pick = Rc::new(move |event: &MenuEvent| {
        let icon = icon.borrow();
        let Some(icon) = icon.as_ref() else { return };
        let call = match event.id() {
            id if id == icon.show.id() => Call::Show(None),
            id if id == icon.lock.id() => Call::Lock,
            id if id == icon.quit.id() => Call::Quit,
            _ => return,
        };
        platform.calls.call(call);
    });
    // Which of the two a menu's events come by depends on who asked for them first.
    let also = pick.clone();
    use_muda_event_handler(move |event| pick(event));
    use_tray_menu_event_handler(move |event| also(event));
    rsx! {}
}

impl Icon {
    fn say(&mut self, words: &Words, watch: Watch, open: bool) {
        self.state.set_text(&words.state);
        self.show.set_text(&words.show);
        self.lock.set_text(&words.lock);
        self.lock.set_enabled(open);
        self.quit.set_text(&words.quit);
        let paused = watch != Watch::On;
        // On Linux there is no tooltip; the first line of the menu says the same everywhere.
        let mut done = self.icon.set_tooltip(Some(&words.state)).is_ok();
        if self.paused != paused {
            self.paused = paused;
            done &= self.icon.set_icon(picture(paused)).is_ok();
        }
        if !done {
            tracing::warn!("the tray's icon could not be changed");
        }
    }
}

fn picture(paused: bool) -> Option<DioxusTrayIcon> {
    icon_from_memory(if paused { PAUSED_ICON } else { ICON }).ok()
}

/// Makes the icon; `None` if the system cannot. The library behind it panics where its own library is not installed.
fn build() -> Option<Icon> {
    let made = catch_unwind(AssertUnwindSafe(|| {
        let item = |enabled| MenuItem::new("", enabled, None);
        let (state, show, lock, quit) = (item(false), item(true), item(false), item(true));
        let line = PredefinedMenuItem::separator;
        let menu = Menu::with_items(&[&state, &line(), &show, &lock, &line(), &quit]).ok()?;
        let builder = TrayIconBuilder::new().with_id("gridkey").with_menu(Box::new(menu));
        let icon = builder.with_icon(picture(true)?).build().ok()?;
        Some(Icon { icon, state, show, lock, quit, paused: true })
    }));
    let icon = made.ok().flatten();
    if icon.is_none() {
        tracing::warn!("no icon in the tray: is libayatana-appindicator installed?");
    }
    icon
}

/// Tells whether there is a tray, now and at each change.
#[cfg(target_os = "linux")]
async fn follow(mut tell: impl FnMut(bool)) {
    if let Err(error) = follow_watcher(&mut tell).await {
        tracing::info!(%error, "no tray: the session bus is not there");
        tell(false);
    }
}

#[cfg(target_os = "linux")]
async fn follow_watcher(tell: &mut impl FnMut(bool)) -> zbus::Result<()> {
    use futures_util::StreamExt as _;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let connection = zbus::Connection::session().await?;
    let bus = zbus::fdo::DBusProxy::new(&connection).await?;
    let mut changes = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    tell(bus.name_has_owner(WATCHER.try_into()?).await?);
    while let Some(change) = changes.next().await {
        tell(change.args()?.new_owner().is_some());
    }
    Ok(())
}

/// The other systems have a tray always.
#[cfg(not(target_os = "linux"))]
async fn follow(mut tell: impl FnMut(bool)) {
    tell(true);
}

#[cfg(test)]
mod tests {
    use gridkey_client::app::KeyId;
    use gridkey_domain::Timestamp;

    use super::*;

    #[test]
    fn alarms_are_said_to_be_paused_whenever_none_can_come() {
        let online = Connection::Online { since: Timestamp::from_seconds(0), session: "s".to_owned() };
        let key = || KeyId("k".to_owned());
        assert_eq!(Watch::of(&Gate::Open { key: key() }, &online), Watch::On);
        assert_eq!(Watch::of(&Gate::Locked { key: key(), problem: None }, &online), Watch::On);
        assert_eq!(Watch::of(&Gate::Open { key: key() }, &Connection::Connecting), Watch::Offline);
        assert_eq!(Watch::of(&Gate::Keys { problem: None }, &online), Watch::NoKey);
        assert_eq!(Watch::of(&Gate::Starting, &Connection::Offline), Watch::NoKey);
    }
}
