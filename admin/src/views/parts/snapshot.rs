//! Snapshots of screens for tests: the screen's own part of the page, in both languages.
//!
//! With `GRIDKEY_PAGES=FOLDER` in the environment, the whole page is written there too, to be looked at in a browser.

use gridkey_desk::office::{Language, Snapshot};

use crate::{route::Route, style, testing::Face};

/// Compares the screen of `route` with what was kept, in both languages, after `act` did something on it. `act` finds things
/// by their test names, which no language changes.
pub(crate) fn both(name: &str, route: &Route, snapshot: &Snapshot, act: impl Fn(&mut Face)) {
    for language in [Language::English, Language::Chinese] {
        let mut face = Face::at(snapshot.clone(), language, route);
        act(&mut face);
        let html = face.html();
        write_page(&format!("{name}-{}", language.tag()), language, &html);
        insta::assert_snapshot!(format!("{name}-{}", language.tag()), screen(&html));
    }
}

/// The screen without what stands around it, one element a line, without drawings and without the numbers of ids.
fn screen(html: &str) -> String {
    let from = html.find("<div class=\"page").unwrap_or(0);
    let to = html.find("</main>").unwrap_or(html.len());
    let mut text = html.get(from..to).unwrap_or(html).to_owned();
    while let Some(start) = text.find("<svg") {
        let end = text[start..].find("</svg>").map_or(text.len(), |end| start + end + "</svg>".len());
        text.replace_range(start..end, "~");
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = rest.next() {
        out.push(character);
        let id = character == 'k' && matches!(before, '"' | ' ') && rest.peek().is_some_and(char::is_ascii_digit);
        if id {
            while rest.next_if(char::is_ascii_digit).is_some() {}
        }
        before = character;
    }
    out.replace("><", ">\n<")
}

fn write_page(name: &str, language: Language, html: &str) {
    let Some(folder) = std::env::var_os("GRIDKEY_PAGES") else { return };
    for theme in ["light", "dark"] {
        let path = std::path::Path::new(&folder).join(format!("{name}-{theme}.html"));
        let page = format!(
            "<!doctype html><html lang=\"{}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{css}</style></head>\
             <body><div class=\"app\">{html}</div></body></html>",
            language.tag(),
            css = style::sheet(),
        );
        std::fs::write(&path, page).expect("the folder of GRIDKEY_PAGES can be written");
    }
}
