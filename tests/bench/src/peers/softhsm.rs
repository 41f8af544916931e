//! SoftHSM alone: the X25519 derivation that opens an order.

use anyhow::Result;

use crate::{
    bench::Bench,
    measure::{Batch, watch},
    stack::Stack,
    work::{Amount, Done, Kind},
    worker::Worker,
};

/// A process that derives, on a token of its own.
pub(crate) struct SoftHsm(Worker);

impl SoftHsm {
    /// Provisions a token as the server's is, and opens as many sessions as the server does.
    pub(crate) async fn start(bench: &Bench) -> Result<Self> {
        let stack = Stack::provision(bench, "softhsm", None).await?;
        Ok(Self(Worker::start(Kind::Derive, &stack.config, &stack.folder)?))
    }

    /// Derives.
    pub(crate) async fn derive(&mut self, amount: Amount) -> Result<Batch> {
        let pid = self.0.pid()?;
        watch(pid, async { Ok((self.0.ask::<Done>(&amount).await?.count, Vec::new())) }).await
    }
}
