//! The texts of the app, embedded.

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
    "overview",
    "account",
    "renewal",
    "setup",
    "problems",
    "notices",
    "electricity",
    "bills",
    "pay",
    "payments",
    "queue",
    "alarms",
    "tray",
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use gridkey_kit::i18n::{Catalog, Language};

    use super::*;

    /// The ids of a language with the variables of each, and the ids told twice.
    fn ids(tag: &str) -> (BTreeMap<String, BTreeSet<String>>, Vec<String>) {
        let (mut ids, mut twice): (BTreeMap<String, BTreeSet<String>>, _) = (BTreeMap::new(), Vec::new());
        for (_, text) in SOURCES.iter().filter(|(other, _)| *other == tag) {
            let mut id = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) =
                    line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
                {
                    id = name.to_owned();
                    if ids.insert(id.clone(), BTreeSet::new()).is_some() {
                        twice.push(id.clone());
                    }
                }
                let variables = line.split('$').skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect::<String>()
                });
                ids.entry(id.clone()).or_default().extend(variables);
            }
        }
        ids.remove("");
        (ids, twice)
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_figures() {
        let ((english, english_twice), (chinese, chinese_twice)) = (ids("en"), ids("zh-CN"));
        assert_eq!((english_twice, chinese_twice), (vec![], vec![]), "told twice");
        let names = |ids: &BTreeMap<String, BTreeSet<String>>| ids.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(names(&english), names(&chinese));
        for (id, variables) in &english {
            assert_eq!(Some(variables), chinese.get(id), "{id}");
        }
    }

    #[test]
    fn every_text_can_be_read() {
        let catalog = Catalog::new(SOURCES);
        for language in Language::ALL {
            for id in ids(language.tag()).0.keys() {
                assert!(catalog.has(language, id), "{id} in {}", language.tag());
            }
        }
    }

    #[test]
    fn every_id_in_the_sources_has_a_text() {
        let catalog = Catalog::new(SOURCES);
        let mut missing = BTreeSet::new();
        for path in sources(std::path::Path::new("src")) {
            let source = std::fs::read_to_string(&path).unwrap();
            let calls = source.match_indices("t!(\"").filter(|(at, _)| !source[..*at].ends_with(char::is_alphanumeric));
            for (_, rest) in calls.map(|(at, found)| source.split_at(at + found.len())) {
                let id = rest.split('"').next().unwrap_or_default();
                if !catalog.has(Language::English, id) {
                    missing.insert(format!("{id} in {}", path.display()));
                }
            }
        }
        assert_eq!(missing, BTreeSet::new());
    }

    fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("words/catalog.rs")
            {
                found.push(path);
            }
        }
        found
    }
}
