//! SoftHSM2 in a folder of its own.
//!
//! SoftHSM reads its configuration from `SOFTHSM2_CONF`, which belongs to the process; so each test runs itself again in
//! a child process with that variable set. It also keeps one test's module state out of another's.

use std::path::{Path, PathBuf};
use std::process::Command;

use gridkey_token::pkcs11::{Pkcs11Provider, Pkcs11Token, SlotChoice};

use super::pin;

/// The PIN that tests give to the user.
pub(crate) const USER_PIN: &str = "246813579024";
/// The PIN that tests give to the security officer.
pub(crate) const SO_PIN: &str = "97531086420";

/// An empty SoftHSM.
pub(crate) struct SoftHsm {
    /// Its module.
    pub(crate) module: PathBuf,
    /// The folder of its tokens.
    pub(crate) tokens: PathBuf,
}

/// Runs `body` in a child process with an empty SoftHSM. `test` is the name of the calling test.
pub(crate) fn with_softhsm(test: &str, body: impl FnOnce(&SoftHsm)) {
    if let Some(conf) = std::env::var_os("SOFTHSM2_CONF").filter(|_| std::env::var_os(CHILD).is_some()) {
        let folder = Path::new(&conf).parent().expect("a folder");
        body(&SoftHsm { module: module(), tokens: folder.join("tokens") });
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let conf = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).expect("the tokens' folder");
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    std::fs::write(&conf, text).expect("the configuration");
    let run = Command::new(std::env::current_exe().expect("this test"))
        .args([test, "--exact", "--nocapture"])
        .env("SOFTHSM2_CONF", &conf)
        .env(CHILD, "1")
        .output()
        .expect("the child");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{}\n{out}\n{err}", run.status);
    assert!(out.contains("1 passed"), "{test} is not the name of a test:\n{out}");
}

const CHILD: &str = "GRIDKEY_TOKEN_TEST_CHILD";

impl SoftHsm {
    /// The module, loaded.
    pub(crate) fn provider(&self) -> Pkcs11Provider {
        Pkcs11Provider::open(&self.module).expect("SoftHSM loads")
    }

    /// A new token with both PINs set and nothing on it.
    pub(crate) fn new_token(&self, label: &str) -> Pkcs11Token {
        self.provider()
            .initialise(SlotChoice::FirstBlank, label, &pin(SO_PIN), &pin(USER_PIN))
            .expect("a blank slot is initialised")
    }
}

/// Where Debian, Fedora and Homebrew put it, unless `GRIDKEY_SOFTHSM_MODULE` says otherwise.
fn module() -> PathBuf {
    let usual = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ];
    std::env::var_os("GRIDKEY_SOFTHSM_MODULE")
        .map(PathBuf::from)
        .or_else(|| usual.iter().map(PathBuf::from).find(|path| path.exists()))
        .expect("these tests need SoftHSM2 (package softhsm2), or GRIDKEY_SOFTHSM_MODULE set to its module")
}
