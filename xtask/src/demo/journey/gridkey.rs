//! Running `gridkey` as a customer, and the helper program, and reading what they say.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

/// Time for what other processes do by themselves; debug builds on a busy machine are slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit status; none if a signal ended it.
    pub(crate) status: Option<i32>,
    /// The JSON it printed; null if it printed none.
    pub(crate) said: Value,
    /// The JSON of its failure; null if it did not fail.
    pub(crate) error: Value,
    stderr: String,
}

impl Ended {
    /// What a program that must succeed printed.
    pub(crate) fn done(self) -> Result<Value> {
        if self.status == Some(0) { Ok(self.said) } else { Err(self.failure("")) }
    }

    /// The failure of a program that must end with `status` and the word `code`.
    pub(crate) fn refused(self, status: i32, code: &str) -> Result<Value> {
        if self.status == Some(status) && self.error["code"] == code {
            return Ok(self.error);
        }
        Err(self.failure(&format!("status {status} and {code} were expected, not ")))
    }

    fn failure(&self, lead: &str) -> anyhow::Error {
        let status = self.status.map_or_else(|| "a signal".to_owned(), |status| format!("status {status}"));
        let text = match self.error["message"].as_str() {
            Some(message) => format!("{message} ({})", self.error["code"].as_str().unwrap_or("no code")),
            None if self.stderr.is_empty() => self.said.to_string(),
            None => self.stderr.lines().last().unwrap_or_default().to_owned(),
        };
        anyhow!("{lead}{status}: {text}")
    }
}

/// Runs `command` to its end.
pub(crate) fn run(command: &mut Command) -> Result<Ended> {
    let name = name(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {name}"))?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Ended {
        status: output.status.code(),
        said: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        error: error_in(&stderr),
        stderr,
    })
}

/// Runs `command`, which must succeed, and gives the JSON it printed.
pub(crate) fn ask(command: &mut Command) -> Result<Value> {
    let name = name(command);
    run(command)?.done().context(name)
}

/// The command as a person would name it.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let from = words.iter().position(|word| word == "--json").map_or(0, |place| place + 1);
    let words = words.get(from..).unwrap_or_default().join(" ");
    format!("{program} {words}")
}

fn error_in(stderr: &str) -> Value {
    let lines = stderr.lines().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.map(|mut line| line["error"].take()).find(|error| !error.is_null()).unwrap_or(Value::Null)
}

/// A program that goes on printing one JSON object a line, such as `gridkey watch`.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<Value>,
    errors: Receiver<String>,
    name: String,
}

impl Running {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = name(command);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {name}"))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (say, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout?).lines() {
                let line = line.ok()?;
                // An error means that nobody listens any more.
                say.send(serde_json::from_str(&line).unwrap_or(Value::String(line))).ok()?;
            }
            Some(())
        });
        let (complain, errors) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            stderr?.read_to_string(&mut text).ok()?;
            complain.send(text).ok()
        });
        Ok(Self { child, lines, errors, name })
    }

    /// Waits for a line that `wanted` takes something from; others are passed over.
    pub(crate) fn wait<T>(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> Option<T>) -> Result<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(found) = wanted(&line) {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("{}: {what} did not come within {} s", self.name, PATIENCE.as_secs())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let ended = self.ended()?;
                    return Err(ended.failure(&format!("{} ended before {what} came, with ", self.name)));
                }
            }
        }
    }

    /// Waits until the session is open.
    pub(crate) fn wait_online(&mut self) -> Result<()> {
        self.wait("the session", |line| (line["event"] == "online").then_some(()))
    }

    /// Waits for a push of `kind` and gives it.
    pub(crate) fn wait_push(&mut self, kind: &str) -> Result<Value> {
        let wanted = |line: &Value| (line["event"] == "push" && line["kind"] == kind).then(|| line["body"].clone());
        self.wait(&format!("a push of kind {kind}"), wanted)
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> Result<Ended> {
        let until = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() > until => bail!("{} did not end within {} s", self.name, PATIENCE.as_secs()),
                None => thread::sleep(Duration::from_millis(10)),
            }
        };
        let stderr = self.errors.recv_timeout(PATIENCE).unwrap_or_default();
        Ok(Ended { status: status.code(), said: Value::Null, error: error_in(&stderr), stderr })
    }

    /// Kills it, as a crash would.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already ended, or a step failed on the way: nothing may stay behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `done`, for what announces itself nowhere.
pub(crate) fn until(what: &str, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !done()? {
        if Instant::now() > end {
            bail!("{what} did not come within {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The text at `pointer`.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    value.pointer(pointer).and_then(Value::as_str).with_context(|| format!("no text at {pointer} in {value}"))
}

/// The amount in fen at `pointer`.
pub(crate) fn fen(value: &Value, pointer: &str) -> Result<u64> {
    value.pointer(pointer).and_then(Value::as_u64).with_context(|| format!("no amount at {pointer} in {value}"))
}

/// The array at `pointer`.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> Result<&'a Vec<Value>> {
    value.pointer(pointer).and_then(Value::as_array).with_context(|| format!("no list at {pointer} in {value}"))
}

/// Fen as yuan.
pub(crate) fn yuan(fen: u64) -> String {
    format!("{}.{:02} yuan", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failure_is_told_by_its_word() {
        let script = r#"echo '{"error":{"code":"wrong-pin","message":"wrong PIN","tries":"low"}}' >&2; exit 3"#;
        let error = run(&mut shell(script)).unwrap().refused(3, "wrong-pin").unwrap();
        assert_eq!(error["tries"], "low");
        let other = run(&mut shell(script)).unwrap().refused(4, "lost").unwrap_err().to_string();
        assert!(other.contains("wrong-pin") && other.contains("status 3"), "{other}");
    }

    #[test]
    fn lines_are_waited_for_and_an_early_end_is_told() {
        let script = r#"echo '{"event":"online"}'; echo '{"event":"push","kind":"bill","body":{"bill":"B"}}'; exit 7"#;
        let mut running = Running::start(&mut shell(script)).unwrap();
        running.wait_online().unwrap();
        assert_eq!(running.wait_push("bill").unwrap()["bill"], "B");
        let error = running.wait_push("payment").unwrap_err().to_string();
        assert!(error.contains("status 7"), "{error}");
    }
}
