//! The second client in `tests/interop/gridkey.py`, written from the documents alone, reproduces the vectors too.
//!
//! It needs Python packages that are no part of this project. Without them the test says so and passes; `GRIDKEY_PYTHON`
//! names the interpreter that has them.

use std::{
    io::{self, Write as _},
    path::Path,
    process::Command,
};

#[test]
fn a_client_written_from_the_documents_reproduces_the_vectors() {
    let here = Path::new(".");
    let python = std::env::var("GRIDKEY_PYTHON").unwrap_or_else(|_| "python3".into());
    let has_packages = Command::new(&python).args(["-c", "import cbor2, nacl, cryptography"]).output();
    if !has_packages.is_ok_and(|output| output.status.success()) {
        // Past the harness's capture, so that it is seen.
        let _ = writeln!(io::stderr(), "skipped: {python} lacks cbor2, PyNaCl or cryptography (set GRIDKEY_PYTHON)");
        return;
    }
    let output = Command::new(&python)
        .arg(here.join("../../tests/interop/gridkey.py"))
        .arg("vectors")
        .arg(here.join("vectors/gridkey-v1.json"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("ok  18 values"));
}
