//! The app's own words in a language, so that a walk through the screens presses the same buttons in each.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The messages of one language that stand on one line.
#[derive(Debug, Clone)]
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// Reads the locale files of a language tag.
    ///
    /// # Errors
    /// If they are not there.
    pub fn of(language: &str) -> Result<Self> {
        let folder = Path::new("../assets/locales").join(language);
        let files = fs::read_dir(&folder).with_context(|| format!("no locale in {}", folder.display()))?;
        let mut paths: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut words = BTreeMap::new();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "ftl")) {
            read(&fs::read_to_string(path)?, &mut words);
        }
        Ok(Self(words))
    }

    /// A message.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn get(&self, id: &str) -> Result<&str> {
        self.0.get(id).map(String::as_str).with_context(|| format!("no message {id}"))
    }

    /// A message with its variables put in.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn with(&self, id: &str, values: &[(&str, &str)]) -> Result<String> {
        let mut text = self.get(id)?.to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{ ${name} }}"), value);
        }
        Ok(text)
    }
}

fn read(file: &str, into: &mut BTreeMap<String, String>) {
    for line in file.lines() {
        let is_message = line.starts_with(|first: char| first.is_ascii_lowercase());
        if let Some((id, text)) = line.split_once('=').filter(|_| is_message) {
            into.insert(id.trim().to_owned(), text.trim().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_filled() {
        let mut words = BTreeMap::new();
        read("# comment = no\nnav-bills = Bills\ntries = { $left } tries left\n    .title = no\n", &mut words);
        let words = Words(words);
        assert_eq!(words.get("nav-bills").unwrap(), "Bills");
        assert_eq!(words.with("tries", &[("left", "2")]).unwrap(), "2 tries left");
        assert!(words.get("comment").is_err());
    }
}
