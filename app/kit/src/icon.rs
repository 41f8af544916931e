//! The icons: one stroke set on a 24-pixel grid, drawn in the text's colour.

use dioxus::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IconName {
    /// The first screen.
    Overview,
    /// Energy and load.
    Electricity,
    /// Bills.
    Bills,
    /// Paying.
    Pay,
    /// What was paid.
    History,
    /// Alarms.
    Alarms,
    /// The customer.
    Account,
    /// Settings.
    Settings,
    /// The USBKEY.
    Key,
    /// Locked.
    Lock,
    /// Connected.
    Online,
    /// Not connected.
    Offline,
    /// Attention.
    Warning,
    /// Done, right.
    Check,
    /// Close, wrong.
    Close,
    /// Backwards.
    ChevronLeft,
    /// Forwards.
    ChevronRight,
    /// Opens above.
    ChevronUp,
    /// Opens below.
    ChevronDown,
    /// Print.
    Print,
    /// Save a file.
    Download,
    /// Leaves the program.
    External,
    /// Copy.
    Copy,
    /// Light.
    Sun,
    /// Dark.
    Moon,
    /// Language.
    Language,
    /// Ask again.
    Refresh,
    /// Explains.
    Info,
    /// The bank.
    Bank,
    /// As a table.
    Table,
    /// As a chart.
    Chart,
    /// Telephone.
    Phone,
    /// Show what is typed.
    Eye,
    /// Hide what is typed.
    EyeOff,
    /// Waits.
    Clock,
    /// A signed receipt.
    Receipt,
}

impl IconName {
    /// Every icon.
    pub const ALL: [Self; 36] = [
        Self::Overview,
        Self::Electricity,
        Self::Bills,
        Self::Pay,
        Self::History,
        Self::Alarms,
        Self::Account,
        Self::Settings,
        Self::Key,
        Self::Lock,
        Self::Online,
        Self::Offline,
        Self::Warning,
        Self::Check,
        Self::Close,
        Self::ChevronLeft,
        Self::ChevronRight,
        Self::ChevronUp,
        Self::ChevronDown,
        Self::Print,
        Self::Download,
        Self::External,
        Self::Copy,
        Self::Sun,
        Self::Moon,
        Self::Language,
        Self::Refresh,
        Self::Info,
        Self::Bank,
        Self::Table,
        Self::Chart,
        Self::Phone,
        Self::Eye,
        Self::EyeOff,
        Self::Clock,
        Self::Receipt,
    ];

    /// Its strokes, as one SVG path.
    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "M4 4h6.5v8H4zM13.5 4H20v5h-6.5zM4 15h6.5v5H4zM13.5 12H20v8h-6.5z",
            Self::Electricity => "M13 2.8 5 13.6h6.2L10.6 21.2 19 10.4h-6.2z",
            Self::Bills => "M6 3h9l4 4v14H6zM15 3v4h4M9.5 12h6M9.5 16h6",
            Self::Pay => "M3 6.5h18v11.5H3zM3 10.5h18M6.5 14.5H10",
            Self::History => "M4.2 9.2A8.3 8.3 0 1 1 3.7 12M3.8 4.5v4.8h4.8M12 7.5V12l3.2 2",
            Self::Alarms => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0",
            Self::Account => "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"
            }
            Self::Key => "M8 19.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM11.3 11.7 20 3M16 7l3.2 3.2M13.2 9.8l2 2",
            Self::Lock => "M5.5 11h13v9.5h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11M12 15v2",
            Self::Online => "M3 9.5a13 13 0 0 1 18 0M6.2 13a8.5 8.5 0 0 1 11.6 0M9.4 16.4a4 4 0 0 1 5.2 0M12 20h.01",
            Self::Offline => {
                "M3 3l18 18M3 9.5a13 13 0 0 1 4-2.7M11 5.9a13 13 0 0 1 10 3.6M6.2 13a8.5 8.5 0 0 1 4-2.2M9.4 16.4a4 4 0 0 1 5.2 0M12 20h.01"
            }
            Self::Warning => "M12 3.8 2.6 20h18.8zM12 10v4.5M12 17.3h.01",
            Self::Check => "M4.5 12.5l5 5 10-11",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::ChevronLeft => "M14.5 5.5 8 12l6.5 6.5",
            Self::ChevronRight => "M9.5 5.5 16 12l-6.5 6.5",
            Self::ChevronUp => "M5.5 15 12 8.5l6.5 6.5",
            Self::ChevronDown => "M5.5 9l6.5 6.5L18.5 9",
            Self::Print => "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
            Self::Download => "M12 3.5v11.5M7 10.5l5 5 5-5M4.5 20.5h15",
            Self::External => "M13.5 4H20v6.5M20 4l-9 9M17 14v6H4V7h6",
            Self::Copy => "M9 9h11v11H9zM5.5 15H4V4h11v1.5",
            Self::Sun => {
                "M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM12 2.5V4.5M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
            }
            Self::Moon => "M20 14.2A8.3 8.3 0 0 1 9.8 4 8.3 8.3 0 1 0 20 14.2z",
            Self::Language => {
                "M12 20.8a8.8 8.8 0 1 0 0-17.6 8.8 8.8 0 0 0 0 17.6zM3.4 12h17.2M12 3.2c2.6 2.5 3.8 5.4 3.8 8.8s-1.2 6.3-3.8 8.8c-2.6-2.5-3.8-5.4-3.8-8.8s1.2-6.3 3.8-8.8z"
            }
            Self::Refresh => {
                "M19.8 9.5A8.3 8.3 0 0 0 4.6 8.5M4.2 14.5a8.3 8.3 0 0 0 15.2 1M20.3 4.5v5h-5M3.7 19.5v-5h5"
            }
            Self::Info => "M12 20.8a8.8 8.8 0 1 0 0-17.6 8.8 8.8 0 0 0 0 17.6zM12 11v5.5M12 7.7h.01",
            Self::Bank => "M3.5 9.5 12 4l8.5 5.5zM5.5 10v7M10 10v7M14 10v7M18.5 10v7M3.5 20.5h17M4.5 17h15",
            Self::Table => "M3.5 4.5h17v15h-17zM3.5 9.5h17M3.5 14.5h17M10 9.5v10",
            Self::Chart => "M4 4v16h16.5M7.5 15.5l4-5 3 2.5L20 7",
            Self::Phone => {
                "M6.5 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2z"
            }
            Self::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::EyeOff => {
                "M3 3l18 18M10 5.7a9 9 0 0 1 2-.2c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-2.7 3.4M6.3 7A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.6-1.3M10 10a3 3 0 0 0 4.1 4.2"
            }
            Self::Clock => "M12 20.8a8.8 8.8 0 1 0 0-17.6 8.8 8.8 0 0 0 0 17.6zM12 7.2V12l3.2 2",
            Self::Receipt => "M5.5 3h13v18l-2.2-1.5L14.2 21 12 19.5 9.8 21l-2.1-1.5L5.5 21zM9 8.5h6M9 12.5h6",
        }
    }
}

/// An icon.
///
/// - `name`: what it shows.
/// - `label`: its name for those who do not see it; without one it is decoration and hidden from them.
/// - `size`: width and height in pixels, 20 unless told.
#[component]
pub fn Icon(name: IconName, #[props(into)] label: Option<String>, #[props(default = 20)] size: u32) -> Element {
    let hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("img");
    rsx! {
        svg {
            class: "icon",
            view_box: "0 0 24 24",
            width: size,
            height: size,
            fill: "none",
            stroke: "currentColor",
            stroke_width: "1.75",
            stroke_linecap: "round",
            stroke_linejoin: "round",
            role,
            "aria-hidden": hidden,
            "aria-label": label,
            "focusable": "false",
            path { d: name.path() }
        }
    }
}
