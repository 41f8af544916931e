//! What the played server answers.

use std::collections::HashMap;

use gridkey_domain::{CustomerNo, account::Account, key::KeyState};
use gridkey_protocol::{
    ByteArray, ByteString,
    cbor::{self, Value},
    certificate::Purpose,
    frame::OpError,
    ops::{
        Page,
        admin::{
            audit::{Entry, EntryPage, ListBody},
            customers::{CreateBody, CustomerBody, CustomerLine, CustomerList, SearchBody},
            keys::{BindBody, ChallengeBody, EndBody, Ended, IssueBody, Issued, KeyBody, KeyDetail, KeyLife},
            sessions::{CutBody, SessionPage},
        },
        error,
        key::Challenge,
    },
    testpki::{self, TestPki},
};
use serde::{Serialize, de::DeserializeOwned};

use super::server::{Books, admin, customer, key};

fn value(of: &impl Serialize) -> Value {
    cbor::to_value(of).unwrap()
}

fn read<T: DeserializeOwned + Serialize>(body: Value) -> T {
    cbor::from_value(body).unwrap()
}

impl Books {
    pub(super) fn answer(&mut self, op: &str, body: Value) -> Result<Value, OpError> {
        let not_found = || OpError::fatal(error::NOT_FOUND, "no such thing");
        match op {
            "key.get" => {
                let KeyBody { key: wanted } = read(body);
                let own =
                    KeyDetail { key: wanted, admin: self.role, name: "desk-1".into(), ..key("", 0, KeyState::Bound) };
                let found = self.keys.iter().find(|key| key.key == wanted).cloned();
                let key = if wanted.0 == admin().fingerprint() { Some(own) } else { found };
                let key = key.ok_or_else(not_found)?;
                Ok(value(&KeyLife { key, history: Vec::new(), chain: Vec::new() }))
            }
            "customer.search" => {
                let SearchBody { text, next } = read(body);
                let found =
                    self.customers.iter().map(|known| &known.account).filter(|known| known.name.contains(&text));
                let line = |known: &Account| CustomerLine {
                    customer: known.customer.clone(),
                    name: known.name.clone(),
                    name_zh: known.name_zh.clone(),
                    grade: known.grade.clone(),
                };
                // One a page.
                let at = next.map_or(0, |next| next.parse::<usize>().unwrap());
                let all: Vec<CustomerLine> = found.map(line).collect();
                let next = (at + 1 < all.len()).then(|| (at + 1).to_string());
                Ok(value(&CustomerList { customers: all.into_iter().skip(at).take(1).collect(), next }))
            }
            "customer.get" => {
                let CustomerBody { customer } = read(body);
                let found = self.customers.iter().find(|known| known.account.customer == customer);
                found.map(value).ok_or_else(not_found)
            }
            "customer.create" => {
                let CreateBody { customer: number, name, meters, .. } = read(body);
                if self.customers.iter().any(|known| known.account.customer == number) {
                    return Err(OpError::fatal(error::CUSTOMER_EXISTS, "it exists"));
                }
                let mut made = customer(number.as_str(), &name);
                made.account.meters = meters;
                self.customers.push(made.clone());
                Ok(value(&made))
            }
            "session.list" => {
                let _: Page = read(body);
                Ok(value(&SessionPage { sessions: self.sessions.clone(), next: None }))
            }
            "session.cut" => {
                let CutBody { session, .. } = read(body);
                self.sessions.retain(|known| known.session != session);
                Ok(value(&HashMap::from([("session", session)])))
            }
            "audit.list" => Ok(value(&entries(&read(body)))),
            "key.lost" | "key.revoke" => {
                let EndBody { key, .. } = read(body);
                let found = self.keys.iter_mut().find(|known| known.key == key).ok_or_else(not_found)?;
                found.state = if op == "key.lost" { KeyState::Lost } else { KeyState::Revoked };
                Ok(value(&Ended { key: found.clone(), sessions: 1, orders: 0 }))
            }
            "key.challenge" => {
                let ChallengeBody { customer, admin } = read(body);
                let name = customer.as_ref().map(ToString::to_string).or_else(|| Some(admin.as_ref()?.name.clone()));
                (self.for_customer, self.holder) = (customer, admin);
                let (challenge, ephemeral) = (ByteArray([4; 32]), ByteArray([5; 32]));
                Ok(value(&Challenge { challenge, ephemeral, name: name.unwrap(), expires: testpki::now() }))
            }
            "key.issue" => Ok(value(&self.issue(&read(body)))),
            "key.bind" => {
                let BindBody { key, .. } = read(body);
                let found = self.keys.iter_mut().find(|known| known.key == key).ok_or_else(not_found)?;
                found.state = KeyState::Bound;
                Ok(value(found))
            }
            other => Err(OpError::fatal(error::UNKNOWN_OP, other)),
        }
    }

    fn issue(&mut self, body: &IssueBody) -> Issued {
        let pki = TestPki::new();
        let certify = |purpose, public: &[u8]| {
            let mut spec = pki.spec(purpose);
            spec.public = Some(public.try_into().unwrap());
            pki.issue(&spec)
        };
        let leaf = certify(Purpose::UsbKey, &body.request.0);
        let name = self.for_customer.as_ref().map_or("desk", CustomerNo::as_str).to_owned();
        let key = KeyDetail { key: ByteArray(leaf.fingerprint()), ..key(&name, 9, KeyState::Issued) };
        self.keys.push(key.clone());
        let agreement = body.agreement.map(|public| certify(Purpose::Agreement, &public.0));
        Issued {
            key,
            chain: leaf.chain.into_iter().map(ByteString).collect(),
            agreement: agreement.map(|leaf| ByteString(leaf.der().to_vec())),
        }
    }
}

/// A chain of 250 entries, 40 in an answer at most.
fn entries(body: &ListBody) -> EntryPage {
    const LENGTH: u64 = 250;
    let limit = u64::from(body.limit.unwrap());
    let from = body.from.unwrap_or(LENGTH - limit);
    let end = LENGTH.min(from + limit.min(40));
    let entry = |number| Entry {
        number,
        at: testpki::now(),
        event: "key.bound".into(),
        actor: "server".into(),
        customer: None,
        facts: ByteString(cbor::encode(&HashMap::from([("number", number)]))),
        content: ByteString(Vec::new()),
        previous: ByteArray([0; 32]),
        hash: ByteArray([1; 32]),
    };
    EntryPage { entries: (from..end).map(entry).collect(), next: (end < LENGTH).then_some(end) }
}
