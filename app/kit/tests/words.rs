//! The texts of all screens: both languages say the same things, and every text a screen asks for is there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod fluent;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent::{Message, messages};
use gridkey_kit::i18n::{Catalog, Language};

type Texts = BTreeMap<String, Message>;

fn root() -> PathBuf {
    PathBuf::from("../..")
}

/// The files of a language: name without folder, and text.
fn files(language: Language) -> BTreeMap<String, String> {
    let folder = root().join("assets/locales").join(language.tag());
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let ftl = entries.filter(|path| path.extension().is_some_and(|extension| extension == "ftl"));
    ftl.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// Every text of a language with the file it is in, as often as it is there.
fn every(language: Language) -> Vec<(String, Message)> {
    let mut all = Vec::new();
    for (file, text) in files(language) {
        let found = messages(&text).unwrap_or_else(|error| panic!("{}/{file}: {error}", language.tag()));
        all.extend(found.into_iter().map(|message| (file.clone(), message)));
    }
    all
}

fn texts(language: Language) -> Texts {
    every(language).into_iter().map(|(_, message)| (message.id.clone(), message)).collect()
}

#[test]
fn a_text_is_in_one_file_only() {
    let mut places: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for language in Language::ALL {
        for (file, message) in every(language) {
            places.entry((language.tag(), message.id)).or_default().push(file);
        }
    }
    let twice: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn both_languages_have_the_same_files_and_texts() {
    let (english, chinese) = (files(Language::English), files(Language::Chinese));
    assert_eq!(english.keys().collect::<Vec<_>>(), chinese.keys().collect::<Vec<_>>());
    let (english, chinese) = (texts(Language::English), texts(Language::Chinese));
    let missing =
        |from: &Texts, of: &Texts| of.keys().filter(|id| !from.contains_key(*id)).cloned().collect::<Vec<_>>();
    assert_eq!((missing(&english, &chinese), missing(&chinese, &english)), (Vec::new(), Vec::new()));
    let differ = english.iter().filter(|(id, message)| message.variables != chinese[*id].variables);
    let differ: Vec<&String> = differ.map(|(id, _)| id).collect();
    assert!(differ.is_empty(), "these take other values in Chinese: {differ:?}");
}

#[test]
fn no_text_is_empty_and_chinese_is_chinese() {
    let mut faults = Vec::new();
    for (id, message) in texts(Language::Chinese) {
        let latin = message.text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1).count();
        let chinese = message.text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        if message.text.trim().is_empty() || (!chinese && latin > 2) {
            faults.push(format!("{id}: {}", message.text));
        }
    }
    assert!(faults.is_empty(), "not translated:\n{}", faults.join("\n"));
}

#[test]
fn every_text_that_a_screen_asks_for_is_there_and_gets_its_values() {
    let known = texts(Language::English);
    let mut faults = Vec::new();
    let mut calls = 0;
    for file in sources(&root().join("app")).into_iter().chain(sources(&root().join("admin"))) {
        for (id, given) in fluent::calls(&fs::read_to_string(&file).unwrap()) {
            calls += 1;
            match known.get(&id) {
                None => faults.push(format!("{}: no text {id}", file.display())),
                Some(message) => {
                    let lacking: Vec<_> = message.variables.difference(&given).collect();
                    let unused: Vec<_> = given.difference(&message.variables).collect();
                    if !lacking.is_empty() || !unused.is_empty() {
                        faults.push(format!("{}: {id} lacks {lacking:?}, has no use for {unused:?}", file.display()));
                    }
                }
            }
        }
    }
    assert!(calls > 10, "only {calls} calls were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The Rust files that screens are made of: every `src` below `folder`.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.iter().any(|part| part == "src") {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_text_falls_back_to_english_then_to_its_id() {
    let catalog = Catalog::new(&[
        ("en", "only-english = { $count ->\n    [one] one try\n   *[other] { $count } tries\n}"),
        ("zh-CN", ""),
    ]);
    let tries = |count: u32| catalog.text(Language::Chinese, "only-english", &[("count", count.into())]);
    assert_eq!((tries(1).as_str(), tries(2).as_str()), ("one try", "2 tries"));
    assert_eq!(catalog.text(Language::Chinese, "nowhere", &[]), "nowhere");
    assert_eq!(catalog.text(Language::Chinese, "kit-close", &[]), "关闭");
    assert!(catalog.has(Language::English, "only-english") && !catalog.has(Language::Chinese, "only-english"));
}

#[test]
fn calls_are_read_out_of_sources() {
    let source = r#"
        // t!("not-this")
        t!("plain") t!(
            "spread", name = call("a, b = c", x == y), count = n
        ) format!("nor-this")
    "#;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let expected = [("plain".to_owned(), names(&[])), ("spread".to_owned(), names(&["name", "count"]))];
    assert_eq!(fluent::calls(source), expected);
}
