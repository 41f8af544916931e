//! `cargo xtask compose-test`: the stack of the compose file, from building its images to killing its containers, seen from outside
//! and from each of its networks. One line a check, then the count.
//!
//! It starts a Docker daemon if none answers and stops what it started; images that no registry gives it makes here. The stack gets
//! a project and ports of its own and is removed with its volumes, whatever happens.

mod confinement;
mod customer;
mod door;
mod faults;
mod payers;
mod stack;
mod walls;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use self::{customer::Customer, stack::Stack};
use crate::{
    build::{self, Programs},
    demo::{interrupt::Interrupt, step::Report},
    docker::Docker,
    images::{self, DEBIAN, ImageOptions, RUST, SURREAL},
    options::ComposeTestOptions,
    setup::{self, Need, on_path},
    workspace::target_folder,
};

const NEEDS: &[Need] = &[
    Need::of_one_command("curl", "knocks at the platform", || on_path("curl")),
    Need::of_one_command("openssl", "makes certificates to be refused", || on_path("openssl")),
];

/// What the checks work on.
struct Test<'docker> {
    stack: Stack<'docker>,
    folder: PathBuf,
    programs: PathBuf,
    customer: Option<Customer>,
}

impl Test<'_> {
    fn customer(&self) -> Result<&Customer> {
        self.customer.as_ref().context("there is no customer's key")
    }
}

/// One check; the text is what it saw.
struct Check {
    name: &'static str,
    /// Checks without which this one cannot be tried.
    needs: &'static [&'static str],
    run: fn(&mut Test<'_>) -> Result<String>,
}

const fn check(name: &'static str, needs: &'static [&'static str], run: fn(&mut Test<'_>) -> Result<String>) -> Check {
    Check { name, needs, run }
}

const CHECKS: &[Check] = &[
    check("up", &[], |test| test.stack.up()),
    check("containers", &["up"], |test| confinement::containers(&test.stack)),
    check("privileges", &["up"], |test| confinement::privileges(&test.stack)),
    check("read-only", &["up"], |test| confinement::read_only(&test.stack)),
    check("published", &["up"], |test| confinement::published(&test.stack)),
    check("secrets", &["up"], |test| confinement::secrets(&test.stack)),
    check("wall-of-edge", &["up"], |test| walls::edge(&test.stack)),
    check("wall-of-sandbox", &["up"], |test| walls::around(&test.stack, "unionpay-sandbox")),
    check("wall-of-server", &["up"], |test| walls::around(&test.stack, "server")),
    check("wall-of-platform", &["up"], |test| walls::around(&test.stack, "platform")),
    check("wall-of-server-db", &["up"], |test| walls::around(&test.stack, "server-db")),
    check("wall-of-platform-db", &["up"], |test| walls::around(&test.stack, "platform-db")),
    check("certificates", &["up"], |test| door::certificates(&test.stack, &test.folder)),
    check("demo-key", &["up"], customer::fetch),
    check("login", &["demo-key"], |test| test.customer()?.login()),
    check("account", &["login"], |test| test.customer()?.account()),
    check("bills", &["login"], |test| test.customer()?.bills()),
    check("pay", &["bills"], |test| test.customer()?.pay(&test.stack)),
    check("receipt", &["pay"], |test| test.customer()?.receipt()),
    check("kill-server", &["login"], |test| faults::kill(test, "server")),
    check("kill-platform", &["login"], |test| faults::kill(test, "platform")),
    check("kill-sandbox", &["login"], |test| faults::kill(test, "unionpay-sandbox")),
    check("kill-server-db", &["login"], |test| faults::kill(test, "server-db")),
    check("kill-platform-db", &["login"], |test| faults::kill(test, "platform-db")),
    check("pause-server", &["login"], |test| faults::pause(test, "server")),
    check("pause-platform", &["login"], |test| faults::pause(test, "platform")),
    check("pause-sandbox", &["login"], |test| faults::pause(test, "unionpay-sandbox")),
    check("pause-server-db", &["login"], |test| faults::pause(test, "server-db")),
    check("pause-platform-db", &["login"], |test| faults::pause(test, "platform-db")),
    check("none-lost-or-doubled", &["login"], faults::accounts),
    check("down-and-up", &["login"], faults::down_and_up),
    check("refused-pin", &["login"], faults::refused_pin),
    check("evidence", &["up"], |test| test.stack.evidence()),
];

/// Runs the test and tells whether every check held.
pub(crate) fn run(options: &ComposeTestOptions) -> Result<bool> {
    // From here on Ctrl-C ends what runs in the terminal, and this cleans up.
    let interrupt = Interrupt::catch()?;
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), options.yes)?;
    let programs = match &options.bin {
        Some(folder) => fs::canonicalize(folder).with_context(|| format!("no folder {}", folder.display()))?,
        None => build::programs(Programs::AsPossible)?,
    };
    let docker = Docker::reach(options.yes)?;
    // What is built here runs in the images only where the C library is theirs.
    let in_images = options.in_images || options.bin.is_none() && !is_debian_12();
    build_images(&docker, in_images, options.yes, &programs)?;
    let folder = target_folder("compose-test");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;

    let mut report = Report::on(std::io::stdout());
    let mut test = Test { stack: Stack::plan(&docker, &interrupt)?, folder: folder.clone(), programs, customer: None };
    for Check { name, needs, run } in CHECKS {
        if !interrupt.came() {
            report.step(name, needs, || run(&mut test));
        }
    }
    let words = test.stack.last_words();
    let removed = test.stack.remove();
    report.step("removed", &[], || removed);
    if interrupt.came() {
        report.step("interrupted", &[], || anyhow::bail!("the checks after this point were not tried"));
    }
    let held = report.finish();
    if held {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    } else if let Some(said) = words {
        let file = folder.join("containers.log");
        fs::write(&file, said).with_context(|| format!("cannot write {}", file.display()))?;
        println!("what the containers said is in {}", file.display());
    }
    Ok(held)
}

/// Base images are pulled where a registry answers, else made here.
fn build_images(docker: &Docker, in_images: bool, yes: bool, programs: &Path) -> Result<()> {
    let bases: &[&str] = if in_images { &[DEBIAN, SURREAL, RUST] } else { &[DEBIAN, SURREAL] };
    let offline = !bases.iter().all(|tag| docker.has_image(tag) || docker.pulls(tag));
    let bin = if in_images { None } else { Some(programs.to_owned()) };
    images::build(docker, &ImageOptions { offline, yes, profile: "release".to_owned(), bin })
}

fn is_debian_12() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "VERSION_CODENAME=bookworm")
}
