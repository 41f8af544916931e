//! Payment orders up to `submitted`, beside the two things that each of them needs.
//!
//! Ours: the request opened, the order opened on the HSM, its chain and signature verified, the key's standing read, the order
//! stored and chained in one durable transaction, the answer sealed. The platform is away, so that an order rests in `submitted`; the server
//! finds that out anew for each. The orders are payments on account by 64 customers, signed beforehand. Beside it: records of an order's size created
//! in SurrealDB alone, on the same engine with the same durability, and X25519 on SoftHSM alone, with as many PKCS#11 sessions as the
//! server has. The rate is to be at least half of the lower of the two, one at a time and 64 at once.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use gridkey_client::{clock::Clock, key::UsbKey, random, session::Session};
use gridkey_domain::{Fen, PaymentId, PaymentState, payment::Method};
use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    certificate::PublicKey,
    limits,
    ops::{PaymentSubmit, payments::SubmitBody},
    order::{CURRENCY, Order, SignedOrder, message_to_sign},
};

use crate::{
    bench::Bench,
    fleet::{Ways, customer, issue_keys, timed},
    measure::{Batch, count, statistics::median, watch},
    peers::{softhsm::SoftHsm, surreal::Surreal},
    stack::Stack,
    table::{Aim, Line},
    work::Amount,
};

pub(super) const ROW: &str = "orders";

/// Customers, each with a session.
const CUSTOMERS: usize = 64;

/// A customer in session.
struct Payer {
    key: UsbKey,
    session: Session,
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let mut stack = Stack::provision(bench, ROW, None).await?;
    let ways = Ways::to(stack.start().await?, &stack.anchor)?;
    let server = stack.pid()?;
    let mut payers = Vec::new();
    for (n, key) in issue_keys(&stack, CUSTOMERS, customer).await?.into_iter().enumerate() {
        payers.push(Payer { session: ways.open(n, key.clone()).await?, key });
    }
    let (mut surreal, mut softhsm) = (Surreal::start(bench)?, SoftHsm::start(bench).await?);
    let mut lines = Vec::new();
    for at_once in [1, CUSTOMERS] {
        for size in bench.sizes([100, 300, 1000], [64, 64, 128]) {
            let (mut ours, mut creates, mut derivations) = (Vec::new(), Vec::new(), Vec::new());
            let amount = Amount { count: size, at_once };
            for round in 0..bench.rounds() {
                if round % 2 == 0 {
                    ours.push(submit(server, &payers, amount).await?);
                }
                creates.push(surreal.create(amount).await?);
                derivations.push(softhsm.derive(amount).await?);
                if round % 2 == 1 {
                    ours.push(submit(server, &payers, amount).await?);
                }
            }
            lines.push(line(amount, &ours, &creates, &derivations));
        }
    }
    Ok(lines)
}

/// Signs and seals orders, and then submits them.
async fn submit(server: u32, payers: &[Payer], amount: Amount) -> Result<Batch> {
    let mut bodies = Vec::with_capacity(amount.count);
    for n in 0..amount.count {
        bodies.push(payers[n % payers.len()].order(n).await?);
    }
    let submit = |n: usize| {
        let (session, body) = (&payers[n % payers.len()].session, &bodies[n]);
        async move {
            let began = Instant::now();
            let submitted = session.call::<PaymentSubmit>(body).await?;
            ensure!(submitted.state == PaymentState::Submitted, "an order became {}", submitted.state);
            Ok::<Duration, anyhow::Error>(began.elapsed())
        }
    };
    watch(server, timed(amount.count, amount.at_once, submit)).await
}

impl Payer {
    async fn order(&self, n: usize) -> Result<SubmitBody> {
        let online = self.session.current().context("a session was lost")?;
        let leaf = self.key.certificates().leaf();
        let created = Clock::system().now();
        let order = Order {
            v: 1,
            id: PaymentId::from_parts(Clock::system().millis(), random::bytes()?),
            customer: online.customer.clone().context("a session of nobody")?,
            bills: Vec::new(),
            amount: Fen::new(10_000 + u64::try_from(n)?)?,
            currency: CURRENCY.to_owned(),
            method: Method::Gateway,
            created,
            not_after: created.plus_seconds(limits::ORDER_DEFAULT_LIFE_SECONDS),
            key: ByteArray(leaf.fingerprint()),
        };
        let bytes = cbor::encode(&order);
        let signature = self.key.sign(message_to_sign(&bytes)).await?;
        let chain = self.key.certificates().chain().iter().map(|der| ByteString(der.clone())).collect();
        let signed = SignedOrder { order: ByteString(bytes), signature: ByteArray(signature), chain };
        let PublicKey::X25519(recipient) = online.envelope.public_key() else { anyhow::bail!("no envelope key") };
        let sealed = signed.seal(&recipient, &*random::secret()?)?;
        Ok(SubmitBody { to: ByteArray(online.envelope.fingerprint()), sealed: ByteString(sealed) })
    }
}

fn line(amount: Amount, ours: &[Batch], creates: &[Batch], derivations: &[Batch]) -> Line {
    let rates = |batches: &[Batch]| batches.iter().map(Batch::rate).collect::<Vec<_>>();
    let (of_ours, of_creates, of_derivations) = (rates(ours), rates(creates), rates(derivations));
    let database_is_lower = median(&of_creates) <= median(&of_derivations);
    let (name, lower) =
        if database_is_lower { ("SurrealDB alone", &of_creates) } else { ("SoftHSM alone", &of_derivations) };
    let cost = |rates: &[f64]| count(amount.count) / median(rates);
    let cpu = median(&ours.iter().map(Batch::cpu_micros).collect::<Vec<_>>());
    Line::new(ROW, &format!("{} at once", amount.at_once), amount.count, "/s", &of_ours)
        .beside(name, &of_ours, lower)
        .aim(Aim::RatioAtLeast(0.5))
        .costs(cost(&of_ours), Some(cost(lower)))
        .note(super::rates("ours", ours))
        .note(format!("server CPU {cpu:.0} µs an order"))
        .note(format!("SurrealDB alone {:.0}/s, SoftHSM alone {:.0}/s", median(&of_creates), median(&of_derivations)))
}
