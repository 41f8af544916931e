//! Where in the history one is, the way up, and the way along.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use jiff::civil::Date;

use super::title;
use crate::logic::span::Span;

/// Year › month › day, each but the last a way back up; beside it the stretch before and after.
///
/// - `span`: what is shown.
/// - `today`: nothing later can be gone to.
/// - `onchange`: go there.
#[component]
pub(super) fn Path(span: Span, today: Date, onchange: EventHandler<Span>) -> Element {
    let mut steps = vec![span];
    while let Some(outer) = steps.last().and_then(|step| step.outer()) {
        steps.push(outer);
    }
    steps.reverse();
    let last = steps.len() - 1;
    let later = span.next();
    rsx! {
        nav { class: "path", "aria-label": t!("electricity-path"),
            ol { class: "path-steps",
                for (place , step) in steps.into_iter().enumerate() {
                    li { key: "{step}",
                        if place > 0 {
                            Icon { name: IconName::ChevronRight, size: 16 }
                        }
                        if place == last {
                            span { class: "path-here", "aria-current": "location", {title::name(step)} }
                        } else {
                            LinkButton {
                                label: t!("electricity-up", span = title::name(step)),
                                onclick: move |_| onchange.call(step),
                                {title::name(step)}
                            }
                        }
                    }
                }
            }
            div { class: "path-along",
                Button {
                    small: true,
                    icon: IconName::ChevronLeft,
                    label: t!("electricity-earlier-to", span = title::name(span.previous())),
                    testid: "earlier",
                    onclick: move |_| onchange.call(span.previous()),
                    {t!("electricity-earlier")}
                }
                Button {
                    small: true,
                    disabled: !later.has_begun(today),
                    label: t!("electricity-later-to", span = title::name(later)),
                    testid: "later",
                    onclick: move |_| onchange.call(later),
                    {t!("electricity-later")}
                }
            }
        }
    }
}
