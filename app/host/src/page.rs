//! The page in the window: its head, and what it may do.

use gridkey_client::app::{Language, Theme};

/// What the page may load and reach: itself, and nothing of any network.
///
/// The window's library works through an inline script, `Function`, a WebSocket on loopback with a key of its own, and two
/// addresses under `dioxus:`, for events and for the system's dialog that chooses a file. Any other there would be a file of this
/// machine, so the two are named in full. Pictures and fonts are inside the style sheet.
const POLICY: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    ("script-src", "'unsafe-inline' 'unsafe-eval'"),
    ("style-src", "'unsafe-inline'"),
    ("img-src", "data:"),
    ("font-src", "data:"),
    (
        "connect-src",
        // With the two slashes that the library writes.
        "ws://127.0.0.1:* dioxus://index.html//__events http://dioxus.index.html//__events https://dioxus.index.html//__events \
         dioxus://index.html//__file_dialog http://dioxus.index.html//__file_dialog https://dioxus.index.html//__file_dialog",
    ),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
    ("frame-src", "'none'"),
    ("object-src", "'none'"),
    ("worker-src", "'none'"),
];

/// Behind the page before it is drawn: the design's background, light and dark.
pub(crate) const LIGHT: (u8, u8, u8, u8) = (0xf6, 0xf7, 0xf9, 0xff);
/// See [`LIGHT`].
pub(crate) const DARK: (u8, u8, u8, u8) = (0x0f, 0x15, 0x1b, 0xff);

/// The page that everything is drawn in: with this title until a screen sets its own, this style sheet, and nothing else.
pub fn index(title: &str, language: Language, theme: Theme, css: &str) -> String {
    let policy: Vec<String> = POLICY.iter().map(|(what, from)| format!("{what} {from}")).collect();
    let theme = match theme {
        Theme::System => "",
        Theme::Light => " data-theme=\"light\"",
        Theme::Dark => " data-theme=\"dark\"",
    };
    format!(
        "<!doctype html>\n<html lang=\"{language}\"{theme}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{css}</style>\n</head>\n<body>\n<div id=\"main\"></div>\n</body>\n</html>\n",
        language = language.tag(),
        policy = policy.join("; "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_language_and_reaches_no_network() {
        let page = index("Gridkey", Language::Chinese, Theme::Dark, "body{}");
        assert!(page.contains("<html lang=\"zh-CN\" data-theme=\"dark\">"));
        assert!(page.contains("<title>Gridkey</title>"));
        assert!(page.contains("default-src 'none'; "));
        assert!(!page.contains("user-scalable"), "people may zoom");
        for (what, from) in POLICY {
            assert!(!from.split(' ').any(|source| matches!(source, "*" | "https:" | "http:" | "dioxus:")), "{what}");
        }
    }

    #[test]
    fn the_style_sheet_cannot_end_its_element() {
        assert!(!gridkey_kit::style::CSS.to_ascii_lowercase().contains("</style"));
    }

    #[test]
    fn the_style_sheet_loads_nothing() {
        let css = gridkey_kit::style::CSS;
        assert!(!css.contains("@import"));
        let mut rest = css;
        while let Some(place) = rest.find("url(") {
            rest = &rest[place + 4..];
            assert!(rest.trim_start_matches(['"', '\'']).starts_with("data:"), "{}", &rest[..rest.len().min(60)]);
        }
    }
}
