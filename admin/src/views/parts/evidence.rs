//! Saving the audit entries of a case.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Case, Deed};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::AdminOp;

use crate::context::{use_doing, use_may, use_send};

/// A button that saves the evidence of a case as a file, where the role allows it.
///
/// - `case`: which entries.
#[component]
pub fn Evidence(case: Case) -> Element {
    let send = use_send();
    let busy = use_doing(&Deed::Export(case.clone())).is_running();
    if !use_may(AdminOp::AuditExport) {
        return rsx! {};
    }
    rsx! {
        Button {
            icon: IconName::Download,
            busy,
            testid: "evidence",
            onclick: move |_| send.act(Act::Export(case.clone())),
            {t!("parts-evidence")}
        }
    }
}
