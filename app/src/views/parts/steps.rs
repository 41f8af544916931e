//! The date, without drawing a screen anew each second.

use dioxus::prelude::*;
use jiff::civil::Date;

use crate::{
    context::{AppStateStoreExt as _, use_app},
    store::AppState,
};

/// The date in Asia/Shanghai; draws anew at midnight only.
pub fn use_today() -> Memo<Date> {
    let app = use_app();
    use_memo(move || today(app))
}

/// The date in Asia/Shanghai.
pub fn today(app: Store<AppState>) -> Date {
    app.now()().date()
}
