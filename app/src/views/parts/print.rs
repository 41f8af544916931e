//! Printing.

use dioxus::prelude::*;

/// Opens the system's print dialog for the screen shown; the style sheet leaves out what belongs to the window only.
pub fn print_page() {
    document::eval("window.print()");
}
