//! `gridkey settings`: what is kept at the server for every device.

use gridkey_protocol::ops::account::{Settings, SettingsUpdate};

use crate::{
    args::SettingsArgs,
    exit::{Done, Failure},
    output::{done, pairs},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, args: SettingsArgs) -> Result<Done, Failure> {
    let SettingsArgs { language, notify_arrears, notify_bills, notify_payments } = args;
    let update = SettingsUpdate { locale: language, notify_arrears, notify_bills, notify_payments };
    if update != SettingsUpdate::default() {
        let (mut client, _) = context.online().await?;
        let settings = client.update_settings(&update).await;
        client.close().await;
        let settings = settings?;
        context.output.print(&settings, || text(&settings))?;
        return Ok(Done::Ok);
    }
    let mut client = context.maybe_online().await?;
    let settings = client.settings().await?;
    context.output.fetched("settings", &settings, client.now(), text)?;
    client.close().await;
    Ok(done(settings.live, context.global.offline))
}

fn text(settings: &Settings) -> String {
    let word = |on| if on { "yes" } else { "no" }.to_owned();
    pairs(&[
        ("Language", settings.locale.clone()),
        ("Notify arrears", word(settings.notify_arrears)),
        ("Notify bills", word(settings.notify_bills)),
        ("Notify payments", word(settings.notify_payments)),
    ])
}
