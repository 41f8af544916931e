//! `sandbox.toml` over the keys and certificates that `unionpay-sandbox init` makes in the same folder.

use anyhow::Result;

use super::{Plan, quoted};
use crate::demo::layout;

/// The demo's merchant at the gateway, the one that `init` makes a certificate for.
pub(super) const MERCHANT: &str = "898110000000001";

pub(super) fn write(plan: &Plan) -> Result<()> {
    let text = format!(
        r#"# The demo's UnionPay gateway. It notifies again soon, so that a notification lost on the way is made up for.
listen = "{gateway}"
state = "state"

[gateway]
key = "keys/gateway-key.pem"
certificate = "keys/gateway-certificate.pem"

[[merchant]]
id = "{MERCHANT}"
name = "Gridkey Demo Power Company"
certificate = "keys/merchant-certificate.pem"

[notify]
web_root = {web_root}
pauses_ms = [0, 2000, 5000, 10000, 30000]
"#,
        gateway = plan.gateway,
        web_root = quoted(&plan.web_root()),
    );
    layout::write(&plan.sandbox.config, &text)
}
