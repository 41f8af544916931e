//! `platform.toml`: the intranet's listener for the security server alone, and the merchant's side of the gateway.

use anyhow::Result;

use super::{Plan, quoted, sandbox::MERCHANT};
use crate::demo::layout;

pub(super) fn write(plan: &Plan) -> Result<()> {
    let intranet = plan.server.state.join("intranet");
    let keys = plan.sandbox.folder.join("keys");
    let text = format!(
        r#"# The demo's payment platform: its one caller is the security server, its one outbound peer the gateway.
data_dir = "state"

[https]
listen = "{intranet_address}"
certificate = {certificate}
key = {key}
client_root = {client_root}

[ops]
listen = "{ops}"

[arrears]
# The journey looks at them itself, with somebody watching and somebody away.
at_start = false

[unionpay]
gateway = "http://{gateway}"
merchant = "{MERCHANT}"
signing_key = {merchant_key}
signing_certificate = {merchant_certificate}
verify_root = {acp_root}
verify_middle = {acp_middle}
public_base = "{public_url}"
"#,
        intranet_address = plan.intranet,
        certificate = quoted(&intranet.join("platform.pem")),
        key = quoted(&intranet.join("platform-key.pem")),
        client_root = quoted(&intranet.join("root.pem")),
        ops = plan.platform_ops,
        gateway = plan.gateway,
        merchant_key = quoted(&keys.join("merchant-key.pem")),
        merchant_certificate = quoted(&keys.join("merchant-certificate.pem")),
        acp_root = quoted(&keys.join("acp-root.pem")),
        acp_middle = quoted(&keys.join("acp-middle.pem")),
        public_url = plan.public_url(),
    );
    layout::write(&plan.platform.config, &text)
}
