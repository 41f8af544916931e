//! A screen that nobody sees. Its pixels lie in a file, so a picture of it needs no other program.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use super::process::Process;

/// An X server of its own on a display that was free.
#[derive(Debug)]
pub(super) struct Display {
    name: String,
    folder: TempDir,
    _server: Process,
}

impl Display {
    /// Starts the server with one screen of this size, pixels.
    pub(super) fn start(width: u32, height: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = Process::command("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-dpi", "96"]);
        // Without repetition: a key must count once, however late its release comes on a busy machine.
        command.args(["-r", "-fbdir"]).arg(folder.path());
        command.args(["-screen", "0", &format!("{width}x{height}x24")]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Process::start(command).context("Xvfb (Debian: xvfb) is needed")?;
        let mut number = String::new();
        let output = server.stdout().context("Xvfb's output is not there")?;
        BufReader::new(output).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb did not start: is it installed (Debian: xvfb)?");
        Ok(Self { name: format!(":{}", number.trim()), folder, _server: server })
    }

    /// `:NUMBER`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The X server's dump of the whole screen.
    pub(super) fn dump(&self) -> Result<Vec<u8>> {
        Ok(fs::read(self.folder.path().join("Xvfb_screen0"))?)
    }

    /// Runs xdotool, which makes real key and pointer events, and gives what it printed.
    pub(super) fn xdotool<S: AsRef<str>>(&self, arguments: &[S]) -> Result<String> {
        let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
        let done = Command::new("xdotool")
            .args(&arguments)
            .env("DISPLAY", &self.name)
            .stdin(Stdio::null())
            .output()
            .context("cannot run xdotool (Debian: xdotool)")?;
        if !done.status.success() {
            // What is typed may be a PIN: only the kind of event is told.
            bail!("xdotool {}: {}", arguments.first().unwrap_or(&""), String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }
}
