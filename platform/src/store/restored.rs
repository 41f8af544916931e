//! That this store was restored from a backup: what happened after the backup is unknown here until it is compared with the
//! gateway's settlement files, day by day; and the outbox was rewound, which its reader must be told.

use std::path::Path;

use gridkey_domain::Timestamp;
use gridkey_surreal::{
    Database, SurrealValue, Variables,
    backup::{BackupError, Summary},
    vars,
};
use gridkey_unionpay::settlement::settle_date;
use jiff::civil::Date;

use super::{DATABASE, FieldCipher, NAMESPACE, PlatformStore, StoreError, schema};
use crate::config::Config;

/// Whose backups these are.
pub const PROGRAM: &str = "gridkey-platform";

/// Migration step of this topic. `restored:EPOCH`, one for each restore; `finding:KEY`, see [`super::findings`].
pub(super) const SCHEMA: &str = "
DEFINE TABLE restored SCHEMAFULL;
DEFINE FIELD number ON restored TYPE int;
DEFINE FIELD at ON restored TYPE int;
DEFINE FIELD backup_at ON restored TYPE int;
DEFINE FIELD head ON restored TYPE int;
DEFINE FIELD days ON restored TYPE array<string>;

DEFINE TABLE finding SCHEMAFULL;
DEFINE FIELD kind ON finding TYPE string;
DEFINE FIELD order ON finding TYPE string;
DEFINE FIELD reference ON finding TYPE option<string>;
DEFINE FIELD amount ON finding TYPE int;
DEFINE FIELD customer ON finding TYPE option<string>;
DEFINE FIELD bills ON finding TYPE array<string>;
DEFINE FIELD day ON finding TYPE string;
DEFINE FIELD detail ON finding TYPE string;
DEFINE FIELD found_at ON finding TYPE int;
DEFINE FIELD settled_at ON finding TYPE option<int>;
DEFINE FIELD note ON finding TYPE option<string>;

DEFINE FIELD reserved ON payment TYPE option<string>;
DEFINE INDEX payment_taken ON payment FIELDS taken_at;

-- revocation_list:newest, the security server's.
DEFINE TABLE revocation_list SCHEMAFULL;
DEFINE FIELD number ON revocation_list TYPE int;
DEFINE FIELD list ON revocation_list TYPE string;

-- audit_head_lost: heads of entries that the security server lost by a restore.
DEFINE TABLE audit_head_lost SCHEMAFULL;
DEFINE FIELD length ON audit_head_lost TYPE int;
DEFINE FIELD hash ON audit_head_lost TYPE string;
DEFINE FIELD at ON audit_head_lost TYPE int;
DEFINE FIELD signature ON audit_head_lost TYPE string;
DEFINE FIELD certificate ON audit_head_lost TYPE array<string>;
DEFINE FIELD lost_at ON audit_head_lost TYPE int;
";

/// The epoch of an outbox that was never rewound.
pub const FIRST_EPOCH: &str = "first";

/// One restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Drawn at the restore: the outbox's epoch from then on.
    pub epoch: String,
    /// When.
    pub at: Timestamp,
    /// When the backup was made.
    pub backup_at: Timestamp,
    /// The newest number in the outbox as it was restored.
    pub head: u64,
    /// Settlement days that are not compared with the gateway yet.
    pub days: Vec<Date>,
}

#[derive(SurrealValue)]
struct Row {
    epoch: String,
    at: i64,
    backup_at: i64,
    head: i64,
    days: Vec<String>,
}

const DAMAGED: StoreError = StoreError::Damaged("restored");

impl PlatformStore {
    /// Writes a backup of the whole store as of `now` to a new file.
    ///
    /// # Errors
    /// [`BackupError`]; there is no such file then.
    pub async fn backup(&self, path: &Path, now: Timestamp) -> Result<Summary, BackupError> {
        self.database.backup(path, PROGRAM, env!("CARGO_PKG_VERSION"), now.seconds()).await
    }

    /// Every restore of this store, oldest first.
    pub async fn restores(&self) -> Result<Vec<Restored>, StoreError> {
        let sql = "SELECT *, record::id(id) AS epoch FROM restored ORDER BY number";
        let mut rows = self.database.run(sql, vars! {}).await?;
        rows.last_all::<Row>()?.into_iter().map(Restored::try_from).collect()
    }

    /// The last restore, if its time is not compared with the gateway's files yet.
    pub async fn uncompared(&self) -> Result<Option<Restored>, StoreError> {
        Ok(self.restores().await?.pop().filter(|restored| !restored.days.is_empty()))
    }

    /// Notes that these days are compared with the gateway, or that an operator goes on without.
    pub async fn cross_off(&self, days: &[Date]) -> Result<(), StoreError> {
        let days: Vec<String> = days.iter().map(Date::to_string).collect();
        self.database
            .transact("UPDATE restored SET days = array::complement(days, $days)", vars! { days: days })
            .await?;
        Ok(())
    }

    /// Notes that an operator goes on without comparing what is left.
    pub async fn go_on(&self) -> Result<(), StoreError> {
        self.database.transact("UPDATE restored SET days = []", vars! {}).await.map(drop)?;
        Ok(())
    }

    /// The outbox's epoch, and the number that a reader of `epoch` has to go back to if that is another one.
    pub async fn outbox_epoch(&self, epoch: &str) -> Result<(String, Option<u64>), StoreError> {
        let restores = self.restores().await?;
        let current = restores.last().map_or(FIRST_EPOCH, |last| &last.epoch);
        if current == epoch {
            return Ok((current.to_owned(), None));
        }
        let since = restores.iter().rposition(|restored| restored.epoch == epoch).map_or(0, |index| index + 1);
        let back = restores.iter().skip(since).map(|restored| restored.head).min();
        Ok((current.to_owned(), back))
    }
}

/// Restores a backup into the empty database that `config` names.
///
/// # Errors
/// [`BackupError`]; unless it says otherwise nothing was changed.
pub async fn restore(
    config: &Config,
    path: &Path,
    now: Timestamp,
    late_seconds: i64,
) -> anyhow::Result<(PlatformStore, Summary)> {
    use anyhow::Context as _;

    let key = config.key_path();
    // A key made now would open nothing.
    anyhow::ensure!(
        key.is_file(),
        "the key file {} is not there: put the one back that the backup was made with",
        key.display()
    );
    let cipher = FieldCipher::from_key_file(&key)?;
    gridkey_surreal::backup::verify(path, PROGRAM)?;
    let credentials = config.credentials()?;
    let database = Database::open(&config.database_url(), NAMESPACE, DATABASE, credentials).await?;
    let restored = fill(&database, path, &cipher, now, late_seconds).await;
    match restored {
        Ok(summary) => Ok((PlatformStore::over(database, cipher).await?, summary)),
        Err(error) => {
            database.close().await.context("closing the database")?;
            Err(error.into())
        }
    }
}

async fn fill(
    database: &Database,
    path: &Path,
    cipher: &FieldCipher,
    now: Timestamp,
    late_seconds: i64,
) -> Result<Summary, BackupError> {
    let restoring = database.restore(path, PROGRAM, schema::MIGRATIONS).await?;
    opens(database, cipher).await.map_err(BackupError::Useless)?;
    let backup_at = Timestamp::from_seconds(restoring.summary().header.at);
    let (sql, variables) =
        finish(backup_at, now, late_seconds).map_err(|error| BackupError::Useless(error.to_string()))?;
    restoring.finish(&sql, variables).await
}

/// Whether the key file is the one under which the restored fields are sealed.
async fn opens(database: &Database, cipher: &FieldCipher) -> Result<(), String> {
    let mut rows =
        database.run("SELECT VALUE sealed FROM customer LIMIT 1", vars! {}).await.map_err(|error| error.to_string())?;
    let sealed = rows.last::<gridkey_surreal::Bytes>().map_err(|error| error.to_string())?;
    match sealed.map(|sealed| cipher.open(&sealed)) {
        Some(Err(_)) => Err("the key file is not the one that the backup was made with".to_owned()),
        Some(Ok(_)) | None => Ok(()),
    }
}

/// What makes a restored database one that knows it.
fn finish(backup_at: Timestamp, now: Timestamp, late_seconds: i64) -> Result<(String, Variables), StoreError> {
    let mut epoch = [0; 16];
    getrandom::fill(&mut epoch).map_err(|_| StoreError::Damaged("no randomness"))?;
    // A form handed out just before may be paid for a while yet.
    let (from, to) = (settle_date(backup_at), settle_date(now.plus_seconds(late_seconds)));
    let days: Vec<String> =
        from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to).map(|day| day.to_string()).collect();
    let sql = "LET $last = (SELECT VALUE number FROM restored ORDER BY number DESC LIMIT 1)[0] ?? 0;
        UPDATE restored SET days = [];
        CREATE type::record('restored', $epoch) SET number = $last + 1, at = $at, backup_at = $backup_at,
            head = counter:outbox.reached ?? 0, days = $days;";
    Ok((
        sql.to_owned(),
        vars! {
            epoch: hex::encode(epoch),
            at: now.seconds(),
            backup_at: backup_at.seconds(),
            days: days,
        },
    ))
}

impl TryFrom<Row> for Restored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            epoch: row.epoch,
            at: Timestamp::from_seconds(row.at),
            backup_at: Timestamp::from_seconds(row.backup_at),
            head: row.head.try_into().map_err(|_| DAMAGED)?,
            days: row.days.iter().map(|day| day.parse()).collect::<Result<_, _>>().map_err(|_| DAMAGED)?,
        })
    }
}
