//! The one-time addresses of bank pages.

use gridkey_domain::{CustomerNo, PaymentId, PaymentState, Timestamp};
use gridkey_surreal::{RecordId, SurrealValue};

use super::{
    SurrealStore, orders,
    rows::{OrderRow, customer, payment},
    script::{Script, pair, record},
    write::Plan,
};
use crate::store::{OrderRecord, StoreError};

/// `page:[hash]`
#[derive(Debug, SurrealValue)]
struct PageRow {
    customer: String,
    payment: String,
    expires: i64,
}

/// `page_of:[customer, payment]`
#[derive(Debug, SurrealValue)]
struct NewestRow {
    page: RecordId,
}

pub(super) async fn put(
    store: &SurrealStore,
    page: [u8; 32],
    customer: &CustomerNo,
    payment: PaymentId,
    expires: Timestamp,
) -> Result<(), StoreError> {
    store
        .write_alone(|| async move {
            orders::find(store, customer, payment).await?;
            let (place, newest) = (page_record(&page), pair("page_of", customer.as_str(), payment.to_string()));
            let mut script = Script::default();
            // Of several at once one comes last: they all write `page_of`, so each sees the page before it.
            let (name, page) = (script.bind(newest.clone()), script.bind(place.clone()));
            script
                .add(&format!("IF {name}.page != NONE AND {name}.page != {page} {{ DELETE {name}.page RETURN NONE }}"));
            script.put(
                &place,
                PageRow { customer: customer.to_string(), payment: payment.to_string(), expires: expires.seconds() },
            );
            script.put(&newest, NewestRow { page: place });
            Ok(Plan::Write(script, ()))
        })
        .await
}

pub(super) async fn take(
    store: &SurrealStore,
    page: [u8; 32],
    now: Timestamp,
) -> Result<Option<OrderRecord>, StoreError> {
    store
        .write_alone(|| async move {
            let place = page_record(&page);
            let Some(row) = store.find::<PageRow>(&place).await? else { return Ok(Plan::Nothing(None)) };
            let (customer, payment) = (customer(&row.customer)?, payment(&row.payment)?);
            let mut script = Script::default();
            script.expect_present(&place);
            script.delete(&place);
            let mut order: OrderRow = orders::find(store, &customer, payment).await?;
            if now.seconds() > row.expires || order.state()? != PaymentState::Pending {
                return Ok(Plan::Write(script, None));
            }
            order.handed = order.handed.or(Some(now.seconds()));
            let record = order.read(&store.vault)?;
            orders::write(&mut script, order, &record);
            Ok(Plan::Write(script, Some(record)))
        })
        .await
}

fn page_record(page: &[u8; 32]) -> RecordId {
    record("page", &hex::encode(page))
}
