//! Where a command is carried out: in the running platform, or here on its database.

use gridkey_service::{
    clock::SystemClock,
    control::{self, ControlCallError, ControlHandler as _},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{config::Config, control::Commands, serve, store::PlatformStore};

/// Where commands go.
pub(super) enum Target {
    /// To the platform that runs, through its socket.
    Daemon(std::path::PathBuf),
    /// To the database, opened by this process.
    Here(Box<Commands>),
}

impl Target {
    /// The running platform, or the opened database.
    pub(super) async fn of(config: &Config) -> anyhow::Result<Self> {
        let socket = config.control_socket();
        if control::is_running(&socket).await {
            return Ok(Self::Daemon(socket));
        }
        Self::over(config, serve::open_store(config).await?)
    }

    /// The opened store.
    pub(super) fn over(config: &Config, store: PlatformStore) -> anyhow::Result<Self> {
        let clock = SystemClock::shared();
        let payments = serve::open_payments(config, &store, &clock)?;
        Ok(Self::Here(Box::new(Commands::new(store, payments, clock))))
    }

    /// Has a command carried out.
    pub(super) async fn call<T: DeserializeOwned>(&mut self, command: &str, args: impl Serialize) -> anyhow::Result<T> {
        let args = serde_json::to_value(args)?;
        let answer = match self {
            Self::Daemon(socket) => control::call(socket, command, args).await?,
            Self::Here(commands) => {
                commands.handle(command.to_owned(), args).await.map_err(ControlCallError::Refused)?
            }
        };
        Ok(serde_json::from_value(answer)?)
    }

    /// Closes the database, so that the next command can open it.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self {
            Self::Daemon(_) => Ok(()),
            Self::Here(commands) => Ok(commands.into_store().close().await?),
        }
    }
}
