//! `server.toml`; every key is explained in the example that `gridkey-server` ships.

use anyhow::Result;

use super::{Plan, quoted};
use crate::demo::layout;

pub(super) fn write(plan: &Plan) -> Result<()> {
    for pin in ["hsm-pin", "hsm-so-pin", "root-pin", "root-so-pin"] {
        layout::write_pin(&plan.server.folder.join("secrets").join(pin))?;
    }
    let text = format!(
        r#"# The demo's security server: on loopback, with its HSM and the company root on SoftHSM2 tokens.
state_dir = "state"

[session]
listen = "{session}"
host = "localhost"

[admin]
listen = "{admin}"

[public]
listen = "{public}"
base_url = "{public_url}"

[ops]
listen = "{ops}"

[hsm]
module = {module}
token = "pkcs11:token=gridkey"
pin = {{ file = "secrets/hsm-pin" }}
so_pin = {{ file = "secrets/hsm-so-pin" }}

[root]
token = "pkcs11:token=gridkey-root"
pin = {{ file = "secrets/root-pin" }}
so_pin = {{ file = "secrets/root-so-pin" }}

[platform]
url = "https://{intranet}"

[audit]
# Often, so that the journey need not wait for the head it looks at.
head_seconds = 2

[development]
software_keys = true
"#,
        session = plan.session,
        admin = plan.admin,
        public = plan.public,
        public_url = plan.public_url(),
        ops = plan.server_ops,
        module = quoted(&plan.module),
        intranet = plan.intranet,
    );
    layout::write(&plan.server.config, &text)
}
