//! Printing papers that the screen does not show.

use dioxus::prelude::*;
use gridkey_desk::office::{Handover, PinLetter};

use super::paper::{LetterSheet, RecordSheet};

/// What is printed together, a sheet for each.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Papers {
    records: Vec<Handover>,
    letters: Vec<PinLetter>,
}

impl Papers {
    /// Records of keys.
    pub(super) fn records(records: Vec<Handover>) -> Self {
        Self { records, letters: Vec::new() }
    }

    /// PIN letters.
    pub(super) fn letters(letters: Vec<PinLetter>) -> Self {
        Self { records: Vec::new(), letters }
    }
}

/// What was last sent to the printer; a handle, cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct PrinterHandle {
    papers: Signal<Papers>,
    times: Signal<u32>,
}

impl PrinterHandle {
    /// Opens the system's print dialog for `papers` alone.
    pub(super) fn print(&mut self, papers: Papers) {
        self.papers.set(papers);
        let mut times = self.times;
        times += 1;
    }

    /// Takes the papers out of the page: what was printed is not kept.
    pub(super) fn clear(&mut self) {
        self.papers.set(Papers::default());
        self.times.set(0);
    }
}

/// A printer of this component; draw a [`Printer`] with it.
pub(super) fn use_printer() -> PrinterHandle {
    PrinterHandle { papers: use_signal(Papers::default), times: use_signal(|| 0) }
}

/// The sheets, on paper only. They are drawn anew for each print, and the dialog opens once they are there.
///
/// - `printer`: what to print.
#[component]
pub(super) fn Printer(printer: PrinterHandle) -> Element {
    let papers = (printer.papers)();
    let times = (printer.times)();
    rsx! {
        for run in [times].into_iter().filter(|run| *run > 0) {
            div {
                key: "{run}",
                class: "print-only papers",
                "aria-hidden": "true",
                onmounted: move |_| {
                    document::eval("window.print()");
                },
                div { class: "print-sheet",
                    for (index , record) in papers.records.iter().cloned().enumerate() {
                        RecordSheet { key: "{index}", handover: record }
                    }
                    for (index , letter) in papers.letters.iter().cloned().enumerate() {
                        LetterSheet { key: "{index}", letter }
                    }
                }
            }
        }
    }
}
