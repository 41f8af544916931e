//! Tables, indexes and functions, as migrations. A released step is never changed; a change is a new step.

use gridkey_surreal::Migration;

/// Every step, oldest first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "customers, meters, readings", sql: CUSTOMERS },
    Migration { version: 2, name: "bills, outbox, arrears, audit heads", sql: BILLS },
    Migration { version: 3, name: "payments", sql: super::payments::SCHEMA },
    Migration { version: 4, name: "refunds", sql: super::refunds::SCHEMA },
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
