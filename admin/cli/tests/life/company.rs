//! A company on SoftHSM for the tests of this crate: a server, a first administrator, everybody's tokens.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use gridkey_client::config::ClientConfig;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const SO_PIN: &str = "97531086420";
pub(crate) const PIN: &str = "246813579024";
pub(crate) const NUMBER: &str = "1100000001";
/// Longest wait for anything; a test that reaches it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Set in a child process that is somebody's program, to its configuration.
pub(crate) const CONFIGURED: &str = "GRIDKEY_TEST_CONFIGURATION";

pub(crate) fn module() -> PathBuf {
    std::env::var_os("SOFTHSM2_MODULE").map_or_else(|| "/usr/lib/softhsm/libsofthsm2.so".into(), PathBuf::from)
}

/// A program of the workspace, built by `cargo xtask test` or beside this test.
pub(crate) fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("GRIDKEY_BIN_DIR").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned());
    let program = folder.join(name);
    assert!(program.is_file(), "{} is not built: use cargo xtask test", program.display());
    program
}

/// A company and its tokens in a folder; the server's HSM is another SoftHSM than the one in everybody's hands.
pub(crate) struct Company {
    folder: TempDir,
    /// The running server.
    pub(crate) server: Option<Child>,
}

impl Drop for Company {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

impl Company {
    /// A server whose first administrator, a security officer, has a key on a token.
    pub(crate) fn found() -> Self {
        let company = Self { folder: tempfile::tempdir().unwrap(), server: None };
        for side in ["hsm", "hands"] {
            std::fs::create_dir_all(company.path(side).join("tokens")).unwrap();
            let tokens = company.path(side).join("tokens");
            let text =
                format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
            std::fs::write(company.path(side).join("softhsm2.conf"), text).unwrap();
        }
        for secret in ["hsm-pin", "hsm-so-pin", "root-pin", "root-so-pin"] {
            company.secret(secret, &format!("{secret}-for-tests"));
        }
        company.secret("so-pin", SO_PIN);
        company.secret("pin", PIN);
        let listen = "listen = \"127.0.0.1:0\"";
        let text = format!(
            "state_dir = \"state\"\n[session]\n{listen}\n[admin]\n{listen}\n[public]\n{listen}\n[ops]\n{listen}\n\
             [hsm]\nmodule = {module:?}\ntoken = \"pkcs11:token=gridkey\"\npin = {{ file = \"hsm-pin\" }}\n\
             so_pin = {{ file = \"hsm-so-pin\" }}\ncall_milliseconds = 30000\n\
             [root]\ntoken = \"pkcs11:token=gridkey-root\"\npin = {{ file = \"root-pin\" }}\nso_pin = {{ file = \"root-so-pin\" }}\n",
            module = module().display().to_string(),
        );
        std::fs::write(company.path("server.toml"), text).unwrap();
        company.good(&company.admin("", &["key", "init", "--csr", "admin.csr"], Some("admin-1")));
        let admin = ["init", "--admin-csr", "admin.csr", "--admin-out", "admin"];
        company.good(&company.server_command(&admin).output().unwrap());
        company.good(&company.admin("admin-1", &["key", "write", "--certificates", "admin/certificate.pem"], None));
        company
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(self.path(name), format!("{text}\n")).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub(crate) fn in_folder(&self, program: &Path, side: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("SOFTHSM2_CONF", self.path(side).join("softhsm2.conf"))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn server_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.in_folder(&program("gridkey-server"), "hsm");
        command.args(["--config", "server.toml"]).args(arguments);
        command
    }

    pub(crate) fn serve(&mut self) {
        // What a killed server left behind says nothing of this one.
        let _ = std::fs::remove_file(self.path("state/runtime.json"));
        let log = std::fs::File::create(self.path("server.log")).unwrap();
        let server = self.server_command(&["serve"]).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        self.server = Some(server);
        let begun = Instant::now();
        while self.address("admin").is_none() {
            assert!(begun.elapsed() < PATIENCE, "the server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where a listener of the running server is.
    pub(crate) fn address(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.path("state/runtime.json")).ok()?;
        let port = serde_json::from_str::<Value>(&text).ok()?[name].as_str()?.rsplit(':').next()?.to_owned();
        Some(format!("wss://localhost:{port}/session"))
    }

    /// Runs `gridkey-admin` with the token `who`; `new` is the label of a blank token in the reader.
    pub(crate) fn admin(&self, who: &str, arguments: &[&str], new: Option<&str>) -> Output {
        let mut command = self.in_folder(Path::new(env!("CARGO_BIN_EXE_gridkey-admin")), "hands");
        command.args(arguments).args(["--json", "--root", "state/root.pem", "--pin-file", "pin"]);
        command.arg("--module").arg(module()).args(["--uri", &format!("pkcs11:token={who}")]);
        if let Some(server) = self.address("admin") {
            command.args(["--server", &server]);
        }
        if let Some(label) = new {
            command.args(["--label", label, "--so-pin-file", "so-pin", "--user-pin-file", "pin"]);
        }
        let output = command.output().unwrap();
        for stream in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(stream).contains(PIN), "the PIN is printed");
        }
        output
    }

    pub(crate) fn good(&self, output: &Output) -> Value {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let log = std::fs::read_to_string(self.path("server.log")).unwrap_or_default();
        assert!(output.status.success(), "{}\n{out}\n{err}\n{log}", output.status);
        out.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or(Value::Null)
    }

    /// The customer's `gridkey` with the token `who`.
    pub(crate) fn customer(&self, who: &str, arguments: &[&str]) -> Command {
        let mut command = self.in_folder(&program("gridkey"), "hands");
        command.args(arguments).args(["--json", "--root", "state/root.pem", "--store", "store", "--pin-file", "pin"]);
        command.arg("--module").arg(module()).args(["--uri", &format!("pkcs11:token={who}")]);
        command.args(["--server", &self.address("session").unwrap()]);
        command
    }
}

pub(crate) fn code(output: &Output) -> (i32, String) {
    let error: Value = serde_json::from_slice(&output.stderr).unwrap_or(Value::Null);
    let code = error["error"]["code"].as_str().unwrap_or_default().to_owned();
    (output.status.code().unwrap_or(-1), code)
}

/// Waits for a program to end; its exit status.
pub(crate) fn wait(mut child: Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the program does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A client's configuration with the token `who`, for a listener of the server.
pub(crate) fn client_file(company: &Company, who: &str, listener: &str) -> String {
    format!(
        "server = {:?}\nroot = \"state/root.pem\"\nstore = \"store\"\nmodule = {:?}\nuri = \"pkcs11:token={who}\"\n",
        company.address(listener).unwrap(),
        module().display().to_string()
    )
}

/// The configuration, in a process that is somebody's program.
pub(crate) fn configured() -> Option<ClientConfig> {
    std::env::var_os(CONFIGURED).map(|file| ClientConfig::from_file(Path::new(&file)).unwrap())
}

/// Runs the test `part` in a process that sees the tokens in people's hands; gives what it printed.
pub(crate) fn in_hands(company: &Company, part: &str, config: &str) -> String {
    std::fs::write(company.path("client.toml"), config).unwrap();
    let mut child = company.in_folder(&std::env::current_exe().unwrap(), "hands");
    let child = child.args([part, "--exact", "--nocapture"]);
    let output = child.env(CONFIGURED, company.path("client.toml")).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}
