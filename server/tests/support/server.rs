//! A server's configuration for tests, on a SoftHSM and an embedded database in a folder of its own.

use std::path::Path;

use gridkey_server::config::Config;

/// A configuration file in `folder`, with secrets beside it.
pub(crate) fn configure(folder: &Path, software_keys: bool) -> Config {
    use std::os::unix::fs::PermissionsExt as _;
    for secret in ["hsm-pin", "hsm-so-pin", "root-pin", "root-so-pin"] {
        let path = folder.join(secret);
        std::fs::write(&path, format!("{secret}-for-tests\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let path = folder.join("server.toml");
    let text = format!(
        r#"
state_dir = "state"
[session]
listen = "127.0.0.1:0"
[admin]
listen = "127.0.0.1:0"
[public]
listen = "127.0.0.1:0"
[ops]
listen = "127.0.0.1:0"
[hsm]
module = "{}"
token = "pkcs11:token=gridkey"
pin = {{ file = "hsm-pin" }}
so_pin = {{ file = "hsm-so-pin" }}
call_milliseconds = 30000
[root]
token = "pkcs11:token=gridkey-root"
pin = {{ file = "root-pin" }}
so_pin = {{ file = "root-so-pin" }}
[development]
software_keys = {software_keys}
"#,
        crate::softhsm::module().display()
    );
    std::fs::write(&path, text).unwrap();
    Config::load(&path).unwrap()
}
