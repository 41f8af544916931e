//! `gridkey confirm`: where a payment stands, with a fresh bank page while it is pending.

use gridkey_domain::PaymentId;

use super::show;
use crate::{
    exit::{Done, Failure},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, payment: PaymentId, open: bool) -> Result<Done, Failure> {
    let (mut client, _) = context.online().await?;
    let view = client.confirm(payment).await;
    client.close().await;
    let view = view?;
    context.output.print(&view, || show::payment(&view))?;
    if open {
        show::open_page(&view);
    }
    Ok(show::done(&view))
}
