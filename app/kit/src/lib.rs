//! Components that the customer's app and the administrators' dashboard share: style, icons, words, figures, forms,
//! dialogs, tables and charts.
//!
//! Nothing here knows the client, the server or a screen. A component takes what it shows as props and tells what a person
//! did through an event handler; words come from Fluent files through [`i18n`], figures through [`format`](mod@format).

#![expect(unused_qualifications, reason = "rsx! writes the paths of events in full")]

pub mod chart;
pub mod focus;
pub mod form;
pub mod format;
pub mod frame;
pub mod i18n;
pub mod icon;
pub mod logo;
pub mod show;
pub mod style;
#[cfg(feature = "testing")]
pub mod testing;

/// Everything a screen needs, in one `use`.
pub mod prelude {
    pub use crate::{
        chart::*,
        form::*,
        format,
        frame::*,
        i18n::{I18n, Language, language, use_i18n},
        icon::{Icon, IconName},
        logo::Logo,
        show::*,
        t,
    };
}
