//! Heads of the security server's audit chain, lodged here so that a tail cut off there is found. Append only.

use gridkey_domain::Timestamp;
use gridkey_surreal::{RecordId, SurrealValue, vars};
use serde::{Deserialize, Serialize};

use super::{PlatformStore, StoreError};

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditHead {
    /// How many entries the chain has.
    pub length: u64,
    /// The newest entry's hash, hex.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The receipt key's signature, hex.
    pub signature: String,
    /// That key's certificate chain, leaf first, DER in base64.
    pub certificate: Vec<String>,
}

#[derive(SurrealValue)]
struct Row {
    length: i64,
    hash: String,
    at: i64,
    signature: String,
    certificate: Vec<String>,
}

impl PlatformStore {
    /// Keeps a head. [`StoreError::Refused`] `audit-conflict` if the chain would become shorter, or has another hash at the
    /// same length.
    pub async fn lodge_head(&self, head: &AuditHead) -> Result<(), StoreError> {
        let length = i64::try_from(head.length).map_err(|_| StoreError::Damaged("audit head"))?;
        self.database
            .transact(
                "LET $newest = counter:audit_head.reached ?? -1;
                 IF $length < $newest { THROW 'audit-conflict:a longer chain is lodged already' };
                 IF $length = $newest AND $record.hash != $hash { THROW 'audit-conflict:another hash is lodged for that length' };
                 UPSERT counter:audit_head SET reached = $length;
                 UPSERT $record SET hash = $hash, at = $at, signature = $signature, certificate = $certificate;",
                vars! {
                    length: length,
                    record: RecordId::new("audit_head", length),
                    hash: head.hash.clone(),
                    at: head.at.seconds(),
                    signature: head.signature.clone(),
                    certificate: head.certificate.clone(),
                },
            )
            .await?;
        Ok(())
    }

    /// Lets the chain go on from `length` entries, since the security server was restored: longer heads are set aside, for ever.
    /// Gives how many.
    pub async fn restart_heads(&self, length: u64, now: Timestamp) -> Result<usize, StoreError> {
        let length = i64::try_from(length).map_err(|_| StoreError::Damaged("audit head"))?;
        let mut rows = self
            .database
            .transact(
                "LET $heads = (SELECT *, record::id(id) AS length FROM audit_head WHERE record::id(id) > $length);
                 FOR $head IN $heads {
                    CREATE audit_head_lost SET length = $head.length, hash = $head.hash, at = $head.at,
                        signature = $head.signature, certificate = $head.certificate, lost_at = $now;
                    DELETE $head.id;
                 };
                 LET $kept = (SELECT VALUE record::id(id) FROM audit_head);
                 IF array::len($kept) > 0 { UPSERT counter:audit_head SET reached = array::max($kept) }
                 ELSE { DELETE counter:audit_head };
                 RETURN array::len($heads);",
                vars! { length: length, now: now.seconds() },
            )
            .await?;
        Ok(usize::try_from(rows.last::<i64>()?.unwrap_or(0)).unwrap_or(0))
    }

    /// Keeps the security server's revocation list, unless a newer one is kept.
    pub async fn keep_crl(&self, number: u64, list: &str) -> Result<(), StoreError> {
        let number = i64::try_from(number).map_err(|_| StoreError::Damaged("revocation list"))?;
        self.database
            .transact(
                "IF (revocation_list:newest.number ?? -1) < $number {
                    UPSERT revocation_list:newest SET number = $number, list = $list;
                 };",
                vars! { number: number, list: list.to_owned() },
            )
            .await?;
        Ok(())
    }

    /// The newest revocation list, and its number.
    pub async fn newest_crl(&self) -> Result<Option<(u64, String)>, StoreError> {
        #[derive(SurrealValue)]
        struct List {
            number: i64,
            list: String,
        }
        let mut rows = self.database.run("SELECT * FROM revocation_list:newest", vars! {}).await?;
        let read = |list: List| Some((u64::try_from(list.number).ok()?, list.list));
        Ok(rows.one::<List>(0)?.and_then(read))
    }

    /// The longest head lodged.
    pub async fn newest_head(&self) -> Result<Option<AuditHead>, StoreError> {
        let mut rows = self
            .database
            .run(
                "SELECT *, record::id(id) AS length FROM type::record('audit_head', counter:audit_head.reached ?? -1)",
                vars! {},
            )
            .await?;
        let Some(row) = rows.one::<Row>(0)? else { return Ok(None) };
        Ok(Some(AuditHead {
            length: row.length.try_into().map_err(|_| StoreError::Damaged("audit head"))?,
            hash: row.hash,
            at: Timestamp::from_seconds(row.at),
            signature: row.signature,
            certificate: row.certificate,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(length: u64, hash: &str) -> AuditHead {
        AuditHead {
            length,
            hash: hash.to_owned(),
            at: Timestamp::from_seconds(1_000),
            signature: "00".to_owned(),
            certificate: vec!["AA==".to_owned()],
        }
    }

    #[tokio::test]
    async fn a_chain_that_was_restored_goes_on_and_what_was_lost_is_kept() {
        let store = PlatformStore::in_memory().await.unwrap();
        for head in [head(3, "aa"), head(7, "bb"), head(9, "cc")] {
            store.lodge_head(&head).await.unwrap();
        }
        assert_eq!(store.restart_heads(5, Timestamp::from_seconds(9)).await.unwrap(), 2);
        assert_eq!(store.newest_head().await.unwrap(), Some(head(3, "aa")));
        store.lodge_head(&head(6, "dd")).await.unwrap();
        store.lodge_head(&head(7, "ee")).await.unwrap();
        assert_eq!(store.restart_heads(0, Timestamp::from_seconds(9)).await.unwrap(), 3);
        assert_eq!(store.newest_head().await.unwrap(), None);
        let mut rows =
            store.database().run("SELECT VALUE hash FROM audit_head_lost ORDER BY hash", vars! {}).await.unwrap();
        assert_eq!(rows.last_all::<String>().unwrap(), ["aa", "bb", "cc", "dd", "ee"]);
    }

    #[tokio::test]
    async fn a_chain_only_grows() {
        let store = PlatformStore::in_memory().await.unwrap();
        assert_eq!(store.newest_head().await.unwrap(), None);
        for good in [head(0, "00"), head(3, "aa"), head(3, "aa"), head(7, "bb")] {
            store.lodge_head(&good).await.unwrap();
        }
        for bad in [head(3, "aa"), head(7, "cc"), head(6, "bb")] {
            let refused = store.lodge_head(&bad).await;
            assert!(matches!(refused, Err(StoreError::Refused { code, .. }) if code == "audit-conflict"));
        }
        assert_eq!(store.newest_head().await.unwrap(), Some(head(7, "bb")));
    }
}
