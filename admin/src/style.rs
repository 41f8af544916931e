//! The style sheet of the dashboard: the kit's, then what only its screens use, one file for each place.

/// The styles of the screens, in the order of the places.
const SCREENS: &[&str] = &[
    include_str!("../../assets/style/admin-shell.css"),
    include_str!("../../assets/style/admin-home.css"),
    include_str!("../../assets/style/admin-customers.css"),
    include_str!("../../assets/style/admin-keys.css"),
    include_str!("../../assets/style/admin-sessions.css"),
    include_str!("../../assets/style/admin-arrears.css"),
    include_str!("../../assets/style/admin-payments.css"),
    include_str!("../../assets/style/admin-audit.css"),
    include_str!("../../assets/style/admin-settings.css"),
];

/// All styles, as one text for the page's head.
pub fn sheet() -> String {
    let mut sheet = String::from(gridkey_kit::style::CSS);
    sheet.extend(SCREENS.iter().copied());
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_cannot_end_its_element_and_loads_nothing() {
        let own: String = SCREENS.concat().to_ascii_lowercase();
        assert!(!own.contains("</style") && !own.contains("@import") && !own.contains("url("));
    }
}
