//! SoftHSM for tests: a folder of tokens of its own for each test.
//!
//! SoftHSM finds its tokens through the environment variable `SOFTHSM2_CONF`, read once by a process. A test that needs it
//! therefore runs in a child process: [`in_own_process`] starts this test binary again for that one test.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// Set in the child, to the folder that the test may use.
const FOLDER: &str = "GRIDKEY_TEST_SOFTHSM_FOLDER";

/// Where SoftHSM is on Debian and Ubuntu; `SOFTHSM2_MODULE` says otherwise.
pub(crate) fn module() -> PathBuf {
    env::var_os("SOFTHSM2_MODULE").map_or_else(|| PathBuf::from("/usr/lib/softhsm/libsofthsm2.so"), PathBuf::from)
}

/// Runs `body` for the test of that name with a SoftHSM folder of its own.
pub(crate) fn in_own_process(test: &str, body: impl FnOnce(&Path)) {
    if let Some(folder) = env::var_os(FOLDER) {
        body(Path::new(&folder));
        std::fs::write(Path::new(&folder).join("ran"), test).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    std::fs::write(&configuration, text).unwrap();
    let status = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env("SOFTHSM2_CONF", configuration)
        .env(FOLDER, folder.path())
        .status()
        .unwrap();
    assert!(status.success(), "{test} failed in its own process: {status}");
    assert!(folder.path().join("ran").exists(), "there is no test of the name {test}");
}
