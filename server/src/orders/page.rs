//! One-time addresses of the bank page.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gridkey_protocol::{crypto, frame::OpError};

use crate::{
    core::{Core, random},
    store::OrderRecord,
};

/// A fresh address for a pending order; earlier ones lapse. Only its hash is stored.
pub(super) async fn make(core: &Core, record: &OrderRecord) -> Result<String, OpError> {
    let secret: [u8; 32] = random();
    let expires = core.now().plus_seconds(core.orders.page_seconds);
    core.store.put_page(hash(&secret), &record.order.customer, record.order.id, expires).await?;
    Ok(format!("{}/pay/{}", core.public_url, URL_SAFE_NO_PAD.encode(secret)))
}

/// The stored name of the address ending in `text`; `None` if it is not one.
pub fn parse(text: &str) -> Option<[u8; 32]> {
    let secret: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    Some(hash(&secret))
}

fn hash(secret: &[u8; 32]) -> [u8; 32] {
    crypto::sha256(&[b"gridkey.v1/page\0", secret])
}
