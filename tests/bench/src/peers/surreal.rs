//! SurrealDB alone, on the engine of our stores.

use anyhow::Result;

use crate::{
    bench::Bench,
    measure::{Batch, watch},
    work::{Amount, Done, Kind},
    worker::Worker,
};

/// A process that creates records.
pub(crate) struct Surreal(Worker);

impl Surreal {
    /// Opens an empty database.
    pub(crate) fn start(bench: &Bench) -> Result<Self> {
        let folder = bench.folder("surreal")?;
        Ok(Self(Worker::start(Kind::Creates, &folder.join("store"), &folder)?))
    }

    /// Creates records.
    pub(crate) async fn create(&mut self, amount: Amount) -> Result<Batch> {
        let pid = self.0.pid()?;
        watch(pid, async { Ok((self.0.ask::<Done>(&amount).await?.count, Vec::new())) }).await
    }
}
