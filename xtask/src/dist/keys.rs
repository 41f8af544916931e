//! The reference of configuration keys in `docs/operations.md`: made out of the installed configurations, so that it can't say
//! anything else than they do.

use std::fmt::Write as _;

/// Keys that one explanation is for.
#[derive(Default)]
struct Group {
    keys: Vec<(String, String)>,
    explained: String,
}

/// A table in Markdown of every key of a configuration, with its value and what its comment says.
fn reference(configuration: &str) -> String {
    let mut table = String::new();
    let mut group = Group::default();
    let mut text = "| key | value | meaning |\n|---|---|---|\n".to_owned();
    for line in configuration.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            // What stands above a table is about all of it.
            let explained = std::mem::take(&mut group).explained;
            table = name.to_owned();
            let _ = writeln!(text, "| **`[{table}]`** | | {explained} |");
        } else if let Some((key, value)) = key(bare) {
            let key = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
            group.keys.push((key, value.to_owned()));
        } else {
            if line.is_empty() || !group.keys.is_empty() {
                text.push_str(&row(&std::mem::take(&mut group)));
            }
            if let Some(words) = line.strip_prefix('#').map(str::trim) {
                if !group.explained.is_empty() {
                    group.explained.push(' ');
                }
                group.explained.push_str(words);
            }
        }
    }
    text.push_str(&row(&group));
    text
}

/// A line such as `listen = "127.0.0.1:8443"`.
fn key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(" = ")?;
    let named = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    named.then_some((key, value))
}

fn row(group: &Group) -> String {
    if group.keys.is_empty() {
        return String::new();
    }
    let join = |words: Vec<String>| words.join(", ");
    let keys = join(group.keys.iter().map(|(key, _)| format!("`{key}`")).collect());
    let values = join(group.keys.iter().map(|(_, value)| format!("`{value}`")).collect());
    format!("| {keys} | {values} | {} |\n", group.explained)
}

#[test]
fn the_operators_page_has_every_key_as_the_installed_configuration_has_it() {
    use super::{
        service::{PLATFORM, SERVER},
        source,
    };

    let path = source("docs/operations.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut right = page.clone();
    for service in [&SERVER, &PLATFORM] {
        let begin = format!("<!-- keys: {} -->\n", service.name());
        let (before, rest) = right.split_once(&begin).unwrap();
        let (_, after) = rest.split_once("<!-- keys end -->").unwrap();
        let table = reference(&service.installed().unwrap());
        right = format!("{before}{begin}{table}<!-- keys end -->{after}");
    }
    if std::env::var_os("GRIDKEY_WRITE_KEYS").is_some() {
        std::fs::write(&path, &right).unwrap();
        return;
    }
    assert!(page == right, "a key changed: run this test once with GRIDKEY_WRITE_KEYS=1, which writes the tables anew");
}

#[test]
fn keys_share_an_explanation_until_the_next_one() {
    let text = "# All.\n\n# The folder.\nplace = \"x\"\n\n# A listener.\n[session]\n# Both\n# files.\n# a = 1\nb = 2\n# Alone.\nc = 3\n";
    let rows: Vec<_> = reference(text).lines().skip(2).map(str::to_owned).collect();
    assert_eq!(
        rows,
        [
            "| `place` | `\"x\"` | The folder. |",
            "| **`[session]`** | | A listener. |",
            "| `session.a`, `session.b` | `1`, `2` | Both files. |",
            "| `session.c` | `3` | Alone. |",
        ]
    );
}
