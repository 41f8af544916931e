//! Tables, indexes and functions, as migrations. A released step is never changed; a change is a new step.

use gridkey_surreal::Migration;

/// Every step, oldest first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "customers, meters, readings", sql: CUSTOMERS },
    Migration { version: 2, name: "bills, outbox, arrears, audit heads", sql: BILLS },
    Migration { version: 3, name: "payments", sql: super::payments::SCHEMA },
    Migration { version: 4, name: "refunds", sql: super::refunds::SCHEMA },
    Migration { version: 5, name: "restores, findings", sql: super::restored::SCHEMA },
];

/// `customer:NUMBER`, `meter:NUMBER`, `reading:[METER, DATE]`. `sealed` holds name, contact and address.
const CUSTOMERS: &str = "
DEFINE TABLE customer SCHEMAFULL;
DEFINE FIELD kind ON customer TYPE string;
DEFINE FIELD grade ON customer TYPE string;
DEFINE FIELD sealed ON customer TYPE bytes;
DEFINE FIELD balance ON customer TYPE int DEFAULT 0;

DEFINE TABLE meter SCHEMAFULL;
DEFINE FIELD customer ON meter TYPE string;
DEFINE FIELD basic ON meter TYPE string;
DEFINE FIELD capacity_kva ON meter TYPE string;
DEFINE FIELD voltage_kv ON meter TYPE string;
DEFINE INDEX meter_customer ON meter FIELDS customer;

DEFINE TABLE reading SCHEMAFULL;
DEFINE FIELD slots ON reading TYPE bytes;
";

/// `bill:NUMBER`, `bill_payment`, `outbox:N`, `arrears:CUSTOMER`, `arrears_event:[CUSTOMER, N]`, `audit_head:LENGTH`.
/// Money is in fen, dates are text, instants are seconds.
const BILLS: &str = "
DEFINE TABLE bill SCHEMAFULL;
DEFINE FIELD customer ON bill TYPE string;
DEFINE FIELD meter ON bill TYPE string;
DEFINE FIELD month ON bill TYPE string;
DEFINE FIELD issued ON bill TYPE string;
DEFINE FIELD due ON bill TYPE string;
DEFINE FIELD detail ON bill TYPE string;
DEFINE FIELD total ON bill TYPE int;
DEFINE FIELD open ON bill TYPE int ASSERT $value >= 0;
DEFINE FIELD settled ON bill TYPE option<string>;
DEFINE FIELD late_on ON bill TYPE option<string>;
DEFINE INDEX bill_customer ON bill FIELDS customer;
DEFINE INDEX bill_month ON bill FIELDS month;

DEFINE TABLE bill_payment SCHEMAFULL;
DEFINE FIELD bill ON bill_payment TYPE string;
DEFINE FIELD source ON bill_payment TYPE string;
DEFINE FIELD amount ON bill_payment TYPE int;
DEFINE FIELD paid_on ON bill_payment TYPE string;
DEFINE INDEX bill_payment_once ON bill_payment FIELDS bill, source UNIQUE;

DEFINE TABLE counter SCHEMAFULL;
DEFINE FIELD reached ON counter TYPE int;

DEFINE TABLE outbox SCHEMAFULL;
DEFINE FIELD at ON outbox TYPE int;
DEFINE FIELD customer ON outbox TYPE string;
DEFINE FIELD kind ON outbox TYPE string;
DEFINE FIELD source ON outbox TYPE string;
DEFINE FIELD body ON outbox TYPE string;
DEFINE INDEX outbox_source ON outbox FIELDS source UNIQUE;

DEFINE TABLE arrears SCHEMAFULL;
DEFINE FIELD level ON arrears TYPE string;
DEFINE FIELD number ON arrears TYPE int;

DEFINE TABLE arrears_event SCHEMAFULL;
DEFINE FIELD alarm ON arrears_event TYPE string;
DEFINE FIELD at ON arrears_event TYPE int;
DEFINE FIELD change ON arrears_event TYPE string;
DEFINE FIELD level ON arrears_event TYPE string;
DEFINE FIELD open ON arrears_event TYPE int;
DEFINE FIELD late ON arrears_event TYPE int;

DEFINE TABLE audit_head SCHEMAFULL;
DEFINE FIELD hash ON audit_head TYPE string;
DEFINE FIELD at ON audit_head TYPE int;
DEFINE FIELD signature ON audit_head TYPE string;
DEFINE FIELD certificate ON audit_head TYPE array<string>;

-- Appends an event under the next number; one of the same source is appended once, whatever happens. Gives its number.
DEFINE FUNCTION fn::outbox($customer: string, $kind: string, $source: string, $body: string, $at: int) {
    LET $known = (SELECT VALUE record::id(id) FROM outbox WHERE source = $source)[0];
    IF $known != NONE { RETURN $known };
    LET $number = (counter:outbox.reached ?? 0) + 1;
    UPSERT counter:outbox SET reached = $number;
    CREATE type::record('outbox', $number)
        SET customer = $customer, kind = $kind, source = $source, body = $body, at = $at;
    RETURN $number;
};

-- Puts money on the customer's account.
DEFINE FUNCTION fn::credit($customer: string, $amount: int) {
    LET $account = type::record('customer', $customer);
    IF $account.balance = NONE { THROW 'not-found:customer' };
    UPDATE $account SET balance += $amount;
    RETURN NONE;
};

-- Books $amount of $source (a payment's id) on a bill, once. What the bill does not need goes to the account. Gives what
-- is left to pay.
DEFINE FUNCTION fn::book($bill: string, $source: string, $amount: int, $paid_on: string) {
    LET $record = type::record('bill', $bill);
    LET $owed = $record.open;
    IF $owed = NONE { THROW 'not-found:bill' };
    IF (SELECT VALUE amount FROM bill_payment WHERE bill = $bill AND source = $source)[0] != NONE { RETURN $owed };
    LET $used = math::min([$owed, $amount]);
    CREATE bill_payment SET bill = $bill, source = $source, amount = $used, paid_on = $paid_on;
    LET $left = $owed - $used;
    UPDATE $record SET open = $left, settled = IF $left = 0 { settled ?? $paid_on } ELSE { settled };
    IF $amount > $used { fn::credit($record.customer, $amount - $used) };
    RETURN $left;
};
";

#[cfg(test)]
mod tests {
    use gridkey_domain::{PaymentId, PaymentState, Timestamp};
    use gridkey_surreal::{Database, DbError, vars};

    use super::*;
    use crate::store::{FieldCipher, PlatformStore, StoreError, restored::FIRST_EPOCH};

    fn payment() -> PaymentId {
        PaymentId::from_parts(1, [7; 10])
    }

    /// What a platform before refunds and restores kept of a payment under way, and of what it had told.
    const OLD: &str = "
        CREATE type::record('payment', $payment) SET customer = '1100000001', order_hash = 'aa', amount = 500,
            shares = '[]', created = 10, not_after = 9000, taken_at = 11, handed_at = 12, pay_timeout = 900, seen = true,
            state = 'unknown', reason = 'no-answer', reference = NONE, updated = 12, version = 2;
        CREATE type::record('payment_event', [$payment, 1]) SET state = 'pending', at = 11, reason = 'accepted';
        CREATE type::record('payment_event', [$payment, 2]) SET state = 'unknown', at = 12, reason = 'no-answer';
        CREATE audit_head:3 SET hash = 'ab', at = 5, signature = '00', certificate = ['AA=='];
        CREATE counter:audit_head SET reached = 3;";

    async fn old() -> Database {
        let database = Database::open("mem://", "gridkey", "platform", None).await.unwrap();
        database.migrate(&MIGRATIONS[..3]).await.unwrap();
        database.transact(OLD, vars! { payment: payment().to_string() }).await.unwrap();
        database
    }

    #[tokio::test]
    async fn a_store_of_an_older_version_is_brought_up_to_date_and_its_payments_go_on() {
        let database = old().await;
        let store = PlatformStore::over(database.clone(), FieldCipher::random().unwrap()).await.unwrap();
        assert_eq!(database.schema_version().await.unwrap(), MIGRATIONS.last().unwrap().version);
        let open = store.open_payments().await.unwrap();
        assert_eq!((open.len(), open[0].state, open[0].reserved.as_deref()), (1, PaymentState::Unknown, None));
        assert_eq!(open[0].handed.unwrap().at, Timestamp::from_seconds(12));
        assert_eq!(store.payment_history(payment()).await.unwrap().len(), 2);
        assert_eq!(store.newest_head().await.unwrap().unwrap().length, 3);
        assert_eq!(store.outbox_epoch(FIRST_EPOCH).await.unwrap(), (FIRST_EPOCH.to_owned(), None));
        assert!(store.open_findings().await.unwrap().is_empty() && store.uncompared().await.unwrap().is_none());
        // A second start finds nothing to do.
        PlatformStore::over(database, FieldCipher::random().unwrap()).await.unwrap();
    }

    #[tokio::test]
    async fn a_program_older_than_the_store_leaves_it_alone() {
        let database = old().await;
        let newer = "UPSERT schema_version:current SET version = 99, name = 'later'";
        database.transact(newer, vars! {}).await.unwrap();
        let refused = PlatformStore::over(database.clone(), FieldCipher::random().unwrap()).await.err();
        let known = MIGRATIONS.last().unwrap().version;
        let Some(StoreError::Internal(DbError::NewerSchema { found: 99, known: said })) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(said, known);
        assert_eq!(database.schema_version().await.unwrap(), 99);
    }
}
