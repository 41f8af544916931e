//! `settings.*`. (`account.*` use the records of `gridkey-domain` as they are.)

use serde::{Deserialize, Serialize};

/// What a customer chose. Kept by the server, so that every device follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The language of notices (BCP 47): `en` or `zh-CN`.
    pub locale: String,
    /// Whether arrears alarms are shown as notifications.
    pub notify_arrears: bool,
    /// Whether new bills are shown as notifications.
    pub notify_bills: bool,
    /// Whether payment results are shown as notifications.
    pub notify_payments: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { locale: "en".into(), notify_arrears: true, notify_bills: true, notify_payments: true }
    }
}

/// What to change; absent means unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsUpdate {
    /// As in [`Settings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// As in [`Settings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_arrears: Option<bool>,
    /// As in [`Settings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_bills: Option<bool>,
    /// As in [`Settings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_payments: Option<bool>,
}

impl Settings {
    /// These settings with `update` applied; `None` if the language is not offered.
    #[must_use]
    pub fn with(mut self, update: SettingsUpdate) -> Option<Self> {
        if let Some(locale) = update.locale {
            if !["en", "zh-CN"].contains(&locale.as_str()) {
                return None;
            }
            self.locale = locale;
        }
        self.notify_arrears = update.notify_arrears.unwrap_or(self.notify_arrears);
        self.notify_bills = update.notify_bills.unwrap_or(self.notify_bills);
        self.notify_payments = update.notify_payments.unwrap_or(self.notify_payments);
        Some(self)
    }
}
