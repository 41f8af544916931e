//! An order sent again, and others for the same bill.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use gridkey_client::{
    client::{Client, ClientError},
    clock::Clock,
    random,
    session::{CallError, Event},
};
use gridkey_domain::{
    BillId, Fen, PaymentId, PaymentState,
    payment::{Method, Payment},
};
use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    certificate::PublicKey,
    frame::PushKind,
    ops::{
        self,
        payments::{SubmitBody, Submitted},
    },
    order::{self, CURRENCY, Order, Share, SignedOrder},
};
use serde::Serialize;

use crate::bank::{self, Decision};

/// How long a result may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an order may be executed, seconds.
const LIFE: i64 = 3600;

/// What the server answered, in the order it was asked.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// The order's id.
    pub payment: PaymentId,
    /// What it pays.
    pub amount: Fen,
    /// To the order.
    pub first: Submitted,
    /// To the same order again.
    pub again: Submitted,
    /// To another order for the bill: the error's code.
    pub other: String,
    /// To another order under the same id: the error's code.
    pub changed: String,
    /// What was pushed once the bank's page was confirmed.
    pub paid: Payment,
    /// To the same order once more.
    pub after: Submitted,
    /// To another order for the bill, now paid: the error's code.
    pub late: String,
}

/// Sends an order for `bill` again and again, with others between, and pays it once.
///
/// # Errors
/// If something is answered otherwise than by an answer or a refusal.
pub async fn run(client: &Client, bill: &BillId, web_root: &Path) -> Result<Seen> {
    let amount = client.bill(bill).await?.value.open;
    let payment = fresh_id()?;
    let order = sign(client, payment, bill, amount).await?;
    let mut events = client.session().context("no session")?.events();

    let first = submit(client, &order).await?;
    let again = submit(client, &order).await?;
    let other = sign(client, fresh_id()?, bill, amount).await?;
    let other = refusal(submit(client, &other).await)?;
    let less = amount.checked_sub(Fen::new(1)?).context("the bill is nothing")?;
    let changed = sign(client, payment, bill, less).await?;
    let changed = refusal(submit(client, &changed).await)?;

    let page = again.page.clone().context("no bank page")?;
    bank::visit(&page, web_root, Decision::Confirm).await?;
    let result = async {
        loop {
            let Event::Push(push) = events.recv().await? else { continue };
            if push.kind != PushKind::Payment {
                continue;
            }
            let told: Payment = cbor::from_value(push.body.clone())?;
            if told.payment == payment && !matches!(told.state, PaymentState::Submitted | PaymentState::Pending) {
                return Ok::<_, anyhow::Error>(told);
            }
        }
    };
    let paid = tokio::time::timeout(PATIENCE, result).await.context("no result was pushed")??;
    let after = submit(client, &order).await?;
    let late = sign(client, fresh_id()?, bill, amount).await?;
    let late = refusal(submit(client, &late).await)?;
    Ok(Seen { payment, amount, first, again, other, changed, paid, after, late })
}

fn fresh_id() -> Result<PaymentId> {
    Ok(PaymentId::from_parts(Clock::system().millis(), random::bytes()?))
}

async fn sign(client: &Client, id: PaymentId, bill: &BillId, amount: Fen) -> Result<SignedOrder> {
    let certificates = client.key().certificates();
    let created = client.now();
    let order = cbor::encode(&Order {
        v: 1,
        id,
        customer: client.customer().await?,
        bills: vec![Share { bill: bill.clone(), amount }],
        amount,
        currency: CURRENCY.into(),
        method: Method::Gateway,
        created,
        not_after: created.plus_seconds(LIFE),
        key: ByteArray(certificates.leaf().fingerprint()),
    });
    let signature = client.key().sign(order::message_to_sign(&order)).await?;
    let chain = certificates.chain().iter().cloned().map(ByteString).collect();
    Ok(SignedOrder { order: ByteString(order), signature: ByteArray(signature), chain })
}

/// Seals the order anew, as each sending does.
async fn submit(client: &Client, order: &SignedOrder) -> Result<Submitted, ClientError> {
    let envelope = client.session().and_then(|session| session.current()).ok_or(ClientError::Offline)?.envelope.clone();
    let PublicKey::X25519(recipient) = envelope.public_key() else { return Err(ClientError::Offline) };
    let sealed = order.seal(&recipient, &*random::secret()?).map_err(|_| ClientError::Offline)?;
    let body = SubmitBody { to: ByteArray(envelope.fingerprint()), sealed: ByteString(sealed) };
    client.call::<ops::PaymentSubmit>(&body).await
}

fn refusal(answer: Result<Submitted, ClientError>) -> Result<String> {
    match answer {
        Err(ClientError::Call(CallError::Refused(error))) => Ok(error.code),
        Err(error) => Err(error.into()),
        Ok(taken) => bail!("an order that had to be refused is {}", taken.state),
    }
}
