//! One question before something that cannot be taken back.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

/// Asks once, in a sentence.
///
/// - `title`: the question.
/// - `text`: what will be so afterwards.
/// - `yes`, `no`: the buttons, named by what they do.
/// - `onyes`: it is wanted.
/// - `onclose`: it is not.
#[component]
pub fn AskOnce(
    #[props(into)] title: String,
    #[props(into)] text: String,
    #[props(into)] yes: String,
    #[props(into)] no: String,
    onyes: EventHandler<()>,
    onclose: EventHandler<()>,
) -> Element {
    rsx! {
        Dialog {
            title,
            alert: true,
            onclose,
            testid: "ask-once",
            actions: rsx! {
                Button { autofocus: true, onclick: move |_| onclose.call(()), testid: "ask-no", {no} }
                Button { kind: ButtonKind::Danger, onclick: move |_| onyes.call(()), testid: "ask-yes", {yes} }
            },
            p { {text} }
        }
    }
}
