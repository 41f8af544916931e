//! Every text that a screen asks for is among the dashboard's.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gridkey_kit::i18n::{Catalog, Language};

use crate::words::SOURCES;

#[test]
fn every_id_in_the_sources_has_a_text_in_both_languages() {
    let catalog = Catalog::new(SOURCES);
    let mut missing = BTreeSet::new();
    for path in sources(Path::new("src")) {
        let source = fs::read_to_string(&path).unwrap();
        let calls = source.match_indices("t!(\"").filter(|(at, _)| !source[..*at].ends_with(char::is_alphanumeric));
        for (_, rest) in calls.map(|(at, found)| source.split_at(at + found.len())) {
            let id = rest.split('"').next().unwrap_or_default();
            if !Language::ALL.iter().all(|language| catalog.has(*language, id)) {
                missing.insert(format!("{id} in {}", path.display()));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests/words.rs") {
            found.push(path);
        }
    }
    found
}
