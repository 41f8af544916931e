//! The system's browser, as far as the app sees one: a program that notes the address it is told to open.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{PATIENCE, wait_for};

/// The names under which programs look for a browser.
const NAMES: [&str; 4] = ["xdg-open", "sensible-browser", "x-www-browser", "gio"];

/// A folder with stand-ins and the list of what they were told to open.
#[derive(Debug)]
pub(super) struct Browser {
    folder: PathBuf,
    list: PathBuf,
}

impl Browser {
    pub(super) fn install(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let list = folder.join("opened");
        fs::write(&list, "")?;
        // The address is the last argument, whatever stands before it.
        let script = format!("#!/bin/sh\nfor last; do :; done\nprintf '%s\\n' \"$last\" >> '{}'\n", list.display());
        for name in NAMES {
            let path = folder.join(name);
            fs::write(&path, &script)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { folder: folder.to_owned(), list })
    }

    /// The folder of the stand-ins, to be the first of the `PATH`.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What `BROWSER` should say.
    pub(super) fn program(&self) -> PathBuf {
        self.folder.join("xdg-open")
    }

    /// The addresses opened so far.
    pub(super) fn opened(&self) -> Result<Vec<String>> {
        Ok(fs::read_to_string(&self.list)?.lines().map(str::to_owned).collect())
    }

    /// Waits until address number `count`, from 1, was opened, and gives it.
    pub(super) fn wait_for(&self, count: usize) -> Result<String> {
        wait_for("the browser to be opened", PATIENCE, || Ok(self.opened()?.into_iter().nth(count - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_notes_the_last_argument() {
        let folder = tempfile::tempdir().unwrap();
        let browser = Browser::install(&folder.path().join("bin")).unwrap();
        for arguments in [&["https://a.example/?b=1&c='"][..], &["open", "https://b.example/"]] {
            assert!(std::process::Command::new(browser.program()).args(arguments).status().unwrap().success());
        }
        assert_eq!(browser.wait_for(2).unwrap(), "https://b.example/");
        assert_eq!(browser.opened().unwrap(), ["https://a.example/?b=1&c='", "https://b.example/"]);
    }
}
