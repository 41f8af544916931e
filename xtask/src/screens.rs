//! Pictures of the app's screens: taken by the tests of its window, and a few of them put into the README.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    build::{self, Programs},
    setup, test,
    workspace::root,
};

/// The README's pictures, and the screens they are of.
const README: &[(&str, &str)] = &[
    ("overview.png", "overview-en-light-1280x800.png"),
    ("electricity.png", "electricity-en-light-1280x800.png"),
    ("pay.png", "pay-en-dark-1280x800.png"),
    ("phone-zh.png", "overview-zh-CN-light-390x844.png"),
];

/// Takes the pictures anew and copies the README's. Tells whether the tests that take them held.
pub(crate) fn run(yes: bool) -> Result<bool> {
    setup::run(setup::Use::Tests, yes)?;
    let programs = build::programs(Programs::WithFailpoints)?;
    let only = ["--test", "window"].map(str::to_owned);
    if !test::run_tests(&programs, &only)? {
        return Ok(false);
    }
    let (screens, images) = (root().join("target/screens"), root().join("docs/images"));
    fs::create_dir_all(&images).with_context(|| format!("cannot make {}", images.display()))?;
    for (picture, screen) in README {
        copy(&screens.join(screen), &images.join(picture))?;
    }
    println!("{} pictures in {}; the README's in {}", count(&screens)?, screens.display(), images.display());
    Ok(true)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_file() {
        bail!("the tests took no picture {}", from.display());
    }
    fs::copy(from, to).with_context(|| format!("cannot write {}", to.display())).map(drop)
}

fn count(folder: &Path) -> Result<usize> {
    let files = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    Ok(files.flatten().filter(|file| file.path().extension().is_some_and(|kind| kind == "png")).count())
}
