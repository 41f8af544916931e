//! What the server pushed: from the store into notices, own orders and fresh answers.

use std::collections::BTreeMap;

use gridkey_domain::{PaymentState, arrears::ArrearsEvent, bill::BillSummary, payment::Payment};
use gridkey_protocol::{
    cbor,
    frame::{Push, PushKind},
    ops::push,
};

use super::{
    Notice, NoticeKind, Snapshot,
    actor::{Actor, then},
};
use crate::{
    client::{ClientError, Inbox},
    store::{InboxEntry, Place},
};

/// So many notices are shown; older ones are found where they belong.
const MOST: usize = 100;
/// After a long absence only so many of the newest are told on the desktop.
const TOLD_AT_ONCE: usize = 5;

/// The notices of an open account and the records behind them.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// By notice: to be marked as seen when it is read.
    entries: BTreeMap<u64, InboxEntry>,
    /// The records that became notices or were nothing to tell.
    taken: Vec<(gridkey_protocol::ByteArray<16>, u64)>,
    /// What lay there before this session: it was told in its time.
    old: Vec<(gridkey_protocol::ByteArray<16>, u64)>,
    looking: bool,
    once_more: bool,
    /// A gap that is being made good.
    reload: Option<Place>,
    /// It is made good; the store is being told.
    closing_gap: bool,
}

impl Notices {
    /// With what lay unread before this session.
    pub(super) fn with_old(old: Vec<(gridkey_protocol::ByteArray<16>, u64)>) -> Self {
        Self { old, ..Self::default() }
    }
}

/// Adds a notice, newest first.
pub(super) fn keep(notices: &mut Vec<Notice>, notice: Notice) {
    notices.insert(0, notice);
    notices.truncate(MOST);
}

impl Actor {
    /// Takes what is on disk and was not taken yet.
    pub(super) fn look_at_inbox(&mut self) {
        let Some(account) = self.account.as_mut().filter(|account| account.is_open()) else { return };
        if account.notices.looking {
            account.notices.once_more = true;
            return;
        }
        account.notices.looking = true;
        let client = account.client.clone();
        self.work.spawn(async move {
            let inbox = client.inbox().await;
            if let Ok(inbox) = &inbox {
                let payments = inbox.entries.iter().filter_map(|entry| payment_of(&entry.push)).collect();
                if let Err(error) = client.observe(payments).await {
                    tracing::error!(%error, "the own orders did not take the news");
                }
            }
            then(move |actor| actor.inbox_read(inbox))
        });
    }

    fn inbox_read(&mut self, inbox: Result<Inbox, ClientError>) {
        let Some(account) = &mut self.account else { return };
        account.notices.looking = false;
        match inbox {
            Ok(inbox) => self.take_inbox(inbox),
            Err(error) => tracing::error!(%error, "the messages cannot be read"),
        }
        let Some(account) = &mut self.account else { return };
        if std::mem::take(&mut account.notices.once_more) {
            self.look_at_inbox();
        }
    }

    fn take_inbox(&mut self, inbox: Inbox) {
        let Some(account) = &mut self.account else { return };
        let notices = &mut account.notices;
        let old = notices.old.clone();
        // What was read is no longer on disk, so it cannot come again.
        let there = |taken: &_| inbox.entries.iter().any(|entry| (entry.epoch, entry.push.offset) == *taken);
        notices.taken.retain(there);
        let new: Vec<InboxEntry> = inbox
            .entries
            .into_iter()
            .filter(|entry| !notices.taken.contains(&(entry.epoch, entry.push.offset)))
            .collect();
        notices.taken.extend(new.iter().map(|entry| (entry.epoch, entry.push.offset)));
        let missed = inbox.reload.filter(|place| notices.reload.is_none_or(|known| known.epoch != place.epoch));
        let fresh = std::mem::take(&mut account.fresh);
        if let Some(place) = missed {
            account.notices.reload = Some(place);
            if !fresh {
                self.notice(self.now(), NoticeKind::Missed, true);
            }
            self.reload_all();
        }
        let quiet = new.len().saturating_sub(TOLD_AT_ONCE);
        let mut nothing_to_tell = Vec::new();
        for (index, entry) in new.into_iter().enumerate() {
            self.reload_concerned(entry.push.kind, payment_of(&entry.push).map(|payment| payment.payment));
            match kind_of(&entry.push) {
                Some(kind) => {
                    self.renewal_offered(&kind);
                    let id = if old.contains(&(entry.epoch, entry.push.offset)) {
                        self.notice_again(entry.push.at, kind)
                    } else {
                        let notify = index >= quiet && wants_notice(&self.shown, &kind);
                        self.notice(entry.push.at, kind, notify)
                    };
                    if let Some(account) = &mut self.account {
                        account.notices.entries.insert(id, entry);
                    }
                }
                None => nothing_to_tell.push(entry),
            }
        }
        self.mark_seen(nothing_to_tell);
        self.look_at_queue();
    }

    /// Everything shown is fresh after a gap: the store may forget the gap.
    pub(super) fn note_reloaded(&mut self) {
        let is_due = self.account.as_ref().is_some_and(|account| {
            account.notices.reload.is_some() && !account.notices.closing_gap && account.topics.is_idle()
        });
        if !is_due || !self.shown.connection.is_online() || !self.base_is_fresh() {
            return;
        }
        let Some(account) = &mut self.account else { return };
        let Some(place) = account.notices.reload else { return };
        account.notices.closing_gap = true;
        let client = account.client.clone();
        self.work.spawn(async move {
            if let Err(error) = client.reloaded(place).await {
                tracing::error!(%error, "the store did not take that everything was reloaded");
            }
            then(|actor| {
                if let Some(account) = &mut actor.account {
                    account.notices.reload = None;
                    account.notices.closing_gap = false;
                }
            })
        });
    }

    pub(super) fn read_notices(&mut self) {
        self.shown.notices.clear();
        let Some(account) = &mut self.account else { return };
        let seen = std::mem::take(&mut account.notices.entries).into_values().collect();
        self.mark_seen(seen);
    }

    fn mark_seen(&mut self, entries: Vec<InboxEntry>) {
        let Some(account) = self.account.as_ref().filter(|_| !entries.is_empty()) else { return };
        let client = account.client.clone();
        self.work.spawn(async move {
            if let Err(error) = client.mark_seen(entries).await {
                tracing::error!(%error, "the store did not take what was read");
            }
            then(|_| {})
        });
    }
}

fn payment_of(push: &Push) -> Option<Payment> {
    (push.kind == PushKind::Payment).then(|| cbor::from_value(push.body.clone()).ok()).flatten()
}

/// What to tell of a push; `None` for one that says nothing to a person, or that this version cannot read.
fn kind_of(push: &Push) -> Option<NoticeKind> {
    let body = push.body.clone();
    let unreadable =
        |error: &cbor::DecodeError| tracing::error!(%error, kind = push.kind.as_str(), "a message is malformed");
    match push.kind {
        PushKind::Arrears => {
            cbor::from_value::<ArrearsEvent>(body).inspect_err(unreadable).ok().map(NoticeKind::Arrears)
        }
        PushKind::Bill => {
            let bill: BillSummary = cbor::from_value(body).inspect_err(unreadable).ok()?;
            Some(NoticeKind::Bill { bill: bill.bill, total: bill.total, due: bill.due })
        }
        PushKind::Payment => {
            let payment: Payment = cbor::from_value(body).inspect_err(unreadable).ok()?;
            is_an_end(payment.state).then_some(NoticeKind::Payment {
                payment: payment.payment,
                amount: payment.amount,
                state: payment.state,
                reason: payment.reason,
                queued: false,
            })
        }
        PushKind::Account => None,
        PushKind::Notice => {
            let push::Notice { title, text } = cbor::from_value(body).inspect_err(unreadable).ok()?;
            Some(NoticeKind::Message { title, text })
        }
        PushKind::Key => {
            let key: push::KeyChanged = cbor::from_value(body).inspect_err(unreadable).ok()?;
            Some(NoticeKind::Key { event: key.event, until: key.not_after })
        }
    }
}

/// States that a person waits for; those on the way are on the screens.
const fn is_an_end(state: PaymentState) -> bool {
    match state {
        PaymentState::Queued | PaymentState::Submitted | PaymentState::Accepted | PaymentState::Pending => false,
        PaymentState::Paid
        | PaymentState::Refused
        | PaymentState::Expired
        | PaymentState::Cancelled
        | PaymentState::Unknown
        | PaymentState::Refunding
        | PaymentState::Refunded => true,
    }
}

/// Whether the person's settings ask for a desktop notification; until they are known, as they are set at first.
pub(super) fn wants_notice(shown: &Snapshot, kind: &NoticeKind) -> bool {
    let settings = shown.settings.get().cloned().unwrap_or_default();
    match kind {
        NoticeKind::Arrears(_) => settings.notify_arrears,
        NoticeKind::Bill { .. } => settings.notify_bills,
        NoticeKind::Payment { .. } => settings.notify_payments,
        NoticeKind::Message { .. } | NoticeKind::Key { .. } | NoticeKind::Missed | NoticeKind::AlarmsPaused => true,
    }
}
