//! The cursor of a chart: where the pointer is or the arrow keys led.

use dioxus::prelude::*;

use super::scale::Plot;

/// Which slot of a chart is read out.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Cursor {
    at: Signal<Option<usize>>,
}

/// The cursor of this chart; nowhere at first.
pub(super) fn use_cursor() -> Cursor {
    Cursor { at: use_signal(|| None) }
}

impl Cursor {
    /// The slot read out, below `slots`.
    pub(super) fn slot(self, slots: usize) -> Option<usize> {
        (self.at)().filter(|slot| *slot < slots)
    }

    fn put(mut self, slot: Option<usize>) {
        if *self.at.peek() != slot {
            self.at.set(slot);
        }
    }
}

/// The width of the chart as it is measured, `width` before that.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Measured(Signal<u32>);

pub(super) fn use_measured(width: u32) -> Measured {
    Measured(use_signal(|| width))
}

impl Measured {
    /// Pixels.
    pub(super) fn width(self) -> u32 {
        (self.0)()
    }

    /// To call in `onresize`.
    pub(super) fn resized(mut self, event: &Event<ResizeData>) {
        if let Ok(size) = event.get_content_box_size() {
            let width = size.width as u32;
            if width > 0 && *self.0.peek() != width {
                self.0.set(width);
            }
        }
    }
}

/// The area over a plot that takes pointer and keyboard. To those who do not see it, it is a slider over the values: arrow
/// keys, Home and End move it, and each value is read out with its time.
///
/// - `plot`: where it lies.
/// - `cursor`: what it moves.
/// - `label`: what the chart shows.
/// - `value_text`: the value under the cursor in words.
/// - `first`: where the keyboard begins: the last slot with a value.
/// - `page`: how far Page Up and Page Down lead.
/// - `onselect`: the slot was clicked, or Enter was pressed on it.
/// - `testid`: its name for tests.
#[component]
pub(super) fn Surface(
    plot: Plot,
    cursor: Cursor,
    label: String,
    value_text: String,
    first: usize,
    page: usize,
    onselect: Option<EventHandler<usize>>,
    testid: Option<String>,
) -> Element {
    let slots = plot.slots;
    let now = cursor.slot(slots).unwrap_or(first);
    let follow = move |event: &Event<PointerData>| {
        let x = event.element_coordinates().x as i64;
        cursor.put(Some(plot.slot_at(x)));
    };
    rsx! {
        div {
            class: "chart-hit",
            class: if onselect.is_some() { "is-open" },
            style: "left:{plot.left}px;top:{plot.top}px;width:{plot.width}px;height:{plot.height}px",
            role: "slider",
            tabindex: "0",
            "aria-label": label,
            "aria-orientation": "horizontal",
            "aria-valuemin": "1",
            "aria-valuemax": "{slots}",
            "aria-valuenow": "{now + 1}",
            "aria-valuetext": value_text,
            "data-testid": testid,
            onpointermove: move |event| follow(&event),
            onpointerdown: move |event| follow(&event),
            onpointerleave: move |_| cursor.put(None),
            onfocus: move |_| {
                if cursor.slot(slots).is_none() {
                    cursor.put(Some(first));
                }
            },
            onblur: move |_| cursor.put(None),
            onclick: move |_| {
                if let (Some(onselect), Some(slot)) = (onselect, cursor.slot(slots)) {
                    onselect.call(slot);
                }
            },
            onkeydown: move |event| {
                let here = cursor.slot(slots).unwrap_or(first);
                let there = match event.key() {
                    Key::ArrowRight | Key::ArrowUp => here.saturating_add(1),
                    Key::ArrowLeft | Key::ArrowDown => here.saturating_sub(1),
                    Key::PageUp => here.saturating_add(page),
                    Key::PageDown => here.saturating_sub(page),
                    Key::Home => 0,
                    Key::End => slots,
                    Key::Enter => {
                        if let Some(onselect) = onselect {
                            event.prevent_default();
                            onselect.call(here);
                        }
                        return;
                    }
                    Key::Escape => return cursor.put(None),
                    _ => return,
                };
                event.prevent_default();
                cursor.put(Some(there.min(slots - 1)));
            },
        }
    }
}

/// The box beside the cursor. It goes to the other side past the middle, so that it never leaves the chart.
///
/// - `plot`: the plot it stands in.
/// - `slot`: the slot it tells of.
#[component]
pub(super) fn Readout(plot: Plot, slot: usize, children: Element) -> Element {
    let x = plot.middle(slot).0 / 10;
    let style = if x > plot.left + plot.width / 2 {
        format!("right:calc(100% - {}px)", x - 10)
    } else {
        format!("left:{}px", x + 10)
    };
    rsx! {
        div { class: "chart-readout", style, "aria-hidden": "true", {children} }
    }
}
