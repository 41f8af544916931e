//! Pictures of the screens of the app and the dashboard: taken by the tests of their windows, and a few of them put into the README.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    build::{self, Programs},
    setup, test,
    workspace::root,
};

/// The README's pictures: their names, the folder of the screens and the screen.
const README: &[(&str, &str, &str)] = &[
    ("overview.png", "1280x800/en-light", "overview"),
    ("electricity.png", "1280x800/en-light", "electricity-day"),
    ("pay.png", "1280x800/en-dark", "pay"),
    ("phone-zh.png", "390x844/zh-CN-light", "overview"),
    ("dashboard.png", "admin/operator/en-light", "home"),
];

/// Takes the pictures anew and copies the README's. Tells whether the tests that take them held.
pub(crate) fn run(yes: bool) -> Result<bool> {
    setup::run(setup::Use::Tests, yes)?;
    let programs = build::programs(Programs::WithFailpoints)?;
    let only = ["--test", "window", "--test", "dashboard"].map(str::to_owned);
    if !test::run_tests(&programs, &only)? {
        return Ok(false);
    }
    let (screens, images) = (root().join("target/screens"), root().join("docs/images"));
    fs::create_dir_all(&images).with_context(|| format!("cannot make {}", images.display()))?;
    for (picture, folder, screen) in README {
        copy(&find(&screens.join(folder), screen)?, &images.join(picture))?;
    }
    println!("{} pictures in {}; the README's in {}", pictures(&screens)?.len(), screens.display(), images.display());
    Ok(true)
}

/// The picture of a screen, whatever number it has there.
fn find(folder: &Path, screen: &str) -> Result<PathBuf> {
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.split_once('-').is_some_and(|(_, rest)| rest.strip_suffix(".png") == Some(screen))
    };
    pictures(folder)?.into_iter().find(is_it).with_context(|| format!("no picture of {screen} in {}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot write {}", to.display())).map(drop)
}

/// The pictures in `folder` and below, in order.
fn pictures(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(pictures(&path)?);
        } else if path.extension().is_some_and(|kind| kind == "png") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_found_under_any_number() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("en-light");
        fs::create_dir(&inner).unwrap();
        for name in ["03-overview.png", "04-overview-whole.png", "05-pay.png", "notes.txt"] {
            fs::write(inner.join(name), "").unwrap();
        }
        assert_eq!(find(&inner, "overview").unwrap(), inner.join("03-overview.png"));
        assert!(find(&inner, "whole").is_err());
        assert_eq!(pictures(folder.path()).unwrap().len(), 3);
    }
}
