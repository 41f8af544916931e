//! What every row is given: the programs, a folder, and how much to measure.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::RunArgs;

/// More open files than this no process of a run needs.
const OPEN_FILES: u64 = 20_000;

/// A run of the bench.
pub(crate) struct Bench {
    bin: PathBuf,
    dir: PathBuf,
    /// The demo's customers and load profiles.
    pub(crate) data: PathBuf,
    /// The PKCS#11 module of every token.
    pub(crate) module: PathBuf,
    quick: bool,
}

impl Bench {
    /// A run in an empty folder. Raises this process's limit of open files, which what it starts inherits.
    pub(crate) fn new(args: &RunArgs) -> Result<Self> {
        allow_open_files()?;
        let absolute = |path: &Path| std::path::absolute(path).with_context(|| path.display().to_string());
        let bench = Self {
            bin: absolute(&args.bin)?,
            dir: absolute(&args.dir)?,
            data: absolute(&args.data)?,
            module: args.module.clone(),
            quick: args.quick,
        };
        bench.clear()?;
        fs::create_dir_all(&bench.dir).with_context(|| format!("cannot make {}", bench.dir.display()))?;
        Ok(bench)
    }

    /// Removes the state of the run.
    pub(crate) fn clear(&self) -> Result<()> {
        match fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.dir.display()))
            }
            _ => Ok(()),
        }
    }

    /// One of the optimised programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// A fresh folder of that name, whatever was there.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.dir.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// How often each size is measured, in pairs where there is a peer.
    pub(crate) const fn rounds(&self) -> usize {
        if self.quick { 2 } else { 5 }
    }

    /// The three sizes of a row, or small ones in their place.
    pub(crate) const fn sizes(&self, full: [usize; 3], quick: [usize; 3]) -> [usize; 3] {
        if self.quick { quick } else { full }
    }
}

/// Raises this process's soft limit of open files, if it is lower than a run needs.
fn allow_open_files() -> Result<()> {
    let limits = fs::read_to_string("/proc/self/limits").context("/proc/self/limits")?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    let mut values = line.split_whitespace().map(|value| value.parse::<u64>().unwrap_or(u64::MAX));
    let (soft, hard) = (values.next().unwrap_or(0), values.next().unwrap_or(0));
    if soft >= OPEN_FILES {
        return Ok(());
    }
    if hard < OPEN_FILES {
        bail!("{OPEN_FILES} open files are needed and this machine allows {hard}: raise the hard limit (ulimit -Hn)");
    }
    let done = Command::new("prlimit")
        .args(["--pid", &std::process::id().to_string()])
        .arg(format!("--nofile={OPEN_FILES}:{hard}"))
        .status()
        .context("prlimit, which raises the limit of open files")?;
    if done.success() { Ok(()) } else { bail!("the limit of open files was not raised: run `ulimit -n {OPEN_FILES}`") }
}
