//! A whole stack of real programs for a test: provisioned by the demo's first step, with all state in a folder of its own.
//!
//! The programs come from `GRIDKEY_BIN_DIR`, or from the folder that this test program was built into.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

/// Longest wait for anything that should happen soon.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// `stack.json`, as far as tests need it.
#[derive(Debug, Clone, Deserialize)]
pub struct Description {
    /// The security server.
    pub server: Server,
    /// The payment platform.
    pub platform: Part,
    /// The gateway's stand-in.
    pub sandbox: Sandbox,
    /// The company root, PEM.
    pub root: PathBuf,
    /// The root of the public listener's certificate, PEM.
    pub web_root: PathBuf,
    /// Process ids by the names of the daemons.
    pub pids: BTreeMap<String, i32>,
    /// The customers' keys.
    pub tokens: Vec<Token>,
    /// The administrators' keys, the first a security officer's.
    pub admins: Vec<Token>,
}

/// The security server.
#[derive(Debug, Clone, Deserialize)]
pub struct Server {
    /// Its configuration.
    pub config: PathBuf,
    /// The customers' listener, `wss://…`.
    pub session: String,
    /// The administrators' listener, `wss://…`.
    pub admin: Option<String>,
}

/// A daemon with a configuration.
#[derive(Debug, Clone, Deserialize)]
pub struct Part {
    /// Its configuration.
    pub config: PathBuf,
}

/// The gateway's stand-in.
#[derive(Debug, Clone, Deserialize)]
pub struct Sandbox {
    /// `http://…`.
    pub url: String,
}

/// A key on a token.
#[derive(Debug, Clone, Deserialize)]
pub struct Token {
    /// Which customer's; none for an administrator's.
    pub customer: Option<String>,
    /// The PKCS#11 module.
    pub module: PathBuf,
    /// The token, RFC 7512.
    pub uri: String,
    /// What `SOFTHSM2_CONF` has to be.
    pub conf: PathBuf,
    /// The PIN.
    pub pin_file: PathBuf,
}

/// A running daemon: how to start it again, and its process.
struct Daemon {
    command: Vec<String>,
    environment: Vec<(String, String)>,
    /// Where it tells that it is up; a helper that serves nobody tells it nowhere.
    state: Option<PathBuf>,
    log: PathBuf,
    pid: i32,
}

/// A stack that ends with the value.
pub struct Stack {
    folder: tempfile::TempDir,
    /// Where everything is.
    pub at: Description,
    daemons: BTreeMap<String, Daemon>,
}

/// The folder of the programs.
pub fn programs() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("GRIDKEY_BIN_DIR") {
        return Ok(folder.into());
    }
    let here = env::current_exe()?;
    here.ancestors().nth(2).map(Path::to_owned).context("the test program lies in no folder")
}

impl Stack {
    /// Provisions and starts a stack.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let bin = programs()?;
        let made = Command::new(bin.join("xtask"))
            .args(["demo", "--headless", "--yes", "--keep", "--until", "provision", "--dir"])
            .arg(folder.path())
            .arg("--bin")
            .arg(&bin)
            .output()
            .with_context(|| format!("cannot run xtask in {}", bin.display()))?;
        let said = String::from_utf8_lossy(&made.stdout).into_owned() + &String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "provision failed: {said}");
        let text = fs::read(folder.path().join("stack.json")).context("stack.json")?;
        let at: Description = serde_json::from_slice(&text).context("stack.json")?;
        let mut daemons = BTreeMap::new();
        for (name, pid) in &at.pids {
            daemons.insert(name.clone(), Daemon::of(name, *pid, folder.path())?);
        }
        Ok(Self { folder, at, daemons })
    }

    /// The folder of all state.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops a daemon as an operator does.
    pub fn stop(&mut self, name: &str) -> Result<()> {
        let daemon = self.daemon(name)?;
        daemon.signal("TERM")?;
        daemon.wait_gone(PATIENCE)
    }

    /// Starts a daemon that does not run; `failpoint` names where it kills itself.
    pub fn restart(&mut self, name: &str, failpoint: Option<&str>) -> Result<()> {
        let daemon = self.daemons.get_mut(name).with_context(|| format!("no daemon {name}"))?;
        daemon.start(failpoint)
    }

    /// Whether the daemon's process lives.
    pub fn is_running(&self, name: &str) -> bool {
        self.daemons.get(name).is_some_and(Daemon::is_running)
    }

    fn daemon(&self, name: &str) -> Result<&Daemon> {
        self.daemons.get(name).with_context(|| format!("no daemon {name}"))
    }

    /// The key of a customer.
    pub fn token(&self, customer: &str) -> Result<&Token> {
        let token = self.at.tokens.iter().find(|token| token.customer.as_deref() == Some(customer));
        token.with_context(|| format!("no key of {customer}"))
    }

    /// `gridkey --json ARGUMENTS` with a customer's key: exit status, what it printed, and its error.
    pub fn gridkey(&self, customer: &str, arguments: &[&str]) -> Result<Said> {
        let token = self.token(customer)?;
        let config = token.pin_file.with_file_name("client.toml");
        let done = Command::new(programs()?.join("gridkey"))
            .arg("--config")
            .arg(config)
            .arg("--pin-file")
            .arg(&token.pin_file)
            .arg("--json")
            .args(arguments)
            .env("SOFTHSM2_CONF", &token.conf)
            .stdin(Stdio::null())
            .output()?;
        Ok(Said::of(&done))
    }

    /// `gridkey-admin --json ARGUMENTS` with an administrator's key: exit status, what it printed, and its error.
    pub fn admin(&self, token: &Token, arguments: &[&str]) -> Result<Said> {
        let server = self.at.server.admin.as_ref().context("there is no administrators' listener")?;
        let done = Command::new(programs()?.join("gridkey-admin"))
            .args(["--json", "--server", server, "--uri", &token.uri, "--root"])
            .arg(&self.at.root)
            .arg("--module")
            .arg(&token.module)
            .arg("--pin-file")
            .arg(&token.pin_file)
            .args(arguments)
            .env("SOFTHSM2_CONF", &token.conf)
            .stdin(Stdio::null())
            .output()?;
        Ok(Said::of(&done))
    }

    /// A command of a daemon's operator, `gridkey-platform arrears-run` for instance, beside the running daemon: what it
    /// printed.
    pub fn operate(&self, daemon: &str, arguments: &[&str]) -> Result<String> {
        let done = self.command(daemon, arguments)?;
        let error = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "gridkey-{daemon} {arguments:?}: {error}");
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// The same, however it ended.
    pub fn command(&self, daemon: &str, arguments: &[&str]) -> Result<Output> {
        let program = format!("gridkey-{daemon}");
        Command::new(programs()?.join(&program))
            .arg("--config")
            .arg(self.config(daemon)?)
            .args(arguments)
            .env_clear()
            .envs(self.daemon(daemon)?.environment.iter().cloned())
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot run {program}"))
    }

    /// The configuration file of the server or the platform.
    pub fn config(&self, daemon: &str) -> Result<&Path> {
        match daemon {
            "server" => Ok(&self.at.server.config),
            "platform" => Ok(&self.at.platform.config),
            _ => bail!("{daemon} has no commands"),
        }
    }

    /// Opens a bank page as a browser would and confirms the payment there.
    pub fn confirm_at_bank(&self, page: &str) -> Result<Value> {
        let done = Command::new(programs()?.join("gridkey-demo"))
            .args(["bank-page", page, "--web-root"])
            .arg(&self.at.web_root)
            .stdin(Stdio::null())
            .output()
            .context("cannot run gridkey-demo")?;
        let said = String::from_utf8_lossy(&done.stdout);
        ensure!(done.status.success(), "bank page: {said}{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_str(said.trim()).with_context(|| format!("bank page: {said}"))
    }

    /// The gateway's debits.
    pub fn ledger(&self) -> Result<Vec<Value>> {
        self.at_the_gateway("ledger")
    }

    /// What the gateway gave back.
    pub fn refunds(&self) -> Result<Vec<Value>> {
        self.at_the_gateway("refunds")
    }

    fn at_the_gateway(&self, page: &str) -> Result<Vec<Value>> {
        let url = format!("{}/{page}", self.at.sandbox.url);
        block_on(async { Ok(plain()?.get(url).send().await?.json().await?) })
    }

    /// A page of plain HTTP, as text.
    pub fn get(&self, url: &str) -> Result<String> {
        block_on(async { Ok(plain()?.get(url).send().await?.error_for_status()?.text().await?) })
    }

    /// Has the gateway misbehave; see the sandbox's README for the words.
    pub fn faults(&self, faults: &Value) -> Result<()> {
        let url = format!("{}/faults", self.at.sandbox.url);
        block_on(async {
            plain()?.post(url).json(faults).send().await?.error_for_status()?;
            Ok(())
        })
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        for daemon in self.daemons.values().filter(|daemon| daemon.is_running()) {
            // The folder goes next; there is nothing left to say goodbye for.
            let _ = daemon.signal("KILL");
            let _ = daemon.wait_gone(PATIENCE);
        }
    }
}

/// What `gridkey` or `gridkey-admin` said.
#[derive(Debug, Clone)]
pub struct Said {
    /// The exit status.
    pub status: i32,
    /// The object on stdout, or null.
    pub out: Value,
    /// The object on stderr, or null.
    pub error: Value,
}

impl Said {
    fn of(done: &Output) -> Self {
        let json = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.lines().rev().find_map(|line| serde_json::from_str(line).ok()).unwrap_or(Value::Null)
        };
        Self { status: done.status.code().unwrap_or(-1), out: json(&done.stdout), error: json(&done.stderr) }
    }
}

impl Daemon {
    /// Learns from the running process how it was started.
    fn of(name: &str, pid: i32, folder: &Path) -> Result<Self> {
        let words = |file: &str| -> Result<Vec<String>> {
            let bytes = fs::read(format!("/proc/{pid}/{file}")).with_context(|| format!("{name} does not run"))?;
            Ok(bytes
                .split(|byte| *byte == 0)
                .filter(|word| !word.is_empty())
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .collect())
        };
        let environment = words("environ")?
            .into_iter()
            .filter_map(|pair| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect();
        let log = folder.join("logs").join(format!("{name}.log"));
        let state = runtime_folder(&folder.join(name));
        Ok(Self { command: words("cmdline")?, environment, state, log, pid })
    }

    fn start(&mut self, failpoint: Option<&str>) -> Result<()> {
        let [program, arguments @ ..] = &self.command[..] else { bail!("a process without a program") };
        let state = self.state.as_ref().context("it never told that it was up")?.join("runtime.json");
        let _ = fs::remove_file(&state);
        let log = fs::OpenOptions::new().append(true).create(true).open(&self.log)?;
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(self.environment.iter().cloned()).stdin(Stdio::null());
        command.stdout(log.try_clone()?).stderr(log);
        if let Some(failpoint) = failpoint {
            command.env("GRIDKEY_FAILPOINT", failpoint);
        }
        let mut child = command.spawn()?;
        self.pid = i32::try_from(child.id())?;
        let begun = Instant::now();
        while !state.exists() {
            if let Some(status) = child.try_wait()? {
                bail!("{program} ended while it started ({status}): {}", last_words(&self.log));
            }
            ensure!(begun.elapsed() < PATIENCE, "{program} did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        // Reaps the process when it ends, however it ends.
        std::thread::spawn(move || child.wait());
        Ok(())
    }

    fn is_running(&self) -> bool {
        // A process that ended and was not reaped yet is a zombie; only then are its files and their locks given back.
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    }

    fn signal(&self, name: &str) -> Result<()> {
        let sent = Command::new("kill").args(["-s", name, &self.pid.to_string()]).status()?;
        ensure!(sent.success() || !self.is_running(), "cannot signal process {}", self.pid);
        Ok(())
    }

    fn wait_gone(&self, patience: Duration) -> Result<()> {
        let begun = Instant::now();
        while self.is_running() {
            ensure!(begun.elapsed() < patience, "process {} does not end", self.pid);
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

fn plain() -> Result<reqwest::Client> {
    Ok(gridkey_service::https::plain_client(gridkey_service::https::ClientTimeouts::default())?)
}

fn block_on<T>(task: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(task)
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
}

/// The end of a log.
fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

/// The folder below `folder` that holds `runtime.json`.
fn runtime_folder(folder: &Path) -> Option<PathBuf> {
    if folder.join("runtime.json").exists() {
        return Some(folder.to_owned());
    }
    let entries = fs::read_dir(folder).ok()?;
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).find_map(|path| runtime_folder(&path))
}
