//! Customers and their meters.

use gridkey_domain::{
    CustomerNo, MeterId, Timestamp,
    account::{Account, AccountUpdate, Basic, Meter},
};
use gridkey_surreal::{Bytes, RecordId, SurrealValue, vars};
use serde::{Deserialize, Serialize};

use super::{PlatformStore, StoreError};

/// How often a change is tried again when another one came between.
const ATTEMPTS: usize = 10;

/// What is sealed: everything that says who the customer is.
#[derive(Serialize, Deserialize)]
struct Sensitive {
    /// Bound in, so that one customer's sealed fields can't be put in another's place.
    customer: CustomerNo,
    name: String,
    name_zh: String,
    contact: String,
    address: String,
}

#[derive(SurrealValue)]
struct CustomerRow {
    number: String,
    kind: String,
    grade: String,
    sealed: Bytes,
    balance: i64,
}

#[derive(SurrealValue)]
struct MeterRow {
    number: String,
    customer: String,
    basic: String,
    capacity_kva: String,
    voltage_kv: String,
}

impl PlatformStore {
    /// Adds a customer with its meters. One that is there already keeps what it has; meters are added and updated, and the server
    /// is told if that changes one.
    pub async fn put_customer(&self, account: &Account, at: Timestamp) -> Result<(), StoreError> {
        let meters: Vec<_> = account.meters.iter().map(|meter| meter_row(&account.customer, meter)).collect();
        let changes_one = match self.account(&account.customer).await {
            Ok(known) => account.meters.iter().any(|meter| !known.meters.contains(meter)),
            Err(StoreError::NotFound(_)) => false,
            Err(error) => return Err(error),
        };
        self.database
            .transact(
                "IF $record.kind = NONE { CREATE $record SET kind = $kind, grade = $grade, sealed = $sealed };
                 FOR $meter IN $meters {
                    UPSERT type::record('meter', $meter.number) SET customer = $meter.customer, basic = $meter.basic,
                        capacity_kva = $meter.capacity_kva, voltage_kv = $meter.voltage_kv;
                 };
                 IF $changes_one {
                    LET $number = (counter:outbox.reached ?? 0) + 1;
                    fn::outbox($customer, 'account', string::concat('account/', $number), $body, $at);
                 };",
                vars! {
                    record: customer_id(&account.customer),
                    kind: account.kind.clone(),
                    grade: account.grade.clone(),
                    sealed: self.seal(account)?,
                    meters: meters,
                    changes_one: changes_one,
                    customer: account.customer.as_str().to_owned(),
                    body: serde_json::json!({ "fields": ["meters"] }).to_string(),
                    at: at.seconds(),
                },
            )
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Every customer's number, in order.
    pub async fn customers(&self) -> Result<Vec<CustomerNo>, StoreError> {
        let mut rows = self.database.run("SELECT VALUE record::id(id) FROM customer ORDER BY id", vars! {}).await?;
        rows.last_all::<String>()?.into_iter().map(|number| parsed(&number)).collect()
    }

    /// The customer's account.
    pub async fn account(&self, customer: &CustomerNo) -> Result<Account, StoreError> {
        self.account_with_seal(customer).await.map(|(account, _)| account)
    }

    /// The meters of `customer`, or of everyone, with their owners; in order.
    pub async fn meters(&self, customer: Option<&CustomerNo>) -> Result<Vec<(CustomerNo, Meter)>, StoreError> {
        let condition = if customer.is_some() { "WHERE customer = $customer" } else { "" };
        let sql = format!("SELECT *, record::id(id) AS number FROM meter {condition} ORDER BY number");
        let customer = customer.map(|customer| customer.as_str().to_owned());
        let mut rows = self.database.run(&sql, vars! { customer: customer }).await?;
        rows.last_all::<MeterRow>()?.into_iter().map(MeterRow::read).collect()
    }

    /// A meter of `customer`; another customer's is not found.
    pub async fn meter(&self, customer: &CustomerNo, meter: &MeterId) -> Result<Meter, StoreError> {
        let mut rows = self
            .database
            .run(
                "SELECT *, record::id(id) AS number FROM $record WHERE customer = $customer",
                vars! { record: RecordId::new("meter", meter.as_str()), customer: customer.as_str().to_owned() },
            )
            .await?;
        let row = rows.one::<MeterRow>(0)?.ok_or(StoreError::NotFound("meter"))?;
        row.read().map(|(_, meter)| meter)
    }

    /// Changes contact and address, and tells the server which of them changed.
    pub async fn update_account(
        &self,
        customer: &CustomerNo,
        update: &AccountUpdate,
        at: Timestamp,
    ) -> Result<Account, StoreError> {
        for _ in 0..ATTEMPTS {
            let (mut account, before) = self.account_with_seal(customer).await?;
            let mut fields = Vec::new();
            for (name, new, place) in
                [("contact", &update.contact, &mut account.contact), ("address", &update.address, &mut account.address)]
            {
                if let Some(new) = new.as_ref().filter(|new| *new != place) {
                    place.clone_from(new);
                    fields.push(name);
                }
            }
            if fields.is_empty() {
                return Ok(account);
            }
            let changed = self
                .database
                .transact(
                    "IF $record.sealed != $before { THROW 'changed' };
                     UPDATE $record SET sealed = $after;
                     LET $number = (counter:outbox.reached ?? 0) + 1;
                     fn::outbox($customer, 'account', string::concat('account/', $number), $body, $at);",
                    vars! {
                        record: customer_id(customer),
                        before: before,
                        after: self.seal(&account)?,
                        customer: customer.as_str().to_owned(),
                        body: serde_json::json!({ "fields": fields }).to_string(),
                        at: at.seconds(),
                    },
                )
                .await
                .map_err(StoreError::from);
            match changed {
                Ok(_) => {
                    self.wake_outbox();
                    return Ok(account);
                }
                Err(StoreError::Refused { code, .. }) if code == "changed" => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unavailable(gridkey_surreal::DbError::Busy))
    }

    async fn account_with_seal(&self, customer: &CustomerNo) -> Result<(Account, Bytes), StoreError> {
        let mut rows = self
            .database
            .run(
                "SELECT *, record::id(id) AS number FROM $record;
                 SELECT *, record::id(id) AS number FROM meter WHERE customer = $customer ORDER BY number;",
                vars! { record: customer_id(customer), customer: customer.as_str().to_owned() },
            )
            .await?;
        let row = rows.one::<CustomerRow>(0)?.ok_or(StoreError::NotFound("customer"))?;
        let opened = self.cipher.open(&row.sealed).map_err(|_| StoreError::Damaged("customer"))?;
        let sensitive: Sensitive = serde_json::from_slice(&opened).map_err(|_| StoreError::Damaged("customer"))?;
        if sensitive.customer.as_str() != row.number {
            return Err(StoreError::Damaged("customer"));
        }
        let meters = rows.all::<MeterRow>(1)?.into_iter().map(|meter| meter.read().map(|(_, meter)| meter));
        let account = Account {
            customer: sensitive.customer,
            name: sensitive.name,
            name_zh: sensitive.name_zh,
            kind: row.kind,
            grade: row.grade,
            contact: sensitive.contact,
            address: sensitive.address,
            balance: row.balance,
            meters: meters.collect::<Result<_, _>>()?,
        };
        Ok((account, row.sealed))
    }

    fn seal(&self, account: &Account) -> Result<Bytes, StoreError> {
        let plain = zeroize::Zeroizing::new(
            serde_json::to_vec(&Sensitive {
                customer: account.customer.clone(),
                name: account.name.clone(),
                name_zh: account.name_zh.clone(),
                contact: account.contact.clone(),
                address: account.address.clone(),
            })
            .map_err(|_| StoreError::Damaged("customer"))?,
        );
        self.cipher.seal(&plain).map(Bytes::from).map_err(|_| StoreError::Damaged("customer"))
    }
}

/// The record of a customer.
fn customer_id(customer: &CustomerNo) -> RecordId {
    RecordId::new("customer", customer.as_str())
}

fn meter_row(customer: &CustomerNo, meter: &Meter) -> MeterRow {
    MeterRow {
        number: meter.meter.as_str().to_owned(),
        customer: customer.as_str().to_owned(),
        basic: match meter.basic {
            Basic::Capacity => "capacity".to_owned(),
            Basic::Demand => "demand".to_owned(),
        },
        capacity_kva: meter.capacity_kva.to_string(),
        voltage_kv: meter.voltage_kv.to_string(),
    }
}

impl MeterRow {
    fn read(self) -> Result<(CustomerNo, Meter), StoreError> {
        let basic = match self.basic.as_str() {
            "capacity" => Basic::Capacity,
            "demand" => Basic::Demand,
            _ => return Err(StoreError::Damaged("meter")),
        };
        let meter = Meter {
            meter: parsed(&self.number)?,
            basic,
            capacity_kva: parsed(&self.capacity_kva)?,
            voltage_kv: parsed(&self.voltage_kv)?,
        };
        Ok((parsed(&self.customer)?, meter))
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged("number or name"))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;

    /// A customer `1100000006` with the meters `M1` (capacity) and `M2` (demand).
    pub(crate) fn dairy() -> Account {
        let meter = |id: &str, basic| Meter {
            meter: id.parse().unwrap(),
            basic,
            capacity_kva: "250".parse().unwrap(),
            voltage_kv: "10".parse().unwrap(),
        };
        Account {
            customer: "1100000006".parse().unwrap(),
            name: "Green Valley Dairy".to_owned(),
            name_zh: "绿谷牧业".to_owned(),
            kind: "agricultural".to_owned(),
            grade: "C".to_owned(),
            contact: "+86 10 5550 0106".to_owned(),
            address: "Green Valley Township".to_owned(),
            balance: 0,
            meters: vec![meter("M1", Basic::Capacity), meter("M2", Basic::Demand)],
        }
    }

    #[tokio::test]
    async fn a_customer_reads_back_and_loading_it_again_changes_nothing() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        assert_eq!(store.account(&dairy().customer).await.unwrap(), dairy());
        store
            .put_customer(&Account { contact: "other".to_owned(), ..dairy() }, Timestamp::from_seconds(0))
            .await
            .unwrap();
        assert_eq!(store.account(&dairy().customer).await.unwrap(), dairy());
        assert_eq!(store.customers().await.unwrap(), [dairy().customer]);
        assert_eq!(store.meters(None).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn strangers_and_their_meters_are_not_found() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let stranger = "1100000009".parse().unwrap();
        assert!(matches!(store.account(&stranger).await, Err(StoreError::NotFound("customer"))));
        assert!(matches!(store.meter(&stranger, &"M1".parse().unwrap()).await, Err(StoreError::NotFound("meter"))));
        assert!(store.meter(&dairy().customer, &"M1".parse().unwrap()).await.is_ok());
        assert_eq!(store.meters(Some(&stranger)).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_change_is_told_to_the_server_without_its_content() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let update = AccountUpdate { contact: Some("+86 10 5550 9999".to_owned()), address: Some(dairy().address) };
        let at = Timestamp::from_seconds(1_000);
        let account = store.update_account(&dairy().customer, &update, at).await.unwrap();
        assert_eq!(account.contact, "+86 10 5550 9999");
        assert_eq!(store.account(&dairy().customer).await.unwrap(), account);
        store.update_account(&dairy().customer, &update, at).await.unwrap();
        let events = store.outbox_after(0, 10, Duration::ZERO).await.unwrap();
        assert_eq!(events.len(), 1, "the same values again are no change");
        assert_eq!(events[0].body, serde_json::json!({ "fields": ["contact"] }));
    }

    #[tokio::test]
    async fn a_meter_that_changes_or_comes_is_told_to_the_server() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        assert_eq!(store.outbox_head().await.unwrap(), 0, "a new customer is known to nobody yet");
        let mut changed = dairy();
        changed.meters[0].capacity_kva = "400".parse().unwrap();
        store.put_customer(&changed, Timestamp::from_seconds(7)).await.unwrap();
        let events = store.outbox_after(0, 10, Duration::ZERO).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(
            (&events[0].customer, &events[0].body),
            (&dairy().customer, &serde_json::json!({ "fields": ["meters"] }))
        );
    }

    #[tokio::test]
    async fn two_changes_at_once_both_take_effect() {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let at = Timestamp::from_seconds(1_000);
        let (contact, address) = (
            AccountUpdate { contact: Some("c".to_owned()), address: None },
            AccountUpdate { contact: None, address: Some("a".to_owned()) },
        );
        let customer = dairy().customer;
        let (first, second) =
            tokio::join!(store.update_account(&customer, &contact, at), store.update_account(&customer, &address, at));
        first.and(second).unwrap();
        let account = store.account(&customer).await.unwrap();
        assert_eq!((account.contact.as_str(), account.address.as_str()), ("c", "a"));
    }
}
