//! What the security server must not lose: keys and bindings, orders, the push streams, the audit chain.
//!
//! [`Store`] says what is kept; [`surreal`] keeps it in SurrealDB (embedded on disk, in memory for tests, or a server).
//! Each method is one transaction: it happens whole, durably and once, or it returns an error and changes nothing.
//! Methods that change something a court may ask about take an [`AuditDraft`]; its entry is chained in the same
//! transaction.

pub use gridkey_domain::key::{AdminRole, KeyState, KeyStep, KeyTransition};
use gridkey_domain::{
    BillId, CustomerNo, Fen, PaymentId, PaymentState, RefundId, Timestamp,
    payment::{BillShare, Method, Payment, Transition},
};

use gridkey_surreal::backup::{BackupError, Summary};

pub mod figures;
mod key;
pub mod surreal;

pub use figures::{Figures, FiguresOf, PaidHour};
pub use key::{
    Goes, KeyDue, KeyEnd, KeyFilter, KeyRecord, RENEWAL_FAILED, RENEWED, RenewalEnd, RevokedKey, Role, Standing,
    Succession,
};

/// SHA-256 of a certificate's DER, the name of a key.
pub type Fingerprint = [u8; 32];

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached or is shutting down; try again later (close code 4503).
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Others kept changing the same records; trying again later is safe.
    #[error("the same records are being changed by others")]
    Busy,
    /// There is no such record.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The record is in a state that forbids the change.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// A stored record is not what this version writes; an operator must look.
    #[error("a stored record is damaged: {0}")]
    Damaged(String),
    /// The database refused a statement: a defect of ours.
    #[error("the database refused a statement")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What stood in the way of a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// A key of that fingerprint is known already.
    #[error("the key is known already")]
    KeyExists,
    /// The key is bound to someone already.
    #[error("the key is bound already")]
    KeyBound,
    /// The key is in a state that does not allow the step.
    #[error("the key is {}", .0.as_str())]
    KeyState(KeyState),
    /// Another key takes the key's place already, or it has no customer whose place could be taken.
    #[error("the key's place can't be taken")]
    Successor,
    /// An order of that id is stored for that customer.
    #[error("an order of that id exists")]
    OrderExists,
    /// Another open order holds the bill.
    #[error("bill {0} is in payment")]
    BillInPayment(BillId),
    /// The order is not in the state that the change starts from.
    #[error("the order is {0}")]
    OrderState(PaymentState),
    /// A wrapped data key is stored already; it is never replaced, since records are encrypted under it.
    #[error("a data key is stored already")]
    DataKeyExists,
}

/// What an audit entry will say; number, previous hash and hash are added by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDraft {
    /// When it happened.
    pub at: Timestamp,
    /// What happened, a stable word with a dot: `key.bound`, `order.accepted`.
    pub event: &'static str,
    /// Who did it: a key's fingerprint in hex, `server`, `platform` or `operator`.
    pub actor: String,
    /// The customer concerned.
    pub customer: Option<CustomerNo>,
    /// The facts, canonical CBOR: certificate, signed order, gateway reference, receipt …
    pub facts: Vec<u8>,
}

/// An entry of the audit chain as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// 0, 1, 2 … without gaps.
    pub number: u64,
    /// Hash of the entry before; 32 zero bytes for number 0.
    pub previous: [u8; 32],
    /// The entry, canonical CBOR: what is hashed.
    pub content: Vec<u8>,
    /// SHA-256("gridkey.v1/audit-entry" || number as u64 big-endian || previous || content).
    pub hash: [u8; 32],
}

/// The newest entry of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// How many entries there are.
    pub length: u64,
    /// Hash of the newest; 32 zero bytes when empty.
    pub hash: [u8; 32],
}

/// A customer's push stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// Drawn when the stream was made; another epoch means that offsets can't be compared.
    pub epoch: [u8; 16],
    /// The newest offset; 0 when nothing was ever pushed.
    pub offset: u64,
}

/// A push to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPush {
    /// `arrears`, `bill`, `payment`, `account`, `notice` or `key`.
    pub kind: String,
    /// The body, CBOR map. Stored encrypted.
    pub body: Vec<u8>,
    /// When it came about.
    pub at: Timestamp,
    /// A push of the same source is appended once per customer, whatever happens.
    pub source: String,
}

/// A push as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPush {
    /// 1, 2, 3 … without gaps.
    pub offset: u64,
    /// As in [`NewPush`].
    pub kind: String,
    /// As in [`NewPush`].
    pub body: Vec<u8>,
    /// As in [`NewPush`].
    pub at: Timestamp,
}

/// An order to insert, already verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// The order's id.
    pub id: PaymentId,
    /// The customer, from the order.
    pub customer: CustomerNo,
    /// The key that signed it.
    pub key: Fingerprint,
    /// SHA-256 of the order bytes.
    pub hash: [u8; 32],
    /// The order bytes as signed.
    pub order: Vec<u8>,
    /// The key's signature.
    pub signature: [u8; 64],
    /// The signing certificate's chain, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// How it is paid.
    pub method: Method,
    /// The whole amount, fen.
    pub amount: Fen,
    /// What it pays.
    pub bills: Vec<BillShare>,
    /// When it was signed.
    pub created: Timestamp,
    /// Until when it may be executed.
    pub not_after: Timestamp,
    /// When the server received it.
    pub received: Timestamp,
}

/// An order as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRecord {
    /// What was submitted.
    pub order: NewOrder,
    /// Where it stands.
    pub state: PaymentState,
    /// When it entered that state.
    pub updated: Timestamp,
    /// Why: a stable word; for a refusal at submission the error code that is repeated.
    pub reason: String,
    /// The message that goes with a refusal at submission.
    pub message: Option<String>,
    /// The gateway's reference.
    pub reference: Option<String>,
    /// The receipt `{"receipt", "signature", "chain"}` as CBOR, once paid.
    pub receipt: Option<Vec<u8>>,
    /// When its form was handed to the payer's browser.
    pub handed: Option<Timestamp>,
    /// The refund that was asked for last.
    pub refund: Option<OrderRefund>,
    /// Every state it was in, oldest first.
    pub history: Vec<Transition>,
}

impl OrderRecord {
    /// The order as its customer sees it.
    pub fn payment(&self) -> Payment {
        let order = &self.order;
        Payment {
            payment: order.id,
            method: order.method,
            state: self.state,
            created: order.created,
            updated: self.updated,
            amount: order.amount,
            bills: order.bills.clone(),
            reference: self.reference.clone(),
            reason: (!self.reason.is_empty()).then(|| self.reason.clone()),
        }
    }
}

/// A refund of an order's payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRefund {
    /// Drawn and stored before it is asked for anywhere.
    pub id: RefundId,
    /// The gateway's reference of the refund, once it is done.
    pub reference: Option<String>,
}

/// A change of an order's state. The bills are freed when the new state frees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderChange {
    /// The order.
    pub id: PaymentId,
    /// Whose it is.
    pub customer: CustomerNo,
    /// The state entered; must be reachable from the stored one ([`PaymentState::can_become`]).
    pub to: PaymentState,
    /// Why, a stable word.
    pub reason: String,
    /// The gateway's reference, if it became known.
    pub reference: Option<String>,
    /// The signed receipt, if `to` is paid.
    pub receipt: Option<Vec<u8>>,
    /// The refund that begins or ends with this change.
    pub refund: Option<OrderRefund>,
    /// When.
    pub at: Timestamp,
}

/// What one event of the platform's outbox changes here. Applied once by its number, as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboxStep {
    /// The event's number; the next call starts after it. A number at or below the stored cursor changes nothing.
    pub number: u64,
    /// Pushes to append, with their customers.
    pub pushes: Vec<(CustomerNo, NewPush)>,
    /// Orders to change, in this order, so that one may pass through several states. One that already is in the state
    /// named is left alone; one that can't reach it fails the whole step.
    pub orders: Vec<OrderChange>,
    /// Entries to chain.
    pub audit: Vec<AuditDraft>,
}

/// An envelope key's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeRecord {
    /// SHA-256 of the certificate's DER: `to` of a sealed order.
    pub fingerprint: Fingerprint,
    /// CKA_ID of the key in the HSM.
    pub key_id: Vec<u8>,
    /// The chain, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
}

/// The security server's memory. One conformance suite (`server/tests/store`) holds every backend to this contract.
#[async_trait::async_trait]
pub trait Store: Send + Sync + 'static {
    // Keys and bindings.

    /// Notes a freshly certified key (state `issued`). [`Conflict::KeyExists`] for a known fingerprint or serial.
    async fn insert_key(&self, key: KeyRecord, audit: AuditDraft) -> Result<(), StoreError>;
    /// Binds an issued key to `customer` (`None` for an administrator's). Exclusive: of many at once, one wins and the others get
    /// [`Conflict::KeyBound`].
    async fn bind_key(
        &self,
        key: Fingerprint,
        customer: Option<CustomerNo>,
        at: Timestamp,
        audit: AuditDraft,
    ) -> Result<KeyRecord, StoreError>;
    /// Ends a key. If its end refuses what it signed ([`KeyState::refuses_orders`]), its orders that are open and whose form was not
    /// handed out become `refused` (reason `key-` and the state), their bills free; they are returned. [`Conflict::KeyState`] if
    /// the key's state does not allow the step.
    async fn end_key(&self, end: KeyEnd, audit: AuditDraft) -> Result<(KeyRecord, Vec<OrderRecord>), StoreError>;
    /// Puts an issued key in another's place, as one transaction: the new one is bound to the old one's customer and goes on at
    /// its place in the stream; the old one, if its life is not over yet, is replaced. Gives the new one. [`Conflict::KeyBound`] and
    /// [`Conflict::KeyState`] as in [`Self::bind_key`]; [`Conflict::Successor`] if the old one has a successor or no customer.
    async fn replace_key(&self, succession: Succession, audit: Vec<AuditDraft>) -> Result<KeyRecord, StoreError>;
    /// Keeps and binds the new certificates of a key's holder beside the old ones, as one transaction. The old key stays bound until
    /// [`Self::end_renewal`], which is due at `replace_at` at the latest; the certificates of an earlier renewal, which never came into
    /// use, are revoked. Conflicts as in [`Self::insert_key`]; [`Conflict::KeyState`] if the old one is not bound.
    async fn renew_key(
        &self,
        new: KeyRecord,
        old: Fingerprint,
        replace_at: Timestamp,
        audit: Vec<AuditDraft>,
    ) -> Result<KeyRecord, StoreError>;
    /// Ends one of a renewal's two keys, as one transaction, and gives it; the other goes on, and an old one may be renewed anew.
    /// `None`, and nothing is changed, unless both are bound still and one is to follow the other.
    async fn end_renewal(&self, end: RenewalEnd, audit: AuditDraft) -> Result<Option<KeyRecord>, StoreError>;
    /// The key of that fingerprint.
    async fn key(&self, key: Fingerprint) -> Result<Option<KeyRecord>, StoreError>;
    /// What of [`Self::key`] decides whether it is let in, as it stands now.
    async fn standing(&self, key: Fingerprint) -> Result<Option<Standing>, StoreError>;
    /// All keys ever bound to a customer, newest first.
    async fn keys_of(&self, customer: &CustomerNo) -> Result<Vec<KeyRecord>, StoreError>;
    /// Every state a key was in, oldest first; empty for an unknown one.
    async fn key_history(&self, key: Fingerprint) -> Result<Vec<KeyTransition>, StoreError>;
    /// Keys, those issued or bound last first, after the key `after` of the page before.
    async fn keys(
        &self,
        filter: KeyFilter,
        after: Option<Fingerprint>,
        limit: u32,
    ) -> Result<Vec<KeyRecord>, StoreError>;
    /// Keys for which something is due at `now`, the longest due first, at most `limit`.
    async fn keys_due(&self, due: KeyDue, now: Timestamp, limit: u32) -> Result<Vec<KeyRecord>, StoreError>;
    /// Notes that a key's holder was told of its end.
    async fn key_told(&self, key: Fingerprint) -> Result<(), StoreError>;
    /// Every key that ended and whose certificate's time has not, for the CRL.
    async fn revoked_keys(&self, now: Timestamp) -> Result<Vec<RevokedKey>, StoreError>;

    // The push stream.

    /// The customer's stream; made on first use.
    async fn stream(&self, customer: &CustomerNo) -> Result<StreamHead, StoreError>;
    /// Appends a push; `None` if one of the same source is there already.
    async fn append_push(&self, customer: &CustomerNo, push: NewPush) -> Result<Option<StoredPush>, StoreError>;
    /// The pushes after `offset`, oldest first, at most `limit`.
    async fn pushes_after(&self, customer: &CustomerNo, offset: u64, limit: u32)
    -> Result<Vec<StoredPush>, StoreError>;
    /// Moves the key's cursor forward to `offset`; never back, never past the newest.
    async fn acknowledge(&self, key: Fingerprint, customer: &CustomerNo, offset: u64) -> Result<u64, StoreError>;

    // Orders.

    /// The order of that id, if it is that customer's.
    async fn order(&self, customer: &CustomerNo, id: PaymentId) -> Result<Option<OrderRecord>, StoreError>;
    /// Checks that the key is bound to the order's customer, reserves its bills and inserts it as `submitted`, as one transaction; gives
    /// it as stored.
    /// First match: [`Conflict::OrderExists`]; `NotFound("key")` for an unknown key or one bound to somebody else;
    /// [`Conflict::KeyState`]; [`Conflict::BillInPayment`] with the first such bill.
    async fn insert_order(&self, order: NewOrder, audit: AuditDraft) -> Result<OrderRecord, StoreError>;
    /// Keeps an order that was refused after its signature was found good, so that the refusal is repeated for ever.
    async fn insert_refused_order(
        &self,
        order: NewOrder,
        code: &str,
        message: &str,
        audit: AuditDraft,
    ) -> Result<(), StoreError>;
    /// Changes an order's state. [`Conflict::OrderState`] with the stored state if `change.to` can't be reached from it.
    async fn change_order(&self, change: OrderChange, audit: Option<AuditDraft>) -> Result<OrderRecord, StoreError>;
    /// A customer's orders, newest first, those received before `before` (an order's id; `NotFound` if it is none of the
    /// customer's), at most `limit`.
    async fn orders_of(
        &self,
        customer: &CustomerNo,
        before: Option<PaymentId>,
        limit: u32,
    ) -> Result<Vec<OrderRecord>, StoreError>;
    /// Orders in any of these states, oldest first, at most `limit`: what a restart must take up again.
    async fn orders_in(&self, states: &[PaymentState], limit: u32) -> Result<Vec<OrderRecord>, StoreError>;
    /// The bills that open orders hold, with the order that holds each.
    async fn reserved_bills(&self, customer: &CustomerNo) -> Result<Vec<(BillId, PaymentId)>, StoreError>;

    /// Counts for administrators to look at. Costs no walk through a table.
    async fn figures(&self, of: FiguresOf) -> Result<Figures, StoreError>;

    // The one-time address of the bank page.

    /// Notes the hash of a fresh one-time address of a stored order; older ones of the same payment lapse.
    async fn put_page(
        &self,
        page: [u8; 32],
        customer: &CustomerNo,
        payment: PaymentId,
        expires: Timestamp,
    ) -> Result<(), StoreError>;
    /// Uses an address up and marks its order as handed out; `None` if unknown, used or past its time, or if the order is no longer
    /// `pending`.
    async fn take_page(&self, page: [u8; 32], now: Timestamp) -> Result<Option<OrderRecord>, StoreError>;

    // The platform's outbox.

    /// The number of the last event applied; 0 at first.
    async fn outbox_cursor(&self) -> Result<u64, StoreError>;
    /// The epoch of the outbox that the cursor counts in; `None` while it never changed.
    async fn outbox_epoch(&self) -> Result<Option<String>, StoreError>;
    /// Goes on in another epoch, after number `back` or the cursor, whichever is less.
    async fn rewind_outbox(&self, epoch: &str, back: u64) -> Result<(), StoreError>;
    /// Applies one event. Gives the pushes that were appended; none if the event was applied before.
    async fn apply_outbox(&self, step: OutboxStep) -> Result<Vec<(CustomerNo, StoredPush)>, StoreError>;

    // Small things.

    /// A customer's settings as CBOR.
    async fn settings(&self, customer: &CustomerNo) -> Result<Option<Vec<u8>>, StoreError>;
    /// Replaces a customer's settings.
    async fn put_settings(&self, customer: &CustomerNo, settings: Vec<u8>) -> Result<(), StoreError>;
    /// Notes that a customer acknowledged an alarm; the first acknowledgement stays. Gives when that was.
    async fn acknowledge_alarm(
        &self,
        customer: &CustomerNo,
        alarm: &str,
        at: Timestamp,
    ) -> Result<Timestamp, StoreError>;
    /// When each of a customer's acknowledged alarms was acknowledged.
    async fn acknowledged_alarms(&self, customer: &CustomerNo) -> Result<Vec<(String, Timestamp)>, StoreError>;
    /// The envelope certificates, newest first.
    async fn envelopes(&self) -> Result<Vec<EnvelopeRecord>, StoreError>;
    /// Adds an envelope certificate, or replaces the record of the same fingerprint.
    async fn put_envelope(&self, envelope: EnvelopeRecord, audit: AuditDraft) -> Result<(), StoreError>;

    // Evidence.

    /// Chains an entry of its own.
    async fn append_audit(&self, audit: AuditDraft) -> Result<AuditEntry, StoreError>;
    /// The newest entry.
    async fn audit_head(&self) -> Result<AuditHead, StoreError>;
    /// Entries from number `from`, at most `limit`.
    async fn audit_entries(&self, from: u64, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    /// Writes a backup of everything as of now to a new file.
    async fn backup(&self, path: &std::path::Path, now: Timestamp) -> Result<Summary, BackupError>;

    /// Whether the database answers.
    async fn check(&self) -> Result<(), StoreError>;
}
