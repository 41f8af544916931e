//! `audit.*` and `crl.get`.

use gridkey_protocol::{
    ByteArray, ByteString,
    cbor::{self, Value},
    frame::OpError,
    ops::{
        admin::audit::{Crl, Entry, EntryPage, ExportBody, ListBody, Verdict},
        error,
    },
};

use crate::{
    actor::Actor, audit::read_content, control, core::Core, fault::unavailable, issue::draft, store::AuditEntry,
};

/// Entries in a page at most, and their bytes together.
const PAGE: u32 = 200;
const PAGE_BYTES: usize = 192 * 1024;
/// Entries read at once, and looked through for one page of an export.
const BATCH: u32 = 256;
const LOOKED_THROUGH: u64 = 20_000;

pub(super) async fn list(core: &Core, body: ListBody) -> Result<EntryPage, OpError> {
    let limit = body.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let head = core.store.audit_head().await?;
    let from = body.from.unwrap_or(head.length.saturating_sub(limit.into()));
    let mut page = Page::default();
    for entry in core.store.audit_entries(from, limit).await? {
        if !page.take(&entry) {
            break;
        }
    }
    let reached = page.entries.last().map(|entry| entry.number + 1);
    let next = reached.filter(|reached| *reached < head.length);
    Ok(EntryPage { entries: page.entries, next })
}

pub(super) async fn verify(core: &Core) -> Result<Verdict, OpError> {
    let verdict = control::verify_audit(core.store.as_ref(), &core.platform, &core.anchor).await?;
    let (lodged, unasked) = match &verdict.lodged {
        Ok(head) => (head.map(|head| head.length), None),
        Err(why) => (None, Some(format!("the newest lodged head could not be asked for: {why}"))),
    };
    Ok(match &verdict.outcome {
        Ok(report) => Verdict { ok: unasked.is_none(), entries: report.head.length, lodged, fault: unasked },
        Err(fault) => Verdict { ok: false, entries: 0, lodged, fault: Some(fault.to_string()) },
    })
}

pub(super) async fn export(core: &Core, actor: &Actor, body: ExportBody) -> Result<EntryPage, OpError> {
    if body.customer.is_none() && body.payment.is_none() {
        return Err(OpError::fatal(error::BAD_REQUEST, "customer or payment expected"));
    }
    let first = body.from.unwrap_or(0);
    if first == 0 {
        let text = |text: String| Value::Text(text);
        let mut facts = vec![(
            "payment".to_owned(),
            body.payment.map_or(Value::Null, |payment| Value::Bytes(payment.as_bytes().to_vec())),
        )];
        facts.push(("case".to_owned(), body.customer.as_ref().map_or(Value::Null, |it| text(it.to_string()))));
        facts.extend_from_slice(actor.proof());
        let entry = draft("audit.exported", actor.name(), body.customer.as_ref(), facts, core.now());
        core.store.append_audit(entry).await?;
    }
    let head = core.store.audit_head().await?;
    let wanted = |entry: &AuditEntry| {
        let Ok(content) = read_content(&entry.content) else { return false };
        body.customer.as_ref().is_none_or(|customer| content.customer.as_ref() == Some(customer))
            && body.payment.is_none_or(|payment| names_payment(&content.facts, payment.as_bytes()))
    };
    let mut page = Page::default();
    let mut number = first;
    let last = first.saturating_add(LOOKED_THROUGH).min(head.length);
    'pages: while number < last {
        let entries = core.store.audit_entries(number, BATCH).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if wanted(&entry) && !page.take(&entry) {
                break 'pages;
            }
            number = entry.number + 1;
        }
    }
    Ok(EntryPage { entries: page.entries, next: (number < head.length).then_some(number) })
}

pub(super) async fn crl(core: &Core) -> Result<Crl, OpError> {
    let crl = core.crl.newest().ok_or_else(unavailable)?;
    Ok(Crl { crl: ByteString(crl.to_vec()) })
}

/// Whether an entry's facts name the payment.
fn names_payment(facts: &[u8], payment: &[u8]) -> bool {
    let Ok(facts) = cbor::parse(facts) else { return false };
    matches!(facts.get("payment"), Some(Value::Bytes(bytes)) if bytes == payment)
}

/// A page that is not too long for one answer.
#[derive(Default)]
struct Page {
    entries: Vec<Entry>,
    bytes: usize,
}

impl Page {
    /// Adds an entry; `false` if there is no room for it. The first always has room.
    fn take(&mut self, entry: &AuditEntry) -> bool {
        let wire = wire(entry);
        self.bytes += wire.content.0.len() + wire.facts.0.len() + 256;
        if (self.bytes > PAGE_BYTES || self.entries.len() >= PAGE as usize) && !self.entries.is_empty() {
            return false;
        }
        self.entries.push(wire);
        true
    }
}

fn wire(entry: &AuditEntry) -> Entry {
    // What can't be read is shown as it is; verifying tells what is wrong with it.
    let (at, event, actor, customer, facts) = match read_content(&entry.content) {
        Ok(content) => (content.at, content.event, content.actor, content.customer, content.facts),
        Err(_) => {
            let at = gridkey_domain::Timestamp::from_seconds(0);
            (at, "unreadable".to_owned(), String::new(), None, Vec::new())
        }
    };
    Entry {
        number: entry.number,
        at,
        event,
        actor,
        customer,
        facts: ByteString(facts),
        content: ByteString(entry.content.clone()),
        previous: ByteArray(entry.previous),
        hash: ByteArray(entry.hash),
    }
}
