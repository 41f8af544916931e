//! Where an import stands, and the one thing to do next.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Import, ImportCommand, ImportState};
use gridkey_kit::prelude::*;

use super::import_words::import_fault;
use crate::{
    context::use_send,
    logic::template::{Tally, tally},
};

/// The state of the import with its button.
///
/// - `import`: the import.
#[component]
pub(super) fn Standing(import: Import) -> Element {
    let counts = tally(&import);
    rsx! {
        Card { title: import.file.clone(), testid: "import-standing",
            match import.state {
                ImportState::None | ImportState::Faulty => rsx! { Faulty { import, counts } },
                ImportState::Ready => rsx! { Ready { counts } },
                ImportState::Running => rsx! { Running { import, counts } },
                ImportState::Stopped | ImportState::Done => rsx! { Over { import, counts } },
            }
        }
    }
}

/// Something is wrong: nothing was sent.
///
/// - `import`, `counts`: the import.
#[component]
fn Faulty(import: Import, counts: Tally) -> Element {
    rsx! {
        div { class: "standing tone-warning", role: "alert",
            p { class: "standing-title",
                Icon { name: IconName::Warning, size: 18 }
                if counts.faulty > 0 {
                    {t!("import-faulty", faulty = counts.faulty, all = counts.all)}
                } else {
                    {t!("import-faulty-file")}
                }
            }
            for (place , fault) in import.faults.iter().enumerate() {
                p { key: "{place}", class: "standing-fault", {import_fault(fault)} }
            }
            p { class: "muted", {t!("import-faulty-text")} }
        }
    }
}

/// All is well: the customers may be made, after one question.
///
/// - `counts`: how many.
#[component]
fn Ready(counts: Tally) -> Element {
    let send = use_send();
    let mut asking = use_signal(|| false);
    rsx! {
        div { class: "standing",
            div {
                p { class: "standing-title tone-good",
                    Icon { name: IconName::Check, size: 18 }
                    {t!("import-ready", count = counts.all, meters = counts.meters)}
                }
                p { class: "muted", {t!("import-ready-text")} }
            }
            Button { kind: ButtonKind::Primary, testid: "import-start", onclick: move |_| asking.set(true),
                {t!("import-start", count = counts.all)}
            }
        }
        if asking() {
            Dialog {
                title: t!("import-ask", count = counts.all),
                onclose: move |()| asking.set(false),
                testid: "ask-once",
                actions: rsx! {
                    Button { testid: "ask-no", onclick: move |_| asking.set(false), {t!("do-cancel")} }
                    Button {
                        kind: ButtonKind::Primary,
                        autofocus: true,
                        testid: "ask-yes",
                        onclick: move |_| {
                            asking.set(false);
                            send.send(Command::Import(ImportCommand::Start));
                        },
                        {t!("import-start", count = counts.all)}
                    }
                },
                p { {t!("import-ask-text")} }
            }
        }
    }
}

/// The rows are gone through.
///
/// - `import`, `counts`: the import.
#[component]
fn Running(import: Import, counts: Tally) -> Element {
    let send = use_send();
    let (done, all) = import.progress();
    let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    rsx! {
        div { class: "standing",
            div { class: "standing-progress",
                p { class: "standing-title", role: "status", {t!("import-running", done = done, all = all)} }
                Progress { label: t!("import-title"), value: narrow(done), max: narrow(all) }
                p { class: "muted small", {t!("import-counts", made = counts.made, there = counts.there, failed = counts.failed)} }
            }
            Button { testid: "import-stop", onclick: move |_| send.send(Command::Import(ImportCommand::Stop)), {t!("import-stop")} }
        }
    }
}

/// It ended, or was stopped.
///
/// - `import`, `counts`: the import.
#[component]
fn Over(import: Import, counts: Tally) -> Element {
    let send = use_send();
    let stopped = import.state == ImportState::Stopped;
    let well = !stopped && counts.failed == 0;
    let tone = if well { Tone::Good } else { Tone::Warning };
    let left = counts.all - counts.made - counts.there;
    rsx! {
        div { class: "standing",
            div { role: "status",
                p { class: "standing-title {tone.class()}",
                    Icon { name: if well { IconName::Check } else { IconName::Warning }, size: 18 }
                    if stopped {
                        {t!("import-stopped", left = left)}
                    } else if well {
                        {t!("import-done", count = counts.all)}
                    } else {
                        {t!("import-done-some", failed = counts.failed, all = counts.all)}
                    }
                }
                p { class: "muted", {t!("import-counts", made = counts.made, there = counts.there, failed = counts.failed)} }
            }
            if left > 0 {
                Button {
                    kind: ButtonKind::Primary,
                    testid: "import-again",
                    onclick: move |_| send.send(Command::Import(ImportCommand::Start)),
                    {t!("import-again", count = left)}
                }
            }
        }
    }
}
