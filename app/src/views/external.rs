//! Pages outside of this program: shown before they are opened.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{
    context::use_platform,
    platform::{BrowserError, host_of},
};

/// The address that is being asked about. A handle, cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct External(Signal<Option<String>>);

impl External {
    /// None. Call it inside a component.
    pub fn new() -> Self {
        Self(Signal::new(None))
    }

    /// Shows the address and asks whether to open it.
    pub fn ask(&mut self, address: impl Into<String>) {
        self.0.set(Some(address.into()));
    }

    /// Asks no more.
    pub fn close(&mut self) {
        if self.0.peek().is_some() {
            self.0.set(None);
        }
    }
}

impl Default for External {
    fn default() -> Self {
        Self::new()
    }
}

/// The way to pages outside: `use_external().ask(address)`.
pub fn use_external() -> External {
    use_context()
}

/// Asks about the address, while there is one.
#[component]
pub fn ExternalDialog() -> Element {
    let External(asked) = use_external();
    rsx! {
        if let Some(address) = asked() {
            Ask { key: "{address}", address }
        }
    }
}

/// Host and full address, and what to do with it.
///
/// - `address`: where it leads.
#[component]
fn Ask(address: String) -> Element {
    let mut external = use_external();
    let platform = use_platform();
    let mut problem = use_signal(|| None::<String>);
    let mut copied = use_signal(|| false);
    let host = host_of(&address).map(str::to_owned);
    let open = {
        let address = address.clone();
        move |_| match platform.browser.open(&address) {
            Ok(()) => external.close(),
            Err(BrowserError::Refused) => problem.set(Some(t!("external-refused"))),
            Err(BrowserError::System(cause)) => {
                tracing::warn!(cause, "no browser");
                problem.set(Some(t!("external-failed")));
            }
        }
    };
    let copy = {
        let address = address.clone();
        move |_| {
            // The address goes as data, not as a part of the script.
            let script = document::eval("const text = await dioxus.recv(); await navigator.clipboard.writeText(text);");
            if script.send(address.clone()).is_ok() {
                copied.set(true);
            }
        }
    };
    rsx! {
        Dialog {
            title: t!("external-title"),
            wide: true,
            onclose: move |()| external.close(),
            testid: "external",
            actions: rsx! {
                Button { icon: IconName::Copy, onclick: copy, testid: "external-copy",
                    if copied() { {t!("external-copied")} } else { {t!("external-copy")} }
                }
                if host.is_some() {
                    Button { kind: ButtonKind::Primary, icon: IconName::External, onclick: open, testid: "external-open",
                        {t!("external-open")}
                    }
                }
            },
            match &host {
                Some(host) => rsx! {
                    p { {t!("external-text", host = host)} }
                },
                None => rsx! {
                    p { class: "field-error", role: "alert", {t!("external-refused")} }
                },
            }
            p { class: "external-address", "aria-label": t!("external-address"), {address.clone()} }
            if let Some(problem) = problem() {
                p { class: "field-error", role: "alert", {problem} }
            }
        }
    }
}

/// A button that leads out of the program; the address is shown before it opens.
///
/// - `url`: where it leads.
/// - `kind`: how much it asks for attention.
/// - `testid`: its name for tests.
#[component]
pub fn ExternalLink(
    #[props(into)] url: String,
    #[props(default)] kind: ButtonKind,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let mut external = use_external();
    rsx! {
        Button { kind, icon: IconName::External, testid, onclick: move |_| external.ask(url.clone()), {children} }
    }
}
