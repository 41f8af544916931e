//! What `/healthz` says: the parts without which no customer can be served.

use std::sync::Arc;

use gridkey_service::ops::{Health, HealthCheck, Part};

use crate::core::Core;

/// Asks each part.
pub struct ServerHealth {
    core: Arc<Core>,
}

impl ServerHealth {
    /// The health of the server around `core`.
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait::async_trait]
impl HealthCheck for ServerHealth {
    async fn health(&self) -> Health {
        let core = &self.core;
        let (store, hsm, platform) = tokio::join!(core.store.check(), core.hsm.check(), core.platform.ping(core.now()));
        let envelope = core.envelopes.newest(core.now());
        let told = |result: Result<(), String>| match result {
            Ok(()) => (true, "ok".to_owned()),
            Err(why) => (false, why),
        };
        let part = |name, result| {
            let (ok, detail) = told(result);
            metrics::gauge!("gridkey_part_up", "part" => name).set(if ok { 1 } else { 0 });
            Part::new(name, ok, detail)
        };
        Health::of(vec![
            part("store", store.map_err(|error| error.to_string())),
            part("hsm", hsm.map_err(|error| error.to_string())),
            part("platform", platform.map_err(|error| error.to_string())),
            part("envelope", envelope.map(drop).ok_or_else(|| "no envelope certificate is in its time".into())),
        ])
    }
}
