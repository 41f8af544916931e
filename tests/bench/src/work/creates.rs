//! Records created in SurrealDB on the engine and with the durability of our own stores, one statement each: what the
//! database alone can do.

use std::path::Path;

use anyhow::Result;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gridkey_surreal::Bytes;
use gridkey_surreal::{Database, vars};

use super::{Amount, Done, Work, embedded};

/// About what a stored order takes: the order, its signature and its chain.
const RECORD: usize = 2 * 1024;

pub(super) struct Creates {
    database: Database,
    next: u64,
}

impl Creates {
    pub(super) async fn open(place: &Path) -> Result<Self> {
        let database = Database::open(&embedded(place), "bench", "creates", None).await?;
        database.run("DEFINE TABLE entry SCHEMALESS", vars! {}).await?;
        Ok(Self { database, next: 0 })
    }
}

impl Work for Creates {
    type Job = Amount;
    type Outcome = Done;

    async fn carry_out(&mut self, job: Amount) -> Result<Done> {
        let first = self.next;
        self.next += u64::try_from(job.count)?;
        stream::iter(first..self.next)
            .map(|n| {
                let database = &self.database;
                async move {
                    let n = i64::try_from(n)?;
                    let content = Bytes::from(vec![7; RECORD]);
                    let values = vars! { n: n, content: content };
                    database.run("CREATE type::record('entry', $n) SET content = $content RETURN NONE", values).await?;
                    Ok::<_, anyhow::Error>(())
                }
            })
            .buffer_unordered(job.at_once)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(Done { count: job.count })
    }
}
