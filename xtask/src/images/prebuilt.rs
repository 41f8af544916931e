//! Images of programs that are built already: the Dockerfile from its run-time half on, fed by a folder of this machine.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::{SURREAL, source};
use crate::{
    demo::process::output,
    docker::Docker,
    workspace::{root, target_folder},
};

/// The image that takes the place of the stage `build`.
const PROGRAMS_IMAGE: &str = "gridkey/programs";
const PROGRAMS: [&str; 4] = ["gridkey-server", "gridkey-platform", "unionpay-sandbox", "gridkey"];
const STAND_IN: &str = "surreal";
/// Targets of the Dockerfile and the images that the compose file expects of them.
const TARGETS: [(&str, &str); 4] = [
    ("server", "gridkey/server"),
    ("platform", "gridkey/platform"),
    ("unionpay-sandbox", "gridkey/unionpay-sandbox"),
    ("provision", "gridkey/provision"),
];

/// Builds all images of the programs in `bin`; the database's stand-in too if wanted.
pub(super) fn build(docker: &Docker, bin: &Path, stand_in: bool) -> Result<()> {
    let folder = target_folder("images").join("programs");
    fs::create_dir_all(folder.join("programs")).with_context(|| format!("cannot make {}", folder.display()))?;
    for name in PROGRAMS.iter().chain(stand_in.then_some(&STAND_IN)) {
        let to = folder.join("programs").join(name);
        fs::copy(bin.join(name), &to).with_context(|| format!("{name} is not built in {}", bin.display()))?;
        // Without symbols the layers stay small; with them they work as well.
        let _ = std::process::Command::new("strip").arg(&to).status();
    }
    fs::write(folder.join("Dockerfile"), "FROM scratch\nCOPY programs /programs\n")?;
    output(docker.docker(&["build", "--quiet", "--tag", PROGRAMS_IMAGE, "."]).current_dir(&folder))?;
    fs::remove_dir_all(folder.join("programs"))?;

    let text = run_time_half(&fs::read_to_string(source("Dockerfile")).context("the Dockerfile")?)?;
    let file = folder.join("Dockerfile");
    fs::write(&file, text)?;
    for (target, tag) in TARGETS.into_iter().chain(stand_in.then_some((STAND_IN, SURREAL))) {
        let before = id(docker, tag);
        let mut build = docker.docker(&["build", "--quiet", "--target", target, "--tag", tag, "--file"]);
        output(build.arg(&file).arg(".").current_dir(root())).with_context(|| tag.to_owned())?;
        println!("made {tag}");
        // What it took the place of would stay without a name; unless a container still needs it.
        if let Some(before) = before.filter(|before| Some(before) != id(docker, tag).as_ref()) {
            let _ = docker.ask(&["image", "rm", &before]);
        }
    }
    docker.ask(&["image", "rm", PROGRAMS_IMAGE]).map(drop)
}

/// The id of the image that has a tag.
fn id(docker: &Docker, tag: &str) -> Option<String> {
    docker.ask(&["image", "inspect", "--format", "{{.Id}}", tag]).ok()
}

/// The Dockerfile without the stages that build programs.
fn run_time_half(dockerfile: &str) -> Result<String> {
    let from = dockerfile.find("FROM debian:").context("the Dockerfile has no run-time half")?;
    let half = dockerfile[from..].replace("--from=build ", &format!("--from={PROGRAMS_IMAGE} "));
    ensure!(!half.contains("--from=build") && !half.contains("FROM rust"), "the Dockerfile's halves are mixed");
    Ok(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_time_half_builds_nothing() {
        let dockerfile = fs::read_to_string(source("Dockerfile")).unwrap();
        let half = run_time_half(&dockerfile).unwrap();
        assert!(half.starts_with("FROM debian:") && !half.contains("cargo build"));
        for (target, _) in TARGETS {
            assert!(half.contains(&format!(" AS {target}\n")), "{target}");
        }
    }
}
