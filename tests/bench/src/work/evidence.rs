//! A server's own store, opened as its commands open it: filled with ended keys and audit entries, and then timed at making the
//! revocation list and at verifying the chain.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, ensure};
use gridkey_client::clock::Clock;
use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::TrustAnchor;
use gridkey_server::{
    ca::Issuer,
    config::Config,
    control::verify_audit,
    hsm::Pkcs11Hsm,
    intranet::Platform,
    parts,
    store::{AuditDraft, KeyEnd, KeyRecord, KeyState, KeyStep, OutboxStep, Role, Store as _, surreal::SurrealStore},
};
use gridkey_service::https::{ClientTimeouts, plain_client};
use serde::{Deserialize, Serialize};

use super::Work;

/// Entries chained in one transaction while the store is filled.
const ENTRIES_AT_ONCE: u64 = 250;
/// Bytes of an entry's facts: about those of a key or an order that changes its state.
const FACTS: usize = 200;

/// What to do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum EvidenceJob {
    /// Have so many keys in the store whose life is over.
    EndedKeys(usize),
    /// Have so many entries in the chain.
    Entries(u64),
    /// Make the revocation list: read the keys, build it, have the HSM sign it.
    RevocationList,
    /// Verify the whole chain.
    Verify,
}

/// What a job took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct EvidenceTime {
    /// By the clock.
    pub(crate) wall: Duration,
    /// Entries listed or verified.
    pub(crate) entries: u64,
    /// Bytes of the list.
    pub(crate) bytes: usize,
}

pub(super) struct Evidence {
    store: SurrealStore,
    issuer: Issuer,
    anchor: TrustAnchor,
    platform: Platform,
    keys: usize,
    events: u64,
    // The last to go: the issuer signs with it.
    _hsm: Arc<Pkcs11Hsm>,
}

impl Evidence {
    pub(super) async fn open(place: &Path) -> Result<Self> {
        let config = Config::load(place)?;
        let hsm = parts::start_hsm(&config)?;
        let store = parts::open_store(&config, hsm.as_ref()).await?;
        let issuer = parts::open_issuer(&config, Arc::clone(&hsm) as _)?;
        // Nobody answers there: the chain is held against itself alone.
        let platform = Platform::new(plain_client(ClientTimeouts::default())?, "http://127.0.0.1:1");
        let events = store.outbox_cursor().await?;
        Ok(Self { store, issuer, anchor: parts::open_anchor(&config)?, platform, keys: 0, events, _hsm: hsm })
    }

    async fn end_keys(&mut self, wanted: usize) -> Result<()> {
        let now = now();
        while self.keys < wanted {
            let record = ended_key(now)?;
            let key = record.fingerprint;
            self.store.insert_key(record, entry("key.issued", now)?).await?;
            let end = KeyEnd { key, step: KeyStep::Revoke, reason: "bench".to_owned(), at: now };
            self.store.end_key(end, entry("key.revoked", now)?).await?;
            self.keys += 1;
        }
        Ok(())
    }

    async fn chain(&mut self, wanted: u64) -> Result<()> {
        loop {
            let missing = wanted.saturating_sub(self.store.audit_head().await?.length);
            if missing == 0 {
                return Ok(());
            }
            self.events += 1;
            let audit =
                (0..missing.min(ENTRIES_AT_ONCE)).map(|_| entry("order.changed", now())).collect::<Result<_>>()?;
            self.store.apply_outbox(OutboxStep { number: self.events, audit, ..OutboxStep::default() }).await?;
        }
    }

    async fn list(&self) -> Result<(u64, usize)> {
        let now = now();
        let ended = self.store.revoked_keys(now).await?;
        let list = self.issuer.crl(1, now, now.plus_seconds(24 * 3600), &ended).await?;
        Ok((u64::try_from(ended.len())?, list.len()))
    }

    async fn verify(&self) -> Result<u64> {
        let verdict = verify_audit(&self.store, &self.platform, &self.anchor).await?;
        let report = verdict.outcome.map_err(|fault| anyhow!("{fault}"))?;
        Ok(report.head.length)
    }
}

impl Work for Evidence {
    type Job = EvidenceJob;
    type Outcome = EvidenceTime;

    async fn carry_out(&mut self, job: EvidenceJob) -> Result<EvidenceTime> {
        let began = Instant::now();
        let (entries, bytes) = match job {
            EvidenceJob::EndedKeys(wanted) => {
                self.end_keys(wanted).await.context("ending keys")?;
                (u64::try_from(wanted)?, 0)
            }
            EvidenceJob::Entries(wanted) => {
                self.chain(wanted).await.context("chaining entries")?;
                (wanted, 0)
            }
            EvidenceJob::RevocationList => self.list().await?,
            EvidenceJob::Verify => (self.verify().await?, 0),
        };
        ensure!(entries > 0, "there is nothing to measure");
        Ok(EvidenceTime { wall: began.elapsed(), entries, bytes })
    }
}

fn now() -> Timestamp {
    Clock::system().now()
}

fn entry(event: &'static str, at: Timestamp) -> Result<AuditDraft> {
    let facts = gridkey_protocol::cbor::Value::Map(vec![(
        "facts".to_owned(),
        gridkey_protocol::cbor::Value::Bytes(random::<FACTS>()?.to_vec()),
    )]);
    Ok(AuditDraft {
        at,
        event,
        actor: "server".to_owned(),
        customer: None,
        facts: gridkey_protocol::cbor::encode(&facts),
    })
}

/// A key as issued, with a serial number like the issuer's.
fn ended_key(now: Timestamp) -> Result<KeyRecord> {
    let mut serial = random::<16>()?;
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(KeyRecord {
        fingerprint: random()?,
        serial: serial.to_vec(),
        role: Role::Customer,
        customer: None,
        state: KeyState::Issued,
        chain: vec![random::<400>()?.to_vec()],
        agreement: None,
        not_before: now.plus_seconds(-60),
        not_after: now.plus_seconds(365 * 24 * 3600),
        since: now,
        reason: String::new(),
        admin: None,
        name: "2200000000".to_owned(),
        token: None,
        succeeds: None,
        successor: None,
    })
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
    Ok(bytes)
}
