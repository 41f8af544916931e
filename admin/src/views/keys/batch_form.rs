//! A batch: for whom keys are made, and the PIN of the tokens.

use std::collections::HashMap;

use dioxus::prelude::*;
use gridkey_desk::{
    issue::{Holder, IssueOrder},
    office::{Command, Job, MakeOrder, Making, MakingCommand, Problem, Topic},
};
use gridkey_domain::CustomerNo;
use gridkey_kit::{form::Pin as Typed, prelude::*};
use gridkey_protocol::{frame::Role, ops::admin::customers::CustomerLine};

use super::{
    back::back,
    batch_add::Add,
    batch_chosen::ChosenList,
    batch_progress::BatchProgress,
    find::name_of,
    make_key::{MakesNone, makes},
    making::OneMaking,
    so_pin::{BadSoPin, SoPin, take},
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_want, use_wants},
    logic::{
        batch::{Listed, MOST},
        making::{is_over, label, letters_open},
    },
};

/// The most customers that are looked up at once.
const LOOKED_UP: usize = 16;

/// What is known of a customer of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// Its name.
    Name(String),
    /// Why its name is not known.
    Not(Problem),
}

/// The list of a batch, then its progress. While keys are made they are shown, whatever the address says.
#[component]
pub fn Batch() -> Element {
    use_want(Topic::Readers);
    let (desk, send) = (use_desk(), use_send());
    // Who comes here has done with a single key that is over.
    use_hook(move || {
        let single = |making: &Making| making.jobs.len() == 1 && is_over(making) && letters_open(making) == 0;
        if desk.making().peek().as_ref().is_some_and(single) {
            send.send(Command::Making(MakingCommand::Forget));
        }
    });
    match desk.making().cloned() {
        Some(making) if making.jobs.len() == 1 => rsx! {
            OneMaking { making }
        },
        Some(making) => rsx! {
            BatchProgress { making }
        },
        None if makes() == Some(Role::Customer) => rsx! {
            BatchForm {}
        },
        None => rsx! {
            Page { title: t!("keys-batch"), back: back(), narrow: true, MakesNone {} }
        },
    }
}

/// For whom, and the PIN of the tokens.
#[component]
fn BatchForm() -> Element {
    let send = use_send();
    let list = use_signal(Vec::<CustomerNo>::new);
    let names = use_names(list);
    let mut last = use_signal(|| None::<Listed>);
    let (pin, again) = (use_signal(Typed::default), use_signal(Typed::default));
    let mut bad = use_signal(|| None::<BadSoPin>);
    let mut nobody = use_signal(|| false);
    let mut bind_later = use_signal(|| false);
    let count = list.read().len();
    let unknown = names.read().values().filter(|known| matches!(known, Known::Not(Problem::NotFound))).count();
    let begin = move |event: FormEvent| {
        event.prevent_default();
        nobody.set(list.peek().is_empty() || unknown > 0);
        if nobody() {
            return;
        }
        match take(pin, again, true) {
            Err(error) => bad.set(Some(error)),
            Ok(so_pin) => {
                let job = |customer: &CustomerNo| {
                    let name = match names.peek().get(customer) {
                        Some(Known::Name(name)) => name.clone(),
                        _ => String::new(),
                    };
                    let holder = Holder::Customer(customer.clone());
                    let order = IssueOrder { holder, replaces: None, bind: !bind_later() };
                    Job { order, label: label(customer.as_str()), name }
                };
                let jobs = list.peek().iter().map(job).collect();
                send.send(Command::Making(MakingCommand::Begin(MakeOrder { jobs, so_pin, token: None })));
            }
        }
    };
    rsx! {
        Page { title: t!("keys-batch"), subtitle: t!("keys-batch-text"), back: back(), testid: "batch",
            div { class: "split",
                div { class: "split-main",
                    Card { title: t!("keys-batch-add"),
                        Add {
                            onfound: move |line: CustomerLine| add(list, names, &line),
                            onlisted: move |listed: Listed| {
                                add_all(list, &listed);
                                last.set(Some(listed));
                            },
                        }
                        if let Some(listed) = last() {
                            ReadNote { listed }
                        }
                    }
                    ChosenList { list, names }
                }
                div { class: "split-side",
                    Card { title: t!("keys-batch-tokens"),
                        form { class: "stack", onsubmit: begin,
                            SoPin { pin, again, fresh: true, bad: bad(), hint: t!("keys-so-hint-batch") }
                            Checkbox {
                                label: t!("keys-bind-later"),
                                hint: t!("keys-bind-later-hint"),
                                checked: bind_later(),
                                testid: "bind-later",
                                onchange: move |on| bind_later.set(on),
                            }
                            Button {
                                kind: ButtonKind::Primary,
                                icon: IconName::Key,
                                wide: true,
                                submit: true,
                                testid: "batch-begin",
                                {t!("keys-batch-begin", count = count)}
                            }
                            div { role: "alert",
                                if nobody() {
                                    p { class: "field-error",
                                        if count == 0 { {t!("keys-batch-nobody")} } else { {t!("keys-batch-unknown", count = unknown)} }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Adds one customer that was found.
fn add(mut list: Signal<Vec<CustomerNo>>, mut names: Signal<HashMap<CustomerNo, Known>>, line: &CustomerLine) {
    names.write().insert(line.customer.clone(), Known::Name(name_of(line)));
    let room = list.peek().len() < MOST && !list.peek().contains(&line.customer);
    if room {
        list.write().push(line.customer.clone());
    }
}

/// Adds those of a list that are not there yet.
fn add_all(mut list: Signal<Vec<CustomerNo>>, listed: &Listed) {
    let mut list = list.write();
    for customer in &listed.customers {
        if list.len() < MOST && !list.contains(customer) {
            list.push(customer.clone());
        }
    }
}

/// The names of the customers of `list`, looked up a few at a time.
fn use_names(list: Signal<Vec<CustomerNo>>) -> Signal<HashMap<CustomerNo, Known>> {
    let mut names = use_signal(HashMap::new);
    let desk = use_desk();
    let open: Vec<CustomerNo> =
        list.read().iter().filter(|customer| !names.read().contains_key(*customer)).take(LOOKED_UP).cloned().collect();
    use_wants(open.iter().cloned().map(Topic::Customer).collect());
    use_effect(use_reactive!(|open| {
        let sections = desk.customer();
        let sections = sections.read();
        for customer in open {
            let Some(section) = sections.get(&customer) else { continue };
            let known = match (section.get(), &section.problem) {
                (Some(detail), _) => Known::Name(detail.account.name.clone()),
                (None, Some(problem)) => Known::Not(problem.clone()),
                (None, None) => continue,
            };
            names.write().insert(customer, known);
        }
    }));
    names
}

/// What came of reading a list, where not everything was taken.
///
/// - `listed`: what was read.
#[component]
fn ReadNote(listed: Listed) -> Element {
    let (faults, more) = (listed.faults.len(), listed.faults.len().saturating_sub(4));
    rsx! {
        div { class: "read-note", role: "status", "data-testid": "read-note",
            p { {t!("keys-batch-read", count = listed.customers.len())} }
            if listed.repeated > 0 {
                p { class: "muted", {t!("keys-batch-repeated", count = listed.repeated)} }
            }
            if listed.surplus > 0 {
                p { class: "text-warning", {t!("keys-batch-surplus", count = listed.surplus, most = MOST)} }
            }
            if faults > 0 {
                p { class: "text-warning", {t!("keys-batch-faults", count = faults)} }
                ul {
                    for (line , text) in listed.faults.into_iter().take(4) {
                        li { key: "{line}-{text}", class: "cell-meta", {t!("keys-batch-fault", line = line, text = text)} }
                    }
                    if more > 0 {
                        li { class: "cell-meta", {t!("keys-batch-faults-more", count = more)} }
                    }
                }
            }
        }
    }
}
