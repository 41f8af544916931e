//! A screen that nobody sees. Its pixels lie in a file, so a picture of it needs no other program.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use super::{image::Dump, process::Process};

/// More than the header and the colours that a dump begins with, bytes.
const HEADER: u64 = 1 << 14;

/// An X server of its own on a display that was free.
#[derive(Debug)]
pub(super) struct Display {
    name: String,
    folder: TempDir,
    width: u32,
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
        Ok(Self { name: format!(":{}", number.trim()), folder, width, _server: server })
    }

    /// `:NUMBER`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The X server's dump of the screen's upper part, so many pixels high.
    pub(super) fn dump(&self, height: u32) -> Result<Dump> {
        const BYTES: u64 = 4;
        let mut bytes = Vec::new();
        let file = fs::File::open(self.folder.path().join("Xvfb_screen0"))?;
        file.take(HEADER + BYTES * u64::from(self.width) * u64::from(height)).read_to_end(&mut bytes)?;
        Ok(Dump { bytes, width: self.width.try_into()?, height: height.try_into()? })
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
