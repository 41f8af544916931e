//! Records as the database holds them, and as the rest of the server knows them.

use ciborium::Value as Cbor;
use gridkey_domain::{
    BillId, CustomerNo, Fen, PaymentId, PaymentState, Timestamp,
    payment::{BillShare, Method, Transition},
};
use gridkey_surreal::{Bytes, RecordId, SurrealValue};

use super::{script, vault::Vault};
use crate::store::{
    AdminRole, Conflict, Fingerprint, KeyRecord, KeyState, KeyStep, KeyTransition, NewOrder, OrderChange, OrderRecord,
    OrderRefund, Role, StoreError,
};

/// A stored value is not what this version writes.
pub(super) fn damage(what: &str) -> StoreError {
    StoreError::Damaged(format!("{what} is not what this version writes"))
}

/// 32 bytes, such as a hash.
pub(super) fn array32(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| damage("a hash"))
}

/// A fingerprint from its hex.
pub(super) fn fingerprint(text: &str) -> Result<Fingerprint, StoreError> {
    let bytes = hex::decode(text).map_err(|_| damage("a fingerprint"))?;
    array32(&bytes)
}

/// A customer number from its text.
pub(super) fn customer(text: &str) -> Result<CustomerNo, StoreError> {
    text.parse().map_err(|_| damage("a customer number"))
}

/// A payment's id from its hex.
pub(super) fn payment(text: &str) -> Result<PaymentId, StoreError> {
    text.parse().map_err(|_| damage("a payment id"))
}

/// Byte strings for the database.
pub(super) fn to_bytes(list: &[Vec<u8>]) -> Vec<Bytes> {
    list.iter().cloned().map(Bytes::from).collect()
}

/// Byte strings from the database.
pub(super) fn from_bytes(list: &[Bytes]) -> Vec<Vec<u8>> {
    list.iter().map(|bytes| bytes.to_vec()).collect()
}

/// `key:[fingerprint]`
#[derive(Debug, Clone, SurrealValue)]
pub(super) struct KeyRow {
    pub(super) rev: i64,
    pub(super) number: i64,
    pub(super) fingerprint: String,
    pub(super) serial: String,
    pub(super) role: String,
    pub(super) customer: Option<String>,
    pub(super) state: String,
    pub(super) chain: Vec<Bytes>,
    pub(super) agreement: Option<Bytes>,
    pub(super) agreement_serial: Option<String>,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) since: i64,
    pub(super) reason: Option<String>,
    pub(super) admin: Option<String>,
    pub(super) name: Option<String>,
    pub(super) token: Option<String>,
    pub(super) succeeds: Option<String>,
    pub(super) successor: Option<String>,
    pub(super) tell_at: Option<i64>,
    pub(super) replace_at: Option<i64>,
    pub(super) over_at: Option<i64>,
    pub(super) history: Option<Vec<KeyStepRow>>,
}

/// One element of `key.history`.
#[derive(Debug, Clone, SurrealValue)]
pub(super) struct KeyStepRow {
    state: String,
    at: i64,
    actor: String,
    reason: String,
}

impl KeyStepRow {
    pub(super) fn read(&self) -> Result<KeyTransition, StoreError> {
        Ok(KeyTransition {
            state: KeyState::from_name(&self.state).ok_or_else(|| damage("a key's history"))?,
            at: Timestamp::from_seconds(self.at),
            actor: self.actor.clone(),
            reason: self.reason.clone(),
        })
    }
}

/// `key:FINGERPRINT`
pub(super) const KEY_TABLE: &str = "key";

impl KeyRow {
    pub(super) fn record(key: &Fingerprint) -> RecordId {
        script::record(KEY_TABLE, &hex::encode(key))
    }

    pub(super) fn state(&self) -> Result<KeyState, StoreError> {
        KeyState::from_name(&self.state).ok_or_else(|| damage("a key's state"))
    }

    pub(super) fn role(&self) -> Result<Role, StoreError> {
        match self.role.as_str() {
            "customer" => Ok(Role::Customer),
            "admin" => Ok(Role::Admin),
            _ => Err(damage("a key's role")),
        }
    }

    pub(super) fn read(&self) -> Result<KeyRecord, StoreError> {
        Ok(KeyRecord {
            fingerprint: fingerprint(&self.fingerprint)?,
            serial: hex::decode(&self.serial).map_err(|_| damage("a serial number"))?,
            role: self.role()?,
            customer: self.customer.as_deref().map(customer).transpose()?,
            state: self.state()?,
            chain: from_bytes(&self.chain),
            agreement: self.agreement.as_ref().map(|der| der.to_vec()),
            not_before: Timestamp::from_seconds(self.not_before),
            not_after: Timestamp::from_seconds(self.not_after),
            since: Timestamp::from_seconds(self.since),
            reason: self.reason.clone().unwrap_or_default(),
            admin: self.admin.as_deref().map(admin).transpose()?,
            name: self.name.clone().unwrap_or_default(),
            token: self.token.clone(),
            succeeds: self.succeeds.as_deref().map(fingerprint).transpose()?,
            successor: self.successor.as_deref().map(fingerprint).transpose()?,
        })
    }

    /// Takes `step`, if the key's state allows it, and notes who did it and why.
    pub(super) fn enter(&mut self, step: KeyStep, actor: &str, reason: &str, at: Timestamp) -> Result<(), StoreError> {
        let state = self.state()?;
        let next = match (state, step) {
            (KeyState::Bound, KeyStep::Bind) => return Err(Conflict::KeyBound.into()),
            _ => state.after(step).map_err(|wrong| Conflict::KeyState(wrong.state))?,
        };
        next.as_str().clone_into(&mut self.state);
        self.since = at.seconds();
        self.reason = Some(reason.to_owned());
        self.note(next, actor, reason, at);
        if next.is_ended() {
            (self.tell_at, self.replace_at, self.over_at) = (None, None, None);
        }
        Ok(())
    }

    pub(super) fn note(&mut self, state: KeyState, actor: &str, reason: &str, at: Timestamp) {
        self.history.get_or_insert_default().push(KeyStepRow {
            state: state.as_str().to_owned(),
            at: at.seconds(),
            actor: actor.to_owned(),
            reason: reason.to_owned(),
        });
    }
}

fn admin(text: &str) -> Result<AdminRole, StoreError> {
    AdminRole::from_name(text).ok_or_else(|| damage("an administrator's role"))
}

/// One element of `order.history`.
#[derive(Debug, Clone, SurrealValue)]
pub(super) struct StepRow {
    state: String,
    at: i64,
    reason: String,
}

/// `order:[customer, id]`
#[derive(Debug, Clone, SurrealValue)]
pub(super) struct OrderRow {
    pub(super) rev: i64,
    pub(super) number: i64,
    pub(super) customer: String,
    pub(super) payment: String,
    pub(super) key: String,
    pub(super) received: i64,
    pub(super) sealed: Bytes,
    pub(super) state: String,
    pub(super) updated: i64,
    pub(super) reason: String,
    pub(super) message: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) receipt: Option<Bytes>,
    pub(super) handed: Option<i64>,
    pub(super) refund: Option<String>,
    pub(super) refund_reference: Option<String>,
    pub(super) history: Vec<StepRow>,
}

impl OrderRow {
    pub(super) fn record(customer: &CustomerNo, id: PaymentId) -> RecordId {
        script::pair("order", customer.as_str(), id.to_string())
    }

    /// A fresh order in its first state.
    pub(super) fn new(vault: &Vault, order: &NewOrder, number: i64, first: &Transition) -> Result<Self, StoreError> {
        Ok(Self {
            rev: 1,
            number,
            customer: order.customer.to_string(),
            payment: order.id.to_string(),
            key: hex::encode(order.key),
            received: order.received.seconds(),
            sealed: vault.seal(&order_name(&order.customer, order.id), &encode(order)?)?.into(),
            state: first.state.as_str().to_owned(),
            updated: first.at.seconds(),
            reason: first.reason.clone(),
            message: None,
            reference: None,
            receipt: None,
            handed: None,
            refund: None,
            refund_reference: None,
            history: vec![step(first)],
        })
    }

    pub(super) fn state(&self) -> Result<PaymentState, StoreError> {
        PaymentState::from_name(&self.state).ok_or_else(|| damage("an order's state"))
    }

    /// Enters the state of `change`, which the caller found reachable.
    pub(super) fn enter(&mut self, vault: &Vault, change: &OrderChange) -> Result<(), StoreError> {
        if let Some(receipt) = &change.receipt {
            self.receipt = Some(vault.seal(&receipt_name(&change.customer, change.id), receipt)?.into());
        }
        if change.reference.is_some() {
            self.reference.clone_from(&change.reference);
        }
        if let Some(refund) = &change.refund {
            self.refund = Some(refund.id.to_string());
            self.refund_reference.clone_from(&refund.reference);
        }
        self.state = change.to.as_str().to_owned();
        self.updated = change.at.seconds();
        self.reason.clone_from(&change.reason);
        self.history.push(step(&Transition { state: change.to, at: change.at, reason: change.reason.clone() }));
        Ok(())
    }

    pub(super) fn read(&self, vault: &Vault) -> Result<OrderRecord, StoreError> {
        let (customer, id) = (customer(&self.customer)?, payment(&self.payment)?);
        let order = vault.open(&order_name(&customer, id), &self.sealed)?;
        let receipt = match &self.receipt {
            Some(sealed) => Some(vault.open(&receipt_name(&customer, id), sealed)?),
            None => None,
        };
        Ok(OrderRecord {
            state: self.state()?,
            updated: Timestamp::from_seconds(self.updated),
            reason: self.reason.clone(),
            message: self.message.clone(),
            reference: self.reference.clone(),
            receipt,
            handed: self.handed.map(Timestamp::from_seconds),
            refund: match &self.refund {
                Some(id) => Some(OrderRefund {
                    id: id.parse().map_err(|_| damage("an order's refund"))?,
                    reference: self.refund_reference.clone(),
                }),
                None => None,
            },
            history: self.history.iter().map(transition).collect::<Result<_, _>>()?,
            order: decode(&order, customer, id, fingerprint(&self.key)?, Timestamp::from_seconds(self.received))
                .ok_or_else(|| damage("an order"))?,
        })
    }
}

fn order_name(customer: &CustomerNo, id: PaymentId) -> String {
    format!("order/{customer}/{id}")
}

fn receipt_name(customer: &CustomerNo, id: PaymentId) -> String {
    format!("receipt/{customer}/{id}")
}

fn step(transition: &Transition) -> StepRow {
    StepRow {
        state: transition.state.as_str().to_owned(),
        at: transition.at.seconds(),
        reason: transition.reason.clone(),
    }
}

fn transition(row: &StepRow) -> Result<Transition, StoreError> {
    Ok(Transition {
        state: PaymentState::from_name(&row.state).ok_or_else(|| damage("an order's history"))?,
        at: Timestamp::from_seconds(row.at),
        reason: row.reason.clone(),
    })
}

/// What of an order is sealed: everything that no query needs. An array, its first element the layout's version.
fn encode(order: &NewOrder) -> Result<Vec<u8>, StoreError> {
    let share = |share: &BillShare| {
        Cbor::Array(vec![Cbor::Text(share.bill.to_string()), Cbor::Integer(share.amount.get().into())])
    };
    let value = Cbor::Array(vec![
        Cbor::Integer(1.into()),
        Cbor::Bytes(order.hash.to_vec()),
        Cbor::Bytes(order.order.clone()),
        Cbor::Bytes(order.signature.to_vec()),
        Cbor::Array(order.chain.iter().cloned().map(Cbor::Bytes).collect()),
        Cbor::Text(order.method.as_str().to_owned()),
        Cbor::Integer(order.amount.get().into()),
        Cbor::Array(order.bills.iter().map(share).collect()),
        Cbor::Integer(order.created.seconds().into()),
        Cbor::Integer(order.not_after.seconds().into()),
    ]);
    let mut bytes = Vec::new();
    ciborium::into_writer(&value, &mut bytes).map_err(|error| StoreError::Internal(Box::new(error)))?;
    Ok(bytes)
}

fn decode(
    bytes: &[u8],
    customer: CustomerNo,
    id: PaymentId,
    key: Fingerprint,
    received: Timestamp,
) -> Option<NewOrder> {
    let Cbor::Array(fields) = ciborium::from_reader(bytes).ok()? else { return None };
    let [version, hash, order, signature, chain, method, amount, bills, created, not_after]: [Cbor; 10] =
        fields.try_into().ok()?;
    let fen = |value: Cbor| Fen::new(value.into_integer().ok()?.try_into().ok()?).ok();
    let time = |value: Cbor| Some(Timestamp::from_seconds(value.into_integer().ok()?.try_into().ok()?));
    let share = |value: Cbor| {
        let [bill, amount]: [Cbor; 2] = value.into_array().ok()?.try_into().ok()?;
        Some(BillShare { bill: bill.into_text().ok()?.parse::<BillId>().ok()?, amount: fen(amount)? })
    };
    if version != Cbor::Integer(1.into()) {
        return None;
    }
    Some(NewOrder {
        id,
        customer,
        key,
        hash: hash.into_bytes().ok()?.try_into().ok()?,
        order: order.into_bytes().ok()?,
        signature: signature.into_bytes().ok()?.try_into().ok()?,
        chain: chain.into_array().ok()?.into_iter().map(|der| der.into_bytes().ok()).collect::<Option<_>>()?,
        method: match method.as_text()? {
            "gateway" => Method::Gateway,
            "mandate" => Method::Mandate,
            _ => return None,
        },
        amount: fen(amount)?,
        bills: bills.into_array().ok()?.into_iter().map(share).collect::<Option<_>>()?,
        created: time(created)?,
        not_after: time(not_after)?,
        received,
    })
}
