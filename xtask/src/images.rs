//! `cargo xtask images`: the images of the stack, built; with `--offline` also the images that they are built on, made on this
//! machine under the tags of the official ones, so that no container registry is needed.

mod base;
mod prebuilt;

use std::path::Path;

use anyhow::{Context, Result};

use crate::{
    docker::Docker,
    workspace::{root, run as run_command},
};

/// The run-time base.
pub(crate) const DEBIAN: &str = "debian:bookworm-slim";
/// What the programs are built on.
pub(crate) const RUST: &str = "rust:1.95-bookworm";
/// The database.
pub(crate) const SURREAL: &str = "surrealdb/surrealdb:v3.3.5";
/// The package that the stand-in of the database comes from.
const SURREAL_PACKAGE: &str = "--package gridkey-surreal-server";

/// How images are to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ImageOptions {
    /// Make the base images here.
    pub(crate) offline: bool,
    /// Install without asking.
    pub(crate) yes: bool,
    /// The Cargo profile; of no account with `bin`.
    pub(crate) profile: String,
    /// Programs that are built already, for Debian 12's C library.
    pub(crate) bin: Option<std::path::PathBuf>,
}

impl ImageOptions {
    /// What the compose file and the Dockerfile are told by the environment.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let mut all = vec![("GRIDKEY_PROFILE", self.profile.clone())];
        if self.offline {
            all.push(("GRIDKEY_ALSO", SURREAL_PACKAGE.to_owned()));
        }
        all
    }
}

/// Reaches a daemon and builds all images.
pub(crate) fn run(options: &ImageOptions) -> Result<()> {
    let docker = Docker::reach(options.yes)?;
    build(&docker, options)
}

/// Builds all images; base images that are there already are left alone.
pub(crate) fn build(docker: &Docker, options: &ImageOptions) -> Result<()> {
    if options.offline && !docker.has_image(DEBIAN) {
        base::debian(docker, DEBIAN, options.yes)?;
    }
    if let Some(bin) = &options.bin {
        return prebuilt::build(docker, bin, options.offline && !docker.has_image(SURREAL));
    }
    if options.offline {
        // Made anew: the vendored crates have to be those of the lock file. Unchanged files make no new layers' content.
        base::rust(docker, RUST, options.yes)?;
        let (profile, also) = (format!("PROFILE={}", options.profile), format!("ALSO={SURREAL_PACKAGE}"));
        let mut stand_in = docker.docker(&["build", "--target", "surreal", "--tag", SURREAL]);
        stand_in.args(["--build-arg", &profile, "--build-arg", &also]).arg(".").current_dir(root());
        run_command(&mut stand_in).context("the stand-in for the database")?;
    }
    let mut compose = docker.compose();
    compose.envs(options.environment()).arg("build");
    run_command(&mut compose).context("the images")
}

/// A file in the repository's root.
fn source(name: &str) -> std::path::PathBuf {
    Path::new(&root()).join(name)
}
