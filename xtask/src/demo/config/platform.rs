//! `platform.toml`: the intranet's listener for the security server alone, and the merchant's side of the gateway.

use anyhow::Result;

use super::{Plan, quoted, sandbox::MERCHANT};
use crate::demo::layout;

pub(super) fn write(plan: &Plan) -> Result<()> {
    let intranet = plan.server.state.join("intranet");
    let keys = plan.sandbox.folder.join("keys");
    let text = format!(
        r#"# The demo's payment platform: its one caller is the security server, its one outbound peer the gateway.
state_dir = "state"

[intranet]
listen = "{intranet_address}"
certificate = {certificate}
key = {key}
client_root = {client_root}
client_name = "security-server"

[ops]
listen = "{ops}"

[unionpay]
gateway = "http://{gateway}"
merchant = "{MERCHANT}"
key = {merchant_key}
certificate = {merchant_certificate}
root = {acp_root}
middle = {acp_middle}
notify_url = "{public_url}/unionpay/notify"
return_url = "{public_url}/pay/return"
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
