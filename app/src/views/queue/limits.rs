//! The limits of the queue.

use dioxus::prelude::*;
use gridkey_client::app::QueueView;
use gridkey_kit::prelude::*;

/// How much one order may be, how much may wait together, and what is left of it.
///
/// - `queue`: what waits.
#[component]
pub(super) fn Limits(queue: QueueView) -> Element {
    let Some(caps) = queue.caps else { return rsx! {} };
    let left = caps.queued.checked_sub(queue.total).unwrap_or_default();
    // In thousandths, so that any amount fits a bar.
    let filled =
        u64::try_from(u128::from(queue.total.get()) * 1_000 / u128::from(caps.queued.get().max(1))).unwrap_or(1_000);
    let together = t!("queue-cap-total", cap = format::money_text(caps.queued));
    let rest = t!("queue-left", left = format::money_text(left));
    rsx! {
        Card { title: t!("queue-limits"),
            Progress {
                label: t!("queue-limits"),
                value: u32::try_from(filled.min(1_000)).unwrap_or(1_000),
                max: 1_000,
                text: rest.clone(),
            }
            ul { class: "plain-list",
                li { {together} " · " {rest} }
                li { {t!("queue-cap-order", cap = format::money_text(caps.per_order))} }
                if queue.order_seconds > 0 {
                    li { {t!("queue-order-time", duration = format::duration(language(), queue.order_seconds))} }
                }
            }
        }
    }
}
