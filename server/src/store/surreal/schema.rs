//! Tables, by version.
//!
//! Records that one transaction reads and another may change carry `rev`, which every change raises: a writer that
//! decided on a record's old state finds `rev` moved and decides again. Fingerprints, ids and hashes are lower-case hex,
//! times are seconds since 1970, amounts are fen. Columns of type `bytes` named `sealed` or `receipt` are encrypted.

use gridkey_surreal::Migration;

/// The schema, oldest step first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "first", sql: FIRST },
    Migration { version: 2, name: "key-life", sql: KEY_LIFE },
    Migration { version: 3, name: "figures", sql: FIGURES },
    Migration { version: 4, name: "refunds", sql: REFUNDS },
    Migration { version: 5, name: "restores", sql: RESTORES },
    Migration { version: 6, name: "orders-by-binding", sql: ORDERS_BY_BINDING },
];

const FIRST: &str = "
    -- The data key wrapped by the HSM, and a sealed word that only the right data key opens.
    DEFINE TABLE data_key SCHEMAFULL;
    DEFINE FIELD bytes ON data_key TYPE bytes READONLY;

    -- key:[fingerprint]
    DEFINE TABLE key SCHEMAFULL;
    DEFINE FIELD rev ON key TYPE int;
    DEFINE FIELD number ON key TYPE int;
    DEFINE FIELD fingerprint ON key TYPE string READONLY;
    DEFINE FIELD serial ON key TYPE string READONLY;
    DEFINE FIELD role ON key TYPE 'customer' | 'admin' READONLY;
    DEFINE FIELD customer ON key TYPE option<string>;
    DEFINE FIELD state ON key TYPE 'issued' | 'bound' | 'unbound' | 'lost' | 'revoked' | 'replaced';
    DEFINE FIELD chain ON key TYPE array<bytes> READONLY;
    DEFINE FIELD agreement ON key TYPE option<bytes> READONLY;
    DEFINE FIELD agreement_serial ON key TYPE option<string> READONLY;
    DEFINE FIELD not_before ON key TYPE int READONLY;
    DEFINE FIELD not_after ON key TYPE int READONLY;
    DEFINE FIELD since ON key TYPE int;
    DEFINE INDEX key_serial ON key FIELDS serial UNIQUE;
    DEFINE INDEX key_customer ON key FIELDS customer, number;
    DEFINE INDEX key_state ON key FIELDS state;

    -- key_serial:[serial], so that two certificates never share one.
    DEFINE TABLE key_serial SCHEMAFULL;
    DEFINE FIELD fingerprint ON key_serial TYPE string READONLY;

    -- stream:[customer]
    DEFINE TABLE stream SCHEMAFULL;
    DEFINE FIELD rev ON stream TYPE int;
    DEFINE FIELD epoch ON stream TYPE bytes READONLY;
    DEFINE FIELD newest ON stream TYPE int;

    -- push:[customer, offset]
    DEFINE TABLE push SCHEMAFULL;
    DEFINE FIELD place ON push TYPE int READONLY;
    DEFINE FIELD kind ON push TYPE string READONLY;
    DEFINE FIELD at ON push TYPE int READONLY;
    DEFINE FIELD sealed ON push TYPE bytes READONLY;

    -- push_source:[customer, source], so that a source is pushed once.
    DEFINE TABLE push_source SCHEMAFULL;
    DEFINE FIELD place ON push_source TYPE int READONLY;

    -- cursor:[key, customer]
    DEFINE TABLE cursor SCHEMAFULL;
    DEFINE FIELD place ON cursor TYPE int;

    -- order:[customer, id]
    DEFINE TABLE order SCHEMAFULL;
    DEFINE FIELD rev ON order TYPE int;
    DEFINE FIELD number ON order TYPE int READONLY;
    DEFINE FIELD customer ON order TYPE string READONLY;
    DEFINE FIELD payment ON order TYPE string READONLY;
    DEFINE FIELD key ON order TYPE string READONLY;
    DEFINE FIELD received ON order TYPE int READONLY;
    DEFINE FIELD sealed ON order TYPE bytes READONLY;
    DEFINE FIELD state ON order TYPE string;
    DEFINE FIELD updated ON order TYPE int;
    DEFINE FIELD reason ON order TYPE string;
    DEFINE FIELD message ON order TYPE option<string>;
    DEFINE FIELD reference ON order TYPE option<string>;
    DEFINE FIELD receipt ON order TYPE option<bytes>;
    DEFINE FIELD handed ON order TYPE option<int>;
    DEFINE FIELD history ON order TYPE array<object>;
    DEFINE FIELD history.*.state ON order TYPE string;
    DEFINE FIELD history.*.at ON order TYPE int;
    DEFINE FIELD history.*.reason ON order TYPE string;
    DEFINE INDEX order_customer ON order FIELDS customer, number;
    DEFINE INDEX order_state ON order FIELDS state, number;
    DEFINE INDEX order_key ON order FIELDS key, state;

    -- reservation:[bill]: the open order that holds a bill.
    DEFINE TABLE reservation SCHEMAFULL;
    DEFINE FIELD bill ON reservation TYPE string READONLY;
    DEFINE FIELD customer ON reservation TYPE string READONLY;
    DEFINE FIELD payment ON reservation TYPE string READONLY;
    DEFINE INDEX reservation_customer ON reservation FIELDS customer;

    -- page:[hash of the one-time address], and page_of:[customer, payment] that names the newest.
    DEFINE TABLE page SCHEMAFULL;
    DEFINE FIELD customer ON page TYPE string READONLY;
    DEFINE FIELD payment ON page TYPE string READONLY;
    DEFINE FIELD expires ON page TYPE int READONLY;
    DEFINE TABLE page_of SCHEMAFULL;
    DEFINE FIELD page ON page_of TYPE record<page>;

    -- outbox:cursor
    DEFINE TABLE outbox SCHEMAFULL;
    DEFINE FIELD number ON outbox TYPE int;

    -- settings:[customer]
    DEFINE TABLE settings SCHEMAFULL;
    DEFINE FIELD sealed ON settings TYPE bytes;

    -- alarm:[customer, alarm]
    DEFINE TABLE alarm SCHEMAFULL;
    DEFINE FIELD customer ON alarm TYPE string READONLY;
    DEFINE FIELD alarm ON alarm TYPE string READONLY;
    DEFINE FIELD at ON alarm TYPE int READONLY;
    DEFINE INDEX alarm_customer ON alarm FIELDS customer;

    -- envelope:[fingerprint]
    DEFINE TABLE envelope SCHEMAFULL;
    DEFINE FIELD fingerprint ON envelope TYPE string READONLY;
    DEFINE FIELD key_id ON envelope TYPE bytes;
    DEFINE FIELD chain ON envelope TYPE array<bytes>;
    DEFINE FIELD not_before ON envelope TYPE int;
    DEFINE FIELD not_after ON envelope TYPE int;

    -- audit:[number], and audit_head:main that every chained entry moves.
    DEFINE TABLE audit SCHEMAFULL;
    DEFINE FIELD number ON audit TYPE int READONLY;
    DEFINE FIELD previous ON audit TYPE bytes READONLY;
    DEFINE FIELD hash ON audit TYPE bytes READONLY;
    DEFINE FIELD sealed ON audit TYPE bytes READONLY;
    DEFINE TABLE audit_head SCHEMAFULL;
    DEFINE FIELD length ON audit_head TYPE int;
    DEFINE FIELD hash ON audit_head TYPE bytes;
";

// `tell_at`, `replace_at` and `over_at` are set while something is due at that time, so that an index finds it.
const KEY_LIFE: &str = "
    DEFINE FIELD OVERWRITE state ON key
        TYPE 'issued' | 'bound' | 'unbound' | 'lost' | 'revoked' | 'expired' | 'replaced';
    DEFINE FIELD reason ON key TYPE option<string>;
    DEFINE FIELD admin ON key TYPE option<string>;
    DEFINE FIELD name ON key TYPE option<string>;
    DEFINE FIELD token ON key TYPE option<string>;
    DEFINE FIELD succeeds ON key TYPE option<string>;
    DEFINE FIELD successor ON key TYPE option<string>;
    DEFINE FIELD tell_at ON key TYPE option<int>;
    DEFINE FIELD replace_at ON key TYPE option<int>;
    DEFINE FIELD over_at ON key TYPE option<int>;
    DEFINE FIELD history ON key TYPE option<array<object>>;
    DEFINE FIELD history.*.state ON key TYPE string;
    DEFINE FIELD history.*.at ON key TYPE int;
    DEFINE FIELD history.*.actor ON key TYPE string;
    DEFINE FIELD history.*.reason ON key TYPE string;
    DEFINE INDEX key_tell ON key FIELDS tell_at;
    DEFINE INDEX key_replace ON key FIELDS replace_at;
    DEFINE INDEX key_over ON key FIELDS over_at;
    DEFINE INDEX key_number ON key FIELDS number;

    -- binding:[fingerprint]: a key is in one hand at most. Made when it is bound, deleted when its life ends.
    DEFINE TABLE binding SCHEMAFULL;
    DEFINE FIELD key ON binding TYPE string READONLY;
    DEFINE FIELD customer ON binding TYPE option<string> READONLY;
    DEFINE FIELD at ON binding TYPE int READONLY;
    DEFINE INDEX binding_key ON binding FIELDS key UNIQUE;

    FOR $key IN (SELECT * FROM key WHERE state = 'bound') {
        CREATE type::record('binding', $key.fingerprint)
            SET key = $key.fingerprint, customer = $key.customer, at = $key.since;
    };
    UPDATE key SET admin = 'security-officer' WHERE role = 'admin';
    UPDATE key SET over_at = not_after, tell_at = <int> math::floor(not_before + (not_after - not_before) * 2 / 3)
        WHERE state IN ['issued', 'bound'];
";

// Amounts of orders are sealed, so that what was paid before this version is in no hour; keys are counted as they are.
const FIGURES: &str = "
    -- paid_hour:[beginning of the hour]: what was paid in it.
    DEFINE TABLE paid_hour SCHEMAFULL;
    DEFINE FIELD since ON paid_hour TYPE int;
    DEFINE FIELD count ON paid_hour TYPE int;
    DEFINE FIELD amount ON paid_hour TYPE int;

    -- key_tally:[state]: how many keys are in it, kept by every change of a key.
    DEFINE TABLE key_tally SCHEMAFULL;
    DEFINE FIELD state ON key_tally TYPE string;
    DEFINE FIELD count ON key_tally TYPE int;
    FOR $name IN ['issued', 'bound', 'unbound', 'lost', 'revoked', 'expired', 'replaced'] {
        LET $keys = (SELECT VALUE id FROM key WHERE state = $name);
        CREATE type::record('key_tally', $name) SET state = $name, count = array::len($keys);
    };
    DEFINE EVENT key_tally ON key WHEN $before.state != $after.state THEN {
        IF $before.state != NONE { UPDATE type::record('key_tally', $before.state) SET count -= 1 };
        IF $after.state != NONE { UPDATE type::record('key_tally', $after.state) SET count += 1 };
    };
";

const REFUNDS: &str = "
    DEFINE FIELD refund ON order TYPE option<string>;
    DEFINE FIELD refund_reference ON order TYPE option<string>;
";

// A restore gives streams another epoch; the platform's gives its outbox one.
const RESTORES: &str = "
    DEFINE FIELD OVERWRITE epoch ON stream TYPE bytes;
    DEFINE FIELD epoch ON outbox TYPE option<string>;

    -- restored:last
    DEFINE TABLE restored SCHEMAFULL;
    DEFINE FIELD at ON restored TYPE int;
    DEFINE FIELD backup_at ON restored TYPE int;
    DEFINE FIELD entries ON restored TYPE int;
    DEFINE FIELD acknowledged ON restored TYPE option<int>;
";

/// An order is taken under a binding, which is a small record, and raises its `rev`: the end of the key sees it.
const ORDERS_BY_BINDING: &str = "
    DEFINE FIELD rev ON binding TYPE option<int>;
";

#[cfg(test)]
mod tests {
    use gridkey_domain::Timestamp;
    use gridkey_surreal::{Database, vars};

    use super::*;
    use crate::store::{AdminRole, KeyDue, KeyState, Store as _, surreal::SurrealStore};

    /// What a database of the first version holds: a customer's bound key, and an administrator's.
    const OLD: &str = "
        FOR $key IN [['aa', 'customer', '1100000001'], ['bb', 'admin', NONE]] {
            LET $name = string::repeat($key[0], 32);
            CREATE type::record('key', $name) SET rev = 2, number = 1, fingerprint = $name, serial = $key[0],
                role = $key[1], customer = $key[2], state = 'bound', chain = [], not_before = 0, not_after = 900, since = 5;
        };";

    #[tokio::test]
    async fn keys_of_the_first_version_live_on() {
        let database = Database::open("mem://", "gridkey", "server", None).await.unwrap();
        database.migrate(&MIGRATIONS[..1]).await.unwrap();
        database.transact(OLD, vars! {}).await.unwrap();
        let store = SurrealStore::open(database.clone(), [7; 32].into()).await.unwrap();
        let key = store.key([0xaa; 32]).await.unwrap().unwrap();
        assert_eq!((key.state, key.customer.as_ref().map(|it| it.as_str())), (KeyState::Bound, Some("1100000001")));
        let admin = store.key([0xbb; 32]).await.unwrap().unwrap();
        assert_eq!(admin.admin, Some(AdminRole::SecurityOfficer), "the first administrator goes on");
        let at = Timestamp::from_seconds;
        let due = async |due, now| store.keys_due(due, at(now), 9).await.unwrap().len();
        assert_eq!((due(KeyDue::Renewal, 599).await, due(KeyDue::Renewal, 600).await), (0, 2));
        assert_eq!((due(KeyDue::Expiry, 900).await, due(KeyDue::Expiry, 901).await), (0, 2));
        let of = crate::store::FiguresOf { paid_since: at(0), ending_after: at(0), ending_until: at(900) };
        let figures = store.figures(of).await.unwrap();
        assert_eq!((figures.keys[1], figures.ending), ((KeyState::Bound, 2), 2));
        let mut rows = database.run("SELECT VALUE key FROM binding ORDER BY key", vars! {}).await.unwrap();
        assert_eq!(rows.last_all::<String>().unwrap(), ["aa".repeat(32), "bb".repeat(32)]);
    }

    #[tokio::test]
    async fn streams_and_the_outbox_of_a_store_before_restores_go_on() {
        let database = Database::open("mem://", "gridkey", "server", None).await.unwrap();
        database.migrate(&MIGRATIONS[..4]).await.unwrap();
        let old = "CREATE stream:⟨1100000001⟩ SET rev = 1, epoch = <bytes> 'sixteen bytes, 1', newest = 4;
                   CREATE outbox:cursor SET number = 17;";
        database.transact(old, vars! {}).await.unwrap();
        let store = SurrealStore::open(database.clone(), [7; 32].into()).await.unwrap();
        assert_eq!(database.schema_version().await.unwrap(), MIGRATIONS.last().unwrap().version);
        let head = store.stream(&"1100000001".parse().unwrap()).await.unwrap();
        assert_eq!((head.offset, &head.epoch), (4, b"sixteen bytes, 1"));
        assert_eq!((store.outbox_cursor().await.unwrap(), store.outbox_epoch().await.unwrap()), (17, None));
        store.rewind_outbox("second", 12).await.unwrap();
        assert_eq!(
            (store.outbox_cursor().await.unwrap(), store.outbox_epoch().await.unwrap()),
            (12, Some("second".into()))
        );
        assert_eq!(store.restored().await.unwrap(), None, "it serves");
    }
}
