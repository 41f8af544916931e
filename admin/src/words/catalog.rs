//! The texts of the dashboard, embedded: its own, and what it shares with the customers' app.

macro_rules! area {
    ($($name:literal),* $(,)?) => {
        /// Pairs of language tag and Fluent text, for the kit's catalog.
        pub const SOURCES: &[(&str, &str)] = &[
            $(
                ("en", include_str!(concat!("../../../assets/locales/en/", $name, ".ftl"))),
                ("zh-CN", include_str!(concat!("../../../assets/locales/zh-CN/", $name, ".ftl"))),
            )*
        ];
    };
}

area![
    "common",
    "gate",
    "shell",
    "setup",
    "problems",
    "admin-gate",
    "admin-shell",
    "admin-home",
    "admin-customers",
    "admin-keys",
    "admin-sessions",
    "admin-arrears",
    "admin-payments",
    "admin-audit",
    "admin-settings",
    "admin-problems",
];
